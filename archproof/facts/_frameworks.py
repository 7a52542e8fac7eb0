"""Controls of the frameworks that findings map to."""

from __future__ import annotations

import functools
from datetime import date
from typing import NamedTuple

from archproof.facts._table import UnknownFactError, rows


class Control(NamedTuple):
    """One control: `framework` is `fsbp` (AWS Foundational Security Best Practices), `security-hub` (a
    Security Hub control outside that standard), `cis-3.0`, `cis-5.0` or `well-architected`.
    """

    framework: str
    id: str
    title: str
    service: str
    source: str
    checked: date
    evidence: str


@functools.cache
def _index() -> dict[tuple[str, str], Control]:
    """Every control under its framework and id."""
    return {
        (row["framework"], row["id"]): Control(
            framework=row["framework"],
            id=row["id"],
            title=row["title"],
            service=row["service"],
            source=row["source"],
            checked=date.fromisoformat(row["checked"]),
            evidence=row["evidence"],
        )
        for row in rows("frameworks")
    }


def controls(framework: str | None = None, service: str | None = None) -> tuple[Control, ...]:
    """Return every control, or those of one framework, one service, or both."""
    return tuple(
        found
        for found in _index().values()
        if framework in (None, found.framework) and service in (None, found.service)
    )


def control(framework: str, id: str) -> Control:
    """Return one control (`fsbp`, `Lambda.2`). Raises UnknownFactError, which names the nearest."""
    if (framework, id) not in _index():
        known = [key[1] for key in _index() if key[0] == framework]
        if not known:
            raise UnknownFactError("frameworks", framework, (key[0] for key in _index()))
        raise UnknownFactError(f"controls of {framework}", id, known)
    return _index()[framework, id]
