"""Amazon EventBridge Pipes: one source, an enrichment, one target."""

from __future__ import annotations

import json
from typing import Any

from archproof.model.kinds.pipes import EventPipe
from archproof.resources.lowering._context import Lowering, merge

KINDS = ("event_pipe",)

SHAPES = {
    "sqs_queue": "SqsQueueParameters", "kinesis_stream": "KinesisStreamParameters",
    "dynamodb_table": "DynamoDBStreamParameters",
}  # fmt: skip


def lower_event_pipe(name: str, pipe: EventPipe, ctx: Lowering) -> None:
    """The pipe; its role holds what its links need."""
    source = ctx.component(pipe.from_)
    stream = source.kind == "dynamodb_table"
    shape = SHAPES.get(source.kind, "SqsQueueParameters")
    ctx.add(
        name,
        "AWS::Pipes::Pipe",
        {
            "Name": ctx.name(name),
            "Description": pipe.description,
            "RoleArn": ctx.role_arn(name),
            "Source": ctx.att(pipe.from_, "StreamArn") if stream else ctx.arn(pipe.from_),
            "SourceParameters": _source(pipe, source.kind, ctx),
            "Enrichment": ctx.arn(pipe.enrich) if pipe.enrich else None,
            "EnrichmentParameters": {"InputTemplate": pipe.enrich_template} if pipe.enrich_template else None,
            "Target": ctx.arn(pipe.to),
            "TargetParameters": _target(name, pipe, ctx) or None,
            "DesiredState": "RUNNING" if pipe.enabled else "STOPPED",
            "KmsKeyIdentifier": ctx.arn(pipe.kms_key) if pipe.kms_key else None,
            "Tags": {tag["Key"]: tag["Value"] for tag in ctx.tags(name)} or None,
        },
        origins={
            "Name": "physical_name",
            "RoleArn": "role",
            "Source": "from",
            "SourceParameters": "kind",
            "SourceParameters.FilterCriteria": "filter",
            f"SourceParameters.{shape}.BatchSize": "batch",
            f"SourceParameters.{shape}.MaximumBatchingWindowInSeconds": "batch_window_s",
            f"SourceParameters.{shape}.StartingPosition": "starting_position",
            "Enrichment": "enrich",
            "EnrichmentParameters": "enrich_template",
            "Target": "to",
            "TargetParameters": "options" if pipe.options else "input_template" if pipe.input_template else "to",
            "DesiredState": "enabled",
            "KmsKeyIdentifier": "kms_key",
        },
    )
    if pipe.kms_key:
        ctx.allow(name, ["kms:Decrypt", "kms:GenerateDataKey"], ctx.arn(pipe.kms_key))


def _source(pipe: EventPipe, kind: str, ctx: Lowering) -> dict[str, Any] | None:
    """How the source is read."""
    stream = kind != "sqs_queue"
    start = pipe.starting_position or ("latest" if stream and not ctx.exact else None)
    read: dict[str, Any] = {
        "BatchSize": pipe.batch,
        "MaximumBatchingWindowInSeconds": pipe.batch_window_s,
        "StartingPosition": start.upper() if start else None,
    }
    written: dict[str, Any] = {}
    if pipe.filter:
        patterns = [{"Pattern": json.dumps(f, sort_keys=True)} for f in pipe.filter]
        written["FilterCriteria"] = {"Filters": patterns}
    if kept := {k: v for k, v in read.items() if v is not None}:
        written[SHAPES.get(kind, "SqsQueueParameters")] = kept
    return written or None


def _target(name: str, pipe: EventPipe, ctx: Lowering) -> dict[str, Any]:
    """How the target is reached: what its kind needs, what the pipe says over it."""
    kind = ctx.component(pipe.to).kind
    needed: dict[str, Any] = {}
    if kind == "state_machine":
        needed = {"StepFunctionStateMachineParameters": {"InvocationType": "FIRE_AND_FORGET"}}
    elif kind == "kinesis_stream":
        needed = {"KinesisStreamParameters": {"PartitionKey": "$.eventID"}}
    elif kind == "event_bus":
        parameters = {"DetailType": ctx.title(name), "Source": ctx.architecture.name_prefix}
        needed = {"EventBridgeEventBusParameters": parameters}
    elif kind == "sqs_queue" and getattr(ctx.component(pipe.to), "fifo", False):
        needed = {"SqsQueueParameters": {"MessageGroupId": name}}
    written = merge({} if ctx.exact else needed, ctx.translate(pipe.options))
    return written | ({"InputTemplate": pipe.input_template} if pipe.input_template else {})
