"""Scopes that routes require, against those that the app clients of the model can be given."""

from __future__ import annotations

from collections.abc import Iterator

from archproof.resources.resource import Resource
from archproof.validators.context import Context, listed
from archproof.validators.rule import Hit, rule
from archproof.validators.rules.api_gateway import name_of

TYPES = ("AWS::ApiGatewayV2::Route", "AWS::ApiGateway::Method")
POOL, CLIENT = "AWS::Cognito::UserPool", "AWS::Cognito::UserPoolClient"
_SIGNED_IN = "aws.cognito.signin.user.admin"
"""The scope of every access token that a sign-in without OAuth gives."""


@rule(
    "api-scope-never-issued", "medium", *TYPES, wa="SEC REL",
    title="A route requires a scope that no token has",
    why="A token holds only scopes that its app client is allowed; without OAuth that is "
    f"`{_SIGNED_IN}` alone. The API answers every call with 403.",
    fix="Define the scope in `resource_servers` of the user pool, and give the app client `callback_urls` and the "
    "scope (`server/scope`) in `scopes`; or require one that its tokens have.",
)  # fmt: skip
def never_issued(r: Resource, ctx: Context) -> Iterator[Hit]:
    wanted = ctx.items(r, "AuthorizationScopes")
    clients = _clients(r, ctx) if wanted else []
    if not clients or not all(isinstance(scope, str) for scope in wanted):
        return
    issued = [scope for client in clients for scope in _issued(client, ctx)]
    if all(isinstance(scope, str) for scope in issued) and not set(wanted) & set(issued):
        titles = ctx.titles(clients)
        message = f"{name_of(r, ctx)} requires {listed(wanted)}, which no token of {titles} has: every call ends in 403"
        yield Hit(message, "AuthorizationScopes")


def _clients(r: Resource, ctx: Context) -> list[Resource]:
    """The app clients whose tokens pass; none where not all are known, or a function may add scopes to tokens."""
    authorizer = ctx.resources.target(r.get("AuthorizerId"))
    if authorizer is None:
        return []
    if r.type == TYPES[0]:
        audience = ctx.items(authorizer, "JwtConfiguration", "Audience")
        clients = ctx.resources.targets(audience)
        if len(clients) != len(audience):
            return []
    else:
        pools = ctx.resources.targets(authorizer.get("ProviderARNs"))
        clients = [client for pool in pools for client in ctx.resources.users(pool, CLIENT)]
    for client in clients:
        pool = ctx.resources.target(client.get("UserPoolId")) if client.type == CLIENT else None
        if pool is None or pool.has("LambdaConfig"):
            return []
    return clients


def _issued(client: Resource, ctx: Context) -> list[object]:
    """The scopes that tokens of a client can have."""
    oauth = ctx.flag(client, "AllowedOAuthFlowsUserPoolClient", default=False)
    scopes: list[object] = list(ctx.items(client, "AllowedOAuthScopes")) if oauth else []
    flows = ctx.items(client, "ExplicitAuthFlows")
    if not flows or any(flow != "ALLOW_REFRESH_TOKEN_AUTH" for flow in flows):
        scopes.append(_SIGNED_IN)
    return scopes
