"""What a source accepts itself: honoured for the resource that says it, shown with the line that says it."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from archproof.sources.reading import read
from archproof.validators.engine import check
from archproof.validators.findings import Finding
from archproof.validators.formats import render

TODAY = datetime.date(2026, 11, 22)


def waived(folder: Path, text: str, name: str = "t.yaml") -> dict[str, tuple[str, str | None]]:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    findings = check(None, TODAY, resources=read(path)).findings
    return {_key(f): (f.waived.reason, f.waived.by) for f in findings if f.waived and f.waived.until is None}


def _key(finding: Finding) -> str:
    return f"{finding.resource}:{finding.rule}"


BUCKETS = """\
Resources:
  A:
    Type: AWS::S3::Bucket
    Properties:
      # checkov:skip=CKV_AWS_18:nobody reads them
      BucketName: a
  # bridgecrew:skip=CKV_AWS_18
  B:
    Type: AWS::S3::Bucket
  C:
    Type: AWS::S3::Bucket
"""


def test_a_comment_counts_for_the_entry_around_or_below_it(tmp_path: Path) -> None:
    file = tmp_path / "t.yaml"
    assert waived(tmp_path, BUCKETS) == {
        "A:s3-access-logging-off": ("nobody reads them", f"checkov:skip at {file}:5"),
        "B:s3-access-logging-off": ("no reason is given", f"bridgecrew:skip at {file}:7"),
    }


def test_a_text_is_no_comment(tmp_path: Path) -> None:
    text = "Resources:\n  A:\n    Type: AWS::S3::Bucket\n    Properties: {BucketName: 'checkov:skip=CKV_AWS_18:x'}\n"
    assert waived(tmp_path, text) == {}


@pytest.mark.parametrize(
    ("metadata", "by"),
    [
        ("checkov: {skip: [{id: CKV_AWS_18, comment: fine}]}", "Metadata.checkov of A"),
        ("cfn_nag: {rules_to_suppress: [{id: s3-access-logging-off, reason: fine}]}", "Metadata.cfn_nag of A"),
    ],
)
def test_metadata_counts_for_its_resource(tmp_path: Path, metadata: str, by: str) -> None:
    text = f"Resources:\n  A:\n    Type: AWS::S3::Bucket\n    Metadata: {{{metadata}}}\n"
    assert waived(tmp_path, text) == {"A:s3-access-logging-off": ("fine", by)}


def test_metadata_of_any_shape_is_read_past(tmp_path: Path) -> None:
    for metadata in (
        "7",
        "[a]",
        "{checkov: 7}",
        "{checkov: {skip: x}}",
        "{checkov: {skip: [7, {id: 7}]}}",
        "{cfn-lint: {}}",
    ):
        text = f"Resources:\n  A:\n    Type: AWS::S3::Bucket\n    Metadata: {metadata}\n"
        assert waived(tmp_path, text) == {}


def test_one_check_of_several_does_not_accept_what_they_say_together(tmp_path: Path) -> None:
    entry = "Resources:\n  A:\n    # checkov:skip=%s:fine\n    Type: AWS::S3::Bucket\n"
    assert waived(tmp_path, entry % "CKV_AWS_53,CKV_AWS_54") == {}
    every = "CKV_AWS_53,CKV_AWS_54,CKV_AWS_55,CKV_AWS_56"
    assert list(waived(tmp_path, entry % every)) == ["A:s3-public-access-not-blocked"]


def test_what_is_accepted_for_good_says_no_day(tmp_path: Path) -> None:
    path = tmp_path / "t.yaml"
    path.write_text(BUCKETS, encoding="utf-8")
    report = check(None, TODAY, ("s3-access-logging-off",), resources=read(path))
    assert f"Accepted:\n  {path}:2:3 s3-access-logging-off: nobody reads them\n" in render(report, "text")
    found = report.as_dict()["findings"][0]
    assert found["waived"] == {"reason": "nobody reads them", "until": None, "by": f"checkov:skip at {path}:5"}
