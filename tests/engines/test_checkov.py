"""checkov: findings at the property's line, in its own process, and nothing of what it drops passes in silence."""

from __future__ import annotations

import datetime
import json
import shutil
from pathlib import Path

import pytest
from checkov_fakes import failed, program, report, saying

from archproof.errors import InputError, UsageError
from archproof.sources.reading import read
from archproof.validators.engine import check
from archproof.validators.engines import _checkov_process as process
from archproof.validators.engines._checkov_template import path_of, write
from archproof.validators.engines.request import Options
from archproof.validators.findings import Report

TODAY = datetime.date(2026, 11, 22)
TEMPLATE = """\
Resources:
  Jobs:
    Type: AWS::SQS::Queue
    Properties:
      QueueName: jobs
      VisibilityTimeout: 30
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          - {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}
      Policies:
        - PolicyName: all
          PolicyDocument:
            Statement:
              - {Effect: Allow, Action: "s3:*", Resource: "*"}
"""
needs_checkov = pytest.mark.skipif(
    process.find(None) is None, reason="no checkov: neither in this environment nor on PATH nor in ARCHPROOF_CHECKOV"
)


@pytest.fixture(autouse=True)
def no_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARCHPROOF_CACHE", "off")


def run(folder: Path, text: str = TEMPLATE, *, rules: tuple[str, ...] = (), checkov: str | None = None) -> Report:
    path = folder / "template.yaml"
    path.write_text(text, encoding="utf-8")
    programs = {"checkov": checkov} if checkov else {}
    options = Options(("checkov",), rules, cache=False, always=False, programs=programs)
    return check(None, TODAY, resources=read(path), engines=options)


def of_checkov(found: Report) -> dict[str, tuple[str, str, int, str | None]]:
    return {
        f.rule.removeprefix("checkov/"): (f.severity, f.resource or "", f.location.line, f.property)
        for f in found.findings
        if f.rule.startswith("checkov/")
    }


@needs_checkov
def test_a_finding_stands_at_the_property_that_checkov_looked_at(tmp_path: Path) -> None:
    found = of_checkov(run(tmp_path))
    policy = "Policies.0.PolicyDocument.Statement.0.Action"
    assert found["CKV_AWS_111"] == ("low", "Role", 17, f"{policy}.0" if found["CKV_AWS_111"][3] != policy else policy)
    assert found["CKV_AWS_27"] == ("medium", "Jobs", 2, "KmsMasterKeyId")


@needs_checkov
def test_two_answers_to_one_question_are_the_same(tmp_path: Path) -> None:
    first, second = run(tmp_path).as_dict(), run(tmp_path).as_dict()
    assert json.dumps(first) == json.dumps(second)


@needs_checkov
def test_a_policy_that_checkov_cannot_analyse_is_unknown_and_not_passed(tmp_path: Path) -> None:
    text = TEMPLATE.replace('Action: "s3:*"', 'Action: "*:*:*"')
    unknown = [u for u in run(tmp_path, text).unknown if "checkov" in u.why]
    assert all(u.what == "Role" and "checkov cannot analyse its policy" in u.why for u in unknown)
    assert unknown


@needs_checkov
def test_a_word_in_a_text_suppresses_nothing(tmp_path: Path) -> None:
    text = TEMPLATE.replace("QueueName: jobs", 'QueueName: "checkov:skip=CKV_AWS_27"')
    assert "CKV_AWS_27" in of_checkov(run(tmp_path, text))


@needs_checkov
def test_what_makes_checkov_drop_a_whole_file_does_not_reach_it(tmp_path: Path) -> None:
    text = TEMPLATE.replace("VisibilityTimeout: 30", "VisibilityTimeout: null")
    found = run(tmp_path, text)
    assert "CKV_AWS_27" in of_checkov(found)
    assert not [u for u in found.unknown if u.what == "checkov"]


