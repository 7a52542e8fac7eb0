"""What AWS sets where nobody said anything, and what reading a resource never returns."""

from __future__ import annotations

import functools
import json
from typing import Any

from archproof.facts._registry import Trail
from archproof.facts._table import rows

ANY = object()
"""A default that AWS picks: whatever stands there was not declared by anyone."""


@functools.cache
def _by_type(table: str) -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = {}
    for row in rows(table):
        found.setdefault(row["type"], []).append(row)
    return found


def _trail(path: str) -> Trail:
    """The steps of `A.B`; `A[b.c]` is the entry `b.c` of a list of names and values."""
    plain, _, entry = path.rstrip("]").partition("[")
    return (*plain.split("."), entry) if entry else tuple(plain.split("."))


@functools.cache
def service_defaults(type: str) -> dict[Trail, tuple[Any, ...]]:
    """Return what AWS sets by itself on resources of a type: by trail, the values; ANY among them for any value."""
    found: dict[Trail, tuple[Any, ...]] = {}
    for row in _by_type("service_defaults").get(type, ()):
        if row["beside"]:
            continue
        value = ANY if row["value"] == "*" else json.loads(row["value"])
        trail = _trail(row["path"])
        found[trail] = (*found.get(trail, ()), value)
    return found


@functools.cache
def defaults_beside(type: str) -> dict[Trail, tuple[tuple[Any, str], ...]]:
    """Return what AWS sets by itself where another property is declared: by trail, values and that property."""
    found: dict[Trail, tuple[tuple[Any, str], ...]] = {}
    for row in _by_type("service_defaults").get(type, ()):
        if row["beside"]:
            trail = _trail(row["path"])
            found[trail] = (*found.get(trail, ()), (json.loads(row["value"]), row["beside"]))
    return found


@functools.cache
def reading_gaps(type: str) -> dict[Trail, tuple[str, str]]:
    """Return what reading a type does not tell: by trail, (kind, why).

    Kinds: `unread`: never returned; `grows`: AWS adds entries of its own to the list; `pointer`: what was declared
    points at what is returned.
    """
    return {_trail(row["path"]): (row["kind"], row["why"]) for row in _by_type("reading_gaps").get(type, ())}
