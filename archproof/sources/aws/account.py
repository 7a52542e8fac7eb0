"""One or more accounts as they are: in memory for a comparison, or as a folder that every command takes."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from archproof.sources.aws.scope import Scope
from archproof.sources.live import Live, Unread

if TYPE_CHECKING:
    from archproof.resources.resource import Resources
    from archproof.sources.aws.jobs import Wants
    from archproof.sources.aws.scan import Progress, Scan
    from archproof.sources.responses._call import Answer, Call

Tell = Callable[["Progress"], None]
Choose = Callable[[Live], Iterable["Wants"]]


def read(scope: Scope, tell: Tell | None = None, choose: Choose | None = None) -> Live:
    """Read the accounts of a scope. What could not be read is in `Live.unread`; UsageError is for a wrong call.

    With `choose` the lists are read first, and then details only of what it wants: it is given what is known so far,
    and returns a function of a call, what it would ask, and what named the thing. It is called again until it wants no
    more. Of all else nothing says that its details were looked for.
    """
    return _read(scope, tell, choose)[0]


def read_bound(scope: Scope, tell: Tell | None = None) -> tuple[Live, Resources]:
    """Read the accounts of a scope once for both: what is live, and the same bound, as rules and pictures take it."""
    from archproof.sources import responses

    live, answers = _read(scope, tell)
    return live, responses.resources(answers)


def _read(scope: Scope, tell: Tell | None, choose: Choose | None = None) -> tuple[Live, list[Answer]]:
    from archproof.sources.responses._living import of_answers

    with _scan(scope, tell) as (scan, unread):
        if choose is not None:
            scan.choose = lambda answers: choose(of_answers(answers))
        answers = scan.run()
    live = of_answers(answers)
    live.unread = unread + live.unread
    live.calls = scan.progress.requests
    return live, answers


def snapshot(scope: Scope, folder: str | Path, *, resume: bool = False, tell: Tell | None = None) -> Progress:
    """Write the answers of the accounts of a scope to a folder; with `resume` only those that it lacks.

    Raises UsageError where the folder cannot be written or holds something else.
    """
    from archproof.sources.aws.store import Store

    scope.check()
    store = Store(folder, scope.with_values, resume)
    with _scan(scope, tell) as (scan, unread):
        scan.keeper = store
        store.not_signed_in(unread)
        answers = scan.run()
    scan.progress.unread = unread + [entry for answer in answers for entry in answer.unread]
    return scan.progress


def calls(scope: Scope) -> tuple[Call, ...]:
    """The calls that a scope takes, lists first."""
    from archproof.sources.aws.scan import wanted
    from archproof.sources.responses._call import calls_for

    return wanted(calls_for(scope.types), scope.details, scope.types)


@contextmanager
def _scan(scope: Scope, tell: Tell | None) -> Iterator[tuple[Scan, list[Unread]]]:
    """A scan that is ready to run, and what could not be signed in to."""
    from archproof.sources.aws import sessions
    from archproof.sources.aws.scan import Scan

    asked = calls(scope)
    found, unread = sessions.accounts(scope, [call.title for call in asked])
    collecting = gc.isenabled()
    gc.enable()  # clients and connections hold each other in circles, and there may be many accounts
    try:
        yield Scan(found, asked, scope.threads, scope.with_values, tell=tell), unread
    finally:
        for account in found:
            account.close()
        if not collecting:
            gc.disable()
