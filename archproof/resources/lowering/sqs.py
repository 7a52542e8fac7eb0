"""Amazon SQS: queues, and the policies that let services send to them."""

from __future__ import annotations

from archproof.model.kinds.sqs import SqsQueue
from archproof.resources.lowering._context import Lowering

KINDS = ("sqs_queue",)


def lower_sqs_queue(name: str, queue: SqsQueue, ctx: Lowering) -> None:
    """A queue; its policy is made by the links that need one."""
    days = 24 * 60 * 60
    fifo_name = queue.physical_name
    if queue.fifo and fifo_name and not fifo_name.endswith(".fifo"):
        fifo_name += ".fifo"
    ctx.add(
        name,
        "AWS::SQS::Queue",
        {
            "QueueName": fifo_name,
            "FifoQueue": True if queue.fifo else None,
            "ContentBasedDeduplication": True if queue.content_deduplication else None,
            "VisibilityTimeout": queue.visibility_s,
            "MessageRetentionPeriod": round(queue.retention_days * days),
            "DelaySeconds": queue.delay_s or None,
            "ReceiveMessageWaitTimeSeconds": queue.long_poll_s,
            "MaximumMessageSize": round(queue.max_message_kb * 1024) if queue.max_message_kb else None,
            "KmsMasterKeyId": ctx.ref(queue.kms_key) if queue.kms_key else None,
            "SqsManagedSseEnabled": None if queue.kms_key else True,
            "RedrivePolicy": {
                "deadLetterTargetArn": ctx.arn(queue.dead_letter.queue),
                "maxReceiveCount": queue.dead_letter.max_receives,
            }
            if queue.dead_letter
            else None,
            "Tags": ctx.tags(name),
        },
        origins={
            "QueueName": "physical_name",
            "FifoQueue": "fifo",
            "ContentBasedDeduplication": "content_deduplication",
            "VisibilityTimeout": "visibility_s",
            "MessageRetentionPeriod": "retention_days",
            "DelaySeconds": "delay_s",
            "ReceiveMessageWaitTimeSeconds": "long_poll_s",
            "MaximumMessageSize": "max_message_kb",
            "KmsMasterKeyId": "kms_key",
            "RedrivePolicy": "dead_letter",
            "RedrivePolicy.deadLetterTargetArn": "dead_letter.queue",
            "RedrivePolicy.maxReceiveCount": "dead_letter.max_receives",
        },
        attributes={"DeletionPolicy": "Delete", "UpdateReplacePolicy": "Delete"},
    )