POLICY = """\
metadata:
  id: CKV2_TEAM_1
  name: Names of queues begin with the team's
  category: CONVENTION
  severity: HIGH
definition:
  and:
    - cond_type: filter
      attribute: resource_type
      value: [AWS::SQS::Queue]
      operator: within
    - cond_type: attribute
      resource_types: [AWS::SQS::Queue]
      attribute: QueueName
      operator: starting_with
      value: team-
"""


@needs_checkov
def test_a_policy_of_the_users_takes_part(tmp_path: Path) -> None:
    (tmp_path / "policy.yaml").write_text(POLICY, encoding="utf-8")
    path = tmp_path / "template.yaml"
    path.write_text(TEMPLATE, encoding="utf-8")
    options = Options((), (str(tmp_path / "policy.yaml"),), cache=False, always=False)
    found = of_checkov(check(None, TODAY, resources=read(path), engines=options))
    assert found == {"CKV2_TEAM_1": ("high", "Jobs", 5, "QueueName")}  # and no other check of checkov's


@pytest.mark.parametrize(
    ("wrong", "line", "message"),
    [
        (POLICY.replace("starting_with", "starts_with"), 15, "no operator 'starts_with'; did you mean 'starting"),
        (POLICY.replace("HIGH", "HUGE"), 5, "metadata.severity: expected one of info, low, medium, high"),
        (POLICY.replace("  id: CKV2_TEAM_1\n", ""), 1, "metadata.id: expected the policy's id, as text"),
        (POLICY.replace("cond_type: filter", "cond_type: fliter"), 8, "cond_type: expected one of attribute"),
    ],
)  # fmt: skip
def test_a_wrong_policy_is_refused_at_its_place(tmp_path: Path, wrong: str, line: int, message: str) -> None:
    (tmp_path / "policy.yaml").write_text(wrong, encoding="utf-8")
    with pytest.raises(InputError) as error:
        run(tmp_path, rules=(str(tmp_path / "policy.yaml"),))
    (problem,) = error.value.problems
    assert problem.location.line == line
    assert problem.message.startswith(message)


# -- what is not checkov as it should be


def why(found: Report) -> list[str]:
    return [f"{u.what}: {u.why}" for u in found.unknown if "checkov" in u.why or u.what == "checkov"]


def test_no_checkov_is_unknown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "find", lambda named: None)
    monkeypatch.setattr("archproof.validators.engines.checkov.find", lambda named: None)
    told = why(run(tmp_path))
    assert told == ["checkov: checkov is not installed (pip install 'archproof[checkov]', or --checkov-path)"]


def test_a_program_that_is_not_there_is_a_wrong_call(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"no checkov at '.*nowhere'"):
        run(tmp_path, checkov=str(tmp_path / "nowhere"))


def test_the_report_of_a_checkov_whose_python_is_not_known_is_read(tmp_path: Path) -> None:
    one = failed("CKV_AWS_27", "AWS::SQS::Queue.Jobs", "Properties/QueueName", name="Ensure that it is so")
    found = run(tmp_path, checkov=saying(tmp_path, report(one, resources=2)))
    assert of_checkov(found) == {"CKV_AWS_27": ("medium", "Jobs", 5, "QueueName")}
    assert why(found) == []


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (report(resources=1), "it read 1 of 2 resources; none of its checks is decided"),
        (report(resources=2, errors=["template.json"]), "it does not read the template (template.json)"),
        ({"version": 9}, "it failed: no report; none of its checks is decided"),
        (report({"check": "new"}, resources=2), "its report is not understood (KeyError)"),  # type: ignore[dict-item]
        (report(failed("CKV_AWS_27", "AWS::SQS::Queue.Other"), resources=2), "it names a resource that it was not"),
    ],
)  # fmt: skip
def test_what_a_checkov_drops_or_says_otherwise_is_unknown(tmp_path: Path, said: object, reason: str) -> None:
    found = run(tmp_path, checkov=saying(tmp_path, said))
    assert of_checkov(found) == {}
    (told,) = why(found)
    assert told.startswith(f"checkov: {reason}")


