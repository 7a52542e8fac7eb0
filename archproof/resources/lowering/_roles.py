"""Roles from links: each role holds exactly the actions that the links of its holder need."""

from __future__ import annotations

from typing import Any

from archproof.model.architecture import Link
from archproof.model.kinds._roles import OwnRole
from archproof.resources.lowering._context import Lowering

_POLICY_VERSION = "2012-10-17"
_HOUR = 3600


def lower(ctx: Lowering) -> None:
    """Make the role of every component that runs with one of its own, and fill declared roles."""
    gathered = _gather(ctx)
    for name, component in ctx.architecture.components.items():
        role: Any = getattr(component, "role", None)
        if component.principal and role is not None and not isinstance(role, str):
            _said_role(ctx, name, component.principal, role)
        elif component.principal and role is None:
            if not ctx.exact:
                _own_role(ctx, name, component.principal, gathered.get(name, []))
        elif component.kind == "iam_role" and ctx.id(name) in ctx.resources and not ctx.exact:
            resource = ctx.resources[ctx.id(name)]
            explicit = resource.has("Policies") or resource.has("ManagedPolicyArns")
            if gathered.get(name) and not explicit:
                resource.properties["Policies"] = [_policy("links", gathered[name])]
            _attach_managed(ctx, name, resource.properties)


def _own_role(ctx: Lowering, name: str, principal: str, statements: list[dict[str, Any]]) -> None:
    properties: dict[str, Any] = {"AssumeRolePolicyDocument": trust(principal)}
    if statements:
        properties["Policies"] = [_policy("links", statements)]
    _attach_managed(ctx, name, properties)
    properties["Tags"] = ctx.tags(name)
    ctx.add(name, "AWS::IAM::Role", properties, suffix="Role", implied=True)


def _said_role(ctx: Lowering, name: str, principal: str, role: OwnRole) -> None:
    """The role that a component says for itself."""
    from archproof.resources.lowering._grants import managed_arn, policy

    boundary = role.permissions_boundary
    policies = role.policies
    if isinstance(policies, list):
        policies = {f"{ctx.id(name, 'Role')}Policy{number}": said for number, said in enumerate(policies)}
    ctx.add(
        name,
        "AWS::IAM::Role",
        {
            "RoleName": role.physical_name,
            "Description": role.description,
            "Path": role.path,
            "MaxSessionDuration": role.max_session_h * _HOUR if role.max_session_h else None,
            "AssumeRolePolicyDocument": trust(principal),
            "ManagedPolicyArns": [managed_arn(ctx, m) for m in role.managed] or None,
            "Policies": [policy(ctx, key, said) for key, said in policies.items()] or None,
            "PermissionsBoundary": managed_arn(ctx, boundary) if boundary else None,
            "Tags": ctx.tags(name),
        },
        suffix="Role",
        origins={
            "RoleName": "role.physical_name",
            "Description": "role.description",
            "Path": "role.path",
            "MaxSessionDuration": "role.max_session_h",
            "AssumeRolePolicyDocument": "role",
            "ManagedPolicyArns": "role.managed",
            "Policies": "role.policies",
            "PermissionsBoundary": "role.permissions_boundary",
        },
    )


def _attach_managed(ctx: Lowering, name: str, properties: dict[str, Any]) -> None:
    arns = [{"Fn::Sub": "arn:${AWS::Partition}:iam::aws:policy/" + policy} for policy in ctx.managed.get(name, [])]
    if arns:
        properties["ManagedPolicyArns"] = [*properties.get("ManagedPolicyArns", []), *arns]


def trust(principal: str, **condition: Any) -> dict[str, Any]:
    """A trust policy for one service principal."""
    statement: dict[str, Any] = {
        "Effect": "Allow", "Principal": {"Service": principal}, "Action": "sts:AssumeRole",
    }  # fmt: skip
    if condition:
        statement["Condition"] = condition
    return {"Version": _POLICY_VERSION, "Statement": [statement]}


def _policy(name: str, statements: list[dict[str, Any]]) -> dict[str, Any]:
    return {"PolicyName": name, "PolicyDocument": {"Version": _POLICY_VERSION, "Statement": statements}}


def _gather(ctx: Lowering) -> dict[str, list[dict[str, Any]]]:
    """All statements by the component that is or names the role: its links', then what its kind needs."""
    components = ctx.architecture.components
    gathered: dict[str, list[dict[str, Any]]] = {}

    def holder(name: str) -> str:
        role = getattr(components[name], "role", None)
        return role if isinstance(role, str) else name

    for link in ctx.architecture.links:
        if link.verb.holder and not link.wired:
            own, other = (link.source, link.target) if link.verb.holder == "source" else (link.target, link.source)
            if components[own].principal or components[own].kind == "iam_role":
                _extend(gathered.setdefault(holder(own), []), statements(ctx, link, other))
    for name, own_statements in ctx.statements.items():
        _extend(gathered.setdefault(holder(name), []), own_statements)
    return gathered


def _extend(held: list[dict[str, Any]], more: list[dict[str, Any]]) -> None:
    held.extend(s for s in more if s not in held)


def statements(ctx: Lowering, link: Link, other: str) -> list[dict[str, Any]]:
    """What a link lets its role's holder do on the component at the other end."""
    options = link.options
    by_suffix: dict[str, list[str]] = {}
    if options and options.actions:
        by_suffix[""] = list(options.actions)
        if ctx.component(other).kind == "s3_bucket":
            by_suffix["/*"] = list(options.actions)
    else:
        for action, suffix in link.verb.actions:
            by_suffix.setdefault(suffix, []).append(action)
    if options and options.prefix and "/*" in by_suffix:
        by_suffix[f"/{options.prefix}*"] = by_suffix.pop("/*")
    found: list[dict[str, Any]] = [
        {"Effect": "Allow", "Action": actions, "Resource": _resource(ctx, other, suffix)}
        for suffix, actions in by_suffix.items()
    ]
    if options and options.prefix:
        for statement in found:
            # what may be read by prefix may be listed by that prefix only
            if statement["Action"] == ["s3:ListBucket"]:
                statement["Condition"] = {"StringLike": {"s3:prefix": [f"{options.prefix}*"]}}
    key = getattr(ctx.component(other), "kms_key", None)
    if key and found:
        found.append({"Effect": "Allow", "Action": ["kms:Decrypt", "kms:GenerateDataKey"], "Resource": ctx.arn(key)})
    return found


def _resource(ctx: Lowering, name: str, suffix: str) -> Any:
    """The ARN of a component with what follows it: nothing, a path, its stream, or any resource (`*`)."""
    if suffix == "*":
        return "*"
    if suffix == "stream":
        return ctx.att(name, "StreamArn")
    arn = ctx.arn(name)
    if not suffix:
        return arn
    return {"Fn::Sub": as_sub(arn) + suffix}


def as_sub(value: Any) -> str:
    """A reference or a plain text in the words of `Fn::Sub`."""
    if isinstance(value, str):
        return value
    if "Ref" in value:
        return "${" + str(value["Ref"]) + "}"
    if "Fn::GetAtt" in value:
        return "${" + ".".join(value["Fn::GetAtt"]) + "}"
    return str(value["Fn::Sub"])
