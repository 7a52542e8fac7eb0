"""VPCs, subnets, route tables, gateways, peerings, endpoints and prefix lists."""

from __future__ import annotations

from archproof.sources.responses._call import ALL, Call, Per, listing
from archproof.sources.responses._item import Item, Props
from archproof.sources.responses._snapshot import Snapshot, detail, nothing, plain

KEYS = {
    "Vpcs": "VpcId", "Subnets": "SubnetId", "RouteTables": "RouteTableId", "InternetGateways": "InternetGatewayId",
    "NatGateways": "NatGatewayId", "EgressOnlyInternetGateways": "EgressOnlyInternetGatewayId",
    "VpnGateways": "VpnGatewayId", "CustomerGateways": "CustomerGatewayId", "VpnConnections": "VpnConnectionId",
    "VpcPeeringConnections": "VpcPeeringConnectionId", "VpcEndpoints": "VpcEndpointId", "PrefixLists": "PrefixListId",
    "DhcpOptions": "DhcpOptionsId", "Addresses": "AllocationId", "FlowLogs": "FlowLogId",
    "AvailabilityZones": "ZoneName", "ServiceDetails": "ServiceName", "ServiceNames": "", "Regions": "RegionName",
    ".EnableDnsSupport VpcId": "EnableDnsSupport", ".EnableDnsHostnames VpcId": "EnableDnsHostnames",
    "CarrierGateways": "CarrierGatewayId",
}  # fmt: skip
LATER = (
    "RouteTables", "FlowLogs", ".EnableDnsSupport VpcId", ".EnableDnsHostnames VpcId",
    "ec2:GetManagedPrefixListEntries",
)  # fmt: skip
_EC2 = "AWS::EC2::"
_NETWORK = (
    ("DescribeVpcs", "Vpcs", "VPC VPCCidrBlock VPCDHCPOptionsAssociation"),
    ("DescribeSubnets", "Subnets", "Subnet"),
    ("DescribeRouteTables", "RouteTables",
     "RouteTable Route SubnetRouteTableAssociation GatewayRouteTableAssociation VPNGatewayRoutePropagation"),
    ("DescribeInternetGateways", "InternetGateways", "InternetGateway VPCGatewayAttachment"),
    ("DescribeNatGateways", "NatGateways", "NatGateway"),
    ("DescribeEgressOnlyInternetGateways", "EgressOnlyInternetGateways", "EgressOnlyInternetGateway"),
    ("DescribeCarrierGateways", "CarrierGateways", "CarrierGateway"),
    ("DescribeVpnGateways", "VpnGateways", "VPNGateway VPCGatewayAttachment"),
    ("DescribeCustomerGateways", "CustomerGateways", "CustomerGateway"),
    ("DescribeVpnConnections", "VpnConnections", "VPNConnection VPNConnectionRoute"),
    ("DescribeVpcPeeringConnections", "VpcPeeringConnections", "VPCPeeringConnection"),
    ("DescribeVpcEndpoints", "VpcEndpoints", "VPCEndpoint"),
    ("DescribeManagedPrefixLists", "PrefixLists", "PrefixList"),
    ("DescribeDhcpOptions", "DhcpOptions", "DHCPOptions"),
    ("DescribeAddresses", "Addresses", "EIP EIPAssociation"),
    ("DescribeFlowLogs", "FlowLogs", "FlowLog"),
)  # fmt: skip
_MORE = {
    "Subnet": ("Ipv6CidrBlock",), "NatGateway": ("AllocationId", "PrivateIpAddress"),
    "VPCEndpoint": ("SecurityGroupIds",), "Route": ("VpcEndpointId", "NetworkInterfaceId", "InstanceId"),
    "VPCPeeringConnection": ("PeerOwnerId", "PeerRegion"),
}  # fmt: skip
"""Properties that a reader takes only where the answer has them."""
_VPCS = Per("DescribeVpcs", "Vpcs[]", {"VpcId": "VpcId"})
CALLS = (
    *(
        listing("ec2", operation, key, *(_EC2 + t for t in types.split()),
                gives={_EC2 + t: (ALL, "Tags", *_MORE.get(t, ())) for t in types.split()})
        for operation, key, types in _NETWORK
    ),
    *(
        Call("ec2", "DescribeVpcAttribute", f".{name} VpcId", gives={"AWS::EC2::VPC": (name,)}, per=_VPCS,
             parameters={"Attribute": name[0].lower() + name[1:]})
        for name in ("EnableDnsSupport", "EnableDnsHostnames")
    ),
    Call("ec2", "GetManagedPrefixListEntries", ".Entries", gives={"AWS::EC2::PrefixList": ("Entries",)},
         per=Per("DescribeManagedPrefixLists", "PrefixLists[?OwnerId!='AWS']", {"PrefixListId": "PrefixListId"})),
)  # fmt: skip

