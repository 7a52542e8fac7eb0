"""One VPC of the section `network`: addresses, subnets by zone, route tables, gateways, default routes."""

from __future__ import annotations

from typing import Any

from archproof.model.network import SubnetTier, Vpc
from archproof.resources.cidr import subnets_of
from archproof.resources.lowering._context import Lowering
from archproof.resources.lowering._places import VpcPlace, id_prefix, letter, more, named, own_name, section_adder

ANY_IPV4 = "0.0.0.0/0"
ANY_IPV6 = "::/0"
_IPV6_SUBNET_BITS = 64


def lower(ctx: Lowering, place: VpcPlace) -> None:
    """The VPC and everything in it that routes."""
    _vpc(ctx, place)
    _gateways(ctx, place)
    for tier, value in place.network.subnets.items():
        _subnets(ctx, place, tier, value)
    _nats(ctx, place)
    for tier, value in place.network.subnets.items():
        _tables(ctx, place, tier, value)
        more(ctx, (*place.base, "subnets", tier), id_prefix(place, tier), tier, value)
    assert place.network.vpc is not None
    more(ctx, (*place.base, "vpc"), place.prefix, place.name, place.network.vpc)


def vpc_properties(vpc: Any) -> dict[str, Any]:
    """What the section's VPC and the kind `vpc` both say."""
    return {
        "CidrBlock": vpc.cidr,
        "EnableDnsHostnames": vpc.dns_hostnames,
        "EnableDnsSupport": vpc.dns_support,
    }


VPC_ORIGINS = {"CidrBlock": "cidr", "EnableDnsHostnames": "dns_hostnames", "EnableDnsSupport": "dns_support"}


def _vpc(ctx: Lowering, place: VpcPlace) -> None:
    vpc = place.network.vpc
    assert vpc is not None
    add = section_adder(ctx, (*place.base, "vpc"), f"{place.prefix}Vpc", place.name, vpc)
    tags = ctx.tags(None, title=vpc.physical_name) if vpc.physical_name else named(ctx, own_name(place))
    place.id = add("", "AWS::EC2::VPC", {**vpc_properties(vpc), "Tags": tags}, origins=VPC_ORIGINS)
    reference = {"Ref": place.id}
    for position, cidr in enumerate(vpc.secondary_cidrs):
        add(
            f"Cidr{position + 2}", "AWS::EC2::VPCCidrBlock", {"VpcId": reference, "CidrBlock": cidr},
            origins={"CidrBlock": ("secondary_cidrs", position)},
        )  # fmt: skip
    if vpc.ipv6:
        place.ipv6_block = add(
            "Ipv6Cidr", "AWS::EC2::VPCCidrBlock", {"VpcId": reference, "AmazonProvidedIpv6CidrBlock": True},
            origins={"AmazonProvidedIpv6CidrBlock": "ipv6"},
        )  # fmt: skip


def _gateways(ctx: Lowering, place: VpcPlace) -> None:
    """The internet gateway where a tier is public, the egress-only one where IPv6 leaves a private tier."""
    vpc = place.network.vpc
    assert vpc is not None
    ways = {tier.egress for tier in place.network.subnets.values()}
    add = section_adder(ctx, (*place.base, "vpc"), place.prefix, place.name, vpc)
    own = own_name(place)
    if "internet_gateway" in ways:
        place.internet_gateway = add("InternetGateway", "AWS::EC2::InternetGateway", {"Tags": named(ctx, own)})
        place.internet_attachment = add(
            "InternetGatewayAttachment", "AWS::EC2::VPCGatewayAttachment",
            {"VpcId": {"Ref": place.id}, "InternetGatewayId": {"Ref": place.internet_gateway}},
        )  # fmt: skip
    if vpc.ipv6 and ways & {"nat", "egress_only"}:
        place.egress_only = add(
            "EgressOnlyGateway", "AWS::EC2::EgressOnlyInternetGateway",
            {"VpcId": {"Ref": place.id}, "Tags": named(ctx, own)}, origins={"VpcId": "ipv6"},
        )  # fmt: skip


