"""JSON into plain values, and the place of every key and value, found when it is first asked for.

The C scanner of the standard library gives the values. A place is found by going over the one map or list
that holds it again, with the same scanner, so that a plan of many megabytes costs what its values cost and
each finding a little more. Marks have the shape that `archproof.model.yaml` gives them.
"""

from __future__ import annotations

import bisect
import functools
import json
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from json.decoder import scanstring  # type: ignore[attr-defined]
from typing import Any

from archproof.errors import InputError, Location, Problem
from archproof.model.yaml import MAX_DEPTH, MAX_VALUES, Mark, Parsed

_SPACE = re.compile(r"[ \t\n\r]*")
_BREAK = re.compile("\r\n|\r|\n")
_STRING = r'"[^"\\]*(?:\\.[^"\\]*)*"'
_TOKEN = re.compile(rf'{_STRING}|[{{}}\[\]]|[^\s,:{{}}\[\]"]+', re.S)
_STRINGS = re.compile(_STRING, re.S)
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_DECODER = json.JSONDecoder(strict=False)


def parse(text: str, file: str) -> Parsed:
    """Parse a JSON text.

    A key that stands twice is in `notes`, and the last of them counts, as for every reader of JSON.
    Raises InputError where the text is no JSON, is nested too deep or holds a number that is none.
    """
    text = text.removeprefix("\ufeff")
    scan = _Text(text, file)
    _measure(scan)
    twice: list[str] = []

    def pairs(members: list[tuple[str, Any]]) -> dict[str, Any]:
        values = dict(members)
        if len(values) != len(members):
            twice.append("")
        return values

    value = _load(scan, pairs)
    if _too_deep(value):
        raise scan.deep()
    if _SURROGATE.search(text):
        _whole_characters(scan)
    start = _SPACE.match(text).end()  # type: ignore[union-attr]
    mark = scan.mark(start, len(text.rstrip(" \t\n\r")))
    return Parsed(value, mark, [], list(_duplicates(scan, mark)) if twice else [])


def _load(scan: _Text, pairs: Callable[[list[tuple[str, Any]]], dict[str, Any]]) -> Any:
    try:
        return json.loads(
            scan.text, object_pairs_hook=pairs, parse_constant=_constant, parse_float=_float, strict=False
        )
    except json.JSONDecodeError as error:
        raise scan.failure(error.pos, _syntax(error, scan.text)) from None
    except RecursionError:
        raise scan.deep() from None
    except ValueError:
        raise _number(scan) from None


def _constant(name: str) -> Any:
    raise ValueError(name)


def _float(text: str) -> float:
    value = float(text)
    if math.isinf(value):
        raise ValueError(text)
    return value


_MESSAGES = {
    "Expecting property name enclosed in double quotes": "expected a key in double quotes",
    "Expecting ',' delimiter": "expected ',' or the end of the list or map",
    "Expecting ':' delimiter": "expected ':' after the key",
    "Expecting value": "expected a value",
    "Unterminated string starting at": "a text that begins here has no closing quote",
    "Extra data": "more text after the end of the value; one file holds one",
    "Illegal trailing comma before end of object": "a comma before the end of the map",
    "Illegal trailing comma before end of array": "a comma before the end of the list",
}  # fmt: skip


def _syntax(error: json.JSONDecodeError, text: str) -> str:
    found = text[error.pos : error.pos + 1]
    message = _MESSAGES.get(error.msg, error.msg[:1].lower() + error.msg[1:])
    if not message.startswith("expected"):
        return f"not JSON: {message}"
    return f"not JSON: {message}; found {_shown(found)}"


def _shown(character: str) -> str:
    if not character:
        return "the end of the file"
    return f"'{character}'" if character.isprintable() else f"U+{ord(character):04X}"


def _number(scan: _Text) -> InputError:
    """The error for the first number that is none: NaN, Infinity, one too large to hold."""
    for token in _TOKEN.finditer(scan.text):
        word = token[0]
        if word in ("NaN", "Infinity", "-Infinity"):
            return scan.failure(token.start(), f"not JSON: {word} is no number of JSON", len(word))
        if word[0] in "-0123456789":
            try:
                json.loads(word, parse_float=_float)
            except ValueError:
                return scan.failure(token.start(), f"the number {_short(word)} is too large to hold", len(word))
    return scan.failure(0, "not JSON: a number that is none")


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}..."


def _measure(scan: _Text) -> None:
    """Refuse a text of more values than may be held, before any is made. Raises InputError."""
    if _separators(scan.text) > MAX_VALUES and _separators(_STRINGS.sub("", scan.text)) > MAX_VALUES:
        raise scan.failure(0, f"more than {MAX_VALUES:,} values in one file")


def _separators(text: str) -> int:
    return text.count(",") + text.count("[") + text.count("{")


def _too_deep(value: Any) -> bool:
    level = [value] if isinstance(value, (dict, list)) else []
    for _ in range(MAX_DEPTH + 1):
        if not level:
            return False
        level = [
            inner
            for outer in level
            for inner in (outer.values() if type(outer) is dict else outer)
            if type(inner) is dict or type(inner) is list
        ]
    return True


def _whole_characters(scan: _Text) -> None:
    """Refuse half of a character (`\\ud83d` alone), which no output could hold. Raises InputError."""
    for token in _STRINGS.finditer(scan.text):
        if not _SURROGATE.search(token[0]):
            continue
        try:
            json.loads(token[0], strict=False).encode("utf-8")
        except UnicodeEncodeError as error:
            half = f"U+{ord(error.object[error.start]):04X}"
            raise scan.failure(token.start(), f"not text: half of a character ({half})", len(token[0])) from None


