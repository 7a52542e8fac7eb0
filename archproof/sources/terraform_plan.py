"""Terraform plans as JSON (`terraform show -json plan`): what the plan will have made, in CloudFormation's shape."""

from __future__ import annotations

from typing import Any

from archproof.errors import InputError, Problem
from archproof.resources.resource import Path, Resources
from archproof.sources.reading import Probe, Request
from archproof.sources.terraform import translate
from archproof.sources.terraform.addresses import prefix
from archproof.sources.terraform.configuration import Configuration, split
from archproof.sources.terraform.item import Item
from archproof.sources.terraform.reading import (
    address,
    bind_literals,
    home,
    locator,
    masked_text,
    secrets_of,
    tree,
    unique,
    without_secrets,
)
from archproof.sources.terraform.translation import mapping_of
from archproof.sources.terraform.unknowns import Filler, hidden

FORMAT = "terraform-plan"
_VERSIONS = ("0.", "1.")
"""Beginnings of the `format_version`s that are read: within one major version Terraform only adds."""

Entry = tuple[dict[str, Any], str, Path]
"""What a plan says of an instance, its address, and where."""


def recognises(probe: Probe) -> bool:
    """Say whether the input is a plan."""
    return "planned_values" in probe.keys or {"resource_changes", "format_version"} <= probe.keys


def read(probe: Probe, request: Request) -> Resources:
    """Read a plan. Raises InputError where it has no shape of one."""
    plan = _Plan(probe)
    resources = Resources()
    resources.given = dict(request.parameters)
    items = plan.items()
    region, resources.account = home(items)
    resources.region = plan.region() or region or request.region or resources.region
    resources.sources[probe.name] = masked_text(probe.text, plan.secrets)
    translation = translate(items, resources)
    bind_literals(translation, resources)
    if plan.deleted:
        resources.template["Metadata"] = {"Terraform": {"Deleted": plan.deleted}}
    return resources