def _subnets(ctx: Lowering, place: VpcPlace, tier: str, value: SubnetTier) -> None:
    """One subnet in each zone, each with an equal part of the tier's block."""
    vpc = place.network.vpc
    assert vpc is not None
    held = place.subnets[tier] = []
    path = (*place.base, "subnets", tier)
    add = section_adder(ctx, path, f"{id_prefix(place, tier)}Subnet", tier, value, "Subnet", main=True)
    for zone, (name, cidr) in enumerate(subnets_of(value, vpc.availability_zones)):
        properties: dict[str, Any] = {
            "VpcId": {"Ref": place.id},
            "CidrBlock": cidr,
            **_zone(ctx, value, name),
            "MapPublicIpOnLaunch": value.public_ips,
            "Tags": named(ctx, own_name(place, tier), tier, letter(zone)),
        }
        if place.ipv6_block:
            properties |= _ipv6(place, zone)
        attributes = {"DependsOn": [place.ipv6_block]} if place.ipv6_block else None
        origins = {"CidrBlock": "cidr", "MapPublicIpOnLaunch": "public_ips"}
        held.append(add(letter(zone), "AWS::EC2::Subnet", properties, origins=origins, attributes=attributes))


def _zone(ctx: Lowering, tier: SubnetTier, name: str) -> dict[str, Any]:
    """The zone of a subnet; in an exact system only where the tier says the zones of its blocks."""
    if tier.said is not None and not tier.names_zones and ctx.exact:
        return {}
    return zone_properties(name)


def zone_properties(name: str) -> dict[str, Any]:
    """The zone that a letter, a name or an id means."""
    if len(name) == 1:
        return {"AvailabilityZone": {"Fn::Select": [ord(name) - ord("a"), {"Fn::GetAZs": ""}]}}
    return {"AvailabilityZoneId" if "-az" in name else "AvailabilityZone": name}


def _ipv6(place: VpcPlace, zone: int) -> dict[str, Any]:
    """The next /64 of the VPC's IPv6 block."""
    vpc = place.network.vpc
    assert vpc is not None
    sizes = [len(t.said or ()) or vpc.availability_zones for t in place.network.subnets.values()]
    number = sum(sizes[: len(place.subnets) - 1]) + zone
    count = sum(sizes)
    blocks = {"Fn::Select": [0, {"Fn::GetAtt": [place.id, "Ipv6CidrBlocks"]}]}
    return {
        "Ipv6CidrBlock": {"Fn::Select": [number, {"Fn::Cidr": [blocks, count, _IPV6_SUBNET_BITS]}]},
        "AssignIpv6AddressOnCreation": True,
    }


def nat_wanted(place: VpcPlace) -> bool:
    """Whether the VPC has NAT gateways: a tier leaves through them, or they are asked for by name."""
    vpc = place.network.vpc
    assert vpc is not None
    used = any(t.egress == "nat" for t in place.network.subnets.values())
    return vpc.nat != "none" and (used or "nat" in vpc.model_fields_set)


def _nats(ctx: Lowering, place: VpcPlace) -> None:
    """NAT gateways with their addresses, in the first public tier."""
    vpc = place.network.vpc
    assert vpc is not None
    if not nat_wanted(place):
        return
    public = next(t for t, v in place.network.subnets.items() if v.egress == "internet_gateway")
    add = section_adder(ctx, (*place.base, "vpc"), place.prefix, place.name, vpc)
    own = own_name(place)
    for zone in range(len(place.subnets[public]) if vpc.nat == "per_az" else 1):
        suffix = letter(zone) if vpc.nat == "per_az" else ""
        tags = named(ctx, own, "nat", suffix)
        after = {"DependsOn": [place.internet_attachment]}
        # an EIP needs the attachment; a gateway needs it through its EIP
        behind = None if ctx.exact else after
        address = add(
            f"NatAddress{suffix}", "AWS::EC2::EIP", {"Domain": "vpc", "Tags": tags}, attributes=after,
            origins={"Domain": "nat"},
        )  # fmt: skip
        properties = {
            "AllocationId": {"Fn::GetAtt": [address, "AllocationId"]},
            "SubnetId": {"Ref": place.subnets[public][zone]},
            "Tags": tags,
        }
        origins = {"SubnetId": "nat", "AllocationId": "nat"}
        place.nats.append(
            add(f"NatGateway{suffix}", "AWS::EC2::NatGateway", properties, attributes=behind, origins=origins)
        )


