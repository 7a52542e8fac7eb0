"""Containers: ECS, ECR and EKS."""

from __future__ import annotations

from archproof.sources.responses._call import ALL, Call, Per, listing
from archproof.sources.responses._item import Item, Props, capital
from archproof.sources.responses._snapshot import Snapshot, plain, tagged

KEYS = {
    "clusters": ("clusterArn", ""), "services": "serviceArn", "taskDefinition": "taskDefinitionArn",
    "repositories": "repositoryArn", "cluster": "platformVersion", "nodegroup": "nodegroupArn",
    "capacityProviders": "capacityProviderArn", "tasks": "taskArn", "addon": "addonArn",
    "containerInstances": "containerInstanceArn",
}  # fmt: skip
LATER = (
    "services", "nodegroup", "ecr:GetLifecyclePolicy", "ecr:GetRepositoryPolicy", "ecr:ListTagsForResource",
    "ecs:DescribeServices",
)  # fmt: skip
_CLUSTER, _SERVICE, _TASK = "AWS::ECS::Cluster", "AWS::ECS::Service", "AWS::ECS::TaskDefinition"
_REPOSITORY, _ASSOCIATIONS = "AWS::ECR::Repository", "AWS::ECS::ClusterCapacityProviderAssociations"
_EKS = "AWS::EKS::"
_REPOSITORIES = Per("DescribeRepositories", "repositories[]", {"repositoryName": "repositoryName"})
CALLS = (
    Call("ecs", "ListClusters", "", (_CLUSTER, _ASSOCIATIONS)),
    Call("ecs", "DescribeClusters", "clusters", (_CLUSTER, _ASSOCIATIONS),
         gives={_CLUSTER: (ALL, "Tags", "DefaultCapacityProviderStrategy", "ServiceConnectDefaults"),
                _ASSOCIATIONS: (ALL, "DefaultCapacityProviderStrategy")},
         parameters={"include": ["ATTACHMENTS", "CONFIGURATIONS", "SETTINGS", "TAGS"]},
         per=Per("ListClusters", "clusterArns[]", {"clusters": "@"}, batch=100)),
    Call("ecs", "ListServices", "", (_SERVICE,), per=Per("ListClusters", "clusterArns[]", {"cluster": "@"}), page=100),
    Call("ecs", "DescribeServices", "services", (_SERVICE,), gives={_SERVICE: (ALL, "Tags", "PlacementStrategies")},
         parameters={"include": ["TAGS"]},
         per=Per("ListServices", "serviceArns[]", {"services": "@", "cluster": "^cluster"}, batch=10)),
    Call("ecs", "ListTaskDefinitions", "", (_TASK,), parameters={"status": "ACTIVE"}),
    Call("ecs", "DescribeTaskDefinition", "taskDefinition", (_TASK,), gives={_TASK: (ALL, "Tags")},
         parameters={"include": ["TAGS"]}, per=Per("ListTaskDefinitions", "taskDefinitionArns[]",
                                                   {"taskDefinition": "@"})),
    listing("ecs", "DescribeCapacityProviders", "capacityProviders", "AWS::ECS::CapacityProvider",
            parameters={"include": ["TAGS"]}),
    listing("ecr", "DescribeRepositories", "repositories", _REPOSITORY,
            gives={_REPOSITORY: ("RepositoryName", "ImageTagMutability", "ImageScanningConfiguration",
                                 "EncryptionConfiguration", "ImageTagMutabilityExclusionFilters")}),
    Call("ecr", "GetLifecyclePolicy", ".lifecyclePolicyText", gives={_REPOSITORY: ("LifecyclePolicy",)},
         per=_REPOSITORIES, absent=("LifecyclePolicyNotFoundException",)),
    Call("ecr", "GetRepositoryPolicy", ".policyText", gives={_REPOSITORY: ("RepositoryPolicyText",)},
         per=_REPOSITORIES, absent=("RepositoryPolicyNotFoundException",)),
    Call("ecr", "ListTagsForResource", ".tags", gives={_REPOSITORY: ("Tags",)},
         per=Per("DescribeRepositories", "repositories[]", {"resourceArn": "repositoryArn"})),
    Call("eks", "ListClusters", "clusters", (f"{_EKS}Cluster",)),
    Call("eks", "DescribeCluster", "cluster", gives={f"{_EKS}Cluster": (ALL, "Tags", "ResourcesVpcConfig", "Logging")},
         per=Per("ListClusters", "clusters[]", {"name": "@"})),
    Call("eks", "ListNodegroups", "", (f"{_EKS}Nodegroup",),
         per=Per("ListClusters", "clusters[]", {"clusterName": "@"})),
    listing("eks", "DescribeNodegroup", "nodegroup", f"{_EKS}Nodegroup",
            per=Per("ListNodegroups", "nodegroups[]", {"nodegroupName": "@", "clusterName": "^clusterName"})),
    Call("eks", "ListAddons", "", (f"{_EKS}Addon",), per=Per("ListClusters", "clusters[]", {"clusterName": "@"})),
    listing("eks", "DescribeAddon", "addon", f"{_EKS}Addon",
            per=Per("ListAddons", "addons[]", {"addonName": "@", "clusterName": "^clusterName"})),
)  # fmt: skip


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
    cluster = snapshot.add(item, _CLUSTER, name, props, arn=item.text("clusterArn"), name=name)
    if cluster is not None and snapshot.live and item.get("capacityProviders"):
        more = Props(item)
        more.set("Cluster", name, "clusterName")
        more.take("CapacityProviders", "capacityProviders")
        more.set("DefaultCapacityProviderStrategy", strategy or [], "defaultCapacityProviderStrategy")
        snapshot.add(item, _ASSOCIATIONS, f"{name}|capacity", more, ref=name, implied=True)


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
    if props.values.get("PropagateTags") == "NONE" and not snapshot.live:
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
        if container.get("Cpu") == 0 and not snapshot.live:
            container.pop("Cpu")
        props.origins["ContainerDefinitions", number] = ("containerDefinitions", number)
    arn = item.text("taskDefinitionArn")
    if snapshot.live:
        tags = item.inner(item.around, ()).props()
        props.values.update(tags.values)
        props.looked.add("Tags")
        props.stack = props.stack or tags.stack
        for name, field in (("InferenceAccelerators", "inferenceAccelerators"), ("EnableFaultInjection",) * 2):
            props.take(name, field)
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


