"""Many units at once: on threads, and on the workers of dask's scheduler, of which one is killed midway."""

from __future__ import annotations

import contextlib
import datetime
import functools
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from archproof.errors import UsageError
from archproof.estate import executors, work
from archproof.estate.file import read
from archproof.estate.models import pack
from archproof.estate.results import Results
from archproof.estate.units import Outcome, Unit, units
from tests.estate import simulated

TODAY = datetime.date(2026, 11, 23)


def _task(file: Path) -> tuple[list[Unit], executors.Task]:
    estate = read(file)
    models = {name: pack(str(file.parent / model.file), model.env) for name, model in estate.models.items()}
    return units(estate, str(file.parent)), functools.partial(work.do, plan=work.Plan(models, TODAY))


def _results(outcomes: Iterator[Outcome]) -> Results:
    results = Results("Simulated", list(outcomes))
    results.sort()
    for outcome in results.outcomes:
        outcome.seconds = 0.0
    return results


def test_threads_do_every_unit_and_name_the_ones_that_fail(tmp_path: Path) -> None:
    todo, task = _task(simulated.make(tmp_path, 6, drifted=(2,), broken=(4,)))
    results = _results(executors.run("threads", todo, task, executors.Options(workers=4)))
    assert [o.key for o in results.outcomes] == [u.key for u in todo]
    assert [o.key for o in results.drifted] == [f"{simulated.account(2)}/{region}" for region in simulated.REGIONS]
    assert [(o.account, o.status) for o in results.failed] == [(simulated.account(4), "failed")] * 2
    [difference] = [d for d in results.drifted[0].differences if d["tier"] == "declared"]
    assert (difference["resource"], difference["property"], difference["expected"], difference["actual"]) == (
        "Jobs", "VisibilityTimeout", 60, 61,
    )  # fmt: skip
    assert difference["location"]["line"] == 4
    assert difference["location"]["file"].endswith("model.yaml")


def test_an_error_nobody_foresaw_is_the_outcome_of_its_unit_alone(tmp_path: Path) -> None:
    todo, _ = _task(simulated.make(tmp_path, 2))

    def task(unit: Unit) -> Outcome:
        if unit.region == "eu-west-1":
            raise ZeroDivisionError("of all things")
        return Outcome(unit.account, unit.region)

    results = _results(executors.run("threads", todo, task, executors.Options()))
    assert [o.status for o in results.outcomes] == ["ok", "failed", "ok", "failed"]
    assert results.failed[0].error == "ZeroDivisionError: of all things"


def test_a_scheduler_that_does_not_answer_is_an_error_of_the_call(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("distributed", reason="needs dask: pip install 'archproof[estate]'")
    from archproof.estate.executors import dask

    monkeypatch.setattr(dask, "_SECONDS", 1)
    todo, task = _task(simulated.make(tmp_path, 1))
    address = f"tcp://127.0.0.1:{_free_port()}"
    with pytest.raises(UsageError, match=f"no scheduler answers at {address}"):
        list(executors.run("dask", todo, task, executors.Options(scheduler=address)))


def test_two_hundred_units_survive_the_death_of_a_worker(tmp_path: Path) -> None:
    pytest.importorskip("distributed", reason="needs dask: pip install 'archproof[estate]'")
    todo, task = _task(simulated.make(tmp_path, 100, drifted=(3, 50), broken=(99,)))
    assert len(todo) == 200
    alone = _results(executors.run("threads", todo, task, executors.Options(workers=2)))
    with _cluster(tmp_path, workers=2) as (address, workers):
        outcomes = []
        for outcome in executors.run("dask", todo, task, executors.Options(scheduler=address)):
            outcomes.append(outcome)
            if len(outcomes) == 60:
                os.kill(workers[0].pid, signal.SIGKILL)
        assert workers[0].wait(10) == -signal.SIGKILL
        assert workers[1].poll() is None
    together = _results(iter(outcomes))
    assert [o.key for o in together.outcomes] == sorted(u.key for u in todo)
    assert together == alone
    assert len(together.drifted) == 4
    assert len(together.failed) == 2


@contextlib.contextmanager
def _cluster(folder: Path, workers: int) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """A scheduler and workers of dask, each a process of its own on loopback."""
    port = _free_port()
    address = f"tcp://127.0.0.1:{port}"
    scheduler = ["dask_scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard", "--no-jupyter"]
    worker = ["dask_worker", address, "--nthreads", "1", "--no-nanny", "--no-dashboard", "--host", "127.0.0.1"]
    worker += ["--local-directory", str(folder / "dask")]
    started = [_start(scheduler), *(_start(worker) for _ in range(workers))]
    try:
        _wait(address, workers)
        yield address, started[1:]
    finally:
        for process in reversed(started):
            process.kill()
            process.wait()


def _start(command: list[str]) -> subprocess.Popen[bytes]:
    module, *rest = command
    return subprocess.Popen(
        [sys.executable, "-m", f"distributed.cli.{module}", *rest],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def _wait(address: str, workers: int) -> None:
    from distributed import Client

    until = time.monotonic() + 60
    while time.monotonic() < until:
        with contextlib.suppress(OSError), Client(address, timeout=2, set_as_default=False) as client:
            client.wait_for_workers(workers, timeout=50)
            return
    raise RuntimeError("the cluster does not come up")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
