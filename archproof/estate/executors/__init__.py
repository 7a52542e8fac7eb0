"""What does many units: one module an executor, named by the literal constant `EXECUTOR`.

Each has `run(units, task, options) -> iterator of outcomes`, in the order in which they end, and never raises for a
unit: what went wrong is an outcome with the status `failed`.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from archproof.discovery import constants
from archproof.estate.units import Outcome, Unit

PACKAGE = "archproof.estate.executors"
Task = Callable[[Unit], Outcome]
"""Does one unit. It travels to other processes, so it is a plain function or a `functools.partial` of one."""


class Options(NamedTuple):
    """How many units are done at once, and where."""

    workers: int = 16
    """Units at once, for threads."""
    scheduler: str | None = None
    """The address of dask's scheduler."""
    retries: int = 3
    """How often a unit is tried again after its worker was lost."""


def run(name: str, units: Sequence[Unit], task: Task, options: Options) -> Iterator[Outcome]:
    """Do all units by the executor of that name, and give each outcome as it ends."""
    modules = {executor: module for module, executor in constants(PACKAGE, "EXECUTOR").items()}
    outcomes: Iterator[Outcome] = importlib.import_module(modules[name]).run(units, task, options)
    return outcomes


def failed(unit: Unit, why: str) -> Outcome:
    """The outcome of a unit of which nothing came."""
    return Outcome(unit.account, unit.region, unit.name, unit.model, status="failed", error=why)