class _Plan:
    """The sections of a plan."""

    def __init__(self, probe: Probe) -> None:
        parsed = probe.parsed
        value = parsed.value
        problems = list(parsed.problems)
        for name, kind in (("planned_values", dict), ("resource_changes", list), ("configuration", dict)):
            if value.get(name) is not None and not isinstance(value[name], kind):
                wanted = "a map" if kind is dict else "a list"
                problems.append(Problem(parsed.mark.children[name].entry(), f"{name} of a plan is {wanted}"))
        version = value.get("format_version")
        if version is not None and not str(version).startswith(_VERSIONS):
            message = f"a plan of format_version {version}; versions 0 and 1 are read"
            problems.append(Problem(parsed.mark.children["format_version"].entry(), message))
        if problems:
            raise InputError(problems)
        self.value: dict[str, Any] = value
        self.mark = parsed.mark
        self.configuration = Configuration(value.get("configuration") or {})
        self.changes = {
            address(c, _text(c.get("module_address"))): (c, n)
            for n, c in enumerate(value.get("resource_changes") or [])
            if isinstance(c, dict)
        }
        self.secrets: set[str] = set()
        self.deleted = [a for a, (c, _) in self.changes.items() if _change(c).get("actions") == ["delete"]]

    def entries(self) -> list[Entry]:
        """What will stand after the plan, and the data that it read."""
        found: list[Entry] = []
        planned = self.value.get("planned_values")
        if isinstance(planned, dict):
            found += tree(planned.get("root_module"), ("planned_values", "root_module"))
        else:
            for name, (change, position) in self.changes.items():
                if isinstance(_change(change).get("after"), dict) and isinstance(change.get("type"), str):
                    entry = {**change, "values": _change(change)["after"]}
                    found.append((entry, name, ("resource_changes", position, "change", "after")))
        prior = self.value.get("prior_state")
        values = prior.get("values") if isinstance(prior, dict) else None
        if isinstance(values, dict):
            before = tree(values.get("root_module"), ("prior_state", "values", "root_module"))
            held = {name for _, name, _ in found}
            found += [e for e in before if e[0].get("mode") == "data" and e[1] not in held]
        return found

    def items(self) -> list[Item]:
        """Every resource and data source with its values."""
        entries = self.entries()
        known: dict[str, dict[str, Any]] = {}
        for entry, name, _ in entries:
            values = entry.get("values")
            if isinstance(values, dict):
                known[name] = values
        filler = Filler(self.configuration, known)
        items: dict[str, Item] = {}
        for entry, name, place in entries:
            item = self._item(filler, entry, unique(name, items), place)
            items[item.address] = item
        for item in self._data(filler, items):
            items.setdefault(item.address, item)
        return list(items.values())

    def _item(self, filler: Filler, entry: dict[str, Any], name: str, place: Path) -> Item:
        scope, own = split(name)
        change, _ = self.changes.get(name, ({}, 0))
        values = entry.get("values") if isinstance(entry.get("values"), dict) else {}
        assert isinstance(values, dict)
        key = entry.get("index")
        item = Item(name, entry["type"], {}, locator(self.mark, place), key=key if isinstance(key, int | str) else None)
        item.data = entry.get("mode") == "data"
        where, said = self.configuration.resource(scope, item.base[len(prefix(scope)) :] if own else "")
        expressions = said.get("expressions") if isinstance(said.get("expressions"), dict) else {}
        assert isinstance(expressions, dict)
        mapping = mapping_of(item.type)
        filled = filler.fill(values, _change(change).get("after_unknown"), expressions, scope, mapping)
        shown = hidden(hidden(filled, entry.get("sensitive_values")), _change(change).get("after_sensitive"))
        item.values = without_secrets(item.type, shown)
        self.secrets.update(s for after in (shown, item.values) for s in secrets_of(values, after) if s)
        item.given = frozenset(expressions) if said else None
        inner: list[Path] = [(*place, "values") if "values" in entry and place[-1] != "after" else place]
        if where:
            inner.append(("configuration", *where, "expressions"))
        item.locate = locator(self.mark, place, *inner)
        return item

    def _data(self, filler: Filler, items: dict[str, Item]) -> list[Item]:
        """Data sources that are only read while the plan is applied, from their configuration."""
        scopes = {prefix(split(name)[0]): split(name)[0] for name in items}
        scopes.setdefault("", [])
        found = []
        for before, scope in scopes.items():
            for head, (where, said) in self.configuration.resources(scope).items():
                name = before + head
                if not head.startswith("data.") or name in items or not isinstance(said.get("type"), str):
                    continue
                expressions = said.get("expressions") if isinstance(said.get("expressions"), dict) else {}
                assert isinstance(expressions, dict)
                place = ("configuration", *where)
                values = without_secrets(said["type"], filler.fill({}, True, expressions, scope, None))
                at = locator(self.mark, place, (*place, "expressions"))
                found.append(Item(name, said["type"], values, at, data=True))
        return found

    def region(self) -> str | None:
        """The region of the provider, where the configuration says it as it is."""
        variables = self.value.get("variables")
        for name in ("aws", *sorted(self.configuration.providers)):
            provider = self.configuration.providers.get(name)
            if not isinstance(provider, dict) or not str(provider.get("name", name)).endswith("aws"):
                continue
            expressions = provider.get("expressions")
            region = expressions.get("region") if isinstance(expressions, dict) else None
            if not isinstance(region, dict):
                continue
            if isinstance(found := region.get("constant_value"), str):
                return found
            names = region.get("references")
            said = str(names[0]).removeprefix("var.") if isinstance(names, list) and names else ""
            variable = variables.get(said) if isinstance(variables, dict) else None
            if isinstance(variable, dict) and isinstance(variable.get("value"), str):
                return str(variable["value"])
        return None


def _change(change: dict[str, Any]) -> dict[str, Any]:
    found = change.get("change")
    return found if isinstance(found, dict) else {}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
