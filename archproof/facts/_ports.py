"""Well-known ports and what it means to open them."""

from __future__ import annotations

import functools
from datetime import date
from typing import NamedTuple

from archproof.facts._table import flag, rows


class Port(NamedTuple):
    """One port. `protocol` is `tcp` or `udp`; `admin`: logs people in; `data`: serves a data store;
    `cleartext`: the protocol is not encrypted (or not by default).
    """

    number: int
    protocol: str
    name: str
    title: str
    admin: bool
    data: bool
    cleartext: bool
    source: str
    checked: date
    evidence: str


@functools.cache
def _index() -> dict[tuple[int, str], Port]:
    """Every port under its number and protocol."""
    return {
        (int(row["port"]), row["protocol"]): Port(
            number=int(row["port"]),
            protocol=row["protocol"],
            name=row["name"],
            title=row["title"],
            admin=flag(row["admin"]),
            data=flag(row["data"]),
            cleartext=flag(row["cleartext"]),
            source=row["source"],
            checked=date.fromisoformat(row["checked"]),
            evidence=row["evidence"],
        )
        for row in rows("ports")
    }


def ports() -> tuple[Port, ...]:
    """Return every well-known port."""
    return tuple(_index().values())


def port(number: int, protocol: str = "tcp") -> Port | None:
    """Return what is known of a port, or None."""
    return _index().get((number, protocol))
