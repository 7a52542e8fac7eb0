"""SNS topics and their subscriptions."""

from __future__ import annotations

from .cfn import findings, lowered, problems
from .lowered import lowered as whole

FULL = """
ops:
  kind: sns_topic
  subscriptions:
    - ops@example.com
    - https://hooks.example.com/x
    - {sqs: jobs, raw: true, filter: {type: [a]}, dead_letter: dlq}
    - {lambda: fn}
fn: {kind: lambda, runtime: python3.13}
jobs: {kind: sqs_queue}
dlq: {kind: sqs_queue}
"""


def test_a_topic_is_encrypted_and_takes_messages_over_tls_only() -> None:
    resources = lowered("ops: {kind: sns_topic}")
    assert resources["Ops"].get("KmsMasterKeyId") == "alias/aws/sns"
    (statement,) = resources["OpsPolicy"].get("PolicyDocument", "Statement")
    assert (statement["Effect"], statement["Action"]) == ("Deny", "sns:Publish")
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_a_topic_that_a_service_publishes_to_has_a_key_that_the_service_can_use() -> None:
    resources = lowered(
        "ops: {kind: sns_topic}\nq: {kind: sqs_queue}\n"
        "a: {kind: alarm, of: q, metric: NumberOfMessagesSent, above: 1, notify: ops}\n"
        "r: {kind: event_rule, schedule: rate(1 hour), to: ops}\n"
    )
    assert resources["Ops"].get("KmsMasterKeyId") == {"Fn::GetAtt": ["OpsKey", "Arn"]}
    alarms, events = resources["OpsKey"].get("KeyPolicy", "Statement")[1:]
    assert alarms["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
    assert alarms["Condition"] == {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}
    assert events["Principal"] == {"Service": "events.amazonaws.com"}
    assert "Condition" not in events
    publishers = [s["Principal"] for s in resources["OpsPolicy"].get("PolicyDocument", "Statement")[1:]]
    assert publishers == [{"Service": "cloudwatch.amazonaws.com"}, {"Service": "events.amazonaws.com"}]
    assert findings(resources) == []


def test_addresses_queues_and_functions_are_subscribed() -> None:
    resources = lowered(FULL)
    assert resources["OpsSubscription1"].get("Endpoint") == "ops@example.com"
    assert resources["OpsSubscription2"].get("Protocol") == "https"
    assert resources["OpsJobsSubscription"].properties == {
        "TopicArn": {"Ref": "Ops"},
        "Protocol": "sqs",
        "Endpoint": {"Fn::GetAtt": ["Jobs", "Arn"]},
        "FilterPolicy": {"type": ["a"]},
        "RawMessageDelivery": True,
        "RedrivePolicy": {"deadLetterTargetArn": {"Fn::GetAtt": ["Dlq", "Arn"]}},
    }
    assert resources["FnOpsPermission"].get("SourceArn") == {"Ref": "Ops"}
    assert findings(resources) == []


def test_a_queue_has_one_policy_for_all_that_send_to_it() -> None:
    resources = lowered(FULL)
    assert len(resources.of_type("AWS::SQS::QueuePolicy")) == 2
    tls, deliver = resources["JobsPolicy"].get("PolicyDocument", "Statement")
    assert tls["Sid"] == "DenyWithoutTLS"
    assert deliver == {
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": {"Fn::GetAtt": ["Jobs", "Arn"]},
        "Condition": {"ArnEquals": {"aws:SourceArn": {"Ref": "Ops"}}},
    }


def test_a_link_subscribes_too_and_a_person_by_mail() -> None:
    resources = whole("""
  ops: {kind: sns_topic}
  fn: {kind: lambda, runtime: python3.13}
  me: {kind: person, email: me@example.com}
  you: {kind: person}
links:
  - {from: ops, to: fn, filter: [{level: [high]}]}
  - {from: ops, to: [me, you]}
""")
    assert resources["OpsFnSubscription"].get("FilterPolicy") == {"level": ["high"]}
    assert resources["OpsMeSubscription"].get("Endpoint") == "me@example.com"
    assert "OpsYouSubscription" not in resources


def test_the_key_of_an_encrypted_queue_lets_the_topic_in() -> None:
    resources = lowered(
        "ops: {kind: sns_topic, subscriptions: {sqs: jobs}}\n"
        "jobs: {kind: sqs_queue, kms_key: key}\nkey: {kind: kms_key}\n"
    )
    senders = resources["Key"].get("KeyPolicy", "Statement", 1)
    assert senders["Principal"] == {"Service": "sns.amazonaws.com"}


def test_the_key_of_a_topic_lets_rules_in_without_a_condition_that_they_cannot_meet() -> None:
    resources = lowered(
        "ops: {kind: sns_topic, kms_key: key}\nkey: {kind: kms_key}\n"
        "r: {kind: event_rule, schedule: rate(1 hour), to: ops}\n"
        "q: {kind: sqs_queue}\na: {kind: alarm, of: q, metric: NumberOfMessagesSent, above: 1, notify: ops}\n"
    )
    alarms, events = resources["Key"].get("KeyPolicy", "Statement")[1:]
    assert alarms["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
    assert "Condition" in alarms
    assert events["Principal"] == {"Service": "events.amazonaws.com"}
    assert "Condition" not in events
    assert findings(resources) == []


def test_a_subscription_has_one_address() -> None:
    assert problems("t: {kind: sns_topic, subscriptions: [{email: a@b.c, https: 'https://x'}]}") == [
        "architecture.yaml:3:40: entry 1 of 'subscriptions': exactly one of email, https, sms, sqs, lambda, firehose"
    ]
