"""Deciding a request: all policies that bear on it, in the order in which AWS asks them.

Semantics of the IAM User Guide, "Policy evaluation logic": an explicit deny anywhere ends it; service and resource
control policies, boundaries, session policies and endpoint policies only limit; identity and resource policies
allow. Inside one account either of the two is enough (not for KMS keys and not for assuming a role, whose own
policy must always agree); across accounts both are needed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import field
from typing import Literal, NamedTuple

from archproof.errors import Location
from archproof.fields import Fields
from archproof.iam.policies import Statement
from archproof.iam.requests import Request
from archproof.iam.truth import Truth, both, either

Verdict = Literal["allowed", "denied", "conditional", "unknown"]
Policy = Sequence[Statement]


class Policies(Fields):
    """Everything that bears on a request. None: there is no such policy; an empty list allows nothing."""

    identity: list[Policy] = field(default_factory=list)
    boundary: Policy | None = None
    session: Policy | None = None
    resource: Policy | None = None
    """The policy of the resource itself."""
    resource_must_agree: bool = False
    """Whether the resource's policy must allow even inside one account: a KMS key, the trust policy of a role."""
    service_controls: list[list[Policy]] = field(default_factory=list)
    """SCPs by level: the root, the units on the way, the account; each level must allow."""
    resource_controls: list[list[Policy]] = field(default_factory=list)
    """RCPs by level."""
    endpoint: Policy | None = None
    """The policy of the VPC endpoint that the call goes through."""
    unread: list[tuple[str, Location]] = field(default_factory=list)
    """Policies of the caller that cannot be read (a managed policy that is not known here), and their places."""


class Reason(NamedTuple):
    """A statement that decided, or one that was missing."""

    code: str
    """Empty for a statement that allows; `IAM_IMPLICIT_DENY`, `IAM_EXPLICIT_DENY`, `RESOURCE_POLICY_DENY`, …"""
    because: str
    location: Location | None = None


class Decision(NamedTuple):
    """What a request comes to, and why."""

    verdict: Verdict
    reasons: tuple[Reason, ...]
    keys: tuple[str, ...] = ()
    """The condition keys on which it hangs, where it is conditional."""


class _Asked:
    """What one policy says of a request."""

    allows: Truth = False
    by_account: Truth = False
    """Whether it allows the caller's account, whose own policies must then allow the caller."""
    by_session: Truth = False
    """Whether it allows the caller's session by its own name."""
    denies: Truth = False
    allowing: Statement | None = None
    denying: Statement | None = None
    keys: tuple[str, ...] = ()
    holes = False
    """Whether something else than a condition key leaves it open."""


def _ask(policies: Sequence[Policy], request: Request) -> _Asked:
    asked = _Asked()
    principal = request.principal
    for policy in policies:
        for statement in policy:
            about, keys = statement.about(request)
            if about is False:
                continue
            direct, account = statement.names(principal)
            direct, account = both(about, direct), both(about, account)
            if direct is False and account is False:
                continue
            if statement.effect == "Deny":
                # to deny an account is to deny everyone in it
                hit = either(direct, account)
                if asked.denies is not True and hit is not False:
                    asked.denying = statement
                asked.denies = either(asked.denies, hit)
            else:
                hit = direct
                if asked.allows is not True and either(direct, account) is not False:
                    asked.allowing = statement
                asked.allows = either(asked.allows, direct)
                asked.by_account = either(asked.by_account, account)
                if principal.session:
                    asked.by_session = either(asked.by_session, both(about, statement.names_session(principal)))
            if hit is None or (account is None and statement.effect == "Allow"):
                asked.keys += keys
                asked.holes = asked.holes or not keys
    return asked


def decide(request: Request, policies: Policies) -> Decision:
    """Decide `request`."""
    layers = _layers(request, policies)
    denied = [layer for layer in layers if layer[2].denies]
    if denied:
        return Decision("denied", tuple(_denial(name, code, a) for name, code, a in denied))
    grants = _granted(request, policies, {name: a for name, _, a in layers})
    missing = [reason for truth, reason in grants if truth is False]
    if missing:
        return Decision("denied", tuple(missing))
    open_ = [truth for truth, _ in grants if truth is None] + [None for *_, a in layers if a.denies is None]
    open_ += [None for name, _ in policies.unread if _may_deny(name)]
    if not open_:
        return Decision("allowed", _once(reason for _, reason in grants))
    keys = tuple(dict.fromkeys(k for *_, a in layers for k in a.keys))
    unclear = any(a.holes for *_, a in layers) or bool(policies.unread)
    told = [_doubt(name, code, a) for name, code, a in layers if a.denies is None]
    told += [reason for truth, reason in grants if truth is None]
    told += [Reason("", f"the policy {name} is not known here", place) for name, place in policies.unread]
    return Decision("unknown" if unclear or not keys else "conditional", _once(told), keys)


