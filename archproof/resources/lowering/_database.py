"""What lowering RDS instances and Aurora clusters has in common."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from archproof.model.kinds._database import Database, ParameterValue
from archproof.resources.lowering._context import Lowering
from archproof.resources.lowering._roles import trust

# The logs that operations need; the others are costly (general), need an option group (audit) or a feature.
_LOGS = {
    "postgresql": ("postgresql", "upgrade"),
    "mysql": ("error", "slowquery"),
    "sqlserver": ("agent", "error"),
    "oracle": ("alert", "listener"),
}
# What each family calls the most connections that it takes.
_CONNECTIONS = {
    "postgresql": "max_connections",
    "mysql": "max_connections",
    "sqlserver": "user connections",
    "oracle": "processes",
}
ORIGINS = {
    "Engine": "engine",
    "EngineVersion": "engine_version",
    "DBName": "database",
    "DatabaseName": "database",
    "Port": "port",
    "StorageEncrypted": "encrypted",
    "KmsKeyId": "kms_key",
    "DeletionProtection": "deletion_protection",
    "BackupRetentionPeriod": "backup_days",
    "PreferredBackupWindow": "backup_window",
    "PreferredMaintenanceWindow": "maintenance_window",
    "AutoMinorVersionUpgrade": "auto_minor_upgrades",
    "MasterUsername": "master_username",
    "MasterUserPassword": "secret",
    "MasterUserSecret": "secret_key",
    "EnableIAMDatabaseAuthentication": "iam_auth",
    "EnableCloudwatchLogsExports": "log_exports",
    "VPCSecurityGroups": "in.security_groups",
    "VpcSecurityGroupIds": "in.security_groups",
    "DBSubnetGroupName": "subnet_group",
    "PubliclyAccessible": "public",
    "DBInstanceClass": "instance_class",
    "EnablePerformanceInsights": "performance_insights",
    "PerformanceInsightsEnabled": "performance_insights",
    "PerformanceInsightsRetentionPeriod": "performance_insights_days",
    "MonitoringInterval": "monitoring_s",
}
"""The fields behind the properties that instance and cluster share."""


def newest_major(engine: str) -> str | None:
    """Return the newest major version of `engine` that facts know, or None."""
    from archproof import facts

    known = facts.engine_versions(engine)
    return known[-1].major if known else None


def family(engine: str, version: str | None) -> str:
    """Return the parameter group family of `engine` in `version`, or in its newest version."""
    from archproof import facts

    wanted = version or newest_major(engine) or ""
    known = facts.engine_version(engine, wanted)
    row = facts.engine(engine)
    if known is not None:
        major = known.major
    elif row.family == "mysql":
        major = ".".join(wanted.split(".")[:2])
    else:
        major = wanted.split(".")[0]
    return row.parameter_group_family.format(major=major)


def parameters_of(database: Database) -> dict[str, ParameterValue]:
    """The parameters of a database's own group: those said, and what refuses clear text where it must be set."""
    from archproof import facts

    wanted = dict(database.parameters)
    row = facts.engine(database.engine)
    if database.max_connections and not database.parameter_group:
        wanted.setdefault(_CONNECTIONS[row.family], database.max_connections)
    if database.require_tls and not database.parameter_group and row.tls_parameter and row.tls_parameter not in wanted:
        version = database.engine_version or newest_major(database.engine) or ""
        if not (row.tls_default_from and _at_least(version, row.tls_default_from)):
            wanted[row.tls_parameter] = row.tls_values[0]
    return wanted


def _at_least(version: str, floor: str) -> bool:
    def number(text: str) -> tuple[int, ...]:
        return tuple(int(part) for part in text.split(".") if part.isdigit())

    return number(version) >= number(floor)


def parameter_origins(database: Database) -> dict[str, str]:
    """The fields behind the properties of a parameter group; the parameters' names may hold dots."""
    return {"Family": "engine_version", "Parameters": "parameters" if database.parameters else "require_tls"}


def texts(parameters: Mapping[str, ParameterValue]) -> dict[str, str]:
    """Parameter values as RDS takes them: text, with 1 and 0 for true and false."""
    return {key: str(int(value)) if isinstance(value, bool) else str(value) for key, value in parameters.items()}


def engine_version(database: Database) -> str | None:
    """The version to write: the one said; the newest major version where a parameter group depends on one.

    A major version alone is a version of PostgreSQL and Oracle only: of the others RDS chooses its default.
    """
    from archproof import facts

    bare = facts.engine(database.engine).family in ("postgresql", "oracle")
    if database.engine_version or not bare or not parameters_of(database):
        return database.engine_version
    return newest_major(database.engine)


def log_exports(database: Database) -> list[str] | None:
    """The logs to export, or None for none."""
    from archproof import facts

    if database.log_exports is not None:
        return list(database.log_exports) or None
    row = facts.engine(database.engine)
    return [name for name in _LOGS.get(row.family, ()) if name in row.log_exports] or None


def subnet_group(name: str, database: Database, ctx: Lowering) -> dict[str, Any] | None:
    """The subnet group: the one referred to, or one of its own over its subnets."""
    if database.subnet_group:
        return ctx.ref(database.subnet_group)
    subnets = ctx.subnets(name)
    if not subnets:
        return None
    ctx.add(
        name,
        "AWS::RDS::DBSubnetGroup",
        {
            "DBSubnetGroupDescription": f"Subnets of {ctx.title(name)}",
            "SubnetIds": subnets,
            "Tags": ctx.tags(name),
        },
        suffix="SubnetGroup",
        origins={"SubnetIds": "in.subnets"},
    )
    return ctx.ref(name, "SubnetGroup")


def credentials(database: Database, ctx: Lowering) -> dict[str, Any]:
    """The administrator: a secret that RDS makes, or the one of the model; never a password in the template."""
    if database.secret:
        secret = "{{resolve:secretsmanager:${" + ctx.id(database.secret) + "}:SecretString:"
        return {
            "MasterUsername": {"Fn::Sub": secret + "username}}"},
            "MasterUserPassword": {"Fn::Sub": secret + "password}}"},
        }
    key = {"KmsKeyId": ctx.arn(database.secret_key)} if database.secret_key else None
    return {"MasterUsername": database.master_username, "ManageMasterUserPassword": True, "MasterUserSecret": key}


def administrator_secret(database: str, ctx: Lowering) -> tuple[Any, Any]:
    """The ARN of the secret with a database's administrator, RDS's own or the model's, and its key's or None.

    A replica has its original's.
    """
    component: Any = ctx.component(database)
    while getattr(component, "replica_of", None):
        database = component.replica_of
        component = ctx.component(database)
    if component.secret:
        key = getattr(ctx.component(component.secret), "kms_key", None)
        return ctx.arn(component.secret), ctx.arn(key) if key else None
    key = component.secret_key
    return ctx.att(database, "MasterUserSecret.SecretArn"), ctx.arn(key) if key else None


def monitoring_role(name: str, database: Database, ctx: Lowering) -> dict[str, Any] | None:
    """The ARN of the role that enhanced monitoring writes its samples with, or None without it."""
    if not database.monitoring_s:
        return None
    policy = "arn:${AWS::Partition}:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole"
    ctx.add(
        name,
        "AWS::IAM::Role",
        {
            "AssumeRolePolicyDocument": trust("monitoring.rds.amazonaws.com"),
            "ManagedPolicyArns": [{"Fn::Sub": policy}],
            "Tags": ctx.tags(name),
        },
        suffix="MonitoringRole",
        implied=True,
    )
    return ctx.att(name, "Arn", "MonitoringRole")
