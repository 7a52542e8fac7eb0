"""ELK's answers, kept in the user's cache folder: a picture that did not change is not laid out again.

Sound, because an answer depends on nothing but the graph and the engine's code, and both are in the key
(the engine through the stamp of the built assets). Any trouble with the folder only means no cache.
`ARCHPROOF_CACHE=off` turns it off; a path in it is used as the folder.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from contextlib import ExitStack, suppress
from pathlib import Path
from types import TracebackType
from typing import Any

from archproof.assets import read_text
from archproof.renderers.layout.engine import Engine, engine

FORMAT = "1"
MOST_FILES = 2000


def folder() -> Path | None:
    """Where answers are kept, or None if they are not."""
    chosen = os.environ.get("ARCHPROOF_CACHE", "")
    if chosen.lower() in ("off", "0", "no"):
        return None
    if chosen:
        return Path(chosen)
    base = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    with suppress(RuntimeError):
        return (Path(base) if base else Path.home() / ".cache") / "archproof" / "layouts"
    return None


class RememberingEngine:
    """Lays out graphs; the engine itself is started only for a graph that was not seen before."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._engine: Engine | None = None
        self._folder = folder()
        self._stamp = read_text("stamp.txt").strip()

    def __enter__(self) -> RememberingEngine:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._stack.close()

    def layout(self, graph: dict[str, Any]) -> dict[str, Any]:
        """The answer for a graph, remembered or new."""
        path = self._path(graph)
        answer = recall(path)
        if answer is None:
            if self._engine is None:
                self._engine = self._stack.enter_context(engine())
            answer = self._engine.layout(graph)
            keep(path, answer)
        return answer

    def _path(self, graph: dict[str, Any]) -> Path | None:
        if self._folder is None:
            return None
        text = json.dumps(graph, sort_keys=True, separators=(",", ":"))
        key = hashlib.sha256("\0".join((FORMAT, self._stamp, text)).encode()).hexdigest()
        return self._folder / f"{key}.json"


def recall(path: Path | None) -> dict[str, Any] | None:
    """An answer that was kept, or None; a damaged file is as good as none."""
    if path is None:
        return None
    with suppress(OSError, ValueError):
        found = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(found, dict) and found.get("id") == "root":
            return found
    return None


def keep(path: Path | None, answer: dict[str, Any]) -> None:
    """Write an answer in one step, so that no reader ever sees half of it; make room now and then."""
    if path is None:
        return
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, suffix=".tmp")
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            json.dump(answer, stream, separators=(",", ":"))
        os.replace(name, path)
        kept = list(path.parent.glob("*.json"))
        if len(kept) > MOST_FILES:
            for old in sorted(kept, key=lambda p: p.stat().st_mtime)[: MOST_FILES // 2]:
                old.unlink(missing_ok=True)
