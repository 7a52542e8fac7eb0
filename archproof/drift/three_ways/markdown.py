"""Markdown: one table of who says what, for comments on pull requests."""

from __future__ import annotations

from typing import Any

from archproof.drift import telling
from archproof.drift.formats.markdown import code as coded
from archproof.drift.formats.markdown import text
from archproof.drift.three_ways import MEANINGS, Row, Thing, ThreeWays

FORMAT = "markdown"
_WIDTH = 120
_ROWS = 60


def render(three: ThreeWays, *, title: str, code: str, live: str, colour: bool = False) -> str:
    """What the three say, as Markdown in GitHub's flavour."""
    mark = "✗" if three.fails("declared") else "?" if three.uncertain else "✓"
    lines = [f"## {mark} {text(title)}: model, {coded(code)} and {coded(live)}", ""]
    counts = ", ".join(f"{count} {verdict}" for verdict, count in three.counts.items())
    lines += [f"{counts or 'All three agree'}; {three.compared:,} resources in all three.", ""]
    if three.rows:
        lines += ["| resource | property | model | code | live | what it means |", "|---|---|---|---|---|---|"]
        lines += [_row(row) for row in three.rows[:_ROWS]]
        lines += [f"\n…and {len(three.rows) - _ROWS:,} more"] if len(three.rows) > _ROWS else []
        lines.append("")
    for verdict, meaning in MEANINGS.items():
        held = [t for t in three.things if t.verdict == verdict]
        if held:
            lines += [f"**{meaning[:1].upper()}{meaning[1:]}**", ""]
            lines += [f"- {coded(_called(t))} ({coded(t.type)})" for t in held[:_ROWS]]
            lines += [f"- …and {len(held) - _ROWS:,} more"] if len(held) > _ROWS else []
            lines.append("")
    lines += [f"- unread: {text(why)}" for why in three.unread]
    return "\n".join(lines).rstrip() + "\n"


def _row(row: Row) -> str:
    means = text(MEANINGS[row.verdict]) + (f"<br>{text(row.why)}" if row.why else "")
    said = [_value(v) if row.verdict != "unknown" or v is row.model else "?" for v in (row.model, row.code, row.live)]
    return "| " + " | ".join([coded(row.component or row.resource), coded(row.property), *said, means]) + " |"


def _called(thing: Thing) -> str:
    return thing.component or (thing.physical_id if thing.verdict == "live-only" else None) or thing.resource


def _value(said: Any) -> str:
    return "" if said is None else coded(telling.value(said, _WIDTH))
