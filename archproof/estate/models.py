"""Models on their way to workers, which may share no folder with whoever asks: their texts, and where they stood."""

from __future__ import annotations

import functools
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from archproof.errors import InputError, Location, Problem

if TYPE_CHECKING:
    from archproof.model.architecture import Architecture


class Packed(NamedTuple):
    """The files of a model: plain data, equal where the texts are."""

    root: str
    """The folder under which all of them stand, as messages call it."""
    main: str
    """The file (or the folder) that is loaded, under the root."""
    files: tuple[tuple[str, str], ...]
    """The files that it is made of, each with its text, under the root."""
    env: str | None = None


def pack(path: str, env: str | None = None) -> Packed:
    """Load the model (or any other source) at `path` to see that it is sound, and pack its files.

    Raises InputError with all that is wrong with it.
    """
    architecture = _load(path, env)
    texts = architecture.given.sources if architecture.given is not None else architecture.document.sources
    names = [name for name in texts if os.path.isfile(name)]
    root = os.path.commonpath([os.path.abspath(n) for n in (path, *names)])
    if os.path.isfile(root):
        root = os.path.dirname(root)
    files = tuple((os.path.relpath(name, root), texts[name]) for name in sorted(names))
    return Packed(os.path.relpath(root), os.path.relpath(path, root), files, env)


@functools.lru_cache(maxsize=32)
def unpack(packed: Packed) -> Architecture:
    """The architecture, loaded from a folder of its own; a worker does this once for a model."""
    with tempfile.TemporaryDirectory(prefix="archproof-model-") as folder:
        for name, text in packed.files:
            target = Path(folder, name)
            if not target.resolve().is_relative_to(Path(folder).resolve()):
                raise InputError([Problem(Location(name), "the file stands outside of the folder of its model")])
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8", newline="")
        return _load(os.path.join(folder, packed.main), packed.env)


def _load(path: str, env: str | None) -> Architecture:
    from archproof.sources.reading import Request, load

    return load(path, Request(environment=env))


def at_home(entry: Mapping[str, Any], packed: Packed) -> dict[str, Any]:
    """An entry whose location names the file as it is called where the model stands."""
    place = entry.get("location")
    if not isinstance(place, dict):
        return dict(entry)
    known = max((n for n, _ in packed.files if place["file"].endswith(f"/{n}")), key=len, default=None)
    if known is None:
        return dict(entry)
    home = known if packed.root == "." else os.path.join(packed.root, known)
    return {**entry, "location": {**place, "file": home}}
