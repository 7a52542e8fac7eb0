"""Sections of a lifted model against what should come out of them: what differs is laid over its part."""

from __future__ import annotations

from typing import Any

from archproof.model.document import KeyPath
from archproof.resources.lowering._context import Lowering, merge
from archproof.resources.lowering._places import state
from archproof.resources.resource import Resource
from archproof.sources.lifting import _compare
from archproof.sources.lifting.drafts import Lifting


def settle(lifting: Lifting, ctx: Lowering, *, last: bool) -> bool:
    """Lay over the parts of sections what they did not bring back; a section that cannot be saved is given up."""
    made, parts = ctx.resources.all, state(ctx).parts
    changed = False
    for logical_id, (section, _) in list(lifting.absorbed.items()):
        wanted, found = lifting.resources[logical_id], made.get(logical_id)
        if section not in lifting.sections or (found is not None and _compare.alike(found, wanted)):
            continue
        changed = True
        spot = parts.get(logical_id)
        if found is None or found.type != wanted.type or spot is None or last:
            lifting.give_up(section)
        else:
            _lay(lifting, spot, _over(found, wanted))
    return changed


def surplus(lifting: Lifting, ctx: Lowering, resource: Resource) -> bool:
    """Let a part of a section not make what is too much; say whether it is a part's."""
    spot = state(ctx).parts.get(resource.logical_id)
    if spot is None or not spot[1] or "network" not in lifting.sections:
        return False
    part = _part(lifting, spot[0])
    part.setdefault("resources", {})[spot[1]] = None
    return True


def _over(made: Resource, wanted: Resource) -> dict[str, Any]:
    over = _compare.residual(made.properties, wanted.properties)
    if _compare.attributes(made) != _compare.attributes(wanted):
        gone = {k: None for k in made.attributes if k not in wanted.attributes}
        over["attributes"] = {**gone, **wanted.attributes}
    return over


def _lay(lifting: Lifting, spot: tuple[KeyPath, str], over: dict[str, Any]) -> None:
    path, name = spot
    part = _part(lifting, path)
    if name:
        held = part.setdefault("resources", {})
        held[name] = _merged(held.get(name) or {}, over)
        return
    attributes = over.pop("attributes", None)
    if over:
        part["properties"] = _merged(part.get("properties") or {}, over)
    if attributes:
        part["resource_attributes"] = attributes


def _merged(under: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """One thing laid over another, keeping what removes."""
    return {
        **merge(under, {k: v for k, v in over.items() if v is not None}),
        **{k: v for k, v in over.items() if v is None},
    }


def _part(lifting: Lifting, path: KeyPath) -> dict[str, Any]:
    """The entry of a section at a path."""
    value: Any = lifting.sections[str(path[0])]
    for step in path[1:]:
        value = value[step]
    assert isinstance(value, dict)
    return value


def depending(value: Any, called: dict[str, str]) -> Any:
    """A section in which `DependsOn` says what the resources are called in the model."""
    if isinstance(value, list):
        return [depending(v, called) for v in value]
    if not isinstance(value, dict):
        return value
    found = {k: depending(v, called) for k, v in value.items()}
    if "DependsOn" in found:
        after = found["DependsOn"]
        after = after if isinstance(after, list) else [after]
        found["DependsOn"] = None if after == [None] else [called.get(a, a) if isinstance(a, str) else a for a in after]
    return found
