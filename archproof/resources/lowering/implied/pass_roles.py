"""Who runs a task hands it its roles: `iam:PassRole` for the task's role and its execution role."""

from __future__ import annotations

from archproof.model.architecture import Link
from archproof.resources.lowering._context import Lowering

IMPLIES = "pass_roles"


def lower(link: Link, ctx: Lowering) -> None:
    """Let the source's role pass the roles of the task, to ECS alone."""
    source = ctx.component(link.source)
    if source.principal or source.kind == "iam_role":
        roles = [ctx.role_arn(link.target), ctx.att(link.target, "Arn", "ExecutionRole")]
        condition = {"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}}
        ctx.allow(link.source, ["iam:PassRole"], roles, **condition)
