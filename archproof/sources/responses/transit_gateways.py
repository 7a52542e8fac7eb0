"""Transit gateways: their attachments, route tables, routes, associations and propagations."""

from __future__ import annotations

from archproof.sources.responses._call import Per, listing
from archproof.sources.responses._item import Item, Props, only
from archproof.sources.responses._snapshot import Snapshot

KEYS = {
    "TransitGateways": "TransitGatewayId", "TransitGatewayVpcAttachments": "TransitGatewayAttachmentId",
    "TransitGatewayAttachments": "TransitGatewayAttachmentId",
    "TransitGatewayPeeringAttachments": "TransitGatewayAttachmentId",
    "TransitGatewayRouteTables": "TransitGatewayRouteTableId",
    "TransitGatewayStaticRoutes": "TransitGatewayRouteTableId",
    "TransitGatewayPropagations": "TransitGatewayRouteTableId",
    "TransitGatewayRouteTablePropagations": "TransitGatewayAttachmentId", "Associations": "TransitGatewayAttachmentId",
}  # fmt: skip
LATER = (
    "ec2:SearchTransitGatewayRoutes",
    "TransitGatewayAttachments", "TransitGatewayStaticRoutes", "TransitGatewayPropagations", "Associations",
    "TransitGatewayRouteTablePropagations",
)  # fmt: skip

_TABLES = Per(
    "DescribeTransitGatewayRouteTables", "TransitGatewayRouteTables[]",
    {"TransitGatewayRouteTableId": "TransitGatewayRouteTableId"},
)  # fmt: skip
CALLS = (
    listing("ec2", "DescribeTransitGateways", "TransitGateways", "AWS::EC2::TransitGateway"),
    listing(
        "ec2", "DescribeTransitGatewayVpcAttachments", "TransitGatewayVpcAttachments",
        "AWS::EC2::TransitGatewayAttachment",
    ),
    listing(
        "ec2", "DescribeTransitGatewayPeeringAttachments", "TransitGatewayPeeringAttachments",
        "AWS::EC2::TransitGatewayPeeringAttachment",
    ),
    listing(
        "ec2", "DescribeTransitGatewayRouteTables", "TransitGatewayRouteTables", "AWS::EC2::TransitGatewayRouteTable"
    ),
    listing("ec2", "SearchTransitGatewayRoutes", ".Routes", "AWS::EC2::TransitGatewayRoute", per=_TABLES,
            parameters={"Filters": [{"Name": "type", "Values": ["static"]}]}),
    listing("ec2", "GetTransitGatewayRouteTableAssociations", "Associations",
            "AWS::EC2::TransitGatewayRouteTableAssociation", per=_TABLES),
    listing("ec2", "GetTransitGatewayRouteTablePropagations", "TransitGatewayRouteTablePropagations",
            "AWS::EC2::TransitGatewayRouteTablePropagation", per=_TABLES),
)  # fmt: skip
_OPTIONS = (
    "AmazonSideAsn", "AutoAcceptSharedAttachments", "DefaultRouteTableAssociation", "DefaultRouteTablePropagation",
    "DnsSupport", "VpnEcmpSupport", "MulticastSupport", "SecurityGroupReferencingSupport",
    "TransitGatewayCidrBlocks", "AssociationDefaultRouteTableId",
    "PropagationDefaultRouteTableId",
)  # fmt: skip


def _gateway(item: Item, snapshot: Snapshot) -> None:
    props = item.props("Description", **{name: f"Options.{name}" for name in _OPTIONS[:-2]})
    arn = {"TransitGatewayArn": item.text("TransitGatewayArn")}
    snapshot.add(item, "AWS::EC2::TransitGateway", item.text("TransitGatewayId"), props, attributes=arn)


def _vpc_attachment(item: Item, snapshot: Snapshot) -> None:
    props = item.props("TransitGatewayId", "VpcId", "SubnetIds")
    options = only(item.get("Options"), "DnsSupport", "Ipv6Support", "ApplianceModeSupport",
                   "SecurityGroupReferencingSupport")  # fmt: skip
    if options:
        props.set("Options", options, "Options")
    snapshot.add(item, "AWS::EC2::TransitGatewayAttachment", item.text("TransitGatewayAttachmentId"), props)


def _peering_attachment(item: Item, snapshot: Snapshot) -> None:
    props = item.props(
        TransitGatewayId="RequesterTgwInfo.TransitGatewayId", PeerTransitGatewayId="AccepterTgwInfo.TransitGatewayId",
        PeerAccountId="AccepterTgwInfo.OwnerId", PeerRegion="AccepterTgwInfo.Region",
    )  # fmt: skip
    snapshot.add(item, "AWS::EC2::TransitGatewayPeeringAttachment", item.text("TransitGatewayAttachmentId"), props)


def _attachment(item: Item, snapshot: Snapshot) -> None:
    """Any attachment: what is known of it already gains its route table; one of a VPN is the connection's own."""
    id = item.text("TransitGatewayAttachmentId")
    attachment = snapshot.find("AWS::EC2::TransitGatewayAttachment", id) or snapshot.find(
        "AWS::EC2::TransitGatewayPeeringAttachment", id
    )
    kind, of = item.get("ResourceType"), item.text("ResourceId")
    if attachment is None and kind == "vpc":
        props = item.props("TransitGatewayId", VpcId="ResourceId")
        snapshot.add(item, "AWS::EC2::TransitGatewayAttachment", id, props)
    elif attachment is None and kind == "vpn":
        connection = snapshot.find("AWS::EC2::VPNConnection", of)
        if connection is not None and id:
            snapshot.ids.setdefault(id, (connection, "TransitGatewayAttachmentId"))
        elif id:
            snapshot.unreadable(item, f"the attachment {id} of the VPN connection {of}, which no file describes")
    elif attachment is None:
        snapshot.unreadable(item, f"the attachment {id} of a {kind}, which no file describes")
    table = item.text("Association.TransitGatewayRouteTableId")
    if table and id and item.get("Association.State") in ("associated", None):
        props = Props(item)
        props.take("TransitGatewayAttachmentId", "TransitGatewayAttachmentId")
        props.set("TransitGatewayRouteTableId", table, "Association", "TransitGatewayRouteTableId")
        _associate(item, props, snapshot)


