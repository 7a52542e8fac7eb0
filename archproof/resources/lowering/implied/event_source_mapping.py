"""A queue or a stream that triggers a function: the event source mapping."""

from __future__ import annotations

from typing import Any

from archproof.model.architecture import Link
from archproof.resources.lowering._context import Lowering, logical_id

IMPLIES = "event_source_mapping"


def lower(link: Link, ctx: Lowering) -> None:
    """The mapping; the function's role gets its rights from the link's verb."""
    options = link.options
    source = ctx.component(link.source)
    stream = source.kind != "sqs_queue"
    function: Any = ctx.component(link.target)
    # a queue has a dead-letter queue of its own; of a stream Lambda tells the function's where it gave up
    failed = ctx.arn(function.dead_letter.to) if stream and function.dead_letter else None
    arn = ctx.att(link.source, "StreamArn") if source.kind == "dynamodb_table" else ctx.arn(link.source)
    properties: dict[str, Any] = {
        "EventSourceArn": arn,
        "FunctionName": ctx.ref(link.target),
        "BatchSize": options.batch if options else None,
        "MaximumBatchingWindowInSeconds": options.batch_window_s if options else None,
        "StartingPosition": "LATEST" if stream else None,
        "ParallelizationFactor": options.parallelization if options else None,
        "BisectBatchOnFunctionError": True if stream else None,
        "MaximumRetryAttempts": function.retries if stream else None,
        "DestinationConfig": {"OnFailure": {"Destination": failed}} if failed is not None else None,
        "FunctionResponseTypes": ["ReportBatchItemFailures"],
    }
    if options and options.max_concurrency and not stream:
        properties["ScalingConfig"] = {"MaximumConcurrency": options.max_concurrency}
    if options and options.filter:
        import json

        properties["FilterCriteria"] = {"Filters": [{"Pattern": json.dumps(f, sort_keys=True)} for f in options.filter]}
    ctx.add_for(
        link.path,
        logical_id(link.source) + logical_id(link.target) + "Mapping",
        "AWS::Lambda::EventSourceMapping",
        properties,
        component=link.target,
        origins={
            "BatchSize": "batch",
            "MaximumBatchingWindowInSeconds": "batch_window_s",
            "ScalingConfig.MaximumConcurrency": "max_concurrency",
            "ScalingConfig": "max_concurrency",
            "ParallelizationFactor": "parallelization",
            "FilterCriteria": "filter",
        },
    )
