"""Ways from private subnets to AWS's services, and from clients to what they use."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from archproof.iam.globs import hole
from archproof.resources.resource import Resource
from archproof.validators import policies, vpc, ways
from archproof.validators.context import Context, listed
from archproof.validators.rule import Hit, rule

if TYPE_CHECKING:
    from archproof.network.answers import Answer
    from archproof.network.fabric import Interface

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
    role = policies.role_of(ctx, r)
    services = called(ctx, r, role) if role is not None and r.has("VpcConfig", "SubnetIds") else {}
    if not services or role is None:
        return
    if not ways.interfaces(ctx, r):
        ctx.undecided(r, "VpcConfig", "SubnetIds", why="its subnets are not among the resources")
        return
    place = ("VpcConfig", "SubnetIds")
    for message in _cut_off(r, ctx, services, place):
        yield Hit(f"{r.title} calls {message}", *place)
    if any(e.has("PolicyDocument") for e in ctx.resources.of_type("AWS::EC2::VPCEndpoint")):
        for title, name in services.items():
            yield from _refused(r, ctx, role, title, name)


def _cut_off(r: Resource, ctx: Context, services: dict[str, str], path: tuple[str, ...]) -> Iterator[str]:
    """The services that some interface of a resource does not get through to, those of one reason in one sentence."""
    for place, why, titles in _blocked(r, ctx, services, path):
        yield f"{listed(titles)}, but has no way there from {place}: {why or 'no NAT gateway and no endpoint'}"


def _blocked(
    r: Resource, ctx: Context, services: dict[str, str], path: tuple[str, ...]
) -> Iterator[tuple[str, str, list[str]]]:
    """What a resource does not get through to: from where, why (empty: nothing leads there), and the titles.

    `services`: endpoint names by title. What nobody can say is noted as unknown; what link-blocked has told of a
    declared link is left out, as it stands at the link and names everything in the way.
    """
    linked = ways.told_of_links(ctx)
    told: dict[tuple[str, str], list[str]] = {}
    open_: dict[str, list[str]] = {}
    for title, name in services.items():
        if r.component is not None and (r.component, name, ways.HTTPS) in linked:
            continue
        answers = list(ways.to_service(ctx, r, name))
        blocked = [(interface, answer) for interface, answer in answers if answer.verdict == "blocked"]
        unknown = [answer for _, answer in answers if answer.verdict == "unknown"]
        if blocked:
            bare = all(_no_route(answer) for _, answer in blocked) and not _endpoint(ctx, blocked[0][0], name)
            why = "" if bare else ways.reasons([answer for _, answer in blocked])
            told.setdefault((ways.subnets([interface for interface, _ in blocked]), why), []).append(title)
        elif unknown:
            open_.setdefault(ways.reasons(unknown[:1]), []).append(title)
    for why, titles in open_.items():
        ctx.undecided(r, *path, why=f"on the way to {listed(titles)}: {why}")
    for (place, why), titles in told.items():
        yield place, why, titles


def _no_route(answer: Answer) -> bool:
    """Whether nothing leads there at all, or only an internet gateway that it has no public address for."""
    codes = {step.code for step in answer.blockers}
    return bool(codes & {"NO_ROUTE_TO_DESTINATION"}) and codes <= {
        "NO_ROUTE_TO_DESTINATION", "ENI_SG_RULES_MISMATCH", "SG_HAS_NO_RULES",
    }  # fmt: skip


def _endpoint(ctx: Context, interface: Interface, name: str) -> bool:
    """Whether the VPC of an interface has an endpoint of a service, which then stands in the way itself."""
    endpoints = ways.network(ctx).fabric.endpoints.values()
    return any(e.service == name and e.vpc == interface.vpc for e in endpoints)


def _refused(r: Resource, ctx: Context, role: Resource, title: str, name: str) -> Iterator[Hit]:
    """The policy of an endpoint that lets nothing of what a function may do at a service through."""
    for interface, answer in ways.to_service(ctx, r, name):
        steps = [s.resource for s in answer.hops if s.resource is not None]
        endpoint = next((s for s in steps if s.type == "AWS::EC2::VPCEndpoint" and s.has("PolicyDocument")), None)
        endpoint = endpoint or _door(ctx, interface, name)
        if answer.verdict != "reachable" or endpoint is None:
            continue
        said = list(_asked(ctx, role, name, endpoint))
        if said and all(code == "ENDPOINT_POLICY_DENY" for code in said):
            message = f"{r.title} calls {title}, but the policy of the endpoint {endpoint.title} lets nothing of it in"
            yield Hit(message, "PolicyDocument", on=endpoint)
            return


def _door(ctx: Context, interface: Interface, name: str) -> Resource | None:
    """The interface endpoint of a service in a VPC, where it has a policy of its own."""
    for endpoint in ways.network(ctx).fabric.endpoints.values():
        met = endpoint.kind == "interface" and endpoint.service == name and endpoint.vpc == interface.vpc
        if met and endpoint.private_dns is not False and endpoint.resource.has("PolicyDocument"):
            return endpoint.resource
    return None


def _asked(ctx: Context, role: Resource, name: str, endpoint: Resource) -> Iterator[str]:
    """What blocks each action that a role allows at a service, through an endpoint; empty for what is let through."""
    from archproof.facts import service_of
    from archproof.iam.attached import attached

    held = ctx.cached("attached policies", lambda: attached(ctx.resources))
    for statement in policies.inline(ctx, role):
        if not statement.allows or statement.not_actions:
            continue
        for action in statement.actions:
            if action.partition(":")[0] not in (name, name.partition(".")[0]) or "*" in action:
                continue
            targets = [t for t in ctx.resources.targets(statement.resources) if service_of(t.type) is not None]
            for on in (*targets,) or (None,):
                arn = held.names.arn(on) if on is not None else None
                if arn and policies.on_objects(action):
                    arn += "/" + hole("key")
                decision = held.decide(role, action, on, arn=arn, endpoint=endpoint)
                yield next((x.code for x in decision.reasons if x.code), "") if decision.verdict == "denied" else ""


def called(ctx: Context, function: Resource, role: Resource) -> dict[str, str]:
    """The services whose actions a function's role allows, by title, with the name of the endpoint that reaches them.

    What a poller or the service itself does with the role does not come from the function's interface.
    """
    from archproof.facts import services

    by_prefix = {s.iam_prefix: s for s in services() if s.iam_prefix and s.interface_endpoints}
    polled = _polled(ctx, function)
    found: dict[str, str] = {}
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
            found.setdefault(service.title, service.key if service.gateway_endpoint else service.interface_endpoints[0])
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
    path = ("NetworkConfiguration", "AwsvpcConfiguration", "Subnets")
    if not r.has(*path) or r.get("LaunchType") == "EC2":
        return  # what runs on an instance has its image pulled by the instance
    if not ways.interfaces(ctx, r):
        ctx.undecided(r, *path, why="its subnets are not among the resources")
        return
    for place, why, names in _blocked(r, ctx, {name: name for name in _wanted(ctx, r)}, path):
        if why:
            yield Hit(f"{r.title} has no way from {place} to {listed(names)}: {why}", *path)
            continue
        message = f"{r.title} stands in {place} without a NAT gateway, and the VPC has no endpoint for {listed(names)}"
        yield Hit(message, *path)


def _wanted(ctx: Context, service: Resource) -> tuple[str, ...]:
    """The endpoints that the tasks of a service need to start: those of the logs only where they write some."""
    definition = ctx.resources.target(service.get("TaskDefinition"))
    if definition is None:
        return _REGISTRY
    containers = [c for c in ctx.items(definition, "ContainerDefinitions") if isinstance(c, dict)]
    drivers = [c.get("LogConfiguration", {}).get("LogDriver") for c in containers]
    return _REGISTRY if "awslogs" in drivers else _REGISTRY[:-1]


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
