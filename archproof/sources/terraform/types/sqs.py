"""SQS: queues and their policies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archproof.sources.terraform.mapping import Mapping, Merge
from archproof.sources.terraform.types._shapes import policy

if TYPE_CHECKING:
    from archproof.sources.terraform.made import Made

TYPES = (
    "aws_sqs_queue", "aws_sqs_queue_policy", "aws_sqs_queue_redrive_policy", "aws_sqs_queue_redrive_allow_policy",
)  # fmt: skip


def _policy(made: Made) -> None:
    policy(made, "AWS::SQS::QueuePolicy", "Queues")


MAPPINGS = {
    "aws_sqs_queue": Mapping(
        "AWS::SQS::Queue",
        "content_based_deduplication deduplication_scope delay_seconds "
        "fifo_queue fifo_throughput_limit "
        "kms_data_key_reuse_period_seconds kms_master_key_id "
        "max_message_size=MaximumMessageSize "
        "message_retention_seconds=MessageRetentionPeriod name=QueueName "
        "-name_prefix +policy "
        "receive_wait_time_seconds=ReceiveMessageWaitTimeSeconds "
        "redrive_allow_policy:json redrive_policy:json "
        "sqs_managed_sse_enabled "
        "visibility_timeout_seconds=VisibilityTimeout",
        attributes="id=Ref url=Ref arn=Arn name=QueueName",
        finish=_policy,
    ),
    "aws_sqs_queue_policy": Mapping(
        "AWS::SQS::QueuePolicy",
        "policy=PolicyDocument:json queue_url=Queues:listed",
        attributes="id",
        tags="",
    ),
    "aws_sqs_queue_redrive_policy": Mapping(
        None,
        "-queue_url redrive_policy:json",
        attributes="id==queue_url",
        tags="",
        merge=Merge("queue_url", "aws_sqs_queue"),
    ),
    "aws_sqs_queue_redrive_allow_policy": Mapping(
        None,
        "-queue_url redrive_allow_policy:json",
        attributes="id==queue_url",
        tags="",
        merge=Merge("queue_url", "aws_sqs_queue"),
    ),
}
