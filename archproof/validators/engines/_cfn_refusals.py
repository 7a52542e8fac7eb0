"""What AWS's validator refuses in users' rule files, at its place."""

from __future__ import annotations

import json
import re

from archproof.errors import InputError, Location, Problem
from archproof.validators.engines._cfn_validate import kind
from archproof.validators.engines.request import RuleFile

_LINE = re.compile(r"\bat line (\d+) (?:at )?column (\d+)")
_ARROW = re.compile(r"--> ?(?P<name>.*):(?P<line>\d+):(?P<column>\d+)\n")
_RULE = re.compile(r"(?:for rule|[Cc]ustom rule(?: package)?) '([^']*)'")
_LONGEST = 300


def check(files: tuple[RuleFile, ...]) -> None:
    """Look at what can be judged without the validator. Raises InputError."""
    problems = [
        Problem(Location(file.name, error.lineno, error.colno, error.lineno, error.colno + 1), f"no JSON: {error.msg}")
        for file in files
        if kind(file) == "cel" and (error := _json_error(file.text)) is not None
    ]
    if problems:
        raise InputError(problems)


def _json_error(text: str) -> json.JSONDecodeError | None:
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        return error
    except RecursionError:
        return json.JSONDecodeError("nested too deeply", text, 0)
    return None


def refuse(message: str, files: tuple[RuleFile, ...]) -> None:
    """Raise InputError where a message of the validator is about one of `files`; else return."""
    file = _named(message, files)
    if file is None:
        return None
    text = _words(message, file)
    raise InputError([Problem(_place(message, file), text[:_LONGEST])])


def _named(message: str, files: tuple[RuleFile, ...]) -> RuleFile | None:
    arrow = _ARROW.search(message)
    for file in sorted(files, key=lambda file: -len(file.name)):
        if arrow and arrow["name"].strip() == file.name:
            return file
    for file in sorted(files, key=lambda file: -len(file.name)):
        if f"'{file.name}'" in message or f"from {file.name}:" in message:
            return file
    rule = _RULE.search(message)
    if rule:
        name = rule[1].removeprefix("data.").removesuffix(".violation")
        for file in files:
            declared = re.search(rf"^\s*package\s+{re.escape(name)}\s*$", file.text, re.M)
            if f'"{rule[1]}"' in file.text or (kind(file) == "rego" and declared):
                return file
    return None


def _place(message: str, file: RuleFile) -> Location:
    found = _ARROW.search(message) or _LINE.search(message)
    rule = _RULE.search(message)
    if rule and kind(file) == "cel":
        at = file.text.find(f'"{rule[1]}"')
        if at >= 0:
            line = file.text.count("\n", 0, at) + 1
            column = at - file.text.rfind("\n", 0, at)
            return Location(file.name, line, column, line, column + len(rule[1]) + 2)
    if found is None:
        return Location(file.name)
    line, column = int(found[found.lastindex - 1]), int(found[found.lastindex])  # type: ignore[index,operator]
    return Location(file.name, line, column, line, column + 1)


def _words(message: str, file: RuleFile) -> str:
    """What is wrong, without the name and the place that stand beside it, in one line."""
    text = message
    error = re.search(r"error: (.*)\Z", message, re.S)
    if _ARROW.search(message) and error:
        text = error[1]
    guard = re.search(r"when handling (.*?), fragment", message, re.S)
    if guard:
        text = guard[1]
    text = text.removeprefix(f"Failed to load rules from {file.name}: ")
    text = _LINE.sub("", text).replace("<input>:1:", "at character ")
    text = text.split("\n|")[0]
    return " ".join(text.split())
