"""Guarantees on the command line: proved is 0, refuted is 1, a wrong call is 2."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from archproof.cli.main import main

MODEL = """\
archproof: 1
network:
  vpc: {cidr: 10.0.0.0/16, nat: none}
  subnets: {app: {cidr: 10.0.0.0/20}, data: {cidr: 10.0.16.0/20}}
  security_groups: {fn_sg: {}, db_sg: {}}
components:
  fn: {kind: lambda, timeout_s: 5, in: {subnets: app, security_groups: fn_sg}}
  db: {kind: rds, engine: postgres, instance_class: db.m7g.large, in: {subnets: data, security_groups: db_sg}}
links:
  - {from: fn, to: db, verb: query}
"""


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "architecture.yaml"
    path.write_text(MODEL)
    return path


def test_a_promise_that_holds_is_proved(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["path", "--never", "internet", "db", "--always", "fn", "db", "--only", "fn", "db"]) == 0
    said = [line for line in capsys.readouterr().out.splitlines() if not line.startswith(" ")]
    assert said == [
        "proved: internet never reaches db", "proved: fn always reaches db", "proved: only fn reaches db",
    ]  # fmt: skip


def test_one_that_does_not_is_refuted_with_the_way(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["path", "--never", "fn", "db", "--format", "json"]) == 1
    (result,) = json.loads(capsys.readouterr().out)["guarantees"]
    assert (result["text"], result["verdict"]) == ("fn never reaches db", "refuted")
    assert result["witness"]


@pytest.mark.parametrize("call", [["--from", "fn"], ["--never", "fn", "db", "--tighten"], [], ["--never", "x", "db"]])
def test_a_call_that_asks_nothing_or_too_much_is_an_error(model: Path, call: list[str]) -> None:
    assert main(["path", *call]) == 2
