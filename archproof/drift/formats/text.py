"""Plain text for people: what differs by component, old and new and what it means; then what is not known."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from archproof.drift import telling as parts
from archproof.drift.differences import Comparison, Difference
from archproof.drift.telling import Subject

FORMAT = "text"
Paint = Callable[[str, str], str]

_WIDTH = 96
"""The longest value on a line, in characters; a longer one is cut."""
_LONGEST = 200
"""The longest name on a line, in characters; an ARN is never cut."""
_MANY = 6
"""So many resources of one type are told one by one."""
_MARKS = {"declared": "✗", "undeclared": "+", "unread": "?"}
_COLOURS = {"✗": "31", "+": "33", "?": "36", "-": "31", "bold": "1", "dim": "2", "✓": "32"}


def render(comparison: Comparison, *, title: str = "", live: str = "", colour: bool = False) -> str:
    """The comparison as text."""
    paint = _paint if colour else _plain
    sections = [
        [line for subject in parts.subjects(comparison) for line in _subject(subject, comparison.titles, paint)],
        _missing(comparison, paint),
        _ambiguous(comparison, paint),
        _unmanaged(comparison, paint),
        _unread(comparison, paint),
        _ignored(comparison, paint),
        [plain(f"note: {note}", 0) for note in comparison.notes],
    ]
    lines = [line for section in sections if section for line in (*section, "")]
    return "\n".join([*lines, *_summary(comparison, title, live, paint)]) + "\n"


def _subject(subject: Subject, titles: Mapping[str, str], paint: Paint) -> list[str]:
    """One resource, and every difference of it."""
    component, resource, type, physical, differences = subject
    name = parts.name(component, resource, titles)
    own = parts.own(component, resource) if physical is None else physical if physical != resource else ""
    about = "".join(f" · {plain(text)}" for text in (type, own) if text)
    head = paint("bold", plain(name)) + paint("dim", about)
    return [head, *(line for d in differences for line in _difference(d, paint))]


def _difference(d: Difference, paint: Paint) -> list[str]:
    mark = paint(_MARKS[d.tier], _MARKS[d.tier])
    said, why = parts.statement(d, _WIDTH)
    line = f"  {mark} {plain(said, 0)}   {paint('dim', str(d.location))}"
    return [line, f"      {plain(why, 0)}"] if why else [line]


def _missing(comparison: Comparison, paint: Paint) -> list[str]:
    found = parts.missing(comparison)
    if not found:
        return []
    lines = [paint("bold", "Missing: declared, and not there")]
    for w in found:
        name = parts.name(w.component, w.resource, comparison.titles)
        own = parts.own(w.component, w.resource)
        about = "".join(f" · {plain(text)}" for text in (w.type, own) if text)
        place = f"   {paint('dim', str(w.location))}" if w.location else ""
        lines.append(f"  {paint('-', '-')} {plain(name)}{about}{place}")
        lines += [f"      {plain(w.why, 0)}"] if w.why else []
    return lines


def _ambiguous(comparison: Comparison, paint: Paint) -> list[str]:
    if not comparison.ambiguous:
        return []
    lines = [paint("bold", "Ambiguous: which live resource it is could not be told")]
    for resource, candidates, why in comparison.ambiguous:
        lines.append(f"  {paint('?', '?')} {plain(resource)}: {_some(candidates, _MANY)}; {plain(why, 0)}")
    return [*lines, "  a physical_name in the model, or an entry in archproof.lock, tells which"]


def _unmanaged(comparison: Comparison, paint: Paint) -> list[str]:
    found = parts.unmanaged(comparison)
    if not found:
        return []
    lines = [paint("bold", "Unmanaged: there, and not declared")]
    for type, each in found.items():
        lines.append(f"  {paint('+', '+')} {type}: {_some([parts.called(w) for w in each], _MANY)}")
    return lines


def _unread(comparison: Comparison, paint: Paint) -> list[str]:
    found = parts.unread(comparison)
    if not found:
        return []
    lines = [paint("bold", "Unread")]
    for reason in found:
        where = _some(reason.places, 3)
        call = f"{reason.operation}: " if reason.operation and reason.operation not in reason.why else ""
        lines.append(f"  {paint('?', '?')} {plain(call + reason.why, 0)}" + (f" ({where})" if where else ""))
    return lines


def _some(texts: list[str], many: int) -> str:
    return ", ".join(map(plain, texts[:many])) + (f" and {len(texts) - many} more" if len(texts) > many else "")


def _ignored(comparison: Comparison, paint: Paint) -> list[str]:
    lines = [
        plain(f"  {resource}{f' {what}' if what else ''}: {why}", 0)
        for resource, what, why in parts.ignored(comparison)
    ]
    found = [paint("bold", "Ignored"), *lines] if lines else []
    for spent in comparison.spent:
        place = f"{spent.location} " if spent.location else ""
        found.append(f"{place}the ignore rule for {spent.rule} {spent.why}")
    return found


def _summary(comparison: Comparison, title: str, live: str, paint: Paint) -> list[str]:
    counts, compared = parts.summary(comparison)
    about = f"{plain(title)} and {plain(live)}: " if title and live else ""
    mark = parts.mark(comparison)
    return [f"{paint(mark, mark)} {about}{counts}", f"  {compared}"]


def plain(text: str, width: int = _LONGEST) -> str:
    """A text on one line of a terminal: without control characters, cut where it is too long (0: nowhere)."""
    text = "".join(c if c.isprintable() else "�" for c in text)
    return text if not width or len(text) <= width else text[: width - 1] + "…"


def _plain(mark: str, text: str) -> str:
    return text


def _paint(mark: str, text: str) -> str:
    return f"\x1b[{_COLOURS[mark]}m{text}\x1b[0m"
