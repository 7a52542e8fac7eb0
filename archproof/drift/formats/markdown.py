"""Markdown: counts, what is otherwise, and the rest folded away; for comments on pull requests and CI summaries."""

from __future__ import annotations

import re
from collections.abc import Iterable

from archproof.drift import telling as parts
from archproof.drift.differences import Comparison, Difference

FORMAT = "markdown"

_WIDTH = 200
"""The longest value in a cell, in characters."""
_ROWS = 60
"""The longest table: a comment of GitHub ends at 65,536 characters."""
_MARKUP = re.compile(r"([\\`*_\[\]<>|~$#&])")


def render(comparison: Comparison, *, title: str = "", live: str = "", colour: bool = False) -> str:
    """The comparison as Markdown in GitHub's flavour."""
    counts, compared = parts.summary(comparison)
    about = f": {text(title)} and {text(live)}" if title and live else ""
    held = comparison.summary
    lines = [
        f"## {parts.mark(comparison)} Drift{about}", "",
        "| " + " | ".join(word for _, word in parts.COUNTS) + " |", "|---:" * len(parts.COUNTS) + "|",
        "| " + " | ".join(str(held[key]) for key, _ in parts.COUNTS) + " |", "", f"{counts}; {compared}.", "",
    ]  # fmt: skip
    lines += _section("Declared otherwise", _differences(comparison, "declared"), fold=False)
    lines += _section("Missing: declared, and not there", _missing(comparison), fold=False)
    lines += _section("Ambiguous: which live resource it is could not be told", _ambiguous(comparison), fold=False)
    lines += _section("Undeclared: there, and stated nowhere", _differences(comparison, "undeclared"))
    lines += _section("Unmanaged: resources that nothing declares", _unmanaged(comparison))
    lines += _section("Unread: what nobody could tell", [*_differences(comparison, "unread"), *_unread(comparison)])
    lines += _section("Ignored", _ignored(comparison))
    lines += [f"> {text(note)}  " for note in comparison.notes]
    return "\n".join(lines).rstrip() + "\n"


def _section(title: str, rows: list[str], *, fold: bool = True) -> list[str]:
    """A heading and its rows, which a reader opens where they are folded away; nothing without rows."""
    entries = [row for row in rows if row and not row.startswith(("| resource |", "|---"))]
    if not entries:
        return []
    if len(entries) > _ROWS:
        rows = [*rows[: len(rows) - len(entries) + _ROWS], "", f"…and {len(entries) - _ROWS:,} more"]
    if not fold:
        return [f"### {title}", "", *rows, ""]
    return ["<details>", f"<summary>{title} ({len(entries):,})</summary>", "", *rows, "", "</details>", ""]


def _differences(comparison: Comparison, tier: str) -> list[str]:
    """One table for a tier: the rows of all resources, in the order of the model."""
    found = [d for s in parts.subjects(comparison) for d in s.differences if d.tier == tier]
    if not found:
        return []
    last = {"declared": "live", "undeclared": "live", "unread": "why"}[tier]
    heads = ["resource", "property", *(["declared"] if tier == "declared" else []), last, "where"]
    rows = []
    for d in found:
        cells = [code(d.component or d.resource), code(d.drift.property) if d.drift.path else ""]
        if tier == "declared":
            cells.append(_value(d.drift.expected))
        cells += [text(d.drift.why) if tier == "unread" else _live(d), code(str(d.location))]
        rows.append(_row(cells))
    return [_row(heads), "|---" * len(heads) + "|", *rows]


def _live(d: Difference) -> str:
    """What is live, and below it what that means; what opens something is bold."""
    why = d.drift.why
    said = _value(d.drift.actual) if d.drift.actual is not None or not why else ""
    meaning = f"**{text(why)}**" if parts.widens(d) else text(why)
    return "<br>".join(p for p in (said, meaning if why else "") if p)


def _value(value: object) -> str:
    return "*nothing*" if value is None else code(parts.value(value, _WIDTH))


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _missing(comparison: Comparison) -> list[str]:
    rows = []
    for w in parts.missing(comparison):
        why = f"; {text(w.why)}" if w.why else ""
        place = f", {code(str(w.location))}" if w.location else ""
        rows.append(f"- {code(w.component or w.resource)} ({code(w.type)}){place}{why}")
    return rows


def _ambiguous(comparison: Comparison) -> list[str]:
    return [f"- {code(resource)}: {_some(held)}; {text(why)}" for resource, held, why in comparison.ambiguous]


def _unmanaged(comparison: Comparison) -> list[str]:
    found = parts.unmanaged(comparison)
    return [f"- {code(type)}: {_some([parts.called(w) for w in held])}" for type, held in found.items()]


def _unread(comparison: Comparison) -> list[str]:
    rows = []
    for reason in parts.unread(comparison):
        call = f"{code(reason.operation)}: " if reason.operation and reason.operation not in reason.why else ""
        rows.append(f"- {call}{text(reason.why)}" + (f" ({_some(reason.places)})" if reason.places else ""))
    return ["", *rows] if rows else []


def _ignored(comparison: Comparison) -> list[str]:
    rows = [
        f"- {code(resource)}{f' {code(what)}' if what else ''}: {text(why)}"
        for resource, what, why in parts.ignored(comparison)
    ]
    return [*rows, *(f"- the rule for {code(s.rule)} {text(s.why)}" for s in comparison.spent)]


def _some(names: list[str], many: int = 12) -> str:
    return ", ".join(map(code, names[:many])) + (f" and {len(names) - many} more" if len(names) > many else "")


def text(said: str) -> str:
    """Text that Markdown shows letter by letter."""
    return _MARKUP.sub(r"\\\1", _plain(said))


def code(said: str) -> str:
    """Text in code, in a fence longer than any in it; a bar is escaped, as tables want it even there."""
    plain = _plain(said).replace("|", "\\|")
    fence = "`" * (max((len(run) for run in re.findall(r"`+", plain)), default=0) + 1)
    pad = " " if plain.startswith("`") or plain.endswith("`") or not plain else ""
    return f"{fence}{pad}{plain}{pad}{fence}"


def _plain(said: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in said).split())
