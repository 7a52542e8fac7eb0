"""Parts that stand alone on one side and inside their owner on the other, put where both sides have them.

A group's rules, a role's policies and the policies that are attached to it are one subject however they are
written; a topic's subscriptions are resources of their own.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from archproof.errors import Location
from archproof.resources.resource import Path, Resource, Resources

_POLICY = ("PolicyName", "PolicyDocument")


class Fold(NamedTuple):
    """A type that is part of another."""

    part: str
    owner: str
    by: str
    """The property that names the owner, or several."""
    into: str
    """The list of the owner that it is an entry of."""
    keep: tuple[str, ...] = ()
    """What the entry has of it; empty for all but what names the owner."""
    itself: bool = False
    """Whether the entry is the part's own ARN, and the part a resource as well."""


_GROUP, _ROLE, _USER, _TEAM = "AWS::EC2::SecurityGroup", "AWS::IAM::Role", "AWS::IAM::User", "AWS::IAM::Group"
FOLDS = (
    Fold("AWS::EC2::SecurityGroupIngress", _GROUP, "GroupId", "SecurityGroupIngress"),
    Fold("AWS::EC2::SecurityGroupEgress", _GROUP, "GroupId", "SecurityGroupEgress"),
    Fold("AWS::IAM::Policy", _ROLE, "Roles", "Policies", _POLICY),
    Fold("AWS::IAM::Policy", _USER, "Users", "Policies", _POLICY),
    Fold("AWS::IAM::Policy", _TEAM, "Groups", "Policies", _POLICY),
    Fold("AWS::IAM::RolePolicy", _ROLE, "RoleName", "Policies", _POLICY),
    Fold("AWS::IAM::UserPolicy", _USER, "UserName", "Policies", _POLICY),
    Fold("AWS::IAM::GroupPolicy", _TEAM, "GroupName", "Policies", _POLICY),
    Fold("AWS::IAM::ManagedPolicy", _ROLE, "Roles", "ManagedPolicyArns", itself=True),
    Fold("AWS::IAM::ManagedPolicy", _USER, "Users", "ManagedPolicyArns", itself=True),
    Fold("AWS::IAM::ManagedPolicy", _TEAM, "Groups", "ManagedPolicyArns", itself=True),
)
PARTS = frozenset(fold.part for fold in FOLDS if not fold.itself)
"""The types that are nothing but a part of their owner."""
_SELF = {fold.part: [f.by for f in FOLDS if f.part == fold.part] for fold in FOLDS if fold.itself}


@dataclass(slots=True)
class Subject:
    """A resource with its parts, as it is compared."""

    resource: Resource
    properties: dict[str, Any]
    places: dict[Path, tuple[Resource, Path]] = field(default_factory=dict)
    """Where what a part says stands: the part, and the path in it."""
    partial: bool = False
    """Whether only parts of it are declared, and nothing else of it is known."""

    def location(self, path: Path) -> Location:
        """The place that says a property."""
        part, origin = self._said(path)
        return part.location(*origin)

    def said_by(self, path: Path) -> Resource:
        """The resource that says a property: a part, or itself, also of what nothing says."""
        if len(path) == 1 and path not in self.places:
            return self.resource
        return self._said(path)[0]

    def _said(self, path: Path) -> tuple[Resource, Path]:
        """The resource that says a property, and its path there."""
        for end in range(len(path), 0, -1):
            if path[:end] in self.places:
                part, origin = self.places[path[:end]]
                return part, (*origin, *path[end:])
        if path and path[0] not in self.resource.properties:  # only parts say anything of it
            first = next((place for held, place in self.places.items() if held[0] == path[0]), None)
            if first is not None:
                return first
        return self.resource, path


class Folded(NamedTuple):
    """One side with its parts inside their owners."""

    subjects: dict[str, Subject]
    """By logical id; a part whose owner is not on this side is under the owner's own name, and partial."""
    parts: dict[str, list[str]]
    """By logical id of a part: its owners."""
    orphans: list[Resource]
    """Parts whose owner could not be told."""


