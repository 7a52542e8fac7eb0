"""References of a template: which there are, and the same value with other references in their places."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from archproof.resources.resource import SUBSTITUTION

Reference = tuple[str, str | None]
"""A logical id, parameter or pseudo parameter, and the attribute (None: `Ref`)."""
Replace = Callable[[Reference], Any]
"""What takes the place of a reference; None leaves it as it is."""


def references(value: Any) -> Iterator[Reference]:
    """Every reference in a value, at any depth, in order."""
    found: list[Reference] = []

    def collect(reference: Reference) -> None:
        found.append(reference)

    rewritten(value, collect)
    yield from found


def used(value: Any, key: str) -> Iterator[str]:
    """Every name that `{key: name}` or `{key: [name, …]}` uses in a value: conditions of `Fn::If`, mappings."""
    if isinstance(value, dict):
        for k, inner in value.items():
            if k == key:
                name = inner[0] if isinstance(inner, list) and inner else inner
                if isinstance(name, str):
                    yield name
            yield from used(inner, key)
    elif isinstance(value, list):
        for inner in value:
            yield from used(inner, key)


def rewritten(value: Any, replace: Replace) -> Any:
    """A copy of `value` with what `replace` gives in place of each reference."""
    if isinstance(value, list):
        return [rewritten(v, replace) for v in value]
    if not isinstance(value, dict):
        return value
    if len(value) == 1:
        key, inner = next(iter(value.items()))
        if key == "Ref" and isinstance(inner, str):
            return _or(replace((inner, None)), value)
        if key == "Fn::GetAtt":
            reference = get_att(inner)
            if reference is not None:
                return _or(replace(reference), value)
        if key == "Fn::Sub":
            return {key: _sub(inner, replace)}
        if key == "Condition" and isinstance(inner, str):
            return value
    return {k: rewritten(v, replace) for k, v in value.items()}


def get_att(inner: Any) -> Reference | None:
    """The reference of an `Fn::GetAtt`; None where its parts are functions themselves."""
    parts = inner.split(".", 1) if isinstance(inner, str) else inner
    if isinstance(parts, list) and len(parts) > 1 and all(isinstance(p, str) for p in parts):
        return parts[0], ".".join(parts[1:])
    return None


def _or(found: Any, value: Any) -> Any:
    return value if found is None else found


def _sub(inner: Any, replace: Replace) -> Any:
    """`Fn::Sub`: what its text refers to becomes a variable of it."""
    text = inner[0] if isinstance(inner, list) and inner else inner
    variables = dict(inner[1]) if isinstance(inner, list) and len(inner) > 1 and isinstance(inner[1], dict) else {}
    variables = {k: rewritten(v, replace) for k, v in variables.items()}
    if not isinstance(text, str):
        return [text, variables] if variables else inner

    def put(match: Any) -> str:
        literal, name = match[1], match[2].strip()
        if literal or name in variables:
            return str(match[0])
        logical_id, _, attribute = name.partition(".")
        found = replace((logical_id, attribute or None))
        if found is None:
            return str(match[0])
        if isinstance(found, dict) and isinstance(found.get("Ref"), str):
            return f"${{{found['Ref']}}}"
        attribute_of = get_att(found.get("Fn::GetAtt")) if isinstance(found, dict) else None
        if attribute_of is not None:
            return f"${{{'.'.join(str(p) for p in attribute_of)}}}"
        variable = f"Value{len(variables)}"
        variables[variable] = found
        return f"${{{variable}}}"

    text = SUBSTITUTION.sub(put, text)
    return [text, variables] if variables else text
