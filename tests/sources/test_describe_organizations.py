"""Answers of AWS Organizations: the policies of the units above an account limit what is permitted in it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from archproof.proofs.connection import Prover
from archproof.resources.resource import Resources
from archproof.sources.reading import read

HERE, MANAGER, ID = "111111111111", "999999999999", "o-a1b2c3d4e5"
UNIT, OTHER, ROOT = "ou-ab12-aaaaaaaa", "ou-ab12-bbbbbbbb", "r-ab12"
GUARD = f"arn:aws:organizations::{MANAGER}:policy/{ID}/service_control_policy/p-guard123"
FULL = "arn:aws:organizations::aws:policy/service_control_policy/p-FullAWSAccess"
SAYS = {"Statement": [{"Sid": "No", "Effect": "Deny", "Action": "sqs:SendMessage", "Resource": "*"}]}
SUMMARY = {"Id": "p-guard123", "Arn": GUARD, "Name": "guard", "Type": "SERVICE_CONTROL_POLICY", "AwsManaged": False}
ROLE = {
    "RoleName": "fn", "Path": "/", "Arn": f"arn:aws:iam::{HERE}:role/fn",
    "AssumeRolePolicyDocument": {"Statement": []},
    "RolePolicyList": [
        {"PolicyName": "own",
         "PolicyDocument": {"Statement": [{"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}]}}
    ],
}  # fmt: skip


def targets(*ids: str) -> list[dict[str, str]]:
    return [{"TargetId": id, "Arn": "-", "Name": id, "Type": "ORGANIZATIONAL_UNIT"} for id in ids]


def answers(*guarded: str, full: tuple[str, ...] = (ROOT, UNIT, OTHER, HERE), manager: str = MANAGER) -> dict[str, Any]:
    """The files of a snapshot in which a policy that denies sqs:SendMessage is attached to some targets."""
    arn = f"arn:aws:organizations::{MANAGER}"
    return {
        "organization": {"Organization": {"Id": ID, "Arn": f"{arn}:organization/{ID}", "MasterAccountId": manager}},
        "accounts": {"Accounts": [{"Id": HERE, "Arn": f"{arn}:account/{ID}/{HERE}", "JoinedMethod": "CREATED"}]},
        "units": {"OrganizationalUnits": [{"Id": u, "Arn": f"{arn}:ou/{ID}/{u}", "Name": u} for u in (UNIT, OTHER)]},
        "parents": [
            {"ChildId": HERE, "Parents": [{"Id": UNIT, "Type": "ORGANIZATIONAL_UNIT"}]},
            {"ChildId": UNIT, "Parents": [{"Id": ROOT, "Type": "ROOT"}]},
            {"ChildId": OTHER, "Parents": [{"Id": ROOT, "Type": "ROOT"}]},
        ],
        "policies": {"Policies": [
            {"Id": "p-FullAWSAccess", "Arn": FULL, "Name": "FullAWSAccess", "Type": "SERVICE_CONTROL_POLICY",
             "AwsManaged": True},
            SUMMARY,
        ]},
        "describe": {"Policy": {"PolicySummary": SUMMARY, "Content": json.dumps(SAYS)}},
        "list-targets-for-policy-p-guard123": {"Targets": targets(*guarded)},
        "full": [{"PolicyId": "p-FullAWSAccess", "Targets": targets(*full)}],
        "roles": {"RoleDetailList": [ROLE]},
        "functions": {"Functions": [{"FunctionName": "fn", "Role": ROLE["Arn"], "Runtime": "python3.13",
                                     "FunctionArn": f"arn:aws:lambda:eu-west-1:{HERE}:function:fn"}]},
        "queue": {"Attributes": {"QueueArn": f"arn:aws:sqs:eu-west-1:{HERE}:jobs", "VisibilityTimeout": "30"}},
    }  # fmt: skip


def snapshot(folder: Path, files: dict[str, Any]) -> Resources:
    for name, value in files.items():
        (folder / f"{name}.json").write_text(json.dumps(value, indent=1))
    return read(folder)


def decided(resources: Resources) -> str:
    (queue,), (function,) = resources.of_type("AWS::SQS::Queue"), resources.of_type("AWS::Lambda::Function")
    proof = Prover(resources).ask(function.logical_id, queue.logical_id, actions=["sqs:SendMessage"])
    return proof.needed[0].verdict


@pytest.mark.parametrize(
    ("guarded", "verdict"), [(UNIT, "denied"), (ROOT, "denied"), (HERE, "denied"), (OTHER, "allowed")]
)
def test_a_policy_limits_the_accounts_below_its_targets(tmp_path: Path, guarded: str, verdict: str) -> None:
    resources = snapshot(tmp_path, answers(guarded))
    assert [r.physical_id for r in resources.of_type("AWS::Organizations::Policy")] == ["p-guard123", "p-FullAWSAccess"]
    assert resources.of_type("AWS::IAM::ManagedPolicy") == []
    assert resources.unknown == []
    assert decided(resources) == verdict


def test_where_full_access_was_taken_away_only_what_is_allowed_is(tmp_path: Path) -> None:
    files = answers(UNIT, full=(ROOT, HERE))
    files["describe"]["Policy"]["Content"] = json.dumps(
        {"Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}
    )
    assert decided(snapshot(tmp_path, files)) == "denied"


def test_the_management_account_is_not_limited(tmp_path: Path) -> None:
    assert decided(snapshot(tmp_path, answers(UNIT, manager=HERE))) == "allowed"


def test_a_policy_whose_content_nobody_gave_may_deny_anything(tmp_path: Path) -> None:
    files = answers(UNIT)
    del files["describe"]
    assert decided(snapshot(tmp_path, files)) == "unknown"


def test_what_nobody_gave_the_targets_of_limits_perhaps(tmp_path: Path) -> None:
    files = answers(UNIT)
    del files["list-targets-for-policy-p-guard123"], files["full"]
    assert decided(snapshot(tmp_path, files)) == "conditional"


def test_targets_of_a_policy_that_nobody_names_are_told(tmp_path: Path) -> None:
    files = answers(UNIT)
    files["some"] = {"Targets": targets(UNIT)}
    (unknown,) = snapshot(tmp_path, files).unknown
    assert unknown.why == "whose targets they are stands in no field: name the file after the policy"
