"""Amazon VPC, explicit: VPCs, subnets, route tables, gateways, network ACLs, flow logs."""

from __future__ import annotations

from typing import Any

from archproof.model.kinds.vpc import (
    EgressOnlyGateway,
    FlowLog,
    InternetGateway,
    NatGateway,
    NetworkAclComponent,
    Route,
    RouteTable,
    Subnet,
    VpcComponent,
)  # fmt: skip
from archproof.resources.lowering import _acls, _flow_logs, _network
from archproof.resources.lowering._context import Lowering, logical_id
from archproof.resources.lowering._group_needs import destinations
from archproof.resources.lowering._places import component_adder, letter, state, vpc_ref
from archproof.resources.lowering._vpcs import VPC_ORIGINS, vpc_properties, zone_properties
from archproof.resources.resource import Path

KINDS = (
    "vpc", "subnet", "route_table", "internet_gateway", "nat_gateway", "egress_only_gateway", "network_acl", "flow_log",
)  # fmt: skip

_IPV6_SUBNETS = 256
_IPV6_SUBNET_BITS = 64
_TARGETS = {
    "internet_gateway": "GatewayId",
    "nat_gateway": "NatGatewayId",
    "egress_only_gateway": "EgressOnlyInternetGatewayId",
    "vpc_peering": "VpcPeeringConnectionId",
    "transit_gateway": "TransitGatewayId",
    "vpc_endpoint": "VpcEndpointId",
    "ec2_instance": "InstanceId",
}
_TARGET_TYPES = {
    "AWS::EC2::VPNGateway": "GatewayId",
    "AWS::EC2::NetworkInterface": "NetworkInterfaceId",
    "AWS::EC2::CarrierGateway": "CarrierGatewayId",
    "AWS::EC2::LocalGateway": "LocalGatewayId",
    "AWS::EC2::InternetGateway": "GatewayId",
    "AWS::EC2::NatGateway": "NatGatewayId",
    "AWS::EC2::TransitGateway": "TransitGatewayId",
    "AWS::EC2::VPCEndpoint": "VpcEndpointId",
    "AWS::EC2::Instance": "InstanceId",
}


def tags(name: str, ctx: Lowering) -> list[dict[str, Any]]:
    """Tags, with the physical name as the Name where one is said: parts of a network have no other name."""
    return ctx.tags(name, title=ctx.name(name))


def lower_vpc(name: str, vpc: VpcComponent, ctx: Lowering) -> None:
    """The VPC, with Amazon's IPv6 block where it has one."""
    ctx.add(name, "AWS::EC2::VPC", {**vpc_properties(vpc), "Tags": tags(name, ctx)}, origins=VPC_ORIGINS)
    if vpc.ipv6:
        block = {"VpcId": ctx.ref(name), "AmazonProvidedIpv6CidrBlock": True}
        origins = {"AmazonProvidedIpv6CidrBlock": "ipv6"}
        ctx.add(name, "AWS::EC2::VPCCidrBlock", block, suffix="Ipv6Cidr", origins=origins)


def lower_subnet(name: str, subnet: Subnet, ctx: Lowering) -> None:
    """One subnet; who uses it and which table it has, others say."""
    properties: dict[str, Any] = {
        "VpcId": vpc_ref(ctx, subnet.vpc),
        "CidrBlock": subnet.cidr,
        **(zone_properties(subnet.zone) if subnet.zone else {}),
        "MapPublicIpOnLaunch": subnet.public_ips,
        "Tags": tags(name, ctx),
    }
    attributes = None
    if subnet.ipv6_index is not None:
        vpc = vpc_ref(ctx, subnet.vpc) or {}
        blocks = {"Fn::Select": [0, {"Fn::GetAtt": [vpc["Ref"], "Ipv6CidrBlocks"]}]}
        parts = {"Fn::Cidr": [blocks, _IPV6_SUBNETS, _IPV6_SUBNET_BITS]}
        properties |= {
            "Ipv6CidrBlock": {"Fn::Select": [subnet.ipv6_index, parts]},
            "AssignIpv6AddressOnCreation": True,
        }
        place = state(ctx).vpcs.get(subnet.vpc)
        attributes = {"DependsOn": [place.ipv6_block if place else ctx.id(subnet.vpc, "Ipv6Cidr")]}
    ctx.add(
        name,
        "AWS::EC2::Subnet",
        properties,
        attributes=attributes,
        origins={
            "VpcId": "vpc", "CidrBlock": "cidr", "AvailabilityZone": "zone", "AvailabilityZoneId": "zone",
            "MapPublicIpOnLaunch": "public_ips", "Ipv6CidrBlock": "ipv6_index",
        },
    )  # fmt: skip


