"""Functions that are worth something with symbols among their arguments.

None says that nothing can be said; NULL (of the package) that the result is null.
"""

from __future__ import annotations

import itertools
import math
import re
from typing import Any

from archproof.sources.hcl.evaluation import HclSet, as_bool, as_number, as_text
from archproof.sources.hcl.functions import NULL
from archproof.sources.hcl.functions.encoding import json_text, json_value
from archproof.sources.hcl.symbols import Failure, Reference, Symbol, Template, text

_HOLE = re.compile("\ue000([0-9]+)\ue001")
_SET_BY_AWS = (("id",), ("arn",), ("name",))


def _settled(value: Any) -> Any:
    return value.settled() if isinstance(value, Symbol) else value


def _length(held: Any) -> Any:
    held = _settled(held)
    return len(held) if isinstance(held, (list, dict, str)) and not _blurred(held) else None


def _blurred(held: Any) -> bool:
    """A set with symbols in it: two of them may turn out to be one."""
    return isinstance(held, HclSet) and any(isinstance(i, Symbol) for i in held) and len(held) > 1


def _merge(*maps: Any) -> Any:
    if any(isinstance(m, Symbol) for m in maps):
        return None
    found: dict[str, Any] = {}
    for held in maps:
        if held is not None:
            found.update(held)
    return found


def _concat(*lists: Any) -> Any:
    if not all(isinstance(held, list) for held in lists):
        return _not_list("concat", lists)
    return [item for held in lists for item in held]


def _not_list(name: str, values: Any) -> None:
    for value in values:
        if not isinstance(value, (list, dict)) and not _is_thing(value):
            raise Failure(f"{name}() takes lists")


def _is_thing(value: Any) -> bool:
    return isinstance(value, Symbol) or hasattr(value, "member")


def _flatten(held: Any) -> Any:
    if not isinstance(held, list):
        return None
    found: list[Any] = []
    for item in held:
        item = _settled(item)
        if isinstance(item, list):
            inner = _flatten(item)
            if inner is None:
                return None
            found += inner
        elif isinstance(item, Symbol) and not _is_scalar(item):
            return None
        else:
            found.append(item)
    return found


def _is_scalar(item: Symbol) -> bool:
    """Whether a symbol is one text for sure."""
    return isinstance(item, Template) or (isinstance(item, Reference) and item.path in _SET_BY_AWS)


def _element(items: Any, index: Any) -> Any:
    at = _settled(index)
    if isinstance(at, Symbol):
        return None
    at = as_number(at)
    if isinstance(items, Reference):
        return items.member(at) if isinstance(at, int) else None
    if not isinstance(items, list):
        return None
    if not items or (at < 0 and -at > len(items)):
        raise Failure("element() of an empty list")
    return _nullable(items[int(at) % len(items)])


def _nullable(value: Any) -> Any:
    return NULL if value is None else value


def _lookup(held: Any, key: Any, default: Any = NULL) -> Any:
    key = _settled(key)
    if not isinstance(held, dict) or isinstance(key, Symbol):
        return None
    if as_text(key) in held:
        return _nullable(held[as_text(key)])
    if default is NULL:
        raise Failure(f"lookup(): there is no '{as_text(key)[:60]}'")
    return _nullable(default)


def _keys(held: Any) -> Any:
    return sorted(held) if isinstance(held, dict) else None


def _values(held: Any) -> Any:
    return [held[k] for k in sorted(held)] if isinstance(held, dict) else None


def _zipmap(keys: Any, values: Any) -> Any:
    if not isinstance(keys, list) or not isinstance(values, list) or any(isinstance(_settled(k), Symbol) for k in keys):
        return None
    return {as_text(_settled(k)): v for k, v in zip(keys, values, strict=True)}


def _slice(items: Any, start: Any, end: Any) -> Any:
    start, end = _settled(start), _settled(end)
    if isinstance(start, Symbol) or isinstance(end, Symbol):
        return None
    first, last = int(as_number(start)), int(as_number(end))
    if isinstance(items, Reference) and last - first < 1000:
        return [items.member(n) for n in range(first, last)]
    if not isinstance(items, list):
        return None
    if not 0 <= first <= last <= len(items):
        raise Failure(f"slice({first}, {last}) of a list of {len(items)}")
    return items[first:last]


