"""Laws of rules in YAML: any map is a rule or has problems at their places; verdicts are three-valued."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from archproof.model.yaml import parse
from archproof.resources.resource import Resource, Resources
from archproof.validators.house.conditions import Both, Condition, Either, Judged, Opposite
from archproof.validators.house.values import OPERATORS, Verdict
from archproof.validators.house.yaml_form import KEYS, Reader

_WORDS = st.sampled_from([*OPERATORS, "AWS::SQS::Queue", "high", "all", "(a+)+", "10.0.0.0/8", "Tags[*].Key", ""])
_PLAIN = st.none() | st.booleans() | st.integers(-5, 5) | _WORDS | st.text("ab.*[]0 ", max_size=5)
_ANY = st.recursive(
    _PLAIN,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS) | st.text("ab", max_size=3), inner)
    ),
    max_leaves=12,
)
_RULES = st.dictionaries(st.sampled_from(KEYS), _ANY, max_size=8) | st.fixed_dictionaries(
    {"id": st.just("a"), "resource": st.just("AWS::SQS::Queue")},
    optional={"path": _WORDS, "operator": st.sampled_from(OPERATORS), "value": _ANY, "where": _ANY, "and": _ANY},
)
_VALUES = st.dictionaries(st.sampled_from(["Tags", "A"]), _ANY, max_size=2)


@settings(max_examples=300, deadline=None)
@given(_RULES, _VALUES)
def test_any_map_is_a_rule_that_judges_anything_or_has_problems_in_its_file(value: Any, properties: Any) -> None:
    parsed = parse(json.dumps(value), "rules.yaml", tags=False)
    reader = Reader()
    rule = reader.rule(parsed.value, parsed.mark)
    assert (rule is None) == bool(reader.problems)
    assert all(p.location.file == "rules.yaml" and p.location.line >= 1 for p in reader.problems)
    if rule is not None:
        from datetime import date

        from archproof.validators.context import Context

        resources = Resources()
        resource = resources.add(Resource("Q", "AWS::SQS::Queue", properties))
        list(rule.check(resource, Context(resources, date(2026, 1, 1))))


class _Given(Condition):
    def __init__(self, verdict: Verdict) -> None:
        self.verdict = verdict

    def judge(self, resource: Resource, resources: Resources) -> Judged:
        return Judged(self.verdict)


_VERDICTS = st.lists(st.sampled_from([True, False, None]), min_size=1, max_size=4)


def _judge(condition: Condition) -> Verdict:
    return condition.judge(Resource("A", "T", {}), Resources()).verdict


@given(_VERDICTS)
def test_and_and_or_are_kleenes_and_each_others_opposites(verdicts: list[Verdict]) -> None:
    parts: tuple[Condition, ...] = tuple(map(_Given, verdicts))
    both, either = _judge(Both(parts)), _judge(Either(parts))
    assert both is (False if False in verdicts else None if None in verdicts else True)
    assert either is (True if True in verdicts else None if None in verdicts else False)
    assert _judge(Opposite(Both(parts))) is _judge(Either(tuple(map(Opposite, parts))))
