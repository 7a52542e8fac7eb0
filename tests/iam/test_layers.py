"""Sessions, roles of other accounts, keys used through a service, and every level of control, by hand and by a law."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archproof.iam.evaluation import Decision, Policies, decide
from archproof.iam.requests import Context, Principal, Request
from tests.iam.test_evaluation import ALL, AWAY, DENY, HOME, KNOWN, QUEUE, ROLE, SEND, USER, codes, policy, to

SESSION = f"arn:aws:sts::{HOME}:assumed-role/orders/run"
RUNNING = Principal("role", ROLE.arn, HOME, SESSION)
OTHER = f"arn:aws:sts::{HOME}:assumed-role/orders/other"


def ask(principal: Principal = RUNNING, account: str = HOME, context: Context = KNOWN, **held: Any) -> Decision:
    resource = QUEUE.replace(HOME, account)
    return decide(Request(principal, "sqs:SendMessage", resource, account, context), Policies(**held))


@pytest.mark.parametrize(
    ("own", "session", "names", "boundary", "verdict"),
    [
        (True, [], None, None, "denied"),  # a session's policy limits what the role may do
        (True, [ALL], None, None, "allowed"),
        (False, [ALL], None, None, "denied"),  # and grants nothing
        (False, [], {"AWS": ROLE.arn}, None, "denied"),  # it limits what a resource grants to the role
        (False, [ALL], {"AWS": ROLE.arn}, None, "allowed"),
        (False, [], {"AWS": SESSION}, None, "allowed"),  # but not what it grants to the session by name
        (False, [], {"AWS": SESSION}, [], "allowed"),  # nor does a boundary
        (False, None, {"AWS": ROLE.arn}, [], "denied"),
        (False, [], {"AWS": OTHER}, None, "denied"),
        (True, [DENY], {"AWS": SESSION}, None, "denied"),  # a deny ends it all the same
    ],
)
def test_sessions(own, session, names, boundary, verdict):
    held = {
        "identity": [policy(SEND)] if own else [],
        "session": None if session is None else policy(*session),
        "resource": policy(to(names)) if names else None,
        "boundary": None if boundary is None else policy(*boundary),
    }
    assert ask(**held).verdict == verdict


def test_a_session_of_another_account_is_limited_by_its_own_policies():
    theirs = policy(to({"AWS": SESSION}, Resource="*"))
    own = [policy({**SEND, "Resource": "*"})]
    assert ask(account=AWAY, identity=own, resource=theirs).verdict == "allowed"
    assert ask(account=AWAY, identity=own, resource=theirs, session=policy()).verdict == "denied"
    assert ask(account=AWAY, resource=theirs).verdict == "denied"


@pytest.mark.parametrize(
    ("excepted", "principal", "verdict"),
    [
        ([ROLE.arn], RUNNING, "allowed"),
        ([ROLE.arn], USER, "denied"),
        ([SESSION], RUNNING, "allowed"),
        ([USER.arn], RUNNING, "denied"),
        ([f"arn:aws:iam::{HOME}:root"], RUNNING, "allowed"),  # all of the account are excepted
        ([f"arn:aws:iam::{AWAY}:root"], RUNNING, "denied"),
    ],
)
def test_a_deny_of_everyone_but_some(excepted, principal, verdict):
    others = {"Effect": "Deny", "Action": "*", "Resource": "*", "NotPrincipal": {"AWS": excepted}}
    assert ask(principal, identity=[policy(SEND)], resource=policy(others)).verdict == verdict


@pytest.mark.parametrize(
    ("mine", "theirs", "code"),
    [
        (True, True, None),
        (True, False, "RESOURCE_POLICY_DENY"),
        (False, True, "IAM_IMPLICIT_DENY"),
    ],
)
def test_a_role_of_another_account_is_assumed_where_both_sides_say_so(mine, theirs, code):
    role = f"arn:aws:iam::{AWAY}:role/theirs"
    assume = {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": role}
    named = {"AWS": f"arn:aws:iam::{HOME if theirs else '333333333333'}:root"}
    trust = policy({"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": named})
    held = Policies([policy(assume)] if mine else [], resource=trust, resource_must_agree=True)
    decision = decide(Request(ROLE, "sts:AssumeRole", role, AWAY, KNOWN), held)
    assert [c for c in codes(decision) if c] == ([code] if code else [])


@pytest.mark.parametrize(
    ("via", "verdict"),
    [("sqs.eu-west-1.amazonaws.com", "allowed"), ("s3.eu-west-1.amazonaws.com", "denied"), (None, "denied")],
)
def test_a_key_that_may_be_used_through_one_service_only(via, verdict):
    condition = {"StringEquals": {"kms:ViaService": "sqs.eu-west-1.amazonaws.com", "kms:CallerAccount": HOME}}
    key = policy(
        {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "kms:*", "Resource": "*", "Condition": condition}
    )
    context = Context({"kms:viaservice": (via,) if via else (), "kms:calleraccount": (HOME,)}, complete=True)
    request = Request(ROLE, "kms:Decrypt", f"arn:aws:kms:eu-west-1:{HOME}:key/1", HOME, context)
    assert decide(request, Policies(resource=key, resource_must_agree=True)).verdict == verdict


@pytest.mark.parametrize(
    ("name", "verdict"),
    [
        ("states.amazonaws.com", "allowed"),
        ("states.eu-west-1.amazonaws.com", "allowed"),
        ("states.amazonaws.com.cn", "allowed"),
        ("lambda.amazonaws.com", "denied"),
        ("lambda.alarms.cloudwatch.amazonaws.com", "denied"),
    ],
)
def test_a_service_goes_by_its_old_regional_names_too(name, verdict):
    trust = policy({"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": name}})
    request = Request(Principal("service", "states.amazonaws.com"), "sts:AssumeRole", "*", HOME, KNOWN)
    assert decide(request, Policies(resource=trust, resource_must_agree=True)).verdict == verdict


def test_service_controls_bind_identities_and_resource_controls_everyone():
    topic = Principal("service", "sns.amazonaws.com")
    theirs = policy(to({"Service": "sns.amazonaws.com"}))
    assert ask(topic, resource=theirs, service_controls=[[policy()]]).verdict == "allowed"
    assert ask(topic, resource=theirs, resource_controls=[[policy()]]).verdict == "denied"
    everyone = policy({**DENY, "Principal": "*"})
    assert codes(ask(identity=[policy(SEND)], resource_controls=[[policy(ALL), everyone]])) == ["IAM_EXPLICIT_DENY"]


ENTRY = st.fixed_dictionaries(
    {
        "Effect": st.sampled_from(["Allow", "Allow", "Allow", "Deny"]),
        "Action": st.sampled_from(["sqs:*", "sqs:SendMessage", "sns:Publish", "*"]),
        "Resource": st.sampled_from(["*", "*", "arn:aws:sns:*:*:*"]),
    }
)
SOME = st.lists(ENTRY, max_size=2)
LEVELS = st.lists(st.lists(ENTRY, min_size=1, max_size=3), max_size=2)
NAMED = st.tuples(ENTRY, st.sampled_from(["*", {"AWS": ROLE.arn}, {"AWS": SESSION}, {"AWS": HOME}, {"AWS": AWAY}]))


def naive(
    own: list[Any], limits: list[list[Any]], walls: list[list[Any]], resource: list[Any], account: str,
) -> str:  # fmt: skip
    """The documentation's words: `limits` are boundary and session, `walls` whatever binds everyone."""

    def speaks(entry: dict[str, Any]) -> bool:
        return entry["Action"] != "sns:Publish" and entry["Resource"] == "*"

    def allows(entries: list[Any]) -> bool:
        return any(speaks(e) and e["Effect"] == "Allow" for e in entries)

    named = [e for e, who in resource if who != {"AWS": AWAY}]
    everything = [*own, *named, *(e for part in (*limits, *walls) for e in part)]
    if any(speaks(e) and e["Effect"] == "Deny" for e in everything):
        return "denied"
    if not all(allows(wall) for wall in walls):
        return "denied"
    session = allows([e for e, who in resource if who == {"AWS": SESSION}])
    direct = session or allows([e for e, who in resource if who in ("*", {"AWS": ROLE.arn})])
    within = all(allows(limit) for limit in limits)
    if account == HOME:
        return "allowed" if session or ((allows(own) or direct) and within) else "denied"
    return "allowed" if allows(own) and within and allows(named) else "denied"


@given(SOME, st.none() | SOME, st.none() | SOME, LEVELS, LEVELS, st.none() | SOME, st.lists(NAMED, max_size=3),
       st.sampled_from([HOME, AWAY]))  # fmt: skip
def test_every_layer_agrees_with_a_naive_evaluator(own, boundary, session, scps, rcps, endpoint, resource, account):
    limits = [part for part in (boundary, session) if part is not None]
    walls = [*scps, *rcps, *([endpoint] if endpoint is not None else [])]
    decision = ask(
        account=account,
        identity=[policy(*own)],
        boundary=None if boundary is None else policy(*boundary),
        session=None if session is None else policy(*session),
        service_controls=[[policy(*level)] for level in scps],
        resource_controls=[[policy(*level)] for level in rcps],
        endpoint=None if endpoint is None else policy(*endpoint),
        resource=policy(*({**entry, "Principal": who} for entry, who in resource)),
    )
    assert decision.verdict == naive(own, limits, walls, resource, account)
