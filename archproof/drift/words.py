"""What changed within a value: word by word, so that a reader sees the one word that is another."""

from __future__ import annotations

import difflib
import json
import re
from typing import Any, NamedTuple

from archproof.drift import telling as parts

_TOKEN = re.compile(r"\d+(?:[.:/]\d+)*|\w+|\s+|[^\w\s]")
"""An address, a block or a version is one word."""
_MOST = 1200
"""So many words of a value are compared; of longer ones the beginnings are shown."""
_AROUND = 160
"""Characters of what is the same that stand before and behind what is not."""
_LONGEST = 6000
"""Characters of a value that a page shows."""


class Piece(NamedTuple):
    """A piece of a value: the same on both sides, or not."""

    text: str
    changed: bool


def shown(value: Any) -> str:
    """A value as a page shows it: rules in words, texts as they are, everything else as JSON in lines."""
    if not isinstance(value, dict | list) or (isinstance(value, dict) and "IpProtocol" in value):
        return _cut(parts.value(value))
    short = json.dumps(parts.bare(value), ensure_ascii=False)
    return _cut(short if len(short) <= 60 else json.dumps(parts.bare(value), ensure_ascii=False, indent=2))


def compared(old: str, new: str) -> tuple[list[Piece], list[Piece]]:
    """Two texts in pieces.

    >>> compared("tcp 22 from 10.0.0.0/8", "tcp 22 from 0.0.0.0/0")[1]
    [Piece(text='tcp 22 from ', changed=False), Piece(text='0.0.0.0/0', changed=True)]
    """
    before, after = _tokens(old), _tokens(new)
    if max(len(before), len(after)) > _MOST:
        return [Piece(old, True)], [Piece(new, True)]
    left: list[Piece] = []
    right: list[Piece] = []
    for tag, a, b, c, d in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        _add(left, "".join(before[a:b]), tag != "equal")
        _add(right, "".join(after[c:d]), tag != "equal")
    return left, right


def _tokens(text: str) -> list[str]:
    """The words of a text."""
    return _TOKEN.findall(text)


def _add(pieces: list[Piece], text: str, changed: bool) -> None:
    if not changed and len(text) > 2 * _AROUND + 40:  # what is the same needs no reading
        text = f"{text[:_AROUND]} … {text[-_AROUND:]}"
    if text:
        pieces.append(Piece(text, changed))


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
