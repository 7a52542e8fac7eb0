"""Roles and managed policies in the words of the language; the role that only one component runs with is its own."""

from __future__ import annotations

from typing import Any

from archproof.model import registry
from archproof.resources.lowering._roles import trust as own_trust
from archproof.resources.resource import Resource
from archproof.sources.lifting import _compare, _guess, _origins, _policies
from archproof.sources.lifting.drafts import PLAIN, Draft, Lifting
from archproof.sources.lifting.names import named_by_tool

SUBJECT = "roles"
ORDER = 80

_OWN = {
    "AssumeRolePolicyDocument", "ManagedPolicyArns", "Policies", "Path", "RoleName", "Description", "Tags",
    "MaxSessionDuration",
}  # fmt: skip
_HOUR = 3600


def lift(lifting: Lifting) -> None:
    """Roles and policies by themselves, then those that are part of who runs with them."""
    for drafted in list(lifting.of_type("AWS::IAM::Role")):
        _role(lifting, drafted)
    for drafted in list(lifting.of_type("AWS::IAM::ManagedPolicy")):
        _managed_policy(lifting, drafted)
    for drafted in list(lifting.drafts.values()):
        if drafted.kind != PLAIN and registry.kind_class(drafted.kind).principal:
            _own_role(lifting, drafted)


def _role(lifting: Lifting, drafted: Draft) -> None:
    """A role as a component of its own."""
    role = drafted.resource
    trusted = _policies.trust(lifting, role.get("AssumeRolePolicyDocument"))
    if trusted is None:
        drafted.become_plain()
        return
    drafted.kind = "iam_role"
    drafted.say("trust", trusted, "AssumeRolePolicyDocument")
    for key, (value, property) in _held(lifting, role).items():
        drafted.say(key, value, property)
    _guess.fill(lifting, drafted)


def _held(lifting: Lifting, role: Resource) -> dict[str, tuple[Any, str]]:
    """The policies of a role, by field, with the property of each."""
    found: dict[str, tuple[Any, str]] = {}
    if managed := _policies.managed(lifting, role.get("ManagedPolicyArns")):
        found["managed"] = managed, "ManagedPolicyArns"
    if policies := _policies.policies(lifting, role.get("Policies")):
        found["policies"] = policies, "Policies"
    return found


def _managed_policy(lifting: Lifting, drafted: Draft) -> None:
    said = _policies.statements(lifting, drafted.resource.get("PolicyDocument"))
    if said is None:
        drafted.become_plain()
        return
    drafted.kind = "iam_policy"
    drafted.say("statements", said, "PolicyDocument")
    _guess.fill(lifting, drafted)


def _own_role(lifting: Lifting, drafted: Draft) -> None:
    """Claim the role that nobody else runs with, where it says nothing that its holder could not say for it."""
    paths = [path for path, steps in _origins.fields(drafted.kind).items() if steps == ("role",)]
    value = drafted.resource.get(*paths[0]) if paths else None
    role = lifting.named(value, "Arn")
    if role is None or role.resource.type != "AWS::IAM::Role" or role.satellites:
        return
    holders = [
        user for user in lifting.users(role.resource)
        if not user.type.startswith("AWS::IAM::") and user is not drafted.resource
    ]  # fmt: skip
    if holders or set(role.resource.properties) - _OWN or _outside(lifting, role):
        return
    principal = registry.kind_class(drafted.kind).principal
    document = role.resource.get("AssumeRolePolicyDocument")
    if not _compare.same(document, own_trust(principal), "AssumeRolePolicyDocument"):
        return
    said = {key: value for key, (value, _) in _held(lifting, role.resource).items()}
    held = {k for k, v in role.resource.properties.items() if not _compare.absent(v, k)}
    if held & {"ManagedPolicyArns", "Policies"} - set(_named(said)):
        return
    usual = [f"{role.resource.logical_id}Policy{number}" for number in range(len(said.get("policies", ())))]
    if usual and list(said["policies"]) == usual and not named_by_tool(lifting.resources):
        said["policies"] = list(said["policies"].values())
    said |= _plain_fields(role.resource)
    if lifting.claim(drafted, "Role", role.resource):
        drafted.say("role", said, of=role.resource)


def _named(said: dict[str, Any]) -> list[str]:
    return [{"managed": "ManagedPolicyArns", "policies": "Policies"}[key] for key in said]


def _plain_fields(role: Resource) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, property in (("physical_name", "RoleName"), ("description", "Description"), ("path", "Path")):
        if isinstance(role.get(property), str):
            found[key] = role.get(property)
    session = role.get("MaxSessionDuration")
    if isinstance(session, int) and session % _HOUR == 0 and session > 0:
        found["max_session_h"] = session // _HOUR
    return found


def _outside(lifting: Lifting, role: Draft) -> bool:
    """Whether something names the role as a component (a link, a policy of the model)."""
    return any(role.name in (link.source, link.target) for link in lifting.links)
