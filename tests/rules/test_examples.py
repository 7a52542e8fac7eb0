"""Every rule has an example that breaks it, at an exact place and in exact words, and one that keeps it."""

from __future__ import annotations

import datetime

import pytest

from archproof.discovery import constants
from archproof.facts import controls
from archproof.model.architecture import loads
from archproof.validators.catalogue import Example, examples, unfold
from archproof.validators.engine import check
from archproof.validators.findings import SEVERITIES, Report
from archproof.validators.registry import PACKAGE, all_rules
from archproof.validators.rule import SYSTEM

TODAY = datetime.date(2026, 11, 22)
FRAMEWORKS = {"fsbp": "fsbp", "security_hub": "security-hub", "cis": "cis-5.0", "well_architected": "well-architected"}


def run(text: str, example: Example) -> Report:
    return check(loads(unfold(text)), datetime.date.fromisoformat(example.today) if example.today else TODAY)


@pytest.mark.parametrize("example", examples().values(), ids=list(examples()))
def test_a_rule_finds_its_failing_example_and_nothing_in_its_passing_one(example: Example) -> None:
    failing = run(example.fails, example)
    found = [
        ((f.location.line, f.location.column), f.severity, f.message)
        for f in failing.findings
        if f.rule == example.rule
    ]
    assert (example.at, example.severity, example.message) in found
    passing = run(example.passes, example)
    assert [f.message for f in passing.findings if f.rule == example.rule and not f.waived] == []
    assert [u for u in passing.unknown if example.rule in u.why] == []


def test_every_rule_has_an_example_and_every_example_a_rule() -> None:
    assert sorted(examples()) == sorted(all_rules())


@pytest.mark.parametrize("id", all_rules())
def test_a_rule_says_everything_about_itself(id: str) -> None:
    rule = all_rules()[id]
    assert rule.id == rule.id.lower() and " " not in rule.id and "_" not in rule.id
    assert rule.severity in SEVERITIES
    for text in (rule.title, rule.why, rule.remediation):
        assert len(text) > 10 and text == text.strip()
    assert rule.why.endswith(".") and rule.remediation.endswith(".") and not rule.title.endswith(".")
    assert rule.frameworks["well_architected"]
    for framework, ids in rule.frameworks.items():
        known = {control.id for control in controls(FRAMEWORKS[framework])}
        assert set(ids) <= known


def test_a_module_lists_exactly_the_types_that_its_rules_look_at() -> None:
    import importlib

    from archproof.validators.rule import Rule

    for module, types in constants(PACKAGE, "TYPES").items():
        content = vars(importlib.import_module(module))
        rules = [v for v in content.values() if isinstance(v, Rule)] + list(content.get("RULES", ()))
        looked_at = {t for rule in rules for t in rule.types}
        assert looked_at <= set(types), module
        assert (SYSTEM in looked_at) == (SYSTEM in types), module
