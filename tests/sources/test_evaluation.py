"""What a template says with the parameters in force, before it is deployed."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archproof.errors import Location
from archproof.resources.evaluation import evaluate, of
from archproof.resources.resource import Path, Resource, Resources


def _resources(properties: Any, **given: Any) -> Resources:
    resources = Resources()
    resources.parameters = {
        "Env": {"Type": "String", "Default": "dev", "AllowedValues": ["dev", "prod"]},
        "Size": {"Type": "Number", "Default": "20"},
        "Cidrs": {"Type": "CommaDelimitedList", "Default": "10.0.0.0/24, 10.0.1.0/24"},
        "Unset": {"Type": "String"},
        "Ami": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/aws/ami"},
        "Password": {"Type": "String", "Default": "hunter2", "NoEcho": "true"},
        "Flag": {"Type": "String", "Default": True},
    }
    resources.conditions = {
        "IsProd": {"Fn::Equals": [{"Ref": "Env"}, "prod"]},
        "Maybe": {"Fn::Equals": [{"Ref": "Unset"}, "x"]},
        "NotProd": {"Fn::Not": [{"Condition": "IsProd"}]},
        "Neither": {"Fn::And": [{"Condition": "IsProd"}, {"Condition": "Maybe"}]},
        "Either": {"Fn::Or": [{"Condition": "NotProd"}, {"Condition": "Maybe"}]},
    }
    resources.mappings = {"M": {"dev": {"Class": "small", "List": ["a", "b"]}}}
    resources.given = given
    resources.add(Resource("R", "AWS::X::Y", properties, origins={(): ()}, locate=_locate))
    resources.add(Resource("Vpc", "AWS::EC2::VPC", {"CidrBlock": "10.0.0.0/16"}))
    return resources


def _locate(path: Path | None) -> Location:
    return Location("/".join(map(str, path or ())))


def _value(said: Any, **given: Any) -> Any:
    return evaluate(_resources({"V": said}, **given))["R"].properties.get("V", "absent")


REGION = {"Ref": "AWS::Region"}


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ({"Ref": "Env"}, "dev"),
        ({"Ref": "Size"}, 20),
        ({"Ref": "Cidrs"}, ["10.0.0.0/24", "10.0.1.0/24"]),
        ({"Ref": "Flag"}, "true"),
        ({"Ref": "Unset"}, {"Ref": "Unset"}),
        ({"Ref": "Ami"}, {"Ref": "Ami"}),
        ({"Ref": "Password"}, {"Ref": "Password"}),
        ({"Ref": "Vpc"}, {"Ref": "Vpc"}),
        (REGION, REGION),
        ({"Ref": "AWS::NoValue"}, "absent"),
        ({"Fn::If": ["IsProd", 1, 2]}, 2),
        ({"Fn::If": ["Either", 1, {"Ref": "AWS::NoValue"}]}, 1),
        ({"Fn::If": ["Neither", 1, {"Ref": "AWS::NoValue"}]}, "absent"),
        ({"Fn::If": ["Maybe", {"Ref": "Env"}, 2]}, {"Fn::If": ["Maybe", "dev", 2]}),
        ([1, {"Fn::If": ["IsProd", 2, {"Ref": "AWS::NoValue"}]}, 3], [1, 3]),
        ({"Fn::FindInMap": ["M", {"Ref": "Env"}, "Class"]}, "small"),
        ({"Fn::FindInMap": ["M", "x", "Class", {"DefaultValue": {"Ref": "Size"}}]}, 20),
        ({"Fn::FindInMap": ["M", {"Ref": "Unset"}, "Class"]}, {"Fn::FindInMap": ["M", {"Ref": "Unset"}, "Class"]}),
        ({"Fn::Join": ["-", ["a", {"Ref": "Size"}, {"Ref": "Env"}]]}, "a-20-dev"),
        ({"Fn::Join": ["-", ["a", {"Ref": "Env"}, REGION]]}, {"Fn::Join": ["-", ["a", "dev", REGION]]}),
        ({"Fn::Sub": "${Env}-${!Env}"}, "dev-${Env}"),
        ({"Fn::Sub": "${Env}-${Vpc}"}, {"Fn::Sub": "dev-${Vpc}"}),
        ({"Fn::Sub": ["${A}-${B}", {"A": {"Ref": "Env"}, "B": {"Ref": "Vpc"}}]},
         {"Fn::Sub": ["dev-${B}", {"B": {"Ref": "Vpc"}}]}),
        ({"Fn::Select": [1, {"Ref": "Cidrs"}]}, "10.0.1.0/24"),
        ({"Fn::Select": ["0", {"Fn::Split": ["-", "a-b"]}]}, "a"),
        ({"Fn::Select": [1, {"Fn::Cidr": [{"Fn::GetAtt": ["Vpc", "CidrBlock"]}, 4, 8]}]}, "10.0.1.0/24"),
        ({"Fn::GetAZs": "eu-west-1"}, ["eu-west-1a", "eu-west-1b", "eu-west-1c"]),
        ({"Fn::GetAZs": ""}, {"Fn::GetAZs": ""}),
        ({"Fn::Length": {"Ref": "Cidrs"}}, 2),
        ({"Fn::ToJsonString": {"a": {"Ref": "Size"}}}, '{"a":20}'),
        ({"Fn::Base64": {"Fn::Sub": "${Env}"}}, {"Fn::Base64": "dev"}),
        ({"Fn::ImportValue": {"Fn::Sub": "${Env}-x"}}, {"Fn::ImportValue": "dev-x"}),
        ({"Fn::GetAtt": ["Vpc", "CidrBlock"]}, {"Fn::GetAtt": ["Vpc", "CidrBlock"]}),
        ("{{resolve:ssm:/a}}", "{{resolve:ssm:/a}}"),
    ],
)  # fmt: skip
def test_what_is_known_is_filled_in_and_the_rest_stays_a_function(said: Any, value: Any) -> None:
    assert _value(said) == value


def test_what_is_given_wins_over_the_defaults() -> None:
    assert _value({"Fn::If": ["IsProd", {"Ref": "Size"}, 2]}, Env="prod", Size="7") == 7
    assert _value({"Fn::Sub": "${AWS::Region}-${AWS::Partition}"}, **{"AWS::Region": "eu-west-1"}) == "eu-west-1-aws"
    assert _value({"Ref": "AWS::AccountId"}, **{"AWS::AccountId": "111122223333"}) == "111122223333"


def test_what_moves_keeps_the_place_where_it_is_said() -> None:
    said = [
        {"Fn::If": ["IsProd", {"K": 1}, {"Ref": "AWS::NoValue"}]},
        {"K": 2},
        {"Fn::If": ["NotProd", {"K": {"Ref": "Env"}}, {"K": 4}]},
    ]
    resource = evaluate(_resources({"V": said}))["R"]
    assert resource.properties == {"V": [{"K": 2}, {"K": "dev"}]}
    assert resource.location("V", 0, "K").file == "V/1/K"
    assert resource.location("V", 1, "K").file == "V/2/Fn::If/1/K"


def test_a_resource_whose_condition_is_false_is_told_with_what_creates_it() -> None:
    resources = _resources({})
    resources.add(Resource("P", "AWS::X::Y", {}, attributes={"Condition": "IsProd"}))
    resources.add(Resource("M", "AWS::X::Y", {}, attributes={"Condition": "Maybe"}))
    found = evaluate(resources)
    assert list(found.all) == ["R", "Vpc", "M"]
    assert [u.why for u in found.unknown] == [
        "not created: condition IsProd is false with the parameters' defaults; --parameter Env=prod creates it"
    ]
    resources.given = {"Env": "dev"}
    assert evaluate(resources).unknown == []
    resources.given = {"Env": "prod"}
    assert "P" in evaluate(resources)
    assert resources.unknown == []


def test_texts_do_not_grow_without_bound() -> None:
    said: Any = "xx"
    for _ in range(60):
        said = {"Fn::Sub": ["${a}${a}", {"a": said}]}
    assert isinstance(_value(said), dict)


SCALARS = st.none() | st.booleans() | st.integers() | st.text(max_size=5)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text("abR", min_size=1, max_size=3), inner, max_size=3)
        | st.sampled_from(["Env", "Unset", "Vpc", "Cidrs"]).map(lambda n: {"Ref": n})
        | st.tuples(st.sampled_from(["IsProd", "Maybe", "NotProd"]), inner, inner).map(lambda t: {"Fn::If": list(t)})
        | st.lists(inner, max_size=3).map(lambda parts: {"Fn::Join": ["-", parts]})
    ),
    max_leaves=15,
)


@given(VALUES)
def test_what_was_evaluated_once_stays_as_it_is(said: Any) -> None:
    evaluation = of(_resources({}))
    once = evaluation.value({"V": said})
    assert evaluation.value(once) == once


@given(VALUES)
def test_evaluation_changes_nothing_of_what_it_is_given(said: Any) -> None:
    before = repr(said)
    _value(said)
    assert repr(said) == before
