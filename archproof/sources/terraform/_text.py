"""Texts of literal and symbolic parts in CloudFormation's words."""

from __future__ import annotations

from typing import Any

from archproof.resources.resource import is_symbolic


def text(parts: list[Any]) -> Any:
    """A text of literal and symbolic parts: `Fn::Sub` where something in it is symbolic."""
    if not any(isinstance(p, dict | list) for p in parts):
        return "".join(_plain(p) for p in parts)
    written = ""
    variables: dict[str, Any] = {}
    for part in parts:
        if not isinstance(part, dict | list):
            written += _plain(part).replace("${", "${!")
        elif (inner := _substituted(part)) is not None:
            written += inner
        else:
            name = f"Part{len(variables) + 1}"
            variables[name] = part
            written += f"${{{name}}}"
    return {"Fn::Sub": [written, variables]} if variables else {"Fn::Sub": written}


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def _substituted(value: Any) -> str | None:
    """An intrinsic in the words of `Fn::Sub`, where they can say it."""
    if not is_symbolic(value):
        return None
    key, inner = next(iter(value.items()))
    if key == "Ref":
        return f"${{{inner}}}"
    if key == "Fn::GetAtt" and isinstance(inner, list) and all(isinstance(p, str) for p in inner):
        return f"${{{'.'.join(inner)}}}"
    return inner if key == "Fn::Sub" and isinstance(inner, str) else None
