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
from archproof.sources.aws.jobs import Job, parameters, question_key, things
from archproof.sources.aws.secrets import Cleaner
from archproof.sources.aws.sessions import Account
from archproof.sources.aws.standing import Standing
from archproof.sources.live import Unread
from archproof.sources.responses._call import Answer, Call, parents

_STACK = 2 << 20


class Keeper(Protocol):
    """What keeps the answers of a scan, and may know some already."""

    def known(self, job: Job) -> dict[int, Answer]:
        """The whole answers that are there already, by the number of the question."""

    def keep(self, job: Job) -> None:
        """Keep the answers of a job that is finished."""


class Memory:
    """Keeps the answers of a scan for another one of the same accounts."""

    def __init__(self) -> None:
        self._jobs: dict[tuple[str, str, str], Job] = {}

    def known(self, job: Job) -> dict[int, Answer]:
        """The answers of the earlier scan, whole or not: nothing that was asked is asked twice."""
        before = self._jobs.get(job.order)
        if before is None:
            return {}
        there = {question_key(q): n for n, q in enumerate(before.questions)}
        numbers = ((n, there.get(question_key(q))) for n, q in enumerate(job.questions))
        return {n: before.answers[m] for n, m in numbers if m is not None and m in before.answers}

    def keep(self, job: Job) -> None:
        """Remember the answers of a job."""
        self._jobs[job.order] = job


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
    only: frozenset[str] | None = None
    """The ids, names or ARNs of the things that details are wanted of; None for all."""
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

    def run(self) -> list[Answer]:
        """Ask everything. What was finished is kept even when this is interrupted."""
        self.progress.accounts = len(self.accounts)
        every = list(self.calls)
        self._parents = {call: parents(call, every) for call in every}
        workers = self._start()
        try:
            for account in self.accounts:
                self._standing.setdefault(account.number, Standing())
                self._cleaners.setdefault(account.number, Cleaner(account.number, self.with_values))
                self._begin(account)
            while self.progress.answered < self.progress.questions:
                self._take(*self._answered.get())
        except BaseException:
            self._give_up()
            raise
        finally:
            for _ in workers:
                self._asked.put(None)
        found = []
        for job in sorted(self._jobs.values(), key=lambda job: job.order):
            found += job.done()
        return found

    def again(self, calls: tuple[Call, ...], keeper: Keeper, only: frozenset[str]) -> Scan:
        """A scan that goes on from this one: more calls, what is known, details of some things only."""
        more = Scan(self.accounts, calls, self.threads, self.with_values, keeper, self.tell, only, self.progress)
        more._standing, more._cleaners = self._standing, self._cleaners
        return more

    # -- which questions there are

    def _begin(self, account: Account) -> None:
        """Ask the lists of an account; what needs them waits."""
        for call in self.calls:
            if call.per is not None:
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

    def _details(self, account: Account, call: Call, named: list[Call]) -> None:
        """Ask a call about each thing that other calls named: where they were named, or where the thing says it is."""
        by_region: dict[str | None, list[dict[str, Any]]] = {}
        jobs = [job for job in self._jobs.values() if job.account is account and job.call in named]
        for region in dict.fromkeys(job.region for job in sorted(jobs, key=lambda job: job.order)):
            answers = [a for job in sorted(jobs, key=lambda j: j.order) if job.region == region for a in job.done()]
            for place, question in things(call, answers, account.number, self._chosen(call)):
                where = None if call.once else place or region
                if place is None or call.once or place in account.regions:
                    by_region.setdefault(where, []).append(question)
        for region, questions in by_region.items():
            self._add(account, call, region, questions)

    def _chosen(self, call: Call) -> frozenset[str] | None:
        """The things that a call is to be sent for; what lists more things is sent for all."""
        names_more = any(call in named for named in self._parents.values())
        return None if call.lists or call.always or names_more else self.only

    def _add(self, account: Account, call: Call, region: str | None, questions: list[dict[str, Any]]) -> None:
        job = Job(call, account, region, questions)
        self._jobs[account.number, region, call] = job
        job.answers.update(self.keeper.known(job) if self.keeper else {})
        left = [number for number in range(len(questions)) if number not in job.answers]
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


def wanted(calls: Iterable[Call], details: bool) -> tuple[Call, ...]:
    """The calls to send: without details only those that list something, and those that name its things."""
    every = list(calls)
    if details:
        return tuple(every)
    kept = {call for call in every if call.per is None or call.lists or call.always}
    more = list(kept)
    for call in more:  # grows while it is walked
        for other in parents(call, every):
            if other not in kept:
                kept.add(other)
                more.append(other)
    return tuple(call for call in every if call in kept)
