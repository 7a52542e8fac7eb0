"""From Terraform items to CloudFormation resources: names, references, properties, parts of other resources."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from archproof import discovery
from archproof.errors import Location
from archproof.errors import Unknown as UnknownEntry
from archproof.resources.resource import Path, Resource, Resources, is_symbolic
from archproof.resources.secrets import masked
from archproof.sources.terraform import _resolve, convert
from archproof.sources.terraform.item import Item, logical_id
from archproof.sources.terraform.made import Made, is_absent, put
from archproof.sources.terraform.mapping import Mapping, Rule
from archproof.sources.terraform.values import is_literal

PACKAGE = "archproof.sources.terraform.types"
_META = (
    "id", "arn", "tags", "tags_all", "timeouts", "lifecycle", "depends_on", "provider", "count", "for_each",
    "provisioner", "connection", "region",
)  # fmt: skip
"""Arguments of every type that say nothing about the resource, or are served elsewhere."""


def mapping_of(terraform_type: str) -> Mapping | None:
    """The mapping of a Terraform type, or None."""
    module = discovery.module_for(PACKAGE, "TYPES", terraform_type)
    found: Mapping | None = module.MAPPINGS[terraform_type] if module else None
    return found


def translate(items: Sequence[Item], resources: Resources) -> Translation:
    """Add what `items` are in CloudFormation's shape to `resources`, in their order."""
    translation = Translation(items, resources)
    translation.run()
    return translation


