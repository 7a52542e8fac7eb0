"""Guessing a field from the property that it says: by the field's type, its unit and what it refers to."""

from __future__ import annotations

import functools
import re
import types
import typing
from typing import Any, NamedTuple

from pydantic import BaseModel, ValidationError

from archproof.model import registry
from archproof.model.base import Component, Refers, Shorthand
from archproof.resources.resource import Resource, is_symbolic
from archproof.sources.lifting import _origins
from archproof.sources.lifting._compare import normal
from archproof.sources.lifting.drafts import PLAIN, Draft, Lifting

_YES = (True, "true", "True", "Active", "ENABLED", "Enabled", "enabled", "on", "AES256", "required")
_NO = (False, "false", "False", "PassThrough", "DISABLED", "Disabled", "disabled", "off", "optional")
_UNITS = {"_days": 86400, "_h": 3600, "_hours": 3600, "_min": 60, "_kb": 1024, "_gb": 1 << 30}
_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,6})?")
_TOLD_BY = {"alb": ("Type", "application", True), "nlb": ("Type", "network", False)}
"""For kinds of one CloudFormation type: the property that tells them apart, its value, and whether to leave it out
says the same."""
NONE: Any = object()


class Shape(NamedTuple):
    """What a field holds, as far as guessing needs it."""

    base: Any
    """`str`, `int`, `float`, `bool`, `list`, `dict`, a model, or None for anything."""
    refers: Refers | None = None
    inner: Shape | None = None
    """Of an item of a list, a value of a map, or the field that a model's shorthand names."""
    words: tuple[str, ...] = ()
    """What it may be, where only some texts may be."""
    shorthand: str = ""


def draft(lifting: Lifting, drafted: Draft) -> None:
    """Choose the kind of a resource and guess its fields."""
    for kind in _kinds(drafted):
        if guess(lifting, drafted, kind):
            return
    drafted.become_plain()


def _kinds(drafted: Draft) -> tuple[str, ...]:
    """The kinds that a resource may be, where several are of its type those that its property tells."""
    kinds = _origins.kinds_by_type().get(drafted.resource.type, ())
    if len(kinds) < 2:
        return kinds
    fitting = []
    for kind in kinds:
        path, value, default = _TOLD_BY.get(kind, ("", None, True))
        said = drafted.resource.get(path)
        if said == value or (said is None and default):
            fitting.append(kind)
    return tuple(fitting)


def guess(lifting: Lifting, drafted: Draft, kind: str) -> bool:
    """Guess the fields of a resource as `kind`; say whether it can be one, and leave the draft as it was if not."""
    before = drafted.kind, drafted.fields, drafted.places
    drafted.kind, drafted.fields, drafted.places = kind, {}, {}
    fill(lifting, drafted)
    if not sound(drafted):
        drafted.kind, drafted.fields, drafted.places = before
        return False
    return True


def fill(lifting: Lifting, drafted: Draft) -> None:
    """Guess the fields that a draft does not say yet."""
    shapes = _shapes(drafted.kind)
    for path, steps in _origins.fields(drafted.kind).items():
        value = drafted.resource.get(*path, default=NONE)
        if value is NONE or len(steps) > 1 or steps[0] in drafted.fields or steps[0] not in shapes:
            continue
        read = _tags(value) if steps[0] == "tags" else _read(lifting, shapes[steps[0]], steps[0], value)
        if read is not NONE and read not in ({}, []):
            drafted.say(steps[0], read, *path)
    description = drafted.resource.get("Description")
    if isinstance(description, str) and description:
        drafted.say("description", description, "Description")


def fill_from(lifting: Lifting, drafted: Draft, made: Resource, wanted: Resource) -> list[str]:
    """Guess the fields that are said in a resource beside the main one, by the origins of the one `made`.

    Returns the properties of `wanted` that they say.
    """
    shapes = _shapes(drafted.kind)
    said: list[str] = []
    for path, steps in made.origins.items():
        value = wanted.get(*path, default=NONE)
        if len(path) != 1 or len(steps) != 1 or value is NONE or steps[0] not in shapes or steps[0] in drafted.fields:
            continue
        read = _read(lifting, shapes[str(steps[0])], str(steps[0]), value)
        if read is not NONE and read not in ({}, []):
            drafted.say(str(steps[0]), read, *path, of=wanted)
            if sound(drafted) and steps[0] in drafted.fields:
                said.append(str(path[0]))
    return said


def sound(drafted: Draft) -> bool:
    """Take back the fields that are not valid; say whether the rest is a component."""
    model = registry.kind_class(drafted.kind)
    for _ in range(len(drafted.fields) + 1):
        try:
            model.model_validate({"kind": drafted.kind, **drafted.fields}, by_alias=True, by_name=False)
            return True
        except ValidationError as error:
            wrong = {str(e["loc"][0]) for e in error.errors(include_url=False) if e["loc"]} & set(drafted.fields)
            if not wrong:
                return False
            for key in wrong:
                drafted.unsay(key)
    return False


def _tags(value: Any) -> Any:
    """Tags as a map; NONE where one is not known before deployment."""
    if isinstance(value, dict) and not is_symbolic(value):
        pairs = list(value.items())
    elif isinstance(value, list) and all(isinstance(t, dict) and set(t) == {"Key", "Value"} for t in value):
        pairs = [(t["Key"], t["Value"]) for t in value]
    else:
        return NONE
    found = {k: v for k, v in pairs if isinstance(k, str) and isinstance(v, str)}
    return found if len(found) == len(pairs) else NONE


