"""Writing the tree of a file in its canonical form."""

from __future__ import annotations

import re

from archproof.model.formatting import order
from archproof.model.formatting.order import Shape
from archproof.model.formatting.tree import Entry, Node, Tree
from archproof.model.yaml import scalar

WIDTH = 120
"""The most columns of what is written in one line, without its comment."""
_WIDTH_WITH_COMMENT = 150
"""Beyond this with its comment, a map or list has a line for every entry and the comment stands by its key."""
_MAX_KEY = 1000
_FEWEST_WORDS = 4
_LONGEST_WORD = 60
"""A list of so many words, none of them longer, is filled line by line like a sentence."""
_VERBATIM = ("properties", "attributes", "resource_attributes", "resources", "environment", "role", "policies",
             "routes", "to")  # fmt: skip
_FEW_LINES = 3
"""Verbatim CloudFormation is filled so, too, where it takes no more lines."""
_FLOW_SIGNS = re.compile(r"[,\[\]{}]|^[?:-]|^$")
_BLOCKS = (
    ("system",), ("system", "environments"), ("organization",), ("organization", "service_controls"),
    ("organization", "resource_controls"), ("defaults",), ("components",), ("links",), ("flows",), ("flows", "*"),
    ("flows", "*", "steps"), ("guarantees",), ("decisions",), ("accepted",), ("drift",), ("drift", "ignore"),
    ("rules",), ("views",), ("stack",), ("stack", "parameters"), ("stack", "mappings"), ("stack", "conditions"),
    ("stack", "outputs"),
    ("network",), ("network", "subnets"), ("network", "security_groups"), ("network", "network_acls"),
    ("network", "vpcs"), ("network", "vpcs", "*"), ("network", "vpcs", "*", "subnets"),
    ("network", "vpcs", "*", "security_groups"), ("network", "vpcs", "*", "network_acls"), ("network", "peerings"),
)  # fmt: skip
"""Maps and lists that have a line for every entry however short they are."""
_BLOCKS_OF_EXACT = (("components",), ("stack",), ("stack", "parameters"), ("stack", "outputs"))
"""Those of an exact system: `components` always, the others where they have more than one entry."""
_FILLED_OF_EXACT = re.compile(
    r"system|stack|(defaults|components)/[^/]*|stack/(parameters|outputs|conditions|mappings)"
)
"""What an exact system says in the words of its resources, and so is filled like verbatim CloudFormation, too."""


Path = tuple[str, ...]


class UnformattableError(Exception):
    """The file uses a form that cannot be written canonically without risk; it is left as it is."""


def emit(tree: Tree) -> str:
    """Return the canonical text of a file."""
    header = _file_header(tree.root.entries[0]) if tree.root.entries else []
    if not tree.anchored:
        _sort(tree.root, order.ROOT)
    header += _file_header(tree.root.entries[0]) if tree.root.entries else []
    lines = [*header, *_Writer(exact=_is_exact(tree.root)).collection(tree.root, 0, ())]
    if _ends_in_breaks(tree.root):
        return "\n".join([*tree.preamble, *lines]) + "\n"
    return "\n".join([*tree.preamble, *_trimmed(lines)]) + "\n"


def _sort(node: Node, shape: Shape) -> None:
    """Put the entries of all maps in the order of their models."""
    values = {e.key.value: e.value.value for e in node.entries if e.key and e.value.kind == "scalar"}
    shape = order.of_map(shape, values) if node.kind == "map" else shape
    keys = order.keys(shape) if node.kind == "map" else ()
    if keys:
        node.entries.sort(key=lambda entry: order.place(keys, entry.key.value if entry.key else ""))
    for entry in node.entries:
        _sort(entry.value, order.inside(shape, entry.key.value) if entry.key else order.of_item(shape))


def _ends_in_breaks(node: Node) -> bool:
    """Whether the last thing in a file is a text that ends in line breaks of its own."""
    while node.entries and not node.foot:
        node = node.entries[-1].value
    return node.style in ("|", ">") and node.value.endswith("\n\n")


def _trimmed(lines: list[str]) -> list[str]:
    """The lines without blank ones at either end."""
    while lines and not lines[0]:
        lines.pop(0)
    while lines and not lines[-1]:
        lines.pop()
    return lines


def _is_exact(root: Node) -> bool:
    """Whether the file is the model of an exact system."""
    said = {e.key.value: e.value for e in root.entries if e.key}
    system = said.get("system")
    return system is not None and any(
        e.key is not None and e.key.value == "exact" and scalar(e.value.text) is True for e in system.entries
    )


