"""Log groups, alarms, trails and the recorders of Config."""

from __future__ import annotations

from typing import Any

from archproof.sources.responses._call import ALL, Call, Per, listing
from archproof.sources.responses._item import Item, Props, capital, stack_of, tag_list
from archproof.sources.responses._snapshot import Snapshot, plain, tagged

KEYS = {
    "logGroups": "logGroupName", "MetricAlarms": "AlarmArn", "CompositeAlarms": "AlarmArn", "trailList": "TrailARN",
    "Trail": "TrailARN", "ConfigurationRecorders": "roleARN", "DeliveryChannels": "s3BucketName",
    "ConfigRules": "ConfigRuleArn", "metricFilters": "filterName", "subscriptionFilters": "filterName",
    "logStreams": "logStreamName", "resourcePolicies": "policyDocument", "ResourceTagList": "ResourceId",
    "DashboardEntries": "DashboardArn", ".IsLogging": "IsLogging", "EventSelectors": "ReadWriteType",
}  # fmt: skip
LATER = (
    ".IsLogging", "EventSelectors", "cloudtrail:GetEventSelectors", "logs:ListTagsForResource",
    "cloudwatch:ListTagsForResource", "cloudwatch:GetDashboard", "cloudtrail:ListTags",
)  # fmt: skip
_TRAIL, _STREAM = "AWS::CloudTrail::Trail", "AWS::Logs::LogStream"
_GROUP, _ALARM, _COMPOSITE = "AWS::Logs::LogGroup", "AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm"
_DASHBOARD, _CONFIG = "AWS::CloudWatch::Dashboard", "AWS::Config::"
_TRAILS = Per("DescribeTrails", "trailList[]", {"Name": "TrailARN"})
CALLS = (
    Call("logs", "DescribeLogGroups", "logGroups", (_GROUP,), gives={_GROUP: (ALL,)}),
    Call("logs", "ListTagsForResource", ".tags", gives={_GROUP: ("Tags",)},
         per=Per("DescribeLogGroups", "logGroups[]", {"resourceArn": "logGroupArn"})),
    listing("logs", "DescribeMetricFilters", "metricFilters", "AWS::Logs::MetricFilter",
            gives={"AWS::Logs::MetricFilter": (ALL,)}),
    listing("logs", "DescribeSubscriptionFilters", "subscriptionFilters", "AWS::Logs::SubscriptionFilter",
            gives={"AWS::Logs::SubscriptionFilter": (ALL,)},
            per=Per("DescribeLogGroups", "logGroups[]", {"logGroupName": "logGroupName"})),
    listing("logs", "DescribeResourcePolicies", "resourcePolicies", "AWS::Logs::ResourcePolicy",
            gives={"AWS::Logs::ResourcePolicy": ("PolicyName", "PolicyDocument")}),
    Call("cloudwatch", "DescribeAlarms", "MetricAlarms", (_ALARM, _COMPOSITE),
         gives={_ALARM: (ALL,), _COMPOSITE: (ALL,)}, parameters={"AlarmTypes": ["MetricAlarm", "CompositeAlarm"]}),
    Call("cloudwatch", "ListTagsForResource", ".Tags", gives={_ALARM: ("Tags",)},
         per=Per("DescribeAlarms", "MetricAlarms[]", {"ResourceARN": "AlarmArn"})),
    Call("cloudwatch", "ListTagsForResource", ".Tags", gives={_COMPOSITE: ("Tags",)},
         per=Per("DescribeAlarms", "CompositeAlarms[]", {"ResourceARN": "AlarmArn"})),
    Call("cloudwatch", "ListDashboards", "DashboardEntries", (_DASHBOARD,), gives={_DASHBOARD: ("DashboardName",)}),
    Call("cloudwatch", "GetDashboard", ".DashboardBody", gives={_DASHBOARD: ("DashboardBody",)},
         per=Per("ListDashboards", "DashboardEntries[]", {"DashboardName": "DashboardName"})),
    Call("cloudtrail", "DescribeTrails", "trailList", (_TRAIL,), gives={_TRAIL: (ALL,)},
         parameters={"includeShadowTrails": False}),
    Call("cloudtrail", "GetTrailStatus", ".IsLogging", gives={_TRAIL: ("IsLogging",)}, per=_TRAILS),
    Call("cloudtrail", "GetEventSelectors", ".",
         per=Per("DescribeTrails", "trailList[]", {"TrailName": "TrailARN"}),
         gives={_TRAIL: ("EventSelectors", "AdvancedEventSelectors")}),
    Call("cloudtrail", "ListTags", "ResourceTagList", gives={_TRAIL: ("Tags",)},
         per=Per("DescribeTrails", "trailList[]", {"ResourceIdList": "TrailARN"}, batch=20)),
    listing("config", "DescribeConfigurationRecorders", "ConfigurationRecorders", f"{_CONFIG}ConfigurationRecorder",
            gives={f"{_CONFIG}ConfigurationRecorder": (ALL,)}),
    listing("config", "DescribeDeliveryChannels", "DeliveryChannels", f"{_CONFIG}DeliveryChannel",
            gives={f"{_CONFIG}DeliveryChannel": (ALL,)}),
    listing("config", "DescribeConfigRules", "ConfigRules", f"{_CONFIG}ConfigRule",
            gives={f"{_CONFIG}ConfigRule": (ALL,)}),
)  # fmt: skip

