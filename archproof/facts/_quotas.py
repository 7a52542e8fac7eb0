"""Service quotas, the units they are counted in, and the one formula language they use."""

from __future__ import annotations

import functools
import math
import re
from datetime import date
from typing import NamedTuple

from archproof.facts._table import UnknownFactError, number, rows


class Quota(NamedTuple):
    """One limit, default or recommendation of a service.

    `value` is a number in `unit`; a formula as text where the unit is `formula`; None where AWS sets it
    by Region or account and no single number holds. `kind` is AWS's word for how firm it is (`hard`,
    `adjustable to 50`, `default`, `recommended`, `fact`, …).
    """

    service: str
    name: str
    value: int | float | str | None
    unit: str
    kind: str
    code: str
    evidence: str
    note: str
    source: str
    checked: date

    @property
    def adjustable(self) -> bool:
        """Whether AWS can raise it on request."""
        return self.kind.startswith("adjustable")

    @property
    def hard(self) -> bool:
        """Whether it cannot be raised."""
        return self.kind.startswith("hard")

    @property
    def ceiling(self) -> int | None:
        """The most that it can be raised to, where AWS names a number; in `unit`."""
        found = re.fullmatch(r"adjustable to (\d+)", self.kind)
        return int(found[1]) if found else None

    @property
    def number(self) -> int | float:
        """The value as a number, in `unit`. Raises ValueError for a formula and for a value that varies."""
        if isinstance(self.value, (int, float)):
            return self.value
        raise ValueError(f"the quota '{self.name}' of {self.service} is not one number: {self.value}")

    @property
    def bytes(self) -> int:
        """The value in bytes. Raises ValueError where the quota is not a size."""
        return int(self._in("size"))

    @property
    def seconds(self) -> int | float:
        """The value in seconds. Raises ValueError where the quota is not a time."""
        return self._in("time")

    @property
    def text(self) -> str:
        """The value as people write it: `1,000`, `6 MB`, `900 s`, a formula as it stands."""
        if not isinstance(self.value, (int, float)):
            return self.value or "not one number"
        unit = "" if self.unit == "count" else f" {self.unit}"
        return f"{self.value:,}{unit}"

    def _in(self, dimension: str) -> int | float:
        """The value in the base unit of `dimension` (`size`: bytes, `time`: seconds)."""
        unit = _units().get(self.unit.partition(" (")[0])
        if unit is None or unit[0] != dimension:
            raise ValueError(f"the quota '{self.name}' of {self.service} is in {self.unit}, not a {dimension}")
        scaled = self.number * unit[1]
        return int(scaled) if float(scaled).is_integer() else scaled


@functools.cache
def _units() -> dict[str, tuple[str, int | float]]:
    """Unit → its dimension and what one of it is worth in the base unit."""
    return {row["unit"]: (row["dimension"], number(row["factor"])) for row in rows("units")}


def scale(unit: str) -> int | float:
    """Return what one `unit` is worth in bytes (sizes) or seconds (times). Raises UnknownFactError."""
    if unit not in _units():
        raise UnknownFactError("units", unit, _units())
    return _units()[unit][1]


@functools.cache
def _index() -> dict[tuple[str, str], Quota]:
    """Every quota under its service and name."""
    table: dict[tuple[str, str], Quota] = {}
    for row in rows("quotas"):
        value: int | float | str | None = None
        if row["value"]:
            value = row["value"] if row["unit"] == "formula" else number(row["value"])
        table[row["service"], row["quota_name"]] = Quota(
            service=row["service"],
            name=row["quota_name"],
            value=value,
            unit=row["unit"],
            kind=row["hard_or_adjustable"],
            code=row["service_quotas_code"],
            evidence=row["evidence"],
            note=row["note"],
            source=row["source"],
            checked=date.fromisoformat(row["checked"]),
        )
    return table


def quotas(service: str | None = None) -> tuple[Quota, ...]:
    """Return every quota, or those of one service (`lambda`, `sqs`, …; none for a service without rows)."""
    return tuple(quota for quota in _index().values() if service in (None, quota.service))


