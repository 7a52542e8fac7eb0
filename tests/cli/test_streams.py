"""Where results and messages go, and what happens when nobody, or nothing, can take them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

MODEL = "archproof: 1\nsystem: {name: shop, title: Straße}\ncomponents: {files: {kind: s3_bucket, title: Straße}}\n"


@pytest.fixture
def model(tmp_path: Path) -> Path:
    path = tmp_path / "architecture.yaml"
    path.write_text(MODEL, encoding="utf-8")
    return path


def shell(command: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    line = command.replace("archproof", f"{sys.executable} -m archproof")
    return subprocess.run(["bash", "-c", line], capture_output=True, env={**os.environ, **environment}, check=False)


needs_bash = pytest.mark.skipif(shutil.which("bash") is None, reason="needs a shell")


@needs_bash
@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-"])
def test_a_closed_stream_is_no_error(model: Path, closed: str) -> None:
    done = shell(f"archproof check {model} {closed}")
    assert (done.returncode, done.stderr) == (0, b"")


@needs_bash
def test_a_reader_that_has_enough_is_no_error(model: Path) -> None:
    done = shell(f"set -o pipefail; archproof schema | head -c 10; archproof explain {model} | head -n 1")
    assert (done.returncode, done.stderr) == (0, b"")


@needs_bash
@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
@pytest.mark.parametrize("command", ["check {}", "schema", "explain {}"])
def test_a_full_disk_is_told_as_one(model: Path, command: str) -> None:
    done = shell(f"archproof {command.format(model)} > /dev/full")
    assert done.returncode == 2
    assert done.stderr == b"archproof: cannot write the output: No space left on device\n"


@needs_bash
def test_a_stream_that_knows_fewer_characters_gets_them_escaped(model: Path) -> None:
    done = shell(f"archproof explain {model}", PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"Stra\\xdfe" in done.stdout


def test_a_folder_stands_for_the_model_in_it(model: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    run = [sys.executable, "-m", "archproof", "check"]
    assert subprocess.run([*run, str(tmp_path)], check=False, capture_output=True).returncode == 0
    done = subprocess.run([*run, str(empty)], check=False, capture_output=True, text=True)
    assert done.returncode == 2
    nothing = (
        f"archproof: {empty} holds no architecture.yaml, no files of Terraform and no output of AWS's command line"
    )
    assert done.stderr == f"{nothing}\n"
    (empty / "stack.yaml").write_text("Resources: {Q: {Type: AWS::SQS::Queue}}\n", encoding="utf-8")
    done = subprocess.run([*run, str(empty)], check=False, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (2, f"{nothing}; name a file of it: {empty / 'stack.yaml'}\n")


def test_the_ending_of_a_picture_may_be_in_capitals(model: Path, tmp_path: Path) -> None:
    picture = tmp_path / "a.SVG"
    run = [sys.executable, "-m", "archproof", "draw", str(model), "-o", str(picture)]
    assert subprocess.run(run, check=False, capture_output=True).returncode == 0
    assert picture.read_bytes().startswith(b"<svg")