def test_a_crash_is_unknown_with_the_last_words(tmp_path: Path) -> None:
    told = why(run(tmp_path, checkov=program(tmp_path, "echo 'cannot go on' >&2; exit 2")))
    assert told == ["checkov: it ended with status 2: cannot go on; none of its checks is decided"]


def test_a_checkov_that_does_not_end_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "_BASE_SECONDS", 0.2)
    monkeypatch.setattr(process, "_SECONDS_A_RESOURCE", 0)
    told = why(run(tmp_path, checkov=program(tmp_path, "sleep 60")))
    assert told == ["checkov: it was stopped after 0 seconds; none of its checks is decided"]


def test_it_sees_no_credentials_and_no_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "not for others")
    monkeypatch.setenv("BC_API_KEY", "nor this")
    run(tmp_path, checkov=program(tmp_path, f"env > '{tmp_path / 'env'}'; pwd >> '{tmp_path / 'env'}'; exit 2"))
    seen = (tmp_path / "env").read_text(encoding="utf-8")
    assert "not for others" not in seen and "BC_API_KEY" not in seen
    home = next(line for line in seen.splitlines() if line.startswith("HOME="))
    assert "/archproof-" in home and not Path(home.removeprefix("HOME=")).exists()
    assert "HTTPS_PROXY=http://127.0.0.1:9" in seen


def test_the_python_of_a_script_is_found_by_its_first_line(tmp_path: Path) -> None:
    python = shutil.which("python3") or ""
    for first in (
        f"#!{python}\n",
        "#!/usr/bin/env python3\n",
        f"#!/bin/sh\n'''exec' \"{python}\" \"$0\" \"$@\"\n' '''\n",
    ):
        path = tmp_path / "checkov"
        path.write_text(f"{first}import sys\n", encoding="utf-8")
        assert process._python_of(str(path)) == python
    path.write_text("#!/bin/sh\nexit 0\n", encoding="utf-8")
    assert process._python_of(str(path)) is None


# -- the template and the places


def test_one_resource_that_checkov_could_not_read_does_not_hide_the_others(tmp_path: Path) -> None:
    (tmp_path / "t.json").write_text('{"Resources": {"A": {"Type": "AWS::SQS::Queue"}}}', encoding="utf-8")
    resources = read(tmp_path / "t.json")
    resources["A"].properties = [1]  # type: ignore[assignment]
    made = write(resources)
    assert made.resources == {}
    assert made.unknown[0].why == "its properties are no map, so checkov does not read it; not decided: checkov"


def test_nulls_are_left_out_and_suppressions_are_kept_away(tmp_path: Path) -> None:
    text = '{"Resources": {"A": {"Type": "AWS::SQS::Queue", "Metadata": {"checkov": {}}, "Properties": %s}}}'
    (tmp_path / "t.json").write_text(text % '{"Tags": ["checkov:skip=X"], "QueueName": "é"}', encoding="utf-8")
    made = write(read(tmp_path / "t.json")).text
    assert "checkov:skip" not in made and "Metadata" not in made
    entry = json.loads(made)["Resources"]["A"]
    assert entry == {"Type": "AWS::SQS::Queue", "Properties": {"Tags": ["checkov:skip=X"], "QueueName": "é"}}


@pytest.mark.parametrize(
    ("keys", "path"),
    [
        (["Properties/QueueName"], ("QueueName",)),
        (["Properties/Tags/[0]/Value/"], ("Tags", 0, "Value")),
        (["Properties/Tags/0/Value"], ("Tags", 0, "Value")),
        (["Properties/Missing/Deep", "Properties/Tags/[0]/Key"], ("Tags", 0, "Key")),
        (["Properties/Missing"], ("Missing",)),
        ([], ()),
    ],
)
def test_words_of_checkov_become_paths(tmp_path: Path, keys: list[str], path: tuple[str | int, ...]) -> None:
    text = "Resources:\n  A: {Type: AWS::SQS::Queue, Properties: {QueueName: q, Tags: [{Key: a, Value: b}]}}\n"
    (tmp_path / "t.yaml").write_text(text, encoding="utf-8")
    assert path_of(read(tmp_path / "t.yaml")["A"], keys) == path
