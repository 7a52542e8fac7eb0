"""What AWS returns under another name than it was declared."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator, Mapping
from typing import Any

from archproof.drift.lists import entry_name, entry_value, is_map

_DEEPEST = 8
_UNIQUE = re.compile(r"^arn:|^[a-z]+-[0-9a-f]{8,}$|^https?://|[0-9a-f]{8}-[0-9a-f]{4}-")


def twin(name: str, live: Mapping[str, Any]) -> str:
    """The live property that holds what was declared as `name`, which is never returned; empty where there is none."""
    return next((n for n in (f"{name}String", f"Extended{name}") if n in live), "")


def untwinned(name: str) -> str:
    """The property whose twin this one may be."""
    return name.removesuffix("String").removeprefix("Extended")


def spelt(name: str, values: Mapping[str, Any]) -> str:
    """The property that is `name` but for its capitals (`awsvpcConfiguration`); empty where there is none."""
    low = name.lower()
    return next((n for n in values if n.lower() == low and n != name), "")


def inside(name: str, live: Mapping[str, Any]) -> list[Any] | None:
    """The list of a name that stands one level deeper (`PathPatternConfig.Values` for `Values`), if there is one."""
    found = [v[name] for v in live.values() if isinstance(v, Mapping) and isinstance(v.get(name), list)]
    return found[0] if len(found) == 1 else None


def is_any_port(name: str, rule: Mapping[str, Any]) -> bool:
    """Whether a port belongs to a rule for all protocols, whose ports AWS does not keep."""
    return name in ("FromPort", "ToPort") and str(rule.get("IpProtocol")) == "-1"


def as_maps(declared: Any, live: Any) -> tuple[Any, Any]:
    """A list of names and values as a map where the other side is a map."""
    if isinstance(declared, dict) and isinstance(live, list) and is_map(live):
        return declared, {entry_name(one): entry_value(one) for one in live}
    if isinstance(live, dict) and isinstance(declared, list) and is_map(declared):
        return {entry_name(one): entry_value(one) for one in declared}, live
    return declared, live


def substituted(declared: Mapping[str, Any]) -> dict[str, Any]:
    """The properties of a state machine with its substitutions made; unknown ones leave the definition unresolved."""
    values = declared["DefinitionSubstitutions"]
    if not isinstance(values, Mapping):
        return dict(declared)
    found = dict(declared)
    for name in ("DefinitionString", "Definition"):
        if name in found:
            found[name] = _substituted(found[name], values)
    return found


def _substituted(value: Any, values: Mapping[str, Any]) -> Any:
    if isinstance(value, dict):
        return {k: _substituted(v, values) for k, v in value.items()}
    if isinstance(value, list):
        return [_substituted(v, values) for v in value]
    if not isinstance(value, str) or "${" not in value:
        return value
    unknown: list[Any] = []

    def put(match: re.Match[str]) -> str:
        known = values.get(match[1], match[0])
        if isinstance(known, dict | list):
            unknown.append(known)
            return match[0]
        return str(known).lower() if isinstance(known, bool) else str(known)

    text = re.sub(r"\$\{([^{}]+)\}", put, value)
    return unknown[0] if unknown else text


def said(value: str, live: Any) -> bool:
    """Whether an ARN, an identifier or an address stands somewhere in a live object."""
    return bool(_UNIQUE.search(value)) and any(value == leaf for leaf in _leaves(live, 0))


def mirrored(live: Any, declared: Any) -> bool:
    """Whether a live value says only what is declared beside it, under other names or in base64."""
    return _mirrored(live, {str(leaf) for leaf in _leaves(declared, 0)}, list(_lists(declared, 0)))


def _mirrored(live: Any, known: set[str], lists: list[list[str]]) -> bool:
    if isinstance(live, Mapping):
        return all(_mirrored(value, known, lists) for value in live.values())
    if isinstance(live, list):
        if all(isinstance(one, Mapping) for one in live):
            return all(_mirrored(one, known, lists) for one in live)
        return sorted(map(str, live)) in lists
    text = str(live)
    return len(text) > 5 and (text in known or _plain(text) in known)


def _lists(value: Any, depth: int) -> Iterator[list[str]]:
    """The lists of single values in a value, sorted."""
    if isinstance(value, list) and not any(isinstance(one, Mapping | list) for one in value):
        yield sorted(map(str, value))
    elif isinstance(value, Mapping | list) and depth < _DEEPEST:
        for one in value.values() if isinstance(value, Mapping) else value:
            yield from _lists(one, depth + 1)


def _leaves(value: Any, depth: int) -> Iterator[Any]:
    if isinstance(value, Mapping | list):
        if depth < _DEEPEST:
            for one in value.values() if isinstance(value, Mapping) else value:
                yield from _leaves(one, depth + 1)
        return
    yield value


def _plain(value: Any) -> str | None:
    """What a text in base64 holds."""
    if not isinstance(value, str) or len(value) < 4 or len(value) % 4:
        return None
    try:
        return base64.b64decode(value, validate=True).decode()
    except (binascii.Error, ValueError):
        return None
