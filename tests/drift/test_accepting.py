"""`archproof drift --accept`: the live value in the model, where the model says it, and nothing else changed."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archproof.cli.main import main
from archproof.model.edits import Edits, written
from archproof.model.yaml import parse
from tests.drift.accounts import HEAD, arn, group, queue, queues, write

MODEL = """\
defaults:
  sqs_queue: {delay_s: 3}
components:
  orders:  # placed orders
    kind: sqs_queue
    physical_name: orders
    visibility_s: 60  # as long as the function
    retention_days: 4
    dead_letter: {queue: dlq, max_receives: 5}

  dlq: {kind: sqs_queue, physical_name: orders-dlq}
  plain:
    type: AWS::SQS::Queue
    properties: {QueueName: plain, VisibilityTimeout: 45}
  web:
    type: AWS::EC2::SecurityGroup
    properties:
      GroupName: web
      GroupDescription: web
      VpcId: vpc-11111111
      SecurityGroupIngress:
        - {IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 10.0.0.0/8}  # the office
"""
SSH = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}
DEAD = f'{{"deadLetterTargetArn": "{arn("sqs", "orders-dlq")}", "maxReceiveCount": 5}}'

NAMED = "a resource, a component or a type, then ':' and a property"


def told(name: str, **attributes: str) -> dict[str, object]:
    return queue(name, **{"DelaySeconds": "3", "SqsManagedSseEnabled": "true", **attributes})


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "architecture.yaml").write_text(HEAD + MODEL, encoding="utf-8")
    return tmp_path


def live(folder: Path, orders: dict[str, str], plain: dict[str, str], ingress: list[object]) -> None:
    base = {"VisibilityTimeout": "60", "MessageRetentionPeriod": "345600", "RedrivePolicy": DEAD}
    write(
        folder / "live", list=queues("orders", "orders-dlq", "plain"), a=told("orders", **{**base, **orders}),
        b=told("orders-dlq"), c=queue("plain", **{"VisibilityTimeout": "45", **plain}),
        groups={"SecurityGroups": [group("sg-11111111", "web", ingress)]},
    )  # fmt: skip


def run(*arguments: str) -> int:
    return main(["drift", "--live", "live", "--today", "2026-11-23", *arguments])


def test_the_fixture_is_as_declared(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    live(shop, {}, {}, [SSH])
    assert run() == 0, capsys.readouterr().out
    assert run("--accept") == 0
    assert "# nothing to accept\n" in capsys.readouterr().out


def test_live_values_are_written_where_the_model_says_them(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    redrive = DEAD.replace("5}", "8}")
    live(
        shop, {"VisibilityTimeout": "30", "MessageRetentionPeriod": "1209600", "DelaySeconds": "9",
               "RedrivePolicy": redrive},
        {"VisibilityTimeout": "90"}, [SSH, {**SSH, "FromPort": 443, "ToPort": 443}],
    )  # fmt: skip
    before = (shop / "architecture.yaml").read_text(encoding="utf-8")
    assert run("--accept", "--dry-run") == 1
    printed = capsys.readouterr().out
    assert (shop / "architecture.yaml").read_text(encoding="utf-8") == before
    assert run("--accept") == 0
    out, err = capsys.readouterr()
    assert out == printed and err == "wrote architecture.yaml\n"
    rule = "{IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 10.0.0.0/8}"
    assert out[: out.index("---")] == (
        "# accepted: Orders DelaySeconds: orders.delay_s is 9\n"
        "# accepted: Orders VisibilityTimeout: orders.visibility_s is 30\n"
        "# accepted: Orders MessageRetentionPeriod: orders.retention_days is 14\n"
        "# accepted: Orders RedrivePolicy.maxReceiveCount: orders.dead_letter.max_receives is 8\n"
        "# accepted: Plain VisibilityTimeout: plain.properties.VisibilityTimeout is 90\n"
        f"# accepted: Web SecurityGroupIngress: web.properties.SecurityGroupIngress.1 is {rule}\n"
    )
    after = (shop / "architecture.yaml").read_text(encoding="utf-8")
    assert "    visibility_s: 30  # as long as the function\n    retention_days: 14\n" in after
    assert "    dead_letter: {queue: dlq, max_receives: 8}\n    delay_s: 9\n\n  dlq:" in after
    assert "  sqs_queue: {delay_s: 3}\n" in after  # what other queues have stays
    assert f"CidrIp: 10.0.0.0/8}}  # the office\n        - {rule}\n" in after
    assert run() == 0


def test_only_what_is_named_is_accepted(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    live(shop, {"VisibilityTimeout": "30"}, {"VisibilityTimeout": "90", "DelaySeconds": "7"}, [SSH])
    assert run("--accept", "--only", "plain:VisibilityTimeout") == 1
    assert "visibility_s: 60" in (shop / "architecture.yaml").read_text(encoding="utf-8")
    assert run("--accept", "--only", "plain:DelaySeconds") == 1  # what nothing declares, where it is named
    capsys.readouterr()
    text = (shop / "architecture.yaml").read_text(encoding="utf-8")
    assert "properties: {QueueName: plain, VisibilityTimeout: 90, DelaySeconds: 7}" in text
    assert run("--accept") == 0
    assert run("--fail-on", "undeclared") == 0


def test_what_cannot_be_accepted_is_told(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    live(shop, {}, {}, [SSH])
    (shop / "live" / "c.json").unlink()
    write(shop / "live", list=queues("orders", "orders-dlq"))
    assert run("--accept") == 1
    assert "# not accepted: Plain is missing; deploy it, or take it out of the model\n" in capsys.readouterr().out
    for call, said in (
        (["--dry-run"], "archproof: --dry-run is for --accept\n"),
        (["--only", "x"], "archproof: --only is for --accept\n"),
        (["--accept", "--only", ""], f"archproof: --only names {NAMED}; found ''\n"),
    ):  # fmt: skip
        assert run(*call) == 2
        assert capsys.readouterr().err == said
    main(["export", "architecture.yaml", "--to", "cloudformation", "-o", "t.yaml"])
    capsys.readouterr()
    assert main(["drift", "t.yaml", "--live", "live", "--accept"]) == 2
    said = "archproof: --accept wants a model: `archproof import` makes one of any source\n"
    assert capsys.readouterr().err == said


def test_no_secret_is_written_into_a_model(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = """components:
  fn:
    type: AWS::Lambda::Function
    properties: {FunctionName: fn, Role: r, Code: {}, Environment: {Variables: {DB_PASSWORD: one}}}