def lower_route_table(name: str, table: RouteTable, ctx: Lowering) -> None:
    """The table, its routes and its subnets."""
    properties = {"VpcId": vpc_ref(ctx, table.vpc), "Tags": tags(name, ctx)}
    ctx.add(name, "AWS::EC2::RouteTable", properties, origins={"VpcId": "vpc"})
    number = 0
    for position, route in enumerate(table.routes):
        at: Path = ("routes", position)
        target, after = _target(ctx, table.vpc, route)
        for destination in destinations(ctx, table.vpc, route) if target else ():
            number += 1
            key = _destination(destination)
            origins: dict[str, Path] = {key: (*at, "to"), **dict.fromkeys(target, (*at, "via"))}
            ctx.add(
                name, "AWS::EC2::Route", {"RouteTableId": ctx.ref(name), key: destination, **target},
                suffix=f"Route{number}", origins=origins, attributes={"DependsOn": [after]} if after else None,
            )  # fmt: skip
    for position, subnet in enumerate(table.subnets):
        for zone, id in enumerate(_network.subnet_ids(ctx, subnet)):
            properties = {"SubnetId": {"Ref": id}, "RouteTableId": ctx.ref(name)}
            suffix = logical_id(subnet) + (letter(zone) if zone else "")
            origins = {"SubnetId": ("subnets", position)}
            ctx.add(name, "AWS::EC2::SubnetRouteTableAssociation", properties, suffix=suffix, origins=origins)


def _destination(value: Any) -> str:
    if not isinstance(value, str):
        return "DestinationCidrBlock"
    if value.startswith("pl-"):
        return "DestinationPrefixListId"
    return "DestinationIpv6CidrBlock" if ":" in value else "DestinationCidrBlock"


def _target(ctx: Lowering, vpc: str, route: Route) -> tuple[dict[str, Any], str | None]:
    """The property that says where a route goes, and what must exist before it; nothing for a gateway endpoint,
    which writes its route itself.
    """
    from archproof.resources.lowering import vpn

    component: Any = ctx.architecture.components.get(route.via)
    if component is None:
        return _own_way(ctx, vpc, route.via)
    if component.kind == "vpc_endpoint" and component.gateway:
        return {}, None
    if component.kind == "vpn_connection":
        transit = vpn.transit_gateway(ctx, component)
        if transit:
            return {"TransitGatewayId": transit}, None
        return {"GatewayId": vpn.gateway(ctx, component.to)}, vpn.attachment(ctx, component.to)
    verbatim = component.kind == "resource"
    key = _TARGET_TYPES.get(component.type, "GatewayId") if verbatim else _TARGETS[component.kind]
    after = None
    if component.kind == "internet_gateway":
        after = ctx.id(route.via, "Attachment")
    elif component.kind == "transit_gateway" and any(a.vpc == vpc for a in component.attach):
        after = ctx.id(route.via, f"{logical_id(vpc)}Attachment")
    return {key: ctx.ref(route.via)}, after


def _own_way(ctx: Lowering, vpc: str, way: str) -> tuple[dict[str, Any], str | None]:
    """A way out that a VPC of the section `network` has; the model has checked that it is there."""
    place = state(ctx).vpcs[vpc]
    if way == "internet_gateway":
        return {"GatewayId": {"Ref": place.internet_gateway}}, place.internet_attachment
    if way == "nat":
        return {"NatGatewayId": {"Ref": place.nats[0]}}, None
    if way == "egress_only":
        return {"EgressOnlyInternetGatewayId": {"Ref": place.egress_only}}, None
    return {"TransitGatewayId": {"Ref": state(ctx).transit_gateway}}, state(ctx).transit_attachments[vpc]


