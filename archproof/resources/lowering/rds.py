"""Amazon RDS: instances with what they need around them, parameter groups, subnet groups."""

from __future__ import annotations

from typing import Any

from archproof.model.kinds.rds import DbParameterGroup, DbSubnetGroup, RdsInstance
from archproof.resources.lowering import _database as shared
from archproof.resources.lowering._context import Lowering

KINDS = ("rds", "db_parameter_group", "db_subnet_group")


def lower_rds(name: str, database: RdsInstance, ctx: Lowering) -> None:
    """The instance, its subnet group, its parameter group and the role that monitors it."""
    properties: dict[str, Any] = {
        "DBInstanceIdentifier": ctx.name(name),
        "Engine": database.engine,
        "EngineVersion": shared.engine_version(database),
        "DBInstanceClass": database.instance_class,
        "DBName": database.database,
        "Port": str(database.port) if database.port else None,
        "MultiAZ": database.multi_az,
        "PubliclyAccessible": database.public,
        "VPCSecurityGroups": ctx.groups(name) or None,
        "DBSubnetGroupName": shared.subnet_group(name, database, ctx),
        "DBParameterGroupName": _parameter_group(name, database, ctx),
        "BackupRetentionPeriod": database.backup_days,
        "PreferredBackupWindow": database.backup_window,
        "PreferredMaintenanceWindow": database.maintenance_window,
        "AutoMinorVersionUpgrade": database.auto_minor_upgrades,
        "CopyTagsToSnapshot": True,
        "DeletionProtection": database.deletion_protection,
        "EnableIAMDatabaseAuthentication": True if database.iam_auth else None,
        "EnableCloudwatchLogsExports": shared.log_exports(database),
        "LicenseModel": _license(database),
        **_storage(name, database, ctx),
        **_watching(name, database, ctx),
        **shared.credentials(database, ctx),
        "Tags": ctx.tags(name),
    }
    if database.replica_of:
        properties |= _replica(name, database, ctx)
    kept = "Delete" if database.replica_of else "Snapshot"
    ctx.add(
        name,
        "AWS::RDS::DBInstance",
        properties,
        origins={
            **shared.ORIGINS,
            "DBInstanceIdentifier": "physical_name",
            "MultiAZ": "multi_az",
            "AvailabilityZone": "zone",
            "AllocatedStorage": "storage_gb",
            "MaxAllocatedStorage": "max_storage_gb",
            "StorageType": "storage_type",
            "StorageThroughput": "storage_throughput_mbps",
            "Iops": "iops",
            "LicenseModel": "license",
            "DBSubnetGroupName": "subnet_group" if database.subnet_group else "in.subnets",
            "DBParameterGroupName": "parameter_group" if database.parameter_group else "parameters",
            "SourceDBInstanceIdentifier": "replica_of",
        },
        attributes={"DeletionPolicy": kept, "UpdateReplacePolicy": kept},
    )


def _storage(name: str, database: RdsInstance, ctx: Lowering) -> dict[str, Any]:
    subnets = ctx.subnets(name)
    zone = database.zone and subnets[(database.zone - 1) % len(subnets)] if subnets else None
    return {
        "AvailabilityZone": {"Fn::GetAtt": [zone["Ref"], "AvailabilityZone"]} if zone and "Ref" in zone else None,
        "AllocatedStorage": str(database.storage_gb),
        "MaxAllocatedStorage": database.max_storage_gb,
        "StorageType": database.storage_type,
        "Iops": database.iops,
        "StorageThroughput": database.storage_throughput_mbps,
        "StorageEncrypted": database.encrypted,
        "KmsKeyId": ctx.arn(database.kms_key) if database.kms_key else None,
    }


def _watching(name: str, database: RdsInstance, ctx: Lowering) -> dict[str, Any]:
    return {
        "MonitoringInterval": database.monitoring_s,
        "MonitoringRoleArn": shared.monitoring_role(name, database, ctx),
        "EnablePerformanceInsights": database.performance_insights,
        "PerformanceInsightsRetentionPeriod": database.performance_insights_days,
    }


def _license(database: RdsInstance) -> str | None:
    if database.license:
        return "license-included" if database.license == "included" else "bring-your-own-license"
    return "license-included" if database.engine.startswith("sqlserver") else None


def _replica(name: str, database: RdsInstance, ctx: Lowering) -> dict[str, Any]:
    """What a read replica has in place of its own: it takes data, administrator and encryption from its source."""
    assert database.replica_of is not None
    inherited = (
        "DBName", "MasterUsername", "MasterUserPassword", "ManageMasterUserPassword", "MasterUserSecret",
        "StorageEncrypted", "PreferredBackupWindow", "LicenseModel",
    )  # fmt: skip
    changed: dict[str, Any] = dict.fromkeys(inherited)
    if "backup_days" not in database.model_fields_set:
        changed["BackupRetentionPeriod"] = None
    if "storage_gb" not in database.model_fields_set:
        changed["AllocatedStorage"] = None
    return changed | {"SourceDBInstanceIdentifier": ctx.arn(database.replica_of)}


def _parameter_group(name: str, database: RdsInstance, ctx: Lowering) -> dict[str, Any] | None:
    if database.parameter_group:
        return ctx.ref(database.parameter_group)
    parameters = shared.parameters_of(database)
    if not parameters:
        return None
    ctx.add(
        name,
        "AWS::RDS::DBParameterGroup",
        {
            "Description": f"Parameters of {ctx.title(name)}",
            "Family": shared.family(database.engine, database.engine_version),
            "Parameters": shared.texts(parameters),
            "Tags": ctx.tags(name),
        },
        suffix="ParameterGroup",
        origins=shared.parameter_origins(database),
    )
    return ctx.ref(name, "ParameterGroup")


def lower_db_parameter_group(name: str, group: DbParameterGroup, ctx: Lowering) -> None:
    """A parameter group: of a cluster for the Aurora engines, of an instance for all others."""
    cluster = group.engine.startswith("aurora")
    ctx.add(
        name,
        "AWS::RDS::DBClusterParameterGroup" if cluster else "AWS::RDS::DBParameterGroup",
        {
            "DBClusterParameterGroupName" if cluster else "DBParameterGroupName": ctx.name(name),
            "Description": group.description or f"Parameters of {ctx.title(name)}",
            "Family": group.family or shared.family(group.engine, group.engine_version),
            "Parameters": shared.texts(group.parameters),
            "Tags": ctx.tags(name),
        },
        origins={
            "DBClusterParameterGroupName": "physical_name",
            "DBParameterGroupName": "physical_name",
            "Description": "description",
            "Family": "family" if group.family else "engine_version",
            "Parameters": "parameters",
        },
    )


def lower_db_subnet_group(name: str, group: DbSubnetGroup, ctx: Lowering) -> None:
    """A subnet group over the subnets of its tiers."""
    ctx.add(
        name,
        "AWS::RDS::DBSubnetGroup",
        {
            "DBSubnetGroupName": ctx.name(name),
            "DBSubnetGroupDescription": group.description or f"Subnets of {ctx.title(name)}",
            "SubnetIds": ctx.subnets(name),
            "Tags": ctx.tags(name),
        },
        origins={
            "DBSubnetGroupName": "physical_name",
            "DBSubnetGroupDescription": "description",
            "SubnetIds": "in.subnets",
        },
    )
