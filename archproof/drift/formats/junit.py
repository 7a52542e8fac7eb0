"""JUnit XML: one test case a resource of the model, for build servers."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from archproof.drift import telling as parts
from archproof.drift.differences import Comparison, Difference, Whole
from archproof.errors import Location
from archproof.validators.formats.junit import clean

FORMAT = "junit"
_WIDTH = 400


def render(comparison: Comparison, *, title: str = "", live: str = "", colour: bool = False) -> str:
    """A resource that is otherwise or missing fails; one of which all that differs is unread or ignored is skipped."""
    held: dict[str, list[Difference]] = {b.resource: [] for b in comparison.bindings}
    for d in comparison.differences:
        held.setdefault(d.resource, []).append(d)
    gone = {w.resource: w for w in comparison.missing}
    fitting = {resource: (candidates, why) for resource, candidates, why in comparison.ambiguous}
    cases, failures, skipped = [], 0, 0
    for resource in sorted({*held, *gone, *fitting}):
        inner = _whole(gone[resource]) if resource in gone else _inner(held.get(resource, []))
        if resource in fitting:
            said = f"ambiguous: {', '.join(fitting[resource][0])}; {fitting[resource][1]}"
            inner = f"<skipped message={quoteattr(clean(said))}/>"
        failures += inner.startswith("<failure")
        skipped += inner.startswith("<skipped")
        name = f"classname={quoteattr(clean(title or 'drift'))} name={quoteattr(clean(resource))}"
        cases.append(f"  <testcase {name}>{inner}</testcase>")
    suite = f'<testsuite name="archproof drift" tests="{len(cases)}" failures="{failures}" skipped="{skipped}">'
    return "\n".join(['<?xml version="1.0" encoding="UTF-8"?>', suite, *cases, "</testsuite>", ""])


def _inner(differences: list[Difference]) -> str:
    failing = [d for d in differences if d.tier == "declared" and d.ignored is None]
    if failing:
        return _failure("declared", [_line(d) for d in failing])
    if any(d.tier == "unread" or d.ignored for d in differences):
        said = "; ".join(parts.statement(d, _WIDTH)[0] + (f" ({d.ignored})" if d.ignored else "") for d in differences)
        return f"<skipped message={quoteattr(clean(said))}/>"
    return ""


def _whole(whole: Whole) -> str:
    if whole.ignored is not None:
        return f"<skipped message={quoteattr(clean(whole.ignored))}/>"
    why = f"; {whole.why}" if whole.why else ""
    return _failure("missing", [_placed(whole.location, f"declared, and not there{why}")])


def _line(d: Difference) -> str:
    said, why = parts.statement(d, _WIDTH)
    return _placed(d.location, said + (f"; {why}" if why else ""))


def _placed(place: Location | None, text: str) -> str:
    return f"{place}: {text}" if place is not None else text


def _failure(kind: str, lines: list[str]) -> str:
    message = quoteattr(clean(lines[0]) + (f" and {len(lines) - 1} more" if len(lines) > 1 else ""))
    return f"<failure type={quoteattr(kind)} message={message}>{escape(clean(chr(10).join(lines)))}</failure>"
