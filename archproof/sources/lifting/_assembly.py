"""From drafts to a document and its architecture."""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from archproof.errors import InputError
from archproof.resources.resource import Resource, Resources
from archproof.sources.lifting import _standing
from archproof.sources.lifting._called import logical_ids
from archproof.sources.lifting._sections import depending
from archproof.sources.lifting.document import LiftedDocument, RefusedError, empty
from archproof.sources.lifting.drafts import PLAIN, Draft, Lifting, renamed

if TYPE_CHECKING:
    from archproof.model.architecture import Architecture

PARAMETER = "CodeBucket"
"""The parameter that a path of code stands in, which lowering declares."""
_REGION = "us-east-1"
"""The region of a model that says none, and of a source that says none."""
_SECTIONS = {"Rules": "rules", "Metadata": "metadata", "Transform": "transform"}
_GENERAL = (
    "aws",
    "config",
    "configs",
    "describe",
    "output",
    "template",
    "main",
    "stack",
    "plan",
    "state",
    "tfplan",
    "index",
    "serverless",
    "terraform",
)
"""Names of files that say nothing of what is in them."""


def assemble(lifting: Lifting, called: dict[str, str] | None = None) -> Architecture:
    """The architecture of the drafts as they are. Raises RefusedError with the components that cannot be.

    `called`: the logical ids that the tool makes, where they take the place of the source's (see `own_names`).
    """
    from archproof.model.architecture import resolve

    document = document_of(lifting, called or {})
    try:
        return resolve(document)
    except InputError as error:
        raise RefusedError(error.problems, list(document.refused)) from None


def document_of(lifting: Lifting, called: dict[str, str]) -> LiftedDocument:
    """The document of the drafts as they are; see `assemble`."""
    resources = lifting.resources
    document = empty(next(iter(resources.sources), "-"), resources.sources)
    document.value["system"] = _system(resources)
    document.called = called
    names = {**called, **{logical_id: d.name for logical_id, d in lifting.drafts.items()}}
    for name, section in lifting.sections.items():
        document.value[name] = depending(renamed(section, names), called)
    for resource in resources:
        drafted = lifting.drafts.get(resource.logical_id)
        if drafted is not None:
            _component(lifting, document, drafted, names)
    for logical_id, (_, path) in lifting.absorbed.items():
        document.origins.setdefault(path, (resources[logical_id], None))
    _links(document, lifting, names)
    stack = _stack(lifting, names, named=bool(called))
    if stack:
        document.value["stack"] = stack
    return document


def _system(resources: Resources) -> dict[str, Any]:
    system: dict[str, Any] = {"name": _name(_source(resources))}
    description = resources.template.get("Description")
    if isinstance(description, str) and description.strip():
        system["summary"] = description.strip()
    said = resources.region != _REGION or any(r.region == resources.region for r in resources)
    if said and re.fullmatch(r"[a-z]{2}(-[a-z]+)+-[0-9]", resources.region):
        system["region"] = resources.region
    if resources.account and re.fullmatch(r"[0-9]{12}", resources.account):
        system["account"] = resources.account
    system["exact"] = True
    return system


def _source(resources: Resources) -> str:
    """The file that says most of what a system is; of output of AWS's command line, the folder that holds it all."""
    if resources.format != "aws-output" or not resources.sources:
        return next(iter(resources.sources), "")
    folders = [PurePath(source).parent.parts for source in resources.sources]
    common = [steps[0] for steps in zip(*folders, strict=False) if len(set(steps)) == 1]
    while common and set(re.findall(r"[a-z0-9]+", common[-1].lower())) <= set(_GENERAL):
        common.pop()
    return f"{PurePath(*common)}/_" if common else next(iter(resources.sources))


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


def _component(lifting: Lifting, document: LiftedDocument, drafted: Draft, names: dict[str, str]) -> None:
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
        stands = _standing.of(lifting, resource)
        if stands is not None:
            value["in"] = stands
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
        value["resources"] = {suffix: _over(over, names, document.called) for suffix, over in laid.items()}
        for suffix, satellite in drafted.satellites.items():
            document.origins[(*here, "resources", suffix)] = satellite, ()
    document.value["components"][drafted.name] = value


def _laid(drafted: Draft, suffix: str, over: dict[str, Any] | None, said: set[str]) -> bool:
    """Whether `resources` has to say something of what is made beside the main resource."""
    if suffix not in drafted.satellites:
        return over is None
    return bool(over) or drafted.satellites[suffix].logical_id not in said


def _over(laid: dict[str, Any] | None, names: dict[str, str], called: dict[str, str]) -> dict[str, Any] | None:
    """What is laid over a resource, in the names that the model has."""
    held: dict[str, Any] = renamed(laid, names)
    attributes = held.get("attributes") if held and called else None
    if isinstance(attributes, dict) and "DependsOn" in attributes:
        after = attributes["DependsOn"]
        after = after if isinstance(after, list) else [after]
        attributes["DependsOn"] = [called.get(a, a) if isinstance(a, str) else a for a in after]
    return held


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
            if document.called.get(options.get("logical_id"), "") not in ("", options.get("logical_id")):
                del options["logical_id"]
            links.append({"from": [link.source], "to": [link.target], "verb": link.verb, **options})
    if links:
        document.value["links"] = links


def _stack(lifting: Lifting, names: dict[str, str], *, named: bool) -> dict[str, Any]:
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
    if not named and (called := logical_ids(lifting)):
        stack["logical_ids"] = called
    return stack
