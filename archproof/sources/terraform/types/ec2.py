"""EC2: instances, launch templates, volumes, network interfaces, key pairs, placement groups."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from archproof.resources.resource import is_symbolic
from archproof.sources.terraform import convert
from archproof.sources.terraform.made import forget, is_absent
from archproof.sources.terraform.mapping import Mapping, Rule, block, blocks, to, under, unless

if TYPE_CHECKING:
    from archproof.sources.terraform.made import Made

TYPES = (
    "aws_instance", "aws_spot_instance_request", "aws_launch_template", "aws_key_pair", "aws_ebs_volume",
    "aws_volume_attachment", "aws_network_interface", "aws_network_interface_attachment", "aws_placement_group",
    "aws_ec2_capacity_reservation", "aws_ec2_host", "aws_ebs_encryption_by_default", "aws_ebs_default_kms_key",
    "aws_ami", "aws_ami_copy", "aws_ami_from_instance", "aws_ami_launch_permission", "aws_ebs_snapshot",
    "aws_ebs_snapshot_copy", "aws_ec2_tag", "aws_ec2_instance_state", "aws_ec2_serial_console_access",
    "aws_ec2_instance_metadata_defaults", "aws_ec2_instance_connect_endpoint",
)  # fmt: skip

METADATA = block(
    "MetadataOptions",
    "http_endpoint http_tokens http_put_response_hop_limit:nonzero http_protocol_ipv6 instance_metadata_tags",
)
_HASH = 40
"""The length of the SHA-1 that plans and states of older providers keep in place of the user data."""


def user_data(value: Any) -> Any:
    """User data as CloudFormation takes it, in Base64; the hash that a state keeps of it says nothing."""
    if isinstance(value, str) and len(value) == _HASH and all(c in "0123456789abcdef" for c in value):
        return None
    return {"Fn::Base64": value}


def block_devices(made: Made) -> None:
    """The volumes of an instance, which Terraform names by what they are."""
    wanted = {"delete_on_termination": "DeleteOnTermination", "encrypted": "Encrypted", "iops": "Iops",
              "kms_key_id": "KmsKeyId", "snapshot_id": "SnapshotId", "volume_size": "VolumeSize",
              "volume_type": "VolumeType"}  # fmt: skip
    if made.resource.type != "AWS::EC2::Instance":
        wanted.pop("kms_key_id")
        wanted["throughput"] = "Throughput"
    for argument in ("root_block_device", "ebs_block_device"):
        entries = made.item.values.get(argument)
        for position, said in enumerate(entries if isinstance(entries, list) else []):
            if not isinstance(said, dict):
                continue
            ebs = {n: made.value(argument, position, a) for a, n in wanted.items() if not is_absent(said.get(a))}
            ebs = {n: v for n, v in ebs.items() if not (v == 0 and n in ("Iops", "Throughput", "VolumeSize"))}
            if ebs.get("VolumeType") in ("gp2", "standard", "st1", "sc1"):
                ebs.pop("Iops", None)  # a state tells what follows from the size
            name = made.value(argument, position, "device_name") or "/dev/xvda"
            if ebs:
                made.add("BlockDeviceMappings", {"DeviceName": name, "Ebs": ebs}, argument, position)
    entries = made.item.values.get("ephemeral_block_device")
    for position, said in enumerate(entries if isinstance(entries, list) else []):
        if isinstance(said, dict):
            device = {"DeviceName": made.value("ephemeral_block_device", position, "device_name"),
                      "VirtualName": made.value("ephemeral_block_device", position, "virtual_name")}  # fmt: skip
            found = {k: v for k, v in device.items() if v is not None}
            made.add("BlockDeviceMappings", found, "ephemeral_block_device", position)


def _instance(made: Made) -> None:
    block_devices(made)
    _base64(made)
    _addresses(made)
    given = made.item.given
    for argument, name in (("private_ip", "PrivateIpAddress"), ("ipv6_addresses", "Ipv6Addresses"),
                           ("host_id", "HostId"), ("cpu_core_count", "CpuOptions")):  # fmt: skip
        if given is None or argument not in given:  # a state tells what AWS chose
            forget(made.resource, (name,))
    if made.resource.has("SecurityGroupIds"):
        forget(made.resource, ("SecurityGroups",))
    if made.resource.has("NetworkInterfaces"):
        for name in ("SecurityGroupIds", "SecurityGroups", "SubnetId"):
            forget(made.resource, (name,))
    interfaces = made.item.values.get("network_interface")
    if given is None or "network_interface" in given:
        for position, said in enumerate(interfaces if isinstance(interfaces, list) else []):
            if isinstance(said, dict) and not is_absent(said.get("network_interface_id")):
                index = made.value("network_interface", position, "device_index") or 0
                interface = made.value("network_interface", position, "network_interface_id")
                entry = {"NetworkInterfaceId": interface, "DeviceIndex": str(index)}
                made.add("NetworkInterfaces", entry, "network_interface", position)


def _base64(made: Made) -> None:
    kept = made.value("user_data")
    if isinstance(kept, str) and not made.resource.has("UserData"):
        asked = f"the user data of {made.item.address}, of which only a hash is kept"
        made.translation.note(f"{made.item.address}: user_data", "only a hash of it is kept", made.item.locate(None))
        parameter = made.translation.parameter(f"{made.resource.logical_id}UserData", asked)
        made.set("UserData", {"Fn::Base64": parameter}, "user_data")
    encoded = made.value("user_data_base64")
    if encoded is not None and not made.resource.has("UserData"):
        made.set("UserData", encoded, "user_data_base64")


def _addresses(made: Made) -> None:
    """A public address belongs to the interface in CloudFormation, which then takes the subnet and the groups."""
    public = made.item.values.get("associate_public_ip_address")
    given = made.item.given
    if not isinstance(public, bool) or (given is not None and "associate_public_ip_address" not in given):
        return
    if given is None and not public:
        return
    entry = {"DeviceIndex": "0", "AssociatePublicIpAddress": public}
    for name, inner in (("SubnetId", "SubnetId"), ("SecurityGroupIds", "GroupSet")):
        if made.resource.has(name):
            entry[inner] = made.resource.get(name)
    made.add("NetworkInterfaces", entry, "associate_public_ip_address")


def _encoded(value: Any) -> Any:
    """User data of a launch template, which Terraform wants in Base64 already."""
    try:
        text = base64.b64decode(value, validate=True).decode("utf-8")
    except (ValueError, TypeError):
        return value
    return {"Fn::Base64": text} if text.isprintable() or "\n" in text else value


def _template(made: Made) -> None:
    """The tags of a template itself stand in a specification of tags."""
    tags = made.value("tags")
    if isinstance(tags, dict) and tags and not is_symbolic(tags):
        entry = {"ResourceType": "launch-template", "Tags": [{"Key": k, "Value": v} for k, v in tags.items()]}
        made.add("TagSpecifications", entry, "tags")
    if not made.resource.has("LaunchTemplateData"):
        made.set(("LaunchTemplateData",), {"EbsOptimized": False})


def _volume(made: Made) -> None:
    """A state tells the speed that follows from the size."""
    if made.resource.get("VolumeType") in ("gp2", "standard", "st1", "sc1"):
        forget(made.resource, ("Iops",))


def _interface(made: Made) -> None:
    """The first address is the primary one; a state tells those that AWS chose."""
    given = made.item.given
    addresses = made.value("private_ips")
    if isinstance(addresses, list) and addresses and given is not None and "private_ips" in given:
        for position, address in enumerate(addresses):
            entry = {"Primary": position == 0, "PrivateIpAddress": address}
            made.add("PrivateIpAddresses", entry, "private_ips", position)
    if made.resource.get("InterfaceType") == "interface":
        forget(made.resource, ("InterfaceType",))


_INSTANCE = (
    "ami=ImageId availability_zone disable_api_termination:true host_id iam_instance_profile instance_type key_name "
    "instance_initiated_shutdown_behavior monitoring placement_group=PlacementGroupName private_ip=PrivateIpAddress "
    "source_dest_check subnet_id ebs_optimized:true vpc_security_group_ids=SecurityGroupIds security_groups "
    "ipv6_address_count:nonzero cpu_core_count=CpuOptions.CoreCount cpu_threads_per_core=CpuOptions.ThreadsPerCore "
    "hibernation=HibernationOptions.Configured:true host_resource_group_arn +user_data_base64 +root_block_device "
    "+ebs_block_device +ephemeral_block_device +network_interface +associate_public_ip_address -get_password_data "
    "-user_data_replace_on_change -volume_tags -disable_api_stop -secondary_private_ips -placement_partition_number "
    "-maintenance_options -capacity_reservation_specification -force_destroy -instance_market_options"
)
_INSTANCE_TABLE: dict[str, Rule] = {
    "tenancy": unless("Tenancy", "default"),
    "user_data": to("UserData", user_data, symbolic=True),
    "ipv6_addresses": to("Ipv6Addresses", lambda v: [{"Ipv6Address": a} for a in v] if isinstance(v, list) else v),
    "metadata_options": METADATA,
    "credit_specification": block("CreditSpecification", "cpu_credits=CPUCredits"),
    "cpu_options": block("CpuOptions", "core_count threads_per_core"),
    "enclave_options": block("EnclaveOptions", "", {"enabled": to("Enabled", lambda v: True if v is True else None)}),
    "launch_template": block("LaunchTemplate", "id=LaunchTemplateId name=LaunchTemplateName version"),
    "private_dns_name_options": block(
        "PrivateDnsNameOptions",
        "hostname_type enable_resource_name_dns_a_record=EnableResourceNameDnsARecord "
        "enable_resource_name_dns_aaaa_record=EnableResourceNameDnsAAAARecord",
    ),
}
_INSTANCE_IS = (
    "id=Ref private_ip=PrivateIp public_ip=PublicIp private_dns=PrivateDnsName public_dns=PublicDnsName "
    "arn=sub:arn:${AWS::Partition}:ec2:${AWS::Region}:${AWS::AccountId}:instance/${.}"
)
_INTERFACE = (
    "associate_carrier_ip_address associate_public_ip_address description device_index interface_type "
    "ipv4_address_count=SecondaryPrivateIpAddressCount:nonzero ipv6_address_count:nonzero "
    "network_card_index:nonzero network_interface_id private_ip_address security_groups=Groups subnet_id "
    "delete_on_termination"
)

_DATA: dict[str, Rule] = {
    "ebs_optimized": to("EbsOptimized", convert.flag),
    "user_data": to("UserData", _encoded),
    "block_device_mappings": blocks(
        "BlockDeviceMappings",
        "device_name no_device virtual_name",
        {
            "ebs": block(
                "Ebs",
                "iops:nonzero kms_key_id snapshot_id throughput:nonzero volume_size:nonzero volume_type",
                {
                    "encrypted": to("Encrypted", convert.flag),
                    "delete_on_termination": to("DeleteOnTermination", convert.flag),
                },
            )
        },
    ),
    "capacity_reservation_specification": block("CapacityReservationSpecification", "capacity_reservation_preference"),
    "cpu_options": block("CpuOptions", "core_count threads_per_core amd_sev_snp"),
    "credit_specification": block("CreditSpecification", "cpu_credits"),
    "enclave_options": block("EnclaveOptions", "enabled"),
    "hibernation_options": block("HibernationOptions", "configured"),
    "iam_instance_profile": block("IamInstanceProfile", "arn name"),
    "instance_market_options": block(
        "InstanceMarketOptions",
        "market_type",
        {
            "spot_options": block(
                "SpotOptions",
                "block_duration_minutes:nonzero instance_interruption_behavior max_price spot_instance_type "
                "valid_until",
            )
        },
    ),
    "license_specification": blocks("LicenseSpecifications", "license_configuration_arn"),
    "maintenance_options": block("MaintenanceOptions", "auto_recovery"),
    "metadata_options": METADATA,
    "monitoring": block("Monitoring", "enabled"),
    "network_interfaces": blocks(
        "NetworkInterfaces",
        _INTERFACE,
        {
            name: to(path, convert.flag)
            for name, path in (
                ("associate_public_ip_address", "AssociatePublicIpAddress"),
                ("associate_carrier_ip_address", "AssociateCarrierIpAddress"),
                ("delete_on_termination", "DeleteOnTermination"),
            )
        },
    ),
    "placement": block(
        "Placement",
        "affinity availability_zone group_name host_id host_resource_group_arn "
        "partition_number:nonzero spread_domain tenancy",
    ),
    "private_dns_name_options": block(
        "PrivateDnsNameOptions",
        "hostname_type enable_resource_name_dns_a_record=EnableResourceNameDnsARecord "
        "enable_resource_name_dns_aaaa_record=EnableResourceNameDnsAAAARecord",
    ),
    "tag_specifications": blocks("TagSpecifications", "resource_type tags:pairs"),
}
_DATA_WORDS = (
    "image_id instance_type key_name kernel_id ram_disk_id disable_api_stop:true disable_api_termination:true "
    "instance_initiated_shutdown_behavior vpc_security_group_ids=SecurityGroupIds security_group_names=SecurityGroups"
)
_ACCOUNT = "a setting of the account, which no CloudFormation type has"
_IMAGE = "an image or snapshot, which no CloudFormation type makes"

MAPPINGS = {
    "aws_instance": Mapping(
        "AWS::EC2::Instance", _INSTANCE, _INSTANCE_TABLE, attributes=_INSTANCE_IS, finish=_instance
    ),
    "aws_spot_instance_request": Mapping(
        "AWS::EC2::Instance",
        f"{_INSTANCE} -spot_price -spot_type -wait_for_fulfillment -valid_until -valid_from -launch_group "
        "-instance_interruption_behavior -block_duration_minutes",
        _INSTANCE_TABLE,
        attributes="id spot_instance_id=Ref private_ip=PrivateIp public_ip=PublicIp",
        finish=_instance,
    ),
    "aws_launch_template": Mapping(
        "AWS::EC2::LaunchTemplate",
        "name=LaunchTemplateName description=VersionDescription -name_prefix -update_default_version -default_version "
        "-elastic_gpu_specifications -elastic_inference_accelerator",
        under("LaunchTemplateData", _DATA_WORDS, _DATA),
        tags="",
        attributes="id latest_version=LatestVersionNumber default_version=DefaultVersionNumber name==name "
        "arn=sub:arn:${AWS::Partition}:ec2:${AWS::Region}:${AWS::AccountId}:launch-template/${.}",
        finish=_template,
    ),
    "aws_key_pair": Mapping(
        "AWS::EC2::KeyPair",
        "key_name public_key=PublicKeyMaterial -key_name_prefix",
        attributes="id key_name=Ref key_pair_id=KeyPairId fingerprint=KeyFingerprint",
    ),
    "aws_ebs_volume": Mapping(
        "AWS::EC2::Volume",
        "availability_zone encrypted iops:nonzero kms_key_id multi_attach_enabled:true outpost_arn size:nonzero "
        "snapshot_id throughput:nonzero type=VolumeType -final_snapshot",
        attributes="id arn=sub:arn:${AWS::Partition}:ec2:${AWS::Region}:${AWS::AccountId}:volume/${.}",
        finish=_volume,
    ),
    "aws_volume_attachment": Mapping(
        "AWS::EC2::VolumeAttachment",
        "device_name=Device instance_id volume_id -force_detach -skip_destroy -stop_instance_before_detaching",
        tags="",
    ),
    "aws_network_interface": Mapping(
        "AWS::EC2::NetworkInterface",
        "description subnet_id security_groups=GroupSet source_dest_check ipv6_address_count:nonzero "
        "interface_type=InterfaceType +private_ips +private_ip +attachment -private_ips_count",
        attributes="id private_ip=PrimaryPrivateIpAddress",
        finish=_interface,
    ),
    "aws_network_interface_attachment": Mapping(
        "AWS::EC2::NetworkInterfaceAttachment", "device_index:text instance_id network_interface_id", tags=""
    ),
    "aws_placement_group": Mapping(
        "AWS::EC2::PlacementGroup",
        "strategy partition_count:nonzero spread_level -name",
        attributes="id name=Ref",
    ),
    "aws_ec2_capacity_reservation": Mapping(
        "AWS::EC2::CapacityReservation",
        "availability_zone ebs_optimized:true end_date end_date_type ephemeral_storage:true instance_count "
        "instance_match_criteria instance_platform instance_type tenancy placement_group_arn",
        tags="",
    ),
    "aws_ec2_host": Mapping(
        "AWS::EC2::Host",
        "auto_placement availability_zone host_recovery instance_family instance_type outpost_arn",
        attributes="id",
    ),
    "aws_ec2_instance_connect_endpoint": Mapping(
        "AWS::EC2::InstanceConnectEndpoint", "subnet_id security_group_ids preserve_client_ip"
    ),
    "aws_ebs_encryption_by_default": Mapping(None, why=_ACCOUNT),
    "aws_ebs_default_kms_key": Mapping(None, why=_ACCOUNT),
    "aws_ec2_serial_console_access": Mapping(None, why=_ACCOUNT),
    "aws_ec2_instance_metadata_defaults": Mapping(None, why=_ACCOUNT),
    "aws_ami": Mapping(None, why=_IMAGE),
    "aws_ami_copy": Mapping(None, why=_IMAGE),
    "aws_ami_from_instance": Mapping(None, why=_IMAGE),
    "aws_ami_launch_permission": Mapping(None, why=_IMAGE),
    "aws_ebs_snapshot": Mapping(None, why=_IMAGE),
    "aws_ebs_snapshot_copy": Mapping(None, why=_IMAGE),
    "aws_ec2_tag": Mapping(None, why="a tag of something else"),
    "aws_ec2_instance_state": Mapping(None, why="whether an instance runs, which no CloudFormation type says"),
}
