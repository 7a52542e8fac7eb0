"""Terraform addresses and references, taken apart: `module.net["a"].aws_subnet.private[0].id`."""

from __future__ import annotations

import json
import re
from typing import NamedTuple

_STEP = re.compile(r"""\.?(?:([A-Za-z_][\w-]*)|\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]|\[?\*\]?|(\d+))""")
_MODULE = re.compile(r'module\.([\w-]+)(\[(?:"(?:[^"\\]|\\.)*"|\d+)\])?')

Step = str | int


class Named(NamedTuple):
    """A reference, taken apart."""

    head: str
    """`aws_subnet.private`, `data.aws_vpc.main`, `module.net`, `var.x`, `local.x`, `each.key`, …"""
    key: Step | None
    """The key of the instance, where one is said."""
    path: tuple[Step, ...]
    """The attribute and what is inside it."""


def steps(text: str) -> list[Step]:
    """The names, keys and positions of a reference, in order; `*` is left out."""
    found: list[Step] = []
    end = 0
    while match := _STEP.match(text, end):
        if match.end() == end:
            break
        end = match.end()
        name, key, position, legacy = match.groups()
        if name is not None:
            found.append(name)
        elif key is not None:
            found.append(_Key(json.loads(f'"{key}"')))
        elif position is not None or legacy is not None:
            found.append(int(position or legacy))
    return found


class _Key(str):
    """A key in brackets, which is no name of an attribute."""


def named(text: str) -> Named:
    """Take a reference apart."""
    found = steps(text)
    size = 3 if found[:1] == ["data"] else 2
    head, rest = ".".join(map(str, found[:size])), found[size:]
    key = None
    if rest and isinstance(rest[0], int | _Key) and not head.startswith(("var.", "local.")):
        key = rest[0] if isinstance(rest[0], int) else str(rest[0])
        rest = rest[1:]
    return Named(head, key, tuple(s if isinstance(s, int) else str(s) for s in rest))


def key_text(key: Step | None) -> str:
    """A key as it stands in an address."""
    if key is None:
        return ""
    return f"[{key}]" if isinstance(key, int) else f"[{json.dumps(key, ensure_ascii=False)}]"


def modules(address: str) -> list[tuple[str, str]]:
    """The modules that an address is in, outermost first, each with its key in brackets (or nothing)."""
    found = []
    end = 0
    while match := _MODULE.match(address, end):
        found.append((match[1], match[2] or ""))
        end = match.end() + 1
    return found


def prefix(path: list[tuple[str, str]]) -> str:
    """What the addresses in a module begin with."""
    return "".join(f"module.{name}{key}." for name, key in path)
