"""`archproof rules test`, and the rules of one's own in `rules list` and `rules show`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from archproof.cli.main import main

RULE = "- {id: key, severity: high, resource: AWS::SQS::Queue, path: KmsMasterKeyId, operator: exists, why: Because.}\n"
EXAMPLE = """\
- rule: key
  fails: |
    archproof: 1
    components:
      jobs: {kind: sqs_queue}
  at: [3, 3]
  severity: high
  message: "jobs: KmsMasterKeyId must exist"
  passes: |
    Resources:
      Jobs: {Type: AWS::SQS::Queue, Properties: {KmsMasterKeyId: alias/jobs}}
"""


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    status = main(["rules", *arguments])
    out, err = capsys.readouterr()
    return status, out, err


def files(folder: Path, example: str = EXAMPLE, name: str = "queues.examples.yaml") -> str:
    (folder / "queues.yaml").write_text(RULE, encoding="utf-8")
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text(example, encoding="utf-8")
    return str(folder)


@pytest.mark.parametrize(
    "name", ["queues.examples.yaml", "queues_test.yaml", "examples/queues.yaml", "tests/queues.yml"]
)
def test_examples_that_do_what_they_say_pass(tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    folder = files(tmp_path, name=name)
    file = tmp_path / "queues.yaml"
    assert run(capsys, "test", folder) == (
        0,
        f"ok    house/key  fails  ({file})\nok    house/key  passes  ({file})\n1 rule, 2 tested, 0 failed\n",
        "",
    )


@pytest.mark.parametrize(
    ("example", "why"),
    [
        (
            EXAMPLE.replace("at: [3, 3]", "at: 4"),
            "expected a finding (high) at 4 'jobs: KmsMasterKeyId must exist'; "
            "found (high) at 3:3 'jobs: KmsMasterKeyId must exist'",
        ),
        (EXAMPLE.replace("sqs_queue}", "sns_topic}"), "expected a finding; found none"),
        (
            EXAMPLE.replace("KmsMasterKeyId: alias/jobs", "QueueName: a"),
            "expected no finding; found (high) at 2:3 'Jobs: KmsMasterKeyId must exist'",
        ),
        (EXAMPLE.replace("sqs_queue}", "sqs}"), "the example is no sound input: line 3: unknown kind: the text 'sqs'"),
    ],
)
def test_an_example_that_does_not_fails_with_what_was_found(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], example: str, why: str
) -> None:
    status, out, _ = run(capsys, "test", files(tmp_path, example))
    assert status == 1
    assert f"      {why}" in out
    assert "1 rule, 2 tested, 1 failed\n" in out


def test_a_rule_without_examples_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "queues.yaml").write_text(RULE, encoding="utf-8")
    status, out, _ = run(capsys, "test", str(tmp_path), "--format", "json")
    assert status == 0
    (tested,) = json.loads(out)["tested"]
    assert tested["what"] == "no examples" and tested["rule"] == "house/key"


@pytest.mark.parametrize(
    ("example", "message"),
    [
        ("- {rule: kye, fails: a}\n", "queues.examples.yaml:1:3: error: {file} has no rule 'kye'; did you mean 'key'?"),
        ("- {rule: key}\n", "an example needs 'fails' or 'passes'"),
        ("- {rule: key, fails: a, pases: b}\n", "an example has no 'pases'; did you mean 'passes'?"),
        ("rule: key\n", "expected a list of examples"),
    ],
)
def test_wrong_examples_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], example: str, message: str
) -> None:
    status, _, err = run(capsys, "test", files(tmp_path, example))
    assert status == 2
    assert message.replace("{file}", str(tmp_path / "queues.yaml")) in err


def test_rules_of_ones_own_are_listed_and_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files(tmp_path)
    path = str(tmp_path / "queues.yaml")
    assert "house/key " in run(capsys, "list", "--rules", path)[1]
    assert "house/key " not in run(capsys, "list")[1]
    shown = run(capsys, "show", "house/key", "--rules", path)[1]
    assert shown.startswith("house/key (high)\nAWS::SQS::Queue: KmsMasterKeyId must exist\n\nWhy: Because.\n")


def test_a_folder_without_rules_is_a_wrong_call(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, _, err = run(capsys, "test", str(tmp_path))
    assert status == 2
    assert "holds no file of rules" in err
