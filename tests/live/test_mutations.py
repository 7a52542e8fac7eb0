"""Seeded changes to the deployed reference system: each real one is told in its tier, at its place; no harmless one."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Any

import pytest

from tests.live import deploying, gaps
from tests.live.conftest import REFERENCE, Doubles, Report
from tests.live.mutations import HARMLESS, REAL, Account, Mutation

LINES = REFERENCE.read_text(encoding="utf-8").splitlines()


@pytest.fixture(scope="module")
def changed(
    aws: Doubles, deployed: deploying.Deployment, pristine: Report, tmp_path_factory: pytest.TempPathFactory
) -> Report:
    """The comparison after all changes."""
    account = Account.of(deployed)
    for mutation in (*REAL, *HARMLESS):
        mutation.change(account)
    return aws.drift(tmp_path_factory.mktemp("changed"))


@pytest.fixture(scope="module")
def told(changed: Report) -> dict[str, dict[str, Any]]:
    """All that is said to be otherwise, as mutations name it."""
    found = {f"{d['tier']} {d['resource']} {d['property']}": d for d in changed.of("declared", "undeclared")}
    for key in ("missing", "unmanaged"):
        name = "resource" if key == "missing" else "physical_id"
        found |= {f"{key} {w[name]}": w for w in changed.json[key]}
    del found[f"unmanaged {deploying.BUCKET}"]
    return found


def test_there_are_sixty_changes_and_more() -> None:
    assert len(REAL) + len(HARMLESS) >= 60 and len({m.what for m in (*REAL, *HARMLESS)}) == len(REAL) + len(HARMLESS)


@pytest.mark.parametrize("mutation", REAL, ids=lambda m: m.what)
def test_a_change_is_told_in_its_tier_with_its_property_and_line(
    mutation: Mutation, told: dict[str, dict[str, Any]]
) -> None:
    for wanted in mutation.told:
        found = [d for name, d in told.items() if _is(wanted, name)]
        assert len(found) == 1, f"{wanted}: among {sorted(told)}"
        place = found[0]["location"]
        said = LINES[place["line"] - 1] if place else ""
        assert mutation.line in said and bool(mutation.line) == bool(place)


def test_nothing_else_is_told_and_no_harmless_change(told: dict[str, dict[str, Any]]) -> None:
    wanted = [w for mutation in REAL for w in mutation.told]
    assert [name for name in told if not any(_is(w, name) for w in wanted)] == []


def test_what_cannot_be_read_is_what_could_not_be_read_before(changed: Report, pristine: Report) -> None:
    gone = ("VpcFlowLog", "RegionalAclLogs", "DbCpuAlarm")
    more = changed.told("unread") - pristine.told("unread")
    assert {m for m in more if not any(n in str(d["why"]) for n in gone for d in changed.of("unread"))} == set()
    assert changed.json["ambiguous"] == [] and changed.status == 1
    assert changed.told("unread") >= gaps.NEVER_READ


def _is(wanted: str, name: str) -> bool:
    return fnmatchcase(name, wanted) if wanted.startswith("unmanaged") else name == wanted
