"""In which order the keys of a map stand, by the model that the map is read into."""

from __future__ import annotations

import types
import typing
from typing import Any

from pydantic import BaseModel

from archproof.model import registry
from archproof.model.base import Component
from archproof.model.document import SECTIONS
from archproof.model.network import Network, NetworkPart
from archproof.model.organization import Organization
from archproof.model.sections import Decision, Drift, Flow, Guarantee, LinkEntry, Load, Stack, View, Waiver
from archproof.model.system import System

Shape = Any
"""What a value is read into: a model, `dict[str, …]`, `list[…]`, a marker of this module, or None."""

ROOT = "the whole file"
_COMPONENT = "a component"
_DEFAULTS = "defaults by kind"
_SECTIONS: dict[str, Shape] = {
    "system": System, "organization": Organization,
    "defaults": _DEFAULTS, "network": Network, "components": dict[str, _COMPONENT],  # type: ignore[valid-type]
    "links": list[LinkEntry], "load": Load, "flows": dict[str, Flow], "guarantees": list[Guarantee],
    "decisions": list[Decision], "accepted": list[Waiver], "drift": Drift, "views": dict[str, View],
    "stack": Stack,
}  # fmt: skip
_FIRST = ("kind", "type", "title", "description", "why")
_LAST = ("in", "physical_name", "tags", "depends_on", "properties", "resource_attributes", "resources")


def keys(shape: Shape) -> tuple[str, ...]:
    """Return the keys of a map of this shape in their order; empty where any order is right."""
    if shape == ROOT:
        return SECTIONS
    if not (isinstance(shape, type) and issubclass(shape, BaseModel)):
        return ()
    names = tuple(field.alias or name for name, field in shape.model_fields.items())
    if issubclass(shape, Component):
        own = tuple(n for n in names if n not in _FIRST and n not in _LAST)
        return (*_FIRST, *own, "", *_LAST)
    if issubclass(shape, NetworkPart):
        laid = tuple(NetworkPart.model_fields)
        return (*(n for n in names if n not in laid), "", *laid)
    return (*names, "")


def place(order: tuple[str, ...], key: str) -> int:
    """Return where `key` stands in `order`; unknown keys stand where the empty name does."""
    return order.index(key) if key in order else order.index("") if "" in order else len(order)


def of_map(shape: Shape, values: dict[str, str]) -> Shape:
    """Return the shape of a map whose kind its own `values` tell."""
    if shape != _COMPONENT:
        return shape
    kind = values.get("kind", "resource" if "type" in values else "")
    return registry.kind_class(kind) if kind in registry.classes() else None


def inside(shape: Shape, key: str) -> Shape:
    """Return the shape of what stands under `key` in a map of this shape, or in a list of it."""
    if shape == ROOT:
        return _SECTIONS.get(key)
    if shape == _DEFAULTS:
        return registry.kind_class(key) if key in registry.classes() else None
    origin: Any = typing.get_origin(shape)
    if origin is dict:
        return _plain(typing.get_args(shape)[1])
    if origin is list:
        return _plain(typing.get_args(shape)[0])
    if isinstance(shape, type) and issubclass(shape, BaseModel):
        for name, field in shape.model_fields.items():
            if key == (field.alias or name):
                return _plain(field.annotation)
    return None


def of_item(shape: Shape) -> Shape:
    """Return the shape of an item of a list; of the one item where brackets are left out, too."""
    origin: Any = typing.get_origin(shape)
    return inside(shape, "") if origin is list else None


def _plain(annotation: Any) -> Shape:
    """An annotation without what does not matter here: metadata, None, and texts beside the one model."""
    origin = typing.get_origin(annotation)
    if origin is typing.Annotated:
        return _plain(typing.get_args(annotation)[0])
    if origin in (typing.Union, types.UnionType):
        plain = [_plain(a) for a in typing.get_args(annotation)]
        shapes = [a for a in plain if a not in (type(None), str, int, bool, float)]
        return shapes[0] if len(shapes) == 1 else None
    return annotation
