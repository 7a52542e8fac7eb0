"""Resources as a CloudFormation template: JSON or YAML with the short forms of the intrinsics."""

from __future__ import annotations

import json
import os
import re
from typing import Any

from archproof.resources.resource import Path, Resource, Resources, declared
from archproof.resources.secrets import masked, shown_parameter, without_secrets

_SHORT = {"Ref", "Condition"}
_ROTATION = "AWS::SecretsManager-2024-09-16"
"""The macro that makes the rotation functions that AWS provides."""
_ROTATIONS = "AWS::SecretsManager"
_LEFT_OUT = "LeftOut"
"""Where the metadata name what has no type in CloudFormation: address and type."""


def template(resources: Resources, description: str = "", folder: str = "") -> dict[str, Any]:
    """Return the template of all resources, in the order in which they were lowered.

    What has no type in CloudFormation (a Terraform type without a counterpart) is only named in the metadata.
    No secret stands in it: one that the model holds in plain text becomes a parameter without a default,
    described with its place relative to `folder`. Where no parameter can stand (a mapping, metadata) it is hidden.
    """
    kept = resources.template
    said = description or kept.get("Description")
    result: dict[str, Any] = {"AWSTemplateFormatVersion": kept.get("AWSTemplateFormatVersion", "2010-09-09")}
    if said:
        result["Description"] = masked("", said[:1024] if isinstance(said, str) else said)
    foreign = {r.address or r.logical_id: r.type for r in resources if "::" not in r.type}
    if "Metadata" in kept or foreign:
        result["Metadata"] = {**masked("", kept.get("Metadata", {})), **({_LEFT_OUT: foreign} if foreign else {})}
    if transforms := _transforms(resources):
        result["Transform"] = transforms if len(transforms) > 1 else transforms[0]
    parameters = {name: shown_parameter(name, said) for name, said in resources.parameters.items()}
    own = [r for r in resources if "::" in r.type]
    taken = {*resources.all}
    written = {r.logical_id: _written(r, parameters, taken, folder) for r in own}
    sections = {
        "Parameters": parameters,
        "Rules": kept.get("Rules"),
        "Mappings": masked("", resources.mappings),
        "Conditions": resources.conditions,
        "Resources": written,
        "Outputs": masked("", resources.outputs),
    }
    return result | {name: section for name, section in sections.items() if section or name == "Resources"}


def _transforms(resources: Resources) -> list[Any]:
    """The macros that the template needs: those of its source, and the one that makes AWS's rotation functions."""
    said = resources.template.get("Transform", [])
    found = list(said) if isinstance(said, list) else [said]
    if resources.format == "sam":  # what it is written from is translated already
        found = [t for t in found if not str(t).startswith("AWS::Serverless")]
    rotates = any(r.has("HostedRotationLambda") for r in resources.of_type("AWS::SecretsManager::RotationSchedule"))
    return found + ([_ROTATION] if rotates and not any(str(t).startswith(_ROTATIONS) for t in found) else [])


def _written(resource: Resource, parameters: dict[str, Any], taken: set[str], folder: str) -> dict[str, Any]:
    """The entry of a resource; the parameters of its secrets are added to `parameters`."""

    def asked_for(path: Path, name: str, secret: str) -> dict[str, str]:
        place = resource.location(*path)
        file = os.path.relpath(place.file, folder).replace(os.sep, "/") if folder else place.file
        wanted = key = _parameter_name(resource.logical_id, name if name not in ("", resource.title) else _last(path))
        number = 1
        while key in parameters or key in taken:
            number += 1
            key = f"{wanted}{number}"
        parameters[key] = {
            "Type": "String",
            "NoEcho": True,
            "Description": f"a secret that the model holds in plain text at {file}:{place.line}; "
            "pass it at deployment or move it to Secrets Manager",
        }
        return {"Ref": key}

    properties = without_secrets(resource.properties, asked_for, resource.title)
    return {
        "Type": resource.type,
        **({"Properties": properties} if properties else {}),
        **without_secrets(declared(resource.attributes), asked_for, resource.title),
    }


def _last(path: Path) -> str:
    return next((step for step in reversed(path) if isinstance(step, str) and not step.startswith("Fn::")), "")


def _parameter_name(logical_id: str, name: str) -> str:
    """`FnDbPassword` of the variable `DB_PASSWORD` of `Fn`."""
    words = re.findall(r"[A-Za-z0-9]+", name)
    return logical_id + "".join(w.capitalize() if w.isupper() else w[:1].upper() + w[1:] for w in words)


def to_json(value: dict[str, Any]) -> str:
    """The template as JSON."""
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def to_yaml(value: dict[str, Any]) -> str:
    """The template as YAML that reads like one written by hand."""
    import yaml

    class Dumper(yaml.CSafeDumper):
        """Writes shared values out in full, and intrinsics in their short forms."""

        def ignore_aliases(self, data: Any) -> bool:
            return True

    Dumper.add_representer(dict, _mapping)
    Dumper.add_representer(str, _text)
    text: str = yaml.dump(value, Dumper=Dumper, sort_keys=False, allow_unicode=True, width=120)
    return text


def _mapping(dumper: Any, value: dict[str, Any]) -> Any:
    if len(value) == 1:
        key, inner = next(iter(value.items()))
        if isinstance(key, str) and (key == "Ref" or key.startswith("Fn::")):
            return _short(dumper, key, inner) or dumper.represent_mapping("tag:yaml.org,2002:map", value.items())
    return dumper.represent_mapping("tag:yaml.org,2002:map", value.items())


def _short(dumper: Any, key: str, inner: Any) -> Any:
    """`!Ref X`; None where a short form cannot hold the value (one short form directly in another)."""
    tag = "!" + key.removeprefix("Fn::")
    if key == "Fn::GetAtt" and isinstance(inner, list) and all(isinstance(p, str) for p in inner):
        return dumper.represent_scalar(tag, ".".join(inner))
    if isinstance(inner, str):
        return dumper.represent_scalar(tag, inner)
    if isinstance(inner, list):
        return dumper.represent_sequence(tag, inner)
    return None


def _text(dumper: Any, value: str) -> Any:
    style = "|" if "\n" in value.strip("\n") else None
    # YAML 1.1 readers (CloudFormation is one) take these for other types
    if style is None and value.lower() in ("on", "off", "yes", "no", "y", "n"):
        style = "'"
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)
