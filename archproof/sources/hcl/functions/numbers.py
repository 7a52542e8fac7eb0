"""Numeric functions."""

from __future__ import annotations

import math
from typing import Any

from archproof.sources.hcl.evaluation import as_number, whole
from archproof.sources.hcl.symbols import Failure


def _range(*limits: Any) -> list[int | float]:
    start, end, step = 0, 0, 1
    numbers: list[Any] = [as_number(n) for n in limits]
    if len(numbers) == 1:
        end = numbers[0]
        step = 1 if end >= 0 else -1
    elif len(numbers) == 2:
        start, end = numbers
        step = 1 if end >= start else -1
    else:
        start, end, step = numbers
    if step == 0 or (end - start) / step > 1024:
        raise Failure("range() has 1,024 elements at most and a step that is not 0")
    found: list[int | float] = []
    while (start < end) if step > 0 else (start > end):
        found.append(start)
        start += step
    return found


def _log(number: Any, base: Any) -> float | int:
    return whole(math.log(as_number(number)) / math.log(as_number(base)))


def _power(base: Any, exponent: Any) -> float | int:
    a, b = as_number(base), as_number(exponent)
    if abs(b) > 1000 or abs(a) > 1e150:
        raise Failure("a number that is too large")
    return whole(a**b)


def _parseint(text: Any, base: Any) -> int:
    number = as_number(base)
    if not isinstance(number, int) or not 2 <= number <= 36 or len(str(text)) > 400:
        raise Failure("parseint() takes a base from 2 to 36")
    return int(str(text), number)


def _numbers(values: tuple[Any, ...]) -> list[int | float]:
    if not values:
        raise Failure("at least one number is needed")
    return [as_number(v) for v in values]


FUNCTIONS = {
    "abs": lambda n: abs(as_number(n)),
    "ceil": lambda n: math.ceil(as_number(n)),
    "floor": lambda n: math.floor(as_number(n)),
    "log": _log,
    "max": lambda *n: max(_numbers(n)),
    "min": lambda *n: min(_numbers(n)),
    "parseint": _parseint,
    "pow": _power,
    "range": _range,
    "signum": lambda n: (as_number(n) > 0) - (as_number(n) < 0),
}
