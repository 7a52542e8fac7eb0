"""CloudFormation's functions of values, each as far as its arguments are known.

Every function takes the evaluation, its argument with what is known in it filled in, and the whole as it
stands; it returns the value, or a form that is still a function.
"""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from archproof.resources.parameters import text
from archproof.resources.resource import SUBSTITUTION, is_symbolic

if TYPE_CHECKING:
    from archproof.resources._evaluation import Evaluation

MAX_TEXT = 1 << 20
"""Characters of the longest text that is put together; a longer one stays a function."""
MAX_BLOCKS = 256
"""The most blocks that `Fn::Cidr` gives."""

Function = Callable[["Evaluation", Any, Any], Any]


def is_known(value: Any) -> bool:
    """Whether no function is left in a value."""
    if isinstance(value, dict):
        return not is_symbolic(value) and all(is_known(v) for v in value.values())
    return all(is_known(v) for v in value) if isinstance(value, list) else True


def _scalar(value: Any) -> bool:
    return isinstance(value, (str, int, float))


def _join(evaluation: Evaluation, args: Any, whole: Any) -> Any:
    if not (isinstance(args, list) and len(args) == 2 and isinstance(args[0], str) and isinstance(args[1], list)):
        return whole
    delimiter, parts = args
    if not all(_scalar(p) for p in parts) or sum(len(text(p)) + len(delimiter) for p in parts) > MAX_TEXT:
        return whole
    return delimiter.join(text(p) for p in parts)


def _split(evaluation: Evaluation, args: Any, whole: Any) -> Any:
    if isinstance(args, list) and len(args) == 2 and all(isinstance(a, str) for a in args) and args[0]:
        return args[1].split(args[0])
    return whole


def _select(evaluation: Evaluation, args: Any, whole: Any) -> Any:
    if not (isinstance(args, list) and len(args) == 2):
        return whole
    position, items = args
    if isinstance(items, str) and "," in items:
        items = [part.strip() for part in items.split(",")]
    try:
        at = int(position)
    except (TypeError, ValueError):
        return whole
    return items[at] if isinstance(items, list) and 0 <= at < len(items) else whole


def _find_in_map(evaluation: Evaluation, args: Any, whole: Any) -> Any:
    if not (isinstance(args, list) and len(args) in (3, 4)):
        return whole
    found: Any = evaluation.mappings
    for step in args[:3]:
        if not _scalar(step):
            return whole
        found = found.get(text(step)) if isinstance(found, dict) else None
    if found is not None:
        return found
    if len(args) == 4 and isinstance(args[3], dict) and "DefaultValue" in args[3]:
        return args[3]["DefaultValue"]
    return whole


def _cidr(evaluation: Evaluation, args: Any, whole: Any) -> Any:
    if not (isinstance(args, list) and len(args) in (2, 3) and isinstance(args[0], str)):
        return whole
    try:
        network = ipaddress.ip_network(args[0], strict=False)
        count, bits = int(args[1]), int(args[2]) if len(args) == 3 else 8
        if not 0 < count <= MAX_BLOCKS:
            return whole
        blocks = network.subnets(new_prefix=network.max_prefixlen - bits)
        found = [str(block) for block, _ in zip(blocks, range(count), strict=False)]
    except (ValueError, TypeError):
        return whole
    return found if len(found) == count else whole


def _zones(evaluation: Evaluation, args: Any, whole: Any) -> Any:
    code = args or evaluation.region
    if not isinstance(code, str):
        return whole
    from archproof import facts

    try:
        return list(facts.region(code).zone_names())
    except (KeyError, TypeError):
        return whole


def _length(evaluation: Evaluation, args: Any, whole: Any) -> Any:
    return len(args) if isinstance(args, list) else whole


def _json(evaluation: Evaluation, args: Any, whole: Any) -> Any:
    if not isinstance(args, (dict, list)) or not is_known(args):
        return whole
    written = json.dumps(args, separators=(",", ":"), ensure_ascii=False)
    return written if len(written) <= MAX_TEXT else whole


def _substitute(evaluation: Evaluation, args: Any, whole: Any) -> Any:
    """`Fn::Sub`: what is known is written into the text, what is not stays a place in it."""
    own: dict[str, Any] = {}
    pattern = args
    if isinstance(args, list) and args:
        pattern = args[0]
        own = args[1] if len(args) > 1 and isinstance(args[1], dict) else {}
    if not isinstance(pattern, str):
        return whole
    parts: list[str] = []
    left: dict[str, Any] = {}
    open_, changed, size, end = False, False, 0, 0
    for found in SUBSTITUTION.finditer(pattern):
        parts.append(pattern[end : found.start()])
        end = found.end()
        name = found[2].strip()
        value = None if found[1] else own[name] if name in own else evaluation.named(name)
        if not found[1] and _scalar(value):
            parts.append(text(value).replace("${", "${!"))
            changed = True
        else:
            parts.append(found[0])
            open_ = open_ or not found[1]
            if name in own and not found[1]:
                left[name] = own[name]
        size += len(parts[-1]) + len(parts[-2])
        if size > MAX_TEXT:
            return whole
    parts.append(pattern[end:])
    written = "".join(parts)
    if not open_:
        return written.replace("${!", "${")
    if not changed and left == own:
        return whole
    return {"Fn::Sub": [written, left] if left else written}


FUNCTIONS: dict[str, Function] = {
    "Fn::Cidr": _cidr,
    "Fn::FindInMap": _find_in_map,
    "Fn::GetAZs": _zones,
    "Fn::Join": _join,
    "Fn::Length": _length,
    "Fn::Select": _select,
    "Fn::Split": _split,
    "Fn::Sub": _substitute,
    "Fn::ToJsonString": _json,
}
"""The functions that can be worked out before deployment. `Fn::GetAtt`, `Fn::ImportValue`, `Fn::Base64` and
what is not here stay functions, with what is known in their arguments filled in."""
