"""What of a live resource nobody needs to have declared: what is read-only, empty, or set by AWS itself."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from archproof.drift.lists import entry_name, entry_value, is_map
from archproof.drift.policies import document
from archproof.drift.scalars import as_number, canonical
from archproof.facts import RegistrySchema, Shape
from archproof.facts._defaults import ANY, defaults_beside, service_defaults
from archproof.facts._registry import Trail

OFF = frozenset({"none", "disabled", "off", "no", "false", "0", "0.0", "disable", "inactive", "not_enabled"})
_MADE = re.compile(r"^[A-Za-z][\w-]*-[A-Za-z0-9]{10,16}$")
"""A physical name that CloudFormation makes of stack, logical id and chance."""
_NAMES = re.compile(r"(Name|Identifier|Id|Arn)$")
_CHOSEN = re.compile(
    r"(Window|MaintenanceStartTime|Version|VersionId|CreatedAt|UpdatedAt|Timestamp|CreationDate|CreationTime|ModifiedTime|Revision)$"
)
"""What AWS picks, or moves on, by itself: versions, maintenance windows, moments."""
_ITS_OWN = re.compile(
    r":role/aws-service-role/|(^|:)alias/aws/|^default[.:]|^AWS_OWNED_|^(DEFAULT|default|LATEST|STANDARD|Standard)$"
)
"""Values that name what AWS keeps for everyone."""
_STATES = frozenset({"active", "enabled", "available", "create_complete", "ready", "running", "issued"})


def empty(value: Any) -> bool:
    """Whether a value says nothing: absent, empty, or an object of nothing but such."""
    if not value:
        # neither false nor zero is nothing
        return value is None or isinstance(value, str | list | dict)
    return isinstance(value, dict) and all(empty(v) for v in value.values())


def off(value: Any) -> bool:
    """Whether a value says what its absence says: empty, false, zero, or a word for 'not in use'."""
    if value is None or isinstance(value, bool | int | float):
        return not value
    if isinstance(value, str):
        return value == "" or value.lower() in OFF
    if isinstance(value, dict):
        return all(off(v) for v in value.values())
    return isinstance(value, list) and not value


def within(trail: Trail, trails: frozenset[Trail]) -> bool:
    """Whether a trail or one that it lies in is among some."""
    return bool(trails) and any(trail[:n] in trails for n in range(1, len(trail) + 1))


def is_aws_tag(value: Any) -> bool:
    """Whether a tag is one that AWS sets, which nobody may."""
    if not isinstance(value, dict):
        return False
    key = value.get("Key", value.get("TagKey", value.get("key")))
    return isinstance(key, str) and key.startswith(("aws:", "AWS:"))


class Defaults:
    """What AWS sets on the resources of one type."""

    __slots__ = ("_beside", "_rows", "_schema", "_silent", "_tops")

    def __init__(self, type: str, schema: RegistrySchema | None) -> None:
        self._schema = schema
        self._rows = service_defaults(type)
        self._beside = defaults_beside(type)
        self._silent: dict[Trail, bool] = {}
        self._tops: dict[str, bool] = {}

    def is_default(self, trail: Trail, value: Any, shape: Shape | None) -> bool:
        """Whether a live value is one that AWS sets by itself, as far as a rule or the table tells."""
        if self.never_declared(trail) or empty(value):
            return True
        known = self._rows.get(trail)
        if known is not None and any(k is ANY or _equal(k, value) for k in known):
            return True
        if shape is not None and shape.default is not None:
            return _equal(shape.default, value)
        return known is None and (_is_chosen(trail, value) if isinstance(value, str) else off(value))

    def rest(
        self, live: Any, shape: Shape | None, trail: Trail, beside: Mapping[str, Any] = MappingProxyType({})
    ) -> Any:
        """What of a live value is no default; `beside` is what is declared in the same object."""
        if self.is_default(trail, live, shape):
            return None
        if any(name in beside and _follows(value, beside[name], live) for value, name in self._beside.get(trail, ())):
            return None
        if isinstance(live, list):
            return self._entries(live, shape.item if shape else None, trail)
        if not isinstance(live, dict):
            return live
        left = {}
        for name, value in live.items():
            if not name.startswith("aws:"):
                rest = self.rest(value, shape.child(name) if shape else None, (*trail, name))
                if not empty(rest):
                    left[name] = rest
        return left

    def _entries(self, live: list[Any], shape: Shape | None, trail: Trail) -> list[Any]:
        """What of the entries of a live list is no default."""
        if is_map(live):
            named = [(one, (*trail, entry_name(one))) for one in live if not is_aws_tag(one)]
            return [one for one, here in named if not self.is_default(here, entry_value(one), None)]
        if not all(isinstance(one, dict) for one in live):
            return [] if all(off(one) and not isinstance(one, str) for one in live) else live
        rest = [self.rest(one, shape, trail) for one in live]
        return [one for one in rest if not empty(one)]

    def is_known(self, trail: Trail, value: Any, shape: Shape | None) -> bool:
        """Whether a value is the one default that the table or the registry has, which AWS may leave out."""
        if any(k is not ANY and _equal(k, value) for k in self._rows.get(trail, ())):
            return True
        return shape is not None and shape.default is not None and _equal(shape.default, value)

    def never_declared(self, trail: Trail) -> bool:
        """Whether a property is not for people to set, or was AWS's choice when it made the resource."""
        try:
            return self._silent[trail]
        except KeyError:
            found = self._silent[trail] = self._fixed(trail)
            return found

    def _fixed(self, trail: Trail) -> bool:
        schema = self._schema
        if schema is None:
            return False
        if within(trail, schema.read_only) or within(trail, schema.deprecated):
            return True
        # what cannot change while the resource lives was chosen by AWS when nobody did
        return within(trail, schema.create_only) or trail in schema.identifier

    def silent(self, name: str) -> bool:
        """Whether nothing need be said of a top-level property that is not declared."""
        found = self._tops.get(name)
        if found is None:
            found = self._tops[name] = self.never_declared((name,)) or self.unknown(name)
        return found

    def unknown(self, name: str) -> bool:
        """Whether a top-level property is none of the type's, so that nobody could declare it."""
        return self._schema is not None and self._schema.root.child(name) is None and bool(self._schema.root.names)


