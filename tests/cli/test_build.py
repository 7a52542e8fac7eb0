"""The main job: whole, and the same bytes wherever and however often it runs."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

MODEL = """\
archproof: 1
include: [parts/more.yaml]
components:
  people: {kind: person}
  jobs: {kind: sqs_queue, visibility_s: 10}
  fn: {kind: lambda, runtime: python3.13, timeout_s: 30}
links:
  - {from: jobs, to: fn}
guarantees:
  - {never: {from: internet, to: fn}}
"""


def build(file: str, folder: Path, output: Path, **environment: str) -> dict[str, bytes]:
    run = [sys.executable, "-m", "archproof", "build", file, "-o", str(output), "--today", "2026-11-22"]
    done = subprocess.run([*run, "--fail-on", "never"], cwd=folder, env={**os.environ, **environment}, check=False)
    assert done.returncode == 0
    return {str(p.relative_to(output)): p.read_bytes() for p in sorted(output.rglob("*")) if p.is_file()}


def test_a_build_has_the_same_bytes_from_every_folder(tmp_path: Path) -> None:
    home = tmp_path / "system"
    (home / "parts").mkdir(parents=True)
    (home / "architecture.yaml").write_text(MODEL, encoding="utf-8")
    parts = "components: {files: {kind: s3_bucket, versioned: false}}\n"
    (home / "parts" / "more.yaml").write_text(parts, encoding="utf-8")
    first = build("architecture.yaml", home, tmp_path / "one", PYTHONHASHSEED="1")
    second = build("system/architecture.yaml", tmp_path, tmp_path / "two", PYTHONHASHSEED="2", TZ="Asia/Tokyo")
    third = build(str(home / "architecture.yaml"), Path("/"), tmp_path / "three", LC_ALL="C")
    assert first == second == third
    assert b'"file": "parts/more.yaml"' in first["report/check.json"]
    assert not [name for name in first if name.rpartition("/")[2].startswith(".")]
