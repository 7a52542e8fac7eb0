"""Topics and rules: who may publish, what is delivered where, and who may be invoked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from archproof.iam.attached import attached
from archproof.iam.evaluation import Decision
from archproof.iam.requests import Context as RequestContext
from archproof.iam.requests import Principal
from archproof.resources.resource import Path, Resource
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
    for why in _refused(r, ctx, ("Endpoint",), queue, "sqs:SendMessage", "sns.amazonaws.com"):
        title = topic.title if topic is not None else r.title
        yield Hit(f"{title} delivers to {queue.title}, but {why or 'no policy of the queue lets it send'}", "Endpoint")


def _refused(
    r: Resource, ctx: Context, path: Path, target: Resource, action: str, principal: str
) -> Iterator[str]:  # fmt: skip
    """What is to be told where a target's policy does not let a service in for the source that `r` is or names.

    Empty where it does not name the service at all; else why it is denied all the same, unless
    `delivery-not-permitted` tells that. What nobody can say is noted as unknown.
    """
    decision = _decided(r, ctx, target, action, principal)
    source, arn = _source(r, ctx)
    if decision.verdict == "unknown" or (decision.verdict == "conditional" and source is None):
        ctx.undecided(r, *path, why="; ".join(dict.fromkeys(x.because for x in decision.reasons)))
    if decision.verdict != "denied":
        return
    policy = attached(ctx.resources).resource_policy(target) or []
    named = any(s.effect == "Allow" and any(n in (principal, "*") for _, n in s.principals or ()) for s in policy)
    if not named:
        yield ""
    elif source is None and arn is not None:
        denying = policies.denial(decision.reasons)
        yield denying.because if denying is not None else f"what lets {principal} in is not for this source"


def _decided(
    r: Resource, ctx: Context, target: Resource, action: str, principal: str,
    more: Mapping[str, tuple[str, ...]] | None = None,
) -> Decision:  # fmt: skip
    """Whether a service may do an action on a target for the source that `r` is or names.

    `more`: what else is known of its calls.
    """
    held = attached(ctx.resources)
    source, arn = _source(r, ctx)
    known: dict[str, tuple[str, ...]] = {
        "aws:principalservicename": (principal,),
        "aws:viaawsservice": ("false",),
        **(more or {}),
    }
    if arn is not None:
        known["aws:sourcearn"] = (held.names.text(arn),)
    elif source is not None and r.type not in _APIS:
        known["aws:sourcearn"] = (held.names.arn(source),)
    if source is not None:
        known["aws:sourceaccount"] = (held.names.account(source),)
    return held.decide(Principal("service", principal), action, target, context=RequestContext(known))


def _source(r: Resource, ctx: Context) -> tuple[Resource | None, Any]:
    """The resource that a service acts for, or its ARN where it is none of these resources."""
    if r.type == SUBSCRIPTION:
        topic = ctx.resources.target(r.get("TopicArn"))
        return topic, r.get("TopicArn") if topic is None else None
    if r.type in _APIS:
        return ctx.resources.target(r.get(_APIS[r.type])), None
    return r, None


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
    key, said = policies.key_at(ctx, queue, "KmsMasterKeyId"), queue.get("KmsMasterKeyId")
    if said == "alias/aws/sqs":
        message = f"{title} delivers to {queue.title}, which is encrypted with alias/aws/sqs: SNS cannot use that key"
        yield Hit(message, "KmsMasterKeyId", on=queue)
    elif key is None:
        ctx.undecided(queue, "KmsMasterKeyId", why="the key is not in the model")
    else:
        names = attached(ctx.resources).names
        via = {"kms:viaservice": (f"sqs.{names.region(queue)}.amazonaws.com",)}
        verdicts = {_decided(r, ctx, key, action, "sns.amazonaws.com", via).verdict for action in _KEY_ACTIONS}
        if "denied" in verdicts:
            message = f"{title} delivers to {queue.title}, but the policy of its key {key.title} leaves SNS out"
            yield Hit(message, "KmsMasterKeyId", on=queue)
        elif "unknown" in verdicts:
            ctx.undecided(key, "KeyPolicy")


_KEY_ACTIONS = ("kms:GenerateDataKey", "kms:Decrypt")
"""What SNS does with the key of a queue that it sends to."""


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


_APIS = {"AWS::ApiGatewayV2::Integration": "ApiId", "AWS::ApiGateway::Method": "RestApiId"}
"""Types of parts of an API, and the property that names it."""
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
    principal = _INVOKERS[r.type]
    for path, value in _targets(r):
        function = next((f for f in ctx.resources.targets({"x": value}) if f.type == FUNCTION), None)
        if function is None:
            continue
        for why in _refused(r, ctx, path, function, "lambda:InvokeFunction", principal):
            message = why or f"no permission lets {principal} do so"
            yield Hit(f"{r.title} invokes {function.title}, but {message}", *path)


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
