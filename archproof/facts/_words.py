"""What documents say in words: terms, comparisons, corrections; each tied to the kinds it is about."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from archproof.facts._engines import max_connections
from archproof.facts._quotas import quota
from archproof.facts._runtimes import runtime
from archproof.facts._table import UnknownFactError, names, number, rows


class Term(NamedTuple):
    """A term of the glossary. `kinds` are the component kinds that it is about; none: every system."""

    term: str
    definition: str
    kinds: tuple[str, ...]
    source: str
    checked: date
    evidence: str


class Comparison(NamedTuple):
    """How `a` and `b` differ, in one or two sentences. `kinds` are the component kinds that it is about."""

    a: str
    b: str
    difference: str
    kinds: tuple[str, ...]
    source: str
    checked: date
    evidence: str


class Claim(NamedTuple):
    """A common claim and what is true instead, with every number filled in from its own table."""

    id: str
    claim: str
    correction: str
    kinds: tuple[str, ...]
    source: str
    checked: date
    evidence: str


def fill(text: str) -> str:
    """Return `text` with each placeholder replaced by the fact that it names.

    `{quota:lambda/Synchronous payload request}` → `6 MB`; `{max_connections:postgres/8}` → `901`;
    `{runtime:dotnet8/deprecated}` → `2026-11-10` (any field of a runtime). Raises UnknownFactError for a
    fact that no table holds.
    """
    return re.sub(r"\{(\w+):([^/{}]+)/([^{}]+)\}", _fact, text)


def _fact(match: re.Match[str]) -> str:
    """The fact that one placeholder names."""
    table, key, name = match.groups()
    if table == "quota":
        return quota(key, name).text
    if table == "max_connections":
        return f"{max_connections(key, number(name)):,}"
    if table == "runtime":
        found = runtime(key)
        if found is None:
            raise UnknownFactError("runtimes", key, (row["id"] for row in rows("runtimes")))
        return str(getattr(found, name))
    raise UnknownFactError("placeholders", table, ("quota", "max_connections", "runtime"))


def _about(row_kinds: tuple[str, ...], kinds: Iterable[str] | None) -> bool:
    """Whether a row belongs to a system with these component kinds."""
    return kinds is None or not row_kinds or not set(row_kinds).isdisjoint(kinds)


@functools.cache
def _terms() -> tuple[Term, ...]:
    """The glossary in alphabetical order."""
    found = (
        Term(
            term=row["term"],
            definition=fill(row["definition"]),
            kinds=names(row["kinds"]),
            source=row["source"],
            checked=date.fromisoformat(row["checked"]),
            evidence=row["evidence"],
        )
        for row in rows("glossary")
    )
    return tuple(sorted(found, key=lambda term: term.term.lower()))


def glossary(kinds: Iterable[str] | None = None) -> tuple[Term, ...]:
    """Return the terms that a system with these component kinds needs, or all; alphabetical."""
    wanted = None if kinds is None else frozenset(kinds)
    return tuple(term for term in _terms() if _about(term.kinds, wanted))


@functools.cache
def _comparisons() -> tuple[Comparison, ...]:
    """Every comparison, in file order."""
    return tuple(
        Comparison(
            a=row["a"],
            b=row["b"],
            difference=fill(row["difference"]),
            kinds=names(row["kinds"]),
            source=row["source"],
            checked=date.fromisoformat(row["checked"]),
            evidence=row["evidence"],
        )
        for row in rows("comparisons")
    )


def comparisons(kinds: Iterable[str] | None = None) -> tuple[Comparison, ...]:
    """Return the comparisons about any of these component kinds, or all; in file order."""
    wanted = None if kinds is None else frozenset(kinds)
    return tuple(pair for pair in _comparisons() if _about(pair.kinds, wanted))


@functools.cache
def _claims() -> tuple[Claim, ...]:
    """Every claim, in file order."""
    return tuple(
        Claim(
            id=row["id"],
            claim=row["claim"],
            correction=fill(row["correction"]),
            kinds=names(row["applies_to"]),
            source=row["source"],
            checked=date.fromisoformat(row["checked"]),
            evidence=row["evidence"],
        )
        for row in rows("claims")
    )


def claims(kinds: Iterable[str] | None = None) -> tuple[Claim, ...]:
    """Return the corrections about any of these component kinds, or all; in file order."""
    wanted = None if kinds is None else frozenset(kinds)
    return tuple(claim for claim in _claims() if _about(claim.kinds, wanted))
