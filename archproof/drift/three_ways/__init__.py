"""Three ways: what the model, the code and the account each say, and what it means where they do not agree.

The model is compared with the code and with what is live, and the code with what is live, by the same engine. Reports
are modules of this package with their name in `FORMAT` and `render(three, title, code, live, colour)`.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from archproof.discovery import index, module_for
from archproof.drift.differences import Comparison, Difference, Whole
from archproof.drift.masking import masked
from archproof.errors import Location, UsageError
from archproof.resources.resource import Path

PACKAGE = "archproof.drift.three_ways"

MEANINGS = {
    "live": "what is live drifted from both: model and code agree",
    "code": "the code is behind: model and live agree, and the next deployment would undo it",
    "model": "the model is behind: code and live agree",
    "all": "no two agree",
    "live-code": "what is live drifted from the code; the model says nothing of it",
    "live-model": "what is live drifted from the model; the code does not have the resource",
    "live-silent": "it was set in AWS; model and code say nothing of it",
    "model-silent": "code and live agree; the model says nothing of it",
    "not-live": "model and code have it, and it is not live: it was deleted, or is not deployed yet",
    "not-code": "model and live have it, and the code does not: it was made by hand, or the code is behind",
    "not-model": "code and live have it, and the model does not: the model is behind",
    "model-only": "only the model has it",
    "code-only": "only the code has it: it was deleted, or is not deployed yet",
    "live-only": "only the account has it",
    "unknown": "it could not be told",
}
"""What disagreements mean, by their verdicts."""
DRIFTED = (
    "live",
    "code",
    "model",
    "all",
    "live-code",
    "live-model",
    "not-live",
    "not-code",
    "not-model",
    "model-only",
    "code-only",
)
_SILENT = ("live-silent", "live-only")


class Row(NamedTuple):
    """A property of which the three do not all say the same."""

    verdict: str
    """One of `MEANINGS`."""
    component: str | None
    resource: str
    """What the model calls the resource; the code, where the model does not have it."""
    type: str
    path: Path
    model: Any
    """What each says; None where it says nothing."""
    code: Any
    live: Any
    why: str
    """What it opens or closes, or why it is not known."""
    location: Location | None
    """Where the model says it, or else the code."""
    code_location: Location | None = None

    @property
    def property(self) -> str:
        """The path as people write it."""
        from archproof.drift.differences import PropertyDrift

        return PropertyDrift(self.path, None, None).property

    def as_dict(self) -> dict[str, Any]:
        """The shape of the JSON contract."""
        places = {
            name: place.as_dict() if place is not None else None
            for name, place in (("location", self.location), ("code_location", self.code_location))
        }
        found = {"property": self.property, **self._asdict(), **places, "meaning": MEANINGS[self.verdict]}
        del found["path"]
        return found


class Thing(NamedTuple):
    """A whole resource that not all three have."""

    verdict: str
    component: str | None
    resource: str
    type: str
    physical_id: str | None
    why: str
    location: Location | None

    def as_dict(self) -> dict[str, Any]:
        """The shape of the JSON contract."""
        place = self.location.as_dict() if self.location is not None else None
        return {**self._asdict(), "location": place, "meaning": MEANINGS[self.verdict]}


@dataclass(slots=True)
class ThreeWays:
    """A model, the code and an account, compared."""

    rows: list[Row] = field(default_factory=list)
    things: list[Thing] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    """What could not be read of the account at all."""
    compared: int = 0
    """Resources that all three have."""

    @property
    def counts(self) -> dict[str, int]:
        """How often each verdict was given, in the order of `MEANINGS`."""
        found = Counter([row.verdict for row in self.rows] + [thing.verdict for thing in self.things])
        return {verdict: found[verdict] for verdict in MEANINGS if found[verdict]}

    @property
    def uncertain(self) -> bool:
        """Whether anything could not be told."""
        return bool(self.unread) or "unknown" in self.counts

    def fails(self, threshold: str) -> bool:
        """Whether it fails from a threshold on, as a comparison does."""
        failing = {"never": (), "declared": DRIFTED}.get(threshold, (*DRIFTED, *_SILENT))
        return any(verdict in failing for verdict in self.counts)

    def as_dict(self) -> dict[str, Any]:
        """The shape of the JSON contract."""
        return {
            "properties": [row.as_dict() for row in self.rows],
            "resources": [thing.as_dict() for thing in self.things],
            "unread": list(self.unread),
            "summary": {"compared": self.compared, **self.counts},
        }


def formats() -> list[str]:
    """The formats of a comparison of three."""
    return sorted(index(PACKAGE, "FORMAT"))


def check(format: str) -> None:
    """Raise UsageError for a format that three ways do not have."""
    if format not in formats():
        raise UsageError(f"three ways are told as {', '.join(formats())}; found --format {format}")


def render(three: ThreeWays, format: str, *, title: str, code: str, live: str, colour: bool = False) -> str:
    """Write it in a format. Raises UsageError for one that three ways do not have."""
    check(format)
    module = module_for(PACKAGE, "FORMAT", format)
    assert module is not None
    text: str = module.render(three, title=title, code=code, live=live, colour=colour)
    return text


def join(with_live: Comparison, with_code: Comparison, code_with_live: Comparison) -> ThreeWays:
    """Join three comparisons: the model with what is live, the model with the code, the code with what is live."""
    return _Joined(masked(with_live), masked(with_code), masked(code_with_live)).joined()


Key = tuple[str, Path, str]


class _Joined:
    """The three comparisons, property by property."""

    def __init__(self, with_live: Comparison, with_code: Comparison, code_with_live: Comparison) -> None:
        self.with_live, self.with_code, self.code_with_live = with_live, with_code, code_with_live
        self.code_of = {b.resource: b.live for b in with_code.bindings}
        self.model_of = {b.live: b.resource for b in with_code.bindings}
        self.live_of_code = {b.resource: b.live for b in code_with_live.bindings}
        self.live = _by_key(with_live)
        self.code = _by_key(with_code)
        self.third = _by_key(code_with_live)
        self.result = ThreeWays()

    def joined(self) -> ThreeWays:
        """All rows, in the order of the model."""
        for key in dict.fromkeys([*self.live, *self.code]):
            row = self._row(key, self.live.get(key), self.code.get(key))
            if row is not None:
                self.result.rows.append(row)
        told = {(row.resource, row.path) for row in self.result.rows}
        for d in self.code_with_live.differences:
            row = self._of_code(d)
            if row is not None and (row.resource, row.path) not in told:
                self.result.rows.append(row)
        self.result.things = list(self._things())
        self.result.unread = list(
            dict.fromkeys(f"{u.operation}: {u.why}" if u.operation else u.why for u in self.with_live.unread)
        )
        bound = {b.resource for b in self.with_live.bindings}
        self.result.compared = len(bound & set(self.code_of))
        self.result.rows.sort(key=lambda r: (r.location or _NOWHERE, r.resource, r.property))
        return self.result

    def _row(self, key: Key, live: Difference | None, code: Difference | None) -> Row | None:
        """One property of the model: what differs from what is live, from the code, or from both."""
        one = live or code
        if one is None or (not one.drift.path and one.tier == "unread"):
            return None if one is None else self._unknown(one)
        if any(d is not None and d.tier == "unread" for d in (live, code)):
            return None if live is None else self._unknown(live)
        model = one.drift.expected
        says_live = live.drift.actual if live is not None else model
        says_code = code.drift.actual if code is not None else model if one.resource in self.code_of else None
        verdict = self._verdict(key, live, code)
        third = self._third(key)
        place = third.location if third is not None else None
        why = next((d.drift.why for d in (live, code) if d is not None and d.drift.why), "")
        return Row(verdict, one.component, one.resource, one.type, key[1], model, says_code, says_live, why,
                   one.location, place)  # fmt: skip

    def _verdict(self, key: Key, live: Difference | None, code: Difference | None) -> str:
        stated = any(d is not None and d.tier == "declared" for d in (live, code))
        if live is not None and code is not None:
            third = self._third(key)
            agree = third is None if key[0] in self.code_of else live.drift.actual == code.drift.actual
            if third is not None and third.tier == "unread":
                return "unknown"
            if agree:
                return "model" if stated else "model-silent"
            return "all" if stated else "live-code"
        if live is not None and stated:
            return "live" if key[0] in self.code_of else "live-model"
        if live is not None:
            return "live-silent"
        return "code" if stated else "live-code"

    def _third(self, key: Key) -> Difference | None:
        """What the code and the account say differently of the same property."""
        return self.third.get((self.code_of.get(key[0], ""), *key[1:]))

    def _unknown(self, d: Difference) -> Row:
        drift = d.drift
        return Row(
            "unknown", d.component, d.resource, d.type, drift.path, drift.expected, None, None, drift.why, d.location
        )

    def _of_code(self, d: Difference) -> Row | None:
        """What only the code says, and the account otherwise."""
        if d.tier != "declared":
            return None
        model = self.model_of.get(d.resource)
        known = next((x for x in self.with_live.differences if x.resource == model), None)
        return Row(
            "live-code", known.component if known is not None else None, model or d.resource, d.type, d.drift.path,
            None, d.drift.expected, d.drift.actual, d.drift.why, None, d.location,
        )  # fmt: skip

    def _things(self) -> Iterator[Thing]:
        """Whole resources that not all three have."""
        gone_live = {w.resource: w for w in self.with_live.missing if w.ignored is None}
        gone_code = {w.resource: w for w in self.with_code.missing if w.ignored is None}
        for id, whole in {**gone_code, **gone_live}.items():
            both = id in gone_live and id in gone_code
            verdict = "model-only" if both else "not-live" if id in gone_live else "not-code"
            yield _thing(verdict, whole)
        missing = {w.resource: w for w in self.code_with_live.missing}
        found = set()
        for whole in self.with_code.unmanaged:
            live = self.live_of_code.get(whole.resource)
            if live is not None:
                found.add(live)
                yield _thing("not-model", whole)
            elif whole.resource in missing:
                yield _thing("code-only", whole._replace(location=missing[whole.resource].location))
            else:
                yield _thing("unknown", whole)
        for whole in self.with_live.unmanaged:
            if whole.resource not in found and whole.ignored is None:
                yield _thing("live-only", whole)
        for resource, candidates, why in self.with_live.ambiguous:
            yield Thing("unknown", None, resource, "", None, f"{', '.join(candidates)}; {why}", None)


_NOWHERE = Location("￿")


def _thing(verdict: str, whole: Whole) -> Thing:
    return Thing(
        verdict, whole.component, whole.resource, whole.type, whole.physical_id, whole.why, whole.location
    )  # fmt: skip


def _by_key(comparison: Comparison) -> dict[Key, Difference]:
    """The differences that are not accepted, each by what it is about; of entries of lists, by what they say."""
    found: dict[Key, Difference] = {}
    for d in comparison.differences:
        if d.ignored is None:
            many = d.drift.expected is None and d.tier == "declared"
            said = json.dumps(d.drift.actual, sort_keys=True, default=str) if many else ""
            found.setdefault((d.resource, d.drift.path, said), d)
    return found
