"""The shortest way to say the same: what all of a kind share once in `defaults`, lists of one without brackets."""

from __future__ import annotations

import json
import types
import typing
from collections import Counter
from typing import Any

from pydantic import BaseModel

from archproof.model import registry
from archproof.model.base import OneOrMany
from archproof.model.network import Network
from archproof.model.sections import LinkEntry

_OWN = (
    "kind",
    "type",
    "title",
    "description",
    "why",
    "physical_name",
    "depends_on",
    "resource_attributes",
    "resources",
)
"""Keys that are about one component."""


def shortened(value: dict[str, Any]) -> dict[str, Any]:
    """The sections of a model in their shortest form, which mean the same."""
    components: dict[str, dict[str, Any]] = {}
    for name, component in value.get("components", {}).items():
        kind = component.get("kind")
        components[name] = _unwrapped(component, registry.kind_class(kind)) if kind else component
    defaults = _defaults(components)
    short = {**value, "components": components}
    if defaults:
        short["defaults"] = defaults
        short["components"] = {name: _without(c, defaults.get(c.get("kind", ""), {})) for name, c in components.items()}
    if not short["components"]:
        del short["components"]
    if "network" in value:
        short["network"] = _unwrapped(value["network"], Network)
    if "links" in value:
        short["links"] = [_unwrapped(link, LinkEntry) for link in _joined(value["links"])]
    return short


def _joined(links: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The entries of `links`, with one for all targets to which one component does the same."""
    found: dict[str, dict[str, Any]] = {}
    for link in links:
        rest = {k: v for k, v in link.items() if k != "to"}
        held = found.setdefault(json.dumps(rest), {**link, "to": []})
        held["to"] += [name for name in link["to"] if name not in held["to"]]
    return list(found.values())


def _defaults(components: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """What every component of a kind says, and most of them say in the same way."""
    by_kind: dict[str, list[dict[str, Any]]] = {}
    for component in components.values():
        if kind := component.get("kind"):
            by_kind.setdefault(kind, []).append(component)
    found: dict[str, dict[str, Any]] = {}
    for kind, members in by_kind.items():
        for key in members[0]:
            if len(members) < 2 or key in _OWN or not all(key in m for m in members):
                continue
            texts = Counter(json.dumps(m[key]) for m in members)
            text, number = texts.most_common(1)[0]
            if number > 1 and 2 * number > len(members):
                found.setdefault(kind, {})[key] = json.loads(text)
    return found


def _without(component: dict[str, Any], defaults: dict[str, Any]) -> dict[str, Any]:
    # a map in another order is not the same: tags are a list in it
    return {k: v for k, v in component.items() if not (k in defaults and json.dumps(defaults[k]) == json.dumps(v))}


def _unwrapped(value: Any, annotation: Any, metadata: tuple[Any, ...] = ()) -> Any:
    """A value with its lists of one as their entry, where the language takes both."""
    origin: Any = typing.get_origin(annotation)
    arguments = typing.get_args(annotation)
    if origin is typing.Annotated:
        return _unwrapped(value, arguments[0], (*arguments[1:], *metadata))
    if origin in (typing.Union, types.UnionType):
        for member in arguments:
            held = member
            while typing.get_origin(held) is typing.Annotated:
                held = typing.get_args(held)[0]
            shape: Any = typing.get_origin(held) or held
            if isinstance(shape, type) and isinstance(value, dict if issubclass(shape, BaseModel) else shape):
                return _unwrapped(value, member, metadata)
        return value
    if isinstance(value, list) and origin is list:
        items = [_unwrapped(item, arguments[0]) for item in value]
        single = len(items) == 1 and not isinstance(items[0], list) and items[0] is not None
        return items[0] if single and any(isinstance(m, OneOrMany) for m in metadata) else items
    if isinstance(value, dict) and origin is dict:
        return {k: _unwrapped(v, arguments[1]) for k, v in value.items()}
    if isinstance(value, dict) and isinstance(annotation, type) and issubclass(annotation, BaseModel):
        fields = {f.alias or name: f for name, f in annotation.model_fields.items()}
        return {
            k: _unwrapped(v, fields[k].annotation, tuple(fields[k].metadata)) if k in fields else v
            for k, v in value.items()
        }  # fmt: skip
    return value
