"""Requests against hand-worked answers: deny, boundary, accounts, services, keys, endpoints."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archproof.errors import Location
from archproof.iam.evaluation import Decision, Policies, decide
from archproof.iam.globs import hole
from archproof.iam.policies import Statement, statements
from archproof.iam.requests import Context, Principal, Request

HOME, AWAY = "111111111111", "222222222222"
ROLE = Principal("role", f"arn:aws:iam::{HOME}:role/orders", HOME)
USER = Principal("user", f"arn:aws:iam::{HOME}:user/ana", HOME)
QUEUE = f"arn:aws:sqs:eu-west-1:{HOME}:orders"
SEND = {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": QUEUE}
DENY = {"Effect": "Deny", "Action": "sqs:*", "Resource": "*"}
ALL = {"Effect": "Allow", "Action": "*", "Resource": "*"}
KNOWN = Context(complete=True)


def policy(*entries: dict[str, Any]) -> list[Statement]:
    def locate(*path: str | int) -> Location:
        return Location("policy", int(path[-1]) + 1 if path else 1)

    return list(statements({"Version": "2012-10-17", "Statement": list(entries)}, locate))


def to(principal: Any, **more: Any) -> dict[str, Any]:
    return {**SEND, "Principal": principal, **more}


def ask(principal: Principal = ROLE, account: str = HOME, context: Context = KNOWN, **held: Any) -> Decision:
    resource = QUEUE.replace(HOME, account)
    return decide(Request(principal, "sqs:SendMessage", resource, account, context), Policies(**held))


def codes(decision: Decision) -> list[str]:
    return [reason.code for reason in decision.reasons]


def test_without_a_policy_that_allows_it_is_denied_implicitly():
    decision = ask()
    assert decision.verdict == "denied"
    assert codes(decision) == ["IAM_IMPLICIT_DENY"]
    assert decision.reasons[0].because == "the caller's policies do not allow sqs:SendMessage"


def test_an_identity_policy_is_enough_inside_one_account():
    decision = ask(identity=[policy(SEND)])
    assert decision.verdict == "allowed"
    assert decision.reasons[0].location == Location("policy", 1)


def test_an_explicit_deny_wins_and_is_named_with_its_place():
    decision = ask(identity=[policy(SEND, DENY)])
    assert decision.verdict == "denied"
    assert codes(decision) == ["IAM_EXPLICIT_DENY"]
    assert decision.reasons[0].location == Location("policy", 2)


def test_a_boundary_limits_and_grants_nothing():
    assert codes(ask(identity=[policy(SEND)], boundary=policy())) == ["IAM_IMPLICIT_DENY"]
    assert codes(ask(boundary=policy(ALL))) == ["IAM_IMPLICIT_DENY"]
    assert ask(identity=[policy(SEND)], boundary=policy(ALL)).verdict == "allowed"


@pytest.mark.parametrize(
    ("principal", "names", "boundary", "verdict"),
    [
        (ROLE, {"AWS": ROLE.arn}, None, "allowed"),
        (ROLE, {"AWS": ROLE.arn}, [], "denied"),  # a role's boundary limits what a resource's policy grants
        (USER, {"AWS": USER.arn}, [], "allowed"),  # a user's does not
        (ROLE, {"AWS": f"arn:aws:iam::{HOME}:root"}, None, "denied"),  # the account's policies must say so
        (ROLE, {"AWS": HOME}, None, "denied"),
        (ROLE, "*", None, "allowed"),
        (ROLE, {"AWS": "*"}, None, "allowed"),
        (ROLE, {"AWS": f"arn:aws:iam::{HOME}:role/other"}, None, "denied"),
        (ROLE, {"Service": "lambda.amazonaws.com"}, None, "denied"),
    ],
)
def test_a_resource_policy_grants_inside_its_account_to_whom_it_names(principal, names, boundary, verdict):
    assert ask(principal, resource=policy(to(names)), boundary=boundary).verdict == verdict


@pytest.mark.parametrize(
    ("identity", "names", "verdict", "code"),
    [
        (True, {"AWS": ROLE.arn}, "allowed", None),
        (True, {"AWS": HOME}, "allowed", None),
        (True, "*", "allowed", None),
        (True, None, "denied", "RESOURCE_POLICY_DENY"),
        (True, {"AWS": AWAY}, "denied", "RESOURCE_POLICY_DENY"),
        (False, {"AWS": ROLE.arn}, "denied", "IAM_IMPLICIT_DENY"),
        (False, "*", "denied", "IAM_IMPLICIT_DENY"),
    ],
)
def test_across_accounts_both_sides_must_allow(identity, names, verdict, code):
    own = [policy({**SEND, "Resource": "*"})] if identity else []
    theirs = policy(to(names, Resource="*")) if names else None
    decision = ask(account=AWAY, identity=own, resource=theirs)
    assert decision.verdict == verdict
    assert [c for c in codes(decision) if c] == ([code] if code else [])


def test_a_service_is_let_in_by_the_resource_alone():
    topic = Principal("service", "sns.amazonaws.com")
    allow = to({"Service": "sns.amazonaws.com"}, Condition={"ArnEquals": {"aws:SourceArn": "arn:aws:sns:*:*:news"}})
    source = Context({"aws:sourcearn": (f"arn:aws:sns:eu-west-1:{HOME}:news",)}, complete=True)
    assert ask(topic, context=source, resource=policy(allow)).verdict == "allowed"
    assert ask(topic, context=KNOWN, resource=policy(allow)).verdict == "denied"
    assert ask(topic, context=source, resource=policy(to({"Service": "s3.amazonaws.com"}))).verdict == "denied"


def test_what_hangs_on_an_unknown_key_is_conditional_and_names_it():
    allow = {**SEND, "Condition": {"StringEquals": {"aws:PrincipalTag/team": "blue"}}}
    decision = ask(identity=[policy(allow)], context=Context())
    assert (decision.verdict, decision.keys) == ("conditional", ("aws:PrincipalTag/team",))
    assert decision.reasons[0].because == "the caller's policies allow sqs:SendMessage if aws:PrincipalTag/team fits"
    deny = {**DENY, "Condition": {"Bool": {"aws:SecureTransport": "false"}}}
    decision = ask(identity=[policy(SEND, deny)], context=Context())
    assert (decision.verdict, decision.keys) == ("conditional", ("aws:SecureTransport",))


def test_what_hangs_on_a_value_of_the_deployment_is_unknown():
    allow = {**SEND, "Resource": hole("QueueArn")}
    assert ask(identity=[policy(allow)]).verdict == "unknown"
    held = Policies(unread=[("arn:aws:iam::aws:policy/Odd", Location("t", 3))])
    decision = decide(Request(ROLE, "sqs:SendMessage", QUEUE, HOME, KNOWN), held)
    assert decision.verdict == "unknown"
    assert decision.reasons[-1].because == "the policy arn:aws:iam::aws:policy/Odd is not known here"


def test_every_level_of_service_controls_must_allow_and_a_deny_anywhere_ends_it():
    own = [policy(SEND)]
    assert ask(identity=own, service_controls=[[policy(ALL)], [policy(ALL)]]).verdict == "allowed"
    assert codes(ask(identity=own, service_controls=[[policy(ALL)], [policy()]])).count("IAM_IMPLICIT_DENY") == 1
    assert codes(ask(identity=own, service_controls=[[policy(ALL), policy(DENY)]])) == ["IAM_EXPLICIT_DENY"]


def test_an_endpoint_policy_limits_the_call_that_goes_through_it():
    own = [policy(SEND)]
    only = {"Effect": "Allow", "Principal": "*", "Action": "sqs:ReceiveMessage", "Resource": "*"}
    assert codes(ask(identity=own, endpoint=policy(only))).count("ENDPOINT_POLICY_DENY") == 1
    assert ask(identity=own, endpoint=policy({**only, "Action": "sqs:*"})).verdict == "allowed"


def test_a_key_policy_must_agree_even_inside_the_account():
    key = f"arn:aws:kms:eu-west-1:{HOME}:key/1"
    request = Request(ROLE, "kms:Decrypt", key, HOME, KNOWN)
    use = {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": "*"}
    root = {**use, "Action": "kms:*", "Principal": {"AWS": f"arn:aws:iam::{HOME}:root"}}
    other = {**use, "Principal": {"AWS": f"arn:aws:iam::{HOME}:role/other"}}
    direct = {**use, "Principal": {"AWS": ROLE.arn}}

    def told(identity: bool, *entries: dict[str, Any]) -> tuple[str, list[str]]:
        own = [policy(use)] if identity else []
        decision = decide(request, Policies(own, resource=policy(*entries), resource_must_agree=True))
        return decision.verdict, [c for c in codes(decision) if c]

    assert told(True, root) == ("allowed", [])
    assert told(False, root) == ("denied", ["IAM_IMPLICIT_DENY"])
    assert told(True, other) == ("denied", ["KMS_KEY_POLICY_DENY"])
    assert told(False, direct) == ("allowed", [])


def test_not_action_not_resource_and_not_principal_turn_the_meaning_round():
    keep = {"Effect": "Deny", "NotAction": "sqs:SendMessage", "Resource": "*"}
    assert ask(identity=[policy(SEND, keep)]).verdict == "allowed"
    elsewhere = {"Effect": "Deny", "Action": "*", "NotResource": QUEUE}
    assert ask(identity=[policy(SEND, elsewhere)]).verdict == "allowed"
    others = {"Effect": "Deny", "Action": "*", "Resource": "*", "NotPrincipal": {"AWS": ROLE.arn}}
    assert ask(identity=[policy(SEND)], resource=policy(others)).verdict == "allowed"
    assert ask(USER, identity=[policy(SEND)], resource=policy(others)).verdict == "denied"


def test_variables_take_their_value_from_the_request():
    own = {**SEND, "Resource": f"arn:aws:sqs:eu-west-1:{HOME}:${{aws:PrincipalTag/team}}"}
    tagged = Context({"aws:principaltag/team": ("orders",)}, complete=True)
    assert ask(identity=[policy(own)], context=tagged).verdict == "allowed"
    assert ask(identity=[policy(own)], context=KNOWN).verdict == "denied"
    assert ask(identity=[policy(own)], context=Context()).verdict == "unknown"
    stars = Context({"aws:principaltag/team": ("*",)}, complete=True)
    assert ask(identity=[policy(own)], context=stars).verdict == "denied"


def test_a_document_that_nobody_can_read_decides_nothing():
    held = list(statements("{", lambda *path: Location("p")))
    assert decide(Request(ROLE, "sqs:SendMessage", QUEUE, HOME, KNOWN), Policies([held])).verdict == "unknown"


ENTRY = st.fixed_dictionaries(
    {
        "Effect": st.sampled_from(["Allow", "Deny"]),
        "Action": st.sampled_from(["sqs:*", "sqs:SendMessage", "sns:Publish", "*"]),
        "Resource": st.sampled_from(["*", QUEUE, f"arn:aws:sqs:*:{HOME}:o*", "arn:aws:sns:*:*:*"]),
    }
)
NAMED = st.tuples(ENTRY, st.sampled_from(["*", {"AWS": ROLE.arn}, {"AWS": HOME}, {"AWS": AWAY}, {"Service": "x"}]))


def naive(own: list[Any], boundary: list[Any] | None, resource: list[Any], account: str) -> str:
    """The documentation's words, one after the other, without wildcards in between."""

    def speaks(e: dict[str, Any]) -> bool:
        on = {"*": True, QUEUE: account == HOME, f"arn:aws:sqs:*:{HOME}:o*": account == HOME}
        return e["Action"] in ("sqs:*", "sqs:SendMessage", "*") and on.get(e["Resource"], False)

    def named(who: Any) -> str:
        if who in ("*", {"AWS": ROLE.arn}):
            return "caller"
        return "account" if who == {"AWS": HOME} else ""

    everything = [*own, *(boundary or []), *(e for e, who in resource if named(who))]
    if any(speaks(e) and e["Effect"] == "Deny" for e in everything):
        return "denied"
    allowed = any(speaks(e) for e in own)
    bounded = boundary is None or any(speaks(e) for e in boundary)
    direct = any(speaks(e) and named(who) == "caller" for e, who in resource)
    whole = any(speaks(e) and named(who) == "account" for e, who in resource)
    if account == HOME:
        return "allowed" if (allowed or direct) and bounded else "denied"
    return "allowed" if allowed and bounded and (direct or whole) else "denied"


@given(
    st.lists(ENTRY, max_size=3), st.none() | st.lists(ENTRY, max_size=2), st.lists(NAMED, max_size=3),
    st.sampled_from([HOME, AWAY]),
)  # fmt: skip
def test_it_agrees_with_a_naive_evaluator(own, boundary, resource, account):
    theirs = policy(*({**entry, "Principal": who} for entry, who in resource))
    limit = None if boundary is None else policy(*boundary)
    assert ask(account=account, identity=[policy(*own)], boundary=limit, resource=theirs).verdict == naive(
        own, boundary, resource, account
    )


@given(st.lists(ENTRY, max_size=4))
def test_the_order_of_statements_does_not_matter(entries):
    verdicts = {ask(identity=[policy(*order)]).verdict for order in itertools.permutations(entries)}
    assert len(verdicts) == 1
