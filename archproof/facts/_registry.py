"""The registry's schemas of AWS's resource types, as packed by the build: one type is read in a moment.

Paths are trails: names from the top, without the steps into a list (`("Rules", "Name")`), since the registry writes
those steps or leaves them out as it pleases.
"""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Any

from archproof.facts._table import UnknownFactError

Trail = tuple[str, ...]
FOLDER = Path(__file__).parent.parent / "_assets" / "registry"


class Shape:
    """What the registry says of a value. Nothing of it is read before it is asked for."""

    __slots__ = ("_children", "_definitions", "_item", "_parts", "_raw", "kinds", "ordered", "required", "unique")

    def __init__(self, raw: dict[str, Any], definitions: dict[str, Any]) -> None:
        self._raw = raw
        self._definitions = definitions
        self._parts = _branches(raw, definitions)
        self._children: dict[str, Shape | None] = {}
        self._item: Shape | None = None
        self.kinds: str = raw.get("t", "")
        """Letters: `s` text, `i` integer, `n` number, `b` boolean, `a` list, `o` object; empty if unknown."""
        self.ordered: bool | None = raw.get("o")
        """Whether the order of a list counts; None where the registry says nothing."""
        self.unique: bool | None = raw.get("u")
        self.required: frozenset[str] = frozenset(raw.get("q", ()))

    @property
    def default(self) -> Any:
        """The registry's own default; None where it has none."""
        return self._raw.get("v")

    @property
    def format(self) -> str:
        """The registry's format (`AWS::IAM::Role.Arn`, `ipv4-network`, `json`), or an empty text."""
        return str(self._raw.get("f", ""))

    @property
    def enumerated(self) -> bool:
        """Whether the values are a closed list of words."""
        return "e" in self._raw

    @property
    def names(self) -> tuple[str, ...]:
        """The properties of an object that the registry knows by name."""
        return tuple(name for part in self._parts for name in part.get("p", ()))

    @property
    def free(self) -> bool:
        """Whether the value is a map whose keys are the user's own."""
        return "m" in self._raw and not self._raw.get("p")

    def child(self, name: str) -> Shape | None:
        """The shape of a property, or of a value of a free map; None where nothing is known."""
        try:
            return self._children[name]
        except KeyError:
            found = self._children[name] = self._find(name)
            return found

    def _find(self, name: str) -> Shape | None:
        for part in self._parts:
            raw = part.get("p", {}).get(name)
            if raw is not None:
                return Shape(_resolved(raw, self._definitions), self._definitions)
        values = self._raw.get("m")
        return None if values is None else Shape(_resolved(values, self._definitions), self._definitions)

    @property
    def item(self) -> Shape | None:
        """The shape of a list's items; None where nothing is known."""
        if self._item is None and "i" in self._raw:
            self._item = Shape(_resolved(self._raw["i"], self._definitions), self._definitions)
        return self._item


class RegistrySchema:
    """The schema of one resource type."""

    __slots__ = (
        "_entry",
        "conditional_create_only",
        "create_only",
        "deprecated",
        "identifier",
        "read_only",
        "root",
        "tagging",
        "transforms",
        "type",
        "write_only",
    )

    def __init__(self, type: str, entry: dict[str, Any]) -> None:
        self.type = type
        self._entry = entry
        self.root = Shape(entry["s"], entry.get("d", {}))
        self.read_only = _trails(entry, "ro")
        self.write_only = _trails(entry, "wo")
        self.create_only = _trails(entry, "co")
        self.conditional_create_only = _trails(entry, "cc")
        self.deprecated = _trails(entry, "dep")
        self.identifier: tuple[Trail, ...] = tuple(trail(path) for path in entry.get("id", ()))
        """The properties that make the primary identifier, in its order."""
        self.transforms: dict[Trail, str] = {trail(path): rule for path, rule in entry.get("tr", {}).items()}
        """By trail: the rule (JSONata) by which AWS turns what was declared into what is read."""
        self.tagging: str = entry.get("tag", "")
        """The property that holds the tags; empty where the type has none."""

    @property
    def read_permissions(self) -> tuple[str, ...]:
        """The actions that reading one resource needs; empty where the registry has no such handler."""
        return tuple(self._entry.get("h", {}).get("read", ()))

    @property
    def list_permissions(self) -> tuple[str, ...]:
        """The actions that listing the resources needs; empty where the registry has no such handler."""
        return tuple(self._entry.get("h", {}).get("list", ()))

    @property
    def readable(self) -> bool:
        """Whether Cloud Control can read one resource of the type."""
        return "read" in self._entry.get("h", {})

    @property
    def listable(self) -> bool:
        """Whether Cloud Control can list the resources of the type."""
        return "list" in self._entry.get("h", {})


def trail(path: str) -> Trail:
    """A registry path (`Rules/*/Name`) as the names from the top."""
    return tuple(step for step in path.split("/") if step != "*")


def _trails(entry: dict[str, Any], key: str) -> frozenset[Trail]:
    return frozenset(trail(path) for path in entry.get(key, ()))


def _resolved(raw: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    """The details behind a word or a reference; nothing for a reference that leads nowhere or in a circle."""
    for _ in range(8):
        if not isinstance(raw, str):
            break
        raw = definitions.get(raw[1:], {}) if raw.startswith("#") else {"t": raw.replace("x", "")}
    return raw if isinstance(raw, dict) else {}


def _branches(raw: dict[str, Any], definitions: dict[str, Any]) -> list[dict[str, Any]]:
    """A shape and the alternatives it refers to, each once."""
    found, seen = [raw], set()
    for one in found:
        for name in one.get("r", ()):
            if name not in seen:
                seen.add(name)
                found.append(_resolved(name, definitions))
    return found


@functools.cache
def _index() -> dict[str, list[int]]:
    file = FOLDER / "index.json"
    if not file.is_file():
        raise UnknownFactError(
            "registry",
            "index.json",
            (),
            "the schemas of AWS's resource types are missing from this installation: "
            "the build packs them (from a checkout: pip install -e .)",
        )
    found: dict[str, list[int]] = json.loads(file.read_bytes())["types"]
    return found


def registry_types() -> tuple[str, ...]:
    """Every resource type of the registry, in order."""
    return tuple(_index())


@functools.cache
def registry_schema(type: str) -> RegistrySchema | None:
    """Return the schema of a resource type, or None where the registry does not know the type.

    Raises UnknownFactError where the installation holds no schemas at all.
    """
    place = _index().get(type)
    if place is None:
        return None
    with (FOLDER / "types.jsonl").open("rb") as file:
        file.seek(place[0])
        return RegistrySchema(type, json.loads(file.read(place[1])))
