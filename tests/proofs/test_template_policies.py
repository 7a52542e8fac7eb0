"""Permissions of templates: policies that name what they are of by its name, groups of users, what may be left out."""

# ruff: noqa: E501 (a case is a line)

from __future__ import annotations

from pathlib import Path

import pytest

import archproof
from archproof.proofs.connection import Prover
from archproof.resources.evaluation import evaluate
from archproof.resources.lowering import lower

BASE = """
Parameters: {Env: {Type: String}}
Conditions: {Prod: !Equals [!Ref Env, prod]}
Resources:
  Bucket: {Type: AWS::S3::Bucket, Properties: {BucketName: papers}}
  Fn: {Type: AWS::Lambda::Function, Properties: {Role: !GetAtt Role.Arn}}
  User: {Type: AWS::IAM::User, Properties: {UserName: ann, Groups: [%s]}}
  Role: {Type: AWS::IAM::Role, Properties: {RoleName: reader, AssumeRolePolicyDocument: {Statement: []}%s}}
"""


def says(effect: str, more: str = "") -> str:
    return f"PolicyDocument: {{Statement: {{Effect: {effect}, Action: s3:*, Resource: '*'{more}}}}}"


def attached(effect: str, to: str, condition: str = "") -> str:
    name = f"P{effect}{len(to)}"
    return f"  {name}: {{{condition}Type: AWS::IAM::Policy, Properties: {{PolicyName: x, {to}, {says(effect)}}}}}\n"


def bucket(effect: str, of: str, condition: str = "") -> str:
    said = says(effect, ", Principal: '*'")
    return f"  OfBucket: {{{condition}Type: AWS::S3::BucketPolicy, Properties: {{Bucket: {of}, {said}}}}}\n"


READS = attached("Allow", "Roles: [!Ref Role]")
GROUP = f"  Group: {{Type: AWS::IAM::Group, Properties: {{GroupName: staff, Policies: [{{PolicyName: x, {says('%s')}}}]}}}}\n"
MANAGED = ", ManagedPolicyArns: ['arn:aws:iam::%s:policy/%s']"


@pytest.mark.parametrize(
    ("caller", "groups", "role", "more", "expected"),
    [
        ("Fn", "", "", READS, "allowed"),
        ("Fn", "", "", attached("Allow", "Roles: [reader]"), "allowed"),
        ("Fn", "", "", READS + attached("Deny", "Roles: [reader]"), "denied"),
        ("Fn", "", "", READS + attached("Deny", "Users: [reader]"), "allowed"),
        ("Fn", "", "", READS + bucket("Deny", "papers"), "denied"),
        ("Fn", "", "", READS + bucket("Deny", "rocks"), "allowed"),
        # a condition of the template that nobody knows
        ("Fn", "", "", attached("Allow", "Roles: [!Ref Role]", "Condition: Prod, "), "unknown"),
        ("Fn", "", "", READS + bucket("Deny", "!Ref Bucket", "Condition: Prod, "), "unknown"),
        # what cannot be read may deny, unless it is AWS's
        ("Fn", "", MANAGED % ("111111111111", "theirs"), READS, "unknown"),
        ("Fn", "", MANAGED % ("aws", "SomethingNew"), READS, "allowed"),
        ("Fn", "", MANAGED % ("aws", "AWSDenyAll"), READS, "denied|unknown"),
        # users have what their groups have
        ("User", "!Ref Group", "", GROUP % "Allow", "allowed"),
        ("User", "staff", "", GROUP % "Allow", "allowed"),
        ("User", "staff", "", attached("Allow", "Users: [ann]") + GROUP % "Deny", "denied"),
        ("User", "", "", attached("Allow", "Users: [ann]") + GROUP % "Deny", "allowed"),
        ("User", "", "", GROUP % "Allow" + "  In: {Type: AWS::IAM::UserToGroupAddition, Properties: {GroupName: !Ref Group, Users: [ann]}}\n", "allowed"),
        ("User", "theirs", "", attached("Allow", "Users: [ann]"), "unknown"),
        ("User", "", "", attached("Allow", "Groups: [staff]") + GROUP % "Deny", "denied"),
    ],
)  # fmt: skip
def test_policies_are_found_by_whatever_names_them(
    caller: str, groups: str, role: str, more: str, expected: str, tmp_path: Path
) -> None:
    (tmp_path / "template.yaml").write_text(BASE % (groups, role) + more, encoding="utf-8")
    architecture = archproof.load(str(tmp_path / "template.yaml"))
    proof = Prover(evaluate(lower(architecture)), architecture).ask(caller, "Bucket", actions=["s3:GetObject"])
    assert next(p.verdict for p in proof.permissions) in expected.split("|")
