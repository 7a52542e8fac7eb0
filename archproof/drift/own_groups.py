"""Default security groups: what is put into its network's own group where none is declared is as it is by default."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

_NAMES = re.compile(r"(?i)(security_?groups?(ids?)?|groupset)$")


def without(live: dict[str, Any], declared: dict[str, Any], is_default: Callable[[str], bool]) -> dict[str, Any]:
    """Live properties without lists of default groups where the same object declares none."""
    found: dict[str, Any] = {}
    for name, value in live.items():
        mine = declared.get(name)
        if mine is None and _NAMES.search(name) and _only_default(value, is_default):
            continue
        found[name] = without(value, mine or {}, is_default) if _both(value, mine) else value
    return found


def _both(live: Any, declared: Any) -> bool:
    return isinstance(live, dict) and isinstance(declared, dict | None)


def _only_default(value: Any, is_default: Callable[[str], bool]) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(v, str) and is_default(v) for v in value)
