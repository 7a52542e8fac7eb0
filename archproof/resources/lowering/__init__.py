"""Lowering: every component becomes AWS resources, every property with the place that said it.

One module a service. Each lists the kinds it lowers in `KINDS` and has a function `lower_KIND(component,
ctx)` for each, where `component` is a `Placed component with its id`. What a link implies beyond roles and
group rules is a module of `archproof.resources.lowering.implied`. A module that gathers from many and can
write only when all is known (the one policy of a queue) names itself in `FINISH` and has `finish(ctx)`.
"""

from __future__ import annotations

import functools
import importlib
from collections.abc import Callable
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
    from archproof.resources.lowering import _cycles, _group_rules, _network, _roles

    _network.lower(ctx)
    for name, component in architecture.components.items():
        function = _lower(component.kind)
        if function is not None:
            function(name, component, ctx)
    implied = index(f"{PACKAGE}.implied", "IMPLIES")
    for link in architecture.links:
        if link.verb.implies and not link.wired:
            importlib.import_module(implied[link.verb.implies]).lower(link, ctx)
    for module in index(PACKAGE, "FINISH").values():
        importlib.import_module(module).finish(ctx)
    _group_rules.lower(ctx)
    _roles.lower(ctx)
    if not ctx.exact:
        _cycles.lower(ctx)
    ctx.settle()
    ctx.finish()
    return ctx.resources
