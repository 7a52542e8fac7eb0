"""Analysis by synthesis: drafts are lowered and compared with what should have come out, until they agree."""

from __future__ import annotations

import contextlib
import importlib
from typing import TYPE_CHECKING, Any

from archproof.discovery import constants
from archproof.errors import InputError
from archproof.resources.lowering._context import Lowering
from archproof.resources.resource import Resource, Resources, referenced
from archproof.sources.lifting import _claims, _compare, _guess, _sections
from archproof.sources.lifting._assembly import assemble
from archproof.sources.lifting._called import own_names
from archproof.sources.lifting._culprits import LINKS, culprits
from archproof.sources.lifting.document import RefusedError
from archproof.sources.lifting.drafts import PLAIN, Draft, Lifting
from archproof.sources.lifting.names import identifiers

if TYPE_CHECKING:
    from archproof.model.architecture import Architecture

PACKAGE = "archproof.sources.lifting"
_ORDER = 50
_PATIENCE = 2
"""After so many lowerings that did not bring the resources back, what still differs is given up."""
_ROUNDS = 20
"""After so many lowerings every resource stays as it is; each that gives up something needs one."""


def synthesise(resources: Resources, *, sections: bool = True) -> Architecture:
    """The model of `resources`, which lowers to exactly these; without sections where one had to be given up."""
    reserved = _reserved(resources)
    lifting = Lifting(resources, identifiers(resources, reserved))
    lifting.reserved = reserved
    for module in _subjects() if sections else ():
        if hasattr(module, "prepare"):
            module.prepare(lifting)
    said = list(lifting.sections)
    _guess.every(lifting)
    for module in _subjects():
        _guesses(module, lifting)
    for drafted in list(lifting.drafts.values()):
        if drafted.kind != PLAIN and not _guess.sound(drafted):
            drafted.become_plain()
    architecture = _settled(lifting, said)
    if list(lifting.sections) != said:
        return synthesise(resources, sections=False)
    if architecture is None:
        _plain(lifting)
        architecture = assemble(lifting)
    if called := own_names(lifting):
        architecture = assemble(lifting, called)
    _account(lifting)
    return architecture


def _guesses(module: Any, lifting: Lifting) -> None:
    """Let a module make its guesses; where it meets what it does not expect, those that it has made stay."""
    with contextlib.suppress(Exception):
        module.lift(lifting)


def _settled(lifting: Lifting, said: list[str]) -> Architecture | None:
    """The architecture that lowers to the resources; None where none is found, or a section that is `said` is not."""
    lowered = 0
    for _ in range(_ROUNDS):
        architecture, made = _lowered(lifting)
        if list(lifting.sections) != said:
            return None
        if architecture is None or made is None:
            continue
        changed = _settle(lifting, made, last=lowered >= _PATIENCE)
        if lowered == 0:
            changed |= _claims.claim(lifting, made)
        if not changed:
            return architecture
        lowered += 1
    return None


def _account(lifting: Lifting) -> None:
    """Note for every resource the component that it became (part of)."""
    for drafted in lifting.drafts.values():
        drafted.resource.component = drafted.name
    for logical_id, (owner, _) in lifting.owners.items():
        lifting.resources[logical_id].component = owner.name
    for logical_id, entrusted in lifting.entrusted.items():
        lifting.resources[logical_id].component = entrusted.component
    for logical_id, (_, path) in lifting.absorbed.items():
        lifting.resources[logical_id].place = next((str(p) for p in reversed(path) if isinstance(p, str)), None)


def _subjects() -> list[Any]:
    """The modules of subjects, in the order in which they are asked."""
    orders = constants(PACKAGE, "ORDER")
    names = sorted(constants(PACKAGE, "SUBJECT"), key=lambda name: (orders.get(name, _ORDER), name))
    return [importlib.import_module(name) for name in names]


def _reserved(resources: Resources) -> set[str]:
    """Names that no component may have: they mean something else in verbatim properties."""
    reserved = {*resources.parameters, *resources.conditions, *resources.mappings}
    for resource in resources:
        for name, _ in referenced(resource.properties):
            if name not in resources and not name.startswith("AWS::"):
                reserved.add(name)
    return reserved


def _lowered(lifting: Lifting) -> tuple[Architecture | None, Lowering | None]:
    """The architecture of the drafts and its lowering; None after what cannot be was taken back."""
    from archproof.resources.lowering import attempt

    try:
        architecture = assemble(lifting)
    except InputError as error:
        _blame(lifting, error)
        return None, None
    ctx, failed = attempt(architecture)
    if not failed:
        return architecture, ctx
    _give_up(lifting, failed)
    return None, None


def _blame(lifting: Lifting, error: InputError) -> None:
    """Take back what the model refuses: the components that its problems name, or those that are found out."""
    _give_up(lifting, error.names if isinstance(error, RefusedError) else [])


def _give_up(lifting: Lifting, names: list[str]) -> None:
    """Give up the kinds of components, sections, or the links; those that are to blame where no name says it."""
    by_name = {d.name: d for d in lifting.drafts.values()}
    given_up = [_give_up_one(lifting, name, by_name.get(name)) for name in names]
    if any(given_up):
        return
    found = [_give_up_one(lifting, name, by_name.get(name)) for name in culprits(lifting)]
    if not any(found):
        _plain(lifting)


