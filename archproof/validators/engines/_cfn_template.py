"""The resources as the template that AWS's validator reads, whatever they were read from."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any, Literal

from archproof.resources.parameters import is_secret
from archproof.resources.resource import Resource, Resources, declared
from archproof.resources.secrets import without_secrets

Origin = Literal["model", "template", "other"]
HIDDEN = "{{resolve:secretsmanager:hidden}}"
"""What stands in place of a secret in plain text, which archproof's own rules find: nothing repeats its value."""
_PLAIN_ID = re.compile(r"[A-Za-z0-9]+\Z")
_NO_PROPERTIES = "AWS::CloudFormation::WaitConditionHandle"
"""The type that stands for what has no CloudFormation type, so that references to it hold."""
_SAM = "AWS::Serverless-2016-10-31"
_REFERENCE = re.compile(r"\$\{([^!}][^}]*)\}")


def origin(resources: Resources) -> Origin:
    """Whether the resources were lowered from a model, read from a template, or from anything else."""
    return "model" if not resources.format else "template" if resources.format in ("cloudformation", "sam") else "other"


def counted_as(resources: Resources) -> tuple[str, ...]:
    """Under which names of the table of rules the resources fall: what SAM wrote is nobody's style."""
    return ("template", "cloudformation") if resources.format == "cloudformation" else (origin(resources),)


def fingerprint(resources: Resources) -> str:
    """A digest of all that the template is made of, without making it."""
    sections = [
        resources.format, resources.region, overrides(resources), resources.parameters, resources.conditions,
        resources.mappings, resources.outputs, resources.template,
    ]  # fmt: skip
    entries = [(r.logical_id, r.type, r.properties, declared(r.attributes)) for r in resources]
    text = json.dumps([sections, entries], ensure_ascii=False, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def overrides(resources: Resources) -> dict[str, str]:
    """The values that the user gave the template's parameters, without those that must not be shown."""
    declared = resources.parameters
    return {
        name: str(value)
        for name, value in resources.given.items()
        if isinstance(declared.get(name), dict) and not is_secret(declared[name])
    }


def ids_of(resources: Resources) -> tuple[dict[str, Resource], frozenset[str]]:
    """The resources by the logical ids that they have in the template, and those that have no CloudFormation type."""
    ids = _ids(resources)
    by_id = {ids.get(resource.logical_id, resource.logical_id): resource for resource in resources}
    other = origin(resources) == "other"
    return by_id, frozenset(id for id, resource in by_id.items() if other and "::" not in resource.type)


def write(resources: Resources) -> str:
    """The template of all resources, in their order, with nothing secret in it."""
    ids = _ids(resources)
    by_id, unmapped = ids_of(resources)
    template: dict[str, Any] = {"AWSTemplateFormatVersion": "2010-09-09"}
    if origin(resources) == "template":
        template |= _sections(resources)
    sections = {
        "Parameters": {name: _parameter(said) for name, said in resources.parameters.items()},
        "Mappings": resources.mappings,
        "Conditions": resources.conditions,
    }
    template |= {name: said for name, said in sections.items() if said}
    template["Resources"] = {id: _entry(resource, id in unmapped) for id, resource in by_id.items()}
    if resources.outputs:
        template["Outputs"] = resources.outputs
    if ids:
        for name in ("Resources", "Outputs"):
            template[name] = _renamed(template.get(name, {}), ids)
    return json.dumps(template, ensure_ascii=False, separators=(",", ":"), default=str)


def _sections(resources: Resources) -> dict[str, Any]:
    """The other sections of a template, without what has been worked out: the SAM transform and its `Globals`."""
    kept = {name: said for name, said in resources.template.items() if name != "Globals"}
    transform = kept.pop("Transform", None)
    names = [name for name in (transform if isinstance(transform, list) else [transform]) if name and name != _SAM]
    return kept | ({"Transform": names[0] if len(names) == 1 else names} if names else {})


def _parameter(said: Any) -> Any:
    if isinstance(said, dict) and is_secret(said):
        return {key: value for key, value in said.items() if key != "Default"}
    return said


def _entry(resource: Resource, unmapped: bool) -> dict[str, Any]:
    if unmapped:
        return {"Type": _NO_PROPERTIES}
    properties = without_secrets(resource.properties, lambda *_: HIDDEN, resource.title)
    attributes = without_secrets(declared(resource.attributes), lambda *_: HIDDEN, resource.title)
    return {"Type": resource.type, **({"Properties": properties} if properties else {}), **attributes}


def _ids(resources: Resources) -> dict[str, str]:
    """The logical ids that a template cannot have, each with one that it can; empty where all are good."""
    bad = [id for id in resources.all if not _PLAIN_ID.match(id)]
    taken = set(resources.all) - set(bad)
    found: dict[str, str] = {}
    for number, id in enumerate(bad):
        wanted = re.sub(r"[^A-Za-z0-9]", "", id) or f"R{number}"
        name = wanted if wanted not in taken else f"{wanted}x{number}"
        taken.add(name)
        found[id] = name
    return found


def _renamed(value: Any, ids: dict[str, str]) -> Any:
    """A copy of `value` whose references name the template's ids."""
    if isinstance(value, list):
        return [_renamed(item, ids) for item in value]
    if not isinstance(value, dict):
        return value
    made: dict[str, Any] = {}
    for key, inner in value.items():
        if key == "Ref" and isinstance(inner, str):
            made[key] = ids.get(inner, inner)
        elif key == "Fn::GetAtt" and isinstance(inner, list) and inner and isinstance(inner[0], str):
            made[key] = [ids.get(inner[0], inner[0]), *inner[1:]]
        elif key == "DependsOn":
            names = inner if isinstance(inner, list) else [inner]
            made[key] = [ids.get(name, name) if isinstance(name, str) else name for name in names]
        elif key == "Fn::Sub":
            text, *rest = inner if isinstance(inner, list) and inner else [inner]
            text = _REFERENCE.sub(lambda match: _in_text(match[1], ids), text) if isinstance(text, str) else text
            made[key] = [text, *_renamed(rest, ids)] if isinstance(inner, list) else text
        else:
            made[key] = _renamed(inner, ids)
    return made


def _in_text(name: str, ids: dict[str, str]) -> str:
    for id, new in ids.items():
        if name == id or name.startswith(f"{id}."):
            return "${" + new + name[len(id) :] + "}"
    return "${" + name + "}"
