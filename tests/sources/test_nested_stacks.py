"""Nested stacks, stack sets and loops: their resources stand in the template, with the places of their own files."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from archproof.errors import InputError
from archproof.resources.evaluation import evaluate
from archproof.sources.reading import Request, load, read
from archproof.validators.engine import check

NETWORK = """\
Parameters:
  Cidr: {Type: String}
  Zones: {Type: CommaDelimitedList}
  Other: {Type: String, Default: x}
Conditions:
  Has: !Equals [!Ref Other, x]
Mappings:
  M: {a: {b: c}}
Resources:
  Vpc:
    Type: AWS::EC2::VPC
    Condition: Has
    Properties:
      CidrBlock: !Ref Cidr
      Tags:
        - {Key: Name, Value: !Sub "${AWS::StackName}-${Cidr}-${Other}"}
        - {Key: Zone, Value: !Select [1, !Ref Zones]}
        - {Key: Map, Value: !FindInMap [M, a, b]}
Outputs:
  Id: {Value: !Ref Vpc}
"""
MAIN = """\
Conditions:
  Live: !Equals [a, a]
Resources:
  Net:
    Type: AWS::CloudFormation::Stack
    Condition: Live
    Properties:
      TemplateURL: sub/network.yaml
      Parameters:
        Cidr: 10.0.0.0/16
        Zones: !Join [",", [a, b]]
  Queue:
    Type: AWS::SQS::Queue
    DependsOn: Net
    Properties:
      QueueName: !Sub "q-${Net.Outputs.Id}"
      Vpc: !GetAtt Net.Outputs.Id
