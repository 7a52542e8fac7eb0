"""The first look at HCL text, in one pass: brackets that match, and every text with a template in it set aside.

The grammar of `hcl2` reads what is left. A heredoc, or a quoted text with `${` or `%{` in it, is replaced by `""`
and blanks of the same length, so that every position stays what it is; `templates` reads what was set aside.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

from archproof.errors import InputError, Location, Problem

MAX_DEPTH = 60
_CODE = re.compile(
    r"(?P<skip>[^\"#/<{}()\[\]]+)|(?P<comment>#[^\n]*|//[^\n]*)|(?P<open_comment>/\*)|(?P<quote>\")"
    r"|(?P<heredoc><<(?P<flush>-?)(?P<name>[A-Za-z_][\w.-]*)[ \t]*\r?\n)"
    r"|(?P<open>[{(\[])|(?P<close>[})\]])|(?P<other>.)"
)
_TEXT = re.compile(
    r"[^\"\\$%\n]+|(?P<escape>\\[^\n])|(?P<literal>\$\$\{|%%\{)|(?P<start>[$%]\{)|(?P<end>\")|(?P<other>.)"
)
_PAIRS = {")": "(", "]": "[", "}": "{"}
_NOT_NEWLINE = re.compile(r"[^\r\n]")


@dataclass(frozen=True, slots=True)
class Template:
    """A text that was set aside: what is between its quotes, or the lines of a heredoc."""

    text: str
    start: int
    """Offset of the first character of `text` in the file."""
    heredoc: bool = False
    flush: bool = False
    """Whether the lines lose the indentation that they share (`<<-`)."""


class Source:
    """A file's text, and the places in it; `start` shifts a part of a file to where it stands."""

    def __init__(self, text: str, file: str) -> None:
        self.text = text
        self.file = file
        self.lines = [0, *(m.end() for m in re.finditer("\n", text))]

    def location(self, start: int, end: int | None = None) -> Location:
        """The place of the text from one offset to another."""
        line, column = self._position(start)
        end_line, end_column = self._position(max(start, end)) if end is not None else (line, column)
        return Location(self.file, line, column, end_line, end_column)

    def _position(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self.lines, offset)
        return line, offset - self.lines[line - 1] + 1

    def error(self, start: int, message: str, length: int = 1) -> InputError:
        """An error at an offset."""
        return InputError([Problem(self.location(start, min(start + length, len(self.text))), message)])


@dataclass(slots=True)
class Scanned:
    """Text without templates, of the same length, and the templates by the offset of their `""`."""

    text: str
    templates: dict[int, Template]


def scan(source: Source, start: int = 0, end: int | None = None) -> Scanned:
    """Set the templates between two offsets aside. Raises InputError for what is not closed or nested too deep."""
    end = len(source.text) if end is None else end
    pieces: list[str] = []
    templates: dict[int, Template] = {}
    position = kept = start
    stack: list[tuple[str, int]] = []
    while position < end:
        match = _CODE.match(source.text, position, end)
        if match is None:  # a lone newline is not matched by "."
            position += 1
            continue
        kind = match.lastgroup
        after = match.end()
        if kind == "quote":
            after, plain = quoted(source, position, end, len(stack))
            if not plain:
                templates[position - start] = Template(source.text[position + 1 : after - 1], position + 1)
                pieces += source.text[kept:position], '""', _blank(source.text[position + 2 : after])
                kept = after
        elif match["heredoc"]:
            body_end, after = _heredoc_end(source, match, end)
            body = Template(source.text[match.end() : body_end], match.end(), True, bool(match["flush"]))
            templates[position - start] = body
            pieces += source.text[kept:position], '""', _blank(source.text[position + 2 : after])
            kept = after
        elif kind == "open_comment":
            after = source.text.find("*/", after, end) + 2
            if after == 1:
                raise source.error(position, "this comment is never closed with '*/'", 2)
        elif kind == "open":
            stack.append((match[0], position))
            if len(stack) > MAX_DEPTH:
                raise source.error(position, f"nested deeper than {MAX_DEPTH} brackets")
        elif kind == "close":
            _close(source, stack, match[0], position)
        position = after
    if stack:
        bracket, opened = stack[-1]
        raise source.error(opened, f"this '{bracket}' is never closed")
    pieces.append(source.text[kept:end])
    return Scanned("".join(pieces), templates)


def _blank(text: str) -> str:
    return _NOT_NEWLINE.sub(" ", text)


def _close(source: Source, stack: list[tuple[str, int]], bracket: str, position: int) -> None:
    if not stack:
        raise source.error(position, f"this '{bracket}' closes nothing")
    opened, where = stack.pop()
    if opened != _PAIRS[bracket]:
        line = source.location(where).line
        raise source.error(position, f"this '{bracket}' does not close the '{opened}' of line {line}")


def _heredoc_end(source: Source, match: re.Match[str], end: int) -> tuple[int, int]:
    """Where the lines of a heredoc end, and where its closing word does."""
    name = re.escape(match["name"])
    closing = re.compile(rf"^[ \t]*{name}(?=[ \t]*\r?$)", re.M).search(source.text, match.end(), end)
    if closing is None:
        raise source.error(match.start(), f"no line with '{match['name']}' alone closes this text", len(match[0]) - 1)
    return closing.start(), closing.end()


def quoted(source: Source, start: int, end: int, depth: int = 0) -> tuple[int, bool]:
    """The offset behind the quoted text that begins at `start`, and whether it is plain (without templates)."""
    position = start + 1
    plain = True
    while position < end:
        match = _TEXT.match(source.text, position, end)
        if match is None:
            break  # a line's end
        position = match.end()
        if match["end"]:
            return position, plain
        if match["literal"]:
            plain = False
        elif match["start"]:
            plain = False
            position = interpolation(source, match.start(), end, depth + 1)
    raise source.error(start, "this text is not closed with '\"' on its line")


def interpolation(source: Source, start: int, end: int, depth: int = 0) -> int:
    """The offset behind the `${ … }` or `%{ … }` that begins at `start`."""
    if depth > MAX_DEPTH:
        raise source.error(start, f"nested deeper than {MAX_DEPTH} brackets")
    position = start + 2
    open_braces = 1
    while position < end:
        match = _CODE.match(source.text, position, end)
        if match is None:
            position += 1
            continue
        position = match.end()
        if match.lastgroup == "quote":
            position, _ = quoted(source, match.start(), end, depth)
        elif match["heredoc"]:
            position = _heredoc_end(source, match, end)[1]
        elif match.lastgroup == "open_comment":
            position = source.text.find("*/", position, end) + 2
            if position == 1:
                break
        elif match[0] == "{":
            open_braces += 1
        elif match[0] == "}":
            open_braces -= 1
            if not open_braces:
                return position
    raise source.error(start, f"this '{source.text[start : start + 2]}' is never closed with '}}'", 2)
