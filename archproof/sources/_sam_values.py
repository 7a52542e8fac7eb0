"""Values that remember where a template said them, through whatever the SAM translator does with them.

The translator takes a template apart and builds another one; it passes texts and numbers on as they are.
So every text and number of the template goes in as one that carries its path, and comes out with it. What
is built anew on the way (a policy's ARN, a joined text) has no path and is placed by where it stands.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Path = tuple[str | int, ...]


class Text(str):
    """A text with its path in the template."""

    origin: Path

    def __deepcopy__(self, memo: dict[int, Any]) -> Text:
        return self


class Whole(int):
    """An integer with its path in the template."""

    origin: Path

    def __deepcopy__(self, memo: dict[int, Any]) -> Whole:
        return self


class Decimal(float):
    """A number with its path in the template."""

    origin: Path

    def __deepcopy__(self, memo: dict[int, Any]) -> Decimal:
        return self


def marked(value: Any, path: Path = ()) -> Any:
    """A copy of `value` whose texts and numbers carry their paths, `path` being its own."""
    if isinstance(value, dict):
        return {key: marked(item, (*path, key)) for key, item in value.items()}
    if isinstance(value, list):
        return [marked(item, (*path, index)) for index, item in enumerate(value)]
    return leaf(value, path)


def leaf(value: Any, path: Path) -> Any:
    """A text or a number that carries `path`; anything else as it is."""
    kinds: dict[type, Any] = {str: Text, int: Whole, float: Decimal}
    kind = kinds.get(type(value))
    if kind is None:
        return value
    found = kind(value)
    found.origin = path
    return found


@dataclass(slots=True)
class Node:
    """Where one value of the outcome came from, and what is inside it."""

    origin: Path | None = None
    inside: dict[Any, Node] = field(default_factory=dict)


class Reader:
    """Reads the outcome back into plain values, each with the path that it came from.

    A value that a parameter gave becomes a reference to that parameter again, and a stand-in what it stands
    in for: `stand_ins` holds the outcome of each by its text.
    """

    def __init__(self, stand_ins: dict[str, Any]) -> None:
        self.stand_ins = stand_ins
        self.used: set[str] = set()
        """The stand-ins that were met."""

    def read(self, value: Any, *, symbolic: bool) -> tuple[Any, Node]:
        """The plain value of `value` and its node; where not `symbolic`, values of parameters stay."""
        if isinstance(value, dict):
            return self._dict(value, symbolic)
        if isinstance(value, list):
            rows = [self.read(item, symbolic=symbolic) for item in value]
            node = Node(None, {index: inner for index, (_, inner) in enumerate(rows)})
            node.origin = _container(node.inside)
            return [item for item, _ in rows], node
        return self._leaf(value, symbolic)

    def _dict(self, value: dict[Any, Any], symbolic: bool) -> tuple[Any, Node]:
        plain: dict[str, Any] = {}
        node = Node()
        # the translator's own dict iterates as Python 2 did; the order of insertion is the one to read
        for key, item in dict.items(value):
            operand = len(value) == 1 and key in ("Ref", "Fn::GetAtt", "Condition")
            plain[str(key)], node.inside[str(key)] = self.read(item, symbolic=symbolic and not operand)
        node.origin = _container(node.inside)
        return plain, node

    def _leaf(self, value: Any, symbolic: bool) -> tuple[Any, Node]:
        origin: Path | None = getattr(value, "origin", None)
        if isinstance(value, str):
            plain: Any = str(value)
            if plain in self.stand_ins:
                self.used.add(plain)
                return self.stand_ins[plain], Node()
        elif isinstance(value, bool) or not isinstance(value, int | float):
            return value, Node()
        else:
            plain = int(value) if isinstance(value, int) else float(value)
        if origin is not None and origin[0] == "Parameters":
            return ({"Ref": str(origin[1])} if symbolic else plain), Node()
        return plain, Node(origin)


def _container(inside: dict[Any, Node]) -> Path | None:
    """Where a map or a list came from, told from what is in it."""
    common: Path | None = None
    for key, node in inside.items():
        if node.origin is None or node.origin[2:] == ("Condition",):
            continue  # the condition of a resource is said again wherever that makes something
        last = node.origin[-1]
        outer = node.origin[:-1] if last == key or (isinstance(key, int) and isinstance(last, int)) else node.origin
        common = outer if common is None else _shared(common, outer)
    return common or None


def _shared(one: Path, other: Path) -> Path:
    length = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        length += 1
    return one[:length]
