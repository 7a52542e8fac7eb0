"""What a model promises in words and does not declare, and parts that nothing connects."""

from __future__ import annotations

import re
from collections.abc import Iterator

from archproof.validators.context import Context
from archproof.validators.rule import Hit, model_rule
from archproof.validators.rules.words import hit, saying

TYPES = ("*",)
_BACKUPS = re.compile(r"\bautomat\w+ backups?\b", re.I)
_ALARMS = re.compile(r"\b(alert(s|ing)?|alarms?)\b", re.I)


@model_rule(
    "words-backups", "medium", wa="REL", fsbp="RDS.11",
    title="Backups are claimed, not declared",
    why="What the words promise and the model does not have, the system does not have.",
    fix="Set `backup_days` on the database, or correct the words.",
)  # fmt: skip
def backups(ctx: Context) -> Iterator[Hit]:
    databases = ctx.resources.of_type("AWS::RDS::DBInstance", "AWS::RDS::DBCluster")
    without = [d for d in databases if ctx.number(d, "BackupRetentionPeriod", default=1) == 0]
    for text, match in saying(ctx, _BACKUPS) if without else ():
        yield hit(ctx, text, f"'{match[0]}' are claimed, but {ctx.titles(without)} has none (kept for 0 days)")


@model_rule(
    "words-alarms", "medium", wa="OPS",
    title="Alarms are claimed, not declared",
    why="By what the words promise and the model does not have, nobody will be woken.",
    fix="Add `kind: alarm` with `notify`, or correct the words.",
)  # fmt: skip
def alarms(ctx: Context) -> Iterator[Hit]:
    if not ctx.resources.of_type("AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm"):
        for text, match in saying(ctx, _ALARMS):
            yield hit(ctx, text, f"'{match[0]}' are spoken of, but no alarm is declared")


@model_rule(
    "component-unconnected", "low", wa="OPS",
    title="A component that nothing connects",
    why="A part that no link, reference or flow reaches is either forgotten in the model or not needed in the system.",
    fix="Write the link that reaches it, or remove it.",
)  # fmt: skip
def unconnected(ctx: Context) -> Iterator[Hit]:
    architecture = ctx.architecture
    if architecture is None or len(architecture.components) < 3:
        return
    touched = {r.source for r in architecture.references} | {r.target for r in architecture.references}
    touched |= {n for link in architecture.links for n in (link.source, link.target)}
    touched |= {n for flow in architecture.flows.values() for step in flow.steps for n in (step.from_, step.to)}
    resources = {r.component for r in ctx.resources if r.component}
    for resource in ctx.resources:
        for use in ctx.resources.uses(resource):
            other = ctx.resources[use.target].component
            if other and other != resource.component:
                touched |= {other, resource.component or other}
    for name, component in architecture.components.items():
        if name not in touched and component.kind not in _ALONE and name in resources:
            message = f"nothing reaches {name}, and it reaches nothing"
            yield Hit(message, location=architecture.locate(name), component=name)


_ALONE = ("security_hub", "resource", "dashboard", "log_group", "ssm_parameter", "kms_key", "vpc", "flow_log")
