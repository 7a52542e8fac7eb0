"""What to do about a finding, told for a source that is no model."""

from __future__ import annotations

import datetime
from pathlib import Path

from archproof.sources.reading import load
from archproof.validators.engine import check

TEMPLATE = """\
Resources:
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  Db: {Type: AWS::RDS::DBInstance, Properties: {Engine: postgres, PubliclyAccessible: true}}
"""


def test_the_remedy_names_the_property_of_the_source_before_the_field_of_a_model(tmp_path: Path) -> None:
    path = tmp_path / "template.yaml"
    path.write_text(TEMPLATE, encoding="utf-8")
    architecture = load(path)
    report = check(architecture, datetime.date(2026, 11, 23))
    remedies = {found.rule: found.remediation for found in report.findings}
    assert remedies["rds-public-flag"] == (
        "`PubliclyAccessible` of AWS::RDS::DBInstance; in a model: set `public` to false (or leave it out)."
    )
    assert remedies["vpc-flow-logs-missing"] == "In a model: set `flow_logs: cloudwatch` (or `s3`) in `network.vpc`."
