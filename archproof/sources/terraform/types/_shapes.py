"""Shapes that Terraform writes as maps or JSON and CloudFormation as lists and properties."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archproof.resources.resource import is_symbolic
from archproof.sources.terraform.made import Made
from archproof.sources.terraform.mapping import compiled

if TYPE_CHECKING:
    from archproof.resources.resource import Resource

_VERBATIM = frozenset({"options", "dockerLabels", "driverOpts", "labels", "parameters"})
"""Keys of container definitions whose maps have keys of the user's own."""


def named(value: Any) -> Any:
    """A list of Name and Value from a map."""
    return [{"Name": k, "Value": v} for k, v in value.items()] if _is_map(value) else value


def names(value: Any) -> Any:
    """A list of maps with a Name from a list of texts."""
    return [{"Name": n} for n in value] if isinstance(value, list) else value


def parameters(value: Any) -> Any:
    """A map from a list of blocks with a name and a value."""
    if not isinstance(value, list):
        return value
    return {p["name"]: p.get("value") for p in value if isinstance(p, dict) and "name" in p}


def public(value: Any) -> Any:
    """`ENABLED` or `DISABLED` of a flag."""
    return ("ENABLED" if value else "DISABLED") if isinstance(value, bool) else value


def pascal(value: Any) -> Any:
    """JSON with keys like `portMappings` as properties like `PortMappings`; null and empty lists are absent."""
    if isinstance(value, list):
        return [pascal(v) for v in value if v is not None]
    if not _is_map(value):
        return value
    found = {}
    for key, inner in value.items():
        if inner is None or inner == []:
            continue
        found[key[:1].upper() + key[1:]] = inner if key in _VERBATIM else pascal(inner)
    return found


def _is_map(value: Any) -> bool:
    return isinstance(value, dict) and not is_symbolic(value)


def policy(made: Made, kind: str, holders: str) -> Resource | None:
    """The policy that an item carries in its argument `policy`, as the resource that it is in CloudFormation."""
    if made.value("policy") is None:
        return None
    resource = made.extra("Policy", kind, {holders: [made.ref()]}, "policy")
    inner = Made(made.item, made.mapping, resource, made.translation)
    inner.nested(compiled("policy=PolicyDocument:json", None), made.item.values, (), ())
    return resource
