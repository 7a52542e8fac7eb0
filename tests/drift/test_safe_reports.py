"""Reports that hold no secret and nothing that a terminal, a page or a build server would act on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from archproof.drift.formats import formats, render
from archproof.drift.masking import masked
from tests.drift.accounts import arn, compare, queue, queues, write

EVIL = 'x\x1b[31m\x9b2J\r\n::error::pwn\n## <script>alert(1)</script> ]]> "\x07'
FUNCTION = """components:
  fn:
    type: AWS::Lambda::Function
    properties:
      FunctionName: worker
      Role: arn:aws:iam::111122223333:role/w
      Code: {S3Bucket: b, S3Key: k}
      Environment: {Variables: {DB_PASSWORD: said-in-the-model, MODE: fast}}
  db:
    type: AWS::RDS::DBInstance
    properties: {DBInstanceIdentifier: main, MasterUserPassword: typed-in-the-model}
"""
TASK = """components:
  task:
    type: AWS::ECS::TaskDefinition
    properties:
      Family: t
      ContainerDefinitions: [{Name: c, Image: i, Environment: [{Name: API_KEY, Value: said-in-the-model}]}]
"""
WORKER = {
    "FunctionName": "worker", "FunctionArn": arn("lambda", "function:worker"), "Handler": "a.b",
    "Role": "arn:aws:iam::111122223333:role/w",
    "Environment": {"Variables": {"DB_PASSWORD": "held-in-aws", "MODE": "slow", "NEW_TOKEN": "held-in-aws"}},
}  # fmt: skip


@pytest.mark.parametrize("format", formats())
def test_no_report_holds_a_secret(tmp_path: Path, format: str) -> None:
    databases = {"DBInstances": [{"DBInstanceIdentifier": "main", "DBInstanceArn": arn("rds", "db:main")}]}
    found = compare(FUNCTION, write(tmp_path, functions={"Functions": [WORKER]}, databases=databases))
    text = render(found, format)
    assert len(found.of("declared")) >= 3
    assert not any(secret in text for secret in ("held-in-aws", "said-in-the-model", "typed-in-the-model"))
    assert "MODE" in text or format == "junit"


def test_variables_of_a_container_are_told_without_their_values(tmp_path: Path) -> None:
    container = {"name": "c", "image": "i", "environment": [{"name": "API_KEY", "value": "held-in-aws"}]}
    task = {"family": "t", "taskDefinitionArn": arn("ecs", "task-definition/t:1"), "containerDefinitions": [container]}
    found = compare(TASK, write(tmp_path, task={"taskDefinition": task}))
    text = json.dumps(found.as_dict())
    assert found.of("declared") and "held-in-aws" not in text and "said-in-the-model" not in text
    assert found.of("declared")[0].drift.actual == "held-in-aws"  # a program that asks has it
    assert masked(found).of("declared")[0].drift.actual == "(hidden)"


@pytest.mark.parametrize("format", formats())
def test_hostile_names_stay_text(tmp_path: Path, format: str) -> None:
    answers = {
        "jobs": [queues("jobs", EVIL, "x" * 100_000), queue("jobs", VisibilityTimeout="30", KmsMasterKeyId=EVIL)]
    }
    found = compare("components:\n  jobs: {kind: sqs_queue, physical_name: jobs}\n", write(tmp_path, **answers))
    found.notes.append(EVIL)
    found.ambiguous.append((EVIL, [EVIL], EVIL))
    text = render(found, format, title=EVIL, live=EVIL)
    assert "\x1b" not in text and "\x9b" not in text and "\x07" not in text
    assert not any(line.startswith("::error::pwn") for line in text.splitlines())
    assert format not in ("html", "junit") or "<script>alert" not in text
    if format == "text":
        assert len(text) < 10_000


def test_a_resource_that_was_read_in_part_does_not_count_as_declared(tmp_path: Path) -> None:
    found = compare(
        "components:\n  jobs: {kind: sqs_queue, physical_name: jobs, visibility_s: 30}\n",
        write(tmp_path, q=queues("jobs")),
    )
    assert "1 resource compared, 0 as declared, 1 as far as it was read" in render(found, "text")


def test_a_component_is_called_by_its_title(tmp_path: Path) -> None:
    model = "components:\n  jobs: {kind: sqs_queue, physical_name: jobs, title: Orders to ship, visibility_s: 60}\n"
    found = compare(model, write(tmp_path, q=[queues("jobs"), queue("jobs")]))
    assert render(found, "text").startswith("Orders to ship (jobs) · AWS::SQS::Queue · https://sqs.")
