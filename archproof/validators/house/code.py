"""Rules in Python: from a file that the user trusts, and from installed packages that offer them.

A file holds what archproof's own rule modules hold: functions under `@rule` and `@system_rule`, or a list `RULES`.
A package offers a module, a rule or a list of rules under the entry point group `archproof.rules`.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from types import ModuleType
from typing import TYPE_CHECKING, Any

from archproof.errors import Location, Problem
from archproof.validators.house import packages
from archproof.validators.house.yaml_form import PREFIX
from archproof.validators.rule import Rule

if TYPE_CHECKING:
    from archproof.validators.engines.request import RuleFile


def of_file(file: RuleFile, problems: list[Problem]) -> list[Rule]:
    """Run a file and return its rules. What is wrong with it, or that it may not run, is added to `problems`."""
    if not file.trusted:
        message = (
            "rules in Python are code, and a model alone may not run code: pass --allow-code, "
            f"or name the file yourself with --rules {file.path}"
        )
        problems.append(Problem(Location(file.name), message))
        return []
    module = ModuleType("archproof_rules_of_" + re.sub(r"\W", "_", file.path))
    module.__file__ = file.path
    content = vars(module)
    sys.modules[module.__name__] = module  # where dataclasses and the like look for it
    try:
        exec(compile(file.text, file.path, "exec"), content)
    except SyntaxError as error:
        place = Location(file.name, error.lineno or 1, error.offset or 1, error.lineno or 1, (error.offset or 1) + 1)
        problems.append(Problem(place, f"not Python: {error.msg}"))
        return []
    except Exception as error:
        line = _line(error, file.path)
        told = f"the file does not run: {type(error).__name__}: {str(error)[:200]}"
        problems.append(Problem(Location(file.name, line, 1, line, 1), told))
        return []
    return list(_rules(content.values(), content.get("RULES", ())))


def _line(error: BaseException, path: str) -> int:
    """The last line of the file that an error passed through."""
    line, trace = 1, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == path:
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def _rules(values: Iterable[Any], listed: Any) -> Iterator[Rule]:
    """Every rule among values and in a list, once, under the prefix of users' rules."""
    seen: set[int] = set()
    for value in (*values, *(listed if isinstance(listed, list | tuple) else ())):
        if isinstance(value, Rule) and id(value) not in seen:
            seen.add(id(value))
            yield value if value.id.startswith(f"{PREFIX}/") else replace(value, id=f"{PREFIX}/{value.id}")


def of_packages(problems: list[Problem]) -> list[Rule]:
    """The rules that installed packages offer."""
    if not packages.offer():
        return []
    from importlib.metadata import entry_points

    found: list[Rule] = []
    for point in sorted(entry_points(group=packages.GROUP), key=lambda point: (point.name, point.value)):
        try:
            loaded = point.load()
        except Exception as error:
            told = f"the rules '{point.name}' ({point.value}) do not load: {type(error).__name__}: {str(error)[:200]}"
            problems.append(Problem(Location(point.value), told))
            continue
        if isinstance(loaded, Rule):
            loaded = [loaded]
        values = loaded if isinstance(loaded, list | tuple) else vars(loaded).values()
        found += _rules(values, getattr(loaded, "RULES", ()))
    return found
