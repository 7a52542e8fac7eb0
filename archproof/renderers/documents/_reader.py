"""The model, the facts about AWS and the findings as facts that a document can print and cite."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from archproof.errors import Location
from archproof.renderers.documents._evidence import NOT_DECLARED, Evidence, Fact, derive, missing
from archproof.renderers.documents._words import amount, kind_noun, sentence, value_text
from archproof.resources.secrets import masked

if TYPE_CHECKING:
    import datetime

    from archproof.model.architecture import Architecture, Link
    from archproof.model.base import Component
    from archproof.resources.resource import Resource, Resources

Key = str | int


@dataclass(frozen=True, slots=True)
class Named:
    """A component as sentences call it."""

    id: str
    title: Fact
    noun: str
    kind: str

    def __str__(self) -> str:
        return self.title.text


class Reader:
    """Everything that the sections of a document ask."""

    def __init__(self, architecture: Architecture, resources: Resources, report: Any, today: datetime.date) -> None:
        self.architecture = architecture
        self.resources = resources
        self.today = today
        self.checked = report is not None
        self.findings: list[Any] = list(getattr(report, "findings", ()) or ())
        self.guarantees: list[Any] = list(getattr(report, "guarantees", ()) or ())
        self.unknown: list[Any] = list(getattr(report, "unknown", ()) or ())
        folder = str(PurePath(architecture.document.file).parent)
        self._folder = "" if folder in (".", "") else folder.rstrip("/") + "/"
        self._named: dict[str, Named] = {}

    # -- places

    def where(self, location: Location) -> str:
        """`file:line`, with the file as it lies beside the model, whatever folder the call named."""
        file = location.file
        if self._folder and file.startswith(self._folder):
            file = file[len(self._folder) :].lstrip("/")
        return f"{file}:{location.line}"

    def place(self, path: Iterable[Key], what: str) -> Evidence:
        """A place in the model and what it says."""
        return Evidence(self.where(self.architecture.document.locate(tuple(path))), what)

    # -- the model

    def section(self, *path: Key, value: Any = None, unit: str = "") -> Fact:
        """A value outside the components: of `system`, `network`, `load`, …, with the place that says it."""
        dotted = ".".join(str(p) for p in path)
        if value is None:
            return missing(self.place(path, f"{dotted}: not declared"))
        text = value_text(value, unit or str(path[-1]))
        note = "" if self.architecture.document.has(tuple(path)) else "default"
        shown = f"{dotted}: {value_text(value, '')}{' (default)' if note else ''}"
        return Fact(value, text, (self.place(path, shown),), note)

    def field(self, name: str, *path: Key, unit: str = "") -> Fact:
        """A field of a component; one that it has not, or that nobody set, is not declared."""
        value: Any = self.component(name)
        for step in path:
            value = _step(value, step)
        dotted = ".".join(str(p) for p in (name, *path))
        location = self.architecture.locate(name, *path)
        if value is None:
            return missing(Evidence(self.where(location), f"{dotted}: not declared"))
        note = "" if self._said(name, path) else "default"
        seen = masked(dotted, value)
        shown = f"{dotted}: {value_text(seen, '')}{self._origin(name, path)}"
        return Fact(value, value_text(seen, unit or str(path[-1])), (Evidence(self.where(location), shown),), note)

    def _said(self, name: str, path: tuple[Key, ...]) -> bool:
        document = self.architecture.document
        kind = self.component(name).kind
        return document.has(("components", name, *path)) or document.has(("defaults", kind, *path))

    def _origin(self, name: str, path: tuple[Key, ...]) -> str:
        """Where the value of a field comes from, when not from the component itself."""
        document, kind = self.architecture.document, self.component(name).kind
        if document.has(("components", name, *path)):
            return ""
        return " (defaults)" if document.has(("defaults", kind, *path)) else f" (default of {kind})"

    def component(self, name: str) -> Component:
        """The component of this id."""
        return self.architecture.components[name]

    def has(self, name: str, attribute: str) -> bool:
        """Whether components of this kind have such a field."""
        return attribute in type(self.component(name)).model_fields

    def ids(self, value: Any) -> list[str]:
        """The components that a value names, at any depth, in order."""
        if isinstance(value, str):
            return [value] if value in self.architecture.components else []
        if isinstance(value, dict):
            return [i for v in value.values() for i in self.ids(v)]
        if isinstance(value, list | tuple):
            return [i for v in value for i in self.ids(v)]
        return [i for f in getattr(type(value), "model_fields", ()) for i in self.ids(getattr(value, f))]

    def named(self, name: Any) -> Named:
        """A component by title, with the line that declares it; whatever else is named as it stands.

        A value that holds an id (`{queue: dlq}`) names that component.
        """
        if not isinstance(name, str):
            found = self.ids(name)
            name = found[0] if found else value_text(name, "")
        if name not in self._named:
            self._named[name] = self._call(name)
        return self._named[name]

    def _call(self, name: str) -> Named:
        if name not in self.architecture.components:
            return Named(name, Fact(name, name), name, "")
        component = self.component(name)
        kind = getattr(component, "type", None) or component.kind
        evidence = Evidence(self.where(self.architecture.locate(name)), f"components.{name}: {kind}")
        title = Fact(name, sentence(self.architecture.title(name)), (evidence,))
        return Named(name, title, kind_noun(component), component.kind)

    def of_kind(self, *kinds: str) -> list[Named]:
        """The components of these kinds, in the order of the model."""
        return [self.named(name) for name in self.architecture.of_kind(*kinds)]

    def link(self, link: Link) -> Evidence:
        """The line that a link comes from."""
        what = f"{link.source} → {link.target}: {link.verb.verb}"
        return self.place(link.path, f"links: {what}" if not link.implied else what)

    def linked(self, name: str) -> bool:
        """Whether anything talks to a component, or it to anything."""
        return name in self.architecture.links_from or name in self.architecture.links_to

    def links(self, *, source: str = "", target: str = "") -> list[Link]:
        """The links from or to a component."""
        architecture = self.architecture
        found = architecture.links_from.get(source, []) if source else architecture.links_to.get(target, [])
        return [k for k in found if not target or k.target == target]

    # -- resources

    def property(self, resource: Resource, *path: Key) -> Fact:
        """A property of a resource, with the line that it comes from."""
        value = resource.get(*path)
        dotted = ".".join(str(p) for p in path)
        text = NOT_DECLARED if value is None else value_text(masked(dotted, value), "")
        evidence = Evidence(self.where(resource.location(*path)), f"{resource.logical_id}.{dotted}: {text}")
        return missing(evidence) if value is None else Fact(value, text, (evidence,))

    def resource(self, resource: Resource) -> Evidence:
        """The line that a resource comes from."""
        return Evidence(self.where(resource.location()), f"{resource.logical_id}: {resource.type}")

    # -- facts about AWS

    def quota(self, service: str, name: str) -> Fact:
        """A quota; not declared where the tables do not hold it."""
        from archproof.facts import UnknownFactError, quota

        try:
            found = quota(service, name)
        except UnknownFactError:
            return missing()
        firm = found.kind.partition(" ")[0]
        what = f"quota {service}, {name}: {found.text} ({firm})"
        value = found.value if isinstance(found.value, int | float) else None
        text = amount(value, found.unit) if value is not None else found.text
        return Fact(value, text, (Evidence(_page(found.source), what, found.checked.isoformat()),), found.unit)

    def rows(self, kind: str) -> list[Any]:
        """The rows of `glossary`, `comparisons` or `claims` that are about the kinds of this model."""
        from archproof import facts

        kinds = {c.kind for c in self.architecture.components.values()}
        if self.architecture.places.vpcs:
            kinds.add("vpc")
        return list(getattr(facts, kind)(kinds))

    def row(self, row: Any, what: str) -> Evidence:
        """A row of the facts as evidence."""
        return Evidence(_page(row.source), what, row.checked.isoformat())

    # -- the check

    def finding(self, finding: Any) -> Evidence:
        """The line that a finding points at."""
        location = getattr(finding, "location", None)
        where = self.where(location) if isinstance(location, Location) else "check"
        return Evidence(where, f"{finding.rule} ({finding.severity})")

    def guarantee(self, position: int) -> Evidence:
        """The line of a guarantee."""
        return self.place(("guarantees", position), f"guarantees.{position}")


def _step(value: Any, step: Key) -> Any:
    if isinstance(value, dict):
        return value.get(step)
    if isinstance(value, list):
        return value[step] if isinstance(step, int) and step < len(value) else None
    return getattr(value, "in_" if step == "in" else str(step), None)


def _page(source: str) -> str:
    """The source of a fact, short: the page, without what carried it."""
    return re.sub(r"^(.*?)(; .*)?$", r"\1", source.strip())


def count_fact(number: int, noun: str, grounds: Iterable[Fact | Evidence], plural: str = "") -> Fact:
    """A number of things with the lines that they stand on: `3 queues`."""
    word = noun if number == 1 else plural or f"{noun}s"
    return derive(number, f"{number} {word}", *grounds)


def walk(reader: Reader, start: str, modes: tuple[str, ...] = ("sync",)) -> Iterator[list[Link]]:
    """Every way along links of these modes from a component, depth first, without circles."""
    stack: list[list[Link]] = [[k] for k in reversed(reader.links(source=start)) if k.verb.mode in modes]
    seen = 0
    while stack and seen < 500:
        way = stack.pop()
        seen += 1
        onward = [
            k
            for k in reader.links(source=way[-1].target)
            if k.verb.mode in modes and k.target not in {start, *(w.target for w in way)}
        ]
        if not onward or len(way) >= 8:
            yield way
            continue
        stack += [[*way, k] for k in reversed(onward)]
