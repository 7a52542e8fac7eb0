"""Condition blocks against hand-worked answers."""

from __future__ import annotations

import pytest

from archproof.iam.conditions import evaluate, known_operator
from archproof.iam.globs import hole
from archproof.iam.requests import Context

CONTEXT = Context(
    {
        "aws:sourceip": ("203.0.113.7",),
        "aws:securetransport": ("true",),
        "aws:username": ("ana",),
        "aws:currenttime": ("2026-11-23T10:00:00Z",),
        "aws:multifactorauthage": ("600",),
        "aws:tagkeys": ("team", "cost"),
        "aws:principaltag/team": ("blue",),
        "aws:sourcearn": ("arn:aws:s3:::uploads",),
        "aws:viaawsservice": (),
        "aws:calledvia": (),
        "kms:viaservice": (hole("service"),),
    }
)
"""What is named is known; everything else is not."""


@pytest.mark.parametrize(
    ("operator", "key", "value", "expected"),
    [
        ("StringEquals", "aws:username", "ana", True),
        ("StringEquals", "AWS:UserName", ["bob", "ana"], True),
        ("StringEquals", "aws:username", "Ana", False),
        ("StringEqualsIgnoreCase", "aws:username", "ANA", True),
        ("StringNotEquals", "aws:username", ["bob", "ana"], False),
        ("StringNotEquals", "aws:username", ["bob", "eve"], True),
        ("StringNotEqualsIgnoreCase", "aws:username", "ANA", False),
        ("StringEquals", "aws:username", "a*", False),
        ("StringLike", "aws:username", "a*", True),
        ("StringNotLike", "aws:username", "a*", False),
        ("StringLike", "aws:username", "${aws:PrincipalTag/team}*", False),
        ("StringEquals", "aws:principaltag/team", "${aws:PrincipalTag/team}", True),
        ("StringEquals", "aws:username", "${aws:calledvia, 'ana'}", True),
        ("StringEquals", "aws:username", "${aws:userid}", None),
        ("NumericLessThan", "aws:MultiFactorAuthAge", 3600, True),
        ("NumericGreaterThanEquals", "aws:MultiFactorAuthAge", "601", False),
        ("NumericNotEquals", "aws:MultiFactorAuthAge", "600", False),
        ("DateGreaterThan", "aws:CurrentTime", "2026-01-01T00:00:00Z", True),
        ("DateLessThanEquals", "aws:CurrentTime", "2026-01-01", False),
        ("Bool", "aws:SecureTransport", "true", True),
        ("Bool", "aws:SecureTransport", False, False),
        ("IpAddress", "aws:SourceIp", ["10.0.0.0/8", "203.0.113.0/24"], True),
        ("NotIpAddress", "aws:SourceIp", "203.0.113.0/24", False),
        ("IpAddress", "aws:SourceIp", "2001:db8::/32", False),
        ("ArnLike", "aws:SourceArn", "arn:aws:s3:*:*:up*", True),
        ("ArnEquals", "aws:SourceArn", "arn:aws:s3:::upload?", True),
        ("ArnNotLike", "aws:SourceArn", "arn:aws:s3:::other", True),
        ("Null", "aws:ViaAWSService", "true", True),
        ("Null", "aws:ViaAWSService", "false", False),
        ("Null", "aws:username", "false", True),
        ("Null", "aws:userid", "true", None),
        ("StringEquals", "aws:ViaAWSService", "true", False),
        ("StringNotEquals", "aws:ViaAWSService", "true", True),
        ("StringEqualsIfExists", "aws:ViaAWSService", "x", True),
        ("StringEqualsIfExists", "aws:username", "x", False),
        ("StringEquals", "aws:userid", "x", None),
        ("StringEquals", "kms:ViaService", "sqs.amazonaws.com", None),
        ("ForAllValues:StringEquals", "aws:TagKeys", ["team", "cost", "env"], True),
        ("ForAllValues:StringEquals", "aws:TagKeys", ["team"], False),
        ("ForAllValues:StringEquals", "aws:CalledVia", ["x"], True),
        ("ForAnyValue:StringEquals", "aws:TagKeys", ["cost"], True),
        ("ForAnyValue:StringEquals", "aws:CalledVia", ["x"], False),
        ("ForAnyValue:StringNotEquals", "aws:TagKeys", ["cost"], True),
        ("ForAllValues:StringNotEquals", "aws:TagKeys", ["cost"], False),
        ("StringMatches", "aws:username", "ana", None),
    ],
)
def test_an_operator_answers_as_aws_does(operator, key, value, expected):
    assert evaluate({operator: {key: value}}, CONTEXT).truth is expected


def test_all_operators_and_keys_are_needed_and_what_is_open_is_named():
    block = {"StringEquals": {"aws:username": "ana", "aws:userid": "x"}, "Bool": {"aws:SecureTransport": "true"}}
    assert evaluate(block, CONTEXT) == (None, ("aws:userid",))
    block["Bool"]["aws:SecureTransport"] = "false"
    assert evaluate(block, CONTEXT) == (False, ())


def test_no_block_is_met_and_one_of_another_shape_is_not_known():
    assert evaluate(None, CONTEXT).truth is True
    assert evaluate([], CONTEXT).truth is None
    assert evaluate({"StringEquals": "x"}, CONTEXT) == (None, ("StringEquals",))


def test_operators_are_told_from_inventions():
    assert known_operator("ForAnyValue:StringLikeIfExists")
    assert not known_operator("ForSomeValues:StringLike")
    assert not known_operator("StringMatches")


def test_an_address_block_that_is_only_partly_inside_is_not_known():
    context = Context({"aws:sourceip": ("10.0.0.0/8",)})
    assert evaluate({"IpAddress": {"aws:SourceIp": "10.1.0.0/16"}}, context).truth is None
    assert evaluate({"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}}, context).truth is True
