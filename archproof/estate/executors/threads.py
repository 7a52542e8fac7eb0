"""Units on threads of this process: reading an account is waiting."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator, Sequence

from archproof.estate.executors import Options, Task, failed
from archproof.estate.units import Outcome, Unit

EXECUTOR = "threads"


def run(units: Sequence[Unit], task: Task, options: Options) -> Iterator[Outcome]:
    """Do all units on `options.workers` threads. Whoever stops listening need not wait for what is under way."""
    todo: queue.SimpleQueue[Unit] = queue.SimpleQueue()
    done: queue.SimpleQueue[Outcome] = queue.SimpleQueue()
    stopped = threading.Event()
    for unit in units:
        todo.put(unit)

    def work() -> None:
        while not stopped.is_set():
            try:
                unit = todo.get_nowait()
            except queue.Empty:
                return
            try:
                done.put(task(unit))
            except Exception as error:  # what nobody foresaw is the outcome of this unit alone
                done.put(failed(unit, f"{type(error).__name__}: {error}"))

    for number in range(min(options.workers, len(units))):
        threading.Thread(target=work, name=f"estate-{number}", daemon=True).start()
    try:
        for _ in units:
            yield done.get()
    finally:
        stopped.set()
