"""Rules of what a model says are silent for a source that is no model."""

from __future__ import annotations

import datetime

from archproof.model.architecture import loads
from archproof.resources.lowering import lower_model
from archproof.sources.lifting import lift
from archproof.validators.engine import check

_TODAY = datetime.date(2026, 7, 1)
_MODEL = """
archproof: 1
components: {a: {kind: lambda, runtime: python3.13}, b: {kind: lambda, runtime: python3.13}}
"""
_OF_MODELS = ["security-hub-absent"]


def test_rules_of_what_a_model_says_are_silent_for_a_source() -> None:
    model = loads(_MODEL)
    found = check(model, _TODAY, only=_OF_MODELS).findings
    assert sorted({f.rule for f in found}) == _OF_MODELS
    lifted = lift(lower_model(model))
    assert check(lifted, _TODAY, only=_OF_MODELS).findings == []
