"""The files of a snapshot: every regular file of a folder whose text begins as JSON does."""

from __future__ import annotations

import functools
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from archproof.discovery import constants
from archproof.errors import InputError
from archproof.sources.reading import Probe

PACKAGE = "archproof.sources.responses"
MAX_FILES = 20_000
"""The most files of a folder that are looked at."""
_SKIPPED = frozenset({"node_modules", "__pycache__"})
_HEAD = 2048
_KEY = re.compile(r'"([A-Za-z][A-Za-z0-9]*)"\s*:')
_WRAPPERS = 3
"""How many maps may stand around a response: a region, an account, the name of a command."""


@functools.cache
def table() -> dict[str, list[tuple[str, str]]]:
    """Every key of a response → (the field that tells its entries, the module that reads it)."""
    found: dict[str, list[tuple[str, str]]] = {}
    for module, keys in constants(PACKAGE, "KEYS").items():
        for key, fields in keys.items():
            for field in (fields,) if isinstance(fields, str) else fields:
                found.setdefault(key, []).append((field, module))
    return found


@functools.cache
def wholes() -> list[tuple[str, frozenset[str], str]]:
    """The responses that are the thing itself: their key, the fields they may have (any when empty), the first one."""
    found = []
    for key in table():
        if key.startswith("."):
            first, *others = key[1:].split()
            found.append((key, frozenset([first, *others, "ResponseMetadata"]) if others else frozenset(), first))
    return sorted(found, key=lambda whole: (not whole[1], whole[0]))


def whole(value: dict[str, Any]) -> str | None:
    """The key under which a response is read as a whole; None where it is a listing or nothing known."""
    for key, fields, first in wholes():
        if first in value and (not fields or value.keys() <= fields):
            return key
    return None


def module_of(key: str, entry: Any) -> str | None:
    """The module that reads an entry of a response; None where none does."""
    for field, module in table().get(key, ()):
        if (
            key[0] == "."
            or (not field and isinstance(entry, str))
            or (field and isinstance(entry, dict) and field in entry)
        ):
            return module
    return None


def files_of(folder: Probe, notes: list[str]) -> Iterator[Probe]:
    """The files below a folder that may hold a response, in the order of their names; the rest is noted.

    No link is followed that leaves the folder.
    """
    root = folder.path.resolve()
    seen = 0
    for outer, folders, names in os.walk(folder.path):
        folders[:] = sorted(f for f in folders if not f.startswith(".") and f not in _SKIPPED)
        for name in sorted(names):
            if name.startswith("."):
                continue
            seen += 1
            if seen > MAX_FILES:
                notes.append(f"{folder.name}: only the first {MAX_FILES:,} files were looked at")
                return
            path = Path(outer) / name
            if path.is_symlink() and not path.resolve().is_relative_to(root):
                notes.append(f"{path}: left out, a link that leaves the folder")
            elif not path.is_file() or not _begins_as_json(path):
                notes.append(f"{path}: left out, no JSON")
            else:
                yield Probe(path)


def _begins_as_json(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError:
        return True  # what is wrong is told when it is read
    return head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"[")


def is_response(text: str) -> bool:
    """Say whether a text holds a response of AWS's: cheaply where its first keys tell, else by reading it."""
    if not _names_a_response(text):
        return False
    try:
        value = json.loads(text)
    except RecursionError:
        return False
    except ValueError:
        try:
            value, _ = json.JSONDecoder().raw_decode(text.lstrip("\ufeff \t\r\n"))
        except (ValueError, RecursionError):
            return False
    return holds_response(value)


def names_a_response(file: Probe) -> bool:
    """Say whether a file that could not be read speaks of a response."""
    try:
        return _names_a_response(file.text)
    except InputError:
        return True


def _names_a_response(text: str) -> bool:
    return any(match[1] in table() or f".{match[1]}" in table() for match in _KEY.finditer(text))


def holds_response(value: Any, depth: int = 0) -> bool:
    """Say whether a value is a response, or holds one not far below."""
    if depth > _WRAPPERS:
        return False
    if isinstance(value, list):
        return any(holds_response(v, depth + 1) for v in value[:20] if isinstance(v, dict))
    if not isinstance(value, dict):
        return False
    if _is_reply(value):
        return True
    return any(holds_response(v, depth + 1) for k, v in value.items() if isinstance(v, dict) and k not in table())


def _is_reply(value: dict[str, Any]) -> bool:
    strong = whole(value)
    if strong is not None and " " not in strong:
        return True
    for key, held in value.items():
        if key in table():
            if isinstance(held, list) and (not held or module_of(key, held[0])):
                # an empty list of a common name says nothing by itself
                if held or len(value) == 1 or "ResponseMetadata" in value or "NextToken" in value:
                    return True
            elif module_of(key, held):
                return True
    return False


def texts(probe: Probe) -> list[str]:
    """The documents of a file: pages of a listing may follow each other without a comma."""
    decoder = json.JSONDecoder()
    text = probe.text
    found: list[str] = []
    start = 0
    while True:
        while start < len(text) and text[start] in " \t\r\n\ufeff,":
            start += 1
        if start >= len(text):
            return found
        try:
            _, end = decoder.raw_decode(text, start)
        except (ValueError, RecursionError):
            return [text]  # the reader with marks tells where it goes wrong
        line = text.count("\n", 0, start)
        column = start - (text.rfind("\n", 0, start) + 1)
        found.append("\n" * line + " " * column + text[start:end] if start else text[start:end])
        start = end