class Translation:
    """The items of one configuration on their way into resources."""

    def __init__(self, items: Sequence[Item], resources: Resources) -> None:
        self.items = [i for i in items if not i.data]
        self.resources = resources
        self.by_address = {i.address: i for i in items}
        self.instances: dict[str, list[Item]] = {}
        for item in items:
            self.instances.setdefault(item.base, []).append(item)
        self.mappings: dict[str, Mapping | None] = {i.type: mapping_of(i.type) for i in self.items}
        self.made: dict[str, Made] = {}
        """Address → the resource that the item is."""
        self.part_of: dict[str, str] = {}
        """Address → the address of the item that it is a part of."""
        self.unmapped: dict[str, str] = {}
        """Address → why it has no CloudFormation resource."""
        self.open: set[tuple[str, Path]] = set()
        """Attributes that are being resolved, so that a circle of them ends."""
        self.memo: dict[str, Any] = {}
        """What mappings have gathered from all items once."""
        self._names: set[str] = {*resources.all, *resources.parameters}
        self._targets: dict[tuple[str, str], str] | None = None
        self._said: set[tuple[str, str]] = set()

    def run(self) -> None:
        """Name all, write all, add the parts, and let the mappings finish."""
        bare: list[tuple[Item, Resource]] = []
        parts: list[Item] = []
        merged: list[Made] = []
        for item in self.items:
            mapping = self.mappings[item.type]
            if mapping is not None and mapping.merge is not None:
                parts.append(item)
            elif (kind := mapping.type_of(item) if mapping is not None else None) and mapping is not None:
                self._own(item, mapping, kind)
            else:
                bare.append((item, self._unmapped(item, mapping)))
        for item in parts:
            self._place(item, bare, merged)
        for made in self.made.values():
            self._guarded(made, self._write)
        for made in merged:
            self._guarded(made, Made.write)
            self._guarded(made, self._leftover)
        for made in [*self.made.values(), *merged]:
            if made.mapping.finish is not None:
                self._guarded(made, made.mapping.finish)
        for made in merged:
            address = made.item.address
            if not any(origin[:1] == (address,) for origin in made.resource.origins.values()):
                made.resource.origins["Metadata", "Terraform", address] = (address,)  # it adds nothing but itself
        for item, resource in bare:
            self._verbatim(item, resource)

    def _guarded(self, made: Made, work: Callable[[Made], None]) -> None:
        """Do something with an item; values of a shape that its mapping does not know are unknown, and no crash."""
        try:
            work(made)
        except (AttributeError, IndexError, KeyError, TypeError, ValueError):
            why = "some of its values have a shape that the mapping to CloudFormation does not know"
            self.note(f"{made.item.address} ({made.item.type})", why, made.item.locate(None))

    # --- what becomes of an item

    def _own(self, item: Item, mapping: Mapping, kind: str) -> Made:
        made = self.made[item.address] = Made(item, mapping, self.new(item, kind), self)
        self.resources.add(made.resource)
        return made

    def new(self, item: Item, kind: str, suffix: str = "") -> Resource:
        """A resource with a name of its own, made from `item`."""
        wanted = name = logical_id(item.address) + suffix
        number = 1
        while name in self._names:
            number += 1
            name = f"{wanted}{number}"
        self._names.add(name)
        return Resource(
            name, kind, {}, attributes=dict(item.attributes), locate=self._locator(item), address=item.address
        )

    def _locator(self, item: Item) -> Any:
        def locate(path: Path | None) -> Location:
            if not path:
                return item.locate(None)
            said = self.by_address.get(str(path[0]), item)
            return said.locate(path[1:])

        return locate

    def _write(self, made: Made) -> None:
        item, mapping = made.item, made.mapping
        if item.sparse:
            for name, value in mapping.defaults.items():
                if is_absent(item.values.get(name)):
                    item.values[name] = value
        made.write()
        _tags(made)
        self._leftover(made)
        refs = [name for name, answer in mapping.answers.items() if answer == "Ref"]
        known = [v for name in refs or ["id"] if isinstance(v := item.values.get(name), str) and v]
        made.resource.physical_id = known[0] if known else None

    def _place(self, item: Item, bare: list[tuple[Item, Resource]], merged: list[Made]) -> None:
        """Find the resource that an item is a part of; without it, a resource of its own or an unmapped node."""
        mapping = self.mappings[item.type]
        assert mapping is not None and mapping.merge is not None
        if mapping.merge.find is not None:
            target = mapping.merge.find(self, item)
        else:
            target = self.target(item, mapping.merge.argument, mapping.merge.types.split())
        if target is not None:
            self.part_of[item.address] = target.item.address
            merged.append(Made(item, mapping, target.resource, self))
        elif kind := mapping.type_of(item):
            self._own(item, mapping, kind)
        else:
            named = item.values.get(mapping.merge.argument)
            called = named if isinstance(named, str) else "one that is not in this configuration"
            why = f"it is a part of another resource ({mapping.merge.argument}: {called})"
            bare.append((item, self._unmapped(item, mapping, why)))

    def target(self, item: Item, argument: str, types: Sequence[str]) -> Made | None:
        """The resource of one of these Terraform types that an argument of `item` names."""
        for one in argument.split():
            if (found := self._target(item, one, types)) is not None:
                return found
        return None

    def _target(self, item: Item, argument: str, types: Sequence[str]) -> Made | None:
        value = item.values.get(argument)
        value = value[0] if isinstance(value, list) and value else value
        for address in _resolve.addresses(self, value, item):
            address = self.part_of.get(address, address)
            if (made := self.made.get(address)) and made.item.type in types:
                return made
        if not isinstance(value, str):
            return None
        if self._targets is None:
            self._targets = {}
            for address, made in self.made.items():
                for name in made.mapping.answers:
                    known = made.item.values.get(name)
                    if isinstance(known, str) and known:
                        self._targets.setdefault((made.item.type, known), address)
        found = next((a for t in types if (a := self._targets.get((t, value)))), None)
        return self.made[found] if found else None

    def _unmapped(self, item: Item, mapping: Mapping | None, why: str = "") -> Resource:
        """A node of its Terraform type, listed as unknown."""
        if not why:
            provider = item.type.partition("_")[0]
            why = mapping.why if mapping else f"no mapping of {item.type} to CloudFormation is known"
            if mapping is None and provider not in ("aws", "awscc"):
                why = f"a resource of the provider {provider}, not of AWS"
        self.unmapped[item.address] = why
        self.resources.unknown.append(UnknownEntry(f"{item.address} ({item.type})", why, item.locate(None)))
        return self.resources.add(self.new(item, item.type))

    def _verbatim(self, item: Item, resource: Resource) -> None:
        """What an unmapped item says, in Terraform's words."""
        for name, value in item.values.items():
            if not is_absent(value) and name not in ("timeouts", "tags_all"):
                found = masked(name, self.resolve(value, item, (name,)))
                put(resource, (name,), found, (item.address, name))

    # --- values

    def resolve(self, value: Any, item: Item, path: Path) -> Any:
        """A value in CloudFormation's words: literals as they are, the rest as intrinsics."""
        return value if is_literal(value) else _resolve.resolve(self, value, item, path)

    def answer(self, item: Item, attribute: str) -> Any:
        """What a reference to an attribute of `item` is."""
        return _resolve.attribute(self, item, (attribute,))

    def converted(self, rule: Rule, value: Any, item: Item, path: Path) -> Any:
        """A resolved value as the rule wants it."""
        if rule.convert is convert.json:
            return _resolve.document(self, value, item, path)
        found = self.resolve(value, item, path)
        if rule.convert is None or (is_symbolic(found) and not rule.symbolic):
            return found
        return rule.convert(found)

    def parameter(self, name: str, description: str, *, many: bool = False, secret: bool = False) -> dict[str, str]:
        """A reference to the parameter that stands for a value that is not known."""
        found = self.resources.parameters.get(name)
        number = 1
        wanted = name
        while (found is not None and found.get("Description") != description) or name in self.resources.all:
            number += 1
            name = f"{wanted}{number}"
            found = self.resources.parameters.get(name)
        if found is None:
            kind = "CommaDelimitedList" if many else "String"
            self.resources.parameters[name] = {
                "Type": kind, **({"NoEcho": True} if secret else {}), "Description": description,
            }  # fmt: skip
            self._names.add(name)
        return {"Ref": name}

    def note(self, what: str, why: str, place: Location) -> None:
        """List something as unknown, once."""
        if (what, why) not in self._said:
            self._said.add((what, why))
            self.resources.unknown.append(UnknownEntry(what, why, place))

    def _leftover(self, made: Made) -> None:
        """Arguments with no counterpart are noted in the metadata; those that no mapping knows are unknown."""
        item, rules = made.item, made.mapping.rules
        notes: dict[str, Any] = {}
        for name, value in item.values.items():
            if is_absent(value) or value in (False, 0):
                continue
            rule = rules.get(name)
            if rule is not None and rule.ignored and not rule.served and (item.given is None or name in item.given):
                if is_literal(value):  # a reference in a note would make the resource wait for what it names
                    notes[name] = masked(name, value)
            elif rule is None and item.given is not None and name in item.given and name not in _META:
                why = "this argument has no place in the mapping to CloudFormation"
                self.note(f"{item.address}: {name}", why, item.locate((name,)))
        if notes:
            if item.address in self.part_of:
                notes = {item.address: notes}
            metadata = made.resource.attributes.setdefault("Metadata", {})
            metadata["Terraform"] = {**metadata.get("Terraform", {}), **notes}


def _tags(made: Made) -> None:
    """Terraform's map of tags in the form that the type has."""
    form, _, path = made.mapping.tags.rpartition(":")
    if path == "map":
        form, path = "map", "Tags"
    values = made.item.values
    wanted = "tags_all" if isinstance(values.get("tags_all"), dict) and values["tags_all"] else "tags"
    tags = values.get(wanted)
    if not path or is_absent(tags):
        return
    resolved = made.value(wanted)
    if not isinstance(resolved, dict) or is_symbolic(resolved):
        if not is_symbolic(resolved):
            return
        made.set(path, resolved, wanted)
        return
    own = values.get("tags")
    for key, value in resolved.items():
        if value is None:
            continue
        origin = ("tags" if isinstance(own, dict) and key in own else wanted, key)
        if form == "map":
            made.set((*path.split("."), key), value, *origin)
        else:
            made.add(path, {"Key": key, "Value": value}, *origin)
