"""Live values that stand for others: those that are the declared ones are put in their place."""

from __future__ import annotations

from typing import Any

from archproof.sources.hiding import is_hidden, same

_NAMES = ("Name", "Key")


def shown(declared: Any, live: Any, name: str = "") -> Any:
    """`live` with every hidden value that is the declared one as that one."""
    if isinstance(live, str):
        return (
            declared
            if is_hidden(live) and isinstance(declared, str | int | float) and same(name, declared, live)
            else live
        )
    if isinstance(live, dict) and isinstance(declared, dict):
        called = next((live[k] for k in _NAMES if isinstance(live.get(k), str)), None)
        return {
            key: shown(declared.get(key), value, called if called is not None and key == "Value" else key)
            for key, value in live.items()
        }
    if isinstance(live, list) and isinstance(declared, list):
        by_name = {_called(item): item for item in declared if _called(item) is not None}
        return [
            shown(by_name.get(_called(item), declared[at] if at < len(declared) else None), item, name)
            for at, item in enumerate(live)
        ]
    return live


def _called(item: Any) -> Any:
    if not isinstance(item, dict):
        return None
    return next((item[k] for k in _NAMES if isinstance(item.get(k), str)), None)