class _Writer:
    def __init__(self, *, exact: bool) -> None:
        self.exact = exact

    def is_block(self, node: Node, path: Path) -> bool:
        """Whether every entry of a node has a line of its own."""
        if self.exact and node.kind == "map" and path[0] in ("system", "defaults", "components", "stack"):
            return path in _BLOCKS_OF_EXACT and (len(node.entries) > 1 or path == ("components",))
        return path in _BLOCKS and not (self.exact and path == ("links",) and len(node.entries) == 1)

    def is_verbatim(self, path: Path) -> bool:
        """Whether a node is filled over a few lines."""
        return _is_verbatim(path) or (self.exact and bool(_FILLED_OF_EXACT.fullmatch("/".join(path))))

    def collection(self, node: Node, indent: int, path: Path) -> list[str]:
        """The lines of a map or a list with a line or more for every entry."""
        lines: list[str] = []
        for position, entry in enumerate(node.entries):
            if entry.key is None:
                _hoist(entry)
            lines += _lead(entry.lead, indent, first=position == 0 and bool(path))
            if entry.key is not None:
                head = " " * indent + _key(entry.key) + ":"
                lines += self.value(entry, head, indent, _below(path, entry.key.value))
            else:
                lines += self.item(entry, indent, (*path, "*"))
        return lines + _lead(node.foot, indent, first=False)

    def item(self, entry: Entry, indent: int, path: Path) -> list[str]:
        """An item of a list: a block begins on the line of its `-`."""
        head = " " * indent + "-"
        node = entry.value
        compact = node.entries and not node.properties and not entry.trail
        if compact and self.inline(node, len(head) + 1, path) is None:
            if path == ("links", "*") and (filled := _filled(node, head, indent + 2, verbatim=True)):
                return filled
            first, *rest = self.collection(node, indent + 2, path)
            return [f"{head} {first[indent + 2 :]}", *rest]
        return self.value(entry, head, indent, path)

    def value(self, entry: Entry, head: str, indent: int, path: Path) -> list[str]:
        """The value of an entry behind its `head`: on the same line where it fits, else below it."""
        node = entry.value
        if node.kind in ("scalar", "alias"):
            return _scalar_lines(entry, head, indent)
        trail = f"  {entry.trail}" if entry.trail else ""
        one = self.inline(node, len(head) + 1, path)
        crowded = trail and node.entries and len(f"{head} {one}{trail}") > _WIDTH_WITH_COMMENT
        if one is not None and not crowded:
            return [f"{head} {one}{trail}"]
        properties = f" {node.properties}" if node.properties else ""
        filled = None
        if not trail and not self.is_block(node, path):
            filled = _filled(node, f"{head}{properties}", indent + 2, verbatim=self.is_verbatim(path), texts=self.exact)
        return filled or [f"{head}{properties}{trail}", *self.collection(node, indent + 2, path)]

    def inline(self, node: Node, used: int, path: Path) -> str | None:
        """A value on one line, where it may stand on one and fits behind `used` columns; else None."""
        if node.entries and self.is_block(node, path):
            return None
        one = _flow(node)
        return one if one is not None and used + len(one) <= WIDTH else None


def _flow(node: Node) -> str | None:
    """A node on one line; None where a comment or a text over several lines is inside."""
    if node.kind in ("scalar", "alias"):
        return _flow_scalar(node)
    if node.foot:
        return None
    parts = []
    for entry in node.entries:
        key = _flow_scalar(entry.key) if entry.key else ""
        value = _flow(entry.value)
        if entry.trail or any(entry.lead) or key is None or value is None:
            return None
        parts.append(f"{key}: {value}" if entry.key else value)
    body = ", ".join(parts)
    body = f"{{{body}}}" if node.kind == "map" else f"[{body}]"
    return f"{node.properties} {body}" if node.properties else body


def _filled(node: Node, head: str, indent: int, *, verbatim: bool, texts: bool = False) -> list[str] | None:
    """A list of words, or verbatim CloudFormation, over as few lines as hold it; None where each entry has its own.

    `texts`: one that is longer than a line is no reason for lines of their own: it would be too long there, too.
    """
    if node.foot or not node.entries:
        return None
    words = node.kind == "list" and len(node.entries) >= _FEWEST_WORDS
    parts: list[str] = []
    for entry in node.entries:
        key = f"{_flow_scalar(entry.key)}: " if entry.key else ""
        value = None if entry.trail or any(entry.lead) or (entry.key and "\n" in entry.key.text) else _flow(entry.value)
        if value is None or (indent + len(key) + len(value) >= WIDTH and not (texts and entry.value.kind == "scalar")):
            return None
        words = words and entry.value.kind == "scalar" and " " not in value and len(value) <= _LONGEST_WORD
        parts.append(key + value)
    opening, closing = "[]" if node.kind == "list" else "{}"
    lines, line = [], f"{head} {opening}"
    for position, part in enumerate(parts):
        told = part + (closing if position == len(parts) - 1 else ",")
        begun = not line.endswith(opening) and bool(line.strip())
        if len(line) + begun + len(told) > WIDTH and begun:
            lines.append(line)
            line, begun = " " * indent, False
        line += f" {told}" if begun else told
    lines.append(line)
    return lines if words or (verbatim and len(lines) <= _FEW_LINES) else None


