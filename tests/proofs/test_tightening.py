"""Least privilege: what goes, what is narrowed, and that the rest still proves everything."""

from __future__ import annotations

import datetime
import subprocess
from pathlib import Path

import pytest

from archproof.model.edits import Edits
from archproof.validators.tightening import Tightened, tighten, tighten_file

TODAY = datetime.date(2026, 11, 23)
MODEL = """\
archproof: 1
system: {name: shop, region: eu-west-1}
network:
  vpc: {cidr: 10.0.0.0/16, nat: none}
  subnets: {app: {cidr: 10.0.0.0/20}, data: {cidr: 10.0.16.0/20}}
  endpoints: [sqs]
  security_groups:
    fn_sg:
      egress:
        - {port: 5432, to: db_sg}
        - {port: 443, to: 10.0.0.0/16}
        - {port: 22, to: 10.0.0.0/16}  # nobody knows why
    db_sg:
      ingress:
        - {port: all, from: 10.0.0.0/16}
        - {port: 3306, from: fn_sg}
components:
  fn: {kind: lambda, timeout_s: 5, role: fn_role, in: {subnets: app, security_groups: fn_sg}}
  fn_role:
    kind: iam_role
    trust: lambda.amazonaws.com
    managed: [service-role/AWSLambdaVPCAccessExecutionRole]
    policies:
      own:
        - {allow: ["sqs:*", "s3:GetObject"], on: "*"}
        - {allow: "logs:PutLogEvents", on: "*"}
  jobs: {kind: sqs_queue, dead_letter: {queue: dlq}}
  dlq: {kind: sqs_queue}
  db: {kind: rds, engine: postgres, instance_class: db.m7g.large, in: {subnets: data, security_groups: db_sg}}
links:
  - {from: fn, to: db, verb: query}
  - {from: fn, to: jobs, verb: send}
guarantees:
  - {never: {from: internet, to: db}}
"""


def test_what_no_link_needs_goes_and_what_is_wide_is_narrowed(tmp_path: Path) -> None:
    found = tighten(MODEL, None, TODAY, "model.yaml")
    assert [change.sentence for change in found.changes] == [
        "removed: the egress rule tcp 22 to 10.0.0.0/16 of fn_sg",
        "narrowed: the ingress rule tcp all from 10.0.0.0/16 of db_sg to {port: 5432, from: fn_sg}",
        "removed: the ingress rule tcp 3306 from fn_sg of db_sg",
        "narrowed: the statement sqs:*, s3:GetObject of fn_role to "
        '{allow: ["sqs:SendMessage", "sqs:GetQueueAttributes"], on: jobs}',
    ]
    (tmp_path / "model.yaml").write_text(MODEL)
    (tmp_path / "it.patch").write_text(found.patch())
    subprocess.run(["git", "apply", "it.patch"], cwd=tmp_path, check=True)
    assert (tmp_path / "model.yaml").read_text() == found.after["model.yaml"]
    assert (found.links, found.guarantees) == (2, 1)
    assert tighten(found.after["model.yaml"], None, TODAY).changes == []


def test_what_is_needed_stays() -> None:
    text = MODEL.replace("        - {port: 22, to: 10.0.0.0/16}  # nobody knows why\n", "")
    text = text.replace("{port: all, from: 10.0.0.0/16}", "{port: 5432, from: fn_sg}")
    text = text.replace("        - {port: 3306, from: fn_sg}\n", "")
    text = text.replace('{allow: ["sqs:*", "s3:GetObject"], on: "*"}', '{allow: ["sqs:SendMessage"], on: jobs}')
    found = tighten(text, None, TODAY)
    assert (found.changes, found.patch()) == ([], "")


def test_an_entry_of_a_list_goes_with_its_line_and_its_comment() -> None:
    text = "a:\n  - {b: 1}  # one\n  # two is near\n  - c: 2\n    d: 3\n  # after\n  - e\nf: [1, 2, 3]\n"
    assert Edits(text).without(("a", 1)) == text.replace("  - c: 2\n    d: 3\n", "")
    assert Edits(text).without(("a", 0)) == text.replace("  - {b: 1}  # one\n", "")
    assert Edits(text).without(("f", 2)) == text.replace("[1, 2, 3]", "[1, 2]")
    assert Edits(text).without(("f", 0)) == text.replace("[1, 2, 3]", "[2, 3]")
    assert Edits(text).replaced(("a", 2), ["x", "y"]) == text.replace("  - e\n", "  - x\n  - y\n")
    assert Edits("a:\n  - b\nc: 1\n").without(("a", 0)) == "a: []\nc: 1\n"
    assert Edits("a: b\n").replaced(("a", 0), ["c", "d"]) == "a: [c, d]\n"


