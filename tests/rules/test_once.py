"""One fault is told once, however many resources show it."""

from __future__ import annotations

import datetime

from archproof.model.architecture import loads
from archproof.validators.engine import check

TODAY = datetime.date(2026, 11, 22)


def test_a_file_system_that_nobody_reaches_is_told_once_for_all_zones() -> None:
    model = """archproof: 1
network:
  vpc: {cidr: 10.0.0.0/16, availability_zones: 3}
  subnets: {data: {cidr: 10.0.0.0/20, egress: none}}
  security_groups: {shut: {ingress: [{port: 22, from: 10.0.0.0/16}]}}
components:
  files: {kind: efs, in: {subnets: data, security_groups: [shut]}}
"""
    found = check(loads(model), TODAY, ["efs-mount-target-unreachable"]).findings
    assert [f.message for f in found] == ["files listens on 2049, but shut lets nobody in on it"]


def test_a_key_that_a_consumer_may_not_use_is_told_once() -> None:
    model = """archproof: 1
components:
  key: {kind: kms_key}
  role:
    kind: iam_role
    trust: lambda.amazonaws.com
    policies: {reads: [{allow: [sqs:ReceiveMessage, sqs:DeleteMessage, sqs:GetQueueAttributes], on: jobs}]}
  jobs: {kind: sqs_queue, kms_key: key}
  fn: {kind: lambda, runtime: python3.13, role: role}
links: [{from: jobs, to: fn}]
"""
    found = check(loads(model), TODAY, ["lambda-key-rights", "lambda-decrypt-missing"]).findings
    assert [f.message for f in found] == ["fn reads jobs, but its role role lacks kms:Decrypt on key"]
