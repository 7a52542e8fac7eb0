"""VPCs, subnets, routes, gateways and endpoints."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from archproof.resources.resource import Resource
from archproof.validators import vpc
from archproof.validators.context import Context, amount, listed
from archproof.validators.rule import Hit, rule

TYPES = (
    "AWS::EC2::VPC", "AWS::EC2::Subnet", "AWS::EC2::NatGateway", "AWS::EC2::VPCPeeringConnection",
    "AWS::EC2::VPCEndpoint", "AWS::EC2::RouteTable",
)  # fmt: skip
VPC = "AWS::EC2::VPC"
SUBNET = "AWS::EC2::Subnet"


@rule(
    "vpc-flow-logs-missing", "medium", VPC, wa="SEC OPS", fsbp="EC2.6", cis="3.7",
    title="A VPC has no flow logs",
    why="Without flow logs nobody can say after an incident what talked to what, nor why a connection was refused.",
    fix="Set `flow_logs: cloudwatch` (or `s3`) in `network.vpc`.",
)  # fmt: skip
def flow_logs(r: Resource, ctx: Context) -> Iterator[Hit]:
    if not ctx.resources.users(r, "AWS::EC2::FlowLog"):
        yield Hit(f"{r.title} has no flow logs")


@rule(
    "subnets-overlap", "high", VPC, wa="REL",
    title="Subnets overlap",
    why="Two subnets of a VPC cannot share addresses; AWS rejects the second.",
    fix="Give each tier a `cidr` of its own.",
)  # fmt: skip
def overlap(r: Resource, ctx: Context) -> Iterator[Hit]:
    held = [s for s in vpc.subnets(ctx).values() if s.vpc is r and s.cidr is not None]
    held.sort(key=lambda s: (int(s.cidr.network_address), s.cidr.prefixlen) if s.cidr else (0, 0))
    widest: vpc.Subnet | None = None  # of those before, the one that reaches furthest
    for subnet in held:
        assert subnet.cidr is not None
        if widest is not None and widest.cidr is not None and vpc.overlap(widest.cidr, subnet.cidr):
            message = f"{subnet.resource.title} ({subnet.cidr}) overlaps {widest.resource.title} ({widest.cidr})"
            yield Hit(message, "CidrBlock", on=subnet.resource)
            if int(subnet.cidr.broadcast_address) <= int(widest.cidr.broadcast_address):
                continue
        widest = subnet


@rule(
    "subnet-outside-vpc", "high", SUBNET, wa="REL",
    title="A subnet lies outside its VPC",
    why="A subnet takes its addresses from a block of its VPC; AWS rejects any other.",
    fix="Set the tier's `cidr` to a part of the `cidr` of the VPC.",
)  # fmt: skip
def outside(r: Resource, ctx: Context) -> Iterator[Hit]:
    subnet = vpc.subnets(ctx)[r.logical_id]
    if subnet.cidr is None or subnet.vpc is None:
        if not r.has("Ipv6CidrBlock"):
            ctx.undecided(r, "CidrBlock")
        return
    own, (blocks, complete) = subnet.cidr, vpc.blocks(ctx, subnet.vpc)
    if not any(vpc.inside(own, block) for block in blocks):
        if complete:
            yield Hit(
                f"{r.title} ({own}) lies outside {subnet.vpc.title} ({listed([str(b) for b in blocks])})", "CidrBlock"
            )
        else:
            ctx.undecided(subnet.vpc, "CidrBlock")


_INTERFACES = {
    "AWS::Lambda::Function": 1, "AWS::RDS::DBInstance": 2, "AWS::RDS::DBCluster": 2, "AWS::RDS::DBProxy": 2,
    "AWS::EC2::VPCEndpoint": 1, "AWS::ElasticLoadBalancingV2::LoadBalancer": 8, "AWS::EC2::Instance": 1,
    "AWS::EC2::NatGateway": 1, "AWS::ElastiCache::ReplicationGroup": 2, "AWS::EFS::MountTarget": 1,
}  # fmt: skip
"""Addresses that one of these takes in a subnet, about: a load balancer asks for 8 that are free."""


@rule(
    "subnet-too-small", "medium", SUBNET, wa="REL",
    title="A subnet is too small for what stands in it",
    why="AWS keeps 5 addresses of each subnet; when the rest is used up, scaling and failing over stop.",
    fix="Give the tier a larger `cidr`.",
)  # fmt: skip
def too_small(r: Resource, ctx: Context) -> Iterator[Hit]:
    block = vpc.subnets(ctx)[r.logical_id].cidr
    if block is None:
        return
    users = ctx.resources.users(r)
    needed = 0
    for user in users:
        needed += _INTERFACES.get(user.type, 0)
        if user.type == "AWS::ECS::Service":
            needed += int(ctx.number(user, "DesiredCount", default=1) or 1)
    kept = ctx.quota("vpc", "Reserved addresses per subnet").number
    usable = block.num_addresses - kept
    if needed > usable:
        message = (
            f"{r.title} ({block}) has {amount(usable)} usable addresses ({amount(kept)} are reserved); what "
            "stands in it "
            f"takes about {amount(needed)}"
        )
        yield Hit(message, "CidrBlock")


@rule(
    "nat-in-private-subnet", "high", "AWS::EC2::NatGateway", wa="REL",
    title="A NAT gateway stands in a private subnet",
    why="The gateway itself needs the way to the internet gateway that it gives to others.",
    fix="Place it in a tier with `egress: internet_gateway`.",
)  # fmt: skip
def private_nat(r: Resource, ctx: Context) -> Iterator[Hit]:
    if r.get("ConnectivityType") == "private":
        return
    for subnet in vpc.subnets_at(ctx, r, "SubnetId"):
        if subnet.public is False:
            message = f"{r.title} stands in {subnet.resource.title}, which has no route to an internet gateway"
            yield Hit(message, "SubnetId")
        elif subnet.public is None:
            ctx.undecided(r, "SubnetId", why=f"the route table of {subnet.resource.title} is not in the model")


@rule(
    "nat-single-for-zones", "medium", VPC, wa="REL",
    title="One NAT gateway serves several zones",
    why="When its zone fails, the private subnets of the other zones lose the internet too; and traffic between "
    "zones costs.",
    fix="Set `nat: per_az` in `network.vpc`.",
)  # fmt: skip
def single_nat(r: Resource, ctx: Context) -> Iterator[Hit]:
    served: dict[str, tuple[Resource, list[vpc.Subnet]]] = {}
    for subnet in vpc.subnets(ctx).values():
        if subnet.vpc is not r:
            continue
        for route in subnet.routes:
            gateway = ctx.resources.all.get(route.target or "") if route.via == "nat_gateway" else None
            if gateway is not None and subnet not in served.setdefault(gateway.logical_id, (gateway, []))[1]:
                served[gateway.logical_id][1].append(subnet)
    for gateway, behind in served.values():
        zones = vpc.zones(behind)
        if len(zones) > 1:
            yield Hit(f"the subnets of {len(zones)} zones share {_name(gateway)}", on=gateway)


def _name(gateway: Resource) -> str:
    return f"one NAT gateway ({gateway.logical_id})"


@rule(
    "vpc-peering-overlap", "high", "AWS::EC2::VPCPeeringConnection", wa="REL",
    title="Peered VPCs overlap",
    why="Peering needs blocks that do not overlap; AWS rejects the connection.",
    fix="Give the VPCs different `cidr` blocks, or join them with PrivateLink.",
)  # fmt: skip
def peering(r: Resource, ctx: Context) -> Iterator[Hit]:
    sides = [ctx.resources.target(r.get(key)) for key in ("VpcId", "PeerVpcId")]
    if sides[0] is None or sides[1] is None or sides[0].type != VPC or sides[1].type != VPC:
        return
    for own in vpc.blocks(ctx, sides[0])[0]:
        for other in vpc.blocks(ctx, sides[1])[0]:
            if vpc.overlap(own, other):
                yield Hit(f"{sides[0].title} ({own}) and {sides[1].title} ({other}) overlap", "PeerVpcId")


@rule(
    "gateway-endpoint-without-route", "medium", "AWS::EC2::VPCEndpoint", wa="REL SEC COST",
    title="A gateway endpoint is missing from a private subnet's route table",
    why="A gateway endpoint serves only the subnets whose route tables it names: the others go through NAT, or "
    "nowhere.",
    fix="Name the service in `network.endpoints`: the endpoint then takes the route tables of every tier.",
)  # fmt: skip
def endpoint_route(r: Resource, ctx: Context) -> Iterator[Hit]:
    if r.get("VpcEndpointType", default="Gateway") != "Gateway":
        return
    holder, tables = ctx.resources.target(r.get("VpcId")), ctx.resources.targets(r.get("RouteTableIds"))
    without = [
        subnet.resource
        for subnet in vpc.subnets(ctx).values()
        if subnet.vpc is holder and subnet.public is False and subnet.table is not None and subnet.table not in tables
        and ctx.resources.users(subnet.resource, *_CLIENTS)
    ]  # fmt: skip
    if without:
        message = f"{r.title} is not in the route table of {ctx.titles(without)}, where its clients stand"
        yield Hit(message, "RouteTableIds")


_CLIENTS = ("AWS::Lambda::Function", "AWS::ECS::Service", "AWS::EC2::Instance", "AWS::AutoScaling::AutoScalingGroup")


@rule(
    "route-table-routes-quota", "high", "AWS::EC2::RouteTable", wa="REL",
    title="A route table has more routes than the quota",
    why="A route beyond the quota is rejected.",
    fix="Merge destinations or use prefix lists, or have the quota raised (1000 at most).",
)  # fmt: skip
def routes_quota(r: Resource, ctx: Context) -> Iterator[Hit]:
    number, quota = (
        len(ctx.resources.users(r, "AWS::EC2::Route")),
        ctx.quota("vpc", "Routes per route table (non-propagated)"),
    )
    if number > quota.number:
        yield Hit(f"{r.title} has {amount(number)} routes, above the VPC's maximum of {quota.text}")


@rule(
    "vpc-subnets-quota", "high", VPC, wa="REL",
    title="A VPC has more subnets than the quota",
    why="A subnet beyond the quota is rejected until AWS raises it.",
    fix="Merge tiers, or have the quota raised.",
)  # fmt: skip
def subnets_quota(r: Resource, ctx: Context) -> Iterator[Hit]:
    number, quota = len(ctx.resources.users(r, SUBNET)), ctx.quota("vpc", "Subnets per VPC")
    if number > quota.number:
        message = (
            f"{r.title} has {amount(number)} subnets, above the VPC's maximum of {quota.text}, which AWS can raise"
        )
        yield Hit(message)


@rule(
    "vpc-overlap", "low", VPC, wa="REL",
    title="Two VPCs of the system use the same addresses",
    why="They can never be peered nor joined by a transit gateway without translating addresses.",
    fix="Give each VPC a `cidr` of its own.",
)  # fmt: skip
def vpcs_overlap(r: Resource, ctx: Context) -> Iterator[Hit]:
    for first, second in combinations(ctx.resources.of_type(VPC), 2):
        if second is not r:
            continue
        for own in vpc.blocks(ctx, first)[0]:
            for other in vpc.blocks(ctx, second)[0]:
                if vpc.overlap(own, other):
                    yield Hit(f"{second.title} ({other}) overlaps {first.title} ({own})", "CidrBlock")
