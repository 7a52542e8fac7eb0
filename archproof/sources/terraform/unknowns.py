"""The values of a plan with what is not known yet filled in from the expressions that will say it."""

from __future__ import annotations

import re
from typing import Any

from archproof.sources.terraform import convert
from archproof.sources.terraform._resolve import is_plural
from archproof.sources.terraform.configuration import Configuration, Scope
from archproof.sources.terraform.mapping import Mapping, Rule
from archproof.sources.terraform.values import Reference, Sensitive, Unknown

_TEXTS = re.compile(
    r"(?:^|_)(policy|user_data|user_data_base64|template|template_body|body|content|content_base64|description|value|"
    r"comment|input|definition|container_definitions|event_pattern|script|query|json|variables|secret_string|"
    r"buildspec|rendered|command|source_arn)\Z"
)
"""Arguments whose text may hold a reference among other words: that it is the whole text is not known."""
_MAPS = (
    "tags", "tags_all", "dimensions", "variables", "parameters", "stage_variables", "request_parameters",
    "request_templates", "request_models", "response_parameters", "response_templates", "response_models", "labels",
    "default_arguments", "attributes", "options", "settings",
)  # fmt: skip
"""Arguments that hold maps, of which a plan does not tell the keys."""
_DOCUMENTS = ("json", "rendered", "minified_json", "json_map_encoded", "policy")
"""Attributes that are a whole text themselves."""


class Filler:
    """Fills in the values of the items of one plan."""

    def __init__(self, configuration: Configuration, known: dict[str, dict[str, Any]]) -> None:
        self.configuration = configuration
        self.known = known
        """The known values of every instance, by address and by address without key."""

    def fill(
        self, values: dict[str, Any], unknown: Any, said: dict[str, Any], scope: Scope, mapping: Mapping | None
    ) -> dict[str, Any]:
        """The arguments of an item: known ones, and what stands for the others.

        `unknown` has the shape of the values (true where a value is not known), `said` is the expression of
        every argument.
        """
        rules = mapping.rules if mapping else {}
        return self._block(values, unknown, said, scope, rules)

    def _block(
        self, values: dict[str, Any], unknown: Any, said: dict[str, Any], scope: Scope, rules: dict[str, Rule]
    ) -> dict[str, Any]:
        unknown = unknown if isinstance(unknown, dict) else {}
        found: dict[str, Any] = {}
        for name in [*values, *(n for n in said if n not in values)]:
            missing = name not in values or (values[name] is None and unknown.get(name) is True)
            rule = rules.get(name)
            value = self._value(name, None if missing else values[name], missing, unknown.get(name), said.get(name),
                                scope, rule)  # fmt: skip
            if not (missing and value is None):
                found[name] = value
        return found

    def _value(
        self, name: str, value: Any, missing: bool, unknown: Any, said: Any, scope: Scope, rule: Rule | None
    ) -> Any:
        nested = rule.nested if rule and rule.nested else {}
        if isinstance(said, dict) and not _is_expression(said):  # a block that may stand once
            said = [said]
        if missing and isinstance(said, list):
            return [self._block({}, True, e, scope, nested) for e in said if isinstance(e, dict)]
        if missing and isinstance(unknown, dict | list) and unknown and isinstance(said, dict):
            value = {} if isinstance(unknown, dict) else []  # the entries are known, their values are not
        elif missing:
            return self._expression(name, said, scope, rule)
        if isinstance(value, dict):
            return self._map(value, unknown, said, scope, name, rule, nested)
        if isinstance(value, list):
            return self._list(value, unknown, said, scope, name, rule, nested)
        return self._same(value, said, scope, name)

    def _map(
        self, value: dict[str, Any], unknown: Any, said: Any, scope: Scope, name: str, rule: Rule | None,
        nested: dict[str, Rule],
    ) -> Any:  # fmt: skip
        if isinstance(said, list):
            return self._block(value, unknown, said[0] if said and isinstance(said[0], dict) else {}, scope, nested)
        unknown = unknown if isinstance(unknown, dict) else {}
        found = {k: self._same(v, said, scope, name) if name not in ("tags", "tags_all") else v
                 for k, v in value.items()}  # fmt: skip
        hidden = [k for k, u in unknown.items() if u is True and value.get(k) is None]
        for key in hidden:
            guess = self._expression(name, said, scope, rule)
            if isinstance(guess, list) and len(guess) == 1:
                guess = guess[0]
            single = len(hidden) == 1 and isinstance(guess, Reference)
            found[key] = guess if single else Unknown(_names(said))
        return found

    def _list(
        self, value: list[Any], unknown: Any, said: Any, scope: Scope, name: str, rule: Rule | None,
        nested: dict[str, Rule],
    ) -> Any:  # fmt: skip
        flags = unknown if isinstance(unknown, list) else []
        entries = _matched(value, said) if isinstance(said, list) else [{}] * len(value)
        found: list[Any] = []
        for position, entry in enumerate(value):
            flag = flags[position] if position < len(flags) else None
            if isinstance(entry, dict):
                inner = entries[position] if isinstance(said, list) else {}
                found.append(self._block(entry, flag, inner, scope, nested))
            elif entry is None and flag is True:
                found.append(None)
            else:
                found.append(self._same(entry, said, scope, name))
        if isinstance(said, dict) and any(f is True for f in flags[len(value) :] + flags[: len(value)]):
            return self._hidden(found, flags, said, scope, name, rule)
        return found

    def _hidden(
        self, found: list[Any], flags: list[Any], said: dict[str, Any], scope: Scope, name: str, rule: Rule | None
    ) -> list[Any]:
        """A list of which some entries are not known: as many references as entries are these entries."""
        references = [r for r in self._references(said, scope) if isinstance(r, Reference)]
        references = [r for r in references if r not in found]
        holes = [n for n, flag in enumerate(flags) if flag is True]
        found += [None] * (len(flags) - len(found))
        exact = len(references) == len(holes)
        for position, hole in enumerate(holes):
            found[hole] = references[position] if exact else Unknown(_names(said))
        if not exact and len(references) == 1 and len(holes) == len(found):
            return references
        return found

    def _expression(self, name: str, said: Any, scope: Scope, rule: Rule | None) -> Any:
        """What stands for a value that only its expression tells; None where there is none."""
        if not isinstance(said, dict):
            return None
        if "constant_value" in said:
            return said["constant_value"]
        if not isinstance(said.get("references"), list):
            return None
        found = list(dict.fromkeys(self._references(said, scope)))
        references = [f for f in found if isinstance(f, Reference)]
        if not found:
            return Unknown(_names(said))
        if len(references) == len(found) == 1:
            reference = references[0]
            text = _TEXTS.search(name) or (rule is not None and rule.convert is convert.json)
            whole = reference.path and reference.path[-1] in _DOCUMENTS
            if text and not whole:
                return Unknown(_names(said))
            inner = str(reference.path[-1]) if reference.path else ""
            if name in _MAPS:
                return Unknown(_names(said))
            return [reference] if is_plural(name) and not is_plural(inner) else reference
        if is_plural(name) and name not in _MAPS and len(references) == len(found):
            return list(references)
        return Unknown(_names(said))

    def _references(self, said: dict[str, Any], scope: Scope) -> list[Reference | str]:
        return list(self.configuration.references(said.get("references") or [], scope))

    def _same(self, value: Any, said: Any, scope: Scope, name: str) -> Any:
        """A known value, or the reference that it comes from where that has the same value."""
        if not isinstance(value, str) or not value or not isinstance(said, dict) or "references" not in said:
            return value
        for reference in self._references(said, scope):
            if not isinstance(reference, Reference):
                continue
            known = self.known.get(reference.address, {})
            if reference.path:
                inner: Any = known
                for step in reference.path:
                    try:
                        inner = inner[step]
                    except (KeyError, IndexError, TypeError):
                        inner = None
                if inner == value:
                    return reference
            else:
                attribute = next((a for a in ("id", "arn", "name") if known.get(a) == value), None)
                if attribute:
                    return Reference(reference.address, (attribute,))
        return value


