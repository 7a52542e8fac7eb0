"""Which fields of a component name other things, and what they name."""

from __future__ import annotations

import functools
import types
import typing
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from archproof.model.base import Refers
from archproof.model.document import KeyPath


def references(part: BaseModel, path: KeyPath = ()) -> Iterator[tuple[KeyPath, str, Refers]]:
    """Yield the path, the id and the meaning of every reference inside `part`."""
    for name, key, shape in _plan(type(part)):
        value = getattr(part, name)
        if value is not None:
            yield from _walk(value, shape, (*path, key))


def _walk(value: Any, shape: Any, path: KeyPath) -> Iterator[tuple[KeyPath, str, Refers]]:
    if isinstance(value, str):
        if isinstance(shape, Refers):
            yield path, value, shape
    elif isinstance(value, BaseModel):
        yield from references(value, path)
    elif isinstance(value, list):
        for position, item in enumerate(value):
            yield from _walk(item, shape, (*path, position))
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _walk(item, shape, (*path, key))


@functools.cache
def _plan(model: type[BaseModel]) -> list[tuple[str, str, Any]]:
    """The fields of `model` that hold references, or parts that may: name, key in the file, meaning."""
    plan = []
    for name, field in model.model_fields.items():
        shape = next((m for m in field.metadata if isinstance(m, Refers)), None) or _shape(field.annotation)
        if shape is not None:
            plan.append((name, field.alias or name, shape))
    return plan


def _shape(annotation: Any) -> Any:
    """`Refers` where the annotation holds ids, True where it holds parts to look into, else None."""
    origin = typing.get_origin(annotation)
    if origin is typing.Annotated:
        inner, *metadata = typing.get_args(annotation)
        return next((m for m in metadata if isinstance(m, Refers)), None) or _shape(inner)
    if origin in (list, dict, typing.Union, types.UnionType):
        shapes = [_shape(a) for a in typing.get_args(annotation)]
        return next((s for s in shapes if s is not None), None)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return True if _plan(annotation) else None
    return None
