"""What tells one resource of a type from another: its name, or the place it has among others.

The ways come from facts/identities.csv, else from the registry's primary identifier, else from the name that the
type has. A way is a row of terms; a resource has a key where every term has a value.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Hashable, Mapping
from typing import Any, NamedTuple

from archproof.resources.resource import Path, Resource, is_symbolic, referenced

_NAMES = ("Name", "Identifier", "Family", "Domain", "Bucket", "Path", "Key", "Aliases", "Url", "Comment")
"""How properties end that hold what somebody called the resource."""


class Term(NamedTuple):
    """One part of a key."""

    names: tuple[str, ...]
    """Properties, dotted, of which the first that is there counts."""
    default: str | None = None
    """What counts where none is there; None where the resource then has no such key."""


class Way(NamedTuple):
    """One way to tell resources of a type apart."""

    terms: tuple[Term, ...]

    @property
    def named(self) -> bool:
        """Whether it ends in a name that people give."""
        return bool(self.terms) and self.terms[-1].names[0].endswith(_NAMES)

    @property
    def title(self) -> str:
        """What a message calls it."""
        return " and ".join(t.names[0] for t in self.terms) or "the only one of its type"


class Waiting(Exception):
    """A key hangs on what is not known yet."""

    def __init__(self, value: Any) -> None:
        self.names = [logical_id for logical_id, _ in referenced(value)]
        super().__init__(", ".join(self.names))


@functools.cache
def ways(type: str) -> tuple[Way, ...]:
    """The ways to tell resources of a type apart, the surest first."""
    said = _table().get(type)
    if said is not None:
        return tuple(_way(text) for text in said.split(";"))
    found = _registered(type)
    return (found,) if found else _called(type)


@functools.cache
def _table() -> dict[str, str]:
    from archproof.facts import rows

    return {row["type"]: row["keys"] for row in rows("identities")}


def _way(text: str) -> Way:
    return Way(() if text == "*" else tuple(_term(part) for part in text.split()))


def _term(text: str) -> Term:
    name, equals, default = text.partition("=")
    if equals:
        return Term((name,), default)
    return Term(tuple(text.removesuffix("?").split("|")), "" if text.endswith("?") else None)


def _registered(type: str) -> Way | None:
    """The primary identifier of the registry, where it is of properties that are declared."""
    from archproof.facts import UnknownFactError
    from archproof.facts._registry import registry_schema

    try:
        schema = registry_schema(type)
    except UnknownFactError:
        return None
    if schema is None or not schema.identifier or any(trail in schema.read_only for trail in schema.identifier):
        return None
    return Way(tuple(Term((".".join(trail),)) for trail in schema.identifier))


def _called(type: str) -> tuple[Way, ...]:
    """The name that resources of a type have."""
    from archproof.iam.names import forms

    form = forms().get(type)
    noun = type.rpartition("::")[2]
    names = dict.fromkeys([form.name if form else "", f"{noun}Name", f"{noun}Identifier", "Name"])
    return tuple(Way((Term((name,)),)) for name in names if name)


def key(way: Way, get: Callable[[str], Any], canonical: Callable[[Any, str], Hashable]) -> Hashable | None:
    """The key of a resource, None where it has none. `get` returns a property as far as it is known, None if absent.

    Raises Waiting where a part of it is not known.
    """
    parts: list[Hashable] = []
    for term in way.terms:
        found = next(((name, value) for name in term.names if (value := get(name)) is not None), None)
        if found is None:
            if term.default is None:
                return None
            parts.append((term.names[0], canonical(term.default, term.names[0].rpartition(".")[2])))
            continue
        name, value = found
        if holds_function(value):
            raise Waiting(value)
        parts.append((name, canonical(value, name.rpartition(".")[2])))
    return tuple(parts)


def dotted(properties: Mapping[str, Any], name: str) -> Any:
    """The value at a dotted name, or None."""
    value: Any = properties
    for step in name.split("."):
        if not isinstance(value, Mapping) or is_symbolic(value):
            return None
        value = value.get(step)
    return value


def holds_function(value: Any) -> bool:
    """Whether anything in a value is not known."""
    if isinstance(value, list):
        return any(holds_function(item) for item in value)
    if not isinstance(value, dict):
        return False
    return is_symbolic(value) or any(holds_function(item) for item in value.values())


def single(resource: Resource, path: Path) -> bool:
    """Whether every list on a path of a resource has one entry, so that the path is the same on any side."""
    steps = [n for n, step in enumerate(path) if isinstance(step, int)]
    return all(len(resource.get(*path[:n], default=[])) == 1 for n in steps)
