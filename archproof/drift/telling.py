"""How reports and pictures tell a comparison: what differs by component, what is told together, values in words."""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import groupby
from typing import Any, NamedTuple

from archproof.drift.differences import Comparison, Difference, Whole
from archproof.errors import Location
from archproof.resources.secrets import HIDDEN as SECRET
from archproof.sources.hiding import is_hidden

RANK = {"declared": 0, "undeclared": 1, "unread": 2}
COUNTS = (
    ("declared", "declared"), ("missing", "missing"), ("undeclared", "undeclared"), ("unmanaged", "unmanaged"),
    ("ambiguous", "ambiguous"), ("unread", "unread"), ("ignored", "ignored"),
)  # fmt: skip
HIDDEN = "another value, hidden"
NOWHERE = Location("")


class Subject(NamedTuple):
    """One resource that differs."""

    component: str | None
    resource: str
    type: str
    physical_id: str | None
    differences: list[Difference]


class Reason(NamedTuple):
    """Why something could not be read at all, and where."""

    operation: str
    code: str
    why: str
    places: list[str]


def subjects(comparison: Comparison) -> list[Subject]:
    """What differs and is not accepted, by component and resource, in the order of the model."""
    open_ = [d for d in comparison.differences if d.ignored is None]
    first: dict[tuple[str | None, str], Location] = {}
    for d in open_:
        first.setdefault((d.component, d.resource), d.location)
    open_.sort(key=lambda d: (first[d.component, d.resource], d.resource, RANK[d.tier]))
    found = []
    for (component, resource), group in groupby(open_, key=lambda d: (d.component, d.resource)):
        held = list(group)
        found.append(Subject(component, resource, held[0].type, held[0].physical_id, held))
    return found


def missing(comparison: Comparison) -> list[Whole]:
    """What is declared, not there, and not accepted, in the order of the model."""
    found = [w for w in comparison.missing if w.ignored is None]
    return sorted(found, key=lambda w: (w.location or NOWHERE, w.resource))


def unmanaged(comparison: Comparison) -> dict[str, list[Whole]]:
    """What is there, not declared, and not accepted, by type."""
    found: dict[str, list[Whole]] = {}
    for whole in comparison.unmanaged:
        if whole.ignored is None:
            found.setdefault(whole.type, []).append(whole)
    return found


def unread(comparison: Comparison) -> list[Reason]:
    """What could not be read at all, the same reason once."""
    found = []
    for key, group in groupby(comparison.unread, key=lambda u: (u.operation, u.code, u.why)):
        places = dict.fromkeys(" ".join(p for p in (u.account, u.region, u.id) if p) for u in group)
        found.append(Reason(key[0] or "", key[1], key[2], [p for p in places if p]))
    return found


def ignored(comparison: Comparison) -> list[tuple[str, str, str]]:
    """What is accepted: resource, property, reason."""
    held: list[Difference | Whole] = [*comparison.differences, *comparison.missing, *comparison.unmanaged]
    return [
        (x.resource, x.drift.property if isinstance(x, Difference) else "", x.ignored)
        for x in held if x.ignored is not None
    ]  # fmt: skip


def name(component: str | None, resource: str, titles: Mapping[str, str]) -> str:
    """What people call what a difference is about: the component with its title, else the logical id."""
    if component is None:
        return resource
    title = titles.get(component, component)
    return title if title == component else f"{title} ({component})"


def own(component: str | None, resource: str) -> str:
    """The logical id, where it tells more than the component's own name."""
    words = "".join(c for c in component or "" if c.isalnum()).lower()
    return resource if component is not None and words != resource.lower() else ""


def called(whole: Whole) -> str:
    """What AWS calls a live resource."""
    return whole.physical_id or whole.resource


