"""Functions that read files: only within the folder that was given."""

from __future__ import annotations

import base64
import fnmatch
import hashlib
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from archproof.errors import InputError
from archproof.model.text import decode, read_bytes
from archproof.sources.hcl.evaluation import HclSet, as_text
from archproof.sources.hcl.symbols import Failure

MAX_FILE = 1_000_000
MAX_HASHED = 64_000_000
MAX_FOUND = 2_000
NAMES = frozenset({
    "file", "fileexists", "fileset", "filebase64", "filemd5", "filesha1", "filesha256", "filesha512",
    "filebase64sha256", "filebase64sha512", "templatefile", "abspath", "dirname", "basename", "pathexpand",
})  # fmt: skip


def inside(root: Path, name: Any) -> Path:
    """The path of a file of the folder. Raises Failure where it stands elsewhere."""
    text = as_text(name)
    path = Path(os.path.realpath(root / text))
    if "\0" in text or os.path.commonpath([str(path), os.path.realpath(root)]) != os.path.realpath(root):
        raise Failure(f"'{text[:100]}' stands outside of the folder: it is not read")
    return path


def content(root: Path, name: Any, limit: int = MAX_FILE) -> bytes:
    """The bytes of a file. Raises Failure where there is none or it is too large."""
    path = inside(root, name)
    try:
        if path.stat().st_size > limit:
            raise Failure(f"'{as_text(name)[:100]}' is larger than {limit // 1_000_000} MB")
        return read_bytes(path, as_text(name))
    except (OSError, InputError):
        raise Failure(f"there is no file '{as_text(name)[:100]}' here") from None


def text(root: Path, name: Any) -> str:
    """The text of a file. Raises Failure."""
    try:
        return decode(content(root, name), as_text(name))
    except InputError as error:
        raise Failure(str(error)[:200]) from None


def call(root: Path, name: str, *arguments: Any) -> Any:
    """The result of a function that reads files, all but `templatefile`. Raises Failure."""
    if name in _PATHS:
        return _PATHS[name](as_text(arguments[0]))
    if name == "file":
        return text(root, arguments[0])
    if name == "filebase64":
        return base64.b64encode(content(root, arguments[0])).decode()
    if name == "fileexists":
        return inside(root, arguments[0]).is_file()
    if name == "fileset":
        return _fileset(root, *arguments)
    algorithm = name.removeprefix("file").removeprefix("base64")
    digest = hashlib.new(algorithm, content(root, arguments[0], MAX_HASHED), usedforsecurity=False)
    return base64.b64encode(digest.digest()).decode() if "base64" in name else digest.hexdigest()


_PATHS: dict[str, Callable[[str], Any]] = {
    "dirname": lambda p: os.path.dirname(p) or ".",
    "basename": os.path.basename,
    "abspath": lambda p: p,
    "pathexpand": lambda p: p,
}


def _fileset(root: Path, folder: Any, pattern: Any) -> HclSet:
    base = inside(root, folder)
    wanted = _pattern(as_text(pattern))
    found: list[str] = []
    visited = 0
    for path, folders, files in os.walk(base):
        folders[:] = sorted(f for f in folders if f not in (".terraform", ".git"))
        for file in files:
            visited += 1
            name = os.path.relpath(os.path.join(path, file), base).replace(os.sep, "/")
            if wanted.match(name):
                found.append(name)
        if len(found) > MAX_FOUND or visited > 50_000:
            raise Failure(f"fileset() finds more than {MAX_FOUND:,} files")
    return HclSet.of(found)


def _pattern(pattern: str) -> re.Pattern[str]:
    """A glob as a regular expression: `**` crosses folders, `*` does not, `{a,b}` is one of them."""
    made = ""
    for piece in re.findall(r"\*\*/|\*\*|\*|\?|\{[^{}]*\}|\[[^\]]*\]|[^*?{\[]+|.", pattern[:500]):
        if piece in ("**/", "**"):
            made += "(?:[^/]+/)*" if piece == "**/" else ".*"
        elif piece in ("*", "?"):
            made += "[^/]*" if piece == "*" else "[^/]"
        elif piece[0] == "{":
            made += "(?:" + "|".join(re.escape(w) for w in piece[1:-1].split(",")) + ")"
        elif piece[0] == "[" and len(piece) > 2:
            made += fnmatch.translate(piece).removeprefix("(?s:").removesuffix(")\\Z")
        else:
            made += re.escape(piece)
    return re.compile(made + r"\Z")
