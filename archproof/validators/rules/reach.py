"""Ways from private subnets to AWS's services, and from clients to what they use."""

from __future__ import annotations

from collections.abc import Iterator

from archproof.resources.resource import Resource
from archproof.validators import policies, vpc
from archproof.validators.context import Context, listed
from archproof.validators.rule import Hit, rule

TYPES = ("AWS::Lambda::Function", "AWS::ECS::Service", "AWS::RDS::DBInstance", "AWS::RDS::DBProxy",
         "AWS::EFS::MountTarget")  # fmt: skip

_NO_CALL = ("ec2", "logs", "xray", "iam", "sts", "cloudwatch")
"""What Lambda itself does with a role, outside the VPC, or what is a right and no call."""


@rule(
    "lambda-no-way-to-service", "high", "AWS::Lambda::Function", wa="REL",
    title="A function in a private subnet has no way to a service that it calls",
    why="A function in a VPC reaches AWS's services through a NAT gateway or an endpoint only; without either it "
    "times out.",
    fix="Name the service in `network.endpoints`, or place the function in a tier with `egress: nat`.",
)  # fmt: skip
def no_way_to_service(r: Resource, ctx: Context) -> Iterator[Hit]:
    placed = vpc.subnets_at(ctx, r, "VpcConfig", "SubnetIds")
    role = policies.role_of(ctx, r)
    if not placed or role is None:
        return
    if any(s.public is None for s in placed):
        ctx.undecided(r, "VpcConfig", "SubnetIds", why="the route table of a subnet is not in the model")
        return
    without = [s for s in placed if not s.nat]
    if not without:
        return
    reached = vpc.endpoints(ctx, without[0].vpc)
    missing = [title for title, suffixes in called(ctx, r, role).items() if not any(s in reached for s in suffixes)]
    if missing:
        place = ctx.titles([s.resource for s in without])
        message = (
            f"{r.title} calls {listed(missing)}, but has no way there from {place}: no NAT gateway and no endpoint"
        )
        yield Hit(message, "VpcConfig", "SubnetIds")


def called(ctx: Context, function: Resource, role: Resource) -> dict[str, tuple[str, ...]]:
    """The services whose actions a function's role allows, by title, with the endpoints that reach them.

    What a poller or the service itself does with the role does not come from the function's interface.
    """
    from archproof.facts import services

    by_prefix = {s.iam_prefix: s for s in services() if s.iam_prefix and s.interface_endpoints}
    polled = _polled(ctx, function)
    found: dict[str, tuple[str, ...]] = {}
    for statement in policies.inline(ctx, role):
        if not statement.allows or statement.not_actions:
            continue
        for action in statement.actions:
            prefix, _, verb = action.partition(":")
            service = by_prefix.get(prefix)
            if service is None or prefix in _NO_CALL or (prefix in polled and verb in _POLLS):
                continue
            if _is_dead_letter(ctx, function, statement) or (prefix == "kms" and not _calls_keys(ctx, function)):
                continue
            gateway = (service.key,) if service.gateway_endpoint else ()
            found.setdefault(service.title, (*service.interface_endpoints[:1], *gateway))
    return found


_POLLS = (
    "ReceiveMessage", "DeleteMessage", "GetQueueAttributes", "ChangeMessageVisibility", "GetRecords",
    "GetShardIterator",
    "DescribeStream", "DescribeStreamSummary", "ListShards", "ListStreams", "SubscribeToShard",
)  # fmt: skip


def _polled(ctx: Context, function: Resource) -> set[str]:
    prefixes = {"AWS::SQS::Queue": "sqs", "AWS::Kinesis::Stream": "kinesis", "AWS::DynamoDB::Table": "dynamodb"}
    mappings = ctx.resources.users(function, "AWS::Lambda::EventSourceMapping")
    sources = [ctx.resources.target(m.get("EventSourceArn")) for m in mappings]
    return {prefixes.get(s.type, "") for s in sources if s is not None}


def _is_dead_letter(ctx: Context, function: Resource, statement: policies.Statement) -> bool:
    """Whether a statement only lets Lambda send failures on."""
    mappings = ctx.resources.users(function, "AWS::Lambda::EventSourceMapping")
    named = [function.get("DeadLetterConfig", "TargetArn")]
    named += [m.get("DestinationConfig", "OnFailure", "Destination") for m in mappings]
    found = [ctx.resources.target(r) for r in statement.resources]
    return len(found) == 1 and found[0] is not None and found[0] in [ctx.resources.target(n) for n in named]


def _calls_keys(ctx: Context, function: Resource) -> bool:
    """Whether a function asks KMS itself: what keeps data does so on its behalf, from AWS's side."""
    architecture = ctx.architecture
    if architecture is None or function.component is None:
        return True
    links = architecture.links_from.get(function.component, [])
    return any(architecture.components[link.target].kind == "kms_key" for link in links)


_REGISTRY = ("ecr.api", "ecr.dkr", "s3", "logs")


@rule(
    "ecs-no-way-to-registry", "high", "AWS::ECS::Service", wa="REL",
    title="A private Fargate service has no way to its image",
    why="The task pulls its image and writes its logs over its own interface: without NAT it needs four endpoints.",
    fix="Place it in a tier with `egress: nat`, or name ecr.api, ecr.dkr, s3 and logs in `network.endpoints`.",
)  # fmt: skip
def no_way_to_registry(r: Resource, ctx: Context) -> Iterator[Hit]:
    placed = vpc.subnets_at(ctx, r, "NetworkConfiguration", "AwsvpcConfiguration", "Subnets")
    public_ip = r.get("NetworkConfiguration", "AwsvpcConfiguration", "AssignPublicIp") == "ENABLED"
    without = [s for s in placed if s.nat is False and not (s.public and public_ip)]
    if any(s.nat is None for s in placed):
        ctx.undecided(r, "NetworkConfiguration", why="the route table of a subnet is not in the model")
    if not without:
        return
    reached = vpc.endpoints(ctx, without[0].vpc)
    missing = [name for name in _REGISTRY if name not in reached]
    if missing:
        message = (
            f"{r.title} stands in {ctx.titles([s.resource for s in without])} without a NAT gateway, and the "
            "VPC has no "
            f"endpoint for {listed(missing)}"
        )
        yield Hit(message, "NetworkConfiguration", "AwsvpcConfiguration", "Subnets")


@rule(
    "efs-mount-target-unreachable", "high", "AWS::EFS::MountTarget", wa="REL",
    title="A file system's mount target lets nobody in",
    why="Clients mount over NFS; where the group of the mount target has no rule for its port, mounting hangs.",
    fix="Link the clients to the file system with `verb: mount`: its group then lets them in.",
)  # fmt: skip
def mount_target(r: Resource, ctx: Context) -> Iterator[Hit]:
    from archproof.facts import ports

    nfs = next(p.number for p in ports() if p.name == "nfs")
    groups = vpc.groups_at(ctx, r, "SecurityGroups")
    held = [rule for group in groups for rule in vpc.ingress(ctx, group)]
    # without any rule it is only a fault where somebody is meant to mount it
    clients = ctx.architecture is None or bool(r.component and ctx.architecture.links_to.get(r.component))
    if groups and (held or clients) and not any(rule.covers(nfs) for rule in held):
        message = f"{r.title} listens on {nfs}, but {ctx.titles(groups)} lets nobody in on it"
        told = ctx.cached("mount targets told", set[tuple[str, str]])
        if (message, str(place := r.location("SecurityGroups"))) not in told:  # one in each zone
            told.add((message, str(place)))
            yield Hit(message, "SecurityGroups")