_ROUTE = (
    "DestinationCidrBlock", "DestinationIpv6CidrBlock", "DestinationPrefixListId", "NatGatewayId",
    "EgressOnlyInternetGatewayId", "VpcPeeringConnectionId", "TransitGatewayId", "CarrierGatewayId", "LocalGatewayId",
    "CoreNetworkArn",
)  # fmt: skip


def _vpc(item: Item, snapshot: Snapshot) -> None:
    props = item.props("CidrBlock", "InstanceTenancy")
    made_by = "aws" if item.get("IsDefault") is True else None
    vpc = snapshot.add(item, "AWS::EC2::VPC", item.text("VpcId"), props, made_by=made_by)
    if vpc is None:
        return
    if snapshot.live:
        _options_of(item, made_by, snapshot)
    for path, block in [*item.entries("CidrBlockAssociationSet"), *item.entries("Ipv6CidrBlockAssociationSet")]:
        said = block.get("CidrBlock") or block.get("Ipv6CidrBlock")
        state = block.get("CidrBlockState") or block.get("Ipv6CidrBlockState") or {}
        if said == item.get("CidrBlock") or state.get("State") not in ("associated", None):
            continue
        more = Props(item)
        more.set("VpcId", item.get("VpcId"), "VpcId")
        more.set("CidrBlock" if "CidrBlock" in block else "Ipv6CidrBlock", said, *path)
        if block.get("Ipv6Pool") == "Amazon":
            more.values.pop("Ipv6CidrBlock")
            more.set("AmazonProvidedIpv6CidrBlock", True, *path)
        snapshot.add(
            item, "AWS::EC2::VPCCidrBlock", block.get("AssociationId"), more, call=f"{vpc.logical_id}Cidr {said}",
            origin=path, made_by=made_by,
        )  # fmt: skip


def _options_of(item: Item, made_by: str | None, snapshot: Snapshot) -> None:
    """The DHCP options of a VPC, which a template associates."""
    props = Props(item)
    for name in ("VpcId", "DhcpOptionsId"):
        props.take(name, name)
    snapshot.add(
        item, "AWS::EC2::VPCDHCPOptionsAssociation", f"{item.get('DhcpOptionsId')}|{item.get('VpcId')}", props,
        made_by=made_by, implied=True,
    )  # fmt: skip


def _subnet(item: Item, snapshot: Snapshot) -> None:
    props = item.props(
        "VpcId", "CidrBlock", "AvailabilityZone", "MapPublicIpOnLaunch", "AssignIpv6AddressOnCreation",
        "Ipv6Native", "OutpostArn",
    )  # fmt: skip
    for path, block in item.entries("Ipv6CidrBlockAssociationSet"):
        if (block.get("Ipv6CidrBlockState") or {}).get("State", "associated") == "associated":
            props.set("Ipv6CidrBlock", block.get("Ipv6CidrBlock"), *path)
    made_by = "aws" if item.get("DefaultForAz") is True else None
    snapshot.add(item, "AWS::EC2::Subnet", item.text("SubnetId"), props, made_by=made_by)


def _route_table(item: Item, snapshot: Snapshot) -> None:
    associations = item.each("Associations")
    main = any(a.get("Main") is True for a in associations)
    made_by = "aws" if main else None
    table = snapshot.add(
        item, "AWS::EC2::RouteTable", item.text("RouteTableId"), item.props("VpcId"), made_by=made_by,
        call=_main_name(item, snapshot) if main else None,
    )  # fmt: skip
    if table is None:
        return
    for route in item.each("Routes"):
        _route(route, item, table.logical_id, snapshot)
    for path, gateway in item.entries("PropagatingVgws"):
        props = Props(item)
        props.set("RouteTableIds", [item.get("RouteTableId")], "RouteTableId")
        props.set("VpnGatewayId", gateway.get("GatewayId"), *path)
        snapshot.add(
            item, "AWS::EC2::VPNGatewayRoutePropagation", f"{item.text('RouteTableId')}|{gateway.get('GatewayId')}",
            props, call=f"{table.logical_id} Propagation", origin=path,
        )  # fmt: skip
    for association in associations:
        if association.text("SubnetId"):
            props = association.props("SubnetId", "RouteTableId")
            _associate(association, props, association.text("RouteTableAssociationId"), table.logical_id, snapshot)
        elif association.text("GatewayId"):
            snapshot.add(
                association, "AWS::EC2::GatewayRouteTableAssociation", association.text("RouteTableAssociationId"),
                association.props("GatewayId", "RouteTableId"), call=f"{table.logical_id} Gateway",
            )  # fmt: skip


