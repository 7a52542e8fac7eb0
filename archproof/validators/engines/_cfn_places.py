"""From the words of AWS's validator for a place in a template to the line of the source that says it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archproof.errors import InputError, Location
from archproof.validators.engines._cfn_template import origin

if TYPE_CHECKING:
    from archproof.model.architecture import Architecture
    from archproof.model.yaml import Mark
    from archproof.resources.resource import Path, Resource, Resources

_STACK = {
    "PARAMETER": "parameters", "OUTPUT": "outputs", "MAPPING": "mappings", "CONDITION": "conditions", "RULE": "rules",
    "METADATA": "metadata", "TRANSFORM": "transform",
}  # fmt: skip


def property_path(resource: Resource, said: str) -> Path:
    """`Properties.Tags.0.Key` as (`Tags`, 0, `Key`): keys that hold dots are found, what is absent is split."""
    words = said.split(".")
    return _walk(resource.properties, words[1:]) if words[0] == "Properties" else ()


def _walk(value: Any, words: list[str]) -> Path:
    path: list[str | int] = []
    while words:
        step, used = _step(value, words)
        path.append(step)
        words = words[used:]
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            return (*path, *words)
    return tuple(path)


def _step(value: Any, words: list[str]) -> tuple[str | int, int]:
    """The key or position that the first words name in `value`, and how many words it takes."""
    if isinstance(value, dict):
        for used in range(1, len(words) + 1):
            key = ".".join(words[:used])
            if key in value:
                return key, used
    if isinstance(value, list) and words[0].isdecimal():
        return int(words[0]), 1
    return words[0], 1


class Places:
    """Where the sections of a template stand; its text is read again only where something is said of them."""

    def __init__(self, resources: Resources, architecture: Architecture | None) -> None:
        self._resources = resources
        self._architecture = architecture
        self._mark: Mark | None = None
        self._parsed = False

    def top(self) -> Location:
        """The place of the source as a whole."""
        document = self._architecture.document.file if self._architecture is not None else None
        return Location(next(iter(self._resources.sources), document or "-"))

    def section(self, entity: str, id: str, path: str) -> Location:
        """The place of an entry of a section: of a template, or of the model's `stack`."""
        if self._architecture is not None and origin(self._resources) == "model":
            key = _STACK.get(entity)
            document = self._architecture.document
            if key and document.has(("stack", key, id)):
                return document.locate(("stack", key, id))
            return self.top()
        words = path.replace("/", ".").split(".") if path else [entity.title() + "s", id]
        return self._found(words) or self._found([entity.title() + "s", id]) or self.top()

    def attribute(self, resource: Resource, path: str) -> Location:
        """The place of what stands beside a resource's properties."""
        found = self._found(["Resources", resource.logical_id, *path.split(".")]) if path else None
        return found or resource.location()

    def _found(self, words: list[str]) -> Location | None:
        """The place of the deepest part of `words` that the text says, which is more than a section."""
        mark = self._root()
        depth = 0
        while mark is not None and words:
            children = mark.children
            step, used = _step_of(children, words)
            try:
                mark = children[step]
            except (KeyError, IndexError, TypeError):
                break
            words, depth = words[used:], depth + 1
        return mark.entry() if mark is not None and depth > 1 else None

    def _root(self) -> Mark | None:
        if not self._parsed:
            self._parsed = True
            name, text = next(iter(self._resources.sources.items()), ("", ""))
            if origin(self._resources) == "template" and text:
                self._mark = _parse(name, text)
        return self._mark


def _step_of(children: Any, words: list[str]) -> tuple[str | int, int]:
    if isinstance(children, list) and words[0].isdecimal():
        return int(words[0]), 1
    for used in range(1, len(words) + 1):
        key = ".".join(words[:used])
        try:
            if key in children:
                return key, used
        except TypeError:
            break
    return words[0], 1


def _parse(name: str, text: str) -> Mark | None:
    from archproof.sources.reading import Probe

    probe = Probe(name)
    vars(probe)["text"] = text
    try:
        return probe.parsed.mark
    except InputError:
        return None
