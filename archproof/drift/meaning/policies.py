"""Policies by what they allow and deny: statements split, merged or put in another order are no drift.

The inline policies of a role, a user or a group are one subject, whatever each of them is called.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from archproof.drift.differences import PropertyDrift
from archproof.drift.meaning import Context
from archproof.drift.meaning._grants import MANY, SAME, Grant, Said, Test, covered, grants, size, statements
from archproof.drift.policies import document, is_policy
from archproof.iam import globs
from archproof.resources.resource import Path, is_symbolic

SUBJECT = "policies"
Vague = tuple[Path, Any]
"""What stands in the place of a statement, and where."""
_IDENTITIES = ("AWS::IAM::Role", "AWS::IAM::User", "AWS::IAM::Group")
_INLINE, _MANAGED = "Policies", "ManagedPolicyArns"


def compare(context: Context) -> None:
    """Compare every policy that both sides have."""
    if context.type in _IDENTITIES:
        _inline(context)
        _attached(context)
    for name in list(context.declared):
        mine, theirs = _policy(context.declared[name]), _policy(context.live.get(name))
        if mine is None or theirs is None:
            continue
        known, vague = statements(mine, (name,))
        held, strange = statements(theirs, (name,))
        if sum(size(s.statement) for s in (*known, *held)) <= MANY:
            context.take(name)
            _compare(context, (name,), known, held, vague, strange)
            _version(context, name, mine, theirs)


def _inline(context: Context) -> None:
    """The inline policies of an identity, as one."""
    seen = context.saw(_INLINE)
    declared, live = context.declared.get(_INLINE), context.live.get(_INLINE)
    if declared is None and live is None:
        return
    if not seen and live is None:
        context.take(_INLINE)
        context.unread_tier.append(PropertyDrift((_INLINE,), declared, None))
        return
    if not isinstance(declared or [], list):
        return  # a function: told as any other value is
    context.take(_INLINE)
    known, vague = _gathered(declared or [])
    held, strange = _gathered(live or [])
    _compare(context, (_INLINE,), known, held, vague, strange)


def _attached(context: Context) -> None:
    """Managed policies that are attached where none is declared: what an identity may do is stated as a whole."""
    live = context.live.get(_MANAGED)
    if context.partial or context.declared.get(_MANAGED) is not None or not isinstance(live, list) or not live:
        return
    context.take(_MANAGED)
    names = ", ".join(context.name(str(arn)).rpartition("/")[2] for arn in live)
    context.declared_tier.append(PropertyDrift((_MANAGED,), None, live, f"attaches {names}"))


def _gathered(policies: Any) -> tuple[list[Said], list[tuple[Path, Any]]]:
    known: list[Said] = []
    vague: list[tuple[Path, Any]] = []
    for number, policy in enumerate(policies if isinstance(policies, list) else [policies]):
        path: Path = (_INLINE, number)
        inner = _policy(policy.get("PolicyDocument")) if isinstance(policy, dict) else None
        if inner is None:
            vague.append((path, policy))
            continue
        found, left = statements(inner, (*path, "PolicyDocument"))
        known += found
        vague += left
    return known, vague


def _policy(value: Any) -> dict[str, Any] | None:
    """A policy, as a map or as text; None for anything else."""
    found = document(value) if isinstance(value, str) else value
    return found if is_policy(found) else None


def _version(context: Context, name: str, mine: dict[str, Any], theirs: dict[str, Any]) -> None:
    """The version matters where variables are used: the old one knows none."""
    wanted, found = mine.get("Version", "2008-10-17"), theirs.get("Version", "2008-10-17")
    if wanted != found and isinstance(wanted, str) and "${" in str(theirs):
        why = "policy variables are known from version 2012-10-17 on; before, they are plain text"
        context.declared_tier.append(PropertyDrift((name, "Version"), wanted, found, why))


def _compare(
    context: Context, root: Path, known: list[Said], held: list[Said], vague: list[Vague], strange: list[Vague]
) -> None:
    """Tell what is allowed and denied on one side alone."""
    mine = {g: said for said in known for g in grants(said.statement)}
    theirs = {g: said for said in held for g in grants(said.statement)}
    for path, value in vague:
        why = context.waits_for(value) if is_symbolic(value) else "it is no statement that IAM knows"
        context.unread_tier.append(PropertyDrift(path, value, None, why))
    for _, value in strange:
        context.unread_tier.append(PropertyDrift(root, None, value, "a live statement that IAM does not know"))
    more = {g: covered(g, mine) for g in theirs} if not context.partial else {}
    less = {g: covered(g, theirs, expand=True) for g in mine}
    for extra, found, verbs in ((more, theirs, _MORE), (less, mine, _LESS)):
        sure = [g for g, truth in extra.items() if truth is False and not (vague if extra is more else strange)]
        for group, place in _groups(sure, found):
            path = place.path if extra is less else _nearest(place, known, root)
            group = [_written(g, place.origin) for g in group]
            said = _statement(group, place.statement)
            why = f"{verbs[group[0].effect]} {_words(group, place.statement, context.name)}"
            expected, actual = (said, None) if extra is less else (None, said)
            context.declared_tier.append(PropertyDrift(path, expected, actual, why))
        for grant in [g for g, truth in extra.items() if truth is None][:1]:
            place = found[grant]
            path = place.path if extra is less else _nearest(place, known, root)
            if not any(d.path == path for d in context.unread_tier):
                words = _words([_written(grant, place.origin)], place.statement, context.name)
                why = f"whether it {_EITHER[grant.effect]} {words} cannot be told: {context.waits_for(_open(known))}"
                context.unread_tier.append(PropertyDrift(path, place.statement, None, why))


_MORE = {"Allow": "allows", "Deny": "denies, beyond what is declared,"}
_LESS = {"Allow": "no longer allows", "Deny": "no longer denies"}


def _open(known: list[Said]) -> list[Any]:
    """What is not known in declared statements."""
    return [
        said.origin for said in known if any(globs.has_hole(str(part)) for g in grants(said.statement) for part in g)
    ]


_EITHER = {"Allow": "allows", "Deny": "denies"}


def _written(grant: Grant, statement: dict[str, Any]) -> Grant:
    """A grant with its actions, operators and keys as the statement writes them."""
    cases = {str(a).lower(): str(a) for key in ("Action", "NotAction") for a in _listed(statement.get(key))}
    block = statement.get("Condition")
    for operator, tests in block.items() if isinstance(block, dict) else ():
        cases[str(operator).lower()] = str(operator)
        cases.setdefault(SAME.get(str(operator).lower(), ""), str(operator))
        cases.update({str(key).lower(): str(key) for key in tests} if isinstance(tests, dict) else {})
    action = grant.action
    if isinstance(action, tuple):
        action = ("not", frozenset(cases.get(a, a) for a in action[1]))
    else:
        action = cases.get(action, action)
    condition = frozenset((cases.get(o, o), cases.get(k, k), v) for o, k, v in grant.condition)
    return grant._replace(action=action, condition=condition)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _groups(sure: list[Grant], found: dict[Grant, Said]) -> list[tuple[list[Grant], Said]]:
    """Grants of one statement together: the actions that differ on the same resources, under the same conditions."""
    by: dict[Any, dict[Any, list[Any]]] = {}
    for grant in sure:
        held = by.setdefault((found[grant].path, grant.effect, grant.principal, grant.condition), {})
        held.setdefault(grant.action, []).append(grant.resource)
    whole: dict[Any, list[frozenset[Test]]] = {}
    for (path, effect, principal, condition), actions in by.items():
        for resources in dict.fromkeys(tuple(r) for r in actions.values()):
            same = tuple(a for a, r in actions.items() if tuple(r) == resources)
            tests = frozenset(test[:2] for test in condition)
            whole.setdefault((path, effect, principal, same, resources, tests), []).append(condition)
    places = {said.path: said for said in found.values()}
    return [
        ([Grant(effect, principal, a, r, condition) for a in actions for r in resources], places[path])
        for (path, effect, principal, actions, resources, _), conditions in whole.items()
        for condition in _merged(conditions)
    ]


def _merged(conditions: list[frozenset[Test]]) -> list[frozenset[Test]]:
    """Conditions with the same tests as one, where every value of each goes with every value of the others."""
    values: dict[tuple[str, str], set[frozenset[str]]] = {}
    for condition in conditions:
        for operator, key, held in condition:
            values.setdefault((operator, key), set()).add(held)
    if math.prod(len(v) for v in values.values()) != len(set(conditions)):
        return conditions
    return [frozenset((o, k, frozenset().union(*held)) for (o, k), held in values.items())]


def _nearest(said: Said, known: list[Said], root: Path) -> Path:
    """The declared statement that a live one is most like."""
    best, most = root, 0
    for other in known:
        if other.statement.get("Effect") != said.statement.get("Effect"):
            continue
        score = 1
        for key, weight in (("Sid", 4), ("Resource", 3), ("Action", 2), ("Principal", 1), ("Condition", 1)):
            mine, theirs = other.statement.get(key), said.statement.get(key)
            if mine is not None and theirs is not None:
                score += weight * _shared(mine, theirs)
        if score > most:
            best, most = other.path, score
    return best


def _shared(left: Any, right: Any) -> int:
    """2 for the same, 1 for something in common."""
    if left == right:
        return 2
    if isinstance(left, list) and isinstance(right, list):
        return int(bool({str(v).lower() for v in left} & {str(v).lower() for v in right}))
    return 0


def _statement(group: list[Grant], origin: dict[str, Any]) -> dict[str, Any]:
    """Grants as a statement for people and programs; `origin` is the one that they come from."""
    first = group[0]
    said: dict[str, Any] = {"Effect": first.effect}
    if first.principal is not None:
        kind, name = first.principal
        said["Principal" if kind != "not" else "NotPrincipal"] = {kind: _plain(name)} if kind != "not" else _plain(name)
    for key, parts in (("Action", [g.action for g in group]), ("Resource", [g.resource for g in group])):
        texts = list(dict.fromkeys(parts))
        if key not in origin and f"Not{key}" not in origin:
            continue
        if len(texts) == 1 and isinstance(texts[0], tuple):
            said[f"Not{key}"] = _plain(texts[0])
        else:
            said[key] = [_plain(t) for t in texts]
    if first.condition:
        said["Condition"] = _condition(first)
    return said


def _condition(grant: Grant) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for operator, key, values in sorted(grant.condition, key=repr):
        found.setdefault(operator, {})[key] = sorted(globs.plain(v) for v in values)
    return found


def _plain(part: Any) -> Any:
    return sorted(globs.plain(v) for v in part[1]) if isinstance(part, tuple) else globs.plain(part)


def _words(group: list[Grant], origin: dict[str, Any], name: Callable[[str], str]) -> str:
    """Grants in a sentence: `s3:DeleteObject on orders/* to everyone`."""
    actions = _joined([_part(a) for a in dict.fromkeys(g.action for g in group)])
    resources = _joined([_part(r, name) for r in dict.fromkeys(g.resource for g in group)])
    text = f"{actions} on {resources}" if "Resource" in origin or "NotResource" in origin else actions
    principal = group[0].principal
    if principal is not None:
        kind, who = principal
        everyone = who == "*" and kind in ("AWS", "*")
        text += " to everyone" if everyone else f" to {_part(who, name)}"
    if group[0].condition:
        tests = [f"{key} {operator} {', '.join(sorted(globs.plain(v) for v in values))}"
                 for operator, key, values in sorted(group[0].condition, key=repr)]  # fmt: skip
        text += f" where {' and '.join(tests)}"
    return text


def _part(part: Any, name: Callable[[str], str] = lambda text: text) -> str:
    if isinstance(part, tuple):
        return f"everything but {_joined(sorted(globs.plain(v) for v in part[1]))}"
    return "everything" if part == "*" else name(globs.plain(part))


def _joined(texts: list[str]) -> str:
    more = f" and {len(texts) - 4} more" if len(texts) > 4 else ""
    return ", ".join(texts[:4]) + more
