"""Whatever the input: loading succeeds or raises InputError, and every place it names lies in the file."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archproof.errors import InputError
from archproof.model import registry
from archproof.model.architecture import loads
from archproof.model.document import SECTIONS
from archproof.resources.lowering import lower

MODEL = """\
archproof: 1
system: {name: s, environments: {p: {account: "111111111111", set: {f.memory_mb: 256}}}}
defaults: {lambda: {timeout_s: 3}}
network:
  vpc: {cidr: 10.0.0.0/16}
  subnets: {app: {cidr: 10.0.0.0/20, egress: nat}, public: {cidr: 10.0.16.0/20, egress: internet_gateway}}
  security_groups: {g: {ingress: [{port: 443, from: internet}]}}
components:
  u: {kind: person}
  f: {kind: lambda, dead_letter: q, in: {subnets: app, security_groups: [g]}, properties: {Description: !Sub "${q}"}}
  q: {kind: sqs_queue, dead_letter: {queue: d, max_receives: 3}}
  d: {kind: sqs_queue, retention_days: 14}
  t: {type: AWS::SNS::Topic, properties: {TopicName: x}}
links:
  - {from: f, to: [q], verb: send}
flows:
  a: {steps: [{from: u, to: f, does: call, fails: {"500": x}}]}
guarantees:
  - {never: {from: internet, to: f}}
decisions: [{id: a, title: b, because: c, affects: [f]}]
accepted: [{rule: x, component: f, reason: y, until: 2030-01-01}]
"""


PATCHES = st.text("ab:-{}[]&*!|>?'\"# \n\t1é", max_size=4)


def check(text: str, environment: str | None = None) -> None:
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    try:
        architecture = loads(text, environment, "x")
    except InputError as error:
        assert error.problems
        for problem in error.problems:
            place = problem.location
            assert len(problem.message) < 1500 and problem.message, problem.message
            assert 1 <= place.line <= place.end_line <= len(lines), (place, problem.message)
            assert 1 <= place.column <= len(lines[place.line - 1]) + 1, (place, problem.message)
            assert 1 <= place.end_column <= len(lines[place.end_line - 1]) + 1, (place, problem.message)
            assert (place.line, place.column) <= (place.end_line, place.end_column), (place, problem.message)
        return
    assert architecture.graph


def test_the_model_that_is_mutated_is_right() -> None:
    check(MODEL)
    assert len(lower(loads(MODEL))) > 3


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60))
def test_any_text(text: str) -> None:
    check(text)


@settings(max_examples=200, deadline=None)
@given(st.text("ab:-{}[]&*!|>?'\"#%@ \n\t1.", max_size=60))
def test_text_of_yaml_signs(text: str) -> None:
    check(text)
    check(f"components:\n  {text}")


@settings(max_examples=400, deadline=None)
@given(st.integers(0, len(MODEL)), st.integers(0, 12), PATCHES, st.sampled_from([None, "p"]))
def test_a_right_model_with_a_wound(at: int, length: int, patch: str, environment: str | None) -> None:
    check(MODEL[:at] + patch + MODEL[at + length :], environment)


SCALARS: st.SearchStrategy[Any] = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=True) | st.text(max_size=8)
    | st.sampled_from(["f", "q", "app", "g", "p", "internet", "10.0.0.0/8", "lambda", "20s", "2030-01-01", "*"])
)  # fmt: skip


def values(*keys: str) -> st.SearchStrategy[Any]:
    """Values of any shape, with these keys in their maps."""

    def larger(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
        return st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(keys), inner, max_size=4)

    return st.recursive(SCALARS, larger, max_leaves=8)


INSIDE = values("to", "from", "queue", "subnets", "keys", "cidr", "port", "x")
SHAPES = values(
    "from", "to", "steps", "a", "vpc", "vpcs", "subnets", "environments", "set", "never", "peerings", "cidr",
)  # fmt: skip


@st.composite
def components(draw: Any) -> dict[str, Any]:
    """A component of any kind with values of any type in the fields that it has."""
    kind = draw(st.sampled_from(registry.kinds()))
    fields = draw(st.lists(st.sampled_from(registry.keys(kind)), max_size=6, unique=True))
    return {**{field: draw(INSIDE) for field in fields}, "kind": kind}


def source(**sections: Any) -> str:
    """Sections as JSON, which is YAML."""
    text = json.dumps({"archproof": 1, **sections}, indent=1)
    return text.replace("NaN", ".nan").replace("Infinity", ".inf")


IDS = st.sampled_from(["f", "q", "z", "Z!", ""])


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(IDS, components(), max_size=3), st.sampled_from(SECTIONS), components())
def test_components_with_values_of_any_type(parts: dict[str, Any], section: str, more: dict[str, Any]) -> None:
    check(source(**{section: more, "components": parts}))


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(SECTIONS), SHAPES)
def test_sections_of_any_shape(section: str, value: Any) -> None:
    check(source(**{section: value}))


@pytest.mark.parametrize("seed", range(3))
def test_bytes_of_any_kind(seed: int, tmp_path: Path) -> None:
    from archproof.model.architecture import load

    chance = random.Random(seed)
    path = tmp_path / "architecture.yaml"
    for _ in range(30):
        raw = bytearray(MODEL.encode())
        for _ in range(chance.randrange(1, 4)):
            raw[chance.randrange(len(raw))] = chance.randrange(256)
        path.write_bytes(bytes(raw))
        try:
            load(path)
        except InputError as error:
            assert error.problems[0].location.file == str(path)