def _lifecycle(item: Item, snapshot: Snapshot) -> None:
    found = snapshot.told_by_path(item, _REPOSITORY)
    if found is not None:
        props = Props(item)
        said = {"LifecyclePolicyText": item.get("lifecyclePolicyText")}
        props.set("LifecyclePolicy", said, "lifecyclePolicyText")
        snapshot.extend(found, item, props)


def _repository_policy(item: Item, snapshot: Snapshot) -> None:
    found = snapshot.told_by_path(item, _REPOSITORY)
    if found is not None:
        props = Props(item)
        props.document("RepositoryPolicyText", "policyText")
        snapshot.extend(found, item, props)


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


def _provider(item: Item, snapshot: Snapshot) -> None:
    """A capacity provider; those of Fargate every account has."""
    name = item.text("name")
    made_by = "aws" if name in ("FARGATE", "FARGATE_SPOT") else None
    props = item.props("Name", "AutoScalingGroupProvider")
    snapshot.add(item, "AWS::ECS::CapacityProvider", name, props, name=name, made_by=made_by)


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
    "ecr:GetLifecyclePolicy": _lifecycle,
    "ecr:GetRepositoryPolicy": _repository_policy,
    "ecr:ListTagsForResource": tagged(_REPOSITORY),
    "addon": plain(
        "AWS::EKS::Addon",
        "addonArn",
        "ClusterName",
        "AddonName",
        "AddonVersion",
        "ConfigurationValues",
        "ServiceAccountRoleArn",
        arn="addonArn",
    ),
    "clusters": _cluster,
    "services": _service,
    "taskDefinition": _task_definition,
    "repositories": _repository,
    "cluster": _eks,
    "nodegroup": _nodegroup,
    "capacityProviders": _provider,
    "tasks": _running,
    "containerInstances": _running,
}
