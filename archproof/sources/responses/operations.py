"""Log groups, alarms, trails and the recorders of Config."""

from __future__ import annotations

from typing import Any

from archproof.sources.responses._item import Item, Props, capital
from archproof.sources.responses._snapshot import Snapshot, plain

KEYS = {
    "logGroups": "logGroupName", "MetricAlarms": "AlarmArn", "CompositeAlarms": "AlarmArn", "trailList": "TrailARN",
    "Trail": "TrailARN", "ConfigurationRecorders": "roleARN", "DeliveryChannels": "s3BucketName",
    "ConfigRules": "ConfigRuleArn", "metricFilters": "filterName", "subscriptionFilters": "filterName",
    "DashboardEntries": "DashboardArn", ".IsLogging": "IsLogging", "EventSelectors": "ReadWriteType",
}  # fmt: skip
LATER = (".IsLogging", "EventSelectors")

_TRAIL = "AWS::CloudTrail::Trail"


def _log_group(item: Item, snapshot: Snapshot) -> None:
    name = item.text("logGroupName")
    props = item.props("LogGroupName", "RetentionInDays", "KmsKeyId", "LogGroupClass")
    arn = str(item.get("arn") or "") or None
    group = snapshot.add(item, "AWS::Logs::LogGroup", name, props, arn=arn, name=name)
    if group is not None and arn and arn.endswith(":*"):
        snapshot.ids.setdefault(arn[:-2], (group, "Arn"))


def _alarm(item: Item, snapshot: Snapshot) -> None:
    props = item.props(
        "AlarmName", "AlarmDescription", "ActionsEnabled", "OKActions", "AlarmActions", "InsufficientDataActions",
        "MetricName", "Namespace", "Statistic", "ExtendedStatistic", "Dimensions", "Period", "Unit",
        "EvaluationPeriods", "DatapointsToAlarm", "Threshold", "ComparisonOperator", "TreatMissingData", "Metrics",
        "EvaluateLowSampleCountPercentile", "ThresholdMetricId",
    )  # fmt: skip
    name = item.text("AlarmName")
    snapshot.add(item, "AWS::CloudWatch::Alarm", name, props, arn=item.text("AlarmArn"), name=name)


def _trail(item: Item, snapshot: Snapshot) -> None:
    props = item.props(
        "S3BucketName",
        "S3KeyPrefix",
        "IncludeGlobalServiceEvents",
        "IsMultiRegionTrail",
        "IsOrganizationTrail",
        "CloudWatchLogsRoleArn",
        TrailName="Name",
        KMSKeyId="KmsKeyId",
        EnableLogFileValidation="LogFileValidationEnabled",
        CloudWatchLogsLogGroupArn="CloudWatchLogsLogGroupArn",
        SnsTopicName="SnsTopicARN",
    )
    name = item.text("Name")
    snapshot.add(item, _TRAIL, name, props, arn=item.text("TrailARN"), name=name)


def _status(item: Item, snapshot: Snapshot) -> None:
    trails = snapshot.resources.of_type(_TRAIL)
    trail = snapshot.told_by_path(item, _TRAIL) or (trails[0] if len(trails) == 1 else None)
    if trail is not None:
        props = Props(item)
        props.set("IsLogging", item.get("IsLogging"), "IsLogging")
        snapshot.extend(trail, item, props)


def _selector(item: Item, snapshot: Snapshot) -> None:
    trail = snapshot.find(_TRAIL, item.around.get("TrailARN"))
    if trail is not None:
        snapshot.append(trail, "EventSelectors", dict(item.value), item)


def _recorder(item: Item, snapshot: Snapshot) -> None:
    props = item.props("Name", RoleARN="roleARN")
    recorded: Any = capital(item.get("recordingGroup"))
    if isinstance(recorded, dict):
        kept = ("AllSupported", "IncludeGlobalResourceTypes", "ResourceTypes")
        props.set("RecordingGroup", {k: recorded[k] for k in kept if recorded.get(k)}, "recordingGroup")
    snapshot.add(item, "AWS::Config::ConfigurationRecorder", item.text("name"), props, name=item.text("name"))


def _channel(item: Item, snapshot: Snapshot) -> None:
    props = item.props("Name", S3BucketName="s3BucketName", S3KeyPrefix="s3KeyPrefix", SnsTopicARN="snsTopicARN")
    snapshot.add(item, "AWS::Config::DeliveryChannel", item.text("name"), props, name=item.text("name"))


def _metric_filter(item: Item, snapshot: Snapshot) -> None:
    props = item.props(
        "FilterName", "LogGroupName", "FilterPattern", "MetricTransformations", "DestinationArn", "RoleArn"
    )
    props.values.setdefault("FilterPattern", "")
    kind = "SubscriptionFilter" if item.key == "subscriptionFilters" else "MetricFilter"
    id = f"{item.get('logGroupName')}|{item.get('filterName')}"
    snapshot.add(item, f"AWS::Logs::{kind}", id, props, call=f"{item.get('filterName')} {kind}")


READERS = {
    "logGroups": _log_group,
    "MetricAlarms": _alarm,
    "CompositeAlarms": plain(
        "AWS::CloudWatch::CompositeAlarm",
        "AlarmName",
        "AlarmName",
        "AlarmRule",
        "AlarmDescription",
        "ActionsEnabled",
        "AlarmActions",
        "OKActions",
        arn="AlarmArn",
        name="AlarmName",
    ),
    "trailList": _trail,
    "Trail": _trail,
    ".IsLogging": _status,
    "EventSelectors": _selector,
    "ConfigurationRecorders": _recorder,
    "DeliveryChannels": _channel,
    "ConfigRules": plain(
        "AWS::Config::ConfigRule",
        "ConfigRuleName",
        "ConfigRuleName",
        "Description",
        "Scope",
        "Source",
        "InputParameters",
        "MaximumExecutionFrequency",
        arn="ConfigRuleArn",
        name="ConfigRuleName",
    ),
    "metricFilters": _metric_filter,
    "subscriptionFilters": _metric_filter,
    "DashboardEntries": plain("AWS::CloudWatch::Dashboard", "DashboardName", "DashboardName", name="DashboardName"),
}
