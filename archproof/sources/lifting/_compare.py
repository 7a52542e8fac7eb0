"""When two values mean the same to CloudFormation, and what must be laid over one for it to be the other."""

from __future__ import annotations

import json
from typing import Any

from archproof.resources.resource import SUBSTITUTION, Resource, is_symbolic
from archproof.sources.lifting.drafts import inlined

_POLICIES = ("Action", "NotAction", "Resource", "NotResource", "Service", "AWS", "Federated", "ManagedPolicyArns")
"""Members of policies whose list of one is the entry alone."""
_NONE = ("ManagedPolicyArns", "Policies")
"""Properties of a role whose empty list is none."""


_SETS = ("Tags", "AttributeDefinitions")
"""Lists whose order means nothing."""


def normal(value: Any, key: str = "") -> Any:
    """A form of `value` that is the same for all ways to say the same.

    Numbers and truth values are their text, `Fn::GetAtt` is a list, one dependency is a list of one, and in a
    policy a list of one is its entry.
    """
    if value is True:
        return "true"
    if value is False:
        return "false"
    if isinstance(value, int | float):
        return f"{value:g}" if abs(value) < 1e6 else str(int(value) if value == int(value) else value)
    if isinstance(value, list):
        items = [normal(v) for v in value]
        if len(items) == 1 and key in _POLICIES:
            return items[0]
        return sorted(items, key=json.dumps) if key in _POLICIES or key in _SETS else items
    if isinstance(value, str) and key == "Pattern":
        return _json(value)
    if not isinstance(value, dict):
        return value
    if len(value) == 1:
        name, inner = next(iter(value.items()))
        if name == "Fn::GetAtt" and isinstance(inner, str):
            inner = inner.split(".", 1)
        if name == "Fn::GetAtt":
            # the id of a security group in a VPC, by either name
            return {"Ref": inner[0]} if isinstance(inner, list) and inner[1:] == ["GroupId"] else {name: normal(inner)}
        if name == "Fn::GetAZs" and inner == {"Ref": "AWS::Region"}:
            return {name: ""}
        if name == "Fn::Sub":
            return _sub(inner)
    if "Statement" in value:
        value = _policy(value)
    return {k: normal(v, k) for k, v in value.items() if v is not None and not absent(v, k)}


def _json(text: str) -> Any:
    """What a text of JSON says, however it is spaced; the text itself where it is none."""
    try:
        return {"JSON": json.dumps(json.loads(text), sort_keys=True)} if text[:1] == "{" else text
    except (ValueError, RecursionError):
        return text


def absent(value: Any, key: str) -> bool:
    """Say whether a property means the same as no such property: no policies are none."""
    return value == [] and key in _NONE


def _sub(inner: Any) -> Any:
    """`Fn::Sub` of one name alone is the reference itself."""
    inner = inlined(inner)
    if isinstance(inner, str):
        match = SUBSTITUTION.fullmatch(inner)
        if match and not match[1]:
            name, _, attribute = match[2].strip().partition(".")
            return {"Fn::GetAtt": [name, attribute]} if attribute else {"Ref": name}
        if "${" not in inner:
            return inner
        return {"Fn::Sub": inner}
    return {"Fn::Sub": normal(inner)}


def _policy(value: dict[str, Any]) -> dict[str, Any]:
    """A policy with its statements in a list, and the version that it means where it has no variables."""
    statements = value["Statement"]
    if isinstance(statements, dict) and not is_symbolic(statements):
        statements = [statements]
    version = value.get("Version")
    if version is None and "${aws:" not in json.dumps(statements, default=str):
        version = "2012-10-17"
    return {**value, "Version": version, "Statement": statements}


def same(one: Any, other: Any, key: str = "") -> bool:
    """Say whether two values mean the same."""
    return bool(one == other) or normal(one, key) == normal(other, key)


def residual(made: dict[str, Any], wanted: dict[str, Any]) -> dict[str, Any]:
    """What must be laid over `made` (maps merge, None removes) for it to be `wanted`."""
    over: dict[str, Any] = {key: None for key in made if key not in wanted}
    for key, value in wanted.items():
        if key not in made:
            if not absent(value, key):
                over[key] = value
        elif not same(made[key], value, key):
            held = made[key]
            plain = isinstance(held, dict) and isinstance(value, dict) and not is_symbolic(value)
            over[key] = residual(held, value) if plain and not is_symbolic(held) else value
    return over


def attributes(resource: Resource) -> dict[str, Any]:
    """The attributes of a resource in a form that is the same for all ways to say the same."""
    found = {k: normal(v) for k, v in resource.attributes.items() if v is not None}
    after = found.get("DependsOn")
    if isinstance(after, str):
        found["DependsOn"] = [after]
    if isinstance(found.get("DependsOn"), list):
        found["DependsOn"] = sorted(map(str, found["DependsOn"]))
        if not found["DependsOn"]:
            del found["DependsOn"]
    return found


def alike(one: Resource, other: Resource) -> bool:
    """Say whether two resources are the same in type, properties and attributes."""
    return (
        one.type == other.type
        and same(one.properties, other.properties)
        and attributes(one) == attributes(other)
    )  # fmt: skip


def removes(over: Any) -> bool:
    """Say whether something laid over another removes a part of it."""
    return isinstance(over, dict) and any(v is None or removes(v) for v in over.values())
