"""Topics and rules: who may publish, what is delivered where, and who may be invoked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from archproof.resources.resource import Resource
from archproof.validators import policies
from archproof.validators.context import Context
from archproof.validators.rule import Hit, rule

TYPES = (
    "AWS::SNS::Topic", "AWS::SNS::TopicPolicy", "AWS::SNS::Subscription", "AWS::Events::Rule", "AWS::S3::Bucket",
    "AWS::ApiGatewayV2::Integration", "AWS::ApiGateway::Method",
)  # fmt: skip
TOPIC, TOPIC_POLICY, SUBSCRIPTION, RULE, BUCKET = TYPES[:5]
FUNCTION, QUEUE = "AWS::Lambda::Function", "AWS::SQS::Queue"


@rule(
    "sns-unencrypted", "low", TOPIC, wa="SEC", hub="SNS.1",
    title="A topic is not encrypted with a key",
    why="Messages then lie under no key that you control, until they are delivered.",
    fix="Set `kms_key`, or leave it to the kind.",
)  # fmt: skip
def unencrypted(r: Resource, ctx: Context) -> Iterator[Hit]:
    if not r.has("KmsMasterKeyId"):
        yield Hit(f"{r.title} is not encrypted with a key")


@rule(
    "sns-policy-public", "critical", TOPIC_POLICY, wa="SEC", fsbp="SNS.4",
    title="Everyone may use a topic",
    why="Every AWS account may then publish to your subscribers, or listen in.",
    fix="Name the principal, or add a condition on `aws:SourceArn` or `aws:PrincipalOrgID`.",
)  # fmt: skip
def topic_public(r: Resource, ctx: Context) -> Iterator[Hit]:
    for statement in policies.statements(r, "PolicyDocument"):
        if policies.everyone(statement):
            topics = ctx.titles(ctx.resources.targets(r.get("Topics"))) or r.title
            yield Hit(f"the policy of {topics} allows {', '.join(statement.actions)} to everyone", *statement.path)


@rule(
    "sns-subscription-http", "high", SUBSCRIPTION, wa="SEC",
    title="A topic delivers over plain HTTP",
    why="Messages pass in clear over the internet.",
    fix="Give the subscriber an https address.",
)  # fmt: skip
def plain_http(r: Resource, ctx: Context) -> Iterator[Hit]:
    if ctx.text(r, "Protocol") == "http":
        yield Hit(f"{r.title} delivers over plain HTTP", "Protocol")


@rule(
    "sns-queue-policy-missing", "high", SUBSCRIPTION, wa="REL",
    title="A topic delivers to a queue that does not let it in",
    why="A queue takes messages of a topic only where its policy says so; otherwise they are lost without an error.",
    fix="Write the link from the topic to the queue (`verb: subscribe`): it makes the policy.",
)  # fmt: skip
def queue_policy(r: Resource, ctx: Context) -> Iterator[Hit]:
    queue, topic = ctx.resources.target(r.get("Endpoint")), ctx.resources.target(r.get("TopicArn"))
    if r.get("Protocol") != "sqs" or queue is None or queue.type != QUEUE:
        return
    for policy in ctx.resources.users(queue, "AWS::SQS::QueuePolicy"):
        for statement in policies.statements(policy, "PolicyDocument"):
            if statement.allows and statement.covers("sqs:SendMessage") and _lets(statement, "sns.amazonaws.com"):
                return
    title = topic.title if topic is not None else r.title
    yield Hit(f"{title} delivers to {queue.title}, but no policy of the queue lets it send", "Endpoint")


def _lets(statement: policies.Statement, principal: str) -> bool:
    return any(p in (principal, "*") for p in statement.principals)


@rule(
    "sns-encrypted-queue-key", "high", SUBSCRIPTION, wa="REL",
    title="A topic delivers to a queue whose key leaves it out",
    why="SNS has to use the queue's key; where the key's policy does not say so, messages are lost without an error.",
    fix="Let sns.amazonaws.com use the key in its policy, or leave the queue to SQS's own encryption.",
)  # fmt: skip
def queue_key(r: Resource, ctx: Context) -> Iterator[Hit]:
    queue, topic = ctx.resources.target(r.get("Endpoint")), ctx.resources.target(r.get("TopicArn"))
    if r.get("Protocol") != "sqs" or queue is None or not queue.has("KmsMasterKeyId"):
        return
    title = topic.title if topic is not None else r.title
    key, said = ctx.resources.target(queue.get("KmsMasterKeyId")), queue.get("KmsMasterKeyId")
    if said == "alias/aws/sqs":
        message = f"{title} delivers to {queue.title}, which is encrypted with alias/aws/sqs: SNS cannot use that key"
        yield Hit(message, "KmsMasterKeyId", on=queue)
    elif key is None:
        ctx.undecided(queue, "KmsMasterKeyId", why="the key is not in the model")
    elif not any(
        s.allows and s.covers("kms:GenerateDataKey") and _lets(s, "sns.amazonaws.com")
        for s in policies.statements(key, "KeyPolicy")
    ):
        message = f"{title} delivers to {queue.title}, but the policy of its key {key.title} leaves SNS out"
        yield Hit(message, "KmsMasterKeyId", on=queue)


@rule(
    "sns-subscription-without-dead-letter", "info", SUBSCRIPTION, wa="REL",
    title="What a topic cannot deliver is lost",
    why="After its retries SNS drops a message, unless the subscription has a dead-letter queue.",
    fix="Set a dead-letter queue on the subscription.",
)  # fmt: skip
def subscription_dead_letter(r: Resource, ctx: Context) -> Iterator[Hit]:
    if not r.has("RedrivePolicy") and r.get("Protocol") not in ("email", "email-json", "sms"):
        yield Hit(f"{r.title} has no dead-letter queue for what cannot be delivered")


@rule(
    "events-target-without-dead-letter", "low", RULE, wa="REL",
    title="What a rule cannot deliver is lost",
    why="After a day of retries EventBridge drops the event, unless the target has a dead-letter queue.",
    fix="Set `dead_letter` on the rule.",
)  # fmt: skip
def target_dead_letter(r: Resource, ctx: Context) -> Iterator[Hit]:
    for position, target in enumerate(ctx.items(r, "Targets")):
        if isinstance(target, dict) and "DeadLetterConfig" not in target:
            found = ctx.resources.target(target.get("Arn"))
            name = found.title if found is not None else target.get("Id", position)
            yield Hit(f"{r.title} sends to {name} without a dead-letter queue", "Targets", position)


@rule(
    "events-rule-disabled", "low", RULE, wa="OPS",
    title="A rule is switched off",
    why="A rule that is off does nothing, and looks in every picture as if it did.",
    fix="Remove the rule, or set `enabled` to true.",
)  # fmt: skip
def disabled(r: Resource, ctx: Context) -> Iterator[Hit]:
    if ctx.text(r, "State") == "DISABLED":
        yield Hit(f"{r.title} is switched off", "State")


_INVOKERS = {"AWS::Events::Rule": "events.amazonaws.com", "AWS::SNS::Subscription": "sns.amazonaws.com",
             "AWS::S3::Bucket": "s3.amazonaws.com", "AWS::ApiGatewayV2::Integration": "apigateway.amazonaws.com",
             "AWS::ApiGateway::Method": "apigateway.amazonaws.com"}  # fmt: skip


@rule(
    "lambda-permission-missing", "high", *_INVOKERS, wa="REL",
    title="Nothing lets a service invoke the function that it calls",
    why="A bucket, rule, topic or API invokes a function only where the function's policy says so; otherwise the "
    "call fails.",
    fix="Name the function in the component or the link (`to:`): the permission is then made with it.",
)  # fmt: skip
def permission_missing(r: Resource, ctx: Context) -> Iterator[Hit]:
    if r.has("Credentials") or r.has("CredentialsArn") or r.has("Integration", "Credentials"):
        return
    for path, value in _targets(r):
        function = next((f for f in ctx.resources.targets({"x": value}) if f.type == FUNCTION), None)
        if function is None:
            continue
        principals = [p.get("Principal") for p in ctx.resources.users(function, "AWS::Lambda::Permission")]
        principal = _INVOKERS[r.type]
        if principal not in principals and "*" not in principals and not any(isinstance(p, dict) for p in principals):
            yield Hit(f"{r.title} invokes {function.title}, but no permission lets {principal} do so", *path)


def _targets(r: Resource) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """What a resource invokes, with the property that says it."""
    if r.type == RULE:
        for position, target in enumerate(policies.as_list(r.get("Targets"))):
            if isinstance(target, dict):
                yield ("Targets", position, "Arn"), target.get("Arn")
    elif r.type == SUBSCRIPTION:
        yield ("Endpoint",), r.get("Endpoint") if r.get("Protocol") == "lambda" else None
    elif r.type == BUCKET:
        held = policies.as_list(r.get("NotificationConfiguration", "LambdaConfigurations"))
        for position, entry in enumerate(held):
            if isinstance(entry, dict):
                yield ("NotificationConfiguration", "LambdaConfigurations", position, "Function"), entry.get("Function")
    elif r.type == "AWS::ApiGateway::Method":
        yield ("Integration", "Uri"), r.get("Integration", "Uri")
    else:
        yield ("IntegrationUri",), r.get("IntegrationUri")
