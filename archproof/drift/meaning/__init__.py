"""What is compared by what it means, and not by how it is written: one module a subject.

Each names in the literal constant `SUBJECT` what it compares, and has `compare(context)`: it takes the properties
that it understands out of both sides of `context`, and adds their differences to its tiers.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from archproof.discovery import index
from archproof.drift.differences import PropertyDrift

PACKAGE = "archproof.drift.meaning"


@dataclass(slots=True)
class Context:
    """The two sides of one subject, and what else is known."""

    type: str
    declared: dict[str, Any]
    """The declared properties that no meaning has taken yet."""
    live: dict[str, Any]
    stated: Collection[str] = ()
    """The properties that the declared resource itself says, without its parts."""
    saw: Callable[[str], bool] = lambda name: True
    """Whether a top-level property was looked for on the live side."""
    name: Callable[[str], str] = lambda text: text
    """What people call the thing that an id or an ARN names."""
    waits_for: Callable[[Any], str] = lambda value: "it is known only after deployment"
    """Why a value that is still a function is not known."""
    partial: bool = False
    """Whether only a part of the subject is declared: what is live besides says nothing."""
    live_stated: Collection[str] | None = None
    """The properties that a description in the place of an account says; None for an account, which tells all."""
    declared_tier: list[PropertyDrift] = field(default_factory=list)
    undeclared_tier: list[PropertyDrift] = field(default_factory=list)
    unread_tier: list[PropertyDrift] = field(default_factory=list)

    def take(self, name: str) -> tuple[Any, Any]:
        """Take a property out of both sides."""
        return self.declared.pop(name, None), self.live.pop(name, None)


def compare(context: Context) -> None:
    """Have every meaning take what it compares, and add what it finds to the tiers of `context`."""
    for module in _modules():
        module.compare(context)


def _modules() -> Iterable[Any]:
    return [importlib.import_module(name) for name in dict.fromkeys(index(PACKAGE, "SUBJECT").values())]
