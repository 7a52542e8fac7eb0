"""Conditions of rules in YAML: comparisons, `and`, `or`, `not`, connections; true, false or not known."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any, NamedTuple

from archproof.resources.resource import Path, Resource, Resources, is_symbolic
from archproof.validators.house.values import ABSENT, EACH, Verdict, at, compare

_NAMES = re.compile(r"(Arn|Id|Url|Uri|Endpoint|Queue|Topic)s?$")
"""Properties that name a resource."""


class Judged(NamedTuple):
    """A verdict, and the property that decides it."""

    verdict: Verdict
    path: Path = ()
    found: Any = ABSENT


class Condition:
    """Something that holds for a resource, does not, or is not known."""

    def judge(self, resource: Resource, resources: Resources) -> Judged:
        """Say whether it holds."""
        return Judged(True)

    def words(self) -> str:
        """What it asks, as the rest of a sentence."""
        return "holds"


@dataclass(frozen=True)
class Comparison(Condition):
    """The value at a path compares as wanted: every one where the path has a `*`, or any with `match: any`."""

    path: tuple[str | int, ...]
    operator: str
    wanted: Any
    shown: Any
    """The wanted value as it was written."""
    any_of: bool = False

    def judge(self, resource: Resource, resources: Resources) -> Judged:
        """Say whether it holds; of several values, the first that decides counts."""
        judged = [Judged(compare(v, self.operator, self.wanted), p, v) for p, v in at(resource, self.path)]
        if not judged:  # a `*` of nothing
            fixed = tuple(step for step in self.path[: self.path.index(EACH)])
            return Judged(self.operator not in ("exists",) and not self.any_of, fixed)
        return _either(judged) if self.any_of else _all(judged)

    def words(self) -> str:
        """`KmsMasterKeyId must exist`."""
        name = ".".join(map(str, self.path))
        if self.operator in ("exists", "absent"):
            return f"{name} must {'exist' if self.operator == 'exists' else 'be absent'}"
        shown = ", ".join(map(str, self.shown)) if isinstance(self.shown, list) else self.shown
        return f"{name} {_WORDS[self.operator]} {shown}"


_WORDS = {
    "equals": "must be", "not_equals": "must not be", "one_of": "must be one of", "none_of": "must be none of",
    "contains": "must contain", "not_contains": "must not contain", "matches": "must match",
    "not_matches": "must not match", "at_least": "must be at least", "at_most": "must be at most",
    "within": "must lie within", "starts_with": "must begin with", "ends_with": "must end with",
}  # fmt: skip


@dataclass(frozen=True)
class Both(Condition):
    """All of several conditions."""

    parts: tuple[Condition, ...]

    def judge(self, resource: Resource, resources: Resources) -> Judged:
        """False where one is false, else not known where one is not known."""
        return _all([part.judge(resource, resources) for part in self.parts])

    def words(self) -> str:
        """The parts with `and` between them."""
        return " and ".join(part.words() for part in self.parts)


@dataclass(frozen=True)
class Either(Condition):
    """One of several conditions."""

    parts: tuple[Condition, ...]

    def judge(self, resource: Resource, resources: Resources) -> Judged:
        """True where one is true, else not known where one is not known."""
        return _either([part.judge(resource, resources) for part in self.parts])

    def words(self) -> str:
        """The parts with `or` between them."""
        return " or ".join(part.words() for part in self.parts)


@dataclass(frozen=True)
class Opposite(Condition):
    """Not a condition."""

    part: Condition

    def judge(self, resource: Resource, resources: Resources) -> Judged:
        """The opposite; what is not known stays so."""
        judged = self.part.judge(resource, resources)
        return judged if judged.verdict is None else judged._replace(verdict=not judged.verdict)

    def words(self) -> str:
        """The part, denied."""
        return f"it must not be that {self.part.words()}"


@dataclass(frozen=True)
class Connected(Condition):
    """A reference leads from the resource to one of some types, or from one of them to it."""

    types: tuple[str, ...]
    where: Condition | None = None
    through: tuple[str, ...] = ()
    """Types of resources that refer to both, or are referred to by one and refer to the other."""

    def judge(self, resource: Resource, resources: Resources) -> Judged:
        """True where a fitting resource is connected; not known where an outside name could be one."""
        verdicts: list[Verdict] = []
        for other in self._near(resource, resources):
            verdicts.append(True if self.where is None else self.where.judge(other, resources).verdict)
        if True in verdicts:
            return Judged(True)
        outside = next(_outside(resource, resources), None)
        if None in verdicts or outside is not None:
            return Judged(None, outside or ())
        return Judged(False)

    def _near(self, resource: Resource, resources: Resources) -> Iterator[Resource]:
        seen = {resource.logical_id}
        for near in _neighbours(resource, resources):
            if near.logical_id not in seen and fits(near.type, self.types):
                seen.add(near.logical_id)
                yield near
            if fits(near.type, self.through):
                for far in _neighbours(near, resources):
                    if far.logical_id not in seen and fits(far.type, self.types):
                        seen.add(far.logical_id)
                        yield far

    def words(self) -> str:
        """`a connected AWS::SQS::Queue must exist`."""
        return f"a connected {' or '.join(self.types)} must exist"


def fits(type: str, patterns: tuple[str, ...]) -> bool:
    """Say whether a type is one of some, which may hold wildcards."""
    return any(fnmatchcase(type, pattern) for pattern in patterns)


def _neighbours(resource: Resource, resources: Resources) -> list[Resource]:
    found = {use.target: resources[use.target] for use in resources.uses(resource)}
    found |= {user.logical_id: user for user in resources.users(resource)}
    return list(found.values())


def _outside(resource: Resource, resources: Resources) -> Iterator[Path]:
    """The properties that name something of another stack, or that a parameter will name."""
    waiting: list[tuple[Path, Any]] = [((), resource.properties)]
    while waiting:
        path, value = waiting.pop()
        if is_symbolic(value):
            elsewhere = "Fn::ImportValue" in value or ("Ref" in value and value["Ref"] in resources.parameters)
            if elsewhere and _NAMES.search(next((step for step in reversed(path) if isinstance(step, str)), "")):
                yield path
            continue
        entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        waiting += reversed([((*path, key), item) for key, item in entries])


def _all(judged: list[Judged]) -> Judged:
    for verdict in (False, None):
        for one in judged:
            if one.verdict is verdict:
                return one
    return judged[0] if judged else Judged(True)


def _either(judged: list[Judged]) -> Judged:
    for verdict in (True, None):
        for one in judged:
            if one.verdict is verdict:
                return one
    return judged[0] if judged else Judged(False)
