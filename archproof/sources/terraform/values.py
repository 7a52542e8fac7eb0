"""Values of Terraform arguments that are not known: references, texts with references in them, secrets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Reference:
    """The value of an attribute of another resource or data source."""

    address: str
    """The absolute address: `module.net.aws_subnet.a["x"]`, `data.aws_vpc.main`. Without its key it stands for
    all instances: a list where a list is wanted, else the one with the referrer's own key."""
    path: tuple[str | int, ...] = ()
    """The attribute (`("arn",)`), and the way inside it. Empty where the source does not tell which."""
    every: bool = False
    """Whether it is a list over all instances (`aws_subnet.a[*].id`)."""


@dataclass(frozen=True, slots=True)
class Template:
    """A text with unknown parts: literal text and values, in order."""

    parts: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value that is known only after Terraform has run, and what it depends on."""

    references: tuple[str, ...] = ()
    """What its expression names, in Terraform's words."""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Sensitive:
    """A value that must not be shown."""


NOT_KNOWN = (Reference, Template, Unknown, Sensitive)
"""The classes of values that are not literal."""


def is_literal(value: Any) -> bool:
    """Say whether nothing in `value` is unknown."""
    if isinstance(value, dict):
        return all(is_literal(v) for v in value.values())
    if isinstance(value, list):
        return all(is_literal(v) for v in value)
    return not isinstance(value, NOT_KNOWN)