def _follows(known: Any, beside: Any, live: Any) -> bool:
    """Whether a live value is the default that what is declared beside it brings: a value, or so many times that."""
    share = str(known).removesuffix(" times") if isinstance(known, str) and known.endswith(" times") else None
    if share is None:
        return _equal(known, live)
    number, other = as_number(live), as_number(beside)
    return number is not None and other is not None and int(float(other) * float(share)) == int(float(number))


def _is_chosen(trail: Trail, value: str) -> bool:
    """Whether a text is one that AWS picks, or a word for what is so from the start."""
    name = trail[-1]
    if name in ("State", "Status"):
        # one that is switched off was switched off by someone
        return value.lower() in _STATES
    if off(value) or _CHOSEN.search(name) or _ITS_OWN.search(value):
        return True
    return len(trail) == 1 and bool(_NAMES.search(name)) and bool(_MADE.match(value))


def _equal(known: Any, value: Any) -> bool:
    """Compare a known default with a live value: numbers as text, lists in any order, nothing beside what is empty."""
    if isinstance(known, dict) and isinstance(value, str):
        value = document(value) or value
    if isinstance(known, dict) and isinstance(value, dict):
        names = known.keys() | value.keys()
        return all(
            _equal(known[n], value[n]) if n in known and n in value else off(known.get(n)) and off(value.get(n))
            for n in names
        )
    if isinstance(known, list) and isinstance(value, list):
        rest = list(value)
        for one in known:
            at = next((i for i, other in enumerate(rest) if _equal(one, other)), None)
            if at is None:
                return False
            del rest[at]
        return not rest
    if isinstance(known, dict | list) or isinstance(value, dict | list):
        return False
    if isinstance(known, str) and "::*:" in known and isinstance(value, str):
        # of any account
        before, _, after = known.partition("::*:")
        return value.startswith(f"{before}::") and value.endswith(f":{after}")
    if known == value or canonical(known) == canonical(value):
        return True
    number = as_number(known)
    return number is not None and number == as_number(value)
