"""The JSON Schema of the language: valid, described, and of one mind with the parser."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from archproof.errors import InputError
from archproof.model import registry
from archproof.model.architecture import loads
from archproof.model.document import SECTIONS
from archproof.model.schema import schema
from archproof.model.yaml import parse

ROOT = Path(__file__).parents[2]
SYSTEMS = sorted([*ROOT.glob("examples/*/architecture.yaml"), *ROOT.glob("architecture.yaml")])
STARTER = ROOT / "archproof" / "templates" / "starter.yaml"


@functools.cache
def validator() -> Draft202012Validator:
    return Draft202012Validator(schema())


def errors(value: Any) -> list[str]:
    """What the schema finds wrong."""
    return [e.message for e in validator().iter_errors(value)]


def test_the_schema_is_valid() -> None:
    Draft202012Validator.check_schema(schema())
    assert schema()["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_the_schema_has_every_section_and_every_kind() -> None:
    assert sorted(schema()["properties"]) == sorted(SECTIONS)
    assert sorted(schema()["$defs"]["component"]["properties"]["kind"]["enum"]) == registry.kinds()


@pytest.mark.parametrize("path", [*SYSTEMS, STARTER], ids=lambda p: p.parent.name)
def test_the_schema_accepts_whole_systems(path: Path) -> None:
    assert errors(parse(path.read_text(encoding="utf-8"), path.name).value) == []


@pytest.mark.parametrize("kind", registry.kinds())
def test_every_kind_and_each_of_its_fields_is_described(kind: str) -> None:
    definition = schema_of(kind)
    assert definition["description"]
    assert [k for k, v in definition["properties"].items() if k != "kind" and not v.get("description")] == []


@functools.cache
def schema_of(kind: str) -> dict[str, Any]:
    definition: dict[str, Any] = validator().schema["$defs"][registry.kind_class(kind).__name__]
    return definition


def test_every_section_is_described() -> None:
    assert [name for name, value in schema()["properties"].items() if not value.get("description")] == []


def test_every_part_and_each_of_its_fields_is_described() -> None:
    missing = [
        f"{name}.{key}"
        for name, definition in validator().schema["$defs"].items()
        if definition.get("type") == "object" and name != "component"
        for key, value in definition.get("properties", {}).items()
        if not value.get("description") and "const" not in value
    ]
    assert missing == []


@pytest.mark.parametrize("kind", registry.kinds())
def test_a_kind_takes_no_unknown_key(kind: str) -> None:
    part = {"type": "AWS::SNS::Topic"} if kind == "resource" else {"kind": kind}
    assert errors({"archproof": 1, "components": {"a": {**part, "nonsense_s": 5}}})


@pytest.mark.parametrize(
    "value",
    [
        {"components": {}},
        {"archproof": 2},
        {"archproof": 1, "componets": {}},
        {"archproof": 1, "components": {"a": {"kind": "lamda"}}},
        {"archproof": 1, "components": {"a": {}}},
        {"archproof": 1, "components": {"A-b": {"kind": "person"}}},
        {"archproof": 1, "components": {"a": {"kind": "lambda", "timeout_s": "20s"}}},
        {"archproof": 1, "components": {"a": {"kind": "lambda", "memory_mb": 0}}},
        {"archproof": 1, "components": {"a": {"kind": "lambda", "architecture": "arm"}}},
        {"archproof": 1, "links": [{"from": "a"}]},
        {"archproof": 1, "links": [{"from": "a", "to": "b", "verb": "nonsense"}]},
        {"archproof": 1, "flows": {"a": {"steps": []}}},
        {"archproof": 1, "system": {"account": "123"}},
        {"archproof": 1, "defaults": {"lamda": {}}},
    ],
)
def test_the_schema_and_the_parser_refuse_the_same(value: dict[str, Any]) -> None:
    import json

    assert errors(value)
    with pytest.raises(InputError):
        loads(json.dumps(value))


@pytest.mark.parametrize(
    "value",
    [
        {"archproof": 1, "components": {"a": {"kind": "lambda", "dead_letter": "q"}, "q": {"kind": "sqs_queue"}}},
        {"archproof": 1, "components": {"a": {"kind": "lambda", "in": {"subnets": "app"}}},
         "network": {"vpc": {"cidr": "10.0.0.0/16"}, "subnets": {"app": {"cidr": "10.0.0.0/20"}}}},
        {"archproof": 1, "components": {"a": {"type": "AWS::SNS::Topic", "properties": {"X": [1]}}}},
        {"archproof": 1, "defaults": {"lambda": {"timeout_s": 5}}},
        {"archproof": 1, "components": {"a": {"kind": "person"}, "b": {"kind": "lambda"}},
         "links": [{"from": "a", "to": ["b"]}]},
    ],
)  # fmt: skip
def test_the_schema_and_the_parser_accept_the_same(value: dict[str, Any]) -> None:
    import json

    assert errors(value) == []
    assert loads(json.dumps(value))
