"""AWS Site-to-Site VPN: the other end, the connection, its gateway, its log, and the routes to what is behind it."""

from __future__ import annotations

from typing import Any

from archproof.model.kinds.vpn import VpnConnection
from archproof.resources.lowering._context import Lowering, logical_id
from archproof.resources.lowering._places import VpcPlace, state, vpc_ref
from archproof.resources.lowering.vpc import tags

KINDS = ("vpn_connection",)

_PROTOCOL = "ipsec.1"
_STATIC_ASN = 65000
"""What AWS gives a customer gateway without BGP."""
_TUNNELS = 2


def lower_vpn_connection(name: str, vpn: VpnConnection, ctx: Lowering) -> None:
    """All that one connection needs."""
    customer = {"Type": _PROTOCOL, "IpAddress": vpn.address, "BgpAsn": vpn.asn or _STATIC_ASN, "Tags": tags(name, ctx)}
    origins = {"IpAddress": "address", "BgpAsn": "asn"}
    ctx.add(name, "AWS::EC2::CustomerGateway", customer, suffix="CustomerGateway", origins=origins)
    log = {"RetentionInDays": vpn.log_retention_days, "Tags": ctx.tags(name)}
    ctx.add(name, "AWS::Logs::LogGroup", log, suffix="LogGroup", origins={"RetentionInDays": "log_retention_days"})
    transit = transit_gateway(ctx, vpn)
    ends = {"TransitGatewayId": transit} if transit else {"VpnGatewayId": gateway(ctx, vpn.to)}
    if not transit and owner(ctx, vpn.to) == name:
        _gateway(name, vpn, ctx)
    options = {"LogEnabled": True, "LogGroupArn": ctx.att(name, "Arn", "LogGroup"), "LogOutputFormat": "json"}
    tunnel = {"LogOptions": {"CloudwatchLogOptions": options}}
    properties: dict[str, Any] = {
        "Type": _PROTOCOL,
        "CustomerGatewayId": ctx.ref(name, "CustomerGateway"),
        **ends,
        "StaticRoutesOnly": vpn.asn is None,
        "VpnTunnelOptionsSpecifications": [tunnel] * _TUNNELS,
        "Tags": tags(name, ctx),
    }
    origins = {**dict.fromkeys(ends, "to"), "StaticRoutesOnly": "asn"}
    attributes = None if transit else {"DependsOn": [attachment(ctx, vpn.to)]}
    ctx.add(name, "AWS::EC2::VPNConnection", properties, origins=origins, attributes=attributes)
    if transit:
        _through_transit(name, vpn, transit, ctx)
        return
    for number, cidr in enumerate(vpn.cidrs if vpn.asn is None else []):
        route = {"DestinationCidrBlock": cidr, "VpnConnectionId": ctx.ref(name)}
        origin = {"DestinationCidrBlock": ("cidrs", number)}
        ctx.add(name, "AWS::EC2::VPNConnectionRoute", route, suffix=f"Route{number + 1}", origins=origin)
    if place := state(ctx).vpcs.get(vpn.to):
        _routes(name, vpn, place, {"GatewayId": gateway(ctx, vpn.to)}, attachment(ctx, vpn.to), ctx)


def transit_gateway(ctx: Lowering, vpn: VpnConnection) -> dict[str, Any] | None:
    """The transit gateway that it ends at, or None for a VPC."""
    component = ctx.architecture.components.get(vpn.to)
    if component is not None and (component.kind == "transit_gateway" or component.cfn.endswith("::TransitGateway")):
        return ctx.ref(vpn.to)
    own = state(ctx).transit_gateway
    return {"Ref": own} if vpn.to == "transit_gateway" and component is None and own else None


def owner(ctx: Lowering, vpc: str) -> str:
    """The first connection to a VPC: a VPC has one gateway for all, and the first brings it."""
    return next(n for n, c in ctx.architecture.of_kind("vpn_connection").items() if getattr(c, "to", "") == vpc)


def gateway(ctx: Lowering, vpc: str) -> dict[str, Any]:
    """The VPN gateway of a VPC."""
    return ctx.ref(owner(ctx, vpc), "Gateway")


def attachment(ctx: Lowering, vpc: str) -> str:
    """The logical id of what attaches it: no route may name the gateway before."""
    return ctx.id(owner(ctx, vpc), "Attachment")


def _gateway(name: str, vpn: VpnConnection, ctx: Lowering) -> None:
    ctx.add(name, "AWS::EC2::VPNGateway", {"Type": _PROTOCOL, "Tags": tags(name, ctx)}, suffix="Gateway")
    attached = {"VpcId": vpc_ref(ctx, vpn.to), "VpnGatewayId": ctx.ref(name, "Gateway")}
    ctx.add(name, "AWS::EC2::VPCGatewayAttachment", attached, suffix="Attachment", origins={"VpcId": "to"})


def _routes(name: str, vpn: VpnConnection, place: VpcPlace, way: dict[str, Any], after: str, ctx: Lowering) -> None:
    """A route to each of the addresses in every table of one VPC of the section `network`."""
    for tier, tables in place.tables.items():
        for table in tables if not vpn.subnets or tier in vpn.subnets else []:
            for number, cidr in enumerate(vpn.cidrs):
                ctx.add(
                    name,
                    "AWS::EC2::Route",
                    {"RouteTableId": {"Ref": table}, "DestinationCidrBlock": cidr, **way},
                    suffix=f"{table}Route{number + 1 if number else ''}",
                    origins={"DestinationCidrBlock": ("cidrs", number), **dict.fromkeys(way, "to")},
                    attributes={"DependsOn": [after]},
                )


def _through_transit(name: str, vpn: VpnConnection, transit: dict[str, Any], ctx: Lowering) -> None:
    """The ways there of the VPCs attached; the gateway's own, once the attachment of the connection is known."""
    for vpc, attached in state(ctx).transit_attachments.items() if vpn.to == "transit_gateway" else ():
        _routes(name, vpn, state(ctx).vpcs[vpc], {"TransitGatewayId": transit}, attached, ctx)
    parameter, condition = f"{logical_id(name)}AttachmentId", f"{logical_id(name)}IsAttached"
    ctx.resources.parameters[parameter] = {
        "Type": "String",
        "Description": f"The attachment of {ctx.title(name)} to the transit gateway, known once it exists",
        "Default": "",
    }
    ctx.resources.conditions[condition] = {"Fn::Not": [{"Fn::Equals": [{"Ref": parameter}, ""]}]}
    attributes = {"Condition": condition}
    tables = [
        table for table in ctx.resources.of_type("AWS::EC2::TransitGatewayRouteTable")
        if table.get("TransitGatewayId") == transit
    ]  # fmt: skip
    for position, table in enumerate(tables):
        ends = {
            "TransitGatewayRouteTableId": {"Ref": table.logical_id},
            "TransitGatewayAttachmentId": {"Ref": parameter},
        }
        if position == 0:
            kind = "AWS::EC2::TransitGatewayRouteTableAssociation"
            ctx.add(name, kind, ends, suffix="Association", attributes=attributes)
        for number, cidr in enumerate(vpn.cidrs):
            ctx.add(
                name,
                "AWS::EC2::TransitGatewayRoute",
                {**ends, "DestinationCidrBlock": cidr},
                suffix=f"{table.logical_id}Route{number + 1 if number else ''}",
                origins={"DestinationCidrBlock": ("cidrs", number)},
                attributes=attributes,
            )
