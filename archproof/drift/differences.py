"""What a comparison of a system with what is really there says: differences, in tiers, and what could not be told."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from archproof.errors import Location
from archproof.resources.resource import Path
from archproof.sources.live import Unread

TIERS = ("declared", "undeclared", "unread")
THRESHOLDS = ("declared", "undeclared", "unmanaged", "never")
"""From what on a comparison fails: `declared` (with what is missing), then all before it as well."""


class PropertyDrift(NamedTuple):
    """A property whose two values differ, or of which one could not be read."""

    path: Path
    expected: Any
    """What was declared; None where nothing was."""
    actual: Any
    """What is live; None where nothing is, or nothing was read."""
    why: str = ""
    """What the difference means, or why the property is unread; empty where the values say it all."""

    @property
    def property(self) -> str:
        """The path as people write it: `VpcConfig.SubnetIds[0]`."""
        text = ""
        for step in self.path:
            text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
        return text


@dataclass(slots=True)
class ResourceDrift:
    """One resource compared."""

    declared: list[PropertyDrift] = field(default_factory=list)
    """What the model states and AWS has otherwise."""
    undeclared: list[PropertyDrift] = field(default_factory=list)
    """What AWS has, the model does not state, and is no known default."""
    unread: list[PropertyDrift] = field(default_factory=list)
    """What the model states and nobody read: write-only, denied, unresolved, unsupported."""


class Difference(NamedTuple):
    """One difference of the whole comparison."""

    tier: str
    component: str | None
    resource: str
    """What the model's side calls the resource: a logical id, or an address."""
    type: str
    drift: PropertyDrift
    location: Location
    physical_id: str | None = None
    account: str | None = None
    region: str | None = None
    ignored: str | None = None
    """The reason of the ignore rule that fits; None where none does."""

    def as_dict(self) -> dict[str, Any]:
        """The shape of the JSON contract."""
        return {
            "tier": self.tier,
            "component": self.component,
            "resource": self.resource,
            "type": self.type,
            "property": self.drift.property,
            "expected": self.drift.expected,
            "actual": self.drift.actual,
            "why": self.drift.why,
            "location": self.location.as_dict(),
            "physical_id": self.physical_id,
            "account": self.account,
            "region": self.region,
            "ignored": self.ignored,
        }


class Whole(NamedTuple):
    """A whole resource that is missing (declared, not live) or unmanaged (live, not declared)."""

    resource: str
    type: str
    component: str | None = None
    physical_id: str | None = None
    account: str | None = None
    region: str | None = None
    location: Location | None = None
    why: str = ""
    ignored: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """The shape of the JSON contract."""
        place = self.location.as_dict() if self.location else None
        return {**self._asdict(), "location": place}


class Spent(NamedTuple):
    """An ignore rule that ignores nothing any more."""

    rule: str
    """What it is about."""
    why: str
    """`ended on 2027-03-31; …` or `fits no difference`."""
    location: Location | None = None
    """None for a rule of the command line."""

    def as_dict(self) -> dict[str, Any]:
        """The shape of the JSON contract."""
        place = self.location.as_dict() if self.location else None
        return {**self._asdict(), "location": place}


class Binding(NamedTuple):
    """A declared resource and the live one that it is."""

    resource: str
    live: str
    """The live resource's logical id in the live `Resources`."""
    by: str
    """What told: `lock`, `physical name`, `ARN`, `stack`, `tags`, `structure`."""


@dataclass(slots=True)
class Comparison:
    """A system compared with an account."""

    differences: list[Difference] = field(default_factory=list)
    missing: list[Whole] = field(default_factory=list)
    unmanaged: list[Whole] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    """What could not be read at all: lists that were denied, resources whose type nobody reads."""
    ambiguous: list[tuple[str, list[str], str]] = field(default_factory=list)
    """Declared resources that more than one live resource fits: (resource, physical ids, why)."""
    bindings: list[Binding] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    """What was left out on purpose: service-linked roles, default VPCs, things that AWS makes."""
    spent: list[Spent] = field(default_factory=list)
    """Ignore rules that are expired or fit nothing."""
    calls: int = 0
    types: frozenset[str] | None = None
    """The types that had to be read; None where all had."""
    titles: dict[str, str] = field(default_factory=dict)
    """The titles of components, for people."""

    def of(self, tier: str) -> list[Difference]:
        """The differences of a tier that no ignore rule covers."""
        return [d for d in self.differences if d.tier == tier and d.ignored is None]

    @property
    def drifted(self) -> bool:
        """Whether anything that the model states is otherwise, or is missing."""
        return bool(self.of("declared")) or any(w.ignored is None for w in self.missing)

    @property
    def uncertain(self) -> bool:
        """Whether anything that the model states could not be compared."""
        return bool(self.of("unread") or self.ambiguous or any(self.matters(u) for u in self.unread))

    def matters(self, unread: Unread) -> bool:
        """Whether anything declared may be in what could not be read; of what has no reader each resource says so."""
        if unread.types:
            return self.types is None or not self.types.isdisjoint(unread.types)
        return unread.code != "unsupported"

    def fails(self, threshold: str) -> bool:
        """Whether it fails from a threshold on, one of `THRESHOLDS`: each takes in those before it."""
        if threshold == "never":
            return False
        level = THRESHOLDS.index(threshold)
        unmanaged = level >= 2 and any(w.ignored is None for w in self.unmanaged)
        return self.drifted or (level >= 1 and bool(self.of("undeclared"))) or unmanaged

    @property
    def summary(self) -> dict[str, Any]:
        """How much there is of everything."""
        ignored = sum(d.ignored is not None for d in self.differences)
        ignored += sum(w.ignored is not None for w in (*self.missing, *self.unmanaged))
        return {
            "compared": len(self.bindings),
            **{tier: len(self.of(tier)) for tier in TIERS},
            "missing": sum(w.ignored is None for w in self.missing),
            "unmanaged": sum(w.ignored is None for w in self.unmanaged),
            "ambiguous": len(self.ambiguous),
            "ignored": ignored,
        }

    def as_dict(self) -> dict[str, Any]:
        """The shape of the JSON contract, without secrets."""
        from archproof.drift.masking import masked

        return {
            "differences": [d.as_dict() for d in masked(self).differences],
            "missing": [w.as_dict() for w in self.missing],
            "unmanaged": [w.as_dict() for w in self.unmanaged],
            "unread": [u.as_dict() for u in self.unread],
            "ambiguous": [{"resource": r, "candidates": c, "why": why} for r, c, why in self.ambiguous],
            "bindings": [b._asdict() for b in self.bindings],
            "ignores": [s.as_dict() for s in self.spent],
            "notes": list(self.notes),
            "calls": self.calls,
            "summary": self.summary,
        }
