"""What CloudFormation itself refuses is an error, with its place and the nearest right spelling."""

from __future__ import annotations

from pathlib import Path

import pytest

from archproof.errors import InputError
from archproof.sources.reading import Request, load, read

QUEUE = "  Queue: {Type: AWS::SQS::Queue}\n"


def _problems(tmp_path: Path, text: str, name: str = "t.yaml", **given: str) -> list[str]:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as error:
        read(path, Request(given))
    return [str(p).replace(f"{tmp_path}/", "") for p in error.value.problems]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("AWSTemplateFormatVersion: 2010-09-09\n", "t.yaml:1:1: no Resources: a template has at least one"),
        ("Resources:\n", "t.yaml:1:1: Resources is empty: a template has at least one resource"),
        ("Resources: []\n", "t.yaml:1:12: Resources is a map; found a list"),
        ("Bucket:\n  Type: AWS::S3::Bucket\n",
         "t.yaml:1:1: a part of a template: Bucket would stand below `Resources:`"),
        ("Resources:\n  Queue: {Typ: AWS::SQS::Queue}\n",
         "t.yaml:2:3: the resource 'Queue' needs a Type; did you mean 'Typ'?"),
        ("Resources:\n  Queue: nothing\n", "t.yaml:2:10: the resource 'Queue' is a map with a Type; found a text"),
        ("Resources:\n  my_queue: {Type: AWS::SQS::Queue}\n",
         "t.yaml:2:3: the name 'my_queue' of a resource holds more than letters and digits"),
        (f"Resources:\n{QUEUE}Output: {{}}\n",
         "t.yaml:3:1: a template has no section 'Output'; did you mean 'Outputs'?"),
        (f"Resources:\n{QUEUE}Globals: {{}}\n",
         "t.yaml:3:1: Globals belongs to SAM: it needs `Transform: AWS::Serverless-2016-10-31`"),
        (f"AWSTemplateFormatVersion: 2010-09-10\nResources:\n{QUEUE}",
         "t.yaml:1:27: AWSTemplateFormatVersion is 2010-09-09; found '2010-09-10'"),
        (f"Parameters: {{Env: {{Type: Sting}}}}\nResources:\n{QUEUE}",
         "t.yaml:1:26: 'Sting' is no type of a parameter; did you mean 'String'?; "
         "String, Number, List<Number>, CommaDelimitedList or AWS::…"),
        ("Resources:\n  Queue:\n    Type: AWS::SQS::Queue\n    QueueName: q\n",
         "t.yaml:4:5: a resource has no attribute 'QueueName'; a property stands below `Properties:`"),
        (f"Resources:\n{QUEUE}Outputs: {{Q: {{Val: 1}}}}\n", "t.yaml:3:11: the output 'Q' needs a Value"),
    ],
)  # fmt: skip
def test_a_wrong_part_is_told(tmp_path: Path, text: str, problem: str) -> None:
    assert _problems(tmp_path, text)[0] == problem


@pytest.mark.parametrize(
    ("properties", "problem"),
    [
        ("QueueName: !Ref Nam", "names no parameter and no resource of the template: 'Nam'; did you mean 'Name'?"),
        ("QueueName: !Ref AWS::Regio", "no resource of the template: 'AWS::Regio'; did you mean 'AWS::Region'?"),
        ("QueueName: !GetAtt Topik.TopicName", "Fn::GetAtt names no resource of the template: 'Topik'"),
        ("QueueName: !GetAtt Name.Arn", "Fn::GetAtt takes an attribute of 'Name', which is a parameter"),
        ("QueueName: !Sub '${Nam}-q'", "Fn::Sub names no parameter and no resource of the template: 'Nam'"),
        ("QueueName: !If [IsProd, a]", "Fn::If takes the name of a condition, a value where it holds and one where"),
        ("QueueName: !If [Prod, a, b]", "there is no condition 'Prod'; did you mean 'IsProd'?"),
        ("QueueName: !Join [a]", "Fn::Join takes a delimiter and a list; found a list of 1"),
        ("QueueName: !FindInMap [Nap, a, b]", "there is no mapping 'Nap'; did you mean 'Map'?"),
        ("QueueName: {Fn::Joyn: [a, [b]]}", "there is no function Fn::Joyn; did you mean 'Fn::Join'?"),
        ("QueueName: !Length [a]", "Fn::Length needs the transform AWS::LanguageExtensions"),
        ("QueueName: !Rain::Env NAME", "!Rain::Env is a directive of Rain and no function of CloudFormation"),
        ("QueueName: !Reff Name", "the tag !Reff is none of CloudFormation's functions; did you mean 'Ref'?"),
        ("QueueName: !Ref IsProd", "'IsProd' (a condition: Fn::If takes it)"),
    ],
)
def test_a_wrong_reference_or_call_is_told(tmp_path: Path, properties: str, problem: str) -> None:
    text = (
        "Parameters: {Name: {Type: String}}\nConditions: {IsProd: !Equals [!Ref Name, prod]}\n"
        f"Mappings: {{Map: {{a: {{b: c}}}}}}\nResources:\n  Queue:\n    Type: AWS::SQS::Queue\n    Properties:\n"
        f"      {properties}\n  Topic: {{Type: AWS::SNS::Topic}}\n"
    )
    (found,) = _problems(tmp_path, text)
    assert problem in found
    assert found.startswith("t.yaml:8:")


