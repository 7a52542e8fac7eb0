"""Containers: ECS, ECR and EKS."""

from __future__ import annotations

from archproof.sources.responses._item import Item, Props, capital
from archproof.sources.responses._snapshot import Snapshot, plain

KEYS = {
    "clusters": ("clusterArn", ""), "services": "serviceArn", "taskDefinition": "taskDefinitionArn",
    "repositories": "repositoryArn", "cluster": "platformVersion", "nodegroup": "nodegroupArn",
    "capacityProviders": "capacityProviderArn", "tasks": "taskArn", "containerInstances": "containerInstanceArn",
}  # fmt: skip
LATER = ("services", "nodegroup")


def _cluster(item: Item, snapshot: Snapshot) -> None:
    if isinstance(item.value, str):  # `eks list-clusters`: names alone
        props = Props(item)
        props.set("Name", item.value)
        if not snapshot.find("AWS::EKS::Cluster", item.value):
            snapshot.add(item, "AWS::EKS::Cluster", item.value, props, name=item.value)
        return
    name = item.text("clusterName")
    props = item.props("ClusterName", "CapacityProviders", ClusterSettings="settings", Configuration="configuration")
    strategy = capital(item.get("defaultCapacityProviderStrategy"))
    if strategy:
        props.set("DefaultCapacityProviderStrategy", strategy, "defaultCapacityProviderStrategy")
    snapshot.add(item, "AWS::ECS::Cluster", name, props, arn=item.text("clusterArn"), name=name)


def _service(item: Item, snapshot: Snapshot) -> None:
    props = item.props(
        "ServiceName",
        "TaskDefinition",
        "DesiredCount",
        "LaunchType",
        "PlatformVersion",
        "LoadBalancers",
        "NetworkConfiguration",
        "DeploymentConfiguration",
        "HealthCheckGracePeriodSeconds",
        "SchedulingStrategy",
        "EnableECSManagedTags",
        "PropagateTags",
        "EnableExecuteCommand",
        "CapacityProviderStrategy",
        "DeploymentController",
        "PlacementConstraints",
        "ServiceRegistries",
        Cluster="clusterArn",
    )
    if props.values.get("PropagateTags") == "NONE":
        props.values.pop("PropagateTags")
    placement = capital(item.get("placementStrategy"))
    if placement:
        props.set("PlacementStrategies", placement, "placementStrategy")
    arn = item.text("serviceArn")
    snapshot.add(item, "AWS::ECS::Service", arn, props, ref=arn, arn=arn, name=item.text("serviceName"))


def _task_definition(item: Item, snapshot: Snapshot) -> None:
    """A task definition; ARNs of its family name it with a number behind."""
    props = item.props(
        "Family", "TaskRoleArn", "ExecutionRoleArn", "NetworkMode", "ContainerDefinitions", "Volumes",
        "PlacementConstraints", "RequiresCompatibilities", "Cpu", "Memory", "RuntimePlatform", "EphemeralStorage",
        "ProxyConfiguration", "PidMode", "IpcMode",
    )  # fmt: skip
    for number, container in enumerate(props.values.get("ContainerDefinitions") or ()):
        for key in [k for k, v in container.items() if v in ([], {}, None)]:
            container.pop(key)
        if container.get("Cpu") == 0:
            container.pop("Cpu")
        props.origins["ContainerDefinitions", number] = ("containerDefinitions", number)
    arn = item.text("taskDefinitionArn")
    snapshot.add(item, "AWS::ECS::TaskDefinition", arn, props, arn=arn, call=f"{item.get('family')} TaskDefinition")


def _repository(item: Item, snapshot: Snapshot) -> None:
    props = item.props("RepositoryName", "ImageTagMutability", "ImageScanningConfiguration")
    encryption = item.get("encryptionConfiguration")
    if isinstance(encryption, dict):
        props.set("EncryptionConfiguration", capital(encryption), "encryptionConfiguration")
    props.document("RepositoryPolicyText", "policyText")
    name = item.text("repositoryName")
    snapshot.add(
        item, "AWS::ECR::Repository", name, props, arn=item.text("repositoryArn"), name=name,
        attributes={"RepositoryUri": item.text("repositoryUri")},
    )  # fmt: skip


def _eks(item: Item, snapshot: Snapshot) -> None:
    props = item.props("Name", "Version", "RoleArn", "EncryptionConfig")
    vpc = item.get("resourcesVpcConfig")
    if isinstance(vpc, dict):
        kept = ("subnetIds", "securityGroupIds", "endpointPublicAccess", "endpointPrivateAccess", "publicAccessCidrs")
        said = {k[:1].upper() + k[1:]: vpc[k] for k in kept if k in vpc}
        props.set("ResourcesVpcConfig", said, "resourcesVpcConfig")
    on = [t for e in (item.get("logging.clusterLogging") or []) if isinstance(e, dict) and e.get("enabled") is True
          for t in e.get("types") or ()]  # fmt: skip
    if on:
        said = {"ClusterLogging": {"EnabledTypes": [{"Type": t} for t in on]}}
        props.set("Logging", said, "logging")
    name = item.text("name")
    snapshot.add(item, "AWS::EKS::Cluster", name, props, arn=item.text("arn"), name=name)


def _nodegroup(item: Item, snapshot: Snapshot) -> None:
    props = item.props(
        "ClusterName", "NodegroupName", "ScalingConfig", "InstanceTypes", "Subnets", "AmiType", "NodeRole", "Labels",
        "DiskSize", "CapacityType", "Version",
    )  # fmt: skip
    name = f"{item.get('clusterName')}/{item.get('nodegroupName')}"
    snapshot.add(item, "AWS::EKS::Nodegroup", name, props, arn=item.text("nodegroupArn"), call=f"{name} Nodegroup")


def _running(item: Item, snapshot: Snapshot) -> None:
    """What runs at a moment is no resource: its service or its group is."""


READERS = {
    "clusters": _cluster,
    "services": _service,
    "taskDefinition": _task_definition,
    "repositories": _repository,
    "cluster": _eks,
    "nodegroup": _nodegroup,
    "capacityProviders": plain("AWS::ECS::CapacityProvider", "name", "Name", "AutoScalingGroupProvider", name="name"),
    "tasks": _running,
    "containerInstances": _running,
}
