"""A topic that delivers to a function, a queue, a stream, a person or a system outside: the subscription."""

from __future__ import annotations

from typing import Any

from archproof.model.architecture import Link
from archproof.model.kinds.people import ExternalSystem, Person
from archproof.model.kinds.sns import SnsTopic, Subscription
from archproof.resources.lowering._context import Lowering, logical_id
from archproof.resources.lowering._grants import allow_invoke, may, permit, service_role
from archproof.resources.lowering._implied import called, said
from archproof.resources.lowering.resource_policies import allow_service
from archproof.resources.lowering.sns import options

IMPLIES = "subscription"

_SNS = "sns.amazonaws.com"
_ALWAYS = ("TopicArn", "Protocol", "Endpoint", "SubscriptionRoleArn")


def lower(link: Link, ctx: Lowering) -> None:
    """The subscription, and the target's leave to be delivered to. Who has no address gets none."""
    end = _endpoint(link, ctx)
    if end is None:
        return
    protocol, endpoint = end
    properties: dict[str, Any] = {"TopicArn": ctx.arn(link.source), "Protocol": protocol, "Endpoint": endpoint}
    entry = _said(link, ctx)
    if entry:
        properties |= options(entry, ctx)
    if link.options and link.options.filter:
        properties["FilterPolicy"] = link.options.filter[0]
    if protocol == "firehose":
        put = may(["firehose:PutRecord", "firehose:PutRecordBatch", "firehose:DescribeDeliveryStream"], endpoint)
        role = service_role(ctx, link.source, _SNS, [put], logical_id(link.target) + "Role", "deliver")
        properties["SubscriptionRoleArn"] = role
    ctx.add_for(
        link.path,
        called(link, logical_id(link.source) + logical_id(link.target) + "Subscription"),
        "AWS::SNS::Subscription",
        said(link, properties, {"FilterPolicy": "filter"}, _ALWAYS, ctx) if link.options else properties,
        component=link.source,
        origins={"FilterPolicy": "filter"},
        implied=True,
    )


def _endpoint(link: Link, ctx: Lowering) -> tuple[str, Any] | None:
    """Protocol and address of the target, which is let in where it needs to be."""
    target = ctx.component(link.target)
    if isinstance(target, Person):
        return ("email", target.email) if target.email else None
    if isinstance(target, ExternalSystem):
        return ("https", target.url) if (target.url or "").startswith("https://") else None
    if target.kind == "lambda":
        if link.options and link.options.permission:
            permit(ctx, link.target, link.options.permission, _SNS, ctx.arn(link.source), link.path)
        elif not ctx.exact:
            allow_invoke(ctx, link.target, link.source, _SNS, ctx.arn(link.source))
        return "lambda", ctx.arn(link.target)
    if target.kind == "sqs_queue":
        allow_service(ctx, link.target, _SNS, ["sqs:SendMessage"], ctx.arn(link.source))
        return "sqs", ctx.arn(link.target)
    return "firehose", ctx.arn(link.target)


def _said(link: Link, ctx: Lowering) -> Subscription | None:
    """The entry of the topic's `subscriptions` that the link comes from."""
    topic = ctx.component(link.source)
    if link.implied and isinstance(topic, SnsTopic):
        return topic.subscriptions[next((p for p in link.path if isinstance(p, int)), 0)]
    return None
