"""What the files of a snapshot say, put together: one resource for each thing, however many files speak of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from archproof.errors import Location, Unknown
from archproof.model.yaml import Mark
from archproof.resources.resource import Path, Resource, Resources
from archproof.sources.responses._item import Item, Props, at

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


class Snapshot:
    """The resources of a snapshot while its files are read."""

    def __init__(self, resources: Resources, items: Sequence[Item] = ()) -> None:
        self.resources = resources
        self.items = items
        self.known: dict[tuple[str, str], Resource] = {}
        """Resources by type and id."""
        self.ids: dict[str, tuple[Resource, str | None]] = {}
        """Ids, ARNs and URLs, each with the resource and the attribute that returns it (None: `Ref`)."""
        self.names: dict[tuple[str, str], Resource] = {}
        """Resources by type and name, for what is referred to by a mere name."""
        self._numbers: dict[str, int] = {}
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
        resource = self.known.get((type, self._scoped(id, item)))
        places: Any = resource.locate if resource else Places()
        places.marks.append((item.mark, origin))
        number = len(places.marks) - 1
        if resource is None:
            called = call or self._named(type, _called(props) or name or id)
            resource = Resource(self._free(called), type, {}, locate=places)
            resource.physical_id = ref or id
            resource.address = arn if arn and name and arn.endswith(name) else id
            resource.region, resource.account = item.region, item.account
            resource.made_by, resource.implied = made_by, implied
            self.resources.add(resource)
            self.known[type, self._scoped(id, item)] = resource
        self._merge(resource, props, number, len(origin))
        self._register(resource, ref or id, id, arn, name, attributes or {})
        return resource

    def _merge(self, resource: Resource, props: Props, number: int, below: int) -> None:
        for key, value in props.values.items():
            if key in resource.properties:
                continue
            resource.properties[key] = value
            for path, origin in props.origins.items():
                if path[0] == key:
                    resource.origins[path] = (number, *origin[below:])

    def _register(
        self, resource: Resource, ref: str, id: str, arn: str | None, name: str | None, more: Mapping[str, str | None]
    ) -> None:
        for attribute, value in more.items():
            if value:
                self.ids.setdefault(value, (resource, attribute or None))
        if is_id(ref):
            self.ids.setdefault(ref, (resource, None))
        if arn:
            self.ids.setdefault(arn, (resource, None if arn == ref else "Arn"))
        for value in (name, id, ref):
            if value:
                self.names.setdefault((resource.type, value), resource)

    def extend(self, resource: Resource, item: Item, props: Props) -> None:
        """Add what an entry says of a resource that is known."""
        places: Any = resource.locate
        places.marks.append((item.mark, ()))
        self._merge(resource, props, len(places.marks) - 1, 0)

    def append(self, resource: Resource, name: str, value: Any, item: Item, *origin: str | int) -> None:
        """Add one entry to a list of a resource that is known."""
        places: Any = resource.locate
        places.marks.append((item.mark, ()))
        held = resource.properties.setdefault(name, [])
        resource.origins[name, len(held)] = (len(places.marks) - 1, *origin)
        held.append(value)

    def find(self, type: str, id: str | None) -> Resource | None:
        """A resource by its type and its id, ARN or name."""
        if not id:
            return None
        found = self.ids.get(id)
        if found is not None and found[0].type == type:
            return found[0]
        return self.names.get((type, id))

    def told_by_path(self, item: Item, type: str) -> Resource | None:
        """The resource whose name or id the name of the item's file holds: `get-bucket-policy` does not say whose."""
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


def nothing(item: Item, snapshot: Snapshot) -> None:
    """The reader of entries that are no resource of the system."""


def texts(value: Any) -> Iterable[str]:
    """The texts of a list."""
    return [v for v in value if isinstance(v, str)] if isinstance(value, list) else []
