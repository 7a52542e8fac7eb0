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
        where = f"file={property_of(place.file)},line={place.line},endLine={place.end_line},col={place.column}"
        if place.end_line == place.line:
            where += f",endColumn={place.end_column}"
        title = property_of(f"{found.severity}: {found.rule}")
        lines.append(f"::{level} {where},title={title}::{data(found.message + chr(10) + found.remediation)}")
    return "\n".join([*lines, ""])


def data(text: str) -> str:
    """Text as the message of a workflow command."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def property_of(text: str) -> str:
    """Text as the value of a property of a workflow command."""
    return data(text).replace(":", "%3A").replace(",", "%2C")