def _give_up_one(lifting: Lifting, name: str, drafted: Draft | None) -> bool:
    """Give up one thing; say whether there was anything to give up."""
    if name in lifting.sections:
        lifting.give_up(name)
    elif name == LINKS and lifting.links:
        lifting.links.clear()
    elif drafted is None or (drafted.kind == PLAIN and not drafted.satellites):
        return False
    else:
        if drafted.kind == PLAIN:
            for resource in list(drafted.satellites.values()):
                lifting.release(resource)
        _make_plain(lifting, drafted)
    return True


def _make_plain(lifting: Lifting, drafted: Draft) -> None:
    kept = drafted.belongings
    for suffix, resource in list(drafted.satellites.items()):
        if suffix not in kept:
            lifting.release(resource)
    drafted.become_plain()
    lifting.links = [k for k in lifting.links if drafted.name not in (k.source, k.target) or k.options.get("wired")]


def _plain(lifting: Lifting) -> None:
    """Every resource as it is."""
    for section in list(lifting.sections):
        lifting.give_up(section)
    lifting.links.clear()
    for logical_id in [*lifting.owners, *lifting.entrusted]:
        lifting.release(lifting.resources[logical_id])
    for drafted in lifting.drafts.values():
        drafted.become_plain()


def _settle(lifting: Lifting, ctx: Lowering, *, last: bool) -> bool:
    """Compare what was made with what should have been, and change the drafts; say whether anything changed."""
    made = ctx.resources.all
    changed = _surplus(lifting, ctx)
    changed |= _sections.settle(lifting, ctx, last=last)
    for logical_id in list(lifting.entrusted):
        found = made.get(logical_id)
        if found is None or not _compare.alike(found, lifting.resources[logical_id]):
            lifting.release(lifting.resources[logical_id])
            changed = True
    for drafted in list(lifting.drafts.values()):
        changed |= _settle_main(lifting, drafted, made.get(drafted.resource.logical_id), last)
        for suffix, resource in list(drafted.satellites.items()):
            changed |= _settle_satellite(lifting, drafted, suffix, made.get(resource.logical_id), last)
    return changed


def _settle_main(lifting: Lifting, drafted: Draft, made: Resource | None, last: bool) -> bool:
    wanted = drafted.resource
    if drafted.kind == PLAIN and drafted.properties is None:
        drafted.properties = {}
    if made is not None and _compare.alike(made, wanted):
        drafted.properties = drafted.properties or {}
        return False
    if drafted.kind == PLAIN:
        return False  # there is nothing simpler
    if made is None or made.type != wanted.type or last:
        _make_plain(lifting, drafted)
        return True
    first = drafted.properties is None
    out = dict(made.properties)
    if first:
        _drop(drafted, out)
    over = _compare.residual(out, wanted.properties)
    drafted.properties = over if first else _over(drafted.properties or {}, over)
    return bool(over) or not first


def _over(under: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """One thing laid over another, keeping what removes."""
    merged = dict(under)
    for key, value in over.items():
        held = merged.get(key)
        merged[key] = _over(held, value) if isinstance(held, dict) and isinstance(value, dict) else value
    return merged


def _drop(drafted: Draft, out: dict[str, Any]) -> None:
    """Take back the fields that did not bring their property back, and what they made of it."""
    for key, (resource, path) in list(drafted.places.items()):
        if resource is not drafted.resource or not path or key not in drafted.fields:
            continue
        top = str(path[0])
        if top in drafted.firm and top in out and top in drafted.resource.properties:
            continue
        wanted = drafted.resource.properties.get(top)
        if top not in out:
            drafted.unsay(key)
        elif not _compare.same(out[top], wanted, top):
            over = _compare.residual({top: out[top]}, {top: wanted})
            if not isinstance(over[top], dict) or _compare.removes(over) or over[top] == wanted:
                drafted.unsay(key)
                del out[top]


def _settle_satellite(
    lifting: Lifting, drafted: Draft, suffix: str, made: Resource | None, last: bool
) -> bool:  # fmt: skip
    wanted = drafted.satellites[suffix]
    if made is not None and _compare.alike(made, wanted):
        return False
    if made is None or made.type != wanted.type or last:
        lifting.release(wanted)
        if made is None:
            drafted.laid.pop(suffix, None)
        return True
    drafted.laid[suffix] = _over(drafted.laid.get(suffix) or {}, _claims.laid_over(made, wanted))
    return True


def _surplus(lifting: Lifting, ctx: Lowering) -> bool:
    """Take back what was made and should not have been."""
    changed = False
    suffixes = {logical_id: key for key, logical_id in ctx.ids.items()}
    by_name = {d.name: d for d in lifting.drafts.values()}
    for resource in ctx.resources:
        if resource.logical_id in lifting.resources:
            continue
        changed = True
        name, suffix = suffixes.get(resource.logical_id, (resource.component or "", ""))
        drafted = by_name.get(name)
        if drafted is not None and suffix:
            drafted.laid[suffix] = None
        elif _sections.surplus(lifting, ctx, resource):
            continue
        elif not _unlink(lifting, resource) and drafted is not None:
            _make_plain(lifting, drafted)
        elif resource.place is not None and "network" in lifting.sections:
            lifting.give_up("network")
    return changed


def _unlink(lifting: Lifting, resource: Resource) -> bool:
    """Let the links of a component make nothing, where one of them made `resource`."""
    found = [k for k in lifting.links if resource.component in (k.source, k.target) and not k.options.get("wired")]
    for link in found:
        link.options["wired"] = True
    return bool(found)
