"""YAML 1.2 with marks: scalars, duplicates, bombs, encodings, and the place of everything that is wrong."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from archproof.errors import InputError
from archproof.model.text import read_text
from archproof.model.yaml import parse, scalar


def problems(text: str) -> list[str]:
    """What is wrong with a text, as `line:column message`."""
    try:
        found = parse(text, "x").problems
    except InputError as error:
        found = error.problems
    return [f"{p.location.line}:{p.location.column} {p.message}" for p in found]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("on", "on"), ("no", "no"), ("yes", "yes"), ("010", "010"), ("22:22", "22:22"), ("1_000", "1_000"),
        ("0o17", 15), ("0x1f", 31), (".5", 0.5), ("1e3", 1000.0), ("1.", 1.0), ("+1", 1), ("-0", 0), ("~", None),
        ("null", None), ("", None), ("True", True), ("FALSE", False), ("tRue", "tRue"), ("2027-03-31", "2027-03-31"),
        ("12:30:45", "12:30:45"), ("0b1", "0b1"), ("1.2.3", "1.2.3"), (".inf", float("inf")), ("-.INF", float("-inf")),
        ("--1", "--1"), ("1e", "1e"), (".", "."), ("-", "-"), ("0x", "0x"), ("9" * 500, "9" * 500),
    ],
)  # fmt: skip
def test_plain_scalars_are_those_of_the_core_schema(text: str, value: object) -> None:
    assert scalar(text) == value
    assert type(scalar(text)) is type(value)


def test_quotes_make_text() -> None:
    assert parse("""{a: "1", b: 'true', c: !!str 1, d: ! 1, e: !!int "3", f: "~"}""", "x").value == {
        "a": "1", "b": "true", "c": "1", "d": "1", "e": 3, "f": "~",
    }  # fmt: skip


def test_keys_are_text_whatever_they_look_like() -> None:
    assert parse("{1: a, true: b, ~: c, 0x1: d}", "x").value == {"1": "a", "true": "b", "~": "c", "0x1": "d"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: 1\nb: 2\na: 3", ["3:1 duplicate key 'a' (first on line 1)"]),
        ("x: {a: 1, 'a': 2}", ["1:11 duplicate key 'a' (first on line 1)"]),
        ("a: {<<: {b: 1}}", ["1:5 '<<' (merge) is not part of YAML 1.2; write the values out or use `defaults`"]),
        ("? [a]\n: 1", ["1:3 a key must be a plain text, not a list, a map or an alias"]),
        ("a: &x 1\n*x : 2", ["2:1 a key must be a plain text, not a list, a map or an alias"]),
        ("a: &x [*x]", ["1:8 the alias *x stands inside its own anchor"]),
        ("a: *x", ["1:4 the alias *x has no anchor &x before it"]),
        ("a: 1\n\tb: 2", ["2:1 a tab in the indentation; YAML indents with spaces"]),
        ("a:\n\t- b", ["2:1 a tab in the indentation; YAML indents with spaces"]),
        ("a: 1\n---\nb: 2", ["2:1 a second document begins here; one file holds one document"]),
        ("a: !Reff b", ["1:4 the tag !Reff is not known here; did you mean 'Ref'?"]),
        ("a: !!set x", ["1:4 the tag !!set is not of the YAML 1.2 core schema"]),
        ("a: !!int x", ["1:4 'x' is not a !!int"]),
        ("!Ref a: 1", ["1:1 the tag !Ref has no meaning on a key"]),
        ('a: "\\0"', ["1:4 the control character U+0000 in a text: take it out"]),
        ("é: \0", ["1:4 not YAML: the character U+0000 is not allowed"]),
        ("a: é\u2028", ["1:5 the character U+2028 ends a line for some programs and not for others: remove it"]),
        ("a: \ud800", ["1:4 not text: half of a character (U+D800)"]),
        ("", ["1:1 the file is empty; `archproof init` writes one to start from"]),
        ("# only a comment\n", ["1:1 the file is empty; `archproof init` writes one to start from"]),
        ("a: [1, 2\nb: 3\n", [
            "2:2 not YAML: did not find expected ',' or ']' (while parsing a flow sequence that begins on line 1)",
        ]),
        ("a: b: c", [
            "1:5 not YAML: mapping values are not allowed in this context: "
            "a text with ': ' in it needs quotes; keys of one map stand in one column",
        ]),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_place(text: str, expected: list[str]) -> None:
    assert problems(text) == expected


def test_many_problems_are_told_at_once_with_the_one_that_ends_the_reading() -> None:
    assert problems("a: 1\na: 2\nb: !Foo x\nc: [") == [
        "2:1 duplicate key 'a' (first on line 1)",
        "3:4 the tag !Foo is not known here",
        "4:5 not YAML: did not find expected node content",
    ]


@pytest.mark.parametrize(
    "text",
    ["[" * 100_000, "{a: " * 50_000, "".join(f"{'  ' * i}a:\n" for i in range(3000)), "- " * 100_000],
    ids=["lists", "maps", "blocks", "dashes"],
)
def test_a_nesting_bomb_is_an_error_and_no_crash(text: str) -> None:
    begin = time.monotonic()
    found = problems(text)
    assert time.monotonic() - begin < 2
    assert found[0].endswith("nested more than 100 levels deep")


def test_an_alias_bomb_is_an_error_within_a_second() -> None:
    text = "a: &a [x, x, x, x, x, x, x, x, x]\n"
    for previous, name in zip("abcdefgh", "bcdefghi", strict=True):
        text += f"{name}: &{name} [{', '.join([f'*{previous}'] * 9)}]\n"
    begin = time.monotonic()
    assert problems(text)[0].endswith("aliases repeat more than 200,000 values: write fewer of them")
    assert time.monotonic() - begin < 1


def test_long_texts_count_for_what_they_weigh() -> None:
    text = f"a: &a {'x' * 1_000_000}\nb: [{', '.join(['*a'] * 100)}]\n"
    assert problems(text)[0].endswith("aliases repeat more than 200,000 values: write fewer of them")


def test_aliases_within_reason_are_what_they_stand_for() -> None:
    parsed = parse("a: &a {b: 1}\nc: *a\n", "x")
    assert parsed.value == {"a": {"b": 1}, "c": {"b": 1}}
    assert str(parsed.mark.children["c"].at()) == "x:2:4"


def test_a_text_of_ten_megabytes_is_read_and_a_key_of_one_is_shortened() -> None:
    assert len(parse(f"a: {'x' * 10_000_000}", "x").value["a"]) == 10_000_000
    key = "k" * 1_000_000
    assert len(problems(f"? {key}\n: 1\n? {key}\n: 2")[0]) < 150


@pytest.mark.parametrize(("name", "form"), [("Ref", "Ref"), ("Sub", "Fn::Sub"), ("Condition", "Condition")])
def test_short_forms_become_long_ones(name: str, form: str) -> None:
    assert parse(f"a: !{name} b", "x").value == {"a": {form: "b"}}


def test_get_att_splits_at_the_first_dot() -> None:
    assert parse("a: !GetAtt b.c.d", "x").value == {"a": {"Fn::GetAtt": ["b", "c.d"]}}


def test_marks_span_keys_and_values() -> None:
    mark = parse('a:\n  "b c": [1,\n    2]\n', "x").mark.children["a"].children["b c"]
    assert (str(mark.key()), mark.key().end_column) == ("x:2:3", 8)
    assert (str(mark.at()), mark.at().end_line, mark.at().end_column) == ("x:2:10", 3, 7)
    assert str(mark.entry()) == "x:2:3"
    assert str(mark.children[1].at()) == "x:3:5"


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_lines_are_counted_whatever_ends_them(ending: str) -> None:
    assert problems(f"a: 1{ending}{ending}b: *x") == ["3:4 the alias *x has no anchor &x before it"]


def unreadable(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        read_text(path, "x")
    (problem,) = caught.value.problems
    return f"{problem.location.line}:{problem.location.column} {problem.message}"


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("a: 1".encode("utf-16"), "1:1 the file is UTF-16; expected UTF-8: save it as UTF-8"),
        ("a: 1".encode("utf-16-le"), "1:1 the file is UTF-16 or no text at all; expected UTF-8: save it as UTF-8"),
        ("a: 1".encode("utf-32"), "1:1 the file is UTF-32; expected UTF-8: save it as UTF-8"),
        (b"a: 1\nb: \xc3\xa9\xff", "2:5 byte 0xff is not UTF-8: save the file as UTF-8"),
        (b"\xef\xbb\xbfa: \xe9", "1:4 byte 0xe9 is not UTF-8: save the file as UTF-8"),
        (b"a: \xc3", "1:4 byte 0xc3 is not UTF-8: save the file as UTF-8"),
    ],
)  # fmt: skip
def test_another_encoding_is_told_with_its_byte(tmp_path: Path, raw: bytes, expected: str) -> None:
    (tmp_path / "f").write_bytes(raw)
    assert unreadable(tmp_path / "f") == expected


def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"\xef\xbb\xbfa: 1")
    assert read_text(tmp_path / "f", "x") == "a: 1"
    assert parse("\ufeffa: 1", "x").value == {"a": 1}


def test_what_is_no_file_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "architecture.yaml").touch()
    (tmp_path / "loop").symlink_to("loop")
    assert unreadable(tmp_path / "pipe") == "1:1 this is a pipe or a device, not a file"
    assert unreadable(Path("/dev/zero")) == "1:1 this is a pipe or a device, not a file"
    assert unreadable(tmp_path) == "1:1 this is a folder, not a file"
    assert unreadable(tmp_path / "architecture.yml") == "1:1 no such file; did you mean 'architecture.yaml'?"
    assert unreadable(tmp_path / "nowhere" / "f") == "1:1 no such file"
    assert unreadable(tmp_path / "architecture.yaml" / "f") == "1:1 cannot be read: Not a directory"
    assert unreadable(tmp_path / "loop") == "1:1 cannot be read: Too many levels of symbolic links"
    assert unreadable(tmp_path / ("n" * 300)) == "1:1 cannot be read: File name too long"
    assert unreadable(tmp_path / "a\0b").startswith("1:1 cannot be read: ")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_forbidden_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "f").touch(mode=0o000)
    assert unreadable(tmp_path / "f") == "1:1 cannot be read: Permission denied"
