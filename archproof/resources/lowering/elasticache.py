"""Amazon ElastiCache: replication groups and Memcached clusters, with their subnet group, token and logs."""

from __future__ import annotations

from typing import Any

from archproof.model.kinds.elasticache import ElastiCache
from archproof.resources.lowering._context import Lowering
from archproof.resources.lowering._database import texts

KINDS = ("elasticache",)

_TOKEN_LENGTH = 64
_ORIGINS = {
    "ReplicationGroupId": "physical_name",
    "ClusterName": "physical_name",
    "ReplicationGroupDescription": "description",
    "Engine": "engine",
    "EngineVersion": "engine_version",
    "CacheNodeType": "node_type",
    "NumNodeGroups": "shards",
    "ReplicasPerNodeGroup": "replicas",
    "NumCacheNodes": "nodes",
    "AutomaticFailoverEnabled": "multi_az",
    "MultiAZEnabled": "multi_az",
    "AZMode": "multi_az",
    "AtRestEncryptionEnabled": "encrypted",
    "TransitEncryptionEnabled": "encrypted_in_transit",
    "KmsKeyId": "kms_key",
    "AuthToken": "auth",
    "SnapshotRetentionLimit": "backup_days",
    "SnapshotWindow": "backup_window",
    "PreferredMaintenanceWindow": "maintenance_window",
    "AutoMinorVersionUpgrade": "auto_minor_upgrades",
    "Port": "port",
    "CacheParameterGroupName": "parameters",
    "CacheSubnetGroupName": "in.subnets",
    "SecurityGroupIds": "in.security_groups",
    "VpcSecurityGroupIds": "in.security_groups",
    "LogDeliveryConfigurations": "log_retention_days",
}


def lower_elasticache(name: str, cache: ElastiCache, ctx: Lowering) -> None:
    """The cache of either form."""
    common = {
        "Engine": cache.engine,
        "EngineVersion": cache.engine_version,
        "CacheNodeType": cache.node_type,
        "TransitEncryptionEnabled": cache.encrypted_in_transit,
        "PreferredMaintenanceWindow": cache.maintenance_window,
        "AutoMinorVersionUpgrade": cache.auto_minor_upgrades,
        "Port": cache.port,
        "CacheParameterGroupName": _parameters(name, cache, ctx),
        "CacheSubnetGroupName": _subnet_group(name, ctx),
    }
    if cache.engine == "memcached":
        _memcached(name, cache, common, ctx)
    else:
        _replication_group(name, cache, common, ctx)


def _replication_group(name: str, cache: ElastiCache, common: dict[str, Any], ctx: Lowering) -> None:
    # with one node alone there is nothing to fail over to, and ElastiCache rejects it
    failover = cache.replicas > 0 and (cache.multi_az or cache.shards > 1)
    ctx.add(
        name,
        "AWS::ElastiCache::ReplicationGroup",
        {
            "ReplicationGroupId": ctx.name(name),
            "ReplicationGroupDescription": cache.description or ctx.title(name),
            **common,
            "NumNodeGroups": cache.shards,
            "ReplicasPerNodeGroup": cache.replicas,
            "AutomaticFailoverEnabled": failover,
            "MultiAZEnabled": failover and cache.multi_az,
            "AtRestEncryptionEnabled": cache.encrypted,
            "KmsKeyId": ctx.arn(cache.kms_key) if cache.kms_key else None,
            "AuthToken": _token(name, cache, ctx),
            "SnapshotRetentionLimit": cache.backup_days,
            "SnapshotWindow": cache.backup_window,
            "SecurityGroupIds": ctx.groups(name) or None,
            "LogDeliveryConfigurations": _logs(name, cache, ctx),
            "Tags": ctx.tags(name),
        },
        origins=_ORIGINS,
        attributes={"DeletionPolicy": "Snapshot", "UpdateReplacePolicy": "Snapshot"},
    )


def _memcached(name: str, cache: ElastiCache, common: dict[str, Any], ctx: Lowering) -> None:
    several = cache.multi_az and cache.nodes > 1
    ctx.add(
        name,
        "AWS::ElastiCache::CacheCluster",
        {
            "ClusterName": ctx.name(name),
            **common,
            "NumCacheNodes": cache.nodes,
            "AZMode": "cross-az" if several else "single-az",
            "VpcSecurityGroupIds": ctx.groups(name) or None,
            "Tags": ctx.tags(name),
        },
        origins=_ORIGINS,
    )


def _subnet_group(name: str, ctx: Lowering) -> dict[str, Any] | None:
    subnets = ctx.subnets(name)
    if not subnets:
        return None
    ctx.add(
        name,
        "AWS::ElastiCache::SubnetGroup",
        {"Description": f"Subnets of {ctx.title(name)}", "SubnetIds": subnets, "Tags": ctx.tags(name)},
        suffix="SubnetGroup",
        origins={"SubnetIds": "in.subnets"},
    )
    return ctx.ref(name, "SubnetGroup")


def _parameters(name: str, cache: ElastiCache, ctx: Lowering) -> dict[str, Any] | None:
    if not cache.parameters:
        return None
    family = cache.parameter_family or f"{cache.engine}{(cache.engine_version or '').partition('.')[0]}"
    ctx.add(
        name,
        "AWS::ElastiCache::ParameterGroup",
        {
            "CacheParameterGroupFamily": family,
            "Description": f"Parameters of {ctx.title(name)}",
            "Properties": texts(cache.parameters),
            "Tags": ctx.tags(name),
        },
        suffix="ParameterGroup",
        origins={"CacheParameterGroupFamily": "parameter_family", "Properties": "parameters"},
    )
    return ctx.ref(name, "ParameterGroup")


def _token(name: str, cache: ElastiCache, ctx: Lowering) -> dict[str, Any] | None:
    """The token as a reference into Secrets Manager; a token needs TLS."""
    if cache.auth == "open" or not cache.encrypted_in_transit:
        return None
    if cache.secret:
        return _resolve(ctx.id(cache.secret))
    ctx.add(
        name,
        "AWS::SecretsManager::Secret",
        {
            "Description": f"Token of {ctx.title(name)}",
            # only some punctuation is allowed in a token
            "GenerateSecretString": {"PasswordLength": _TOKEN_LENGTH, "ExcludePunctuation": True},
            "KmsKeyId": ctx.arn(cache.kms_key) if cache.kms_key else None,
            "Tags": ctx.tags(name),
        },
        suffix="Token",
        origins={"KmsKeyId": "kms_key"},
    )
    return _resolve(ctx.id(name, "Token"))


def _resolve(secret: str) -> dict[str, Any]:
    return {"Fn::Sub": "{{resolve:secretsmanager:${" + secret + "}}}"}


def _logs(name: str, cache: ElastiCache, ctx: Lowering) -> list[dict[str, Any]]:
    ctx.add(
        name,
        "AWS::Logs::LogGroup",
        {"RetentionInDays": cache.log_retention_days, "Tags": ctx.tags(name)},
        suffix="LogGroup",
        origins={"RetentionInDays": "log_retention_days"},
    )
    return [
        {
            "DestinationType": "cloudwatch-logs",
            "DestinationDetails": {"CloudWatchLogsDetails": {"LogGroup": ctx.ref(name, "LogGroup")}},
            "LogFormat": "json",
            "LogType": kind,
        }
        for kind in ("slow-log", "engine-log")
    ]
