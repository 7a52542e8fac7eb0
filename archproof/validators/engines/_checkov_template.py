"""The resources as the template that checkov gets, and its words for a property as a path in a resource."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

from archproof.errors import Unknown
from archproof.resources.resource import Path, Resource, Resources, declared

_PLAIN_ID = re.compile(r"[A-Za-z0-9_-]+\Z")
_NOTHING = {"Ref": "AWS::NoValue"}
_SKIP = re.compile(r"(checkov|bridgecrew|cortex):(skip)")
_MISSING = object()


@dataclass(slots=True)
class Template:
    """What checkov is asked about."""

    text: str
    resources: dict[str, Resource] = field(default_factory=dict)
    """By the name that checkov has for it: `AWS::S3::Bucket.Uploads`."""
    unknown: list[Unknown] = field(default_factory=list)
    """The resources that checkov would not read, and for which it would drop all others."""


def write(resources: Resources) -> Template:
    """The template of all resources, one a line, without suppressions: those are the caller's to apply.

    checkov drops a whole file for one name with a dot, one `null` or one list of properties, and takes
    `checkov:skip` in any text for a comment; none of that reaches it.
    """
    made = Template("")
    lines: list[str] = []
    taken = {id for id in resources.all if _PLAIN_ID.match(id)}
    for number, resource in enumerate(resources):
        name = resource.logical_id if resource.logical_id in taken else f"Resource{number}x"
        if not isinstance(resource.properties, dict):
            why = "its properties are no map, so checkov does not read it"
            made.unknown.append(Unknown(resource.title, f"{why}; not decided: checkov", resource.location()))
            continue
        entry = {"Type": resource.type, "Properties": _clean(resource.properties)}
        entry |= {key: _clean(value) for key, value in declared(resource.attributes).items()
                  if key != "Metadata" and value}  # fmt: skip
        lines.append(f"{json.dumps(name)}: {_text(entry)}")
        made.resources[f"{resource.type}.{name}"] = resource
    sections = {"Parameters": resources.parameters, "Mappings": resources.mappings, "Conditions": resources.conditions}
    head = "".join(f'"{name}": {_text(_clean(value))},\n' for name, value in sections.items() if value)
    body = ",\n".join(lines)
    made.text = f'{{\n"AWSTemplateFormatVersion": "2010-09-09",\n{head}"Resources": {{\n{body}\n}}\n}}\n'
    return made


def _text(value: Any) -> str:
    # written so that YAML readers, which checkov's is, read every character; and no comment stands in it
    return _SKIP.sub(r"\1\\u003a\2", json.dumps(value, ensure_ascii=False, default=str))


def _clean(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _clean(item) for key, item in value.items() if item is not None}
    if isinstance(value, list | tuple):
        return [_NOTHING if item is None else _clean(item) for item in value]
    return value


def path_of(resource: Resource, keys: list[str]) -> Path:
    """The property that a check looked at: of those it names, the one that is said in most of its steps."""
    best: Path = ()
    depth = -1
    for key in keys:
        path = _steps(resource, key)
        said = next((end for end in range(len(path), 0, -1) if resource.has(*path[:end])), 0)
        if said > depth:
            best, depth = path, said
    return best


def _steps(resource: Resource, key: str) -> Path:
    """`Properties/Policies/[0]/PolicyDocument` as (`Policies`, 0, `PolicyDocument`)."""
    words = [word for word in key.strip("/").split("/") if word]
    if words[:1] == ["Properties"]:
        words = words[1:]
    if words[:1] == ["PolicyDocument"] and not resource.has("PolicyDocument"):
        # a check of policies names what it found as if the resource held that one policy alone
        return _in_policies(resource, words)
    return _walk(resource.properties, words)


def _walk(value: Any, words: list[str]) -> Path:
    path: list[str | int] = []
    for word in words:
        bare = word[1:-1] if word.startswith("[") and word.endswith("]") else word
        step: str | int = int(bare) if bare.isdecimal() and (isinstance(value, list) or bare != word) else bare
        path.append(step)
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            value = _MISSING
    return tuple(path)


def _in_policies(resource: Resource, words: list[str]) -> Path:
    policies = resource.get("Policies")
    if not isinstance(policies, list):
        return ()
    paths: list[Path] = [("Policies", number, *_walk(policy, words)) for number, policy in enumerate(policies)]
    fitting = [path for path in paths if resource.has(*path)]
    return fitting[0] if len(fitting) == 1 else ("Policies",)
