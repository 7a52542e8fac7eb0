"""`archproof rules test`: rules of one's own against the examples beside them."""

from __future__ import annotations

import datetime
import json
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from archproof.errors import InputError, Problem, UsageError
from archproof.suggest import did_you_mean
from archproof.validators.engines import listing, rule_files
from archproof.validators.house import examples
from archproof.validators.house.examples import Example

if TYPE_CHECKING:
    from archproof.validators.engines.request import Options, RuleFile
    from archproof.validators.findings import Finding, Report

_TODAY = datetime.date(2026, 1, 1)
"""The day to judge by where an example names none: the same on every day that it is tested."""


class Tested(NamedTuple):
    """What became of one half of an example, or that a rule has none."""

    rule: str
    file: str
    what: Literal["fails", "passes", "no examples"]
    why: str = ""
    """Why it does not do what it says; empty where it does."""

    @property
    def passed(self) -> bool:
        """Whether it does what it says. A rule without examples is told, and fails nothing."""
        return not self.why


def test(path: str, options: Options) -> list[Tested]:
    """Test the rules of a file, or of a folder and those below it.

    Raises InputError for rules or examples that are wrong, UsageError where there is no rule.
    """
    found = rule_files.gather((path,), None)
    if found.unknown:
        raise InputError([Problem(u.location, f"{u.what}: {u.why}") for u in found.unknown])
    tested: list[Tested] = []
    for file in sorted((f for files in found.by_module.values() for f in files), key=lambda file: file.name):
        tested += _file(file, replace(options, rules=(file.path,), always=False, engines=()))
    if not tested:
        raise UsageError(f"{path} holds no rules")
    return tested


def _file(file: RuleFile, options: Options) -> Iterator[Tested]:
    ids = list(listing.listed(options))
    ids = [id for id in ids if id not in _packaged()]
    path = examples.beside(file.path)
    known = examples.read(path) if path else []
    of_rule = {id: [example for example in known if _names(example, id, ids)] for id in ids}
    strange = [e for e in known if not any(e in entries for entries in of_rule.values())]
    if strange:
        raise InputError([Problem(e.place, f"{file.name} has no rule '{e.rule}'{_near(e.rule, ids)}") for e in strange])
    for id, entries in of_rule.items():
        if not entries:
            yield Tested(id, file.name, "no examples")
        for example in entries:
            if example.fails is not None:
                yield Tested(id, file.name, "fails", _fails(id, example, options))
            if example.passes is not None:
                yield Tested(id, file.name, "passes", _passes(id, example, options))


def _packaged() -> set[str]:
    """The rules that come from installed packages and stand in no file."""
    from archproof.validators.house.code import of_packages

    return {rule.id for rule in of_packages([])}


def _names(example: Example, id: str, ids: list[str]) -> bool:
    if not example.rule:
        return len(ids) == 1
    return example.rule == id or id.endswith(f"/{example.rule}")


def _near(rule: str, ids: list[str]) -> str:
    return did_you_mean(rule, [id.partition("/")[2] for id in ids])


def _fails(id: str, example: Example, options: Options) -> str:
    """Why an example does not break its rule as it says; nothing where it does."""
    report = _report(id, example.fails or "", example, options)
    if isinstance(report, str):
        return report
    found = [finding for finding in report.findings if finding.rule == id]
    if any(_fits(finding, example) for finding in found):
        return ""
    if not found:
        unknown = next((u for u in report.unknown if id in (u.what, *u.why.replace(",", " ").split())), None)
        return f"expected a finding; {f'not known: {unknown.what}: {unknown.why}' if unknown else 'found none'}"
    return f"expected {_expected(example)}; found {'; '.join(map(_shown, found))}"


def _fits(finding: Finding, example: Example) -> bool:
    at = example.at
    placed = at is None or (at[0] == finding.location.line and at[1] in (None, finding.location.column))
    said = example.message is None or example.message == finding.message
    return placed and said and example.severity in (None, finding.severity)


def _expected(example: Example) -> str:
    place = "" if example.at is None else f" at {':'.join(str(n) for n in example.at if n is not None)}"
    words = "" if example.message is None else f" '{example.message}'"
    return f"a finding{f' ({example.severity})' if example.severity else ''}{place}{words}"


def _shown(finding: Finding) -> str:
    return f"({finding.severity}) at {finding.location.line}:{finding.location.column} '{finding.message}'"


def _passes(id: str, example: Example, options: Options) -> str:
    """Why an example does not keep its rule as it says; nothing where it does."""
    report = _report(id, example.passes or "", example, options)
    if isinstance(report, str):
        return report
    found = [finding for finding in report.open if finding.rule == id]
    if found:
        return f"expected no finding; found {'; '.join(map(_shown, found))}"
    unknown = [u for u in report.unknown if id in u.why or id == u.what or id.startswith(f"{u.what}/")]
    return f"not known: {unknown[0].what}: {unknown[0].why}" if unknown else ""


def _report(id: str, text: str, example: Example, options: Options) -> Report | str:
    """What a check of an example says, or why it is nothing to check."""
    from archproof.sources import reading
    from archproof.validators.engine import check

    with tempfile.TemporaryDirectory(prefix="archproof-") as folder:
        path = Path(folder) / "example.yaml"
        path.write_text(text, encoding="utf-8")
        try:
            today = example.today or _TODAY
            if reading.is_model(path):
                return check(reading.load(path), today, (id,), engines=options)
            return check(None, today, (id,), resources=reading.read(path), engines=options)
        except InputError as error:
            first = error.problems[0]
            return f"the example is no sound input: line {first.location.line}: {first.message}"


def render(tested: list[Tested], format: str) -> str:
    """What was tested, as text or JSON."""
    if format == "json":
        entries = [{**one._asdict(), "passed": one.passed} for one in tested]
        return json.dumps({"tested": entries}, indent=2, ensure_ascii=False) + "\n"
    lines = []
    for one in tested:
        mark = "FAIL" if not one.passed else "none" if one.what == "no examples" else "ok"
        lines.append(f"{mark:4}  {one.rule}  {one.what}  ({one.file})")
        lines += [f"      {one.why}"] if one.why else []
    failed = sum(not one.passed for one in tested)
    bare = sum(one.what == "no examples" for one in tested)
    rules = len({one.rule for one in tested})
    summary = f"{rules} rule{'' if rules == 1 else 's'}, {len(tested) - bare} tested, {failed} failed"
    return "\n".join([*lines, summary + (f", {bare} without examples" if bare else "")]) + "\n"
