"""Templates: every resource as it is said, every property with its place."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from archproof.errors import UsageError
from archproof.resources.resource import Resources
from archproof.sources.parameter_files import read as read_parameters
from archproof.sources.reading import Request, load, read


def _read(tmp_path: Path, text: str, name: str = "t.yaml") -> Resources:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return read(path)


def _place(resources: Resources, logical_id: str, *path: str | int) -> tuple[int, int]:
    found = resources[logical_id].location(*path)
    return found.line, found.column


def test_yaml_and_json_say_the_same_with_their_own_places(tmp_path: Path) -> None:
    yaml = _read(tmp_path, "Resources:\n  Q:\n    Type: AWS::SQS::Queue\n    Properties:\n      QueueName: q\n")
    text = '{"Resources": {\n\t"Q": {"Type": "AWS::SQS::Queue",\n\t\t"Properties": {"QueueName": "q"}}}}'
    json_ = _read(tmp_path, text, "t.json")
    assert yaml["Q"].properties == json_["Q"].properties == {"QueueName": "q"}
    assert (_place(yaml, "Q", "QueueName"), _place(json_, "Q", "QueueName")) == ((5, 7), (3, 18))
    assert (_place(yaml, "Q"), _place(json_, "Q")) == ((2, 3), (2, 2))


def test_what_is_not_said_is_placed_at_the_resource_and_what_is_part_said_at_what_holds_it(tmp_path: Path) -> None:
    text = "Resources:\n  B:\n    Type: AWS::S3::Bucket\n    Properties:\n      Versioning:\n        A: b\n"
    resources = _read(tmp_path, text)
    assert _place(resources, "B", "KmsKeyId") == (2, 3)
    assert _place(resources, "B", "Versioning", "Status") == (5, 7)


def test_the_sections_stand_verbatim(tmp_path: Path) -> None:
    text = (
        "Description: d\nMetadata: {a: b}\nParameters: {P: {Type: String}}\nMappings: {M: {a: {b: c}}}\n"
        "Conditions: {C: !Equals [a, !Ref P]}\nRules: {R: {Assertions: []}}\nHooks: {}\n"
        "Resources: {Q: {Type: AWS::SQS::Queue, Condition: C, DeletionPolicy: Retain}}\n"
        "Outputs: {O: {Value: !GetAtt Q.Arn}}\n"
    )
    resources = _read(tmp_path, text)
    assert resources.parameters == {"P": {"Type": "String"}}
    assert resources.conditions == {"C": {"Fn::Equals": ["a", {"Ref": "P"}]}}
    assert resources.mappings == {"M": {"a": {"b": "c"}}}
    assert resources.outputs == {"O": {"Value": {"Fn::GetAtt": ["Q", "Arn"]}}}
    assert resources["Q"].attributes == {"Condition": "C", "DeletionPolicy": "Retain"}
    assert sorted(resources.template) == ["Description", "Hooks", "Metadata", "Rules"]


def test_words_are_true_and_false_as_cloudformation_reads_them(tmp_path: Path) -> None:
    said = "{A: yes, B: 'yes', C: Off, D: 2012-10-17, E: 010, F: y}"
    text = f"Resources:\n  Q:\n    Type: AWS::SQS::Queue\n    Properties: {said}\n"
    assert _read(tmp_path, text)["Q"].properties == {
        "A": True, "B": "yes", "C": False, "D": "2012-10-17", "E": "010", "F": "y",
    }  # fmt: skip


def test_the_last_of_two_equal_keys_counts_and_is_told(tmp_path: Path) -> None:
    text = "Resources:\n  Q:\n    Type: AWS::SQS::Queue\n    Properties:\n      A: 1\n      A: 2\n"
    resources = _read(tmp_path, text)
    assert resources["Q"].properties == {"A": 2}
    assert _place(resources, "Q", "A") == (6, 7)
    (unknown,) = resources.unknown
    assert unknown.why == "duplicate key 'A' (first on line 5): CloudFormation takes the last one"


def test_merges_are_written_out(tmp_path: Path) -> None:
    text = (
        "Resources:\n  A:\n    Type: AWS::SQS::Queue\n    Properties: &p\n      X: 1\n      Y: 2\n"
        "  B:\n    Type: AWS::SQS::Queue\n    Properties:\n      Y: 3\n      <<: *p\n"
    )
    resources = _read(tmp_path, text)
    assert resources["B"].properties == {"Y": 3, "X": 1}
    assert _place(resources, "B", "X") == (5, 7)


def test_a_macro_and_what_only_it_knows_are_told(tmp_path: Path) -> None:
    text = (
        "Transform: [Count]\nExtra: {}\nResources:\n  A_1:\n    Type: Boto3::S3.put\n    Count: 3\n"
        "  B: {Type: AWS::SNS::Topic, Properties: {TopicName: !GetAtt A2.Arn}}\n"
    )
    resources = _read(tmp_path, text)
    assert list(resources.all) == ["B"]
    assert [u.what for u in resources.unknown] == ["the transform Count", "the resource A_1"]


def test_a_text_that_is_included_stands_with_its_own_places(tmp_path: Path) -> None:
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "more.yaml").write_text("QueueName: q\nDelaySeconds: 5\n", encoding="utf-8")
    text = (
        "Resources:\n  Q:\n    Type: AWS::SQS::Queue\n    Properties:\n      Fn::Transform:\n"
        "        Name: AWS::Include\n        Parameters: {Location: parts/more.yaml}\n"
        "  R:\n    Type: AWS::SQS::Queue\n    Properties:\n      Fn::Transform:\n"
        "        Name: AWS::Include\n        Parameters: {Location: s3://bucket/more.yaml}\n"
    )
    resources = _read(tmp_path, text)
    assert resources["Q"].properties == {"QueueName": "q", "DelaySeconds": 5}
    place = resources["Q"].location("DelaySeconds")
    assert (place.file, place.line) == (f"{tmp_path}/parts/more.yaml", 2)
    assert place.file in resources.sources
    assert resources.unknown[0].why == "its text is not beside the template: s3://bucket/more.yaml"


def test_a_flow_map_is_yaml_though_it_begins_as_json_does(tmp_path: Path) -> None:
    assert len(_read(tmp_path, "{Resources: {Q: {Type: AWS::SQS::Queue}}}")) == 1


def test_parameters_belong_to_templates(tmp_path: Path) -> None:
    path = tmp_path / "architecture.yaml"
    path.write_text("archproof: 1\nsystem: {name: x}\ncomponents: {}\n", encoding="utf-8")
    with pytest.raises(UsageError, match="is a model, which has no parameters"):
        load(path, Request({"A": "b"}))


@pytest.mark.parametrize(
    "value",
    [
        [{"ParameterKey": "A", "ParameterValue": "x,y"}, {"ParameterKey": "B", "UsePreviousValue": True}],
        {"Parameters": {"A": "x,y"}},
        {"A": ["x", "y"]},
    ],
)
def test_files_of_parameters_have_three_forms(tmp_path: Path, value: object) -> None:
    path = tmp_path / "p.json"
    path.write_text(json.dumps(value), encoding="utf-8")
    assert read_parameters(str(path)) == {"A": "x,y"}