def _associate(item: Item, props: Props, snapshot: Snapshot) -> None:
    table, id = props.values["TransitGatewayRouteTableId"], props.values["TransitGatewayAttachmentId"]
    gateways = snapshot.resources.of_type("AWS::EC2::TransitGateway")
    of = next((g for g in gateways if g.physical_id == item.get("TransitGatewayId")), None)
    by_default = of is not None and of.get("DefaultRouteTableAssociation") == "enable" and _is_default(table, snapshot)
    snapshot.add(
        item,
        "AWS::EC2::TransitGatewayRouteTableAssociation",
        f"{table}|{id}",
        props,
        call=_name(id, snapshot, "RouteTableAssociation"),
        made_by="aws" if by_default else None,
    )


def _is_default(table: str, snapshot: Snapshot) -> bool:
    held = snapshot.find("AWS::EC2::TransitGatewayRouteTable", table)
    return held is not None and held.made_by == "aws"


def _name(id: str | None, snapshot: Snapshot, end: str) -> str:
    """What is called after the resource of an id."""
    found = snapshot.ids.get(id or "")
    return f"{found[0].logical_id if found else id} {end}"


def _route_table(item: Item, snapshot: Snapshot) -> None:
    made = item.get("DefaultAssociationRouteTable") is True or item.get("DefaultPropagationRouteTable") is True
    snapshot.add(
        item, "AWS::EC2::TransitGatewayRouteTable", item.text("TransitGatewayRouteTableId"),
        item.props("TransitGatewayId"), made_by="aws" if made else None,
    )  # fmt: skip


def _routes(item: Item, snapshot: Snapshot) -> None:
    """The static routes of a table: `search-transit-gateway-routes` with the table's id beside them."""
    table = item.text("TransitGatewayRouteTableId") or item.asked.get("TransitGatewayRouteTableId")
    for route in item.each("Routes"):
        if route.get("Type") == "propagated":
            continue
        attachments = route.entries("TransitGatewayAttachments")
        props = route.props("DestinationCidrBlock")
        props.set("TransitGatewayRouteTableId", table)
        if attachments:
            path, attachment = attachments[0]
            props.set("TransitGatewayAttachmentId", attachment.get("TransitGatewayAttachmentId"), *path)
        if route.get("State") == "blackhole":
            props.set("Blackhole", True, "State")
        to = route.text("DestinationCidrBlock")
        snapshot.add(
            route,
            "AWS::EC2::TransitGatewayRoute",
            f"{table}|{to}",
            props,
            call=_name(table, snapshot, f"To {to} Route"),
        )


def _propagations(item: Item, snapshot: Snapshot) -> None:
    table = item.text("TransitGatewayRouteTableId")
    for entry in item.each("TransitGatewayRouteTablePropagations") or item.each("Propagations"):
        if entry.get("State") not in ("enabled", "enabling", None):
            continue
        props = entry.props("TransitGatewayAttachmentId")
        props.set("TransitGatewayRouteTableId", table)
        id = entry.text("TransitGatewayAttachmentId")
        snapshot.add(
            entry,
            "AWS::EC2::TransitGatewayRouteTablePropagation",
            f"{table}|{id}",
            props,
            call=_name(id, snapshot, "RouteTablePropagation"),
            made_by="aws" if _is_default(str(table), snapshot) else None,
        )


def _of_named_table(item: Item, snapshot: Snapshot, type: str) -> None:
    """An association or a propagation of the table that the file's name tells."""
    table = snapshot.told_by_path(item, "AWS::EC2::TransitGatewayRouteTable")
    if table is None:
        snapshot.unreadable(item, "whose route table it is stands in no field: name the file after the table's id")
        return
    props = item.props("TransitGatewayAttachmentId")
    props.set("TransitGatewayRouteTableId", table.physical_id)
    id = item.text("TransitGatewayAttachmentId")
    snapshot.add(
        item, type, f"{table.physical_id}|{id}", props, call=_name(id, snapshot, type[type.index("RouteTable") :]),
        made_by="aws" if snapshot.live and _is_default(str(table.physical_id), snapshot) else None,
    )  # fmt: skip


def _association(item: Item, snapshot: Snapshot) -> None:
    _of_named_table(item, snapshot, "AWS::EC2::TransitGatewayRouteTableAssociation")


def _propagation(item: Item, snapshot: Snapshot) -> None:
    _of_named_table(item, snapshot, "AWS::EC2::TransitGatewayRouteTablePropagation")


READERS = {
    "ec2:SearchTransitGatewayRoutes": _routes,
    "TransitGateways": _gateway,
    "TransitGatewayVpcAttachments": _vpc_attachment,
    "TransitGatewayAttachments": _attachment,
    "TransitGatewayPeeringAttachments": _peering_attachment,
    "TransitGatewayRouteTables": _route_table,
    "TransitGatewayStaticRoutes": _routes,
    "TransitGatewayPropagations": _propagations,
    "TransitGatewayRouteTablePropagations": _propagation,
    "Associations": _association,
}
