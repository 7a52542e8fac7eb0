"""Amazon SQS: dead letters, encryption, policies."""

from __future__ import annotations

from collections.abc import Iterator

from archproof.resources.resource import Resource
from archproof.validators import policies
from archproof.validators.context import Context, amount
from archproof.validators.rule import Hit, rule

TYPES = ("AWS::SQS::Queue", "AWS::SQS::QueuePolicy")
QUEUE = "AWS::SQS::Queue"
_DAY_S = 86400
_DEFAULT_RETENTION_S = 4 * _DAY_S


def dead_letter_of(ctx: Context) -> dict[str, list[Resource]]:
    """Every dead-letter queue of the model by logical id, with the queues that use it."""

    def gather() -> dict[str, list[Resource]]:
        found: dict[str, list[Resource]] = {}
        for queue in ctx.resources.of_type(QUEUE):
            target = ctx.resources.target(queue.get("RedrivePolicy", "deadLetterTargetArn"))
            if target is not None:
                found.setdefault(target.logical_id, []).append(queue)
        return found

    return ctx.cached("dead letters", gather)


def is_dead_letter(ctx: Context, queue: Resource) -> bool:
    """Whether something sends its failures to `queue`: a queue, a function, a rule, a subscription."""
    if queue.logical_id in dead_letter_of(ctx):
        return True
    return any(
        use.target == queue.logical_id and any("deadletter" in str(p).lower() or p == "OnFailure" for p in use.path)
        for user in ctx.resources.users(queue)
        for use in ctx.resources.uses(user)
    )


@rule(
    "sqs-dead-letter-missing", "medium", QUEUE, wa="REL OPS",
    title="A queue without a dead-letter queue",
    why="A message that can never be processed comes back until it expires, holds up the others, and is then lost "
    "unseen.",
    fix="Set `dead_letter` to a queue with the longest retention, and put an alarm on that queue.",
)  # fmt: skip
def dead_letter_missing(r: Resource, ctx: Context) -> Iterator[Hit]:
    if not r.has("RedrivePolicy") and not is_dead_letter(ctx, r):
        yield Hit(f"{r.title} has no dead-letter queue")


@rule(
    "sqs-dead-letter-retention", "medium", QUEUE, wa="REL",
    title="A dead-letter queue keeps messages for less time than its source",
    why="In a standard queue a message keeps the age it had: it may expire in the dead-letter queue before anyone "
    "looks.",
    fix="Set `retention_days` of the dead-letter queue to 14.",
)  # fmt: skip
def dead_letter_retention(r: Resource, ctx: Context) -> Iterator[Hit]:
    target = ctx.resources.target(r.get("RedrivePolicy", "deadLetterTargetArn"))
    if target is None or target.type != QUEUE:
        return
    own = ctx.number(r, "MessageRetentionPeriod", default=_DEFAULT_RETENTION_S)
    kept = ctx.number(target, "MessageRetentionPeriod", default=_DEFAULT_RETENTION_S)
    if own is not None and kept is not None and kept < own:
        message = (
            f"{target.title} keeps dead letters for {amount(kept / _DAY_S)} days, less than the "
            f"{amount(own / _DAY_S)} days "
            f"of {r.title}"
        )
        yield Hit(message, "MessageRetentionPeriod", on=target)


@rule(
    "sqs-dead-letter-fifo", "high", QUEUE, wa="REL",
    title="A dead-letter queue of the other kind than its source",
    why="The dead-letter queue of a FIFO queue has to be a FIFO queue, that of a standard queue a standard one; AWS "
    "rejects others.",
    fix="Set `fifo` of both queues to the same.",
)  # fmt: skip
def dead_letter_fifo(r: Resource, ctx: Context) -> Iterator[Hit]:
    target = ctx.resources.target(r.get("RedrivePolicy", "deadLetterTargetArn"))
    if target is None or target.type != QUEUE:
        return
    own, other = ctx.flag(r, "FifoQueue", default=False), ctx.flag(target, "FifoQueue", default=False)
    if own is not None and other is not None and own != other:
        kinds = {True: "a FIFO queue", False: "a standard queue"}
        message = f"{r.title} is {kinds[own]}, but its dead-letter queue {target.title} is {kinds[other]}"
        yield Hit(message, "RedrivePolicy", "deadLetterTargetArn")


@rule(
    "sqs-unencrypted", "high", QUEUE, wa="SEC", fsbp="SQS.1",
    title="A queue is not encrypted",
    why="Messages then lie in clear on AWS's disks.",
    fix="Leave SQS's own encryption on (remove `SqsManagedSseEnabled: false`), or set `kms_key`.",
)  # fmt: skip
def unencrypted(r: Resource, ctx: Context) -> Iterator[Hit]:
    if not r.has("KmsMasterKeyId") and ctx.flag(r, "SqsManagedSseEnabled", default=True) is False:
        yield Hit(f"{r.title} is not encrypted", "SqsManagedSseEnabled")


@rule(
    "sqs-policy-public", "critical", "AWS::SQS::QueuePolicy", wa="SEC", fsbp="SQS.3",
    title="A queue that everyone may use",
    why="A policy for everyone without a condition lets any AWS account send to the queue, or read it.",
    fix="Name the principal, or add a condition on `aws:SourceArn` or `aws:PrincipalOrgID`.",
)  # fmt: skip
def policy_public(r: Resource, ctx: Context) -> Iterator[Hit]:
    for statement in policies.statements(r, "PolicyDocument"):
        if policies.everyone(statement):
            actions = ", ".join(statement.actions)
            yield Hit(f"the policy of {_queues(r, ctx)} allows {actions} to everyone", *statement.path)


def _queues(r: Resource, ctx: Context) -> str:
    return ctx.titles(ctx.resources.targets(r.get("Queues"))) or r.title
