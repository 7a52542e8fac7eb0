"""Links from what components may do and know: statements of their roles, and variables that name others."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterator
from typing import Any

from archproof.model import registry, verbs
from archproof.model.verbs import Verb
from archproof.resources.resource import Path, Resource, referenced
from archproof.sources.lifting import _origins
from archproof.sources.lifting.drafts import PLAIN, Draft, Lifting

SUBJECT = "uses"
ORDER = 90

_MISSING = 0.5
"""What an action of a verb that is not allowed counts against the verb."""
_POLICIES = ("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", "AWS::IAM::RolePolicy")
_NAMES = ("BucketName", "TableName", "QueueName", "TopicName", "StreamName", "Name", "StateMachineName", "FunctionName")
"""Properties that hold the name of a resource."""
_KNOWS: tuple[Path, ...] = (
    ("Environment", "Variables"), ("DefinitionSubstitutions",), ("DefinitionString",), ("Definition",),
)  # fmt: skip
"""Properties with the names of what a component uses."""
_SAY_IT = ("event_pipe", "event_rule", "schedule")
"""Kinds whose fields say all that they have to do with others, whatever a role that they share allows."""
_NO_ENDS = ("iam_role", "iam_policy", "log_group", "kms_key", "security_group", "certificate")
"""Kinds that no data flows to (a key and a group of logs are used by everything)."""


def lift(lifting: Lifting) -> None:
    """A link for whatever a component may do to another, and for whatever its variables name."""
    bearers = _bearers(lifting)
    for drafted in list(lifting.drafts.values()):
        if drafted.kind == PLAIN or drafted.kind in _NO_ENDS or drafted.kind in _SAY_IT:
            continue
        allowed: dict[str, tuple[set[str], tuple[Resource, Path]]] = {}
        for role in _roles(lifting, drafted):
            for actions, target, place in _allowed(lifting, role, bearers):
                allowed.setdefault(target, (set(), place))[0].update(actions)
        for target, (actions, place) in allowed.items():
            verb = _verb(drafted, lifting.drafts[target], actions)
            if verb is not None:
                _link(lifting, drafted, lifting.drafts[target], verb, place)
        _variables(lifting, drafted, set(allowed), bearers)


def _link(
    lifting: Lifting, source: Draft, target: Draft, verb: Verb, place: tuple[Resource, Path]
) -> None:  # fmt: skip
    if source is target or target.kind in _NO_ENDS or target.kind == PLAIN:
        return
    options: dict[str, Any] = {"wired": True} if verb.implies else {}
    lifting.link(source, target, verb.verb, place, **options)


def _roles(lifting: Lifting, drafted: Draft) -> Iterator[Resource]:
    """The role of a component, and the policies that are attached to it."""
    role = drafted.satellites.get("Role")
    if role is None:
        paths = [path for path, steps in _origins.fields(drafted.kind).items() if steps == ("role",)]
        found = lifting.named(drafted.resource.get(*paths[0])) if paths else None
        role = found.resource if found is not None and found.resource.type == "AWS::IAM::Role" else None
    if role is not None and registry.kind_class(drafted.kind).principal:
        yield role
        yield from (u for u in lifting.users(role, *_POLICIES) if lifting.resources.target(u.get("Roles")) is not None)


def _allowed(
    lifting: Lifting, role: Resource, bearers: dict[str, str]
) -> Iterator[tuple[set[str], str, tuple[Resource, Path]]]:
    """What a role (or a policy) allows on which components, and where it says so."""
    policies = role.get("Policies", default=[]) if role.type == "AWS::IAM::Role" else [role.properties]
    at: Path = ("Policies",) if role.type == "AWS::IAM::Role" else ()
    for position, policy in enumerate(policies if isinstance(policies, list) else ()):
        document = policy.get("PolicyDocument") if isinstance(policy, dict) else None
        held = document.get("Statement") if isinstance(document, dict) else None
        for number, statement in enumerate(held if isinstance(held, list) else [held]):
            if not isinstance(statement, dict) or statement.get("Effect") != "Allow":
                continue
            actions = statement.get("Action", [])
            listed = actions if isinstance(actions, list) else [actions]
            actions = {a for a in listed if isinstance(a, str)}
            here: Path = (*at, position) if at else ()
            place = role, (*here, "PolicyDocument", "Statement", number)
            for name, _ in referenced(statement.get("Resource")):
                logical_id = bearers.get(name, name)
                if logical_id in lifting.drafts:
                    yield actions, logical_id, place


def _bearers(lifting: Lifting) -> dict[str, str]:
    """The one resource whose name a parameter holds, by the parameter: who names that means the resource."""
    found: dict[str, set[str]] = {}
    for drafted in lifting.drafts.values():
        for key in _NAMES:
            value = drafted.resource.properties.get(key)
            name = value["Ref"] if isinstance(value, dict) and set(value) == {"Ref"} else None
            if isinstance(name, str) and name in lifting.resources.parameters:
                found.setdefault(name, set()).add(drafted.resource.logical_id)
    return {name: held.pop() for name, held in found.items() if len(held) == 1}


def _verb(source: Draft, target: Draft, actions: set[str]) -> Verb | None:
    """The verb whose actions are nearest to those that are allowed; None where none of them is."""
    best: tuple[float, Verb] | None = None
    for row in verbs.table():
        fits = row.target == target.kind and row.source in ("*", source.kind)
        if not fits or row.holder != "source" or row.verb == "dead_letter":
            continue
        wanted = {action for action, suffix in row.actions if suffix != "*"}
        met = sum(any(fnmatch.fnmatchcase(w, a) for a in actions) for w in wanted)
        score = met - _MISSING * (len(wanted) - met)
        if met and (best is None or score > best[0]):
            best = score, row
    return best[1] if best is not None else None


def _variables(lifting: Lifting, drafted: Draft, known: set[str], bearers: dict[str, str]) -> None:
    """The usual link to whatever a variable (or a definition) names, where no statement told more."""
    for path in _KNOWS:
        for name, _ in referenced(drafted.resource.get(*path)):
            logical_id = bearers.get(name, name)
            target = lifting.drafts.get(logical_id)
            if target is None or logical_id in known or target.kind == PLAIN:
                continue
            rows = [r for r in verbs.table() if r.default and r.target == target.kind and r.source == "*"]
            if rows:
                known.add(logical_id)
                _link(lifting, drafted, target, rows[0], (drafted.resource, path))
