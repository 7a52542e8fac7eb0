"""Amazon EventBridge: buses and rules. The targets of rules are made by their links."""

from __future__ import annotations

from typing import Any

from archproof.model.kinds.events import EventBus, EventPattern, EventRule
from archproof.resources.lowering._context import Lowering
from archproof.resources.lowering.resource_policies import allow_service

KINDS = ("event_bus", "event_rule")

_VERSION = "2012-10-17"


def lower_event_bus(name: str, bus: EventBus, ctx: Lowering) -> None:
    """The bus, who may put events on it, and its archive."""
    own_name = ctx.name(name) or f"{ctx.architecture.name_prefix}-{name.replace('_', '-')}"
    ctx.add(
        name,
        "AWS::Events::EventBus",
        {
            "Name": own_name,
            "Description": bus.description,
            "KmsKeyIdentifier": ctx.arn(bus.kms_key) if bus.kms_key else None,
            "DeadLetterConfig": {"Arn": ctx.arn(bus.dead_letter.to)} if bus.dead_letter else None,
            "Tags": ctx.tags(name),
        },
        origins={"Name": "physical_name", "KmsKeyIdentifier": "kms_key", "DeadLetterConfig": "dead_letter"},
    )
    if bus.dead_letter:
        allow_service(ctx, bus.dead_letter.to, "events.amazonaws.com", ["sqs:SendMessage"])
    for account in bus.accounts:
        statement = {
            "Effect": "Allow",
            "Principal": {"AWS": {"Fn::Sub": f"arn:${{AWS::Partition}}:iam::{account}:root"}},
            "Action": "events:PutEvents",
            "Resource": ctx.att(name, "Arn"),
        }
        properties = {"EventBusName": ctx.ref(name), "StatementId": f"account-{account}", "Statement": statement}
        origins = {"Statement": "accounts"}
        ctx.add(name, "AWS::Events::EventBusPolicy", properties, suffix=f"Policy{account}", origins=origins)
    if bus.archive_days is not None:
        archive = {"SourceArn": ctx.att(name, "Arn"), "RetentionDays": bus.archive_days}
        ctx.add(name, "AWS::Events::Archive", archive, suffix="Archive", origins={"RetentionDays": "archive_days"})


def lower_event_rule(name: str, rule: EventRule, ctx: Lowering) -> None:
    """The rule, without its targets."""
    ctx.add(
        name,
        "AWS::Events::Rule",
        {
            "Name": ctx.name(name),
            "Description": rule.description,
            "EventBusName": ctx.ref(rule.bus) if rule.bus else None,
            "EventPattern": _pattern(rule.pattern, ctx) if rule.pattern else None,
            "ScheduleExpression": rule.schedule,
            "State": "ENABLED" if rule.enabled else "DISABLED",
        },
        origins={
            "Name": "physical_name",
            "EventBusName": "bus",
            "EventPattern": "pattern",
            "EventPattern.detail.bucket": "pattern.bucket",
            "ScheduleExpression": "schedule",
            "State": "enabled",
            "Targets": "to",
        },
    )


def _pattern(pattern: EventPattern, ctx: Lowering) -> dict[str, Any]:
    """The pattern in EventBridge's words; `bucket` stands for the name in the detail."""
    written: dict[str, Any] = {}
    source = pattern.source or (["aws.s3"] if pattern.bucket else None)
    for key, value in (
        ("source", source), ("detail-type", pattern.detail_type), ("account", pattern.account),
        ("region", pattern.region), ("resources", pattern.resources), ("$or", pattern.any_of),
    ):  # fmt: skip
        if value is not None:
            written[key] = ctx.translate(value)
    detail: dict[str, Any] = dict(ctx.translate(pattern.detail))
    if pattern.bucket:
        detail["bucket"] = {**detail.get("bucket", {}), "name": [ctx.ref(b) for b in pattern.bucket]}
    if detail:
        written["detail"] = detail
    return written
