"""Which details of an account a comparison needs: those of what may be declared, and not those of all there is.

The lists are matched with what is declared. All is asked of what is bound; of what may be a declared thing, only what
tells which it is; of things under others, those under what is declared, or under what a declared thing names. What an
answer tells is matched again, until nothing more is wanted.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from archproof.drift import comparing, keys
from archproof.drift._stacks import is_of
from archproof.drift.folding import PARTS, unfold
from archproof.drift.matching import Matcher
from archproof.drift.resolving import Resolver
from archproof.drift.things import Things
from archproof.resources.evaluation import evaluate
from archproof.resources.resource import Resource, Resources, is_symbolic, referenced
from archproof.sources.live import Live
from archproof.sources.responses._call import ALL, Call, parents
from archproof.sources.responses._call import declared as known_calls

if TYPE_CHECKING:
    from archproof.drift.comparing import Options
    from archproof.sources.aws.account import Choose

_STACK = "StackName"
SURE, STACKS, POSSIBLE = range(3)
"""What is asked first; where nothing of it is left, which stacks things are of; then what else may be declared."""


def chooser(declared: Resources, options: Options) -> Choose:
    """What chooses for a comparison of declared resources: what is surely wanted, else what may have to be."""

    def choose(live: Live) -> Iterator[Wanted]:
        wanted = Wanted(declared, live, options)
        for step in (SURE, STACKS, POSSIBLE):
            wanted.step = step
            yield wanted

    return choose


class Wanted:
    """What is wanted, by what is known of the account so far. It is called with a call and the thing it is about."""

    def __init__(self, declared: Resources, live: Live, options: Options) -> None:
        self.live = dataclasses.replace(live, resources=unfold(live.resources))
        self.declared = unfold(evaluate(comparing.placed(declared, options, self.live)))
        self.things = Things(self.live)
        self.resolver = Resolver(self.declared, self.live)
        self.options = options
        self.step = SURE
        left_out = [r.logical_id for r in self.declared if r.type in PARTS or r.type in comparing.NOTHING]
        self.matcher = Matcher(
            self.declared, self.live, self.resolver, self.things, parts=left_out, lock=options.lock,
            stack=options.stack,
        )  # fmt: skip
        matching = self.matcher.run()
        self.bound = {b.live for b in matching.bindings.values()}
        self.possible = {id for found, _ in matching.candidates.values() for id in found}
        for binding in matching.bindings.values():
            if binding.by == "structure":  # a tag that is not read yet may tell otherwise
                self.possible |= self._others(binding.resource)
        self.open = [r for r in self.matcher.open.values() if r.logical_id not in matching.gone]
        self._wanted: dict[tuple[Call, int], set[str]] = {}
        self._told: dict[tuple[str, str, bool], set[str] | None] = {}

    def __call__(self, call: Call, said: Mapping[str, Any], thing: Any) -> bool:
        """Whether a call is wanted about a thing: what it would ask, and what named the thing."""
        if call.whose:
            return True
        if call.always:
            return self._stack(str(said.get(_STACK)))
        wanted = self._wanted.get((call, self.step))
        if wanted is None:
            wanted = self._wanted[call, self.step] = self._things_of(call)
        ids = [id for value in said.values() for id in self.things.named(value)]
        if not ids and isinstance(thing, dict):
            ids = [id for value in thing.values() for id in self.things.named(value)]
        if not wanted.isdisjoint(ids):
            return True
        types = call.types | _over(call)
        return not any(self.live.resources[id].type in types for id in ids) and self._nameless(call, said)

    def _things_of(self, call: Call) -> set[str]:
        """The live resources about which a call is wanted."""
        possible = self.possible if self.step == POSSIBLE and self._tells_which(call) else set()
        found = {id for id in self.bound | possible if self.live.resources[id].type in call.types}
        for type in sorted(_over(call)):
            found |= self._owners(type, call.types - {type})
        return found

    def _others(self, logical_id: str) -> set[str]:
        """Whatever else a declared resource may be, by what is known so far."""
        resource = self.declared[logical_id]
        return {
            live.logical_id for live in self.live.resources.of_type(resource.type)
            if live.logical_id not in self.bound and self.matcher.places.fit(resource, live)
            and self.matcher.likeness.likely(logical_id, live.logical_id)
        }  # fmt: skip

    def _tells_which(self, call: Call) -> bool:
        """Whether an answer says what things are told apart by."""
        for type, names in call.gives.items():
            refers = {k for r in self.open if r.type == type for k, v in r.properties.items() if is_symbolic(v)}
            if ALL in names or not (_telling(type) | refers).isdisjoint(names):
                return True
        return False

    # -- things that no list tells anything of but their ids

    def _nameless(self, call: Call, said: Mapping[str, Any]) -> bool:
        """Whether something that is known by its id alone may be a declared one: something that is bound names it, its
        id has the declared name in it; at last all, where what is declared has no name."""
        texts = [value for value in said.values() if isinstance(value, str)]
        if any(text in self._mentioned for text in texts):
            return True
        for resource in (r for type in sorted(call.types) for r in self.declared.of_type(type)):
            if resource.logical_id in self.matcher.open:
                name = self._name(resource)
                if any(name.lower() in text.lower() for text in texts) if name else self.step == POSSIBLE:
                    return True
        return False

    @functools.cached_property
    def _mentioned(self) -> set[str]:
        """Every text in what is bound."""
        return {text for id in self.bound for text in _leaves(self.live.resources[id].properties)}

    def _name(self, resource: Resource) -> str:
        """What stands in the id of a declared resource; the empty text where nothing is known to."""
        entry = self.options.lock.get(resource.logical_id)
        known = entry.id if entry is not None else resource.physical_id or resource.address
        for way in () if known else keys.ways(resource.type):
            value = keys.dotted(resource.properties, way.terms[-1].names[0]) if way.named else None
            value = self.resolver.value(resource, value)
            if isinstance(value, str):
                return value
        return known or ""

    # -- things under others

    def _owners(self, type: str, children: frozenset[str]) -> set[str]:
        """The live resources of a type of which is wanted what stands under them."""
        under = [r for child in sorted(children) for r in self.declared.of_type(child)]
        if not under:
            return set()
        found = {id for id in self.bound if self.live.resources[id].type == type}
        for resource in under:
            spoken = self._spoken(resource, type)
            if spoken is None:
                return {r.logical_id for r in self.live.resources.of_type(type)}
            found |= spoken
        return found

    def _spoken(self, resource: Resource, type: str) -> set[str] | None:
        """The live resources of a type that a declared one names; None where it does not say under which it is."""
        key = resource.logical_id, type, self.step == POSSIBLE
        if key not in self._told:
            found = {
                id for text in _leaves(self.resolver.properties(resource)) for part in _owners_of(text)
                for id in self.things.named(part, type)
            }  # fmt: skip
            names = [n for n, _ in referenced(resource.properties) if n in self.declared]
            said = any(self.declared[n].type == type for n in names)
            said = said or (self.step != POSSIBLE and any(n in self.matcher.open for n in names))
            self._told[key] = found if found or said or resource.logical_id in self.resolver.bindings else None
        return self._told[key]

    # -- stacks

    def _stack(self, name: str) -> bool:
        """Whether the list of a stack's resources is wanted: of the one that was named, else of those that are known;
        at last of all where none is, and something that is declared has no name."""
        if self.options.stack:
            return is_of(self.options.stack, name)
        if self._stacks:
            return name in self._stacks
        return self.step >= STACKS and any(not self.matcher.has_name(r) for r in self.open)

    @functools.cached_property
    def _stacks(self) -> set[str]:
        """The stacks that what is bound says it is of."""
        return {self.live.stack_of[id][0] for id in self.bound if id in self.live.stack_of} | self.resolver.stacks


@functools.cache
def _over(call: Call) -> frozenset[str]:
    """The types of the things that a call is sent for."""
    return frozenset(type for parent in parents(call, list(known_calls())) for type in parent.types)


@functools.cache
def _telling(type: str) -> frozenset[str]:
    """The properties by which resources of a type are told apart: tags, names, and what can never change."""
    from archproof.facts import registry_schema
    from archproof.sources.responses._shaping import tagging

    schema = registry_schema(type)
    found = {"Tags", tagging(type), *(trail[0] for trail in (schema.create_only if schema else ()))}
    found.update(name.partition(".")[0] for way in keys.ways(type) for term in way.terms for name in term.names)
    return frozenset(found)


def _owners_of(text: str) -> Iterator[str]:
    """A text, and what it is under where it is an ARN: the function of an alias."""
    yield text
    if text.startswith("arn:"):
        for mark in ":/":
            yield text.rpartition(mark)[0]


def _leaves(value: Any) -> Iterator[str]:
    """Every text in a value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _leaves(inner)
