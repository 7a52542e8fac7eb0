"""Which services a function calls itself: what Lambda, or what keeps the data, does for it needs no way there.

And a service that is not reached is told once: at the link that declares the call, else at the function.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence

import pytest

from archproof.model.architecture import loads
from archproof.validators.engine import check

TODAY = datetime.date(2026, 11, 22)
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
    report = check(loads(HEAD + links), TODAY, ["lambda-no-way-to-service"])
    return [f.message for f in report.findings]


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


# -- told once

ROLE = """archproof: 1
system: {name: shop, region: eu-west-1, account: "111111111111"}
network: {vpc: {cidr: 10.0.0.0/16, nat: none}, subnets: {app: {cidr: 10.0.0.0/20}}, endpoints: [logs]}
components:
  jobs: {kind: sqs_queue}
  news: {kind: sns_topic}
  fn: {kind: lambda, runtime: python3.13, role: role, in: {subnets: app}}
  images: {kind: ecr_repository}
  role:
    kind: iam_role
    trust: lambda.amazonaws.com
    policies: {own: [{allow: "sqs:SendMessage", on: jobs}, {allow: "sns:Publish", on: news}]}
"""
LINKED = ROLE + "links:\n  - {from: fn, to: jobs, verb: send}\n"
TASKS = ROLE + "  web: {kind: ecs_service, launch: fargate, image: images, port: 8080, in: {subnets: app}}\n"
BLOCKED = "link-blocked"
NO_WAY = "lambda-no-way-to-service"
NO_IMAGE = "ecs-no-way-to-registry"
CUT = ", but has no way there from app"
FROM_APP = "web stands in app without a NAT gateway, and the VPC has no endpoint for "


def told(text: str, only: Sequence[str] = (), skip: Sequence[str] = ()) -> list[tuple[str, int, str]]:
    found = check(loads(text), TODAY, only, skip).findings
    return [
        (f.rule, f.location.line, f.message.partition(":")[0])
        for f in found
        if f.rule in (BLOCKED, NO_WAY, NO_IMAGE)
    ]  # fmt: skip


AT_LINK = (BLOCKED, 14, "fn cannot reach jobs on port 443")


def test_what_only_a_role_says_is_told_at_the_function() -> None:
    assert told(ROLE) == [(NO_WAY, 7, f"fn calls Amazon SQS and Amazon SNS{CUT}")]


def test_what_a_link_says_is_told_at_the_link_alone() -> None:
    assert told(LINKED) == [(NO_WAY, 7, f"fn calls Amazon SNS{CUT}"), AT_LINK]


@pytest.mark.parametrize(("only", "skip"), [([NO_WAY], []), ([], [BLOCKED])])
def test_where_nobody_judges_links_the_function_is_told_of_all(only: list[str], skip: list[str]) -> None:
    assert told(LINKED, only, skip) == [(NO_WAY, 7, f"fn calls Amazon SQS and Amazon SNS{CUT}")]


def test_a_link_on_another_port_says_something_else() -> None:
    both = told(LINKED.replace("verb: send", "verb: send, port: 80"), [NO_WAY, BLOCKED])
    assert both == [
        (NO_WAY, 7, f"fn calls Amazon SQS and Amazon SNS{CUT}"),
        (BLOCKED, 14, "fn cannot reach jobs on port 80"),
    ]  # fmt: skip


def test_a_link_of_another_says_nothing_of_a_function() -> None:
    other = "  other: {kind: lambda, runtime: python3.13, in: {subnets: app}}\n"
    text = ROLE + other + "links:\n  - {from: other, to: jobs, verb: send}\n"
    assert told(text) == [
        (NO_WAY, 7, f"fn calls Amazon SQS and Amazon SNS{CUT}"),
        (BLOCKED, 15, "other cannot reach jobs on port 443"),
    ]


def test_the_image_of_a_task_is_told_at_its_link_and_what_else_it_starts_with_at_the_task() -> None:
    assert told(TASKS, [NO_IMAGE, BLOCKED]) == [
        (BLOCKED, 13, "web cannot reach images on port 443"),
        (NO_IMAGE, 13, FROM_APP + "ecr.dkr and s3"),
    ]
    assert told(TASKS, [NO_IMAGE]) == [(NO_IMAGE, 13, FROM_APP + "ecr.api, ecr.dkr and s3")]
