"""A service that invokes a function: the permission on the function."""

from __future__ import annotations

from archproof.model.architecture import Link
from archproof.resources.lowering._context import Lowering
from archproof.resources.lowering._grants import allow_invoke

IMPLIES = "function_permission"

_PRINCIPALS = {
    "cognito_user_pool": "cognito-idp.amazonaws.com",
    "event_rule": "events.amazonaws.com",
    "alarm": "lambda.alarms.cloudwatch.amazonaws.com",
    "log_group": "logs.amazonaws.com",
}


def lower(link: Link, ctx: Lowering) -> None:
    """The permission, for the one source."""
    allow_invoke(ctx, link.target, link.source, _PRINCIPALS[ctx.component(link.source).kind], ctx.arn(link.source))
