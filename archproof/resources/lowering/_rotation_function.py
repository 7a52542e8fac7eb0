"""The function that AWS provides to rotate a database's secret: where it runs, and what it may reach.

It stands in subnets of the VPC like any other function. Its security group lets it out to the database and
to Secrets Manager, and the groups of both let it in, where they leave their rules to what needs them.
"""

from __future__ import annotations

from typing import Any

from archproof.model.kinds._database import Database
from archproof.model.kinds.secrets import Secret
from archproof.resources.lowering import _groups
from archproof.resources.lowering._context import Lowering
from archproof.resources.lowering._places import Group, state

_ROTATIONS = {
    "postgresql": "PostgreSQLSingleUser",
    "sqlserver": "SQLServerSingleUser",
    "oracle": "OracleSingleUser",
    "mysql": "MySQLSingleUser",
}
_ANYWHERE = "0.0.0.0/0"


def hosted(name: str, secret: Secret, database: str, ctx: Lowering) -> dict[str, Any]:
    """The property `HostedRotationLambda` of the schedule that rotates `secret`, which is of `database`."""
    from archproof import facts

    owner = ctx.component(database)
    assert isinstance(owner, Database)
    kind = "MariaDBSingleUser" if owner.engine == "mariadb" else _ROTATIONS[facts.engine(owner.engine).family]
    result: dict[str, Any] = {"RotationType": kind}
    if secret.kms_key:
        result["KmsKeyArn"] = ctx.arn(secret.kms_key)
    placed = secret.in_ and secret.in_.subnets
    subnets = ctx.subnets(name if placed else database)
    if not subnets:
        return result
    result["VpcSubnetIds"] = _joined(subnets)
    if secret.in_ and secret.in_.security_groups:
        result["VpcSecurityGroupIds"] = _joined(ctx.groups(name))
    else:
        result["VpcSecurityGroupIds"] = _joined([_own_group(name, database, ctx)])
    return result


def _joined(values: list[Any]) -> dict[str, Any]:
    """A list as the text with commas that the property takes."""
    return {"Fn::Join": [",", values]}


def _own_group(name: str, database: str, ctx: Lowering) -> dict[str, Any]:
    """The function's group, let in by the database and by the endpoint of Secrets Manager."""
    from archproof.model.kinds._ports import port_of

    vpc = _groups.vpc_name(ctx, database)
    https = port_of("https")
    port = ctx.component(database).listens(ctx.architecture)[0]
    databases = _groups.of(ctx, database, make=True)
    endpoints = [g for p in state(ctx).endpoints.get(vpc or "", {}).get("secretsmanager", ()) for g in p.groups]
    out = [_rule(port, f"{name} rotates the password in {database}", group.ref) for group in databases]
    purpose = f"{name} keeps the new password"
    out += [_rule(https, purpose, group.ref) for group in endpoints]
    if not endpoints:
        out.append(_rule(https, purpose, None))
    ctx.add(
        name,
        "AWS::EC2::SecurityGroup",
        {
            "GroupDescription": _groups.described(f"Rotation of {ctx.title(name)}"),
            "VpcId": ctx.vpc(database),
            "SecurityGroupEgress": out,
            "Tags": ctx.tags(name),
        },
        suffix="RotationGroup",
        implied=True,
    )
    own = ctx.att(name, "GroupId", "RotationGroup")
    for number, group in enumerate(databases, 1):
        _let_in(name, f"RotationToDatabase{number}", group, port, own, ctx)
    for number, group in enumerate(endpoints, 1):
        _let_in(name, f"RotationToEndpoint{number}", group, https, own, ctx)
    return own


def _rule(port: int, description: str, group: dict[str, Any] | None) -> dict[str, Any]:
    """One rule for what may leave; to anywhere where no group is named."""
    to = {"DestinationSecurityGroupId": group} if group else {"CidrIp": _ANYWHERE}
    return {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "Description": description, **to}


def _let_in(name: str, suffix: str, group: Group, port: int, own: dict[str, Any], ctx: Lowering) -> None:
    """Let the function into a group, unless the group says its own rules."""
    if group.verbatim or group.ingress is not None:
        return
    ctx.add(
        name,
        "AWS::EC2::SecurityGroupIngress",
        {
            "GroupId": group.ref,
            "IpProtocol": "tcp",
            "FromPort": port,
            "ToPort": port,
            "SourceSecurityGroupId": own,
            "Description": f"Rotation of {name}",
        },
        suffix=suffix,
        implied=True,
    )
