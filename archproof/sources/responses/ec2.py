"""Instances, interfaces, volumes, key pairs and launch templates."""

from __future__ import annotations

from typing import Any

from archproof.sources.responses._call import ALL, Call, Per, listing
from archproof.sources.responses._item import Item, Props, only
from archproof.sources.responses._snapshot import Snapshot, nothing, plain

KEYS = {
    "Reservations": "Instances", "Instances": "InstanceId", "NetworkInterfaces": "NetworkInterfaceId",
    "Volumes": "VolumeId", "KeyPairs": "KeyName", "LaunchTemplates": "LaunchTemplateId",
    "LaunchTemplateVersions": "LaunchTemplateId", "Images": "ImageId", "Snapshots": "SnapshotId",
    "InstanceStatuses": "InstanceId",
}  # fmt: skip
LATER = ("Volumes", "NetworkInterfaces", "LaunchTemplateVersions", "ec2:DescribeInstanceAttribute")
_INSTANCE = "AWS::EC2::Instance"
_ATTRIBUTES = {
    "disableApiTermination": "DisableApiTermination",
    "instanceInitiatedShutdownBehavior": "InstanceInitiatedShutdownBehavior",
}
CALLS = (
    listing("ec2", "DescribeInstances", "Reservations", _INSTANCE,
            gives={_INSTANCE: (ALL, "Tags", "SecurityGroupIds", "IamInstanceProfile", "Monitoring")}),
    listing(
        "ec2", "DescribeVolumes", "Volumes", "AWS::EC2::Volume", "AWS::EC2::VolumeAttachment",
        gives={"AWS::EC2::Volume": (ALL, "Tags"), "AWS::EC2::VolumeAttachment": (ALL,),
               _INSTANCE: ("BlockDeviceMappings",)},
    ),
    listing(
        "ec2", "DescribeNetworkInterfaces", "NetworkInterfaces", "AWS::EC2::NetworkInterface",
        "AWS::EC2::NetworkInterfaceAttachment",
    ),
    listing("ec2", "DescribeKeyPairs", "KeyPairs", "AWS::EC2::KeyPair"),
    listing("ec2", "DescribeLaunchTemplates", "LaunchTemplates", "AWS::EC2::LaunchTemplate"),
    Call("ec2", "DescribeLaunchTemplateVersions", "LaunchTemplateVersions",
         gives={"AWS::EC2::LaunchTemplate": ("LaunchTemplateData",)}, parameters={"Versions": ["$Default"]}),
    *(
        Call("ec2", "DescribeInstanceAttribute", f".{name}", gives={_INSTANCE: (name,)},
             per=Per("DescribeInstances", "Reservations[].Instances[]", {"InstanceId": "InstanceId"}),
             parameters={"Attribute": attribute})
        for attribute, name in _ATTRIBUTES.items()
    ),
)  # fmt: skip


def _reservation(item: Item, snapshot: Snapshot) -> None:
    for instance in item.each("Instances"):
        instance.account = instance.account or item.text("OwnerId")
        _instance(instance, snapshot)


def _instance(item: Item, snapshot: Snapshot) -> None:
    if item.get("State.Name") in ("terminated", "shutting-down"):
        snapshot.left_out(item, "terminated instances")
        return
    props = item.props(
        "ImageId", "InstanceType", "KeyName", "EbsOptimized", "SourceDestCheck", "SubnetId",
        PrivateIpAddress="PrivateIpAddress", AvailabilityZone="Placement.AvailabilityZone", Tenancy="Placement.Tenancy",
    )  # fmt: skip
    groups = [g["GroupId"] for _, g in item.entries("SecurityGroups") if g.get("GroupId")]
    if groups:
        props.set("SecurityGroupIds", groups, "SecurityGroups")
    if item.get("Monitoring.State") in ("enabled", "disabled"):
        props.set("Monitoring", item.get("Monitoring.State") == "enabled", "Monitoring")
    profile = item.text("IamInstanceProfile.Arn")
    if profile:
        props.set("IamInstanceProfile", profile.rpartition("/")[2], "IamInstanceProfile", "Arn")
    options = only(item.get("MetadataOptions"), "HttpEndpoint", "HttpTokens", "HttpPutResponseHopLimit")
    if options:
        props.set("MetadataOptions", options, "MetadataOptions")
    if snapshot.live:
        props.set("NetworkInterfaces", [_nic(i) for _, i in item.entries("NetworkInterfaces")], "NetworkInterfaces")
    instance = snapshot.add(item, "AWS::EC2::Instance", item.text("InstanceId"), props)
    if instance is not None:
        # what the account assigned, which no template says
        instance.attributes.update(only(item.value, "PublicIpAddress", "Ipv6Address"))
        told = [i for _, i in item.entries("NetworkInterfaces")]
        instance.attributes.update(_addresses(told))
        instance.attributes["Devices"] = {
            (device.get("Ebs") or {}).get("VolumeId"): (device.get("Ebs") or {}).get("DeleteOnTermination")
            for _, device in item.entries("BlockDeviceMappings")
        }


