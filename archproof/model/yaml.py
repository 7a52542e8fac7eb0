"""YAML 1.2 into plain values, and a mark for every key and value.

libyaml gives the events; the scalars are resolved here by the YAML 1.2 core schema (so `on`, `no`,
`010` and `22:22` are strings). Marks stand in a tree beside the values, never inside them, so that the
values stay plain Python. Aliases share the object of their anchor; what they would expand to is
counted against a budget, so that an alias bomb is an error and not a full memory.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from archproof.errors import InputError, Location, Problem

MAX_DEPTH = 100
MAX_EXPANDED = 4_000_000
MAX_BYTES = 64 * 1024 * 1024

_INT = re.compile(r"[-+]?(?:0|[1-9][0-9]*)\Z")
_RADIX = re.compile(r"0o[0-7]+\Z|0x[0-9a-fA-F]+\Z")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|(?:0|[1-9][0-9]*)(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z")
_INF = re.compile(r"[-+]?\.(?:inf|Inf|INF)\Z")
_WORDS: dict[str, Any] = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
    ".nan": float("nan"), ".NaN": float("nan"), ".NAN": float("nan"),
}  # fmt: skip
_NUMBER_START = frozenset("0123456789+-.")
_CORE = "tag:yaml.org,2002:"


class Mark(NamedTuple):
    """Where a value stands, and its key where it has one (0-based, as libyaml counts)."""

    file: str
    line: int
    column: int
    end_line: int
    end_column: int
    key_line: int = -1
    key_column: int = -1
    children: Any = None
    """The marks of what is inside: a dict by key, or a list by position."""

    def at(self) -> Location:
        """The place of the value itself."""
        return Location(self.file, self.line + 1, self.column + 1, self.end_line + 1, self.end_column + 1)

    def entry(self) -> Location:
        """The place of the whole entry: from its key, where it has one, to the end of its value."""
        if self.key_line < 0:
            return self.at()
        return Location(
            self.file, self.key_line + 1, self.key_column + 1, self.end_line + 1, self.end_column + 1
        )

    def key(self, length: int) -> Location:
        """The place of the key alone, `length` characters long."""
        if self.key_line < 0:
            return self.at()
        line, column = self.key_line + 1, self.key_column + 1
        return Location(self.file, line, column, line, column + length)


@dataclass(slots=True)
class Parsed:
    """A YAML document as plain values, with the mark of its root and what was wrong on the way."""

    value: Any
    mark: Mark
    problems: list[Problem]


def read_text(path: Path, shown: str) -> str:
    """Read a UTF-8 text file; `shown` is its name in messages. Raises InputError."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise _error(shown, f"the file is larger than {MAX_BYTES // 1024 // 1024} MiB, the most that is read")
        raw = path.read_bytes()
    except FileNotFoundError:
        from archproof.suggest import did_you_mean

        beside = [p.name for p in path.parent.iterdir()] if path.parent.is_dir() else []
        raise _error(shown, f"no such file{did_you_mean(path.name, beside)}") from None
    except IsADirectoryError:
        raise _error(shown, "this is a folder, not a file") from None
    except (OSError, ValueError) as error:
        raise _error(shown, f"cannot be read: {getattr(error, 'strerror', None) or error}") from None
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise _error(shown, "the file is UTF-16; expected UTF-8: save it as UTF-8")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode("utf-8", "replace")
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        message = f"byte 0x{raw[error.start]:02x} is not UTF-8: save the file as UTF-8"
        raise InputError([Problem(Location(shown, line, column, line, column + 1), message)]) from None


def parse(text: str, file: str, *, tags: bool = True) -> Parsed:
    """Parse one YAML document.

    `tags`: CloudFormation's short forms (`!Ref`, `!Sub`, …) become their long forms; without it they
    are problems. Raises InputError where the text is not YAML at all or is a bomb; what can be
    recovered from (a duplicate key) is in `problems`.
    """
    import yaml
    from yaml import _yaml

    try:
        builder = _Builder(_yaml.CParser(text), file, tags)
        return builder.document()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        message = f"not YAML: {error.problem or error.context}"
        if error.problem == "found character that cannot start any token" and _char(text, mark) == "\t":
            message = "a tab in the indentation; YAML indents with spaces"
        raise InputError([Problem(Location(file, line, column, line, column + 1), message)]) from None
    except yaml.reader.ReaderError as error:
        before = text[: error.position]
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        message = f"not YAML: a character that is not allowed (U+{ord(text[error.position : error.position + 1] or chr(0)):04X})"
        raise InputError([Problem(Location(file, line, column, line, column + 1), message)]) from None


def _char(text: str, mark: Any) -> str:
    lines = text.split("\n", mark.line + 1) if mark else []
    row = lines[mark.line] if mark and mark.line < len(lines) else ""
    return row[mark.column : mark.column + 1]


def _error(file: str, message: str) -> InputError:
    return InputError([Problem(Location(file), message)])


def scalar(text: str) -> Any:
    """Resolve a plain scalar by the YAML 1.2 core schema."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _NUMBER_START or len(text) > 400:
        return text
    if _INT.match(text):
        return int(text)
    if _RADIX.match(text):
        return int(text, 0)
    if _FLOAT.match(text):
        return float(text)
    if _INF.match(text):
        return float("-inf") if text[0] == "-" else float("inf")
    return text


class _Builder:
    """Builds values and marks from libyaml's events, counting what aliases would expand to."""

    def __init__(self, parser: Any, file: str, tags: bool) -> None:
        import yaml

        self.next = parser.get_event
        self.file = file
        self.tags = tags
        self.problems: list[Problem] = []
        self.anchors: dict[str, tuple[Any, Mark, int]] = {}
        self.open: set[str] = set()
        self.count = 0
        self.events = yaml.events

    def document(self) -> Parsed:
        """Read the one document of the stream."""
        events = self.events
        self.next()  # the start of the stream
        if isinstance(self.next(), events.StreamEndEvent):
            raise _error(self.file, "the file is empty; `archproof init` writes one to start from")
        value, mark = self.node(self.next(), 0)
        self.next()  # the end of the document
        event = self.next()
        if not isinstance(event, events.StreamEndEvent):
            self.problem(event, "a second document begins here; one file holds one document")
        return Parsed(value, mark, self.problems)

    def node(self, event: Any, depth: int, key: Any = None) -> tuple[Any, Mark]:
        """Build the node that begins with `event`; `key` is the event of its key."""
        events = self.events
        kline, kcol = (key.start_mark.line, key.start_mark.column) if key is not None else (-1, -1)
        start = event.start_mark
        if isinstance(event, events.AliasEvent):
            return self.alias(event, kline, kcol)
        self.count += 1
        before = self.count
        if depth > MAX_DEPTH:
            raise self.failure(event, f"nested more than {MAX_DEPTH} levels deep")
        if event.anchor:
            self.open.add(event.anchor)
        if isinstance(event, events.ScalarEvent):
            value: Any = self.scalar(event)
            children: Any = None
            end = event.end_mark
        elif isinstance(event, events.MappingStartEvent):
            value, children, end = self.mapping(depth)
            end = start if end is None else end
        else:
            value, children, end = self.sequence(depth)
            end = start if end is None else end
        mark = Mark(self.file, start.line, start.column, end.line, end.column, kline, kcol, children)
        if event.tag and not (event.tag.startswith(_CORE) or event.tag == "!"):
            value, mark = self.tagged(event, value, mark)
        if event.anchor:
            self.open.discard(event.anchor)
            self.anchors[event.anchor] = (value, mark, self.count - before + 1)
        if self.count > MAX_EXPANDED:
            raise self.failure(event, f"more than {MAX_EXPANDED:,} values once aliases are expanded")
        return value, mark

    def scalar(self, event: Any) -> Any:
        tag = event.tag
        if tag and tag.startswith(_CORE):
            return self.typed(event, tag[len(_CORE) :])
        return scalar(event.value) if event.implicit[0] and not event.style else event.value

    def typed(self, event: Any, tag: str) -> Any:
        """A scalar with an explicit core tag (`!!str`, `!!int`, …)."""
        if tag == "str":
            return event.value
        value = scalar(event.value)
        wanted = {"int": int, "float": (int, float), "bool": bool, "null": type(None)}.get(tag)
        if wanted is None:
            self.problem(event, f"the tag !!{tag} is not of the YAML 1.2 core schema")
            return event.value
        if not isinstance(value, wanted):  # type: ignore[arg-type]
            self.problem(event, f"{_short(event.value)} is not a !!{tag}")
        return value

    def mapping(self, depth: int) -> tuple[dict[str, Any], dict[str, Mark], Any]:
        values: dict[str, Any] = {}
        marks: dict[str, Mark] = {}
        events = self.events
        end = None
        while not isinstance(event := self.next(), events.MappingEndEvent):
            if not isinstance(event, events.ScalarEvent):
                raise self.failure(event, "a key must be a plain text, not a list, a map or an alias")
            key = event.value
            value, mark = self.node(self.next(), depth + 1, event)
            if key == "<<" and not event.style:
                self.problem(event, "'<<' (merge) is not part of YAML 1.2; write the values out or use `defaults`")
                continue
            if key in values:
                first = marks[key].key_line + 1
                self.problem(event, f"duplicate key '{_short(key)}' (first on line {first})")
                continue
            values[key] = value
            marks[key] = mark
            end = mark
        return values, marks, _End(end.end_line, end.end_column) if end and not _flow(event) else event.end_mark

    def sequence(self, depth: int) -> tuple[list[Any], list[Mark], Any]:
        values: list[Any] = []
        marks: list[Mark] = []
        while not isinstance(event := self.next(), self.events.SequenceEndEvent):
            value, mark = self.node(event, depth + 1)
            values.append(value)
            marks.append(mark)
        end = marks[-1] if marks else None
        return values, marks, _End(end.end_line, end.end_column) if end and not _flow(event) else event.end_mark

    def alias(self, event: Any, kline: int, kcol: int) -> tuple[Any, Mark]:
        if event.anchor in self.open:
            raise self.failure(event, f"the alias *{event.anchor} stands inside its own anchor")
        found = self.anchors.get(event.anchor)
        if found is None:
            raise self.failure(event, f"the alias *{event.anchor} has no anchor &{event.anchor} before it")
        value, mark, size = found
        self.count += size
        if self.count > MAX_EXPANDED:
            raise self.failure(event, f"more than {MAX_EXPANDED:,} values once aliases are expanded")
        start, end = event.start_mark, event.end_mark
        here = Mark(self.file, start.line, start.column, end.line, end.column, kline, kcol, mark.children)
        return value, here

    def tagged(self, event: Any, value: Any, mark: Mark) -> tuple[Any, Mark]:
        """A CloudFormation short form in its long form."""
        name = event.tag.lstrip("!")
        if not self.tags or not re.fullmatch(r"[A-Za-z][A-Za-z0-9:]*", name):
            self.problem(event, f"the tag {_short(event.tag)} is not known here")
            return value, mark
        full = name if name in ("Ref", "Condition") else f"Fn::{name}"
        if name == "GetAtt" and isinstance(value, str):
            value = value.split(".", 1)
        return {full: value}, mark._replace(children={full: mark})

    def problem(self, event: Any, message: str) -> None:
        self.problems.append(Problem(self.where(event), message))

    def failure(self, event: Any, message: str) -> InputError:
        return InputError([*self.problems, Problem(self.where(event), message)])

    def where(self, event: Any) -> Location:
        start, end = event.start_mark, event.end_mark
        return Location(self.file, start.line + 1, start.column + 1, end.line + 1, end.column + 1)


class _End(NamedTuple):
    line: int
    column: int


def _flow(event: Any) -> bool:
    """A flow collection ends with a bracket of its own; a block one ends where its last entry does."""
    return bool(event.start_mark.index != event.end_mark.index)


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "..."
