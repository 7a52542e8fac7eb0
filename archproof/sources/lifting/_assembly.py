"""From drafts to a document and its architecture."""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from archproof.errors import InputError
from archproof.resources.lowering._context import logical_id as lowered
from archproof.resources.resource import Resource, Resources
from archproof.sources.lifting.document import LiftedDocument, RefusedError, empty
from archproof.sources.lifting.drafts import PLAIN, Draft, Lifting, renamed

if TYPE_CHECKING:
    from archproof.model.architecture import Architecture

PARAMETER = "CodeBucket"
"""The parameter that a path of code stands in, which lowering declares."""
_REGION = "us-east-1"
"""The region of a model that says none, and of a source that says none."""
_SECTIONS = {"Rules": "rules", "Metadata": "metadata", "Transform": "transform"}
_GENERAL = ("template", "main", "stack", "plan", "state", "tfplan", "index", "serverless", "terraform")
"""Names of files that say nothing of what is in them."""


def assemble(lifting: Lifting) -> Architecture:
    """The architecture of the drafts as they are. Raises RefusedError with the components that cannot be."""
    from archproof.model.architecture import resolve

    document = _document(lifting)
    try:
        return resolve(document)
    except InputError as error:
        raise RefusedError(error.problems, list(document.refused)) from None


def _document(lifting: Lifting) -> LiftedDocument:
    resources = lifting.resources
    document = empty(next(iter(resources.sources), "-"), resources.sources)
    document.value["system"] = _system(resources)
    names = {logical_id: d.name for logical_id, d in lifting.drafts.items()}
    for name, section in lifting.sections.items():
        document.value[name] = section
    for resource in resources:
        drafted = lifting.drafts.get(resource.logical_id)
        if drafted is not None:
            _component(document, drafted, names)
    for logical_id, (_, path) in lifting.absorbed.items():
        document.origins.setdefault(path, (resources[logical_id], None))
    _links(document, lifting, names)
    stack = _stack(lifting, names)
    if stack:
        document.value["stack"] = stack
    return document


def _system(resources: Resources) -> dict[str, Any]:
    system: dict[str, Any] = {"name": _name(next(iter(resources.sources), ""))}
    description = resources.template.get("Description")
    if isinstance(description, str) and description.strip():
        system["summary"] = description.strip()
    if resources.region != _REGION and re.fullmatch(r"[a-z]{2}(-[a-z]+)+-[0-9]", resources.region):
        system["region"] = resources.region
    if resources.account and re.fullmatch(r"[0-9]{12}", resources.account):
        system["account"] = resources.account
    system["exact"] = True
    return system


def _name(source: str) -> str:
    """A short name for what a file holds: the file's, or its folder's where the file's says nothing."""
    path = PurePath(source)
    for text in (path.name.split(".")[0], path.parent.name):
        words = re.findall(r"[a-z0-9]+", text.lower())
        while words and words[-1] in _GENERAL:
            words.pop()
        if words:
            return "-".join(words)[:63]
    return "system"


def _component(document: LiftedDocument, drafted: Draft, names: dict[str, str]) -> None:
    resource = drafted.resource
    here = ("components", drafted.name)
    document.origins[here] = resource, None
    after = _dependencies(resource)
    attributes = {k: renamed(v, names) for k, v in resource.attributes.items() if v is not None}
    if after is not None:
        attributes.pop("DependsOn")
    value: dict[str, Any]
    if drafted.kind == PLAIN:
        value = {"type": resource.type}
        properties, key = resource.properties, "attributes"
        document.origins[(*here, "properties")] = resource, ()
    else:
        value = {"kind": drafted.kind, **renamed(drafted.fields, names)}
        properties, key = drafted.properties or {}, "resource_attributes"
        for field, place in drafted.places.items():
            document.origins[(*here, field)] = place
        for name in properties:
            document.origins[(*here, "properties", name)] = resource, (name,)
    if after:
        value["depends_on"] = [names.get(name, name) for name in after]
    if properties:
        value["properties"] = renamed(properties, names)
    if attributes:
        value[key] = attributes
    said = {place[0].logical_id for place in drafted.places.values()}
    if laid := {s: v for s, v in drafted.laid.items() if _laid(drafted, s, v, said)}:
        value["resources"] = renamed(laid, names)
        for suffix, satellite in drafted.satellites.items():
            document.origins[(*here, "resources", suffix)] = satellite, ()
    document.value["components"][drafted.name] = value


def _laid(drafted: Draft, suffix: str, over: dict[str, Any] | None, said: set[str]) -> bool:
    """Whether `resources` has to say something of what is made beside the main resource."""
    if suffix not in drafted.satellites:
        return over is None
    return bool(over) or drafted.satellites[suffix].logical_id not in said


def _dependencies(resource: Resource) -> list[str] | None:
    """The names that `DependsOn` holds; None where it is something else."""
    after = resource.attributes.get("DependsOn")
    if isinstance(after, str):
        return [after]
    if isinstance(after, list) and all(isinstance(name, str) for name in after):
        return list(after)
    return None


def _links(document: LiftedDocument, lifting: Lifting, names: dict[str, str]) -> None:
    present = {d.name for d in lifting.drafts.values()}
    links: list[dict[str, Any]] = []
    for link in lifting.links:
        if link.source in present and link.target in present:
            document.origins["links", len(links)] = link.place
            options = renamed(link.options, names)
            links.append({"from": [link.source], "to": [link.target], "verb": link.verb, **options})
    if links:
        document.value["links"] = links


def _stack(lifting: Lifting, names: dict[str, str]) -> dict[str, Any]:
    resources = lifting.resources
    stack: dict[str, Any] = {}
    made = {PARAMETER} if any({"code", "file"} & set(d.fields) for d in lifting.drafts.values()) else set()
    parameters = {k: v for k, v in resources.parameters.items() if k not in made or set(v) - {"Type", "Description"}}
    for key, value in (
        ("parameters", parameters), ("mappings", resources.mappings), ("conditions", resources.conditions),
        ("outputs", renamed(resources.outputs, names)),
    ):  # fmt: skip
        if value:
            stack[key] = value
    for name, key in _SECTIONS.items():
        if resources.template.get(name):
            stack[key] = resources.template[name]
    if called := _logical_ids(lifting):
        stack["logical_ids"] = called
    return stack


def _logical_ids(lifting: Lifting) -> dict[str, str]:
    """The logical ids that differ from those the tool makes; see `Lowering.id`."""
    called: dict[str, str] = {}
    taken: set[str] = set()

    def call(name: str, suffix: str, wanted: str) -> None:
        first = candidate = lowered(name, suffix)
        number = 2
        while candidate in taken:
            candidate, number = f"{first}{number}", number + 1
        taken.add(candidate)
        if candidate != wanted:
            called[candidate] = wanted

    for drafted in lifting.drafts.values():
        call(drafted.name, "", drafted.resource.logical_id)
    for drafted in lifting.drafts.values():
        for suffix, resource in drafted.satellites.items():
            call(drafted.name, suffix, resource.logical_id)
    return called | lifting.called