def summary(comparison: Comparison) -> tuple[str, str]:
    """How much differs, and how much was compared."""
    held = comparison.summary
    said = [f"{held[key]} {word}" for key, word in COUNTS if held[key]]
    drifted = {d.resource for d in comparison.differences if d.tier == "declared" and d.ignored is None}
    compared = held["compared"]
    bound = {b.resource for b in comparison.bindings}
    partly = {d.resource for d in comparison.of("unread")} & bound - drifted
    sync = compared - len(drifted & bound) - len(partly)
    part = f", {len(partly):,} as far as {'it was' if len(partly) == 1 else 'they were'} read" if partly else ""
    calls = f", {comparison.calls:,} call{'' if comparison.calls == 1 else 's'}" if comparison.calls else ""
    resources = "resource" if compared == 1 else "resources"
    return ", ".join(said) or "no difference", f"{compared:,} {resources} compared, {sync:,} as declared{part}{calls}"


def mark(comparison: Comparison) -> str:
    """The verdict as one sign."""
    return "✗" if comparison.drifted else "?" if comparison.uncertain else "✓"


def statement(d: Difference, width: int = 0) -> tuple[str, str]:
    """A difference in words, and beside it what it means. `width`: characters of the longest value, 0 for no limit."""
    drift, name = d.drift, d.drift.property
    if d.tier == "unread":
        return (f"{name}: unread; {drift.why}" if name else f"unread; {drift.why}"), ""
    if d.tier == "undeclared":
        return f"{name}: {value(drift.actual, width)}, which nothing declares", drift.why
    if drift.why and (drift.expected is None or drift.actual is None):
        return f"{name}: {drift.why}", ""
    if drift.expected == drift.actual == SECRET:
        return f"{name}: another value, which is a secret", drift.why
    if drift.expected is None:
        return f"{name}: {value(drift.actual, width)} is there, and is not declared", drift.why
    if drift.actual is None:
        return f"{name}: {value(drift.expected, width)} is declared, and is not there", drift.why
    return f"{name}: {value(drift.expected, width)} → {value(drift.actual, width)}", drift.why


def value(said: Any, width: int = 0) -> str:
    """A value as people write it, on one line."""
    if is_hidden(said):
        return HIDDEN
    if isinstance(said, dict) and "IpProtocol" in said:
        return _rule(said)
    text = said if isinstance(said, str) and said and not said.isspace() else json.dumps(said, ensure_ascii=False)
    if isinstance(said, dict | list):
        text = json.dumps(bare(said), ensure_ascii=False).replace('"', "")
    text = "".join(c if c.isprintable() else "�" for c in text.replace("\n", " "))
    return text if not width or len(text) <= width else text[: width - 1] + "…"


def _rule(rule: dict[str, Any]) -> str:
    """A rule of a security group: `tcp 22 from 10.0.0.0/8`."""
    protocol = {"-1": "everything", "6": "tcp", "17": "udp"}.get(str(rule["IpProtocol"]), str(rule["IpProtocol"]))
    first, last = rule.get("FromPort"), rule.get("ToPort")
    ports = (
        "" if first in (None, -1) or protocol == "everything" else f" {first}" + (f"-{last}" if last != first else "")
    )
    peers = [(k, v) for k, v in rule.items() if k.startswith(("Cidr", "Source", "Destination")) and isinstance(v, str)]
    way = "to" if any(k.startswith("Destination") for k, _ in peers) else "from"
    return f"{protocol}{ports} {way} {' '.join(v for _, v in peers)}".rstrip()


def bare(said: Any) -> Any:
    """A value with lists of one entry as that entry, and hidden values as such."""
    if isinstance(said, dict):
        return {k: bare(v) for k, v in said.items()}
    if isinstance(said, list):
        return bare(said[0]) if len(said) == 1 else [bare(v) for v in said]
    return "hidden" if is_hidden(said) else said


def widens(d: Difference) -> bool:
    """Whether more is let in or allowed than was declared: a group with a wider rule, a policy with one action more."""
    return d.tier == "declared" and d.drift.why.startswith(_WIDER)


_WIDER = ("opens ", "allows ", "no longer denies ")