"""
    (shop / "architecture.yaml").write_text(HEAD + text, encoding="utf-8")
    (shop / "live.yaml").write_text(HEAD + text.replace("PASSWORD: one", "PASSWORD: hunter2"), encoding="utf-8")
    assert main(["drift", "--live", "live.yaml", "--accept"]) == 1
    out = capsys.readouterr().out
    assert out.startswith("# not accepted: Fn Environment") and "hunter2" not in out
    assert "hunter2" not in (shop / "architecture.yaml").read_text(encoding="utf-8")


def test_what_is_a_pair_of_differences_is_accepted_as_one(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = """components:
  fn: {kind: lambda, runtime: python3.13, timeout_s: 20, tags: {team: a}}
"""
    (shop / "architecture.yaml").write_text(HEAD.replace(", exact: true", "") + text, encoding="utf-8")
    other = text.replace("tags: {team: a}", "tags: {team: b}")
    (shop / "live.yaml").write_text(HEAD.replace(", exact: true", "") + other, encoding="utf-8")
    assert main(["drift", "--live", "live.yaml", "--accept"]) == 0
    assert "tags: {team: b}" in (shop / "architecture.yaml").read_text(encoding="utf-8")
    capsys.readouterr()


@pytest.mark.parametrize(
    ("before", "path", "after"),
    [
        ("a: 1  # why\nb: 2\n", ("a",), "a: X  # why\nb: 2\n"),
        ("a: {b: 1, c: 2}\n", ("a", "d"), "a: {b: 1, c: 2, d: X}\n"),
        ("a: {}\n", ("a", "d"), "a: {d: X}\n"),
        ("a:\nb: 2\n", ("a", "d"), "a: {d: X}\nb: 2\n"),
        ("a:\n  b: 1  # last\n\nc: 2\n", ("a", "d", "e"), "a:\n  b: 1  # last\n  d: {e: X}\n\nc: 2\n"),
        ("a:\n  b: |\n    text\nc: 2\n", ("a", "b"), "a:\n  b: X\nc: 2\n"),
        ("a:\n  b: |\n    text\nc: 2\n", ("a", "d"), "a:\n  b: |\n    text\n  d: X\nc: 2\n"),
        ("a:\n  b:\n    c: 1\nd: 2\n", ("a", "b"), "a:\n  b: X\nd: 2\n"),
        ("a: [1, 2]\n", ("a", 2), "a: [1, 2, X]\n"),
        ("a:\n  - 1\n  - 2  # two\n", ("a", 2), "a:\n  - 1\n  - 2  # two\n  - X\n"),
        ("a: {b: 1}", ("c",), "a: {b: 1}\nc: X"),
        ("a: {\n  b: 1,  # one\n  c: 2  # two\n}\n", ("a", "d"), "a: {\n  b: 1,  # one\n  c: 2, d: X  # two\n}\n"),
    ],
)
def test_a_value_is_put_into_a_text(before: str, path: tuple[str | int, ...], after: str) -> None:
    assert Edits(before).put(path, "X") == after


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**40), 2**40) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)


@given(_VALUES)
def test_what_is_written_is_read_again(value: object) -> None:
    text = f"a: [{written(value)}]\n"
    if any(ord(c) < 32 or 0x7F <= ord(c) < 0xA0 or c in "\u2028\u2029\ufeff\ufffe\uffff" for c in text[:-1]):
        return  # what a model's text may not hold
    assert parse(text, "a.yaml").value == {"a": [value]}


def test_files_that_are_included_and_environments_are_written(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    head = HEAD.replace(", exact: true}", ", environments: {prod: {set: {jobs.visibility_s: 90}}}}")
    (shop / "architecture.yaml").write_text(f"{head}include: parts/queues.yaml\n", encoding="utf-8")
    (shop / "parts").mkdir()
    queues_ = "components:\n  jobs: {kind: sqs_queue, visibility_s: 60, retention_days: 4}  # work\n"
    (shop / "parts" / "queues.yaml").write_text(queues_, encoding="utf-8")
    live = "components:\n  jobs: {kind: sqs_queue, visibility_s: 45, retention_days: 14}\n"
    (shop / "live.yaml").write_text(HEAD.replace(", exact: true", "") + live, encoding="utf-8")
    assert main(["drift", "--live", "live.yaml", "--accept", "--env", "prod"]) == 2
    assert "no environment" in capsys.readouterr().err  # of the live model
    main(["export", "live.yaml", "--to", "cloudformation", "-o", "live.json"])
    assert main(["drift", "--live", "live.json", "--accept", "--env", "prod"]) == 0
    out, err = capsys.readouterr()
    assert "system.environments" not in out.partition("---")[0].replace("environments.prod.set", "")
    assert "{set: {jobs.visibility_s: 45}}" in (shop / "architecture.yaml").read_text(encoding="utf-8")
    text = (shop / "parts" / "queues.yaml").read_text(encoding="utf-8")
    assert text == queues_.replace("retention_days: 4", "retention_days: 14")
    assert err.count("wrote ") == 3
