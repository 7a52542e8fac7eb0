"""Policies and other documents in JSON, so written that two ways to say the same become one."""

from __future__ import annotations

import json
import re
from typing import Any

from archproof.resources.resource import is_symbolic

_ROOT = re.compile(r"^arn:aws[\w-]*:iam::(\d{12}):root$")
_LONGEST = 200_000
"""The longest text that is read as YAML, which is slow."""
_LISTS = ("Action", "NotAction", "Resource", "NotResource")


def document(text: str) -> Any:
    """The object or list that a text holds in JSON; None where it holds none."""
    start = text.lstrip()[:1]
    if start not in ("{", "["):
        return None
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, (dict, list)) else None


def parsed_like(text: str, other: Any) -> Any:
    """The document in a text, where its like stands on the other side; else the text."""
    found = document(text)
    if found is None and isinstance(other, dict) and "\n" in text and len(text) < _LONGEST:
        found = _yaml(text)
    return found if isinstance(found, type(other)) else text


def _yaml(text: str) -> Any:
    import yaml

    try:
        return yaml.load(text, Loader=yaml.CSafeLoader if hasattr(yaml, "CSafeLoader") else yaml.SafeLoader)
    except (yaml.YAMLError, RecursionError, ValueError):
        return None


def is_policy(value: Any) -> bool:
    """Whether an object is an IAM policy."""
    if not isinstance(value, dict):
        return False
    held = value.get("Statement")
    first = held[0] if isinstance(held, list) and held else held
    return isinstance(first, dict) and "Effect" in first


def plain_policy(policy: dict[str, Any]) -> dict[str, Any]:
    """A policy with lists where one entry may stand alone, and one form for each principal and condition."""
    statements = policy["Statement"]
    if not isinstance(statements, list):
        statements = [statements]
    plain = {k: v for k, v in policy.items() if k != "Statement"}
    plain["Statement"] = [_statement(s) if isinstance(s, dict) and not is_symbolic(s) else s for s in statements]
    return plain


def _statement(statement: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in statement.items():
        if key in _LISTS:
            found[key] = _many(value)
        elif key in ("Principal", "NotPrincipal"):
            found[key] = _principal(value)
        elif key == "Condition" and isinstance(value, dict) and not is_symbolic(value):
            found[key] = _condition(value)
        else:
            found[key] = value
    return found


def _many(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _principal(value: Any) -> Any:
    if value == "*":
        return {"AWS": ["*"]}
    if not isinstance(value, dict) or is_symbolic(value):
        return value
    found: dict[str, Any] = {}
    for kind, names in value.items():
        found[kind] = [_account(n) for n in _many(names)] if kind == "AWS" else _many(names)
    return found


def _account(name: Any) -> Any:
    """The account of a root user's ARN, which says the same."""
    root = _ROOT.match(name) if isinstance(name, str) else None
    return root[1] if root else name


def _condition(condition: dict[str, Any]) -> dict[str, Any]:
    """Operators and keys in lower case, as AWS reads them, and each value in a list."""
    found: dict[str, Any] = {}
    for operator, tests in condition.items():
        if isinstance(tests, dict) and not is_symbolic(tests):
            tests = {key.lower(): _many(values) for key, values in tests.items()}
        found[operator.lower()] = tests
    return found
