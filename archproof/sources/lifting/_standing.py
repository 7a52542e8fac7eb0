"""Where something stands in the network: its subnets by tier, its security groups by name."""

from __future__ import annotations

from typing import Any

from archproof.resources._interfaces import SHAPES
from archproof.resources.resource import Path, Resource
from archproof.sources.lifting.drafts import PLAIN, Lifting


def placement(lifting: Lifting, held: Any, subnets: str, groups: str) -> dict[str, Any] | None:
    """Where something stands, by what `held` lists; None where its subnets are not among the resources."""
    if not isinstance(held, dict):
        return None
    return _placement(lifting, _list(held.get(subnets)), _list(held.get(groups)))


def of(lifting: Lifting, resource: Resource) -> dict[str, Any] | None:
    """Where a resource stands, by the properties of its type that say so."""
    shape = SHAPES.get(resource.type)
    if shape is None:
        return None
    subnets = [v for path in shape.subnets for v in _values(resource.properties, path)]
    for property, inner in shape.via:
        named = lifting.resources.target(resource.get(*property))
        subnets += _values(named.properties, inner) if named is not None else []
    groups = [v for path in shape.groups for v in _values(resource.properties, path)]
    return _placement(lifting, subnets, groups)


def _placement(lifting: Lifting, subnets: list[Any], groups: list[Any]) -> dict[str, Any] | None:
    found: dict[str, list[str]] = {}
    for key, members, kind in (("subnets", subnets, "subnet"), ("security_groups", groups, "security_group")):
        drafts = [lifting.named(m) for m in members]
        fit = [d for d in drafts if d is not None and d.kind in (kind, PLAIN) and d.resource.type in _TYPES[kind]]
        if fit and len(fit) == len(members):
            found[key] = list(dict.fromkeys(d.name for d in fit))
    return found or None


_TYPES = {"subnet": ("AWS::EC2::Subnet",), "security_group": ("AWS::EC2::SecurityGroup",)}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _values(value: Any, path: Path) -> list[Any]:
    """What stands at a path; `*` is every entry of a list."""
    for position, step in enumerate(path):
        if step == "*":
            return [v for item in _list(value) for v in _values(item, path[position + 1 :])]
        if not isinstance(value, dict):
            return []
        value = value.get(step)
    return _list(value)
