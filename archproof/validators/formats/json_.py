"""JSON: the contract that other programs read."""

from __future__ import annotations

import json

from archproof.validators.findings import Report

FORMAT = "json"


def render(report: Report, *, colour: bool = False, excerpts: bool = False) -> str:
    """The report as JSON, indented, keys in the order of the contract."""
    return json.dumps(report.as_dict(), indent=2, ensure_ascii=False) + "\n"
