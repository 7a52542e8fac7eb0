"""Ctrl-C in the middle of a reading: what is there is kept, and a way to go on is said; no traceback."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

pytest.importorskip("boto3")

from tests.aws.doubles import ACCOUNT, Double, Question, Reply, double, vpcs


def _answers(q: Question) -> Reply | None:
    return (200, vpcs("vpc-1")) if q.operation == "DescribeVpcs" else None


@contextmanager
def _slow() -> Iterator[Double]:
    """AWS that answers nothing any more when it has told of the networks."""
    told, ended = threading.Event(), threading.Event()

    def answer(question: Question) -> Reply | None:
        if told.is_set():
            ended.wait(30)
        if question.operation == "DescribeVpcs":
            told.set()
        return _answers(question)

    with double(answer) as served:
        try:
            yield served
        finally:
            ended.set()


def _interrupted(aws: Double, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A command that is told to stop when AWS has answered something and much is under way."""
    command = [sys.executable, "-m", "archproof", *arguments, "--endpoint-url", aws.url]
    process = subprocess.Popen(
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=dict(os.environ)
    )
    until = time.monotonic() + 60
    while not aws.count("DescribeVpcs") and process.poll() is None:
        assert time.monotonic() < until
        time.sleep(0.05)
    time.sleep(1)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=15)
    return subprocess.CompletedProcess(command, process.returncode, out, err)


def test_a_snapshot_that_is_interrupted_keeps_what_is_there_and_says_how_to_go_on(tmp_path: Path) -> None:
    with _slow() as aws:
        done = _interrupted(aws, tmp_path, "import", "aws", "--region", "eu-west-1", "--snapshot", "live")
    assert "Traceback" not in done.stderr
    assert "live holds what was read so far; --resume goes on with it" in done.stderr
    assert done.returncode == 130
    assert "vpc-1" in (tmp_path / "live" / ACCOUNT / "eu-west-1" / "ec2.DescribeVpcs.json").read_text()
    with double(_answers) as aws:
        command = [sys.executable, "-m", "archproof", "import", "aws", "--region", "eu-west-1", "--attempts", "1"]
        command += ["--snapshot", "live", "--resume", "--endpoint-url", aws.url]
        again = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
        assert again.returncode == 0, again.stderr
        assert aws.count("DescribeVpcs") == 0 and len(aws.asked) > 10


def test_a_comparison_that_is_interrupted_says_so_and_nothing_else(tmp_path: Path) -> None:
    model = "archproof: 1\nsystem: {name: a, region: eu-west-1}\ncomponents:\n  net: {kind: vpc, cidr: 10.0.0.0/16}\n"
    (tmp_path / "architecture.yaml").write_text(model, encoding="utf-8")
    with _slow() as aws:
        done = _interrupted(aws, tmp_path, "drift")
    assert done.returncode == 130 and done.stdout == ""
    assert "Traceback" not in done.stderr and len(done.stderr.splitlines()) <= 2


def test_an_estate_that_is_interrupted_says_what_was_done(tmp_path: Path) -> None:
    said = f"estate: 1\naccounts:\n  - {{id: '{ACCOUNT}', regions: [eu-west-1, eu-west-3]}}\n"
    (tmp_path / "estate.yaml").write_text(said, encoding="utf-8")
    with _slow() as aws:
        done = _interrupted(aws, tmp_path, "estate", "-o", "results.json")
    assert done.returncode == 130
    assert "Traceback" not in done.stderr
    assert done.stderr.splitlines()[-2:] == [
        "0 of 2 account-regions were done; --resume does the others", "archproof: interrupted",
    ]  # fmt: skip
    assert json.loads((tmp_path / "results.json").read_text())["units"] == []
