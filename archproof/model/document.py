"""The files of a model as one document: includes merged, an environment laid over, every place findable."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from archproof.errors import InputError, Location, Problem
from archproof.model.text import UnreadableError, read_text
from archproof.model.yaml import Mark, Parsed, parse
from archproof.suggest import did_you_mean

Key = str | int
KeyPath = tuple[Key, ...]

SECTIONS = (
    "archproof", "system", "organization", "defaults", "network", "components", "links", "load", "flows",
    "guarantees", "decisions", "accepted", "drift", "rules", "views", "stack", "include",
)  # fmt: skip
MAPPINGS = ("system", "organization", "defaults", "network", "components", "load", "flows", "drift", "views", "stack")
LISTS = ("links", "guarantees", "decisions", "accepted", "rules")


@dataclass(slots=True)
class Document:
    """The merged top-level sections, with the marks to find every key and value again."""

    file: str
    value: dict[str, Any]
    mark: Mark
    problems: list[Problem] = field(default_factory=list)
    overlaid: dict[KeyPath, Mark] = field(default_factory=dict)
    """Values that an environment set, and where it set them."""
    sources: dict[str, str] = field(default_factory=dict)
    """The text of every file read, by the name it has in messages."""

    def find(self, path: KeyPath) -> tuple[Mark, int]:
        """Return the mark of the deepest part of `path` that stands in a file, and how deep that is."""
        for end in range(len(path), 0, -1) if self.overlaid else ():
            if path[:end] in self.overlaid:
                return _descend(self.overlaid[path[:end]], path, end)
        return _descend(self.mark, path, 0)

    def locate(self, path: KeyPath) -> Location:
        """The place of the entry at `path`: key and value; of the nearest entry around it if it has none."""
        return self._filled(path)[0].entry()

    def locate_value(self, path: KeyPath) -> Location:
        """The place of the value at `path`, without its key."""
        return self._filled(path)[0].at()

    def locate_key(self, path: KeyPath) -> Location:
        """The place of the key at the end of `path`."""
        return self._filled(path)[0].key()

    def _filled(self, path: KeyPath) -> tuple[Mark, int]:
        """Like `find`, but of a field that a default filled the place of the default."""
        mark, depth = self.find(path)
        if depth == 2 and len(path) > 2 and path[0] == "components":
            values = self.value["components"][path[1]]
            kind = values.get("kind") if isinstance(values, dict) else None
            if isinstance(kind, str):
                default, deep = self.find(("defaults", kind, *path[2:]))
                if deep > 2:
                    return default, deep
        return mark, depth

    def has(self, path: KeyPath) -> bool:
        """Say whether `path` stands in a file."""
        return self.find(path)[1] == len(path)

    def problem(self, path: KeyPath, message: str, *, at: str = "entry") -> None:
        """Note what is wrong at `path`; `at` is `entry`, `key` or `value`."""
        locate = {"entry": self.locate, "key": self.locate_key, "value": self.locate_value}[at]
        self.problems.append(Problem(locate(path), message))


def _descend(mark: Mark, path: KeyPath, depth: int) -> tuple[Mark, int]:
    """Follow `path` from `mark`, which stands at `depth` of it, as deep as there are marks."""
    for step in path[depth:]:
        children = mark.children
        try:
            mark = children[step]
        except (KeyError, IndexError, TypeError):
            if step != 0 or not isinstance(step, int) or isinstance(children, list):
                break
            # else the only entry of a list that is written without its brackets
        depth += 1
    return mark, depth


def read(path: str | Path, texts: Mapping[str, str] | None = None) -> Document:
    """Read `path` and the files it includes. Raises InputError where nothing can be made of them.

    `texts`: what files hold, by the names that messages give them, in place of what is on the disk.
    """
    shown = str(path)
    document = _top(parse_file(Path(path), shown, texts), shown)
    _include(document, Path(path), texts)
    return document


def read_string(text: str, file: str = "architecture.yaml") -> Document:
    """Read a document from its text; includes are not followed."""
    return _top(parse(text, file), file, text)


def parse_file(path: Path, shown: str, texts: Mapping[str, str] | None = None) -> tuple[Parsed, str]:
    text = texts[shown] if texts is not None and shown in texts else read_text(path, shown)
    return parse(text, shown), text


def _top(parsed: Parsed | tuple[Parsed, str], file: str, text: str = "") -> Document:
    if isinstance(parsed, tuple):
        parsed, text = parsed
    if parsed.value is None:
        raise InputError([Problem(Location(file), "the file is empty; `archproof init` writes one to start from")])
    if not isinstance(parsed.value, dict):
        found = "a list" if isinstance(parsed.value, list) else "plain text"
        raise InputError([*parsed.problems, Problem(parsed.mark.at(), f"expected sections (a map), found {found}")])
    document = Document(file, parsed.value, parsed.mark, parsed.problems, sources={file: text})
    _check_sections(document, parsed)
    return document


def _check_sections(document: Document, parsed: Parsed) -> None:
    for name in list(parsed.value):
        mark = parsed.mark.children[name]
        if name not in SECTIONS:
            near = did_you_mean(name, SECTIONS)
            message = f"unknown section '{name[:60]}'{near} (sections: {', '.join(SECTIONS)})"
            document.problems.append(Problem(mark.key(), message))
            del parsed.value[name]
            continue
        wanted: Any = dict if name in MAPPINGS else list if name in LISTS else None
        value = parsed.value[name]
        if value is None and wanted:
            parsed.value[name] = wanted()
        elif wanted and not isinstance(value, wanted):
            shape = "a map" if wanted is dict else "a list"
            document.problems.append(Problem(mark.at(), f"'{name}' is {shape}; found {found(value)}"))
            parsed.value[name] = wanted()


def found(value: Any) -> str:
    """Name a value in a message: what it is, and the value where it is short."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return f"the number {str(value)[:40]}"
    if isinstance(value, str):
        short = value if len(value) <= 60 else value[:57] + "..."
        return f"the text '{short}'".replace("\n", " ")
    return "a list" if isinstance(value, list) else "a map"


