"""Accepting what is live: the model's text with the live value in place of the declared one.

Nothing is guessed. A change is tried in the field that says the property, in every unit that it may have, then as
CloudFormation's own property; it stays only where the model that is changed declares what is live, and where nothing
else of it differs from what is live that did not before.
"""

from __future__ import annotations

import copy
import typing
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from archproof.drift.differences import Comparison, Difference, PropertyDrift
from archproof.drift.masking import masked
from archproof.errors import InputError
from archproof.model import document as documents
from archproof.model.architecture import Architecture, resolve
from archproof.model.document import KeyPath
from archproof.model.edits import Edits, patch, written
from archproof.resources.resource import Path, Resource, Resources
from archproof.sources.hiding import is_hidden

Compare = Callable[[Architecture], Comparison]
_UNITS = (60, 3600, 86400, 1000, 1024, 1024 * 1024, 1024 * 1024 * 1024)
"""What the units of fields come to in those of CloudFormation: `retention_days: 4` is 345600 seconds."""
_NETWORK = ("subnets", "security_groups", "network_acls")
_LISTS = ("SecurityGroupIngress", "SecurityGroupEgress")
"""Lists of which one entry more is told without its place."""
_FROM_LINKS = (*_LISTS, "Policies", "ManagedPolicyArns", "PolicyDocument")
"""What links make: written as a whole it would not follow them any more."""
_GONE = object()
"""In place of a value: the key goes."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """A difference that the model does not show any more."""

    difference: Difference
    path: KeyPath
    """What was changed: `("components", "orders", "visibility_s")`."""
    value: str | None
    """What stands there now, as YAML's flow style writes it; None where it went."""

    @property
    def sentence(self) -> str:
        """What was accepted, and where."""
        name = ".".join(map(str, self.path[1:]))
        said = f"{name} is {self.value}" if self.value is not None else f"{name} is gone"
        return f"{self.difference.resource} {self.difference.drift.property}: {said}"


@dataclass(slots=True)
class Acceptance:
    """The texts with what is live, and what was not accepted."""

    before: Mapping[str, str]
    after: Mapping[str, str]
    accepted: list[Accepted] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)
    """What was not accepted, and why."""
    left: Comparison | None = None
    """What still differs."""

    def patch(self) -> str:
        """A unified diff of all files; empty where nothing changes."""
        return patch(self.before, self.after)


@dataclass(frozen=True, slots=True)
class _Try:
    """A change that may say what is live."""

    path: KeyPath
    value: Any


def accept(
    architecture: Architecture, comparison: Comparison, wanted: Iterable[Difference], compare: Compare, live: Resources
) -> Acceptance:
    """Write the live values of `wanted` differences into the texts of a model, as far as that can be done.

    `compare` tells what differs for a model that is changed, `live` is what it is compared with.
    """
    search = _Search(architecture, comparison, compare, live)
    found = Acceptance(search.texts, search.texts)
    for difference in wanted:
        if _key(difference) not in _told(search.comparison):
            continue  # it went with one before it
        why = search.refusal(difference) or search.accept(difference, found)
        if why:
            found.refused.append((f"{difference.resource} {difference.drift.property}".strip(), why))
    found.after, found.left = search.texts, search.comparison
    return found


