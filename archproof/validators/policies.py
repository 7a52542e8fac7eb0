"""What policies say, as rules look at them; what they come to is decided by `archproof.iam`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from archproof.iam.attached import attached
from archproof.iam.evaluation import Reason, Verdict
from archproof.iam.globs import hole
from archproof.iam.requests import Context as RequestContext
from archproof.iam.requests import Principal
from archproof.resources.resource import Resource, is_symbolic
from archproof.validators.context import Context


@dataclass(slots=True)
class Statement:
    """One statement of a policy, with the resource and the property that hold it."""

    holder: Resource
    path: tuple[str | int, ...]
    effect: str
    actions: list[str]
    not_actions: bool
    resources: list[Any]
    principals: list[Any]
    """`*`, ARNs, service names, or symbolic values; kinds are in `principal_kinds`."""
    principal_kinds: set[str]
    condition: dict[str, Any]

    @property
    def allows(self) -> bool:
        """Whether it allows (and does not deny)."""
        return self.effect == "Allow"

    def covers(self, action: str) -> bool:
        """Whether its actions include `action`."""
        return any(matches(pattern, action) for pattern in self.actions) != self.not_actions


def matches(pattern: str, action: str) -> bool:
    """Whether an action (`sqs:SendMessage`) fits a pattern (`sqs:*`); case does not count."""
    if "*" in pattern or "?" in pattern:
        return fnmatchcase(action.lower(), pattern.lower())
    return pattern == action or pattern.lower() == action.lower()


def as_list(value: Any) -> list[Any]:
    """One or several as a list."""
    return value if isinstance(value, list) else [] if value is None else [value]


def document(value: Any) -> dict[str, Any]:
    """A policy document, which templates may hold as text."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            return {}
    return value if isinstance(value, dict) else {}


def statements(resource: Resource, *path: str | int) -> Iterator[Statement]:
    """The statements of the policy document at `path` of `resource`."""
    held = document(resource.get(*path)).get("Statement")
    single = not isinstance(held, list)
    for position, entry in enumerate(as_list(held)):
        if not isinstance(entry, dict) or is_symbolic(entry):
            continue
        where = (*path, "Statement") if single else (*path, "Statement", position)
        negated = "NotAction" in entry
        actions = [a for a in as_list(entry.get("NotAction" if negated else "Action")) if isinstance(a, str)]
        principals, kinds = _principals(entry.get("Principal"))
        resources = as_list(entry.get("Resource"))
        effect = str(entry.get("Effect", "Allow"))
        condition = entry.get("Condition")
        yield Statement(resource, where, effect, actions, negated, resources, principals, kinds,
                        condition if isinstance(condition, dict) else {})  # fmt: skip


def _principals(value: Any) -> tuple[list[Any], set[str]]:
    if value == "*":
        return ["*"], {"AWS"}
    if not isinstance(value, dict) or is_symbolic(value):
        return as_list(value), set()
    return [p for held in value.values() for p in as_list(held)], set(value)


def own(ctx: Context, resource: Resource) -> list[Statement]:
    """The statements that stand in a role, a user or a policy itself."""

    def gather() -> list[Statement]:
        if resource.type not in ("AWS::IAM::Role", "AWS::IAM::User", "AWS::IAM::Group"):
            return list(statements(resource, "PolicyDocument"))
        count = len(as_list(resource.get("Policies")))
        return [s for n in range(count) for s in statements(resource, "Policies", n, "PolicyDocument")]

    return ctx.cached(("own statements", resource.logical_id), gather)


def trust(ctx: Context, role: Resource) -> list[Statement]:
    """The statements of a role's trust policy."""
    return ctx.cached(("trust", role.logical_id), lambda: list(statements(role, "AssumeRolePolicyDocument")))


