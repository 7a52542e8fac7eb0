"""Running engines beside archproof's own rules: who takes part, and what of their findings is kept."""

from __future__ import annotations

import functools
import importlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from fnmatch import fnmatchcase
from types import ModuleType
from typing import TYPE_CHECKING

from archproof.discovery import constants
from archproof.errors import UsageError
from archproof.suggest import did_you_mean
from archproof.validators.engines import rule_files
from archproof.validators.engines.request import Options, Request, Result, Wait
from archproof.validators.engines.selection import leaves, may_name, wanted

if TYPE_CHECKING:
    from archproof.model.architecture import Architecture
    from archproof.resources.resource import Resources
    from archproof.validators.findings import Finding, Report
    from archproof.validators.rule import Rule

__all__ = ["begin", "may_name", "module_of", "names", "optional", "prefixes", "rules", "wanted"]
PACKAGE = rule_files.PACKAGE


def names() -> dict[str, str]:
    """Every engine's module by the engine's name, sorted."""
    return dict(sorted((name, module) for module, name in constants(PACKAGE, "ENGINE").items()))


def optional() -> list[str]:
    """The engines that run only where they are asked for."""
    always = constants(PACKAGE, "ALWAYS")
    return [name for name, module in names().items() if not always.get(module)]


@functools.cache
def prefixes() -> dict[str, str]:
    """The module of the engine whose rules begin with a prefix. Raises ValueError where two share one."""
    from archproof.discovery import index

    return index(PACKAGE, "PREFIXES")


def module_of(rule: str) -> ModuleType | None:
    """The engine of a rule's id (`cfn/E3012`), or None for archproof's own rules and unknown prefixes."""
    prefix, slash, _ = rule.partition("/")
    name = prefixes().get(prefix) if slash else None
    return importlib.import_module(name) if name else None


@dataclass
class Running:
    """Engines at work."""

    waiting: list[tuple[str, Wait]] = field(default_factory=list)
    """The module of each engine, and what waits for it."""
    found: rule_files.Found = field(default_factory=rule_files.Found)
    only: Collection[str] = ()
    skip: Collection[str] = ()

    def join(self, report: Report, own: Iterable[Finding]) -> list[Finding]:
        """Wait for every engine; return the findings that are kept, with the rest in `report`."""
        said: dict[str | None, list[Finding]] = {}
        for finding in own:
            said.setdefault(finding.resource, []).append(finding)
        kept: list[Finding] = []
        report.unknown += self.found.unknown
        for module, wait in self.waiting:
            result = wait()
            report.unknown += result.unknown
            report.engines[constants(PACKAGE, "ENGINE")[module]] = result.ran
            report.ran += constants(PACKAGE, "PREFIXES")[module]
            kept += (f for f in result.findings if self._keeps(f, result, said))
            report.about |= result.rules
        named = {finding.rule for finding in kept}
        report.about = {id: rule for id, rule in sorted(report.about.items()) if id in named}
        return kept

    def _keeps(self, finding: Finding, result: Result, said: dict[str | None, list[Finding]]) -> bool:
        if not wanted(finding.rule, self.only, self.skip):
            return False
        same = result.repeats.get(finding.rule, ())
        return not (same and any(_repeats(finding, own, same) for own in said.get(finding.resource, ())))


def _repeats(finding: Finding, own: Finding, same: tuple[str, ...]) -> bool:
    """Say whether `own` says what `finding` says; where `same` names many rules, of the same property alone."""
    if own.rule in same:
        return True
    if not any(fnmatchcase(own.rule, pattern) for pattern in same):
        return False
    ours, theirs = f"{own.property or ''}.", f"{finding.property or ''}."
    return ours.startswith(theirs) or theirs.startswith(ours)


def begin(
    options: Options, resources: Resources, verbatim: Resources, today: date, architecture: Architecture | None,
    only: Collection[str] = (), skip: Collection[str] = (),
) -> Running:  # fmt: skip
    """Start every engine that takes part. Raises InputError for wrong rule files, UsageError for an unknown engine."""
    for name in options.engines:
        if name not in names():
            raise UsageError(f"no engine '{name}'{did_you_mean(name, names())} (engines: {', '.join(names())})")
    running = Running(found=rule_files.gather(options.rules, architecture, options.allow_code), only=only, skip=skip)
    always = constants(PACKAGE, "ALWAYS")
    for name, module in names().items():
        files = tuple(running.found.by_module.get(module, ()))
        asked = name in options.engines or (options.always and bool(always.get(module)))
        if not (asked or files) or not _takes_part(module, only, skip):
            continue
        request = Request(
            resources, verbatim, today, architecture, files, asked, only, skip, options.cache,
            options.programs.get(name), name in options.engines,
        )  # fmt: skip
        running.waiting.append((module, importlib.import_module(module).start(request)))
    return running


def _takes_part(module: str, only: Collection[str], skip: Collection[str]) -> bool:
    """Say whether any rule of an engine could be left in: `--only lambda-*` starts no engine at all."""
    return any(leaves(prefix, only, skip) for prefix in constants(PACKAGE, "PREFIXES")[module])


def rules(request: Request) -> dict[str, Rule]:
    """Every rule of every engine, by id."""
    found: dict[str, Rule] = {}
    for module in names().values():
        found |= importlib.import_module(module).rules(request)
    return dict(sorted(found.items()))
