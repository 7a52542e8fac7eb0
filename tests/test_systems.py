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
    # AWS refuses a queue whose visibility is below its consumer's timeout: one of the faults taken at their word
    known = {"E3505"} if path.parent.name == "cast3-as-described" else set()
    errors = [d for d in diagnostics if d.severity.name in ("ERROR", "FATAL") and d.rule_id not in known]
    assert [f"{d.rule_id} {d.property_path}: {d.message}" for d in errors] == []


THIRTEEN_FAULTS = {
    "1 functions in public subnets": {"lambda-in-public-subnet"},
    "2 everything in a VPC": {"words-everything-in-vpc"},
    "3 CloudFront and ECS only in the notes": {"words-service-undeclared"},
    "4 .NET 8 deprecated, and its name": {"lambda-runtime-deprecated", "words-dotnet-name"},
    "5 figures that are old": {"words-limit-outdated"},
    "6 tokens validated twice, scopes not required": {"words-token-validated-twice", "api-scopes-missing"},
    "7 pooling without a proxy": {"rds-connections-exhausted", "words-pooling-without-proxy"},
    "8 deployed to a registry": {"ecr-without-consumer", "words-registry-runs-nothing"},
    "9 bucket without the EventBridge setting": {"s3-eventbridge-off"},
    "10 queue without dead letter or visibility": {"sqs-dead-letter-missing", "sqs-visibility-below-timeout"},
    "11 choices left open": {"decision-open"},
    "12 high availability without a standby": {"rds-single-az", "words-high-availability"},
    "12 ranges in place of groups": {"sg-cidr-source", "words-ip-ranges"},
    "13 flow logs claimed, not declared": {"vpc-flow-logs-missing", "words-flow-logs"},
}


@pytest.mark.parametrize("fault", THIRTEEN_FAULTS, ids=str)
def test_the_system_as_described_is_told_each_of_its_thirteen_faults(fault: str) -> None:
    found = {f.rule for f in report(ROOT / "examples/cast3-as-described/architecture.yaml").open}
    assert THIRTEEN_FAULTS[fault] <= found


def test_the_corrected_system_has_none_of_the_thirteen_faults() -> None:
    found = {f.rule for f in report(ROOT / "architecture.yaml").open}
    assert found & set().union(*THIRTEEN_FAULTS.values()) == set()


def test_the_reference_system_is_told_only_what_it_means() -> None:
    found = {(f.rule, f.component) for f in report(ROOT / "architecture.yaml").open}
    assert found == {("s3-access-logging-off", "spa_files"), ("api-route-open-on-purpose", "api")}
