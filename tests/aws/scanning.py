"""A scan of a double with calls of the test's own."""

from __future__ import annotations

import dataclasses
from typing import Any

from archproof.sources.aws import scan, sessions
from archproof.sources.aws.scope import Scope
from archproof.sources.live import Unread
from archproof.sources.responses._call import Answer, Call, Per, calls_for

VPCS = Call("ec2", "DescribeVpcs", "Vpcs", ("AWS::EC2::VPC",))
SUBNETS = Call("ec2", "DescribeSubnets", "Subnets", ("AWS::EC2::Subnet",))
QUEUES = Call("sqs", "ListQueues", "QueueUrls", ("AWS::SQS::Queue",))
QUEUE = Call(
    "sqs", "GetQueueAttributes", "Attributes", gives={"AWS::SQS::Queue": ("DelaySeconds",)},
    per=Per("ListQueues", "QueueUrls[]", {"QueueUrl": "@"}), absent=("NoAttributes",),
)  # fmt: skip
FUNCTIONS = Call("lambda", "ListFunctions", "Functions", ("AWS::Lambda::Function",))
ROLES = Call("iam", "ListRoles", "Roles", ("AWS::IAM::Role",), once=True)


def scope(url: str, **more: Any) -> Scope:
    return Scope(**{"regions": ("eu-west-1",), "endpoint_url": url, "attempts": 1, **more})


def scanned(url: str, *calls: Call, keeper: scan.Keeper | None = None, **more: Any) -> list[Answer]:
    """The answers to some calls, or to those that are declared for some types."""
    said = scope(url, **more)
    asked = calls or calls_for(said.types)
    accounts, unread = sessions.accounts(said, [call.title for call in asked])
    assert unread == []
    try:
        return scan.Scan(accounts, tuple(asked), said.threads, said.with_values, keeper).run()
    finally:
        for account in accounts:
            account.close()


def unread(answers: list[Answer]) -> list[Unread]:
    return [entry for answer in answers for entry in answer.unread]


def told(answers: list[Answer]) -> list[tuple[str | None, str, str]]:
    """What is unread: the call, the code, the sentence."""
    return [(u.operation, u.code, u.why) for u in unread(answers)]


def plain(answers: list[Answer]) -> list[dict[str, Any]]:
    """Answers to be compared with others."""
    said = [{f.name: getattr(a, f.name) for f in dataclasses.fields(a)} for a in answers]
    return [{**entry, "call": entry["call"].file} for entry in said]
