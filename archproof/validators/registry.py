"""Finding rules: those whose types occur in a system, or all of them for the catalogue."""

from __future__ import annotations

import functools
import importlib
from collections.abc import Collection, Iterable
from fnmatch import fnmatchcase

from archproof.discovery import constants
from archproof.errors import UsageError
from archproof.suggest import did_you_mean
from archproof.validators.rule import SYSTEM, Rule

PACKAGE = "archproof.validators.rules"


def rules_for(types: Collection[str]) -> list[Rule]:
    """Return the rules that look at one of `types` (and those of every system), in order."""
    found: list[Rule] = []
    for module, looked_at in constants(PACKAGE, "TYPES").items():
        if SYSTEM in looked_at or any(t in types for t in looked_at):
            found.extend(r for r in _of(module) if r.whole_system or any(t in types for t in r.types))
    return found


@functools.cache
def all_rules() -> dict[str, Rule]:
    """Return every rule by id, sorted. Raises ValueError where two have one id."""
    found: dict[str, Rule] = {}
    for module in constants(PACKAGE, "TYPES"):
        for rule in _of(module):
            if rule.id in found:
                raise ValueError(f"two rules are called {rule.id}")
            found[rule.id] = rule
    return dict(sorted(found.items()))


@functools.cache
def _of(module: str) -> tuple[Rule, ...]:
    """The rules of one module: its attributes, and those in its list `RULES`, in their order."""
    content = vars(importlib.import_module(module))
    rules = [value for value in content.values() if isinstance(value, Rule)]
    return (*rules, *content.get("RULES", ()))


def chosen(rules: Iterable[Rule], only: Collection[str] = (), skip: Collection[str] = ()) -> list[Rule]:
    """Return the rules that `only` names (all where it is empty) and `skip` does not.

    Names may hold wildcards (`lambda-*`). Raises UsageError for a name that fits no rule at all; whether an
    engine has a rule of a name with its prefix (`cfn/E3012`) is for the engine to say.
    """
    from archproof.validators.engines.running import may_name, prefixes

    for name in (*only, *skip):
        of_engine = any(may_name(name, prefix) for prefix in prefixes())
        if not of_engine and not any(fnmatchcase(known, name) for known in all_rules()):
            raise UsageError(
                f"no rule is called '{name}'{did_you_mean(name, all_rules())} (`archproof rules list` has them all)"
            )
    return [
        rule
        for rule in rules
        if (not only or any(fnmatchcase(rule.id, name) for name in only))
        and not any(fnmatchcase(rule.id, name) for name in skip)
    ]