"""


def _write(tmp_path: Path, main: str = MAIN, network: str = NETWORK) -> Path:
    (tmp_path / "sub").mkdir(exist_ok=True)
    (tmp_path / "sub" / "network.yaml").write_text(network, encoding="utf-8")
    path = tmp_path / "main.yaml"
    path.write_text(main, encoding="utf-8")
    return path


def _problems(path: Path) -> list[str]:
    with pytest.raises(InputError) as error:
        read(path)
    return [str(p).replace(f"{path.parent}/", "") for p in error.value.problems]


def test_the_resources_of_a_nested_stack_stand_in_its_place(tmp_path: Path) -> None:
    resources = read(_write(tmp_path))
    assert list(resources.all) == ["NetVpc", "Queue"]
    assert resources.stacks == {"Net": f"{tmp_path}/sub/network.yaml"}
    place = resources["NetVpc"].location("CidrBlock")
    assert (place.file, place.line) == (f"{tmp_path}/sub/network.yaml", 14)
    assert place.file in resources.sources
    assert resources["Queue"].properties == {"QueueName": {"Fn::Sub": "q-${NetVpc}"}, "Vpc": {"Ref": "NetVpc"}}
    assert resources["Queue"].attributes == {"DependsOn": ["NetVpc"]}


def test_parameters_conditions_and_mappings_are_those_of_the_nested_template(tmp_path: Path) -> None:
    resources = read(_write(tmp_path))
    assert resources["NetVpc"].attributes == {"Condition": "NetHasAndLive"}
    assert resources.conditions["NetHasAndLive"] == {"Fn::And": [{"Condition": "Live"}, {"Condition": "NetHas"}]}
    assert sorted(resources.parameters) == ["NetOther", "NetStackName"]
    assert evaluate(resources)["NetVpc"].properties == {
        "CidrBlock": "10.0.0.0/16",
        "Tags": [
            {"Key": "Name", "Value": {"Fn::Sub": "${NetStackName}-10.0.0.0/16-x"}},
            {"Key": "Zone", "Value": "b"},
            {"Key": "Map", "Value": "c"},
        ],
    }


def test_wrong_parameters_and_outputs_are_told(tmp_path: Path) -> None:
    main = MAIN.replace("Cidr:", "Cdir:").replace("q-${Net.Outputs.Id}", "q-${Net.Outputs.Ids}")
    assert _problems(_write(tmp_path, main)) == [
        "main.yaml:9:7: the template of Net needs a value of its parameter 'Cidr'",
        "main.yaml:10:9: the template of Net has no parameter 'Cdir'; did you mean 'Cidr'?",
        "main.yaml:12:3: the stack Net has no output 'Ids'; did you mean 'Id'?",
    ]


def test_places_in_a_stack_of_a_stack_are_those_of_its_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    deeper = Path("sub/deeper")
    deeper.mkdir(parents=True)
    stack = "Resources:\n  S: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: %s}}\n"
    Path("main.yaml").write_text(stack % "sub/middle.yaml", encoding="utf-8")
    Path("sub/middle.yaml").write_text(stack % "./deeper/end.yaml", encoding="utf-8")
    (deeper / "end.yaml").write_text("Resources:\n  Q: {Type: AWS::SQS::Queue}\n", encoding="utf-8")
    for main, file in (
        ("main.yaml", "sub/deeper/end.yaml"),
        (str(tmp_path / "main.yaml"), f"{tmp_path}/{deeper}/end.yaml"),
    ):
        (queue,) = read(main)
        assert str(queue.location()) == f"{file}:2:3"


def test_what_is_wrong_in_a_nested_template_is_told_there(tmp_path: Path) -> None:
    network = NETWORK.replace("!Ref Vpc", "!Ref Vcp")
    (problem,) = _problems(_write(tmp_path, network=network))
    assert problem.startswith("sub/network.yaml:20:15: Ref names no parameter and no resource of the template: 'Vcp'")


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("https://b.s3.amazonaws.com/t.yaml", "its template is not beside this one: https://b.s3.amazonaws.com/t.yaml"),
        ("!Sub 'https://${AWS::Region}.x'", "its template is not beside this one: an address known only at deployment"),
        ("missing.yaml", "there is no file 'missing.yaml' beside the template"),
    ],
)
def test_a_template_that_is_elsewhere_is_told(tmp_path: Path, url: str, why: str) -> None:
    path = _write(
        tmp_path, f"Resources:\n  Net:\n    Type: AWS::CloudFormation::Stack\n    Properties: {{TemplateURL: {url}}}\n"
    )
    resources = read(path)
    assert list(resources.all) == ["Net"]
    assert [(u.what, u.why, u.location.line) for u in resources.unknown] == [("the stack Net", why, 4)]


def test_the_template_of_an_asset_of_cdk_is_found(tmp_path: Path) -> None:
    main = MAIN.replace("sub/network.yaml", "{Fn::Sub: 'https://s3.${AWS::URLSuffix}/x'}").replace(
        "    Condition: Live\n", "    Metadata: {aws:asset:path: sub/network.yaml}\n"
    )
    assert list(read(_write(tmp_path, main)).all) == ["NetVpc", "Queue"]


def test_paths_do_not_leave_the_folder(tmp_path: Path) -> None:
    (tmp_path / "outside.yaml").write_text("Resources: {Q: {Type: AWS::SQS::Queue}}", encoding="utf-8")
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "link.yaml").symlink_to(tmp_path / "outside.yaml")
    path = inside / "main.yaml"
    stack = "  {0}: {{Type: AWS::CloudFormation::Stack, Properties: {{TemplateURL: {1}}}}}\n"
    names = ["../outside.yaml", "link.yaml", str(tmp_path / "outside.yaml")]
    path.write_text("Resources:\n" + "".join(stack.format(f"S{n}", name) for n, name in enumerate(names)))
    assert [p.split(": ", 1)[1] for p in _problems(path)] == [
        f"the template '{name}' leaves the folder of the main template" for name in names
    ]


def test_a_template_that_nests_itself_is_told(tmp_path: Path) -> None:
    stack = "Resources:\n  S: {{Type: AWS::CloudFormation::Stack, Properties: {{TemplateURL: {0}}}}}\n"
    (tmp_path / "a.yaml").write_text(stack.format("b.yaml"), encoding="utf-8")
    (tmp_path / "b.yaml").write_text(stack.format("a.yaml"), encoding="utf-8")
    assert _problems(tmp_path / "a.yaml") == ["b.yaml:2:54: the template a.yaml nests itself"]


def test_a_stack_set_is_checked_with_the_places_in_its_text(tmp_path: Path) -> None:
    path = tmp_path / "main.yaml"
    path.write_text(
        "Resources:\n  Set:\n    Type: AWS::CloudFormation::StackSet\n    Properties:\n      TemplateBody: |\n"
        "        Resources:\n          B:\n            Type: AWS::S3::Bucket\n"
        "            Properties:\n              AccessControl: PublicRead\n",
        encoding="utf-8",
    )
    resources = read(path)
    assert list(resources.all) == ["Set"]
    assert list(resources.within["Set"].all) == ["B"]
    report = check(load(path), datetime.date(2026, 1, 1), only=["s3-acl-public"])
    assert [(f.resource, f.location.line) for f in report.findings] == [("SetB", 10)]


LOOP = """\
Transform: AWS::LanguageExtensions
Parameters: {Names: {Type: CommaDelimitedList, Default: "a-1,b-2"}, Unset: {Type: CommaDelimitedList}}
Resources:
  Fn::ForEach::Queues:
    - Name
    - !Ref Names
    - Queue&{Name}:
        Type: AWS::SQS::Queue
        Properties:
          QueueName: !Sub "q-${Name}"
          Tags: [{Key: n, Value: !Ref Name}]
          Fn::ForEach::Times:
            - P
            - [DelaySeconds, MessageRetentionPeriod]
            - ${P}: 60
