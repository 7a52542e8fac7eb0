"""Plain text for people: the worst first, each finding with its place, what to do, and the line itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from archproof.errors import Location
from archproof.validators.findings import RANK, SEVERITIES, Finding, GuaranteeResult, Report, Waived, order

FORMAT = "text"
Paint = Callable[[str, str], str]

_COLOURS = {"critical": "1;31", "high": "31", "medium": "33", "low": "36", "info": "2"}
_WIDTH = 160
"""Longest excerpt, in characters."""


def render(report: Report, *, colour: bool = False, excerpts: bool = False) -> str:
    """The report as text: findings by severity then place, guarantees, unknowns, a summary line."""
    paint = _paint if colour else _plain
    lines: list[str] = []
    lines_of = {file: text.splitlines() for file, text in report.sources.items()} if excerpts else {}
    for found in sorted(report.open, key=lambda f: (-RANK[f.severity], order(f))):
        lines += _finding(found, paint, lines_of)
    waived = [found for found in report.findings if found.waived]
    if waived:
        lines += ["Accepted:"]
        lines += [f"  {f.location} {f.rule}{_until(f.waived)}: {f.waived.reason}" for f in waived if f.waived]
        lines += [""]
    if report.guarantees:
        lines += ["Guarantees:", *(line for g in report.guarantees for line in _guarantee(g)), ""]
    if report.unknown:
        lines += ["Unknown:", *(f"  {u.location} {u.what}: {u.why}" for u in report.unknown), ""]
    return "\n".join([*lines, _summary(report, paint)]) + "\n"


def _guarantee(result: GuaranteeResult) -> list[str]:
    """A guarantee with its verdict, and below it why: the way that was found, or what stands in it."""
    from archproof.network import telling

    lead, steps = telling.guarantee(result.text, result.verdict, result.witness, result.blockers)
    lines = [f"  {result.verdict:8} {result.text}"]
    if lead:
        lines.append(f"           {lead}")
    for number, step in enumerate(steps, 1):
        lines.append(f"           {number}. {telling.said(step)}{_place(step)}")
    return lines


def _place(step: Any) -> str:
    """Where a hop or a blocker is said."""
    place = step.get("location") if isinstance(step, dict) else None
    return f"   {place['file']}:{place['line']}" if isinstance(place, dict) and "line" in place else ""


def _until(waived: Waived) -> str:
    return f" until {waived.until}" if waived.until else ""


def _finding(found: Finding, paint: Paint, lines_of: dict[str, list[str]]) -> list[str]:
    lines = [f"{found.location} {paint(found.severity, found.severity)} {found.rule} {found.message}"]
    lines += _excerpt(found.location, lines_of)
    return [*lines, f"    {found.remediation}", ""]


def _excerpt(place: Location, lines_of: dict[str, list[str]]) -> list[str]:
    """The line itself with a caret under the place, where the file is known."""
    source = lines_of.get(place.file, [])
    if not 1 <= place.line <= len(source):
        return []
    line = source[place.line - 1].replace("\t", " ")
    end = place.end_column if place.end_line == place.line else len(line) + 1
    carets = "^" * max(1, min(end, _WIDTH) - place.column)
    margin = f"{place.line:>6} | "
    return [margin + line[:_WIDTH], " " * (len(margin) - 2) + "| " + " " * (place.column - 1) + carets]


def _summary(report: Report, paint: Paint) -> str:
    counts = report.summary["findings"]
    parts = [paint(s, f"{counts[s]} {s}") for s in reversed(SEVERITIES) if counts[s]]
    number = report.summary["total"]
    text = f"{number} finding{'' if number == 1 else 's'}" + (f": {', '.join(parts)}" if parts else "")
    if report.summary["waived"]:
        text += f"; {report.summary['waived']} accepted"
    if report.guarantees:
        verdicts = report.summary["guarantees"]
        text += "; guarantees: " + ", ".join(f"{n} {verdict}" for verdict, n in verdicts.items() if n)
    if report.unknown:
        text += f"; {len(report.unknown)} unknown"
    rules = f"{report.rules} rule{'' if report.rules == 1 else 's'}"
    return f"{text} ({rules}, {report.resources:,} resource{'' if report.resources == 1 else 's'})"


def _plain(severity: str, text: str) -> str:
    return text


def _paint(severity: str, text: str) -> str:
    return f"\x1b[{_COLOURS[severity]}m{text}\x1b[0m"
