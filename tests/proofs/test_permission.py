"""Network and permission of one connection: what is allowed, what blocks it, with its code and its place."""

from __future__ import annotations

from typing import Any

import pytest

from archproof.model.architecture import loads
from archproof.proofs.connection import Proof, Prover
from archproof.resources.lowering import lower

HEAD = """\
archproof: 1
system: {name: shop, region: eu-west-1, account: "111111111111"}
"""
INSIDE = """\
network:
  vpc: {cidr: 10.0.0.0/16, nat: none}
  subnets: {app: {cidr: 10.0.0.0/20}}
  endpoints: [sqs]
components:
  fn: {kind: lambda, timeout_s: 5, in: {subnets: app}, ROLE}
  fn_role:
    kind: iam_role
    trust: lambda.amazonaws.com
    policies: {own: [{allow: "sqs:SendMessage", on: jobs}]}
  jobs: {kind: sqs_queue KEY}
links:
  - {from: fn, to: jobs, verb: send}
"""


def ask(text: str, source: str, target: str, *actions: str) -> Proof:
    architecture = loads(HEAD + text)
    return Prover(lower(architecture), architecture).ask(source, target, actions=actions)


def inside(role: str = "role: fn_role", key: str = "", more: str = "") -> str:
    return INSIDE.replace(", ROLE", f", {role}" if role else "").replace(" KEY", key) + more


def codes(proof: Proof) -> list[str]:
    return [blocker["code"] for blocker in proof.as_dict()["blockers"]]


def test_a_link_is_reachable_where_network_and_role_let_it():
    proof = ask(inside(role=""), "fn", "jobs")
    assert (proof.verdict, proof.answer.verdict) == ("reachable", "reachable")
    assert [(p.caller, p.action, p.verdict) for p in proof.permissions] == [
        ("fn", "sqs:SendMessage", "allowed"), ("fn", "sqs:GetQueueAttributes", "allowed"),
    ]  # fmt: skip


def test_what_is_only_for_comfort_blocks_nothing():
    proof = ask(inside(), "fn", "jobs")
    assert proof.verdict == "reachable"
    assert [(p.action, p.verdict, p.optional) for p in proof.permissions] == [
        ("sqs:SendMessage", "allowed", False), ("sqs:GetQueueAttributes", "denied", True),
    ]  # fmt: skip


def test_an_action_that_is_asked_for_is_needed():
    proof = ask(inside(), "fn", "jobs", "sqs:PurgeQueue")
    assert (proof.verdict, proof.answer.verdict) == ("blocked", "reachable")
    told = proof.as_dict()
    assert told["blockers"] == [
        {
            "code": "IAM_IMPLICIT_DENY",
            "component": "fn_role",
            "because": "fn_role may not sqs:PurgeQueue on jobs: the caller's policies do not allow sqs:PurgeQueue",
            "location": {"file": "architecture.yaml", "line": 9, "column": 3, "end_line": 9, "end_column": 10},
        }
    ]
    assert told["network"] == {"verdict": "reachable"}


DENY = """\
  more:
    type: AWS::SQS::QueuePolicy
    properties:
      Queues: [!Ref jobs]
      PolicyDocument:
        Statement:
          - {Effect: Deny, Principal: "*", Action: "sqs:*", Resource: "*"CONDITION}
"""


def with_policy(condition: str = "", **values: Any) -> str:
    said = f", Condition: {condition}" if condition else ""
    head, tail = inside(**values).split("links:")
    return head + DENY.replace("CONDITION", said) + "links:" + tail


def test_a_deny_of_the_queue_blocks_with_its_statement():
    proof = ask(with_policy(), "fn", "jobs")
    assert (proof.verdict, codes(proof)) == ("blocked", ["RESOURCE_POLICY_DENY"])
    assert proof.as_dict()["blockers"][0]["location"]["line"] == 20


def test_a_condition_that_a_call_over_https_does_not_meet_denies_nothing():
    assert ask(with_policy('{Bool: {"aws:SecureTransport": "false"}}'), "fn", "jobs").verdict == "reachable"


def test_a_deny_that_hangs_on_a_tag_is_conditional_and_names_it():
    proof = ask(with_policy('{StringNotEquals: {"aws:PrincipalTag/team": blue}}'), "fn", "jobs")
    assert proof.verdict == "unknown"
    assert (proof.permissions[0].verdict, proof.permissions[0].keys) == ("conditional", ("aws:PrincipalTag/team",))


def test_a_deny_of_all_but_the_endpoint_knows_the_way_of_the_call():
    around = '{StringNotEquals: {"aws:SourceVpce": vpce-0123}}'
    assert codes(ask(with_policy(around), "fn", "jobs")) in ([], ["RESOURCE_POLICY_DENY"])
    endpoint = '{"Null": {"aws:SourceVpce": "true"}}'
    assert ask(with_policy(endpoint), "fn", "jobs").verdict == "reachable"


