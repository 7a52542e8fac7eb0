"""Running a command and saying what it cost: wall and CPU seconds, and the memory at its peak."""

from __future__ import annotations

import os
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Cost:
    """Wall seconds, CPU seconds (user and system) and the peak resident set in MB of one run."""

    wall: float
    cpu: float
    memory_mb: float
    status: int


def run(command: list[str], cwd: Path | None = None) -> Cost:
    """Run a command once, its output thrown away."""
    start = time.perf_counter()
    process = subprocess.Popen(command, cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    return Cost(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, process.returncode)


def best(command: list[str], runs: int, cwd: Path | None = None) -> Cost:
    """The cheapest of several runs, by wall time: what the machine can do when nothing else runs."""
    return min((run(command, cwd) for _ in range(runs)), key=lambda cost: cost.wall)
