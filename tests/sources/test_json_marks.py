"""JSON into values, with the place of every key and value."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archproof.errors import InputError
from archproof.model.json import parse
from archproof.model.yaml import MAX_DEPTH, Mark

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=20,
)


def _problem(text: str) -> str:
    with pytest.raises(InputError) as error:
        parse(text, "f.json")
    (problem,) = error.value.problems
    return str(problem)


def test_every_key_and_value_has_its_place() -> None:
    parsed = parse('{\r\n\t"a": [1, {"b\\u0041": "x"}],\n  "c": {}\n}\n', "f.json")
    assert parsed.value == {"a": [1, {"bA": "x"}], "c": {}}
    inner = parsed.mark.children["a"].children[1].children["bA"]
    assert str(inner.entry()) == "f.json:2:12"
    assert inner.at()[1:] == (2, 23, 2, 26)
    assert parsed.mark.children["c"].entry()[1:] == (3, 3, 3, 10)
    assert parsed.mark.at()[1:] == (1, 1, 4, 2)
    assert len(parsed.mark.children["c"].children) == 0


@given(VALUES, st.sampled_from([None, 1, "\t"]))
def test_what_stands_at_every_mark_is_the_value(value: Any, indent: Any) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=indent == 1)
    lines = text.split("\n")

    def holds(value: Any, mark: Mark) -> None:
        place = mark.at()
        rows = lines[place.line - 1 : place.end_line]
        rows[-1] = rows[-1][: place.end_column - 1]
        rows[0] = rows[0][place.column - 1 :]
        assert json.loads("\n".join(rows)) == value
        for key in value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ():
            holds(value[key], mark.children[key])

    parsed = parse(text, "f")
    assert parsed.value == value
    holds(value, parsed.mark)


def test_a_key_that_stands_twice_is_told_and_the_last_counts() -> None:
    parsed = parse('{"a": 1,\n "a": 2, "b": [{"c": 1, "c": 3}]}', "f.json")
    assert parsed.value == {"a": 2, "b": [{"c": 3}]}
    assert [str(p) for p in parsed.notes] == [
        "f.json:2:2: duplicate key 'a' (first on line 1): the last one counts",
        "f.json:2:25: duplicate key 'c' (first on line 2): the last one counts",
    ]
    assert parsed.mark.children["a"].key().line == 2


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "f.json:1:1: not JSON: expected a value; found the end of the file"),
        ('{"a": 1,}', "f.json:1:9: not JSON: expected a key in double quotes; found '}'"),
        ('{"a" 1}', "f.json:1:6: not JSON: expected ':' after the key; found '1'"),
        ("[1\n 2]", "f.json:2:2: not JSON: expected ',' or the end of the list or map; found '2'"),
        ('{"a": "x', "f.json:1:7: not JSON: a text that begins here has no closing quote"),
        ('{} {"b": 1}', "f.json:1:4: not JSON: more text after the end of the value; one file holds one"),
        ('{"NaN": NaN}', "f.json:1:9: not JSON: NaN is no number of JSON"),
        ("[1, -1e999]", "f.json:1:5: the number -1e999 is too large to hold"),
        ("[" + "9" * 5000 + "]", f"f.json:1:2: the number {'9' * 57}... is too large to hold"),
        ('["a\\ud83d"]', "f.json:1:2: not text: half of a character (U+D83D)"),
    ],
)
def test_what_is_no_json_is_told_with_its_place(text: str, message: str) -> None:
    assert _problem(text) == message


def test_tabs_and_escapes_are_json() -> None:
    assert parse('{\t"a":\t"\\/ \\ud83d\\ude00 \t"}', "f").value == {"a": "/ \U0001f600 \t"}


@pytest.mark.parametrize("depth", [MAX_DEPTH + 2, 5_000, 200_000])
def test_what_is_nested_too_deep_is_told_where_it_becomes_so(depth: int) -> None:
    message = _problem("[" * depth + "]" * depth)
    assert message == f"f.json:1:{MAX_DEPTH + 2}: nested more than {MAX_DEPTH} levels deep"
    assert _problem('{"a":' * depth + "1" + "}" * depth).endswith(f"nested more than {MAX_DEPTH} levels deep")


def test_a_text_of_too_many_values_is_refused_before_it_is_read() -> None:
    start = time.perf_counter()
    assert _problem("[" + "[]," * 5_000_000 + "1]") == "f.json:1:1: more than 4,000,000 values in one file"
    assert time.perf_counter() - start < 3


def test_commas_in_texts_are_no_values() -> None:
    assert parse('["' + "," * 5_000_000 + '"]', "f").value == ["," * 5_000_000]
