"""Folders of Terraform's language (`*.tf`, `*.tf.json`), worked out as far as that is possible without Terraform."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from archproof.errors import InputError, Location, Problem
from archproof.resources.resource import Resources, is_symbolic
from archproof.sources.reading import Probe, Request

if TYPE_CHECKING:
    from archproof.resources.resource import Path
    from archproof.sources.hcl.instances import Instance, RemoteModule
    from archproof.sources.hcl.module import Module
    from archproof.sources.terraform import Item, Translation

FORMAT = "terraform"
ENDINGS = (".tf", ".tf.json", ".tofu", ".tofu.json")
PARAMETERS = True
_FRAMES = 6_000
"""How deep Python may go: one value of a configuration asks for another, and that for the next."""


def recognises(probe: Probe) -> bool:
    """Say whether the input is a folder with files of Terraform's language, or one of these files."""
    if not probe.is_folder:
        return probe.name.endswith(ENDINGS)
    from archproof.sources.hcl.folder import module_files

    return bool(module_files(probe.path))


def read(probe: Probe, request: Request) -> Resources:
    """Read a configuration. Raises InputError with every problem of it."""
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, _FRAMES))
    try:
        return _read(probe, request)
    except RecursionError:
        message = "values of this configuration ask for one another too deep"
        raise InputError([Problem(Location(probe.name), message)]) from None
    finally:
        sys.setrecursionlimit(limit)


def _read(probe: Probe, request: Request) -> Resources:
    from archproof.sources.hcl.configuration import load
    from archproof.sources.hcl.evaluation import Run
    from archproof.sources.hcl.folder import Folders
    from archproof.sources.terraform import translate
    from archproof.sources.terraform.reading import masked_text

    run = Run()
    folders = Folders(probe.path, probe.name, run.problems)
    root = load(folders, run, request.parameters)
    region = root.providers.get("aws")
    run.region = request.region or region
    resources = Resources(run.region or "us-east-1")
    reader = _Reader(root, resources)
    items = reader.items()
    if run.problems:
        raise InputError(run.problems)
    resources.sources.update({n: masked_text(t, reader.secrets) for n, t in folders.sources.items()})
    translation = translate(items, resources)
    reader.finish(translation)
    if run.problems:
        raise InputError(run.problems)
    resources.unknown[:0] = run.unknown
    return resources


class _Reader:
    """Makes the items of a configuration, and says of its resources what the mappings do not."""

    def __init__(self, root: Module, resources: Resources) -> None:
        from archproof.sources.hcl.binding import Binding

        self.root = root
        self.resources = resources
        self.binding = Binding(root, resources)
        self.regions: dict[str, str] = {}
        self.secrets: set[str] = set()

    def items(self) -> list[Item]:
        """One item for every instance of a resource or data source, and every module that is not here."""
        from archproof.sources.hcl.configuration import walk
        from archproof.sources.hcl.instances import RemoteModule
        from archproof.sources.hcl.symbols import Input

        found = []
        for instance in walk(self.root):
            found.append(self._remote(instance) if isinstance(instance, RemoteModule) else self._item(instance))
        for name in self.root.config.variables:
            value = self.root.variable(name)
            if isinstance(value, Input) and isinstance(value.value, str):
                self.secrets.add(value.value)
        return found

    def _item(self, instance: Instance) -> Item:
        from archproof.sources.terraform import Item
        from archproof.sources.terraform.reading import secrets_of, without_secrets

        said = self.binding.values(instance)
        values = without_secrets(instance.type, said)
        self.secrets.update(secrets_of(said, values))
        item = Item(
            instance.address, instance.type, values, instance.locate, key=instance.key, data=instance.mode == "data",
            given=frozenset(values), sparse=True, depends_on=self.binding.depends_on(instance),
            attributes=self.binding.attributes(instance),
        )  # fmt: skip
        if (region := self.binding.region(instance)) and region != self.resources.region:
            self.regions[instance.address] = region
        return item

    def _remote(self, module: RemoteModule) -> Item:
        from archproof.sources.terraform import Item

        block = module.block

        def locate(path: Path | None) -> Location:
            attribute = block.body.attributes.get(str(path[0])) if path else None
            return attribute.location if attribute else block.location

        return Item(module.address, "terraform_module", {"source": module.source}, locate, sparse=True)

    def finish(self, translation: Translation) -> None:
        """Regions of providers with an alias, and the outputs."""
        for address, region in self.regions.items():
            if (made := translation.made.get(address)) is not None:
                made.resource.region = region
        self.resources.outputs = self._outputs(translation)

    def _outputs(self, translation: Translation) -> dict[str, Any]:
        from archproof.sources.terraform import Item
        from archproof.sources.terraform.item import logical_id

        found: dict[str, Any] = {}
        for name, block in self.root.config.outputs.items():
            value = self.binding.value(self.root.member(name))
            item = Item(f"output.{name}", "", {}, lambda _, b=block: b.location)  # type: ignore[misc]
            resolved = translation.resolve(value, item, ("value",))
            parts = resolved if isinstance(resolved, dict) and not is_symbolic(resolved) else {"": resolved}
            for key, part in parts.items():
                if (text := _output(part)) is not None:
                    found[logical_id(f"{name}.{key}")] = {"Value": text}
                elif part not in (None, [], {}, ""):
                    self.root.run.note(f"output.{name}", "an output that is no text", block.location)
        return found


def _output(value: Any) -> Any:
    """A value as an output of CloudFormation has it, which is a text; None where it is none."""
    if isinstance(value, list) and value:
        parts = [_output(v) for v in value]
        return None if None in parts or any(isinstance(v, list) for v in value) else {"Fn::Join": [",", parts]}
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | float):
        return str(value) or None
    return value if is_symbolic(value) else None