def _is_expression(said: dict[str, Any]) -> bool:
    return "constant_value" in said or "references" in said


def _names(said: Any) -> tuple[str, ...]:
    found = said.get("references") if isinstance(said, dict) else None
    names = [n for n in found if isinstance(n, str)] if isinstance(found, list) else []
    return tuple(n for n in names if not any(o != n and o.startswith((f"{n}.", f"{n}[")) for o in names))


def _matched(values: list[Any], said: list[Any]) -> list[dict[str, Any]]:
    """The block of the configuration that each block of the values is: sets are in an order of their own."""
    left = [s for s in said if isinstance(s, dict)]
    found: list[dict[str, Any]] = []
    for position, value in enumerate(values):
        fitting = [s for s in left if _fits(value, s)]
        if not fitting and len(said) == len(values) and isinstance(said[position], dict):
            fitting = [s for s in left if s is said[position]]
        if not fitting:
            found.append(said[0] if len(said) == 1 and isinstance(said[0], dict) else {})
            continue
        found.append(fitting[0])
        left = [s for s in left if s is not fitting[0]]
    return found


def _fits(value: Any, said: dict[str, Any]) -> bool:
    if not isinstance(value, dict):
        return False
    for name, expression in said.items():
        if isinstance(expression, dict) and "constant_value" in expression:
            constant = expression["constant_value"]
            if value.get(name) != constant and str(value.get(name)) != str(constant):
                return False
    return True


def hidden(value: Any, marks: Any) -> Any:
    """`value` with `Sensitive` where `marks` (in the shape of the value) says true."""
    if marks is True:
        return Sensitive() if value is not None else None
    if isinstance(value, dict) and isinstance(marks, dict):
        return {k: hidden(v, marks.get(k)) for k, v in value.items()}
    if isinstance(value, list) and isinstance(marks, list):
        return [hidden(v, marks[n] if n < len(marks) else None) for n, v in enumerate(value)]
    return value
