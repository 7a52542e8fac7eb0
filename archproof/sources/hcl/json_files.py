"""Terraform's JSON syntax (`.tf.json`): the same blocks and expressions, with the places of the JSON text."""

from __future__ import annotations

from typing import Any

from archproof.errors import InputError, Location, Problem
from archproof.model.yaml import Mark, parse
from archproof.sources.hcl import expressions as ex
from archproof.sources.hcl import templates
from archproof.sources.hcl.blocks import Attribute, Block, Body
from archproof.sources.hcl.scan import Source, Template

_LABELS = {"resource": 2, "data": 2, "ephemeral": 2, "variable": 1, "output": 1, "module": 1, "provider": 1, "check": 1}
_NOT_EVALUATED = frozenset({"depends_on", "provider", "providers", "ignore_changes", "type"})
"""Arguments that hold references as they are written, without `${ }`."""


def parse_json(source: Source) -> Body:
    """The blocks of a whole file. Raises InputError."""
    parsed = parse(source.text, source.file, tags=False)
    if parsed.problems:
        raise InputError(parsed.problems)
    reader = _Reader(source)
    if not isinstance(parsed.value, dict):
        raise InputError([Problem(parsed.mark.at(), "a .tf.json file holds an object")])
    body = Body()
    for name, value in parsed.value.items():
        mark = parsed.mark.children[name]
        if name != "//":
            reader.blocks(name, _LABELS.get(name, 0), [], value, mark, body)
    return body


def parse_values(source: Source) -> dict[str, Any]:
    """The values of a `.tfvars.json` file, in which nothing is worked out. Raises InputError."""
    parsed = parse(source.text, source.file, tags=False)
    if parsed.problems:
        raise InputError(parsed.problems)
    if not isinstance(parsed.value, dict):
        raise InputError([Problem(parsed.mark.at(), "a .tfvars.json file holds an object")])
    return parsed.value


class _Reader:
    """Makes blocks of JSON objects."""

    def __init__(self, source: Source) -> None:
        self.source = source

    def blocks(self, kind: str, labels: int, said: list[str], value: Any, mark: Mark, body: Body) -> None:
        """The blocks of a type below the labels said so far."""
        if isinstance(value, list):
            for item, inner in zip(value, mark.children, strict=True):
                self.blocks(kind, labels, said, item, inner, body)
        elif not isinstance(value, dict):
            raise InputError([Problem(mark.at(), f"'{kind[:40]}' is a block: an object is needed")])
        elif labels:
            for name, inner in value.items():
                if name != "//":
                    self.blocks(kind, labels - 1, [*said, name], inner, mark.children[name], body)
        else:
            body.blocks.append(self.block(kind, said, value, mark))

    def block(self, kind: str, labels: list[str], value: dict[str, Any], mark: Mark) -> Block:
        """One block; what is inside is attributes, of which lists of objects may be blocks."""
        inner = Body()
        for name, held in value.items():
            if name == "//":
                continue
            place = mark.children[name]
            if name == "dynamic" and isinstance(held, dict):
                for label, content in held.items():
                    self.dynamic(label, content, place.children[label], inner)
                continue
            if name == "lifecycle":
                self.blocks(name, 0, [], held, place, inner)
                continue
            plain = name in _NOT_EVALUATED
            expression = self.expression(held, place, plain)
            inner.attributes[name] = Attribute(name, expression, self.source, self.offset(place.key(), 0))
        start = self.offset(mark.key(), 0)
        return Block(kind, labels, inner, self.source, start, self.offset(mark.key(), 1), self.offset(mark.at(), 1))

    def dynamic(self, label: str, value: Any, mark: Mark, body: Body) -> None:
        """A `dynamic` block, or a list of them."""
        if isinstance(value, list):
            for item, inner in zip(value, mark.children, strict=True):
                self.dynamic(label, item, inner, body)
            return
        if not isinstance(value, dict):
            raise InputError([Problem(mark.at(), "'dynamic' is a block: an object is needed")])
        content = value.get("content", {})
        block = self.block("dynamic", [label], {k: v for k, v in value.items() if k != "content"}, mark)
        if isinstance(content, dict) and "content" in value:
            block.body.blocks.append(self.block("content", [], content, mark.children["content"]))
        body.blocks.append(block)

    def expression(self, value: Any, mark: Mark, plain: bool = False) -> ex.Expression:
        """The expression that a JSON value is: texts are templates."""
        place = (self.source, self.offset(mark.entry(), 0), self.offset(mark.at(), 1))
        if isinstance(value, str) and not plain and ("${" in value or "%{" in value):
            return self.template(value, mark, place)
        if isinstance(value, list):
            items = zip(value, mark.children, strict=True)
            return ex.Tuple(*place, tuple(self.expression(v, m, plain) for v, m in items))
        if isinstance(value, dict):
            entries = []
            for key, held in value.items():
                inner = mark.children[key]
                key_place = (self.source, self.offset(inner.key(), 0), self.offset(inner.key(), 1))
                entries.append(ex.Entry(ex.Literal(*key_place, key), self.expression(held, inner, plain)))
            return ex.Object(*place, tuple(entries))
        return ex.Literal(*place, value)

    def template(self, value: str, mark: Mark, place: tuple[Source, int, int]) -> ex.Expression:
        """A text with expressions: positions inside it are those of the text itself."""
        start = self.offset(mark.at(), 0) + 1
        written = self.source.text[start : start + len(value)]
        if written == value:
            return templates.parse(self.source, Template(value, start, heredoc=True), start - 1)
        source = _Inside(value, self.source.location(place[1], place[2]))
        return templates.parse(source, Template(value, 0, heredoc=True), 0)

    def offset(self, place: Location, end: int) -> int:
        """The offset of a place's beginning, or of its end."""
        line, column = (place.end_line, place.end_column) if end else (place.line, place.column)
        return self.source.lines[min(line, len(self.source.lines)) - 1] + column - 1


class _Inside(Source):
    """A text with escapes: every place in it is the place of the whole text."""

    def __init__(self, text: str, place: Location) -> None:
        super().__init__(text, place.file)
        self.place = place

    def location(self, start: int, end: int | None = None) -> Location:
        return self.place
