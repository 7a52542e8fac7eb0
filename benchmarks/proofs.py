"""What the proofs add to `check`: CPU time with them minus CPU time without, each run in a process of its own.

usage: python benchmarks/proofs.py [FILE] [--runs N]

Proofs are the guarantees and every module of rules that asks the network or the permissions (links, deliveries, flows,
data stores, what the internet reaches), with all that is imported and read for them. Runs with and without take turns,
what AWS's validator said is kept from a run before, and medians are printed with the lowest of each.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
from pathlib import Path

from measure import run

ROOT = Path(__file__).resolve().parent.parent
CHECK = """
import importlib.util, re, sys
from archproof.cli.main import main
from archproof.validators import engine, registry
found = registry.constants
asking = re.compile(r"archproof\\.(network|proofs)\\b|import (.*, )?ways\\b|validators\\.ways\\b")
def asks(module):
    with open(importlib.util.find_spec(module).origin, encoding="utf-8") as file:
        return asking.search(file.read())
left_out = {module for module in found(registry.PACKAGE, "TYPES") if asks(module)}
if sys.argv.pop(1) == "without":
    registry.constants = lambda *what: {name: types for name, types in found(*what).items() if name not in left_out}
    engine.judge = lambda *what: ([], [])
sys.exit(main(sys.argv[1:]))
"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", nargs="?", default=str(ROOT / "architecture.yaml"), help="the system to check")
    parser.add_argument("--runs", type=int, default=15, help="runs of each kind")
    options = parser.parse_args()
    command = ["check", options.file, "--format", "json", "--fail-on", "never"]
    figures: dict[str, list[float]] = {"with": [], "without": []}
    with tempfile.TemporaryDirectory() as folder:
        os.environ["ARCHPROOF_CACHE"] = folder
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        for number in range(options.runs + 1):
            for kind in figures:
                cost = run([sys.executable, "-c", CHECK, kind, *command])
                if cost.status:
                    sys.exit(f"check {options.file} ended with {cost.status}")
                if number:  # the first of each fills the caches
                    figures[kind].append(cost.cpu * 1000)
    for kind, found in figures.items():
        print(f"check {kind:<8} proofs   median {statistics.median(found):6.0f} ms   lowest {min(found):6.0f} ms CPU")
    median = statistics.median(figures["with"]) - statistics.median(figures["without"])
    lowest = min(figures["with"]) - min(figures["without"])
    print(f"proofs add               median {median:6.0f} ms   lowest {lowest:6.0f} ms CPU   (goal: 50 ms)")


if __name__ == "__main__":
    main()
