"""`archproof drift`: what it prints, its exit status, its lock, its ignore rules."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from archproof.cli.main import main
from tests.drift.accounts import ACCOUNT, HEAD, REGION, arn, group, queue, queues, write

MODEL = """components:
  orders:
    type: AWS::SQS::Queue
    properties:
      QueueName: orders
      VisibilityTimeout: 60
  dlq: {type: AWS::SQS::Queue, properties: {QueueName: orders-dlq}}
  web:
    type: AWS::EC2::SecurityGroup
    properties:
      GroupName: web
      GroupDescription: web
      VpcId: vpc-11111111
      SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 10.0.0.0/8}]
"""
URL = f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/"
SSH = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
LIVE: dict[str, Any] = {
    "list": queues("orders", "extra"), "a": queue("orders", DelaySeconds="5"), "b": queue("extra"),
    "groups": {"SecurityGroups": [group("sg-11111111", "web", [SSH])]},
}  # fmt: skip


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "architecture.yaml").write_text(HEAD + MODEL, encoding="utf-8")
    write(tmp_path / "live", **LIVE)
    return tmp_path


def run(*arguments: str) -> int:
    return main(["drift", "--live", "live", "--today", "2026-11-23", *arguments])


def test_the_report_for_people(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run() == 1
    assert (
        capsys.readouterr().out
        == f"""\
orders · AWS::SQS::Queue · {URL}orders
  ✗ VisibilityTimeout: 60 → 30   architecture.yaml:8:7
  + DelaySeconds: 5, which nothing declares   architecture.yaml:4:3
web · AWS::EC2::SecurityGroup · sg-11111111
  ✗ SecurityGroupIngress[0]: tcp 22 from 10.0.0.0/8 → tcp 22 from 0.0.0.0/0   architecture.yaml:16:30
      opens tcp 22 to the whole internet (0.0.0.0/0) but 10.0.0.0/8

Missing: declared, and not there
  - dlq · AWS::SQS::Queue   architecture.yaml:9:3

Unmanaged: there, and not declared
  + AWS::SQS::Queue: {URL}extra

✗ shop and live: 2 declared, 1 missing, 1 undeclared, 1 unmanaged
  2 resources compared, 0 as declared
"""
    )


def test_the_contract_in_json(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--format", "json") == 1
    found = json.loads(capsys.readouterr().out)
    assert list(found) == [
        "differences", "missing", "unmanaged", "unread", "ambiguous", "bindings", "ignores", "notes", "calls",
        "summary",
    ]  # fmt: skip
    first = next(d for d in found["differences"] if d["tier"] == "declared")
    assert first == {
        "tier": "declared", "component": "orders", "resource": "Orders", "type": "AWS::SQS::Queue",
        "property": "VisibilityTimeout", "expected": 60, "actual": 30, "why": "",
        "location": {"file": "architecture.yaml", "line": 8, "column": 7, "end_line": 8, "end_column": 28},
        "physical_id": f"{URL}orders", "account": ACCOUNT, "region": REGION, "ignored": None,
    }  # fmt: skip
    assert [w["resource"] for w in found["missing"]] == ["Dlq"]
    assert found["calls"] == 0
    assert found["summary"] == {
        "compared": 2, "declared": 2, "undeclared": 1, "unread": 0, "missing": 1, "unmanaged": 1, "ambiguous": 0,
        "ignored": 0,
    }  # fmt: skip


def test_the_exit_status(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    everything = ["--ignore", "orders:VisibilityTimeout", "--ignore", "web", "--ignore", "dlq"]
    assert run(*everything) == 0
    assert run(*everything, "--fail-on", "undeclared") == 1
    assert run(*everything, "--ignore", "orders:DelaySeconds", "--fail-on", "undeclared") == 0
    assert run(*everything, "--ignore", "orders:DelaySeconds", "--fail-on", "unmanaged") == 1
    assert run("--fail-on", "never") == 0
    (shop / "live" / "groups.json").unlink()
    assert run(*everything) == 0
    assert run(*everything, "--strict") == 0  # what cannot be told is ignored as well
    assert run("--ignore", "orders", "--ignore", "dlq", "--strict") == 3
    capsys.readouterr()


def test_what_is_wrong_is_said(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def error(*arguments: str) -> str:
        assert main(["drift", *arguments]) == 2
        return capsys.readouterr().err

    said = "archproof: nowhere does not exist; --live takes aws, a folder of AWS's answers, or another source\n"
    assert error("--live", "nowhere") == said
    assert error("--live", "") == "archproof: the name after --live is empty\n"
    said = "archproof: --profile is for the live account: --live aws\n"
    assert error("--live", "live", "--profile", "x") == said
    said = "archproof: --ignore names a resource, a component or a type, then ':' and a property; found 'orders:'\n"
    assert error("--live", "live", "--ignore", "orders:") == said
    assert error("--live", "live", "--lock", "x.lock") == "archproof: x.lock does not exist; --write-lock writes it\n"
    (shop / "archproof.lock").write_text("resources: {}\n", encoding="utf-8")
    assert "archproof.lock:1:1: error: not a lock of archproof: it begins with 'archproof_lock: 1'" in error(
        "--live", "live"
    )


def test_the_lock_is_written_when_asked_and_believed(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("--write-lock")
    assert "wrote archproof.lock: 2 bindings" in capsys.readouterr().err
    text = (shop / "archproof.lock").read_text(encoding="utf-8")
    assert (
        text
        == f"""\
