"""Units on a scheduler of dask: a worker that is lost takes nothing with it, what it had is done again elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from archproof.errors import UsageError
from archproof.estate.executors import Options, Task, failed
from archproof.estate.units import Outcome, Unit

EXECUTOR = "dask"
_SECONDS = 30
"""So long the scheduler has to answer at the start."""


def run(units: Sequence[Unit], task: Task, options: Options) -> Iterator[Outcome]:
    """Do all units on the workers of the scheduler. Raises UsageError where it does not answer."""
    try:
        from distributed import Client, as_completed
    except ImportError:
        raise UsageError("--scheduler needs dask: pip install 'archproof[estate]'") from None
    try:
        client = Client(options.scheduler, timeout=_SECONDS, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError, TimeoutError) as why:
        raise UsageError(f"no scheduler answers at {options.scheduler}: {why}") from None
    with client, client.as_current():
        # impure: two runs of a day must not share what they read
        futures = {client.submit(task, u, pure=False, retries=options.retries, key=_key(u)): u for u in units}
        for future in as_completed(list(futures)):  # type: ignore[no-untyped-call]
            unit = futures.pop(future)
            error = future.exception()
            yield failed(unit, f"{type(error).__name__}: {error}") if error is not None else future.result()
            future.release()


def _key(unit: Unit) -> str:
    import uuid

    return f"{unit.key}-{uuid.uuid4().hex}"