ON_DEMAND = (_STREAM,)
"""The types that are asked for only where they are wanted by name."""


def calls_for(types: frozenset[str] | None = None) -> tuple[Call, ...]:
    """The streams of log groups, of which there may be millions: only where a system declares some."""
    if types is None or _STREAM not in types:
        return ()
    per = Per("DescribeLogGroups", "logGroups[]", {"logGroupName": "logGroupName"})
    return (
        Call("logs", "DescribeLogStreams", "logStreams", (_STREAM,), gives={_STREAM: (ALL, "LogGroupName")}, per=per),
    )


def _log_group(item: Item, snapshot: Snapshot) -> None:
    name = item.text("logGroupName")
    props = item.props("LogGroupName", "RetentionInDays", "KmsKeyId", "LogGroupClass")
    arn = str(item.get("arn") or "") or None
    group = snapshot.add(item, "AWS::Logs::LogGroup", name, props, arn=arn, name=name)
    if group is not None and arn and arn.endswith(":*"):
        snapshot.ids.setdefault(arn[:-2], (group, "Arn"))


def _stream(item: Item, snapshot: Snapshot) -> None:
    group, name = item.asked.get("logGroupName"), item.text("logStreamName")
    props = item.props("LogStreamName")
    props.set("LogGroupName", group)
    snapshot.add(item, _STREAM, f"{group}|{name}", props, ref=name, call=f"{name} LogStream")


def _resource_policy(item: Item, snapshot: Snapshot) -> None:
    props = item.props("PolicyName")
    props.set("PolicyDocument", item.get("policyDocument"), "policyDocument")
    name = item.text("policyName")
    snapshot.add(item, "AWS::Logs::ResourcePolicy", name, props, name=name)


def _trail_tags(item: Item, snapshot: Snapshot) -> None:
    trail = snapshot.find(_TRAIL, item.text("ResourceId"))
    if trail is not None:
        props = Props(item)
        props.tags()
        if item.get("TagsList"):
            props.set("Tags", tag_list(item.get("TagsList")), "TagsList")
            props.stack = stack_of(item.get("TagsList"))
        snapshot.extend(trail, item, props)


def _dashboard(item: Item, snapshot: Snapshot) -> None:
    found = snapshot.find(_DASHBOARD, item.text("DashboardName")) or snapshot.told_by_path(item, _DASHBOARD)
    if found is not None:
        props = Props(item)
        props.take("DashboardBody", "DashboardBody")
        snapshot.extend(found, item, props)


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
    trail = snapshot.find(_TRAIL, item.around.get("TrailARN")) or snapshot.told_by_path(item, _TRAIL)
    if trail is not None:
        snapshot.append(trail, "EventSelectors", dict(item.value), item)


def _selectors(item: Item, snapshot: Snapshot) -> None:
    """The selectors of a trail, of whichever kind it has."""
    trail = snapshot.find(_TRAIL, item.text("TrailARN")) or snapshot.told_by_path(item, _TRAIL)
    if trail is not None:
        props = Props(item)
        for name in ("EventSelectors", "AdvancedEventSelectors"):
            props.take(name, name)
        snapshot.extend(trail, item, props)


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
    "cloudtrail:GetEventSelectors": _selectors,
    "logStreams": _stream,
    "resourcePolicies": _resource_policy,
    "logs:ListTagsForResource": tagged(_GROUP),
    "cloudwatch:ListTagsForResource": tagged(_ALARM, _COMPOSITE),
    "cloudwatch:GetDashboard": _dashboard,
    "ResourceTagList": _trail_tags,
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
