"""JSON: for other programs."""

from __future__ import annotations

import json

from archproof.drift.three_ways import ThreeWays

FORMAT = "json"


def render(three: ThreeWays, *, title: str, code: str, live: str, colour: bool = False) -> str:
    """What the three say, as JSON."""
    return json.dumps(three.as_dict(), indent=2, ensure_ascii=False, default=str) + "\n"
