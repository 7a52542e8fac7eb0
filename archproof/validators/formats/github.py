"""Workflow commands that GitHub shows beside the changed lines."""

from __future__ import annotations

from archproof.validators.findings import RANK, Report

FORMAT = "github"


def render(report: Report, *, colour: bool = False, excerpts: bool = False) -> str:
    """One annotation a finding: errors from `high` on, warnings for `medium`, notices below."""
    lines = []
    for found in report.open:
        rank = RANK[found.severity]
        level = "error" if rank >= RANK["high"] else "warning" if rank == RANK["medium"] else "notice"
        place = found.location
        where = f"file={_property(place.file)},line={place.line},endLine={place.end_line},col={place.column}"
        if place.end_line == place.line:
            where += f",endColumn={place.end_column}"
        title = _property(f"{found.severity}: {found.rule}")
        lines.append(f"::{level} {where},title={title}::{_data(found.message + chr(10) + found.remediation)}")
    return "\n".join([*lines, ""])


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
