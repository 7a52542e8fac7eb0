"""Terraform's functions that need nothing but their arguments and files of the configuration.

Each module has `FUNCTIONS`: name → function of known arguments; `SYMBOLIC`: name → function that takes symbols
among its arguments and returns None where it cannot say anything of them. A wrong argument raises Failure.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from archproof.sources.hcl.symbols import Failure, Symbol
from archproof.suggest import did_you_mean

if TYPE_CHECKING:
    from archproof.sources.hcl.evaluation import Run
    from archproof.sources.hcl.expressions import Expression

UNKNOWABLE = frozenset({
    "timestamp", "plantimestamp", "uuid", "bcrypt", "rsadecrypt", "ephemeralasnull", "templatestring", "filesha1",
    "base64gzip", "defaults", "issensitive", "type",
})  # fmt: skip
"""Functions whose result only a run of Terraform has, or that this reader leaves to it."""


@functools.cache
def _tables() -> tuple[dict[str, Callable[..., Any]], dict[str, Callable[..., Any]]]:
    from archproof.sources.hcl.functions import collections, encoding, numbers, symbolic, texts, times

    known: dict[str, Callable[..., Any]] = {}
    for module in (collections, encoding, numbers, texts, times):
        known.update(module.FUNCTIONS)
    return known, symbolic.SYMBOLIC


def names() -> frozenset[str]:
    """Every function that is worked out here."""
    known, symbolic = _tables()
    return frozenset({*known, *symbolic, "try", "can"})


def call(run: Run, name: str, arguments: list[Any], expression: Expression) -> Any:
    """The value of a function; a symbol where it depends on what is not known. Raises Failure."""
    name = name.removeprefix("core::")
    known, symbolic = _tables()
    if name in _WALKED:
        run.measure(arguments)
    if (function := symbolic.get(name)) is not None:
        found = _applied(run, name, function, [_bare(a, run) for a in arguments])
        if found is not None:
            return None if found is NULL else found
    if (function := known.get(name)) is None:
        if name not in symbolic:
            _not_worked_out(run, name, expression)
        return expression.unknown(*arguments)
    settled = [run.settle(a) for a in arguments]
    if not run.is_known(settled):
        return expression.unknown(*arguments)
    return _applied(run, name, function, settled)


_WALKED = frozenset({"jsonencode", "flatten", "distinct", "contains", "toset"})
"""Functions that look at everything inside their arguments."""
NULL = object()
"""What a symbolic function returns for null."""


def _bare(value: Any, run: Run) -> Any:
    """A reference to a list or map as that list or map, where the configuration tells it."""
    if isinstance(value, Symbol):
        settled = value.settled()
        return settled if isinstance(settled, (list, dict)) else value
    return value


def _applied(run: Run, name: str, function: Callable[..., Any], arguments: list[Any]) -> Any:
    try:
        found = function(*arguments)
    except TypeError:
        raise Failure(f"{name}() does not take these {len(arguments)} arguments") from None
    except (ValueError, ArithmeticError, LookupError, AttributeError) as error:
        raise Failure(f"{name}(): {str(error)[:100]}") from None
    run.step(len(found) // 8 + 1 if isinstance(found, (str, list, dict)) else 1)
    return found


def _not_worked_out(run: Run, name: str, expression: Expression) -> None:
    if name in UNKNOWABLE or "::" in name:
        why = "the result of this function is known only when Terraform runs"
    else:
        why = f"this reader knows no function of this name{did_you_mean(name, names())}"
    run.note(f"{name}()", why, expression.location)