Outputs:
  Fn::ForEach::Arns:
    - Name
    - !Ref Names
    - Arn&{Name}: {Value: !GetAtt ["Queue&{Name}", Arn]}
"""


def _loop(tmp_path: Path, text: str = LOOP) -> Path:
    path = tmp_path / "main.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_loops_are_written_out_with_the_places_of_what_they_repeat(tmp_path: Path) -> None:
    resources = read(_loop(tmp_path))
    assert list(resources.all) == ["Queuea1", "Queueb2"]
    assert resources["Queueb2"].properties == {
        "QueueName": "q-b-2", "Tags": [{"Key": "n", "Value": "b-2"}], "DelaySeconds": 60, "MessageRetentionPeriod": 60,
    }  # fmt: skip
    assert resources["Queueb2"].location("Tags", 0, "Value").line == 11
    assert resources["Queueb2"].location("DelaySeconds").line == 15
    assert resources.outputs == {
        "Arna1": {"Value": {"Fn::GetAtt": ["Queuea1", "Arn"]}},
        "Arnb2": {"Value": {"Fn::GetAtt": ["Queueb2", "Arn"]}},
    }
    assert list(read(_loop(tmp_path), Request({"Names": "x"})).all) == ["Queuex"]


def test_a_loop_over_what_is_not_known_is_told(tmp_path: Path) -> None:
    resources = read(_loop(tmp_path, LOOP.replace("!Ref Names\n    - Queue", "!Ref Unset\n    - Queue")))
    assert list(resources.all) == []
    (unknown,) = resources.unknown
    assert (unknown.what, unknown.location.line) == ("Fn::ForEach::Queues", 6)
    assert unknown.why.endswith("known only at deployment (--parameter Unset=… says them)")


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("Transform: AWS::LanguageExtensions\n", "", "Fn::ForEach needs the transform AWS::LanguageExtensions"),
        ("Queue&{Name}:\n", "Queue:\n", "Fn::ForEach::Queues makes 'Queue' twice: its name needs ${Name} in it"),
        ("    - !Ref Names\n    - Queue", "    - Queue", "Fn::ForEach::Queues is a list of three: the name of the"),
    ],
)
def test_a_wrong_loop_is_told(tmp_path: Path, old: str, new: str, problem: str) -> None:
    assert any(problem in found for found in _problems(_loop(tmp_path, LOOP.replace(old, new, 1))))
