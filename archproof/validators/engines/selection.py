"""Which rules `--only` and `--skip` leave in, by their ids: an engine that none is left of need not run."""

from __future__ import annotations

from collections.abc import Collection
from fnmatch import fnmatchcase


def may_name(pattern: str, prefix: str) -> bool:
    """Say whether `pattern` (`cfn/E*`, `c*`) could fit an id that begins with `prefix` and a slash."""
    whole = f"{prefix}/"
    literal = pattern
    for at, character in enumerate(pattern):
        if character in "*?[":
            literal = pattern[:at]
            break
    else:
        return pattern.startswith(whole)
    return literal.startswith(whole) or whole.startswith(literal)


def wanted(rule: str, only: Collection[str], skip: Collection[str]) -> bool:
    """Say whether `--only` and `--skip` leave a rule in."""
    named = not only or any(fnmatchcase(rule, name) for name in only)
    return named and not any(fnmatchcase(rule, name) for name in skip)


def leaves(prefix: str, only: Collection[str], skip: Collection[str]) -> bool:
    """Say whether `--only` and `--skip` could leave in any rule whose id begins with `prefix` and a slash."""
    if only and not any(may_name(pattern, prefix) for pattern in only):
        return False
    return not {f"{prefix}/*", "*"} & set(skip)
