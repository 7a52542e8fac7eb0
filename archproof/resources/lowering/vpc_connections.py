"""What joins a VPC to services and to other VPCs, explicit: endpoints, peerings, transit gateways."""

from __future__ import annotations

from typing import Any

from archproof.model.endpoint_names import known
from archproof.model.kinds.vpc_connections import TransitGatewayComponent, VpcEndpoint, VpcPeering
from archproof.resources.lowering import _groups, _network, _transit
from archproof.resources.lowering._context import Lowering, logical_id
from archproof.resources.lowering._endpoints import private_dns, service_name
from archproof.resources.lowering._places import component_adder, state, vpc_ref
from archproof.resources.lowering.vpc import tags

KINDS = ("vpc_endpoint", "vpc_peering", "transit_gateway")


def lower_vpc_endpoint(name: str, endpoint: VpcEndpoint, ctx: Lowering) -> None:
    """One endpoint, or one for each that a service has (`ecr`)."""
    services = known().get(endpoint.to, (endpoint.to,))
    for position, service in enumerate(services):
        properties: dict[str, Any] = {
            "VpcId": vpc_ref(ctx, _groups.vpc_name(ctx, name)),
            "ServiceName": service_name(service),
            "VpcEndpointType": "Gateway" if endpoint.gateway else "Interface",
            "PolicyDocument": endpoint.policy,
            "Tags": tags(name, ctx),
        }
        if endpoint.gateway:
            properties["RouteTableIds"] = [ctx.ref(table) for table in _tables(name, endpoint, ctx)]
        else:
            # a partner's service has a private name only where its owner has proved the domain
            own_name = private_dns(service, endpoint.private_dns) if service in known() else endpoint.private_dns
            properties |= {
                "SubnetIds": ctx.subnets(name),
                "SecurityGroupIds": ctx.groups(name),
                "PrivateDnsEnabled": bool(own_name),
            }
        ctx.add(
            name,
            "AWS::EC2::VPCEndpoint",
            properties,
            suffix=logical_id(service.replace(".", "_").replace("-", "_")) if position else "",
            origins={
                "ServiceName": "to", "VpcEndpointType": "type", "PolicyDocument": "policy", "VpcId": "in",
                "RouteTableIds": "route_tables", "SubnetIds": "in.subnets", "SecurityGroupIds": "in.security_groups",
                "PrivateDnsEnabled": "private_dns",
            },
        )  # fmt: skip


def _tables(name: str, endpoint: VpcEndpoint, ctx: Lowering) -> list[str]:
    """The tables that get the endpoint's route: those it names, and those with a route via it."""
    tables = dict.fromkeys(endpoint.route_tables)
    for table, component in ctx.architecture.of_kind("route_table").items():
        routes: Any = component.routes  # type: ignore[attr-defined]
        if any(route.via == name for route in routes):
            tables[table] = None
    return list(tables)


def lower_vpc_peering(name: str, peering: VpcPeering, ctx: Lowering) -> None:
    """The connection; its routes stand in the route tables."""
    ctx.add(
        name,
        "AWS::EC2::VPCPeeringConnection",
        {
            "VpcId": vpc_ref(ctx, peering.vpc),
            "PeerVpcId": vpc_ref(ctx, peering.peer) or peering.peer_vpc_id,
            "PeerOwnerId": peering.peer_account,
            "PeerRegion": peering.peer_region,
            "PeerRoleArn": peering.peer_role_arn,
            "Tags": tags(name, ctx),
        },
        origins={
            "VpcId": "vpc", "PeerVpcId": "peer" if peering.peer else "peer_vpc_id", "PeerOwnerId": "peer_account",
            "PeerRegion": "peer_region", "PeerRoleArn": "peer_role_arn",
        },
    )  # fmt: skip


def lower_transit_gateway(name: str, gateway: TransitGatewayComponent, ctx: Lowering) -> None:
    """The gateway, its attachments, and the tables that decide which VPC reaches which."""
    properties = _transit.gateway_properties(gateway.amazon_asn, tags(name, ctx))
    ctx.add(name, "AWS::EC2::TransitGateway", properties, origins={"AmazonSideAsn": "amazon_asn"})
    add = component_adder(ctx, name)
    attachments: dict[str, str] = {}
    for position, attachment in enumerate(gateway.attach):
        place = state(ctx).vpcs.get(attachment.vpc)
        subnets = [s for tier in attachment.subnets for s in _network.subnet_ids(ctx, tier)]
        if not subnets and place is not None:
            subnets = place.subnets[place.private_tier]
        at = ("attach", position)
        attachments[attachment.vpc] = add(
            f"{logical_id(attachment.vpc)}Attachment",
            "AWS::EC2::TransitGatewayAttachment",
            {
                "TransitGatewayId": ctx.ref(name),
                "VpcId": vpc_ref(ctx, attachment.vpc),
                "SubnetIds": [{"Ref": s} for s in subnets],
                "Tags": tags(name, ctx),
            },
            origins={"VpcId": at, "SubnetIds": (*at, "subnets")},
        )
    if attachments:
        _transit.tables(ctx, add, ctx.id(name), attachments, gateway.isolated, gateway.egress_vpc)
