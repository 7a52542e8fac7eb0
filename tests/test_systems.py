"""The reference system and every example: loaded, checked, drawn, explained and exported as its reader would."""

from __future__ import annotations

import datetime
import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from archproof.model.architecture import Architecture, load
from archproof.renderers import publishing, views
from archproof.renderers.layout import layout_many
from archproof.renderers.quality import measure
from archproof.renderers.scene import Scene, SequenceScene
from archproof.renderers.sequence import layout_sequence, measure_sequence
from archproof.resources.lowering import lower
from archproof.resources.template import template
from archproof.validators.engine import check
from archproof.validators.findings import Report

ROOT = Path(__file__).resolve().parent.parent
TODAY = datetime.date(2026, 11, 22)
SYSTEMS = sorted(p for p in (ROOT / "examples").glob("*/architecture.yaml") if p.parent.name != "cast3-as-described")
EVERY = [ROOT / "architecture.yaml", *SYSTEMS, ROOT / "examples/cast3-as-described/architecture.yaml"]


def name(path: Path) -> str:
    return path.parent.name if path.parent != ROOT else "reference"


@cache
def system(path: Path) -> Architecture:
    return load(path)


@cache
def report(path: Path) -> Report:
    return check(system(path), TODAY)


def test_there_are_six_examples_beside_the_reference_system() -> None:
    assert len(SYSTEMS) == 6


@pytest.mark.parametrize("path", [ROOT / "architecture.yaml", *SYSTEMS], ids=name)
def test_a_system_has_no_open_finding_of_high_or_critical_severity(path: Path) -> None:
    assert [f"{f.location} {f.rule}: {f.message}" for f in report(path).at_or_above("high")] == []


@pytest.mark.parametrize("path", [ROOT / "architecture.yaml", *SYSTEMS], ids=name)
def test_every_waiver_of_a_system_is_needed_and_in_force(path: Path) -> None:
    assert [f.message for f in report(path).findings if f.rule.startswith("waiver-")] == []


@pytest.mark.parametrize("path", EVERY, ids=name)
def test_every_picture_of_a_system_passes_the_gate(path: Path) -> None:
    drawings = [views.build(v, system(path)) for v in views.names(system(path))]
    scenes = [d for d in drawings if isinstance(d, Scene)]
    measured = {s.id: measure(placed) for s, placed in zip(scenes, layout_many(scenes), strict=True)}
    measured |= {d.id: measure_sequence(layout_sequence(d)) for d in drawings if isinstance(d, SequenceScene)}
    assert {n: q.report() for n, q in measured.items() if not q.passed} == {}


@pytest.mark.parametrize("path", EVERY, ids=name)
def test_every_environment_of_a_system_loads(path: Path) -> None:
    for environment in system(path).system.environments:
        assert load(path, environment).environment == environment


@pytest.mark.parametrize("path", EVERY, ids=name)
def test_a_system_is_explained_with_every_section(path: Path) -> None:
    text = publishing.document(system(path), "interview", "md", TODAY)
    for heading in ("Components", "Questions and answers", "Glossary", "Evidence"):
        assert heading in text


@pytest.mark.parametrize("path", EVERY, ids=name)
def test_the_exported_template_has_no_error_for_the_validator_of_aws(path: Path) -> None:
    validate = pytest.importorskip("cloudformation_validate", reason="cloudformation-validate is not installed")
    stack: dict[str, Any] = template(lower(system(path)))
    diagnostics = validate.CompositeEngine().validate_template(json.dumps(stack).encode()).diagnostics
    errors = [d for d in diagnostics if d.severity.name in ("ERROR", "FATAL")]
    assert [f"{d.rule_id} {d.property_path}: {d.message}" for d in errors] == []
