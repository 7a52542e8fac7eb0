"""Least privilege: what explicit rules and statements allow beyond what links need, and the text without it.

Nothing is guessed: an entry goes only where the model that is left still proves every link and guarantee, and is told
no finding that it was not told before. What links imply is minimal already and stays as it is.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from archproof.errors import InputError
from archproof.model import document as documents
from archproof.model.architecture import Architecture, resolve
from archproof.model.document import KeyPath
from archproof.model.edits import Edits, patch
from archproof.validators.explicit import Change, candidates, emptied, narrowings


@dataclass(slots=True)
class Tightened:
    """The texts that are left, by file, and what was taken out of them."""

    before: Mapping[str, str]
    after: Mapping[str, str]
    changes: list[Change] = field(default_factory=list)
    links: int = 0
    """How many links the model that is left proves, as many as before."""
    guarantees: int = 0
    """How many guarantees it proves."""

    def patch(self) -> str:
        """A unified diff of all files, as `git apply` takes it; empty where nothing changes."""
        return patch(self.before, self.after)


@dataclass(frozen=True, slots=True)
class _Proved:
    """What a model is known to hold."""

    findings: frozenset[tuple[str, str, str]]
    unknown: frozenset[tuple[str, str]]
    guarantees: frozenset[tuple[str, str]]
    allowed: frozenset[tuple[str, str, str, str]]
    reached: frozenset[tuple[str, str, str, int]]

    def kept_by(self, other: _Proved) -> bool:
        """Whether another model holds all of it, and is told nothing worse."""
        return (
            other.findings <= self.findings
            and other.unknown <= self.unknown
            and self.guarantees <= other.guarantees
            and self.allowed <= other.allowed
            and self.reached <= other.reached
        )


class Tightening:
    """One search."""

    def __init__(self, texts: Mapping[str, str], file: str, environment: str | None, today: datetime.date) -> None:
        """`texts`: by file, that of the model and of all that it includes."""
        self.texts = texts
        self.file = file
        self.environment = environment
        self.today = today
        self.architecture = self._loaded(texts)
        self.start = self._proved(self.architecture)

    def run(self) -> Tightened:
        """Take out all that may go, then narrow what is left."""
        found = Tightened(self.texts, self.texts)
        if not self.architecture.document.value.get("links"):
            return found  # nothing says what is needed
        found.changes = self._most([c for c in candidates(self.architecture) if self._written(c)], [])
        found.after = self._applied(found.changes) or self.texts
        for change in narrowings(self.architecture):
            if not self._written(change) or any(change.path == gone.path for gone in found.changes):
                continue
            inside = len(change.path)
            wanted = [*(c for c in found.changes if c.path[:inside] != change.path), change]
            after = self._applied(wanted)
            if after is not None and self._alive(after):
                # what is narrowed as a whole needs no word on its parts
                found.changes, found.after = wanted, after
        found.changes.sort(key=lambda c: self.architecture.document.locate(c.path))
        return found

    def _written(self, change: Change) -> bool:
        """Whether an entry stands in a file, and not in what an environment sets."""
        return self._applied([change]) is not None

    def _most(self, wanted: list[Change], gone: list[Change]) -> list[Change]:
        """As many of `wanted` as may go beside those that are `gone`: all at once, else by halves."""
        if not wanted:
            return gone
        after = self._applied([*gone, *wanted])
        if after is not None and self._alive(after):
            return [*gone, *wanted]
        if len(wanted) == 1:
            return gone
        middle = len(wanted) // 2
        return self._most(wanted[middle:], self._most(wanted[:middle], gone))

    def _applied(self, changes: Sequence[Change]) -> Mapping[str, str] | None:
        """The texts with some changes, each from its end to its beginning; None where one of them has no place."""
        texts = dict(self.texts)
        document = self.architecture.document
        entries = {change.path: change.entries for change in changes}
        while holder := emptied(self.architecture, {path for path, kept in entries.items() if not kept}):
            entries = {path: kept for path, kept in entries.items() if path[: len(holder)] != holder} | {holder: ()}
        for path in sorted(entries, key=_order, reverse=True):
            mark, depth = document.find(path)
            if depth < len(path) or mark.file not in texts:
                return None
            try:
                edits = Edits(texts[mark.file])
                kept = entries[path]
                texts[mark.file] = edits.replaced(path, kept) if kept else edits.without(path)
            except KeyError:
                return None
        return texts

    def _loaded(self, texts: Mapping[str, str]) -> Architecture:
        return resolve(documents.read(self.file, texts), self.environment)

    def _alive(self, texts: Mapping[str, str]) -> bool:
        try:
            architecture = self._loaded(texts)
        except InputError:
            return False
        return self.start.kept_by(self._proved(architecture))

    def _proved(self, architecture: Architecture) -> _Proved:
        from archproof.proofs.connection import Prover
        from archproof.resources.lowering import lower
        from archproof.validators.engine import check
        from archproof.validators.rules.proofs import flows

        resources = lower(architecture)
        report = check(architecture, self.today, resources=resources)
        prover = Prover(resources, architecture)
        allowed = {
            (link.source, link.target, p.caller, p.action)
            for link in architecture.links for p in prover.link(link) if p.verdict == "allowed"
        }  # fmt: skip
        reached = {
            (link.source, link.target, link.verb.verb, port)
            for link in architecture.links
            for port, answer in flows(prover.network, architecture, link) if answer.verdict == "reachable"
        }  # fmt: skip
        return _Proved(
            frozenset((f.rule, f.component or "", _count_free(f.message)) for f in report.findings),
            frozenset((u.what, u.why) for u in report.unknown),
            frozenset((g.text, g.verdict) for g in report.guarantees if g.verdict == "proved"),
            frozenset(allowed),
            frozenset(reached),
        )


def _count_free(message: str) -> str:
    """A message without the numbers of what it counts: a rule less is no other finding."""
    return "".join(c for c in message if not c.isdigit())


def _order(path: KeyPath) -> tuple[tuple[bool, int, str], ...]:
    return tuple((isinstance(p, int), p if isinstance(p, int) else 0, str(p)) for p in path)


def tighten(text: str, environment: str | None, today: datetime.date, file: str = "architecture.yaml") -> Tightened:
    """Take out of a model's text all that no link or guarantee needs. Raises InputError where it is no model."""
    return _settled(Tightening({file: text}, file, environment, today))


def tighten_file(file: str, environment: str | None, today: datetime.date) -> Tightened:
    """Like `tighten`, of a model's file and all that it includes. Raises InputError where it is no model."""
    return _settled(Tightening(dict(documents.read(file).sources), file, environment, today))


_ROUNDS = 5


def _settled(search: Tightening) -> Tightened:
    """Search until nothing more goes, so that the model that is left is offered no change; then prove it once more."""
    first = search.start
    whole = search.run()
    found = whole
    for _ in range(_ROUNDS):
        if not found.changes:
            break
        found = Tightening(found.after, search.file, search.environment, search.today).run()
        whole.changes += found.changes
        whole.after = found.after
    proved = Tightening(whole.after, search.file, search.environment, search.today).start
    assert first.kept_by(proved), "what is left proves less"
    whole.links, whole.guarantees = (
        len({pair[:2] for pair in (*proved.reached, *proved.allowed)}),
        len(proved.guarantees),
    )
    return whole
