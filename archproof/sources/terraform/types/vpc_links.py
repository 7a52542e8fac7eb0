"""What joins VPCs to services and to other networks: endpoints, peering, transit gateways, VPN."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archproof.sources.terraform.made import forget
from archproof.sources.terraform.mapping import Mapping, Merge, to, unless

if TYPE_CHECKING:
    from archproof.sources.terraform.made import Made

TYPES = (
    "aws_vpc_endpoint", "aws_vpc_endpoint_service", "aws_vpc_endpoint_policy",
    "aws_vpc_endpoint_route_table_association", "aws_vpc_endpoint_subnet_association",
    "aws_vpc_endpoint_security_group_association", "aws_vpc_endpoint_service_allowed_principal",
    "aws_vpc_peering_connection", "aws_vpc_peering_connection_accepter", "aws_vpc_peering_connection_options",
    "aws_ec2_transit_gateway", "aws_ec2_transit_gateway_vpc_attachment", "aws_ec2_transit_gateway_route_table",
    "aws_ec2_transit_gateway_route", "aws_ec2_transit_gateway_route_table_association",
    "aws_ec2_transit_gateway_route_table_propagation", "aws_vpn_gateway", "aws_vpn_gateway_attachment",
    "aws_vpn_gateway_route_propagation", "aws_customer_gateway", "aws_vpn_connection", "aws_vpn_connection_route",
)  # fmt: skip


def _endpoint(made: Made) -> None:
    """A state tells of each kind of endpoint what only the others have."""
    kind = made.resource.get("VpcEndpointType", default="Gateway")
    gone = ("PrivateDnsEnabled", "SecurityGroupIds", "SubnetIds") if kind == "Gateway" else ("RouteTableIds",)
    for name in gone:
        forget(made.resource, (name,))


def _adds(path: str, argument: str) -> Any:
    def finish(made: Made) -> None:
        value = made.value(argument)
        if value not in (made.resource.get(path) or []):
            made.add(path, value, argument)

    return finish


def _peering(made: Made) -> None:
    """A peering of the own account and region says neither."""
    if made.resource.get("PeerOwnerId") == made.translation.resources.account:
        forget(made.resource, ("PeerOwnerId",))


def _vpn_gateway(made: Made) -> None:
    network = made.value("vpc_id")
    if network is not None:
        properties = {"VpcId": network, "VpnGatewayId": made.ref()}
        made.extra("Attachment", "AWS::EC2::VPCGatewayAttachment", properties, "vpc_id")
    made.set("Type", "ipsec.1")


def _tunnels(made: Made) -> None:
    """The options of each tunnel have arguments of their own."""
    options = {"inside_cidr": "TunnelInsideCidr", "preshared_key": "PreSharedKey",
               "dpd_timeout_action": "DPDTimeoutAction", "dpd_timeout_seconds": "DPDTimeoutSeconds",
               "startup_action": "StartupAction"}  # fmt: skip
    given = made.item.given
    for number in (1, 2):
        found = {}
        for argument, name in options.items():
            full = f"tunnel{number}_{argument}"
            computed = given is None and argument in ("inside_cidr", "preshared_key")
            value = None if computed or (given is not None and full not in given) else made.value(full)
            if value:
                found[name] = value
        if found:
            made.add("VpnTunnelOptionsSpecifications", found, f"tunnel{number}_inside_cidr")


_SERVICE = "-auto_accept -timeouts"
_ENDPOINT_MERGE = Merge("vpc_endpoint_id", "aws_vpc_endpoint")
_TABLE = "transit_gateway_route_table_id transit_gateway_attachment_id"

MAPPINGS = {
    "aws_vpc_endpoint": Mapping(
        "AWS::EC2::VPCEndpoint",
        "vpc_id service_name vpc_endpoint_type subnet_ids security_group_ids route_table_ids private_dns_enabled "
        "policy=PolicyDocument:json ip_address_type service_region resource_configuration_arn service_network_arn "
        f"{_SERVICE}",
        attributes="id network_interface_ids=NetworkInterfaceIds",
        finish=_endpoint,
    ),
    "aws_vpc_endpoint_service": Mapping(
        "AWS::EC2::VPCEndpointService",
        "acceptance_required network_load_balancer_arns gateway_load_balancer_arns private_dns_name "
        "supported_ip_address_types supported_regions -allowed_principals",
        attributes="id service_name=sub:com.amazonaws.vpce.${AWS::Region}.${.}",
    ),
    "aws_vpc_endpoint_service_allowed_principal": Mapping(
        "AWS::EC2::VPCEndpointServicePermissions",
        "vpc_endpoint_service_id=ServiceId",
        {"principal_arn": to("AllowedPrincipals", lambda value: [value], symbolic=True)},
        tags="",
    ),
    "aws_vpc_endpoint_policy": Mapping(
        None, "policy=PolicyDocument:json +vpc_endpoint_id", tags="", merge=_ENDPOINT_MERGE
    ),
    "aws_vpc_endpoint_route_table_association": Mapping(
        None,
        "+vpc_endpoint_id +route_table_id",
        tags="",
        merge=_ENDPOINT_MERGE,
        finish=_adds("RouteTableIds", "route_table_id"),
    ),
    "aws_vpc_endpoint_subnet_association": Mapping(
        None, "+vpc_endpoint_id +subnet_id", tags="", merge=_ENDPOINT_MERGE, finish=_adds("SubnetIds", "subnet_id")
    ),
    "aws_vpc_endpoint_security_group_association": Mapping(
        None,
        "+vpc_endpoint_id +security_group_id -replace_default_association",
        tags="",
        merge=_ENDPOINT_MERGE,
        finish=_adds("SecurityGroupIds", "security_group_id"),
    ),
    "aws_vpc_peering_connection": Mapping(
        "AWS::EC2::VPCPeeringConnection",
        f"vpc_id peer_vpc_id peer_owner_id peer_region -accepter -requester {_SERVICE}",
        finish=_peering,
    ),
    "aws_vpc_peering_connection_accepter": Mapping(
        None,
        f"+vpc_peering_connection_id -accepter -requester {_SERVICE}",
        attributes="id==vpc_peering_connection_id vpc_peering_connection_id==vpc_peering_connection_id",
        tags="",
        merge=Merge("vpc_peering_connection_id", "aws_vpc_peering_connection"),
        why="the acceptance of a peering from another account, which CloudFormation leaves to the other side",
    ),
    "aws_vpc_peering_connection_options": Mapping(
        None,
        "+vpc_peering_connection_id -accepter -requester",
        tags="",
        merge=Merge("vpc_peering_connection_id", "aws_vpc_peering_connection aws_vpc_peering_connection_accepter"),
    ),
    "aws_ec2_transit_gateway": Mapping(
        "AWS::EC2::TransitGateway",
        "amazon_side_asn description auto_accept_shared_attachments default_route_table_association "
        "default_route_table_propagation dns_support vpn_ecmp_support multicast_support transit_gateway_cidr_blocks "
        "security_group_referencing_support",
        attributes="id arn=TransitGatewayArn association_default_route_table_id=AssociationDefaultRouteTableId "
        "propagation_default_route_table_id=PropagationDefaultRouteTableId",
    ),
    "aws_ec2_transit_gateway_vpc_attachment": Mapping(
        "AWS::EC2::TransitGatewayAttachment",
        "transit_gateway_id vpc_id subnet_ids appliance_mode_support=Options.ApplianceModeSupport "
        "dns_support=Options.DnsSupport ipv6_support=Options.Ipv6Support "
        "security_group_referencing_support=Options.SecurityGroupReferencingSupport "
        "-transit_gateway_default_route_table_association -transit_gateway_default_route_table_propagation",
    ),
    "aws_ec2_transit_gateway_route_table": Mapping("AWS::EC2::TransitGatewayRouteTable", "transit_gateway_id"),
    "aws_ec2_transit_gateway_route": Mapping(
        "AWS::EC2::TransitGatewayRoute", f"destination_cidr_block blackhole:true {_TABLE}", tags=""
    ),
    "aws_ec2_transit_gateway_route_table_association": Mapping(
        "AWS::EC2::TransitGatewayRouteTableAssociation", f"{_TABLE} -replace_existing_association", tags=""
    ),
    "aws_ec2_transit_gateway_route_table_propagation": Mapping(
        "AWS::EC2::TransitGatewayRouteTablePropagation", _TABLE, tags=""
    ),
    "aws_vpn_gateway": Mapping(
        "AWS::EC2::VPNGateway",
        "amazon_side_asn:integer +vpc_id -availability_zone",
        attributes="id=VPNGatewayId",
        finish=_vpn_gateway,
    ),
    "aws_vpn_gateway_attachment": Mapping("AWS::EC2::VPCGatewayAttachment", "vpc_id vpn_gateway_id", tags=""),
    "aws_vpn_gateway_route_propagation": Mapping(
        "AWS::EC2::VPNGatewayRoutePropagation",
        "vpn_gateway_id",
        {"route_table_id": to("RouteTableIds", lambda value: [value], symbolic=True)},
        tags="",
    ),
    "aws_customer_gateway": Mapping(
        "AWS::EC2::CustomerGateway",
        "bgp_asn:integer ip_address type certificate_arn device_name",
        attributes="id=CustomerGatewayId",
    ),
    "aws_vpn_connection": Mapping(
        "AWS::EC2::VPNConnection",
        "customer_gateway_id type vpn_gateway_id static_routes_only transit_gateway_id enable_acceleration:true",
        {
            "local_ipv4_network_cidr": unless("LocalIpv4NetworkCidr", "0.0.0.0/0"),
            "remote_ipv4_network_cidr": unless("RemoteIpv4NetworkCidr", "0.0.0.0/0"),
        },
        attributes="id=VpnConnectionId",
        secret="customer_gateway_configuration tunnel1_preshared_key tunnel2_preshared_key",
        finish=_tunnels,
    ),
    "aws_vpn_connection_route": Mapping(
        "AWS::EC2::VPNConnectionRoute", "destination_cidr_block vpn_connection_id", tags=""
    ),
}
