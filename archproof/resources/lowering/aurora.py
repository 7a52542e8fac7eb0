"""Amazon Aurora: the cluster, its instances, and what they need around them."""

from __future__ import annotations

from typing import Any

from archproof.model.kinds.aurora import AuroraCluster
from archproof.resources.lowering import _database as shared
from archproof.resources.lowering._context import Lowering

KINDS = ("aurora",)

SERVERLESS_CLASS = "db.serverless"


def lower_aurora(name: str, cluster: AuroraCluster, ctx: Lowering) -> None:
    """The cluster and its instances."""
    capacity = cluster.capacity
    ctx.add(
        name,
        "AWS::RDS::DBCluster",
        {
            "DBClusterIdentifier": ctx.name(name),
            "Engine": cluster.engine,
            "EngineVersion": shared.engine_version(cluster),
            "DatabaseName": cluster.database,
            "Port": cluster.port,
            "VpcSecurityGroupIds": ctx.groups(name) or None,
            "DBSubnetGroupName": shared.subnet_group(name, cluster, ctx),
            "DBClusterParameterGroupName": _parameter_group(name, cluster, ctx),
            "BackupRetentionPeriod": cluster.backup_days,
            "PreferredBackupWindow": cluster.backup_window,
            "PreferredMaintenanceWindow": cluster.maintenance_window,
            "BacktrackWindow": cluster.backtrack_h * 60 * 60 or None,
            "CopyTagsToSnapshot": True,
            "DeletionProtection": cluster.deletion_protection,
            "StorageEncrypted": cluster.encrypted,
            "StorageType": "aurora-iopt1" if cluster.storage == "io_optimized" else None,
            "KmsKeyId": ctx.arn(cluster.kms_key) if cluster.kms_key else None,
            "EnableIAMDatabaseAuthentication": True if cluster.iam_auth else None,
            "EnableCloudwatchLogsExports": shared.log_exports(cluster),
            "EnableHttpEndpoint": True if cluster.data_api else None,
            "ServerlessV2ScalingConfiguration": {
                "MinCapacity": capacity.min_acu,
                "MaxCapacity": capacity.max_acu,
                **({"SecondsUntilAutoPause": capacity.pause_after_s} if capacity.pause_after_s else {}),
            }
            if capacity
            else None,
            **shared.credentials(cluster, ctx),
            "Tags": ctx.tags(name),
        },
        origins={
            **shared.ORIGINS,
            "DBClusterIdentifier": "physical_name",
            "DBSubnetGroupName": "subnet_group" if cluster.subnet_group else "in.subnets",
            "DBClusterParameterGroupName": "parameter_group" if cluster.parameter_group else "parameters",
            "BacktrackWindow": "backtrack_h",
            "StorageType": "storage",
            "EnableHttpEndpoint": "data_api",
            "ServerlessV2ScalingConfiguration": "capacity",
            "ServerlessV2ScalingConfiguration.MinCapacity": "capacity.min_acu",
            "ServerlessV2ScalingConfiguration.MaxCapacity": "capacity.max_acu",
            "ServerlessV2ScalingConfiguration.SecondsUntilAutoPause": "capacity.pause_after_s",
        },
        attributes={"DeletionPolicy": "Snapshot", "UpdateReplacePolicy": "Snapshot"},
    )
    role = shared.monitoring_role(name, cluster, ctx)
    for number in range(1, cluster.instances + 1):
        _instance(name, cluster, number, role, ctx)


def _instance(name: str, cluster: AuroraCluster, number: int, role: dict[str, Any] | None, ctx: Lowering) -> None:
    """One instance; the first to exist becomes the writer."""
    identifier = ctx.name(name)
    ctx.add(
        name,
        "AWS::RDS::DBInstance",
        {
            "DBInstanceIdentifier": f"{identifier}-{number}" if identifier else None,
            "DBClusterIdentifier": ctx.ref(name),
            "Engine": cluster.engine,
            "DBInstanceClass": cluster.instance_class or SERVERLESS_CLASS,
            "PubliclyAccessible": cluster.public,
            "AutoMinorVersionUpgrade": cluster.auto_minor_upgrades,
            "PreferredMaintenanceWindow": cluster.maintenance_window,
            "EnablePerformanceInsights": cluster.performance_insights,
            "PerformanceInsightsRetentionPeriod": cluster.performance_insights_days,
            "MonitoringInterval": cluster.monitoring_s,
            "MonitoringRoleArn": role,
            "Tags": ctx.tags(name),
        },
        suffix=f"Instance{number}",
        origins={
            key: shared.ORIGINS[key]
            for key in (
                "Engine", "DBInstanceClass", "PubliclyAccessible", "AutoMinorVersionUpgrade", "MonitoringInterval",
                "PreferredMaintenanceWindow", "EnablePerformanceInsights", "PerformanceInsightsRetentionPeriod",
            )
        },
        # the data is the cluster's, whose own policy keeps it
        attributes={"DeletionPolicy": "Delete", "UpdateReplacePolicy": "Delete"},
    )  # fmt: skip


def _parameter_group(name: str, cluster: AuroraCluster, ctx: Lowering) -> dict[str, Any] | None:
    if cluster.parameter_group:
        return ctx.ref(cluster.parameter_group)
    parameters = shared.parameters_of(cluster)
    if not parameters:
        return None
    ctx.add(
        name,
        "AWS::RDS::DBClusterParameterGroup",
        {
            "Description": f"Parameters of {ctx.title(name)}",
            "Family": shared.family(cluster.engine, cluster.engine_version),
            "Parameters": shared.texts(parameters),
            "Tags": ctx.tags(name),
        },
        suffix="ParameterGroup",
        origins=shared.parameter_origins(cluster),
    )
    return ctx.ref(name, "ParameterGroup")
