"""What one reading of a configuration shares: problems found, what stayed unknown, and how much work is left."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from archproof.errors import InputError, Location, Problem, Unknown
from archproof.sources.hcl.symbols import Failure, Symbol

MAX_STEPS = 1_000_000
MAX_TEXT = 1_000_000
MAX_INSTANCES = 20_000


class Run:
    """The state of one reading."""

    def __init__(self, region: str | None = None) -> None:
        self.region = region
        self.problems: list[Problem] = []
        self.unknown: dict[Unknown, None] = {}
        self.steps = 0
        self.instances = 0
        self.where = Location("-")
        """The expression that is being worked out, for the one error that has no other place."""

    def problem(self, location: Location, message: str) -> None:
        """Note what is wrong with the configuration."""
        self.problems.append(Problem(location, message))

    def note(self, what: str, why: str, location: Location) -> None:
        """Note what cannot be known."""
        self.unknown[Unknown(what, why, location)] = None

    def step(self, count: int = 1) -> None:
        """Take a part of the work that one configuration may make. Raises InputError where none is left."""
        self.steps += count
        if self.steps > MAX_STEPS:
            message = f"working this out takes more than {MAX_STEPS:,} steps: a value that repeats itself?"
            raise InputError([*self.problems, Problem(self.where, message)])

    def settle(self, value: Any) -> Any:
        """`value` with every symbol in it replaced that the configuration itself tells the value of."""
        self.step()
        if isinstance(value, Symbol):
            found = value.settled()
            return found if found is value or isinstance(found, Symbol) else self.settle(found)
        if isinstance(value, dict):
            return {k: self.settle(v) for k, v in value.items()}
        if isinstance(value, list):
            items = [self.settle(v) for v in value]
            return type(value)(items) if type(value) is not list else items
        return value

    def measure(self, value: Any) -> None:
        """Take as much of the work as walking through `value` is."""
        self.step()
        for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            self.measure(inner)

    def is_known(self, value: Any) -> bool:
        """Say whether nothing in `value` is a symbol or a thing that only a run makes."""
        self.step()
        if isinstance(value, dict):
            return all(map(self.is_known, value.values()))
        if isinstance(value, list):
            return all(map(self.is_known, value))
        return value is None or isinstance(value, (str, int, float))


class HclSet(list[Any]):
    """A set: its elements in order, each once."""

    @classmethod
    def of(cls, items: Iterable[Any]) -> HclSet:
        """A set of these: sorted where all are texts, as Terraform shows it."""
        found: list[Any] = []
        seen: set[Any] = set()
        for item in items:
            hashable = isinstance(item, (str, int, float, Symbol)) or item is None
            if (item in seen) if hashable else (item in found):
                continue
            found.append(item)
            if hashable:
                seen.add(item)
        return cls(sorted(found) if all(isinstance(i, str) for i in found) else found)


def type_name(value: Any) -> str:
    """What Terraform calls the type of a value."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, (int, float)):
        return "number"
    if isinstance(value, str):
        return "string"
    if isinstance(value, HclSet):
        return "set"
    return "list" if isinstance(value, list) else "map" if isinstance(value, Mapping) else "object"


def as_text(value: Any) -> str:
    """A known scalar as text. Raises Failure for everything else."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e21 else repr(value)
    if isinstance(value, (str, int)):
        return str(value)
    raise Failure(f"a text is needed here, and this is {type_name(value)}")


def as_number(value: Any) -> int | float:
    """A known number, or a text that is one. Raises Failure."""
    if isinstance(value, bool) or value is None:
        raise Failure(f"a number is needed here, and this is {type_name(value)}")
    if isinstance(value, (int, float)):
        return value
    if isinstance(value, str) and len(value) < 400:
        try:
            return int(value)
        except ValueError:
            try:
                return whole(float(value))
            except ValueError:
                raise Failure(f"a number is needed here, and this is '{value[:40]}'") from None
    raise Failure(f"a number is needed here, and this is {type_name(value)}")


def as_bool(value: Any) -> bool:
    """A known truth value, or a text that is one. Raises Failure."""
    if isinstance(value, bool):
        return value
    if value in ("true", "1"):
        return True
    if value in ("false", "0"):
        return False
    raise Failure(f"true or false is needed here, and this is {type_name(value)}")


def whole(value: int | float) -> int | float:
    """A number without a fraction as an integer: Terraform has one type of numbers."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return int(value)
    return value
