"""What the files of a snapshot say, put together: one resource for each thing, however many files speak of it."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from archproof.errors import Location, Unknown
from archproof.model.yaml import Mark
from archproof.resources.resource import Path, Resource, Resources
from archproof.sources.responses import _shaping
from archproof.sources.responses._call import ALL, Call, declared
from archproof.sources.responses._item import NOWHERE, Item, Props, at

Reader = Callable[[Item, "Snapshot"], None]
_WORDS = re.compile(r"[A-Za-z0-9]+")
_HEX = re.compile(r"[a-z]+(?:-[a-z]+)*-[0-9a-f]{8}(?:[0-9a-f]{9})?")
_NAME_LENGTH = 120
_SPLIT = re.compile(r"[/\\]")


@dataclass(slots=True)
class Places:
    """The places of a resource that several files may speak of: a path begins with the number of its entry."""

    marks: list[tuple[Mark, Path]] = field(default_factory=list)
    """The mark of each entry, and where in it the resource stands; followed only when a place is asked for."""

    def __call__(self, path: Path | None) -> Location:
        if not path:
            return at(*self.marks[0]).at()
        number, *rest = path
        assert isinstance(number, int)
        mark, origin = self.marks[number]
        return at(mark, (*origin, *rest)).entry()


_EVERYWHERE = frozenset(
    (
        "AWS::ApiGateway::GatewayResponse", "AWS::ApiGateway::Model", "AWS::Athena::WorkGroup",
        "AWS::Backup::BackupVault", "AWS::ECS::CapacityProvider", "AWS::ElastiCache::ParameterGroup",
        "AWS::Scheduler::ScheduleGroup",
    )
)  # fmt: skip
"""Types of which AWS makes some in every account that belong to nobody's system: an import leaves them out."""


