"""From plain values to pydantic models; from pydantic's errors to places in the file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from archproof.model.document import Document, KeyPath, found
from archproof.suggest import did_you_mean, nearest

M = TypeVar("M", bound=BaseModel)

_UNITS = {
    "s": "seconds", "ms": "milliseconds", "mb": "megabytes", "kb": "kibibytes", "gb": "gigabytes",
    "h": "hours", "mbps": "MiB/s", "min": "minutes", "days": "days", "hours": "hours", "percent": "percent",
}  # fmt: skip
_EXPECTED = {
    "int_type": "a whole number", "int_from_float": "a whole number", "float_type": "a number",
    "string_type": "text", "bool_type": "true or false", "list_type": "a list", "dict_type": "a map",
    "model_type": "a map", "model_attributes_type": "a map", "date_type": "a day such as 2027-03-31",
    "finite_number": "a finite number", "none_required": "nothing",
}  # fmt: skip


def validate(model: type[M], value: Any, path: KeyPath, document: Document) -> M | None:
    """Return `value` as `model`, or None after noting every problem in `document`."""
    try:
        # by alias alone: `in` and `from` are keys of the language, `in_` and `from_` names in Python
        return model.model_validate(value, by_alias=True, by_name=False)
    except ValidationError as error:
        for fault in _faults(error.errors(include_url=False), value):
            _note(model, fault, path, document)
        return None


def sound_part(model: type[M], value: dict[str, Any]) -> M | None:
    """Return what `value` is as `model` without its keys that are wrong; None where too little is left.

    So that what a component names is checked too when another of its keys is wrong.
    """
    try:
        return model.model_validate(value, by_alias=True, by_name=False)
    except ValidationError as error:
        wrong = {detail["loc"][0] for detail in error.errors(include_url=False) if detail["loc"]}
    kept = {key: item for key, item in value.items() if key not in wrong}
    if len(kept) == len(value):
        return None
    return sound_part(model, kept)


@dataclass(slots=True)
class _Fault:
    """What pydantic found at one place, without the names of union members that it puts in the way."""

    path: KeyPath
    details: list[Any]
    through: tuple[str, ...]
    """Names of the models that the path passes."""


def _faults(details: list[Any], value: Any) -> list[_Fault]:
    """Gather what pydantic found by place: of a union it reports every member, and only one was meant."""
    faults: dict[KeyPath, _Fault] = {}
    for detail in details:
        path, members = _in_value(detail, value)
        fault = faults.setdefault(path, _Fault(path, [], members))
        if detail["type"] in ("missing", "extra_forbidden"):
            fault.details.insert(0, detail)
        else:
            fault.details.append(detail)
    paths = set(faults)
    # a member of a union that got further was meant rather than the text or list beside it
    return [
        fault for path, fault in faults.items()
        if not (len(path) and fault.details[0]["type"].endswith("_type") and len(fault.details[0]["loc"]) > len(path)
                and any(len(p) > len(path) and p[: len(path)] == path for p in paths))
    ]  # fmt: skip


def _in_value(detail: Any, value: Any) -> tuple[KeyPath, tuple[str, ...]]:
    """The keys and positions of a pydantic location that stand in the value, and the names between them."""
    path: KeyPath = ()
    members: tuple[str, ...] = ()
    last = len(detail["loc"]) - 1
    for depth, step in enumerate(detail["loc"]):
        stands = step in value if isinstance(value, dict) else isinstance(value, list) and isinstance(step, int)
        if stands:
            value = value[step]
        elif detail["type"] != "missing" or depth != last:
            if step != 0:
                members = (*members, str(step))
            continue
        path = (*path, step)
    return path, members


def _note(model: type[BaseModel], fault: _Fault, path: KeyPath, document: Document) -> None:
    detail, loc = fault.details[0], fault.path
    full = (*path, *loc)
    if detail["type"] == "extra_forbidden" and loc:
        known = _fields(_model_at(model, loc[:-1], fault.through))
        key = str(loc[-1])
        # `{does: sign in, then call}`: the comma ended the text, and the rest of it became a key
        cut = detail["input"] is None and " " in key
        told = "; a comma ends a text inside { }: put the whole text in quotes" if cut else hint(key, known)
        document.problem(full, f"unknown key '{key[:60]}'{told}", at="key")
    elif detail["type"] == "missing" and loc:
        meaning = _meaning(_model_at(model, loc[:-1], fault.through), loc[-1])
        document.problem(full[:-1], f"{name_of(full[:-1])} needs '{loc[-1]}'{meaning}", at="key")
    elif len(fault.details) > 1:
        expected = list(dict.fromkeys(_expected(d) for d in fault.details))
        words = f"{', '.join(expected[:-1])} or {expected[-1]}" if len(expected) > 1 else expected[0]
        plain = any(d["type"] == "string_type" for d in fault.details) and isinstance(
            detail["input"], bool | int | float
        )
        quoted = ": put it in quotes" if plain else ""
        document.problem(full, f"{name_of(full)} is {words}; found {found(detail['input'])}{quoted}", at="value")
    else:
        document.problem(full, message(detail, full), at="value")


_ENTRIES = {
    "links": "a link", "guarantees": "a guarantee", "decisions": "a decision", "accepted": "an accepted finding",
    "ignore": "an ignored difference",
    "steps": "a step", "ingress": "a rule", "egress": "a rule", "peerings": "a peering", "attach": "an attachment",
}  # fmt: skip


def name_of(path: KeyPath) -> str:
    """What a message calls the place at `path`: a key by its name, an entry of a list by what it is."""
    if not path:
        return "the file"
    if isinstance(path[-1], str):
        return f"'{path[-1][:60]}'"
    holder = next((str(p) for p in reversed(path) if isinstance(p, str)), "")
    return _ENTRIES.get(holder, f"entry {path[-1] + 1} of '{holder[:60]}'")


def _expected(detail: Any) -> str:
    """What one member of a union would have taken."""
    kind, context = detail["type"], detail.get("ctx", {})
    if kind in ("literal_error", "enum"):
        return _options(context)[1]
    if kind == "string_pattern_mismatch":
        return _form(context["pattern"])
    if kind in _BOUNDS:
        key, words = _BOUNDS[kind]
        return f"{words} {context[key]:g}"
    if kind == "value_error":
        return str(context["error"])
    return _EXPECTED.get(kind, str(detail["msg"])[:100].lower())


def _options(context: dict[str, Any]) -> tuple[list[str], str]:
    """The texts that a field may hold, and all it may hold as words."""
    listed = str(context.get("expected", ""))
    options = re.findall(r"'([^']*)'", listed)
    return options, ", ".join(options) if options else listed


_BOUNDS = {
    "greater_than_equal": ("ge", "at least"), "less_than_equal": ("le", "at most"),
    "greater_than": ("gt", "more than"), "less_than": ("lt", "less than"),
}  # fmt: skip


def message(detail: Any, path: KeyPath) -> str:
    """Say what was found and what was expected at `path`, in the words of the language."""
    kind, context, value = detail["type"], detail.get("ctx", {}), detail["input"]
    name = name_of(path)
    field = str(path[-1]) if path else ""
    unit = _UNITS.get(field.rsplit("_", 1)[-1], "") if "_" in field else ""
    if kind in _EXPECTED:
        expected = _EXPECTED[kind]
        if unit and isinstance(value, str) and re.match(r"[0-9.]+ *[a-zA-Z]*$", value):
            return f"{name} is {expected} of {unit}, without a unit; found {found(value)}"
        quoted = ": put it in quotes" if kind == "string_type" and isinstance(value, bool | int | float) else ""
        return f"{name} is {expected}; found {found(value)}{quoted}"
    if kind in ("literal_error", "enum"):
        options, listed = _options(context)
        hint = did_you_mean(value, options) if isinstance(value, str) else ""
        return f"{name} is one of {listed}; found {found(value)}{hint}"
    if kind == "string_pattern_mismatch":
        return f"{name} does not have the right form: found {found(value)}, expected {_form(context['pattern'])}"
    if kind in ("value_error", "assertion_error"):
        return f"{name}: {context['error']}"
    if kind in _BOUNDS:
        key, words = _BOUNDS[kind]
        return f"{name} is {words} {context[key]:g}{' ' + unit if unit else ''}; found {found(value)}"
    if kind in ("too_short", "too_long"):
        least, number = ("at least", "min_length") if kind == "too_short" else ("at most", "max_length")
        entries = "entry" if context[number] == 1 else "entries"
        # of a map that is too long, pydantic does not say how long it is
        actual = len(value) if isinstance(value, dict | list) else context["actual_length"]
        return f"{name} has {least} {context[number]} {entries}; found {actual or 'none'}"
    return f"{name}: {str(detail['msg'])[:200]}; found {found(value)}"


_FORMS = {
    r"^[0-9]{12}$": "an account id of twelve digits",
    r"^[a-z]{2}(-[a-z]+)+-[0-9]$": "a region such as eu-west-1",
    r"^[0-9a-fA-F.:]+/[0-9]{1,3}$": "a CIDR block such as 10.0.0.0/16",
}


def _form(pattern: str) -> str:
    return _FORMS.get(pattern, f"/{pattern}/")


def _model_at(model: type[BaseModel], loc: KeyPath, through: tuple[str, ...] = ()) -> type[BaseModel] | None:
    """The model whose fields stand at `loc` within `model`; `through` names the members of unions taken."""
    current: type[BaseModel] | None = model
    for step in loc:
        fields = current.model_fields.items() if current else ()
        for name, field in fields:
            if step in (name, field.alias):
                inside = _inner_models(field.annotation)
                named = [m for m in inside if m.__name__ in through] or inside
                current = named[0] if named else None
                break
    return current


def _inner_models(annotation: Any) -> list[type[BaseModel]]:
    """The models inside an annotation, in its order."""
    if isinstance(annotation, type) and not getattr(annotation, "__args__", None):
        return [annotation] if issubclass(annotation, BaseModel) else []
    return [m for inner in getattr(annotation, "__args__", ()) for m in _inner_models(inner)]


def _fields(model: type[BaseModel] | None) -> list[str]:
    return [f.alias or name for name, f in model.model_fields.items()] if model else []


def hint(key: str, known: list[str]) -> str:
    """Return the nearest known key with its unit, or where none is near the known keys themselves."""
    near = nearest(key, known)
    if not near:
        listed = [k for k in known if k not in ("kind", "properties", "tags", "physical_name")]
        return f" (known: {', '.join(sorted(listed)[:24])}{', …' if len(listed) > 24 else ''})" if listed else ""
    unit = _UNITS.get(near.rsplit("_", 1)[-1], "")
    return f"; did you mean '{near}'?" + (f" (in {unit})" if unit and near != key else "")


def _meaning(model: type[BaseModel] | None, name: Any) -> str:
    """What a missing field is for, from the string under it."""
    if model is None:
        return ""
    from archproof.model.docstrings import field_docs

    text = field_docs(model).get(str(name), "")
    for field_name, field in model.model_fields.items():
        if field.alias == name:
            text = text or field_docs(model).get(field_name, "")
    return f": {text[0].lower()}{text[1:].rstrip('.')}" if text else ""
