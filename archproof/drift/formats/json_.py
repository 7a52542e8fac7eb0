"""JSON: the contract that other programs read."""

from __future__ import annotations

import json

from archproof.drift.differences import Comparison

FORMAT = "json"


def render(comparison: Comparison, *, title: str = "", live: str = "", colour: bool = False) -> str:
    """The comparison as JSON, indented, keys in the order of the contract."""
    return json.dumps(comparison.as_dict(), indent=2, ensure_ascii=False, default=str) + "\n"