def _nic(interface: dict[str, Any]) -> dict[str, Any]:
    """An interface as the instance says it."""
    attachment = interface.get("Attachment") or {}
    said = only(interface, "NetworkInterfaceId", "SubnetId", "Description", "PrivateIpAddress")
    said["GroupSet"] = [g["GroupId"] for g in interface.get("Groups") or () if g.get("GroupId")]
    said["DeviceIndex"] = str(attachment.get("DeviceIndex", 0))
    said["AssociatePublicIpAddress"] = bool((interface.get("Association") or {}).get("PublicIp"))
    if "DeleteOnTermination" in attachment:
        said["DeleteOnTermination"] = attachment["DeleteOnTermination"]
    return dict(said)


def _attribute(item: Item, snapshot: Snapshot) -> None:
    """One attribute of an instance."""
    found = snapshot.find(_INSTANCE, item.text("InstanceId"))
    for name in _ATTRIBUTES.values():
        if found is not None and item.get(f"{name}.Value") is not None:
            props = Props(item)
            props.set(name, item.get(f"{name}.Value"), name, "Value")
            snapshot.extend(found, item, props)


def _launch_template(item: Item, snapshot: Snapshot) -> None:
    name = item.text("LaunchTemplateName")
    props = item.props("LaunchTemplateName")
    if snapshot.live and "Tags" in props.values:
        said = {"ResourceType": "launch-template", "Tags": props.values.pop("Tags")}
        props.set("TagSpecifications", [said], "Tags")
    snapshot.add(item, "AWS::EC2::LaunchTemplate", item.text("LaunchTemplateId"), props, name=name)


def _addresses(interfaces: list[Any]) -> dict[str, Any]:
    """The addresses of interfaces, as an account assigned them."""
    private, public = [], []
    for interface in interfaces:
        entries = interface.get("PrivateIpAddresses") or [interface]
        private += [e["PrivateIpAddress"] for e in entries if e.get("PrivateIpAddress")]
        private += [e["Ipv6Address"] for e in interface.get("Ipv6Addresses") or () if e.get("Ipv6Address")]
        held = [(e.get("Association") or {}).get("PublicIp") for e in [interface, *entries]]
        public += [address for address in held if address]
    return {"PrivateAddresses": list(dict.fromkeys(private)), "PublicAddresses": list(dict.fromkeys(public))}


def _interface(item: Item, snapshot: Snapshot) -> None:
    """An interface; the first of an instance and those of services are kept as what they are: made by AWS."""
    props = item.props("SubnetId", "Description", "SourceDestCheck", "PrivateIpAddress", "InterfaceType")
    if props.values.get("InterfaceType") not in ("efa", "trunk", "branch"):
        props.values.pop("InterfaceType", None)
    groups = [g["GroupId"] for _, g in item.entries("Groups") if g.get("GroupId")]
    if groups:
        props.set("GroupSet", groups, "Groups")
    instance = item.text("Attachment.InstanceId")
    first = instance is not None and item.get("Attachment.DeviceIndex") == 0
    served = snapshot.live and snapshot.serves(item.text("NetworkInterfaceId"))
    made = item.get("RequesterManaged") is True or first or served
    holder = snapshot.find("AWS::EC2::Instance", instance)
    interface = snapshot.add(
        item, "AWS::EC2::NetworkInterface", item.text("NetworkInterfaceId"), props, made_by="aws" if made else None,
        call=f"{holder.logical_id} Interface" if holder and "Tags" not in props.values else None,
    )  # fmt: skip
    if interface is not None:
        interface.attributes.update(_addresses([item.value]))
        if holder is not None:
            interface.attributes["Holder"] = holder.logical_id
    if interface is not None and instance and not first:
        more = Props(item)
        more.set("InstanceId", instance, "Attachment", "InstanceId")
        more.take("NetworkInterfaceId", "NetworkInterfaceId")
        more.set("DeviceIndex", str(item.get("Attachment.DeviceIndex", 1)), "Attachment", "DeviceIndex")
        snapshot.add(
            item, "AWS::EC2::NetworkInterfaceAttachment", item.text("Attachment.AttachmentId"), more,
            call=f"{interface.logical_id} Attachment",
        )  # fmt: skip


