"""The engine: what a report holds, what stays unknown, what waivers do, which modules are imported."""

from __future__ import annotations

import datetime
import json
import subprocess
import sys

import pytest

from archproof.errors import UsageError
from archproof.model.architecture import loads
from archproof.resources.resource import Resource, Resources
from archproof.validators.engine import check
from archproof.validators.findings import Report
from archproof.validators.formats import formats, render

TODAY = datetime.date(2026, 11, 22)
SLOW = """\
archproof: 1
components:
  fn: {kind: lambda, timeout_s: 1000}
"""
ACCEPTED = SLOW + "accepted:\n  - {rule: lambda-timeout-quota, component: fn, until: %s, reason: moving, by: ops}\n"


def of(report: Report, rule: str) -> list[str]:
    return [found.message for found in report.findings if found.rule == rule]


def test_a_finding_has_the_shape_of_the_contract() -> None:
    found = next(f for f in check(loads(SLOW), TODAY).as_dict()["findings"] if f["rule"] == "lambda-timeout-quota")
    assert found == {
        "rule": "lambda-timeout-quota",
        "severity": "high",
        "component": "fn",
        "resource": "Fn",
        "type": "AWS::Lambda::Function",
        "property": "Timeout",
        "message": "fn has a timeout of 1,000 s, above Lambda's maximum of 900 s",
        "remediation": "Set `timeout_s` to 900 or less, or move the work to a state machine or a container task.",
        "location": {"file": "architecture.yaml", "line": 3, "column": 22, "end_line": 3, "end_column": 37},
        "frameworks": {"well_architected": ["REL"]},
        "waived": None,
    }


def test_a_symbolic_value_is_unknown_and_never_passes_in_silence() -> None:
    resources = Resources()
    resources.add(Resource("Fn", "AWS::Lambda::Function", {"Timeout": {"Ref": "TimeoutParameter"}}))
    report = check(None, TODAY, ["lambda-timeout-quota"], resources=resources)
    assert report.findings == []
    assert [(u.what, u.why) for u in report.unknown] == [
        ("Timeout of Fn", "it is known only after deployment; not decided: lambda-timeout-quota")
    ]


def test_numbers_and_flags_that_a_template_quotes_are_read() -> None:
    resources = Resources()
    resources.add(Resource("Fn", "AWS::Lambda::Function", {"Timeout": "1000"}))
    resources.add(Resource("Db", "AWS::RDS::DBInstance", {"PubliclyAccessible": "true"}))
    report = check(None, TODAY, ["lambda-timeout-quota", "rds-public-flag"], resources=resources)
    assert [f.rule for f in report.findings] == ["lambda-timeout-quota", "rds-public-flag"]


def test_a_property_of_the_wrong_shape_is_unknown_and_not_a_crash() -> None:
    resources = Resources()
    resources.add(Resource("Fn", "AWS::Lambda::Function", {"Environment": {"Variables": {"a": {1, 2}}}, "Layers": 5}))
    resources.add(Resource("Group", "AWS::EC2::SecurityGroup", {"SecurityGroupIngress": "everything"}))
    resources.add(
        Resource("Site", "AWS::CloudFront::Distribution", {"DistributionConfig": {"Origins": [{"S3OriginConfig": 1}]}})
    )
    report = check(None, TODAY, resources=resources)
    assert any("does not have the shape" in u.why for u in report.unknown)


def test_a_waiver_marks_the_finding_until_its_last_day() -> None:
    report = check(loads(ACCEPTED % "2026-11-22"), TODAY)
    found = next(f for f in report.findings if f.rule == "lambda-timeout-quota")
    assert found.waived is not None
    assert found.waived.as_dict() == {"reason": "moving", "until": "2026-11-22", "by": "ops"}
    assert found not in report.open and report.summary["waived"] == 1


def test_a_waiver_that_has_ended_waives_nothing_and_is_a_finding() -> None:
    report = check(loads(ACCEPTED % "2026-11-21"), TODAY)
    assert next(f for f in report.findings if f.rule == "lambda-timeout-quota").waived is None
    assert of(report, "waiver-expired") == [
        "the waiver of lambda-timeout-quota on fn ended on 2026-11-21; the finding it accepted counts again"
    ]


def test_a_waiver_of_an_unknown_rule_names_the_nearest() -> None:
    text = (ACCEPTED % "2026-12-31").replace("timeout-quota,", "timeout-quotas,")
    assert of(check(loads(text), TODAY), "waiver-unused") == [
        "no rule is called 'lambda-timeout-quotas'; did you mean 'lambda-timeout-quota'?"
    ]


