"""Which services a function calls itself: what Lambda, or what keeps the data, does for it needs no way there."""

from __future__ import annotations

import datetime

from archproof.model.architecture import loads
from archproof.validators.engine import check

HEAD = """archproof: 1
system: {name: shop, region: eu-west-1}
network:
  vpc: {cidr: 10.0.0.0/16, nat: none}
  subnets: {app: {cidr: 10.0.0.0/20}}
  endpoints: [s3]
components:
  key: {kind: kms_key}
  files: {kind: s3_bucket, kms_key: key}
  stream: {kind: kinesis_stream}
  undone: {kind: sqs_queue}
  fn: {kind: lambda, runtime: python3.13, in: {subnets: app}}
links:
"""


def missing(links: str) -> list[str]:
    report = check(loads(HEAD + links), datetime.date(2026, 11, 22))
    return [f.message for f in report.findings if f.rule == "lambda-no-way-to-service"]


def test_a_key_is_used_by_what_keeps_the_data() -> None:
    assert missing("  - {from: fn, to: files, verb: read}\n") == []


def test_unless_the_function_asks_for_it() -> None:
    (found,) = missing("  - {from: fn, to: key}\n")
    assert found.startswith("fn calls AWS KMS, but has no way there from app")


def test_records_given_up_are_told_of_by_lambda() -> None:
    assert missing("  - {from: stream, to: fn, verb: trigger, dead_letter: undone}\n") == []


def test_unless_the_function_sends_messages_too() -> None:
    (found,) = missing("  - {from: fn, to: undone, verb: send}\n")
    assert found.startswith("fn calls Amazon SQS, but has no way there from app")