def _tables(ctx: Lowering, place: VpcPlace, tier: str, value: SubnetTier) -> None:
    """The route tables of a tier (one a zone where NAT is), their associations and default routes."""
    vpc = place.network.vpc
    assert vpc is not None
    path = (*place.base, "subnets", tier)
    add = section_adder(ctx, path, id_prefix(place, tier), tier, value, "")
    said = value.route_tables or ("per_az" if value.egress == "nat" and vpc.nat == "per_az" else "one")
    subnets = place.subnets[tier]
    if said in ("one", "per_az"):
        held = place.tables[tier] = []
        by_zone = said == "per_az"
        for zone in range(len(subnets) if by_zone else 1):
            held.append(_table(ctx, place, tier, value, zone, letter(zone) if by_zone else ""))
    elif said == "main":
        held = place.tables[tier] = []
    else:
        held = place.tables[said]
    for zone, subnet in enumerate(subnets if held else ()):
        properties = {"SubnetId": {"Ref": subnet}, "RouteTableId": {"Ref": held[min(zone, len(held) - 1)]}}
        add(f"Subnet{letter(zone)}RouteTable", "AWS::EC2::SubnetRouteTableAssociation", properties)


def _table(ctx: Lowering, place: VpcPlace, tier: str, value: SubnetTier, zone: int, suffix: str) -> str:
    """One route table with its default routes."""
    vpc = place.network.vpc
    assert vpc is not None
    add = section_adder(ctx, (*place.base, "subnets", tier), id_prefix(place, tier), tier, value, "")
    tags = named(ctx, own_name(place, tier), tier, suffix)
    table = add(f"RouteTable{suffix}", "AWS::EC2::RouteTable", {"VpcId": {"Ref": place.id}, "Tags": tags})
    for name, route, after in _default_routes(place, value, vpc, zone):
        properties = {"RouteTableId": {"Ref": table}, **route}
        origins = dict.fromkeys(route, "egress")
        attributes = {"DependsOn": [after]} if after else None
        add(f"{name}{suffix}", "AWS::EC2::Route", properties, origins=origins, attributes=attributes)
    return table


def _default_routes(
    place: VpcPlace, tier: SubnetTier, vpc: Vpc, zone: int
) -> list[tuple[str, dict[str, Any], str | None]]:
    """The default routes of one table: what ids call each, its properties, what must exist before it."""
    routes: list[tuple[str, dict[str, Any], str | None]] = []
    if tier.egress == "internet_gateway":
        gateway = {"GatewayId": {"Ref": place.internet_gateway}}
        routes.append(("DefaultRoute", {"DestinationCidrBlock": ANY_IPV4, **gateway}, place.internet_attachment))
        if vpc.ipv6:
            route = {"DestinationIpv6CidrBlock": ANY_IPV6, **gateway}
            routes.append(("DefaultIpv6Route", route, place.internet_attachment))
    if tier.egress == "nat":
        nat = place.nats[min(zone, len(place.nats) - 1)]
        routes.append(("DefaultRoute", {"DestinationCidrBlock": ANY_IPV4, "NatGatewayId": {"Ref": nat}}, None))
    if tier.egress in ("nat", "egress_only") and place.egress_only:
        only = {"EgressOnlyInternetGatewayId": {"Ref": place.egress_only}}
        routes.append(("DefaultIpv6Route", {"DestinationIpv6CidrBlock": ANY_IPV6, **only}, None))
    return routes
