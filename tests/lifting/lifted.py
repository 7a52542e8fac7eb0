"""What the tests of lifting share: resources from YAML, and the law that a lifted model lowers to them again."""

from __future__ import annotations

from typing import Any

import yaml

from archproof.model.architecture import Architecture, loads
from archproof.resources.lowering import lower_model
from archproof.resources.resource import Resource, Resources
from archproof.sources.lifting import _compare, lift
from archproof.sources.lifting.writer import write


def resources(text: str | dict[str, Any]) -> Resources:
    """The resources of a template's section `Resources`, in long forms."""
    found = Resources()
    held = yaml.safe_load(text) if isinstance(text, str) else text
    for logical_id, entry in held.items():
        attributes = {k: v for k, v in entry.items() if k not in ("Type", "Properties")}
        found.add(Resource(logical_id, entry["Type"], entry.get("Properties") or {}, attributes=attributes))
    return found


def faults(wanted: Resources, architecture: Architecture) -> list[str]:
    """What is wrong with what a model lowers to; empty where the law holds."""
    made = lower_model(architecture)
    wrong = [f"{i} is missing" for i in wanted.all if i not in made]
    wrong += [f"{i} is too much" for i in made.all if i not in wanted]
    for resource in wanted:
        if resource.logical_id in made and not _compare.alike(made[resource.logical_id], resource):
            over = _compare.residual(made[resource.logical_id].properties, resource.properties)
            wrong.append(f"{resource.logical_id} differs: {over}")
    return wrong


def imported(text: str | dict[str, Any]) -> str:
    """The components and links of an import, without what stands before them; the law is asserted on the way."""
    wanted = resources(text)
    written = write(lift(wanted))
    assert faults(wanted, loads(written)) == []
    return written.partition("  exact: true\n")[2]
