"""Policies as sets of grants: effect × principal × action × resource × condition, and whether one covers another."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterable
from typing import Any, NamedTuple

from archproof.drift.policies import plain_policy
from archproof.iam import globs
from archproof.iam.truth import Truth, both, every, negate, some
from archproof.network.addresses import parse
from archproof.resources.resource import Path, is_symbolic

_EFFECTS = ("Allow", "Deny")
MANY = 20_000
"""So many grants of one policy are compared by what they mean; more are not."""
_POSITIVE = frozenset(
    ("stringequals", "stringequalsignorecase", "stringlike", "arnequals", "arnlike", "ipaddress", "bool",
     "numericequals", "binaryequals", "dateequals")
)  # fmt: skip
"""Operators of which any of several values is enough, so that each value may stand in a statement of its own."""
_NEGATIVE = frozenset(
    ("stringnotequals", "stringnotequalsignorecase", "stringnotlike", "arnnotlike", "notipaddress", "numericnotequals")
)
"""Operators of which every value is excluded."""
_WILD = re.compile(r"[*?]")
SAME = {"arnequals": "arnlike", "arnnotequals": "arnnotlike"}
"""Operators that mean the same as another."""
_SPLIT = 64

Part = str | tuple[str, frozenset[str]]
"""A pattern, or `("not", patterns)`: everything but these."""
Test = tuple[str, str, frozenset[str]]
"""Operator, key and values of a condition."""


class Grant(NamedTuple):
    """One thing that a statement allows or denies."""

    effect: str
    principal: tuple[str, Part] | None
    action: Part
    resource: Part
    condition: frozenset[Test]


class Said(NamedTuple):
    """A statement with its place."""

    path: Path
    statement: dict[str, Any]
    """The statement with lists for single entries."""
    origin: dict[str, Any]
    """The statement as it is written."""


def statements(document: Any, path: Path) -> tuple[list[Said], list[tuple[Path, Any]]]:
    """The statements of a policy, those that are known and those that are still functions."""
    known: list[Said] = []
    vague: list[tuple[Path, Any]] = []
    if is_symbolic(document) or not isinstance(document, dict):
        return known, [(path, document)]
    held = document.get("Statement")
    plain = plain_policy(document)["Statement"] if isinstance(held, dict | list) and held else []
    written = held if isinstance(held, list) else [held]
    for number, (statement, origin) in enumerate(zip(plain, written, strict=False)):
        place = (*path, "Statement", number) if isinstance(held, list) else (*path, "Statement")
        if not isinstance(statement, dict) or is_symbolic(statement) or statement.get("Effect") not in _EFFECTS:
            vague.append((place, statement))
        else:
            known.append(Said(place, statement, origin))
    return known, vague


def grants(statement: dict[str, Any]) -> list[Grant]:
    """The grants of a statement."""
    effect = str(statement.get("Effect", "Allow"))
    principals: list[tuple[str, Part] | None] = [None]
    if "Principal" in statement:
        principals = list(_principals(statement["Principal"]))
    elif "NotPrincipal" in statement:
        names = frozenset(f"{kind}:{name}" for kind, name in _principals(statement["NotPrincipal"]))
        principals = [("not", ("not", names))]
    actions, resources = _parts(statement, "Action", fold=True), _parts(statement, "Resource", fold=False)
    conditions = _conditions(statement.get("Condition"))
    return [
        Grant(effect, p, a, r, c) for p in principals for a in actions for r in resources for c in conditions
    ]  # fmt: skip


def size(statement: dict[str, Any]) -> int:
    """About how many grants a statement is."""
    found = 1
    for key in ("Action", "NotAction", "Resource", "NotResource"):
        value = statement.get(key)
        found *= len(value) if isinstance(value, list) and value else 1
    return found


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str | int | float):
        return str(value)
    return globs.hole(json.dumps(value, sort_keys=True, default=str))


def _principals(value: Any) -> Iterable[tuple[str, str]]:
    if is_symbolic(value) or not isinstance(value, dict):
        yield ("AWS", _text(value))
        return
    for kind, names in value.items():
        for name in names if isinstance(names, list) else [names]:
            yield (str(kind), _text(name))


def _parts(statement: dict[str, Any], name: str, *, fold: bool) -> list[Part]:
    value, negated = statement.get(name), False
    if value is None and f"Not{name}" in statement:
        value, negated = statement[f"Not{name}"], True
    if value is None:
        return ["*"] if name == "Resource" else []
    texts = [_text(v) for v in (value if isinstance(value, list) else [value])]
    texts = [t if globs.has_hole(t) or not fold else t.lower() for t in texts]
    return [("not", frozenset(texts))] if negated else list(dict.fromkeys(texts))


def _conditions(block: Any) -> list[frozenset[Test]]:
    """The alternatives of a condition: each value of a positive test in one of its own."""
    if not block:
        return [frozenset()]
    if not isinstance(block, dict) or is_symbolic(block):
        return [frozenset([("?", _text(block), frozenset())])]
    found: list[frozenset[Test]] = [frozenset()]
    for operator, tests in block.items():
        name = SAME.get(str(operator).lower(), str(operator).lower())
        for key, values in tests.items() if isinstance(tests, dict) else (("?", tests),):
            texts = [_text(v) for v in (values if isinstance(values, list) else [values])]
            if name == "bool" or name == "null":
                texts = [t.lower() for t in texts]
            split = name in _POSITIVE and len(texts) * len(found) <= _SPLIT
            each = [frozenset([t]) for t in texts] if split else [frozenset(texts)]
            found = [f | {(name, str(key).lower(), values_)} for f in found for values_ in each]
    return found


# -- covering


def covered(grant: Grant, by: dict[Grant, Any], *, expand: bool = False) -> Truth:
    """Whether what a grant says is said by one of some others, or by several together.

    `expand`: a pattern of actions is said where every action that IAM knows of it is.
    """
    if grant in by:
        return True
    found = some(covers(other, grant) for other in by)
    if found is not False:
        return found
    if isinstance(grant.action, tuple):
        return _without_gaps(grant, by, grant.action[1])
    if expand and ("*" in grant.action or "?" in grant.action):
        each = _expanded(grant.action)
        return bool(each) and every(some(covers(o, grant._replace(action=a)) for o in by) for a in each)
    return False


def _without_gaps(grant: Grant, by: dict[Grant, Any], but: frozenset[str]) -> Truth:
    """Whether 'all actions but these' is said by 'all but those', and by others that say what that leaves out."""
    found: list[Truth] = []
    for other in by:
        if isinstance(other.action, tuple) and covers(other._replace(action=grant.action), grant) is True:
            left = [a for a in other.action[1] if some(_pattern(b, a, False) for b in but) is not True]
            found.append(every(some(covers(o, grant._replace(action=a)) for o in by) for a in left))
    return some(found)


@functools.lru_cache(maxsize=4096)
def _expanded(pattern: str) -> tuple[str, ...]:
    """The actions that IAM knows of a pattern; none where it knows no such service."""
    from archproof.facts import iam_actions

    service = pattern.partition(":")[0]
    known = (f"{service}:{name.lower()}" for name in iam_actions(service) or ())
    return tuple(action for action in known if globs.like(pattern, action) is True)


def covers(wide: Grant, narrow: Grant) -> Truth:
    """Whether everything that `narrow` says is said by `wide`."""
    if wide.effect != narrow.effect:
        return False
    truth = _principal(wide.principal, narrow.principal)
    truth = both(truth, _part(wide.action, narrow.action, False)) if truth is not False else truth
    truth = both(truth, _part(wide.resource, narrow.resource, True)) if truth is not False else truth
    return both(truth, _condition(wide.condition, narrow.condition)) if truth is not False else truth


def _principal(wide: tuple[str, Part] | None, narrow: tuple[str, Part] | None) -> Truth:
    if wide == narrow:
        return True
    if wide is None or narrow is None:
        return False
    if wide[1] == "*" and wide[0] in ("AWS", "*"):
        return True
    if wide[0] != narrow[0] or isinstance(wide[1], tuple) or isinstance(narrow[1], tuple):
        return False
    return globs.equal(wide[1], narrow[1])


def _part(wide: Part, narrow: Part, arn: bool) -> Truth:
    if wide == narrow or wide == "*":
        return True
    if isinstance(wide, str):
        return _pattern(wide, narrow, arn) if isinstance(narrow, str) else False
    if isinstance(narrow, str):
        # everything but these covers a name that none of these fits, and a pattern that begins otherwise
        return every(_apart(held, narrow, arn) for held in wide[1])
    return every(some(_pattern(other, held, arn) for other in narrow[1]) for held in wide[1])


def _apart(one: str, other: str, arn: bool) -> Truth:
    """Whether no text fits both of two patterns, as far as their beginnings tell."""
    if not _WILD.search(other):
        return negate(_pattern(one, other, arn))
    if globs.has_hole(one) or globs.has_hole(other):
        return None
    heads = [_WILD.split(text, maxsplit=1)[0] for text in (one, other)]
    return not heads[0].startswith(heads[1]) and not heads[1].startswith(heads[0])


@functools.lru_cache(maxsize=65536)
def _pattern(wide: str, narrow: str, arn: bool) -> Truth:
    """Whether every text that fits one pattern fits another, as far as holding it against the text tells."""
    if wide == narrow:
        return True
    if "?" in wide and "*" in narrow:
        return False
    return globs.arn_like(wide, narrow) if arn else globs.like(wide, narrow)


def _blocks(wide: str, narrow: str) -> Truth:
    """Whether a block of addresses lies in another."""
    if globs.has_hole(wide) or globs.has_hole(narrow):
        return globs.equal(wide, narrow)
    one, other = parse(wide), parse(narrow)
    return one.covers(other) if one is not None and other is not None else wide == narrow


def _condition(wide: frozenset[Test], narrow: frozenset[Test]) -> Truth:
    """Whether whatever meets `narrow` meets `wide`: each of its tests is asked there as well."""
    return every(some(_test(test, other) for other in narrow) for test in wide)


def _test(wide: Test, narrow: Test) -> Truth:
    if wide == narrow:
        return True
    operator, key, values = wide
    if key != narrow[1]:
        return False
    if operator.endswith("ifexists") and operator != narrow[0] and ":" not in operator:
        # where the key is there it has to be met, and elsewhere it need not
        return _test(
            (operator.removesuffix("ifexists"), key, values), (narrow[0].removesuffix("ifexists"), *narrow[1:])
        )
    if operator == narrow[0] and operator in _NEGATIVE:
        # who excludes more allows less
        within = _blocks if operator == "notipaddress" else functools.partial(_pattern, arn="arn" in operator)
        exact = operator.endswith(("equals", "ignorecase"))
        return every(some(globs.equal(n, v) if exact else within(n, v) for n in narrow[2]) for v in values)
    if operator == narrow[0] == "ipaddress":
        return every(some(_blocks(v, other) for v in values) for other in narrow[2])
    if operator == "stringlike" and narrow[0] in ("stringlike", "stringequals"):
        return every(some(_pattern(v, other, False) for v in values) for other in narrow[2])
    if operator == "arnlike" and narrow[0] == "arnlike":
        return every(some(_pattern(v, other, True) for v in values) for other in narrow[2])
    if operator != narrow[0]:
        return False
    if operator in _POSITIVE:
        return every(some(globs.equal(v, other) for v in values) for other in narrow[2])
    if any(globs.has_hole(v) for v in (*values, *narrow[2])):
        return None
    return values == narrow[2]
