"""Values of properties as far as they are known before deployment: literals, parameters' defaults, simple functions.

What cannot be known is `UNKNOWN`, which is not the same as absent.
"""

from __future__ import annotations

from typing import Any, Final

from archproof.resources.evaluation import NO_VALUE, of
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
    if value.get("Ref") in resources.all:
        return value
    found = of(resources, region=resources.region).value(value)
    if found is NO_VALUE:
        return None
    if is_symbolic(found):
        return found if found.get("Ref") in resources.all else UNKNOWN
    return found


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
