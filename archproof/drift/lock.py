"""archproof.lock: what each resource of a model is in AWS, beside the model and kept with it.

It is written only when asked for, sorted and whole, and it is believed before anything else.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

from archproof.errors import InputError, Location, Problem

VERSION = 1
_KEYS = ("type", "id", "account", "region")
_HEAD = """\
# What each resource of the model is in AWS. Written by `archproof drift --write-lock`; keep it with the model.
archproof_lock: 1
"""


class Entry(NamedTuple):
    """One binding."""

    type: str
    id: str
    """The physical id: what `Ref` returns, or an ARN."""
    account: str | None = None
    region: str | None = None
    location: Location = Location("archproof.lock")


Lock = dict[str, Entry]
"""By logical id."""


def beside(model: str | Path, environment: str | None = None) -> Path:
    """Where the lock of a model stands; each environment has its own."""
    path = Path(model)
    name = f"archproof.{environment}.lock" if environment else "archproof.lock"
    return (path if path.is_dir() else path.parent) / name


def read(path: Path) -> Lock:
    """Read a lock. Raises InputError with every problem in it."""
    from archproof.model.text import read_text
    from archproof.model.yaml import parse

    parsed = parse(read_text(path, str(path)), str(path))
    problems = list(parsed.problems)
    value, mark = parsed.value, parsed.mark
    if not isinstance(value, dict) or value.get("archproof_lock") != VERSION:
        message = f"not a lock of archproof: it begins with 'archproof_lock: {VERSION}'"
        raise InputError([*problems, Problem(Location(str(path)), message)])
    held = value.get("resources") or {}
    if not isinstance(held, dict):
        message = "'resources' is a map: a logical id, then its type and its id"
        problems.append(Problem(mark.children["resources"].at(), message))
    lock: Lock = {}
    owners: dict[tuple[str, str, str | None, str | None], str] = {}
    for logical_id, entry in held.items() if isinstance(held, dict) else ():
        place = mark.children["resources"].children[logical_id].entry()
        fault = _fault(entry)
        if fault:
            problems.append(Problem(place, f"'{str(logical_id)[:60]}' {fault}"))
            continue
        found = Entry(entry["type"], entry["id"], entry.get("account"), entry.get("region"), place)
        other = owners.setdefault((found.type, found.id, found.account, found.region), logical_id)
        if other != logical_id:
            problems.append(Problem(place, f"{found.id} is bound to '{other}' already; one resource is one thing"))
        lock[logical_id] = found
    if problems:
        raise InputError(problems)
    return lock


def _fault(entry: Any) -> str | None:
    """What is wrong with an entry."""
    if not isinstance(entry, dict):
        return "is a map with 'type' and 'id'"
    for key in entry:
        if key not in _KEYS:
            return f"has no '{str(key)[:40]}' (it has {', '.join(_KEYS)})"
    missing = [key for key in ("type", "id") if not entry.get(key)]
    if missing:
        return f"needs '{missing[0]}'"
    return next((f"has a '{k}' that is no text" for k in entry if not isinstance(entry[k], str)), None)


def write(path: Path, lock: Lock) -> None:
    """Write a lock whole, sorted by logical id."""
    from archproof import files

    files.write(path, text(lock))


def text(lock: Lock) -> str:
    """A lock as it is written."""
    import json

    lines = [_HEAD + "resources:" + ("" if lock else " {}")]
    for logical_id in sorted(lock):
        entry = lock[logical_id]
        pairs = [("type", entry.type), ("id", entry.id), ("account", entry.account), ("region", entry.region)]
        inside = ", ".join(f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in pairs if value)
        lines.append(f"  {logical_id}: {{{inside}}}")
    return "\n".join(lines) + "\n"
