"""Accepted differences: a rule of the model marks what it fits until its last day; one that is spent is told."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from typing import NamedTuple

from archproof.drift.differences import Comparison, Difference, Spent, Whole
from archproof.errors import Location, UsageError

_PARTS = ("resource", "component", "type", "property")


class Rule(NamedTuple):
    """What is ignored, and why. Patterns may hold wildcards; None fits everything."""

    resource: str | None = None
    component: str | None = None
    type: str | None = None
    property: str | None = None
    reason: str = "ignored on the command line"
    until: datetime.date | None = None
    location: Location | None = None


def title(rule: Rule) -> str:
    """What a message calls a rule."""
    return " ".join(f"{name} {value}" for name in _PARTS if (value := getattr(rule, name)))


def parse(text: str, option: str = "--ignore") -> Rule:
    """A rule of the command line: `Queue`, `Queue:Tags`, `AWS::Logs::LogGroup:RetentionInDays`, `*:Tags`.

    Raises UsageError where it says nothing.
    """
    subject, colon, property = text.rpartition(":")
    if not colon or subject.endswith(":") or subject == "AWS":
        subject, property = text, ""
    if not subject or text.endswith(":"):
        said = f"{option} names a resource, a component or a type, then ':' and a property"
        raise UsageError(f"{said}; found '{text[:60]}'")
    if subject.startswith("AWS::"):
        return Rule(type=subject, property=property or None)
    return Rule(resource=subject, property=property or None)


def apply(comparison: Comparison, rules: Iterable[Rule], today: datetime.date) -> list[Spent]:
    """Mark what the rules ignore, and return those that are expired or fit nothing."""
    spent: list[Spent] = []
    for rule in rules:
        fitting = [d for d in comparison.differences if fits(rule, d)]
        whole: Sequence[Whole] = [w for w in (*comparison.missing, *comparison.unmanaged) if _fits_whole(rule, w)]
        count = len(fitting) + len(whole)
        if rule.until is not None and rule.until < today:
            again = f"; what it ignored counts again ({count})" if count else "; nothing needs it any more"
            spent.append(Spent(title(rule), f"ended on {rule.until.isoformat()}{again}", rule.location))
        elif not count:
            spent.append(Spent(title(rule), "fits no difference", rule.location))
        else:
            _mark(comparison, rule)
    return spent


def _mark(comparison: Comparison, rule: Rule) -> None:
    comparison.differences = [
        d._replace(ignored=rule.reason) if d.ignored is None and fits(rule, d) else d for d in comparison.differences
    ]
    for name in ("missing", "unmanaged"):
        held: list[Whole] = getattr(comparison, name)
        found = [w._replace(ignored=rule.reason) if w.ignored is None and _fits_whole(rule, w) else w for w in held]
        setattr(comparison, name, found)


def fits(rule: Rule, difference: Difference) -> bool:
    """Whether a rule is about a difference."""
    if not _names(rule, difference.resource, difference.component, difference.type, difference.physical_id):
        return False
    if rule.property is None:
        return True
    path = difference.drift.property
    whole = "".join(f".{s}" if isinstance(s, str) else "" for s in difference.drift.path).lstrip(".")
    within = (f"{rule.property}.", f"{rule.property}[")
    return any(
        held == rule.property or held.startswith(within) or fnmatchcase(held, rule.property) for held in (path, whole)
    )


def _fits_whole(rule: Rule, whole: Whole) -> bool:
    return rule.property is None and _names(rule, whole.resource, whole.component, whole.type, whole.physical_id)


def _names(rule: Rule, resource: str, component: str | None, type: str, physical: str | None) -> bool:
    if rule.type is not None and not fnmatchcase(type, rule.type):
        return False
    if rule.component is not None and not fnmatchcase(component or "", rule.component):
        return False
    if rule.resource is None:
        return True
    names = [resource, physical or ""]
    if rule.location is None:  # of the command line, where either may be meant
        names.append(component or "")
    return any(fnmatchcase(name, rule.resource) for name in names)