def test_a_key_of_the_target_is_needed_too():
    key = ", kms_key: key"
    head, tail = inside(key=key).split("links:")
    proof = ask(head + "  key: {kind: kms_key}\nlinks:" + tail, "fn", "jobs")
    assert [(p.action, p.on, p.verdict) for p in proof.needed] == [
        ("sqs:SendMessage", "jobs", "allowed"), ("kms:GenerateDataKey", "key", "denied"),
        ("kms:Decrypt", "key", "denied"),
    ]  # fmt: skip
    assert codes(proof) == ["IAM_IMPLICIT_DENY", "IAM_IMPLICIT_DENY"]
    assert proof.verdict == "blocked"


def test_the_policy_of_a_key_may_leave_the_caller_out():
    only = """\
  key:
    type: AWS::KMS::Key
    properties:
      KeyPolicy:
        Statement:
          - {Effect: Allow, Principal: {AWS: "arn:aws:iam::111111111111:role/admin"}, Action: "kms:*", Resource: "*"}
  jobs: {type: AWS::SQS::Queue, properties: {KmsMasterKeyId: !Ref key}}
"""
    head = inside().replace("  jobs: {kind: sqs_queue}\n", "").split("links:")[0]
    head = head.replace("kind: iam_role", "kind: iam_role\n    physical_name: orders")
    proof = ask(head + only, "fn", "jobs", "sqs:SendMessage")
    assert [code for _, code, *_ in proof.denials] == ["KMS_KEY_POLICY_DENY", "IAM_IMPLICIT_DENY"] * 2
    assert proof.denials[0][2] == (
        "fn_role may not kms:GenerateDataKey on key: the resource's policy does not allow kms:GenerateDataKey"
    )


def test_an_endpoint_policy_stands_in_the_way():
    head, tail = inside(role="").split("components:")
    architecture = loads(HEAD + head + "components:" + tail)
    resources = lower(architecture)
    endpoint = next(r for r in resources.of_type("AWS::EC2::VPCEndpoint"))
    only = {"Effect": "Allow", "Principal": "*", "Action": "sqs:ReceiveMessage", "Resource": "*"}
    endpoint.properties["PolicyDocument"] = {"Statement": [only]}
    proof = Prover(resources, architecture).ask("fn", "jobs", actions=["sqs:SendMessage"])
    assert proof.answer.verdict == "reachable"
    assert codes(proof) == ["ENDPOINT_POLICY_DENY"]


def test_a_role_that_is_no_part_of_the_system_leaves_it_open():
    proof = ask(
        """\
components:
  fn:
    type: AWS::Lambda::Function
    properties: {Role: "arn:aws:iam::111111111111:role/elsewhere"}
  jobs: {kind: sqs_queue}
""",
        "fn",
        "jobs",
    )
    assert proof.verdict == "unknown"
    assert proof.permissions[0].reasons[0].because == "the policies of the role elsewhere are not known here"


DELIVERIES = """\
components:
  files: {kind: s3_bucket}
  fn: {kind: lambda, timeout_s: 5}
  jobs: {kind: sqs_queue}
  news: {kind: sns_topic}
  rule: {kind: event_rule, schedule: rate(1 day), to: jobs}
  api: {kind: http_api, routes: {GET /a: {to: fn, auth: open}}}
  alarm: {kind: alarm, of: fn, metric: Errors, above: 0, notify: news}
links:
  - {from: files, to: fn, verb: trigger}
  - {from: news, to: jobs, verb: subscribe}
  - {from: news, to: fn, verb: subscribe}
"""


@pytest.mark.parametrize(
    ("source", "target", "caller", "action"),
    [
        ("files", "fn", "s3.amazonaws.com", "lambda:InvokeFunction"),
        ("news", "jobs", "sns.amazonaws.com", "sqs:SendMessage"),
        ("news", "fn", "sns.amazonaws.com", "lambda:InvokeFunction"),
        ("rule", "jobs", "events.amazonaws.com", "sqs:SendMessage"),
        ("api", "fn", "apigateway.amazonaws.com", "lambda:InvokeFunction"),
        ("alarm", "news", "cloudwatch.amazonaws.com", "sns:Publish"),
    ],
)
def test_a_service_that_delivers_is_let_in_by_the_target(source, target, caller, action):
    proof = ask(DELIVERIES, source, target)
    assert proof.verdict == "reachable"
    assert (proof.permissions[0].caller, proof.permissions[0].action) == (caller, action)
    assert {p.verdict for p in proof.permissions} == {"allowed"}


def test_what_nothing_delivers_is_no_path():
    proof = ask(DELIVERIES, "files", "jobs")
    assert (proof.verdict, codes(proof)) == ("blocked", ["NO_PATH"])
    assert proof.as_dict()["blockers"][0]["because"] == "nothing makes files call jobs"
