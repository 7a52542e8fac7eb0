"""Small changes to the text of a model: everything that is not changed stays as it was written."""

from __future__ import annotations

from collections.abc import Sequence

import yaml

from archproof.model.document import KeyPath


class Edits:
    """The text of one file, and places in it by path."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._root = yaml.compose(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))

    def node(self, path: KeyPath) -> yaml.Node | None:
        """The node at `path`; None where the text has none."""
        node = self._root
        for part in path:
            if isinstance(node, yaml.MappingNode):
                node = next((value for key, value in node.value if key.value == str(part)), None)
            elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
                node = node.value[part]
            else:
                return None
        return node

    def without(self, path: KeyPath) -> str:
        """The text without one entry of a list or a map, which stays, empty, where that was its last.

        Raises KeyError where there is no such entry.
        """
        parent = self.node(path[:-1])
        if isinstance(parent, yaml.MappingNode) and self.node(path) is not None:
            return self._without_key(parent, str(path[-1]))
        return self.replaced(path, ())

    def _without_key(self, parent: yaml.MappingNode, name: str) -> str:
        position = next(n for n, (key, _) in enumerate(parent.value) if key.value == name)
        key, value = parent.value[position]
        start = key.start_mark.index
        if parent.flow_style:
            end = value.end_mark.index
            if position + 1 < len(parent.value):
                end = parent.value[position + 1][0].start_mark.index
            elif position:
                start = parent.value[position - 1][1].end_mark.index
            return self._cut(start, end, "")
        if len(parent.value) == 1:
            return self._cut(len(self.text[:start].rstrip()), _end(parent), " {}")
        first = self.text.rfind("\n", 0, start) + 1
        if self.text[first:start].strip():
            raise KeyError(name)  # the first key of an entry of a list stands behind its dash
        last = self.text.find("\n", _end(value))
        return self._cut(first, len(self.text) if last < 0 else last + 1, "")

    def replaced(self, path: KeyPath, entries: Sequence[str]) -> str:
        """The text with one entry of a list replaced by others, each as YAML's flow style writes it.

        An entry alone in place of a list (`allow: s3:GetObject`, `ingress: {port: 22}`) gives way to a list.
        Raises KeyError where there is no such entry.
        """
        parent, node = self.node(path[:-1]), self.node(path)
        if node is None and path[-1] == 0 and isinstance(parent, yaml.ScalarNode):
            return self._cut(parent.start_mark.index, parent.end_mark.index, f"[{', '.join(entries)}]")
        if node is None and path[-1] == 0 and isinstance(parent, yaml.MappingNode):
            return self._alone(parent, entries)
        if node is None or not isinstance(parent, yaml.SequenceNode):
            raise KeyError(path)
        if parent.flow_style:
            return self._in_flow(parent, int(path[-1]), entries)
        return self._in_block(parent, node, int(path[-1]), entries)

    def _alone(self, parent: yaml.MappingNode, entries: Sequence[str]) -> str:
        """An entry that stands alone in place of a list, as a map."""
        start, said = parent.start_mark.index, f"[{', '.join(entries)}]"
        if parent.flow_style:
            return self._cut(start, parent.end_mark.index, said)
        # a block begins on a line of its own: the list goes behind its key
        before = len(self.text[:start].rstrip())
        return self._cut(before, _end(parent), f" {said}")

    def _in_flow(self, parent: yaml.SequenceNode, position: int, entries: Sequence[str]) -> str:
        held = parent.value
        start, end = held[position].start_mark.index, held[position].end_mark.index
        if entries:
            return self._cut(start, end, ", ".join(entries))
        if position + 1 < len(held):
            end = held[position + 1].start_mark.index
        elif position:
            start = held[position - 1].end_mark.index
        return self._cut(start, end, "")

    def _in_block(self, parent: yaml.SequenceNode, node: yaml.Node, position: int, entries: Sequence[str]) -> str:
        """Whole lines: from the dash of the entry to the line before what follows it."""
        dash = self.text.rindex("-", 0, node.start_mark.index)
        first = self.text.rfind("\n", 0, dash) + 1
        end = _end(node)
        last = self.text.find("\n", end)
        last = len(self.text) if last < 0 else last + 1
        indent = self.text[first:dash]
        if entries:
            return self._cut(first, last, "".join(f"{indent}- {entry}\n" for entry in entries))
        if len(parent.value) > 1:
            return self._cut(first, last, "")
        start = parent.start_mark.index
        before = len(self.text[:start].rstrip())
        return self._cut(before, last, " []\n")

    def _cut(self, start: int, end: int, text: str) -> str:
        return self.text[:start] + text + self.text[end:]


def _end(node: yaml.Node) -> int:
    """Where the text of a node ends: of a block, its last entry, and not what stands behind it."""
    if isinstance(node, yaml.MappingNode) and not node.flow_style and node.value:
        return _end(node.value[-1][1])
    if isinstance(node, yaml.SequenceNode) and not node.flow_style and node.value:
        return _end(node.value[-1])
    return int(node.end_mark.index)