def test_a_waiver_with_a_wildcard_fits_every_rule_of_that_name() -> None:
    text = (ACCEPTED % "2026-12-31").replace("lambda-timeout-quota,", "lambda-*,")
    report = check(loads(text), TODAY)
    found = [f for f in report.findings if f.component == "fn"]
    assert [f.rule for f in found if f.rule.startswith("lambda-") and f.waived is None] == []
    assert "lambda-timeout-quota" in {f.rule for f in found if f.waived}
    assert [f.rule for f in found if f.waived and not f.rule.startswith("lambda-")] == []
    assert of(check(loads(text.replace("lambda-*", "lamda-*")), TODAY), "waiver-unused")[0].startswith(
        "no rule is called 'lamda-*'"
    )


def test_a_waiver_of_a_security_group_of_the_network_fits_its_rules() -> None:
    text = """\
archproof: 1
network:
  vpc: {cidr: 10.0.0.0/16, availability_zones: 2}
  subnets: {app: {cidr: 10.0.0.0/20, egress: nat}, public: {cidr: 10.0.16.0/20, egress: internet_gateway}}
  security_groups:
    admin: {ingress: [{port: 22, from: internet}]}
components:
  fn: {kind: lambda, in: {subnets: app, security_groups: [admin]}}
accepted:
  - {rule: sg-admin-port-open, component: admin, until: 2026-12-31, reason: a honeypot}
"""
    found = [f for f in check(loads(text), TODAY).findings if f.rule == "sg-admin-port-open"]
    assert found and all(f.waived for f in found)


def test_only_and_skip_take_wildcards_and_refuse_unknown_names() -> None:
    assert {f.rule for f in check(loads(SLOW), TODAY, ["lambda-timeout-*"]).findings} == {"lambda-timeout-quota"}
    assert of(check(loads(SLOW), TODAY, (), ["lambda-*"]), "lambda-timeout-quota") == []
    with pytest.raises(UsageError, match="no rule is called 'lambda-timeout'; did you mean 'lambda-timeout-quota'"):
        check(loads(SLOW), TODAY, ["lambda-timeout"])


def test_a_guarantee_is_never_said_to_hold_without_a_proof() -> None:
    text = SLOW + "  ghost: {type: AWS::Odd::Thing}\nguarantees:\n  - {never: {from: internet, to: ghost}}\n"
    report = check(loads(text), TODAY)
    assert [(g.text, g.verdict) for g in report.guarantees] == [("internet never reaches ghost", "unknown")]
    told = [u.why for u in report.unknown if u.what == "guarantee 'internet never reaches ghost'"]
    assert told == ["internet to ghost: ghost has no address in this network"]


def test_findings_come_in_the_order_of_the_file_and_twice_the_same() -> None:
    text = SLOW + "  second: {kind: lambda, memory_mb: 64, timeout_s: 901}\n"
    first, second = check(loads(text), TODAY), check(loads(text), TODAY)
    assert first.as_dict() == second.as_dict()
    places = [(f.location.line, f.location.column) for f in first.findings]
    assert places == sorted(places)


@pytest.mark.parametrize("format", formats())
def test_every_format_names_the_rule_and_the_place(format: str) -> None:
    text = render(check(loads(ACCEPTED % "2026-12-31" + "load: {}\n"), TODAY), format)
    assert (text.endswith("\n") and "lambda-timeout-quota" in text) or format == "github"
    if format in ("json", "sarif"):
        json.loads(text)
    if format == "junit":
        import xml.etree.ElementTree as xml

        xml.fromstring(text)


def test_the_text_shows_the_line_with_a_caret_where_asked() -> None:
    text = render(check(loads(SLOW), TODAY), "text", excerpts=True)
    assert "architecture.yaml:3:22 high lambda-timeout-quota fn has a timeout of 1,000 s" in text
    assert "     3 |   fn: {kind: lambda, timeout_s: 1000}\n       |                      ^^^^^^^^^^^^^^^\n" in text
    assert "\x1b" not in text
    assert "\x1b[31mhigh\x1b[0m" in render(check(loads(SLOW), TODAY), "text", colour=True)


def test_only_the_rules_of_types_that_occur_are_imported() -> None:
    code = (
        "import datetime, sys\n"
        "from archproof.model.architecture import loads\n"
        "from archproof.validators.engine import check\n"
        "check(loads('archproof: 1\\ncomponents:\\n  q: {kind: sqs_queue}\\n'), datetime.date(2026, 11, 22))\n"
        "print(*sorted(m for m in sys.modules if m.startswith('archproof.validators.rules.')))\n"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "archproof.validators.rules.sqs" in run.stdout
    assert "archproof.validators.rules.rds" not in run.stdout
    assert "archproof.validators.rules.edge" not in run.stdout
