"""Measuring, cleaning and breaking text, with the widths of the bundled font (Inter).

The widths were read from the font at build time, so nothing here needs a font library, and a picture is
the same on every machine. What the font does not have (CJK, emoji) is measured as the full-width or
average character that a fallback font will show.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from bisect import bisect_right

from archproof.assets import read_json
from archproof.pages import clean as clean

ELLIPSIS = "…"
_BREAK_AFTER = frozenset("-_/.:,;|@+&)")
_WORD = re.compile(r"\S+ ?| ")


@functools.cache
def _runs(bold: bool) -> tuple[list[int], list[int], list[float]]:
    table = read_json("advances.json")["Inter-SemiBold.ttf" if bold else "Inter-Regular.ttf"]["runs"]
    runs = sorted(
        (limits[i], limits[i + 1], int(width) / 1000)
        for width, limits in table.items()
        for i in range(0, len(limits), 2)
    )
    return [r[0] for r in runs], [r[1] for r in runs], [r[2] for r in runs]


@functools.lru_cache(maxsize=8192)
def _advance(char: str, bold: bool) -> float:
    firsts, lasts, widths = _runs(bold)
    code = ord(char)
    at = bisect_right(firsts, code) - 1
    if at >= 0 and code <= lasts[at]:
        return widths[at]
    if unicodedata.combining(char) or unicodedata.category(char) in ("Mn", "Me"):
        return 0.0
    if unicodedata.east_asian_width(char) in "WF" or code >= 0x1F000:
        return 1.25 if code >= 0x1F000 else 1.05  # emoji are wider than an em in most fallback fonts
    return 0.75


def covered(text: str) -> bool:
    """Whether the bundled font has every character of a text."""
    firsts, lasts, _ = _runs(False)
    for code in {ord(char) for char in text}:
        at = bisect_right(firsts, code) - 1
        if (at < 0 or code > lasts[at]) and code > 0x20:
            return False
    return True


def width(text: str, size: float, bold: bool = False) -> float:
    """The width of one line of text, in the unit of `size`; kerning, which only narrows, is left out."""
    return size * sum(_advance(c, bold) for c in text)


def shorten(text: str, limit: float, size: float, bold: bool = False) -> str:
    """The text, or as much of its beginning as fits into `limit` with an ellipsis."""
    if width(text, size, bold) <= limit:
        return text
    room = limit - width(ELLIPSIS, size, bold)
    kept = 0
    for char in text:
        room -= size * _advance(char, bold)
        if room < 0:
            break
        kept += 1
    while kept and kept < len(text) and unicodedata.combining(text[kept]):
        kept -= 1  # never leave a letter without its accent
    return text[:kept].rstrip() + ELLIPSIS


def wrap(text: str, limit: float, size: float, bold: bool = False, lines: int = 2) -> list[str]:
    """Break clean text into at most `lines` lines no wider than `limit`; the last may end in an ellipsis.

    Breaks at spaces, then after -_/.:, then between lower and upper case, then anywhere. Lines are
    balanced: of all breaks with the fewest lines, the one whose longest line is shortest.
    """
    pieces = _pieces(clean(text), limit, size, bold)
    greedy = _fill(pieces, limit, size, bold)
    if len(greedy) > lines:
        rest = clean(text)[len("".join(greedy[: lines - 1])) :].lstrip()
        return [line.strip() for line in greedy[: lines - 1]] + [shorten(rest, limit, size, bold)]
    if len(greedy) > 1:
        low, high = limit / len(greedy), limit
        for _ in range(8):
            middle = (low + high) / 2
            attempt = _fill(pieces, middle, size, bold)
            fits = len(attempt) == len(greedy) and all(width(a.strip(), size, bold) <= middle for a in attempt)
            low, high, greedy = (low, middle, attempt) if fits else (middle, high, greedy)
    return [line.strip() for line in greedy]


def _fill(pieces: list[str], limit: float, size: float, bold: bool) -> list[str]:
    lines: list[str] = []
    for piece in pieces:
        if lines and width((lines[-1] + piece).rstrip(), size, bold) <= limit:
            lines[-1] += piece
        else:
            lines.append(piece)
    return lines


def _pieces(text: str, limit: float, size: float, bold: bool) -> list[str]:
    """The text cut at every place where a line may end; no piece is wider than `limit`.

    A word is cut only where it is too wide for a line.
    """
    found: list[str] = []
    for word in _WORD.findall(text):
        found += [word] if width(word.rstrip(), size, bold) <= limit else _cut(word, limit, size, bold)
    return found


def _cut(word: str, limit: float, size: float, bold: bool) -> list[str]:
    pieces, room = [""], limit
    for i, char in enumerate(word):
        before = word[i - 1] if i else ""
        hump = before.islower() and char.isupper() and len(pieces[-1]) > 3
        wide = unicodedata.east_asian_width(char) == "W"
        advance = size * _advance(char, bold)
        if pieces[-1] and char != " " and ((before in _BREAK_AFTER and before) or hump or wide or advance > room):
            pieces.append("")
            room = limit
        pieces[-1] += char
        room -= advance
    return pieces
