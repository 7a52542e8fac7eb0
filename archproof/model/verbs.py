"""What a link's verb implies: one row of facts/verbs.csv for a verb between two kinds."""

from __future__ import annotations

import csv
import functools
from pathlib import Path
from typing import NamedTuple

_TABLE = Path(__file__).parent.parent / "facts" / "verbs.csv"


class Verb(NamedTuple):
    """What a verb means between two kinds (`*`: any)."""

    verb: str
    source: str
    target: str
    default: bool
    """Whether it is meant where a link between the two gives no verb."""
    port: str
    """`listens` (the ports of the target), a number, or empty: no connection is opened."""
    holder: str
    """Whose role holds the actions: `source`, `target`, or empty."""
    actions: tuple[tuple[str, str], ...]
    """IAM actions, each with what follows the other end's ARN (`/*`; `*` alone: any resource)."""
    implies: str
    """The lowering that makes the resources it implies (an event source mapping, a subscription), or empty."""
    mode: str
    """`sync` or `async`."""
    title: str
    """What an arrow says."""


@functools.cache
def table() -> tuple[Verb, ...]:
    """Every row of the table."""
    with _TABLE.open(encoding="utf-8", newline="") as file:
        return tuple(
            Verb(
                row["verb"], row["source"], row["target"], row["default"] == "yes", row["port"], row["holder"],
                tuple((a.partition("@")[0], a.partition("@")[2]) for a in row["actions"].split()),
                row["implies"], row["mode"], row["title"],
            )
            for row in csv.DictReader(file)
        )  # fmt: skip


@functools.cache
def _by_verb() -> dict[tuple[str, str, str], Verb]:
    return {(v.verb, v.source, v.target): v for v in table()}


@functools.cache
def find(verb: str, source: str, target: str) -> Verb | None:
    """Return the row for `verb` from a component of kind `source` to one of kind `target`, or None."""
    rows = _by_verb()
    for pair in ((source, target), (source, "*"), ("*", target), ("*", "*")):
        if row := rows.get((verb, *pair)):
            return row
    return None


@functools.cache
def default(source: str, target: str) -> Verb:
    """Return the row that a link without a verb means between the two kinds."""
    for pair in ((source, target), (source, "*"), ("*", target)):
        for row in table():
            if row.default and (row.source, row.target) == pair:
                return row
    return _by_verb()[("use", "*", "*")]


@functools.cache
def fitting(source: str, target: str) -> tuple[str, ...]:
    """Return the verbs that fit between the two kinds, sorted."""
    return tuple(sorted({v.verb for v in table() if v.source in (source, "*") and v.target in (target, "*")}))


@functools.cache
def names() -> tuple[str, ...]:
    """Return every verb, sorted."""
    return tuple(sorted({v.verb for v in table()}))
