"""EventBridge buses, rules and schedules."""

from __future__ import annotations

from .cfn import findings, lowered, problems

CAST3 = """
uploads: {kind: s3_bucket, eventbridge: true}
on_upload: {kind: event_rule, pattern: {source: [aws.s3], detail-type: [Object Created], bucket: uploads}, to: validate}
nightly: {kind: event_rule, schedule: cron(0 18 * * ? *), to: jobs}
validate: {kind: lambda, runtime: python3.13}
jobs: {kind: sqs_queue}
"""


def test_a_bucket_in_a_pattern_is_its_name_in_the_detail() -> None:
    rule = lowered(CAST3)["OnUpload"]
    assert rule.get("EventPattern") == {
        "source": ["aws.s3"],
        "detail-type": ["Object Created"],
        "detail": {"bucket": {"name": [{"Ref": "Uploads"}]}},
    }
    assert str(rule.location("EventPattern", "detail", "bucket")) == "architecture.yaml:4:92"


def test_a_rule_may_invoke_its_function() -> None:
    resources = lowered(CAST3)
    assert resources["OnUpload"].get("Targets") == [{"Id": "Validate", "Arn": {"Fn::GetAtt": ["Validate", "Arn"]}}]
    assert resources["ValidateOnUploadPermission"].properties == {
        "FunctionName": {"Fn::GetAtt": ["Validate", "Arn"]},
        "Action": "lambda:InvokeFunction",
        "Principal": "events.amazonaws.com",
        "SourceArn": {"Fn::GetAtt": ["OnUpload", "Arn"]},
    }


def test_a_rule_may_send_to_its_queue() -> None:
    resources = lowered(CAST3)
    assert resources["Nightly"].get("ScheduleExpression") == "cron(0 18 * * ? *)"
    assert resources["JobsPolicy"].get("PolicyDocument", "Statement", 1) == {
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": {"Fn::GetAtt": ["Jobs", "Arn"]},
        "Condition": {"ArnEquals": {"aws:SourceArn": {"Fn::GetAtt": ["Nightly", "Arn"]}}},
    }


FULL = """
bus: {kind: event_bus, archive_days: 30, accounts: "111111111111", dead_letter: dlq}
other: {kind: event_bus}
many:
  kind: event_rule
  bus: bus
  pattern: {source: orders, detail: {total: [{numeric: [">", 100]}]}}
  dead_letter: dlq
  retries: 3
  max_event_age_s: 3600
  to:
    - jobs
    - {target: jobs, input: {a: 1}}
    - {target: ops, input_paths: {id: $.detail.id}, input_template: "order <id>"}
    - other
    - machine
logged: {kind: event_rule, pattern: {source: orders}, to: logs}
jobs: {kind: sqs_queue, fifo: true}
dlq: {kind: sqs_queue}
ops: {kind: sns_topic}
logs: {kind: log_group}
machine: {kind: state_machine, steps: [fn]}
fn: {kind: lambda, runtime: python3.13}
soon: {kind: schedule, at: rate(5 minutes), to: fn, dead_letter: dlq, flexible_min: 5, input: {a: 1}}
later: {kind: schedule, at: cron(0 1 * * ? *), timezone: Asia/Singapore, to: other, retries: 2}
"""


def test_a_rule_has_many_targets_each_with_its_own_id_and_input() -> None:
    rule = lowered(FULL)["Many"]
    targets = rule.get("Targets")
    assert [t["Id"] for t in targets] == ["Jobs", "Jobs2", "Ops", "Other", "Machine"]
    assert targets[0]["SqsParameters"] == {"MessageGroupId": "many"}
    assert targets[1]["Input"] == '{"a": 1}'
    assert targets[2]["InputTransformer"] == {"InputTemplate": "order <id>", "InputPathsMap": {"id": "$.detail.id"}}
    assert all(t["DeadLetterConfig"] == {"Arn": {"Fn::GetAtt": ["Dlq", "Arn"]}} for t in targets)
    assert all(t["RetryPolicy"] == {"MaximumRetryAttempts": 3, "MaximumEventAgeInSeconds": 3600} for t in targets)
    assert str(rule.location("Targets", 2)) == "architecture.yaml:15:9"


def test_buses_and_machines_are_reached_through_a_role_of_the_rule() -> None:
    resources = lowered(FULL)
    assert resources["Many"].get("Targets", 4, "RoleArn") == {"Fn::GetAtt": ["ManyMachineRole", "Arn"]}
    assert resources["ManyMachineRole"].get("Policies", 0, "PolicyDocument", "Statement") == [
        {"Effect": "Allow", "Action": ["states:StartExecution"], "Resource": {"Ref": "Machine"}}
    ]
    trust = resources["ManyMachineRole"].get("AssumeRolePolicyDocument", "Statement", 0)
    assert trust["Condition"] == {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}


def test_a_schedule_has_a_role_for_exactly_its_target() -> None:
    resources = lowered(FULL)
    schedule = resources["Soon"]
    assert schedule.get("FlexibleTimeWindow") == {"Mode": "FLEXIBLE", "MaximumWindowInMinutes": 5}
    assert schedule.get("Target", "RoleArn") == {"Fn::GetAtt": ["SoonRole", "Arn"]}
    assert resources["SoonRole"].get("Policies", 0, "PolicyDocument", "Statement") == [
        {"Effect": "Allow", "Action": ["lambda:InvokeFunction"], "Resource": {"Fn::GetAtt": ["Fn", "Arn"]}},
        {"Effect": "Allow", "Action": ["sqs:SendMessage"], "Resource": {"Fn::GetAtt": ["Dlq", "Arn"]}},
    ]
    assert resources["Later"].get("ScheduleExpressionTimezone") == "Asia/Singapore"


def test_the_templates_are_valid() -> None:
    assert findings(lowered(CAST3)) == []
    assert findings(lowered(FULL)) == []


def test_a_rule_is_for_events_or_for_times() -> None:
    assert problems("r: {kind: event_rule, to: q}\nq: {kind: sqs_queue}") == [
        "architecture.yaml:3:6: 'r': a rule has either a 'pattern' or a 'schedule'"
    ]
    assert problems("r: {kind: event_rule, schedule: every day, to: q}\nq: {kind: sqs_queue}")[0].startswith(
        "architecture.yaml:3:35: 'schedule' does not have the right form: found the text 'every day'"
    )


def test_a_rule_cannot_send_to_a_table() -> None:
    assert problems("r: {kind: event_rule, schedule: rate(1 hour), to: b}\nb: {kind: s3_bucket}") == [
        "architecture.yaml:3:53: 'b' is a s3 bucket; expected a lambda or sqs queue or sns topic or state machine"
    ]
