"""Which live resource each declared one is: by the lock, its id, its name, its stack, its tags, or its place.

Every way is tried on all resources until none tells anything more, since a resource that is bound makes the names
and places of others known. A way that fits several binds none: they are told, never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from typing import Any

from archproof.drift import keys
from archproof.drift._stacks import is_of, names
from archproof.drift._tags import tags_of
from archproof.drift.differences import Binding
from archproof.drift.likeness import Likeness
from archproof.drift.lock import Lock
from archproof.drift.places import Places
from archproof.drift.resolving import Resolver
from archproof.drift.things import Things
from archproof.resources.resource import Resource, Resources, is_symbolic, referenced
from archproof.sources.live import Live

_MADE = re.compile(r"(?:^|[:/])([A-Za-z][A-Za-z0-9-]*)-([A-Za-z0-9]+)-[A-Za-z0-9]{8,}\Z")
"""A name that CloudFormation makes: the stack, the logical id, and what makes it unlike all others."""
OWN_TAG = "archproof:id"
"""A tag that says which resource of the model something is: its logical id."""


@dataclass(slots=True)
class Matching:
    """What was bound, and what could not be."""

    bindings: dict[str, Binding] = field(default_factory=dict)
    """By declared logical id."""
    candidates: dict[str, tuple[list[str], str]] = field(default_factory=dict)
    """Of what is not bound: the live resources that it may be, and what leaves it open."""
    waiting: dict[str, list[str]] = field(default_factory=dict)
    """Of what is not bound: the declared resources that have to be known first."""
    gone: dict[str, str] = field(default_factory=dict)
    """Of what the lock binds: the physical id that is not there any more."""
    notes: list[str] = field(default_factory=list)


class Matcher:
    """One search for the bindings of a system."""

    def __init__(
        self, declared: Resources, live: Live, resolver: Resolver, things: Things, *,
        parts: Iterable[str] = (), lock: Lock | None = None, stack: str | None = None,
    ) -> None:  # fmt: skip
        self.declared = declared
        self.live = live
        self.resolver = resolver
        self.things = things
        self.lock = lock or {}
        self.stack = stack
        self.places = Places(declared, live)
        self.result = Matching()
        self.taken: dict[str, str] = {}
        """Live resource → the declared one it is."""
        left_out = set(parts)
        self.open: dict[str, Resource] = {r.logical_id: r for r in declared if r.logical_id not in left_out}
        self._live: dict[str, list[str]] = {}
        for resource in live.resources:
            self._live.setdefault(resource.type, []).append(resource.logical_id)
        self._indexes: dict[tuple[str, keys.Way], dict[Hashable, list[str]]] = {}
        self.likeness = Likeness(declared, live, resolver, things)
        self._made: dict[tuple[str, str, str], list[str]] | None = None
        self._stacked: dict[tuple[str, str], list[str]] = {}
        for id, (name, logical_id) in live.stack_of.items():
            if is_of(stack, name) and id in live.resources:
                self._stacked.setdefault((live.resources[id].type, logical_id), []).append(id)

    def run(self) -> Matching:
        """Bind what can be bound."""
        self._locked()
        ways = (self._ids, self._names, self._stacks, self._tags)
        places = (self._structure, self._children, self._neighbours, self._made_by_aws)
        while any(self._settle(way()) for way in (*ways, *places)):
            pass
        for logical_id, resource in self.open.items():
            self._leave_open(logical_id, resource)
        return self.result

    # -- the ways

    def _locked(self) -> None:
        """What the lock says; an entry that cannot be followed is told."""
        for logical_id, entry in self.lock.items():
            resource = self.open.get(logical_id)
            if resource is None:
                continue
            if entry.type != resource.type:
                said = f"{entry.location}: the lock binds {logical_id} as {entry.type}, and the model declares"
                self.result.notes.append(f"{said} {resource.type}: not followed")
                continue
            found = [
                id for id in self.things.named(entry.id, resource.type)
                if entry.account in (None, (held := self.live.resources[id]).account, "") or held.account is None
                if entry.region in (None, held.region) or held.region is None
            ]  # fmt: skip
            fitting = [id for id in found if self.places.fit(resource, self.live.resources[id])]
            if found and not fitting:
                said = f"{entry.location}: the lock binds {logical_id} to {entry.id}, which is in another account"
                self.result.notes.append(f"{said} or region than the model says: not followed")
            elif len(fitting) == 1:
                self._bind(logical_id, fitting[0], "lock")
            elif not found:
                self.result.gone[logical_id] = entry.id

    def _ids(self) -> tuple[str, dict[str, list[str]]]:
        """What the declared side itself knows of the account: a state's ids and ARNs."""
        found = {}
        for logical_id, resource in self.open.items():
            for text in (resource.physical_id, resource.address):
                named = self.things.named(text, resource.type) if text else []
                if named:
                    found[logical_id] = named
                    break
        return "ARN", found

    def _names(self) -> tuple[str, dict[str, list[str]]]:
        """Physical names that are declared."""
        return "physical name", self._by_keys(named=True)

    def _stacks(self) -> tuple[str, dict[str, list[str]]]:
        """The stack of CloudFormation, and the logical id in it."""
        found = {}
        for logical_id, resource in self.open.items():
            held = self._stacked.get((resource.type, logical_id), []) or self._made_names(resource)
            if held:
                found[logical_id] = held
        return "stack", found

    def _made_names(self, resource: Resource) -> list[str]:
        """The live resources whose name CloudFormation has made of the stack and the logical id, where no tag tells."""
        stacks = {stack.lower() for stack in (*self.resolver.stacks, *names(self.stack))}
        if not stacks:
            return []
        if self._made is None:
            self._made = {}
            for live in self.live.resources:
                found = _MADE.search(live.physical_id or "") if live.logical_id not in self.live.stack_of else None
                if found:
                    key = (live.type, found[1].lower(), found[2].lower())
                    self._made.setdefault(key, []).append(live.logical_id)
        held = [self._made.get((resource.type, stack, resource.logical_id.lower()), []) for stack in sorted(stacks)]
        return [id for ids in held for id in ids if id not in self.taken]

    def _tags(self) -> tuple[str, dict[str, list[str]]]:
        """The tool's own tag, then `Name`."""
        by_tag: dict[tuple[str, str, str], list[str]] = {}
        for resource in self.live.resources:
            if resource.logical_id not in self.taken and resource.made_by is None:
                for key, value in tags_of(resource.properties).items():
                    if key in (OWN_TAG, "Name"):
                        by_tag.setdefault((resource.type, key, value), []).append(resource.logical_id)
        found = {}
        for logical_id, resource in self.open.items():
            name = self.likeness.name_tag(resource)
            held = by_tag.get((resource.type, OWN_TAG, logical_id))
            held = held or (by_tag.get((resource.type, "Name", name)) if name else None)
            if held:
                found[logical_id] = held
        return "tags", found

    def _structure(self) -> tuple[str, dict[str, list[str]]]:
        """The place among others: a subnet's block in its VPC, the only listener of a balancer."""
        found = self._by_keys(named=False)
        return "structure", {d: [c for c in held if self.likeness.may(d, c, aws=True)] for d, held in found.items()}

    def _children(self) -> tuple[str, dict[str, list[str]]]:
        """The only one of its type in the resources that it refers to, where nothing else tells it."""
        found: dict[str, list[str]] = {}
        for logical_id, resource in self.open.items():
            if logical_id in self.result.waiting:
                continue
            for way in self._by_parents(resource):
                if self._unsure(resource, way):
                    continue
                held = [c for c in self._held(resource, way) if self.likeness.likely(logical_id, c)]
                if held:
                    found[logical_id] = held
                    break
        return "structure", found

    def _made_by_aws(self) -> tuple[str, dict[str, list[str]]]:
        """What AWS made and an import declares: the same in all that is plain, and nothing else could be it."""
        found: dict[str, list[str]] = {}
        for logical_id, resource in self.open.items():
            if logical_id in self.result.waiting or self.likeness.name_tag(resource) is not None:
                continue
            for way in self._by_parents(resource)[:1]:
                if self._unsure(resource, way):
                    continue
                wanted = self._key(resource, way)
                held = [
                    id for id in self._live.get(resource.type, ())
                    if id not in self.taken and self.live.resources[id].made_by is not None
                    and self._live_key(self.live.resources[id], way) == wanted
                ]  # fmt: skip
                if held:
                    found[logical_id] = held
        return "structure", found

    def _by_keys(self, *, named: bool) -> dict[str, list[str]]:
        found = {}
        for logical_id, resource in self.open.items():
            self.result.waiting.pop(logical_id, None)
            for way in keys.ways(resource.type):
                try:
                    held = self._held(resource, way)
                except keys.Waiting as waiting:
                    unknown = [n for n in waiting.names if n in self.declared and n not in self.result.bindings]
                    if unknown:
                        self.result.waiting[logical_id] = unknown
                    continue
                if held and way.named is named:
                    found[logical_id] = held
                if held:
                    self.result.waiting.pop(logical_id, None)
                    break
        return found

    def _held(self, resource: Resource, way: keys.Way) -> list[str]:
        """The live resources with the key that a declared one has. Raises keys.Waiting."""

        wanted = self._key(resource, way)
        held = self._index(resource.type, way).get(wanted, []) if wanted is not None else []
        held = [id for id in held if id not in self.taken]
        return self._called_so(resource, way, held) if way.named and held else held

    def _called_so(self, resource: Resource, way: keys.Way, held: list[str]) -> list[str]:
        """Of what has a declared name in whatever capitals: what has them too, else what AWS may have lowered."""
        term = way.terms[-1].names[0]
        raw = keys.dotted(resource.properties, term)
        name = None if raw is None else self.resolver.value(resource, raw)
        if not isinstance(name, str):
            return held
        found = {id: keys.dotted(self.live.resources[id].properties, term) for id in held}
        known = {id: v for id, v in found.items() if isinstance(v, str) and v.lower() == name.lower() and v != name}
        exact = [id for id in held if found[id] == name]
        return exact or [id for id in held if id not in known or known[id] == name.lower()]

    def _key(self, resource: Resource, way: keys.Way) -> Hashable | None:
        """The key of a declared resource. Raises keys.Waiting."""

        def get(name: str) -> Any:
            raw = keys.dotted(resource.properties, name)
            return None if raw is None else self.resolver.value(resource, raw)

        return keys.key(way, get, self.things.canonical)

    def _live_key(self, resource: Resource, way: keys.Way) -> Hashable | None:
        """The key of a live resource; None where it has none."""

        def get(name: str) -> Any:
            value = keys.dotted(resource.properties, name)
            alone = len(way.terms) == 1 and way.named
            return resource.physical_id if value is None and alone else value

        try:
            return keys.key(way, get, self.things.canonical)
        except keys.Waiting:
            return None

    def _index(self, type: str, way: keys.Way) -> dict[Hashable, list[str]]:
        found = self._indexes.get((type, way))
        if found is None:
            found = self._indexes[type, way] = {}
            for id in self._live.get(type, ()):
                resource = self.live.resources[id]
                if resource.implied:
                    continue  # what AWS does where nothing is said

                held = self._live_key(resource, way)
                if held is not None:
                    found.setdefault(held, []).append(id)
        return found

    def _by_parents(self, resource: Resource) -> list[keys.Way]:
        """Ways by the resources that it refers to: with all else that is plain the same, then by each of them."""
        parents = [k for k, v in resource.properties.items() if is_symbolic(v) and self._known(v)]
        if not parents:
            return []
        plain = [k for k, v in resource.properties.items() if isinstance(v, str | int | bool)]
        ways = [tuple(keys.Term((name,)) for name in (*parents, *plain))] if plain else []
        ways += [tuple(keys.Term((name,)) for name in parents)] if len(parents) > 1 else []
        return [keys.Way(way) for way in (*ways, *((keys.Term((name,)),) for name in parents))]

    def _unsure(self, resource: Resource, way: keys.Way) -> bool:
        """Whether a part of a key is not known: nobody read the attribute of what it refers to."""
        try:
            return self._key(resource, way) is None
        except keys.Waiting:
            return True

    def _known(self, value: Any) -> bool:
        """Whether a value refers to resources, all of them bound."""
        names = [name for name, _ in referenced(value) if name in self.declared]
        return bool(names) and all(name in self.result.bindings for name in names)

    def _neighbours(self) -> tuple[str, dict[str, list[str]]]:
        """What bound resources refer to: the gateway that is attached to the VPC, the role that the function has."""
        found: dict[str, list[str]] = {}
        for logical_id, binding in self.result.bindings.items():
            resource, live = self.declared[logical_id], self.live.resources[binding.live]
            for use in self.declared.uses(resource):
                target = self.open.get(use.target)
                if target is None or self.has_name(target):
                    continue
                value = keys.dotted(live.properties, ".".join(str(s) for s in use.path if isinstance(s, str)))
                if isinstance(value, list):
                    value = value[0] if len(value) == 1 and keys.single(resource, use.path) else None
                if not is_symbolic(resource.get(*use.path)):
                    continue
                for id in self.things.named(value, target.type):
                    held = found.setdefault(use.target, [])
                    if id not in held and id not in self.taken and self.likeness.likely(use.target, id):
                        held.append(id)
        return "structure", found

    def has_name(self, resource: Resource) -> bool:
        """Whether people gave it a name of its own, so that another thing cannot be it."""
        return any(
            way.named and all(keys.dotted(resource.properties, term.names[0]) is not None for term in way.terms)
            for way in keys.ways(resource.type)
        )

    # -- deciding

    def _settle(self, found: tuple[str, dict[str, list[str]]]) -> bool:
        """Bind what one way tells without doubt; say whether anything was."""
        by, proposals = found
        claims: dict[str, list[str]] = {}
        narrowed: dict[str, list[str]] = {}
        for logical_id, held in proposals.items():
            resource = self.open[logical_id]
            fitting = [
                c for c in held if c not in self.taken and self.places.fit(resource, self.live.resources[c])
            ]  # fmt: skip
            before = self.result.candidates.get(logical_id)
            if before is not None and set(before[0]) & set(fitting):
                fitting = [c for c in fitting if c in before[0]]
            if fitting:
                narrowed[logical_id] = fitting
                for candidate in fitting if len(fitting) == 1 else ():
                    claims.setdefault(candidate, []).append(logical_id)
        bound = False
        for logical_id, fitting in narrowed.items():
            if len(fitting) > 1:
                why = _SEVERAL if by == "stack" else f"several have the same {_WORDS[by]}"
                self.result.candidates.setdefault(logical_id, (fitting, why))
                continue
            others = [d for d in claims[fitting[0]] if d != logical_id]
            if others:
                why = f"it fits {', '.join(others[:3])} as well, by {_WORDS[by]}"
                self.result.candidates.setdefault(logical_id, (fitting, why))
            else:
                self._bind(logical_id, fitting[0], by)
                bound = True
        return bound

    def _bind(self, logical_id: str, live: str, by: str) -> None:
        if live in self.taken:
            other = self.taken[live]
            self.result.notes.append(f"{logical_id} and {other} are both bound to {_id(self.live, live)}: the first is")
            return
        self.result.bindings[logical_id] = Binding(logical_id, live, by)
        stack, there = self.live.stack_of.get(live, ("", ""))
        if stack and (by == "stack" or there == logical_id):
            self.resolver.stacks.add(stack)
            self.likeness.stacks.setdefault(self.live.resources[live].type, set()).add(stack)
        self.resolver.bindings[logical_id] = live
        self.taken[live] = logical_id
        self.open.pop(logical_id, None)
        self.result.candidates.pop(logical_id, None)
        self.result.waiting.pop(logical_id, None)
        if (gone := self.result.gone.pop(logical_id, None)) is not None:
            said = f"the lock binds {logical_id} to {gone}, which was not found; by its {_WORDS[by]} it is"
            self.result.notes.append(f"{said} {_id(self.live, live)} now: --write-lock keeps that")

    def _leave_open(self, logical_id: str, resource: Resource) -> None:
        """Gather what a resource that is not bound may be, unless that is known already."""
        held = self.result.candidates.get(logical_id)
        if held is not None:
            left = [c for c in held[0] if self.taken.get(c) is None]
            if left:
                self.result.candidates[logical_id] = (left, held[1])
                return
            del self.result.candidates[logical_id]
        if logical_id in self.result.waiting or logical_id in self.result.gone:
            return
        loose = [c for c in self._live.get(resource.type, ()) if self.places.fit(resource, self.live.resources[c])]
        loose = [c for c in loose if c not in self.taken and self.likeness.likely(logical_id, c)]
        if loose:
            why = "nothing that is declared tells which" if len(loose) > 1 else _PERHAPS
            self.result.candidates[logical_id] = (loose, why)


_SEVERAL = "several stacks have this logical id: --stack tells which it is"
_PERHAPS = "it may be this one, and nothing that is declared tells"
_WORDS = {
    "lock": "entry in the lock", "ARN": "id", "physical name": "name", "stack": "logical id in the stack",
    "tags": "tags", "structure": "place",
}  # fmt: skip


def _id(live: Live, id: str) -> str:
    resource = live.resources[id]
    return resource.physical_id or resource.address or id
