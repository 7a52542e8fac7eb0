"""Least privilege: what goes, what is narrowed, and that the rest still proves everything."""

from __future__ import annotations

import datetime
import subprocess
from pathlib import Path

from archproof.model.edits import Edits
from archproof.validators.tightening import tighten

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
    found = tighten(MODEL, None, TODAY)
    assert [change.sentence for change in found.changes] == [
        "removed: the egress rule tcp 22 to 10.0.0.0/16 of fn_sg",
        "narrowed: the ingress rule tcp all from 10.0.0.0/16 of db_sg to {port: 5432, from: fn_sg}",
        "removed: the ingress rule tcp 3306 from fn_sg of db_sg",
        "narrowed: the statement sqs:*, s3:GetObject of fn_role to "
        '{allow: ["sqs:SendMessage", "sqs:GetQueueAttributes"], on: jobs}',
    ]
    (tmp_path / "model.yaml").write_text(MODEL)
    (tmp_path / "it.patch").write_text(found.patch("model.yaml"))
    subprocess.run(["git", "apply", "it.patch"], cwd=tmp_path, check=True)
    assert (tmp_path / "model.yaml").read_text() == found.after
    assert tighten(found.after, None, TODAY).changes == []


def test_what_is_needed_stays() -> None:
    text = MODEL.replace("        - {port: 22, to: 10.0.0.0/16}  # nobody knows why\n", "")
    text = text.replace("{port: all, from: 10.0.0.0/16}", "{port: 5432, from: fn_sg}")
    text = text.replace("        - {port: 3306, from: fn_sg}\n", "")
    text = text.replace('{allow: ["sqs:*", "s3:GetObject"], on: "*"}', '{allow: ["sqs:SendMessage"], on: jobs}')
    found = tighten(text, None, TODAY)
    assert (found.changes, found.patch("model.yaml")) == ([], "")


def test_an_entry_of_a_list_goes_with_its_line_and_its_comment() -> None:
    text = "a:\n  - {b: 1}  # one\n  # two is near\n  - c: 2\n    d: 3\n  # after\n  - e\nf: [1, 2, 3]\n"
    assert Edits(text).without(("a", 1)) == text.replace("  - c: 2\n    d: 3\n", "")
    assert Edits(text).without(("a", 0)) == text.replace("  - {b: 1}  # one\n", "")
    assert Edits(text).without(("f", 2)) == text.replace("[1, 2, 3]", "[1, 2]")
    assert Edits(text).without(("f", 0)) == text.replace("[1, 2, 3]", "[2, 3]")
    assert Edits(text).replaced(("a", 2), ["x", "y"]) == text.replace("  - e\n", "  - x\n  - y\n")
    assert Edits("a:\n  - b\nc: 1\n").without(("a", 0)) == "a: []\nc: 1\n"
    assert Edits("a: b\n").replaced(("a", 0), ["c", "d"]) == "a: [c, d]\n"
