"""Alarms, dashboards, log groups, Security Hub."""

from __future__ import annotations

import json

from .cfn import findings, lowered, problems

CAST3 = """
dlq: {kind: sqs_queue}
ops: {kind: sns_topic}
dlq_alarm: {kind: alarm, of: dlq, metric: ApproximateNumberOfMessagesVisible, above: 0, notify: ops}
posture: {kind: security_hub, standards: [fsbp]}
"""


def test_an_alarm_follows_from_what_it_watches() -> None:
    resources = lowered(CAST3)
    alarm = resources["DlqAlarm"]
    assert {k: v for k, v in alarm.properties.items() if k != "Tags"} == {
        "Namespace": "AWS/SQS",
        "MetricName": "ApproximateNumberOfMessagesVisible",
        "Dimensions": [{"Name": "QueueName", "Value": {"Fn::GetAtt": ["Dlq", "QueueName"]}}],
        "Statistic": "Maximum",
        "ComparisonOperator": "GreaterThanThreshold",
        "Threshold": 0,
        "Period": 300,
        "EvaluationPeriods": 1,
        "TreatMissingData": "notBreaching",
        "AlarmActions": [{"Ref": "Ops"}],
    }
    assert str(alarm.location("Threshold")) == "architecture.yaml:5:81"
    assert findings(resources) == []


def test_alarms_of_other_kinds_find_their_dimensions_too() -> None:
    resources = lowered("""
slow: {kind: alarm, of: fn, metric: Duration, at_least: 1000, periods: 3, breaching: 2, notify: fn}
quiet: {kind: alarm, of: fn, metric: Invocations, below: 1, period_s: 3600}
errors: {kind: alarm, of: api, metric: 5XXError, above: 0}
own: {kind: alarm, metric: Orders, namespace: Shop, dimensions: {Stage: live}, at_most: 0.5}
api: {kind: rest_api, physical_name: shop, routes: {GET /a: fn}}
fn: {kind: lambda, runtime: python3.13}
""")
    assert resources["Slow"].get("ExtendedStatistic") == "p95"
    assert resources["Slow"].get("DatapointsToAlarm") == 2
    assert resources["FnSlowPermission"].get("Principal") == "lambda.alarms.cloudwatch.amazonaws.com"
    assert resources["Quiet"].get("TreatMissingData") == "breaching"
    assert resources["Errors"].get("Dimensions") == [{"Name": "ApiName", "Value": "shop"}]
    assert resources["Own"].get("Dimensions") == [{"Name": "Stage", "Value": "live"}]
    assert resources["Own"].get("ComparisonOperator") == "LessThanOrEqualToThreshold"
    assert findings(resources) == []


def test_an_alarm_needs_one_threshold_and_a_known_metric() -> None:
    assert problems("q: {kind: sqs_queue}\na: {kind: alarm, of: q, metric: X, above: 1, below: 2}") == [
        "architecture.yaml:4:6: 'a': an alarm has exactly one of above, below, at_least, at_most; found above and below"
    ]
    assert problems("r: {kind: iam_role, trust: ec2.amazonaws.com}\na: {kind: alarm, of: r, metric: X, above: 1}") == [
        "architecture.yaml:4:20: the metrics of a iam role are not known here: give 'namespace' and 'dimensions'"
    ]
    assert problems("q: {kind: sqs_queue}\na: {kind: alarm, of: qq, metric: X, above: 1}") == [
        "architecture.yaml:4:24: no component is called 'qq'; did you mean 'q'?"
    ]


def test_a_dashboard_shows_the_telling_metrics_of_every_component() -> None:
    resources = lowered("jobs: {kind: sqs_queue}\nfn: {kind: lambda, runtime: python3.13}\nall: {kind: dashboard}")
    body, filled = resources["All"].get("DashboardBody", "Fn::Sub")
    widgets = json.loads(body)["widgets"]
    assert [w["properties"]["title"] for w in widgets] == [
        "Jobs: ApproximateNumberOfMessagesVisible", "Jobs: ApproximateAgeOfOldestMessage",
        "Jobs: NumberOfMessagesSent", "Fn: Invocations", "Fn: Errors", "Fn: Throttles", "Fn: Duration",
    ]  # fmt: skip
    assert widgets[0]["properties"]["metrics"] == [
        ["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", "${Value1}"]
    ]
    assert filled["Value1"] == {"Fn::GetAtt": ["Jobs", "QueueName"]}
    assert findings(resources) == []


def test_a_log_group_keeps_logs_for_some_time_and_itself_for_good() -> None:
    resources = lowered("g: {kind: log_group, kms_key: k}\nk: {kind: kms_key}")
    assert resources["G"].get("RetentionInDays") == 30
    assert resources["G"].attributes["DeletionPolicy"] == "Retain"
    statements = resources["K"].get("KeyPolicy", "Statement")
    assert [s["Sid"] for s in statements][1:] == ["CloudWatchLogs"]
    assert findings(resources) == []


def test_security_hub_checks_the_standards_that_are_asked_for() -> None:
    resources = lowered("posture: {kind: security_hub, standards: [fsbp, nist]}")
    assert resources["Posture"].get("EnableDefaultStandards") is False
    assert resources["PostureFsbp"].get("StandardsArn") == {
        "Fn::Sub": "arn:${AWS::Partition}:securityhub:${AWS::Region}::"
        "standards/aws-foundational-security-best-practices/v/1.0.0"
    }
    assert resources["PostureNist"].attributes["DependsOn"] == ["PostureFsbp"]
    assert findings(resources) == []


def test_an_unknown_standard_is_an_error() -> None:
    assert problems("p: {kind: security_hub, standards: [fspb]}") == [
        "architecture.yaml:3:39: entry 1 of 'standards' is one of fsbp, cis, pci, nist; found the text 'fspb'; "
        "did you mean 'fsbp'?"
    ]
