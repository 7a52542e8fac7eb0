"""What a model says in words and does not declare, and parts that nothing connects."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from archproof.errors import Location
from archproof.validators.context import Context
from archproof.validators.rule import Hit, system_rule

TYPES = ("*",)
_FIELDS = ("description", "why", "title")


def texts(ctx: Context) -> Iterator[tuple[str, Location, str | None]]:
    """Every sentence of the model, with its place and component."""
    architecture = ctx.architecture
    if architecture is None:
        return
    document = architecture.document
    for field in ("summary", "title"):
        value = getattr(architecture.system, field, None)
        if value:
            yield value, document.locate(("system", field)), None
    for name, component in architecture.components.items():
        for field in _FIELDS:
            value = getattr(component, field, None)
            if value:
                yield value, document.locate(("components", name, field)), name
    for name, flow in architecture.flows.items():
        if flow.summary:
            yield flow.summary, document.locate(("flows", name, "summary")), None
    for position, decision in enumerate(architecture.decisions):
        yield decision.because, document.locate(("decisions", position, "because")), None


def _claims(ctx: Context, pattern: re.Pattern[str], message: Callable[[str], str]) -> Iterator[Hit]:
    for text, place, component in texts(ctx):
        found = pattern.search(text)
        if found:
            yield Hit(message(" ".join(found[0].split())), location=place, component=component)


_FLOW_LOGS = re.compile(r"\b(network(ing)? |vpc )?flow ?logs?\b", re.I)


@system_rule(
    "flow-logs-claimed", "medium", wa="SEC OPS", fsbp="EC2.6",
    title="Flow logs are claimed, not declared",
    why="What the words promise and the model does not have, the system does not have.",
    fix="Set `flow_logs: cloudwatch` in `network.vpc`, or correct the words.",
)  # fmt: skip
def flow_logs(ctx: Context) -> Iterator[Hit]:
    if not ctx.resources.of_type("AWS::EC2::FlowLog"):
        yield from _claims(ctx, _FLOW_LOGS, lambda words: f"the words say '{words}', but the model declares none")


_AVAILABLE = re.compile(r"\b(high(ly)?[- ]availab\w+|multi-?az)\b", re.I)


@system_rule(
    "availability-claimed", "medium", wa="REL", fsbp="RDS.5",
    title="High availability is claimed, not declared",
    why="A database without a standby in a second zone is as available as that one zone.",
    fix="Set `multi_az: true` on the database, or correct the words.",
)  # fmt: skip
def availability(ctx: Context) -> Iterator[Hit]:
    databases = [d for d in ctx.resources.of_type("AWS::RDS::DBInstance") if not d.has("DBClusterIdentifier")]
    single = [d for d in databases if ctx.flag(d, "MultiAZ", default=False) is False]
    if single:
        names = ctx.titles(single)
        yield from _claims(ctx, _AVAILABLE, lambda words: f"the words say '{words}', but {names} stands in one zone")


_BACKUPS = re.compile(r"\bautomat\w+ backups?\b", re.I)


@system_rule(
    "backups-claimed", "medium", wa="REL", fsbp="RDS.11",
    title="Backups are claimed, not declared",
    why="What the words promise and the model does not have, the system does not have.",
    fix="Set `backup_days` on the database, or correct the words.",
)  # fmt: skip
def backups(ctx: Context) -> Iterator[Hit]:
    databases = ctx.resources.of_type("AWS::RDS::DBInstance", "AWS::RDS::DBCluster")
    without = [d for d in databases if ctx.number(d, "BackupRetentionPeriod", default=1) == 0]
    if without:
        names = ctx.titles(without)
        yield from _claims(ctx, _BACKUPS, lambda words: f"the words say '{words}', but {names} has none")


_ALARMS = re.compile(r"\b(alert(s|ing)?|alarms?)\b", re.I)


@system_rule(
    "alarms-claimed", "medium", wa="OPS",
    title="Alarms are claimed, not declared",
    why="What the words promise and the model does not have, nobody will be woken by.",
    fix="Add `kind: alarm` with `notify`, or correct the words.",
)  # fmt: skip
def alarms(ctx: Context) -> Iterator[Hit]:
    if not ctx.resources.of_type("AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm"):
        yield from _claims(ctx, _ALARMS, lambda words: f"the words say '{words}', but the model declares no alarm")


_IN_VPC = re.compile(
    r"\b(entire|whole|all of the|complete) (architecture|system|application|solution)\b[^.]{0,60}\b(vpc|private network)\b"
    r"|\b(everything|all (of it|components|services))\b[^.]{0,40}\b(in|inside|within) (a|the|our) (\w+ )?vpc\b", re.I,
)  # fmt: skip
_OUTSIDE = {
    "cognito_user_pool": "Cognito", "rest_api": "API Gateway", "http_api": "API Gateway", "s3_bucket": "S3",
    "sqs_queue": "SQS", "event_rule": "EventBridge", "event_bus": "EventBridge", "cloudfront": "CloudFront",
    "sns_topic": "SNS", "dynamodb_table": "DynamoDB", "lambda": "Lambda",
}  # fmt: skip


@system_rule(
    "managed-service-placed-in-vpc", "medium", wa="SEC",
    title="Regional services are said to stand in the VPC",
    why="Cognito, API Gateway, S3, SQS and EventBridge are Regional services and CloudFront a global one, "
    "outside every VPC; "
    "functions run in a VPC of the Lambda service and attach interfaces to yours. Who counts on the VPC as their "
    "wall is wrong.",
    fix="Say which parts stand in the VPC; the others are guarded by IAM, resource policies and endpoints.",
)  # fmt: skip
def in_vpc(ctx: Context) -> Iterator[Hit]:
    kinds = [c.kind for c in ctx.architecture.components.values()] if ctx.architecture else []
    outside = list(dict.fromkeys(_OUTSIDE[k] for k in kinds if k in _OUTSIDE))
    if outside:
        names = ", ".join(outside)
        yield from _claims(ctx, _IN_VPC, lambda words: f"the words say '{words}', but outside every VPC are: {names}")


_OLD_LIMIT = re.compile(
    r"(?=[^.]*\b(async\w*|event|sqs|message|payload|invocation|envocation))[^.]*?\b256 ?k(i)?b\b", re.I
)


@system_rule(
    "outdated-limit-claimed", "low", wa="OPS",
    title="An outdated limit is quoted",
    why="Designs are bent around limits: the wrong number costs a detour that nobody needs, or a failure.",
    fix="Quote the limit of today: 1 MB for an asynchronous invocation and an EventBridge entry, 1 MiB for an SQS "
    "message.",
)  # fmt: skip
def old_limit(ctx: Context) -> Iterator[Hit]:
    quota = ctx.quota("lambda", "Asynchronous payload")
    yield from _claims(
        ctx, _OLD_LIMIT, lambda words: f"the words quote 256 KB; an asynchronous payload may be {quota.text}"
    )


_LAYERS = re.compile(r"\b(jwt|tokens?)\b[^.]{0,80}\bvalidat\w*\b[^.]{0,80}\blambda\b|\bvalidat\w*\b[^.]{0,40}\b(jwt|tokens?)\b"
                     r"[^.]{0,80}\blambda\b", re.I)  # fmt: skip


@system_rule(
    "token-validated-twice", "low", wa="SEC",
    title="Functions are said to validate tokens that the gateway validates",
    why="The authorizer validates signature, issuer, audience and expiry; the function gets verified claims and "
    "authorises by "
    "them. A second validation there is code to keep, and to get wrong.",
    fix="Say that API Gateway validates and the function authorises; require `scopes` on each route.",
)  # fmt: skip
def twice(ctx: Context) -> Iterator[Hit]:
    if ctx.resources.of_type("AWS::ApiGatewayV2::Authorizer", "AWS::ApiGateway::Authorizer"):
        yield from _claims(
            ctx, _LAYERS, lambda words: "the words say that functions validate tokens; the API's authorizer does"
        )


_RANGES = re.compile(r"\b(ip|address) ranges?\b", re.I)


@system_rule(
    "ip-ranges-claimed", "low", wa="SEC",
    title="Access is described by address ranges",
    why="Between parts of one system security groups name each other; a range lets in whatever will ever stand in it.",
    fix="Name security groups as sources, and say so.",
)  # fmt: skip
def ranges(ctx: Context) -> Iterator[Hit]:
    if ctx.resources.of_type("AWS::EC2::SecurityGroup"):
        yield from _claims(ctx, _RANGES, lambda words: f"the words limit access by '{words}', not by security groups")


@system_rule(
    "component-unconnected", "low", wa="OPS",
    title="A component that nothing connects",
    why="A part that no link, reference or flow reaches is either forgotten in the model or not needed in the system.",
    fix="Write the link that reaches it, or remove it.",
)  # fmt: skip
def unconnected(ctx: Context) -> Iterator[Hit]:
    architecture = ctx.architecture
    if architecture is None or len(architecture.components) < 3:
        return
    touched = {r.source for r in architecture.references} | {r.target for r in architecture.references}
    touched |= {n for link in architecture.links for n in (link.source, link.target)}
    touched |= {n for flow in architecture.flows.values() for step in flow.steps for n in (step.from_, step.to)}
    resources = {r.component for r in ctx.resources if r.component}
    for resource in ctx.resources:
        for use in ctx.resources.uses(resource):
            other = ctx.resources[use.target].component
            if other and other != resource.component:
                touched |= {other, resource.component or other}
    for name, component in architecture.components.items():
        if name not in touched and component.kind not in _ALONE and name in resources:
            message = f"nothing reaches {name}, and it reaches nothing"
            yield Hit(message, location=architecture.locate(name), component=name)


_ALONE = ("security_hub", "resource", "dashboard", "log_group", "ssm_parameter", "kms_key", "vpc", "flow_log")
