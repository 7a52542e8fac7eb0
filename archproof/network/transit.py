"""Reading transit gateways and VPNs: attachments, their tables, and the routes that propagation fills in."""

from __future__ import annotations

from typing import Any

from archproof.network.addresses import Span, parse
from archproof.network.fabric import Attachment, Entry, Fabric, TransitTable
from archproof.resources.resource import Resource, Resources
from archproof.resources.values import UNKNOWN, items, known, name_of

_ATTACHMENTS = ("AWS::EC2::TransitGatewayAttachment", "AWS::EC2::TransitGatewayVpcAttachment")
_DEFAULT = "default"


def read(resources: Resources, fabric: Fabric) -> None:
    """Add attachments and tables of transit gateways to `fabric`."""

    def name(resource: Resource, key: str) -> str | None:
        return name_of(resources, resource.get(key))

    for resource in resources.of_type("AWS::EC2::TransitGatewayRouteTable"):
        fabric.transit_tables[resource.logical_id] = TransitTable(resource.logical_id, resource)
    for resource in resources.of_type(*_ATTACHMENTS):
        subnets = [name_of(resources, s) for s in items(resources, resource.get("SubnetIds")) or ()]
        fabric.attachments[resource.logical_id] = Attachment(
            resource.logical_id, resource, name(resource, "TransitGatewayId"), name(resource, "VpcId"),
            tuple(s for s in subnets if s is not None),
        )  # fmt: skip
    for resource in resources.of_type("AWS::EC2::VPNConnection"):
        gateway = name(resource, "TransitGatewayId")
        if gateway is not None:
            fabric.attachments[resource.logical_id] = Attachment(
                resource.logical_id, resource, gateway, vpn=resource.logical_id
            )
    _behind(resources, fabric)
    _defaults(resources, fabric)
    for resource in resources.of_type("AWS::EC2::TransitGatewayRouteTableAssociation"):
        attachment = fabric.attachments.get(name(resource, "TransitGatewayAttachmentId") or "")
        if attachment is not None:
            attachment.table = name(resource, "TransitGatewayRouteTableId")
            attachment.table_known = attachment.table in fabric.transit_tables
    for resource in resources.of_type("AWS::EC2::TransitGatewayRouteTablePropagation"):
        table = fabric.transit_tables.get(name(resource, "TransitGatewayRouteTableId") or "")
        attachment = fabric.attachments.get(name(resource, "TransitGatewayAttachmentId") or "")
        if table is not None and attachment is not None:
            _propagate(resources, fabric, table, attachment, resource)
    for resource in resources.of_type("AWS::EC2::TransitGatewayRoute"):
        table = fabric.transit_tables.get(name(resource, "TransitGatewayRouteTableId") or "")
        block = known(resources, resource.get("DestinationCidrBlock"))
        if table is None:
            continue
        blackhole = known(resources, resource.get("Blackhole")) in (True, "true")
        target = None if blackhole else name(resource, "TransitGatewayAttachmentId")
        where = parse(block) if isinstance(block, str) else None
        table.entries.append(Entry(where, "blackhole" if blackhole else "transit_gateway", target, resource))
        table.complete = table.complete and where is not None


def _behind(resources: Resources, fabric: Fabric) -> None:
    """What lies behind VPN gateways and connections, where static routes alone say it."""
    by_gateway: dict[str, list[Resource]] = {g.logical_id: [] for g in resources.of_type("AWS::EC2::VPNGateway")}
    for connection in resources.of_type("AWS::EC2::VPNConnection"):
        if _is_static(resources, connection):
            fabric.behind[connection.logical_id] = _spans(resources, [connection])
        by_gateway.get(name_of(resources, connection.get("VpnGatewayId")) or "", []).append(connection)
    for gateway, connections in by_gateway.items():
        if connections and all(_is_static(resources, c) for c in connections):
            fabric.behind[gateway] = _spans(resources, connections)


def _spans(resources: Resources, connections: list[Resource]) -> tuple[Span, ...]:
    blocks = [b for c in connections for b in _static(resources, c)]
    return tuple(s for s in map(parse, blocks) if s is not None)


def _defaults(resources: Resources, fabric: Fabric) -> None:
    """The default table of a gateway that has one: every attachment is associated with it and fills it."""
    for gateway in resources.of_type("AWS::EC2::TransitGateway"):
        associates, propagates = (
            known(resources, gateway.get(key)) != "disable"
            for key in ("DefaultRouteTableAssociation", "DefaultRouteTablePropagation")
        )
        if not (associates or propagates):
            continue
        members = [a for a in fabric.attachments.values() if a.gateway == gateway.logical_id]
        table = TransitTable(f"{_DEFAULT}:{gateway.logical_id}", gateway)
        fabric.transit_tables[table.id] = table
        for attachment in members:
            if associates:
                attachment.table = table.id
            if propagates:
                _propagate(resources, fabric, table, attachment, gateway)


def _propagate(
    resources: Resources, fabric: Fabric, table: TransitTable, attachment: Attachment, said_by: Resource
) -> None:
    """Fill a table with the addresses of what is attached."""
    vpc = fabric.vpcs.get(attachment.vpc or "")
    if vpc is not None:
        table.entries += [
            Entry(s, "transit_gateway", attachment.id, said_by, propagated=True) for s in vpc.spans if s.version == 4
        ]
        table.complete = table.complete and vpc.complete
    elif attachment.vpn is not None:
        connection = resources[attachment.vpn]
        blocks = _static(resources, connection)
        table.entries += [Entry(parse(b), "transit_gateway", attachment.id, said_by, propagated=True) for b in blocks]
        table.complete = table.complete and _is_static(resources, connection)
    else:
        table.complete = False


def propagated(resources: Resources, gateway: str, said_by: Resource) -> list[Entry]:
    """The routes that a VPN gateway puts into a table that it propagates to."""
    found = []
    for connection in resources.of_type("AWS::EC2::VPNConnection"):
        if name_of(resources, connection.get("VpnGatewayId")) == gateway:
            found += [
                Entry(parse(block), "vpn_gateway", gateway, said_by, propagated=True)
                for block in _static(resources, connection)
            ]
    return found


def learns(resources: Resources, gateway: str) -> bool:
    """Whether a VPN gateway learns routes by BGP, of which no resource speaks."""
    return any(
        name_of(resources, c.get("VpnGatewayId")) == gateway and not _is_static(resources, c)
        for c in resources.of_type("AWS::EC2::VPNConnection")
    )


def _is_static(resources: Resources, connection: Resource) -> bool:
    return known(resources, connection.get("StaticRoutesOnly")) in (True, "true")


def _static(resources: Resources, connection: Resource) -> list[str]:
    """The blocks behind a VPN that its static routes name."""
    blocks: list[Any] = [
        known(resources, route.get("DestinationCidrBlock"))
        for route in resources.users(connection, "AWS::EC2::VPNConnectionRoute")
    ]
    return [b for b in blocks if b is not UNKNOWN and isinstance(b, str)]
