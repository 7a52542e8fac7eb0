"""A YAML file as a tree that has everything in it a person wrote: comments, blank lines, quotes, anchors.

libyaml's tokens say where comments stand (between tokens there is nothing else but white space), its
events say what they stand beside. A comment on a line of its own leads the entry after it, or ends the
block it is indented with; one behind something belongs to the entry that stands before it on the line.
"""

from __future__ import annotations

import bisect
import re
from dataclasses import dataclass, field
from typing import Any

_PROPERTY = re.compile(r"(?:&[^\s,\[\]{}]+|!<[^>]*>|![^\s,\[\]{}]*)")
_BETWEEN = re.compile(r"(?:\s|#[^\n]*)*")


@dataclass(slots=True)
class Node:
    """A scalar, an alias, a map or a list."""

    kind: str
    """`scalar`, `alias`, `map` or `list`."""
    text: str = ""
    """The source of a scalar or an alias, without tag and anchor."""
    style: str | None = None
    """How a scalar is quoted: None (plain), `'`, `"`, `|` or `>`."""
    value: str = ""
    """The text that a scalar stands for."""
    properties: str = ""
    """Tag and anchor."""
    entries: list[Entry] = field(default_factory=list)
    foot: list[str] = field(default_factory=list)
    """Comments behind the last entry; an empty text is a blank line."""


@dataclass(slots=True, eq=False)
class Entry:
    """A key with its value, or an item of a list, with the comments that belong to it."""

    value: Node
    start: int
    key: Node | None = None
    lead: list[str] = field(default_factory=list)
    """Comments on the lines before; an empty text is a blank line."""
    trail: str = ""
    """The comment on its line."""


@dataclass(slots=True)
class Comment:
    """A comment, and what stands before it on its line."""

    index: int
    line: int
    column: int
    text: str
    own_line: bool
    dash: int
    """Where the `-` ends that it stands right behind; -1 where there is none."""


@dataclass(slots=True)
class Tree:
    """A whole file."""

    root: Node
    preamble: list[str]
    """Directives and the mark of the document's beginning."""
    anchored: bool
    """Whether there are anchors: then the order matters, for an alias must follow its anchor."""


def comments(text: str) -> list[Comment]:
    """Find every comment of `text`, whose lines end with a line feed."""
    return _scan(text)[0]


def _scan(text: str) -> tuple[list[Comment], list[tuple[int, int]]]:
    """Every comment of `text`, and where each `-` that begins an item ends, with its line."""
    import yaml
    from yaml import _yaml

    scanner: Any = _yaml.CParser(text)
    starts = [0, *(match.end() for match in re.finditer("\n", text))]
    found: list[Comment] = []
    dashes: list[tuple[int, int]] = []
    cursor, dash = 0, -1
    while (token := scanner.get_token()) is not None:
        start, end = token.start_mark.index, token.end_mark.index
        if start > cursor:
            found += _in_gap(text, cursor, start, dash, starts)
        if isinstance(token, yaml.tokens.BlockEntryToken):
            dash = end
            dashes.append((end, token.start_mark.line))
        elif end > start:
            dash = -1
        cursor = max(cursor, end)
    return found + _in_gap(text, cursor, len(text), dash, starts), dashes


def _in_gap(text: str, start: int, end: int, dash: int, starts: list[int]) -> list[Comment]:
    """The comments between two tokens; `dash` is where the first of them ends, if it is a `-`."""
    found = []
    position = start
    while (position := text.find("#", position, end)) != -1:
        stop = text.find("\n", position)
        stop = len(text) if stop == -1 else stop
        line = bisect.bisect_right(starts, position) - 1
        first = starts[line]
        own = not text[first:position].strip()
        behind = dash if not own and dash >= first else -1
        found.append(Comment(position, line, position - first, text[position:stop].rstrip(), own, behind))
        position = stop
    return found


def read(text: str) -> Tree:
    """Read a file that is known to be right. `text` has line feeds only."""
    return _Reader(text).tree()