def test_conditions_rest_on_parameters_and_on_conditions_only(tmp_path: Path) -> None:
    text = f"Conditions:\n  A: !Equals [!Ref Queue, x]\n  B: !Not [!Condition C]\nResources:\n{QUEUE}"
    assert _problems(tmp_path, text) == [
        "t.yaml:2:15: a condition cannot rest on a resource: 'Queue'",
        "t.yaml:3:12: there is no condition 'C'",
    ]


def test_circles_are_told_with_all_that_are_in_them(tmp_path: Path) -> None:
    text = (
        "Resources:\n  A: {Type: AWS::SNS::Topic, DependsOn: B}\n"
        "  B: {Type: AWS::SNS::Topic, Properties: {TopicName: !GetAtt C.TopicName}}\n"
        "  C: {Type: AWS::SNS::Topic, Properties: {TopicName: !Sub '${A}'}}\n"
        "  D: {Type: AWS::SNS::Topic, Properties: {TopicName: !Ref D}}\n"
        "  E: {Type: AWS::SNS::Topic, DependsOn: A}\n"
    )
    assert _problems(tmp_path, text) == [
        "t.yaml:2:3: circular dependency between resources: A, B, C",
        "t.yaml:5:3: the resource 'D' refers to itself",
    ]


def test_a_circle_that_a_condition_may_open_is_none(tmp_path: Path) -> None:
    path = tmp_path / "t.yaml"
    path.write_text(
        "Conditions: {X: !Equals [a, b]}\nResources:\n"
        "  A: {Type: AWS::SNS::Topic, Properties: {TopicName: !If [X, !Ref B, b]}}\n"
        "  B: {Type: AWS::SNS::Topic, DependsOn: A}\n",
        encoding="utf-8",
    )
    assert len(read(path)) == 2


def test_conditions_in_a_circle_are_told(tmp_path: Path) -> None:
    text = f"Conditions:\n  A: !Not [!Condition B]\n  B: !Not [!Condition A]\nResources:\n{QUEUE}"
    assert _problems(tmp_path, text) == ["t.yaml:2:3: conditions rest on each other: A, B"]


def test_several_documents_and_tabs_are_told(tmp_path: Path) -> None:
    assert _problems(tmp_path, f"Resources:\n{QUEUE}---\nResources: {{}}\n") == [
        "t.yaml:3:1: a second document begins here; one file holds one document"
    ]
    assert _problems(tmp_path, "Resources:\n\tQueue: {}\n") == [
        "t.yaml:2:1: a tab in the indentation; YAML indents with spaces"
    ]


def test_what_is_no_source_says_so(tmp_path: Path) -> None:
    path = tmp_path / "service.json"
    path.write_text('{"version": "2.0", "metadata": {}, "shapes": {}}', encoding="utf-8")
    with pytest.raises(InputError, match=r"neither a model .* nor any of: cloudformation, "):
        load(path)


def test_a_wrong_parameter_is_told_with_the_right_ones(tmp_path: Path) -> None:
    text = (
        "Parameters:\n  Env: {Type: String, AllowedValues: [dev, prod]}\n  Size: {Type: Number, MaxValue: 5}\n"
        f"  Code: {{Type: String, AllowedPattern: '[a-z]+', NoEcho: true}}\nResources:\n{QUEUE}"
    )
    assert _problems(tmp_path, text, Evn="x", Env="prot", Size="9", Code="Secret1") == [
        "t.yaml:1:1: the template has no parameter 'Evn'; did you mean 'Env'?",
        "t.yaml:2:3: 'prot' is no value of the parameter 'Env': allowed are dev, prod; did you mean 'prod'?",
        "t.yaml:3:3: '9' is no value of the parameter 'Size': at most 5",
        "t.yaml:4:3: the value given is no value of the parameter 'Code': it must match [a-z]+",
    ]