def _associate(item: Item, props: Props, id: str | None, table: str, snapshot: Snapshot, implied: bool = False) -> None:
    subnet = snapshot.find("AWS::EC2::Subnet", props.values["SubnetId"])
    of = subnet.logical_id if subnet else props.values["SubnetId"]
    snapshot.add(
        item, "AWS::EC2::SubnetRouteTableAssociation", id, props, call=f"{of} RouteTableAssociation", implied=implied,
        made_by="aws" if implied else None,
    )  # fmt: skip


def _main_name(item: Item, snapshot: Snapshot) -> str | None:
    tagged = any(t.get("Key") == "Name" and t.get("Value") for _, t in item.entries("Tags"))
    vpc = snapshot.find("AWS::EC2::VPC", item.text("VpcId"))
    return f"{vpc.logical_id} MainRouteTable" if vpc and not tagged else None


def finish(snapshot: Snapshot) -> None:
    """Associate the subnets that no table names with their VPC's main table, as AWS does."""
    if snapshot.live:
        return
    named = {r.get("SubnetId") for r in snapshot.resources.of_type("AWS::EC2::SubnetRouteTableAssociation")}
    mains = {
        t.get("VpcId"): t for t in snapshot.resources.of_type("AWS::EC2::RouteTable") if t.physical_id in snapshot.mains
    }
    for subnet in list(snapshot.resources.of_type("AWS::EC2::Subnet")):
        table = mains.get(subnet.get("VpcId"))
        if table is None or subnet.physical_id in named:
            continue
        item = snapshot.mains[str(table.physical_id)]
        props = Props(item)
        props.set("SubnetId", subnet.physical_id)
        props.set("RouteTableId", table.physical_id, "RouteTableId")
        _associate(item, props, f"{table.physical_id}|{subnet.physical_id}", table.logical_id, snapshot, implied=True)


def _route(route: Item, table: Item, called: str, snapshot: Snapshot) -> None:
    """One route; those that a VPN propagates or an endpoint writes are told by what writes them."""
    if route.get("Origin") == "EnableVgwRoutePropagation":
        return
    gateway, made_by = route.text("GatewayId"), None
    if gateway is not None and gateway.startswith("vpce-"):
        if route.text("DestinationPrefixListId") and "VpcEndpoints" in (snapshot.resources.lists or ()):
            return
        props = route.props(*_ROUTE, VpcEndpointId="GatewayId")
    else:
        props = route.props(*_ROUTE, "GatewayId")
        if not any(key in props.values for key in _ROUTE[3:]) and not gateway:
            # an instance has its interface beside it, and one of the two is enough
            props.take("NetworkInterfaceId", "NetworkInterfaceId")
            if not props.values.get("NetworkInterfaceId"):
                props.take("InstanceId", "InstanceId")
    if gateway == "local" or route.get("Origin") == "CreateRouteTable":
        made_by = "aws"
    props.set("RouteTableId", table.get("RouteTableId"))
    to = next((props.values[k] for k in _ROUTE[:3] if k in props.values), None)
    words = {"0.0.0.0/0": "Default", "::/0": "DefaultIpv6"}.get(str(to), f"To {to}")
    if made_by:
        words = f"Local {to}"
    snapshot.add(
        route, "AWS::EC2::Route", f"{table.text('RouteTableId')}|{to}", props, call=f"{called} {words} Route",
        made_by=made_by,
    )  # fmt: skip


def _internet_gateway(item: Item, snapshot: Snapshot) -> None:
    gateway = snapshot.add(item, "AWS::EC2::InternetGateway", item.text("InternetGatewayId"), item.props())
    _attach(item, "InternetGatewayId", "Attachments", gateway.logical_id if gateway else None, snapshot)


def _vpn_gateway(item: Item, snapshot: Snapshot) -> None:
    props = item.props("Type", "AmazonSideAsn")
    gateway = snapshot.add(item, "AWS::EC2::VPNGateway", item.text("VpnGatewayId"), props)
    _attach(item, "VpnGatewayId", "VpcAttachments", gateway.logical_id if gateway else None, snapshot)


