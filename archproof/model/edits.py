"""Small changes to the text of a model: everything that is not changed stays as it was written."""

from __future__ import annotations

import difflib
import json
import os
import re
from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from archproof.model.document import KeyPath
from archproof.model.yaml import scalar

_PLAIN = re.compile(r"[A-Za-z0-9_./+$][A-Za-z0-9_./+@$*=~-]*(?: [A-Za-z0-9_./+@$*=~-]+)*")


def written(value: Any) -> str:
    """A value as YAML's flow style writes it: a text without quotes wherever that reads as the same text.

    >>> written({"Value": "on", "Count": 3, "Arn": "arn:aws:sqs:eu-west-1:1:q", "Day": "2026-01-01", "N": "30"})
    '{Value: on, Count: 3, Arn: "arn:aws:sqs:eu-west-1:1:q", Day: 2026-01-01, N: "30"}'
    """
    if isinstance(value, dict):
        return "{" + ", ".join(f"{written(str(k))}: {written(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(written, value)) + "]"
    plain = isinstance(value, str) and _PLAIN.fullmatch(value) and isinstance(scalar(value), str)
    return str(value) if plain else json.dumps(value, ensure_ascii=False)


def patch(before: Mapping[str, str], after: Mapping[str, str]) -> str:
    """A unified diff of all files, as `git apply` takes it; empty where nothing changes."""
    return "".join(_diff(_named(file), text, after[file]) for file, text in before.items())


def _named(file: str) -> str:
    """A file as a patch names it: from the folder that one stands in, else from the root."""
    near = os.path.relpath(file)
    return (os.path.abspath(file).lstrip("/") if near.startswith("..") else near).replace(os.sep, "/")


def _diff(file: str, before: str, after: str) -> str:
    """A unified diff of one file."""
    lines = difflib.unified_diff(
        before.splitlines(keepends=True), after.splitlines(keepends=True), f"a/{file}", f"b/{file}"
    )
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


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

    def put(self, path: KeyPath, said: str) -> str:
        """The text with `said`, as YAML's flow style writes it, at `path`: in place of what stands there, else added
        to the map, or at the end of the list, around it; maps between that are not there are made.

        Raises KeyError where there is no place for it.
        """
        node = self.node(path)
        if node is not None:
            return self._instead(node, said)
        end = max(n for n in range(len(path)) if self.node(path[:n]) is not None)
        for key in reversed(path[end + 1 :]):
            if isinstance(key, int) and key:
                raise KeyError(path)
            said = f"[{said}]" if isinstance(key, int) else f"{{{written(key)}: {said}}}"
        parent, key = self.node(path[:end]), path[end]
        if isinstance(parent, yaml.SequenceNode) and key == len(parent.value):
            return self._appended(parent, said)
        if isinstance(parent, yaml.ScalarNode) and not parent.value and isinstance(key, str):
            return self._instead(parent, f"{{{written(key)}: {said}}}")
        if not isinstance(parent, yaml.MappingNode) or isinstance(key, int):
            raise KeyError(path)
        return self._added(parent, f"{written(key)}: {said}")

    def _instead(self, node: yaml.Node, said: str) -> str:
        """One value in place of another: of a block, behind its key or its dash."""
        start, end = node.start_mark.index, _end(node)
        if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
            return self._cut(len(self.text[:start].rstrip()), end, f" {said}")
        if start == end:  # nothing is said
            return self._cut(start, end, said if self.text[start - 1 : start].isspace() else f" {said}")
        return self._cut(start, end, said + "\n" * self.text[start:end].endswith("\n"))

    def _appended(self, parent: yaml.SequenceNode, said: str) -> str:
        if parent.flow_style or not parent.value:
            return self._in_brackets(parent, parent.value[-1] if parent.value else None, said)
        dash = self.text.rindex("-", 0, parent.value[0].start_mark.index)
        return self._below(parent, " " * (dash - self.text.rfind("\n", 0, dash) - 1) + f"- {said}")

    def _added(self, parent: yaml.MappingNode, said: str) -> str:
        if parent.flow_style or not parent.value:
            return self._in_brackets(parent, parent.value[-1][1] if parent.value else None, said)
        return self._below(parent, " " * parent.value[0][0].start_mark.column + said)

    def _in_brackets(self, parent: yaml.Node, last: yaml.Node | None, said: str) -> str:
        """Behind the last entry between brackets, before any comment."""
        at = parent.start_mark.index + 1 if last is None else int(last.end_mark.index)
        return self._cut(at, at, said if last is None else f", {said}")

    def _below(self, parent: yaml.Node, line: str) -> str:
        """A line of its own below a block, where a comment at the end of its last line stays."""
        at = _end(parent)
        if self.text[at - 1] != "\n":
            found = self.text.find("\n", at)
            if found < 0:
                return f"{self.text}\n{line}"
            at = found + 1
        return self._cut(at, at, f"{line}\n")

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