def lower_internet_gateway(name: str, gateway: InternetGateway, ctx: Lowering) -> None:
    """The gateway and its attachment."""
    ctx.add(name, "AWS::EC2::InternetGateway", {"Tags": tags(name, ctx)})
    properties = {"VpcId": vpc_ref(ctx, gateway.vpc), "InternetGatewayId": ctx.ref(name)}
    ctx.add(name, "AWS::EC2::VPCGatewayAttachment", properties, suffix="Attachment", origins={"VpcId": "vpc"})


def lower_nat_gateway(name: str, gateway: NatGateway, ctx: Lowering) -> None:
    """The gateway, and its address where it is a public one."""
    properties: dict[str, Any] = {
        "SubnetId": {"Ref": _network.subnet_ids(ctx, gateway.subnet)[0]},
        "ConnectivityType": "private" if gateway.private else "public",
        "Tags": tags(name, ctx),
    }
    if not gateway.private:
        ctx.add(name, "AWS::EC2::EIP", {"Domain": "vpc", "Tags": tags(name, ctx)}, suffix="Address")
        properties["AllocationId"] = ctx.att(name, "AllocationId", "Address")
    ctx.add(name, "AWS::EC2::NatGateway", properties, origins={"SubnetId": "subnet", "ConnectivityType": "private"})


def lower_egress_only_gateway(name: str, gateway: EgressOnlyGateway, ctx: Lowering) -> None:
    """The gateway."""
    properties = {"VpcId": vpc_ref(ctx, gateway.vpc), "Tags": tags(name, ctx)}
    ctx.add(name, "AWS::EC2::EgressOnlyInternetGateway", properties, origins={"VpcId": "vpc"})


def lower_network_acl(name: str, acl: NetworkAclComponent, ctx: Lowering) -> None:
    """The ACL, its entries and its subnets."""
    properties = {"VpcId": vpc_ref(ctx, acl.vpc), "Tags": tags(name, ctx)}
    ctx.add(name, "AWS::EC2::NetworkAcl", properties, origins={"VpcId": "vpc"})
    add = component_adder(ctx, name)
    _acls.entries(add, ctx.id(name), acl)
    for position, subnet in enumerate(acl.subnets):
        for zone, id in enumerate(_network.subnet_ids(ctx, subnet)):
            suffix = logical_id(subnet) + (letter(zone) if zone else "")
            association = {"SubnetId": {"Ref": id}, "NetworkAclId": ctx.ref(name)}
            origins = {"SubnetId": ("subnets", position)}
            add(suffix, "AWS::EC2::SubnetNetworkAclAssociation", association, origins=origins)


def lower_flow_log(name: str, log: FlowLog, ctx: Lowering) -> None:
    """The flow log, with its role, and a log group where none is named."""
    to = ctx.component(log.to).kind if log.to else "log_group"
    destination = ctx.arn(log.to) if log.to else None
    target = ctx.architecture.components.get(log.of)
    if log.of in state(ctx).vpcs or (target is not None and target.kind == "vpc"):
        of: tuple[str, Any] = ("VPC", vpc_ref(ctx, log.of))
    else:
        of = ("Subnet", {"Ref": _network.subnet_ids(ctx, log.of)[0]})
    origins = {"ResourceId": "of", "TrafficType": "traffic", "RetentionInDays": "retention_days"}
    if log.to:
        origins |= {"LogDestination": "to", "LogDestinationType": "to"}
    _flow_logs.lower(
        ctx, component_adder(ctx, name), of, "s3" if to == "s3_bucket" else "cloudwatch", log.retention_days,
        origins=origins, traffic=log.traffic.upper(), destination=destination,
    )  # fmt: skip
