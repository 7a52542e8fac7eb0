"""Functions of lists, sets and maps whose elements are all known."""

from __future__ import annotations

from typing import Any

from archproof.sources.hcl.evaluation import HclSet, as_bool, as_number
from archproof.sources.hcl.symbols import Failure


def _transpose(held: dict[str, list[str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for key in sorted(held):
        for item in held[key]:
            found.setdefault(item, []).append(key)
    return {k: sorted(found[k]) for k in sorted(found)}


def _matchkeys(values: list[Any], keys: list[Any], wanted: list[Any]) -> list[Any]:
    return [v for v, k in zip(values, keys, strict=True) if k in wanted]


def _sum(items: list[Any]) -> int | float:
    if not items:
        raise Failure("sum() of nothing")
    return sum(as_number(i) for i in items)


def _intersection(*sets: Any) -> HclSet:
    first, *others = sets
    return HclSet.of(i for i in first if all(i in o for o in others))


FUNCTIONS = {
    "alltrue": lambda items: all(as_bool(i) for i in items if i is not None) and None not in items,
    "anytrue": lambda items: any(as_bool(i) for i in items if i is not None),
    "index": lambda items, value: items.index(value),
    "matchkeys": _matchkeys,
    "setintersection": _intersection,
    "setsubtract": lambda a, b: HclSet.of(i for i in a if i not in b),
    "sort": lambda items: sorted(items),
    "sum": _sum,
    "transpose": _transpose,
}
