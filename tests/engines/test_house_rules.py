"""Rules of one's own in YAML and Python: what they find and where, what they cannot know, what they may not do."""

from __future__ import annotations

import datetime
import sys
from pathlib import Path

import pytest

from archproof.errors import InputError
from archproof.model.architecture import load
from archproof.sources.reading import read
from archproof.validators.engine import check
from archproof.validators.engines.request import Options
from archproof.validators.findings import Report
from archproof.validators.house import packages
from archproof.validators.house.values import ABSENT, compare

TODAY = datetime.date(2026, 11, 22)
QUEUES = """\
archproof: 1
components:
  jobs: {kind: sqs_queue, visibility_s: 60}
  worker: {kind: lambda, memory_mb: 256}
  idle: {kind: lambda, memory_mb: 1024}
links:
  - {from: jobs, to: worker, verb: trigger}
"""


def model(
    folder: Path, rules: str, text: str = QUEUES, *, allow_code: bool = False, named: tuple[str, ...] = ()
) -> Report:
    path = folder / "architecture.yaml"
    path.write_text(text + rules, encoding="utf-8")
    options = Options(rules=named, cache=False, allow_code=allow_code)
    return check(load(path), TODAY, only=("house/*",), engines=options)


def template(folder: Path, rules: str, text: str) -> Report:
    (folder / "rules.yaml").write_text(rules, encoding="utf-8")
    (folder / "t.yaml").write_text(text, encoding="utf-8")
    options = Options(rules=(str(folder / "rules.yaml"),), cache=False)
    return check(None, TODAY, only=("house/*",), resources=read(folder / "t.yaml"), engines=options)


def said(report: Report) -> list[tuple[str, str, int, int, str]]:
    return [(f.rule, f.severity, f.location.line, f.location.column, f.message) for f in report.findings]


def test_a_rule_in_the_model_finds_what_breaks_it(tmp_path: Path) -> None:
    rules = """\
rules:
  - id: memory
    severity: high
    resource: AWS::Lambda::Function
    path: MemorySize
    operator: at_least
    value: 512
"""
    found = model(tmp_path, rules)
    assert said(found) == [("house/memory", "high", 4, 26, "worker: MemorySize must be at least 512")]
    assert found.findings[0].property == "MemorySize"


def test_a_message_names_what_it_is_about(tmp_path: Path) -> None:
    rules = """\
rules:
  - id: memory
    resource: AWS::Lambda::F*
    path: MemorySize
    operator: at_least
    value: 512
    message: "{name} ({type}) has {value} MB in {path}, not {512}"
"""
    (found,) = said(model(tmp_path, rules))
    assert found[4] == "worker (AWS::Lambda::Function) has 256 MB in MemorySize, not {512}"


def test_a_connection_may_lead_through_another_resource(tmp_path: Path) -> None:
    rule = "rules:\n  - {id: fed, resource: AWS::Lambda::Function, connected: AWS::SQS::Queue%s}\n"
    through = ", through: AWS::Lambda::EventSourceMapping"
    assert [f[4] for f in said(model(tmp_path, rule % through))] == [
        "idle: a connected AWS::SQS::Queue must exist",
    ]
    assert len(said(model(tmp_path, rule % ""))) == 2


def test_a_filter_leaves_out_what_it_does_not_fit(tmp_path: Path) -> None:
    rules = """\
rules:
  - id: memory
    resource: AWS::Lambda::Function
    where: {not: {path: MemorySize, operator: equals, value: 256}}
    path: MemorySize
    operator: at_most
    value: 100
"""
    assert [f[4] for f in said(model(tmp_path, rules))] == ["idle: MemorySize must be at most 100"]


def test_a_waiver_takes_a_rule_by_its_id(tmp_path: Path) -> None:
    rules = """\
rules:
  - {id: memory, resource: AWS::Lambda::Function, path: MemorySize, operator: at_least, value: 512}
accepted:
  - {rule: house/memory, component: worker, reason: it is small, until: 2027-01-01}
"""
    report = model(tmp_path, rules)
    assert report.open == []
    assert report.findings[0].waived is not None


SYMBOLIC = """\
Parameters: {Key: {Type: String}}
Resources:
  A: {Type: AWS::SQS::Queue, Properties: {KmsMasterKeyId: !Ref Key}}
  B: {Type: AWS::SQS::Queue}
"""


