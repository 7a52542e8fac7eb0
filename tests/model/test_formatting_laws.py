"""Laws of `archproof fmt`: the values stay, the comments stay, and a second time changes nothing."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archproof.errors import InputError
from archproof.model.document import SECTIONS
from archproof.model.formatting import canonical
from archproof.model.formatting.tree import comments
from archproof.model.yaml import parse

WORDS = st.text("abc0:{}[]#,'\"\\ -?!&*|>%@`=~\té\n", max_size=12) | st.sampled_from(
    ["", "no", "on", "010", "0x1f", "22:22", "null", "~", "1e3", "- a", "a: b", "x #y", "true", "GET /orders", "!Ref a"]
)
SCALARS = WORDS | st.integers() | st.booleans() | st.none()
NAMES = ["kind", "type", "title", "in", "from", "to"]
KEYS = st.text("abc:{}[]#,'\"\\ -?!&*|>%@`é", max_size=8) | st.sampled_from(NAMES)
VALUES: st.SearchStrategy[Any] = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4), max_leaves=12
)
DOCUMENTS = st.dictionaries(st.sampled_from(SECTIONS), VALUES, min_size=1, max_size=5)


class Writer:
    """Writes values as YAML in ways that only chance chooses, with comments wherever they may stand."""

    def __init__(self, draw: Any) -> None:
        self.draw = draw
        self.count = 0

    def pick(self, options: Any) -> Any:
        return self.draw(st.sampled_from(options))

    def comment(self) -> str:
        self.count += 1
        return f"# comment {self.count}"

    def above(self, pad: str) -> str:
        count = self.pick([0, 0, 0, 1, 2])
        lines = [self.pick(["", f"{self.pick(['', pad, pad + '  '])}{self.comment()}"]) for _ in range(count)]
        return "".join(f"{line}\n" for line in lines)

    def behind(self) -> str:
        return f" {self.comment()}" if self.pick([False, False, True]) else ""

    def scalar(self, value: Any, flow: bool, pad: str, *, key: bool = False) -> str:
        if not isinstance(value, str):
            return json.dumps(value)
        if not key and not flow and "\n" in value and "\t" not in value and self.pick([True, False]) and value.strip():
            chomp = "+" if value.endswith("\n\n") else "" if value.endswith("\n") else "-"
            digit = "2" if value[0] in " \n" else ""
            body = "".join(f"{pad}{line}\n" if line else "\n" for line in value.removesuffix("\n").split("\n"))
            return f"|{digit}{chomp}{self.behind()}\n{body}".removesuffix("\n")
        plain = value and value[0] not in "?:-" and (flow is False or not set(value) & set(",[]{}"))
        if plain and not set(value) & set("\t\n") and self.pick([True, True, False]):
            try:
                sample = parse(f"{value}: 1" if key else f"{{a: {value}}}" if flow else f"a: {value}", "x").value
                if sample == ({value: 1} if key else {"a": value}) and "#" not in value and ":" not in value:
                    return value
            except InputError:
                pass
        if "\n" not in value and "\t" not in value and self.pick([True, False]):
            return "'" + value.replace("'", "''") + "'"
        return json.dumps(value)

    def flow(self, value: Any, pad: str) -> str:
        if isinstance(value, dict | list):
            opened, closed = "{}" if isinstance(value, dict) else "[]"
            parts = [opened]
            items = value.items() if isinstance(value, dict) else enumerate(value)
            for position, (key, item) in enumerate(items):
                if position:
                    parts.append(",")
                parts.append(self.pick([" ", " ", f" {self.comment()}\n{pad}  "]))
                if isinstance(value, dict):
                    parts.append(f"{self.scalar(key, True, '', key=True)}: ")
                parts.append(self.flow(item, pad))
            parts.append(self.pick(["", " ", f" {self.comment()}\n{pad} "]))
            return "".join([*parts, closed])
        return self.scalar(value, True, "")

    def block(self, value: Any, indent: int) -> str:
        pad = " " * indent
        text = ""
        for item in value.items() if isinstance(value, dict) else value:
            text += self.above(pad)
            if isinstance(value, dict):
                head, item = f"{pad}{self.scalar(item[0], False, '', key=True)}:", item[1]
            else:
                head = f"{pad}-"
            if isinstance(item, dict | list) and item and self.pick([True, True, False]):
                step = self.pick([1, 2, 4]) if isinstance(value, dict) else 2
                step = self.pick([0, step]) if isinstance(item, list) and isinstance(value, dict) else step
                text += f"{head}{self.behind()}\n{self.block(item, indent + step)}"
            elif isinstance(item, dict | list):
                text += f"{head} {self.flow(item, pad)}{self.behind()}\n"
            else:
                # a text in `|` counts its indentation from the block around it
                written = self.scalar(item, False, pad + "  ")
                text += f"{head} {written}" + ("" if written[:1] == "|" else self.behind()) + "\n"
        return text


@st.composite
def files(draw: Any) -> str:
    writer = Writer(draw)
    return writer.above("") + writer.block(draw(DOCUMENTS), 0) + writer.above("")


@settings(max_examples=300, deadline=None)
@given(files())
def test_values_and_comments_stay_and_a_second_time_changes_nothing(text: str) -> None:
    before = parse(text, "x")
    assert not before.problems
    written = canonical(text)
    assert parse(written, "x").value == before.value
    assert Counter(c.text for c in comments(written)) == Counter(c.text for c in comments(text))
    assert canonical(written) == written


@settings(max_examples=200, deadline=None)
@given(st.text("ab1:-#{}[],'\"|>&*! \n", max_size=40))
def test_any_text_is_formatted_or_refused_with_a_reason(text: str) -> None:
    source = f"components:\n{text}"
    try:
        written = canonical(source)
    except InputError as error:
        assert error.problems
        return
    assert parse(written, "x").value == parse(source, "x").value
    assert canonical(written) == written


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_every_line_ending_becomes_a_line_feed(ending: str) -> None:
    assert canonical(f"archproof: 1{ending}links: []{ending}") == "archproof: 1\nlinks: []\n"
