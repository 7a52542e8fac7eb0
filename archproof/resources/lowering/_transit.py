"""The transit gateway: attachments, and tables that decide which VPC reaches which.

AWS's default table, in which every attachment reaches every other, is switched off: what reaches what is
written here. One table serves all VPCs, or two where some are isolated: an isolated VPC's table knows the
ways to those that are not isolated and no others.
"""

from __future__ import annotations

from typing import Any

from archproof.model.network import TransitGateway
from archproof.resources.lowering._context import Lowering, logical_id
from archproof.resources.lowering._peerings import cidrs
from archproof.resources.lowering._places import Adder, VpcPlace, named, section_adder, state
from archproof.resources.lowering._vpcs import ANY_IPV4

_PATH = ("network", "transit_gateway")


def gateway_properties(asn: int | None, tags: list[dict[str, Any]]) -> dict[str, Any]:
    """A gateway without AWS's default table, that takes no attachment unasked."""
    return {
        "AmazonSideAsn": asn,
        "AutoAcceptSharedAttachments": "disable",
        "DefaultRouteTableAssociation": "disable",
        "DefaultRouteTablePropagation": "disable",
        "DnsSupport": "enable",
        "Tags": tags,
    }


def lower(ctx: Lowering) -> None:
    """The gateway of the section `network`, and the routes to it in the VPCs' own tables."""
    gateway = ctx.architecture.network.transit_gateway
    if gateway is None:
        return
    add = section_adder(ctx, _PATH, "TransitGateway")
    id = add(
        "", "AWS::EC2::TransitGateway", gateway_properties(gateway.amazon_asn, named(ctx)),
        origins={"AmazonSideAsn": "amazon_asn"},
    )  # fmt: skip
    state(ctx).transit_gateway = id
    attachments: dict[str, str] = {}
    for position, attachment in enumerate(gateway.attach):
        place = state(ctx).vpcs[attachment.vpc]
        subnets = place.subnets[attachment.subnets or place.private_tier]
        attachments[attachment.vpc] = add(
            f"{logical_id(attachment.vpc)}Attachment",
            "AWS::EC2::TransitGatewayAttachment",
            {
                "TransitGatewayId": {"Ref": id},
                "VpcId": {"Ref": place.id},
                "SubnetIds": [{"Ref": s} for s in subnets],
                "Tags": named(ctx, attachment.vpc),
            },
            origins={"VpcId": ("attach", position), "SubnetIds": ("attach", position, "subnets")},
        )
    state(ctx).transit_attachments = attachments
    tables(ctx, add, id, attachments, gateway.isolated, gateway.egress_vpc)
    for name, attached in attachments.items():
        _routes(ctx, add, gateway, state(ctx).vpcs[name], attached)


def tables(
    ctx: Lowering, add: Adder, gateway: str, attachments: dict[str, str], isolated: list[str], egress: str | None
) -> None:
    """The gateway's own tables: who is associated with which, and whose addresses each knows."""
    open_ones = [name for name in attachments if name not in isolated]
    plan = [("RouteTable", open_ones, list(attachments))]
    if isolated:
        plan.append(("IsolatedRouteTable", [n for n in attachments if n in isolated], open_ones))
    for suffix, members, known in plan:
        if not members:
            continue
        properties = {"TransitGatewayId": {"Ref": gateway}, "Tags": named(ctx, suffix.removesuffix("RouteTable"))}
        origins = {"TransitGatewayId": "isolated"} if suffix.startswith("Isolated") else None
        table = add(suffix, "AWS::EC2::TransitGatewayRouteTable", properties, origins=origins)
        for name in members:
            _pair(add, f"{logical_id(name)}Association", "Association", table, attachments[name])
        for name in known:
            _pair(add, f"{logical_id(name)}{suffix[:-10]}Propagation", "Propagation", table, attachments[name])
        if egress:
            properties = {
                "TransitGatewayRouteTableId": {"Ref": table},
                "DestinationCidrBlock": ANY_IPV4,
                "TransitGatewayAttachmentId": {"Ref": attachments[egress]},
            }
            origin = {"TransitGatewayAttachmentId": "egress_vpc", "DestinationCidrBlock": "egress_vpc"}
            add(f"{suffix}Default", "AWS::EC2::TransitGatewayRoute", properties, origins=origin)


def _pair(add: Adder, suffix: str, what: str, table: str, attachment: str) -> None:
    properties = {
        "TransitGatewayRouteTableId": {"Ref": table},
        "TransitGatewayAttachmentId": {"Ref": attachment},
    }
    origins = {"TransitGatewayAttachmentId": "attach"}
    add(suffix, f"AWS::EC2::TransitGatewayRouteTable{what}", properties, origins=origins)


def _routes(ctx: Lowering, add: Adder, gateway: TransitGateway, place: VpcPlace, attachment: str) -> None:
    """The ways to the other VPCs in every table of one VPC; the default route of its tiers that leave here."""
    reached = [
        other for other in state(ctx).transit_attachments
        if other != place.name and not (other in gateway.isolated and place.name in gateway.isolated)
    ]  # fmt: skip
    peered = {n for p in ctx.architecture.network.peerings if place.name in p.between for n in p.between}
    to = {"TransitGatewayId": {"Ref": state(ctx).transit_gateway}}
    # a route may only name a gateway that the VPC is attached to
    after = {"DependsOn": [attachment]}
    for tier, held in place.tables.items():
        own = section_adder(ctx, (*place.base, "subnets", tier), "", tier)
        for table in held:
            for other in reached:
                # a peering has its own route to the same addresses already
                for number, cidr in enumerate(cidrs(state(ctx).vpcs[other]) if other not in peered else []):
                    suffix = f"{table}{logical_id(other)}Route{number + 1 if number else ''}"
                    properties = {"RouteTableId": {"Ref": table}, "DestinationCidrBlock": cidr, **to}
                    add(suffix, "AWS::EC2::Route", properties, attributes=after, origins={"TransitGatewayId": "attach"})
            if place.network.subnets[tier].egress == "transit_gateway":
                properties = {"RouteTableId": {"Ref": table}, "DestinationCidrBlock": ANY_IPV4, **to}
                origins = {"TransitGatewayId": "egress", "DestinationCidrBlock": "egress"}
                suffix = f"{table.removesuffix('RouteTable')}DefaultRoute"
                own(suffix, "AWS::EC2::Route", properties, attributes=after, origins=origins)
