"""SARIF 2.1.0, which code-scanning services read."""

from __future__ import annotations

from typing import Any

from archproof.validators.findings import RANK, Finding, Report
from archproof.validators.formats import _sarif
from archproof.validators.registry import all_rules
from archproof.validators.rule import Rule

FORMAT = "sarif"

_SCORES = {"critical": "9.5", "high": "8.0", "medium": "5.5", "low": "3.0", "info": "1.0"}
"""`security-severity`, in which readers of SARIF order results."""


def render(report: Report, *, colour: bool = False, excerpts: bool = False) -> str:
    """The report as one run; accepted findings are results with a suppression."""
    used = sorted({found.rule for found in report.findings})
    numbers = {rule: number for number, rule in enumerate(used)}
    rules = [_rule(report.about.get(name) or all_rules()[name]) for name in used]
    return _sarif.log(rules, [_result(found, numbers[found.rule]) for found in report.findings])


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
    name = "/".join([found.rule, found.component or "", found.resource or "", found.property or ""])
    text = f"{found.message}. {found.remediation}"
    accepted = found.waived.reason if found.waived else None
    return _sarif.result(found.rule, number, _level(found.severity), text, found.location, name, accepted)
