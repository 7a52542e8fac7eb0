"""A comparison without its secrets, as every report shows it: the model's own, and those that an answer still holds."""

from __future__ import annotations

import dataclasses
from typing import Any

from archproof import facts
from archproof.drift.differences import Comparison, PropertyDrift
from archproof.resources.resource import Path, is_symbolic
from archproof.resources.secrets import HIDDEN, without_secrets
from archproof.sources.hiding import is_hidden

_FLAGS = (None, True, False, "", 0)


def masked(comparison: Comparison) -> Comparison:
    """The comparison with `(hidden)` in place of every secret; the one that is given is not changed."""
    found = [d._replace(drift=_drift(d.drift)) for d in comparison.differences]
    return dataclasses.replace(comparison, differences=found)


def _drift(drift: PropertyDrift) -> PropertyDrift:
    return drift._replace(expected=_masked(drift.expected, drift.path), actual=_masked(drift.actual, drift.path))


def _masked(value: Any, path: Path) -> Any:
    """A value that stands at a path, without its secrets."""
    if value in _FLAGS if not isinstance(value, dict | list) else not value:
        return value
    steps = [step for step in path if isinstance(step, str)]
    fields = facts.secret_fields()
    if isinstance(value, str) and not is_hidden(value) and not value.startswith(("{{resolve:", "arn:")):
        held = [fields[s] for s in steps if s in fields]
        if any(field.form != "variables" and field.form != "pairs" for field in held):
            return HIDDEN
        if held and steps[-1] in ("Value", "value"):  # of a list, where nothing here says what it is called
            return HIDDEN
    return without_secrets(_fields(value), lambda where, name, text: HIDDEN, steps[-1] if steps else "")


def _fields(value: Any) -> Any:
    """A value with the fields hidden that hold secrets by their names."""
    if isinstance(value, list):
        return [_fields(one) for one in value]
    if not isinstance(value, dict) or is_symbolic(value):
        return value
    return {name: HIDDEN if _is_secret(name, held) else _fields(held) for name, held in value.items()}


def _is_secret(name: str, value: Any) -> bool:
    field = facts.secret_fields().get(name)
    if field is None or field.form in ("variables", "pairs") or not isinstance(value, str) or not value:
        return False
    return not is_hidden(value) and not value.startswith(("{{resolve:", "arn:"))