# What each resource of the model is in AWS. Written by `archproof drift --write-lock`; keep it with the model.
archproof_lock: 1
resources:
  Orders: {{type: "AWS::SQS::Queue", id: "{URL}orders", account: "{ACCOUNT}", region: "{REGION}"}}
  Web: {{type: "AWS::EC2::SecurityGroup", id: "sg-11111111", account: "{ACCOUNT}", region: "{REGION}"}}
"""
    )
    run("--format", "json")
    assert {b["by"] for b in json.loads(capsys.readouterr().out)["bindings"]} == {"lock"}
    (shop / "archproof.lock").write_text(
        text.replace("  Web: {", "  Dlq: {type: X, id: a, foo: b}\n  Web: {") + "  Q: {id: a}\n"
    )
    assert run() == 2
    assert capsys.readouterr().err == (
        "archproof.lock:5:3: error: 'Dlq' has no 'foo' (it has type, id, account, region)\n"
        "archproof.lock:7:3: error: 'Q' needs 'type'\n"
        "archproof: 2 errors in the input; nothing was written\n"
    )


def test_what_cannot_be_told_now_stays_in_the_lock(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("--write-lock")
    held = (shop / "archproof.lock").read_text(encoding="utf-8")
    (shop / "live" / "groups.json").unlink()
    assert run("--write-lock") == 1
    assert (shop / "archproof.lock").read_text(encoding="utf-8") == held
    capsys.readouterr()


def test_a_lock_that_binds_one_thing_twice_is_wrong(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    entry = f'{{type: "AWS::SQS::Queue", id: "{URL}orders"}}'
    (shop / "archproof.lock").write_text(f"archproof_lock: 1\nresources:\n  Orders: {entry}\n  Dlq: {entry}\n")
    assert run() == 2
    said = f"archproof.lock:4:3: error: {URL}orders is bound to 'Orders' already; one resource is one thing\n"
    assert capsys.readouterr().err.startswith(said)


@pytest.mark.parametrize("held", ["[Orders]", "text", "7"])
def test_a_lock_of_another_shape_is_wrong(shop: Path, held: str, capsys: pytest.CaptureFixture[str]) -> None:
    (shop / "archproof.lock").write_text(f"archproof_lock: 1\nresources: {held}\n")
    assert run() == 2
    said = "archproof.lock:2:12: error: 'resources' is a map: a logical id, then its type and its id\n"
    assert capsys.readouterr().err.startswith(said)
    assert run("--lock", "live") == 2
    assert capsys.readouterr().err == "archproof: live is no file; a lock is one, which --write-lock writes\n"


def test_neither_help_nor_a_snapshot_loads_what_reads_accounts(shop: Path) -> None:
    heavy = {"boto3", "botocore", "dask", "distributed", "networkx", "jinja2"}
    for words in (["drift", "--help"], ["drift", "--live", "live"], ["check"], ["estate", "--help"]):
        code = (
            f"import sys, archproof.cli.main as m\ntry: m.main({words!r})\nexcept SystemExit: pass\n"
            f"print(sorted({heavy!r} & set(sys.modules)), file=sys.stderr)"
        )
        told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=shop).stderr
        assert told.splitlines()[-1] == "[]", words


def test_a_model_is_compared_with_another_description(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "architecture.yaml", "--to", "cloudformation", "-o", "t.yaml"]) == 0
    assert main(["drift", "--live", "t.yaml"]) == 0
    assert "✓ shop and t.yaml: no difference\n  3 resources compared, 3 as declared\n" in capsys.readouterr().out
    text = (shop / "t.yaml").read_text(encoding="utf-8")
    (shop / "t.yaml").write_text(text.replace("VisibilityTimeout: 60", "VisibilityTimeout: 61"), encoding="utf-8")
    assert main(["drift", "--live", "t.yaml"]) == 1
    assert "✗ VisibilityTimeout: 60 → 61   architecture.yaml:8:7" in capsys.readouterr().out


def test_subscriptions_in_a_topic_are_those_of_another_description(shop: Path) -> None:
    (shop / "t.json").write_text(json.dumps({
        "AWSTemplateFormatVersion": "2010-09-09", "Parameters": {"Mail": {"Type": "String"}},
        "Resources": {"News": {"Type": "AWS::SNS::Topic", "Properties": {
            "Subscription": [{"Protocol": "email", "Endpoint": {"Ref": "Mail"}}]}}},
    }))  # fmt: skip
    assert main(["drift", "t.json", "--live", "t.json", "--strict", "--fail-on", "unmanaged"]) == 0


def test_an_account_is_kept_in_a_folder(
    shop: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from archproof.sources.aws import account
    from archproof.sources.aws.scan import Progress

    def read(scope: Any, folder: str, **more: Any) -> Progress:
        assert {"AWS::SQS::Queue", "AWS::EC2::SecurityGroup"} <= scope.types
        write(Path(folder), **LIVE)
        return Progress(requests=7)

    monkeypatch.setattr(account, "snapshot", read)
    assert main(["drift", "--snapshot", "kept", "--today", "2026-11-23"]) == 1
    assert "2 resources compared, 0 as declared, 7 calls" in capsys.readouterr().out
    assert main(["drift", "--live", "kept"]) == 1
    assert main(["drift", "--live", "kept", "--snapshot", "x"]) == 2
    assert capsys.readouterr().err == "archproof: --snapshot is for the live account: --live aws\n"


def test_the_python_face(shop: Path) -> None:
    import archproof

    found = archproof.drift(archproof.load("architecture.yaml"), live="live")
    assert (found.drifted, len(found.missing)) == (True, 1)
    assert archproof.drift.compare_resource("AWS::SQS::Queue", {"DelaySeconds": 1}, {"DelaySeconds": 2}).declared


def test_denied_calls_are_told_and_never_missing(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("list", "a", "b"):
        (shop / "live" / f"{name}.json").unlink()
    assert run("--strict", "--ignore", "web") == 3
    out = capsys.readouterr().out
    assert "  ? unread; not every AWS::SQS::Queue was listed   architecture.yaml:4:3" in out
    assert "Missing" not in out and arn("sqs", "orders") not in out