def _duplicates(scan: _Text, mark: Mark) -> Iterator[Problem]:
    """A problem for every key that stands twice in one map."""
    if isinstance(mark.children, Members):
        yield from mark.children.duplicates()
    children = mark.children
    for inner in children.values() if isinstance(children, Mapping) else children or ():
        yield from _duplicates(scan, inner)


class _Text:
    """A JSON text that is gone over again for the places in it."""

    def __init__(self, text: str, file: str) -> None:
        self.text = text
        self.file = file
        self.starts: list[int] = []

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset, from 0."""
        if not self.starts:
            self.starts = [0, *(found.end() for found in _BREAK.finditer(self.text))]
        line = bisect.bisect_right(self.starts, offset) - 1
        return line, offset - self.starts[line]

    def mark(self, start: int, end: int, key: tuple[int, int] | None = None) -> Mark:
        """The mark of the value from `start` to `end`, with its key where it has one."""
        first = self.text[start : start + 1]
        children: Any = Members(self, start) if first == "{" else Items(self, start) if first == "[" else None
        where = (-1, -1, -1, -1) if key is None else (*self.position(key[0]), *self.position(key[1]))
        return Mark(self.file, *self.position(start), *self.position(end), *where, children)

    def after(self, offset: int) -> int:
        """The offset of the next character that is no space."""
        return _SPACE.match(self.text, offset).end()  # type: ignore[union-attr]

    def end(self, offset: int) -> int:
        """The offset behind the value that begins at `offset`."""
        end: int = _DECODER.scan_once(self.text, offset)[1]  # type: ignore[attr-defined]
        return end

    def failure(self, offset: int, message: str, length: int = 1) -> InputError:
        """The error that says `message` of the place `offset`."""
        (line, column), (end_line, end_column) = (
            self.position(min(n, len(self.text))) for n in (offset, offset + length)
        )
        return InputError([Problem(Location(self.file, line + 1, column + 1, end_line + 1, end_column + 1), message)])

    def deep(self) -> InputError:
        """The error for a text that is nested too deep, with the place where it becomes so."""
        depth = 0
        for token in _TOKEN.finditer(self.text):
            depth += (token[0] in ("{", "[")) - (token[0] in ("}", "]"))
            if depth > MAX_DEPTH + 1:
                return self.failure(token.start(), f"nested more than {MAX_DEPTH} levels deep")
        return self.failure(0, f"nested more than {MAX_DEPTH} levels deep")


class Members(Mapping[str, Mark]):
    """The marks of what a map holds, by key; gone over when the first is asked for."""

    def __init__(self, scan: _Text, start: int) -> None:
        self._scan = scan
        self._start = start
        self._made: dict[str, Mark] = {}

    def _entries(self) -> Iterator[tuple[str, int, int, int, int]]:
        """Every key, the offsets it stands between, and those of its value."""
        scan, text = self._scan, self._scan.text
        at = scan.after(self._start + 1)
        while text[at] != "}":
            name, key_end = scanstring(text, at + 1, False)
            start = scan.after(scan.after(key_end) + 1)
            end = scan.end(start)
            yield name, at, key_end, start, end
            at = scan.after(end)
            if text[at] == ",":
                at = scan.after(at + 1)

    @functools.cached_property
    def _spans(self) -> dict[str, tuple[int, int, int, int]]:
        return {name: (at, stop, start, end) for name, at, stop, start, end in self._entries()}

    def duplicates(self) -> Iterator[Problem]:
        """A problem for every key that stands here a second time."""
        first: dict[str, int] = {}
        for name, at, stop, start, end in self._entries():
            if name in first:
                line = self._scan.position(first[name])[0] + 1
                place = self._scan.mark(start, end, (at, stop)).key()
                yield Problem(place, f"duplicate key '{_short(name)}' (first on line {line}): the last one counts")
            first.setdefault(name, at)

    def __getitem__(self, key: str) -> Mark:
        # kept, so that what is inside of it is gone over once
        mark = self._made.get(key)
        if mark is None:
            at, stop, start, end = self._spans[key]
            mark = self._made[key] = self._scan.mark(start, end, (at, stop))
        return mark

    def __iter__(self) -> Iterator[str]:
        return iter(self._spans)

    def __len__(self) -> int:
        return len(self._spans)


class Items(Sequence[Mark]):
    """The marks of what a list holds; gone over when the first is asked for."""

    def __init__(self, scan: _Text, start: int) -> None:
        self._scan = scan
        self._start = start
        self._made: dict[int, Mark] = {}

    @functools.cached_property
    def _spans(self) -> list[tuple[int, int]]:
        scan, text = self._scan, self._scan.text
        spans = []
        at = scan.after(self._start + 1)
        while text[at] != "]":
            end = scan.end(at)
            spans.append((at, end))
            at = scan.after(end)
            if text[at] == ",":
                at = scan.after(at + 1)
        return spans

    def __getitem__(self, position: Any) -> Any:
        if isinstance(position, slice):
            return [self[n] for n in range(*position.indices(len(self)))]
        mark = self._made.get(position)
        if mark is None:
            mark = self._made[position] = self._scan.mark(*self._spans[position])
        return mark

    def __len__(self) -> int:
        return len(self._spans)
