"""A bucket that notifies a function, a queue or a topic.

S3 checks at once that it may deliver, so that the bucket waits for the permission; and CloudFormation
allows no circle, so that the permission names the bucket by its declared name, or this account only.
"""

from __future__ import annotations

from typing import Any

from archproof.model.architecture import Link
from archproof.resources.lowering._context import Lowering
from archproof.resources.lowering._grants import allow_invoke
from archproof.resources.lowering.resource_policies import add_statement, use_key

IMPLIES = "bucket_notification"

_PRINCIPAL = "s3.amazonaws.com"
_EVENT = "s3:ObjectCreated:*"
_SHAPES = {
    "lambda": ("LambdaConfigurations", "Function", ""),
    "sqs_queue": ("QueueConfigurations", "Queue", "sqs:SendMessage"),
    "sns_topic": ("TopicConfigurations", "Topic", "sns:Publish"),
}


def lower(link: Link, ctx: Lowering) -> None:
    """The notification on the bucket, and the target's leave to be notified."""
    bucket = ctx.resources[ctx.id(link.source)]
    key, target, action = _SHAPES[ctx.component(link.target).kind]
    configuration: dict[str, Any] = {"Event": _EVENT, target: ctx.arn(link.target)}
    if link.options and link.options.prefix:
        configuration["Filter"] = {"S3Key": {"Rules": [{"Name": "prefix", "Value": link.options.prefix}]}}
    notifications = bucket.properties.setdefault("NotificationConfiguration", {})
    notifications.setdefault(key, []).append(configuration)
    if action:
        _allow(ctx, link, action)
        waits_for = ctx.id(link.target, "Policy")
    else:
        waits_for = allow_invoke(ctx, link.target, link.source, _PRINCIPAL, _named(ctx, link.source))
    after = bucket.attributes.setdefault("DependsOn", [])
    if waits_for not in after:
        after.append(waits_for)


def _named(ctx: Lowering, bucket: str) -> dict[str, str] | None:
    """The ARN of a bucket by its declared name."""
    name = ctx.name(bucket)
    return {"Fn::Sub": f"arn:${{AWS::Partition}}:s3:::{name}"} if name else None


def _allow(ctx: Lowering, link: Link, action: str) -> None:
    condition: dict[str, Any] = {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}
    if arn := _named(ctx, link.source):
        condition["ArnEquals"] = {"aws:SourceArn": arn}
    statement = {
        "Effect": "Allow", "Principal": {"Service": _PRINCIPAL}, "Action": action,
        "Resource": ctx.arn(link.target), "Condition": condition,
    }  # fmt: skip
    add_statement(ctx, link.target, statement)
    use_key(ctx, link.target, _PRINCIPAL)
