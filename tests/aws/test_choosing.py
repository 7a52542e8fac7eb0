"""What a comparison asks of an account: details of what may be declared, whatever else there is."""

from __future__ import annotations

import datetime
import json
from pathlib import Path

import pytest

from archproof.api import load
from archproof.drift import system
from archproof.drift.differences import Comparison
from archproof.drift.lock import Entry, Lock
from archproof.sources.aws import account
from archproof.sources.live import Live
from tests.aws.doubles import ACCOUNT, Question, Reply, double, json_error
from tests.aws.scanning import scope

boto3 = pytest.importorskip("boto3")
_MODEL = """\
archproof: 1
system: {name: shop, region: eu-west-1}
components:
  jobs: {kind: sqs_queue, physical_name: jobs, visibility_s: 60}
  files: {kind: s3_bucket, physical_name: shop-files}
  news: {kind: sns_topic, physical_name: news}
"""


def _reading(model: Path, url: str, *, everything: bool = False, lock: Lock | None = None) -> tuple[Live, Comparison]:
    """What was read for a comparison, and the comparison."""
    from archproof.drift import living
    from archproof.resources.lowering import lower

    architecture = load(model)
    wanted = living.scope(architecture)
    choose = None if everything else system.choosing(architecture, lock=lock)
    live = account.read(scope(url, types=system.wanted(lower(architecture)), regions=wanted.regions), choose=choose)
    return live, system.compare(architecture, live, today=datetime.date(2026, 11, 23), lock=lock)


def _said(comparison: Comparison) -> dict[str, list[str]]:
    """What a comparison found; where foreign buckets stand only AWS tells in its list, and moto does not."""
    parts = {"differences": comparison.differences, "missing": comparison.missing, "unmanaged": comparison.unmanaged}
    return {
        name: [json.dumps({**one.as_dict(), "region": None}, sort_keys=True) for one in held]
        for name, held in parts.items()
    }


def test_foreign_things_cost_no_details_and_change_no_verdict(moto: str, tmp_path: Path) -> None:
    model = tmp_path / "architecture.yaml"
    model.write_text(_MODEL, encoding="utf-8")
    queues, buckets = boto3.client("sqs", endpoint_url=moto), boto3.client("s3", endpoint_url=moto)
    place = {"LocationConstraint": "eu-west-1"}
    queues.create_queue(QueueName="jobs", Attributes={"VisibilityTimeout": "30"})
    buckets.create_bucket(Bucket="shop-files", CreateBucketConfiguration=place)
    first = _reading(model, moto)[0].calls
    for number in range(30):
        queues.create_queue(QueueName=f"other-{number}")
        buckets.create_bucket(Bucket=f"other-{number}", CreateBucketConfiguration=place)
    chosen, comparison = _reading(model, moto)
    every, whole = _reading(model, moto, everything=True)
    assert _said(comparison) == _said(whole)
    assert "VisibilityTimeout" in [d.drift.property for d in comparison.differences if d.tier == "declared"]
    assert "news" in [w.component for w in comparison.missing]
    assert len(comparison.unmanaged) == 60
    assert chosen.calls == first < 40
    assert every.calls > first + 30 * 14


_FUNCTION = """\
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Orders:
    Type: AWS::Lambda::Function
    Properties: {Runtime: python3.13, Handler: a.b, Role: "arn:aws:iam::111122223333:role/r", MemorySize: 256,
                 Code: {S3Bucket: b, S3Key: k}}
  May:
    Type: AWS::Lambda::Permission
    Properties: {FunctionName: !Ref Orders, Action: lambda:InvokeFunction, Principal: sns.amazonaws.com}
"""
_ARN = f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function:"


def _functions(q: Question) -> Reply | None:
    """Three thousand functions, one of them the declared one, made by a stack among others."""
    if q.operation == "GET /2015-03-31/functions":
        names = [f"f{n}" for n in range(3000)] + ["shop-Orders-ABCDEFGH1234"]
        said = {"Runtime": "python3.13", "Handler": "a.b", "MemorySize": 128, "Role": f"arn:aws:iam::{ACCOUNT}:role/r"}
        return 200, json.dumps({"Functions": [{"FunctionName": n, "FunctionArn": _ARN + n, **said} for n in names]})
    if q.operation.endswith("/policy"):
        return 404, json_error("ResourceNotFoundException")
    if q.operation.startswith("GET /2017-03-31/tags/"):
        return 200, json.dumps({"Tags": {}})
    if q.service == "cloudformation":
        if q.operation == "ListStacks":
            inner = "".join(
                f"<member><StackName>{n}</StackName><StackStatus>CREATE_COMPLETE</StackStatus></member>"
                for n in ("other", "shop")
            )
            kind = "Summaries"
        else:
            said = q.said["StackName"]
            inner = "<member><LogicalResourceId>Orders</LogicalResourceId><PhysicalResourceId>shop-Orders-ABCDEFGH1234"
            inner += "</PhysicalResourceId><ResourceType>AWS::Lambda::Function</ResourceType></member>"
            inner, kind = inner if said == "shop" else "", "ResourceSummaries"
        name = f"Stack{kind}"
        root = f"{q.operation}Response"
        return 200, (
            f'<{root} xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><{q.operation}Result><{name}>{inner}'
            f"</{name}></{q.operation}Result></{root}>"
        )
    return None


