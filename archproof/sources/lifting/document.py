"""A lifted model as a document: its values, and the places in the source that each of them came from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from archproof.errors import InputError, Location, Problem
from archproof.model.document import Document, KeyPath
from archproof.model.yaml import Mark
from archproof.resources.resource import Path, Resource

Origin = tuple[Resource, Path | None]
"""A resource and the path of a property; None for the resource itself."""


class RefusedError(InputError):
    """A draft of a model that cannot be; `names` are the components and sections that are to blame."""

    def __init__(self, problems: list[Problem], names: list[str]) -> None:
        super().__init__(problems)
        self.names = names


@dataclass(slots=True)
class LiftedDocument(Document):
    """A document that no file holds: every place is that of the property that a value was lifted from."""

    origins: dict[KeyPath, Origin] = field(default_factory=dict)
    """Path in the document → what it was lifted from; what is deeper goes on in the property."""
    refused: dict[str, None] = field(default_factory=dict)
    """Components and sections that have problems."""
    called: dict[str, str] = field(default_factory=dict)
    """The logical id that the model gives to every resource of a source whose reader made the ids of addresses."""

    def find(self, path: KeyPath) -> tuple[Mark, int]:
        """Return the mark of what `path` was lifted from, and how deep `path` goes into the values."""
        depth = _depth(self.value, path)
        for end in range(len(path), 0, -1):
            origin = self.origins.get(path[:end])
            if origin is not None:
                resource, inner = origin
                place = resource.location(*inner, *path[end:]) if inner is not None else resource.location()
                return _mark(place), depth
        return self.mark, depth

    def problem(self, path: KeyPath, message: str, *, at: str = "entry") -> None:
        """Note what is wrong at `path`, and which component or section that is about."""
        name = str(path[1]) if path[:1] == ("components",) and len(path) > 1 else str(path[0]) if path else ""
        self.refused[name] = None
        self.problems.append(Problem(Location(self.file), message))


def _depth(value: Any, path: KeyPath) -> int:
    for depth, step in enumerate(path):
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            return depth
    return len(path)


def _mark(place: Location) -> Mark:
    return Mark(place.file, place.line - 1, place.column - 1, place.end_line - 1, place.end_column - 1)


def empty(file: str, sources: dict[str, str]) -> LiftedDocument:
    """A document without components yet."""
    value: dict[str, Any] = {"archproof": 1, "system": {}, "components": {}}
    return LiftedDocument(file, value, Mark(file, 0, 0, 0, 0), sources=sources)
