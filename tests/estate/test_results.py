"""Results: counted, written, read again, and asked about in SQL that cannot write or reach out."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from archproof.cli.main import main
from archproof.errors import UsageError
from archproof.estate import results as kept
from archproof.estate.results import Results
from archproof.estate.units import Outcome
from tests.estate import simulated


def _results() -> Results:
    one = Outcome("111111111111", "eu-west-1", "shop", "shop", resources=3, calls=5)
    one.findings = [{"rule": "bucket-public", "severity": "high", "resource": "B", "message": "'; DROP TABLE units --"}]
    one.differences = [{"tier": "declared", "resource": "Q", "type": "AWS::SQS::Queue", "property": "DelaySeconds",
                        "expected": [1], "actual": {"a": True}}]  # fmt: skip
    two = Outcome("222222222222", "eu-west-1", status="failed", error="denied: no")
    return Results("Acme", [two, one])


def test_questions_are_answered_from_tables_of_rows_with_account_and_region() -> None:
    columns, rows = kept.ask(_results(), "SELECT account, rule, message FROM findings")
    assert columns == ["account", "rule", "message"]
    assert rows == [("111111111111", "bucket-public", "'; DROP TABLE units --")]
    joined = "SELECT u.name, d.expected, d.actual FROM differences d JOIN units u USING (account, region)"
    assert kept.ask(_results(), joined)[1] == [("shop", "[1]", '{"a": true}')]


@pytest.mark.parametrize(
    "question",
    ["DELETE FROM units", "ATTACH DATABASE 'x.sqlite' AS x", "SELECT load_extension('x')", "PRAGMA database_list",
     "SELECT 1; SELECT 2", "SELECT * FROM nobody", "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) "
     "SELECT count(*) FROM c"],
)  # fmt: skip
def test_a_question_that_writes_reaches_out_or_never_ends_is_refused(
    question: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "_STEPS", 1_000_000)
    with pytest.raises(UsageError, match="the question cannot be answered"):
        kept.ask(_results(), question)


def test_an_answer_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "ROWS", 1)
    with pytest.raises(UsageError, match=r"the answer has more than 1 rows: add LIMIT"):
        kept.ask(_results(), "SELECT * FROM units")


def test_the_command_writes_results_that_it_reads_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = simulated.make(tmp_path, 2, drifted=(1,))
    today = ["--today", "2026-11-23"]
    assert main(["estate", str(file), *today, "-o", str(tmp_path / "r.json")]) == 1
    capsys.readouterr()
    question = "SELECT account, region, property FROM differences WHERE tier = 'declared' ORDER BY region"
    assert main(["estate", str(tmp_path / "r.json"), "--query", question, "--format", "json"]) == 1
    assert json.loads(capsys.readouterr().out) == [
        {"account": simulated.account(1), "region": region, "property": "VisibilityTimeout"}
        for region in simulated.REGIONS
    ]
    assert main(["estate", str(tmp_path / "r.json"), "-o", str(tmp_path / "r.sqlite"), "--fail-on", "never"]) == 0
    with sqlite3.connect(tmp_path / "r.sqlite") as connection:
        assert connection.execute("SELECT count(*) FROM units").fetchone() == (4,)


def test_the_report_names_what_failed_first(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = simulated.make(tmp_path, 3, drifted=(1,), broken=(2,))
    assert main(["estate", str(file), "--today", "2026-11-23", "--region", "eu-west-1"]) == 1
    out = capsys.readouterr().out.splitlines()
    assert out[0] == "Simulated: 3 account-regions, 2 resources, 0 calls"
    assert out[2] == "Nothing came of 1:"
    assert out[3].startswith(f"  {simulated.account(2)} eu-west-1 (team-002): ")
    assert out[5:7] == [
        "Drifted from its model, 1:",
        f"  {simulated.account(1)} eu-west-1 (team-001): 1 property: Jobs.VisibilityTimeout",
    ]
    assert out[-1] == "2 whole, 0 in part, 1 failed; 1 drifted"


def test_what_holds_no_results_is_an_error_of_the_call(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text("[]", encoding="utf-8")
    with pytest.raises(UsageError, match=r"holds no results of 'archproof estate"):
        kept.load(tmp_path / "x.json")
