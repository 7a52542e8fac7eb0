"""The calls of the readers name what is there: operations, parameters and keys of AWS's own service models."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import pytest

from archproof import facts
from archproof.facts._registry import registry_schema
from archproof.sources.responses import _shaping
from archproof.sources.responses._call import ALL, Call, calls_for, declared, parents

botocore = pytest.importorskip("botocore.session", reason="needs boto3: pip install 'archproof[test]'")
_NAMED = frozenset({"AWS::Logs::LogStream", "AWS::IoT::Thing", "AWS::Lambda::Version"})
CALLS = list(dict.fromkeys([*declared(), *calls_for(_NAMED)]))
_READS = re.compile(r"(?:Describe|Get|List|Search)[A-Z]")


@cache
def model(service: str) -> Any:
    return _session().get_service_model(service)


@cache
def _session() -> Any:
    return botocore.get_session()


def members(shape: Any) -> dict[str, Any]:
    return dict(shape.members) if shape is not None and shape.type_name == "structure" else {}


def operation(call: Call) -> Any:
    return model(call.service).operation_model(call.operation)


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.file)
def test_a_call_names_an_operation_its_parameters_and_a_key_of_its_answer(call: Call) -> None:
    assert call.operation in model(call.service).operation_names
    assert _READS.match(call.operation), "only what reads may be declared"
    asked = members(operation(call).input_shape)
    wanted = {*call.parameters, *(call.per.ask if call.per else ())}
    assert wanted <= asked.keys()
    required = set(operation(call).input_shape.required_members) if operation(call).input_shape else set()
    assert required <= wanted
    key = call.key.removeprefix(".").split()
    assert not key or key[0] in members(operation(call).output_shape)


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.file)
def test_the_types_and_properties_of_a_call_are_those_of_the_registry(call: Call) -> None:
    for type in call.types:
        schema = registry_schema(type)
        assert schema is not None, type
        assert set(call.gives.get(type, ())) <= {*schema.root.names, ALL, "Tags"}


@pytest.mark.parametrize("call", [c for c in CALLS if c.per], ids=lambda call: call.file)
def test_what_a_call_is_sent_for_stands_in_the_answers_of_another(call: Call) -> None:
    assert call.per is not None
    jmespath = pytest.importorskip("jmespath")
    named = parents(call, CALLS)
    assert named
    for other in named:
        lead = re.match(r"\[?(\w+)", call.per.each)
        assert lead and lead[1] in members(operation(other).output_shape)
    for path in (call.per.each, *(p for p in call.per.ask.values() if not p.startswith("^"))):
        jmespath.compile(path)
    batch = next(iter(call.per.ask))
    is_list = members(operation(call).input_shape)[batch].type_name == "list"
    assert is_list == bool(call.per.batch)


def test_no_two_calls_have_the_same_file() -> None:
    names = [(call.file, call.once) for call in CALLS]
    assert len(names) == len(set(names))


def test_every_reader_of_a_call_is_found() -> None:
    import importlib

    from archproof.sources.responses._files import table
    from archproof.sources.responses._heard import module_with

    for call in declared():
        name = module_with(call)
        assert name is not None
        readers = importlib.import_module(name).READERS
        assert not call.key or call.title in readers or call.key in readers or call.key in table(), call.title


def test_the_properties_of_answers_are_fields_of_the_answers() -> None:
    entries = {call.title: _entry(call) for call in declared()}
    for row in facts.rows("answers"):
        fields = {name.lower() for name in entries[row["call"]]}
        assert {name.lower() for name in row["properties"].split()} <= fields, row
        assert set(row["properties"].split()) <= set(_shaping.properties(row["type"]).values()), row


def _entry(call: Call) -> dict[str, Any]:
    """The fields of one entry of an answer."""
    shape = operation(call).output_shape
    if call.key and not call.key.startswith("."):
        shape = shape.members[call.key]
    while shape.type_name == "list":
        shape = shape.member
    found = members(shape)
    if call.key == "Reservations":
        found = members(shape.members["Instances"].member)
    return found


def test_cloud_control_is_asked_only_for_wanted_types_that_nobody_else_reads() -> None:
    types = {"AWS::IoT::Thing", "AWS::EC2::VPC", "AWS::AppMesh::Mesh", "Custom::Thing"}
    asked = [call for call in calls_for(frozenset(types)) if call.service == "cloudcontrol"]
    assert [call.operation for call in asked] == ["ListResources", "GetResource"]
    assert {type for call in asked for type in call.types} == {"AWS::IoT::Thing"}
    assert not [call for call in calls_for(None) if call.service == "cloudcontrol"]
