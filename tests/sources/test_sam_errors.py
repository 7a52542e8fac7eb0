"""What SAM refuses is told with its place, all at once, and nothing makes the transform fall over."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archproof.errors import InputError
from archproof.model.yaml import Parsed, parse
from archproof.sources import _sam
from archproof.sources._sam_values import leaf
from archproof.sources.reading import Request
from tests.sources.sam_templates import Transformed


def _problems(text: str) -> list[str]:
    with pytest.raises(InputError) as error:
        Transformed(text)
    return [str(problem) for problem in error.value.problems]


def test_an_unknown_property_is_told_at_the_property() -> None:
    assert _problems("""
        Resources:
          Orders:
            Type: AWS::Serverless::Function
            Properties:
              Handler: a.b
              Runtime: python3.13
              Memory: 128
        """) == [
        "t.yaml:9:7: the SAM transform refuses 'Orders': property Memory not defined for resource of type "
        "AWS::Serverless::Function; did you mean 'MemorySize'?"
    ]


def test_everything_is_told_at_once() -> None:
    problems = _problems("""
        Resources:
          Orders:
            Type: AWS::Serverless::Function
            Properties: {Handler: a.b, Runtime: python3.13, Memory: 128}
          Table:
            Type: AWS::Serverless::SimpleTable
            Properties: {PrimaryKey: {Name: id, Type: Text}}
          Layer: {Type: AWS::Serverless::LayerVersion, Properties: {}}
        """)
    assert len(problems) == 3
    assert [problem.split(":")[1] for problem in problems] == ["6", "7", "10"]


def test_a_wrong_event_is_told_at_the_event() -> None:
    (problem,) = _problems("""
        Resources:
          Orders:
            Type: AWS::Serverless::Function
            Properties:
              Handler: a.b
              Runtime: python3.13
              Events:
                Came:
                  Type: Carrier
        """)
    assert problem.startswith("t.yaml:10:9: the SAM transform refuses 'Orders': Event with id [Came] is invalid.")


def test_a_wrong_section_of_globals_is_told() -> None:
    (problem,) = _problems("Globals: {Funktion: {}}\nResources: {A: {Type: AWS::Serverless::SimpleTable}}\n")
    assert "'Globals' section is invalid" in problem
    assert problem.startswith("t.yaml:2:")


def test_an_intrinsic_that_sam_does_not_take_is_an_error() -> None:
    (problem,) = _problems("""
        Resources:
          Orders:
            Type: AWS::Serverless::Function
            Properties: {Handler: a.b, Runtime: python3.13, AutoPublishAlias: !Sub a}
        """)
    assert "'AutoPublishAlias' must be a string or a Ref to a template parameter" in problem


def test_resources_that_are_none_are_left_for_the_reader_to_refuse() -> None:
    made = Transformed("Resources:\n  A: 5\n  B: {Type: AWS::Serverless::SimpleTable}\n")
    assert made.outcome.value["Resources"]["A"] == 5


def test_more_events_than_a_stack_can_hold_are_refused_at_once() -> None:
    lines = [f"        E{n}: {{Type: Api, Properties: {{Path: /{n}, Method: get}}}}" for n in range(501)]
    text = "Resources:\n  A:\n    Type: AWS::Serverless::Function\n    Properties:\n      Events:\n" + "\n".join(lines)
    assert _problems(text) == [
        "t.yaml:1:1: 501 events of APIs make more resources than the 500 that a stack may have: split the template"
    ]


def test_many_events_take_seconds() -> None:
    lines = [f"        E{n}: {{Type: Api, Properties: {{Path: /{n}, Method: get}}}}" for n in range(200)]
    head = "Resources:\n  A:\n    Type: AWS::Serverless::Function\n    Properties:\n      Handler: a.b\n"
    start = time.process_time()
    made = Transformed(head + "      Runtime: python3.13\n      Events:\n" + "\n".join(lines) + "\n")
    assert time.process_time() - start < 10
    assert len(made.properties("ServerlessRestApi")["Body"]["paths"]) == 200


def test_the_translator_is_imported_without_boto3_and_leaves_nothing_behind() -> None:
    code = (
        "import sys; from archproof.sources._sam_translator import properties; properties();"
        "assert 'boto3' not in sys.modules and 'botocore.config' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_no_region_and_no_credentials_of_the_environment_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_DEFAULT_REGION", "AWS_REGION", "AWS_ACCESS_KEY_ID"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "cn-north-1")
    made = Transformed("Resources: {A: {Type: AWS::Serverless::Function, Properties: {Handler: a, Runtime: b}}}\n")
    assert made.properties("ARole")["ManagedPolicyArns"][0].startswith("arn:aws:iam")


KEYS = st.sampled_from(
    ["Handler", "Runtime", "Events", "Policies", "CodeUri", "PackageType", "Ref", "Fn::If", "Type", "Properties",
     "Auth", "Path", "Method", "StageName", "DefinitionBody", "DefinitionUri", "paths", "Environment", "Variables",
     "Tags", "Domain", "Location", "ApplicationId", "SemanticVersion", "Source", "Destination", "Permissions", "Id",
     "Layers", "VpcConfig"]
)  # fmt: skip
VALUES: Any = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.sampled_from(["", "a", "Api", "SQS", "s3://b/k"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=12,
)
TYPES = st.sampled_from(
    [
        "Function",
        "Api",
        "HttpApi",
        "SimpleTable",
        "StateMachine",
        "Application",
        "LayerVersion",
        "Connector",
        "GraphQLApi",
    ]
)


@settings(max_examples=100, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["A", "B"]), st.tuples(TYPES, st.dictionaries(KEYS, VALUES, max_size=4)), min_size=1
    ),
    VALUES,
)
def test_whatever_a_template_says_ends_in_an_outcome_or_in_errors(resources: dict[str, Any], common: Any) -> None:
    value = {
        "Transform": _sam.TRANSFORM,
        "Globals": common,
        "Resources": {n: {"Type": f"AWS::Serverless::{t}", "Properties": p} for n, (t, p) in resources.items()},
    }
    parsed: Parsed = parse(json.dumps(value), "t.json")
    try:
        outcome = _sam.transform(parsed.value, parsed.mark, Request(), Path("/nowhere"))
    except InputError as error:
        assert error.problems
        return
    assert all(any(i.startswith(n) for i in outcome.value["Resources"]) for n in resources)


def test_true_and_nothing_carry_no_path() -> None:
    assert leaf(True, ("a",)) is True
    assert leaf(None, ("a",)) is None
    assert leaf(5, ("a",)).origin == ("a",)
