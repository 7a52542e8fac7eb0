"""The stacks of CloudFormation that a system is: one, several with commas between them, and those nested in them."""

from __future__ import annotations

import re


def names(said: str | None) -> tuple[str, ...]:
    """The stacks that `--stack` names."""
    return tuple(name.strip() for name in (said or "").split(",") if name.strip())


def is_of(said: str | None, stack: str) -> bool:
    """Whether a stack is one of those that are said, or nested in one; any is where none is said.

    >>> is_of("shop", "shop-Network-1ABCDEFGHIJKL"), is_of("shop", "shop-test"), is_of("shop, net", "net")
    (True, False, True)
    """
    held = names(said)
    return not held or any(stack == name or _nested(name, stack) for name in held)


def _nested(name: str, stack: str) -> bool:
    """Whether CloudFormation called a stack by one that it stands in: its name, the logical id, and chance."""
    return re.fullmatch(rf"{re.escape(name)}(-[A-Za-z0-9]+-[A-Z0-9]{{10,13}})+", stack) is not None
