"""One entry of a response, and the properties that are taken from it with the places that said them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from archproof.model.yaml import Mark
from archproof.resources.resource import Path
from archproof.sources.responses._call import Call

NOWHERE = Mark("-", 0, 0, 0, 0)
"""The mark of what stands in no file: answers in memory."""
MAPS = frozenset(
    [
        "Tags",
        "tags",
        "Labels",
        "labels",
        "Options",
        "options",
        "DockerLabels",
        "dockerLabels",
        "Variables",
        "variables",
        "StageVariables",
        "stageVariables",
        "RequestParameters",
        "requestParameters",
        "ResponseParameters",
        "responseParameters",
        "RequestTemplates",
        "requestTemplates",
        "RequestModels",
        "requestModels",
        "ResponseTemplates",
        "responseTemplates",
        "ResponseModels",
        "responseModels",
        "ParameterNames",
        "MethodSettings",
        "methodSettings",
        "LoggingOptions",
        "AdvancedOptions",
    ]
)
"""Fields whose keys are the user's own words and not AWS's."""
TAG_FIELDS = ("Tags", "TagList", "TagSet", "tags", "Tag")
_STACK = "aws:cloudformation:"
_EMPTY: tuple[Any, ...] = (None, "", [], {})


@dataclass(slots=True)
class Item:
    """An entry of a response: its values, their marks, and where (in the file and in AWS) it stands."""

    key: str
    value: Any
    mark: Mark
    file: str
    around: dict[str, Any] = field(default_factory=dict)
    """The response that holds it."""
    region: str | None = None
    account: str | None = None
    asked: Mapping[str, Any] = field(default_factory=dict)
    """The parameters of the call that it answers, where the snapshot tells them."""
    call: Call | None = None
    """The call that it answers, where the snapshot tells it."""

    def get(self, path: str, default: Any = None) -> Any:
        """The value at a dotted path, or `default`."""
        found = self.value
        if "." not in path:
            return found.get(path, default) if isinstance(found, dict) else default
        for step in path.split("."):
            if not isinstance(found, dict) or step not in found:
                return default
            found = found[step]
        return found

    def text(self, path: str) -> str | None:
        """The text at a dotted path; None where there is none."""
        found = self.get(path)
        return found if isinstance(found, str) and found else None

    def entries(self, path: str) -> list[tuple[Path, dict[str, Any]]]:
        """The maps in the list at a dotted path, each with its own path."""
        found = self.get(path)
        steps = tuple(path.split("."))
        if not isinstance(found, list):
            return []
        return [((*steps, n), entry) for n, entry in enumerate(found) if isinstance(entry, dict)]

    def each(self, path: str) -> list[Item]:
        """The maps in the list at a dotted path as items of their own."""
        return [self.inner(e, p) for p, e in self.entries(path)]

    def inner(self, value: Any, path: Path) -> Item:
        """What stands in the entry at `path` as an item of its own."""
        return Item(
            self.key, value, at(self.mark, path), self.file, self.value, self.region, self.account, self.asked,
            self.call,
        )  # fmt: skip

    def props(self, *same: str, **renamed: str) -> Props:
        """The fields of the same name, and those that CloudFormation calls otherwise (`Target="Source.Path"`).

        Tags are taken wherever the entry has them.
        """
        props = Props(self)
        props.natural = True
        for name in same:
            props.take(name, name)
        for name, source in renamed.items():
            props.take(name, source)
        props.tags()
        return props


class Props:
    """Properties while they are gathered, each with its path in the entry."""

    def __init__(self, item: Item) -> None:
        self.item = item
        self.values: dict[str, Any] = {}
        self.origins: dict[Path, Path] = {}
        self.looked: set[str] = set()
        """The top-level properties that were looked for, whether or not the entry has them."""
        self.natural = False
        """Whether the entry is the resource's own, so that its fields of the same name are properties as well."""
        self.stack: tuple[str, str] | None = None
        """The stack that made it and the logical id that it has there, by the tags that CloudFormation sets."""

    def take(self, name: str, source: str) -> None:
        """Take the field at `source` as property `name` (both dotted), where it is not empty."""
        self.looked.add(name.partition(".")[0] if "." in name else name)
        found = self.item.get(source)
        if found is None:  # newer services begin their fields with a small letter
            source = ".".join([step[:1].lower() + step[1:] for step in source.split(".")])
            found = self.item.get(source)
            if found is None:
                return
        if source[:1].islower() and source.rpartition(".")[2] not in MAPS:
            found = capital(found)
        if found not in _EMPTY:
            self.set(name, found, *source.split("."))

    def set(self, name: str, value: Any, *origin: str | int) -> None:
        """Say property `name` (dotted), which the entry says at `origin`."""
        *outer, last = name.split(".")
        self.looked.add(outer[0] if outer else last)
        holder = self.values
        for step in outer:
            holder = holder.setdefault(step, {})
        holder[last] = value
        self.origins[(*outer, last)] = tuple(origin)

    def append(self, name: str, value: Any, *origin: str | int) -> None:
        """Add an entry to the list `name`, which the entry says at `origin`."""
        self.looked.add(name)
        held = self.values.setdefault(name, [])
        self.origins[name, len(held)] = tuple(origin)
        held.append(value)

    def document(self, name: str, source: str) -> None:
        """Take a policy that a response holds as a text or as a map."""
        self.looked.add(name.partition(".")[0])
        found = document(self.item.get(source))
        if found not in _EMPTY:
            self.set(name, found, *source.split("."))

    def tags(self) -> None:
        """Take the tags, in whichever form the service gives them, without those that AWS itself sets."""
        for name in TAG_FIELDS:
            said = self.item.get(name)
            if said is None:
                continue
            self.looked.add("Tags")
            self.stack = stack_of(said)
            held = tag_list(said)
            if held:
                self.set("Tags", held, name)
                return


