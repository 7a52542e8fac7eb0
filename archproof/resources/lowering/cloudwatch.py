"""Amazon CloudWatch: log groups at once; alarms and dashboards when all that they watch is there."""

from __future__ import annotations

import json
from typing import Any

from archproof.errors import InputError, Problem
from archproof.facts import metric, metrics
from archproof.model.kinds.cloudwatch import THRESHOLDS, Alarm, Dashboard, LogGroup
from archproof.resources.lowering._context import Lowering
from archproof.resources.lowering._measures import dimensions, namespace

KINDS = ("alarm", "log_group", "dashboard")
FINISH = "cloudwatch"

_OPERATORS = {
    "above": "GreaterThanThreshold",
    "below": "LessThanThreshold",
    "at_least": "GreaterThanOrEqualToThreshold",
    "at_most": "LessThanOrEqualToThreshold",
}
_MISSING = {
    "not_breaching": "notBreaching", "breaching": "breaching", "ignore": "ignore", "missing": "missing",
}  # fmt: skip
_SIMPLE = ("Average", "Sum", "Minimum", "Maximum", "SampleCount")
_USUAL_PERIOD = 300
_COLUMNS, _WIDTH, _HEIGHT = 24, 6, 6


def lower_alarm(name: str, alarm: Alarm, ctx: Lowering) -> None:
    """Nothing yet: the metric may be named by a property of what is lowered later."""


def lower_dashboard(name: str, dashboard: Dashboard, ctx: Lowering) -> None:
    """Nothing yet, for the same reason."""


def lower_log_group(name: str, group: LogGroup, ctx: Lowering) -> None:
    """The log group."""
    if group.kms_key:
        users = ctx.key_users.setdefault(group.kms_key, [])
        if "logs.amazonaws.com" not in users:
            users.append("logs.amazonaws.com")
    ctx.add(
        name,
        "AWS::Logs::LogGroup",
        {
            "LogGroupName": ctx.name(name),
            "RetentionInDays": group.retention_days,
            "KmsKeyId": ctx.arn(group.kms_key) if group.kms_key else None,
            "LogGroupClass": "INFREQUENT_ACCESS" if group.infrequent_access else None,
            "DeletionProtectionEnabled": True if group.deletion_protection else None,
            "Tags": ctx.tags(name),
        },
        origins={
            "LogGroupName": "physical_name",
            "RetentionInDays": "retention_days",
            "KmsKeyId": "kms_key",
            "LogGroupClass": "infrequent_access",
            "DeletionProtectionEnabled": "deletion_protection",
        },
        attributes={"DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"},
    )


def finish(ctx: Lowering) -> None:
    """Alarms and dashboards."""
    problems: list[Problem] = []
    for name, component in ctx.architecture.components.items():
        if isinstance(component, Alarm):
            _alarm(name, component, ctx, problems)
        elif isinstance(component, Dashboard):
            _dashboard(name, component, ctx)
    if problems:
        raise InputError(problems)


