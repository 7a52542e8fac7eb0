"""Plain text for people: what differs by component, old and new and what it means; then what is not known."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from itertools import groupby
from typing import Any

from archproof.drift.differences import Comparison, Difference, Whole
from archproof.errors import Location
from archproof.sources.hiding import is_hidden

FORMAT = "text"
Paint = Callable[[str, str], str]

_WIDTH = 96
"""The longest value on a line, in characters; a longer one is cut."""
_MANY = 6
"""So many resources of one type are told one by one."""
_MARKS = {"declared": "✗", "undeclared": "+", "unread": "?"}
_COLOURS = {"✗": "31", "+": "33", "?": "36", "-": "31", "bold": "1", "dim": "2", "✓": "32"}


def render(comparison: Comparison, *, title: str = "", live: str = "", colour: bool = False) -> str:
    """The comparison as text."""
    paint = _paint if colour else _plain
    parts = [
        _differences(comparison, paint),
        _missing(comparison, paint),
        _ambiguous(comparison, paint),
        _unmanaged(comparison, paint),
        _unread(comparison, paint),
        _ignored(comparison, paint),
        [f"note: {note}" for note in comparison.notes],
    ]
    lines = [line for part in parts if part for line in (*part, "")]
    return "\n".join([*lines, *_summary(comparison, title, live, paint)]) + "\n"


def _differences(comparison: Comparison, paint: Paint) -> list[str]:
    """Every difference, by component and resource, in the order of the model."""
    open_ = [d for d in comparison.differences if d.ignored is None]
    first: dict[tuple[str | None, str], Location] = {}
    for d in open_:
        first.setdefault((d.component, d.resource), d.location)
    open_.sort(key=lambda d: (first[d.component, d.resource], d.resource, _RANK[d.tier]))
    lines: list[str] = []
    for (component, resource), held in groupby(open_, key=lambda d: (d.component, d.resource)):
        found = list(held)
        lines.append(_head(component, resource, found[0].type, found[0].physical_id, paint))
        lines += [line for d in found for line in _difference(d, paint)]
    return lines


_RANK = {"declared": 0, "undeclared": 1, "unread": 2}


def _head(component: str | None, resource: str, type: str, physical: str | None, paint: Paint) -> str:
    name = paint("bold", component or resource)
    where = f" {physical}" if physical and physical != resource else ""
    own = f" {resource}" if component and component != resource else ""
    return f"{name}{own} {paint('dim', f'({type}{where})')}"


def _difference(d: Difference, paint: Paint) -> list[str]:
    mark = paint(_MARKS[d.tier], _MARKS[d.tier])
    drift = d.drift
    name = drift.property
    if d.tier == "unread":
        said = f"{name}: unread; {drift.why}" if name else f"unread; {drift.why}"
        return [f"  {mark} {said}   {paint('dim', str(d.location))}"]
    place = paint("dim", str(d.location))
    if d.tier == "undeclared":
        return [f"  {mark} {name}: {_value(drift.actual)}, which nothing declares   {place}", *_why(drift.why)]
    why = drift.why
    if why and (drift.expected is None or drift.actual is None):
        said, why = f"{name}: {why}", ""
    elif drift.expected is None:
        said = f"{name}: {_value(drift.actual)} is there, and is not declared"
    elif drift.actual is None:
        said = f"{name}: {_value(drift.expected)} is declared, and is not there"
    else:
        said = f"{name}: {_value(drift.expected)} → {_value(drift.actual)}"
    return [f"  {mark} {said}   {place}", *_why(why)]


def _why(why: str) -> list[str]:
    return [f"      {why}"] if why else []


def _value(value: Any) -> str:
    """A value as people write it, on one line."""
    if is_hidden(value):
        return "another value, hidden"
    if isinstance(value, dict) and "IpProtocol" in value:
        return _rule(value)
    text = value if isinstance(value, str) and value and not value.isspace() else json.dumps(value, ensure_ascii=False)
    if isinstance(value, dict | list):
        text = json.dumps(_bare(value), ensure_ascii=False).replace('"', "")
    text = "".join(c if c.isprintable() else "�" for c in text.replace("\n", " "))
    return text if len(text) <= _WIDTH else text[: _WIDTH - 1] + "…"


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


def _bare(value: Any) -> Any:
    """A value with lists of one entry as that entry, and hidden values as such."""
    if isinstance(value, dict):
        return {k: _bare(v) for k, v in value.items()}
    if isinstance(value, list):
        return _bare(value[0]) if len(value) == 1 else [_bare(v) for v in value]
    return "hidden" if is_hidden(value) else value


def _missing(comparison: Comparison, paint: Paint) -> list[str]:
    found = sorted(
        (w for w in comparison.missing if w.ignored is None), key=lambda w: (w.location or _NONE, w.resource)
    )
    if not found:
        return []
    lines = [paint("bold", "Missing: declared, and not there")]
    for w in found:
        own = f" {w.resource}" if w.component and w.component != w.resource else ""
        why = f"; {w.why}" if w.why else ""
        place = paint("dim", str(w.location)) if w.location else ""
        lines.append(f"  {paint('-', '-')} {w.component or w.resource}{own} ({w.type}){why}   {place}".rstrip())
    return lines


_NONE = Location("")


def _ambiguous(comparison: Comparison, paint: Paint) -> list[str]:
    if not comparison.ambiguous:
        return []
    lines = [paint("bold", "Ambiguous: which live resource it is could not be told")]
    for resource, candidates, why in comparison.ambiguous:
        shown = ", ".join(candidates[:_MANY]) + (
            f" and {len(candidates) - _MANY} more" if len(candidates) > _MANY else ""
        )
        lines.append(f"  {paint('?', '?')} {resource}: {shown}; {why}")
    return [*lines, "  a physical_name in the model, or an entry in archproof.lock, tells which"]


def _unmanaged(comparison: Comparison, paint: Paint) -> list[str]:
    found = [w for w in comparison.unmanaged if w.ignored is None]
    if not found:
        return []
    lines = [paint("bold", "Unmanaged: there, and not declared")]
    for type, held in groupby(found, key=lambda w: w.type):
        each = list(held)
        names = ", ".join(_called(w) for w in each[:_MANY])
        more = f" and {len(each) - _MANY} more" if len(each) > _MANY else ""
        lines.append(f"  {paint('+', '+')} {type}: {names}{more}")
    return lines


def _called(whole: Whole) -> str:
    return whole.physical_id or whole.resource


def _unread(comparison: Comparison, paint: Paint) -> list[str]:
    if not comparison.unread:
        return []
    lines = [paint("bold", "Unread")]
    for why, held in groupby(comparison.unread, key=lambda u: (u.operation, u.code, u.why)):
        each = list(held)
        places = dict.fromkeys(" ".join(p for p in (u.account, u.region, u.id) if p) for u in each)
        where = _some([p for p in places if p])
        call = f"{why[0]}: " if why[0] and why[0] not in why[2] else ""
        lines.append(f"  {paint('?', '?')} {call}{why[2]}" + (f" ({where})" if where else ""))
    return lines


def _some(texts: list[str]) -> str:
    return ", ".join(texts[:3]) + (f" and {len(texts) - 3} more" if len(texts) > 3 else "")


def _ignored(comparison: Comparison, paint: Paint) -> list[str]:
    held: Iterable[Any] = [*comparison.differences, *comparison.missing, *comparison.unmanaged]
    lines = []
    for x in held:
        if x.ignored is not None:
            what = f" {x.drift.property}" if isinstance(x, Difference) and x.drift.path else ""
            lines.append(f"  {x.resource}{what}: {x.ignored}")
    found = [paint("bold", "Ignored"), *lines] if lines else []
    for spent in comparison.spent:
        place = f"{spent.location} " if spent.location else ""
        found.append(f"{place}the ignore rule for {spent.rule} {spent.why}")
    return found


def _summary(comparison: Comparison, title: str, live: str, paint: Paint) -> list[str]:
    held = comparison.summary
    said = [f"{held[key]} {word}" for key, word in _COUNTS if held[key]]
    drifted = {d.resource for d in comparison.differences if d.tier == "declared" and d.ignored is None}
    compared = held["compared"]
    sync = compared - len(drifted & {b.resource for b in comparison.bindings})
    about = f"{title} and {live}: " if title and live else ""
    lines = [f"{about}{', '.join(said) or 'no difference'}"]
    calls = f", {comparison.calls:,} call{'' if comparison.calls == 1 else 's'}" if comparison.calls else ""
    resources = "resource" if compared == 1 else "resources"
    lines.append(f"{compared:,} {resources} compared, {sync:,} as declared{calls}")
    mark = "✗" if comparison.drifted else "?" if comparison.uncertain else "✓"
    return [f"{paint(mark, mark)} {lines[0]}", f"  {lines[1]}"]


_COUNTS = (
    ("declared", "declared"), ("missing", "missing"), ("undeclared", "undeclared"), ("unmanaged", "unmanaged"),
    ("ambiguous", "ambiguous"), ("unread", "unread"), ("ignored", "ignored"),
)  # fmt: skip


def _plain(mark: str, text: str) -> str:
    return text


def _paint(mark: str, text: str) -> str:
    return f"\x1b[{_COLOURS[mark]}m{text}\x1b[0m"
