"""What nobody saw is never called missing, gone or in sync: other regions, pages that go on, answers of no shape."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.drift.accounts import ACCOUNT, compare, queue, queues, write

MODEL = "components:\n  jobs: {kind: sqs_queue, physical_name: jobs, visibility_s: 30}\n"
DATABASE = (
    "components:\n  db: {type: 'AWS::RDS::DBInstance', properties: {DBInstanceIdentifier: main, Engine: mysql}}\n"
)


def test_a_queue_of_another_region_is_another_queue_and_its_list_says_nothing_here(tmp_path: Path) -> None:
    elsewhere = {"QueueUrls": [f"https://sqs.us-east-1.amazonaws.com/{ACCOUNT}/jobs"]}
    found = compare(MODEL, write(tmp_path / "live", queues=elsewhere))
    assert not found.bindings and not found.missing
    assert [d.drift.why for d in found.of("unread")] == ["not every AWS::SQS::Queue was listed"]


def test_a_list_of_two_regions_is_one_of_each(tmp_path: Path) -> None:
    both = {"QueueUrls": [*queues("stock")["QueueUrls"], f"https://sqs.us-east-1.amazonaws.com/{ACCOUNT}/jobs"]}
    found = compare(MODEL, write(tmp_path / "live", queues=both))
    assert [w.resource for w in found.missing] == ["Jobs"]


@pytest.mark.parametrize("token", ["Marker", "NextToken", "nextToken", "ContinuationToken"])
def test_a_page_that_goes_on_is_no_whole_list(tmp_path: Path, token: str) -> None:
    folder = write(tmp_path / "live", databases={"DBInstances": [], token: "more"}, queues=queues("jobs"))
    found = compare(DATABASE, folder)
    assert not found.missing and [d.tier for d in found.differences] == ["unread"]


@pytest.mark.parametrize("answer", ["jobs", None, 7, {"a": 1}, [1, None, {"a": 1}]])
def test_an_answer_of_another_shape_lists_nothing(tmp_path: Path, answer: Any) -> None:
    found = compare(MODEL, write(tmp_path / "live", queues={"QueueUrls": answer}, topics={"Topics": []}))
    assert not found.missing and not found.unmanaged
    assert [d.tier for d in found.differences] == ["unread"]


def test_a_file_that_breaks_off_beside_whole_ones_is_no_list(tmp_path: Path) -> None:
    (tmp_path / "live").mkdir()
    (tmp_path / "live" / "list-queues.json").write_text(json.dumps(queues("jobs"))[:-12])
    from archproof.errors import InputError

    with pytest.raises(InputError, match="list-queues"):
        compare(MODEL, write(tmp_path / "live", attributes=queue("stock")))


def test_what_is_unread_of_types_that_nothing_declares_leaves_nothing_open(tmp_path: Path) -> None:
    from archproof.sources.live import Unread

    found = compare(MODEL, write(tmp_path / "live", queues=[queues("jobs"), queue("jobs")]))
    found.unread = [Unread("denied", "denied", operation="rds:DescribeDBInstances", types=("AWS::RDS::DBInstance",))]
    found.unread.append(Unread("no reader for this response of AWS", "unsupported"))
    assert not found.uncertain
    found.unread.append(Unread("denied", "denied", operation="sqs:ListQueues", types=("AWS::SQS::Queue",)))
    assert found.uncertain
