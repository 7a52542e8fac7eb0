"""Reference pages of the language, as Markdown: what a kind is, its fields, what fits it.

They are the docstrings of the models and the strings under their fields, with types and defaults read
from the models: a page cannot say what the code does not do.
"""

from __future__ import annotations

import functools
import inspect
import types
import typing
from collections.abc import Iterable, Iterator
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from archproof.model import registry, verbs
from archproof.model.base import Component, OneOrMany, Refers, Shorthand
from archproof.model.docstrings import field_docs

_PLAIN = {str: "text", int: "whole number", float: "number", bool: "true or false", Any: "anything"}
_COMMON = (
    "kind", "title", "description", "why", "physical_name", "tags", "depends_on", "properties", "resource_attributes",
    "resources",
)  # fmt: skip


def listing() -> str:
    """Return every kind with the first sentence of its page, one a line."""
    names = registry.kinds()
    width = max(map(len, names))
    return "".join(f"{name:<{width}}  {summary(name)}\n" for name in names)


def summary(kind: str) -> str:
    """Return the first line of a kind's description."""
    return inspect.cleandoc(registry.kind_class(kind).__doc__ or "").split("\n\n")[0].replace("\n", " ")


def page(kind: str) -> str:
    """Return the page of a kind. Raises KeyError where there is none."""
    model = registry.kind_class(kind)
    own = [name for name in model.model_fields if name not in _COMMON]
    parts = [f"# {kind}", inspect.cleandoc(model.__doc__ or ""), _facts(kind, model)]
    parts += [f"## Fields\n\n{_table(model, own)}"] if own else []
    for inner in _parts(model):
        parts.append(f"### {_heading(inner)}\n\n{inspect.cleandoc(inner.__doc__ or '')}\n\n{_table(inner)}")
    parts.append(f"## Fields of every component\n\n{_table(model, [n for n in _COMMON if n in model.model_fields])}")
    parts += _links(kind)
    return "\n\n".join(part for part in parts if part) + "\n"


def _facts(kind: str, model: type[Component]) -> str:
    lines = []
    if model.cfn:
        lines.append(f"- CloudFormation type: `{model.cfn}`")
    elif kind == "resource":
        lines.append("- CloudFormation type: the one that `type` names")
    places = {
        "vpc": "in subnets, with network interfaces", "regional": "in the region, outside of subnets",
        "global": "everywhere", "outside": "outside AWS",
    }  # fmt: skip
    lines.append(f"- Where it lives: {places.get(model.scope, model.scope)}")
    if model.principal:
        lines.append(f"- Its role is assumed by `{model.principal}`")
    return "\n".join(lines)


def _table(model: type[BaseModel], names: list[str] | None = None) -> str:
    """A table of fields: name, type, default, meaning."""
    docs = field_docs(model)
    rows = ["| field | type | default | meaning |", "| --- | --- | --- | --- |"]
    for name, field in model.model_fields.items():
        if names is None or name in names:
            said = docs.get(name, field.description or "").replace("\n", " ")
            cells = (f"`{field.alias or name}`", _type(field), _default(field), said)
            rows.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(rows)


def _type(field: FieldInfo) -> str:
    words = _words(field.annotation, tuple(field.metadata))
    return words + _bounds(field.metadata)


def _words(annotation: Any, metadata: tuple[Any, ...] = ()) -> str:
    """An annotation in the words of the language."""
    refers = next((m for m in metadata if isinstance(m, Refers)), None)
    if refers is not None and annotation is str:
        kinds = [f"`{k}`" for k in refers.kinds] or ["component"]
        return "id of a " + " or ".join(kinds) + "".join(f", or `{word}`" for word in refers.also)
    origin: Any = typing.get_origin(annotation)
    arguments = typing.get_args(annotation)
    if origin is typing.Annotated:
        return _words(arguments[0], (*arguments[1:], *metadata)) + _bounds(arguments[1:])
    if origin in (typing.Union, types.UnionType):
        return " or ".join(dict.fromkeys(_words(a, metadata) for a in arguments if a is not type(None)))
    if origin is typing.Literal:
        return " or ".join(f"`{a}`" for a in arguments)
    if origin is list:
        inner = _words(arguments[0])
        return f"{inner}, or a list of them" if any(isinstance(m, OneOrMany) for m in metadata) else f"list of {inner}"
    if origin is dict:
        return "map" if arguments[1] is Any else f"map of {_words(arguments[1])} by name"
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        short = next((m for m in metadata if isinstance(m, Shorthand)), None)
        link = f"[{_heading(annotation)}](#{_heading(annotation)})"
        return f"{link}, or its `{short.field}` alone" if short else link
    return _PLAIN.get(annotation, getattr(annotation, "__name__", "value"))


def _bounds(metadata: Iterable[Any]) -> str:
    words = []
    for constraint in (m for held in metadata for m in (held.metadata if isinstance(held, FieldInfo) else (held,))):
        for key, sign in (("ge", "≥"), ("gt", ">"), ("le", "≤"), ("lt", "<")):
            if (bound := getattr(constraint, key, None)) is not None:
                words.append(f"{sign} {bound}")
    return f" ({', '.join(words)})" if words else ""


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    value = field.default
    if value is None or value is PydanticUndefined or value in ([], {}):
        return ""
    if isinstance(value, BaseModel):
        value = value.model_dump(by_alias=True, exclude_defaults=True)
    if isinstance(value, list):
        value = f"[{', '.join(map(str, value))}]"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def _parts(model: type[BaseModel]) -> list[type[BaseModel]]:
    """The maps inside a model, each once, in the order of its fields."""
    found: dict[type[BaseModel], None] = {}

    def walk(inside: type[BaseModel]) -> None:
        for field in inside.model_fields.values():
            for part in _models(field.annotation):
                if part not in found:
                    found[part] = None
                    walk(part)

    walk(model)
    return list(found)


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and not typing.get_args(annotation):
        if issubclass(annotation, BaseModel):
            yield annotation
        return
    for inner in typing.get_args(annotation):
        yield from _models(inner)


def _heading(model: type[BaseModel]) -> str:
    """The name of a map inside a kind: `OnFailure` as `on-failure`."""
    return "".join(f"-{c.lower()}" if c.isupper() and i else c.lower() for i, c in enumerate(model.__name__))


@functools.cache
def _links(kind: str) -> list[str]:
    """The verbs that fit a kind, as the source of a link and as its target."""
    tables = []
    for end, other, word in (("source", "target", "to"), ("target", "source", "from")):
        rows = [
            f"| `{verb.verb}` | {_end(getattr(verb, other))} | {'yes' if verb.default else ''} | {verb.title} |"
            for verb in sorted(verbs.table(), key=lambda v: (v.verb, v.source, v.target))
            if getattr(verb, end) == kind
        ]
        if rows:
            title = f"## Links {'from' if end == 'source' else 'to'} `{kind}`\n"
            head = [f"| verb | {word} | the usual one | meaning |", "| --- | --- | --- | --- |"]
            tables.append("\n".join([title, *head, *rows]))
    return tables


def _end(kind: str) -> str:
    return "any component" if kind == "*" else f"`{kind}`"
