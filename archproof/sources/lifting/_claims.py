"""What a kind offers to make beside its main resource is claimed where the source has it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from archproof.resources.lowering._context import Lowering
from archproof.resources.resource import Resource
from archproof.sources.lifting import _guess
from archproof.sources.lifting._compare import attributes, residual
from archproof.sources.lifting.drafts import PLAIN, Draft, Lifting
from archproof.sources.lifting.names import ending

_SHARE = 2
"""A claim is worth it where what must be laid over is at most this much longer than what would stand for it."""


def claim(lifting: Lifting, ctx: Lowering) -> bool:
    """Claim what the kinds offered in this lowering (`Lowering.unmade`); say whether anything was."""
    claimed = False
    named = mentioned(lifting)
    suffixes = {logical_id: key for key, logical_id in ctx.ids.items()}
    by_name = {d.name: d for d in lifting.drafts.values()}
    for offered in ctx.unmade.values():
        name, suffix = suffixes.get(offered.logical_id, ("", ""))
        owner = by_name.get(name)
        if owner is None or not suffix or owner.kind == PLAIN or suffix in owner.satellites:
            continue
        candidates = [
            r for r in _near(lifting, owner)
            if r.type == offered.type and _fits(lifting, owner, r)
            and lifting.drafts[r.logical_id].name not in named
        ]  # fmt: skip
        if len(candidates) == 1 and _worth(offered, candidates[0]) and lifting.claim(owner, suffix, candidates[0]):
            said = _guess.fill_from(lifting, owner, offered, candidates[0])
            over = laid_over(offered, candidates[0])
            owner.laid[suffix] = {k: v for k, v in over.items() if k not in said}
            claimed = True
    return claimed


def belong(lifting: Lifting, owner: Draft, resource: Resource) -> bool:
    """Make a resource one that belongs to `owner`, though its kind makes none such; say whether it could be."""
    suffix = ending(owner.resource, resource)
    if not lifting.claim(owner, suffix, resource):
        return False
    laid: dict[str, Any] = {"type": resource.type, **resource.properties}
    condition = owner.resource.attributes.get("Condition")
    beside = dict(resource.attributes)
    if condition is not None and beside.get("Condition") == condition:
        del beside["Condition"]
    elif condition is not None and "Condition" not in beside:
        beside["Condition"] = None
    if beside:
        laid["attributes"] = beside
    owner.laid[suffix] = laid
    return True


def mentioned(lifting: Lifting) -> set[str]:
    """Every word that a field or a link says: what is named so stays a component."""
    found = {name for link in lifting.links for name in (link.source, link.target)}
    queue: list[Any] = [d.fields for d in lifting.drafts.values()] + list(lifting.sections.values())
    while queue:
        value = queue.pop()
        if isinstance(value, str):
            found.add(value.partition("/")[0])
        elif isinstance(value, dict):
            queue.extend(value.values())
        elif isinstance(value, list):
            queue.extend(value)
    return found


def laid_over(made: Resource, wanted: Resource) -> dict[str, Any]:
    """What must be laid over a resource that a kind makes beside its main one for it to be the one wanted."""
    over = residual(made.properties, wanted.properties)
    if attributes(made) != attributes(wanted):
        inherited = {"Condition": None} if "Condition" in made.attributes else {}
        over["attributes"] = {**inherited, **wanted.attributes}
    return over


def _near(lifting: Lifting, owner: Draft) -> Iterator[Resource]:
    """The resources that name the main one, and those that it names."""
    seen = {owner.resource.logical_id}
    resources = lifting.resources
    named = [resources[u.target] for u in resources.uses(owner.resource) if u.target in resources]
    for resource in [*resources.users(owner.resource), *named]:
        if resource.logical_id not in seen:
            seen.add(resource.logical_id)
            yield resource


def _fits(lifting: Lifting, owner: Draft, resource: Resource) -> bool:
    """Whether a resource is a component of its own still, and names or is named by no other component of its kind."""
    held = lifting.drafts.get(resource.logical_id)
    if held is None or held.satellites:
        return False
    kinds = [r for r in lifting.resources.users(resource) if r.type == owner.resource.type]
    targets = [r for r in lifting.resources.targets(resource.properties) if r.type == owner.resource.type]
    return len({r.logical_id for r in [*kinds, *targets]}) <= 1


def _worth(offered: Resource, wanted: Resource) -> bool:
    over = residual(offered.properties, wanted.properties)
    return len(str(over)) <= _SHARE * len(str(wanted.properties))