def _attach(item: Item, id: str, path: str, called: str | None, snapshot: Snapshot) -> None:
    for attachment in item.each(path):
        if attachment.get("State") not in ("attached", "available", "attaching", None):
            continue
        props = attachment.props("VpcId")
        props.set(id, item.get(id))
        snapshot.add(
            attachment, "AWS::EC2::VPCGatewayAttachment", f"{item.text(id)}|{attachment.text('VpcId')}", props,
            call=f"{called} Attachment",
        )  # fmt: skip


def _nat_gateway(item: Item, snapshot: Snapshot) -> None:
    props = item.props("SubnetId", "ConnectivityType")
    for path, address in item.entries("NatGatewayAddresses")[:1]:
        for name in ("AllocationId", "PrivateIp"):
            if address.get(name):
                props.set("PrivateIpAddress" if name == "PrivateIp" else name, address[name], *path, name)
    snapshot.add(item, "AWS::EC2::NatGateway", item.text("NatGatewayId"), props)


def _egress_only(item: Item, snapshot: Snapshot) -> None:
    props = item.props()
    for path, attachment in item.entries("Attachments")[:1]:
        props.set("VpcId", attachment.get("VpcId"), *path, "VpcId")
    snapshot.add(item, "AWS::EC2::EgressOnlyInternetGateway", item.text("EgressOnlyInternetGatewayId"), props)


def _vpn_connection(item: Item, snapshot: Snapshot) -> None:
    props = item.props(
        "Type", "CustomerGatewayId", "VpnGatewayId", "TransitGatewayId", StaticRoutesOnly="Options.StaticRoutesOnly"
    )
    connection = snapshot.add(item, "AWS::EC2::VPNConnection", item.text("VpnConnectionId"), props)
    for route in item.each("Routes"):
        if connection is not None and route.get("State") != "deleted":
            said = route.props("DestinationCidrBlock")
            said.set("VpnConnectionId", item.get("VpnConnectionId"))
            to = route.text("DestinationCidrBlock")
            snapshot.add(
                route, "AWS::EC2::VPNConnectionRoute", f"{item.text('VpnConnectionId')}|{to}", said,
                call=f"{connection.logical_id} To {to} Route",
            )  # fmt: skip


def _peering(item: Item, snapshot: Snapshot) -> None:
    props = item.props(VpcId="RequesterVpcInfo.VpcId", PeerVpcId="AccepterVpcInfo.VpcId")
    for name, key in (("PeerOwnerId", "OwnerId"), ("PeerRegion", "Region")):
        here, there = item.get(f"RequesterVpcInfo.{key}"), item.get(f"AccepterVpcInfo.{key}")
        if there and here != there:
            props.take(name, f"AccepterVpcInfo.{key}")
    snapshot.add(item, "AWS::EC2::VPCPeeringConnection", item.text("VpcPeeringConnectionId"), props)


def _endpoint(item: Item, snapshot: Snapshot) -> None:
    props = item.props("VpcId", "ServiceName", "VpcEndpointType", "RouteTableIds", "SubnetIds", "PrivateDnsEnabled")
    props.document("PolicyDocument", "PolicyDocument")
    groups = [g.get("GroupId") for _, g in item.entries("Groups") if g.get("GroupId")]
    if groups:
        props.set("SecurityGroupIds", groups, "Groups")
    called = f"{(item.text('ServiceName') or '').rpartition('.')[2]} Endpoint"
    made_by = "aws" if item.get("RequesterManaged") is True else None
    snapshot.add(
        item, "AWS::EC2::VPCEndpoint", item.text("VpcEndpointId"), props,
        call=None if "Tags" in props.values else called, made_by=made_by,
    )  # fmt: skip


def _prefix_list(item: Item, snapshot: Snapshot) -> None:
    """A prefix list: AWS's own with its blocks, or one of the account (its entries come from another command)."""
    own = item.get("OwnerId") not in (None, "AWS")
    props = item.props("PrefixListName", "MaxEntries", "AddressFamily")
    blocks = item.get("Cidrs")
    if isinstance(blocks, list):
        props.set("Entries", [{"Cidr": block} for block in blocks], "Cidrs")
        props.values.setdefault("AddressFamily", "IPv6" if any(":" in str(b) for b in blocks) else "IPv4")
    snapshot.add(
        item, "AWS::EC2::PrefixList", item.text("PrefixListId"), props, name=item.text("PrefixListName"),
        call=f"{item.text('PrefixListName')} PrefixList", made_by=None if own else "aws",
    )  # fmt: skip


