"""Plain text: who says what of each property, and what that means."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from archproof.drift import telling
from archproof.drift.three_ways import DRIFTED, MEANINGS, Row, Thing, ThreeWays

FORMAT = "text"
_WIDTH = 72
_COLOURS = {"✗": "31", "+": "33", "?": "36", "✓": "32", "bold": "1", "dim": "2"}


def render(three: ThreeWays, *, title: str, code: str, live: str, colour: bool = False) -> str:
    """What the three say, as text."""

    def paint(mark: str, text: str) -> str:
        return f"\x1b[{_COLOURS[mark]}m{text}\x1b[0m" if colour else text

    lines: list[str] = []
    for (name, type), rows in groupby(three.rows, key=lambda r: (r.component or r.resource, r.type)):
        lines.append(f"{paint('bold', plain(name))}{paint('dim', f' · {plain(type)}')}")
        for row in rows:
            mark = paint(_mark(row.verdict), _mark(row.verdict))
            place = f"   {paint('dim', str(row.location or row.code_location))}"
            lines.append(f"  {mark} {plain(row.property or 'the resource')}: {_said(row)}{place}")
            lines.append(f"      {plain(_meaning(row))}")
        lines.append("")
    for verdict, things in groupby(sorted(three.things, key=_rank), key=lambda t: t.verdict):
        lines.append(paint("bold", f"{MEANINGS[verdict][:1].upper()}{MEANINGS[verdict][1:]}"))
        lines += [f"  {paint(_mark(verdict), _mark(verdict))} {_thing(thing)}" for thing in things]
        lines.append("")
    lines += [f"{paint('?', '?')} unread: {plain(why)}" for why in three.unread]
    lines += [""] if three.unread else []
    counts = ", ".join(f"{count} {verdict}" for verdict, count in three.counts.items())
    mark = "✗" if three.fails("declared") else "?" if three.uncertain else "✓"
    what = f"{plain(title)}, {plain(code)} and {plain(live)}"
    lines.append(f"{paint(mark, mark)} {what}: {counts or 'all three agree'}")
    lines.append(f"  {three.compared:,} resource{'' if three.compared == 1 else 's'} in all three")
    return "\n".join(lines) + "\n"


def _said(row: Row) -> str:
    if row.verdict == "unknown":
        return f"model {value(row.model)}"
    return f"model {value(row.model)}, code {value(row.code)}, live {value(row.live)}"


def _meaning(row: Row) -> str:
    """What a row means, and what it opens or why it is not known."""
    return f"{MEANINGS[row.verdict]}; {row.why}" if row.why else MEANINGS[row.verdict]


def value(said: Any) -> str:
    """What one of the three says."""
    return "says nothing" if said is None else telling.value(said, _WIDTH)


def _thing(thing: Thing) -> str:
    if thing.verdict == "live-only":
        return plain(f"{thing.physical_id or thing.resource} ({thing.type})")
    own = f" {thing.resource}" if thing.component and thing.component != thing.resource else ""
    called = f" {thing.physical_id}" if thing.physical_id and thing.physical_id != thing.resource else ""
    type = f" ({thing.type}{called})" if thing.type else ""
    why = f"; {thing.why}" if thing.why else ""
    place = f"   {thing.location}" if thing.location is not None else ""
    return plain(f"{thing.component or thing.resource}{own}{type}{why}{place}")


def _rank(thing: Thing) -> tuple[int, str, str]:
    return list(MEANINGS).index(thing.verdict), thing.type, thing.resource


def _mark(verdict: str) -> str:
    return "?" if verdict == "unknown" else "✗" if verdict in DRIFTED else "+"


def plain(text: str) -> str:
    """A text on one line, without control characters."""
    return "".join(c if c.isprintable() else "�" for c in text)