def _include(document: Document, main: Path, texts: Mapping[str, str] | None = None) -> None:
    """Merge the files of `include`, each once, none from outside the folder of the main file."""
    first = Path(os.path.realpath(main))
    root, done = first.parent, {first}
    queue = _wanted(document, document.value.get("include"), document.mark, main.parent)
    while queue:
        place, path = queue.pop(0)
        target = Path(os.path.realpath(path))
        if not target.is_relative_to(root):
            document.problems.append(Problem(place, f"'{path}' lies outside the folder of {document.file}"))
            continue
        if target in done:
            said = "is the file itself" if target == first else "is included already"
            document.problems.append(Problem(place, f"'{path}' {said}; each file is included once"))
            continue
        done.add(target)
        try:
            part = _top(parse_file(target, str(path), texts), str(path))
        except UnreadableError as error:
            document.problems.append(Problem(place, f"'{path}': {error.message}"))
            continue
        except InputError as error:
            document.problems.extend(error.problems)
            continue
        document.sources.update(part.sources)
        document.problems.extend(part.problems)
        queue.extend(_wanted(document, part.value.pop("include", None), part.mark, path.parent))
        _merge(document, part)


def _wanted(document: Document, value: Any, mark: Mark, folder: Path) -> list[tuple[Location, Path]]:
    """The paths that an `include` names, each with the place that names it."""
    if value is None:
        return []
    names = [value] if isinstance(value, str) else value
    include = mark.children["include"]
    if not isinstance(names, list):
        document.problems.append(Problem(include.at(), f"'include' is a list of file names; found {found(value)}"))
        return []
    wanted = []
    for position, name in enumerate(names):
        place = include.children[position].at() if isinstance(include.children, list) else include.at()
        if isinstance(name, str) and name and "\0" not in name:
            wanted.append((place, folder / name))
        else:
            document.problems.append(Problem(place, f"expected a file name; found {found(name)}"))
    return wanted