def _read(lifting: Lifting, shape: Shape, key: str, value: Any) -> Any:
    """The value of a field that lowers to `value`, as far as can be guessed; else NONE."""
    if shape.refers is not None:
        return _reference(lifting, shape.refers, value)
    if isinstance(value, dict) and is_symbolic(value):
        return _inner(lifting, shape, key, value) if shape.base not in (str, int, float, bool) else NONE
    if shape.base is list:
        return _items(lifting, shape, key, value)
    if shape.base is dict:
        return _map(lifting, shape, key, value)
    if isinstance(shape.base, type) and issubclass(shape.base, BaseModel):
        return _inner(lifting, shape, key, value)
    if isinstance(value, list | dict):
        only = _only(value)
        return NONE if only is NONE else _read(lifting, shape, key, only)
    return _scalar(shape, key, value)


def _only(value: Any) -> Any:
    """The one thing in a list or a map of one."""
    if len(value) != 1:
        return NONE
    return value[0] if isinstance(value, list) else next(iter(value.values()))


def _reference(lifting: Lifting, refers: Refers, value: Any) -> Any:
    if isinstance(value, dict) and not is_symbolic(value) and len(value) == 1:
        value = _only(value)
    target = lifting.named(value)
    if target is None:
        return NONE
    fits = not refers.kinds or target.kind in refers.kinds or target.kind == PLAIN
    return target.name if fits else NONE


def _inner(lifting: Lifting, shape: Shape, key: str, value: Any) -> Any:
    """A map that may be written as its one field alone."""
    if shape.inner is None or not shape.shorthand:
        return NONE
    if isinstance(value, dict) and not is_symbolic(value):
        value = _only(value)
    return NONE if value is NONE else _read(lifting, shape.inner, shape.shorthand, value)


def _items(lifting: Lifting, shape: Shape, key: str, value: Any) -> Any:
    if shape.inner is None:
        return NONE
    values = value if isinstance(value, list) else [value]
    items = [_read(lifting, shape.inner, key, v) for v in values]
    return NONE if any(i is NONE for i in items) else items


def _map(lifting: Lifting, shape: Shape, key: str, value: Any) -> Any:
    """A map, with those of its entries that can be said."""
    if not isinstance(value, dict) or shape.inner is None:
        return NONE
    read = {str(k): _read(lifting, shape.inner, key, v) for k, v in value.items()}
    return {k: v for k, v in read.items() if v is not NONE} or NONE


def _scalar(shape: Shape, key: str, value: Any) -> Any:
    if shape.base is bool:
        return True if value in _YES else False if value in _NO else NONE
    if shape.base in (int, float):
        return number(shape.base, key, value)
    if shape.words:
        texts = (str(value), str(value).lower(), str(value).lower().replace("-", "_"))
        return next((t for t in texts if t in shape.words), NONE)
    if shape.base is str:
        return text(value) if isinstance(value, str | int | float) else NONE
    return value


def text(value: str | int | float) -> str:
    """A scalar as the text that CloudFormation makes of it."""
    return value if isinstance(value, str) else str(normal(value))


def number(base: type, key: str, value: Any) -> Any:
    """A number (or the text of one) in the unit that a key ends in; NONE where it is none."""
    if isinstance(value, str):
        if not _NUMBER.fullmatch(value):
            return NONE
        value = float(value) if "." in value else int(value)
    if not isinstance(value, int | float) or isinstance(value, bool):
        return NONE
    unit = next((u for suffix, u in _UNITS.items() if key.endswith(suffix)), 1)
    if unit > 1 and value >= unit:
        return value // unit if value % unit == 0 else value / unit if base is float else NONE
    return int(value) if base is int and value == int(value) else value if base is float else NONE


@functools.cache
def _shapes(kind: str) -> dict[str, Shape]:
    """The shape of every field of a kind, by key."""
    model: type[Component] = registry.kind_class(kind)
    return {f.alias or name: _shape(f.annotation, tuple(f.metadata)) for name, f in model.model_fields.items()}


def _shape(annotation: Any, metadata: tuple[Any, ...] = ()) -> Shape:
    refers = next((m for m in metadata if isinstance(m, Refers)), None)
    origin: Any = typing.get_origin(annotation)
    arguments = typing.get_args(annotation)
    if origin is typing.Annotated:
        return _shape(arguments[0], (*arguments[1:], *metadata))
    if origin in (typing.Union, types.UnionType):
        shapes = [_shape(a, metadata) for a in arguments if a is not type(None)]
        return next((s for s in shapes if s.refers), shapes[0])
    if refers is not None and annotation is str:
        return Shape(str, refers)
    if origin is typing.Literal:
        return Shape(str, words=tuple(str(a) for a in arguments))
    if origin is list:
        return Shape(list, inner=_shape(arguments[0]))
    if origin is dict:
        return Shape(dict, inner=_shape(arguments[1]))
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        short = next((m.field for m in metadata if isinstance(m, Shorthand)), "")
        inner = annotation.model_fields.get(short)
        return Shape(annotation, None, _shape(inner.annotation, tuple(inner.metadata)) if inner else None, (), short)
    return Shape(annotation if isinstance(annotation, type) else None)


def every(lifting: Lifting) -> None:
    """Guess all drafts; references between them are read when each has a kind."""
    for drafted in list(lifting.drafts.values()):
        if kinds := _kinds(drafted):
            drafted.kind = kinds[0]
    for drafted in list(lifting.drafts.values()):
        draft(lifting, drafted)
