"""How CloudFormation's functions are called: which there are, and what each of them takes."""

from __future__ import annotations

from typing import Any

from archproof.sources.templates.template import LANGUAGE_EXTENSIONS, Path, Template, functions
from archproof.suggest import did_you_mean

_LISTS = {
    "Fn::And": (2, 10, "between two and ten conditions"),
    "Fn::Cidr": (2, 3, "a block, a count and the bits of a host"),
    "Fn::Equals": (2, 2, "two values"),
    "Fn::If": (3, 3, "the name of a condition, a value where it holds and one where it does not"),
    "Fn::Join": (2, 2, "a delimiter and a list"),
    "Fn::Not": (1, 1, "one condition"),
    "Fn::Or": (2, 10, "between two and ten conditions"),
    "Fn::Select": (2, 2, "a position and a list"),
    "Fn::Split": (2, 2, "a delimiter and a text"),
}
_EXTENDED = ("Fn::Length", "Fn::ToJsonString")
_NAMES = (
    *_LISTS, *_EXTENDED, "Fn::Base64", "Fn::FindInMap", "Fn::GetAZs", "Fn::GetAtt", "Fn::ImportValue", "Fn::Sub",
    "Fn::Transform", "Fn::GetStackOutput", "Fn::Contains", "Fn::EachMemberEquals", "Fn::EachMemberIn", "Fn::RefAll",
    "Fn::ValueOf", "Fn::ValueOfAll",
)  # fmt: skip


def check(template: Template) -> None:
    """Note every call of a function that CloudFormation refuses."""
    extended = LANGUAGE_EXTENSIONS in template.transforms
    free = bool(template.macros)
    for section in ("Conditions", "Resources", "Outputs"):
        for name, entry in template.section(section).items():
            parts = ("Properties",) if section == "Resources" else ("Value", "Export") if section == "Outputs" else ()
            for part in parts or (None,):
                value = entry if part is None else entry.get(part) if isinstance(entry, dict) else None
                path: Path = (section, name) if part is None else (section, name, part)
                for function, said, where in functions(value, path):
                    message = _fault(function, said, extended, free)
                    if message:
                        template.problem(where, message)


def _fault(name: str, said: Any, extended: bool, free: bool) -> str | None:
    """What is wrong with one call, or None."""
    if name == "Ref":
        if isinstance(said, str) or (isinstance(said, dict) and (extended or free)):
            return None
        return "Ref names a parameter or a resource"
    if name not in _NAMES:
        if free or name.startswith(("Fn::ForEach", "Fn::Transform")):
            return None
        return f"there is no function {name[:60]}{did_you_mean(name, _NAMES)}"
    if name in _EXTENDED and not (extended or free):
        return f"{name} needs the transform {LANGUAGE_EXTENSIONS}: `Transform: {LANGUAGE_EXTENSIONS}`"
    if name in _LISTS:
        least, most, what = _LISTS[name]
        if isinstance(said, dict) and (free or name not in ("Fn::If", "Fn::Equals", "Fn::Not", "Fn::And", "Fn::Or")):
            return None
        if not isinstance(said, list) or not least <= len(said) <= most:
            found = f"a list of {len(said)}" if isinstance(said, list) else "no list"
            return f"{name} takes {what}; found {found}"
        if name == "Fn::Join" and not isinstance(said[1], (list, dict)):
            return f"{name} takes {what}; its second value is no list"
    return _special(name, said, extended or free)


def _special(name: str, said: Any, extended: bool) -> str | None:
    if name == "Fn::GetAtt":
        parts = said.split(".", 1) if isinstance(said, str) else said
        if not isinstance(parts, list) or len(parts) < 2 or not (isinstance(parts[0], str) or extended):
            return "Fn::GetAtt takes the name of a resource and one of its attributes"
    if name == "Fn::FindInMap" and not (isinstance(said, list) and len(said) in (3, 4)):
        return "Fn::FindInMap takes a mapping, a key in it and a key below that"
    if name == "Fn::Sub":
        sound = isinstance(said, str) or (
            isinstance(said, list) and len(said) == 2 and isinstance(said[0], str) and isinstance(said[1], dict)
        )
        if not sound:
            return "Fn::Sub takes a text, or a list of a text and a map of what stands in it"
    return None