def _list(held: Any) -> Any:
    return list(held) if isinstance(held, list) else held if isinstance(held, Symbol) else None


def _set(held: Any) -> Any:
    return HclSet.of(held) if isinstance(held, list) else None


def _distinct(held: Any) -> Any:
    if not isinstance(held, list):
        return None
    found: list[Any] = []
    for item in held:
        if item not in found:
            found.append(item)
        if len(found) > 5_000:
            raise Failure("distinct() of more than 5,000 elements")
    return found


def _map(held: Any) -> Any:
    return held if isinstance(held, dict) or _is_thing(held) else None


def _coalesce(*values: Any) -> Any:
    for value in values:
        if isinstance(value, Symbol):
            if isinstance(value, Template) or _is_scalar(value):
                return value
            settled = value.settled()
            if isinstance(settled, Symbol):
                return None
            value = settled
        if value is not None and value != "":
            return value
    raise Failure("coalesce() of nothing but null and ''")


def _coalescelist(*lists: Any) -> Any:
    for held in lists:
        if not isinstance(held, list):
            return None
        if held:
            return held
    raise Failure("coalescelist() of empty lists")


def _compact(items: Any) -> Any:
    if not isinstance(items, list):
        return None
    found = []
    for item in items:
        if isinstance(item, Symbol) and not _is_scalar(item):
            item = item.settled()
            if isinstance(item, Symbol):
                return None
        if item is not None and item != "":
            found.append(item)
    return found


def _contains(items: Any, value: Any) -> Any:
    if not isinstance(items, list):
        return None
    value = _settled(value)
    settled = [_settled(i) for i in items]
    if isinstance(value, Symbol):
        return True if value in settled else None
    if value in settled:
        return True
    return None if any(isinstance(i, Symbol) for i in settled) else False


def _reverse(items: Any) -> Any:
    return items[::-1] if isinstance(items, list) else None


def _join(separator: Any, *lists: Any) -> Any:
    if not isinstance(separator, str) or not all(isinstance(held, list) for held in lists):
        return None
    parts: list[Any] = []
    for held in lists:
        for item in held:
            if isinstance(item, (list, dict)) or (hasattr(item, "member") and not isinstance(item, Symbol)):
                raise Failure("join() of what is no text")
            parts += [separator] if parts else []
            parts.append(item if isinstance(item, Symbol) else as_text(item))
    return text(parts)


def _format(pattern: Any, *arguments: Any) -> Any:
    if not isinstance(pattern, str) or not any(isinstance(a, Symbol) for a in arguments):
        return None
    if not all(isinstance(a, (Symbol, str, int, float)) for a in arguments):
        return None
    pieces = re.split(r"(%[sdv%])", pattern)
    if "%" in "".join(pieces[::2]):
        return None
    waiting = list(arguments)
    parts: list[Any] = []
    for piece in pieces:
        if piece == "%%":
            parts.append("%")
        elif piece in ("%s", "%d", "%v"):
            if not waiting:
                raise Failure("format() has too few arguments")
            value = waiting.pop(0)
            parts.append(value if isinstance(value, Symbol) else as_text(value))
        else:
            parts.append(piece)
    return text(parts)


def _formatlist(pattern: Any, *arguments: Any) -> Any:
    if any(isinstance(a, Symbol) and not _is_scalar(a) for a in arguments):
        return None
    lists = [a for a in arguments if isinstance(a, list)]
    if not any(isinstance(i, Symbol) for held in lists for i in held):
        return None
    if len({len(held) for held in lists}) != 1:
        return None
    found = []
    for at in range(len(lists[0])):
        made = _format(pattern, *(a[at] if isinstance(a, list) else a for a in arguments))
        if made is None:
            return None
        found.append(made)
    return found


def _jsonencode(value: Any) -> Any:
    holes: list[Symbol] = []
    held = holed(value, holes)
    if held is None or not holes:
        return None
    return filled(json_text(held), holes)


