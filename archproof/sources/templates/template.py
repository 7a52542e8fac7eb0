"""A template as values beside the marks of their places, and what is found out about it on the way to resources."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any

from archproof.errors import Location, Problem, Unknown
from archproof.model.yaml import Mark
from archproof.resources.evaluation import Evaluation

if TYPE_CHECKING:
    from archproof.sources.reading import Probe, Request

Path = tuple[str | int, ...]
SAM = "AWS::Serverless-2016-10-31"
LANGUAGE_EXTENSIONS = "AWS::LanguageExtensions"
INCLUDE = "AWS::Include"
OWN = (SAM, LANGUAGE_EXTENSIONS, INCLUDE, "AWS::SecretsManager-2020-07-23", "AWS::SecretsManager-2024-09-16",
       "AWS::CodeDeployBlueGreen", "AWS::ServiceCatalog")  # fmt: skip
"""Transforms of AWS that add no section and no resource that a template may name."""


@dataclass
class Template:
    """One template: values, the tree of their marks, and what is wrong or not known."""

    name: str
    """What messages call its file."""
    path: FilePath
    value: dict[str, Any]
    mark: Mark
    text: str
    given: dict[str, Any] = field(default_factory=dict)
    """Values of parameters, by name."""
    problems: list[Problem] = field(default_factory=list)
    unknown: list[Unknown] = field(default_factory=list)
    open: bool = False
    """Whether something that cannot be read here (a macro, a text in S3) may add what its references name."""

    def section(self, name: str) -> dict[str, Any]:
        """A section that holds a map; empty where it is absent or holds something else."""
        found = self.value.get(name)
        return found if isinstance(found, dict) else {}

    def mark_of(self, path: Path) -> Mark:
        """The mark of what stands at `path`, or of the nearest that holds it."""
        return self.mark.within(path)

    def place(self, path: Path) -> Location:
        """The place of the entry at `path`."""
        return self.mark_of(path).entry()

    def problem(self, path: Path, message: str, *, key: bool = False) -> None:
        """Note that something is wrong at `path`; `key` where it is the name that is wrong."""
        mark = self.mark_of(path)
        self.problems.append(Problem(mark.key() if key else mark.at(), message))

    def not_known(self, path: Path, what: str, why: str) -> None:
        """Note that something cannot be known."""
        self.unknown.append(Unknown(what, why, self.mark_of(path).entry()))

    @property
    def transforms(self) -> list[str]:
        """The names of the transforms at its top, in order."""
        said = self.value.get("Transform")
        names = []
        for one in said if isinstance(said, list) else [said]:
            name = one.get("Name") if isinstance(one, dict) else one
            if isinstance(name, str):
                names.append(name)
        return names

    @property
    def is_sam(self) -> bool:
        """Whether the SAM transform makes its resources."""
        return SAM in self.transforms

    @property
    def macros(self) -> list[str]:
        """The transforms at its top that run in the account and may make of it what they like."""
        return [name for name in self.transforms if name not in OWN]

    def evaluation(self) -> Evaluation:
        """What its parameters, conditions and mappings say before deployment."""
        return Evaluation(self.section("Parameters"), self.given, self.section("Conditions"), self.section("Mappings"))


def inner(mark: Mark, step: str | int) -> Mark:
    """The mark of one thing inside, or the mark itself where it has none."""
    return mark.within((step,))


def functions(value: Any, path: Path = ()) -> Iterator[tuple[str, Any, Path]]:
    """Every function in `value`, outermost first: its name, its argument, and the path of the whole."""
    if isinstance(value, dict):
        for key, item in value.items():
            if len(value) == 1 and (key == "Ref" or key.startswith("Fn::")):
                yield key, item, path
            if type(item) is dict or type(item) is list:
                yield from functions(item, (*path, key))
    elif isinstance(value, list):
        for position, item in enumerate(value):
            if type(item) is dict or type(item) is list:
                yield from functions(item, (*path, position))


def from_probe(probe: Probe, request: Request) -> Template:
    """The template of an input. Raises InputError where it is no YAML or JSON."""
    parsed = probe.parsed
    given: dict[str, Any] = dict(request.parameters)
    if request.region:
        given.setdefault("AWS::Region", request.region)
    template = Template(probe.name, probe.path, parsed.value, parsed.mark, probe.text, given)
    template.problems.extend(parsed.problems)
    template.unknown.extend(Unknown("duplicate key", note.message, note.location) for note in parsed.notes)
    return template
