"""A whole system compared with what is really there: every resource bound, every property told apart.

What nobody could read is unread with its reason; a resource is missing only where all of its type were listed.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from archproof.drift import meaning, own_groups, own_keys, unmanaged
from archproof.drift._hidden import shown
from archproof.drift._reasons import Reasons
from archproof.drift._stacks import names
from archproof.drift.compare import compare
from archproof.drift.described import Described
from archproof.drift.differences import Comparison, Difference, PropertyDrift, ResourceDrift, Whole
from archproof.drift.folding import FOLDS, PARTS, Subject, fold, unfold
from archproof.drift.key_aliases import TYPE as ALIAS
from archproof.drift.key_aliases import Aliases
from archproof.drift.lock import Lock
from archproof.drift.macros import Macros
from archproof.drift.matching import Matcher, Matching
from archproof.drift.meaning import Context
from archproof.drift.resolving import Resolver, place
from archproof.drift.things import Things
from archproof.resources.evaluation import evaluate
from archproof.resources.resource import Resource, Resources, is_symbolic
from archproof.sources.live import Live

NOTHING = ("AWS::CDK::Metadata", "AWS::CloudFormation::WaitConditionHandle", "AWS::CloudFormation::WaitCondition")
"""Types of a template that are nothing in an account."""


@dataclass(frozen=True, slots=True)
class Options:
    """What was said about a comparison."""

    lock: Lock = dataclasses.field(default_factory=dict)
    stack: str | None = None
    """The stack of CloudFormation that the model is, where several could be it."""
    region: str | None = None
    account: str | None = None
    titles: Mapping[str, str] = dataclasses.field(default_factory=dict)
    """Titles of components, for messages."""


def compare_systems(declared: Resources, live: Live, options: Options | None = None) -> Comparison:
    """Compare declared resources with live ones. Neither is changed."""
    return _Run(declared, live, options or Options()).comparison()


class _Run:
    """One comparison."""

    def __init__(self, declared: Resources, live: Live, options: Options) -> None:
        self.live = dataclasses.replace(live, resources=unfold(live.resources))
        self.declared = unfold(evaluate(placed(declared, options, self.live)))
        self.options = options
        self.things = Things(self.live)
        self.resolver = Resolver(self.declared, self.live)
        self.reasons = Reasons(self.live)
        self.macros = Macros(self.declared)
        self.result = Comparison(calls=live.calls)
        self.result.unread = list(live.unread)
        self.by_live: dict[str, str] = {}
        self.aliases = Aliases(live.resources.of_type(ALIAS))

    def comparison(self) -> Comparison:
        """Match, fold, compare, and tell what is left."""
        nothing = [r.logical_id for r in self.declared if r.type in NOTHING]
        if nothing:
            self.result.notes.append(f"nothing in an account: {', '.join(nothing)}")
        parts = [r.logical_id for r in self.declared if r.type in PARTS]
        matcher = Matcher(
            self.declared, self.live, self.resolver, self.things, parts=[*parts, *nothing],
            lock=self.options.lock, stack=self.options.stack,
        )  # fmt: skip
        matching = matcher.run()
        bound = matching.bindings
        self.result.bindings = [bound[r.logical_id] for r in self.declared if r.logical_id in bound]
        self.result.notes += matching.notes
        theirs = fold(self.live.resources, lambda r: dict(r.properties), self._live_owners)
        self.by_live = {b.live: b.resource for b in bound.values()}
        alive = (r for r in self.declared if r.type not in NOTHING)
        mine = fold(alive, self._declared_properties, self._owners)
        pairs: list[tuple[Subject, Subject]] = []
        for id, subject in mine.subjects.items():
            other = theirs.subjects.get(id if subject.partial else self.resolver.bindings.get(id, ""))
            if other is not None:
                pairs.append((subject, other))
            elif subject.partial:
                self._unread(subject.resource, "the resource that it is a part of was not read")
            else:
                self._absent(subject.resource, matching, matcher)
        self.resolver.missing.update(whole.resource for whole in self.result.missing)
        for subject, other in pairs:
            self._pair(subject, other)
        for part in mine.orphans:
            self._orphan(part, theirs.orphans)
        unmanaged.tell(self.result, theirs, set(self.by_live), matcher.places, mine)
        self.result.differences.sort(key=lambda d: (d.location, d.resource, d.drift.property, d.tier))
        return self.result

    # -- the two sides

    def _declared_properties(self, resource: Resource) -> dict[str, Any]:
        found = self.resolver.properties(resource)
        if resource.type == "AWS::IAM::ManagedPolicy":
            arn = self.resolver.literal(resource.logical_id, "")
            found["__arn__"] = arn if isinstance(arn, str) else {"Ref": resource.logical_id}
        return found

    def _owners(self, part: Resource, value: Any, type: str) -> list[str]:
        """The declared owners that a value names; live ones that are not declared under their live name."""
        target = self.declared.target(value)
        if target is not None:
            return [target.logical_id] if target.type == type else []
        known = self.resolver.value(part, value)
        found = [self.by_live.get(id, id) for id in self.things.named(known, type)]
        if found:
            return found[:1]
        if not isinstance(known, str):
            return []
        name = f"{type.rpartition('::')[2]}Name"
        return [r.logical_id for r in self.declared.of_type(type) if r.get(name) == known][:1]

    def _live_owners(self, part: Resource, value: Any, type: str) -> list[str]:
        return self.things.named(value, type)[:1]

    # -- verdicts

    def _pair(self, mine: Subject, theirs: Subject) -> None:
        """Compare a declared subject with the live one that it is, unless a macro may change what is declared."""
        unsure = self.macros.why(mine.resource)
        if unsure is not None:
            self._unread(mine.resource, unsure)
            return
        live = theirs.resource
        owner = mine.resource if not mine.partial else live
        declared = {k: v for k, v in mine.properties.items() if k != "__arn__"}
        held = {k: shown(declared.get(k), v, k) for k, v in theirs.properties.items()}
        held = own_keys.without(held, declared, self._is_aws_key)
        held = own_groups.without(held, declared, self._is_default_group)
        stated = {k for k, v in mine.resource.properties.items() if v != []} if not mine.partial else set()
        context = Context(
            owner.type, declared, held, stated, lambda name: self.live.saw(live, name), self._called,
            self.resolver.waits_for, mine.partial, live.properties.keys() if isinstance(self.live, Described) else None,
        )  # fmt: skip
        meaning.compare(context)
        drift = ResourceDrift()
        if not mine.partial:
            looked = self.live.looked.get(live.logical_id)
            drift = compare(owner.type, context.declared, context.live, looked, self.aliases.near(live))
        for tier, found in (
            ("declared", [*context.declared_tier, *drift.declared]),
            ("undeclared", [*context.undeclared_tier, *drift.undeclared]),
            ("unread", [*context.unread_tier, *drift.unread]),
        ):
            for one in found:
                self._tell(tier, mine, theirs, one)

    def _is_default_group(self, id: str) -> bool:
        """Whether a security group is the one that its network has by itself."""
        found = self.things.named(id, "AWS::EC2::SecurityGroup")
        return bool(found) and all(self.live.resources[g].get("GroupName") == "default" for g in found)

    def _is_aws_key(self, arn: str) -> bool:
        """Whether AWS keeps a key itself: all keys of its account and region were listed, and no one's own is it."""
        place = own_keys.place_of(arn)
        if place is None or not self.live.was_listed(*place, _KEY):
            return False
        return all(self.live.resources[id].made_by is not None for id in self.things.named(arn, _KEY))

    def _tell(self, tier: str, mine: Subject, theirs: Subject, drift: PropertyDrift) -> None:
        """Add a difference with its place; what was not looked for is unread, whatever it seems to be."""
        live = theirs.resource
        top = str(drift.path[0]) if drift.path else ""
        absent = drift.actual is None and self.reasons.hides(live, top)
        if tier == "declared" and top and (absent or not self.live.saw(live, top)):
            tier, drift = "unread", drift._replace(actual=None, why="")
        if tier == "unread":
            drift = drift._replace(why=self._why(live, top, drift))
        said_by = mine.said_by(drift.path)
        self.result.differences.append(
            Difference(
                tier,
                said_by.component,
                mine.resource.logical_id,
                mine.resource.type,
                drift,
                mine.location(drift.path),
                live.physical_id or live.address,
                live.account,
                live.region,
            )
        )

    def _why(self, live: Resource, top: str, drift: PropertyDrift) -> str:
        symbol = _first_symbol(drift.expected)
        if symbol is not None:
            return self.resolver.waits_for(symbol)
        if drift.why and drift.why not in _NOT_LOOKED:
            return drift.why
        return self.reasons.of_property(live, top)

    def _absent(self, resource: Resource, matching: Matching, matcher: Matcher) -> None:
        """Tell what a declared resource is to which nothing live was bound."""
        id = resource.logical_id
        held = matching.candidates.get(id)
        if held is not None:
            physical = [_id(self.live.resources[c]) for c in held[0]]
            self.result.ambiguous.append((id, physical, held[1]))
            return
        if self._by_default(resource):
            return
        unsure = self.macros.why(resource)
        if unsure is not None:
            self._unread(resource, unsure)
            return
        waits = [n for n in matching.waiting.get(id, ()) if n not in self.resolver.bindings and n in self.declared]
        region, account = place(self.declared, resource)
        listed = matcher.places.listed(resource)
        gone = [n for n in waits if self._is_missing(n, matching, matcher)]
        condition = self.resolver.condition(resource)
        if condition is not None:
            self._unread(resource, f"whether it is created hangs on the condition {condition}, which is not known")
        elif gone:
            self._missing(resource, region, account, f"{gone[0]}, which it is a part of, is missing")
        elif waits and listed:
            self._unread(resource, f"it cannot be found before {waits[0]} is")
        elif listed:
            lost = matching.gone.get(id)
            why = f"the lock binds it to {lost}, which is not there any more" if lost else ""
            self._missing(resource, region, account, why)
        else:
            self._unread(resource, self.reasons.of_type(resource, region, account))

    def _by_default(self, resource: Resource) -> bool:
        """Whether AWS does by default what a resource says: a subnet that names no table has its VPC's main one."""
        if resource.type != "AWS::EC2::SubnetRouteTableAssociation":
            return False
        table = self.things.named(self.resolver.value(resource, resource.get("RouteTableId")), "AWS::EC2::RouteTable")
        if len(table) != 1 or self.live.resources[table[0]].made_by is None:
            return False
        self.result.notes.append(f"{resource.logical_id}: as by default, the subnet has its VPC's main route table")
        return True

    def _is_missing(self, id: str, matching: Matching, matcher: Matcher) -> bool:
        resource = self.declared[id]
        open_ = id in matching.candidates or id in self.resolver.bindings
        return not open_ and matcher.places.listed(resource) and not matching.waiting.get(id)

    def _orphan(self, part: Resource, others: list[Resource]) -> None:
        """A part whose owner is not in the model, and could not be told among what is live."""
        properties = self._declared_properties(part)
        for other in others:
            same = self.live.stack_of.get(other.logical_id, ("", ""))[1] == part.logical_id
            if other.type == part.type and (same or other.properties == properties):
                others.remove(other)
                self._pair(Subject(part, properties), Subject(other, other.properties))
                return
        why = "the resource that it is a part of was not found"
        names = {fold.by for fold in FOLDS if fold.part == part.type} & set(part.properties)
        symbol = _first_symbol([self.resolver.value(part, part.properties[n]) for n in sorted(names)])
        self._unread(part, self.resolver.waits_for(symbol) if symbol is not None else why)

    def _unread(self, resource: Resource, why: str) -> None:
        region, account = place(self.declared, resource)
        self.result.differences.append(
            Difference(
                "unread",
                resource.component,
                resource.logical_id,
                resource.type,
                PropertyDrift((), None, None, why),
                resource.location(),
                None,
                account,
                region,
            )
        )

    def _missing(self, resource: Resource, region: str | None, account: str | None, why: str) -> None:
        self.result.missing.append(
            Whole(
                resource.logical_id,
                resource.type,
                resource.component,
                resource.physical_id,
                account,
                region,
                resource.location(),
                why,
            )
        )

    def _called(self, text: str) -> str:
        """What people call the thing that an id or an ARN names: its component, else its logical id."""
        suffix = ""
        found = self.things.named(text)
        if not found and "/" in text:
            text, slash, rest = text.partition("/")
            found, suffix = self.things.named(text), slash + rest
        if len(found) != 1:
            return text + suffix
        declared = self.by_live.get(found[0])
        if declared is not None:
            return f"{self.declared[declared].title} ({text}{suffix})"
        return text + suffix


_KEY = "AWS::KMS::Key"
_NOT_LOOKED = ("was not looked for",)


def _first_symbol(value: Any) -> Any:
    """The first function in a value, or None."""
    if is_symbolic(value):
        return value
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return next((found for item in inner if (found := _first_symbol(item)) is not None), None)


def _id(resource: Resource) -> str:
    return resource.physical_id or resource.address or resource.logical_id


def _only(values: Iterable[str | None]) -> str | None:
    """The value that there is, if there is one."""
    found = {v for v in values if v}
    return next(iter(found)) if len(found) == 1 else None


def placed(declared: Resources, options: Options, live: Live) -> Resources:
    """The resources with the region and the account in force: those that are said, else the only ones that are live."""
    result = Resources(declared.region, declared.account)
    for key, value in vars(declared).items():
        setattr(result, key, value)
    given = dict(declared.given)
    region = options.region or given.get("AWS::Region") or _only(r.region for r in live.resources)
    account = options.account or declared.account or _only(r.account for r in live.resources)
    if region:
        given["AWS::Region"] = region
    if account:
        given["AWS::AccountId"] = result.account = account
    if len(names(options.stack)) == 1:
        given.setdefault("AWS::StackName", names(options.stack)[0])
    result.given = given
    return result
