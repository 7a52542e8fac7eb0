"""Texts with `${ … }` and `%{ … }` in them: quoted ones and heredocs."""

from __future__ import annotations

import re
from typing import Any

from archproof.sources.hcl import expressions as ex
from archproof.sources.hcl.scan import Source, Template, interpolation

_PIECE = re.compile(r"(?P<escaped>\$\$\{|%%\{)|(?P<start>[$%]\{)")
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))", re.S)
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
_PATH = re.compile(r"[A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*)+\Z")
_FOR = re.compile(r"for\s+([A-Za-z_][\w-]*)(?:\s*,\s*([A-Za-z_][\w-]*))?\s+in\b")
_LINE = re.compile(r"[^\n]*\n|[^\n]+")


def unescaped(text: str) -> str:
    """A quoted text with its escapes in place."""

    def character(match: re.Match[str]) -> str:
        code = match[1] or match[2]
        if code:
            return chr(int(code, 16)) if int(code, 16) < 0x110000 else match[0]
        return _ESCAPES.get(match[3], match[0])

    return _ESCAPE.sub(character, text)


class _Directive:
    """`if`, `else`, `endif`, `for` or `endfor`."""

    def __init__(self, word: str, start: int, expression: ex.Expression | None = None, names: Any = ()) -> None:
        self.word = word
        self.start = start
        self.expression = expression
        self.names = names


def parse(source: Source, template: Template, start: int) -> ex.Expression:
    """The expression that a text set aside is; `start` is the offset of its first quote. Raises InputError."""
    end = template.start + len(template.text) + (not template.heredoc)
    found = parts(source, template.start, template.start + len(template.text), template)
    if all(isinstance(p, str) for p in found):
        return ex.Literal(source, start, end, "".join(found))
    return ex.Text(source, start, end, found)


def parts(source: Source, start: int, end: int, template: Template) -> tuple[Any, ...]:
    """The parts of the text between two offsets."""
    flat = _flat(source, start, end, template)
    if template.flush:
        flat = _without_indent(flat)
    reader = _Assembly(source, flat)
    found = reader.until(())
    return tuple(found)


def _flat(source: Source, start: int, end: int, template: Template) -> list[Any]:
    """Texts, expressions and directives in the order in which they stand."""
    found: list[Any] = []
    position = kept = start
    strip_next = False

    def literal(until: int, strip: bool) -> None:
        nonlocal strip_next
        text = source.text[kept:until]
        # a marker strips to the end of its line, as in Terraform, whose parts are lines
        lines = _LINE.findall(text) if template.heredoc else [unescaped(text) if "\\" in text else text]
        if lines and strip_next:
            lines[0] = lines[0].lstrip()
        if lines and strip:
            lines[-1] = lines[-1].rstrip()
        strip_next = False
        found.extend(lines if template.flush else [line for line in lines if line])

    while (match := _PIECE.search(source.text, position, end)) is not None:
        if match["escaped"]:
            literal(match.start(), False)
            found.append(match[0][1:])
            position = kept = match.end()
            continue
        after = interpolation(source, match.start(), end)
        inner, inner_end = match.end(), after - 1
        strip = source.text[inner : inner + 1] == "~"
        strip_after = inner_end - 1 > inner and source.text[inner_end - 1] == "~"
        literal(match.start(), strip)
        inner, inner_end = inner + strip, inner_end - strip_after
        found.append(_piece(source, match[0], inner, inner_end))
        strip_next = strip_after
        position = kept = after
    literal(end, False)
    return found


def _piece(source: Source, opening: str, start: int, end: int) -> Any:
    written = source.text[start:end]
    lead = len(written) - len(written.lstrip())
    body = written.strip()
    if opening == "${":
        if not body:
            raise source.error(start - 2, "'${}' without an expression", 3)
        return _simple(source, body, start + lead) or _expression(source, start, end)
    word = body.split(None, 1)[0] if body else ""
    if word == "if":
        return _Directive(word, start, _expression(source, start + lead + 2, end))
    if word == "for" and (match := _FOR.match(body)):
        names = tuple(n for n in match.groups() if n)
        return _Directive(word, start, _expression(source, start + lead + match.end(), end), names)
    if body in ("else", "endif", "endfor"):
        return _Directive(body, start)
    message = f"'%{{ {word[:20]} }}' is not known; if, else, endif, for and endfor are"
    raise source.error(start, message, max(len(written), 1))


def _simple(source: Source, body: str, start: int) -> ex.Expression | None:
    """`var.name` and the like, without the grammar."""
    if not _PATH.match(body):
        return None
    words = body.split(".")
    end = start + len(words[0])
    found: ex.Expression = ex.Name(source, start, end, words[0])
    for word in words[1:]:
        end += 1 + len(word)
        found = ex.Member(source, start, end, found, word)
    return found


def _expression(source: Source, start: int, end: int) -> ex.Expression:
    from archproof.sources.hcl.build import parse_expression

    return parse_expression(source, start, end)


def _without_indent(flat: list[Any]) -> list[Any]:
    """The parts of a flush heredoc, by lines: each line loses the indentation that all share."""
    indents: dict[int, int] = {}
    fresh = True
    for at, part in enumerate(flat):
        if not isinstance(part, str):
            if fresh:
                indents[at] = 0
            fresh = False
            continue
        if fresh and (part.strip() or not part.endswith("\n")):
            indents[at] = len(part) - len(part.lstrip(" \t"))
        fresh = part.endswith("\n")
    depth = min(indents.values(), default=0)
    cut = [part[depth:] if isinstance(part, str) and at in indents else part for at, part in enumerate(flat)]
    return [part for part in cut if part != ""]


class _Assembly:
    """Directives and what they stand around, from their flat order."""

    def __init__(self, source: Source, flat: list[Any]) -> None:
        self.source = source
        self.flat = flat
        self.at = 0
        self.closed = ""

    def until(self, words: tuple[str, ...], opened: _Directive | None = None) -> list[Any]:
        """The parts up to one of these directives."""
        found: list[Any] = []
        while self.at < len(self.flat):
            part = self.flat[self.at]
            self.at += 1
            if not isinstance(part, _Directive):
                found.append(part)
            elif part.word in words:
                self.closed = part.word
                return found
            elif part.word in ("if", "for"):
                found.append(self._directive(part))
            else:
                raise self.source.error(part.start, f"'%{{ {part.word} }}' closes nothing", len(part.word))
        if opened is not None:
            raise self.source.error(opened.start, f"'%{{ {opened.word} }}' is never closed with '%{{ {words[-1]} }}'")
        return found

    def _directive(self, part: _Directive) -> ex.Expression:
        source, start = self.source, part.start
        if part.word == "for":
            body = self._text(self.until(("endfor",), part), start)
            return ex.Loop(source, start, start, part.names, part.expression, body)  # type: ignore[arg-type]
        yes = self._text(self.until(("else", "endif"), part), start)
        no = self._text(self.until(("endif",), part) if self.closed == "else" else [], start)
        return ex.Choice(source, start, start, part.expression, yes, no)  # type: ignore[arg-type]

    def _text(self, found: list[Any], start: int) -> ex.Text:
        return ex.Text(self.source, start, start, tuple(found))