def _alarm(name: str, alarm: Alarm, ctx: Lowering, problems: list[Problem]) -> None:
    """The alarm, with what follows from the component that it watches."""
    kind = ctx.component(alarm.of).kind if alarm.of else ""
    space = alarm.namespace or (namespace(alarm.of, ctx) if alarm.of else None)
    if space is None:
        message = f"the metrics of a {kind.replace('_', ' ')} are not known here: give 'namespace' and 'dimensions'"
        problems.append(Problem(ctx.architecture.locate(name, "of"), message))
        return
    found = dimensions(alarm.of, ctx) if alarm.of and alarm.namespace is None else None
    filled = {**dict(found or ()), **alarm.dimensions}
    usual = metric(kind, alarm.metric)
    statistic = alarm.statistic or (usual.statistic if usual else "Average")
    direction = next(t for t in THRESHOLDS if getattr(alarm, t) is not None)
    missing = alarm.missing or ("not_breaching" if direction in ("above", "at_least") else "breaching")
    ctx.add(
        name,
        "AWS::CloudWatch::Alarm",
        {
            "AlarmName": ctx.name(name),
            "AlarmDescription": alarm.description or alarm.title,
            "Namespace": space,
            "MetricName": alarm.metric,
            "Dimensions": [{"Name": key, "Value": value} for key, value in filled.items()] or None,
            "Statistic": statistic if statistic in _SIMPLE else None,
            "ExtendedStatistic": None if statistic in _SIMPLE else statistic,
            "ComparisonOperator": _OPERATORS[direction],
            "Threshold": getattr(alarm, direction),
            "Period": alarm.period_s or (usual.period_s if usual else _USUAL_PERIOD),
            "EvaluationPeriods": alarm.periods,
            "DatapointsToAlarm": alarm.breaching,
            "TreatMissingData": _MISSING[missing],
            "AlarmActions": [ctx.arn(n) for n in alarm.notify] or None,
            "OKActions": [ctx.arn(n) for n in alarm.notify_ok] or None,
            "Tags": ctx.tags(name),
        },
        origins={
            "AlarmName": "physical_name",
            "Namespace": "namespace" if alarm.namespace else "of",
            "MetricName": "metric",
            "Dimensions": "dimensions" if alarm.dimensions else "of",
            "Statistic": "statistic",
            "ExtendedStatistic": "statistic",
            "ComparisonOperator": direction,
            "Threshold": direction,
            "Period": "period_s",
            "EvaluationPeriods": "periods",
            "DatapointsToAlarm": "breaching",
            "TreatMissingData": "missing",
            "AlarmActions": "notify",
            "OKActions": "notify_ok",
        },
    )


def _dashboard(name: str, dashboard: Dashboard, ctx: Lowering) -> None:
    """The dashboard: a row for each component, its telling metrics side by side."""
    widgets: list[dict[str, Any]] = []
    filled: dict[str, Any] = {}
    top = 0
    if dashboard.text:
        text = {"type": "text", "x": 0, "y": 0, "width": _COLUMNS, "height": 2}
        widgets.append({**text, "properties": {"markdown": dashboard.text}})
        top = 2
    for component in dashboard.of or list(ctx.architecture.components):
        shown = [m for m in metrics(ctx.component(component).kind) if m.dashboard]
        if not shown or ctx.id(component) not in ctx.resources:
            continue
        places: list[str] = []
        for key, value in dimensions(component, ctx) or []:
            places += [key, _placeholder(value, filled)]
        for position, wanted in enumerate(shown[: _COLUMNS // _WIDTH]):
            properties = {
                "title": f"{ctx.title(component)}: {wanted.name}",
                "metrics": [[wanted.namespace, wanted.name, *places]],
                "stat": wanted.statistic,
                "period": max(dashboard.period_s, wanted.period_s),
                "region": "us-east-1" if wanted.namespace == "AWS/CloudFront" else "${AWS::Region}",
            }
            place = {"type": "metric", "x": position * _WIDTH, "y": top, "width": _WIDTH, "height": _HEIGHT}
            widgets.append({**place, "properties": properties})
        top += _HEIGHT
    body = json.dumps({"widgets": widgets})
    properties = {"DashboardName": ctx.name(name), "DashboardBody": {"Fn::Sub": [body, filled] if filled else body}}
    ctx.add(name, "AWS::CloudWatch::Dashboard", properties, origins={"DashboardBody": "of"})


def _placeholder(value: Any, filled: dict[str, Any]) -> str:
    """What stands for a value in the text of the dashboard, to be filled in when it is known."""
    if isinstance(value, str):
        return value
    for key, held in filled.items():
        if held == value:
            return "${" + key + "}"
    key = f"Value{len(filled) + 1}"
    filled[key] = value
    return "${" + key + "}"
