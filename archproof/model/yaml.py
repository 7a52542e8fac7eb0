"""YAML 1.2 into plain values, and a mark for every key and value.

libyaml gives the events; the scalars are resolved here by the YAML 1.2 core schema (so `on`, `no`,
`010` and `22:22` are strings). Marks stand in a tree beside the values, never inside them, so that the
values stay plain Python. Aliases share the object of their anchor; what they would expand to is
counted against a budget, so that an alias bomb is an error and not a full memory.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from archproof.errors import InputError, Location, Problem
from archproof.model.text import position
from archproof.suggest import did_you_mean

MAX_DEPTH = 100
MAX_VALUES = 4_000_000
"""The most values that a file may hold."""
MAX_REPEATED = 200_000
"""The most values (and hundreds of characters) that aliases may repeat: what they share in memory is
written out in full by everything that follows them."""

_INT = re.compile(r"[-+]?(?:0|[1-9][0-9]*)\Z")
_RADIX = re.compile(r"0o[0-7]+\Z|0x[0-9a-fA-F]+\Z")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|(?:0|[1-9][0-9]*)(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z")
_INF = re.compile(r"[-+]?\.(?:inf|Inf|INF)\Z")
_WORDS: dict[str, Any] = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
    ".nan": float("nan"), ".NaN": float("nan"), ".NAN": float("nan"),
}  # fmt: skip
# what libyaml takes for the end of a line and YAML 1.2 and editors do not
_BREAKS = re.compile("[\u0085\u2028\u2029]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
SHORT_FORMS = (
    "And", "Base64", "Cidr", "Condition", "Equals", "FindInMap", "GetAZs", "GetAtt", "If", "ImportValue",
    "Join", "Length", "Not", "Or", "Ref", "Select", "Split", "Sub", "ToJsonString", "Transform",
)  # fmt: skip
"""The functions that have a short form in a model."""
_NUMBER_START = frozenset("0123456789+-.")
CORE = "tag:yaml.org,2002:"


class Mark(NamedTuple):
    """Where a value stands, and its key where it has one (0-based, as libyaml counts)."""

    file: str
    line: int
    column: int
    end_line: int
    end_column: int
    key_line: int = -1
    key_column: int = -1
    key_end_line: int = -1
    key_end_column: int = -1
    children: Any = None
    """The marks of what is inside: a dict by key, or a list by position."""

    def within(self, path: Iterable[str | int]) -> Mark:
        """The mark at `path` inside, or of what is nearest around it where nothing stands there."""
        mark = self
        for step in path:
            try:
                mark = mark.children[step]
            except (KeyError, IndexError, TypeError):
                break
        return mark

    def at(self) -> Location:
        """The place of the value itself."""
        return Location(self.file, self.line + 1, self.column + 1, self.end_line + 1, self.end_column + 1)

    def entry(self) -> Location:
        """The place of the whole entry: from its key, where it has one, to the end of its value."""
        if self.key_line < 0:
            return self.at()
        return Location(self.file, self.key_line + 1, self.key_column + 1, self.end_line + 1, self.end_column + 1)

    def key(self) -> Location:
        """The place of the key alone; of the value where it has none."""
        if self.key_line < 0:
            return self.at()
        return Location(
            self.file, self.key_line + 1, self.key_column + 1, self.key_end_line + 1, self.key_end_column + 1
        )


@dataclass(slots=True)
class Parsed:
    """A YAML document as plain values, with the mark of its root and what was wrong on the way."""

    value: Any
    mark: Mark
    problems: list[Problem]
    notes: list[Problem] = field(default_factory=list)
    """What is no error for AWS and not what the author meant either: a key that stands twice."""


def parse(text: str, file: str, *, tags: bool = True, builder: type[Builder] | None = None) -> Parsed:
    """Parse one YAML document.

    `tags`: CloudFormation's short forms (`!Ref`, `!Sub`, …) become their long forms; without it they
    are problems. Raises InputError where the text is not YAML at all or is a bomb; what can be
    recovered from (a duplicate key) is in `problems`.
    """
    import yaml
    from yaml import _yaml

    text = text.removeprefix("\ufeff")
    if strange := _BREAKS.search(text):
        message = f"the character U+{ord(strange[0]):04X} ends a line for some programs and not for others: remove it"
        raise _at(text, strange.start(), file, message)
    building = None
    try:
        building = (builder or Builder)(_yaml.CParser(text), file, tags, _End(*(n - 1 for n in position(text))))
        return building.document()
    except yaml.MarkedYAMLError as error:
        raise InputError([*(building.problems if building else ()), _syntax(error, text, file)]) from None
    except yaml.reader.ReaderError as error:
        # libyaml counts in bytes of UTF-8
        offset = len(text.encode("utf-8")[: error.position].decode("utf-8", "ignore"))
        raise _at(text, offset, file, f"not YAML: the character {_name(text, offset)} is not allowed") from None
    except UnicodeEncodeError as error:
        raise _at(text, error.start, file, f"not text: half of a character ({_name(text, error.start)})") from None


def _at(text: str, offset: int, file: str, message: str) -> InputError:
    line, column = position(text[:offset])
    return InputError([Problem(Location(file, line, column, line, column + (offset < len(text))), message)])


def _name(text: str, offset: int) -> str:
    return f"U+{ord(text[offset]):04X}" if offset < len(text) else "at the end"


_HINTS = {
    "mapping values are not allowed in this context":
        ": a text with ': ' in it needs quotes; keys of one map stand in one column",
    "could not find expected ':'": ": a key without its ':', or a text over several lines without quotes",
    "found character that cannot start any token": ": a text that begins with this character needs quotes",
}  # fmt: skip


def _syntax(error: Any, text: str, file: str) -> Problem:
    """What libyaml could not read, with where it began to."""
    mark = error.problem_mark or error.context_mark
    if mark is None:
        return Problem(Location(file), f"not YAML: {error.problem or error.context}")
    rows = re.split("\r\n|\r|\n", text)
    line, column = (mark.line + 1, mark.column + 1) if mark.line < len(rows) else (len(rows), len(rows[-1]) + 1)
    here = rows[line - 1][column - 1 : column]
    place = Location(file, line, column, line, column + len(here))
    if here == "\t" or "tab character" in (error.problem or ""):
        return Problem(place, "a tab in the indentation; YAML indents with spaces")
    message = f"not YAML: {error.problem or error.context}{_HINTS.get(error.problem, '')}"
    begun = error.context_mark
    if error.problem and error.context and begun is not None and begun.line != mark.line:
        message += f" ({error.context} that begins on line {begun.line + 1})"
    return Problem(place, message)


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


class Builder:
    """Builds values and marks from libyaml's events, counting what aliases would repeat."""

    def __init__(self, parser: Any, file: str, tags: bool, last: _End) -> None:
        import yaml

        self.last = last
        """Where the text ends; libyaml begins another line behind the last one."""

        self.next = parser.get_event
        self.file = file
        self.tags = tags
        self.problems: list[Problem] = []
        self.notes: list[Problem] = []
        self.anchors: dict[str, tuple[Any, Mark, int]] = {}
        self.open: set[str] = set()
        self.count = 0
        self.repeated = 0
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
        return Parsed(value, mark, self.problems, self.notes)

    def node(self, event: Any, depth: int, key: Any = None) -> tuple[Any, Mark]:
        """Build the node that begins with `event`; `key` is the event of its key."""
        events = self.events
        where = (-1, -1, -1, -1) if key is None else _span(key)
        start = event.start_mark
        if isinstance(event, events.AliasEvent):
            return self.alias(event, where)
        before = self.count + self.repeated
        self.count += 1
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
        if end.line > self.last.line:
            end = self.last
            start = start if start.line <= end.line else end
        mark = Mark(self.file, start.line, start.column, end.line, end.column, *where, children)
        if event.tag and not (event.tag.startswith(CORE) or event.tag == "!"):
            value, mark = self.tagged(event, value, mark)
        if event.anchor:
            self.open.discard(event.anchor)
            weight = len(value) // 100 if isinstance(value, str) else 0
            self.anchors[event.anchor] = (value, mark, self.count + self.repeated - before + weight)
        if self.count > MAX_VALUES:
            raise self.failure(event, f"more than {MAX_VALUES:,} values in one file")
        return value, mark

    def scalar(self, event: Any) -> Any:
        tag = event.tag
        if event.style == '"' and not event.value.isprintable() and (control := _CONTROL.search(event.value)):
            self.problem(event, f"the control character U+{ord(control[0]):04X} in a text: take it out")
        if tag and tag.startswith(CORE):
            return self.typed(event, tag[len(CORE) :])
        plain = event.implicit[0] and not event.style and tag != "!"
        return scalar(event.value) if plain else event.value

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
            self.problem(event, f"'{short(event.value)}' is not a !!{tag}")
        return value

    def key(self, event: Any) -> str:
        """The text of a key."""
        if not isinstance(event, self.events.ScalarEvent):
            raise self.failure(event, "a key must be a plain text, not a list, a map or an alias")
        if event.tag and event.tag != f"{CORE}str":
            self.problem(event, f"the tag {short(event.tag)} has no meaning on a key")
        text: str = event.value
        if event.anchor:
            self.anchors[event.anchor] = (text, Mark(self.file, *_span(event)), 1 + len(text) // 100)
        return text

    def mapping(self, depth: int) -> tuple[dict[str, Any], dict[str, Mark], Any]:
        values: dict[str, Any] = {}
        marks: dict[str, Mark] = {}
        merges: list[tuple[Any, Any, Mark]] = []
        events = self.events
        end = None
        while not isinstance(event := self.next(), events.MappingEndEvent):
            key = self.key(event)
            value, mark = self.node(self.next(), depth + 1, event)
            end = mark
            if key == "<<" and not event.style:
                merges.append((event, value, mark))
            elif key not in values or self.repeated_key(event, key, marks[key]):
                values[key] = value
                marks[key] = mark
        for merge in merges:
            self.merge(*merge, values, marks)
        return values, marks, _End(end.end_line, end.end_column) if end and not _flow(event) else event.end_mark

    def repeated_key(self, event: Any, key: str, first: Mark) -> bool:
        """A key that its map has already: a problem. Return whether it takes the place of the first."""
        self.problem(event, f"duplicate key '{short(key)}' (first on line {first.key_line + 1})")
        return False

    def merge(self, event: Any, value: Any, mark: Mark, values: dict[str, Any], marks: dict[str, Mark]) -> None:
        """A `<<` in a map that holds `values`: a problem."""
        self.problem(event, "'<<' (merge) is not part of YAML 1.2; write the values out or use `defaults`")

    def sequence(self, depth: int) -> tuple[list[Any], list[Mark], Any]:
        values: list[Any] = []
        marks: list[Mark] = []
        while not isinstance(event := self.next(), self.events.SequenceEndEvent):
            value, mark = self.node(event, depth + 1)
            values.append(value)
            marks.append(mark)
        end = marks[-1] if marks else None
        return values, marks, _End(end.end_line, end.end_column) if end and not _flow(event) else event.end_mark

    def alias(self, event: Any, where: tuple[int, int, int, int]) -> tuple[Any, Mark]:
        name = short(event.anchor)
        if event.anchor in self.open:
            raise self.failure(event, f"the alias *{name} stands inside its own anchor")
        found = self.anchors.get(event.anchor)
        if found is None:
            raise self.failure(event, f"the alias *{name} has no anchor &{name} before it")
        value, mark, size = found
        self.repeated += size
        if self.repeated > MAX_REPEATED:
            raise self.failure(event, f"aliases repeat more than {MAX_REPEATED:,} values: write fewer of them")
        return value, Mark(self.file, *_span(event), *where, mark.children)

    def tagged(self, event: Any, value: Any, mark: Mark) -> tuple[Any, Mark]:
        """A CloudFormation short form in its long form."""
        name = event.tag.lstrip("!")
        if not self.knows_tag(name):
            self.unknown_tag(event)
            return value, mark
        full = name if name in ("Ref", "Condition") else f"Fn::{name}"
        if name == "GetAtt" and isinstance(value, str):
            value = value.split(".", 1)
        return {full: value}, mark._replace(children={full: mark})

    def knows_tag(self, name: str) -> bool:
        """Whether `name` is the short form of a function."""
        return self.tags and name in SHORT_FORMS

    def unknown_tag(self, event: Any) -> None:
        """A tag that has no meaning: a problem."""
        hint = did_you_mean(event.tag.lstrip("!"), SHORT_FORMS) if self.tags else ""
        self.problem(event, f"the tag {short(event.tag)} is not known here{hint}")

    def problem(self, event: Any, message: str) -> None:
        self.problems.append(Problem(self.where(event), message))

    def failure(self, event: Any, message: str) -> InputError:
        return InputError([*self.problems, Problem(self.where(event), message)])

    def where(self, event: Any) -> Location:
        start, end = (m if m.line <= self.last.line else self.last for m in (event.start_mark, event.end_mark))
        return Location(self.file, start.line + 1, start.column + 1, end.line + 1, end.column + 1)


def _span(event: Any) -> tuple[int, int, int, int]:
    start, end = event.start_mark, event.end_mark
    return start.line, start.column, end.line, end.column


class _End(NamedTuple):
    line: int
    column: int


def _flow(event: Any) -> bool:
    """A flow collection ends with a bracket of its own; a block one ends where its last entry does."""
    return bool(event.start_mark.index != event.end_mark.index)


def short(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "..."
