"""Keys of KMS that AWS itself keeps: what is encrypted with one where no key is declared is as it is by default."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

_NAMES = re.compile(r"(?i)kms(master)?key(id|arn|identifier)?$")
_ARN = re.compile(r"arn:aws[a-z-]*:kms:([a-z0-9-]+):(\d{12}):key/[\w-]+\Z")


def place_of(text: str) -> tuple[str, str] | None:
    """The account and the region of a key's ARN; None where a text is no such ARN."""
    found = _ARN.match(text)
    return (found[2], found[1]) if found else None


def without(live: dict[str, Any], declared: dict[str, Any], is_own: Callable[[str], bool]) -> dict[str, Any]:
    """Live properties without the keys that AWS keeps, where nothing of what is declared names a key there."""
    if not _spoken_of(live):
        return live
    stated = set(_named(declared))
    return {
        name: _without(value, stated, is_own) for name, value in live.items() if not _own(name, value, stated, is_own)
    }


def _spoken_of(value: Any) -> bool:
    """Whether a value names a key anywhere."""
    if isinstance(value, dict):
        return any((isinstance(v, str) and _NAMES.search(k)) or _spoken_of(v) for k, v in value.items())
    return isinstance(value, list) and any(_spoken_of(v) for v in value)


def _own(name: str, value: Any, stated: set[str], is_own: Callable[[str], bool]) -> bool:
    return isinstance(value, str) and name not in stated and bool(_NAMES.search(name)) and is_own(value)


def _without(value: Any, stated: set[str], is_own: Callable[[str], bool]) -> Any:
    if isinstance(value, list):
        return [_without(v, stated, is_own) for v in value]
    if not isinstance(value, dict):
        return value
    return {k: _without(v, stated, is_own) for k, v in value.items() if not _own(k, v, stated, is_own)}


def _named(value: Any) -> list[str]:
    """The names under which a value names keys."""
    if isinstance(value, list):
        return [name for v in value for name in _named(v)]
    if not isinstance(value, dict):
        return []
    return [k for k in value if _NAMES.search(k)] + [name for v in value.values() for name in _named(v)]
