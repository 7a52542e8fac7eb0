"""Amazon RDS Proxy: the proxy, its target group, and what its role needs beside its links."""

from __future__ import annotations

from typing import Any

from archproof.model.kinds.rds_proxy import RdsProxy
from archproof.resources.lowering._context import Lowering
from archproof.resources.lowering._database import administrator_secret
from archproof.resources.lowering._names import dashed

KINDS = ("rds_proxy",)


def lower_rds_proxy(name: str, proxy: RdsProxy, ctx: Lowering) -> None:
    """The proxy and its one target group."""
    from archproof import facts

    engine = getattr(ctx.component(proxy.target), "engine", "")
    iam = "REQUIRED" if proxy.iam_auth else "DISABLED"
    ctx.add(
        name,
        "AWS::RDS::DBProxy",
        {
            "DBProxyName": ctx.name(name) or dashed(name, ctx),
            "EngineFamily": facts.engine(engine).proxy_family if engine else None,
            "Auth": [{"AuthScheme": "SECRETS", "IAMAuth": iam, "SecretArn": arn} for arn in _secrets(name, proxy, ctx)],
            "RequireTLS": proxy.require_tls,
            "IdleClientTimeout": proxy.idle_timeout_s,
            "DebugLogging": proxy.debug_logging,
            "RoleArn": ctx.role_arn(name),
            "VpcSubnetIds": ctx.subnets(name),
            "VpcSecurityGroupIds": ctx.groups(name) or None,
            "Tags": ctx.tags(name),
        },
        origins={
            "DBProxyName": "physical_name",
            "EngineFamily": "target",
            "Auth": "secret",
            "RequireTLS": "require_tls",
            "IdleClientTimeout": "idle_timeout_s",
            "DebugLogging": "debug_logging",
            "RoleArn": "role",
            "VpcSubnetIds": "in.subnets",
            "VpcSecurityGroupIds": "in.security_groups",
        },
    )
    _target_group(name, proxy, ctx)


def _secrets(name: str, proxy: RdsProxy, ctx: Lowering) -> list[Any]:
    """The ARNs of its secrets: those named, or the one that the database's administrator has."""
    if proxy.secret:
        return [ctx.arn(secret) for secret in proxy.secret]
    if ctx.component(proxy.target).kind == "resource":
        arn, key = ctx.att(proxy.target, "MasterUserSecret.SecretArn"), None
    else:
        arn, key = administrator_secret(proxy.target, ctx)
    ctx.allow(name, ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"], arn)
    if key:
        ctx.allow(name, ["kms:Decrypt"], key)
    return [arn]


def _target_group(name: str, proxy: RdsProxy, ctx: Lowering) -> None:
    cluster = ctx.component(proxy.target).kind == "aurora"
    pool = {
        "MaxConnectionsPercent": proxy.max_connections_percent,
        "MaxIdleConnectionsPercent": proxy.max_idle_connections_percent,
        "ConnectionBorrowTimeout": proxy.borrow_timeout_s,
    }
    attributes = {}
    if cluster:
        # a cluster without its writer cannot be registered
        attributes["DependsOn"] = [ctx.id(proxy.target, "Instance1")]
    ctx.add(
        name,
        "AWS::RDS::DBProxyTargetGroup",
        {
            "DBProxyName": ctx.ref(name),
            "TargetGroupName": "default",
            "DBClusterIdentifiers" if cluster else "DBInstanceIdentifiers": [ctx.ref(proxy.target)],
            "ConnectionPoolConfigurationInfo": {k: v for k, v in pool.items() if v is not None} or None,
        },
        suffix="TargetGroup",
        origins={
            "DBClusterIdentifiers": "target",
            "DBInstanceIdentifiers": "target",
            "ConnectionPoolConfigurationInfo.MaxConnectionsPercent": "max_connections_percent",
            "ConnectionPoolConfigurationInfo.MaxIdleConnectionsPercent": "max_idle_connections_percent",
            "ConnectionPoolConfigurationInfo.ConnectionBorrowTimeout": "borrow_timeout_s",
        },
        attributes=attributes,
    )
