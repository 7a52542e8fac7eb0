"""Three-valued logic: True, False, and None for what cannot be known."""

from __future__ import annotations

from collections.abc import Iterable

Truth = bool | None


def both(left: Truth, right: Truth) -> Truth:
    """Left and right."""
    if left is False or right is False:
        return False
    return None if left is None or right is None else True


def either(left: Truth, right: Truth) -> Truth:
    """Left or right."""
    if left or right:
        return True
    return None if left is None or right is None else False


def negate(value: Truth) -> Truth:
    """Not `value`."""
    return None if value is None else not value


def every(values: Iterable[Truth]) -> Truth:
    """Whether all hold; True for none. Stops at the first that does not."""
    result: Truth = True
    for value in values:
        if value is False:
            return False
        if value is None:
            result = None
    return result


def some(values: Iterable[Truth]) -> Truth:
    """Whether one holds; False for none. Stops at the first that does."""
    result: Truth = False
    for value in values:
        if value:
            return True
        if value is None:
            result = None
    return result
