"""Every table: it loads, each row has its source and the day it was checked, and keys are unique."""

from __future__ import annotations

import csv
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from archproof import facts
from archproof.facts import _table

FOLDER = Path(facts.__file__).parent
KEYS = {
    "actions": ["service"],
    "answers": ["call", "type"],
    "arns": ["type"],
    "call_actions": ["service", "operation"],
    "cfn_rules": ["rule"],
    "checkov_checks": ["check"],
    "claims": ["id"],
    "comparisons": ["a", "b"],
    "deliveries": ["source_type", "target_type"],
    "encryption": ["type"],
    "engine_versions": ["engine", "major"],
    "engines": ["engine"],
    "fault_codes": ["code"],
    "frameworks": ["framework", "id"],
    "glossary": ["term"],
    "identities": ["type"],
    "instance_classes": ["name"],
    "key_uses": ["action"],
    "made_by_aws": ["type", "property"],
    "managed_ids": ["service", "kind", "name"],
    "managed_policies": ["name"],
    "metrics": ["kind", "metric"],
    "ports": ["port", "protocol"],
    "prefix_lists": ["region", "id"],
    "public_services": ["type"],
    "quotas": ["service", "quota_name"],
    "reading_gaps": ["type", "path"],
    "regions": ["region"],
    "resource_controls": ["service"],
    "runtimes": ["id"],
    "secret_fields": ["field"],
    "service_defaults": ["type", "path", "value", "beside"],
    "services": ["service"],
    "units": ["unit"],
    "withheld": ["service", "operation"],
}


@pytest.mark.parametrize("table", KEYS)
def test_every_row_names_its_source_and_the_day_it_was_checked(table: str) -> None:
    assert facts.rows(table)
    for row in facts.rows(table):
        assert row["source"].strip(), row
        assert date(2026, 1, 1) <= date.fromisoformat(row["checked"]) <= date(2030, 1, 1), row
        assert None not in row and None not in row.values(), row


@pytest.mark.parametrize(("table", "key"), KEYS.items())
def test_no_two_rows_share_a_key(table: str, key: list[str]) -> None:
    keys = [tuple(row[column] for column in key) for row in facts.rows(table)]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("table", KEYS)
def test_cells_hold_no_stray_space_and_no_line_break(table: str) -> None:
    with (FOLDER / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        for line in csv.reader(file):
            assert all(cell == cell.strip() and "\n" not in cell for cell in line), line


def test_a_default_is_recorded_read_in_a_package_or_recalled() -> None:
    for row in facts.rows("service_defaults"):
        assert row["evidence"] in ("recorded", "read", "package", "recalled"), row
        assert (row["evidence"] == "recorded") == row["source"].startswith("What AWS returned"), row
        assert (row["evidence"] == "package") == row["source"].startswith("API reference of "), row


def test_a_table_that_is_not_there_suggests_the_nearest() -> None:
    with pytest.raises(facts.UnknownFactError, match="did you mean 'quotas'"):
        facts.rows("quota")


def test_every_public_name_resolves() -> None:
    for name in facts.__all__:
        assert getattr(facts, name) is not None
    assert set(facts.__all__) <= set(dir(facts))
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = facts.nothing  # type: ignore[attr-defined]


def test_importing_the_package_reads_and_imports_nothing() -> None:
    code = "import sys; before = set(sys.modules); import archproof.facts; print(*sorted(set(sys.modules) - before))"
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert "archproof.facts" in loaded
    assert not loaded & {"csv", "dataclasses", "archproof.facts._table", "pydantic"}


@pytest.mark.parametrize("table", ["actions", "instance_classes", "managed_policies"])
def test_a_row_of_a_large_table_is_found_without_reading_the_others(table: str) -> None:
    rows = _table.rows(table)
    first = next(iter(rows[0]))
    keys = [row[first] for row in rows]
    assert all(_table.find(table, row[first]) == row for row in rows)
    assert [_table.find(table, key) for key in ("", "~", keys[0][:-1], keys[-1] + "x", first)] == [None] * 5
