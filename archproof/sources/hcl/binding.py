"""The values of a configuration as the mappings of Terraform's types take them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from archproof.sources.hcl import expressions as ex
from archproof.sources.hcl.evaluation import as_text
from archproof.sources.hcl.instances import Instance, RemoteModule
from archproof.sources.hcl.symbols import Input, Reference, Symbol, Template, Unknown
from archproof.sources.terraform import values as said
from archproof.sources.terraform.item import logical_id

if TYPE_CHECKING:
    from archproof.resources.resource import Resources
    from archproof.sources.hcl.module import Module

_NUMBERS = re.compile(
    r"(?:^|_)(?:ports?|seconds|minutes|hours|days|count|size|timeout|periods?|threshold|weight|iops|throughput|capacity"
    r"|concurrency|ttl|priority|storage)\Z"
)
_FREE = frozenset({"value", "values", "default_value", "content", "message", "description", "name", "key"})
"""Arguments whose texts may be "true" and mean just that."""
_TYPES = {"number": "Number", "list": "CommaDelimitedList", "set": "CommaDelimitedList"}


class Binding:
    """Turns symbols into references of the mappings, and variables without a value into parameters."""

    def __init__(self, root: Module, resources: Resources) -> None:
        self.root = root
        self.run = root.run
        self.resources = resources
        self._parameters: dict[str, str] = {}

    def values(self, instance: Instance) -> dict[str, Any]:
        """All that the block of an instance says."""
        return _typed({n: _texts(n, self.value(v)) for n, v in instance.values().items()})

    def value(self, value: Any) -> Any:
        """A value in the words of the mappings."""
        self.run.step()
        if isinstance(value, Symbol):
            return self._symbol(value)
        if isinstance(value, dict):
            return {k: self.value(v) for k, v in value.items()}
        if isinstance(value, list):
            return [self.value(v) for v in value]
        if isinstance(value, Instance | RemoteModule):
            return said.Reference(value.address, ())
        if value is None or isinstance(value, (str, int, float)):
            return value
        return said.Unknown(why="a whole module or type, and not a value")

    def _symbol(self, value: Symbol) -> Any:
        if isinstance(value, Reference):
            return said.Reference(value.owner.address, value.path)
        if isinstance(value, Template):
            return said.Template(tuple(p if isinstance(p, str) else self._symbol(p) for p in value.parts))
        if isinstance(value, Input):
            return {"Ref": self._parameter(value)}
        if isinstance(value, Unknown) and len(value.uses) == 1:
            return said.Unknown((value.text,), "known only when Terraform runs")
        return said.Unknown((value.name(),), "known only when Terraform runs")

    def _parameter(self, value: Input) -> str:
        """The parameter that a variable of the root module is."""
        if value.variable in self._parameters:
            return self._parameters[value.variable]
        block = self.root.config.variables[value.variable]
        name = logical_id(value.variable)
        while name in self.resources.parameters:
            name += "Value"
        self._parameters[value.variable] = name
        constraint = block.body.expression("type")
        kind = constraint.name if isinstance(constraint, ex.Name | ex.Call) else ""
        entry: dict[str, Any] = {"Type": _TYPES.get(kind, "String")}
        description = block.body.expression("description")
        if isinstance(description, ex.Literal) and isinstance(description.held, str):
            entry["Description"] = description.held[:4000]
        if value.sensitive:
            entry["NoEcho"] = True
        self.resources.parameters[name] = entry
        return name

    def depends_on(self, instance: Instance) -> tuple[str, ...]:
        """The addresses that `depends_on` names."""
        held = instance.block.body.expression("depends_on")
        if not isinstance(held, ex.Tuple):
            return ()
        return tuple(f"{instance.module.prefix}{i.text}" for i in held.items)

    def attributes(self, instance: Instance) -> dict[str, Any]:
        """Attributes of the CloudFormation resource: what must not be destroyed is retained."""
        for block in instance.block.body.of_type("lifecycle"):
            prevent = block.body.expression("prevent_destroy")
            if isinstance(prevent, ex.Literal) and prevent.held is True:
                return {"DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"}
        return {}

    def region(self, instance: Instance) -> str | None:
        """The region of an instance, where the configuration tells."""
        own = instance.value("region") if "region" in instance.block.body.attributes else None
        if isinstance(own, str):
            return own
        provider = instance.block.body.expression("provider")
        name = "aws"
        if isinstance(provider, ex.Literal):
            name = str(provider.held)
        elif provider is not None:
            name = "".join(provider.text.split())
        found = instance.module.providers.get(name)
        return found if isinstance(found, str) else None


def _texts(name: str, value: Any) -> Any:
    """Tags and variables of an environment are maps of texts, whatever is written."""
    if name in ("tags", "variables") and isinstance(value, dict) and set(value) != {"Ref"}:
        return {k: as_text(v) if isinstance(v, (int, float)) else v for k, v in value.items()}
    if name == "environment" and isinstance(value, list):
        return [{k: _texts(k, v) for k, v in e.items()} if isinstance(e, dict) else e for e in value]
    return value


def _typed(block: dict[str, Any]) -> dict[str, Any]:
    """The arguments of a block with numbers and flags as such, which Terraform takes as texts too."""
    return {n: _typed_value(n, v) for n, v in block.items()}


def _typed_value(name: str, value: Any) -> Any:
    if isinstance(value, list):
        return [_typed(v) if isinstance(v, dict) else v for v in value]
    if not isinstance(value, str) or name in _FREE:
        return value
    if value in ("true", "false"):
        return value == "true"
    if _NUMBERS.search(name) and re.fullmatch(r"-?[0-9]{1,15}(?:\.[0-9]{1,15})?", value):
        return float(value) if "." in value else int(value)
    return value
