"""Loops: functions that write to what triggers them, directly or through queues, topics and rules."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from archproof.resources.resource import Resource
from archproof.validators import policies
from archproof.validators.context import Context, listed
from archproof.validators.rule import Hit, rule

TYPES = ("AWS::Lambda::Function",)
FUNCTION, QUEUE, TOPIC, BUCKET = TYPES[0], "AWS::SQS::Queue", "AWS::SNS::Topic", "AWS::S3::Bucket"
MAPPING, SUBSCRIPTION, RULE = "AWS::Lambda::EventSourceMapping", "AWS::SNS::Subscription", "AWS::Events::Rule"

_WRITES = {
    BUCKET: "s3:PutObject", QUEUE: "sqs:SendMessage", TOPIC: "sns:Publish", "AWS::Kinesis::Stream": "kinesis:PutRecord",
    "AWS::Events::EventBus": "events:PutEvents", "AWS::DynamoDB::Table": "dynamodb:PutItem",
}  # fmt: skip
_NOTIFIED = {
    FUNCTION: ("LambdaConfigurations", "Function"),
    QUEUE: ("QueueConfigurations", "Queue"),
    TOPIC: ("TopicConfigurations", "Topic"),
}
"""Where a bucket's notifications name what they go to, by its type."""


@dataclass(frozen=True, slots=True)
class Trigger:
    """Something whose messages or objects reach a function, the prefix of the keys that do, and the way there."""

    source: Resource
    prefix: str = ""
    through: tuple[str, ...] = ()


@rule(
    "lambda-loop", "high", FUNCTION, wa="REL COST",
    title="A function may write to what triggers it",
    why="Each run then triggers the next: a loop that ends at the concurrency of the account, and on its bill.",
    fix="Write to another bucket, queue or topic; or trigger by one `prefix` and give the link that writes another.",
)  # fmt: skip
def loop(r: Resource, ctx: Context) -> Iterator[Hit]:
    role = policies.role_of(ctx, r)
    if role is None:
        return
    for trigger in triggers(r, ctx):
        source, action = trigger.source, _WRITES.get(trigger.source.type)
        if action is None:
            continue
        writes = [s for s in policies.inline(ctx, role) if s.allows and s.covers(action)]
        for statement in writes:
            if any(n == "*" or _same(ctx, n, source, trigger.prefix) for n in statement.resources):
                way = f" (through {listed(list(trigger.through))})" if trigger.through else ""
                yield Hit(f"{source.title} triggers {r.title}{way}, which may write to {source.title} again: a loop")
                break


def triggers(r: Resource, ctx: Context) -> list[Trigger]:
    """What triggers a function: what invokes it, and what fills the queues and topics that do."""
    found: dict[str, Trigger] = {}
    waiting = [Trigger(r)]
    while waiting:
        reached = waiting.pop(0)
        way = (reached.source.title, *reached.through) if reached.source is not r else ()
        for source, prefix in _feeding(reached.source, ctx):
            if source is not r and source.logical_id not in found:
                found[source.logical_id] = Trigger(source, prefix, way)
                waiting.append(found[source.logical_id])
    return list(found.values())


def _feeding(r: Resource, ctx: Context) -> Iterator[tuple[Resource, str]]:
    """What sends to a function, a queue or a topic, each with the prefix of the keys that do."""
    if r.type not in _NOTIFIED:
        return
    for mapping in ctx.resources.users(r, MAPPING) if r.type == FUNCTION else ():
        source = ctx.resources.target(mapping.get("EventSourceArn"))
        if source is not None:
            yield source, ""
    for subscription in ctx.resources.users(r, SUBSCRIPTION):
        topic = ctx.resources.target(subscription.get("TopicArn"))
        if topic is not None and ctx.resources.target(subscription.get("Endpoint")) is r:
            yield topic, ""
    name, key = _NOTIFIED[r.type]
    for bucket in ctx.resources.users(r, BUCKET):
        for entry in policies.as_list(bucket.get("NotificationConfiguration", name)):
            if isinstance(entry, dict) and ctx.resources.target(entry.get(key)) is r:
                yield bucket, _prefix(entry)
    for events in ctx.resources.users(r, RULE):
        targets = [t.get("Arn") for t in policies.as_list(events.get("Targets")) if isinstance(t, dict)]
        if not any(ctx.resources.target(target) is r for target in targets):
            continue  # it only takes what the rule could not deliver
        bus = ctx.resources.target(events.get("EventBusName"))
        if bus is not None:
            yield bus, ""
        for bucket in ctx.resources.targets(events.get("EventPattern")):
            if bucket.type == BUCKET:
                yield bucket, ""


def _prefix(entry: dict[str, Any]) -> str:
    rules = entry.get("Filter", {}).get("S3Key", {}).get("Rules", [])
    return next((str(x.get("Value")) for x in rules if isinstance(x, dict) and x.get("Name") == "prefix"), "")


def _same(ctx: Context, value: Any, source: Resource, prefix: str) -> bool:
    """Whether an ARN of a statement is the source's, and its key prefix meets the one that triggers."""
    if source not in ctx.resources.targets({"x": value}):
        return False
    text = value.get("Fn::Sub") if isinstance(value, dict) else None
    if isinstance(text, str) and "}/" in text and source.type == BUCKET:
        key = text.partition("}/")[2].rstrip("*")
        return key.startswith(prefix) or prefix.startswith(key)
    return source.type != BUCKET or not prefix
