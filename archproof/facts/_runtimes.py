"""Lambda runtimes and the days on which AWS stops supporting, creating and updating them."""

from __future__ import annotations

import functools
from datetime import date
from typing import Literal, NamedTuple

from archproof.facts._table import day, rows

Status = Literal["supported", "deprecated", "create_blocked", "update_blocked"]


class Runtime(NamedTuple):
    """One runtime identifier. A day is None where AWS has scheduled none; `successor` is an identifier,
    None for the newest of a family. `container_only` runtimes have no zip packages.
    """

    id: str
    name: str
    family: str
    os: str
    deprecated: date | None
    create_blocked: date | None
    update_blocked: date | None
    successor: str | None
    container_only: bool
    note: str
    source: str
    checked: date
    evidence: str

    def status(self, today: date) -> Status:
        """Return the furthest stage that the runtime has reached on the day `today`."""
        if self.update_blocked and today >= self.update_blocked:
            return "update_blocked"
        if self.create_blocked and today >= self.create_blocked:
            return "create_blocked"
        if self.deprecated and today >= self.deprecated:
            return "deprecated"
        return "supported"


@functools.cache
def _index() -> dict[str, Runtime]:
    """Every runtime under its identifier."""
    return {
        row["id"]: Runtime(
            id=row["id"],
            name=row["name"],
            family=row["family"],
            os=row["os"],
            deprecated=day(row["deprecated"]),
            create_blocked=day(row["create_blocked"]),
            update_blocked=day(row["update_blocked"]),
            successor=row["successor"] or None,
            container_only=row["container_only"] == "yes",
            note=row["note"],
            source=row["source"],
            checked=date.fromisoformat(row["checked"]),
            evidence=row["evidence"],
        )
        for row in rows("runtimes")
    }


def runtimes() -> tuple[Runtime, ...]:
    """Return every runtime, deprecated ones too."""
    return tuple(_index().values())


def runtime(id: str) -> Runtime | None:
    """Return the runtime with this identifier (`dotnet10`, `python3.13`), or None where no row knows it."""
    return _index().get(id)
