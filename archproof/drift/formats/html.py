"""HTML: one page with everything inside, to be read by people and kept beside a build."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from archproof.drift import telling as parts
from archproof.drift.differences import Comparison, Difference, Whole
from archproof.drift.words import Piece, compared, shown
from archproof.pages import render_page

FORMAT = "html"
_LOOKS = {
    "declared": "critical", "missing": "critical", "undeclared": "high", "unmanaged": "high", "ambiguous": "unknown",
    "unread": "unknown", "ignored": "low",
}  # fmt: skip
_MARKS = {"declared": ("✗", "critical"), "undeclared": ("+", "high"), "unread": ("?", "unknown")}


class Row(NamedTuple):
    """One difference."""

    tier: str
    mark: str
    look: str
    property: str
    old: list[Piece] | None
    """None where nothing was declared."""
    new: list[Piece] | None
    tall: bool
    """Whether a side has more than one line."""
    why: str
    widens: bool
    place: str


class Card(NamedTuple):
    """One resource."""

    id: str
    title: str
    resource: str
    type: str
    physical_id: str
    tiers: list[str]
    rows: list[Row]


def render(comparison: Comparison, *, title: str = "", live: str = "", colour: bool = False) -> str:
    """The comparison as a page, light or dark as its reader's system is."""
    cards = _cards(comparison)
    held = comparison.summary
    context: dict[str, Any] = {
        "title": f"Drift of {title}" if title else "Drift", "live": live, "verdict": _verdict(comparison),
        "counts": [(word, held[key], _LOOKS[key]) for key, word in parts.COUNTS],
        "compared": parts.summary(comparison)[1],
        "opened": [(card, row) for card in cards for row in card.rows if row.widens],
        "missing": [_whole(w, comparison.titles) for w in parts.missing(comparison)], "cards": cards,
        "ambiguous": comparison.ambiguous, "unread": parts.unread(comparison),
        "unmanaged": [(type, [_whole(w, {}) for w in found]) for type, found in parts.unmanaged(comparison).items()],
        "ignored": parts.ignored(comparison), "spent": comparison.spent, "notes": comparison.notes,
    }  # fmt: skip
    return render_page("drift.html.j2", "drift", **context)


def _verdict(comparison: Comparison) -> tuple[str, str]:
    """The verdict in words, and its look."""
    if comparison.drifted:
        return "Drifted", "critical"
    if comparison.uncertain:
        return "As declared, as far as it could be told", "unknown"
    return "As declared", "good"


def _cards(comparison: Comparison) -> list[Card]:
    cards = []
    for number, subject in enumerate(parts.subjects(comparison)):
        word = re.sub(r"[^a-z0-9]+", "-", subject.resource.lower()).strip("-")[:60] or "resource"
        rows = [_row(d) for d in subject.differences]
        own = parts.own(subject.component, subject.resource)
        name = parts.name(subject.component, subject.resource, comparison.titles)
        cards.append(
            Card(
                f"r{number}-{word}", name, own, subject.type,
                subject.physical_id if subject.physical_id and subject.physical_id != subject.resource else "",
                list(dict.fromkeys(r.tier for r in rows)), rows,
            )
        )  # fmt: skip
    return cards


def _row(d: Difference) -> Row:
    drift, (mark, look) = d.drift, _MARKS[d.tier]
    if d.tier == "unread":
        place = str(d.location)
        return Row(d.tier, mark, look, drift.property, None, None, False, f"unread; {drift.why}", False, place)
    old = None if drift.expected is None else shown(drift.expected)
    new = None if drift.actual is None else shown(drift.actual)
    left, right = compared(old, new) if old is not None and new is not None else (_piece(old), _piece(new))
    tall = any("\n" in text or len(text) > 60 for text in (old, new) if text is not None)
    return Row(
        d.tier, mark, look, drift.property, left, right, tall, drift.why, parts.widens(d), str(d.location)
    )  # fmt: skip


def _piece(text: str | None) -> list[Piece] | None:
    return None if text is None else [Piece(text, True)]


def _whole(whole: Whole, titles: Mapping[str, str]) -> dict[str, Any]:
    return {
        "title": parts.name(whole.component, whole.resource, titles), "resource": whole.resource, "type": whole.type,
        "called": parts.called(whole), "where": " ".join(p for p in (whole.account, whole.region) if p),
        "place": str(whole.location) if whole.location else "", "why": whole.why,
    }  # fmt: skip