class _Search:
    """The texts so far, and what differs for them."""

    def __init__(self, architecture: Architecture, comparison: Comparison, compare: Compare, live: Resources) -> None:
        from archproof.resources.lowering import lower

        self.compare = compare
        self.live = live
        self.comparison = comparison
        self.file = architecture.document.file
        self.environment = architecture.environment
        self.texts: Mapping[str, str] = dict(architecture.document.sources)
        self.architecture = architecture
        self.resources: Resources = lower(architecture)

    def refusal(self, d: Difference) -> str:
        """Why the live value of a difference can never be written; empty where it can."""
        resource = self.resources.all.get(d.resource)
        if resource is None or not d.drift.path:
            return "it is no property of a resource of the model"
        if _holds_hidden(d.drift.actual):
            return "the live value is hidden; --with-values reads it"
        if _holds_secret(d, d.drift.path, d.drift.actual):
            return "it is a secret, which no model holds"
        return ""

    def accept(self, d: Difference, found: Acceptance) -> str:
        """Take the first change that does it. Returns why none does; empty where one did."""
        resource = self.resources[d.resource]
        for attempt in self._tries(resource, d):
            texts = self._changed(attempt)
            if texts is None or texts == self.texts:
                continue
            try:
                architecture = resolve(documents.read(self.file, texts), self.environment)
                if architecture.document.problems:
                    continue
                if self._does(architecture, d, texts):
                    value = None if attempt.value is _GONE else written(attempt.value)
                    found.accepted.append(Accepted(d, attempt.path, value))
                    return ""
            except InputError:
                continue
        return self._why_not(resource, d)

    def _does(self, architecture: Architecture, d: Difference, texts: Mapping[str, str]) -> bool:
        """Whether a changed model shows this difference no more, and no other one that was not there."""
        from archproof.resources.lowering import lower

        resources = lower(architecture)
        changed = resources.all.get(d.resource)
        if changed is None or changed.properties == self.resources[d.resource].properties:
            return False
        comparison = self.compare(architecture)
        if not _told(comparison) < _told(self.comparison) or _key(d) in _told(comparison):
            return False
        self.architecture, self.resources, self.comparison, self.texts = architecture, resources, comparison, texts
        return True

    def _changed(self, attempt: _Try) -> Mapping[str, str] | None:
        """The texts with a change, in the file that holds its place; None where there is no place for it."""
        mark, depth = self.architecture.document.find(attempt.path)
        if mark.file not in self.texts or (attempt.value is _GONE and depth < len(attempt.path)):
            return None
        edits = Edits(self.texts[mark.file])
        try:
            if attempt.value is _GONE:
                text = edits.without(attempt.path)
            else:
                text = edits.put(attempt.path, written(attempt.value))
        except (KeyError, IndexError, ValueError):
            return None
        return {**self.texts, mark.file: text}

    # -- what may be tried

    def _tries(self, resource: Resource, d: Difference) -> Iterator[_Try]:
        """Changes from the best to the last: the field, the environment's value, the property itself."""
        holders = list(self._holders(resource))
        values = [*self._names(d.drift.actual), d.drift.actual]
        for holder in holders:
            yield from self._fields(holder, resource, d, values)
        for holder, own in self._verbatim(resource, holders):
            for path, value in _entries(resource, d, values):
                yield _Try((*holder, *own, *path), value)
            if d.drift.actual is None:
                yield _Try((*holder, *own, *d.drift.path), _GONE)

        if d.drift.path[0] not in _FROM_LINKS:
            for holder, own in self._verbatim(resource, holders):
                for key, value in _tags(resource, d):
                    yield _Try((*holder, "tags", key), value)
                for value in (*_whole(resource, d, values), *self._as_live(d)):
                    yield _Try((*holder, *own, str(d.drift.path[0])), value)

    def _holders(self, resource: Resource) -> Iterator[KeyPath]:
        """What in the model a resource comes from."""
        if resource.component is not None:
            yield ("components", resource.component)
        place, has = resource.place, self.architecture.document.has
        if place is None:
            return
        networks: list[KeyPath] = [("network",)]
        vpcs = self.architecture.document.value.get("network", {}).get("vpcs")
        if isinstance(vpcs, dict):
            networks += [("network", "vpcs", name) for name in vpcs]
        for network in networks:
            kinds = ("subnets",) if resource.type == "AWS::EC2::Subnet" else _NETWORK
            yield from ((*network, kind, place) for kind in kinds if has((*network, kind, place)))
        yield from (p for p in ((("network", "vpc")), ("network", "vpcs", place)) if has(p))

    def _fields(self, holder: KeyPath, resource: Resource, d: Difference, values: Sequence[Any]) -> Iterator[_Try]:
        """The field that says the property, with every value that may come to the live one."""
        path = d.drift.path
        for end in range(len(path), 0, -1):
            origin = resource.origins.get(path[:end])
            if origin is None or origin[:1] in (("properties",), ("resources",)):
                continue
            place = (*holder, *origin, *path[end:])
            for at in (place, *self._overlaid(place)):
                if d.drift.actual is None:
                    yield _Try(at, _GONE)
                    yield from (_Try(at, value) for value in (None, False, 0, "none"))
                for value in values:
                    yield from (_Try(at, v) for v in _in_units(value))
                yield from (_Try(at, v) for v in self._words(holder, origin))
            return

    def _overlaid(self, place: KeyPath) -> Iterator[KeyPath]:
        """Where the environment sets a field."""
        if self.environment is None or place not in self.architecture.document.overlaid:
            return
        name = ".".join(map(str, place[1:]))
        yield ("system", "environments", self.environment, "set", name)

    def _words(self, holder: KeyPath, origin: KeyPath) -> list[Any]:
        """The words that a field knows, where it knows only some; both of a switch."""
        if holder[0] != "components" or len(origin) != 1:
            return []
        field = type(self.architecture.components[str(holder[1])]).model_fields.get(str(origin[0]))
        return list(_closed(field.annotation)) if field is not None else []

    def _verbatim(self, resource: Resource, holders: Iterable[KeyPath]) -> Iterator[tuple[KeyPath, KeyPath]]:
        """Where CloudFormation's own properties of a resource are said."""
        for holder in holders:
            main = resource
            if holder[0] == "components":
                own = [r for r in self.resources if r.component == resource.component and not r.implied]
                main = own[0] if own else resource
            suffix = resource.logical_id.removeprefix(main.logical_id)
            if main.logical_id == resource.logical_id:
                yield holder, ("properties",)
            elif suffix != resource.logical_id:
                yield holder, ("resources", suffix)

    def _as_live(self, d: Difference) -> Iterator[Any]:
        """The whole property as it is live: what was split, joined or put in another order is one change."""
        held = next((b.live for b in self.comparison.bindings if b.resource == d.resource), "")
        value = self.live[held].get(str(d.drift.path[0])) if held in self.live else None
        if value is not None and not _holds_hidden(value) and not _holds_secret(d, d.drift.path[:1], value):
            yield value

    def _names(self, value: Any) -> Iterator[Any]:
        """What the model calls the thing that a live id or ARN names."""
        if not isinstance(value, str):
            return
        for binding in self.comparison.bindings:
            if value and binding.live == value and binding.resource in self.resources:
                component = self.resources[binding.resource].component
                if component is not None:
                    yield component

    def _why_not(self, resource: Resource, d: Difference) -> str:
        """Why no change does it."""
        top = d.drift.path[0]
        if top in ("SecurityGroupIngress", "SecurityGroupEgress"):
            return (
                "the rules of this group come from links and from what names it: a rule that is to stay is written "
                "there, as `ingress` or `egress`"
            )
        if top in ("Policies", "ManagedPolicyArns") or "PolicyDocument" in d.drift.path:
            return "what is allowed here comes from links: what is to stay is written as a statement, or as a link"
        if resource.component is None and resource.place is None:
            return "no component says it"
        return "no field and no property of the model comes to the live value without changing something else"


