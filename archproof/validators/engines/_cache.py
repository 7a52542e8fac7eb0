"""Results of engines kept in the user's own cache: one file each, named by a digest of all that it was made from.

A cache never makes a check fail: what cannot be read, or is not what was written, is as good as not there, and
what cannot be written is not kept. `ARCHPROOF_CACHE` names another folder, or is `off`.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

_OFF = ("off", "no", "none", "0", "false", "")
_MOST_FILES = 400
_MOST_BYTES = 64 * 1024 * 1024
_MOST_EACH = 16 * 1024 * 1024


def folder() -> Path | None:
    """The folder of results; None where nothing is to be kept, or the system tells of no folder for it."""
    said = os.environ.get("ARCHPROOF_CACHE")
    if said is not None:
        return None if said.strip().lower() in _OFF else Path(said)
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA", "")
    elif sys.platform == "darwin":
        base = os.path.expanduser("~/Library/Caches")
    else:
        base = os.environ.get("XDG_CACHE_HOME", "")
        if not os.path.isabs(base):  # the specification says that others are to be ignored
            base = os.path.expanduser("~/.cache")
    # without a home the path stays relative, and nothing is ever written beside the project
    return Path(base, "archproof", "engines") if os.path.isabs(base) else None


def read(key: str) -> Any:
    """What was kept under `key`, or None."""
    home = folder()
    if home is None:
        return None
    path = home / f"{key}.json"
    try:
        with path.open("rb") as file:
            raw = file.read(_MOST_EACH + 1)
        kept = json.loads(raw) if len(raw) <= _MOST_EACH else None
        if not isinstance(kept, dict) or kept.get("key") != key:
            return None
        with contextlib.suppress(OSError):
            os.utime(path)  # what is used is kept longest
        return kept.get("value")
    except (OSError, ValueError, RecursionError):
        return None


def write(key: str, value: Any) -> None:
    """Keep `value`, which JSON can hold, under `key`; make room where there is too much."""
    home = folder()
    if home is None:
        return
    try:
        raw = json.dumps({"key": key, "value": value}, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
        if len(raw) > _MOST_EACH:
            return
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        _make_room(home, len(raw))
        descriptor, waiting = tempfile.mkstemp(dir=home, suffix=".new")  # readable by its owner alone
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(raw)
            os.replace(waiting, home / f"{key}.json")
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(waiting)
            raise
    except (OSError, ValueError, TypeError):
        return


def _make_room(home: Path, wanted: int) -> None:
    """Remove what has not been used for longest, until one more of `wanted` bytes fits."""
    held = []
    with os.scandir(home) as entries:
        for entry in entries:
            if entry.name.endswith((".json", ".new")) and entry.is_file(follow_symlinks=False):
                about = entry.stat(follow_symlinks=False)
                held.append((about.st_mtime_ns, entry.path, about.st_size))
    held.sort(reverse=True)
    size = wanted
    for number, (_, path, bytes_) in enumerate(held):
        size += bytes_
        if number + 1 >= _MOST_FILES or size > _MOST_BYTES:
            with contextlib.suppress(OSError):
                os.unlink(path)
