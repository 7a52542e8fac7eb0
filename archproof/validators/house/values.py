"""What stands at a path of a resource, and whether it compares as a rule wants: yes, no, or not known (None)."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterator
from typing import Any, Final

from archproof.resources.resource import Path, Resource, is_symbolic

Verdict = bool | None
"""True, False, or None: it cannot be known before deployment."""


class _Absent:
    def __repr__(self) -> str:
        return "nothing"


ABSENT: Final = _Absent()
"""What stands at a path where nothing is said."""
EACH = "*"


def steps(path: str) -> tuple[str | int, ...]:
    """`Policies[*].PolicyDocument.Statement[0]` as (`Policies`, `*`, `PolicyDocument`, `Statement`, 0)."""
    words = path.replace("[", ".").replace("]", "").split(".")
    return tuple(int(word) if word.isdecimal() else word for word in words if word)


def at(resource: Resource, path: tuple[str | int, ...]) -> Iterator[tuple[Path, Any]]:
    """Yield every value at `path`, with its place: one for each entry where a step is `*`.

    ABSENT where nothing is said; the function itself where a value on the way is known only after deployment.
    """
    yield from _at(resource.properties, path, ())


def _at(value: Any, path: tuple[str | int, ...], behind: Path) -> Iterator[tuple[Path, Any]]:
    if is_symbolic(value):
        yield behind, ABSENT if value.get("Ref") == "AWS::NoValue" else value
        return
    if not path:
        yield behind, ABSENT if value is None else value
        return
    step, rest = path[0], path[1:]
    if step == EACH:
        entries = enumerate(value) if isinstance(value, list) else value.items() if isinstance(value, dict) else ()
        for key, item in entries:
            yield from _at(item, rest, (*behind, key))
        return
    try:
        inner = value[step]
    except (KeyError, IndexError, TypeError):
        yield (*behind, *(s for s in path if s != EACH)), ABSENT
        return
    yield from _at(inner, rest, (*behind, step))


def known(value: Any) -> bool:
    """Say whether a value can be compared: nothing in it waits for the deployment."""
    if isinstance(value, dict):
        return not is_symbolic(value) and all(known(item) for item in value.values())
    if isinstance(value, list):
        return all(known(item) for item in value)
    return True


def _equal(found: Any, wanted: Any) -> Verdict:
    if found == wanted and type(found) is type(wanted):
        return True
    if not known(found):
        return None
    if isinstance(found, bool | int | float | str) and isinstance(wanted, bool | int | float | str):
        return _plain(found) == _plain(wanted)  # templates often quote numbers and truth values
    return bool(found == wanted)


def _plain(value: bool | int | float | str) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _any(verdicts: Iterator[Verdict]) -> Verdict:
    seen = list(verdicts)
    return True if True in seen else None if None in seen else False


def _one_of(found: Any, wanted: Any) -> Verdict:
    return _any(_equal(found, option) for option in wanted)


def _contains(found: Any, wanted: Any) -> Verdict:
    if isinstance(found, str):
        return str(wanted) in found
    if is_symbolic(found):
        return None
    if isinstance(found, dict):
        return wanted in found
    return _any(_equal(item, wanted) for item in found) if isinstance(found, list) else _equal(found, wanted)


def _matches(found: Any, wanted: re.Pattern[str]) -> Verdict:
    if not known(found):
        return None
    return not isinstance(found, dict | list) and wanted.search(_plain(found)) is not None


def _number(found: Any) -> float | None:
    try:
        return float(found)
    except (TypeError, ValueError):
        return None


def _at_least(found: Any, wanted: float) -> Verdict:
    number = _number(found)
    return (None if is_symbolic(found) else False) if number is None else number >= wanted


def _at_most(found: Any, wanted: float) -> Verdict:
    number = _number(found)
    return (None if is_symbolic(found) else False) if number is None else number <= wanted


def _within(found: Any, wanted: list[ipaddress.IPv4Network | ipaddress.IPv6Network]) -> Verdict:
    if not known(found):
        return None
    try:
        network = ipaddress.ip_network(found, strict=False)
    except (TypeError, ValueError):
        return False
    return any(network.version == w.version and network.subnet_of(w) for w in wanted)  # type: ignore[arg-type]


def _starts(found: Any, wanted: str) -> Verdict:
    return found.startswith(wanted) if isinstance(found, str) else None if not known(found) else False


def _ends(found: Any, wanted: str) -> Verdict:
    return found.endswith(wanted) if isinstance(found, str) else None if not known(found) else False


COMPARE: dict[str, Callable[[Any, Any], Verdict]] = {
    "equals": _equal, "one_of": _one_of, "contains": _contains, "matches": _matches, "at_least": _at_least,
    "at_most": _at_most, "within": _within, "starts_with": _starts, "ends_with": _ends,
}  # fmt: skip
"""How a value compares with the one that is wanted."""
OPPOSITE = {"not_equals": "equals", "none_of": "one_of", "not_contains": "contains", "not_matches": "matches"}
"""Operators that say the opposite of another."""
WITHOUT_VALUE = ("exists", "absent")
OPERATORS = (*WITHOUT_VALUE, *COMPARE, *OPPOSITE)


def compare(found: Any, operator: str, wanted: Any) -> Verdict:
    """Say whether what was found compares as wanted. What is absent is equal to nothing and contains nothing."""
    if operator in WITHOUT_VALUE:
        if is_symbolic(found) and "Fn::If" in found:
            return None
        return (found is ABSENT) is (operator == "absent")
    if operator in OPPOSITE:
        verdict = compare(found, OPPOSITE[operator], wanted)
        return None if verdict is None else not verdict
    return False if found is ABSENT else COMPARE[operator](found, wanted)
