"""Values of properties as far as they are known before deployment: literals, parameters' defaults, simple functions.

What cannot be known is `UNKNOWN`, which is not the same as absent.
"""

from __future__ import annotations

from typing import Any, Final

from archproof.resources.evaluation import NO_VALUE, of
from archproof.resources.resource import Resource, Resources, is_symbolic


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
    if value.get("Ref") in resources.all:
        return value
    found = of(resources, region=resources.region).value(value)
    if found is NO_VALUE:
        return None
    if is_symbolic(found):
        return found if found.get("Ref") in resources.all else UNKNOWN
    return found


def sure(resources: Resources, resource: Resource, *holders: Resource | None) -> bool:
    """Whether a resource is created for sure: not where its condition rests on what is not known.

    `holders`: what it is a part of. Who asks of these asks for the case that they are there.
    """
    if not resources.conditions:
        return True
    condition = resource.attributes.get("Condition")
    if not isinstance(condition, str) or any(h.attributes.get("Condition") == condition for h in holders if h):
        return True
    return of(resources, region=resources.region).condition(condition) is True


def name_of(resources: Resources, value: Any) -> str | None:
    """The logical id that `value` (`Ref`, `Fn::GetAtt`) names, or the physical id it is; None where unknown."""
    found = known(resources, value)
    if found is UNKNOWN or isinstance(found, dict):
        if isinstance(value, dict) and "Fn::If" in value and len(resources.targets(value)) != 1:
            return None  # one of several, as a condition decides that is not known
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
