"""`init`, `kinds`, `schema` and `export`."""

from __future__ import annotations

import datetime
import json
from pathlib import Path

import pytest

import archproof
from archproof.cli.main import main
from archproof.model import registry
from archproof.model.formatting import canonical
from archproof.model.yaml import parse

STARTER = Path(archproof.__file__).parent / "templates" / "starter.yaml"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_init_writes_a_model_that_is_right_and_canonical(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init"]) == 0
    assert capsys.readouterr().err == "wrote architecture.yaml; `archproof check architecture.yaml` checks it\n"
    text = Path("architecture.yaml").read_text(encoding="utf-8")
    assert canonical(text) == text
    for environment in (None, "test", "prod"):
        report = archproof.check(archproof.load("architecture.yaml", environment), datetime.date(2026, 11, 22))
        assert [f.rule for f in report.findings if f.severity in ("critical", "high", "medium")] == []


def test_init_replaces_nothing_unless_told(capsys: pytest.CaptureFixture[str]) -> None:
    Path("mine.yaml").write_text("mine", encoding="utf-8")
    assert main(["init", "mine.yaml"]) == 2
    assert "mine.yaml is there already; --force replaces it" in capsys.readouterr().err
    assert Path("mine.yaml").read_text(encoding="utf-8") == "mine"
    assert main(["init", "mine.yaml", "--force"]) == 0
    assert Path("mine.yaml").read_text(encoding="utf-8") == STARTER.read_text(encoding="utf-8")


def test_init_prints_and_refuses_folders(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init", "-"]) == 0
    assert capsys.readouterr().out == STARTER.read_text(encoding="utf-8")
    assert main(["init", ".", "--force"]) == 2
    assert ". is a folder" in capsys.readouterr().err
    assert main(["init", ""]) == 2
    assert list(Path().iterdir()) == []


def test_kinds_lists_and_shows(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["kinds"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(registry.kinds())
    assert main(["kinds", "sqs_queue"]) == 0
    assert capsys.readouterr().out.startswith("# sqs_queue\n\nAn SQS queue")
    assert main(["kinds", "sqs_queu"]) == 2
    err = capsys.readouterr().err
    assert err == "archproof: no kind is called 'sqs_queu'; did you mean 'sqs_queue'? `archproof kinds` lists them\n"


def test_schema_prints_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema"]) == 0
    assert json.loads(capsys.readouterr().out)["$schema"] == "https://json-schema.org/draft/2020-12/schema"


MODEL = "archproof: 1\nsystem: {summary: A queue}\ncomponents: {q: {kind: sqs_queue, visibility_s: 60}}\n"


def test_export_writes_a_template(capsys: pytest.CaptureFixture[str]) -> None:
    Path("architecture.yaml").write_text(MODEL, encoding="utf-8")
    assert main(["export", "--to", "cloudformation"]) == 0
    out = capsys.readouterr().out
    template = parse(out, "out").value
    assert template["Description"] == "A queue"
    assert template["Resources"]["Q"]["Properties"]["VisibilityTimeout"] == 60
    assert main(["export", "--to", "cloudformation", "-o", "out/t.json"]) == 0
    assert json.loads(Path("out/t.json").read_text(encoding="utf-8")) == template


def test_export_writes_the_resource_graph(capsys: pytest.CaptureFixture[str]) -> None:
    text = """archproof: 1
components:
  q: {kind: sqs_queue}
  fn: {kind: lambda, environment: {TOKEN: hunter2}}
"""
    Path("architecture.yaml").write_text(text, encoding="utf-8")
    assert main(["export", "--to", "json"]) == 0
    out = capsys.readouterr().out
    assert "hunter2" not in out
    graph = json.loads(out)
    assert list(graph) == ["resources", "references"]
    found = {r["logical_id"]: r for r in graph["resources"]}
    assert list(found["Q"]) == ["logical_id", "type", "component", "properties", "attributes", "location"]
    assert (found["Q"]["type"], found["Q"]["component"]) == ("AWS::SQS::Queue", "q")
    assert found["Q"]["location"] == {
        "file": "architecture.yaml",
        "line": 3,
        "column": 3,
        "end_line": 3,
        "end_column": 4,
    }
    assert found["Fn"]["properties"]["Environment"]["Variables"]["TOKEN"] == "(hidden)"
    assert {"from": "Fn", "path": "Role", "to": "FnRole", "attribute": "Arn"} in graph["references"]


def test_export_refuses_what_it_cannot_do(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export"]) == 2
    assert main(["export", "--to", "cobol"]) == 2
    assert main(["export", "--to", "json"]) == 2
    assert "architecture.yaml:1:1: error: no such file" in capsys.readouterr().err
    Path("architecture.yaml").write_text(MODEL, encoding="utf-8")
    Path("folder").mkdir()
    assert main(["export", "--to", "json", "-o", "folder"]) == 2
    assert main(["export", "--to", "json", "--env", "prod"]) == 2
    assert "no environment 'prod' (none is declared)" in capsys.readouterr().err
