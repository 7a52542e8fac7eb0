"""Amazon EC2: instances, and Auto Scaling groups with their launch templates."""

from __future__ import annotations

from typing import Any

from archproof.model.kinds.ec2 import AutoScalingGroup, Ec2Instance, Machine
from archproof.resources.lowering import _targets
from archproof.resources.lowering._context import Lowering
from archproof.resources.resource import Path

KINDS = ("ec2_instance", "auto_scaling_group")

_LINUX = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-"
_LINUX_FOR_ECS = {
    "x86_64": "/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id",
    "arm64": "/aws/service/ecs/optimized-ami/amazon-linux-2023/arm64/recommended/image_id",
}
_ORIGINS = {
    "ImageId": "ami",
    "InstanceType": "instance_type",
    "KeyName": "key_pair",
    "UserData": "user_data",
    "MetadataOptions.HttpTokens": "imds_v1",
    "MetadataOptions.HttpPutResponseHopLimit": "metadata_hops",
    "BlockDeviceMappings": "volumes_gb",
    "Monitoring": "detailed_monitoring",
    "IamInstanceProfile": "role",
    "NetworkInterfaces": "in",
}


def lower_ec2_instance(name: str, machine: Ec2Instance, ctx: Lowering) -> None:
    """The instance and its instance profile."""
    subnets = ctx.subnets(name)
    subnet = subnets[(machine.zone - 1) % len(subnets)] if subnets else None
    interface = {
        "DeviceIndex": "0",
        "SubnetId": subnet,
        "GroupSet": ctx.groups(name) or None,
        "AssociatePublicIpAddress": machine.public_ip,
        "PrivateIpAddress": machine.private_ip,
    }
    # a template says the first interface in either of two ways; the short one is right where nothing is to be added
    short = ctx.exact and not ctx.said(name) & {"public_ip", "private_ip"}
    resource = ctx.add(
        name,
        "AWS::EC2::Instance",
        {
            "ImageId": _image(machine, ecs=False),
            "InstanceType": machine.instance_type,
            "KeyName": machine.key_pair,
            "IamInstanceProfile": _profile(name, machine, ctx),
            "NetworkInterfaces": None if short else [{k: v for k, v in interface.items() if v is not None}],
            "SubnetId": subnet if short else None,
            "SecurityGroupIds": ctx.groups(name) or None if short else None,
            "MetadataOptions": _metadata(machine),
            "BlockDeviceMappings": _volumes(machine, ctx),
            "Monitoring": machine.detailed_monitoring,
            "EbsOptimized": True,
            "DisableApiTermination": machine.deletion_protection,
            "SourceDestCheck": None if machine.source_dest_check else False,
            "PropagateTagsToVolumeOnCreation": True,
            "UserData": {"Fn::Base64": machine.user_data} if machine.user_data else None,
            "Tags": ctx.tags(name),
        },
        origins={
            **_ORIGINS, "DisableApiTermination": "deletion_protection", "SourceDestCheck": "source_dest_check",
            "SubnetId": "in.subnets", "SecurityGroupIds": "in.security_groups",
        },
    )  # fmt: skip
    resource.origins |= _device_origins(machine, ()) | _interface_origins(("NetworkInterfaces", 0), "GroupSet")
    resource.origins[("NetworkInterfaces", 0, "SubnetId")] = ("in", "subnets")
    resource.origins[("NetworkInterfaces", 0, "PrivateIpAddress")] = ("private_ip",)


