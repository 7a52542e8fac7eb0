"""A scan: every call of a scope, lists first, on a bounded number of threads; details as soon as they are named.

One thread decides (which questions there are, what is finished), the others only ask. Answers are in the order of
their files in a snapshot, whichever came first.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Protocol

from archproof.sources.aws import asking
from archproof.sources.aws.asking import Reply
from archproof.sources.aws.faults import Fault, fault
from archproof.sources.aws.jobs import Job, Wants, parameters, things
from archproof.sources.aws.secrets import Cleaner
from archproof.sources.aws.sessions import Account
from archproof.sources.aws.standing import Standing
from archproof.sources.live import Unread
from archproof.sources.responses._call import Answer, Call, parents

_STACK = 2 << 20
Choose = Callable[[list[Answer]], Iterable[Wants]]


class Keeper(Protocol):
    """What keeps the answers of a scan, and may know some already."""

    def known(self, job: Job) -> dict[int, Answer]:
        """The whole answers that are there already, by the number of the question."""

    def keep(self, job: Job) -> None:
        """Keep the answers of a job that is finished."""


@dataclass(slots=True)
class Progress:
    """How far a scan is."""

    accounts: int = 0
    questions: int = 0
    answered: int = 0
    requests: int = 0
    faults: int = 0
    unread: list[Unread] = field(default_factory=list)
    """What could not be read, at the end."""


@dataclass(slots=True)
class Scan:
    """One scan of some accounts."""

    accounts: list[Account]
    calls: tuple[Call, ...]
    threads: int
    with_values: bool = False
    keeper: Keeper | None = None
    tell: Callable[[Progress], None] | None = None
    choose: Choose | None = None
    """Told what was answered so far, it says of which things more is wanted, the next only if the first wants nothing;
    None for all of all."""
    progress: Progress = field(default_factory=Progress)
    _asked: queue.SimpleQueue[tuple[Job, int] | None] = field(default_factory=queue.SimpleQueue)
    _answered: queue.SimpleQueue[tuple[Job, int, Reply]] = field(default_factory=queue.SimpleQueue)
    _jobs: dict[tuple[str, str | None, Call], Job] = field(default_factory=dict)
    _open: dict[tuple[str, Call], int] = field(default_factory=dict)
    """How many jobs of a call are unfinished in an account."""
    _begun: set[tuple[str, Call]] = field(default_factory=set)
    _waiting: list[tuple[Account, Call]] = field(default_factory=list)
    _standing: dict[str, Standing] = field(default_factory=dict)
    _cleaners: dict[str, Cleaner] = field(default_factory=dict)
    _parents: dict[Call, list[Call]] = field(default_factory=dict)
    _seen: dict[tuple[str, Call], set[str]] = field(default_factory=dict)
    """The questions about things that were asked, by account and call."""

    def run(self) -> list[Answer]:
        """Ask everything. What was finished is kept even when this is interrupted."""
        self.progress.accounts = len(self.accounts)
        every = list(self.calls)
        self._parents = {call: parents(call, every) for call in every}
        workers = self._start()
        try:
            for account in self.accounts:
                self._standing[account.number] = Standing()
                self._cleaners[account.number] = Cleaner(account.number, self.with_values)
                self._begin(account)
            self._take_all()
            while self.choose is not None and any(self._more(wants) for wants in self.choose(self._done())):
                self._take_all()
        except BaseException:
            self._give_up()
            raise
        finally:
            for _ in workers:
                self._asked.put(None)
        return self._done()

    def _done(self) -> list[Answer]:
        """What was answered so far, in order."""
        return [answer for job in sorted(self._jobs.values(), key=lambda job: job.order) for answer in job.done()]

    def _take_all(self) -> None:
        while self.progress.answered < self.progress.questions:
            self._take(*self._answered.get())

    # -- which questions there are

    def _begin(self, account: Account) -> None:
        """Ask the lists of an account; what needs them waits."""
        for call in self.calls:
            if call.per is not None:
                if self.choose is None:
                    self._waiting.append((account, call))
                continue
            self._begun.add((account.number, call))
            for region in (None,) if call.once else account.regions:
                self._add(account, call, region, [{}])
        self._go_on(account)

    def _go_on(self, account: Account) -> None:
        """Ask about the things that are named by now."""
        again = True
        while again:
            again = False
            for entry in [e for e in self._waiting if e[0] is account]:
                call = entry[1]
                named = self._parents[call]
                if all((account.number, p) in self._begun and not self._open.get((account.number, p)) for p in named):
                    self._waiting.remove(entry)
                    self._begun.add((account.number, call))
                    self._details(account, call, named)
                    again = True

    def _details(self, account: Account, call: Call, named: list[Call], wants: Wants | None = None) -> None:
        """Ask a call about each thing that other calls named: where they were named, or where the thing says it is."""
        by_region: dict[str | None, list[dict[str, Any]]] = {}
        jobs = [job for job in self._jobs.values() if job.account is account and job.call in named]
        seen = self._seen.setdefault((account.number, call), set())
        for region in dict.fromkeys(job.region for job in sorted(jobs, key=lambda job: job.order)):
            answers = [a for job in sorted(jobs, key=lambda j: j.order) if job.region == region for a in job.done()]
            if wants is not None and answers:  # a place of which nothing is wanted was looked at all the same
                by_region.setdefault(None if call.once else region, [])
            for place, question in things(call, answers, account.number, wants, seen):
                where = None if call.once else place or region
                if place is None or call.once or place in account.regions:
                    by_region.setdefault(where, []).append(question)
        for region, questions in by_region.items():
            self._add(account, call, region, questions)

    def _more(self, wants: Wants) -> bool:
        """Ask about the things of which more is wanted, as far as they are named by now; say whether there are any."""
        before = self.progress.questions
        for account in self.accounts:
            for call in self.calls:
                if call.per is not None:
                    self._details(account, call, self._parents[call], wants)
        return self.progress.questions > before

    def _add(self, account: Account, call: Call, region: str | None, questions: list[dict[str, Any]]) -> None:
        job = self._jobs.setdefault((account.number, region, call), Job(call, account, region))
        first = len(job.questions)
        job.questions += questions
        job.answers.update(self.keeper.known(job) if self.keeper and not first else {})
        left = [number for number in range(first, len(job.questions)) if number not in job.answers]
        job.left = len(left)
        self.progress.questions += len(left)
        key = account.number, call
        self._open[key] = self._open.get(key, 0) + bool(left)
        for number in left:
            self._asked.put((job, number))

    # -- what came back

    def _take(self, job: Job, number: int, reply: Reply) -> None:
        self.progress.answered += 1
        self.progress.requests += reply.requests
        self.progress.faults += reply.fault is not None
        job.take(number, reply, reply.value)
        job.left -= 1
        if not job.left:
            self._finish(job)
        if self.tell is not None:
            self.tell(self.progress)

    def _finish(self, job: Job) -> None:
        if self.keeper is not None:
            self.keeper.keep(job)
        key = job.account.number, job.call
        self._open[key] -= 1
        if not self._open[key]:
            self._go_on(job.account)

    def _give_up(self) -> None:
        """Keep what is there of the jobs that are not finished, each told to be unfinished."""
        for standing in self._standing.values():
            standing.stop(Fault("partial", "the reading was interrupted"))
        for job in self._jobs.values():
            if job.left and job.answers and self.keeper is not None:
                job.unasked["partial", "the reading was interrupted"] = job.left
                self.keeper.keep(job)

    # -- asking, on other threads

    def _start(self) -> list[threading.Thread]:
        before = threading.stack_size(_STACK)
        try:
            workers = [threading.Thread(target=self._work, daemon=True) for _ in range(self.threads)]
            for worker in workers:
                worker.start()
        finally:
            threading.stack_size(before)
        return workers

    def _work(self) -> None:
        while (entry := self._asked.get()) is not None:
            job, number = entry
            try:
                reply = self._ask(job, number)
            except Exception as error:  # nothing that one question does may leave the scan waiting for it
                reply = Reply(requests=1, fault=fault(error))
            self._answered.put((job, number, reply))

    def _ask(self, job: Job, number: int) -> Reply:
        standing = self._standing[job.account.number]
        said = standing.why_not(job)
        if said is not None:
            return Reply(fault=said)
        call, account = job.call, job.account
        if not account.offers(call.service, job.where):
            return Reply(fault=Fault("unavailable", f"{call.service} is not in {job.where}"))
        client = account.client(call.service, job.where)
        asked = {**parameters(call, account.number), **job.questions[number]}
        reply = asking.ask(client, call.operation, asked, call.page)
        reply.value = self._cleaners[account.number].clean(reply.value)
        standing.learn(job, reply)
        return reply


def wanted(calls: Iterable[Call], details: bool, types: frozenset[str] | None = None) -> tuple[Call, ...]:
    """The calls to send: without details only those that list something (of some types), and what names its things."""
    every = list(calls)
    if details:
        return tuple(every)
    lists = (call for call in every if call.lists and (types is None or types & set(call.lists)))
    kept = {call for call in every if call.per is None or call.always} | set(lists)
    more = list(kept)
    for call in more:  # grows while it is walked
        for other in parents(call, every):
            if other not in kept:
                kept.add(other)
                more.append(other)
    return tuple(call for call in every if call in kept)
