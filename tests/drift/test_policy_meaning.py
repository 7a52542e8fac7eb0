"""Policies by what they allow: how statements are written is no drift, one more action is."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archproof.drift import meaning
from archproof.drift.meaning import Context

QUEUE = "arn:aws:sqs:eu-west-1:111122223333:orders"


def policy(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def allow(actions: Any, resources: Any = QUEUE, **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": actions, "Resource": resources, **more}


def compare(declared: Any, live: Any) -> Context:
    context = Context("AWS::SQS::QueuePolicy", {"PolicyDocument": declared}, {"PolicyDocument": live})
    meaning.compare(context)
    assert not context.declared and not context.live
    return context


def whys(declared: Any, live: Any) -> list[str]:
    return [d.why for d in compare(declared, live).declared_tier]


@pytest.mark.parametrize(
    ("declared", "live"),
    [
        (policy(allow(["sqs:A", "sqs:B"])), policy(allow("sqs:B"), allow("SQS:a"))),
        (policy(allow("sqs:*")), policy(allow(["sqs:*", "sqs:SendMessage"]))),
        (policy(allow("sqs:A", ["x", "y"])), policy(allow("sqs:A", "y"), allow("sqs:A", "x", Sid="own"))),
        (policy(allow("sqs:A", Principal="*")), policy(allow("sqs:A", Principal={"AWS": "*"}))),
        (policy(allow("sqs:A", Principal={"AWS": "111122223333"})),
         policy(allow("sqs:A", Principal={"AWS": ["arn:aws:iam::111122223333:root"]}))),
        (policy(allow("sqs:A", Condition={"StringEquals": {"aws:SourceAccount": ["1", "2"]}})),
         policy(*(allow("sqs:A", Condition={"StringEquals": {"AWS:SourceAccount": n}}) for n in ("2", "1")))),
        (policy(allow("sqs:A", Condition={"Bool": {"aws:SecureTransport": True}})),
         policy(allow("sqs:A", Condition={"Bool": {"aws:SecureTransport": "true"}}))),
        (policy(allow("sqs:A", Condition={"ArnEquals": {"aws:SourceArn": "arn:aws:s3:::b"}})),
         policy(allow("sqs:A", Condition={"ArnLike": {"aws:SourceArn": "arn:aws:s3:::b"}}))),
    ],
)  # fmt: skip
def test_the_same_in_other_words_is_no_drift(declared: Any, live: Any) -> None:
    assert whys(declared, live) == whys(live, declared) == []


@pytest.mark.parametrize(
    ("declared", "live", "said"),
    [
        (policy(allow("sqs:SendMessage")), policy(allow(["sqs:SendMessage", "sqs:DeleteQueue"])),
         [f"allows sqs:DeleteQueue on {QUEUE}"]),
        (policy(allow("sqs:SendMessage")), policy(allow("sqs:*")), [f"allows sqs:* on {QUEUE}"]),
        (policy(allow("sqs:SendMessage")), policy(allow("sqs:SendMessage", "*")),
         ["allows sqs:SendMessage on everything"]),
        (policy(allow("sqs:*")), policy(allow("sqs:SendMessage")), [f"no longer allows sqs:* on {QUEUE}"]),
        (policy(allow("sqs:A"), {**allow("sqs:B"), "Effect": "Deny"}), policy(allow("sqs:A")),
         [f"no longer denies sqs:B on {QUEUE}"]),
        (policy(allow("sqs:A")), policy(allow("sqs:A"), {**allow("sqs:B"), "Effect": "Deny"}),
         [f"denies, beyond what is declared, sqs:B on {QUEUE}"]),
        (policy(allow("sqs:A", Principal={"Service": "sns.amazonaws.com"})), policy(allow("sqs:A", Principal="*")),
         [f"allows sqs:A on {QUEUE} to everyone"]),
        (policy(allow("sqs:A", Condition={"StringEquals": {"aws:SourceAccount": "1"}})), policy(allow("sqs:A")),
         [f"allows sqs:A on {QUEUE}"]),
        (policy(allow("sqs:A")), policy(allow("sqs:A", Condition={"StringEquals": {"aws:SourceAccount": "1"}})),
         [f"no longer allows sqs:A on {QUEUE}"]),
        (policy({"Effect": "Allow", "NotAction": ["iam:*", "sts:*"], "Resource": "*"}),
         policy({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}),
         ["allows everything but iam:* on everything"]),
    ],
)  # fmt: skip
def test_what_more_or_less_is_allowed_is_named(declared: Any, live: Any, said: list[str]) -> None:
    assert whys(declared, live) == said


def test_the_difference_stands_at_the_statement_it_is_most_like_and_holds_only_what_is_more() -> None:
    declared = policy(allow("s3:GetObject", "b/*"), allow("sqs:SendMessage"))
    (found,) = compare(
        declared, policy(allow(["sqs:SendMessage", "sqs:PurgeQueue"]), allow("s3:GetObject", "b/*"))
    ).declared_tier
    assert found.property == "PolicyDocument.Statement[1]"
    assert (found.expected, found.actual) == (
        None,
        {"Effect": "Allow", "Action": ["sqs:PurgeQueue"], "Resource": [QUEUE]},
    )


def test_conditions_are_told_as_they_are_written() -> None:
    more = allow(["sqs:B"], Condition={"StringEquals": {"aws:SourceAccount": ["2", "1"]}})
    assert whys(policy(allow("sqs:A")), policy(allow("sqs:A"), more)) == [
        f"allows sqs:B on {QUEUE} where aws:SourceAccount StringEquals 1, 2"
    ]


def test_policies_in_texts_are_policies() -> None:
    assert whys(
        '{"Statement": {"Effect": "Allow", "Action": "a:B", "Resource": "*"}}', policy(allow(["a:B", "a:C"], "*"))
    ) == ["allows a:C on everything"]


def test_what_is_not_known_yet_is_unread_and_never_a_difference() -> None:
    context = compare(policy(allow("sqs:A", {"Fn::GetAtt": ["Other", "Arn"]})), policy(allow("sqs:A", QUEUE)))
    assert not context.declared_tier
    assert [d.why for d in context.unread_tier] == [
        f"whether it allows sqs:A on {QUEUE} cannot be told: it is known only after deployment"
    ]


def test_a_role_is_compared_whatever_its_inline_policies_are_called() -> None:
    one = [{"PolicyName": "own", "PolicyDocument": policy(allow(["sqs:A", "sqs:B"]))}]
    two = [{"PolicyName": n, "PolicyDocument": policy(allow(f"sqs:{n}"))} for n in ("B", "A")]
    more = [*two, {"PolicyName": "C", "PolicyDocument": policy(allow("sqs:C", "*"))}]
    for live, said in ((two, []), (more, ["allows sqs:C on everything"])):
        context = Context("AWS::IAM::Role", {"Policies": one}, {"Policies": live})
        meaning.compare(context)
        assert [d.why for d in context.declared_tier] == said


# -- laws

ACTIONS = st.sampled_from(
    ["s3:GetObject", "s3:PutObject", "s3:*", "sqs:SendMessage", "sqs:Receive*", "dynamodb:GetItem"]
)
RESOURCES = st.sampled_from(["arn:aws:s3:::b", "arn:aws:s3:::b/*", "arn:aws:s3:::c/x", "*", QUEUE])
CONDITIONS = st.sampled_from(
    [None, {"StringEquals": {"aws:SourceAccount": ["1", "2"]}}, {"Bool": {"aws:SecureTransport": "true"}}]
)
STATEMENTS = st.builds(
    lambda effect, actions, resources, condition: {
        "Effect": effect, "Action": sorted(actions), "Resource": sorted(resources),
        **({"Condition": condition} if condition else {}),
    },
    st.sampled_from(["Allow", "Allow", "Deny"]), st.sets(ACTIONS, min_size=1, max_size=3),
    st.sets(RESOURCES, min_size=1, max_size=2), CONDITIONS,
)  # fmt: skip


def test_a_managed_policy_that_is_attached_where_none_is_declared_is_more_than_declared() -> None:
    admin = ["arn:aws:iam::aws:policy/AdministratorAccess"]
    context = Context("AWS::IAM::Role", {}, {"ManagedPolicyArns": admin})
    meaning.compare(context)
    [found] = context.declared_tier
    assert (found.property, found.expected, found.actual) == ("ManagedPolicyArns", None, admin)
    assert found.why == "attaches AdministratorAccess" and context.live == {}
    part = Context("AWS::IAM::Role", {}, {"ManagedPolicyArns": admin}, partial=True)
    meaning.compare(part)
    assert part.declared_tier == []


def split(statement: dict[str, Any], random: Any) -> list[dict[str, Any]]:
    """The same statement as one for each action and resource."""
    return [
        {
            **statement,
            "Action": a.upper() if random.random() < 0.2 else a,
            "Resource": r if random.random() < 0.5 else [r],
        }
        for a in statement["Action"] for r in statement["Resource"]
    ]  # fmt: skip


@given(st.lists(STATEMENTS, min_size=1, max_size=4), st.randoms(use_true_random=False))
@settings(max_examples=150, deadline=None)
def test_splitting_and_shuffling_is_silent(statements: list[dict[str, Any]], random: Any) -> None:
    live = [part for s in statements for part in (split(s, random) if random.random() < 0.7 else [s])]
    random.shuffle(live)
    assert whys(policy(*statements), policy(*live)) == []
    assert whys(policy(*live), policy(*statements)) == []


@given(st.lists(STATEMENTS, min_size=1, max_size=4), st.integers(0, 3))
@settings(max_examples=80, deadline=None)
def test_one_more_action_is_always_named(statements: list[dict[str, Any]], position: int) -> None:
    allowed = [n for n, s in enumerate(statements) if s["Effect"] == "Allow"]
    if not allowed:
        return
    at = allowed[position % len(allowed)]
    live = [dict(s) for s in statements]
    live[at]["Action"] = [*live[at]["Action"], "kms:Decrypt"]
    found = whys(policy(*statements), policy(*live))
    assert len(found) == 1 and found[0].startswith("allows kms:Decrypt on ")


def deny(actions: Any, **more: Any) -> dict[str, Any]:
    return {**allow(actions, **more), "Effect": "Deny"}


def when(operator: str, key: str, *values: str) -> dict[str, Any]:
    return {"Condition": {operator: {key: list(values)}}}


def test_a_pattern_written_out_says_the_same_and_one_in_place_of_many_says_more() -> None:
    from archproof.facts import iam_actions

    every = [f"sqs:{name}" for name in iam_actions("sqs") or ()]
    assert whys(policy(allow("sqs:*")), policy(*(allow(name) for name in every))) == []
    assert whys(policy(allow(every)), policy(allow("sqs:*"))) == [f"allows sqs:* on {QUEUE}"]
    assert whys(policy(allow("sqs:*")), policy(allow(every[1:]))) == [f"no longer allows sqs:* on {QUEUE}"]


def test_all_but_some_is_compared_with_what_else_is_said() -> None:
    but = {"Effect": "Allow", "NotAction": ["iam:*"], "Resource": "*"}
    more = {"Effect": "Allow", "NotAction": ["iam:*", "s3:*"], "Resource": "*"}
    assert whys(policy(but), policy(more, allow("s3:*", "*"))) == []
    assert whys(policy(but), policy(but, allow("s3:Get*", "*"))) == []
    assert whys(policy(but), policy(but, allow("iam:Get*", "*"))) == ["allows iam:Get* on everything"]
    assert whys(policy(more), policy(but)) == ["allows everything but iam:* on everything"]


@pytest.mark.parametrize(
    ("wide", "narrow"),
    [
        (when("IpAddress", "aws:SourceIp", "10.0.0.0/8"), when("IpAddress", "aws:SourceIp", "10.1.0.0/16")),
        (when("NotIpAddress", "aws:SourceIp", "10.1.0.0/16"), when("NotIpAddress", "aws:SourceIp", "10.0.0.0/8")),
        (when("StringNotEquals", "aws:x", "a"), when("StringNotEquals", "aws:x", "a", "b")),
        (when("StringEqualsIfExists", "aws:x", "a"), when("StringEquals", "aws:x", "a")),
        (when("StringNotLike", "aws:x", "ab*"), when("StringNotLike", "aws:x", "a*")),
    ],
)
def test_a_narrower_condition_allows_less_and_denies_less(wide: dict[str, Any], narrow: dict[str, Any]) -> None:
    kept, gone = "allows sqs:A", "no longer allows sqs:A"
    assert [w.startswith(gone) for w in whys(policy(allow("sqs:A", **wide)), policy(allow("sqs:A", **narrow)))] == [
        True
    ]
    assert [w.startswith(kept) for w in whys(policy(allow("sqs:A", **narrow)), policy(allow("sqs:A", **wide)))] == [
        True
    ]
    said = whys(policy(deny("sqs:A", **wide)), policy(deny("sqs:A", **narrow)))
    assert [w.startswith("no longer denies sqs:A") for w in said] == [True]