def test_what_is_known_only_after_deployment_is_unknown(tmp_path: Path) -> None:
    rules = "- {id: key, resource: AWS::SQS::Queue, path: KmsMasterKeyId, operator: starts_with, value: alias/}\n"
    report = template(tmp_path, rules, SYMBOLIC)
    assert said(report) == [("house/key", "medium", 4, 3, "B: KmsMasterKeyId must begin with alias/")]
    assert [(u.what, u.why) for u in report.unknown if "house" in u.why] == [
        ("KmsMasterKeyId of A", "it is known only after deployment; not decided: house/key")
    ]


def test_or_is_decided_by_what_is_known(tmp_path: Path) -> None:
    rules = """\
- id: key
  resource: AWS::SQS::Queue
  or:
    - {path: KmsMasterKeyId, operator: equals, value: x}
    - {path: KmsMasterKeyId, operator: exists}
"""
    report = template(tmp_path, rules, SYMBOLIC)
    assert [f[2] for f in said(report)] == [4]
    assert not [u for u in report.unknown if "house" in u.why]


GROUP = """\
Resources:
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: g
      SecurityGroupIngress:
        - {IpProtocol: tcp, CidrIp: 10.1.0.0/16}
        - {IpProtocol: tcp, CidrIp: 192.168.0.0/16}
"""


def test_every_entry_of_a_list_is_looked_at(tmp_path: Path) -> None:
    rule = "- {id: cidr, resource: AWS::EC2::SecurityGroup, path: 'SecurityGroupIngress[*].CidrIp', %s}\n"
    every = template(tmp_path, rule % "operator: within, value: 10.0.0.0/8", GROUP)
    assert said(every) == [
        ("house/cidr", "medium", 8, 29, "Group: SecurityGroupIngress.*.CidrIp must lie within 10.0.0.0/8")
    ]
    any_of = template(tmp_path, rule % "operator: within, value: 10.0.0.0/8, match: any", GROUP)
    assert said(any_of) == []


@pytest.mark.parametrize(
    ("found", "operator", "wanted", "verdict"),
    [
        ("true", "equals", True, True), (5, "equals", "5", True), (5, "not_equals", 5, False),
        (ABSENT, "equals", "x", False), (ABSENT, "not_equals", "x", True), (ABSENT, "absent", None, True),
        ({"Ref": "P"}, "equals", "x", None), ({"Ref": "P"}, "not_equals", "x", None),
        ({"Ref": "P"}, "exists", None, True),
        ({"Fn::If": ["c", 1, 2]}, "exists", None, None), (["a", {"Ref": "P"}], "contains", "a", True),
        (["a", {"Ref": "P"}], "contains", "b", None), (["a"], "not_contains", "b", True),
        ("abc", "contains", "b", True),
        ("b", "one_of", ["a", "b"], True), ("c", "none_of", ["a", "b"], True), ("7", "at_least", 7, True),
        ("x", "at_most", 7, False), ({"Ref": "P"}, "at_least", 7, None),
    ],
)  # fmt: skip
def test_comparisons_are_true_false_or_not_known(
    found: object, operator: str, wanted: object, verdict: bool | None
) -> None:
    assert compare(found, operator, wanted) is verdict


@pytest.mark.parametrize(
    ("rule", "place", "message"),
    [
        ("{id: a, resource: AWS::SQS::Queue, path: X, operator: exits}", (2, 59), "operator: expected one of exists"),
        ("{id: a, resource: AWS::SQS::Queue, path: X}", (2, 5), "'operator' is missing"),
        ("{id: a, path: X, operator: exists}", (2, 5), "the rule needs 'resource': a type such as AWS::SQS::Queue"),
        ("{id: a, resource: AWS::SQS::Queue}", (2, 5), "expected one of path, and, or, not, connected; found none"),
        ("{id: a, resource: AWS::SQS::Queue, path: X, operator: exists, vlue: X}", (2, 67), "a rule has no 'vlue'"),
        ("{id: a, resource: AWS::SQS::Queue, path: X, operator: at_least, value: y}", (2, 76), "value: expected"),
        ("{id: a, resource: AWS::SQS::Queue, path: X, operator: within, value: [10.0.0.0/99]}", (2, 74), "value: "),
        ("{id: a, resource: AWS::SQS::Queue, path: X, operator: matches, value: '('}", (2, 75), "value: not a reg"),
        ("{id: a, resource: AWS::SQS::Queue, path: X, operator: matches, value: '(a+)+$'}", (2, 75), "value: a rep"),
        ("{id: a, resource: AWS::SQS::Queue, path: X, operator: exists, severity: hgh}", (2, 77), "severity: exp"),
        ("7", (2, 5), "expected a rule, or a file of rules"),
    ],
)  # fmt: skip
def test_a_wrong_rule_is_refused_at_its_place(tmp_path: Path, rule: str, place: tuple[int, int], message: str) -> None:
    (tmp_path / "architecture.yaml").write_text(f"rules:\n  - {rule}\narchproof: 1\n", encoding="utf-8")
    with pytest.raises(InputError) as error:
        check(load(tmp_path / "architecture.yaml"), TODAY, engines=Options())
    (problem,) = error.value.problems
    assert (problem.location.line, problem.location.column) == place
    assert problem.message.startswith(message)