class _Reader:
    def __init__(self, text: str) -> None:
        import yaml
        from yaml import _yaml

        self.text = text
        self.lines = text.split("\n")
        self.events: Any = yaml.events
        self.next: Any = _yaml.CParser(text).get_event
        self.queue, self.dashes = _scan(text)
        self.at = 0
        self.pending: list[str] = []
        self.pending_trail = ""
        self.current: Entry | None = None
        self.kept_until = 0
        self.anchored = False

    def tree(self) -> Tree:
        self.next()
        begin = self.next()
        preamble = [f"%YAML {begin.version[0]}.{begin.version[1]}"] if begin.version else []
        preamble += ["---"] if begin.explicit else []
        event = self.next()
        holder = Entry(Node("scalar"), event.start_mark.index)
        holder.value = self.node(event, holder, -1)
        self.reach(len(self.text))
        root = holder.value
        if root.entries:
            root.entries[0].lead[:0] = holder.lead
            root.foot += [*([holder.trail] if holder.trail else []), *self.pending]
        return Tree(root, preamble, self.anchored)

    def reach(self, index: int, column: int = -1) -> None:
        """Give every comment before `index` to what it belongs to; stop at one left of `column`."""
        while self.at < len(self.queue) and self.queue[self.at].index < index:
            comment = self.queue[self.at]
            if comment.own_line:
                if comment.column < column:
                    return
                self.pending += [*self.blank(comment.line), comment.text]
            elif comment.dash >= 0 and (self.current is None or self.current.start < comment.dash):
                self.pending_trail = comment.text
            elif self.current is not None and not self.current.trail:
                self.current.trail = comment.text
            elif self.current is not None:
                self.current.lead.append(comment.text)
            else:
                self.pending.append(comment.text)
            self.at += 1

    def blank(self, line: int) -> list[str]:
        """A blank line, where one stands before `line` and is not part of a text."""
        before = line - 1
        return [""] if before >= self.kept_until and not self.lines[before].strip() else []

    def entry(self, event: Any, in_flow: bool, in_list: bool) -> Entry:
        """Begin the entry that `event` begins, with the comments before it."""
        mark = event.start_mark
        index, line = mark.index, mark.line
        if in_list and not in_flow:
            end, line = self.dashes[bisect.bisect_right(self.dashes, (index, line)) - 1]
            index = end - 1
        self.reach(index)
        own_line = not self.lines[line][: mark.column].strip(" -?") or line < mark.line
        lead = [*self.pending, *(self.blank(line) if own_line and not in_flow else [])]
        self.pending = []
        self.reach(mark.index)
        lead += [comment for comment in self.pending if comment]  # between an item and its `-`
        made = Entry(Node("scalar"), mark.index, lead=lead, trail=self.pending_trail)
        self.pending, self.pending_trail = [], ""
        self.current = made
        return made

    def node(self, event: Any, holder: Entry, column: int) -> Node:
        """Read the node that begins with `event` and is the value of `holder`, in a block at `column`."""
        events = self.events
        if isinstance(event, events.AliasEvent):
            self.lead(event, holder)
            self.current = holder
            return Node("alias", f"*{event.anchor}")
        node = Node("scalar", properties=self.properties(event))
        if isinstance(event, events.ScalarEvent):
            self.lead(event, holder)
            self.scalar(event, node)
            self.current = holder
            return node
        node.kind = "map" if isinstance(event, events.MappingStartEvent) else "list"
        flow = bool(event.flow_style)
        if flow:
            self.lead(event, holder)
            self.current = holder
            self.flow(node)
        else:
            self.block(event, node, column)
        if flow:
            if not node.entries:
                holder.lead += node.foot
                node.foot = []
            self.current = holder
        return node

    def lead(self, event: Any, holder: Entry) -> None:
        """Comments between a key and a value that is no block lead the whole entry."""
        if event.end_mark.index > event.start_mark.index:
            self.reach(event.start_mark.index)
            holder.lead += [line for line in self.pending if line]
            self.pending = []

    def flow(self, node: Node) -> None:
        """The entries of a collection in brackets."""
        event = self.next()
        while not isinstance(event, self.events.CollectionEndEvent):
            self.add(event, node, in_flow=True, column=-1)
            event = self.next()
        self.reach(event.start_mark.index)
        node.foot, self.pending = self.pending, []

    def block(self, start: Any, node: Node, outer: int) -> None:
        """The entries of a collection that indentation holds together; `outer` is the column around it."""
        index = start.start_mark.index
        if node.properties:
            _, index = self.properties_at(index)
        column = index - (self.text.rfind("\n", 0, index) + 1)
        event = self.next()
        while not isinstance(event, self.events.CollectionEndEvent):
            self.add(event, node, in_flow=False, column=column)
            event = self.next()
        # a list may stand in the column of the key it belongs to: what follows there is not its own
        self.reach(event.start_mark.index, column + (column == outer))
        node.foot, self.pending = self.pending, []

    def add(self, event: Any, node: Node, *, in_flow: bool, column: int) -> None:
        """Read one entry of `node`."""
        entry = self.entry(event, in_flow, node.kind == "list")
        if not node.entries:
            while entry.lead and not entry.lead[0]:
                entry.lead.pop(0)
        node.entries.append(entry)
        if node.kind == "map":
            entry.key = Node("scalar", properties=self.properties(event))
            self.scalar(event, entry.key)
            event = self.next()
        entry.value = self.node(event, entry, column)

    def properties(self, event: Any) -> str:
        """Tag and anchor as they stand."""
        if not event.anchor and not getattr(event, "tag", None):
            return ""
        self.anchored |= bool(event.anchor)
        parts, _ = self.properties_at(event.start_mark.index)
        return " ".join(parts)

    def properties_at(self, index: int) -> tuple[list[str], int]:
        parts: list[str] = []
        while len(parts) < 2 and (match := _PROPERTY.match(self.text, index)):
            parts.append(match[0])
            between = _BETWEEN.match(self.text, match.end())
            index = between.end() if between else match.end()
        return parts, index

    def scalar(self, event: Any, node: Node) -> None:
        start, end = event.start_mark.index, event.end_mark.index
        if node.properties:
            _, start = self.properties_at(start)
        node.text = self.text[start:end] if start < end else ""
        node.style = event.style or None
        node.value = event.value
        if node.style in ("|", ">") and "+" in node.text.split("\n", 1)[0]:
            self.kept_until = event.end_mark.line
