"""The JSON Schema of the language, from the same models that validate it.

Descriptions are the docstrings of the kinds and the strings under their fields; components are told
apart by `kind` (or `type`), so that an editor offers just the fields of the kind at hand.
"""

from __future__ import annotations

import inspect
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, models_json_schema

from archproof.model import registry, verbs
from archproof.model.base import ID_PATTERN
from archproof.model.docstrings import field_docs
from archproof.model.network import Network
from archproof.model.organization import Organization
from archproof.model.sections import Decision, Drift, Flow, Guarantee, LinkEntry, Load, Stack, View, Waiver
from archproof.model.system import System

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_MAPS: dict[str, type[BaseModel]] = {"flows": Flow, "views": View}
_LISTS: dict[str, type[BaseModel]] = {
    "links": LinkEntry, "guarantees": Guarantee, "decisions": Decision, "accepted": Waiver,
}  # fmt: skip
_WHOLE: dict[str, type[BaseModel]] = {
    "system": System, "organization": Organization, "network": Network, "load": Load, "drift": Drift,
    "stack": Stack,
}  # fmt: skip
_DESCRIPTIONS = {
    "system": "What the whole is called, what it is for and where it runs.",
    "organization": "The organization of the account: the policies that limit what is permitted in it.",
    "network": "VPCs by tiers, security groups, endpoints, and what joins VPCs.",
    "load": "What the system has to carry.",
    "flows": "Stories through the system by name; each becomes a sequence diagram.",
    "views": "Pictures of parts of the model, by name.",
    "links": "Who talks to whom, and what it does there.",
    "guarantees": "Statements about reachability that are proved on every check.",
    "decisions": "Architecture decisions, with what was rejected.",
    "stack": "The sections of the CloudFormation template beside its resources, and the names in it.",
    "drift": "What a comparison with what is really there leaves out.",
    "accepted": "Findings that are accepted, each with its reason and its end.",
}


def schema() -> dict[str, Any]:
    """Return the JSON Schema of `architecture.yaml`."""
    kinds = {name: registry.kind_class(name) for name in registry.kinds()}
    models = [*kinds.values(), *_WHOLE.values(), *_MAPS.values(), *_LISTS.values()]
    _, generated = models_json_schema([(m, "validation") for m in models], by_alias=True, schema_generator=_Generator)
    definitions: dict[str, Any] = generated["$defs"]
    for model in _every(models):
        _describe(definitions.get(_name(model, definitions)), model)
    return {
        "$schema": DIALECT,
        "title": "archproof architecture",
        "description": "What an AWS system is: components, links, flows, guarantees and decisions.",
        "type": "object",
        "additionalProperties": False,
        "required": ["archproof"],
        "properties": _sections(kinds, definitions),
        "$defs": definitions | {"component": _component(kinds, definitions)},
    }


class _Generator(GenerateJsonSchema):
    """Pydantic's generator, with plain field names for titles left out: they only repeat the key."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


def _every(models: list[type[BaseModel]]) -> list[type[BaseModel]]:
    """The models and all models inside them, each once."""
    found: dict[type[BaseModel], None] = {}
    queue = list(models)
    while queue:
        model = queue.pop()
        if model in found:
            continue
        found[model] = None
        for field in model.model_fields.values():
            queue.extend(_inside(field.annotation))
    return list(found)


def _inside(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and not hasattr(annotation, "__args__") and issubclass(annotation, BaseModel):
        return [annotation]
    return [m for inner in getattr(annotation, "__args__", ()) for m in _inside(inner)]


def _describe(definition: dict[str, Any] | None, model: type[BaseModel]) -> None:
    """Put docstrings into a definition."""
    if definition is None:
        return
    definition.pop("title", None)
    definition["description"] = inspect.cleandoc(model.__doc__ or "").split("\n\n")[0].replace("\n", " ")
    docs = field_docs(model)
    for name, field in model.model_fields.items():
        entry = definition.get("properties", {}).get(field.alias or name)
        if entry is not None and name in docs:
            entry["description"] = docs[name].replace("\n", " ")


def _name(model: type[BaseModel], definitions: dict[str, Any]) -> str:
    """The name of a model's definition: pydantic puts the module before those that have one name."""
    short = model.__name__
    return short if short in definitions else f"{model.__module__}.{model.__qualname__}".replace(".", "__")


def _ref(model: type[BaseModel], definitions: dict[str, Any]) -> dict[str, Any]:
    return {"$ref": f"#/$defs/{_name(model, definitions)}"}


def _sections(kinds: dict[str, type[Any]], definitions: dict[str, Any]) -> dict[str, Any]:
    verb = {"enum": list(verbs.names())}
    sections: dict[str, Any] = {
        "archproof": {"const": 1, "description": "The version of the language."},
        "defaults": {
            "type": "object",
            "description": "Values that every component of a kind has unless it says otherwise.",
            "properties": {k: {"type": "object", "description": f"Defaults of every {k}."} for k in kinds},
            "additionalProperties": False,
        },
        "components": {
            "type": "object",
            "description": "Every component by its id.",
            "propertyNames": {"pattern": ID_PATTERN},
            "additionalProperties": {"$ref": "#/$defs/component"},
        },
        "rules": {
            "type": "array",
            "items": {"anyOf": [{"type": "string"}, {"type": "object", "required": ["id", "resource"]}]},
            "description": "Rules of your own: each said here, or a file or folder of them, relative to this file.",
        },
        "include": {
            "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}],
            "description": "Files with more sections, relative to this one.",
        },
    }
    sections |= {name: _ref(model, definitions) for name, model in _WHOLE.items()}
    sections |= {name: {"type": "object", "additionalProperties": _ref(m, definitions)} for name, m in _MAPS.items()}
    sections |= {name: {"type": "array", "items": _ref(m, definitions)} for name, m in _LISTS.items()}
    for name, description in _DESCRIPTIONS.items():
        sections[name]["description"] = description
    sections["links"]["items"] = {"allOf": [_ref(LinkEntry, definitions), {"properties": {"verb": verb}}]}
    return sections


def _component(kinds: dict[str, type[Any]], definitions: dict[str, Any]) -> dict[str, Any]:
    """A component: its kind decides which definition holds."""
    known = sorted(set(kinds) - {"resource"})
    cases = [
        {
            "if": {"properties": {"kind": {"const": kind}}, "required": ["kind"]},
            "then": _ref(kinds[kind], definitions),
        }
        for kind in known
    ]
    verbatim = {"required": ["type"], "not": {"required": ["kind"]}}
    any_resource = {"if": verbatim, "then": _ref(kinds["resource"], definitions)}
    for kind, model in kinds.items():
        definition = definitions[_name(model, definitions)]
        # `defaults` may fill what a kind requires, so only the kind itself must be there
        definition["required"] = [r for r in definition.get("required", []) if r in ("kind", "type")]
        if kind == "resource":
            definition["properties"]["kind"] = {"const": "resource"}
    return {
        "type": "object",
        "description": "A component: a `kind`, or the `type` of any AWS resource.",
        "properties": {"kind": {"enum": [*known, "resource"], "description": "What the component is."}},
        "anyOf": [{"required": ["kind"]}, {"required": ["type"]}],
        "allOf": [*cases, any_resource],
    }
