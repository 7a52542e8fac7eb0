"""The catalogue of rules: what each asks and why, with an example that breaks it and one that keeps it."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archproof.errors import UsageError
from archproof.suggest import did_you_mean
from archproof.validators.registry import all_rules
from archproof.validators.rule import Rule


@dataclass(frozen=True, slots=True)
class Example:
    """A model that breaks a rule, where and with which words, and a model that keeps it."""

    rule: str
    fails: str
    at: tuple[int, int]
    """Line and column of the finding in `fails`."""
    severity: str
    message: str
    passes: str
    file: str
    today: str | None = None
    """The day to judge by, where it matters."""


def unfold(text: str) -> str:
    """Return an example with its repetitions written out.

    `<<TEXT * 60>>` stands for 60 times the text, with `#` for the number of each: examples of quotas stay
    short to read.
    """
    import re

    def repeat(match: re.Match[str]) -> str:
        return "".join(match[1].replace("#", str(number)) for number in range(int(match[2])))

    return re.sub(r"<<(.*?) \* (\d+)>>", repeat, text, flags=re.S)


@functools.cache
def examples() -> dict[str, Example]:
    """Return the example of every rule, by rule id. Raises ValueError where a rule has two."""
    import yaml

    found: dict[str, Example] = {}
    for path in sorted((Path(__file__).parent / "examples").glob("*.yaml")):
        for entry in yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader):
            line, column = entry.pop("at")
            example = Example(at=(line, column), file=path.name, **entry)
            if example.rule in found:
                raise ValueError(f"{example.rule} has two examples")
            found[example.rule] = example
    return found


def get(id: str) -> Rule:
    """Return the rule `id`. Raises UsageError, which names the nearest."""
    rule = all_rules().get(id)
    if rule is None:
        raise UsageError(
            f"no rule is called '{id}'{did_you_mean(id, all_rules())} (`archproof rules list` has them all)"
        )
    return rule


def as_dict(rule: Rule, *, whole: bool = False) -> dict[str, Any]:
    """A rule for JSON; `whole` with its example."""
    known: dict[str, Any] = {
        "id": rule.id,
        "severity": rule.severity,
        "title": rule.title,
        "why": rule.why,
        "remediation": rule.remediation,
        "types": list(rule.types),
        "frameworks": {name: list(ids) for name, ids in rule.frameworks.items()},
    }
    example = examples().get(rule.id) if whole else None
    if example:
        known["example"] = {
            "fails": example.fails,
            "at": list(example.at),
            "message": example.message,
            "passes": example.passes,
        }
    return known


def list_rules(format: str = "text", more: Iterable[Rule] = ()) -> str:
    """Every rule, and `more` after them: one line each, or JSON. Raises UsageError for another format."""
    rules = [*all_rules().values(), *more]
    if format == "json":
        return json.dumps({"rules": [as_dict(rule) for rule in rules]}, indent=2, ensure_ascii=False) + "\n"
    _check_format(format)
    width = max(len(rule.id) for rule in rules)
    return "".join(f"{rule.id:{width}}  {rule.severity:8}  {rule.title}\n" for rule in rules)


def show(id: str, format: str = "text", rule: Rule | None = None) -> str:
    """One rule whole, with its example, as text or JSON; `rule` where it is an engine's. Raises UsageError."""
    rule = rule or get(id)
    if format == "json":
        return json.dumps(as_dict(rule, whole=True), indent=2, ensure_ascii=False) + "\n"
    _check_format(format)
    lines = [f"{rule.id} ({rule.severity})", rule.title, "", f"Why: {rule.why}", "", f"What to do: {rule.remediation}"]
    if rule.types:
        lines += ["", "Looks at: " + ("the whole system" if rule.whole_system else ", ".join(rule.types))]
    for name, ids in rule.frameworks.items():
        lines.append(f"{_FRAMEWORKS.get(name, name)}: {', '.join(ids)}")
    if rule.url:
        lines += ["", f"More: {rule.url}"]
    example = examples().get(id)
    if example:
        lines += ["", "Breaks it:", "", _indent(example.fails), ""]
        lines += [f"  line {example.at[0]}, column {example.at[1]}: {example.message}"]
        lines += ["", "Keeps it:", "", _indent(example.passes)]
        if "<<" in example.fails:
            lines += ["", "`<<TEXT * 60>>` stands for 60 times the text, with the number of each for `#`."]
    return "\n".join(lines) + "\n"


_FRAMEWORKS = {
    "fsbp": "AWS Foundational Security Best Practices",
    "security_hub": "AWS Security Hub",
    "cis": "CIS AWS Foundations 5.0",
    "well_architected": "AWS Well-Architected",
}


def _indent(text: str) -> str:
    return "\n".join("    " + line if line else "" for line in text.rstrip("\n").split("\n"))


def _check_format(format: str) -> None:
    if format != "text":
        raise UsageError(f"no format '{format}' (formats: text, json)")
