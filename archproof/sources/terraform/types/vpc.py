"""VPCs: networks, subnets, gateways, addresses and their attachments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archproof.resources.resource import Resource
from archproof.sources.terraform.made import forget
from archproof.sources.terraform.mapping import Mapping, block, blocks, unless

if TYPE_CHECKING:
    from archproof.sources.terraform.made import Made

TYPES = (
    "aws_vpc", "aws_default_vpc", "aws_vpc_ipv4_cidr_block_association", "aws_vpc_ipv6_cidr_block_association",
    "aws_subnet", "aws_default_subnet", "aws_internet_gateway", "aws_internet_gateway_attachment",
    "aws_egress_only_internet_gateway", "aws_nat_gateway", "aws_eip", "aws_eip_association", "aws_vpc_dhcp_options",
    "aws_default_vpc_dhcp_options", "aws_vpc_dhcp_options_association", "aws_flow_log", "aws_ec2_managed_prefix_list",
    "aws_vpc_block_public_access_options",
)  # fmt: skip


def _network(made: Made) -> None:
    """CloudFormation asks for IPv6 addresses in a resource of their own."""
    if made.item.values.get("assign_generated_ipv6_cidr_block") is True:
        properties = {"VpcId": made.ref(), "AmazonProvidedIpv6CidrBlock": True}
        made.extra("Ipv6", "AWS::EC2::VPCCidrBlock", properties, "assign_generated_ipv6_cidr_block")


def _subnet(made: Made) -> None:
    if made.resource.has("AvailabilityZone"):
        forget(made.resource, ("AvailabilityZoneId",))


def attachment(made: Made) -> Resource | None:
    """The attachment of an internet gateway that its argument `vpc_id` is."""
    network = made.value("vpc_id")
    if network is None or made.item.type != "aws_internet_gateway":
        return None
    for found in made.translation.resources.of_type("AWS::EC2::VPCGatewayAttachment"):
        if found.get("InternetGatewayId") == made.ref():
            return found
    properties = {"VpcId": network, "InternetGatewayId": made.ref()}
    return made.extra("Attachment", "AWS::EC2::VPCGatewayAttachment", properties, "vpc_id")


def _gateway(made: Made) -> None:
    attachment(made)


def _nat(made: Made) -> None:
    """A state tells the address of a public gateway too, which AWS has chosen."""
    if made.item.values.get("connectivity_type") == "private" and (address := made.value("private_ip")):
        made.set("PrivateIpAddress", address, "private_ip")


def _address(made: Made) -> None:
    if not made.resource.has("Domain"):
        made.set("Domain", "vpc", "domain")
    interface = made.translation.target(made.item, "network_interface", ("aws_network_interface",))
    if interface is not None:
        properties = {
            "AllocationId": made.ref(),
            "NetworkInterfaceId": interface.ref(),
            "PrivateIpAddress": made.value("associate_with_private_ip"),
        }
        made.extra("Association", "AWS::EC2::EIPAssociation", properties, "network_interface")


def _association(made: Made) -> None:
    """A state repeats the instance in the address."""
    address = made.translation.target(made.item, "allocation_id", ("aws_eip",))
    if address is not None:
        forget(address.resource, ("InstanceId",))


_FLOWS = (
    ("vpc_id", "VPC"), ("subnet_id", "Subnet"), ("eni_id", "NetworkInterface"),
    ("transit_gateway_id", "TransitGateway"), ("transit_gateway_attachment_id", "TransitGatewayAttachment"),
)  # fmt: skip


def _flow_log(made: Made) -> None:
    for argument, kind in _FLOWS:
        if (found := made.value(argument)) is not None:
            made.set("ResourceId", found, argument)
            made.set("ResourceType", kind, argument)
    if made.resource.has("LogDestination"):
        forget(made.resource, ("LogGroupName",))


_NETWORK = "cidr_block enable_dns_hostnames enable_dns_support ipv4_ipam_pool_id ipv4_netmask_length:nonzero"
_NETWORK_NONE = (
    "+assign_generated_ipv6_cidr_block -ipv6_cidr_block -ipv6_ipam_pool_id -ipv6_netmask_length -enable_classiclink "
    "-enable_classiclink_dns_support -ipv6_cidr_block_network_border_group -enable_network_address_usage_metrics "
    "-force_destroy"
)
_NETWORK_IS = (
    "id default_security_group_id=DefaultSecurityGroup default_network_acl_id=DefaultNetworkAcl "
    "ipv6_cidr_block=first:Ipv6CidrBlocks "
    "arn=sub:arn:${AWS::Partition}:ec2:${AWS::Region}:${AWS::AccountId}:vpc/${.}"
)
_SUBNET = (
    "vpc_id cidr_block availability_zone availability_zone_id map_public_ip_on_launch "
    "assign_ipv6_address_on_creation:true ipv6_cidr_block outpost_arn enable_dns64:true ipv6_native:true "
    "enable_lni_at_device_index:nonzero "
    "private_dns_hostname_type_on_launch=PrivateDnsNameOptionsOnLaunch.HostnameType "
    "-enable_resource_name_dns_a_record_on_launch -enable_resource_name_dns_aaaa_record_on_launch "
    "-customer_owned_ipv4_pool -map_customer_owned_ip_on_launch -force_destroy"
)
_SUBNET_IS = "id arn=sub:arn:${AWS::Partition}:ec2:${AWS::Region}:${AWS::AccountId}:subnet/${.}"
_OPTIONS = "domain_name domain_name_servers ntp_servers netbios_name_servers netbios_node_type:integer"

MAPPINGS = {
    "aws_vpc": Mapping(
        "AWS::EC2::VPC",
        f"{_NETWORK} {_NETWORK_NONE}",
        {"instance_tenancy": unless("InstanceTenancy", "default")},
        attributes=_NETWORK_IS,
        finish=_network,
    ),
    "aws_default_vpc": Mapping("AWS::EC2::VPC", f"{_NETWORK} {_NETWORK_NONE}", attributes=_NETWORK_IS, finish=_network),
    "aws_vpc_ipv4_cidr_block_association": Mapping(
        "AWS::EC2::VPCCidrBlock",
        "vpc_id cidr_block ipv4_ipam_pool_id ipv4_netmask_length:nonzero",
        attributes="id vpc_id==vpc_id",
        tags="",
    ),
    "aws_vpc_ipv6_cidr_block_association": Mapping(
        "AWS::EC2::VPCCidrBlock",
        "vpc_id ipv6_cidr_block ipv6_ipam_pool_id ipv6_netmask_length:nonzero ipv6_pool "
        "assign_generated_ipv6_cidr_block=AmazonProvidedIpv6CidrBlock",
        attributes="id vpc_id==vpc_id",
        tags="",
    ),
    "aws_subnet": Mapping("AWS::EC2::Subnet", _SUBNET, attributes=_SUBNET_IS, finish=_subnet),
    "aws_default_subnet": Mapping("AWS::EC2::Subnet", _SUBNET, attributes=_SUBNET_IS, finish=_subnet),
    "aws_internet_gateway": Mapping("AWS::EC2::InternetGateway", "+vpc_id", finish=_gateway),
    "aws_internet_gateway_attachment": Mapping("AWS::EC2::VPCGatewayAttachment", "vpc_id internet_gateway_id", tags=""),
    "aws_egress_only_internet_gateway": Mapping("AWS::EC2::EgressOnlyInternetGateway", "vpc_id"),
    "aws_nat_gateway": Mapping(
        "AWS::EC2::NatGateway",
        "allocation_id subnet_id secondary_allocation_ids secondary_private_ip_addresses vpc_id availability_mode "
        "secondary_private_ip_address_count:nonzero +private_ip",
        {"connectivity_type": unless("ConnectivityType", "public")},
        finish=_nat,
    ),
    "aws_eip": Mapping(
        "AWS::EC2::EIP",
        "instance=InstanceId domain address +vpc +network_interface +associate_with_private_ip "
        "-customer_owned_ipv4_pool -network_border_group",
        {"public_ipv4_pool": unless("PublicIpv4Pool", "amazon")},
        attributes="id=AllocationId allocation_id=AllocationId public_ip=Ref",
        finish=_address,
    ),
    "aws_eip_association": Mapping(
        "AWS::EC2::EIPAssociation",
        "allocation_id instance_id network_interface_id private_ip_address -public_ip -allow_reassociation",
        tags="",
        finish=_association,
    ),
    "aws_vpc_dhcp_options": Mapping("AWS::EC2::DHCPOptions", _OPTIONS),
    "aws_default_vpc_dhcp_options": Mapping("AWS::EC2::DHCPOptions", _OPTIONS),
    "aws_vpc_dhcp_options_association": Mapping(
        "AWS::EC2::VPCDHCPOptionsAssociation", "vpc_id dhcp_options_id", tags=""
    ),
    "aws_flow_log": Mapping(
        "AWS::EC2::FlowLog",
        "traffic_type log_destination log_destination_type log_group_name log_format "
        "iam_role_arn=DeliverLogsPermissionArn deliver_cross_account_role max_aggregation_interval "
        "+vpc_id +subnet_id +eni_id +transit_gateway_id +transit_gateway_attachment_id",
        {
            "destination_options": block(
                "DestinationOptions",
                "file_format hive_compatible_partitions per_hour_partition",
            ),
        },
        defaults={"traffic_type": "ALL"},
        finish=_flow_log,
    ),
    "aws_ec2_managed_prefix_list": Mapping(
        "AWS::EC2::PrefixList",
        "name=PrefixListName address_family max_entries",
        {"entry": blocks("Entries", "cidr description")},
        attributes="id=PrefixListId arn=Arn",
    ),
    "aws_vpc_block_public_access_options": Mapping(
        "AWS::EC2::VPCBlockPublicAccessOptions", "internet_gateway_block_mode", tags=""
    ),
}