def inline(ctx: Context, role: Resource) -> list[Statement]:
    """The statements of a role's own policies and of the policies of the model that are attached to it."""

    def gather() -> list[Statement]:
        found = list(own(ctx, role))
        attached = ctx.resources.users(role, "AWS::IAM::Policy", "AWS::IAM::RolePolicy", "AWS::IAM::ManagedPolicy")
        named = [r for r in ctx.resources.targets(role.get("ManagedPolicyArns")) if r.type == "AWS::IAM::ManagedPolicy"]
        for policy in (*attached, *named):
            found += own(ctx, policy)
        return found

    return ctx.cached(("statements", role.logical_id), gather)


def may(ctx: Context, role: Resource, action: str, on: Resource | None = None) -> bool | None:
    """Whether `role` is allowed `action` (on the resource `on`, or on anything): None where it cannot be told.

    What hangs on the conditions of a request may be allowed, and counts as that.
    """
    held = ctx.cached("attached policies", lambda: attached(ctx.resources))
    if on is None:
        # what is denied whatever it is done to (by a boundary, by the organization) is denied
        anything = held.decide(role, action, arn=hole("anything")).verdict
        return False if anything == "denied" else held.any(role, action)
    arn = held.names.arn(on)
    if on_objects(action):
        arn += "/" + hole("key")
    verdict = held.decide(role, action, on, arn=arn).verdict
    return {"allowed": True, "conditional": True, "denied": False}.get(verdict)


def on_objects(action: str) -> bool:
    """Whether an action is done to what lies in a bucket, and not to the bucket."""
    return action.startswith("s3:") and "Object" in action


def assumes(ctx: Context, holder: Resource, role: Resource, principal: str) -> tuple[Verdict, tuple[str, ...]]:
    """Whether a service may take a role for the resource `holder`, and the condition keys on which that hangs."""
    held = ctx.cached("attached policies", lambda: attached(ctx.resources))
    known = {
        "aws:sourcearn": (held.names.arn(holder),),
        "aws:sourceaccount": (held.names.account(holder),),
        "sts:externalid": (),
    }
    decision = held.decide(Principal("service", principal), "sts:AssumeRole", role, context=RequestContext(known))
    return decision.verdict, decision.keys


def denial(reasons: Iterable[Reason]) -> Reason | None:
    """The reason that is a statement which denies; None where only nothing allows."""
    return next((r for r in reasons if r.code and r.because.endswith("denies it")), None)


def role_of(ctx: Context, resource: Resource, *path: str) -> Resource | None:
    """The role of the model that the property at `path` (`Role`) names, or None."""
    found = ctx.resources.target(resource.get(*(path or ("Role",))))
    return found if found is not None and found.type == "AWS::IAM::Role" else None


def key_at(ctx: Context, resource: Resource, *path: str) -> Resource | None:
    """The key of the model that the property at `path` names, itself or by an alias; None for any other."""
    value = resource.get(*path)
    named = ctx.resources.targets({"x": value})
    if not named and isinstance(value, str) and value.startswith("alias/"):
        named = [a for a in ctx.resources.of_type("AWS::KMS::Alias") if a.get("AliasName") == value]
    for found in named:
        key = ctx.resources.target(found.get("TargetKeyId")) if found.type == "AWS::KMS::Alias" else found
        if key is not None and key.type in ("AWS::KMS::Key", "AWS::KMS::ReplicaKey"):
            return key
    return None


def everyone(statement: Statement) -> bool:
    """Whether it allows anyone at all: the principal `*` and no condition that narrows it."""
    if not statement.allows or not any(p == "*" for p in statement.principals):
        return False
    return not any(_narrows(key) for tests in statement.condition.values() if isinstance(tests, dict) for key in tests)


_NARROWING = (
    "aws:sourcearn", "aws:sourceaccount", "aws:principalorgid", "aws:principalorgpaths", "aws:sourceorgid",
    "aws:sourceowner", "aws:principalarn", "aws:principalaccount", "aws:sourceip", "aws:sourcevpc", "aws:sourcevpce",
    "kms:calleraccount", "kms:viaservice", "aws:sourceorgpaths", "sns:endpoint",
)  # fmt: skip


def _narrows(key: str) -> bool:
    return key.lower() in _NARROWING or key.lower().partition(":")[2] in ("aud", "sub")
