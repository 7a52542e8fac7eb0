"""How long `check` and `build` take, beside the peer in the same run.

usage: python benchmarks/check.py [--checkov PATH_TO_CHECKOV] [--runs N]

Prints wall and CPU seconds and peak memory of: a cold `check` of the reference system, `checkov --version`,
`build` of the reference system, and `check` of generated models of 1,000 and 10,000 components. A `check` is
measured with what AWS's validator said kept from a run before, with nothing kept, and without the validator.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from pathlib import Path

from generate import model
from measure import Cost, best

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checkov", default=shutil.which("checkov"), help="the checkov to compare with")
    parser.add_argument("--runs", type=int, default=5, help="runs of each command; the cheapest counts")
    options = parser.parse_args()
    archproof = str(Path(sys.executable).with_name("archproof"))
    reference = str(ROOT / "architecture.yaml")
    with tempfile.TemporaryDirectory() as folder:
        sizes = {}
        for size in (1_000, 10_000):
            path = Path(folder) / f"{size}.yaml"
            path.write_text("".join(model(size)), encoding="utf-8")
            sizes[size] = path
        os.environ["ARCHPROOF_CACHE"] = f"{folder}/kept"
        show("check, reference system", best([archproof, "check", reference], options.runs))
        show("  nothing kept", best([archproof, "check", reference, "--no-cache"], options.runs))
        show("  own rules alone", best([archproof, "check", reference, "--skip", "cfn/*"], options.runs))
        if options.checkov:
            show("checkov --version", best([options.checkov, "--version"], options.runs))
        else:
            print("checkov --version          not measured: no checkov on PATH (--checkov)")
        show("build, reference system", best([archproof, "build", reference, "-o", f"{folder}/build"], options.runs))
        for size, path in sizes.items():
            command = [archproof, "check", str(path), "--format", "json"]
            show(f"check, {size:,} components", best(command, min(options.runs, 3)))
            show("  nothing kept", best([*command, "--no-cache"], min(options.runs, 3)))
            show("  own rules alone", best([*command, "--skip", "cfn/*"], min(options.runs, 3)))


def show(what: str, cost: Cost) -> None:
    """Print one row."""
    figures = f"wall {cost.wall:6.2f} s   cpu {cost.cpu:6.2f} s   memory {cost.memory_mb:5.0f} MB"
    print(f"{what:<26} {figures}   exit {cost.status}")


if __name__ == "__main__":
    main()
