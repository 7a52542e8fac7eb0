"""What is known only when Terraform runs: a value that stays a symbol, with the name that Terraform has for it."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

Path = tuple[str | int, ...]
MAX_PARTS = 5_000
"""How many values a text may hold that are not known."""


class Failure(Exception):
    """An expression that has no value: a missing key, an index out of range, a wrong argument."""


class Owner(Protocol):
    """What a reference points at: an instance of a resource or of a data source."""

    address: str

    def configured(self, path: Path) -> Any:
        """The value that the configuration itself gives to an attribute; a symbol where it gives none."""


class Symbol(ABC):
    """A value that is not known before a run."""

    __slots__ = ()

    @abstractmethod
    def name(self) -> str:
        """What a reader calls it: the expression that it comes from."""

    def references(self) -> Iterator[Reference]:
        """The attributes of resources that it is made of."""
        return iter(())

    def member(self, key: str | int) -> Any:
        """What stands at a key of it: as unknown as it is."""
        suffix = f".{key}" if isinstance(key, str) and key.isidentifier() else f"[{json.dumps(key)}]"
        return Unknown(self.name() + suffix, tuple(self.references()))

    def settled(self) -> Any:
        """The value that the configuration itself tells for it; itself where it tells none."""
        return self


@dataclass(frozen=True, slots=True)
class Unknown(Symbol):
    """What nothing in the configuration tells."""

    text: str
    uses: tuple[Reference, ...] = ()

    def name(self) -> str:
        return self.text

    def references(self) -> Iterator[Reference]:
        return iter(self.uses)


@dataclass(frozen=True, slots=True)
class Input(Symbol):
    """A variable of the root module that nothing gives a value, or whose value is a secret."""

    variable: str
    sensitive: bool = False
    value: Any = None
    """What it is, where that may be used but not shown."""

    def name(self) -> str:
        return f"var.{self.variable}"

    def settled(self) -> Any:
        return self if self.value is None else self.value


@dataclass(frozen=True, slots=True)
class Reference(Symbol):
    """An attribute of a resource."""

    owner: Owner
    path: Path

    def name(self) -> str:
        text = self.owner.address
        for step in self.path:
            text += f"[{step}]" if isinstance(step, int) else f".{step}"
        return text

    def references(self) -> Iterator[Reference]:
        yield self

    def member(self, key: str | int) -> Any:
        value = self.settled()
        if value is self or isinstance(value, Symbol):
            return Reference(self.owner, (*self.path, key))
        found: Any = value
        try:
            return found[key]
        except (KeyError, IndexError, TypeError):
            return Reference(self.owner, (*self.path, key))

    def settled(self) -> Any:
        value = self.owner.configured(self.path)
        return value if value is not None else self


@dataclass(frozen=True, slots=True)
class Template(Symbol):
    """A text with symbols in it."""

    parts: tuple[str | Symbol, ...]

    def name(self) -> str:
        return "".join(p if isinstance(p, str) else f"${{{p.name()}}}" for p in self.parts)

    def references(self) -> Iterator[Reference]:
        for part in self.parts:
            if isinstance(part, Symbol):
                yield from part.references()

    def settled(self) -> Any:
        return text([p.settled() if isinstance(p, Symbol) else p for p in self.parts])


def symbols_references(value: Any) -> Iterator[Reference]:
    """Every reference in a value, at any depth, in order."""
    if isinstance(value, Symbol):
        yield from value.references()
    elif isinstance(value, dict):
        for item in value.values():
            yield from symbols_references(item)
    elif isinstance(value, list):
        for item in value:
            yield from symbols_references(item)


def text(parts: list[Any]) -> str | Template:
    """The text that these parts make: known where all of them are."""
    merged: list[str | Symbol] = []
    for part in parts:
        for piece in part.parts if isinstance(part, Template) else (part,):
            if isinstance(piece, str) and merged and isinstance(merged[-1], str):
                merged[-1] += piece
            elif piece != "":
                merged.append(piece)
        if len(merged) > MAX_PARTS:
            raise Failure(f"a text of more than {MAX_PARTS:,} parts")
    if not merged:
        return ""
    if len(merged) == 1 and isinstance(merged[0], str):
        return merged[0]
    return Template(tuple(merged))
