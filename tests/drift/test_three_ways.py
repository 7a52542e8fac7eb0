"""`archproof drift --against`: model, code and account, and what it means where they do not agree."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from archproof.cli.main import main
from archproof.drift import three_ways
from archproof.drift.differences import Binding, Comparison, Difference, PropertyDrift, Whole
from archproof.errors import Location
from tests.drift.accounts import HEAD, queue, queues, write

PLACE = Location("a.yaml", 3, 3, 3, 9)


def template(**changes: dict[str, Any]) -> dict[str, Any]:
    """Code: queues by logical id."""
    return {
        "Resources": {id: {"Type": "AWS::SQS::Queue", "Properties": properties} for id, properties in changes.items()}
    }


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    model = "".join(
        f"  {name}: {{kind: sqs_queue, physical_name: {name}, visibility_s: 60}}\n"
        for name in ("same", "hotfix", "late", "old", "apart", "made", "planned", "gone")
    )
    (tmp_path / "architecture.yaml").write_text(f"{HEAD}components:\n{model}", encoding="utf-8")
    code = template(**{
        n.capitalize(): {"QueueName": n, "VisibilityTimeout": t}
        for n, t in (("same", 60), ("hotfix", 30), ("late", 60), ("old", 45), ("apart", 10), ("gone", 60), ("new", 60),
                     ("coming", 60))
    })  # fmt: skip
    (tmp_path / "code.json").write_text(json.dumps(code), encoding="utf-8")
    live = {"same": 60, "hotfix": 60, "late": 99, "old": 45, "apart": 20, "made": 60, "new": 60, "extra": 60}
    write(
        tmp_path / "live", list=queues(*live), **{n: queue(n, VisibilityTimeout=str(t)) for n, t in live.items()}
    )  # fmt: skip
    return tmp_path


def run(*arguments: str) -> int:
    return main(["drift", "--live", "live", "--against", "code.json", "--today", "2026-11-23", *arguments])


def test_who_says_what_and_what_it_means(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run() == 1
    assert (
        capsys.readouterr().out
        == """\
hotfix · AWS::SQS::Queue
  ✗ VisibilityTimeout: model 60, code 30, live 60   architecture.yaml:5:52
      the code is behind: model and live agree, and the next deployment would undo it

late · AWS::SQS::Queue
  ✗ VisibilityTimeout: model 60, code 60, live 99   architecture.yaml:6:48
      what is live drifted from both: model and code agree

old · AWS::SQS::Queue
  ✗ VisibilityTimeout: model 60, code 45, live 45   architecture.yaml:7:46
      the model is behind: code and live agree

apart · AWS::SQS::Queue
  ✗ VisibilityTimeout: model 60, code 10, live 20   architecture.yaml:8:50
      no two agree

Model and code have it, and it is not live: it was deleted, or is not deployed yet
  ✗ gone Gone (AWS::SQS::Queue)   architecture.yaml:11:3

Model and live have it, and the code does not: it was made by hand, or the code is behind
  ✗ made Made (AWS::SQS::Queue)   architecture.yaml:9:3

Code and live have it, and the model does not: the model is behind
  ✗ New (AWS::SQS::Queue)

Only the model has it
  ✗ planned Planned (AWS::SQS::Queue)   architecture.yaml:10:3

Only the code has it: it was deleted, or is not deployed yet
  ✗ Coming (AWS::SQS::Queue)   code.json:1:711

Only the account has it
  + https://sqs.eu-west-1.amazonaws.com/111122223333/extra (AWS::SQS::Queue)

✗ shop, code.json and live: 1 live, 1 code, 1 model, 1 all, 1 not-live, 1 not-code, 1 not-model, 1 model-only, \
1 code-only, 1 live-only
  5 resources in all three
