"""CloudFormation past the quotas of one template: a root and parts that together say what the whole said."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archproof.cli.main import main
from archproof.errors import UsageError
from archproof.model.yaml import parse
from archproof.resources.exports._limits import Limits
from archproof.resources.exports._nesting import nested
from archproof.resources.exports._partition import clusters
from archproof.resources.exports._rewriting import rewritten
from archproof.resources.template import to_yaml

LIMITS = Limits(resources=4, parameters=20, outputs=20, size=1_000_000)
Template = dict[str, Any]


def cut(template: Template, limits: Limits = LIMITS) -> dict[str, Template]:
    """The files of a template, each read again from the text that is written."""
    files = nested(template, "yaml", to_yaml, limits)
    return {name: parse(to_yaml(value), name).value for name, value in files.items()}


def whole(files: dict[str, Template]) -> dict[str, Any]:
    """The resources of all parts, with what they are passed put back in place: references as they were."""
    root = files["template.yaml"]
    parts = {name: stack["Properties"] for name, stack in root["Resources"].items()}
    outputs = {name: files[stack["TemplateURL"]].get("Outputs", {}) for name, stack in parts.items()}
    found: dict[str, Any] = {}
    for name, stack in parts.items():
        part = files[stack["TemplateURL"]]
        arguments = stack.get("Parameters", {})
        assert set(arguments) == set(part.get("Parameters", {}))

        def replace(reference: tuple[str, str | None], arguments: Any = arguments) -> Any:
            target, attribute = reference
            if attribute is not None or target not in arguments:
                return None
            value = arguments[target]
            value = value["Fn::If"][1] if "Fn::If" in value else value
            if "Ref" in value:
                return value
            if "Fn::Join" in value:
                return value["Fn::Join"][1]
            stack, output = value["Fn::GetAtt"]
            return outputs[stack][output.removeprefix("Outputs.")]["Value"]

        for logical_id, entry in part["Resources"].items():
            assert logical_id not in found, f"{logical_id} stands in two parts ({name})"
            found[logical_id] = rewritten(entry, replace)
    return found


def without_waiting(template: Template) -> dict[str, Any]:
    return {n: {k: v for k, v in e.items() if k != "DependsOn"} for n, e in template["Resources"].items()}


def waits_for(files: dict[str, Template], root: Template) -> dict[str, set[str]]:
    """Which part waits for which."""
    found: dict[str, set[str]] = {}
    for name, stack in root["Resources"].items():
        found[name] = set(stack.get("DependsOn", []))
        for value in stack["Properties"].get("Parameters", {}).values():
            value = value["Fn::If"][1] if "Fn::If" in value else value
            if "Fn::GetAtt" in value:
                found[name].add(value["Fn::GetAtt"][0])
    return found


def queue(**properties: Any) -> dict[str, Any]:
    return {"Type": "AWS::SQS::Queue", "Properties": properties}


def tag(value: Any) -> dict[str, Any]:
    return {"Tags": [{"Key": "k", "Value": value}]}


def test_parameters_and_outputs_carry_what_one_part_uses_of_another() -> None:
    template = {
        "Resources": {
            "A": queue(),
            **{f"B{n}": queue(**tag({"Fn::GetAtt": ["A", "Arn"]})) for n in range(6)},
            "C": queue(**tag({"Fn::Sub": "${A}/${B0.QueueName}/${AWS::Region}"})),
        }
    }
    files = cut(template)
    assert sorted(files) == ["parts/part-1.yaml", "parts/part-2.yaml", "template.yaml"]
    assert files["parts/part-1.yaml"]["Outputs"]["AArn"] == {"Value": {"Fn::GetAtt": ["A", "Arn"]}}
    assert files["parts/part-2.yaml"]["Parameters"]["AArn"] == {"Type": "String"}
    assert files["parts/part-2.yaml"]["Resources"]["C"]["Properties"] == tag(
        {"Fn::Sub": "${ARef}/${B0QueueName}/${AWS::Region}"}
    )
    stack = files["template.yaml"]["Resources"]["Part2"]
    assert stack["Properties"]["TemplateURL"] == "parts/part-2.yaml"
    assert stack["Properties"]["Parameters"]["AArn"] == {"Fn::GetAtt": ["Part1", "Outputs.AArn"]}


def test_conditions_mappings_parameters_and_outputs_go_where_they_are_used() -> None:
    template = {
        "Description": "Orders",
        "Parameters": {
            "Env": {"Type": "String"}, "Zones": {"Type": "List<AWS::EC2::AvailabilityZone::Name>"},
            "Image": {"Type": "AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>", "Default": "/ami"},
        },
        "Rules": {"R": {"Assertions": [{"Assert": {"Fn::Equals": [{"Ref": "Env"}, "prod"]}}]}},
        "Mappings": {"Map": {"prod": {"Days": 3}}, "Unused": {"a": {"b": 1}}},
        "Conditions": {
            "Prod": {"Fn::Equals": [{"Ref": "Env"}, "prod"]}, "NotProd": {"Fn::Not": [{"Condition": "Prod"}]},
        },
        "Resources": {
            "A": {**queue(), "Condition": "NotProd"},
            "B1": queue(**tag({"Fn::FindInMap": ["Map", "prod", "Days"]})),
            "B2": queue(**tag({"Ref": "Image"})),
            "B3": queue(**tag({"Fn::Select": [0, {"Ref": "Zones"}]})),
            "C1": queue(**tag({"Fn::If": ["NotProd", {"Ref": "A"}, {"Ref": "AWS::StackName"}]})),
            "C2": {**queue(), "DependsOn": ["A", "C1"]},
        },
        "Outputs": {"Url": {"Condition": "NotProd", "Value": {"Ref": "A"}, "Export": {"Name": "url"}}},
    }  # fmt: skip
    files = cut(template, LIMITS._replace(resources=3))
    root, first, second = (files[n] for n in ("template.yaml", "parts/part-1.yaml", "parts/part-2.yaml"))
    assert whole(files) | {"C2": without_waiting(template)["C2"]} == without_waiting(template)
    assert (root["Rules"], root["Mappings"]) == (template["Rules"], template["Mappings"])
    assert root["Outputs"]["Url"]["Value"] == {"Fn::GetAtt": ["Part1", "Outputs.ARef"]}
    assert root["Outputs"]["Url"]["Condition"] == "NotProd"
    assert list(first["Mappings"]) == ["Map"]
    assert list(first["Conditions"]) == ["Prod", "NotProd"]
    assert first["Outputs"]["ARef"] == {"Value": {"Ref": "A"}, "Condition": "NotProd"}
    assert first["Parameters"]["Image"] == {"Type": "AWS::EC2::Image::Id"}
    assert second["Resources"]["C2"]["DependsOn"] == "C1"
    passed = root["Resources"]["Part2"]
    assert passed["DependsOn"] == ["Part1"]
    assert passed["Properties"]["Parameters"]["ARef"]["Fn::If"][0] == "NotProd"
    assert passed["Properties"]["Parameters"]["RootStackName"] == {"Ref": "AWS::StackName"}
    assert passed["Properties"]["Parameters"]["Zones"] == {"Fn::Join": [",", {"Ref": "Zones"}]}


def test_what_goes_in_a_circle_stays_together() -> None:
    ring = {f"R{n}": queue(**tag({"Ref": f"R{(n + 1) % 5}"})) for n in range(5)}
    with pytest.raises(UsageError, match="5 resources refer to each other in circles"):
        cut({"Resources": ring})
    files = cut({"Resources": ring | {"Z": queue()}}, LIMITS._replace(resources=5))
    assert sorted(len(f["Resources"]) for f in files.values()) == [1, 2, 5]


def test_what_returns_a_list_stays_with_those_that_use_it() -> None:
    zone = {"Type": "AWS::Route53::HostedZone", "Properties": {"Name": "a."}}
    resources = {"Zone": zone, **{f"Q{n}": queue() for n in range(4)}}
    resources["User"] = queue(**tag({"Fn::Join": [",", {"Fn::GetAtt": ["Zone", "NameServers"]}]}))
    files = cut({"Resources": resources})
    assert any({"Zone", "User"} <= set(f["Resources"]) for f in files.values())


def test_a_part_keeps_within_the_quotas_of_parameters_and_outputs() -> None:
    resources = {f"A{n}": queue() for n in range(12)}
    resources |= {f"B{n}": queue(**tag({"Ref": f"A{n}"})) for n in range(12)}
    limits = Limits(resources=12, parameters=5, outputs=5, size=1_000_000)
    files = cut({"Resources": resources}, limits)
    assert whole(files) == resources
    for file in files.values():
        assert len(file.get("Parameters", {})) <= 5 and len(file.get("Outputs", {})) <= 5


@st.composite
def templates(draw: st.DrawFn) -> Template:
    """Templates whose resources refer to each other in any way, circles included."""
    count = draw(st.integers(1, 14))
    names = [f"N{n}" for n in range(count)]
    resources = {}
    for name in names:
        targets = draw(st.lists(st.sampled_from(names), max_size=3))
        values = [draw(st.sampled_from([{"Ref": t}, {"Fn::GetAtt": [t, "Arn"]}, {"Fn::Sub": f"x${{{t}}}"}]))
                  for t in targets if t != name]  # fmt: skip
        entry = {"Type": "AWS::SQS::Queue", "Properties": {"Tags": values}}
        waits = [w for w in draw(st.lists(st.sampled_from(names), max_size=1, unique=True)) if w != name]
        resources[name] = entry | ({"DependsOn": waits} if waits else {})
    return {"Resources": resources}


@given(templates())
@settings(max_examples=60, deadline=None)
def test_the_parts_together_are_the_whole_and_never_wait_in_a_circle(template: Template) -> None:
    limits = LIMITS._replace(resources=14)
    small = max(2, len(template["Resources"]) // 3)
    try:
        files = cut(template, limits._replace(resources=small))
    except UsageError:
        return  # a circle larger than a part
    assert without_waiting({"Resources": whole(files)}) == without_waiting(template)
    assert all(len(members) == 1 for members in clusters(waits_for(files, files["template.yaml"])))


MODEL = "archproof: 1\nsystem: {summary: Many queues}\ncomponents:\n" + "".join(
    f"  q{n}: {{kind: sqs_queue}}\n" for n in range(502)
)


@pytest.fixture
def many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a model of more resources than one template may hold."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "architecture.yaml").write_text(MODEL, encoding="utf-8")
    return tmp_path


def test_one_file_cannot_hold_more_than_a_template_may(many: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "--to", "cloudformation", "-o", "t.yaml"]) == 2
    error = capsys.readouterr().err
    assert "are more than one template may hold (500 resources): name a folder (`-o stacks/`)" in error
    assert not (many / "t.yaml").exists()


def test_a_folder_or_an_archive_holds_the_root_and_its_parts(many: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "--to", "cloudformation", "-o", "stacks/"]) == 0
    assert "wrote stacks/ (" in capsys.readouterr().err
    names = sorted(str(p.relative_to(many / "stacks")) for p in (many / "stacks").rglob("*.yaml"))
    assert names[-1] == "template.yaml" and names[0] == "parts/part-1.yaml"
    again = {p: p.read_bytes() for p in (many / "stacks").rglob("*.yaml")}
    assert main(["export", "--to", "cloudformation", "-o", "stacks"]) == 0  # over an earlier export, and the same
    assert {p: p.read_bytes() for p in (many / "stacks").rglob("*.yaml")} == again
    assert [p.name for p in many.iterdir() if p.name.startswith(".")] == []
    assert main(["export", "--to", "cloudformation", "-o", "s.zip"]) == 0
    first = (many / "s.zip").read_bytes()
    assert main(["export", "--to", "cloudformation", "-o", "s.zip"]) == 0
    assert (many / "s.zip").read_bytes() == first


def test_a_folder_of_somebody_elses_is_left_alone(many: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (many / "mine").mkdir()
    (many / "mine" / "thesis.txt").write_text("words", encoding="utf-8")
    assert main(["export", "--to", "cloudformation", "-o", "mine"]) == 2
    assert "mine holds 'thesis.txt', which no export wrote: name another folder" in capsys.readouterr().err
    assert [p.name for p in (many / "mine").iterdir()] == ["thesis.txt"]
