"""The attributes of states that Terraform 0.11 wrote: one flat map (`tags.%`, `ingress.123.from_port`)."""

from __future__ import annotations

from typing import Any


def unflattened(flat: dict[str, Any]) -> dict[str, Any]:
    """The attributes in their shape."""
    found: dict[str, Any] = {}
    for key, value in flat.items():
        steps = key.split(".")
        if steps[-1] in ("#", "%"):
            if value in ("0", 0):
                _put(found, steps[:-1], [] if steps[-1] == "#" else {})
            continue
        _put(found, steps, value)
    return {k: _lists(v, f"{k}.#" in flat, flat, k) for k, v in found.items()}


def _put(holder: dict[str, Any], steps: list[str], value: Any) -> None:
    for step in steps[:-1]:
        inner = holder.setdefault(step, {})
        if not isinstance(inner, dict):
            return
        holder = inner
    holder.setdefault(steps[-1], value)


def _lists(value: Any, is_list: bool, flat: dict[str, Any], path: str) -> Any:
    if not isinstance(value, dict):
        return value
    inner = {k: _lists(v, f"{path}.{k}.#" in flat, flat, f"{path}.{k}") for k, v in value.items()}
    return list(inner.values()) if is_list else inner
