"""Amazon SNS: topics, the keys of those that services publish to, and subscriptions of addresses.

Subscriptions of components are made by their links; topic policies by `resource_policies`.
"""

from __future__ import annotations

from typing import Any

from archproof.model.kinds.sns import SnsTopic, Subscription
from archproof.resources.lowering._context import Lowering
from archproof.resources.lowering.resource_policies import account_only, allow_service

KINDS = ("sns_topic",)

_VERSION = "2012-10-17"
_OWN_KEY = "alias/aws/sns"
# Services that publish as themselves, without a role: SNS's own key does not let them in.
PUBLISHERS = {
    "alarm": "cloudwatch.amazonaws.com",
    "event_rule": "events.amazonaws.com",
    "s3_bucket": "s3.amazonaws.com",
}


def lower_sns_topic(name: str, topic: SnsTopic, ctx: Lowering) -> None:
    """The topic, its key where it needs one, and the addresses subscribed to it."""
    ctx.add(
        name,
        "AWS::SNS::Topic",
        {
            "TopicName": _topic_name(topic),
            "DisplayName": topic.display_name,
            "FifoTopic": True if topic.fifo else None,
            "ContentBasedDeduplication": True if topic.content_deduplication else None,
            "KmsMasterKeyId": _key(name, topic, ctx),
            "TracingConfig": "Active" if topic.tracing else None,
            "Tags": ctx.tags(name),
        },
        origins={
            "TopicName": "physical_name",
            "DisplayName": "display_name",
            "FifoTopic": "fifo",
            "ContentBasedDeduplication": "content_deduplication",
            "KmsMasterKeyId": "kms_key" if topic.kms_key else "encrypted",
            "TracingConfig": "tracing",
        },
    )
    for position, subscription in enumerate(topic.subscriptions):
        _address(name, topic, subscription, position, ctx)
    if any(_kind(ctx, link.source) == "alarm" for link in ctx.architecture.links_to.get(name, ())):
        allow_service(ctx, name, PUBLISHERS["alarm"], ["sns:Publish"])


def _topic_name(topic: SnsTopic) -> str | None:
    name = topic.physical_name
    return f"{name}.fifo" if name and topic.fifo and not name.endswith(".fifo") else name


def _kind(ctx: Lowering, name: str) -> str:
    return ctx.component(name).kind


def _key(name: str, topic: SnsTopic, ctx: Lowering) -> Any:
    """The key that encrypts the topic; one of its own where services publish to it."""
    if topic.kms_key:
        return ctx.arn(topic.kms_key)
    if not topic.encrypted:
        return None
    sources = [_kind(ctx, link.source) for link in ctx.architecture.links_to.get(name, ())]
    services = sorted({PUBLISHERS[kind] for kind in sources if kind in PUBLISHERS})
    if not services:
        return _OWN_KEY
    root = {"AWS": {"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"}}
    statements = [{"Sid": "Account", "Effect": "Allow", "Principal": root, "Action": "kms:*", "Resource": "*"}]
    for service in services:
        publisher: dict[str, Any] = {
            "Effect": "Allow",
            "Principal": {"Service": service},
            "Action": ["kms:Decrypt", "kms:GenerateDataKey*"],
            "Resource": "*",
        }
        if service != PUBLISHERS["event_rule"]:  # EventBridge tells a topic's key no source
            publisher["Condition"] = account_only()
        statements.append(publisher)
    properties = {
        "Description": f"Encrypts the topic {name}",
        "EnableKeyRotation": True,
        "KeyPolicy": {"Version": _VERSION, "Statement": statements},
        "Tags": ctx.tags(name),
    }
    keep = {"DeletionPolicy": "Delete", "UpdateReplacePolicy": "Delete"}
    ctx.add(name, "AWS::KMS::Key", properties, suffix="Key", implied=True, attributes=keep)
    return ctx.att(name, "Arn", "Key")


def _address(name: str, topic: SnsTopic, subscription: Subscription, position: int, ctx: Lowering) -> None:
    """A subscription of a mail address, a web address or a telephone."""
    for protocol in ("email", "https", "sms"):
        if endpoint := getattr(subscription, protocol):
            policy = {"healthyRetryPolicy": topic.delivery_policy} if topic.delivery_policy else None
            properties = {
                "TopicArn": ctx.arn(name),
                "Protocol": protocol,
                "Endpoint": endpoint,
                "DeliveryPolicy": policy if protocol == "https" else None,
                **options(subscription, ctx),
            }
            here = ("subscriptions", position)
            ctx.add(
                name, "AWS::SNS::Subscription", properties, suffix=f"Subscription{position + 1}",
                origins={"Endpoint": here, "FilterPolicy": (*here, "filter")},
            )  # fmt: skip


def options(subscription: Subscription, ctx: Lowering) -> dict[str, Any]:
    """What a subscription says beside its address."""
    failed = subscription.dead_letter
    if failed:
        allow_service(ctx, failed.to, "sns.amazonaws.com", ["sqs:SendMessage"])
    on_body = subscription.filter and subscription.filter_on == "body"
    return {
        "FilterPolicy": subscription.filter,
        "FilterPolicyScope": "MessageBody" if on_body else None,
        "RawMessageDelivery": True if subscription.raw else None,
        "RedrivePolicy": {"deadLetterTargetArn": ctx.arn(failed.to)} if failed else None,
    }