def _entries(resource: Resource, d: Difference, values: Sequence[Any]) -> Iterator[tuple[Path, Any]]:
    """Where values go in the properties: what is one more entry of a list, to its end."""
    path = d.drift.path
    if d.drift.expected is None and isinstance(path[-1], int):
        path = path[:-1]
    elif d.drift.expected is not None or path[0] not in _LISTS or len(path) > 1:
        yield from ((path, value) for value in values)
        return
    held = resource.get(*path)
    for value in values:
        yield ((*path, len(held)), value) if isinstance(held, list) else (path, [value])


def _tags(resource: Resource, d: Difference) -> Iterator[tuple[str, Any]]:
    """The tag that a difference is about, for the field `tags`."""
    path = d.drift.path
    if path[0] == "Tags" and len(path) == 3 and path[2] == "Value" and isinstance(d.drift.actual, str):
        key = resource.get(*path[:2], "Key")
        if isinstance(key, str):
            yield key, d.drift.actual


def _whole(resource: Resource, d: Difference, values: Sequence[Any]) -> Iterator[Any]:
    """The whole property, as the model lowers to it, with the live value in it; what it refers to stays a reference."""
    *path, last = d.drift.path[1:] or (None,)
    if last is None:
        return
    for value in values:
        whole = copy.deepcopy(resource.get(d.drift.path[0]))
        try:
            inner = whole
            for step in path:
                inner = inner[step]
            if value is None:
                del inner[last]
            elif isinstance(inner, list) and d.drift.expected is None:
                inner.append(value)
            else:
                inner[last] = value
        except (KeyError, IndexError, TypeError):
            continue
        yield whole


def _told(comparison: Comparison) -> set[tuple[Any, ...]]:
    """What differs, is missing or is not known, apart from values."""
    found: set[tuple[Any, ...]] = {_key(d) for d in comparison.differences if d.tier == "declared"}
    found |= {("unread", d.resource, d.drift.path) for d in comparison.differences if d.tier == "unread"}
    found |= {("undeclared", d.resource, d.drift.path) for d in comparison.differences if d.tier == "undeclared"}
    found |= {("missing", w.resource) for w in comparison.missing}
    return found | {("ambiguous", resource) for resource, *_ in comparison.ambiguous}


def _key(d: Difference) -> tuple[Any, ...]:
    return (d.tier, d.resource, d.drift.path)


def _in_units(value: Any) -> Iterator[Any]:
    """A live value as fields may say it: as it is, a text as its number, a number in larger or smaller units."""
    yield value
    if isinstance(value, str) and value.lstrip("-").isdigit():
        value = int(value)
        yield value
    if isinstance(value, str) and value.lower() in ("true", "false"):
        yield value.lower() == "true"
    if isinstance(value, bool):
        yield not value
        return
    if isinstance(value, int | float):
        yield from (int(value // unit) for unit in _UNITS if value and value % unit == 0)
        yield from (value * unit for unit in _UNITS)


def _closed(annotation: Any) -> Iterator[Any]:
    """The values of a type that has only some."""
    if annotation is bool:
        yield from (True, False)
    elif typing.get_origin(annotation) is typing.Literal:
        yield from typing.get_args(annotation)
    else:
        for inner in typing.get_args(annotation):
            yield from _closed(inner)


def _holds_hidden(value: Any) -> bool:
    if isinstance(value, dict | list):
        return any(map(_holds_hidden, value.values() if isinstance(value, dict) else value))
    return is_hidden(value)


def _holds_secret(d: Difference, path: Path, value: Any) -> bool:
    """Whether reports would hide a value, or a part of it."""
    told = masked(Comparison([d._replace(drift=PropertyDrift(path, None, value))]))
    return bool(told.differences[0].drift.actual != value)
