"""What is to be asked in one place, and what came of it: a call in an account and a region, with its questions."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from archproof.sources.aws.asking import Reply
from archproof.sources.aws.faults import Fault
from archproof.sources.aws.sessions import Account
from archproof.sources.live import Unread
from archproof.sources.responses._call import ALL, Answer, Call

GLOBAL = "global"
"""What stands in place of the region of a call that is asked once an account."""
Wants = Callable[[Call, Mapping[str, Any], Any], bool]
"""Whether a call is wanted about a thing: what would be asked of it, and what named it."""
_HARMLESS = 20
"""So many denials of one call, and nothing else, and the rest is not asked."""


@dataclass(slots=True)
class Job:
    """A call in an account and a region: one question, or one for each thing."""

    call: Call
    account: Account
    region: str | None
    """The region as it is told; None for a call that is asked once an account."""
    questions: list[dict[str, Any]] = field(default_factory=list)
    answers: dict[int, Answer] = field(default_factory=dict)
    """By the number of the question."""
    left: int = 0
    """How many questions have no answer yet."""
    requests: int = 0
    unasked: dict[tuple[str, str], int] = field(default_factory=dict)
    """Why questions were not asked (code, sentence), and how many."""
    denied: int = 0
    stopped: bool = False
    """Whether the job was given up before all was asked."""

    @property
    def where(self) -> str:
        """The region to send the questions to."""
        return self.region or self.account.home

    @property
    def order(self) -> tuple[str, str, str]:
        """The place of the job among all: that of its file in a snapshot."""
        return self.account.number, self.region or GLOBAL, f"{self.call.file}.json"

    def hopeless(self) -> bool:
        """Whether every question so far was denied, and there were many."""
        return self.denied >= _HARMLESS and self.denied == len(self.answers)

    def take(self, number: int, reply: Reply, cleaned: dict[str, Any]) -> None:
        """Keep what came back to a question."""
        self.requests += reply.requests
        asked = self.questions[number]
        answer = Answer(self.call, self.account.number, self.region, asked, cleaned)
        fault = reply.fault
        if fault is not None and not reply.requests:
            key = fault.code, fault.why
            self.unasked[key] = self.unasked.get(key, 0) + 1
            return
        if fault is not None and fault.error not in self.call.absent:
            answer.unread = [self._unread(fault, reply.pages, asked)]
            self.denied += fault.code == "denied"
        self.answers[number] = answer

    def _unread(self, fault: Fault, pages: int, asked: Mapping[str, Any]) -> Unread:
        code, why = fault.code, fault.why
        if self.call.per is None and code == "vanished":
            code = "unavailable"
        if code == "strange":
            code = "denied"
        if pages:
            code, why = "partial", f"after {pages} page{'s' if pages > 1 else ''}: {why}"
        return self.told(code, why, _named(self.call, asked) if self.call.per else None)

    def told(self, code: str, why: str, id: str | None = None) -> Unread:
        """What is unread of this job, for a reason."""
        given = {name for names in self.call.gives.values() for name in names}
        detail = id is not None or (self.call.per is not None and not self.call.lists)
        properties = tuple(sorted(given)) if detail and ALL not in given else ()
        types = tuple(sorted(self.call.types))
        return Unread(why, code, self.account.number, self.region, self.call.title, types, id, properties)

    def done(self) -> list[Answer]:
        """All answers in the order of the questions, and what was not asked at the end."""
        found = [self.answers[number] for number in sorted(self.answers)]
        unread = []
        for (code, why), count in sorted(self.unasked.items()):
            why = f"{why} ({count:,} questions were not asked)" if self.call.per is not None else why
            unread.append(self.told(code, why))
        if unread or not self.questions:  # where nothing had to be asked, nothing is unread
            found.append(Answer(self.call, self.account.number, self.region, {}, {}, unread))
        return found


def _named(call: Call, asked: Mapping[str, Any]) -> str | None:
    """The id of the thing that a question is about."""
    own = [k for k, path in call.per.ask.items() if not path.startswith("^")] if call.per else []
    for name in [*own, *asked]:
        value = asked.get(name)
        if isinstance(value, str):
            return value
        if isinstance(value, list) and value and isinstance(value[0], str):
            return ", ".join(value)
    return None


def parameters(call: Call, account: str) -> dict[str, Any]:
    """What a call always says, for an account."""
    return {k: v.replace("{account}", account) if isinstance(v, str) else v for k, v in call.parameters.items()}


def question_key(asked: Any) -> str:
    """What tells a question from the others of its call."""
    return json.dumps(asked, sort_keys=True)


def things(
    call: Call, named: list[Answer], account: str, wants: Wants | None = None, seen: set[str] | None = None
) -> Iterator[tuple[str | None, dict[str, Any]]]:
    """The questions of a call about the things that answers name, each with the region that the thing says.

    Each question stands once; values that are no text or number are left out. With `wants`, only about the things that
    it wants; `seen` are those that were asked about before, and these are added.
    """
    per = call.per
    assert per is not None
    batches: dict[str, tuple[str | None, dict[str, Any], list[Any]]] = {}
    seen = set() if seen is None else seen
    for answer in named:
        before = {**answer.call.parameters, **answer.asked}
        for thing in _search(per.each, answer.value) or ():
            said = {k: before.get(p[1:]) if p.startswith("^") else _search(p, thing) for k, p in per.ask.items()}
            if any(not isinstance(v, str | int) or v == "" for v in said.values()):
                continue
            place = _search(per.place, thing) if per.place else None
            place = place if isinstance(place, str) and place else None
            key = question_key([place or answer.region, said])
            if key in seen or (wants is not None and not wants(call, said, thing)):
                continue
            seen.add(key)
            if not per.batch:
                yield place, {k: v.replace("{account}", account) if isinstance(v, str) else v for k, v in said.items()}
                continue
            own = next(k for k, path in per.ask.items() if not path.startswith("^"))
            value = said.pop(own)
            batch = batches.setdefault(question_key([place, said]), (place, {**said, own: []}, []))
            batch[2].append(value)
    for place, said, values in batches.values():
        own = next(k for k, v in said.items() if v == [])
        for start in range(0, len(values), per.batch):
            yield place, {**said, own: values[start : start + per.batch]}


def _search(path: str, value: Any) -> Any:
    if path == "@":
        return value
    if path.isidentifier() and isinstance(value, dict):
        return value.get(path)
    return _compiled(path).search(value)


@functools.cache
def _compiled(path: str) -> Any:
    import jmespath

    return jmespath.compile(path)