def at(mark: Mark, path: Path) -> Mark:
    """The mark of the value at `path`; of what is nearest around it where it is not there itself."""
    for step in path:
        children = mark.children
        if isinstance(step, str) and isinstance(children, Mapping) and step not in children:
            step = step[:1].lower() + step[1:]
        try:
            mark = children[step]
        except (KeyError, IndexError, TypeError):
            break
    return mark


def capital(value: Any) -> Any:
    """A value with CloudFormation's capital letter at every key; the user's own keys stay."""
    if isinstance(value, dict):
        return {k[:1].upper() + k[1:]: v if k in MAPS else capital(v) for k, v in value.items()}
    return [capital(v) for v in value] if isinstance(value, list) else value


def tag_list(value: Any) -> list[dict[str, str]]:
    """Tags as a list of `Key` and `Value`, without those of AWS's own (`aws:…`)."""
    return [{"Key": k, "Value": v} for k, v in _pairs(value) if not k.startswith("aws:")]


def tag_map(value: Any) -> dict[str, str]:
    """Tags as a map, without those of AWS's own."""
    return {k: v for k, v in _pairs(value) if not k.startswith("aws:")}


def stack_of(value: Any) -> tuple[str, str] | None:
    """The stack and the logical id that tags tell, as CloudFormation sets them."""
    told = {k: v for k, v in _pairs(value) if k.startswith(_STACK)}
    name, logical_id = told.get(f"{_STACK}stack-name"), told.get(f"{_STACK}logical-id")
    return (name, logical_id) if name and logical_id else None


def _pairs(value: Any) -> list[tuple[str, str]]:
    if isinstance(value, dict):
        pairs: list[tuple[Any, Any]] = list(value.items())
    elif isinstance(value, list):
        pairs = [
            (t.get("Key", t.get("key", t.get("TagKey"))), t.get("Value", t.get("value", t.get("TagValue", ""))))
            for t in value
            if isinstance(t, dict)
        ]
    else:
        return []
    return [(k, v) for k, v in pairs if isinstance(k, str) and isinstance(v, str)]


def document(value: Any) -> Any:
    """A policy as a map: from the text, plain or URL-encoded, in which many services give it."""
    if not isinstance(value, str):
        return value
    if value.startswith("%7B"):
        from urllib.parse import unquote

        value = unquote(value)
    if value.startswith('{\\"'):  # API Gateway gives the text of a text
        value = value.replace('\\"', '"').replace("\\/", "/")
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return value


def only(value: Any, *keys: str) -> Any:
    """A map (or each map of a list) with only these keys, without those that are empty."""
    if isinstance(value, list):
        return [only(v, *keys) for v in value]
    if not isinstance(value, dict):
        return value
    return {k: value[k] for k in keys if k in value and value[k] not in _EMPTY}
