"""SARIF 2.1.0: each difference at the line of the model that says it otherwise."""

from __future__ import annotations

from typing import Any

from archproof.drift import telling as parts
from archproof.drift.differences import Comparison, Difference, Whole
from archproof.validators.formats import _sarif

FORMAT = "sarif"

_WIDTH = 400
"""The longest value in a message, in characters."""
_RULES = (
    ("drift-declared", "error", "What the model states is otherwise in AWS",
     "Bring AWS back to what the model says, or accept the live value with `archproof drift --accept`."),
    ("drift-missing", "error", "What the model declares is not there", "Deploy it again, or take it out of the model."),
    ("drift-undeclared", "warning", "AWS has what the model does not state, and it is no known default",
     "State it in the model, take it away in AWS, or ignore it with a reason."),
    ("drift-unread", "note", "What the model states could not be compared",
     "Give the reader the right to see it; what is write-only can never be compared."),
)  # fmt: skip
_NUMBERS = {id: number for number, (id, *_) in enumerate(_RULES)}
_LEVELS = {id: level for id, level, *_ in _RULES}


def render(comparison: Comparison, *, title: str = "", live: str = "", colour: bool = False) -> str:
    """The comparison as one run; what is ignored is a result with a suppression, what has no line a notification."""
    results = [_difference(d) for d in comparison.differences]
    results += [_missing(w) for w in sorted(comparison.missing, key=lambda w: (str(w.location), w.resource))]
    return _sarif.log([_rule(*rule) for rule in _RULES], results, _told(comparison))


def _rule(id: str, level: str, title: str, help: str) -> dict[str, Any]:
    return {
        "id": id,
        "shortDescription": {"text": title},
        "fullDescription": {"text": title + "."},
        "help": {"text": help},
        "defaultConfiguration": {"level": level},
    }


def _difference(d: Difference) -> dict[str, Any]:
    rule = f"drift-{d.tier}"
    said, why = parts.statement(d, _WIDTH)
    text = f"{d.component or d.resource}: {said}{f' ({why})' if why else ''}{_live(d.physical_id)}"
    name = "/".join([rule, d.account or "", d.region or "", d.resource, d.drift.property])
    return _sarif.result(rule, _NUMBERS[rule], _LEVELS[rule], text, d.location, name, d.ignored)


def _missing(whole: Whole) -> dict[str, Any]:
    rule = "drift-missing"
    text = f"{whole.component or whole.resource}: {whole.type} {whole.resource} is declared, and is not there"
    text += f"; {whole.why}" if whole.why else ""
    name = "/".join([rule, whole.account or "", whole.region or "", whole.resource])
    place = whole.location or parts.NOWHERE
    return _sarif.result(rule, _NUMBERS[rule], _LEVELS[rule], text, place, name, whole.ignored)


def _live(physical: str | None) -> str:
    return f"; live: {physical}" if physical else ""


def _told(comparison: Comparison) -> list[dict[str, Any]]:
    """What no line of the model shows: what was not read, what could be several things, what nothing declares."""
    told = [("warning", f"unread: {r.operation} {r.why} ({', '.join(r.places)})") for r in parts.unread(comparison)]
    for resource, candidates, why in comparison.ambiguous:
        told.append(("warning", f"ambiguous: {resource} may be {', '.join(candidates)}; {why}"))
    for type, found in parts.unmanaged(comparison).items():
        told.append(("note", f"unmanaged: {type}: {', '.join(parts.called(w) for w in found)}"))
    return [{"level": level, "message": {"text": text}} for level, text in told]
