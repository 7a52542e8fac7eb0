"""Rules in YAML: a map with an id, the type of resource it looks at, and what has to hold there.

- id: queue-has-key
  severity: high
  resource: AWS::SQS::Queue
  where: {path: QueueName, operator: starts_with, value: payments-}
  path: KmsMasterKeyId
  operator: exists
  message: "{name} needs a key of ours"
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from archproof.errors import Problem
from archproof.suggest import did_you_mean
from archproof.validators.findings import SEVERITIES
from archproof.validators.house.conditions import Both, Comparison, Condition, Connected, Either, Opposite, fits
from archproof.validators.house.values import OPERATORS, OPPOSITE, WITHOUT_VALUE, steps
from archproof.validators.rule import Hit, Rule, dotted

if TYPE_CHECKING:
    from archproof.errors import Location
    from archproof.model.yaml import Mark
    from archproof.resources.resource import Resource
    from archproof.validators.context import Context

PREFIX = "house"
_ABOUT = ("id", "severity", "title", "why", "fix", "message", "resource", "where", "frameworks")
_CONDITION = ("path", "operator", "value", "match", "and", "or", "not", "connected", "through", "connected_where")
KEYS = (*_ABOUT, *_CONDITION)
_ID = re.compile(r"[a-z0-9][a-z0-9_-]*\Z", re.I)
_TYPE = re.compile(r"[A-Za-z0-9*?]+(::[A-Za-z0-9*?]+){0,3}\Z")
_MAX_DEPTH = 20


class Reader:
    """Reads rules, and gathers what is wrong with them."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def rule(self, value: Any, mark: Mark) -> Rule | None:
        """The rule that a map says, or None where it is wrong."""
        before = len(self.problems)
        if not isinstance(value, dict):
            self._wrong(mark.at(), "expected a rule: a map with id, resource and a condition")
            return None
        self._keys(value, mark, KEYS, "rule")
        id = self._text(value, mark, "id", required=True)
        if id and not _ID.match(id):
            self._wrong(mark.children["id"].at(), f"id: expected letters, digits, '-' and '_'; found '{id[:60]}'")
        severity = self._text(value, mark, "severity") or "medium"
        if severity not in SEVERITIES:
            hint = did_you_mean(severity, SEVERITIES)
            place = mark.children["severity"].at()
            self._wrong(place, f"severity: expected one of {', '.join(SEVERITIES)}; found '{severity[:40]}'{hint}")
        types = self._types(value, mark, "resource", required=True)
        where = self._inner(value, mark, "where", 0)
        condition = self.condition(value, mark, 0, also=_ABOUT)
        texts = {key: self._text(value, mark, key) for key in ("title", "why", "fix", "message")}
        frameworks = self._frameworks(value, mark)
        if len(self.problems) > before or condition is None:
            return None
        title = texts["title"] or f"{' or '.join(types)}: {condition.words()}"
        return Rule(
            f"{PREFIX}/{id}", severity, title, texts["why"] or title,  # type: ignore[arg-type]
            texts["fix"] or f"Make it so: {condition.words()}.", frameworks, types,
            _check(types, where, condition, texts["message"]),
        )  # fmt: skip

    def condition(self, value: Any, mark: Mark, depth: int, also: tuple[str, ...] = ()) -> Condition | None:
        """The condition that a map says, or None where it is wrong."""
        if not isinstance(value, dict):
            self._wrong(mark.at(), "expected a condition: path and operator, and, or, not, or connected")
            return None
        if depth > _MAX_DEPTH:
            self._wrong(mark.at(), f"conditions within conditions, more than {_MAX_DEPTH} deep")
            return None
        if not also:
            self._keys(value, mark, _CONDITION, "condition")
        forms = [form for form in ("and", "or", "not", "connected", "path") if form in value]
        if len(forms) != 1:
            found = " and ".join(forms) or "none of them"
            self._wrong(mark.entry(), f"expected one of path, and, or, not, connected; found {found}")
            return None
        if forms == ["path"]:
            return self._comparison(value, mark)
        if forms == ["connected"]:
            where = self._inner(value, mark, "connected_where", depth)
            types = self._types(value, mark, "connected", required=True)
            return Connected(types, where, self._types(value, mark, "through"))
        inner, at = value[forms[0]], mark.children[forms[0]]
        if forms == ["not"] and isinstance(inner, dict):
            part = self.condition(inner, at, depth + 1)
            return Opposite(part) if part else None
        if not isinstance(inner, list) or not inner or forms == ["not"]:
            self._wrong(
                at.at(), f"{forms[0]}: expected {'a condition' if forms == ['not'] else 'a list of conditions'}"
            )
            return None
        parts = [self.condition(item, place, depth + 1) for item, place in zip(inner, at.children, strict=True)]
        good = tuple(part for part in parts if part is not None)
        if len(good) < len(parts):
            return None
        return Both(good) if forms == ["and"] else Either(good)

    def _comparison(self, value: dict[str, Any], mark: Mark) -> Condition | None:
        path = self._text(value, mark, "path", required=True)
        operator = self._text(value, mark, "operator", required=True)
        if not path or not operator:
            return None
        if operator not in OPERATORS:
            hint = did_you_mean(operator, OPERATORS)
            message = f"operator: expected one of {', '.join(OPERATORS)}; found '{operator[:40]}'{hint}"
            self._wrong(mark.children["operator"].at(), message)
            return None
        if operator in WITHOUT_VALUE:
            if "value" in value:
                self._wrong(mark.children["value"].key(), f"value: '{operator}' compares with nothing")
            wanted = None
        elif "value" not in value:
            self._wrong(mark.children["operator"].at(), f"'{operator}' needs a value to compare with")
            return None
        else:
            wanted = self._wanted(OPPOSITE.get(operator, operator), value["value"], mark.children["value"].at())
        match = value.get("match", "all")
        if match not in ("all", "any"):
            self._wrong(mark.children["match"].at(), f"match: expected all or any; found '{str(match)[:40]}'")
        return Comparison(steps(path), operator, wanted, value.get("value"), match == "any")

    def _wanted(self, operator: str, value: Any, place: Location) -> Any:
        """A value in the form that its operator compares with."""
        if operator == "one_of" and not isinstance(value, list):
            self._wrong(place, "value: expected a list")
        elif operator in ("at_least", "at_most") and (isinstance(value, bool) or not isinstance(value, int | float)):
            self._wrong(place, "value: expected a number")
        elif operator in ("starts_with", "ends_with") and not isinstance(value, str):
            self._wrong(place, "value: expected text")
        elif operator == "matches":
            return self._pattern(value, place)
        elif operator == "within":
            return self._networks(value, place)
        return value

    def _pattern(self, value: Any, place: Location) -> Any:
        try:
            pattern = re.compile(value)
        except (TypeError, re.error) as error:
            self._wrong(place, f"value: not a regular expression ({error})")
            return None
        if _endless(value):
            self._wrong(place, "value: a repetition within a repetition can take for ever; write it without")
        return pattern

    def _networks(self, value: Any, place: Location) -> Any:
        found = []
        for item in value if isinstance(value, list) else [value]:
            try:
                found.append(ipaddress.ip_network(item))
            except (TypeError, ValueError):
                self._wrong(place, f"value: expected a CIDR block such as 10.0.0.0/8; found '{str(item)[:40]}'")
        return found

    def _inner(self, value: dict[str, Any], mark: Mark, key: str, depth: int) -> Condition | None:
        return self.condition(value[key], mark.children[key], depth + 1) if key in value else None

    def _types(self, value: dict[str, Any], mark: Mark, key: str, *, required: bool = False) -> tuple[str, ...]:
        if key not in value:
            if required:
                self._wrong(mark.entry(), f"the rule needs '{key}': a type such as AWS::SQS::Queue")
            return ()
        named = value[key] if isinstance(value[key], list) else [value[key]]
        for name in named:
            if not isinstance(name, str) or not _TYPE.match(name):
                message = f"{key}: expected a type such as AWS::SQS::Queue (or AWS::SQS::*); found '{str(name)[:60]}'"
                self._wrong(mark.children[key].at(), message)
        return tuple(str(name) for name in named)

    def _text(self, value: dict[str, Any], mark: Mark, key: str, *, required: bool = False) -> str:
        if key not in value:
            if required:
                self._wrong(mark.entry(), f"'{key}' is missing")
            return ""
        if not isinstance(value[key], str) or (required and not value[key]):
            self._wrong(mark.children[key].at(), f"{key}: expected text")
            return ""
        found: str = value[key]
        return found

    def _frameworks(self, value: dict[str, Any], mark: Mark) -> dict[str, tuple[str, ...]]:
        said = value.get("frameworks", {})
        if not isinstance(said, dict):
            self._wrong(mark.children["frameworks"].at(), "frameworks: expected a map of lists of control ids")
            return {}
        return {str(k): tuple(map(str, v if isinstance(v, list) else [v])) for k, v in said.items()}

    def _keys(self, value: dict[str, Any], mark: Mark, known: tuple[str, ...], what: str) -> None:
        for key in value:
            if key not in known:
                self._wrong(
                    mark.children[key].key(), f"a {what} has no '{str(key)[:60]}'{did_you_mean(str(key), known)}"
                )

    def _wrong(self, place: Location, message: str) -> None:
        self.problems.append(Problem(place, message))


