"""The live resources by everything that names them: ids, ARNs, URLs, names."""

from __future__ import annotations

import functools
import json
from collections.abc import Hashable
from typing import Any

from archproof.drift import described
from archproof.drift.described import Described
from archproof.iam.names import Names
from archproof.resources.evaluation import MISSING
from archproof.sources.live import Live

_SUFFIXES = ("Identifier", "Name", "Arn", "ARN", "Ids", "Id", "Url", "s")


class Things:
    """Which live resource a text names."""

    def __init__(self, live: Live) -> None:
        from archproof.drift.resolving import attribute_of

        self.live = live
        self._by_text: dict[str, list[str]] = {}
        self._of_noun: dict[tuple[str, tuple[str, ...], str], list[str]] = {}
        names = Names(live.resources)
        for resource in live.resources:
            id = resource.logical_id
            for text in (resource.physical_id, resource.address, *live.attributes.get(id, {}).values()):
                self._name(text, id)
            arn = attribute_of(live, id, "Arn", names)
            self._name(None if arn is MISSING else arn, id)

    def _name(self, text: Any, id: str) -> None:
        if isinstance(text, str) and text:
            held = self._by_text.setdefault(text, [])
            if id not in held:
                held.append(id)

    def named(self, text: Any, *types: str, property: str = "") -> list[str]:
        """The live resources that a text names, of these types where some are given.

        Where it is the name of several, those of the type that the property speaks of (`FunctionName`).
        """
        found = self._by_text.get(text, []) if isinstance(text, str) else []
        if not found and isinstance(text, str) and isinstance(self.live, Described):
            logical_id = described.named(text)
            found = [logical_id] if logical_id is not None and logical_id in self.live.resources else []
        if types:
            found = [id for id in found if self.live.resources[id].type in types]
        if len(found) > 1 and property:
            return self._spoken(text, found, types, _noun(property))
        return found

    def _spoken(self, text: str, found: list[str], types: tuple[str, ...], noun: str) -> list[str]:
        """Those of a type that a noun speaks of, else all; worked out once, since many things may be in one VPC."""
        key = text, types, noun
        known = self._of_noun.get(key)
        if known is None:
            spoken = [id for id in found if self.live.resources[id].type.rpartition("::")[2].endswith(noun)]
            known = self._of_noun[key] = spoken or found
        return known

    def canonical(self, value: Any, property: str = "") -> Hashable:
        """A value in a form in which two ways to name one thing are equal."""
        if isinstance(value, str):
            found = self.named(value, property=property)
            return ("is", found[0]) if len(found) == 1 else value.lower().rstrip("./")
        if isinstance(value, bool):
            return str(value).lower()
        if isinstance(value, int | float):
            return f"{value:g}" if isinstance(value, float) else str(value)
        if isinstance(value, list):
            parts = [self.canonical(item, property) for item in value]
            return parts[0] if len(parts) == 1 else tuple(sorted(parts, key=repr))
        return json.dumps(value, sort_keys=True, default=str)


@functools.cache
def _noun(property: str) -> str:
    """What a property names, as the end of a type: `Function` of `FunctionName`."""
    for suffix in _SUFFIXES:
        if property.endswith(suffix) and property != suffix:
            return property.removesuffix(suffix)
    return property
