"""A source as the text of a model, and what is to be said about it."""

from __future__ import annotations

import importlib
from pathlib import Path

from archproof.errors import InputError
from archproof.model.architecture import Architecture
from archproof.sources.lifting import lift
from archproof.sources.lifting.writer import write
from archproof.sources.reading import Probe, Request, formats, is_model, read

_ENDINGS = (".yaml", ".yml", ".json", ".template", ".tfstate")
_LOOKED_AT = 200
_LARGEST = 5_000_000
"""Bytes of a file beyond which nobody meant it as the template of the folder."""
_TOLD = 20
"""So many unknowns are told one by one."""


def imported(source: str | Path, request: Request | None = None) -> tuple[Architecture, str]:
    """Return the model of a source and its text. Raises InputError, UsageError."""
    resources = read(source, request)
    architecture = lift(resources)
    return architecture, write(architecture)


def beside(folder: Path) -> list[str]:
    """The sources in a folder: the folder itself where a format takes it whole, else the files that one takes."""
    if recognised(folder):
        return [str(folder)]
    found: list[str] = []
    for path in sorted(folder.iterdir())[:_LOOKED_AT]:
        if path.suffix in _ENDINGS and path.is_file() and path.stat().st_size <= _LARGEST and not is_model(path):
            found += [str(path)] if recognised(path) else []
    return found


def recognised(path: Path) -> bool:
    """Say whether a format takes an input."""
    probe = Probe(path)
    try:
        return any(importlib.import_module(module).recognises(probe) for module in formats().values())
    except InputError:
        return False  # whatever it is, it cannot be read


def summary(architecture: Architecture) -> list[str]:
    """What was imported, and what stayed unknown, a line each."""
    resources = architecture.given
    components = architecture.components.values()
    plain = sum(c.kind == "resource" for c in components)
    counts = [_counted(len(components), "component")]
    if links := len(architecture.document.value.get("links", ())):
        counts.append(_counted(links, "link"))
    of = _counted(len(resources), "resource")
    if plain:
        of += f" ({plain} {'stays' if plain == 1 else 'stay'} as `type:`)"
    lines = [f"imported {' and '.join(counts)} of {of}"]
    for unknown in resources.unknown[:_TOLD]:
        lines.append(f"unknown: {unknown.what}: {unknown.why}")
    if len(resources.unknown) > _TOLD:
        lines.append(f"unknown: and {len(resources.unknown) - _TOLD} more")
    return lines


def _counted(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