class Snapshot:
    """The resources of a snapshot while its files are read."""

    def __init__(self, resources: Resources, items: Sequence[Item] = (), *, live: bool = False) -> None:
        self.resources = resources
        self.items = items
        self.live = live
        """Whether values are wanted as AWS has them, and not as a template would say them."""
        self.here: Item | None = None
        """The entry that is being read: what it names is of its region and account."""
        self.looked: dict[str, set[str]] = {}
        """By logical id: the top-level properties that were looked for (only with `live`)."""
        self.returned: dict[str, dict[str, str]] = {}
        """By logical id: what `Fn::GetAtt` returns, and under the empty name what `Ref` does."""
        self.stacks: dict[str, tuple[str, str]] = {}
        """By logical id: the stack that made it, and what it is called there."""
        self.stack_ids: dict[str, list[str]] = {}
        """By the name of a stack: the ARNs of those that are called so."""
        self.known: dict[tuple[str, str], Resource] = {}
        """Resources by type and id."""
        self.ids: dict[str, tuple[Resource, str | None]] = {}
        """Ids, ARNs and URLs, each with the resource and the attribute that returns it (None: `Ref`)."""
        self.names: dict[tuple[str, str], Resource] = {}
        """Resources by type and name, for what is referred to by a mere name."""
        self._namesakes: dict[tuple[str, str], list[Resource]] = {}
        """Resources of the same type and name, of several regions or accounts."""
        self._numbers: dict[str, int] = {}
        self._interfaces: set[str | None] | None = None
        self.gone: dict[str, int] = {}
        """What was left out because it is gone, with how many there were."""
        self.mains: dict[str, Item] = {}
        """The main route tables, by id."""

    def add(
        self, item: Item, type: str, id: str | None, props: Props, *, ref: str | None = None, arn: str | None = None,
        name: str | None = None, attributes: Mapping[str, str | None] | None = None, made_by: str | None = None,
        implied: bool = False, call: str | None = None, origin: Path = (),
    ) -> Resource | None:  # fmt: skip
        """Add a resource, or what an entry adds to one that another entry gave.

        `id` is what tells it from all others of its type, `ref` what `Ref` returns for it (the id when left out),
        `arn` its ARN, which `Fn::GetAtt Arn` returns unless `attributes` (attribute → its value) says otherwise;
        `name` what it is called by those that use no id; `call` what its logical id is made from.
        """
        if not id:
            self.unreadable(item, f"no id in an entry of {item.key}")
            return None
        if made_by is not None and not self.live and type in _EVERYWHERE:
            return None
        resource = self.known.get((type, self._scoped(id, item)))
        if resource is None:
            called = call or self._named(type, _called(props) or name or id)
            resource = Resource(self._free(called), type, {}, locate=None if item.mark is NOWHERE else Places())
            resource.physical_id = ref or id
            resource.address = arn if arn and name and arn.endswith(name) else id
            resource.region, resource.account = item.region, item.account
            resource.made_by, resource.implied = made_by, implied
            self.resources.add(resource)
            self.known[type, self._scoped(id, item)] = resource
        self._merge(resource, item, props, origin)
        self._register(resource, ref or id, id, arn, name, attributes or {})
        if self.live and props.natural:
            told = self.returned[resource.logical_id]
            for attribute, value in _shaping.attributes(type, item.value).items():
                told.setdefault(attribute, value)
        return resource

    def _merge(self, resource: Resource, item: Item, props: Props, below: Path) -> None:
        if self.live:
            self._see(resource, item, props)
        if resource.locate is None:
            for key, value in props.values.items():
                resource.properties.setdefault(key, value)
            return
        places: Any = resource.locate
        places.marks.append((item.mark, below))
        number = len(places.marks) - 1
        for key, value in props.values.items():
            if key in resource.properties:
                continue
            resource.properties[key] = value
            for path, origin in props.origins.items():
                if path[0] == key:
                    resource.origins[path] = (number, *origin[len(below) :])

    def _see(self, resource: Resource, item: Item, props: Props) -> None:
        """Remember what was looked for: what the call says that it gives, and nothing that a mere list leaves out."""
        if props.stack is not None:
            self.stacks.setdefault(resource.logical_id, props.stack)
        given = item.call.gives.get(resource.type, ()) if item.call else given_by(item.key, resource.type)
        if props.natural and isinstance(item.value, dict):
            for name, value in _shaping.natural(resource.type, item.value).items():
                if name not in props.values:
                    props.set(name, value)
        seen = self.looked.setdefault(resource.logical_id, set())
        seen.update(props.looked if ALL in given else props.values)
        seen.update(name for name in given if name != ALL)
        if ALL in given and props.natural:
            seen.update(_answered().get((item.call.title if item.call else "", resource.type), ()))

    def _register(
        self, resource: Resource, ref: str, id: str, arn: str | None, name: str | None, more: Mapping[str, str | None]
    ) -> None:
        returned = self.returned.setdefault(resource.logical_id, {"": ref})
        for attribute, value in more.items():
            if value:
                self.ids.setdefault(value, (resource, attribute or None))
                returned.setdefault(attribute, value)
        if arn and arn != ref:
            returned.setdefault("Arn", arn)
        if is_id(ref):
            self.ids.setdefault(ref, (resource, None))
        if arn:
            self.ids.setdefault(arn, (resource, None if arn == ref else "Arn"))
        for value in (name, id, ref):
            if value:
                self._call(resource, value)

    def _call(self, resource: Resource, name: str) -> None:
        first = self.names.setdefault((resource.type, name), resource)
        if first is not resource:
            namesakes = self._namesakes.setdefault((resource.type, name), [first])
            if resource not in namesakes:
                namesakes.append(resource)

    def extend(self, resource: Resource, item: Item, props: Props) -> None:
        """Add what an entry says of a resource that is known."""
        self._merge(resource, item, props, ())

    def append(self, resource: Resource, name: str, value: Any, item: Item, *origin: str | int) -> None:
        """Add one entry to a list of a resource that is known."""
        held = resource.properties.setdefault(name, [])
        self.point(resource, (name, len(held)), item, *origin)
        held.append(value)

    def point(self, resource: Resource, path: Path, item: Item, *origin: str | int) -> None:
        """Say which entry, and where in it, told the property at `path` of a resource that is known."""
        if self.live:
            self.looked.setdefault(resource.logical_id, set()).add(str(path[0]))
        if resource.locate is not None:
            places: Any = resource.locate
            places.marks.append((item.mark, ()))
            resource.origins[path] = (len(places.marks) - 1, *origin)

    def find(self, type: str, id: str | None) -> Resource | None:
        """A resource by its type and its id, ARN or name."""
        if not id:
            return None
        found = self.ids.get(id)
        if found is not None and found[0].type == type:
            return found[0]
        namesakes = self._namesakes.get((type, id))
        if namesakes is not None and self.here is not None:
            return next((r for r in namesakes if _is_near(r, self.here)), namesakes[0])
        return self.names.get((type, id))

    def told_by_path(self, item: Item, type: str) -> Resource | None:
        """The resource that the call was asked about, or whose name or id the name of the item's file holds.

        `get-bucket-policy` does not say whose policy it is.
        """
        if item.asked:
            asked = (self.find(type, value) for value in item.asked.values() if isinstance(value, str))
            return next((found for found in asked if found is not None), None)
        parts = _SPLIT.split(item.file)[-3:]
        best: tuple[int, int, Resource] | None = None
        for (kind, name), resource in self.names.items():
            if kind != type or len(name) < 2:
                continue
            for place, part in enumerate(parts):
                if name in part and (best is None or (len(name), place) > best[:2]):
                    best = len(name), place, resource
        return best[2] if best else None

    def members(self, ids: Any, key: str, field: str) -> list[Item]:
        """The entries of the response `key` whose `field` is one of `ids`, whether or not they are resources."""
        wanted = set(texts(ids))
        return [item for item in self.items if item.key == key and item.text(field) in wanted] if wanted else []

    def serves(self, interface: str | None) -> bool:
        """Whether an interface is one that a service keeps: an endpoint, a NAT gateway, a mount target."""
        if self._interfaces is None:
            self._interfaces = {
                id
                for item in self.items
                if item.key in ("VpcEndpoints", "NatGateways", "MountTargets")
                for id in (
                    *texts(item.get("NetworkInterfaceIds")), item.text("NetworkInterfaceId"),
                    *(a.get("NetworkInterfaceId") for _, a in item.entries("NatGatewayAddresses")),
                )
            }  # fmt: skip
        return interface is not None and interface in self._interfaces

    def unreadable(self, item: Item, why: str) -> None:
        """Tell an entry that could not be read."""
        self.resources.unknown.append(Unknown(item.key, why, item.mark.at()))

    def left_out(self, item: Item, what: str) -> None:
        """Count what is left out because it is no part of the system any more."""
        self.gone[what] = self.gone.get(what, 0) + 1

    def note(self) -> None:
        """Tell how much was left out."""
        self.resources.notes += [f"left out: {count} {what}" for what, count in self.gone.items()]

    def _scoped(self, id: str, item: Item) -> str:
        return id if is_id(id) else f"{item.account}/{item.region}/{id}"

    def _named(self, type: str, called: str) -> str:
        """What a resource is called by its name, or by the end of an id that says nothing."""
        noun = type.rsplit("::", 1)[-1]
        if _HEX.fullmatch(called):
            return f"{noun} {called[-4:]}"
        words = "".join(_WORDS.findall(called.rsplit(":", 1)[-1]))
        return called if noun.lower() in words.lower() else f"{called} {noun}"

    def _free(self, called: str) -> str:
        """A logical id, letters and digits, unlike all others."""
        words = "".join(w[:1].upper() + w[1:] for w in _WORDS.findall(called.rsplit(":", 1)[-1]))[:_NAME_LENGTH]
        wanted = words = words or "Resource"
        number = self._numbers.get(wanted, 1)
        while words in self.resources:
            number += 1
            words = f"{wanted}{number}"
        self._numbers[wanted] = number
        return words


