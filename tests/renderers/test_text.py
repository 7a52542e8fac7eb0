"""Text is cleaned, measured and broken so that it stays in its box whatever it is."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from archproof.renderers import text

HOSTILE = st.text(max_size=120) | st.text(alphabet="ab-_/ \u202e\u200b\u0000漢字🙂́W", max_size=60)


def test_known_widths_are_those_of_the_font() -> None:
    assert text.width("G", 1000) == 746  # 1528 of 2048 units
    assert text.width("", 12) == 0
    assert text.width("WWW", 10, bold=True) > text.width("iii", 10, bold=True)


def test_wide_characters_count_as_wide() -> None:
    assert text.width("漢", 10) >= 10
    assert text.width("🙂", 10) >= 10
    assert text.width("é", 10) == text.width("e\u0301", 10)


def test_control_and_direction_characters_are_dropped() -> None:
    assert text.clean("a\u202eb\u0000c\u2066d\ufeff\u200b") == "ab cd"
    assert text.clean(" many\n\t spaces ") == "many spaces"
    assert text.clean("\ud800x") == "x"


@given(HOSTILE)
def test_clean_text_has_nothing_invisible_and_stays_clean(value: str) -> None:
    cleaned = text.clean(value)
    assert not any(unicodedata.category(c) in ("Cc", "Cs") for c in cleaned)
    assert not set(cleaned) & set("\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u2069\u200b")
    assert text.clean(cleaned) == cleaned


@given(HOSTILE, st.integers(30, 300), st.integers(1, 4))
def test_wrapped_lines_are_few_enough_and_fit(value: str, limit: int, lines: int) -> None:
    broken = text.wrap(value, limit, 12, lines=lines)
    assert len(broken) <= lines
    assert all(text.width(line, 12) <= limit + 0.01 for line in broken)


@given(st.text(alphabet="abc def-", max_size=80))
def test_nothing_is_lost_where_there_is_room(value: str) -> None:
    broken = text.wrap(value, 60, 12, lines=1000)
    assert "".join(broken).replace(" ", "") == text.clean(value).replace(" ", "")


def test_words_break_at_hyphens_only_when_too_wide() -> None:
    assert text.wrap("sign in with a one-time password", 130, 12) == ["sign in with a", "one-time password"]
    assert text.wrap("cgup-singtel-cast3-uatez-app", 100, 12)[0].endswith("-")


def test_a_huge_title_ends_in_an_ellipsis() -> None:
    broken = text.wrap("x" * 10_000, 100, 12, lines=2)
    assert len(broken) == 2 and broken[1].endswith("…")