_EBS = ("Encrypted", "VolumeType", "Iops", "KmsKeyId", "SnapshotId")


def _volume(item: Item, snapshot: Snapshot) -> None:
    """A volume; one that goes with its instance is a device of the instance."""
    attachments = item.entries("Attachments")
    _, first = attachments[0] if attachments else ((), {})
    instance = snapshot.find("AWS::EC2::Instance", first.get("InstanceId"))
    goes = first.get("DeleteOnTermination")
    if instance is not None and goes is None:  # the instance says it as well
        goes = instance.attributes.get("Devices", {}).get(item.get("VolumeId"))
    if instance is not None and goes is True:
        device: dict[str, Any] = only(item.value, *_EBS)
        device.update(VolumeSize=item.get("Size"), DeleteOnTermination=True)
        if device.get("VolumeType") not in ("io1", "io2", "gp3"):
            device.pop("Iops", None)
        mapping = {"DeviceName": first.get("Device"), "Ebs": {k: v for k, v in device.items() if v is not None}}
        devices: list[dict[str, Any]] = instance.get("BlockDeviceMappings", default=[])
        held = next((m for m in devices if m.get("DeviceName") == first.get("Device")), None)
        if held is None:
            snapshot.append(instance, "BlockDeviceMappings", mapping, item)
        else:
            ebs: dict[str, Any] = held.get("Ebs") or {}
            held["Ebs"] = ebs | {k: v for k, v in device.items() if v is not None}
        return
    props = item.props(*_EBS, "AvailabilityZone", "Size", "Throughput", "MultiAttachEnabled")
    if props.values.get("VolumeType") not in ("io1", "io2", "gp3"):
        props.values.pop("Iops", None)
    volume = snapshot.add(item, "AWS::EC2::Volume", item.text("VolumeId"), props)
    called = f"{volume.logical_id} Attachment" if volume else None
    for attachment in item.each("Attachments") if volume else ():
        snapshot.add(
            attachment, "AWS::EC2::VolumeAttachment", f"{item.text('VolumeId')}|{attachment.text('InstanceId')}",
            attachment.props("InstanceId", "VolumeId", "Device"), call=called,
        )  # fmt: skip


def _template_version(item: Item, snapshot: Snapshot) -> None:
    """A version of a launch template: the data of the default one is the template's."""
    data = item.get("LaunchTemplateData")
    template = snapshot.find("AWS::EC2::LaunchTemplate", item.text("LaunchTemplateId"))
    if template is None:
        props = item.props("LaunchTemplateName")
        template = snapshot.add(
            item, "AWS::EC2::LaunchTemplate", item.text("LaunchTemplateId"), props, name=item.text("LaunchTemplateName")
        )
    if template is not None and isinstance(data, dict) and item.get("DefaultVersion", True) is True:
        said = Props(item)
        said.set("LaunchTemplateData", {k: v for k, v in data.items() if v not in ([], {}, "")}, "LaunchTemplateData")
        snapshot.extend(template, item, said)


READERS = {
    "Reservations": _reservation,
    "Instances": _instance,
    "NetworkInterfaces": _interface,
    "Volumes": _volume,
    "KeyPairs": plain("AWS::EC2::KeyPair", "KeyName", "KeyName", "KeyType", name="KeyName"),
    "LaunchTemplates": _launch_template,
    "ec2:DescribeInstanceAttribute": _attribute,
    "LaunchTemplateVersions": _template_version,
    "Images": nothing,
    "Snapshots": nothing,
    "InstanceStatuses": nothing,
}
