"""Texts with wildcards and holes."""

from __future__ import annotations

import re
from fnmatch import translate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archproof.iam.globs import arn_like, equal, hole, like, literal, plain, unique

QUEUE = hole("Queue")
ACCOUNT = hole("AWS::AccountId")


@pytest.mark.parametrize(
    ("pattern", "value", "expected"),
    [
        ("*", "anything", True),
        ("a?c", "abc", True),
        ("a?c", "ac", False),
        ("orders-*", "orders-", True),
        ("orders-*", "order-1", False),
        ("*", QUEUE, True),
        (QUEUE, QUEUE, True),
        (QUEUE, hole("Other"), None),
        ("orders", QUEUE, None),
        ("orders/*", f"{QUEUE}/x", None),
        ("orders/*", f"{QUEUE}", None),
        (f"{QUEUE}/*", f"{QUEUE}/x", True),
        (f"{QUEUE}/a", f"{QUEUE}/b", False),
        ("x*", f"y{QUEUE}", False),
        ("?", QUEUE, None),
        (f"a{QUEUE}", "b", False),
        (f"a{QUEUE}", "ab", None),
    ],
)
def test_a_hole_is_equal_to_itself_and_open_against_everything_else(pattern, value, expected):
    assert like(pattern, value) is expected


@pytest.mark.parametrize(
    ("pattern", "value", "expected"),
    [
        (unique("A"), unique("A"), True),
        (unique("A"), unique("B"), False),
        (f"table/{unique('A')}/*", f"table/{unique('B')}/stream/1", False),
        (f"{unique('A')}*", unique("B"), None),
        (f"x-{unique('A')}", unique("B"), None),
        ("orders", unique("B"), None),
    ],
)
def test_the_names_that_aws_makes_for_two_resources_differ(pattern, value, expected):
    assert like(pattern, value) is expected


def test_case_is_folded_only_where_asked_and_never_in_the_names_of_holes():
    assert like("SQS:Send*", "sqs:sendmessage", fold=True) is True
    assert like("SQS:Send*", "sqs:sendmessage") is False
    assert like(hole("Q"), hole("q"), fold=True) is None


def test_wildcards_of_a_value_stand_for_themselves():
    assert like(literal("a*"), "a*") is True
    assert like(literal("a*"), "ab") is False
    assert equal("a?", "ab") is False
    assert plain(literal("a*") + hole("AWS::Region")) == "a*${AWS::Region}"


@pytest.mark.parametrize(
    ("pattern", "value", "expected"),
    [
        ("*", "arn:aws:sqs:eu-west-1:111111111111:orders", True),
        ("arn:aws:sqs:*:*:orders", "arn:aws:sqs:eu-west-1:111111111111:orders", True),
        ("arn:aws:sqs:*:orders", "arn:aws:sqs:eu-west-1:111111111111:orders", False),
        ("arn:aws:s3:::logs/*", "arn:aws:s3:::logs/a:b/c", True),
        ("arn:aws:s3:::logs", "arn:aws:s3:::logs/a", False),
        (f"arn:aws:sqs:*:{ACCOUNT}:*", f"arn:aws:sqs:eu-west-1:{ACCOUNT}:{QUEUE}", True),
        ("arn:aws:sqs:*:111111111111:*", f"arn:aws:sqs:eu-west-1:{ACCOUNT}:{QUEUE}", None),
        ("arn:aws:sns:*:111111111111:*", f"arn:aws:sqs:eu-west-1:{ACCOUNT}:{QUEUE}", False),
        (hole("Parameter"), "arn:aws:sqs:eu-west-1:111111111111:orders", None),
    ],
)
def test_the_parts_of_an_arn_are_compared_one_by_one(pattern, value, expected):
    assert arn_like(pattern, value) is expected


TEXTS = st.text("ab*?", max_size=8)


@given(TEXTS, st.text("ab", max_size=8))
def test_without_holes_it_is_what_a_shell_does(pattern, value):
    assert like(pattern, value) is (re.match(translate(pattern), value) is not None)


FILLINGS = st.text("ab", max_size=3)
WITH_HOLES = st.lists(st.sampled_from(["a", "b", "*", "?", hole("x"), hole("y")]), max_size=6).map("".join)
VALUES = st.lists(st.sampled_from(["a", "b", hole("x"), hole("y")]), max_size=6).map("".join)


@given(WITH_HOLES, VALUES, FILLINGS, FILLINGS)
def test_what_is_sure_stays_so_whatever_the_holes_turn_out_to_be(pattern, value, x, y):
    verdict = like(pattern, value)

    def filled(text: str) -> str:
        return text.replace(hole("x"), x).replace(hole("y"), y)

    if verdict is not None:
        assert like(filled(pattern), filled(value)) is verdict


def test_a_character_that_has_to_be_there_is_not_one_of_a_holes_name() -> None:
    assert like("*?*a", hole("x") + "a") is None
    assert like("*a", hole("x") + "a") is True
    assert like("*x*b", hole("x") + "b") is None


def test_a_hostile_pattern_is_soon_compared() -> None:
    assert like("*a" * 20 + "b", "a" * 2000) is False
