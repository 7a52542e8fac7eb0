"""Converters of values, named in the words of a mapping: `policy=PolicyDocument:json`.

Each takes a resolved value that is no intrinsic, and returns what CloudFormation has there; None is absent.
"""

from __future__ import annotations

import json as json_
from typing import Any


def json(value: Any) -> Any:
    """A document from its JSON text; what is no JSON stays as it is."""
    if not isinstance(value, str):
        return value
    try:
        return json_.loads(value)
    except (ValueError, RecursionError):
        return value


def text(value: Any) -> Any:
    """A number or flag as text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | float) else value


def integer(value: Any) -> Any:
    """A number from its text."""
    try:
        return int(value)
    except (TypeError, ValueError):
        return value


def number(value: Any) -> Any:
    """A number, whole where it is, from its text."""
    try:
        found = float(value)
    except (TypeError, ValueError):
        return value
    return int(found) if found.is_integer() else found


def flag(value: Any) -> Any:
    """A truth value from its text."""
    return (
        {"true": True, "1": True, "false": False, "0": False}.get(value.lower(), value)
        if isinstance(value, str)
        else value
    )


def nonzero(value: Any) -> Any:
    """A number, of which 0 means that nothing was said."""
    return value or None


def positive(value: Any) -> Any:
    """A number, of which 0 and -1 mean that nothing was said."""
    return value if not isinstance(value, int | float) or value > 0 else None


def true(value: Any) -> Any:
    """A flag that is only said where it is set."""
    return value or None


def listed(value: Any) -> Any:
    """A list of one."""
    return value if isinstance(value, list) else [value]


def first(value: Any) -> Any:
    """The one entry of a list."""
    return (value[0] if value else None) if isinstance(value, list) else value


def upper(value: Any) -> Any:
    """A word in capitals."""
    return value.upper() if isinstance(value, str) else value


def lower(value: Any) -> Any:
    """A word without capitals."""
    return value.lower() if isinstance(value, str) else value


def enabled(value: Any) -> Any:
    """`Enabled` or `Disabled` of a flag."""
    return ("Enabled" if value else "Disabled") if isinstance(value, bool) else value


def comma(value: Any) -> Any:
    """A text with commas from a list."""
    return ",".join(map(str, value)) if isinstance(value, list) and all(isinstance(v, str) for v in value) else value


def pairs(value: Any) -> Any:
    """A list of Key and Value from a map."""
    return [{"Key": k, "Value": v} for k, v in value.items()] if isinstance(value, dict) else value


def words(value: Any) -> Any:
    """Lists of texts from a text with commas."""
    return [w.strip() for w in value.split(",")] if isinstance(value, str) else value
