"""AWS's validator in a check: its findings stand at the line of the source, once, and its answers are kept."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from archproof.cli.main import main
from archproof.errors import InputError
from archproof.sources.reading import load
from archproof.validators import formats
from archproof.validators.engine import check
from archproof.validators.engines import _cfn_validate, aws_validator
from archproof.validators.engines.request import Options
from archproof.validators.findings import Report

DAY = date(2026, 11, 23)
TEMPLATE = """\
AWSTemplateFormatVersion: "2010-09-09"
Parameters:
  Unused:
    Type: String
Resources:
  Jobs:
    Type: AWS::SQS::Queue
    Properties:
      VisibilityTimout: 30
  Fn:
    Type: AWS::Lambda::Function
    DependsOn: Jobs
    Properties:
      Runtime: python3.13
      Handler: app.main
      Role: !GetAtt Role.Arn
      MemorySize: many
      Code: {ZipFile: "x"}
      Environment:
        Variables: {some.queue: !Ref Jobs}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: "sts:AssumeRole"}]
"""
MODEL = """\
archproof: 1
components:
  jobs:
    kind: sqs_queue
    properties:
      VisibilityTimout: 30
"""


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ARCHPROOF_CACHE", str(tmp_path / "kept"))


def checked(
    text: str, *, only: tuple[str, ...] = ("cfn/*",), rules: tuple[str, ...] = (), name: str = "it.yaml"
) -> Report:
    Path(name).write_text(text, encoding="utf-8")
    return check(load(name), DAY, only, engines=Options(rules=rules))


def told(report: Report) -> list[str]:
    return [f"{f.location} {f.severity} {f.rule} {f.resource} {f.property}" for f in report.findings]


def test_every_answer_stands_at_the_line_of_the_template_that_it_is_about() -> None:
    assert told(checked(TEMPLATE)) == [
        "it.yaml:3:3 low cfn/W2001 None None",
        "it.yaml:6:3 info cfn/I3011 Jobs None",
        "it.yaml:6:3 info cfn/I3011 Jobs None",
        "it.yaml:6:3 info cfn/I3013 Jobs None",
        "it.yaml:9:7 high cfn/F3002 Jobs VisibilityTimout",
        "it.yaml:12:5 info cfn/W3005 Fn None",
        "it.yaml:17:7 high cfn/F3012 Fn MemorySize",
    ]


def test_a_template_in_json_is_judged_alike() -> None:
    template = {"Resources": {"Jobs": {"Type": "AWS::SQS::Queue", "Properties": {"VisibilityTimout": 30}}}}
    report = checked(json.dumps(template, indent=1), only=("cfn/F*",), name="it.json")
    assert told(report) == ["it.json:6:5 high cfn/F3002 Jobs VisibilityTimout"]


def test_a_model_is_judged_at_its_own_lines_and_not_for_the_style_of_a_template() -> None:
    report = checked(MODEL)
    assert told(report) == ["it.yaml:6:7 high cfn/F3002 Jobs VisibilityTimout"]
    assert report.findings[0].component == "jobs"
    assert report.engines["cloudformation-validate"] > 300


def test_a_fault_that_a_rule_of_archproof_tells_is_told_once() -> None:
    text = (
        "archproof: 1\ncomponents:\n  jobs: {kind: sqs_queue, visibility_s: 30}\n"
        "  work: {kind: lambda, runtime: python3.13, timeout_s: 60}\nlinks: [{from: jobs, to: work, verb: trigger}]\n"
    )
    rules = {f.rule for f in checked(text, only=()).findings}
    assert "sqs-visibility-below-timeout" in rules and "cfn/E3505" not in rules
    assert [f.rule for f in checked(text).findings] == ["cfn/E3505"]


def test_a_waiver_accepts_a_finding_of_an_engine() -> None:
    waiver = "accepted: [{rule: cfn/F3002, component: jobs, reason: A test, until: 2027-01-31}]\n"
    (finding,) = checked(MODEL + waiver).findings
    assert finding.waived is not None and finding.waived.reason == "A test"


def test_a_waiver_that_fits_nothing_is_told_only_where_its_engine_ran() -> None:
    text = "archproof: 1\ncomponents: {}\naccepted: [{rule: cfn/F3002, reason: A test, until: 2027-01-31}]\n"
    Path("it.yaml").write_text(text + "", encoding="utf-8")
    model = load("it.yaml")
    assert [f.rule for f in check(model, DAY).findings if f.rule == "waiver-unused"] == []
    assert "waiver-unused" in [f.rule for f in check(model, DAY, engines=Options()).findings]


def test_every_format_of_a_report_takes_findings_of_engines() -> None:
    report = checked(MODEL)
    for format in formats.formats():
        assert "cfn/F3002" in formats.render(report, format)
    run = json.loads(formats.render(report, "sarif"))["runs"][0]
    assert run["tool"]["driver"]["rules"][0]["shortDescription"]["text"] == "Additional properties are not allowed"


def test_a_secret_of_a_template_reaches_neither_the_validator_nor_a_message() -> None:
    text = "Resources:\n  Db:\n    Type: AWS::RDS::DBInstance\n    Properties: {MasterUserPassword: hunter2-hunter2}\n"
    report = checked(text, only=())
    assert "hunter2" not in json.dumps(report.as_dict())
    assert "hunter2" not in "".join(p.read_text() for p in Path("kept").glob("*"))


def test_where_the_validator_is_missing_the_report_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_cfn_validate, "version", lambda: None)
    (unknown,) = checked(MODEL).unknown
    assert unknown.what == "AWS's validator"
    assert unknown.why == "cloudformation-validate is not installed; none of its rules is decided"


def test_where_the_validator_fails_the_report_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def run(question: object) -> None:
        raise ImportError("no native library")

    monkeypatch.setattr(_cfn_validate, "run", run)
    (unknown,) = checked(MODEL).unknown
    assert unknown.why == "no native library; none of its rules is decided"


def test_a_system_that_would_take_long_is_unknown_until_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aws_validator, "MOST_RESOURCES", 0)
    report = checked(MODEL)
    assert report.findings == []
    assert report.unknown[0].why.startswith(
        "2 resources, more than 0, take it long; `--engine cloudformation-validate`"
    )
    named = check(load("it.yaml"), DAY, ("cfn/*",), engines=Options(engines=("cloudformation-validate",)))
    assert [f.rule for f in named.findings] == ["cfn/F3002"]


def test_the_second_check_asks_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    first = told(checked(MODEL))
    monkeypatch.setattr(_cfn_validate, "run", None)
    assert told(checked(MODEL)) == first
    assert checked(MODEL.replace("30", "31")).unknown != []


@pytest.mark.parametrize("content", ["", "{", "null", '{"key": 1}', "[" * 100_000])
def test_what_a_broken_cache_holds_is_not_believed(content: str) -> None:
    first = told(checked(MODEL))
    for path in Path("kept").glob("*.json"):
        path.write_text(content)
    assert told(checked(MODEL)) == first


def test_a_cache_that_cannot_be_written_does_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("file").write_text("")
    monkeypatch.setenv("ARCHPROOF_CACHE", "file/below")
    assert told(checked(MODEL)) == ["it.yaml:6:7 high cfn/F3002 Jobs VisibilityTimout"]


@pytest.mark.parametrize("off", ["off", "0", ""])
def test_a_cache_can_be_switched_off(off: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARCHPROOF_CACHE", off)
    monkeypatch.setenv("XDG_CACHE_HOME", str(Path("xdg").absolute()))
    checked(MODEL)
    assert sorted(p.name for p in Path().iterdir()) == ["it.yaml"]


def test_drawing_asks_no_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aws_validator, "start", None)
    Path("it.yaml").write_text(MODEL, encoding="utf-8")
    assert main(["draw", "it.yaml", "--findings", "-o", "it.svg"]) == 0


def test_rules_of_archproof_alone_start_no_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aws_validator, "start", None)
    assert checked(MODEL, only=("sqs-*",)).engines == {}


GUARD = """\
let queues = Resources.*[ Type == 'AWS::SQS::Queue' ]
rule queues_encrypted when %queues !empty {
  %queues.Properties.KmsMasterKeyId exists <<a queue needs a key of ours>>
}
"""
CEL = {
    "rules": [
        {
            "rule_id": "HOUSE1", "severity": "WARN", "resource_type": "AWS::SQS::Queue", "message": "{name} waits long",
            "expression": "has(properties.DelaySeconds)", "prop_path": "Properties.DelaySeconds",
            "suggested_fix": "Remove the delay",
        }
    ]
}  # fmt: skip
REGO = """\
package house
import rego.v1
violation contains v if {
    some name in resources_of_type("AWS::SQS::Queue")
    v := make_diag_at("queue.named", "INFO", name, "Properties.QueueName", "queues have names of their own")
}
"""
QUEUE = (
    "Resources:\n  Jobs:\n    Type: AWS::SQS::Queue\n    Properties:\n      DelaySeconds: 5\n      QueueName: jobs\n"
)


def write_rules() -> None:
    Path("rules").mkdir()
    Path("rules/keys.guard").write_text(GUARD)
    Path("rules/delay.json").write_text(json.dumps(CEL))
    Path("rules/names.rego").write_text(REGO)


def test_guard_cel_and_rego_rules_of_the_users_are_told_at_the_line_of_the_source() -> None:
    write_rules()
    report = checked(QUEUE, only=("guard/*", "cel/*", "rego/*"), rules=("rules",))
    assert told(report) == [
        "it.yaml:2:3 high guard/queues_encrypted Jobs None",
        "it.yaml:5:7 medium cel/HOUSE1 Jobs DelaySeconds",
        "it.yaml:6:7 info rego/queue.named Jobs QueueName",
    ]
    assert [(f.message, f.remediation) for f in report.findings][:2] == [
        ("a queue needs a key of ours", "Do as the rule asks, or accept the finding with a reason."),
        ("Jobs waits long", "Remove the delay"),
    ]


def test_a_model_names_its_rules_in_its_own_folder() -> None:
    write_rules()
    model = "archproof: 1\nrules: [rules/keys.guard]\ncomponents:\n  jobs: {kind: sqs_queue}\n"
    assert told(checked(model, only=("guard/*",))) == ["it.yaml:4:3 high guard/queues_encrypted Jobs None"]


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("../other.guard", "it.yaml:2:9: '../other.guard' lies outside the folder of the model"),
        ("none.guard", "it.yaml:2:9: 'none.guard': no such file or folder"),
        ("notes.rules", "it.yaml:2:9: 'notes.rules' holds no rules of a kind that is known"),
        ("link.guard", "it.yaml:2:9: 'link.guard' lies outside the folder of the model"),
    ],
)
def test_a_model_names_no_rules_elsewhere(entry: str, message: str) -> None:
    Path("link.guard").symlink_to("/etc/hostname")
    Path("notes.rules").write_text("")
    with pytest.raises(InputError) as raised:
        checked(f"archproof: 1\nrules: [{entry}]\ncomponents: {{}}\n", only=())
    assert str(raised.value).startswith(message)


@pytest.mark.parametrize(
    ("name", "text", "place", "words"),
    [
        ("a.guard", GUARD + "rule x {\n  %queues ==\n}\n", "a.guard:6:13", "expecting either a property access"),
        ("a.rego", REGO.replace("some name", "sum name"), "a.rego:4:9", "expecting `}`"),
        ("a.rego", REGO.replace("violation", "deny"), "a.rego:1:1", "house"),
        ("a.cel", "{", "a.cel:1:2", "no JSON: "),
        ("a.cel", json.dumps(CEL).replace("has(p", "hass(p"), "a.cel:1:24", "unknown function 'hass'"),
        ("a.cel", json.dumps(CEL).replace("WARN", "BAD"), "a.cel:1:", "unknown variant `BAD`"),
        ("a.cel", json.dumps(CEL).replace("has(properties.DelaySeconds)", "1 + 1"), "a.cel:1:24", "boolean"),
    ],
)
def test_a_broken_rule_file_is_an_error_at_its_place(name: str, text: str, place: str, words: str) -> None:
    Path(name).write_text(text)
    with pytest.raises(InputError) as raised:
        checked(QUEUE, only=(), rules=(name,))
    (problem,) = raised.value.problems
    assert str(problem).startswith(place), problem
    assert words in problem.message
