"""Any AWS resource: its properties as they stand."""

from __future__ import annotations

from archproof.model.kinds.any_resource import AnyResource
from archproof.resources.lowering._context import Lowering

KINDS = ("resource",)


def lower_resource(name: str, resource: AnyResource, ctx: Lowering) -> None:
    """The resource itself, with ids of components in the place of logical ids."""
    attributes = dict(ctx.translate(resource.attributes))
    if resource.depends_on:
        attributes["DependsOn"] = [ctx.id(d) if d in ctx.architecture.components else d for d in resource.depends_on]
    ctx.add(name, resource.type, {}, attributes=attributes)
