"""AWS IAM: roles with whom they trust, and managed policies."""

from __future__ import annotations

from typing import Any

from archproof.model.kinds.iam import IamPolicy, IamRole, Trust
from archproof.resources.lowering._context import Lowering
from archproof.resources.lowering._grants import document, managed_arn, policy

KINDS = ("iam_role", "iam_policy")

_VERSION = "2012-10-17"
_COGNITO = "cognito-identity.amazonaws.com"
_HOUR = 3600


def lower_iam_role(name: str, role: IamRole, ctx: Lowering) -> None:
    """The role; what its links need is added when all links are known, unless it has policies of its own."""
    policies = [policy(ctx, key, said) for key, said in role.policies.items()]
    ctx.add(
        name,
        "AWS::IAM::Role",
        {
            "RoleName": ctx.name(name),
            "Description": role.description,
            "Path": role.path,
            "MaxSessionDuration": role.max_session_h * _HOUR,
            "AssumeRolePolicyDocument": {"Version": _VERSION, "Statement": [_trust(ctx, t) for t in role.trust]},
            "Policies": policies or None,
            "ManagedPolicyArns": [managed_arn(ctx, m) for m in role.managed] or None,
            "PermissionsBoundary": managed_arn(ctx, role.permissions_boundary) if role.permissions_boundary else None,
            "Tags": ctx.tags(name),
        },
        origins={
            "RoleName": "physical_name",
            "Path": "path",
            "MaxSessionDuration": "max_session_h",
            "AssumeRolePolicyDocument": "trust",
            "Policies": "policies",
            "ManagedPolicyArns": "managed",
            "PermissionsBoundary": "permissions_boundary",
        },
    )


def _trust(ctx: Lowering, trust: Trust) -> dict[str, Any]:
    """One statement of the trust policy."""
    if trust.verbatim is not None:
        return dict(ctx.translate(trust.verbatim))
    action = "sts:AssumeRole"
    condition: dict[str, Any] = {}
    if trust.service:
        principal: dict[str, Any] = {"Service": _service(trust.service)}
    elif trust.account:
        principal = {"AWS": {"Fn::Sub": f"arn:${{AWS::Partition}}:iam::{trust.account}:root"}}
        if trust.external_id:
            condition = {"StringEquals": {"sts:ExternalId": trust.external_id}}
    elif trust.arn:
        principal = {"AWS": trust.arn}
    elif trust.oidc_provider:
        principal, condition = _oidc(trust)
        action = "sts:AssumeRoleWithWebIdentity"
    else:
        assert trust.identity_pool is not None
        if ctx.component(trust.identity_pool).kind == "cognito_identity_pool":
            amr = "unauthenticated" if trust.guests else "authenticated"
            principal, condition = _web_identity(ctx, trust.identity_pool, amr)
            action = "sts:AssumeRoleWithWebIdentity"
        elif ctx.component(trust.identity_pool).kind == "iam_role":
            principal = {"AWS": ctx.arn(trust.identity_pool)}
        else:
            principal = {"AWS": ctx.role_arn(trust.identity_pool)}
    for operator, values in ctx.translate(trust.when).items():
        condition[operator] = {**condition.get(operator, {}), **values}
    statement = {"Effect": "Allow", "Principal": principal, "Action": action}
    return {**statement, "Condition": condition} if condition else statement


def _service(said: str | list[str]) -> Any:
    """A service principal, or several, as IAM writes them."""
    if isinstance(said, list):
        return [_service(s) for s in said]
    return {"Fn::Sub": said} if "${" in said else said


def _web_identity(ctx: Lowering, pool: str, amr: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Only tokens of this identity pool, and only of those who signed in (or only of guests)."""
    return {"Federated": _COGNITO}, {
        "StringEquals": {f"{_COGNITO}:aud": ctx.ref(pool)},
        "ForAnyValue:StringLike": {f"{_COGNITO}:amr": amr},
    }


def _oidc(trust: Trust) -> tuple[dict[str, Any], dict[str, Any]]:
    host = trust.oidc_provider
    exact = {f"{host}:aud": trust.audience}
    subjects: list[str] | str = trust.subjects if len(trust.subjects) > 1 else trust.subjects[0]
    arn = f"arn:${{AWS::Partition}}:iam::${{AWS::AccountId}}:oidc-provider/{host}"
    if any("*" in s or "?" in s for s in trust.subjects):
        return {"Federated": {"Fn::Sub": arn}}, {"StringEquals": exact, "StringLike": {f"{host}:sub": subjects}}
    return {"Federated": {"Fn::Sub": arn}}, {"StringEquals": {**exact, f"{host}:sub": subjects}}


def lower_iam_policy(name: str, said: IamPolicy, ctx: Lowering) -> None:
    """A managed policy, attached to roles."""
    ctx.add(
        name,
        "AWS::IAM::ManagedPolicy",
        {
            "ManagedPolicyName": ctx.name(name),
            "Description": said.description,
            "Path": said.path,
            "PolicyDocument": document(ctx, said.statements),
            "Roles": [ctx.ref(r) for r in said.roles] or None,
        },
        origins={
            "ManagedPolicyName": "physical_name",
            "Path": "path",
            "PolicyDocument": "statements",
            "Roles": "roles",
        },
    )
