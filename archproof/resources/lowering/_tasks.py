"""Tasks of ECS that a rule or a schedule runs."""

from __future__ import annotations

from typing import Any

from archproof.resources.lowering._context import Lowering
from archproof.resources.lowering._grants import may

_TASKS = "ecs-tasks.amazonaws.com"


def task(ctx: Lowering, name: str, definition: str) -> dict[str, Any]:
    """The parameters of a task on Fargate; it stands where `name` says, else where its definition does."""
    parameters: dict[str, Any] = {
        "TaskDefinitionArn": ctx.arn(definition),
        "TaskCount": 1,
        "LaunchType": "FARGATE",
    }
    stands = name if ctx.subnets(name) else definition
    if subnets := ctx.subnets(stands):
        place = {"Subnets": subnets, "SecurityGroups": ctx.groups(stands), "AssignPublicIp": "DISABLED"}
        parameters["NetworkConfiguration"] = {"AwsVpcConfiguration": place}
    return parameters


def cluster_arn(ctx: Lowering, said: str | None, definition: str) -> Any:
    """The cluster that a task runs in: the one said, its definition's, or the account's default."""
    cluster = said or getattr(ctx.component(definition), "cluster", None)
    if cluster:
        return ctx.att(cluster, "Arn")
    return {"Fn::Sub": "arn:${AWS::Partition}:ecs:${AWS::Region}:${AWS::AccountId}:cluster/default"}


def run_statements(ctx: Lowering, definition: str) -> list[dict[str, Any]]:
    """What running a task needs: to start it, and to hand it its roles and no others to anyone else."""
    return [may(["ecs:RunTask"], ctx.arn(definition)), pass_statement()]


def pass_statement() -> dict[str, Any]:
    """Roles may be handed to tasks only."""
    condition = {"StringEquals": {"iam:PassedToService": _TASKS}}
    return {**may(["iam:PassRole"], "*"), "Condition": condition}