def _is_verbatim(path: Path) -> bool:
    """Say whether CloudFormation stands at a path as it is."""
    if path[:1] == ("stack",):
        return len(path) > 1 + (path[1:2] != ("logical_ids",))
    if path[:1] == ("links",):
        return len(path) > 1
    return len(path) > 2 and path[0] in ("components", "defaults") and path[2] in _VERBATIM


def _below(path: Path, key: str) -> Path:
    """The path of a value for `_BLOCKS`, in which names that people give are `*`."""
    named = path in (("flows",), ("network", "vpcs"))
    return (*path, "*" if named else key)


def _hoist(item: Entry) -> None:
    """Comments between a `-` and the first entry of its block stand before the `-`."""
    node = item.value
    if not node.entries or node.properties:
        return
    first = node.entries[0]
    if node.kind == "list":
        _hoist(first)
    item.lead += [line for line in first.lead if line]
    first.lead = []


def _file_header(first: Entry) -> list[str]:
    """Comments at the top, apart from the first entry by a blank line, are about the file: they stay there."""
    if "" not in first.lead:
        return []
    end = len(first.lead) - first.lead[::-1].index("")
    header, first.lead = first.lead[: end - 1], first.lead[end:]
    return [*_lead(header, 0, first=True), ""] if any(header) else []


def _lead(lines: list[str], indent: int, *, first: bool) -> list[str]:
    """Comments at their indentation: one blank line where there were several, none at the beginning."""
    written: list[str] = []
    for line in lines:
        if line:
            written.append(" " * indent + line)
        elif written[-1:] != [""] and (written or not first):
            written.append("")
    return written


def _key(node: Node) -> str:
    if "\n" in node.text or len(node.text) > _MAX_KEY or node.style in ("|", ">"):
        raise UnformattableError("a key over several lines")
    text = node.text or '""'
    return f"{node.properties} {text}" if node.properties else text


def _flow_scalar(node: Node) -> str | None:
    """A scalar as it may stand between brackets, or None."""
    text = node.text
    if "\n" in text or node.style in ("|", ">"):
        return None
    if node.properties:
        plain = text and (node.style or not _FLOW_SIGNS.search(text))
        return f"{node.properties} {text}" if plain else None
    if node.kind == "scalar" and not node.style:
        if not text:
            return "null"
        if isinstance(scalar(text), str) and _FLOW_SIGNS.search(text):
            return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return text


def _scalar_lines(entry: Entry, head: str, indent: int) -> list[str]:
    """A scalar behind its head, with its further lines below."""
    node = entry.value
    text = f"{node.properties} {node.text}".strip() if node.properties else node.text
    trail = f"  {entry.trail}" if entry.trail else ""
    pad = " " * (indent + 2)
    if node.style in ("|", ">"):
        lines = _block_scalar(node, pad)
        properties = f"{node.properties} " if node.properties else ""
        above = [" " * indent + entry.trail] if entry.trail else []
        return [*above, f"{head} {properties}{lines[0]}", *lines[1:]]
    first, *more = text.split("\n")
    # white space at the ends of lines is no part of a text over several lines, but may be behind a backslash
    below = [pad + line.lstrip(" \t") if line.strip() else "" for line in more]
    lines = [f"{head} {first}" if first else head, *below]
    lines[-1] += trail
    return lines


def _block_scalar(node: Node, pad: str) -> list[str]:
    """A text in `|` or `>` at another indentation."""
    header, *lines = node.text.split("\n")
    sign, space, comment = header.partition(" ")
    written = next((line for line in lines if line.strip(" ")), None)
    if written is None:
        if node.value.strip("\n"):
            raise UnformattableError("a text of nothing but spaces")
        indent = max((len(line) for line in lines), default=0)
    else:
        ahead = next(line for line in node.value.split("\n") if line.strip(" "))
        indent = (len(written) - len(written.lstrip(" "))) - (len(ahead) - len(ahead.lstrip(" ")))
    if re.search("[1-9]", sign):
        sign = re.sub("[1-9]", str(len("  ")), sign)
    if node.value and not node.value.endswith("\n") and "-" not in sign:
        sign = sign.replace("+", "") + "-"  # the file ends without a line feed, and so does the text
    body = [pad + line[indent:] if line[indent:] else "" for line in lines]
    if "+" in sign and body and not body[-1]:
        body.pop()  # what follows the last line feed
    while body and not body[-1] and "+" not in sign:
        body.pop()
    return [f"{sign}{space}{comment}".rstrip(), *body]