def holed(value: Any, holes: list[Symbol]) -> Any:
    """A value with a mark in the place of each symbol; None where something in it can have none."""
    if isinstance(value, Symbol):
        if isinstance(value, Template):
            return "".join(p if isinstance(p, str) else _hole(p, holes) for p in value.parts)
        return _hole(value, holes)
    if isinstance(value, dict):
        made = {k: holed(v, holes) for k, v in value.items()}
        return made
    if isinstance(value, list):
        return [holed(v, holes) for v in value]
    return value if isinstance(value, (str, int, float)) or value is None else None


def _hole(symbol: Symbol, holes: list[Symbol]) -> str:
    holes.append(symbol)
    return f"\ue000{len(holes) - 1}\ue001"


def filled(written: str, holes: list[Any]) -> Any:
    """A text with marks as a text with symbols."""
    split = _HOLE.split(written)
    return text([holes[int(p)] if n % 2 else p for n, p in enumerate(split)])


def _jsondecode(value: Any) -> Any:
    if not isinstance(value, Template):
        return None
    holes: list[Symbol] = []
    return refill(json_value(holed(value, holes)), holes)


def refill(value: Any, holes: list[Any]) -> Any:
    """A value with its symbols back in the place of their marks."""
    if isinstance(value, dict):
        return {k: refill(v, holes) for k, v in value.items()}
    if isinstance(value, list):
        return [refill(v, holes) for v in value]
    if isinstance(value, str) and "\ue000" in value:
        made = filled(value, holes)
        return made.parts[0] if isinstance(made, Template) and len(made.parts) == 1 else made
    return value


def _one(items: Any) -> Any:
    if not isinstance(items, list):
        return None
    if len(items) > 1:
        raise Failure("one() of more than one element")
    return _nullable(items[0] if items else None)


def _chunks(items: Any, size: Any) -> Any:
    size = _settled(size)
    if not isinstance(items, list) or isinstance(size, Symbol):
        return None
    count = int(as_number(size))
    return [items[n : n + count] for n in range(0, len(items), count)] if count else []


def _product(*sets: Any) -> Any:
    if not all(isinstance(s, list) for s in sets) or math.prod(len(s) for s in sets) > 20_000:
        return None
    return [list(c) for c in itertools.product(*sets)]


def _union(*sets: Any) -> Any:
    if not all(isinstance(s, list) for s in sets):
        return None
    return HclSet.of(i for s in sets for i in s)


def _same(value: Any) -> Any:
    return _nullable(value)


def _tostring(value: Any) -> Any:
    if isinstance(value, Symbol) or value is None:
        return _nullable(value)
    return as_text(value) if isinstance(value, (str, int, float)) else None


def _tonumber(value: Any) -> Any:
    value = _settled(value)
    return _nullable(value) if isinstance(value, Symbol) or value is None else as_number(value)


def _tobool(value: Any) -> Any:
    value = _settled(value)
    return _nullable(value) if isinstance(value, Symbol) or value is None else as_bool(value)


SYMBOLIC = {
    "chunklist": _chunks,
    "coalesce": _coalesce,
    "coalescelist": _coalescelist,
    "compact": _compact,
    "concat": _concat,
    "contains": _contains,
    "distinct": _distinct,
    "element": _element,
    "flatten": _flatten,
    "format": _format,
    "formatlist": _formatlist,
    "join": _join,
    "jsondecode": _jsondecode,
    "jsonencode": _jsonencode,
    "keys": _keys,
    "length": _length,
    "list": lambda *items: list(items),
    "lookup": _lookup,
    "map": lambda *items: dict(zip(items[::2], items[1::2], strict=True)),
    "merge": _merge,
    "nonsensitive": _same,
    "one": _one,
    "reverse": _reverse,
    "sensitive": _same,
    "setproduct": _product,
    "setunion": _union,
    "slice": _slice,
    "tobool": _tobool,
    "tolist": _list,
    "tomap": _map,
    "tonumber": _tonumber,
    "toset": _set,
    "tostring": _tostring,
    "values": _values,
    "zipmap": _zipmap,
}
__all__ = ["SYMBOLIC", "filled", "holed", "refill"]
