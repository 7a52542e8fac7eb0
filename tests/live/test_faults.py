"""`archproof drift --live aws` while something fails: unread with its reason, never missing, exit 3 with --strict."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from archproof.cli.main import main
from tests.aws.doubles import ACCOUNT, Question, Reply, double, error, json_error, vpcs
from tests.live.conftest import Doubles, Report

pytest.importorskip("boto3", reason="needs boto3: pip install 'archproof[aws]'")
MODEL = f"""archproof: 1
system: {{name: shop, region: eu-west-1, account: "{ACCOUNT}", exact: true}}
components:
  net: {{type: AWS::EC2::VPC, properties: {{CidrBlock: 10.0.0.0/16}}}}
  orders: {{type: AWS::SQS::Queue, properties: {{QueueName: orders, VisibilityTimeout: 60}}}}
  mails: {{type: AWS::SQS::Queue, properties: {{QueueName: mails, VisibilityTimeout: 60}}}}
"""
URL = f"https://sqs.eu-west-1.amazonaws.com/{ACCOUNT}/"
Answer = Callable[[Question], Reply | None]
STACKS = '<ListStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><ListStacksResult><StackSummaries/></ListStacksResult></ListStacksResponse>'


def healthy(q: Question) -> Reply | None:
    """The account as it is declared."""
    if q.operation == "ListStacks":
        return 200, STACKS
    if q.operation == "DescribeVpcs":
        return 200, vpcs("vpc-11111111")
    if q.operation == "DescribeVpcAttribute":
        return 200, "<DescribeVpcAttributeResponse/>"
    if q.operation == "ListQueues":
        return 200, json.dumps({"QueueUrls": [f"{URL}orders", f"{URL}mails"]})
    if q.operation == "GetQueueAttributes":
        name = q.said["QueueUrl"].rpartition("/")[2]
        arn = f"arn:aws:sqs:eu-west-1:{ACCOUNT}:{name}"
        return 200, json.dumps({"Attributes": {"QueueArn": arn, "VisibilityTimeout": "60"}})
    return (200, "{}") if q.service == "sqs" else None


def at(operation: str, status: int, body: str) -> Answer:
    """The healthy account, but for one operation."""
    return lambda q: (status, body) if q.operation == operation else healthy(q)


def half_a_list(q: Question) -> Reply | None:
    """A list of queues whose second page is never told."""
    if q.operation == "ListQueues" and "NextToken" not in q.said:
        return 200, json.dumps({"QueueUrls": [f"{URL}orders"], "NextToken": "more"})
    return (500, json_error("InternalError")) if q.operation == "ListQueues" else healthy(q)


def one_vanishes(q: Question) -> Reply | None:
    """A queue that is deleted between the list and the question about it."""
    if q.operation == "GetQueueAttributes" and q.said["QueueUrl"].endswith("mails"):
        return 400, json_error("QueueDoesNotExist", "The specified queue does not exist.")
    return healthy(q)


class Fault(NamedTuple):
    """Something that fails, what is said of it, and of which resources nothing is known."""

    what: str
    answers: Answer
    code: str
    why: str
    of: set[str]


QUEUES = {"Orders", "Mails"}
FAULTS = [
    Fault("denied", at("ListQueues", 403, json_error("AccessDeniedException", "no")), "denied", "no", QUEUES),
    Fault("denied by number", at("ListQueues", 403, json_error("403", "")), "denied", "403", QUEUES),
    Fault("denied in EC2", at("DescribeVpcs", 403, error("UnauthorizedOperation", "not you")), "denied", "not you",
          {"Net"}),
    Fault("throttled", at("ListQueues", 400, json_error("RequestThrottled", "slow down")), "throttled", "slow down",
          QUEUES),
    Fault("an expired token", at("ListQueues", 400, json_error("ExpiredTokenException", "expired")), "expired",
          "expired", QUEUES),
    Fault("a service that fails", at("ListQueues", 503, "nothing"), "unreachable", "503", QUEUES),
    Fault("pages that fail", half_a_list, "partial", "InternalError", {"Mails"}),
    Fault("a queue that vanishes", one_vanishes, "vanished", "does not exist", {"Mails"}),
    Fault("an answer that is none", at("ListQueues", 200, "<html>hello</html>"), "malformed", "", QUEUES),
    Fault("half an answer", at("ListQueues", 200, '{"QueueUrls": ["htt'), "malformed", "", QUEUES),
    Fault("another shape", at("ListQueues", 200, '{"QueueUrls": {"a": 1}}'), "malformed", "", QUEUES),
    Fault("an answer that is no XML", at("DescribeVpcs", 200, "<Descr"), "malformed", "", {"Net"}),
]  # fmt: skip


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL", "AWS_REGION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    (tmp_path / "architecture.yaml").write_text(MODEL, encoding="utf-8")
    return tmp_path


def drift(url: str, *arguments: str) -> int:
    """Run the command with the double at `url`, which it soon gives up."""
    return main(["drift", "--live", "aws", "--endpoint-url", url, "--attempts", "1", *arguments])


def report(url: str, folder: Path) -> dict[str, Any]:
    """What the command says in JSON."""
    drift(url, "--format", "json", "-o", str(folder / "d.json"))
    said: dict[str, Any] = json.loads((folder / "d.json").read_text(encoding="utf-8"))
    return said


def test_a_healthy_account_is_as_declared_and_nothing_is_unread(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with double(healthy) as aws:
        assert drift(aws.url, "--strict") == 0
    assert "no difference" in capsys.readouterr().out


@pytest.mark.parametrize("fault", FAULTS, ids=lambda f: f.what)
def test_what_fails_is_unread_with_its_reason_and_never_missing(
    fault: Fault, shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with double(fault.answers) as aws:
        found = report(aws.url, shop)
        capsys.readouterr()
        assert (drift(aws.url), drift(aws.url, "--strict")) == (0, 3)
    assert found["missing"] == [] and found["ambiguous"] == []
    assert {d["tier"] for d in found["differences"]} <= {"unread"}
    assert {d["resource"] for d in found["differences"]} == fault.of
    assert {u["code"] for u in found["unread"]} == {fault.code}
    assert any(fault.why in u["why"] for u in found["unread"])
    said = capsys.readouterr()
    assert "Missing" not in said.out and "Traceback" not in said.err
    assert fault.why in said.out


def test_what_is_read_is_compared_while_something_else_fails(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def answers(q: Question) -> Reply | None:
        if q.operation == "DescribeVpcs":
            return 403, error("UnauthorizedOperation")
        found = healthy(q)
        if q.operation == "GetQueueAttributes" and found is not None:
            return 200, str(found[1]).replace('"60"', '"30"')
        return found

    with double(answers) as aws:
        assert drift(aws.url, "--strict") == 1  # what differs counts before what is unread
    out = capsys.readouterr().out
    assert out.count("VisibilityTimeout: 60 → 30") == 2 and "UnauthorizedOperation" in out


def test_a_region_that_cannot_be_reached(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with double(healthy) as aws:
        gone = aws.url
    found = report(gone, shop)
    assert found["missing"] == [] and {u["code"] for u in found["unread"]} == {"unreachable"}
    assert drift(gone, "--strict") == 3
    assert "Traceback" not in capsys.readouterr().err


def test_a_service_that_is_not_in_the_region(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = MODEL.replace("eu-west-1", "af-south-1").replace(
        "  net:", "  web: {type: AWS::AppRunner::Service, properties: {ServiceName: web}}\n  net:"
    )
    (shop / "architecture.yaml").write_text(text, encoding="utf-8")
    with double(healthy) as aws:
        found = report(aws.url, shop)
        assert drift(aws.url, "--strict") == 3
    assert found["missing"] == []
    assert [d["resource"] for d in found["differences"] if "AppRunner" in d["type"]] == ["Web"]
    assert any(u["code"] == "unavailable" for u in found["unread"])
    capsys.readouterr()


def test_no_credentials_at_all(shop: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    with double(healthy) as aws:
        status = drift(aws.url, "--strict")
    said = capsys.readouterr()
    assert status in (2, 3) and "credentials" in said.out + said.err
    assert "Missing" not in said.out and "Traceback" not in said.err


def test_a_whole_system_that_is_told_on_the_way_that_its_credentials_are_not_known(
    aws: Doubles, pristine: Report, tmp_path: Path
) -> None:
    """moto asks for a key that it knows, ministack for none: what was answered before that is all that is known."""
    _moto_asks(aws, "0")
    try:
        found = aws.drift(tmp_path, "--strict")
    finally:
        _moto_asks(aws, "inf")
    assert found.names("missing") == [] and found.told("declared", "undeclared") == set()
    assert found.status == 3 and {u["code"] for u in found.json["unread"] if u["types"]} >= {"expired"}
    unread = {d["resource"] for d in found.of("unread")}
    bound = {b["resource"] for b in found.json["bindings"]}
    assert {"Vpc", "OrdersFnRole", "Db", "CmsSg"} <= unread - bound
    assert all(d["why"] for d in found.of("unread"))


def _moto_asks(aws: Doubles, after: str) -> None:
    """Have moto ask who it is after so many actions."""
    plain = {"Content-Type": "text/plain"}
    request = urllib.request.Request(f"{aws.moto}/moto-api/reset-auth", after.encode(), plain, method="POST")
    urllib.request.urlopen(request, timeout=5).close()