def _once(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    """Reasons without those that say the same: every level of an organization allows."""
    reasons = list(reasons)
    if len(reasons) == 1:
        return (reasons[0],)
    return tuple({reason.because: reason for reason in reversed(reasons)}.values())[::-1]


def _may_deny(policy: str) -> bool:
    """Whether a policy that cannot be read may deny: those of AWS only allow, but for a few that say so."""
    return ":aws:policy/" not in policy or any(word in policy for word in ("Deny", "Quarantine"))


_Layer = tuple[str, str, _Asked]


def _layers(request: Request, policies: Policies) -> list[_Layer]:
    """What each kind of policy says: (kind, the code of its denial, what it says)."""
    found: list[_Layer] = [("identity", "IAM_EXPLICIT_DENY", _ask(policies.identity, request))]
    for name, held in (("boundary", policies.boundary), ("session", policies.session)):
        if held is not None:
            found.append((name, "IAM_EXPLICIT_DENY", _ask([held], request)))
    # service control policies limit the identities of an account, and nobody else
    controls = policies.service_controls if request.principal.kind in ("role", "user", "root") else []
    for name, levels in (("scp", controls), ("rcp", policies.resource_controls)):
        found += [(f"{name} {n}", "IAM_EXPLICIT_DENY", _ask(level, request)) for n, level in enumerate(levels)]
    if policies.endpoint is not None:
        found.append(("endpoint", "ENDPOINT_POLICY_DENY", _ask([policies.endpoint], request)))
    if policies.resource is not None:
        code = "KMS_KEY_POLICY_DENY" if request.action.lower().startswith("kms:") else "RESOURCE_POLICY_DENY"
        found.append(("resource", code, _ask([policies.resource], request)))
    return found


def _granted(request: Request, policies: Policies, said: dict[str, _Asked]) -> list[tuple[Truth, Reason]]:
    """Everything that must allow, with what is to be told of it."""
    identity, resource = said["identity"], said.get("resource")
    own: Truth = either(identity.allows, None if policies.unread else False)
    by_resource: Truth = resource.allows if resource else False
    by_account: Truth = resource.by_account if resource else False
    code = "KMS_KEY_POLICY_DENY" if request.action.lower().startswith("kms:") else "RESOURCE_POLICY_DENY"
    grants: list[tuple[Truth, Reason]] = []
    if request.principal.kind in ("service", "anonymous", "federated"):
        grants.append((by_resource, _grant(by_resource, resource, code, request, "the resource's policy")))
    elif request.cross_account or policies.resource_must_agree:
        outside = either(by_resource, by_account)
        grants.append((outside, _grant(outside, resource, code, request, "the resource's policy")))
        # inside one account a policy that names the caller itself is enough
        alone = by_resource if not request.cross_account else False
        mine = either(own, alone)
        grants.append((mine, _grant(mine, identity, "IAM_IMPLICIT_DENY", request, "the caller's policies")))
    else:
        mine = either(own, by_resource)
        holder = identity if own is not False or by_resource is False else resource
        grants.append((mine, _grant(mine, holder, "IAM_IMPLICIT_DENY", request, "the caller's policies")))
    for name, asked in said.items():
        if name in ("identity", "resource"):
            continue
        truth = asked.allows
        if name in ("boundary", "session"):
            truth = either(truth, _past(name, request, resource))
        missing = "ENDPOINT_POLICY_DENY" if name == "endpoint" else "IAM_IMPLICIT_DENY"
        kind, _, level = name.partition(" ")
        reason = _grant(truth, asked, missing, request, _LAYER_NAMES[kind])
        if level and reason.location is None:
            levels = policies.service_controls if kind == "scp" else policies.resource_controls
            places = [s.location for policy in levels[int(level)] for s in policy]
            reason = reason._replace(location=places[0] if places else None)
        grants.append((truth, reason))
    return grants


_LAYER_NAMES = {
    "boundary": "the permissions boundary",
    "session": "the session's policy",
    "scp": "a service control policy",
    "rcp": "a resource control policy",
    "endpoint": "the endpoint's policy",
}


def _past(limit: str, request: Request, resource: _Asked | None) -> Truth:
    """Whether a limit does not bind: inside one account a resource's policy may let in a user past his boundary, and a
    session that it names itself past everything.
    """
    if resource is None or request.cross_account:
        return False
    by_user = resource.allows if request.principal.kind == "user" and limit == "boundary" else False
    return either(by_user, resource.by_session)


def _grant(truth: Truth, asked: _Asked | None, code: str, request: Request, who: str) -> Reason:
    place = asked.allowing.location if asked and asked.allowing else None
    if truth is False:
        return Reason(code, f"{who} do{'' if who.endswith('policies') else 'es'} not allow {request.action}", place)
    verb = "allow" if who.endswith("policies") else "allows"
    if truth is None:
        keys = ", ".join(dict.fromkeys(asked.keys)) if asked else ""
        return Reason("", f"{who} {verb} {request.action}" + (f" if {keys} fits" if keys else ", perhaps"), place)
    return Reason("", f"{who} {verb} {request.action}", place)


def _statement(layer: str, asked: _Asked) -> str:
    """The statement that denies: its name, and the policy of the organization that holds it."""
    assert asked.denying is not None
    sid = f" '{asked.denying.sid}'" if asked.denying.sid else ""
    kind = layer.split()[0]
    return f"the statement{sid} of {_LAYER_NAMES[kind]}" if kind in ("scp", "rcp") else f"the statement{sid}"


def _denial(layer: str, code: str, asked: _Asked) -> Reason:
    assert asked.denying is not None
    return Reason(code, f"{_statement(layer, asked)} denies it", asked.denying.location)


def _doubt(layer: str, code: str, asked: _Asked) -> Reason:
    assert asked.denying is not None
    keys = ", ".join(dict.fromkeys(asked.keys))
    why = f"depending on {keys}" if keys else "depending on what is known only after deployment"
    return Reason("", f"{_statement(layer, asked)} may deny it, {why}", asked.denying.location)
