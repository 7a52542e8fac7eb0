"""All outcomes of an estate together: counted, written as JSON or SQLite, and asked about in SQL."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from archproof.errors import UsageError
from archproof.estate.units import Outcome

_UNITS = ("account", "region", "name", "model", "status", "error", "resources", "calls", "seconds")
_TABLES: dict[str, tuple[str, ...]] = {
    "findings": ("rule", "severity", "component", "resource", "type", "property", "message", "remediation", "waived"),
    "differences": ("tier", "component", "resource", "type", "property", "expected", "actual", "why", "physical_id",
                    "ignored"),
    "missing": ("resource", "type", "component", "physical_id", "why", "ignored"),
    "unmanaged": ("resource", "type", "physical_id", "why", "ignored"),
    "unread": ("code", "operation", "types", "id", "why"),
    "unknown": ("what", "why"),
}  # fmt: skip
ROWS = 100_000
"""So many rows an answer may have."""
_STEPS = 200_000_000
"""So many steps of SQLite's machine a question may take."""


@dataclass(slots=True)
class Results:
    """Every outcome, in the order of account and region."""

    name: str
    outcomes: list[Outcome] = field(default_factory=list)

    def sort(self) -> None:
        """Put the outcomes in the order in which they are told, whichever ended first."""
        self.outcomes.sort(key=lambda o: (o.account, o.region))

    @property
    def failed(self) -> list[Outcome]:
        """The outcomes of which nothing came."""
        return [o for o in self.outcomes if o.status == "failed"]

    @property
    def drifted(self) -> list[Outcome]:
        """The outcomes in which something that a model states is otherwise, or is missing."""
        return [o for o in self.outcomes if o.missing or any(_declared(d) for d in o.differences)]

    def summary(self) -> dict[str, Any]:
        """The counts of everything."""
        counted = {table: sum(len(getattr(o, table)) for o in self.outcomes) for table in _TABLES}
        severities: dict[str, int] = {}
        for outcome in self.outcomes:
            for finding in outcome.findings:
                severities[finding["severity"]] = severities.get(finding["severity"], 0) + 1
        states = {s: sum(o.status == s for o in self.outcomes) for s in ("ok", "partial", "failed")}
        return {
            "units": len(self.outcomes),
            **states,
            "drifted": len(self.drifted),
            "resources": sum(o.resources for o in self.outcomes),
            "calls": sum(o.calls for o in self.outcomes),
            **counted,
            "severities": dict(sorted(severities.items())),
        }

    def as_dict(self) -> dict[str, Any]:
        """The results as JSON has them."""
        return {"name": self.name, "summary": self.summary(), "units": [asdict(o) for o in self.outcomes]}


def _declared(difference: dict[str, Any]) -> bool:
    return difference["tier"] == "declared" and not difference.get("ignored")


def load(path: Path) -> Results:
    """Read results that were written as JSON. Raises UsageError where the file is no such thing."""
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        return Results(said["name"], [Outcome(**unit) for unit in said["units"]])
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror or error}") from None
    except (ValueError, KeyError, TypeError, RecursionError):
        raise UsageError(f"{path} holds no results of 'archproof estate … -o FILE.json'") from None


def database(results: Results, path: str = ":memory:") -> sqlite3.Connection:
    """The results as tables: `units`, and one for each list of an outcome, each row with its account and region."""
    connection = sqlite3.connect(path)
    with connection:
        connection.execute(f"CREATE TABLE units ({', '.join(_UNITS)}, PRIMARY KEY (account, region))")
        marks = ", ".join("?" * len(_UNITS))
        rows = [[getattr(o, column) for column in _UNITS] for o in results.outcomes]
        connection.executemany(f"INSERT INTO units VALUES ({marks})", rows)
        for table, columns in _TABLES.items():
            connection.execute(f"CREATE TABLE {table} (account, region, {', '.join(columns)})")
            marks = ", ".join("?" * (2 + len(columns)))
            connection.executemany(f"INSERT INTO {table} VALUES ({marks})", _rows(results.outcomes, table, columns))
    return connection


def _rows(outcomes: Iterable[Outcome], table: str, columns: Sequence[str]) -> Iterable[list[Any]]:
    for outcome in outcomes:
        for entry in getattr(outcome, table):
            yield [outcome.account, outcome.region, *(_cell(entry.get(column)) for column in columns)]


def _cell(value: Any) -> Any:
    """A value as SQLite holds it: what is no scalar as JSON."""
    return json.dumps(value, sort_keys=True) if isinstance(value, dict | list | tuple | bool) else value


def ask(results: Results, question: str) -> tuple[list[str], list[tuple[Any, ...]]]:
    """The columns and rows that answer a question in SQL. Raises UsageError for one that is wrong or that writes."""
    connection = database(results)
    try:
        connection.execute("PRAGMA query_only = ON")
        connection.set_authorizer(_only_reading)
        left = iter(range(_STEPS // 1000))
        connection.set_progress_handler(lambda: next(left, None) is None, 1000)
        cursor = connection.execute(question)
        rows = cursor.fetchmany(ROWS + 1)
        if len(rows) > ROWS:
            raise UsageError(f"the answer has more than {ROWS:,} rows: add LIMIT or a narrower WHERE")
        return [column[0] for column in cursor.description or ()], rows
    except sqlite3.Error as error:
        tables = ", ".join(["units", *_TABLES])
        raise UsageError(f"the question cannot be answered: {error} (tables: {tables})") from None
    finally:
        connection.close()


def _only_reading(action: int, *details: Any) -> int:
    """Let a question read tables and call functions, and nothing else: no file is attached, no extension loaded."""
    allowed = (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_RECURSIVE)
    if action in allowed or (action == sqlite3.SQLITE_FUNCTION and details[1] != "load_extension"):
        return sqlite3.SQLITE_OK
    return sqlite3.SQLITE_DENY
