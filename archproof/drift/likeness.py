"""Whether a live resource may be a declared one: what speaks against it, and whatever can never change."""

from __future__ import annotations

from archproof.drift import keys
from archproof.drift._tags import tags_of
from archproof.drift.resolving import Resolver
from archproof.drift.things import Things
from archproof.resources.resource import Resource, Resources
from archproof.sources.live import Live


class Likeness:
    """The two sides, pair by pair."""

    def __init__(self, declared: Resources, live: Live, resolver: Resolver, things: Things) -> None:
        self.declared = declared
        self.live = live
        self.resolver = resolver
        self.things = things
        self.stacks: dict[str, set[str]] = {}
        """By type: the stacks that resources were found by; another one of the type would be in them as well."""

    def may(self, logical_id: str, candidate: str, *, aws: bool = False) -> bool:
        """Whether nothing speaks against a live resource: another name, another stack, AWS that made it."""
        declared, live = self.declared[logical_id], self.live.resources[candidate]
        if live.made_by is not None and not aws:
            return False
        mine, other = self.name_tag(declared), tags_of(live.properties).get("Name")
        if mine is not None and other is not None and mine != other:
            return False
        stack = self.live.stack_of.get(candidate)
        return stack is None or stack[1] == logical_id or stack[1] not in self.declared

    def likely(self, logical_id: str, candidate: str) -> bool:
        """Whether nothing speaks against a live resource, and nothing that can never change differs."""
        unlike = self._unlike(self.declared[logical_id], self.live.resources[candidate])
        return not unlike and self.may(logical_id, candidate)

    def name_tag(self, resource: Resource) -> str | None:
        """The tag `Name` that is declared."""
        for tag in ("Tags", "HostedZoneTags", "FileSystemTags"):
            value = resource.properties.get(tag)
            if value is not None:
                return tags_of({tag: self.resolver.value(resource, value)}).get("Name")
        return None

    def _unlike(self, resource: Resource, live: Resource) -> bool:
        """Whether a property that can never change differs, or the stack's own tag is not there."""
        from archproof.facts._registry import registry_schema

        schema = registry_schema(resource.type)
        if schema is None:
            return False
        stacks = self.stacks.get(resource.type)
        if stacks:
            stack = self.live.stack_of.get(live.logical_id)
            if stack is None or stack[0] not in stacks:
                return True
        for trail in schema.create_only:
            name = ".".join(trail)
            raw = keys.dotted(resource.properties, name)
            if raw is None or not self.live.saw(live, trail[0]):
                continue
            value = self.resolver.value(resource, raw)
            other = keys.dotted(live.properties, name)
            if keys.holds_function(value) or isinstance(value, dict | list):
                continue
            if self.things.canonical(value, trail[-1]) != self.things.canonical(other, trail[-1]):
                return True
        return False
