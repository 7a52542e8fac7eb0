"""Loops through what stands between a function and what it writes to; and what only looks like one."""

from __future__ import annotations

import datetime

import pytest

from archproof.model.architecture import loads
from archproof.validators.engine import check

HEAD = """archproof: 1
components:
  fn: {kind: lambda, runtime: python3.13}
  jobs: {kind: sqs_queue, visibility_s: 120, dead_letter: dead}
  dead: {kind: sqs_queue, retention_days: 14}
  news: {kind: sns_topic}
  files: {kind: s3_bucket, eventbridge: true}
"""


def found(text: str) -> list[str]:
    return [f.message for f in check(loads(HEAD + text), datetime.date(2026, 11, 22), ["lambda-loop"]).findings]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "links: [{from: news, to: jobs}, {from: jobs, to: fn}, {from: fn, to: news}]\n",
            "news triggers fn (through jobs), which may write to news again: a loop",
        ),
        (
            "links: [{from: files, to: jobs}, {from: jobs, to: fn}, {from: fn, to: files, verb: write}]\n",
            "files triggers fn (through jobs), which may write to files again: a loop",
        ),
        (
            "links: [{from: files, to: news}, {from: news, to: jobs}, {from: jobs, to: fn}, "
            "{from: fn, to: files, verb: write}]\n",
            "files triggers fn (through news and jobs), which may write to files again: a loop",
        ),
        (
            "  seen: {kind: event_rule, pattern: {source: [aws.s3], bucket: files}, to: jobs}\n"
            "links: [{from: jobs, to: fn}, {from: fn, to: files, verb: write}]\n",
            "files triggers fn (through jobs), which may write to files again: a loop",
        ),
        (
            "links: [{from: news, to: fn}, {from: fn, to: news}]\n",
            "news triggers fn, which may write to news again: a loop",
        ),
    ],
)
def test_a_loop_is_found_through_whatever_stands_between(text: str, message: str) -> None:
    assert found(text) == [message]


@pytest.mark.parametrize(
    "text",
    [
        "links: [{from: news, to: jobs}, {from: jobs, to: fn}, {from: fn, to: files, verb: write}]\n",
        "links: [{from: files, to: jobs}, {from: jobs, to: fn}, {from: fn, to: files, verb: read}]\n",
        # the queue takes what could not be delivered, and nothing else
        "  seen: {kind: event_rule, pattern: {source: [aws.s3], bucket: files}, to: news, dead_letter: jobs}\n"
        "links: [{from: jobs, to: fn}, {from: fn, to: files, verb: write}]\n",
    ],
)
def test_what_does_not_come_back_is_no_loop(text: str) -> None:
    assert found(text) == []