CODE = """\
from archproof.validators.rule import Hit, rule


@rule("named", "low", "AWS::SQS::Queue", title="Queues have names", why="So.", fix="Name it.", wa="OPS01")
def named(resource, context):
    if not resource.has("QueueName"):
        yield Hit(f"{resource.title} has no name")
"""


def test_python_that_only_the_model_names_does_not_run(tmp_path: Path) -> None:
    (tmp_path / "house.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')\n" + CODE, encoding="utf-8")
    with pytest.raises(
        InputError, match="a model alone may not run code: pass --allow-code, or name the file yourself"
    ):
        model(tmp_path, "rules: [house.py]\n")
    assert not (tmp_path / "ran").exists()
    assert [f[4] for f in said(model(tmp_path, "rules: [house.py]\n", allow_code=True))] == ["jobs has no name"]
    assert (tmp_path / "ran").exists()


def test_python_that_the_user_names_runs(tmp_path: Path) -> None:
    (tmp_path / "house.py").write_text(CODE, encoding="utf-8")
    found = said(model(tmp_path, "", named=(str(tmp_path / "house.py"),)))
    assert found == [("house/named", "low", 3, 3, "jobs has no name")]


@pytest.mark.parametrize(
    ("code", "line", "message"),
    [
        ("def (:\n", 1, "not Python: invalid syntax"),
        ("\nraise ValueError('no')\n", 2, "the file does not run: ValueError: no"),
    ],
)
def test_python_that_does_not_run_is_refused(tmp_path: Path, code: str, line: int, message: str) -> None:
    (tmp_path / "house.py").write_text(code, encoding="utf-8")
    with pytest.raises(InputError) as error:
        model(tmp_path, "", named=(str(tmp_path / "house.py"),))
    assert [(p.location.line, p.message) for p in error.value.problems] == [(line, message)]


def test_a_rule_that_fails_is_unknown_where_it_failed(tmp_path: Path) -> None:
    (tmp_path / "house.py").write_text(CODE.replace("not resource.has", "resource.hass"), encoding="utf-8")
    report = model(tmp_path, "", named=(str(tmp_path / "house.py"),))
    (told,) = [u for u in report.unknown if "house" in u.why]
    assert told.what == "jobs"
    assert told.why.startswith("the rule fails: AttributeError")


def test_a_package_offers_rules_by_its_entry_point(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    about = tmp_path / "acme_rules-1.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: acme-rules\nVersion: 1\n", encoding="utf-8")
    (about / "entry_points.txt").write_text("[archproof.rules]\nacme = acme_rules\n", encoding="utf-8")
    (tmp_path / "acme_rules.py").write_text(CODE, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    packages.offer.cache_clear()
    try:
        assert [f[0] for f in said(model(tmp_path, ""))] == ["house/named"]
    finally:
        packages.offer.cache_clear()
        sys.modules.pop("acme_rules", None)


def test_two_rules_of_one_id_are_refused(tmp_path: Path) -> None:
    (tmp_path / "house.py").write_text(CODE, encoding="utf-8")
    rules = "rules:\n  - {id: named, resource: AWS::SQS::Queue, path: QueueName, operator: exists}\n"
    with pytest.raises(InputError, match="two rules are called house/named"):
        model(tmp_path, rules, named=(str(tmp_path / "house.py"),))
