"""SARIF 2.1.0, which code-scanning services read."""

from __future__ import annotations

import hashlib
import json
from typing import Any
from urllib.parse import quote

from archproof.validators.findings import RANK, Finding, Report
from archproof.validators.registry import all_rules
from archproof.validators.rule import Rule

FORMAT = "sarif"

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_SCORES = {"critical": "9.5", "high": "8.0", "medium": "5.5", "low": "3.0", "info": "1.0"}
"""`security-severity`, in which readers of SARIF order results."""


def render(report: Report, *, colour: bool = False, excerpts: bool = False) -> str:
    """The report as one run; accepted findings are results with a suppression."""
    from archproof import __version__

    used = sorted({found.rule for found in report.findings})
    numbers = {rule: number for number, rule in enumerate(used)}
    driver = {
        "name": "archproof",
        "version": __version__,
        "rules": [_rule(report.about.get(name) or all_rules()[name]) for name in used],
    }
    results = [_result(found, numbers[found.rule]) for found in report.findings]
    run: dict[str, Any] = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2, ensure_ascii=False) + "\n"


def _level(severity: str) -> str:
    rank = RANK[severity]
    return "error" if rank >= RANK["high"] else "warning" if rank == RANK["medium"] else "note"


def _rule(rule: Rule) -> dict[str, Any]:
    tags = [f"{framework}:{id}" for framework, ids in rule.frameworks.items() for id in ids]
    return {
        "id": rule.id,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.why},
        "help": {"text": rule.remediation or rule.title},
        **({"helpUri": rule.url} if rule.url else {}),
        "defaultConfiguration": {"level": _level(rule.severity)},
        "properties": {"security-severity": _SCORES[rule.severity], "tags": tags},
    }


def _result(found: Finding, number: int) -> dict[str, Any]:
    place = found.location
    region = {"startLine": place.line, "startColumn": place.column, "endLine": place.end_line,
              "endColumn": place.end_column}  # fmt: skip
    name = "/".join([found.rule, found.component or "", found.resource or "", found.property or ""])
    artifact = {"uri": quote(place.file)}
    result: dict[str, Any] = {
        "ruleId": found.rule,
        "ruleIndex": number,
        "level": _level(found.severity),
        "message": {"text": f"{found.message}. {found.remediation}"},
        "locations": [{"physicalLocation": {"artifactLocation": artifact, "region": region}}],
        "partialFingerprints": {"archproof/v1": hashlib.sha256(name.encode()).hexdigest()[:32]},
    }
    if found.waived:
        result["suppressions"] = [{"kind": "inSource", "justification": found.waived.reason}]
    return result