def _dhcp(item: Item, snapshot: Snapshot) -> None:
    names = {
        "domain-name": "DomainName", "domain-name-servers": "DomainNameServers", "ntp-servers": "NtpServers",
        "netbios-name-servers": "NetbiosNameServers", "netbios-node-type": "NetbiosNodeType",
    }  # fmt: skip
    props = item.props()
    for path, entry in item.entries("DhcpConfigurations"):
        values = [v.get("Value") for v in entry.get("Values") or () if isinstance(v, dict)]
        name = names.get(str(entry.get("Key")))
        if name and values:
            props.set(name, values if name.endswith("Servers") else values[0], *path)
    snapshot.add(item, "AWS::EC2::DHCPOptions", item.text("DhcpOptionsId"), props)


def _address(item: Item, snapshot: Snapshot) -> None:
    props = item.props("Domain", "PublicIpv4Pool", "NetworkBorderGroup")
    if not snapshot.live:
        props.values.pop("NetworkBorderGroup", None)
    if props.values.get("PublicIpv4Pool") == "amazon":
        props.values.pop("PublicIpv4Pool")
    id, public = item.text("AllocationId"), item.text("PublicIp")
    address = snapshot.add(item, "AWS::EC2::EIP", id, props, ref=public, attributes={"AllocationId": id})
    if address is None or not item.text("AssociationId"):
        return
    more = Props(item)
    more.set("AllocationId", id, "AllocationId")
    requested_by_service = item.get("NetworkInterfaceOwnerId") not in (None, item.account)
    if item.text("InstanceId"):
        more.take("InstanceId", "InstanceId")
    else:
        more.take("NetworkInterfaceId", "NetworkInterfaceId")
    more.take("PrivateIpAddress", "PrivateIpAddress")
    snapshot.add(
        item, "AWS::EC2::EIPAssociation", item.text("AssociationId"), more, call=f"{address.logical_id} Association",
        made_by="aws" if requested_by_service else None,
    )  # fmt: skip


def _flow_log(item: Item, snapshot: Snapshot) -> None:
    props = item.props(
        "ResourceId", "TrafficType", "LogDestinationType", "LogDestination", "LogGroupName", "LogFormat",
        "DeliverLogsPermissionArn", "MaxAggregationInterval",
    )  # fmt: skip
    kinds = {"vpc": "VPC", "subnet": "Subnet", "eni": "NetworkInterface", "tgw": "TransitGateway"}
    prefix = str(item.get("ResourceId")).partition("-")[0]
    props.set("ResourceType", kinds.get(prefix, "VPC"), "ResourceId")
    snapshot.add(item, "AWS::EC2::FlowLog", item.text("FlowLogId"), props)


def _remember_main(item: Item, snapshot: Snapshot) -> None:
    if any(a.get("Main") is True for _, a in item.entries("Associations")):
        snapshot.mains[str(item.get("RouteTableId"))] = item
    _route_table(item, snapshot)


def _vpc_attribute(item: Item, snapshot: Snapshot) -> None:
    """`describe-vpc-attribute`: one attribute of one VPC."""
    vpc = snapshot.find("AWS::EC2::VPC", item.text("VpcId"))
    props = Props(item)
    for name in ("EnableDnsSupport", "EnableDnsHostnames"):
        props.take(name, f"{name}.Value")
    if vpc is not None and props.values:
        snapshot.extend(vpc, item, props)


READERS = {
    ".EnableDnsSupport VpcId": _vpc_attribute,
    ".EnableDnsHostnames VpcId": _vpc_attribute,
    "ec2:GetManagedPrefixListEntries": detail("AWS::EC2::PrefixList", "Entries"),
    "CarrierGateways": plain("AWS::EC2::CarrierGateway", "CarrierGatewayId", "VpcId"),
    "Vpcs": _vpc,
    "Subnets": _subnet,
    "RouteTables": _remember_main,
    "InternetGateways": _internet_gateway,
    "NatGateways": _nat_gateway,
    "EgressOnlyInternetGateways": _egress_only,
    "VpnGateways": _vpn_gateway,
    "CustomerGateways": plain(
        "AWS::EC2::CustomerGateway", "CustomerGatewayId", "BgpAsn", "IpAddress", "Type", "DeviceName", "CertificateArn"
    ),
    "VpnConnections": _vpn_connection,
    "VpcPeeringConnections": _peering,
    "VpcEndpoints": _endpoint,
    "PrefixLists": _prefix_list,
    "DhcpOptions": _dhcp,
    "Addresses": _address,
    "FlowLogs": _flow_log,
    "AvailabilityZones": nothing,
    "ServiceDetails": nothing,
    "ServiceNames": nothing,
    "Regions": nothing,
}
