"""Event source mappings: queues and streams that trigger functions, and the concurrency they share."""

from __future__ import annotations

from collections.abc import Iterator

from archproof.resources.resource import Resource
from archproof.validators import policies
from archproof.validators.context import Context, amount
from archproof.validators.rule import Hit, rule

TYPES = ("AWS::Lambda::EventSourceMapping", "AWS::Lambda::Function")
MAPPING = "AWS::Lambda::EventSourceMapping"
FUNCTION = "AWS::Lambda::Function"


def ends(r: Resource, ctx: Context) -> tuple[Resource | None, Resource | None]:
    """The source and the function of a mapping, where the model has them."""
    return ctx.resources.target(r.get("EventSourceArn")), ctx.resources.target(r.get("FunctionName"))


def queue_and_function(r: Resource, ctx: Context) -> tuple[Resource, Resource] | None:
    """Both ends of a mapping from a queue, or None."""
    source, function = ends(r, ctx)
    if source is None or function is None or source.type != "AWS::SQS::Queue" or function.type != FUNCTION:
        return None
    return source, function


def _times(r: Resource, ctx: Context) -> tuple[Resource, Resource, float, float] | None:
    found = queue_and_function(r, ctx)
    if found is None:
        return None
    queue, function = found
    visibility = ctx.number(queue, "VisibilityTimeout", default=30)
    timeout = ctx.number(function, "Timeout", default=ctx.quota("lambda", "Function timeout default").number)
    return None if visibility is None or timeout is None else (queue, function, visibility, timeout)


@rule(
    "sqs-visibility-below-timeout", "high", MAPPING, wa="REL",
    title="A queue's visibility timeout is below its consumer's timeout",
    why="The message would appear again while the function still works on it; AWS rejects such a mapping.",
    fix="Set the queue's `visibility_s` to six times the function's `timeout_s`.",
)  # fmt: skip
def visibility_below(r: Resource, ctx: Context) -> Iterator[Hit]:
    if found := _times(r, ctx):
        queue, function, visibility, timeout = found
        if visibility < timeout:
            message = (
                f"{queue.title} hides a message for {amount(visibility)} s, less than the timeout of "
                f"{amount(timeout)} s "
                f"of its consumer {function.title}"
            )
            yield Hit(message, "VisibilityTimeout", on=queue)


@rule(
    "sqs-visibility-below-six-timeouts", "medium", MAPPING, wa="REL",
    title="A queue's visibility timeout is below six times its consumer's timeout",
    why="AWS recommends six times the function's timeout (and the batching window), so that throttled "
    "invocations can be "
    "tried again before the message appears a second time.",
    fix="Set the queue's `visibility_s` to six times the function's `timeout_s`, and add the link's `batch_window_s`.",
)  # fmt: skip
def visibility_six(r: Resource, ctx: Context) -> Iterator[Hit]:
    if found := _times(r, ctx):
        queue, function, visibility, timeout = found
        times = ctx.quota("sqs", "Visibility timeout as multiple of function timeout").number
        window = ctx.number(r, "MaximumBatchingWindowInSeconds", default=0) or 0
        wanted = times * timeout + window
        if timeout <= visibility < wanted:
            plus = f" plus the batching window of {amount(window)} s" if window else ""
            message = (
                f"{queue.title} hides a message for {amount(visibility)} s; {amount(times)} times the timeout of "
                f"{amount(timeout)} s of {function.title}{plus} is {amount(wanted)} s"
            )
            yield Hit(message, "VisibilityTimeout", on=queue)


@rule(
    "sqs-max-receive-one", "medium", MAPPING, wa="REL",
    title="A message goes to the dead-letter queue after one receive",
    why="One throttled or failed invocation then moves a good message; AWS recommends five receives or more for "
    "Lambda.",
    fix="Set `dead_letter.max_receives` to 5 or more.",
)  # fmt: skip
def max_receive_one(r: Resource, ctx: Context) -> Iterator[Hit]:
    if found := queue_and_function(r, ctx):
        queue, function = found
        if ctx.number(queue, "RedrivePolicy", "maxReceiveCount") == 1:
            message = (
                f"{queue.title} gives {function.title} one attempt before it moves a message to the dead-letter queue"
            )
            yield Hit(message, "RedrivePolicy", "maxReceiveCount", on=queue)