def test_keys_of_maps_go_and_entries_that_stand_alone_give_way() -> None:
    text = "a:\n  b:\n    c: 1\n    d: 2  # two\n  e: {f: 1, g: 2}\n"
    assert Edits(text).without(("a", "b", "d")) == text.replace("    d: 2  # two\n", "")
    assert Edits(text).without(("a", "e", "f")) == text.replace("{f: 1, g: 2}", "{g: 2}")
    assert Edits(text).without(("a", "e", "g")) == text.replace("{f: 1, g: 2}", "{f: 1}")
    assert Edits("a:\n  b: 1\nc: 2\n").without(("a", "b")) == "a: {}\nc: 2\n"
    assert Edits("a:\n  b: 1\n  c: 2\nd: 3\n").replaced(("a", 0), ["{b: 2}"]) == "a: [{b: 2}]\nd: 3\n"
    assert Edits("a: {b: 1}\n").replaced(("a", 0), ()) == "a: []\n"


ROLES = """\
archproof: 1
system: {name: shop, region: eu-west-1}
components:
  fn:
    kind: lambda
    runtime: python3.13
    timeout_s: 5
    role:
      policies:
        own:
          allow: ["sqs:*", "s3:GetObject"]
          on: "*"
        other: {allow: "dynamodb:GetItem", on: "*"}
  jobs: {kind: sqs_queue, dead_letter: {queue: dlq}}
  dlq: {kind: sqs_queue}
  task_role:
    type: AWS::IAM::Role
    properties:
      AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: "sts:AssumeRole"}]}
      Policies:
        - PolicyName: needed
          PolicyDocument:
            Version: "2012-10-17"
            Statement: [{Effect: Allow, Action: ["sqs:*", "s3:GetObject"], Resource: "*"}]
        - PolicyName: spare
          PolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, Action: "s3:PutObject", Resource: "*"}]}
  more:
    type: AWS::IAM::Policy
    properties:
      PolicyName: more
      Roles: [!Ref task_role]
      PolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, Action: "sns:*", Resource: "*"}]}
  fn2: {kind: lambda, runtime: python3.13, timeout_s: 5, role: task_role}
links:
  - {from: [fn, fn2], to: jobs, verb: send}
"""  # noqa: E501


def test_roles_within_components_and_statements_of_resources_are_tightened() -> None:
    found = tighten(ROLES, None, TODAY)
    narrow = '["sqs:SendMessage", "sqs:GetQueueAttributes"]'
    assert [change.sentence for change in found.changes] == [
        f"narrowed: the statement sqs:*, s3:GetObject of fn to {{allow: {narrow}, on: jobs}}",
        "removed: the statement dynamodb:GetItem of fn",
        "narrowed: the statement sqs:*, s3:GetObject of task_role to "
        f"{{Effect: Allow, Action: {narrow}, Resource: !GetAtt jobs.Arn}}",
        "removed: the statement s3:PutObject of task_role",
        "removed: the statement sns:* of more",
    ]
    left = found.after["architecture.yaml"]
    assert "        own: [{allow: " in left
    assert not [gone for gone in ("other", "spare", "PutObject", "more", "sns:") if gone in left]
    assert tighten(left, None, TODAY).changes == []


def included(folder: Path) -> Tightened:
    """A model whose groups and roles stand in files of their own."""
    head, _, rest = MODEL.partition("network:\n")
    network, _, parts = rest.partition("components:\n")
    components, _, links = parts.partition("links:\n")
    (folder / "parts").mkdir()
    (folder / "model.yaml").write_text(f"{head}include: [network.yaml, parts/app.yaml]\nlinks:\n{links}")
    (folder / "network.yaml").write_text(f"network:\n{network}")
    (folder / "parts" / "app.yaml").write_text(f"components:\n{components}")
    return tighten_file("model.yaml", None, TODAY)


def test_every_included_file_has_its_part_of_the_patch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = included(tmp_path)
    assert len(found.changes) == 4
    headers = [line for line in found.patch().splitlines() if line.startswith("+++")]
    assert headers == ["+++ b/network.yaml", "+++ b/parts/app.yaml"]
    (tmp_path / "it.patch").write_text(found.patch())
    subprocess.run(["git", "apply", "it.patch"], check=True)
    assert tighten_file("model.yaml", None, TODAY).changes == []


def test_without_links_nothing_says_what_is_needed() -> None:
    assert tighten(MODEL.partition("links:")[0], None, TODAY).changes == []
