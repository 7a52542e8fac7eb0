"""Files of parameters: `--parameter @production.json`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from archproof.errors import InputError, Location, Problem
from archproof.model.json import parse
from archproof.model.text import read_text
from archproof.model.yaml import Mark
from archproof.resources.parameters import text

_KEY = "ParameterKey"
_VALUE = "ParameterValue"


def read(path: str) -> dict[str, str]:
    """Read the values of parameters from a JSON file.

    It holds CloudFormation's list (`[{"ParameterKey": …, "ParameterValue": …}]`), CodePipeline's map
    (`{"Parameters": {…}}`) or a plain map; a list of values is the text with commas between them. Raises
    InputError for anything else.
    """
    parsed = parse(read_text(Path(path), path), path)
    value: Any = parsed.value
    mark = parsed.mark
    if isinstance(value, dict) and isinstance(value.get("Parameters"), (dict, list)):
        value, mark = value["Parameters"], mark.children["Parameters"]
    problems: list[Problem] = []
    if isinstance(value, dict):
        found = {name: _value(item, mark.children[name], problems) for name, item in value.items()}
    elif isinstance(value, list):
        found = {}
        for position, entry in enumerate(value):
            place = mark.children[position]
            if not isinstance(entry, dict) or not isinstance(entry.get(_KEY), str):
                problems.append(Problem(place.at(), f"an entry of the list has a {_KEY} and a {_VALUE}"))
            elif _VALUE in entry:  # without one the stack's previous value holds, which is not known
                found[entry[_KEY]] = _value(entry[_VALUE], place.children[_VALUE], problems)
    else:
        raise InputError([Problem(Location(path), "a file of parameters holds a list or a map of them")])
    if problems:
        raise InputError(problems)
    return found


def _value(value: Any, mark: Mark, problems: list[Problem]) -> str:
    if isinstance(value, list) and all(isinstance(v, (str, int, float)) for v in value):
        return ",".join(text(v) for v in value)
    if not isinstance(value, (str, int, float)):
        problems.append(Problem(mark.at(), "the value of a parameter is a text, a number or a list of them"))
    return text(value)
