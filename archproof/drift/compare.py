"""One resource compared property by property: what is declared against what is live, in CloudFormation's shape.

Equal values are told at once; only what differs is looked at closer, by what the registry says of it and by how AWS
writes such values. Of what nobody can tell it is said that it is unread, and why.
"""

from __future__ import annotations

import functools
from collections.abc import Collection, Mapping
from typing import Any

from archproof.drift import placeholders
from archproof.drift.defaults import Defaults, empty, is_aws_tag, off, within
from archproof.drift.differences import PropertyDrift, ResourceDrift
from archproof.drift.elsewhere import (
    as_maps,
    inside,
    is_any_port,
    mirrored,
    said,
    spelt,
    substituted,
    twin,
    untwinned,
)
from archproof.drift.key_aliases import Keys
from archproof.drift.lists import (
    ALIKE,
    DIFFERENT,
    SAME,
    Pairs,
    entry_name,
    entry_value,
    is_map,
    is_ordered,
    is_own,
    pairs,
)
from archproof.drift.policies import document, is_policy, parsed_like, plain_policy
from archproof.drift.scalars import ALIAS, same
from archproof.drift.transforms import transformed
from archproof.facts import RegistrySchema, Shape, registry_schema, secret_fields
from archproof.facts._defaults import reading_gaps
from archproof.facts._registry import Trail
from archproof.resources.resource import Path
from archproof.sources.hiding import is_hidden
from archproof.sources.hiding import same as hidden_same

WRITE_ONLY = "is write-only: AWS never returns it"
FIXED = "cannot be changed while the resource lives, and reading the resource does not return it"
REQUIRED = "is required, and reading the resource does not return it"
NOT_LOOKED = "was not looked for"
_DEEPEST = 60


def compare(
    resource_type: str, declared: Mapping[str, Any], live: Mapping[str, Any], looked: Collection[str] | None = None,
    keys: Keys | None = None,
) -> ResourceDrift:  # fmt: skip
    """Compare the declared properties of a resource with the live ones.

    looked: the top-level properties that reading looked for, where that is known: what is absent without having been
    looked for is unread. Without it, what is absent counts as absent unless the registry or the table of reading gaps
    says that reading never returns it.
    keys: what the aliases of keys stand for where the resource is; without them an alias and a key are unread.
    """
    drift = ResourceDrift()
    _Comparison(_type(resource_type), drift, looked, keys=keys).properties(declared, live)
    return drift


class _Type:
    """What is known of a resource type, found once."""

    __slots__ = ("defaults", "gaps", "schema")

    def __init__(self, name: str) -> None:
        self.schema: RegistrySchema | None = registry_schema(name)
        self.defaults = Defaults(name, self.schema)
        self.gaps = reading_gaps(name)


_type = functools.lru_cache(maxsize=4096)(_Type)