@rule(
    "sqs-fifo-batch-size", "high", MAPPING, wa="REL",
    title="A batch from a FIFO queue is above the quota",
    why="A FIFO queue hands out batches up to its quota; a mapping beyond it is rejected.",
    fix="Set the link's `batch` to 10 or less.",
)  # fmt: skip
def fifo_batch(r: Resource, ctx: Context) -> Iterator[Hit]:
    source, _ = ends(r, ctx)
    if source is None or source.type != "AWS::SQS::Queue" or ctx.flag(source, "FifoQueue", default=False) is not True:
        return
    batch, most = ctx.number(r, "BatchSize", default=0), ctx.quota("sqs", "Batch entries").number
    if batch is not None and batch > most:
        message = (
            f"the batch of {amount(batch)} from the FIFO queue {source.title} is above SQS's maximum of {amount(most)}"
        )
        yield Hit(message, "BatchSize")


@rule(
    "sqs-batch-window-missing", "high", MAPPING, wa="REL",
    title="A batch above 10 messages without a batching window",
    why="Lambda takes more than 10 messages of a queue at once only where it may wait at least one second for them.",
    fix="Set the link's `batch_window_s` to 1 or more.",
)  # fmt: skip
def batch_window(r: Resource, ctx: Context) -> Iterator[Hit]:
    source, _ = ends(r, ctx)
    if source is None or source.type != "AWS::SQS::Queue":
        return
    batch, most = ctx.number(r, "BatchSize", default=0), ctx.quota("sqs", "Batch entries").number
    window = ctx.number(r, "MaximumBatchingWindowInSeconds", default=0)
    if batch is not None and batch > most and window == 0:
        message = (
            f"a batch of {amount(batch)} from {source.title} needs a batching window: above {amount(most)} messages"
        )
        yield Hit(message, "BatchSize")


_RIGHTS = {
    "AWS::SQS::Queue": ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"),
    "AWS::Kinesis::Stream": ("kinesis:GetRecords", "kinesis:GetShardIterator", "kinesis:DescribeStream"),
    "AWS::DynamoDB::Table": ("dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:DescribeStream"),
}


@rule(
    "lambda-consumer-rights", "high", MAPPING, wa="REL",
    title="The role of a consumer cannot read its source",
    why="Lambda polls a queue or a stream with the function's role; without the rights the mapping is rejected or "
    "reads nothing.",
    fix="Give the role the actions that the message names, or leave `role` out: the link gives them.",
)  # fmt: skip
def consumer_rights(r: Resource, ctx: Context) -> Iterator[Hit]:
    source, function = ends(r, ctx)
    role = policies.role_of(ctx, function) if function is not None else None
    if source is None or function is None or role is None or source.type not in _RIGHTS:
        return
    answers = {action: policies.may(ctx, role, action, source) for action in _RIGHTS[source.type]}
    missing = [action for action, answer in answers.items() if answer is False]
    if missing:
        message = f"{function.title} reads {source.title}, but its role {role.title} lacks {', '.join(missing)}"
        yield Hit(message, "Role", on=function)
    elif None in answers.values():
        ctx.undecided(function, "Role", why=f"a policy of {role.title} cannot be read here")


_KEYS = {"AWS::SQS::Queue": ("KmsMasterKeyId",), "AWS::Kinesis::Stream": ("StreamEncryption", "KeyId")}
"""The properties that name the key of a source."""


@rule(
    "lambda-key-rights", "high", MAPPING, wa="REL",
    title="The role of a consumer cannot decrypt its source",
    why="Messages encrypted with a key of the customer can be read only by a role that may use that key.",
    fix="Give the role `kms:Decrypt` on the key, or leave `role` out: the link gives it.",
)  # fmt: skip
def key_rights(r: Resource, ctx: Context) -> Iterator[Hit]:
    source, function = ends(r, ctx)
    role = policies.role_of(ctx, function) if function is not None else None
    if source is None or function is None or role is None:
        return
    path = _KEYS.get(source.type)
    key = policies.key_at(ctx, source, *path) if path is not None else None
    if key is None:
        return
    answer = policies.may(ctx, role, "kms:Decrypt", key)
    if answer is False:
        message = f"{function.title} reads {source.title}, but its role {role.title} lacks kms:Decrypt on {key.title}"
        yield Hit(message, "Role", on=function)
    elif answer is None:
        ctx.undecided(function, "Role", why=f"a policy of {role.title} cannot be read here")


