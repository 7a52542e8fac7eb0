"""A resource in the making: its properties are written with the place in Terraform that said them."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from archproof.resources.resource import Path, Resource
from archproof.sources.terraform._text import text

if TYPE_CHECKING:
    from archproof.sources.terraform.item import Item
    from archproof.sources.terraform.mapping import Mapping, Rule
    from archproof.sources.terraform.translation import Translation

ABSENT: tuple[Any, ...] = (None, "", [], {})


def is_absent(value: Any) -> bool:
    """Say whether Terraform means by `value` that nothing was said; 0 and false are something."""
    return value is None or (isinstance(value, str | list | dict) and not value)


class Made:
    """One item and the CloudFormation resource that it becomes, or becomes a part of."""

    def __init__(self, item: Item, mapping: Mapping, resource: Resource, translation: Translation) -> None:
        self.item = item
        self.mapping = mapping
        self.resource = resource
        self.translation = translation

    def value(self, *path: str | int) -> Any:
        """The value at a path of the item, resolved; None where nothing is said."""
        found = self.item.literal(*path)
        return None if is_absent(found) else self.translation.resolve(found, self.item, path)

    def ref(self, attribute: str = "id") -> Any:
        """What a reference to an attribute of this item is."""
        return self.translation.answer(self.item, attribute)

    def set(self, path: str | Path, value: Any, *origin: str | int) -> None:
        """Write a property, said at the path `origin` of the item. Values that are absent are not written."""
        if not is_absent(value):
            put(self.resource, _path(path), value, (self.item.address, *origin))

    def add(self, path: str | Path, value: Any, *origin: str | int) -> None:
        """Add `value` to the list at `path`."""
        held = self.resource.get(*_path(path))
        at = len(held) if isinstance(held, list) else 0
        if not isinstance(held, list):
            put(self.resource, _path(path), [], (self.item.address, *origin))
        put(self.resource, (*_path(path), at), value, (self.item.address, *origin))

    def extra(self, suffix: str, type: str, properties: dict[str, Any], *origin: str | int) -> Resource:
        """One more resource that this item is, said at the path `origin` of it."""
        resource = self.translation.new(self.item, type, suffix)
        self.fill(resource, properties, *origin)
        return self.translation.resources.add(resource)

    def fill(self, resource: Resource, properties: dict[str, Any], *origin: str | int) -> None:
        """Write properties of any resource, all said at the path `origin` of this item."""
        for name, value in properties.items():
            if not is_absent(value):
                put(resource, (name,), value, (self.item.address, *origin))

    def on(self, other: Made) -> Made:
        """This item, writing into the resource of another one."""
        return Made(self.item, self.mapping, other.resource, self.translation)

    def joined(self, *parts: Any) -> Any:
        """A text of resolved parts, literal or not."""
        return text(list(parts))

    def write(self) -> None:
        """Write every property that the mapping says."""
        self.nested(self.mapping.rules, self.item.values, (), ())

    def nested(self, rules: dict[str, Rule], values: dict[str, Any], origin: Path, base: Path) -> None:
        """Write the arguments of a block (or of the item itself) below the property `base`."""
        for argument, rule in rules.items():
            value = values.get(argument)
            if is_absent(value) or rule.ignored:
                continue
            place = (*origin, argument)
            if rule.nested is None or not isinstance(value, list | dict):
                self._plain(rule, value, place, base)
            elif rule.many:
                self._many(rule, value, place, base)
            else:
                self._single(rule, value, place, base)

    def _plain(self, rule: Rule, value: Any, origin: Path, base: Path) -> None:
        found = self.translation.converted(rule, value, self.item, origin)
        if not is_absent(found) and (base or rule.path):
            put(self.resource, (*base, *rule.path), found, (self.item.address, *origin))

    def _single(self, rule: Rule, value: Any, origin: Path, base: Path) -> None:
        inner, place = (value[0], (*origin, 0)) if isinstance(value, list) else (value, origin)
        path = (*base, *rule.path)
        if not isinstance(inner, dict):
            if inner is not None:
                self._plain(rule, inner, place, base)
            elif rule.keep:
                put(self.resource, path, {}, (self.item.address, *origin))
            return
        assert rule.nested is not None
        if rule.keep and rule.path:
            put(self.resource, path, {}, (self.item.address, *place))
        self.nested(rule.nested, inner, place, path)
        if rule.path and self.resource.has(*path):
            self.resource.origins.setdefault(path, (self.item.address, *place))

    def _many(self, rule: Rule, value: Any, origin: Path, base: Path) -> None:
        assert rule.nested is not None
        path = (*base, *rule.path)
        entries = value if isinstance(value, list) else [value]
        held = self.resource.get(*path)
        count = len(held) if isinstance(held, list) else 0
        if count and self.resource.origins.get(path, (self.item.address,))[0] != self.item.address:
            forget(self.resource, path)  # a copy of what this item says itself
            count = 0
        for position, entry in enumerate(entries):
            place = (*origin, position) if isinstance(value, list) else origin
            if not isinstance(entry, dict):
                entry = self.translation.resolve(entry, self.item, place)
                if not is_absent(entry):
                    put(self.resource, (*path, count), entry, (self.item.address, *place))
                    count += 1
                continue
            self.nested(rule.nested, entry, place, (*path, count))
            if self.resource.has(*path, count):
                self.resource.origins.setdefault((*path, count), (self.item.address, *place))
                count += 1
        if rule.convert is not None and self.resource.has(*path):
            put(self.resource, path, rule.convert(self.resource.get(*path)), (self.item.address, *origin))
        elif self.resource.has(*path):
            self.resource.origins.setdefault(path, (self.item.address, *origin))


def put(resource: Resource, path: Path, value: Any, origin: Path) -> None:
    """Write `value` at `path`, making the maps and lists on the way, and note where it was said."""
    holder: Any = resource.properties
    for step, following in itertools.pairwise(path):
        empty: Any = [] if isinstance(following, int) else {}
        if isinstance(holder, list):
            if step == len(holder):
                holder.append(empty)
            holder = holder[step]  # type: ignore[index]
        else:
            held = holder.get(step)
            if not isinstance(held, dict | list):
                held = holder[step] = empty
            holder = held
    last = path[-1]
    if isinstance(holder, list) and last == len(holder):
        holder.append(value)
    else:
        holder[last] = value
    resource.origins[path] = origin


def forget(resource: Resource, path: Path) -> None:
    """Take a property out, with what is known of its place."""
    holder = resource.get(*path[:-1])
    if isinstance(holder, dict):
        holder.pop(path[-1], None)
    for place in [p for p in resource.origins if p[: len(path)] == path]:
        del resource.origins[place]


def keep(resource: Resource, path: Path, wanted: Callable[[Any], bool]) -> None:
    """Take the entries out of a list that are not wanted; the others move up, and their places with them."""
    held = resource.get(*path)
    if not isinstance(held, list):
        return
    kept = [n for n, entry in enumerate(held) if wanted(entry)]
    size = len(path)
    inside = {p: o for p, o in resource.origins.items() if p[:size] == path and len(p) > size}
    for place in inside:
        del resource.origins[place]
    for new, old in enumerate(kept):
        for place, origin in inside.items():
            if place[size] == old:
                resource.origins[(*path, new, *place[size + 1 :])] = origin
    held[:] = [held[n] for n in kept]
    if not held:
        forget(resource, path)


def _path(path: str | Path) -> Path:
    return tuple(path.split(".")) if isinstance(path, str) else path