def test_a_function_that_a_stack_named_is_found_among_thousands_with_few_calls(tmp_path: Path) -> None:
    template = tmp_path / "template.yaml"
    template.write_text(_FUNCTION, encoding="utf-8")
    with double(_functions) as aws:
        live, comparison = _reading(template, aws.url)
        details = [q.operation for q in aws.asked if "/functions/" in q.operation]
    assert {b.resource: b.by for b in comparison.bindings} == {"Orders": "stack"}
    assert [(d.drift.property, d.drift.actual) for d in comparison.differences if d.tier == "declared"] == [
        ("MemorySize", 128)
    ]
    assert len(details) < 10 and all("shop-Orders" in d for d in details)
    assert live.calls < 20
    assert [w.resource for w in comparison.missing] == ["May"]


_VERSIONED = (
    _FUNCTION
    + """\
  First:
    Type: AWS::Lambda::Version
    Properties: {FunctionName: !Ref Orders}
  Live:
    Type: AWS::Lambda::Alias
    Properties: {FunctionName: !GetAtt Orders.Arn, Name: live, FunctionVersion: !GetAtt First.Version}
"""
)


def _versions(q: Question, alias: str | None, *numbers: str) -> Reply | None:
    """What is published of a function, two to a page, and what its alias points to."""
    function = q.operation.partition("/functions/")[2].partition("/")[0]
    if q.operation.endswith("/aliases"):
        held = {"AliasArn": f"{_ARN}{function}:live", "Name": "live", "FunctionVersion": alias}
        return 200, json.dumps({"Aliases": [held] if alias else []})
    if q.operation.endswith("/versions"):
        every = [
            {"FunctionName": function, "FunctionArn": f"{_ARN}{function}:{n}", "Version": n, "Description": "orders",
             "CodeSha256": "c2hh", "MemorySize": 128, "Environment": {"Variables": {"KEY": "plain"}}}
            for n in ("$LATEST", *numbers)
        ]  # fmt: skip
        return 200, json.dumps({"Versions": every})
    return _functions(q)


def test_a_version_is_told_by_its_function_and_the_number_that_its_alias_has(tmp_path: Path) -> None:
    template = tmp_path / "template.yaml"
    template.write_text(_VERSIONED, encoding="utf-8")
    with double(lambda q: _versions(q, "7", "5", "6", "7")) as aws:
        live, comparison = _reading(template, aws.url)
        asked = [q.operation for q in aws.asked if q.operation.endswith("/versions")]
        assert not [q for q in aws.asked if q.service.startswith("cloudcontrol")]
    assert asked == ["GET /2015-03-31/functions/shop-Orders-ABCDEFGH1234/versions"]
    bound = {b.resource: live.resources[b.live].address for b in comparison.bindings}
    assert bound["First"] == f"{_ARN}shop-Orders-ABCDEFGH1234:7"
    assert not [d for d in comparison.differences if d.resource in ("First", "Live")]
    assert [w.resource for w in comparison.missing] == ["May"]
    assert not [w for w in comparison.unmanaged if w.type == "AWS::Lambda::Version"]
    assert "left by earlier deployments: 2 AWS::Lambda::Version" in comparison.notes


def test_a_version_that_was_never_published_is_missing_and_latest_is_none(tmp_path: Path) -> None:
    template = tmp_path / "template.yaml"
    template.write_text(_VERSIONED, encoding="utf-8")
    with double(lambda q: _versions(q, None)) as aws:
        _, comparison = _reading(template, aws.url)
    assert sorted(w.resource for w in comparison.missing) == ["First", "Live", "May"]


def test_which_of_several_versions_is_meant_is_not_guessed(tmp_path: Path) -> None:
    template = tmp_path / "template.yaml"
    template.write_text(_VERSIONED, encoding="utf-8")
    with double(lambda q: _versions(q, None, "5", "6")) as aws:
        _, comparison = _reading(template, aws.url)
    assert [name for name, _, _ in comparison.ambiguous] == ["First"]


def test_no_version_is_asked_for_where_none_is_declared(tmp_path: Path) -> None:
    template = tmp_path / "template.yaml"
    template.write_text(_FUNCTION, encoding="utf-8")
    with double(lambda q: _versions(q, None, "5", "6")) as aws:
        _reading(template, aws.url)
        assert not [q for q in aws.asked if q.operation.endswith("/versions")]


def test_what_the_lock_binds_needs_nothing_else_to_be_told(tmp_path: Path) -> None:
    template = tmp_path / "template.yaml"
    template.write_text(_FUNCTION, encoding="utf-8")
    lock = {"Orders": Entry("AWS::Lambda::Function", "f7", ACCOUNT, "eu-west-1")}
    with double(_functions) as aws:
        _, comparison = _reading(template, aws.url, lock=lock)
        details = [q.operation for q in aws.asked if "/functions/" in q.operation]
        stacks = aws.count("ListStackResources")
    assert {b.resource: b.by for b in comparison.bindings} == {"Orders": "lock"}
    assert details and all("/f7/" in d or d.endswith("/f7") for d in details)
    assert stacks == 2  # the permission has no name of its own
