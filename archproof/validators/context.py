"""What a rule may ask: resources, the model, the day, facts, and values that may not be known yet."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar

from archproof.errors import Unknown
from archproof.resources.resource import Resource, Resources, is_symbolic
from archproof.validators.rule import dotted

if TYPE_CHECKING:
    from archproof.errors import Location
    from archproof.facts import Quota
    from archproof.model.architecture import Architecture

T = TypeVar("T")
_NO_VALUE = "AWS::NoValue"


class Context:
    """The subject of one check, and what rules share."""

    def __init__(self, resources: Resources, today: date, architecture: Architecture | None = None) -> None:
        self.resources = resources
        self.today = today
        self.architecture = architecture
        self.rule = ""
        """The id of the rule that is running."""
        self._cache: dict[Any, Any] = {}
        self._quotas: dict[tuple[str, str], Quota] = {}
        self._undecided: dict[tuple[str, str, str], tuple[Location, list[str]]] = {}

    def cached(self, key: Any, make: Callable[[], T]) -> T:
        """Return what `make` made the first time that `key` was asked for."""
        if key not in self._cache:
            self._cache[key] = make()
        found: T = self._cache[key]
        return found

    # -- values

    def value(self, resource: Resource, *path: str | int, default: Any = None) -> Any:
        """The value at `path`: `default` where nothing is said; None, noted as unknown, where it is symbolic."""
        found = resource.get(*path)
        if found is None:
            if len(path) > 1:  # what is around it may be symbolic, or no place where such a value can be
                for end in range(1, len(path)):
                    around = resource.get(*path[:end])
                    if around is None:
                        return default
                    if is_symbolic(around):
                        return self._symbolic(resource, path[:end], around, default)
                    wanted = list if isinstance(path[end], int) else dict
                    if not isinstance(around, wanted):
                        self.undecided(resource, *path[:end], why=f"it is no {'list' if wanted is list else 'map'}")
                        return None
            return default
        if type(found) is dict and is_symbolic(found):
            return self._symbolic(resource, path, found, default)
        return found

    def _symbolic(self, resource: Resource, path: tuple[str | int, ...], value: dict[str, Any], default: Any) -> Any:
        if value.get("Ref") == _NO_VALUE:
            return default
        self.undecided(resource, *path)
        return None

    def number(self, resource: Resource, *path: str | int, default: float | None = None) -> float | None:
        """Like `value`, for a number; text that holds one counts (templates often quote them)."""
        found = self.value(resource, *path, default=default)
        if found is None:
            return None
        if isinstance(found, int | float) and not isinstance(found, bool):
            return found
        try:
            number = float(str(found))
        except ValueError:
            number = math.nan
        if not math.isfinite(number):
            self.undecided(resource, *path, why="it is no number")
            return None
        return int(number) if number.is_integer() else number

    def flag(self, resource: Resource, *path: str | int, default: bool | None = None) -> bool | None:
        """Like `value`, for yes or no: None where it is not known."""
        found = self.value(resource, *path, default=default)
        if isinstance(found, bool) or found is None:
            return found
        said = {"true": True, "false": False}.get(str(found).lower())
        if said is None:
            self.undecided(resource, *path, why="it is neither true nor false")
        return said

    def text(self, resource: Resource, *path: str | int, default: str | None = None) -> str | None:
        """Like `value`, for text: None where it is not known."""
        found = self.value(resource, *path, default=default)
        if isinstance(found, list | dict):
            self.undecided(resource, *path, why="it is no text")
            return None
        return found if found is None or isinstance(found, str) else str(found)

    def items(self, resource: Resource, *path: str | int) -> list[Any]:
        """The list at `path`; empty where nothing is said, and (noted as unknown) where it is symbolic."""
        found = self.value(resource, *path, default=[])
        if isinstance(found, list):
            return found
        return [] if found is None else [found]

    # -- what could not be decided

    def undecided(self, resource: Resource, *path: str | int, why: str = "it is known only after deployment") -> None:
        """Note that the running rule needs the value at `path` and cannot have it."""
        what = f"{dotted(path)} of {resource.title}" if path else resource.title
        place = resource.location(*path)
        rules = self._undecided.setdefault((what, why, str(place)), (place, []))[1]
        if self.rule not in rules:
            rules.append(self.rule)

    def unsure(self, what: str, why: str, place: Location) -> None:
        """Note that the running rule could not decide something that is no property of one resource."""
        rules = self._undecided.setdefault((what, why, str(place)), (place, []))[1]
        if self.rule not in rules:
            rules.append(self.rule)

    def unknowns(self) -> list[Unknown]:
        """Everything that rules could not decide, in the order of the file."""
        found = [
            Unknown(what, f"{why}; not decided: {', '.join(rules)}", place)
            for (what, why, _), (place, rules) in self._undecided.items()
        ]
        return sorted(found, key=lambda u: (u.location, u.what, u.why))

    # -- facts and the model

    def quota(self, service: str, name: str) -> Quota:
        """A row of facts/quotas.csv."""
        found = self._quotas.get((service, name))
        if found is None:
            from archproof.facts import quota

            found = self._quotas[service, name] = quota(service, name)
        return found

    def component(self, resource: Resource) -> Any:
        """The component that `resource` was lowered from, or None."""
        if self.architecture is None or resource.component is None:
            return None
        return self.architecture.components.get(resource.component)

    def titles(self, resources: list[Resource]) -> str:
        """The names of resources in a sentence: `a, b and c`."""
        return listed([resource.title for resource in resources])


def listed(names: list[str]) -> str:
    """Names in a sentence: `a, b and c`, each once."""
    unique = list(dict.fromkeys(names))
    if len(unique) < 2:
        return "".join(unique)
    return f"{', '.join(unique[:-1])} and {unique[-1]}"


def amount(number: float) -> str:
    """A number as people write it: `1,000`, `0.5`."""
    return f"{number:,.0f}" if float(number).is_integer() else f"{number:,.2f}".rstrip("0").rstrip(".")
