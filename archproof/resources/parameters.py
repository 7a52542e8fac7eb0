"""Parameters of a template: the value that is in force for each, and whether a value that was given is allowed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from archproof.suggest import did_you_mean

PSEUDO = (
    "AWS::AccountId", "AWS::NotificationARNs", "AWS::NoValue", "AWS::Partition", "AWS::Region", "AWS::StackId",
    "AWS::StackName", "AWS::URLSuffix",
)  # fmt: skip
"""The parameters that CloudFormation itself gives every template."""
GIVEN_PSEUDO = ("AWS::AccountId", "AWS::Partition", "AWS::Region", "AWS::StackId", "AWS::StackName", "AWS::URLSuffix")
"""Those of them that a user may say."""
_NUMBER = re.compile(r"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]{1,3})?\Z")
_MAX_MATCHED = 256
"""Characters of a value that are held against a pattern of the template; longer ones are taken as they are."""


class Missing:
    """The value of a parameter that nobody has said yet."""


MISSING = Missing()


def text(value: Any) -> str:
    """A scalar as CloudFormation writes it into a text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def is_list(declaration: Mapping[str, Any]) -> bool:
    """Whether a parameter holds several values, said with commas between them."""
    kind = declaration.get("Type")
    return isinstance(kind, str) and (kind == "CommaDelimitedList" or "List<" in kind)


def is_secret(declaration: Mapping[str, Any]) -> bool:
    """Whether a parameter's value must not be shown (`NoEcho`)."""
    return text(declaration.get("NoEcho", False)).lower() == "true"


def in_force(name: str, declaration: Any, given: Mapping[str, Any]) -> Any:
    """The value of a parameter: what was given, else its default; MISSING where neither is known.

    What Systems Manager holds (`AWS::SSM::Parameter::Value<…>`) and what must not be shown (`NoEcho`) is not
    known. A list is a list of texts, a number a number.
    """
    if not isinstance(declaration, Mapping):
        return MISSING
    if str(declaration.get("Type", "")).startswith("AWS::SSM::Parameter::Value<") or is_secret(declaration):
        return MISSING
    value = given[name] if name in given else declaration.get("Default", MISSING)
    if isinstance(value, dict):
        return MISSING
    return value if value is MISSING else typed(declaration, value)


def typed(declaration: Mapping[str, Any], value: Any) -> Any:
    """A value as the parameter's type has it."""
    if is_list(declaration):
        parts = value if isinstance(value, list) else text(value).split(",") if value not in ("", None) else []
        return [text(part).strip() for part in parts]
    if declaration.get("Type") == "Number":
        return number(value)
    return text(value) if isinstance(value, (bool, int, float)) else value


def number(value: Any) -> Any:
    """A number from its text; any other value as it is."""
    if isinstance(value, str) and len(value) < 40 and _NUMBER.match(value.strip()):
        stripped = value.strip()
        return int(stripped) if stripped.lstrip("+-").isdigit() else float(stripped)
    return value


def faults(parameters: Mapping[str, Any], given: Mapping[str, Any]) -> Iterator[tuple[str | None, str]]:
    """Yield what is wrong with the values that were given: the parameter (None where there is none) and a message."""
    for name, value in given.items():
        declaration = parameters.get(name)
        if name in GIVEN_PSEUDO:
            continue
        if not isinstance(declaration, Mapping):
            known = ", ".join(sorted(parameters)[:12]) + (", …" if len(parameters) > 12 else "")
            hint = did_you_mean(name, parameters) or (f"; it has {known}" if parameters else "; it has none")
            yield None, f"the template has no parameter '{name[:60]}'{hint}"
            continue
        values = typed(declaration, value)
        for one in values if isinstance(values, list) else [values]:
            if (fault := _fault(declaration, one)) is not None:
                shown = "the value given" if is_secret(declaration) else f"'{text(one)[:60]}'"
                yield name, f"{shown} is no value of the parameter '{name}': {fault}"


def _fault(declaration: Mapping[str, Any], value: Any) -> str | None:
    """Why a value is not allowed, or None."""
    said = text(value)
    allowed = declaration.get("AllowedValues")
    if isinstance(allowed, list) and said not in [text(a) for a in allowed]:
        listed = [text(a) for a in allowed]
        more = ", …" if len(listed) > 12 else ""
        return f"allowed are {', '.join(listed[:12])}{more}{did_you_mean(said, listed)}"
    kind = declaration.get("Type")
    if kind in ("Number", "List<Number>"):
        return _number_fault(declaration, value)
    for bound, wrong, word in (("MinLength", -1, "least"), ("MaxLength", 1, "most")):
        limit = number(declaration.get(bound))
        if isinstance(limit, int) and kind == "String" and (len(said) - limit) * wrong > 0:
            return f"at {word} {limit} characters; it has {len(said)}"
    pattern = declaration.get("AllowedPattern")
    if isinstance(pattern, str) and len(said) <= _MAX_MATCHED and not _matches(pattern, said):
        return f"it must match {pattern[:120]}"
    return None


def _number_fault(declaration: Mapping[str, Any], value: Any) -> str | None:
    found = number(value)
    if isinstance(found, bool) or not isinstance(found, (int, float)):
        return "it must be a number"
    for bound, wrong, word in (("MinValue", -1, "least"), ("MaxValue", 1, "most")):
        limit = number(declaration.get(bound))
        if isinstance(limit, (int, float)) and (found - limit) * wrong > 0:
            return f"at {word} {limit}"
    return None


def _matches(pattern: str, value: str) -> bool:
    """Whether a value matches a pattern; one that only Java understands matches everything."""
    try:
        return re.fullmatch(pattern, value) is not None
    except (re.error, RecursionError, OverflowError):
        return True
