"""What CloudFormation refuses in the sections of a template and in what each of them lists."""

from __future__ import annotations

import re
from typing import Any

from archproof.resources.parameters import text
from archproof.sources.templates.template import Path, Template
from archproof.suggest import did_you_mean

SECTIONS = (
    "AWSTemplateFormatVersion", "Conditions", "Description", "Hooks", "Mappings", "Metadata", "Outputs", "Parameters",
    "Resources", "Rules", "Transform",
)  # fmt: skip
_OTHERS = {
    "Globals": "Globals belongs to SAM: it needs `Transform: AWS::Serverless-2016-10-31`",
    "Rain": "Rain is a section of the tool of that name: `rain pkg` writes the template that it stands for",
    "Modules": "Modules belongs to `aws cloudformation package` and Rain, which write the template it stands for",
    "Packages": "Packages belongs to Rain: `rain pkg` writes the template that it stands for",
    "Constants": "Constants belongs to Rain: `rain pkg` writes the template that it stands for",
}
ATTRIBUTES = (
    "Condition", "CreationPolicy", "DeletionPolicy", "DependsOn", "Metadata", "Properties", "Type", "UpdatePolicy",
    "UpdateReplacePolicy", "Version",
)  # fmt: skip
_TYPE = re.compile(r"[A-Za-z0-9]{2,64}(?:::[A-Za-z0-9_@-]+){1,3}\Z")
_VERSION = "2010-09-09"
_NAME = re.compile(r"[A-Za-z0-9]+\Z")
_TYPES = ("String", "Number", "List<Number>", "CommaDelimitedList")


def check(template: Template) -> None:
    """Note every section and every entry that CloudFormation refuses."""
    free = bool(template.macros) or template.open
    for name in template.value:
        if name in SECTIONS or free or name.startswith("Fn::"):
            continue
        if not (name == "Globals" and template.is_sam):
            message = _OTHERS.get(name) or f"a template has no section '{name[:60]}'{did_you_mean(name, SECTIONS)}"
            template.problem((name,), message, key=True)
    version = template.value.get("AWSTemplateFormatVersion", _VERSION)
    if text(version) != _VERSION:
        message = f"AWSTemplateFormatVersion is {_VERSION}; found '{text(version)[:40]}'"
        template.problem(("AWSTemplateFormatVersion",), message)
    for name in ("Parameters", "Mappings", "Conditions", "Resources", "Outputs", "Rules", "Globals", "Metadata"):
        found = template.value.get(name)
        if found is not None and not isinstance(found, dict):
            template.problem((name,), f"{name} is a map; found {kind_of(found)}")
    _parameters(template)
    if not template.section("Resources"):
        if not free and isinstance(template.value.get("Resources", {}), (dict, type(None))):
            _nothing(template)
        return
    for logical_id, entry in template.section("Resources").items():
        _resource(template, logical_id, entry, free)
    for name, output in template.section("Outputs").items():
        if not name.startswith("Fn::") and not (isinstance(output, dict) and ("Value" in output or free)):
            template.problem(("Outputs", name), f"the output '{name[:60]}' needs a Value", key=True)


def _nothing(template: Template) -> None:
    if "Resources" in template.value:
        template.problem(("Resources",), "Resources is empty: a template has at least one resource", key=True)
        return
    parts = [k for k, v in template.value.items() if _is_resource(v)]
    if parts:
        shown = ", ".join(p[:60] for p in parts[:5])
        message = f"a part of a template: {shown} would stand below `Resources:`"
        template.problem((parts[0],), message, key=True)
        return
    template.problem((), f"no Resources: a template has at least one{did_you_mean('Resources', template.value)}")


def is_type(value: Any) -> bool:
    """Say whether a value can be the type of a resource."""
    return isinstance(value, str) and _TYPE.match(value) is not None


def _is_resource(value: Any) -> bool:
    kind = value.get("Type") if isinstance(value, dict) else None
    return isinstance(kind, str) and "::" in kind


def _parameters(template: Template) -> None:
    for name, entry in template.section("Parameters").items():
        path: Path = ("Parameters", name)
        if not isinstance(entry, dict) or not isinstance(entry.get("Type"), str):
            template.problem(path, f"the parameter '{name[:60]}' needs a Type", key=True)
            continue
        kind = entry["Type"]
        known = kind in _TYPES or kind.startswith(("AWS::", "List<AWS::"))
        if not known:
            message = f"'{kind[:60]}' is no type of a parameter{did_you_mean(kind, _TYPES)}"
            template.problem((*path, "Type"), f"{message}; {', '.join(_TYPES)} or AWS::…")


def _resource(template: Template, logical_id: str, entry: Any, free: bool) -> None:
    """What is wrong with one entry of `Resources`; `free` where something unread may change it."""
    path: Path = ("Resources", logical_id)
    shown = logical_id[:60]
    if logical_id.startswith("Fn::"):
        return
    if not isinstance(entry, dict):
        template.problem(path, f"the resource '{shown}' is a map with a Type; found {kind_of(entry)}")
        return
    if not _NAME.match(logical_id) and not free:
        template.problem(path, f"the name '{shown}' of a resource holds more than letters and digits", key=True)
    kind = entry.get("Type")
    if not isinstance(kind, str):
        if isinstance(kind, dict) and any(key.startswith("Rain::") for key in kind):
            message = (
                f"{next(iter(kind))[:40]} is a directive of Rain: `rain pkg` writes the template that it stands for"
            )
            template.problem((*path, "Type"), message)
        elif "Type" in entry:
            template.problem((*path, "Type"), f"the Type of '{shown}' is a text; found {kind_of(kind)}")
        elif not any(key.startswith("Fn::") for key in entry):
            hint = did_you_mean("Type", entry)
            template.problem(path, f"the resource '{shown}' needs a Type{hint}", key=True)
    elif not _TYPE.match(kind) and not free:
        template.problem((*path, "Type"), f"'{kind[:60]}' is no type of a resource, such as AWS::S3::Bucket")
    properties = entry.get("Properties")
    if properties is not None and not isinstance(properties, dict):
        template.problem((*path, "Properties"), f"the Properties of '{shown}' are a map; found {kind_of(properties)}")
    if free or template.is_sam:
        return
    for name in entry:
        if name not in ATTRIBUTES and not name.startswith("Fn::"):
            message = f"a resource has no attribute '{name[:60]}'{did_you_mean(name, ATTRIBUTES)}"
            if not did_you_mean(name, ATTRIBUTES):
                message += "; a property stands below `Properties:`"
            template.problem((*path, name), message, key=True)


def kind_of(value: Any) -> str:
    """What a value is, in a word."""
    if value is None:
        return "nothing"
    names = {str: "a text", bool: "true or false", int: "a number", float: "a number", list: "a list", dict: "a map"}
    return names.get(type(value), "something else")
