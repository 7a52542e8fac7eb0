"""Facts with the places that say them, and the numbers that sentences cite them by.

A template prints a `Fact`; that notes its evidence, and the next `cite()` prints the numbers. So no sentence
can state a value without the line behind it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

NOT_DECLARED = "not declared"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One place that says something: a line of the model, a row of the facts, a result of the check."""

    where: str
    what: str
    checked: str = ""
    """The day on which a fact about AWS was last checked; empty for the model's own lines."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A value, how a sentence writes it, and what says so. The value None is one that nobody declared."""

    value: Any
    text: str
    evidence: tuple[Evidence, ...] = ()
    note: str = ""
    """What a table shows beside it: `default` where the kind, not the model, says it."""

    @property
    def declared(self) -> bool:
        """Whether anything says it."""
        return self.value is not None

    def __bool__(self) -> bool:
        return bool(self.value)

    def __str__(self) -> str:
        return self.text


def missing(*evidence: Evidence) -> Fact:
    """A fact that is not declared, with the place where it could be."""
    return Fact(None, NOT_DECLARED, evidence)


def derive(value: Any, text: str, *grounds: Fact | Evidence | None) -> Fact:
    """A fact that follows from others, with the evidence of all of them."""
    return Fact(value, text, join(grounds))


def join(grounds: Iterable[Fact | Evidence | None]) -> tuple[Evidence, ...]:
    """The evidence of several facts, each piece once, in order."""
    found: dict[Evidence, None] = {}
    for ground in grounds:
        if isinstance(ground, Evidence):
            found[ground] = None
        elif ground is not None:
            found.update(dict.fromkeys(ground.evidence))
    return tuple(found)


@dataclass(slots=True)
class Citations:
    """The numbers of the evidence of one document, given in the order of first use."""

    numbers: dict[Evidence, int] = field(default_factory=dict)
    waiting: dict[Evidence, None] = field(default_factory=dict)

    def note(self, evidence: Iterable[Evidence]) -> None:
        """Remember evidence for the sentence that is being written."""
        self.waiting.update(dict.fromkeys(evidence))

    def flush(self) -> list[int]:
        """The numbers for the sentence that ends here, ascending."""
        found = {self.numbers.setdefault(e, len(self.numbers) + 1) for e in self.waiting}
        self.waiting.clear()
        return sorted(found)

    def listed(self) -> list[tuple[int, Evidence]]:
        """Every piece of evidence cited so far with its number."""
        return [(number, evidence) for evidence, number in self.numbers.items()]
