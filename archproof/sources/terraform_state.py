"""Terraform states: `terraform.tfstate` (version 4) and `terraform show -json`, in CloudFormation's shape."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from archproof.errors import InputError, Problem
from archproof.model.yaml import Mark
from archproof.resources.resource import Path, Resources
from archproof.sources.reading import Probe, Request
from archproof.sources.terraform import translate
from archproof.sources.terraform.addresses import key_text
from archproof.sources.terraform.flat import unflattened
from archproof.sources.terraform.item import Item
from archproof.sources.terraform.reading import (
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
from archproof.sources.terraform.unknowns import hidden
from archproof.sources.terraform.values import Reference, Sensitive

FORMAT = "terraform-state"
ENDINGS = (".tfstate", ".tfstate.backup")
_FREE = ("tags", "tags_all", "description", "comment", "id", "arn")
"""Attributes whose words name nothing else, or only the item itself."""


def recognises(probe: Probe) -> bool:
    """Say whether the input is a state."""
    keys = probe.keys
    return (
        {"version", "lineage"} <= keys
        or {"version", "terraform_version", "resources"} <= keys
        or ("version" in keys and (probe.name.endswith(ENDINGS) or "modules" in keys))
        or ("format_version" in keys and ("values" in keys or keys <= {"format_version", "terraform_version"}))
    )


def read(probe: Probe, request: Request) -> Resources:
    """Read a state. Raises InputError where it is of a version that is not read, or has no shape of a state."""
    parsed = probe.parsed
    problems = list(parsed.problems)
    if problems:
        raise InputError(problems)
    state = _State(parsed.value, parsed.mark)
    items = state.items()
    resources = Resources()
    resources.given = dict(request.parameters)
    region, resources.account = home(items)
    resources.region = region or request.region or resources.region
    resources.sources[probe.name] = masked_text(probe.text, state.secrets)
    for what, place in state.left_out:
        from archproof.errors import Unknown

        resources.unknown.append(Unknown(what, "an object that Terraform has replaced and not destroyed yet", place))
    translation = translate(items, resources)
    bind_literals(translation, resources)
    return resources


class _State:
    """A state in either of its two forms."""

    def __init__(self, value: dict[str, Any], mark: Mark) -> None:
        self.value = value
        self.mark = mark
        self.secrets: set[str] = set()
        self.left_out: list[tuple[str, Any]] = []
        self._depends: dict[str, list[str]] = {}

    def items(self) -> list[Item]:
        """Every instance, with names of others as references to them."""
        found = list(self._shown() if "format_version" in self.value else self._stored())
        by_base: dict[str, list[Item]] = {}
        for item in found:
            by_base.setdefault(item.base, []).append(item)
        names = {base: dict(_names(held)) for base, held in by_base.items()}
        for item in found:
            table: dict[str, Reference] = {}
            for dependency in self._depends.get(item.address, ()):
                for name, reference in names.get(dependency, {}).items():
                    if reference.address != item.address:
                        table.setdefault(name, reference)
            if table:
                item.values = {k: v if k in _FREE else _referring(v, table) for k, v in item.values.items()}
        return found

    def _shown(self) -> Iterator[Item]:
        """The instances of `terraform show -json`."""
        values = self.value.get("values")
        taken: dict[str, Any] = {}
        root = values.get("root_module") if isinstance(values, dict) else None
        for entry, name, place in tree(root, ("values", "root_module")):
            name = unique(name, taken)
            taken[name] = entry
            held = entry.get("values")
            marks = entry.get("sensitive_values")
            key = entry.get("index")
            item = self._item(entry, name, held if isinstance(held, dict) else {}, marks, place, (*place, "values"))
            item.key = key if isinstance(key, int | str) else None
            self._depends[name] = _texts(entry.get("depends_on"))
            yield item

    def _stored(self) -> Iterator[Item]:
        """The instances of a state file."""
        version = self.value.get("version")
        resources = self.value.get("resources") or []
        if version != 4:
            at = self.mark.children["version"].entry()
            message = f"a state of version {version}; version 4 is read (Terraform 0.12 and later write it)"
            raise InputError([Problem(at, message)])
        if not isinstance(resources, list):
            raise InputError([Problem(self.mark.children["resources"].entry(), "resources of a state is a list")])
        taken: dict[str, Any] = {}
        for position, entry in enumerate(resources):
            if not isinstance(entry, dict) or not isinstance(entry.get("type"), str):
                at = self.mark.children["resources"].children[position].at()
                raise InputError([Problem(at, "a resource of a state is a map with a type")])
            instances = entry.get("instances")
            for number, instance in enumerate(instances if isinstance(instances, list) else []):
                if isinstance(instance, dict):
                    yield from self._instance(entry, instance, ("resources", position, "instances", number), taken)

    def _instance(
        self, entry: dict[str, Any], instance: dict[str, Any], place: Path, taken: dict[str, Any]
    ) -> Iterator[Item]:
        base = f"{'data.' if entry.get('mode') == 'data' else ''}{entry['type']}.{entry.get('name')}"
        if isinstance(entry.get("module"), str):
            base = f"{entry['module']}.{base}"
        key = instance.get("index_key")
        key = key if isinstance(key, int | str) else None
        name = base + key_text(key)
        if instance.get("deposed"):
            self.left_out.append((f"{name} ({entry['type']})", locator(self.mark, place)(None)))
            return
        name = unique(name, taken)
        taken[name] = instance
        held = instance.get("attributes")
        inner = "attributes"
        if not isinstance(held, dict) and isinstance(instance.get("attributes_flat"), dict):
            held, inner = unflattened(instance["attributes_flat"]), "attributes_flat"
        marks = instance.get("sensitive_attributes")
        item = self._item(entry, name, held if isinstance(held, dict) else {}, marks, place, (*place, inner))
        item.key = key
        dependencies = instance.get("dependencies") or instance.get("depends_on") or []
        self._depends[name] = _texts(dependencies)
        yield item

    def _item(
        self, entry: dict[str, Any], name: str, held: dict[str, Any], marks: Any, place: Path, inner: Path
    ) -> Item:
        shown = _hidden_paths(held, marks) if isinstance(marks, list) else hidden(held, marks)
        values = without_secrets(entry["type"], shown)
        self.secrets.update(s for after in (shown, values) for s in secrets_of(held, after) if s)
        at = locator(self.mark, place, inner)
        return Item(name, entry["type"], values, at, data=entry.get("mode") == "data")


def _names(items: list[Item]) -> Iterator[tuple[str, Reference]]:
    """The ids and names of the instances of one resource, each as a reference to it."""
    for item in items:
        mapping = mapping_of(item.type)
        for name, answer in mapping.answers.items() if mapping and not item.data else ():
            value = item.values.get(name)
            if isinstance(value, str) and value and not answer.startswith("="):
                yield value, Reference(item.address, (name,))


def _texts(value: Any) -> list[str]:
    return [v for v in value if isinstance(v, str)] if isinstance(value, list) else []


def _referring(value: Any, table: dict[str, Reference]) -> Any:
    if isinstance(value, str):
        return table.get(value, value)
    if isinstance(value, list):
        return [_referring(v, table) for v in value]
    if isinstance(value, dict):
        return {k: v if k in _FREE[:4] else _referring(v, table) for k, v in value.items()}
    return value


def _hidden_paths(value: Any, paths: list[Any]) -> Any:
    """`value` with `Sensitive` at every path of `sensitive_attributes`."""
    for path in paths:
        if isinstance(path, list) and path:
            value = _hide(value, path)
    return value


def _hide(value: Any, path: list[Any]) -> Any:
    if not path:
        return Sensitive() if value not in (None, "") else value
    step = path[0].get("value") if isinstance(path[0], dict) else path[0]
    step = step.get("value") if isinstance(step, dict) else step
    if isinstance(value, dict) and isinstance(step, str) and step in value:
        return {**value, step: _hide(value[step], path[1:])}
    if isinstance(value, list):  # a set has no positions: all of it is hidden
        known = isinstance(step, int) and 0 <= step < len(value)
        return [_hide(v, path[1:]) if not known or n == step else v for n, v in enumerate(value)]
    return value