Owners = Callable[[Resource, Any, str], list[str]]
"""The owners that the value of a property of a part names, of a type."""


def fold(resources: Iterable[Resource], properties: Callable[[Resource], dict[str, Any]], owners: Owners) -> Folded:
    """Put every part into its owners. `properties`: those of a resource, as far as they are known."""
    result = Folded({}, {}, [])
    parts: list[Resource] = []
    for resource in resources:
        if resource.type in PARTS:
            parts.append(resource)
            continue
        result.subjects[resource.logical_id] = Subject(resource, properties(resource))
        if resource.type in _SELF:
            parts.append(resource)
    for part in parts:
        _fold(part, properties(part), owners, result)
    for type, names in _SELF.items():
        for subject in result.subjects.values():
            if subject.resource.type == type:
                for name in names:
                    subject.properties.pop(name, None)
    return result


def _fold(part: Resource, held: dict[str, Any], owners: Owners, result: Folded) -> None:
    """Put one part into each of its owners."""
    found = False
    for fold in FOLDS:
        if fold.part != part.type or fold.by not in part.properties:
            continue
        raw = part.properties[fold.by]
        for value in raw if isinstance(raw, list) else [raw]:
            for owner in owners(part, value, fold.owner):
                found = True
                result.parts.setdefault(part.logical_id, []).append(owner)
                subject = result.subjects.get(owner)
                if subject is None:
                    subject = result.subjects[owner] = Subject(part, {}, partial=True)
                _add(subject, fold, part, held)
    if not found and part.type in PARTS:
        result.orphans.append(part)


def _add(subject: Subject, fold: Fold, part: Resource, held: dict[str, Any]) -> None:
    """Add the entry that a part is to the list of its owner."""
    there = subject.properties.get(fold.into)
    there = list(there) if isinstance(there, list) else [] if there is None else [there]
    path: Path = (fold.into, len(there))
    if fold.itself:
        entry: Any = {"Ref": part.logical_id} if part.physical_id is None else part.physical_id
        entry = held.get("__arn__", entry)
        if entry in there:
            return
        subject.places[path] = (part, (fold.by,))
    else:
        entry = {k: v for k, v in held.items() if (k in fold.keep if fold.keep else k not in (fold.by, "GroupName"))}
        subject.places[path] = (part, ())
    subject.properties[fold.into] = [*there, entry]


_INLINE = "AWS::SNS::Topic", "Subscription", "AWS::SNS::Subscription"


def unfold(resources: Resources) -> Resources:
    """The resources with what is inside others and a resource of its own elsewhere standing alone."""
    owner, name, type = _INLINE
    if not any(r.has(name) for r in resources.of_type(owner)):
        return resources
    result = Resources(resources.region, resources.account)
    for key, value in vars(resources).items():
        if key not in ("all", "by_type") and not key.startswith("_"):
            setattr(result, key, value)
    for resource in resources:
        held = resource.properties.get(name) if resource.type == owner else None
        if not isinstance(held, list):
            result.add(resource)
            continue
        kept = {k: v for k, v in resource.properties.items() if k != name}
        result.add(dataclasses.replace(resource, properties=kept))
        for number, entry in enumerate(held):
            if isinstance(entry, dict):
                alone = Resource(
                    f"{resource.logical_id}{name}{number + 1}", type,
                    {"TopicArn": {"Ref": resource.logical_id}, **entry}, component=resource.component,
                    origins={(): _origin(resource, (name, number))}, locate=resource.locate,
                    region=resource.region, account=resource.account,
                )  # fmt: skip
                if alone.logical_id not in resources:
                    result.add(alone)
    return result


def _origin(resource: Resource, path: Path) -> Path:
    """Where the source says what stands at a path."""
    for end in range(len(path), -1, -1):
        origin = resource.origins.get(path[:end])
        if origin is not None:
            return (*origin, *path[end:])
    return path
