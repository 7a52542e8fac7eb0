"""Workflow commands: GitHub shows each difference beside the line of the model."""

from __future__ import annotations

from archproof.drift import telling as parts
from archproof.drift.differences import Comparison
from archproof.errors import Location
from archproof.validators.formats.github import data, property_of

FORMAT = "github"
_LEVELS = {"declared": "error", "undeclared": "warning", "unread": "notice"}
_WIDTH = 400


def render(comparison: Comparison, *, title: str = "", live: str = "", colour: bool = False) -> str:
    """Errors for what is otherwise or missing, warnings for what nothing declares, notices for what is unread."""
    lines = []
    for subject in parts.subjects(comparison):
        for d in subject.differences:
            said, why = parts.statement(d, _WIDTH)
            name = d.component or d.resource
            text = f"{name}: {said}" + (f"\n{why}" if why else "")
            lines.append(_line(_LEVELS[d.tier], f"drift, {d.tier}", text, d.location))
    for whole in parts.missing(comparison):
        text = f"{whole.component or whole.resource}: {whole.type} is declared, and is not there"
        text += f"; {whole.why}" if whole.why else ""
        lines.append(_line("error", "drift, missing", text, whole.location))
    for type, found in parts.unmanaged(comparison).items():
        text = f"{type}: {', '.join(parts.called(w) for w in found)}"
        lines.append(_line("warning", "drift, unmanaged", text, None))
    for reason in parts.unread(comparison):
        lines.append(_line("notice", "drift, unread", f"{reason.operation}: {reason.why}", None))
    counts, compared = parts.summary(comparison)
    lines.append(_line("notice", f"drift: {counts}", compared, None))
    return "\n".join([*lines, ""])


def _line(level: str, title: str, text: str, place: Location | None) -> str:
    where = f"title={property_of(title)}"
    if place is not None:
        end = f",endColumn={place.end_column}" if place.end_line == place.line else ""
        span = f"line={place.line},endLine={place.end_line},col={place.column}{end}"
        where = f"file={property_of(place.file)},{span},{where}"
    shown = "".join(c if c.isprintable() or c == "\n" else "�" for c in text)
    return f"::{level} {where}::{data(shown)}"