def quota(service: str, name: str) -> Quota:
    """Return the quota `name` of `service`. Raises UnknownFactError, which names the nearest."""
    found = _index().get((service, name))
    if found is not None:
        return found
    of_service = [key[1] for key in _index() if key[0] == service]
    if of_service:
        raise UnknownFactError(f"quotas of {service}", name, of_service)
    raise UnknownFactError("services with quotas", service, (key[0] for key in _index()))


_TOKEN = re.compile(r"\s*(?:(\d+(?:\.\d+)?)|([A-Za-z]\w*)|([(){},*/+-]))")


def evaluate(formula: str, variables: dict[str, float]) -> float:
    """Return the value of an RDS parameter formula: numbers, variables, + - * /, braces, LEAST, GREATEST,
    SUM and log (to the base 2, or to a second argument). Raises ValueError for anything else.
    """
    tokens: list[str] = []
    end = 0
    while end < len(formula.rstrip()):
        match = _TOKEN.match(formula, end)
        if match is None:
            raise ValueError(f"cannot read {formula[end:]!r} in the formula {formula!r}")
        tokens.append(match[0].strip())
        end = match.end()
    value, rest = _terms(tokens, variables)
    if rest:
        raise ValueError(f"nothing expected after the end of {formula!r}, found {rest[0]!r}")
    return value


def _terms(tokens: list[str], variables: dict[str, float]) -> tuple[float, list[str]]:
    """Sums and differences of products."""
    value, tokens = _factors(tokens, variables)
    while tokens and tokens[0] in "+-":
        right, rest = _factors(tokens[1:], variables)
        value = value + right if tokens[0] == "+" else value - right
        tokens = rest
    return value, tokens


def _factors(tokens: list[str], variables: dict[str, float]) -> tuple[float, list[str]]:
    """Products and quotients of atoms."""
    value, tokens = _atom(tokens, variables)
    while tokens and tokens[0] in "*/":
        right, rest = _atom(tokens[1:], variables)
        if tokens[0] == "/" and right == 0:
            raise ValueError("a formula divides by zero")
        value = value * right if tokens[0] == "*" else value / right
        tokens = rest
    return value, tokens


def _atom(tokens: list[str], variables: dict[str, float]) -> tuple[float, list[str]]:
    """A number, a variable, a group, or a function of some arguments."""
    if not tokens:
        raise ValueError("a formula ends where a value is expected")
    head, rest = tokens[0], tokens[1:]
    if head in "({":
        values, rest = _arguments(rest, variables, ")" if head == "(" else "}")
        if len(values) != 1:
            raise ValueError("a group in a formula holds one value")
        return values[0], rest
    if head[0].isdigit():
        return float(head), rest
    if rest and rest[0] == "(":
        values, rest = _arguments(rest[1:], variables, ")")
        return _call(head, values), rest
    if head in variables:
        return variables[head], rest
    raise ValueError(f"the formula names {head!r}, which is neither a function nor one of {sorted(variables)}")


def _arguments(tokens: list[str], variables: dict[str, float], close: str) -> tuple[list[float], list[str]]:
    """Values between commas, up to the closing bracket."""
    values: list[float] = []
    while True:
        value, tokens = _terms(tokens, variables)
        values.append(value)
        if tokens and tokens[0] == close:
            return values, tokens[1:]
        if not tokens or tokens[0] != ",":
            raise ValueError(f"expected ',' or {close!r} in a formula")
        tokens = tokens[1:]


def _call(name: str, values: list[float]) -> float:
    """The functions that RDS parameter formulas have."""
    if name == "LEAST":
        return min(values)
    if name == "GREATEST":
        return max(values)
    if name == "SUM":
        return sum(values)
    if name == "log" and len(values) in (1, 2):
        return math.log(values[0], values[1] if len(values) == 2 else 2)
    raise ValueError(f"a formula has no function {name} of {len(values)} values")
