"""Units on threads of this process: reading an account is waiting."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed

from archproof.estate.executors import Options, Task, failed
from archproof.estate.units import Outcome, Unit

EXECUTOR = "threads"


def run(units: Sequence[Unit], task: Task, options: Options) -> Iterator[Outcome]:
    """Do all units on `options.workers` threads."""
    with ThreadPoolExecutor(max(1, min(options.workers, len(units) or 1)), "estate") as pool:
        futures = {pool.submit(task, unit): unit for unit in units}
        try:
            for future in as_completed(futures):
                error = future.exception()
                yield failed(futures[future], f"{type(error).__name__}: {error}") if error else future.result()
        finally:  # whoever stops listening wants no more of them
            for future in futures:
                future.cancel()
