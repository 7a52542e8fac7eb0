"""The question as a whole: this architecture, that account; what differs, and what is accepted."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import TYPE_CHECKING

from archproof.drift import ignores
from archproof.drift.comparing import Options, compare_systems
from archproof.drift.differences import Comparison
from archproof.drift.lock import Entry, Lock
from archproof.sources.live import Live

if TYPE_CHECKING:
    from archproof.model.architecture import Architecture
    from archproof.resources.resource import Resources
    from archproof.sources.aws.account import Choose


def compare(
    architecture: Architecture, live: Live, *, today: datetime.date, lock: Lock | None = None, stack: str | None = None,
    region: str | None = None, ignore: Iterable[ignores.Rule] = (), at: tuple[str, str] | None = None,
) -> Comparison:  # fmt: skip
    """Compare an architecture with what is live.

    `region` is that of a source that does not say its own; `at` the account and region in which it is looked for,
    whatever it says itself: one model may be deployed in many.
    """
    from archproof.resources.lowering import lower

    options = _options(architecture, lock, stack, region, at)
    declared = lower(architecture)
    comparison = compare_systems(declared, live, options)
    comparison.types = wanted(declared)
    comparison.titles = {name: c.title for name, c in architecture.components.items() if c.title}
    comparison.spent = ignores.apply(comparison, [*rules(architecture), *ignore], today)
    return comparison


def choosing(
    architecture: Architecture, *, lock: Lock | None = None, stack: str | None = None, region: str | None = None,
    at: tuple[str, str] | None = None,
) -> Choose:  # fmt: skip
    """What chooses the details that have to be read of an account for the same comparison."""
    from archproof.drift.choosing import chooser
    from archproof.resources.lowering import lower

    return chooser(lower(architecture), _options(architecture, lock, stack, region, at))


def _options(
    architecture: Architecture, lock: Lock | None, stack: str | None, region: str | None, at: tuple[str, str] | None
) -> Options:
    account, region = at or (architecture.account, region_of(architecture) or region)
    return Options(lock or {}, stack, region, account)


def region_of(architecture: Architecture) -> str | None:
    """The region that an architecture says; None where it says none."""
    said = architecture.settings.region or "region" in architecture.document.value.get("system", {})
    if architecture.given is not None:
        return None
    return architecture.region if said else None


def rules(architecture: Architecture) -> list[ignores.Rule]:
    """The ignore rules of a model."""
    return [
        ignores.Rule(
            rule.resource, rule.component, rule.type, rule.property, rule.reason, rule.until,
            architecture.document.locate(("drift", "ignore", position)),
        )
        for position, rule in enumerate(architecture.drift.ignore)
    ]  # fmt: skip


def wanted(resources: Resources) -> frozenset[str]:
    """The types that have to be read for a comparison: those declared, the owners of parts, and aliases of keys that
    are named by one."""
    from archproof.drift import key_aliases
    from archproof.drift.folding import FOLDS

    types = {r.type for r in resources}
    aliases = {key_aliases.TYPE} if key_aliases.wanted(resources) else set()
    return frozenset(types | aliases | {fold.owner for fold in FOLDS if fold.part in types})


def locked(comparison: Comparison, live: Live, before: Lock, architecture: Architecture) -> Lock:
    """The bindings of a comparison as a lock; of what could not be told now, those that were known `before`."""
    from archproof.resources.lowering import lower

    declared = lower(architecture)
    missing = {whole.resource for whole in comparison.missing}
    found: Lock = {}
    for binding in comparison.bindings:
        resource = live.resources.all.get(binding.live)
        id = (resource.physical_id or resource.address) if resource is not None else None
        if resource is not None and id:
            found[binding.resource] = Entry(resource.type, id, resource.account, resource.region)
    taken = {(entry.type, entry.id) for entry in found.values()}
    for logical_id, entry in before.items():
        if logical_id in declared and logical_id not in missing and (entry.type, entry.id) not in taken:
            found.setdefault(logical_id, entry)
    return found