def _is_near(resource: Resource, item: Item) -> bool:
    """Whether a resource may be of the region and account of an entry; what does not tell either may be of any."""
    return all(
        a is None or b is None or a == b
        for a, b in ((resource.region, item.region), (resource.account, item.account))
    )  # fmt: skip


@functools.cache
def _answered() -> dict[tuple[str, str], tuple[str, ...]]:
    """By call and type: the properties that are fields of the answer under their own names."""
    from archproof import facts

    return {(row["call"], row["type"]): tuple(row["properties"].split()) for row in facts.rows("answers")}


@functools.cache
def given_by(key: str, type: str) -> tuple[str, ...]:
    """The properties of a type that an answer under a key tells, where the snapshot does not say what was asked."""
    calls: list[Call] = [call for call in declared() if call.key == key]
    if not calls:
        return (ALL,)
    return tuple(dict.fromkeys(name for call in calls for name in call.gives.get(type, ())))


def _called(props: Props) -> str | None:
    tags = props.values.get("Tags")
    for tag in tags if isinstance(tags, list) else ():
        if tag.get("Key") == "Name" and _WORDS.search(tag["Value"]):
            return str(tag["Value"])
    return None


_ID = re.compile(r"(?:arn:|https?://|[a-z][a-z0-9-]*-[0-9a-f]{8}(?:[0-9a-f]{9})?\Z)")


def is_id(text: str) -> bool:
    """Say whether a text can be nothing but the id, the ARN or the URL of one thing."""
    return bool(_ID.match(text))


def plain(
    type: str, id: str, *same: str, ref: str | None = None, arn: str | None = None, name: str | None = None,
    attributes: dict[str, str] | None = None, also: Callable[[Item, Props], Any] | None = None, **renamed: str,
) -> Reader:  # fmt: skip
    """A reader of entries that are one resource each, most fields under the same name.

    `id`, `ref`, `arn`, `name` and the values of `attributes` are paths in the entry; `also` adds to the properties.
    """

    def read(item: Item, snapshot: Snapshot) -> None:
        props = item.props(*same, **renamed)
        if also is not None:
            also(item, props)
        more = {attribute: item.text(path) for attribute, path in (attributes or {}).items()}
        snapshot.add(
            item, type, item.text(id), props, ref=item.text(ref) if ref else None, arn=item.text(arn) if arn else None,
            name=item.text(name) if name else None, attributes=more,
        )  # fmt: skip

    return read


def tagged(*types: str) -> Reader:
    """A reader of the tags of the one thing that the call was about, which is of one of these types."""
    return detail(types)


def detail(types: str | Sequence[str], *same: str, **renamed: str) -> Reader:
    """A reader of an answer that tells more of the one thing that the call was about."""
    told = (types,) if isinstance(types, str) else tuple(types)

    def read(item: Item, snapshot: Snapshot) -> None:
        for type in told:
            found = snapshot.told_by_path(item, type)
            if found is not None:
                props = item.props(*same, **renamed)
                props.natural = bool(same or renamed)
                snapshot.extend(found, item, props)
                return

    return read


def nothing(item: Item, snapshot: Snapshot) -> None:
    """The reader of entries that are no resource of the system."""


def texts(value: Any) -> Iterable[str]:
    """The texts of a list."""
    return [v for v in value if isinstance(v, str)] if isinstance(value, list) else []