class _Comparison:
    """One run over the two sides of a resource, or of a part of it."""

    __slots__ = ("drift", "keys", "looked", "text", "type", "whole")

    def __init__(
        self,
        type: _Type,
        drift: ResourceDrift,
        looked: Collection[str] | None = None,
        *,
        whole: bool = False,
        text: bool = False,
        keys: Keys | None = None,
    ) -> None:
        self.type = type
        self.keys = keys
        self.drift = drift
        self.looked = looked
        self.whole = whole
        """Whether it is a policy, which is stated as a whole, so that any more in it is a difference."""
        self.text = text
        """Whether it is a document in a text, which AWS keeps in its order."""

    def properties(self, declared: Mapping[str, Any], live: Mapping[str, Any]) -> None:
        """Compare the two sides of a whole resource."""
        schema, drift = self.type.schema, self.drift
        if "DefinitionSubstitutions" in declared:
            declared = substituted(declared)
        root = schema.root if schema else None
        for name, value in declared.items():
            here = live.get(name)
            if here is None:
                self._absent(value, root.child(name) if root else None, (name,), (name,), live, root)
            elif value != here:
                self._value(value, here, root.child(name) if root else None, (name,), (name,))
        defaults = self.type.defaults
        for name, here in live.items():
            if name in declared or defaults.silent(name) or empty(here):
                continue
            if (name.endswith("String") or name.startswith("Extended")) and untwinned(name) in declared:
                continue
            self._extra(here, root.child(name) if root else None, (name,), (name,), declared)
        if drift.undeclared:
            drift.undeclared.sort(key=lambda d: d.property)

    def _object(
        self, declared: dict[str, Any], live: dict[str, Any], shape: Shape | None, path: Path, trail: Trail
    ) -> None:
        """Compare two objects name by name."""
        if len(path) > _DEEPEST:
            self._declared(path, declared, live)
            return
        for name, value in declared.items():
            here = live.get(name)
            child = shape.child(name) if shape else None
            if here is None:
                self._absent(value, child, (*path, name), (*trail, name), live, shape)
            elif value == here:
                continue
            elif is_hidden(here) or is_hidden(value):
                self._hidden(value, here, declared, (*path, name))
            else:
                self._value(value, here, child, (*path, name), (*trail, name))
        own = is_own(path[-1], declared) and (shape is None or shape.free or not shape.names)
        for name, here in live.items():
            if name in declared or spelt(name, declared):
                continue
            if own and not name.startswith("aws:"):
                self._declared((*path, name), None, here)
            else:
                self._extra(here, shape.child(name) if shape else None, (*path, name), (*trail, name), declared)

    def _hidden(self, declared: Any, live: Any, holder: dict[str, Any], path: Path) -> None:
        """Compare a value with what stands for one in a snapshot."""
        name = str(holder.get("Name", path[-1]) if path[-1] == "Value" else path[-1])
        why = placeholders.unresolved(declared)
        if why:
            self._unread(path, declared, why)
        elif not (hidden_same(name, declared, live) if is_hidden(live) else hidden_same(name, live, declared)):
            self._declared(path, declared, live)

    def _value(self, declared: Any, live: Any, shape: Shape | None, path: Path, trail: Trail) -> None:
        """Compare two values that are not equal as they stand."""
        if placeholders.removed(declared):
            self._extra(live, shape, path, trail)
            return
        why = placeholders.unresolved(declared) or placeholders.masked(live)
        if why:
            self._unread(path, declared, why)
            return
        if isinstance(declared, dict | list) or isinstance(live, dict | list):
            self._structure(declared, live, shape, path, trail)
            return
        gap = self.type.gaps.get(trail)
        if gap and gap[0] == "pointer":
            self._unread(path, declared, gap[1])
            return
        if isinstance(declared, str) and isinstance(live, str) and self._documents(declared, live, path, trail):
            return
        self._scalar(declared, live, shape, path, trail)

    def _scalar(self, declared: Any, live: Any, shape: Shape | None, path: Path, trail: Trail) -> None:
        """Compare two single values that are not equal as they stand."""
        schema = self.type.schema
        fixed = schema is not None and within(trail, schema.create_only)
        words = shape is not None and shape.enumerated
        number = shape is not None and shape.kinds in ("n", "i", "in")
        found = same(declared, live, trail[-1], words=words, fixed=fixed, number=number)
        if found == ALIAS and self.keys is not None:
            found = self.keys.same(declared, live)
        if found is True:
            return
        if schema is not None and trail in schema.transforms and transformed(schema.transforms[trail], declared, live):
            return
        if isinstance(declared, str) and isinstance(live, str) and placeholders.lossy(declared, live):
            found = placeholders.LOSSY
        if isinstance(found, str):
            self._unread(path, declared, found)
        else:
            self._declared(path, declared, live)

    def _structure(self, declared: Any, live: Any, shape: Shape | None, path: Path, trail: Trail) -> None:
        """Compare two values of which one at least is an object or a list."""
        if isinstance(declared, str) and isinstance(live, dict | list):
            declared = parsed_like(declared, live)
        elif isinstance(live, str) and isinstance(declared, dict | list):
            parsed = parsed_like(live, declared)
            if isinstance(parsed, dict | list):
                self._part(declared, parsed, path, trail)
                return
        declared, live = as_maps(declared, live)
        if isinstance(declared, list) and not isinstance(live, dict | list):
            live = [live]
        elif isinstance(live, list) and not isinstance(declared, dict | list):
            declared = [declared]
        if isinstance(declared, dict) and isinstance(live, dict):
            if not self.whole and is_policy(declared) and is_policy(live):
                _Comparison(self.type, self.drift, whole=True, keys=self.keys)._object(
                    plain_policy(declared), plain_policy(live), None, path, trail
                )
            else:
                self._object(declared, live, shape, path, trail)
        elif isinstance(declared, list) and isinstance(live, list):
            self._list(declared, live, shape, path, trail)
        elif not (empty(declared) and empty(live)):
            self._declared(path, declared, live)

    def _documents(self, declared: str, live: str, path: Path, trail: Trail) -> bool:
        """Compare two texts as documents where both are in JSON; tell whether they are."""
        one = document(declared)
        other = document(live) if one is not None else None
        if other is None or type(one) is not type(other):
            return False
        self._part(one, other, path, trail, (declared, live))
        return True

    def _part(self, declared: Any, live: Any, path: Path, trail: Trail, texts: tuple[str, str] | None = None) -> None:
        """Compare two documents as wholes; what differs within a text is told of the text."""
        found = ResourceDrift()
        policy = is_policy(declared) and is_policy(live)
        if policy:
            declared, live = plain_policy(declared), plain_policy(live)
        if declared != live:
            _Comparison(self.type, found, whole=policy, text=not policy, keys=self.keys)._structure(
                declared, live, None, path, trail
            )
        if not texts:
            self._add(found)
        elif found.declared:
            self._declared(path, *texts)
        elif found.undeclared or found.unread:
            self.drift.undeclared += [PropertyDrift(path, None, texts[1])] if found.undeclared else []
            self.drift.unread += [PropertyDrift(path, texts[0], None, found.unread[0].why)] if found.unread else []

    def _add(self, found: ResourceDrift) -> None:
        self.drift.declared += found.declared
        self.drift.undeclared += found.undeclared
        self.drift.unread += found.unread

    def _list(self, declared: list[Any], live: list[Any], shape: Shape | None, path: Path, trail: Trail) -> None:
        """Compare two lists, by place or as sets."""
        tags = not self.whole and is_map([*declared, *live])
        items = [one for one in live if not is_aws_tag(one)] if tags else live
        declared = [one for one in declared if not is_aws_tag(one)] if tags else declared
        item = shape.item if shape else None
        ordered = not tags and not self.whole and (self.text or is_ordered(trail, declared, items, shape))
        found: Pairs = pairs(declared, items, ordered, lambda a, b: self._alike(a, b, item, trail))
        for d, at in found.together:
            if declared[d] != items[at]:
                self._value(declared[d], items[at], item, (*path, d), trail)
        self._lone(found, declared, items, path, trail, tags)

    def _lone(self, found: Pairs, declared: list[Any], live: list[Any], path: Path, trail: Trail, tags: bool) -> None:
        """Tell of the entries of two lists that have no partner."""
        unknown = [d for d in found.declared if placeholders.unresolved(declared[d])]
        for d in unknown:
            if not placeholders.removed(declared[d]):
                self._unread((*path, d), declared[d], placeholders.unresolved(declared[d]))
        # a function may stand for any of the live entries, or for several
        extra = [] if unknown else found.live
        missing = [d for d in found.declared if d not in unknown and not empty(declared[d])]
        schema = self.type.schema
        # what cannot change while the resource lives may hold more than was asked for, but never since
        fixed = schema is not None and not self.whole and within(trail, schema.create_only)
        grows = fixed or self.type.gaps.get(trail, ("",))[0] == "grows"
        if not grows and (extra or missing) and all(_single(v) for v in (*declared, *live)):
            self._declared(path, declared, live)
            return
        for d in missing:
            self._declared((*path, d), declared[d], None)
        # what nobody declared stands after what was: its place among the live entries is another entry's here
        for place, at in enumerate([] if grows else extra, len(declared)):
            if tags and not is_own(trail[-1], declared):
                self._extra(entry_value(live[at]), None, (*path, place), (*trail, entry_name(live[at])))
            elif not empty(live[at]):
                self._declared((*path, place), None, live[at])

    def _alike(self, declared: Any, live: Any, shape: Shape | None, trail: Trail) -> int:
        """Say whether two entries of a list are the same, the same as far as anyone can tell, or different."""
        if declared == live:
            return SAME
        if isinstance(declared, dict | list) != isinstance(live, dict | list) and not placeholders.unresolved(declared):
            return DIFFERENT
        found = ResourceDrift()
        _Comparison(self.type, found, whole=self.whole, text=self.text, keys=self.keys)._value(
            declared, live, shape, ("",), trail
        )
        if found.declared:
            return DIFFERENT
        return ALIKE if found.unread or found.undeclared else SAME

    def _absent(
        self,
        declared: Any,
        shape: Shape | None,
        path: Path,
        trail: Trail,
        parent: Mapping[str, Any],
        holder: Shape | None,
    ) -> None:
        """Judge what is declared and not there."""
        if empty(declared) or placeholders.removed(declared):
            return
        other = spelt(trail[-1], parent)
        if other:
            self._value(declared, parent[other], shape, path, trail)
            return
        if isinstance(declared, list) and len(path) > 1 and (deeper := inside(trail[-1], parent)) is not None:
            self._value(declared, deeper, shape, path, trail)
            return
        why = self._unreadable(trail, holder, path)
        if why and not self.text and (other := twin(trail[-1], parent)):
            self._structure(declared, parent[other], None, path, trail)
            return
        if not why and isinstance(declared, dict) and not placeholders.unresolved(declared):
            declared = self._readable_part(declared, shape, path, trail)
        if why in ("", FIXED, REQUIRED) and (
            off(declared) or self._is_default(declared, trail, shape) or is_any_port(trail[-1], parent)
        ):
            return
        if not why and self.whole and trail[-1] in ("Sid", "Id"):
            return
        why = why or placeholders.unresolved(declared)
        if why:
            self._unread(path, declared, why)
        elif not (isinstance(declared, str) and said(declared, parent)):
            self._declared(path, declared, None)

    def _unreadable(self, trail: Trail, holder: Shape | None, path: Path) -> str:
        """Say why a property that is not there says nothing; an empty text where its absence counts."""
        gap = self.type.gaps.get(trail)
        if gap and gap[0] == "unread":
            return gap[1]
        schema = self.type.schema
        if schema is not None and not self.whole:
            if within(trail, schema.write_only):
                return WRITE_ONLY
            if within(trail, schema.create_only) or within(trail, schema.conditional_create_only):
                return FIXED
            if holder is not None and trail[-1] in holder.required:
                return REQUIRED
        if not self.whole and not self.text and _is_secret(trail[-1]):
            return WRITE_ONLY
        return NOT_LOOKED if self.looked is not None and path[0] not in self.looked else ""

    def _readable_part(self, declared: dict[str, Any], shape: Shape | None, path: Path, trail: Trail) -> dict[str, Any]:
        """What of an object that is not there could have been read; the rest is told as unread."""
        schema = self.type.schema
        if schema is None or self.whole or not schema.write_only:
            return declared
        kept: dict[str, Any] = {}
        for name, value in declared.items():
            here = (*trail, name)
            if here in schema.write_only:
                self._unread((*path, name), value, WRITE_ONLY)
            elif isinstance(value, dict) and not placeholders.unresolved(value):
                kept[name] = self._readable_part(value, shape.child(name) if shape else None, (*path, name), here)
            else:
                kept[name] = value
        return kept

    def _is_default(self, declared: Any, trail: Trail, shape: Shape | None) -> bool:
        """Whether a declared value is what AWS has where it returns nothing."""
        return not self.whole and self.type.defaults.is_known(trail, declared, shape)

    def _extra(
        self, live: Any, shape: Shape | None, path: Path, trail: Trail, beside: Mapping[str, Any] | None = None
    ) -> None:
        """Judge what is there and not declared; `beside` is what is declared in the same object."""
        if empty(live) or trail[-1].startswith("aws:"):
            return
        if self.whole:
            if trail[-1] not in ("Sid", "Id", "Version") and not off(live):
                self._declared(path, None, live)
            return
        rest = self.type.defaults.rest(live, shape, trail, beside or {})
        if not empty(rest) and not (beside and mirrored(rest, beside)):
            self.drift.undeclared.append(PropertyDrift(path, None, live))

    def _declared(self, path: Path, declared: Any, live: Any) -> None:
        self.drift.declared.append(PropertyDrift(path, declared, live))

    def _unread(self, path: Path, declared: Any, why: str) -> None:
        self.drift.unread.append(PropertyDrift(path, declared, None, why))


@functools.cache
def _is_secret(name: str) -> bool:
    """Whether a property holds what nobody is ever told: a password, a token."""
    field = secret_fields().get(name)
    return field is not None and field.treatment == "drop"


def _single(value: Any) -> bool:
    return not isinstance(value, dict | list) or bool(placeholders.unresolved(value))
