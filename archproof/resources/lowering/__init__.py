"""Lowering: every component becomes AWS resources, every property with the place that said it.

One module a service. Each lists the kinds it lowers in `KINDS` and has a function `lower_KIND(component,
ctx)` for each, where `component` is a `Placed component with its id`. What a link implies beyond roles and
group rules is a module of `archproof.resources.lowering.implied`. A module that gathers from many and can
write only when all is known (the one policy of a queue) names itself in `FINISH` and has `finish(ctx)`.
"""

from __future__ import annotations

import functools
import importlib
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from archproof.discovery import index
from archproof.resources.lowering._context import Lowering

if TYPE_CHECKING:
    from archproof.model.architecture import Architecture
    from archproof.resources.resource import Resources

PACKAGE = "archproof.resources.lowering"


@functools.cache
def _lower(kind: str) -> Callable[[str, Any, Lowering], None] | None:
    module = index(PACKAGE, "KINDS").get(kind)
    return getattr(importlib.import_module(module), f"lower_{kind}") if module else None


def lower(architecture: Architecture) -> Resources:
    """The resources of an architecture in CloudFormation shape: those of the source it was lifted from, or lowered."""
    given: Resources | None = architecture.given
    return given if given is not None else lower_model(architecture)


def lower_model(architecture: Architecture) -> Resources:
    """Lower a whole architecture, whether or not it was lifted from resources."""
    ctx = Lowering(architecture)
    for _, step in _steps(ctx):
        step()
    ctx.finish()
    return ctx.resources


def attempt(architecture: Architecture) -> tuple[Lowering, list[str]]:
    """Lower what may not be right yet: the lowering, and the components (or sections) that it failed on."""
    ctx = Lowering(architecture)
    failed: list[str] = []
    for name, step in _steps(ctx):
        try:
            step()
        except Exception:  # whatever a lowering does not expect: the component is to be said in another way
            failed.append(name)
    return ctx, failed


def _steps(ctx: Lowering) -> Iterator[tuple[str, Callable[[], None]]]:
    """Every step of a lowering, with the component or the section that it is about."""
    from archproof.resources.lowering import _cycles, _group_rules, _network, _organization, _roles

    yield "organization", functools.partial(_organization.lower, ctx)
    yield "network", functools.partial(_network.lower, ctx)
    for name, component in ctx.architecture.components.items():
        function = _lower(component.kind)
        if function is not None:
            yield name, functools.partial(function, name, component, ctx)
    implied = index(f"{PACKAGE}.implied", "IMPLIES")
    for link in ctx.architecture.links:
        if link.verb.implies and not link.wired:
            module = importlib.import_module(implied[link.verb.implies])
            yield link.source if link.implied else "links", functools.partial(module.lower, link, ctx)
    for name in index(PACKAGE, "FINISH").values():
        yield "", functools.partial(importlib.import_module(name).finish, ctx)
    yield "", functools.partial(_group_rules.lower, ctx)
    yield "", functools.partial(_roles.lower, ctx)
    if not ctx.exact:
        yield "", functools.partial(_cycles.lower, ctx)
    yield "", ctx.settle
