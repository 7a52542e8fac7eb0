"""SNS: topics, policies, subscriptions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archproof.sources.terraform.mapping import Mapping, Merge
from archproof.sources.terraform.types._shapes import policy

if TYPE_CHECKING:
    from archproof.sources.terraform.made import Made

TYPES = (
    "aws_sns_topic", "aws_sns_topic_policy", "aws_sns_topic_subscription", "aws_sns_topic_data_protection_policy",
)  # fmt: skip


def _finish(made: Made) -> None:
    policy(made, "AWS::SNS::TopicPolicy", "Topics")


MAPPINGS = {
    "aws_sns_topic": Mapping(
        "AWS::SNS::Topic",
        "-application_failure_feedback_role_arn "
        "-application_success_feedback_role_arn "
        "-application_success_feedback_sample_rate archive_policy:json "
        "content_based_deduplication -delivery_policy display_name "
        "fifo_throughput_scope fifo_topic "
        "-firehose_failure_feedback_role_arn "
        "-firehose_success_feedback_role_arn "
        "-firehose_success_feedback_sample_rate "
        "-http_failure_feedback_role_arn -http_success_feedback_role_arn "
        "-http_success_feedback_sample_rate kms_master_key_id "
        "-lambda_failure_feedback_role_arn "
        "-lambda_success_feedback_role_arn "
        "-lambda_success_feedback_sample_rate name=TopicName "
        "-name_prefix +policy signature_version:text "
        "-sqs_failure_feedback_role_arn -sqs_success_feedback_role_arn "
        "-sqs_success_feedback_sample_rate tracing_config",
        attributes="id=Ref arn=Ref name=TopicName",
        finish=_finish,
    ),
    "aws_sns_topic_policy": Mapping(
        "AWS::SNS::TopicPolicy",
        "arn=Topics:listed policy=PolicyDocument:json",
        attributes="id",
        tags="",
    ),
    "aws_sns_topic_subscription": Mapping(
        "AWS::SNS::Subscription",
        "endpoint protocol topic_arn -confirmation_timeout_in_minutes "
        "delivery_policy:json -endpoint_auto_confirms filter_policy:json "
        "filter_policy_scope raw_message_delivery redrive_policy:json "
        "replay_policy:json subscription_role_arn",
        attributes="id=Ref arn=Ref",
        tags="",
    ),
    "aws_sns_topic_data_protection_policy": Mapping(
        None,
        "-arn policy=DataProtectionPolicy:json",
        attributes="id==arn",
        tags="",
        merge=Merge("arn", "aws_sns_topic"),
    ),
}
