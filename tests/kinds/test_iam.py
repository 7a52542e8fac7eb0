"""IAM roles and policies."""

from __future__ import annotations

from typing import Any

from archproof.resources.resource import Resources

from .cfn import findings, lowered, problems

TEXT = """
runner: {kind: iam_role, trust: ec2.amazonaws.com}
partner: {kind: iam_role, trust: {account: "111111111111", external_id: x-1}, max_session_h: 2}
ci:
  kind: iam_role
  trust: {oidc_provider: token.actions.githubusercontent.com, subjects: "repo:a/b:*"}
  managed: [ReadOnlyAccess, extra, "arn:aws:iam::111111111111:policy/own"]
  permissions_boundary: extra
  policies:
    own:
      - {allow: "sqs:SendMessage", on: jobs}
      - {deny: "sqs:*", on: "*", when: {Bool: {aws:SecureTransport: "false"}}}
extra: {kind: iam_policy, statements: {allow: "lambda:InvokeFunction", on: [claims, "claims/x"]}, roles: runner}
claims: {kind: lambda, runtime: python3.13}
jobs: {kind: sqs_queue}
"""


def trust(resources: Resources, name: str) -> Any:
    return resources[name].get("AssumeRolePolicyDocument", "Statement", 0)


def test_a_role_trusts_a_service_an_account_or_a_provider() -> None:
    resources = lowered(TEXT)
    assert trust(resources, "Runner")["Principal"] == {"Service": "ec2.amazonaws.com"}
    assert trust(resources, "Partner") == {
        "Effect": "Allow",
        "Principal": {"AWS": {"Fn::Sub": "arn:${AWS::Partition}:iam::111111111111:root"}},
        "Action": "sts:AssumeRole",
        "Condition": {"StringEquals": {"sts:ExternalId": "x-1"}},
    }
    assert resources["Partner"].get("MaxSessionDuration") == 7200
    host = "token.actions.githubusercontent.com"
    assert trust(resources, "Ci")["Condition"] == {
        "StringEquals": {f"{host}:aud": "sts.amazonaws.com"},
        "StringLike": {f"{host}:sub": "repo:a/b:*"},
    }


def test_a_role_takes_policies_of_aws_of_the_model_and_by_arn() -> None:
    role = lowered(TEXT)["Ci"]
    assert role.get("ManagedPolicyArns") == [
        {"Fn::Sub": "arn:${AWS::Partition}:iam::aws:policy/ReadOnlyAccess"},
        {"Ref": "Extra"},
        "arn:aws:iam::111111111111:policy/own",
    ]
    assert role.get("PermissionsBoundary") == {"Ref": "Extra"}
    assert role.get("Policies", 0, "PolicyDocument", "Statement") == [
        {"Effect": "Allow", "Action": ["sqs:SendMessage"], "Resource": {"Fn::GetAtt": ["Jobs", "Arn"]}},
        {
            "Effect": "Deny",
            "Action": ["sqs:*"],
            "Resource": "*",
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        },
    ]


def test_a_managed_policy_speaks_of_components_and_what_is_below_them() -> None:
    policy = lowered(TEXT)["Extra"]
    assert policy.type == "AWS::IAM::ManagedPolicy"
    assert policy.get("PolicyDocument", "Statement", 0, "Resource") == [
        {"Fn::GetAtt": ["Claims", "Arn"]},
        {"Fn::Sub": "${Claims.Arn}/x"},
    ]
    assert policy.get("Roles") == [{"Ref": "Runner"}]


def test_the_template_is_valid() -> None:
    assert findings(lowered(TEXT)) == []


def test_wrong_references_are_errors_with_their_place() -> None:
    assert problems("r: {kind: iam_role, trust: pols}\npool: {kind: sqs_queue}") == [
        "architecture.yaml:3:30: no cognito identity pool or iam role or lambda is called 'pols'"
    ]
    assert problems("r: {kind: iam_policy, statements: {allow: 'sqs:*', on: quee}}\nqueue: {kind: sqs_queue}") == [
        "architecture.yaml:3:58: no component is called 'quee'; did you mean 'queue'?"
    ]


def test_a_role_without_trust_is_an_error() -> None:
    assert problems("r: {kind: iam_role}") == [
        "architecture.yaml:3:3: 'r' needs 'trust': who may assume it: a service (`ec2.amazonaws.com`), an account, "
        "an ARN, an identity pool, or maps"
    ]
