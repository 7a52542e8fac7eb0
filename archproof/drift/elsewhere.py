"""What AWS returns under another name than it was declared."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Mapping
from typing import Any

_DEEPEST = 8


def twin(name: str, live: Mapping[str, Any]) -> str:
    """The live property that holds what was declared as `name`, which is never returned; empty where there is none."""
    return next((n for n in (f"{name}String", f"Extended{name}") if n in live), "")


def untwinned(name: str) -> str:
    """The property whose twin this one may be."""
    return name.removesuffix("String").removeprefix("Extended")


def said(value: str, live: Any) -> bool:
    """Whether a value stands somewhere in a live object."""
    return any(value == leaf for leaf in _leaves(live, 0))


def mirrored(live: Any, declared: Any) -> bool:
    """Whether a live value says only what is declared beside it, under other names or in base64."""
    known = {str(leaf) for leaf in _leaves(declared, 0)}
    return all(str(leaf) in known or _plain(leaf) in known for leaf in _leaves(live, 0) if leaf)


def _leaves(value: Any, depth: int) -> Iterator[Any]:
    if isinstance(value, Mapping | list):
        if depth < _DEEPEST:
            for one in value.values() if isinstance(value, Mapping) else value:
                yield from _leaves(one, depth + 1)
        return
    yield value


def _plain(value: Any) -> str | None:
    """What a text in base64 holds."""
    if not isinstance(value, str) or len(value) < 4 or len(value) % 4:
        return None
    try:
        return base64.b64decode(value, validate=True).decode()
    except (binascii.Error, ValueError):
        return None
