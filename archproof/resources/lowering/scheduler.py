"""Amazon EventBridge Scheduler: schedules."""

from __future__ import annotations

import json
from typing import Any

from archproof.model.kinds.events import Schedule
from archproof.resources.lowering._context import Lowering
from archproof.resources.lowering._tasks import cluster_arn, pass_statement, task

KINDS = ("schedule",)


def lower_schedule(name: str, schedule: Schedule, ctx: Lowering) -> None:
    """The schedule with its one target; its role holds what the link to the target needs."""
    flexible: dict[str, Any] = {"Mode": "OFF"}
    if schedule.flexible_min:
        flexible = {"Mode": "FLEXIBLE", "MaximumWindowInMinutes": schedule.flexible_min}
    ctx.add(
        name,
        "AWS::Scheduler::Schedule",
        {
            "Name": ctx.name(name),
            "Description": schedule.description,
            "ScheduleExpression": schedule.at,
            "ScheduleExpressionTimezone": schedule.timezone,
            "FlexibleTimeWindow": flexible,
            "State": "ENABLED" if schedule.enabled else "DISABLED",
            "KmsKeyArn": ctx.arn(schedule.kms_key) if schedule.kms_key else None,
            "Target": _target(name, schedule, ctx),
        },
        origins={
            "Name": "physical_name",
            "ScheduleExpression": "at",
            "ScheduleExpressionTimezone": "timezone",
            "FlexibleTimeWindow": "flexible_min",
            "State": "enabled",
            "KmsKeyArn": "kms_key",
            "Target": "to",
            "Target.Arn": "to",
            "Target.Input": "input",
            "Target.RoleArn": "role",
            "Target.DeadLetterConfig": "dead_letter",
            "Target.RetryPolicy": "retries",
        },
    )


def _target(name: str, schedule: Schedule, ctx: Lowering) -> dict[str, Any]:
    kind = ctx.component(schedule.to).kind
    target: dict[str, Any] = {"Arn": ctx.arn(schedule.to), "RoleArn": ctx.role_arn(name)}
    if schedule.input is not None:
        said = schedule.input
        target["Input"] = said if isinstance(said, str) else json.dumps(said, sort_keys=True)
    if kind == "sqs_queue" and getattr(ctx.component(schedule.to), "fifo", False):
        target["SqsParameters"] = {"MessageGroupId": schedule.message_group or name}
    if kind == "kinesis_stream":
        target["KinesisParameters"] = {"PartitionKey": name}
    if kind == "event_bus":
        target["EventBridgeParameters"] = {"DetailType": ctx.title(name), "Source": ctx.architecture.name_prefix}
    if kind == "ecs_task_definition":
        target["Arn"] = cluster_arn(ctx, schedule.cluster, schedule.to)
        parameters = task(ctx, name, schedule.to)
        if place := parameters.pop("NetworkConfiguration", None):
            parameters["NetworkConfiguration"] = {"AwsvpcConfiguration": place["AwsVpcConfiguration"]}
        target["EcsParameters"] = parameters
        ctx.statements.setdefault(name, []).append(pass_statement())
    if schedule.dead_letter:
        target["DeadLetterConfig"] = {"Arn": ctx.arn(schedule.dead_letter.to)}
    retry = {"MaximumRetryAttempts": schedule.retries, "MaximumEventAgeInSeconds": schedule.max_event_age_s}
    if kept := {k: v for k, v in retry.items() if v is not None}:
        target["RetryPolicy"] = kept
    return target
