"""Components while they are lifted: a draft of each, and what the modules of subjects may do with them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from archproof.model.document import KeyPath
from archproof.resources.resource import SUBSTITUTION, Path, Resource, Resources
from archproof.sources.lifting.document import Origin

PLAIN = "resource"
"""The kind of what stays `type: AWS::X::Y` with its properties as they are."""


@dataclass(slots=True, eq=False)
class Draft:
    """A component to be: its resource, its kind, and the fields that are guessed so far."""

    resource: Resource
    name: str
    kind: str = PLAIN
    fields: dict[str, Any] = field(default_factory=dict)
    """Values as a file would hold them, by key; without `properties`, `resources` and attributes."""
    places: dict[str, Origin] = field(default_factory=dict)
    """What each field was lifted from."""
    satellites: dict[str, Resource] = field(default_factory=dict)
    """Claimed resources, by the end of their names."""
    properties: dict[str, Any] | None = None
    """What fields do not say of the main resource; None before the first lowering."""
    laid: dict[str, dict[str, Any] | None] = field(default_factory=dict)
    """What is laid over satellites; None for one that is not to be made."""
    firm: frozenset[str] = frozenset()
    """Properties that a module knows its fields to say, whatever must be laid over them."""

    def say(self, key: str, value: Any, *path: str | int, of: Resource | None = None) -> None:
        """Say a field, lifted from the property at `path` of the main resource (or `of` another)."""
        self.fields[key] = value
        self.places[key] = (of or self.resource, path)

    def unsay(self, key: str) -> None:
        """Take a field back; its property is then said in `properties`."""
        self.fields.pop(key, None)
        self.places.pop(key, None)

    def become_plain(self) -> None:
        """Give the kind up: the resource stays as it is."""
        self.kind = PLAIN
        self.fields, self.places = {}, {}
        self.laid = {suffix: self.laid[suffix] for suffix in self.belongings}
        self.properties = None

    @property
    def belongings(self) -> list[str]:
        """The satellites that no kind makes: they belong to the component whatever it is."""
        return [suffix for suffix in self.satellites if "type" in (self.laid.get(suffix) or {})]


@dataclass(slots=True, eq=False)
class LinkDraft:
    """An entry of `links` to be."""

    source: str
    target: str
    verb: str
    place: Origin
    options: dict[str, Any] = field(default_factory=dict)


class Entrusted(NamedTuple):
    """A resource that a field or a link makes."""

    component: str
    """The component that it is part of."""
    take_back: Callable[[], None]
    """Makes the field or the link make nothing, where the resource does not come out as it was."""


class Lifting:
    """All drafts of a system, by logical id, and what is known about its resources."""

    def __init__(self, resources: Resources, names: dict[str, str]) -> None:
        self.resources = resources
        self.drafts = {r.logical_id: Draft(r, names[r.logical_id]) for r in resources}
        """The draft of every resource that is a component of its own."""
        self.owners: dict[str, tuple[Draft, str]] = {}
        """Owner and suffix of every claimed resource."""
        self.sections: dict[str, Any] = {}
        """Sections of the model beside components and links, as a file would hold them."""
        self.absorbed: dict[str, tuple[str, KeyPath]] = {}
        """The section of every resource that a section says, and where in it."""
        self.entrusted: dict[str, Entrusted] = {}
        """What a field or a link says of every resource that it makes under its own logical id."""
        self.links: list[LinkDraft] = []
        self.called: dict[str, str] = {}
        """Logical ids by the names that the tool would make, for what is no component and no satellite."""
        self.stand_ins: dict[str, Draft] = {}
        """What a section calls a resource that it says, with the kind of component that it stands for."""
        self.tiers: dict[str, list[str]] = {}
        """The logical ids of the subnets of each tier of the section `network`."""
        self.reserved: set[str] = set()
        """Names that mean something else in verbatim properties."""
        self._names = names

    def of_type(self, *types: str) -> Iterator[Draft]:
        """The drafts of the resources of these types."""
        for resource in self.resources.of_type(*types):
            if draft := self.drafts.get(resource.logical_id):
                yield draft

    def named(self, value: Any, attribute: str | None = None) -> Draft | None:
        """The draft that `value` stands for whole: a `Ref`, `Fn::GetAtt`, or `Fn::Sub` of nothing but one name.

        `attribute`: the one that it must read (`Arn`; empty for `Ref`); any when left out.
        """
        found = named(value)
        if found is None or (attribute is not None and found[1] != attribute):
            return None
        return self.drafts.get(found[0]) or self.stand_ins.get(found[0])

    def name_of(self, resource: Resource) -> str:
        """The id that a resource has as a component, and that a section calls it by."""
        return self._names[resource.logical_id]

    def stand_in(self, resource: Resource, name: str, kind: str) -> None:
        """Note what a section calls a resource: references to it as one of `kind` say that name."""
        self.stand_ins[resource.logical_id] = Draft(resource, name, kind)

    def users(self, resource: Resource, *types: str) -> list[Resource]:
        """The resources that name `resource`, of these types (any when none is given)."""
        return self.resources.users(resource, *types)

    def claim(self, owner: Draft, suffix: str, resource: Resource) -> bool:
        """Make a resource part of `owner`; say whether it could be (it is nobody's, and the suffix is free)."""
        held = self.drafts.get(resource.logical_id)
        if held is None or held is owner or held.satellites or suffix in owner.satellites:
            return False
        del self.drafts[resource.logical_id]
        self.owners[resource.logical_id] = owner, suffix
        owner.satellites[suffix] = resource
        return True

    def release(self, resource: Resource) -> None:
        """Give a claimed or absorbed resource a draft of its own again, as it is."""
        owner = self.owners.pop(resource.logical_id, None)
        if owner is not None:
            owner[0].satellites.pop(owner[1], None)
            owner[0].laid[owner[1]] = None
        self.absorbed.pop(resource.logical_id, None)
        entrusted = self.entrusted.pop(resource.logical_id, None)
        if entrusted is not None:
            entrusted.take_back()
        if resource.logical_id not in self.drafts:
            self.drafts[resource.logical_id] = Draft(resource, self._names[resource.logical_id])

    def absorb(self, section: str, resource: Resource, path: KeyPath) -> bool:
        """Take a resource into a section, which says it at `path`; say whether it could be."""
        held = self.drafts.get(resource.logical_id)
        if held is None or held.satellites:
            return False
        del self.drafts[resource.logical_id]
        self.absorbed[resource.logical_id] = section, path
        return True

    def entrust(self, resource: Resource, component: Draft, take_back: Callable[[], None]) -> bool:
        """Leave a resource to a field or a link that makes it; say whether it could be."""
        held = self.drafts.get(resource.logical_id)
        if held is None or held.satellites:
            return False
        del self.drafts[resource.logical_id]
        self.entrusted[resource.logical_id] = Entrusted(component.name, take_back)
        return True

    def give_up(self, section: str) -> None:
        """Make all that a section says components again."""
        self.sections.pop(section, None)
        self.stand_ins.clear()
        self.called.clear()
        for logical_id, (held, _) in list(self.absorbed.items()):
            if held == section:
                self.release(self.resources[logical_id])

    def link(self, source: Draft, target: Draft, verb: str, place: Origin, **options: Any) -> None:
        """Add a link between two components; the same one counts once."""
        for held in self.links:
            if (held.source, held.target, held.verb) == (source.name, target.name, verb):
                return
        self.links.append(LinkDraft(source.name, target.name, verb, place, options))

    def call(self, made: str, logical_id: str) -> None:
        """Say what the resource is called that the tool would call `made`."""
        if made != logical_id:
            self.called[made] = logical_id


def named(value: Any) -> tuple[str, str] | None:
    """The (logical id, attribute) that `value` stands for whole; the attribute is empty for `Ref`."""
    if not isinstance(value, dict) or len(value) != 1:
        return None
    key, inner = next(iter(value.items()))
    if key == "Ref" and isinstance(inner, str):
        return inner, ""
    if key == "Fn::GetAtt":
        parts = inner.split(".", 1) if isinstance(inner, str) else inner
        if isinstance(parts, list) and len(parts) == 2 and all(isinstance(p, str) for p in parts):
            return parts[0], parts[1]
    if key == "Fn::Sub" and isinstance(inner, str):
        match = SUBSTITUTION.fullmatch(inner)
        if match and not match[1]:
            logical_id, _, attribute = match[2].strip().partition(".")
            return logical_id, attribute
    return None


def renamed(value: Any, names: dict[str, str]) -> Any:
    """Verbatim CloudFormation with ids of components (`names`, by logical id) where logical ids stand."""
    if isinstance(value, list):
        return [renamed(v, names) for v in value]
    if not isinstance(value, dict):
        return value
    if len(value) == 1:
        key, inner = next(iter(value.items()))
        if key == "Ref" and isinstance(inner, str):
            return {"Ref": names.get(inner, inner)}
        if key == "Fn::GetAtt":
            parts = inner.split(".", 1) if isinstance(inner, str) else inner
            if isinstance(parts, list) and parts and isinstance(parts[0], str):
                return {key: [names.get(parts[0], parts[0]), *(renamed(p, names) for p in parts[1:])]}
        if key == "Fn::Sub":
            inner = inlined(inner)
            text, *rest = inner if isinstance(inner, list) and inner else [inner]
            if isinstance(text, str):
                local = rest[0] if rest and isinstance(rest[0], dict) else {}
                text = substituted(text, local, names)
                return {key: [text, *(renamed(r, names) for r in rest)] if rest else text}
    return {k: renamed(v, names) for k, v in value.items()}


def inlined(inner: Any) -> Any:
    """What `Fn::Sub` holds with its own names replaced by what they stand for, where that is a mere reference."""
    if not isinstance(inner, list) or not inner or not isinstance(inner[0], str):
        return inner
    local = inner[1] if len(inner) == 2 and isinstance(inner[1], dict) else {}
    said: dict[str, str] = {}
    for name, value in local.items():
        found = named(value)
        if found is not None:
            said[name] = "${" + ".".join(part for part in found if part) + "}"
        elif isinstance(value, str) and "${" not in value:
            said[name] = value
    if len(said) != len(local) or any(n in said for v in said.values() for _, n in SUBSTITUTION.findall(v)):
        return inner

    def replace(match: re.Match[str]) -> str:
        return match[0] if match[1] else said.get(match[2].strip(), match[0])

    return SUBSTITUTION.sub(replace, inner[0])


def substituted(text: str, local: dict[str, Any], names: dict[str, str]) -> str:
    """The text of an `Fn::Sub` with other names in it; `local` names are its own."""
    parts, end = [], 0
    for match in SUBSTITUTION.finditer(text):
        name, dot, attribute = match[2].strip().partition(".")
        if not match[1] and match[2].strip() not in local and name not in local and name in names:
            parts += [text[end : match.start()], "${", names[name], dot, attribute, "}"]
            end = match.end()
    return "".join([*parts, text[end:]])


def inside(path: Path, whole: Path) -> bool:
    """Say whether `path` is `whole` or lies in it."""
    return path[: len(whole)] == whole