def _endless(pattern: str) -> bool:
    """Say whether a pattern repeats without end what itself repeats without end."""
    from re import _parser

    def walk(items: Any, inside: bool) -> Iterator[bool]:
        for operation, argument in items:
            name = str(operation)
            repeats = name in ("MAX_REPEAT", "MIN_REPEAT") and argument[1] == _parser.MAXREPEAT
            if repeats and inside:
                yield True
            for part in argument if isinstance(argument, tuple | list) else ():
                if isinstance(part, _parser.SubPattern):
                    yield from walk(part, inside or repeats)
                elif isinstance(part, list):
                    yield from (found for branch in part if isinstance(branch, _parser.SubPattern)
                                for found in walk(branch, inside or repeats))  # fmt: skip

    return any(walk(_parser.parse(pattern), False))


def _check(
    types: tuple[str, ...], where: Condition | None, condition: Condition, message: str
) -> Callable[[Resource, Context], Iterator[Hit]]:
    def check(resource: Resource, context: Context) -> Iterator[Hit]:
        if not fits(resource.type, types):
            return
        judged = condition.judge(resource, context.resources)
        if judged.verdict is True:
            return
        asked = where.judge(resource, context.resources) if where else None
        if asked is not None and asked.verdict is False:
            return
        open_at = asked.path if asked is not None and asked.verdict is None else judged.path
        if judged.verdict is None or (asked is not None and asked.verdict is None):
            context.undecided(resource, *open_at)
            return
        yield Hit(_told(message, resource, judged.path, judged.found, condition), *judged.path)

    return check


def _told(message: str, resource: Resource, path: tuple[str | int, ...], found: Any, condition: Condition) -> str:
    if not message:
        return f"{resource.title}: {condition.words()}"
    shown = {
        "{name}": resource.title, "{type}": resource.type, "{path}": dotted(path) or "", "{value}": str(found)[:80],
    }  # fmt: skip
    return re.sub(r"\{(name|type|path|value)\}", lambda match: shown[match[0]], message)
