"""What a check says: findings, guarantees, what stayed unknown, and the report of all of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from archproof.errors import Location, Unknown

if TYPE_CHECKING:
    from archproof.validators.rule import Rule

Severity = Literal["info", "low", "medium", "high", "critical"]
SEVERITIES: tuple[Severity, ...] = ("info", "low", "medium", "high", "critical")
RANK: dict[str, int] = {severity: rank for rank, severity in enumerate(SEVERITIES)}


class Waived(NamedTuple):
    """Why a finding is accepted, until which day, and by whom."""

    reason: str
    until: date | None
    """None where the source accepts it for good (`checkov:skip`)."""
    by: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """The shape of the JSON contract."""
        return {"reason": self.reason, "until": self.until.isoformat() if self.until else None, "by": self.by}


@dataclass(slots=True)
class Finding:
    """One rule broken at one place."""

    rule: str
    severity: Severity
    message: str
    remediation: str
    location: Location
    component: str | None = None
    resource: str | None = None
    """The logical id."""
    type: str | None = None
    property: str | None = None
    """The property's path in the resource, with dots."""
    frameworks: dict[str, tuple[str, ...]] = field(default_factory=dict)
    waived: Waived | None = None

    def as_dict(self) -> dict[str, Any]:
        """The shape of the JSON contract."""
        return {
            "rule": self.rule,
            "severity": self.severity,
            "component": self.component,
            "resource": self.resource,
            "type": self.type,
            "property": self.property,
            "message": self.message,
            "remediation": self.remediation,
            "location": self.location.as_dict(),
            "frameworks": {name: list(ids) for name, ids in self.frameworks.items()},
            "waived": self.waived.as_dict() if self.waived else None,
        }


def order(finding: Finding) -> tuple[Any, ...]:
    """The sort key of findings: the order of the file, the worst first at one place."""
    place = finding.location
    return (
        place.file, place.line, place.column, -RANK[finding.severity], finding.rule, finding.resource or "",
        finding.property or "", finding.message,
    )  # fmt: skip


@dataclass(slots=True)
class GuaranteeResult:
    """A guarantee of the model and its verdict, with a witness or every blocker where it was decided."""

    text: str
    verdict: Literal["proved", "refuted", "unknown"]
    witness: list[Any] = field(default_factory=list)
    blockers: list[Any] = field(default_factory=list)
    location: Location = field(default_factory=lambda: Location("-"))

    def as_dict(self) -> dict[str, Any]:
        """The shape of the JSON contract."""
        return {
            "text": self.text,
            "verdict": self.verdict,
            "witness": self.witness,
            "blockers": self.blockers,
        }


@dataclass(slots=True)
class Report:
    """All that one check found, in the order of the file."""

    findings: list[Finding] = field(default_factory=list)
    guarantees: list[GuaranteeResult] = field(default_factory=list)
    unknown: list[Unknown] = field(default_factory=list)
    resources: int = 0
    """How many resources were looked at."""
    rules: int = 0
    """How many of archproof's own rules had something to look at."""
    sources: dict[str, str] = field(default_factory=dict)
    """The text of every file of the model, for excerpts."""
    about: dict[str, Rule] = field(default_factory=dict)
    """The rules of engines that findings name, by id."""
    ran: list[str] = field(default_factory=list)
    """The prefixes of the engines that ran (`cfn`, `checkov`)."""
    engines: dict[str, int] = field(default_factory=dict)
    """How many rules each engine that took part has run, by its name."""

    def beside(self, folder: str) -> Report:
        """The same report with files named as they lie in `folder`, from wherever they were read."""

        def place(found: Location) -> Location:
            return found._replace(file=found.file.removeprefix(folder.rstrip("/") + "/")) if folder else found

        def shown(step: dict[str, Any]) -> dict[str, Any]:
            where = step.get("location")
            if not where:
                return step
            return {**step, "location": place(Location(**where)).as_dict()}

        return replace(
            self,
            findings=[replace(finding, location=place(finding.location)) for finding in self.findings],
            guarantees=[
                replace(
                    held,
                    location=place(held.location),
                    witness=[shown(h) for h in held.witness],
                    blockers=[shown(b) for b in held.blockers],
                )
                for held in self.guarantees
            ],
            unknown=[unknown._replace(location=place(unknown.location)) for unknown in self.unknown],
            sources={},
        )

    @property
    def open(self) -> list[Finding]:
        """The findings that no waiver accepts."""
        return [finding for finding in self.findings if finding.waived is None]

    def at_or_above(self, severity: str) -> list[Finding]:
        """The open findings of this severity or worse."""
        return [finding for finding in self.open if RANK[finding.severity] >= RANK[severity]]

    @property
    def refuted(self) -> list[GuaranteeResult]:
        """The guarantees that do not hold."""
        return [guarantee for guarantee in self.guarantees if guarantee.verdict == "refuted"]

    @property
    def summary(self) -> dict[str, Any]:
        """Counts: open findings by severity, waived ones, guarantees by verdict, unknowns."""
        severities = Counter(finding.severity for finding in self.open)
        verdicts = Counter(guarantee.verdict for guarantee in self.guarantees)
        return {
            "findings": {severity: severities[severity] for severity in reversed(SEVERITIES)},
            "total": len(self.open),
            "waived": len(self.findings) - len(self.open),
            "guarantees": {verdict: verdicts[verdict] for verdict in ("proved", "refuted", "unknown")},
            "unknown": len(self.unknown),
            "resources": self.resources,
            "rules": self.rules,
            "engines": self.engines,
        }

    def as_dict(self) -> dict[str, Any]:
        """The shape of the JSON contract."""
        from archproof import __version__

        return {
            "tool": "archproof",
            "version": __version__,
            "findings": [finding.as_dict() for finding in self.findings],
            "guarantees": [guarantee.as_dict() for guarantee in self.guarantees],
            "unknown": [unknown.as_dict() for unknown in self.unknown],
            "summary": self.summary,
        }
