"""AWS Lambda: runtimes, sizes, placement, exposure."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator

from archproof.errors import Location
from archproof.resources.resource import Resource
from archproof.validators import policies, vpc
from archproof.validators.context import Context, amount
from archproof.validators.rule import Hit, rule

TYPES = ("AWS::Lambda::Function", "AWS::Lambda::Url", "AWS::Lambda::Permission", "AWS::Lambda::LayerVersion")
FUNCTION = "AWS::Lambda::Function"

_NEAR_DAYS = 90
_MB = 1024 * 1024


@rule(
    "lambda-runtime-deprecated", "high", FUNCTION, wa="SEC OPS", fsbp="Lambda.2",
    title="A function runs on a deprecated runtime",
    why="A deprecated runtime gets no security patches; later AWS blocks creating and then updating functions on it.",
    fix="Set `runtime` to the successor that the message names, and test the function on it.",
)  # fmt: skip
def runtime_deprecated(r: Resource, ctx: Context) -> Iterator[Hit]:
    from archproof.facts import runtime

    name = ctx.text(r, "Runtime")
    known = runtime(name) if name else None
    if name and known is None:
        ctx.undecided(r, "Runtime", why=f"no runtime '{name}' is among the facts")
    if known and known.deprecated and known.deprecated <= ctx.today:
        blocked = [
            f"{what} functions is blocked {'since' if day <= ctx.today else 'from'} {day.isoformat()}"
            for what, day in (("creating", known.create_blocked), ("updating", known.update_blocked))
            if day
        ]
        then = f" ({', '.join(blocked)})" if blocked else ""
        successor = f"; its successor is {known.successor}" if known.successor else ""
        message = (
            f"{r.title} runs on {known.name} ({name}), deprecated on {known.deprecated.isoformat()}{then}{successor}"
        )
        yield Hit(message, "Runtime")


@rule(
    "lambda-runtime-deprecation-near", "medium", FUNCTION, wa="OPS", fsbp="Lambda.2",
    title="A function's runtime is deprecated within 90 days",
    why="Moving to another runtime takes tests; after the day there are no patches.",
    fix="Plan the move of `runtime` to the successor that the message names.",
)  # fmt: skip
def runtime_near(r: Resource, ctx: Context) -> Iterator[Hit]:
    from archproof.facts import runtime

    found = r.get("Runtime")
    known = runtime(found) if isinstance(found, str) else None
    if known and known.deprecated and ctx.today < known.deprecated <= ctx.today + datetime.timedelta(_NEAR_DAYS):
        days = (known.deprecated - ctx.today).days
        successor = f"; its successor is {known.successor}" if known.successor else ""
        day = known.deprecated.isoformat()
        left = "tomorrow" if days == 1 else f"in {days} days"
        message = f"{r.title} runs on {known.name} ({found}), deprecated on {day}, {left}{successor}"
        yield Hit(message, "Runtime")


@rule(
    "lambda-environment-size", "high", FUNCTION, wa="REL",
    title="Environment variables above the quota of Lambda",
    why="Lambda limits the names and values of all variables together; a deployment beyond it is rejected.",
    fix="Shorten `environment`, or keep the bulk in an SSM parameter and pass its name.",
)  # fmt: skip
def environment_size(r: Resource, ctx: Context) -> Iterator[Hit]:
    variables = ctx.value(r, "Environment", "Variables", default={})
    if not isinstance(variables, dict):
        if variables is not None:
            ctx.undecided(r, "Environment", "Variables", why="it is no map")
        return
    # Lambda measures them as one JSON text in UTF-8
    said = {k: v if isinstance(v, str) else "" for k, v in variables.items()}
    size = len(json.dumps(said, separators=(",", ":"), ensure_ascii=False).encode())
    quota = ctx.quota("lambda", "Environment variables aggregate")
    if size > quota.bytes:
        message = f"{r.title} has environment variables of {size:,} bytes, above Lambda's maximum of {quota.text}"
        yield Hit(message, "Environment", "Variables")
    elif any(not isinstance(v, str) for v in variables.values()) and size > quota.bytes * 0.8:
        ctx.undecided(r, "Environment", "Variables")


@rule(
    "lambda-zip-size", "high", FUNCTION, wa="REL",
    title="A zip package above the quota of Lambda",
    why="Lambda takes a zip up to its quota by direct upload; a larger one has to come from S3.",
    fix="Set `code` to an S3 location, use a container image, or make `package_mb` smaller.",
)  # fmt: skip
def zip_size(r: Resource, ctx: Context) -> Iterator[Hit]:
    component = ctx.component(r)
    size, code = getattr(component, "package_mb", None), getattr(component, "code", None)
    quota = ctx.quota("lambda", "Deployment package zipped (direct upload)")
    if size is not None and size * _MB > quota.bytes and not code:
        message = (
            f"{r.title} has a zip package of {amount(size)} MB, above Lambda's maximum of "
            f"{quota.text} for direct upload"
        )
        yield Hit(message, location=_field(r, ctx, "package_mb"))


@rule(
    "lambda-unzipped-size", "high", FUNCTION, wa="REL",
    title="An unpacked package above the quota of Lambda",
    why="Code and layers together have to fit in the quota once unpacked; a deployment beyond it is rejected.",
    fix="Leave out dependencies, or use a container image (`package: image`), which may have 10 GB.",
)  # fmt: skip
def unzipped_size(r: Resource, ctx: Context) -> Iterator[Hit]:
    component = ctx.component(r)
    own = getattr(component, "unzipped_mb", None)
    if own is None or getattr(component, "package", "zip") == "image":
        return
    components = ctx.architecture.components if ctx.architecture else {}
    layers = [getattr(components.get(name), "unzipped_mb", None) or 0 for name in component.layers]
    total = own + sum(layers)
    quota = ctx.quota("lambda", "Deployment package unzipped incl. layers")
    if total * _MB > quota.bytes:
        parts = f" ({amount(own)} MB of its own, {amount(sum(layers))} MB of layers)" if sum(layers) else ""
        message = f"{r.title} unpacks to {amount(total)} MB{parts}, above Lambda's maximum of {quota.text}"
        yield Hit(message, location=_field(r, ctx, "unzipped_mb"))


_ASYNC = ("s3.amazonaws.com", "sns.amazonaws.com", "events.amazonaws.com", "iot.amazonaws.com", "ses.amazonaws.com")


def asynchronous(r: Resource, ctx: Context) -> bool:
    """Whether something of the model invokes the function asynchronously (a bucket, a topic, a bus)."""
    permissions = ctx.resources.users(r, "AWS::Lambda::Permission")
    return any(p.get("Principal") in _ASYNC for p in permissions)


@rule(
    "lambda-sync-payload", "high", FUNCTION, wa="REL",
    title="A payload above what Lambda takes in a synchronous call",
    why="A request or a response beyond the quota fails at run time, with an error that no test with small data shows.",
    fix="Pass the object through S3 (a presigned URL) and send its key, so that `payload_mb` is 6 or less.",
)  # fmt: skip
def sync_payload(r: Resource, ctx: Context) -> Iterator[Hit]:
    size = getattr(ctx.component(r), "payload_mb", None)
    quota = ctx.quota("lambda", "Synchronous payload request")
    if size is not None and size * _MB > quota.bytes:
        message = (
            f"{r.title} has to handle {amount(size)} MB, above Lambda's maximum of {quota.text} for a synchronous call"
        )
        yield Hit(message, location=_field(r, ctx, "payload_mb"))


@rule(
    "lambda-async-payload", "high", FUNCTION, wa="REL",
    title="A payload above what Lambda takes in an asynchronous call",
    why="An event beyond the quota is rejected, and the caller that does not wait may never notice.",
    fix="Send the key of an object in S3, so that `payload_mb` is 1 or less.",
)  # fmt: skip
def async_payload(r: Resource, ctx: Context) -> Iterator[Hit]:
    size = getattr(ctx.component(r), "payload_mb", None)
    if size is None or not asynchronous(r, ctx):
        return
    quota = ctx.quota("lambda", "Asynchronous payload")
    if size * _MB > quota.bytes:
        message = f"{r.title} is invoked asynchronously with {amount(size)} MB, above Lambda's maximum of {quota.text}"
        yield Hit(message, location=_field(r, ctx, "payload_mb"))


def _field(r: Resource, ctx: Context, name: str) -> Location:
    """The place of a field that lowers to no property."""
    assert ctx.architecture is not None and r.component is not None
    return ctx.architecture.locate(r.component, name)


@rule(
    "lambda-in-public-subnet", "high", FUNCTION, wa="SEC REL",
    title="A function stands in a public subnet",
    why="A function's interface gets no public address, so in a public subnet it has no way to the internet, and it is "
    "not exposed by it either: API Gateway calls the Lambda service, wherever the function stands.",
    fix="Place it in a private tier: set `in.subnets` to one with `egress: nat` (or `none`, with endpoints).",
)  # fmt: skip
def public_subnet(r: Resource, ctx: Context) -> Iterator[Hit]:
    placed = vpc.subnets_at(ctx, r, "VpcConfig", "SubnetIds")
    public = [s.resource for s in placed if s.public]
    if public:
        names = ctx.titles(public)
        yield Hit(
            f"{r.title} stands in a public subnet ({names}), where it gets no public "
            "address and has no way to the internet", "VpcConfig", "SubnetIds",
        )  # fmt: skip


@rule(
    "lambda-single-zone", "medium", FUNCTION, wa="REL", fsbp="Lambda.5",
    title="A function in a VPC stands in one zone",
    why="When that zone fails, the function cannot start there and has nowhere else to run.",
    fix="Place it in a tier with two zones or more (`availability_zones: 2`).",
)  # fmt: skip
def single_zone(r: Resource, ctx: Context) -> Iterator[Hit]:
    placed = vpc.subnets_at(ctx, r, "VpcConfig", "SubnetIds")
    if placed and len(vpc.zones(placed)) == 1:
        yield Hit(f"{r.title} stands in one availability zone only", "VpcConfig", "SubnetIds")


@rule(
    "lambda-interface-rights", "high", FUNCTION, wa="REL",
    title="The role of a function in a VPC cannot manage interfaces",
    why="Lambda makes the function's interfaces with the function's role; without the rights the deployment fails.",
    fix="Attach AWSLambdaVPCAccessExecutionRole to the role, or leave `role` out: its own role has the rights.",
)  # fmt: skip
def interface_rights(r: Resource, ctx: Context) -> Iterator[Hit]:
    role = policies.role_of(ctx, r)
    if not r.has("VpcConfig", "SubnetIds") or role is None:
        return
    wanted = ("ec2:CreateNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:DeleteNetworkInterface")
    answers = {action: policies.may(ctx, role, action) for action in wanted}
    missing = [action for action, answer in answers.items() if answer is False]
    if missing:
        yield Hit(f"{r.title} is in a VPC, but its role {role.title} lacks {', '.join(missing)}", "Role")
    elif None in answers.values():
        ctx.undecided(r, "Role", why=f"a policy of {role.title} cannot be read here")


@rule(
    "lambda-url-open", "high", "AWS::Lambda::Url", wa="SEC", fsbp="Lambda.1",
    title="A function URL that everyone may call",
    why="Without authentication the whole internet can run the function, and pay with your account.",
    fix="Set `url.auth` to `iam`, or put an API with an authorizer before the function.",
)  # fmt: skip
def url_open(r: Resource, ctx: Context) -> Iterator[Hit]:
    if ctx.text(r, "AuthType") == "NONE":
        yield Hit(f"the URL of {r.title} asks for no authentication", "AuthType")


def _function(r: Resource, ctx: Context) -> str:
    """The function that a permission is for."""
    found = ctx.resources.target(r.get("FunctionName"))
    return found.title if found is not None else r.title


@rule(
    "lambda-permission-public", "critical", "AWS::Lambda::Permission", wa="SEC", fsbp="Lambda.1",
    title="A function that any AWS account may invoke",
    why="A permission for everyone without a source lets any account in the world invoke the function.",
    fix="Name the service in `Principal` and the one source in `SourceArn`.",
)  # fmt: skip
def permission_public(r: Resource, ctx: Context) -> Iterator[Hit]:
    narrowed = any(r.has(key) for key in ("SourceArn", "SourceAccount", "PrincipalOrgID", "FunctionUrlAuthType"))
    if r.get("Principal") in ("*", {"AWS": "*"}) and not narrowed:
        yield Hit(f"{_function(r, ctx)} may be invoked by every AWS account", "Principal")


@rule(
    "lambda-permission-without-source", "medium", "AWS::Lambda::Permission", wa="SEC", fsbp="Lambda.1",
    title="A service may invoke a function for any account",
    why="A permission for a service without a source lets that service act for everyone's bucket, topic or rule.",
    fix="Set `SourceArn` (for S3 also `SourceAccount`) to the one source that invokes the function.",
)  # fmt: skip
def permission_without_source(r: Resource, ctx: Context) -> Iterator[Hit]:
    principal = r.get("Principal")
    narrowed = any(r.has(key) for key in ("SourceArn", "SourceAccount", "PrincipalOrgID", "FunctionUrlAuthType"))
    if isinstance(principal, str) and principal.endswith(".amazonaws.com") and not narrowed:
        yield Hit(f"{_function(r, ctx)} may be invoked by {principal} for any account: no SourceArn", "Principal")


@rule(
    "lambda-tracing-off", "low", FUNCTION, wa="OPS", fsbp="Lambda.7",
    title="A function is not traced",
    why="Without traces nobody sees where the time of a slow request goes.",
    fix="Leave `tracing` at true.",
)  # fmt: skip
def tracing_off(r: Resource, ctx: Context) -> Iterator[Hit]:
    mode = ctx.text(r, "TracingConfig", "Mode", default="PassThrough")
    if mode == "PassThrough":
        yield Hit(f"{r.title} is not traced by X-Ray", "TracingConfig", "Mode")


@rule(
    "lambda-no-failure-destination", "medium", FUNCTION, wa="REL",
    title="Failed asynchronous invocations are lost",
    why="After the retries Lambda drops the event, unless a queue or a topic is there to keep it.",
    fix="Set `dead_letter` to a queue (and an alarm on it).",
)  # fmt: skip
def no_failure_destination(r: Resource, ctx: Context) -> Iterator[Hit]:
    if r.has("DeadLetterConfig") or not asynchronous(r, ctx):
        return
    configs = ctx.resources.users(r, "AWS::Lambda::EventInvokeConfig")
    if not any(c.has("DestinationConfig", "OnFailure") for c in configs):
        yield Hit(f"{r.title} is invoked asynchronously and keeps no failed events: no dead-letter queue or topic")


@rule(
    "lambda-role-shared", "low", FUNCTION, wa="SEC",
    title="Functions share a role",
    why="Each function then holds the rights of all of them: a fault in one opens what only another needs.",
    fix="Leave `role` out: each function gets a role with exactly what its links need.",
)  # fmt: skip
def role_shared(r: Resource, ctx: Context) -> Iterator[Hit]:
    role = policies.role_of(ctx, r)
    if role is None:
        return
    sharing = [f for f in ctx.resources.users(role, FUNCTION) if ctx.resources.target(f.get("Role")) is role]
    if len(sharing) > 1:
        others = ctx.titles([f for f in sharing if f is not r])
        yield Hit(f"{r.title} shares the role {role.title} with {others}", "Role")


@rule(
    "lambda-provisioned-above-reserved", "high", FUNCTION, wa="REL",
    title="A function keeps more environments warm than it may run",
    why="Provisioned concurrency is taken from the reserved: AWS refuses to provision more than is reserved.",
    fix="Set `provisioned_concurrency` to `reserved_concurrency` or less, or raise the reservation.",
)  # fmt: skip
def provisioned_above_reserved(r: Resource, ctx: Context) -> Iterator[Hit]:
    reserved = ctx.number(r, "ReservedConcurrentExecutions") if r.has("ReservedConcurrentExecutions") else None
    if reserved is None:
        return
    path = ("ProvisionedConcurrencyConfig", "ProvisionedConcurrentExecutions")
    users = [u for u in ctx.resources.users(r, "AWS::Lambda::Alias", "AWS::Lambda::Version") if u.has(*path)]
    warm = sum(ctx.number(u, *path, default=0) or 0 for u in users)
    said = getattr(ctx.component(r), "provisioned_concurrency", None) or 0
    if max(warm, said) <= reserved:
        return
    message = (
        f"{r.title} keeps {amount(max(warm, said))} environments warm, above its reserved concurrency of "
        f"{amount(reserved)}"
    )
    if said > warm and ctx.architecture is not None and r.component is not None:
        place = ctx.architecture.locate(r.component, "provisioned_concurrency")
        yield Hit(message, location=place, component=r.component)
    else:
        yield Hit(message, *path, on=users[-1])
