"""Values of AWS's answers in the shape that the registry has for a type: its names, its nesting, nothing else."""

from __future__ import annotations

import functools
from datetime import date
from typing import TYPE_CHECKING, Any

from archproof.sources.responses._item import tag_map

if TYPE_CHECKING:
    from archproof.facts._registry import RegistrySchema, Shape

NOTHING: Any = object()
"""What stands for a value that has no place in the shape."""
_EMPTY: tuple[Any, ...] = (None, "", [], {})
_LISTED = frozenset({"Quantity", "Items"})
_spelled: dict[int, tuple[Shape, dict[str, str]]] = {}


@functools.cache
def schema(type: str) -> RegistrySchema | None:
    """The registry's schema of a type; None where there is none."""
    from archproof.facts._registry import registry_schema

    return registry_schema(type)


@functools.cache
def properties(type: str) -> dict[str, str]:
    """The properties of a type that can be written and read, by their names in small letters; tags stand apart."""
    found = schema(type)
    if found is None:
        return {}
    hidden = {path[0] for path in found.read_only if len(path) == 1} | {found.tagging or "Tags"}
    return {name.lower(): name for name in found.root.names if name not in hidden}


@functools.cache
def returned(type: str) -> tuple[tuple[str, ...], ...]:
    """What `Fn::GetAtt` returns for a type: the names from the top."""
    found = schema(type)
    return tuple(sorted(found.read_only)) if found else ()


def natural(type: str, entry: dict[str, Any], wanted: set[str] | None = None) -> dict[str, Any]:
    """The properties that an entry has under their own names and in their own shape."""
    names = properties(type)
    found = schema(type)
    said: dict[str, Any] = {}
    for key, value in entry.items():
        name = names.get(key.lower())
        if name is None or value in _EMPTY or found is None or (wanted is not None and name not in wanted):
            continue
        fit = fitted(found.root.child(name), value, strict=True)
        if fit is not NOTHING and fit not in _EMPTY:
            said[name] = fit
    return said


def fit_all(type: str, said: dict[str, Any]) -> dict[str, Any]:
    """Properties without what the registry does not know in them; those of an unknown type as they are."""
    found = schema(type)
    if found is None:
        return said
    known = properties(type)
    result = {}
    for name, value in said.items():
        if name.lower() in known:
            result[name] = fitted(found.root.child(name), value)
        elif name in ("Tags", found.tagging):
            result[tagging(type)] = _tags(found, value)
    return result


def tagging(type: str) -> str:
    """The property that holds the tags of a type."""
    found = schema(type)
    return found.tagging if found and found.tagging else "Tags"


def _tags(found: RegistrySchema, value: Any) -> Any:
    """Tags in the form that the type has for them: a list, or a map."""
    shape = found.root.child(found.tagging or "Tags")
    if shape is None or "a" in shape.kinds or not isinstance(value, list):
        return value
    return tag_map(value)


def attributes(type: str, entry: dict[str, Any]) -> dict[str, str]:
    """What an entry says that `Fn::GetAtt` returns, by the name of the attribute."""
    said = {}
    for path in returned(type):
        value: Any = entry
        for step in path:
            value = _member(value, step)
        if isinstance(value, str | int) and value != "":
            said[".".join(path)] = str(value).lower() if isinstance(value, bool) else str(value)
    return said


def _member(value: Any, name: str) -> Any:
    if not isinstance(value, dict):
        return None
    return value.get(name, value.get(name[:1].lower() + name[1:]))


def fitted(shape: Shape | None, value: Any, *, strict: bool = False) -> Any:
    """A value with only what its shape knows, under the shape's own names; `NOTHING` if strictly it does not fit."""
    if shape is None:
        return _plain(value)
    if isinstance(value, dict):
        if "a" in shape.kinds and value.keys() <= _LISTED:
            return fitted(shape, value.get("Items") or [], strict=strict)
        if strict and shape.kinds and "o" not in shape.kinds:
            return NOTHING
        return _object(shape, value, strict)
    if isinstance(value, list | tuple):
        if strict and shape.kinds and "a" not in shape.kinds:
            return NOTHING
        item = shape.item
        entries = [fitted(item, entry, strict=strict) for entry in value]
        return NOTHING if strict and NOTHING in entries else entries
    if strict and shape.kinds and not set(shape.kinds) & set("sinb"):
        return NOTHING
    return _plain(value)


def _object(shape: Shape, value: dict[str, Any], strict: bool) -> Any:
    names = _names(shape)
    if not names:
        return {k: fitted(shape.child(k), v) for k, v in value.items()} if shape.free else _plain(value)
    said = {}
    for key, held in value.items():
        name = names.get(key.lower())
        if name is None or held is None:
            continue
        fit = fitted(shape.child(name), held, strict=strict)
        if fit is not NOTHING:
            said[name] = fit
    return said


def _names(shape: Shape) -> dict[str, str]:
    """The names of an object by their small letters, gathered once for each shape."""
    held = _spelled.get(id(shape))
    if held is None:
        held = _spelled[id(shape)] = shape, {name.lower(): name for name in shape.names}
    return held[1]


def _plain(value: Any) -> Any:
    """A value as JSON has it: a moment is its text."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    return value