def lower_auto_scaling_group(name: str, group: AutoScalingGroup, ctx: Lowering) -> None:
    """The group, its launch template, its instance profile and how it scales."""
    _template(name, group, ctx)
    attached = _targets.attachments(name, ctx)
    ctx.add(
        name,
        "AWS::AutoScaling::AutoScalingGroup",
        {
            "AutoScalingGroupName": ctx.name(name),
            "MinSize": str(group.min),
            "MaxSize": str(group.max),
            "DesiredCapacity": str(group.desired) if group.desired is not None else None,
            "VPCZoneIdentifier": ctx.subnets(name) or None,
            "LaunchTemplate": {
                "LaunchTemplateId": ctx.ref(name, "LaunchTemplate"),
                "Version": ctx.att(name, "LatestVersionNumber", "LaunchTemplate"),
            },
            "TargetGroupARNs": [ref for ref, _ in attached] or None,
            "HealthCheckType": "ELB" if attached else "EC2",
            "HealthCheckGracePeriod": group.health_grace_s,
            "DefaultInstanceWarmup": group.warmup_s,
            # capacity providers of ECS that protect tasks need this
            "NewInstancesProtectedFromScaleIn": True if _ecs_cluster(name, ctx) else None,
            "Tags": [{**tag, "PropagateAtLaunch": True} for tag in ctx.tags(name)],
        },
        origins={
            "AutoScalingGroupName": "physical_name",
            "MinSize": "min",
            "MaxSize": "max",
            "DesiredCapacity": "desired",
            "VPCZoneIdentifier": "in.subnets",
            "HealthCheckGracePeriod": "health_grace_s",
            "DefaultInstanceWarmup": "warmup_s",
        },
        attributes={
            "UpdatePolicy": {
                "AutoScalingRollingUpdate": {"MinInstancesInService": min(group.min, max(group.max - 1, 0))}
            }
        },
    )
    # a capacity provider scales the group itself
    if group.target_cpu_percent and not _ecs_cluster(name, ctx):
        metric = {"PredefinedMetricType": "ASGAverageCPUUtilization"}
        ctx.add(
            name,
            "AWS::AutoScaling::ScalingPolicy",
            {
                "AutoScalingGroupName": ctx.ref(name),
                "PolicyType": "TargetTrackingScaling",
                "TargetTrackingConfiguration": {
                    "PredefinedMetricSpecification": metric,
                    "TargetValue": group.target_cpu_percent,
                },
            },
            suffix="ScalingPolicy",
            origins={"TargetTrackingConfiguration.TargetValue": "target_cpu_percent"},
        )


def _template(name: str, group: AutoScalingGroup, ctx: Lowering) -> None:
    cluster = _ecs_cluster(name, ctx)
    interface = {
        "DeviceIndex": 0,
        "Groups": ctx.groups(name) or None,
        "AssociatePublicIpAddress": group.public_ip,
        "DeleteOnTermination": True,
    }
    data = {
        "ImageId": _image(group, ecs=cluster is not None),
        "InstanceType": group.instance_type,
        "KeyName": group.key_pair,
        "IamInstanceProfile": {"Arn": {"Fn::GetAtt": [_profile(name, group, ctx)["Ref"], "Arn"]}},
        "NetworkInterfaces": [{k: v for k, v in interface.items() if v is not None}],
        "MetadataOptions": _metadata(group),
        "BlockDeviceMappings": _volumes(group, ctx),
        "Monitoring": {"Enabled": group.detailed_monitoring},
        "EbsOptimized": True,
        "InstanceMarketOptions": {"MarketType": "spot"} if group.spot else None,
        "UserData": _user_data(group, cluster, ctx),
        "TagSpecifications": [
            {"ResourceType": "volume", "Tags": ctx.tags(name)},
        ],
    }
    prefix = "LaunchTemplateData."
    resource = ctx.add(
        name,
        "AWS::EC2::LaunchTemplate",
        {
            "LaunchTemplateData": {k: v for k, v in data.items() if v is not None},
            "TagSpecifications": [{"ResourceType": "launch-template", "Tags": ctx.tags(name)}],
        },
        suffix="LaunchTemplate",
        origins={prefix + key: field for key, field in _ORIGINS.items()} | {prefix + "InstanceMarketOptions": "spot"},
    )
    at = ("LaunchTemplateData",)
    resource.origins |= _device_origins(group, at) | _interface_origins((*at, "NetworkInterfaces", 0), "Groups")


