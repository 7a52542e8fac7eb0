"""Amazon ECS: clusters with their capacity, services with how they scale, task definitions."""

from __future__ import annotations

from typing import Any

from archproof.model.kinds.ecs import EcsCluster, EcsService, EcsTaskDefinition
from archproof.resources.lowering import _targets, _task_definitions
from archproof.resources.lowering._context import Lowering, logical_id

KINDS = ("ecs_cluster", "ecs_service", "ecs_task_definition")

_FULL_PERCENT = 100
_SERVICE_ORIGINS = {
    "ServiceName": "physical_name",
    "Cluster": "cluster",
    "LaunchType": "launch",
    "CapacityProviderStrategy": "launch",
    "DesiredCount": "tasks",
    "NetworkConfiguration.AwsvpcConfiguration.Subnets": "in.subnets",
    "NetworkConfiguration.AwsvpcConfiguration.SecurityGroups": "in.security_groups",
    "NetworkConfiguration.AwsvpcConfiguration.AssignPublicIp": "public_ip",
    "NetworkConfiguration.AwsvpcConfiguration": "in",
    "HealthCheckGracePeriodSeconds": "health_grace_s",
    "DeploymentConfiguration.DeploymentCircuitBreaker": "circuit_breaker",
    "DeploymentConfiguration.MinimumHealthyPercent": "min_healthy_percent",
    "DeploymentConfiguration.MaximumPercent": "max_percent",
    "EnableExecuteCommand": "shell",
}


def lower_ecs_cluster(name: str, cluster: EcsCluster, ctx: Lowering) -> None:
    """The cluster, and a capacity provider for each of its Auto Scaling groups."""
    execution = {"KmsKeyId": ctx.arn(cluster.exec_key), "Logging": "DEFAULT"} if cluster.exec_key else None
    _cluster(
        name,
        cluster.container_insights,
        ctx,
        properties={
            "ClusterName": ctx.name(name),
            "Configuration": {"ExecuteCommandConfiguration": execution} if execution else None,
        },
    )
    if not cluster.capacity:
        return
    providers = [_provider(name, group, ctx) for group in cluster.capacity]
    ctx.add(
        name,
        "AWS::ECS::ClusterCapacityProviderAssociations",
        {
            "Cluster": ctx.ref(name),
            "CapacityProviders": ["FARGATE", "FARGATE_SPOT", *providers],
            "DefaultCapacityProviderStrategy": [{"CapacityProvider": providers[0], "Weight": 1}],
        },
        suffix="Capacity",
        origins={"CapacityProviders": "capacity"},
    )


def _provider(name: str, group: str, ctx: Lowering) -> dict[str, Any]:
    """A capacity provider that scales an Auto Scaling group with the tasks, and drains what it removes."""
    suffix = logical_id(group, "Provider")
    ctx.add(
        name,
        "AWS::ECS::CapacityProvider",
        {
            "AutoScalingGroupProvider": {
                "AutoScalingGroupArn": ctx.ref(group),
                "ManagedScaling": {"Status": "ENABLED", "TargetCapacity": _FULL_PERCENT},
                "ManagedTerminationProtection": "ENABLED",
                "ManagedDraining": "ENABLED",
            },
            "Tags": ctx.tags(name),
        },
        suffix=suffix,
        origins={"AutoScalingGroupProvider.AutoScalingGroupArn": "capacity"},
    )
    return ctx.ref(name, suffix)


def _cluster(name: str, insights: str, ctx: Lowering, *, suffix: str = "", properties: dict[str, Any]) -> None:
    ctx.add(
        name,
        "AWS::ECS::Cluster",
        {
            **properties,
            "ClusterSettings": [{"Name": "containerInsights", "Value": insights}],
            "Tags": ctx.tags(name),
        },
        suffix=suffix,
        origins={"ClusterName": "physical_name", "ClusterSettings": "container_insights"} if not suffix else None,
    )


