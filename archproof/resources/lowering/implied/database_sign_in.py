"""Who queries a database or a proxy that takes IAM sign-ins may sign in: `rds-db:connect` for its users."""

from __future__ import annotations

from typing import Any

from archproof.model.architecture import Link
from archproof.resources.lowering._context import Lowering
from archproof.resources.lowering.secrets import username_of

IMPLIES = "database_sign_in"

_ARN = "arn:${AWS::Partition}:rds-db:${AWS::Region}:${AWS::AccountId}:dbuser:"
_IDS = {"rds": "DbiResourceId", "aurora": "DBClusterResourceId"}


def lower(link: Link, ctx: Lowering) -> None:
    """Let the source sign in as the users that there are; a proxy itself signs in with its secrets."""
    target: Any = ctx.component(link.target)
    if not getattr(target, "iam_auth", False) or ctx.component(link.source).kind == "rds_proxy":
        return
    said = link.options.user if link.options else None
    arns = [_user(link.target, user, ctx) for user in ([said] if said else _users(target, ctx))]
    ctx.allow(link.source, ["rds-db:connect"], arns if len(arns) > 1 else arns[0])


def _users(target: Any, ctx: Lowering) -> list[str]:
    """A proxy knows the users of its secrets and no others; who has an IAM user in a database, only that knows."""
    if target.kind != "rds_proxy":
        return ["*"]
    if target.secret:
        users = [username_of(secret, ctx) for secret in target.secret]
        return list(dict.fromkeys(users)) if all(users) else ["*"]
    database = ctx.component(target.target)
    own = getattr(database, "secret", None)
    return [username_of(own, ctx) if own else getattr(database, "master_username", "*")]


def _user(name: str, user: str, ctx: Lowering) -> dict[str, Any]:
    """The ARN of a database user: by the resource id, which of a proxy is the end of its ARN."""
    kind = ctx.component(name).kind
    if kind in _IDS:
        return {"Fn::Sub": f"{_ARN}${{{ctx.id(name)}.{_IDS[kind]}}}/{user}"}
    proxy = {"Fn::Select": [6, {"Fn::Split": [":", ctx.att(name, "DBProxyArn")]}]}
    return {"Fn::Sub": [f"{_ARN}${{Proxy}}/{user}", {"Proxy": proxy}]}