def _user_data(group: AutoScalingGroup, cluster: str | None, ctx: Lowering) -> dict[str, Any] | None:
    """The script; instances of an ECS cluster are told its name."""
    if cluster is None:
        return {"Fn::Base64": group.user_data} if group.user_data else None
    join = "echo ECS_CLUSTER=${" + ctx.id(cluster) + "} >> /etc/ecs/ecs.config\n"
    said = (group.user_data or "#!/bin/bash\n").replace("${", "${!")
    return {"Fn::Base64": {"Fn::Sub": said.rstrip("\n") + "\n" + join}}


def _ecs_cluster(name: str, ctx: Lowering) -> str | None:
    """The ECS cluster whose capacity the group is, if it is one's."""
    for reference in ctx.architecture.references:
        if reference.target == name and ctx.component(reference.source).kind == "ecs_cluster":
            return reference.source
    return None


def _image(machine: Machine, *, ecs: bool) -> str:
    """The image id, or a reference to the public parameter that holds it."""
    if machine.ami:
        return "{{resolve:ssm:" + machine.ami + "}}" if machine.ami.startswith("/") else machine.ami
    from archproof import facts

    known = facts.instance_class(machine.instance_type)
    processor = "arm64" if known and "arm64" in known.architectures else "x86_64"
    return "{{resolve:ssm:" + (_LINUX_FOR_ECS[processor] if ecs else _LINUX + processor) + "}}"


def _metadata(machine: Machine) -> dict[str, Any]:
    return {
        "HttpEndpoint": "enabled",
        "HttpTokens": "optional" if machine.imds_v1 else "required",
        "HttpPutResponseHopLimit": machine.metadata_hops,
    }


def _volumes(machine: Machine, ctx: Lowering) -> list[dict[str, Any]]:
    key = ctx.arn(machine.kms_key) if machine.kms_key else None
    result = []
    for device, size in {machine.root_device: machine.root_gb, **machine.volumes_gb}.items():
        ebs = {
            "VolumeSize": size,
            "VolumeType": machine.volume_type,
            "Encrypted": machine.encrypted,
            "KmsKeyId": key,
            "DeleteOnTermination": True,
        }
        result.append({"DeviceName": device, "Ebs": {k: v for k, v in ebs.items() if v is not None}})
    return result


def _device_origins(machine: Machine, at: Path) -> dict[Path, Path]:
    """Where each volume's size and encryption are said."""
    result: dict[Path, Path] = {}
    for position, device in enumerate([machine.root_device, *machine.volumes_gb]):
        here: Path = (*at, "BlockDeviceMappings", position, "Ebs")
        result[(*here, "VolumeSize")] = ("volumes_gb", device) if position else ("root_gb",)
        result[(*here, "VolumeType")] = ("volume_type",)
        result[(*here, "Encrypted")] = ("encrypted",)
        result[(*here, "KmsKeyId")] = ("kms_key",)
    return result


def _interface_origins(at: Path, groups: str) -> dict[Path, Path]:
    return {(*at, "AssociatePublicIpAddress"): ("public_ip",), (*at, groups): ("in", "security_groups")}


def _profile(name: str, machine: Machine, ctx: Lowering) -> dict[str, Any]:
    """The instance profile with the machine's role; what Systems Manager needs goes into the role."""
    if machine.session_manager:
        ctx.manage(name, "AmazonSSMManagedInstanceCore")
    if _ecs_cluster(name, ctx):
        ctx.manage(name, "service-role/AmazonEC2ContainerServiceforEC2Role")
    role = ctx.ref(machine.role) if isinstance(machine.role, str) else ctx.ref(name, "Role")
    ctx.add(name, "AWS::IAM::InstanceProfile", {"Roles": [role]}, suffix="InstanceProfile", implied=True)
    return ctx.ref(name, "InstanceProfile")