def lower_ecs_service(name: str, service: EcsService, ctx: Lowering) -> None:
    """The service, its task definition, its own cluster where it names none, and how it scales."""
    if service.cluster is None:
        # Fargate's providers belong to a cluster only where it names them
        spot = {"CapacityProviders": ["FARGATE", "FARGATE_SPOT"]} if service.launch == "fargate_spot" else {}
        _cluster(name, "enabled", ctx, suffix="Cluster", properties=spot)
    _task_definitions.lower(name, service, ctx, "TaskDefinition")
    if service.shell:
        ctx.allow(
            name,
            ["ssmmessages:CreateControlChannel", "ssmmessages:CreateDataChannel", "ssmmessages:OpenControlChannel",
             "ssmmessages:OpenDataChannel"],
            "*",
        )  # fmt: skip
    attached = _targets.attachments(name, ctx)
    network: dict[str, Any] = {
        "Subnets": ctx.subnets(name),
        "SecurityGroups": ctx.groups(name) or None,
        "AssignPublicIp": "ENABLED" if service.public_ip else "DISABLED",
    }
    if service.launch == "ec2":
        del network["AssignPublicIp"]  # tasks on instances cannot have one
    depends = list(dict.fromkeys(listener for _, before in attached for listener in before))
    ctx.add(
        name,
        "AWS::ECS::Service",
        {
            "ServiceName": ctx.name(name),
            "Cluster": _cluster_ref(name, service, ctx),
            "TaskDefinition": ctx.ref(name, "TaskDefinition"),
            **_capacity(service, ctx),
            "DesiredCount": service.tasks,
            "NetworkConfiguration": {"AwsvpcConfiguration": {k: v for k, v in network.items() if v is not None}},
            "LoadBalancers": [_balanced(name, service, ref) for ref, _ in attached] or None,
            "HealthCheckGracePeriodSeconds": service.health_grace_s if attached else None,
            "DeploymentConfiguration": {
                "DeploymentCircuitBreaker": {"Enable": service.circuit_breaker, "Rollback": service.circuit_breaker},
                "MinimumHealthyPercent": service.min_healthy_percent,
                "MaximumPercent": service.max_percent,
            },
            "AvailabilityZoneRebalancing": "ENABLED",
            "EnableExecuteCommand": service.shell,
            "EnableECSManagedTags": True,
            "PropagateTags": "SERVICE",
            "Tags": ctx.tags(name),
        },
        origins=_SERVICE_ORIGINS,
        attributes={"DependsOn": depends} if depends else None,
    )
    _scaling(name, service, ctx)


def _cluster_ref(name: str, service: EcsService, ctx: Lowering) -> dict[str, Any]:
    return ctx.ref(service.cluster) if service.cluster else ctx.ref(name, "Cluster")


def _capacity(service: EcsService, ctx: Lowering) -> dict[str, Any]:
    """On what the tasks run: Fargate, spot capacity, or the instances of the cluster."""
    if service.launch == "fargate":
        return {"LaunchType": "FARGATE"}
    if service.launch == "fargate_spot":
        return {"CapacityProviderStrategy": [{"CapacityProvider": "FARGATE_SPOT", "Weight": 1}]}
    cluster = ctx.component(service.cluster) if service.cluster else None
    if isinstance(cluster, EcsCluster) and cluster.capacity and service.cluster:
        provider = ctx.ref(service.cluster, logical_id(cluster.capacity[0], "Provider"))
        return {"CapacityProviderStrategy": [{"CapacityProvider": provider, "Weight": 1}]}
    return {"LaunchType": "EC2"}


def _balanced(name: str, service: EcsService, target_group: dict[str, Any]) -> dict[str, Any]:
    from archproof.model.kinds._ports import port_of

    return {
        "ContainerName": _task_definitions.container_name(name),
        "ContainerPort": service.port or port_of("http"),
        "TargetGroupArn": target_group,
    }


def _scaling(name: str, service: EcsService, ctx: Lowering) -> None:
    """How the number of tasks follows CPU and memory."""
    said = service.scaling
    if said is None:
        return
    cluster = _cluster_ref(name, service, ctx)["Ref"]
    ctx.add(
        name,
        "AWS::ApplicationAutoScaling::ScalableTarget",
        {
            "ServiceNamespace": "ecs",
            "ScalableDimension": "ecs:service:DesiredCount",
            "ResourceId": {"Fn::Sub": "service/${" + cluster + "}/${" + ctx.id(name) + ".Name}"},
            "MinCapacity": said.min,
            "MaxCapacity": said.max,
        },
        suffix="ScalableTarget",
        origins={"MinCapacity": "scaling.min", "MaxCapacity": "scaling.max"},
    )
    for key, metric, value in (
        ("Cpu", "ECSServiceAverageCPUUtilization", said.target_cpu_percent),
        ("Memory", "ECSServiceAverageMemoryUtilization", said.target_memory_percent),
    ):
        if value is None:
            continue
        ctx.add(
            name,
            "AWS::ApplicationAutoScaling::ScalingPolicy",
            {
                "PolicyName": f"{_task_definitions.container_name(name)}-{key.lower()}",
                "PolicyType": "TargetTrackingScaling",
                "ScalingTargetId": ctx.ref(name, "ScalableTarget"),
                "TargetTrackingScalingPolicyConfiguration": {
                    "PredefinedMetricSpecification": {"PredefinedMetricType": metric},
                    "TargetValue": value,
                },
            },
            suffix=f"{key}Scaling",
            origins={
                "TargetTrackingScalingPolicyConfiguration.TargetValue": f"scaling.target_{key.lower()}_percent",
            },
        )


def lower_ecs_task_definition(name: str, task: EcsTaskDefinition, ctx: Lowering) -> None:
    """A task definition that something else starts."""
    _task_definitions.lower(name, task, ctx, "")