"""
    )


def test_json_and_markdown(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--format", "json", "--fail-on", "never") == 0
    found = json.loads(capsys.readouterr().out)
    assert list(found) == ["properties", "resources", "unread", "summary"]
    first = found["properties"][0]
    assert {k: first[k] for k in ("verdict", "property", "resource", "model", "code", "live")} == {
        "verdict": "code", "property": "VisibilityTimeout", "resource": "Hotfix", "model": 60, "code": 30, "live": 60,
    }  # fmt: skip
    assert found["summary"]["compared"] == 5
    assert run("--format", "markdown") == 1
    printed = capsys.readouterr().out
    assert (
        "| `old` | `VisibilityTimeout` | `60` | `45` | `45` | the model is behind: code and live agree |\n" in printed
    )


def test_all_agree(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (shop / "architecture.yaml").write_text(
        f"{HEAD}components: {{same: {{kind: sqs_queue, physical_name: same, visibility_s: 60}}}}\n", encoding="utf-8"
    )
    (shop / "code.json").write_text(json.dumps(template(Same={"QueueName": "same", "VisibilityTimeout": 60})))
    write(shop / "live", list=queues("same"))
    for path in (shop / "live").iterdir():
        if path.stem not in ("list", "same"):
            path.unlink()
    assert run("--strict", "--fail-on", "unmanaged") == 0, capsys.readouterr().out
    assert capsys.readouterr().out == "✓ shop, code.json and live: all three agree\n  1 resource in all three\n"


def test_what_is_wrong_is_said(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--format", "sarif") == 2
    said = "archproof: three ways are told as json, markdown, text; found --format sarif\n"
    assert capsys.readouterr().err == said
    assert run("--accept") == 2
    said = "archproof: --against tells who says what, and --accept writes what is live: one at a time\n"
    assert capsys.readouterr().err == said
    assert main(["drift", "--live", "live", "--against", "nowhere.json"]) == 2
    assert "nowhere.json" in capsys.readouterr().err


def _difference(tier: str, expected: Any, actual: Any, why: str = "") -> Difference:
    return Difference(tier, "q", "Q", "T", PropertyDrift(("P",), expected, actual, why), PLACE)


BOUND = [Binding("Q", "Q", "name")]


@pytest.mark.parametrize(
    ("live", "code", "third", "verdict"),
    [
        (None, ("undeclared", None, 1), ("declared", 1, 2), "live-code"),
        (("undeclared", None, 2), ("undeclared", None, 1), ("declared", 1, 2), "live-code"),
        (("undeclared", None, 1), ("undeclared", None, 1), None, "model-silent"),
        (("undeclared", None, 1), None, ("undeclared", None, 1), "live-silent"),
        (None, None, ("declared", 1, 2), "live-code"),
        (("declared", 1, None), None, None, "live"),
        (("declared", 1, 2), ("declared", 1, 2), ("unread", 2, None), "unknown"),
        (("unread", 1, None, "denied"), ("declared", 1, 2), None, "unknown"),
    ],
)
def test_the_verdicts(
    live: tuple[Any, ...] | None, code: tuple[Any, ...] | None, third: tuple[Any, ...] | None, verdict: str
) -> None:
    held = [Comparison([_difference(*d)] if d else [], bindings=BOUND) for d in (live, code, third)]
    three = three_ways.join(*held)
    assert [row.verdict for row in three.rows] == [verdict]
    assert three.fails("declared") == (verdict in three_ways.DRIFTED)
    assert three.uncertain == (verdict == "unknown")


def test_a_property_of_what_the_code_does_not_have_is_of_the_model_alone() -> None:
    live = Comparison([_difference("declared", 1, 2)], bindings=BOUND)
    code = Comparison(missing=[Whole("Q", "T")])
    three = three_ways.join(live, code, Comparison())
    assert [(row.verdict, row.model, row.code, row.live) for row in three.rows] == [("live-model", 1, None, 2)]
    assert [thing.verdict for thing in three.things] == ["not-code"]


def test_what_only_one_could_not_tell_is_not_called_gone() -> None:
    unmanaged = Comparison(unmanaged=[Whole("C", "T")])
    three = three_ways.join(Comparison(), unmanaged, Comparison())
    assert [thing.verdict for thing in three.things] == ["unknown"]
