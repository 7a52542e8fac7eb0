"""A queue or a stream that triggers a function: the event source mapping."""

from __future__ import annotations

from typing import Any

from archproof.model.architecture import Link
from archproof.model.sections import LinkEntry
from archproof.resources.lowering._context import Lowering, logical_id
from archproof.resources.lowering._implied import called, said

IMPLIES = "event_source_mapping"

_ORIGINS = {
    "BatchSize": "batch",
    "MaximumBatchingWindowInSeconds": "batch_window_s",
    "ScalingConfig.MaximumConcurrency": "max_concurrency",
    "ScalingConfig": "max_concurrency",
    "ParallelizationFactor": "parallelization",
    "FilterCriteria": "filter",
    "StartingPosition": "starting_position",
    "MaximumRetryAttempts": "retries",
    "MaximumRecordAgeInSeconds": "max_age_s",
    "DestinationConfig": "dead_letter",
}


def lower(link: Link, ctx: Lowering) -> None:
    """The mapping; the function's role gets its rights from the link's verb."""
    options = link.options
    source = ctx.component(link.source)
    stream = source.kind != "sqs_queue"
    function: Any = ctx.component(link.target)
    # a queue has a dead-letter queue of its own; of a stream Lambda tells the function's where it gave up
    own = function.dead_letter.to if stream and function.dead_letter else None
    given_up = (options.dead_letter if options else None) or own
    failed = ctx.arn(given_up) if given_up else None
    retries = options.retries if options and options.retries is not None else function.retries
    arn = ctx.att(link.source, "StreamArn") if source.kind == "dynamodb_table" else ctx.arn(link.source)
    properties: dict[str, Any] = {
        "EventSourceArn": arn,
        "FunctionName": ctx.ref(link.target),
        "BatchSize": options.batch if options else None,
        "MaximumBatchingWindowInSeconds": options.batch_window_s if options else None,
        "StartingPosition": _starting_position(options) if stream else None,
        "ParallelizationFactor": options.parallelization if options else None,
        "BisectBatchOnFunctionError": True if stream else None,
        "MaximumRetryAttempts": retries if stream else None,
        "MaximumRecordAgeInSeconds": options.max_age_s if options else None,
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
        called(link, logical_id(link.source) + logical_id(link.target) + "Mapping"),
        "AWS::Lambda::EventSourceMapping",
        said(link, properties, _ORIGINS, ("EventSourceArn", "FunctionName"), ctx),
        component=link.target,
        origins=_ORIGINS,
    )


def _starting_position(options: LinkEntry | None) -> str:
    return (options.starting_position if options and options.starting_position else "latest").upper()
