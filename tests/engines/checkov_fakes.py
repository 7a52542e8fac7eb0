"""Programs that stand where checkov would, and say what a test wants."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any


def program(folder: Path, body: str) -> str:
    """A shell script `checkov` in a folder; whatever Python it is written for is not known."""
    path = folder / "checkov"
    path.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


def saying(folder: Path, report: Any) -> str:
    """A checkov that prints a report whatever it is asked."""
    (folder / "report.json").write_text(json.dumps(report), encoding="utf-8")
    return program(folder, f"cat '{folder / 'report.json'}'")


def report(*failed: dict[str, Any], resources: int, errors: list[str] | None = None) -> dict[str, Any]:
    """A report in checkov's own shape."""
    return {
        "check_type": "cloudformation",
        "results": {"failed_checks": list(failed), "passed_checks": [], "skipped_checks": [],
                    "parsing_errors": errors or []},
        "summary": {"passed": 0, "failed": len(failed), "skipped": 0, "parsing_errors": len(errors or []),
                    "resource_count": resources, "checkov_version": "3.9.9"},
    }  # fmt: skip


def failed(check: str, resource: str, *keys: str, name: str = "Ensure it") -> dict[str, Any]:
    """A failed check of a report."""
    return {
        "check_id": check, "check_name": name, "resource": resource, "guideline": None,
        "check_result": {"result": "FAILED", "evaluated_keys": list(keys)},
    }  # fmt: skip
