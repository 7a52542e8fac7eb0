"""What an engine is asked, and what it answers."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from archproof.errors import Unknown
from archproof.resources.resource import Path, Resource, Resources
from archproof.validators.engines.selection import leaves
from archproof.validators.findings import Finding
from archproof.validators.rule import Hit, Rule

if TYPE_CHECKING:
    from archproof.errors import Location
    from archproof.model.architecture import Architecture


@dataclass(frozen=True, slots=True)
class RuleFile:
    """A file of users' rules."""

    name: str
    """What messages call it."""
    path: str
    """Where it lies."""
    text: str
    """What it says, decoded from UTF-8."""
    trusted: bool = False
    """Whether code in it may run: the user named it (`--rules`), or allowed what the model names (`--allow-code`)."""

    @property
    def ending(self) -> str:
        """The ending of its name in lower case, with the dot."""
        dot = self.name.rfind(".")
        return self.name[dot:].lower() if dot >= 0 else ""


@dataclass(frozen=True)
class Options:
    """What a check says about engines."""

    engines: Collection[str] = ()
    """Engines asked for by name, beside those of every check."""
    rules: Collection[str] = ()
    """Files of users' rules, or folders of them (`--rules`); those that the model names come to these."""
    cache: bool = True
    """Whether results may be read from, and written to, the user's cache."""
    always: bool = True
    """Whether the engines of every check run; without it only those that are asked for."""
    programs: Mapping[str, str] = field(default_factory=dict)
    """The program of an engine, by the engine's name, where it is not the one that would be found."""
    allow_code: bool = False
    """Whether rules that are code may run although only the model names them."""


@dataclass(frozen=True)
class Request:
    """What one engine is asked to look at."""

    resources: Resources
    """The resources as archproof's own rules see them: with what is known about parameters worked out."""
    verbatim: Resources
    """The resources as the source says them."""
    today: date
    architecture: Architecture | None = None
    files: tuple[RuleFile, ...] = ()
    """The files of users' rules that this engine recognised, sorted by name."""
    asked: bool = False
    """Whether the engine was asked for by name, and does not run for its rule files alone."""
    only: Collection[str] = ()
    skip: Collection[str] = ()
    cache: bool = True
    program: str | None = None
    """The program that the user names for this engine."""
    named: bool = False
    """Whether the user asked for the engine by its name, however long it takes."""

    def any_of(self, prefix: str) -> bool:
        """Say whether `--only` and `--skip` leave in any rule whose id begins with `prefix` and a slash."""
        return leaves(prefix, self.only, self.skip)

    def place(
        self,
        rule: Rule,
        message: str,
        resource: Resource | None,
        path: Path = (),
        *,
        location: Location | None = None,
        remediation: str = "",
    ) -> Finding:
        """A finding of `rule` about the property at `path` of `resource`, at the line of the source that says it.

        Where the source says no such property, the place is that of the nearest one around it. `location` is for
        what is no resource; `remediation`: another than the rule's.
        """
        from archproof.validators.engine import finding

        made = finding(rule, Hit(message, *path, location=location), resource)
        made.remediation = remediation or made.remediation
        return made


@dataclass(slots=True)
class Result:
    """What one engine found."""

    findings: list[Finding] = field(default_factory=list)
    """In any order. Those that the source itself accepts (`checkov:skip`) come with `waived` set."""
    rules: dict[str, Rule] = field(default_factory=dict)
    """At least the rules that the findings name, by id; `check` of these rules is never called."""
    unknown: list[Unknown] = field(default_factory=list)
    """What it could not look at or decide, and why."""
    ran: int = 0
    """How many rules were run."""
    repeats: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Rule → rules of archproof's own that say the same: where one of those has found it on the same resource,
    this finding says nothing new and is left out. A pattern (`*-quota`) counts for the same property alone."""


Wait = Callable[[], Result]
