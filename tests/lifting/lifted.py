"""What the tests of lifting share: resources from YAML, and the law that a lifted model lowers to them again."""

from __future__ import annotations

from typing import Any

import yaml

from archproof.model.architecture import Architecture, loads
from archproof.resources.lowering import lower_model
from archproof.resources.resource import Resource, Resources
from archproof.sources.lifting import _compare, lift
from archproof.sources.lifting.document import LiftedDocument
from archproof.sources.lifting.drafts import renamed
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


def as_called(wanted: Resources, lifted: Architecture) -> Resources:
    """Resources under the logical ids that a lifted model gives them; themselves where they have names of their own."""
    assert isinstance(lifted.document, LiftedDocument)
    called = lifted.document.called
    if not called:
        return wanted
    found = Resources(wanted.region, wanted.account)
    for held in wanted:
        after = held.attributes.get("DependsOn", [])
        attributes = dict(held.attributes)
        if after:
            attributes["DependsOn"] = [called.get(a, a) for a in ([after] if isinstance(after, str) else after)]
        properties = renamed(held.properties, called)
        found.add(Resource(called[held.logical_id], held.type, properties, attributes=renamed(attributes, called)))
    return found


def imported(text: str | dict[str, Any]) -> str:
    """The components and links of an import, without what stands before them; the law is asserted on the way."""
    wanted = resources(text)
    written = write(lift(wanted))
    assert faults(wanted, loads(written)) == []
    return written.partition("exact: true")[2].partition("\n")[2]
