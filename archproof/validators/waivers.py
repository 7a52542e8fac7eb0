"""Accepted findings: a waiver marks what it fits until its last day; one that is spent is itself a finding."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from archproof.suggest import did_you_mean
from archproof.validators.engines.running import may_name, prefixes
from archproof.validators.findings import Finding, Waived
from archproof.validators.registry import all_rules
from archproof.validators.rule import Hit, Rule

if TYPE_CHECKING:
    from archproof.errors import Location
    from archproof.model.architecture import Architecture
    from archproof.model.sections import Waiver

_LONG_DAYS = 366


def apply(
    architecture: Architecture, findings: list[Finding], today: date, rules: Iterable[Rule],
    engines: Collection[str] = (), *, partial: bool,
) -> list[Finding]:  # fmt: skip
    """Mark the findings that waivers accept, and return the findings about waivers.

    `engines`: the prefixes of the engines that ran. `partial`: only some rules ran, so that a waiver that fits
    nothing says nothing.
    """
    run = {rule.id: rule for rule in rules}
    own: list[Finding] = []

    def tell(id: str, message: str, place: Location, component: str | None) -> None:
        if id in run:
            from archproof.validators.engine import finding

            own.append(finding(run[id], Hit(message, location=place, component=component), None))

    for position, waiver in enumerate(architecture.accepted):
        place = architecture.document.locate(("accepted", position))
        matching = [f for f in findings if _fits(waiver, f, architecture)]
        about = f"the waiver of {waiver.rule}" + (f" on {waiver.component}" if waiver.component else "")
        own_rule = any(fnmatchcase(known, waiver.rule) for known in (*run, *all_rules()))
        of_engines = [prefix for prefix in prefixes() if may_name(waiver.rule, prefix)]
        if not own_rule and not of_engines:
            near = did_you_mean(waiver.rule, all_rules())
            tell("waiver-unused", f"no rule is called '{waiver.rule}'{near}", place, waiver.component)
        elif waiver.until < today:
            after = f"; {_count(len(matching))} again" if matching else "; nothing needs it any more"
            tell("waiver-expired", f"{about} ended on {waiver.until.isoformat()}{after}", place, waiver.component)
        elif not matching and (partial or not (own_rule or set(of_engines) & set(engines))):
            continue  # it may fit what did not run this time
        elif not matching:
            tell("waiver-unused", f"{about} fits no finding", place, waiver.component)
        else:
            for found in matching:
                found.waived = found.waived or Waived(waiver.reason, waiver.until, waiver.by)
            if (waiver.until - today).days > _LONG_DAYS:
                message = f"{about} lasts until {waiver.until.isoformat()}, more than a year ahead"
                tell("waiver-long", message, place, waiver.component)
    return own


def _count(number: int) -> str:
    return "the finding it accepted counts" if number == 1 else f"the {number} findings it accepted count"


def _fits(waiver: Waiver, finding: Finding, architecture: Architecture) -> bool:
    if not fnmatchcase(finding.rule, waiver.rule):
        return False
    if waiver.component in (None, finding.component, finding.resource):
        return True
    # a tier, a group or a VPC of `network` is no component: what its entry says belongs to it
    places = architecture.places.paths
    entries = [places.get(name) for name in (f"tier:{waiver.component}", f"group:{waiver.component}", waiver.component)]
    return any(_within(finding.location, architecture.document.locate(path)) for path in entries if path)


def _within(place: Location, entry: Location) -> bool:
    begins, ends = (entry.line, entry.column), (entry.end_line, entry.end_column)
    return place.file == entry.file and begins <= (place.line, place.column) <= ends
