"""Any AWS resource: its properties as they stand."""

from __future__ import annotations

from archproof.model.kinds.any_resource import AnyResource
from archproof.resources.lowering._context import Lowering

KINDS = ("resource",)


def lower_resource(name: str, resource: AnyResource, ctx: Lowering) -> None:
    """The resource itself, with ids of components in the place of logical ids."""
    ctx.add(name, resource.type, {}, attributes=ctx.translate(resource.attributes))
