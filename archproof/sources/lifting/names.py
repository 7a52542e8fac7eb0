"""Ids of components from logical ids: `OrdersFunction` is `orders_function`."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable

from archproof.resources.lowering._context import logical_id as lowered

_WORDS = re.compile(r"DynamoDB|GraphQL|MySQL|NoSQL|OAuth|IoT|[A-Z]{2,}s(?![a-z])|[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
MAX = 63


def identifier(logical_id: str) -> str:
    """The id that a logical id (or any name) becomes: lower-case words with underscores between them."""
    words = _WORDS.findall(logical_id)
    text = ""
    for word in words:
        text += word if word.isdigit() or not text else f"_{word.lower()}"
    text = text.lower()
    return (text if text[:1].isalpha() else f"r{text}")[:MAX].rstrip("_") or "r"


def identifiers(logical_ids: Iterable[str], reserved: Container[str] = ()) -> dict[str, str]:
    """Ids for all of these, each its own, none of `reserved`, and no two that lower to one logical id."""
    taken: set[str] = set()
    found = {}
    for logical_id in logical_ids:
        wanted = name = identifier(logical_id)
        number = 1
        while name in taken or lowered(name) in taken or name in reserved:
            number += 1
            name = f"{wanted[: MAX - len(str(number))]}{number}"
        taken |= {name, lowered(name)}
        found[logical_id] = name
    return found
