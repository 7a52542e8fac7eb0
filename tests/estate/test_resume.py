"""Going on with an estate: what is whole is not done again, all else is."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from archproof.cli.main import main
from tests.estate import simulated


def test_what_is_whole_is_kept_and_what_failed_is_done_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = simulated.make(tmp_path, 3, broken=(1,))
    output = tmp_path / "results.json"
    command = ["estate", str(file), "--no-check", "--today", "2026-11-23", "-o", str(output), "--resume"]
    assert main(command) == 0
    first = json.loads(output.read_text())
    assert [u["status"] for u in first["units"]] == ["ok", "ok", "failed", "failed", "ok", "ok"]
    live = tmp_path / "live"
    for region in simulated.REGIONS:
        there = live / simulated.account(1) / region
        shutil.rmtree(there)
        shutil.copytree(live / simulated.account(0) / region, there)
    shutil.rmtree(live / simulated.account(0))  # would fail if it were read again
    assert main(command) == 0
    again = json.loads(output.read_text())
    assert [u["status"] for u in again["units"]] != [u["status"] for u in first["units"]]
    assert [u for u in again["units"] if u["account"] != simulated.account(1)] == [
        u for u in first["units"] if u["account"] != simulated.account(1)
    ]
    assert "Traceback" not in capsys.readouterr().err


def test_only_results_in_json_can_be_gone_on_with(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = simulated.make(tmp_path, 1)
    assert main(["estate", str(file), "--resume", "-o", str(tmp_path / "a.sqlite")]) == 2
    assert "--resume goes on with the results of `-o FILE.json`" in capsys.readouterr().err
