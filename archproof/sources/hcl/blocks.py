"""Blocks and attributes of a file, whatever its syntax."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from archproof.errors import Location
    from archproof.sources.hcl.expressions import Expression
    from archproof.sources.hcl.scan import Source


@dataclass(slots=True)
class Attribute:
    """`name = expression`."""

    name: str
    expression: Expression
    source: Source
    start: int

    @property
    def location(self) -> Location:
        """From its name to the end of its value."""
        return self.source.location(self.start, self.expression.end)


@dataclass(slots=True)
class Body:
    """What a file or block holds."""

    attributes: dict[str, Attribute] = field(default_factory=dict)
    blocks: list[Block] = field(default_factory=list)

    def of_type(self, name: str) -> list[Block]:
        """The blocks of a type."""
        return [b for b in self.blocks if b.type == name]

    def expression(self, name: str) -> Expression | None:
        """The expression of an attribute, or None."""
        attribute = self.attributes.get(name)
        return attribute.expression if attribute else None


@dataclass(slots=True)
class Block:
    """`type "label" { … }`."""

    type: str
    labels: list[str]
    body: Body
    source: Source
    start: int
    head_end: int
    """Where its type and labels end."""
    end: int

    @property
    def location(self) -> Location:
        """Its type and labels."""
        return self.source.location(self.start, self.head_end)
