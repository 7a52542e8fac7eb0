"""The rules of engines for `rules list` and `rules show`: those that archproof does not hold itself."""

from __future__ import annotations

import importlib
from datetime import date
from typing import TYPE_CHECKING

from archproof.discovery import constants
from archproof.resources.resource import Resources
from archproof.validators.engines import rule_files
from archproof.validators.engines.request import Options, Request, RuleFile
from archproof.validators.engines.running import PACKAGE, module_of, names

if TYPE_CHECKING:
    from archproof.model.architecture import Architecture
    from archproof.validators.rule import Rule


def listed(options: Options, architecture: Architecture | None = None) -> dict[str, Rule]:
    """The rules of the engines asked for, and all rules of the user's own, by id. Raises InputError, UsageError."""
    found = rule_files.gather(options.rules, architecture, options.allow_code)
    users = {module for module, endings in constants(PACKAGE, "RULE_FILES").items() if ".py" in endings}
    rules: dict[str, Rule] = {}
    for name, module in names().items():
        files = tuple(found.by_module.get(module, ()))
        asked = name in options.engines
        if not (asked or files or module in users):
            continue
        every = importlib.import_module(module).rules(_request(options, architecture, files, name))
        rules |= every if asked or module in users else _of_files(every, options, name)
    return dict(sorted(rules.items()))


def described(id: str, options: Options, architecture: Architecture | None = None) -> Rule | None:
    """The rule of an engine by its whole id (`checkov/CKV_AWS_18`), or None. Raises InputError."""
    module = module_of(id)
    if module is None:
        return None
    found = rule_files.gather(options.rules, architecture, options.allow_code)
    files = tuple(found.by_module.get(module.__name__, ()))
    rules: dict[str, Rule] = module.rules(_request(options, architecture, files, module.ENGINE))
    return rules.get(id)


def _of_files(rules: dict[str, Rule], options: Options, name: str) -> dict[str, Rule]:
    """Without what the engine brings itself, which only whoever asks for the engine wants to see."""
    without = importlib.import_module(names()[name]).rules(_request(options, None, (), name))
    return {id: rule for id, rule in rules.items() if id not in without}


def _request(options: Options, architecture: Architecture | None, files: tuple[RuleFile, ...],
             name: str) -> Request:  # fmt: skip
    nothing = Resources()
    return Request(
        nothing, nothing, date.min, architecture, files, True, (), (), options.cache, options.programs.get(name)
    )
