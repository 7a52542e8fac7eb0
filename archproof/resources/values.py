"""Values of properties as far as they are known before deployment: literals, parameters' defaults, simple functions.

What cannot be known is `UNKNOWN`, which is not the same as absent.
"""

from __future__ import annotations

import ipaddress
from typing import Any, Final

from archproof.resources.resource import Resources, is_symbolic


class _Unknown:
    """The value of what is known only after deployment."""

    def __repr__(self) -> str:
        return "UNKNOWN"

    def __bool__(self) -> bool:
        return False


UNKNOWN: Final = _Unknown()


def known(resources: Resources, value: Any) -> Any:
    """Return `value` with every function that can be worked out worked out, or UNKNOWN.

    A reference to a resource stays as it is: `name_of` says which it is.
    """
    if not is_symbolic(value):
        return value
    key, inner = next(iter(value.items()))
    if key == "Ref" and isinstance(inner, str):
        return _reference(resources, inner)
    if key == "Fn::Select" and isinstance(inner, list) and len(inner) == 2:
        return _select(resources, inner[0], inner[1])
    if key == "Fn::Cidr" and isinstance(inner, list) and len(inner) in (2, 3):
        return _cidr(resources, inner)
    if key == "Fn::Sub" and isinstance(inner, str) and "${" not in inner:
        return inner
    if key == "Fn::Join" and isinstance(inner, list) and len(inner) == 2 and isinstance(inner[1], list):
        parts = [known(resources, part) for part in inner[1]]
        return str(inner[0]).join(parts) if all(isinstance(p, str) for p in parts) else UNKNOWN
    if key == "Fn::Split" and isinstance(inner, list) and len(inner) == 2:
        text = known(resources, inner[1])
        return text.split(inner[0]) if isinstance(text, str) else UNKNOWN
    return UNKNOWN


def _reference(resources: Resources, name: str) -> Any:
    if name == "AWS::Region":
        return resources.region
    if name == "AWS::AccountId":
        return resources.account or UNKNOWN
    if name == "AWS::NoValue":
        return None
    if name in resources:
        return {"Ref": name}
    parameter = resources.parameters.get(name)
    if not isinstance(parameter, dict) or "Default" not in parameter:
        return UNKNOWN
    default = parameter["Default"]
    if "List" in str(parameter.get("Type", "")) and isinstance(default, str):
        return [part.strip() for part in default.split(",")]
    return default


def _select(resources: Resources, position: Any, items: Any) -> Any:
    at = known(resources, position)
    found = _zones(resources, items)
    if found is None:
        found = known(resources, items)
    try:
        return known(resources, found[int(at)])
    except (TypeError, ValueError, IndexError, KeyError):
        return UNKNOWN


def _zones(resources: Resources, items: Any) -> Any:
    """The zone names behind `Fn::GetAZs`, in AWS's order; None where `items` is something else."""
    if not (isinstance(items, dict) and "Fn::GetAZs" in items):
        return None
    from archproof import facts

    code = known(resources, items["Fn::GetAZs"]) or resources.region
    try:
        return list(facts.region(code).zone_names())
    except (KeyError, TypeError):
        return None


def _cidr(resources: Resources, inner: list[Any]) -> Any:
    """`Fn::Cidr`: `count` blocks of 2 to the `bits` addresses."""
    block, count, bits = (known(resources, part) for part in [*inner, 8][:3])
    try:
        network = ipaddress.ip_network(block)
        parts = network.subnets(new_prefix=network.max_prefixlen - int(bits))
        return [str(part) for part, _ in zip(parts, range(int(count)), strict=False)]
    except (ValueError, TypeError):
        return UNKNOWN


def name_of(resources: Resources, value: Any) -> str | None:
    """The logical id that `value` (`Ref`, `Fn::GetAtt`) names, or the physical id it is; None where unknown."""
    found = known(resources, value)
    if found is UNKNOWN or isinstance(found, dict):
        target = resources.target(value)
        return target.logical_id if target else None
    return found if isinstance(found, str) and found else None


def items(resources: Resources, value: Any) -> list[Any] | None:
    """The entries of a list, or a single entry; None where the list is unknown. What is absent is an empty list."""
    if value is None:
        return []
    if is_symbolic(value) and resources.target(value) is not None:
        return [value]
    found = known(resources, value)
    if isinstance(found, list):
        return found
    return [found] if isinstance(found, str) else None
