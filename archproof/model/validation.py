"""From plain values to pydantic models; from pydantic's errors to places in the file."""

from __future__ import annotations

import re
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from archproof.model.document import Document, KeyPath, found
from archproof.suggest import did_you_mean, nearest

M = TypeVar("M", bound=BaseModel)

_UNITS = {
    "s": "seconds", "ms": "milliseconds", "mb": "megabytes", "kb": "kibibytes", "gb": "gigabytes",
    "min": "minutes", "days": "days", "hours": "hours", "percent": "percent",
}  # fmt: skip
_EXPECTED = {
    "int_type": "a whole number", "int_from_float": "a whole number", "float_type": "a number",
    "string_type": "text", "bool_type": "true or false", "list_type": "a list", "dict_type": "a map",
    "model_type": "a map", "model_attributes_type": "a map", "date_type": "a day such as 2027-03-31",
}  # fmt: skip


def validate(model: type[M], value: Any, path: KeyPath, document: Document) -> M | None:
    """Return `value` as `model`, or None after noting every problem in `document`."""
    try:
        return model.model_validate(value)
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            _note(model, detail, path, document)
        return None


def _note(model: type[BaseModel], detail: Any, path: KeyPath, document: Document) -> None:
    loc: KeyPath = tuple(detail["loc"])
    kind = detail["type"]
    full = (*path, *_in_file(loc, path, document))
    if kind == "extra_forbidden":
        known = _fields(_model_at(model, loc[:-1]))
        document.problem(full, f"unknown key '{str(loc[-1])[:60]}'{_hint(str(loc[-1]), known)}", at="key")
    elif kind == "missing":
        place = path + loc[:-1]
        name = str(path[-1]) if not loc[:-1] and path else ".".join(map(str, loc[:-1]))
        document.problem(place, f"'{name}' needs '{loc[-1]}'{_meaning(_model_at(model, loc[:-1]), loc[-1])}", at="key")
    else:
        document.problem(full, message(detail, str(loc[-1]) if loc else ""), at="value")


def message(detail: Any, name: str) -> str:
    """Say what was found and what was expected, in the words of the language."""
    kind, context, value = detail["type"], detail.get("ctx", {}), detail["input"]
    unit = _UNITS.get(name.rsplit("_", 1)[-1], "")
    if kind in _EXPECTED or kind == "is_instance_of":
        expected = _EXPECTED.get(kind, "another value")
        if unit and isinstance(value, str) and re.match(r"[0-9.]+ *[a-zA-Z]*$", value):
            return f"'{name}' is {expected} of {unit}, without a unit; found {found(value)}"
        if kind == "string_type" and isinstance(value, bool | int | float):
            return f"'{name}' is text; found {found(value)}: put it in quotes"
        return f"'{name}' is {expected}; found {found(value)}"
    if kind in ("literal_error", "enum"):
        options = re.findall(r"'([^']*)'", context.get("expected", ""))
        listed = ", ".join(options) if options else context.get("expected", "")
        hint = did_you_mean(value, options) if isinstance(value, str) else ""
        return f"'{name}' is one of {listed}; found {found(value)}{hint}"
    if kind == "string_pattern_mismatch":
        return f"'{name}' does not have the right form: found {found(value)}, expected {_form(context['pattern'])}"
    if kind == "value_error":
        return f"'{name}': {context['error']}" if name else str(context["error"])
    bounds = {"greater_than_equal": ("ge", "at least"), "less_than_equal": ("le", "at most"),
              "greater_than": ("gt", "more than"), "less_than": ("lt", "less than")}  # fmt: skip
    if kind in bounds:
        key, words = bounds[kind]
        return f"'{name}' is {words} {context[key]}{' ' + unit if unit else ''}; found {found(value)}"
    if kind in ("too_short", "too_long"):
        words = f"at least {context.get('min_length')}" if kind == "too_short" else f"at most {context.get('max_length')}"
        return f"'{name}' has {words} entries; found {context.get('actual_length')}"
    return f"'{name}': {detail['msg'][:200]}; found {found(value)}"


_FORMS = {
    r"^[0-9]{12}$": "an account id of twelve digits",
    r"^[a-z]{2}(-[a-z]+)+-[0-9]$": "a region such as eu-west-1",
    r"^[0-9a-fA-F.:]+/[0-9]{1,3}$": "a CIDR block such as 10.0.0.0/16",
}


def _form(pattern: str) -> str:
    return _FORMS.get(pattern, f"/{pattern}/")


def _in_file(loc: KeyPath, path: KeyPath, document: Document) -> KeyPath:
    """Drop the parts of a pydantic location that are no keys (members of a union)."""
    here: KeyPath = ()
    for step in loc:
        if document.has((*path, *here, step)) or not isinstance(step, str):
            here = (*here, step)
    return here if here and here[-1] == loc[-1] else (*here, loc[-1]) if loc else here


def _model_at(model: type[BaseModel], loc: KeyPath) -> type[BaseModel] | None:
    """The model whose fields stand at `loc` within `model`."""
    current: Any = model
    for step in loc:
        if isinstance(step, int):
            continue
        if not (isinstance(current, type) and issubclass(current, BaseModel)):
            continue
        for name, field in current.model_fields.items():
            if step in (name, field.alias):
                inner = _inner_model(field.annotation)
                current = inner or current
                break
    return current if isinstance(current, type) and issubclass(current, BaseModel) else None


def _inner_model(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and not getattr(annotation, "__args__", None):
        return annotation if issubclass(annotation, BaseModel) else None
    for inner in getattr(annotation, "__args__", ()):
        if model := _inner_model(inner):
            return model
    return None


def _fields(model: type[BaseModel] | None) -> list[str]:
    return [f.alias or name for name, f in model.model_fields.items()] if model else []


def _hint(key: str, known: list[str]) -> str:
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