@rule(
    "lambda-mapping-above-reserved", "medium", MAPPING, wa="REL",
    title="A mapping's concurrency is above the function's reserved concurrency",
    why="The mapping then sends more invocations than the function may run: messages are throttled and age.",
    fix="Set the link's `max_concurrency` to the function's `reserved_concurrency` or less.",
)  # fmt: skip
def above_reserved(r: Resource, ctx: Context) -> Iterator[Hit]:
    _, function = ends(r, ctx)
    if function is None or not function.has("ReservedConcurrentExecutions"):
        return
    most = ctx.number(r, "ScalingConfig", "MaximumConcurrency")
    reserved = ctx.number(function, "ReservedConcurrentExecutions")
    if most is not None and reserved is not None and most > reserved:
        message = (
            f"the mapping may run {function.title} {amount(most)} times at once, above its reserved concurrency of "
            f"{amount(reserved)}"
        )
        yield Hit(message, "ScalingConfig", "MaximumConcurrency")


@rule(
    "lambda-shards-above-reserved", "medium", MAPPING, wa="REL PERF",
    title="A stream needs more invocations than the function's reserved concurrency",
    why="Each shard (times the parallelization factor) keeps one invocation busy; above the reservation shards wait.",
    fix="Raise `reserved_concurrency`, or lower the stream's shards or the link's `parallelization`.",
)  # fmt: skip
def shards_above(r: Resource, ctx: Context) -> Iterator[Hit]:
    source, function = ends(r, ctx)
    if source is None or function is None or source.type != "AWS::Kinesis::Stream":
        return
    reserved, shards = ctx.number(function, "ReservedConcurrentExecutions"), ctx.number(source, "ShardCount")
    factor = ctx.number(r, "ParallelizationFactor", default=1)
    if reserved is not None and shards is not None and factor is not None and shards * factor > reserved:
        message = (
            f"{source.title} keeps {amount(shards * factor)} invocations of {function.title} busy "
            f"({amount(shards)} shards × "
            f"{amount(factor)}), above its reserved concurrency of {amount(reserved)}"
        )
        yield Hit(message, "ReservedConcurrentExecutions", on=function)


@rule(
    "lambda-reserved-above-account", "high", FUNCTION, wa="REL",
    title="Reserved concurrency adds up past the account's",
    why="AWS keeps a part of the account's concurrency unreserved and rejects a reservation that would leave less.",
    fix="Lower `reserved_concurrency`, or have the quota raised and say so in `load.account_concurrency`.",
)  # fmt: skip
def reserved_above_account(r: Resource, ctx: Context) -> Iterator[Hit]:
    if not r.has("ReservedConcurrentExecutions"):
        return
    total, last = ctx.cached("reserved", lambda: _reserved(ctx))
    load = ctx.architecture.load if ctx.architecture else None
    account = (load.account_concurrency if load else None) or ctx.quota(
        "lambda", "Concurrent executions per Region"
    ).number
    kept = ctx.quota("lambda", "Unreserved concurrency that must remain").number
    if r is last and total > account - kept:
        message = (
            f"functions reserve {amount(total)} of the account's {amount(account)} concurrent executions; "
            f"{amount(kept)} have to stay unreserved, so {amount(account - kept)} is the most"
        )
        yield Hit(message, "ReservedConcurrentExecutions")


def _reserved(ctx: Context) -> tuple[float, Resource | None]:
    """The sum of all reservations, and the function with the largest."""
    total, largest, last = 0.0, -1.0, None
    for function in ctx.resources.of_type(FUNCTION):
        number = ctx.number(function, "ReservedConcurrentExecutions", default=0) or 0
        total += number
        if number > largest:
            largest, last = number, function
    return total, last
