"""Condition blocks: every operator of IAM, three-valued.

Semantics of the IAM User Guide, "IAM JSON policy elements: Condition operators" and "Conditions with multiple
context keys or values": operators and keys are all needed; the values of one key are alternatives (of a negated
operator: none may fit). A key that the request has not fails an operator, unless it is negated or ends in
`IfExists`.
"""

from __future__ import annotations

import datetime
import functools
import ipaddress
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from archproof.iam import globs
from archproof.iam.requests import ABSENT, UNKNOWN, Context, Values
from archproof.iam.truth import Truth, every, negate, some
from archproof.iam.variables import substitute

Test = Callable[[str, str], Truth]
"""(the policy's value, the request's value) → whether they fit."""


class Operator(NamedTuple):
    """A condition operator without its prefix and `IfExists`."""

    test: Test
    negated: bool = False
    wild: bool = False
    """Whether the policy's values may hold wildcards."""


class Outcome(NamedTuple):
    """What a block comes to, and the keys on which it hangs where it is not known."""

    truth: Truth
    keys: tuple[str, ...] = ()


def evaluate(block: Any, context: Context) -> Outcome:
    """Evaluate a `Condition` block."""
    if not isinstance(block, Mapping):
        return Outcome(True if block is None else None)
    truths: list[Truth] = []
    unknown: list[str] = []
    for operator, tests in block.items():
        for key, values in tests.items() if isinstance(tests, Mapping) else ((str(operator), None),):
            truth = _one(str(operator), str(key), values, context)
            truths.append(truth)
            if truth is None:
                unknown.append(str(key))
    truth = every(truths)
    return Outcome(truth, tuple(dict.fromkeys(unknown)) if truth is None else ())


def known_operator(name: str) -> bool:
    """Whether IAM has such an operator, with or without prefix and `IfExists`."""
    return _parse(name)[1] is not None


@functools.lru_cache(maxsize=256)
def _parse(name: str) -> tuple[str, Operator | None, bool]:
    """The set prefix, the operator and whether it ends in `IfExists`."""
    prefix, colon, rest = name.rpartition(":")
    folded = rest.lower()
    if_exists = folded.endswith("ifexists")
    folded = folded.removesuffix("ifexists")
    known = not colon or prefix.lower() in ("forallvalues", "foranyvalue")
    return prefix.lower(), _OPERATORS.get(folded) if known else None, if_exists


def _one(name: str, key: str, values: Any, context: Context) -> Truth:
    """One operator on one key."""
    wanted = values if isinstance(values, list) else [values]
    if name.lower() == "null":
        held = context.get(key)
        if held is UNKNOWN:
            return None
        return some(None if _text(v) is None else (str(v).lower() == "true") == (held is ABSENT) for v in wanted)
    prefix, operator, if_exists = _parse(name)
    if operator is None:
        return None
    held = context.get(key)
    if held is UNKNOWN:
        # what holds for every value there can be holds whatever this one is
        return None
    if held is ABSENT:
        if prefix == "forallvalues":
            return True
        if prefix == "foranyvalue":
            return if_exists
        return if_exists or operator.negated
    assert isinstance(held, tuple)
    return _compare(prefix, operator, wanted, held, context)


def _compare(prefix: str, operator: Operator, wanted: list[Any], held: Values, context: Context) -> Truth:
    def fits(value: str) -> Truth:
        """Whether one value of the request fits the policy's."""
        any_of = some(_fits(operator, said, value, context) for said in wanted)
        return negate(any_of) if operator.negated else any_of

    if prefix == "forallvalues":
        return every(fits(value) for value in held)
    if prefix == "foranyvalue":
        return some(fits(value) for value in held)
    if operator.negated:
        return every(fits(value) for value in held)
    return some(fits(value) for value in held)


def _fits(operator: Operator, said: Any, value: str, context: Context) -> Truth:
    text = _text(said)
    if text is None:
        return None
    pattern = substitute(text, context, wild=operator.wild)
    if pattern is None:
        return None
    return False if pattern is ABSENT else operator.test(str(pattern), value)


def _text(said: Any) -> str | None:
    """A value of the policy as text; None where it is not known before deployment."""
    if isinstance(said, bool):
        return str(said).lower()
    return said if isinstance(said, str) else str(said) if isinstance(said, int | float) else None


def _string(pattern: str, value: str) -> Truth:
    return globs.equal(pattern, value)


def _folded(pattern: str, value: str) -> Truth:
    return globs.equal(pattern, value, fold=True)


def _bool(pattern: str, value: str) -> Truth:
    return globs.equal(pattern.lower(), value.lower())


def _number(compare: Callable[[float, float], bool]) -> Test:
    def test(pattern: str, value: str) -> Truth:
        if globs.has_hole(pattern) or globs.has_hole(value):
            return None
        try:
            return compare(float(value), float(pattern))
        except ValueError:
            return False

    return test


def _moment(text: str) -> float:
    """Seconds since 1970 of an ISO 8601 date, or the number itself."""
    try:
        return float(text)
    except ValueError:
        moment = datetime.datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=datetime.UTC)).timestamp()


def _date(compare: Callable[[float, float], bool]) -> Test:
    def test(pattern: str, value: str) -> Truth:
        if globs.has_hole(pattern) or globs.has_hole(value):
            return None
        try:
            return compare(_moment(value), _moment(pattern))
        except ValueError:
            return False

    return test


def _address(pattern: str, value: str) -> Truth:
    """Whether an address, or every address of a block, lies in the policy's block; None where only a part does."""
    if globs.has_hole(pattern) or globs.has_hole(value):
        return None
    try:
        block, asked = ipaddress.ip_network(pattern, strict=False), ipaddress.ip_network(value, strict=False)
    except ValueError:
        return False
    if block.version != asked.version or not block.overlaps(asked):
        return False
    return True if asked.prefixlen >= block.prefixlen else None


_COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "equals": lambda a, b: a == b,
    "lessthan": lambda a, b: a < b,
    "lessthanequals": lambda a, b: a <= b,
    "greaterthan": lambda a, b: a > b,
    "greaterthanequals": lambda a, b: a >= b,
}
_OPERATORS: dict[str, Operator] = {
    "stringequals": Operator(_string),
    "stringnotequals": Operator(_string, negated=True),
    "stringequalsignorecase": Operator(_folded),
    "stringnotequalsignorecase": Operator(_folded, negated=True),
    "stringlike": Operator(globs.like, wild=True),
    "stringnotlike": Operator(globs.like, negated=True, wild=True),
    "bool": Operator(_bool),
    "binaryequals": Operator(_string),
    "ipaddress": Operator(_address),
    "notipaddress": Operator(_address, negated=True),
    "arnequals": Operator(globs.arn_like, wild=True),
    "arnlike": Operator(globs.arn_like, wild=True),
    "arnnotequals": Operator(globs.arn_like, negated=True, wild=True),
    "arnnotlike": Operator(globs.arn_like, negated=True, wild=True),
    **{f"numeric{name}": Operator(_number(compare)) for name, compare in _COMPARISONS.items()},
    "numericnotequals": Operator(_number(_COMPARISONS["equals"]), negated=True),
    **{f"date{name}": Operator(_date(compare)) for name, compare in _COMPARISONS.items()},
    "datenotequals": Operator(_date(_COMPARISONS["equals"]), negated=True),
}