def _merge(document: Document, part: Document) -> None:
    """Add the sections of an included file; a name that both have is a problem."""
    for name, value in part.value.items():
        mark = part.mark.children[name]
        if name == "archproof":
            continue
        if name not in document.value:
            document.value[name] = value
            document.mark.children[name] = mark
            continue
        held, held_mark = document.value[name], document.mark.children[name]
        if isinstance(held, list):
            # copies: an alias may share the list with another section
            document.value[name] = [*held, *value]
            children = [*(held_mark.children or []), *(mark.children or [])]
            document.mark.children[name] = held_mark._replace(children=children)
            continue
        held = document.value[name] = dict(held)
        held_mark = document.mark.children[name] = held_mark._replace(children=dict(held_mark.children or {}))
        for key, item in value.items():
            if key in held:
                other = held_mark.children[key].entry()
                message = f"'{key[:60]}' is in '{name}' already, at {other}"
                document.problems.append(Problem(mark.children[key].key(), message))
                continue
            held[key] = item
            held_mark.children[key] = mark.children[key]


def overlay(document: Document, name: str | None) -> dict[str, Any]:
    """Lay the environment `name` over the document and return its settings.

    Every environment's `set` is checked, so that a name that changed is found before it is needed.
    """
    system = document.value.get("system")
    environments = system.get("environments") if isinstance(system, dict) else None
    environments = environments if isinstance(environments, dict) else {}
    if name is not None and name not in environments:
        known = f"declared: {', '.join(environments)}" if environments else "none is declared"
        message = f"no environment '{name}'{did_you_mean(name, environments)} ({known})"
        raise InputError([*document.problems, Problem(document.locate(("system",)), message)])
    for key, settings in environments.items():
        values = settings.get("set") if isinstance(settings, dict) else None
        if isinstance(values, dict):
            for dotted in values:
                _set(document, key, dotted, values[dotted], apply=key == name)
    chosen = environments.get(name) if name else None
    return chosen if isinstance(chosen, dict) else {}


def _set(document: Document, environment: str, dotted: str, value: Any, *, apply: bool) -> None:
    """Put `value` at a dotted path: of a component, or of a section where no component has the name."""
    here: KeyPath = ("system", "environments", environment, "set", dotted)
    steps = dotted.split(".")
    components = document.value.get("components", {})
    path: KeyPath = ("components", *steps) if steps[0] in components else tuple(steps)
    if fault := _unsettable(document, path, components):
        document.problem(here, fault, at="key")
        return
    if not apply:
        return
    holder: Any = document.value
    for depth, step in enumerate(path[:-1]):
        inner = holder.get(step)
        if inner is None:
            inner = {}
        if not isinstance(inner, dict):
            message = f"'{'.'.join(map(str, path[: depth + 1]))[:60]}' is {found(inner)}, not a map"
            document.problem(here, message, at="key")
            return
        # a copy: the map may be shared through an alias, and only this place is meant
        holder[step] = dict(inner)
        holder = holder[step]
    holder[path[-1]] = value
    document.overlaid[path] = document.find(here)[0]


def _unsettable(document: Document, path: KeyPath, components: dict[str, Any]) -> str | None:
    """Say what is wrong with a path that an environment sets, whatever the value; None for nothing."""
    name = str(path[0])
    if name not in MAPPINGS:
        return f"'{name[:60]}' is no component or section{did_you_mean(name, [*components, *MAPPINGS])}"
    if len(path) < 2:
        return f"the section '{name}' cannot be set whole; name a value in it, such as '{name}.…'"
    if path[:2] == ("system", "environments"):
        return "an environment cannot change the environments"
    if name != "components":
        return None
    if path[1] not in components:
        return f"no component is called '{str(path[1])[:60]}'{did_you_mean(str(path[1]), components)}"
    values = components[path[1]]
    kind = values.get("kind") if isinstance(values, dict) else None
    if len(path) > 2 and isinstance(kind, str):
        from archproof.model import registry

        if kind in registry.classes():
            known = registry.keys(kind)
            if path[2] not in known:
                return f"'{path[1]}' has no '{str(path[2])[:60]}'{did_you_mean(str(path[2]), known)}"
    return None
