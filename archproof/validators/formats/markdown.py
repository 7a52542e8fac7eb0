"""Markdown: a summary and a table, for merge requests and wikis."""

from __future__ import annotations

from typing import Any

from archproof.validators.findings import RANK, SEVERITIES, GuaranteeResult, Report, order

FORMAT = "markdown"


def render(report: Report, *, colour: bool = False, excerpts: bool = False) -> str:
    """The report as Markdown: counts, then one row a finding, the worst first."""
    counts = report.summary["findings"]
    lines = ["# Check", "", "| " + " | ".join([*reversed(SEVERITIES), "accepted", "unknown"]) + " |", "|---" * 7 + "|"]
    numbers = [counts[s] for s in reversed(SEVERITIES)]
    lines += ["| " + " | ".join(map(str, [*numbers, report.summary["waived"], len(report.unknown)])) + " |", ""]
    if report.open:
        lines += ["## Findings", "", "| severity | rule | where | what | what to do |", "|---|---|---|---|---|"]
        for found in sorted(report.open, key=lambda f: (-RANK[f.severity], order(f))):
            cells = [found.severity, f"`{found.rule}`", f"`{found.location}`", found.message, found.remediation]
            lines.append("| " + " | ".join(map(_cell, cells)) + " |")
        lines.append("")
    waived = [found for found in report.findings if found.waived]
    if waived:
        lines += ["## Accepted", "", "| rule | where | until | reason | by |", "|---|---|---|---|---|"]
        for found in waived:
            if found.waived:
                cells = [f"`{found.rule}`", f"`{found.location}`", str(found.waived.until or ""), found.waived.reason,
                         found.waived.by or ""]  # fmt: skip
                lines.append("| " + " | ".join(map(_cell, cells)) + " |")
        lines.append("")
    if report.guarantees:
        lines += ["## Guarantees", "", *(line for g in report.guarantees for line in _guarantee(g)), ""]
    if report.unknown:
        lines += ["## Unknown", "", *(f"- `{u.location}` {_cell(u.what)}: {_cell(u.why)}" for u in report.unknown), ""]
    return "\n".join(lines)


def _guarantee(result: GuaranteeResult) -> list[str]:
    """A guarantee with its verdict, and below it why."""
    from archproof.network import telling

    lead, steps = telling.guarantee(result.text, result.verdict, result.witness, result.blockers)
    lines = [f"- **{result.verdict}**: {_cell(result.text)}" + (f". {_cell(lead)}" if lead else "")]
    return [*lines, *(f"  {number}. {_cell(telling.said(step))}{_place(step)}" for number, step in enumerate(steps, 1))]


def _place(step: Any) -> str:
    """Where a hop or a blocker is said."""
    place = step.get("location") if isinstance(step, dict) else None
    return f" (`{place['file']}:{place['line']}`)" if isinstance(place, dict) and "line" in place else ""


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ").replace("<", "&lt;")
