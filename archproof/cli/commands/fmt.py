"""Write models in their canonical form, with every comment.

Sections and keys stand in the order of the language, what fits on one line stands on one. Nothing that
the file says changes. A file with errors is left alone.
"""

from __future__ import annotations

import argparse
import difflib
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from archproof import files
from archproof.cli import options as shared
from archproof.errors import InputError, Problem

COMMAND = "fmt"
HELP = "write the file in its canonical form, keeping comments"


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `fmt`."""
    parser.add_argument(
        "files", nargs="*", default=[shared.DEFAULT_FILE], metavar="FILE",
        help=f"files to format ({shared.DEFAULT_FILE}); - reads standard input and writes standard output",
    )  # fmt: skip
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 where a file would change")
    parser.add_argument("--diff", action="store_true", help="write nothing; print what would change")


def run(options: argparse.Namespace) -> int:
    """Format the files: all of them, or none where one has errors."""
    formatted = []
    problems: list[Problem] = []
    for name in dict.fromkeys(options.files):
        try:
            formatted.append(_format(name))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    for file in formatted:
        _tell(file, options)
    return 1 if options.check and any(file.changed for file in formatted) else 0


@dataclass(frozen=True, slots=True)
class _File:
    name: str
    before: str
    after: str
    changed: bool

    @property
    def shown(self) -> str:
        return "standard input" if self.name == "-" else self.name


def _format(name: str) -> _File:
    from archproof.model.formatting import canonical
    from archproof.model.text import decode, read_bytes

    shown = "standard input" if name == "-" else name
    raw = sys.stdin.buffer.read() if name == "-" else read_bytes(Path(name), name)
    before = decode(raw, shown)
    after = canonical(before, shown)
    return _File(name, before, after, after.encode() != raw)


def _tell(file: _File, options: argparse.Namespace) -> None:
    """Write the file, or what would change in it."""
    if options.diff and file.changed:
        lines = file.before.splitlines(keepends=True), file.after.splitlines(keepends=True)
        sys.stdout.writelines(_ended(difflib.unified_diff(*lines, file.shown, f"{file.shown} (canonical)")))
    if options.check and file.changed:
        shared.note(f"{file.shown} is not in its canonical form; `archproof fmt` writes it")
    if options.check or options.diff:
        return
    if file.name == "-":
        sys.stdout.write(file.after)
    elif file.changed:
        # a link keeps pointing at the file it points at
        files.write(Path(file.name).resolve(), file.after)
        shared.note(f"formatted {file.name}")


def _ended(lines: Iterable[str]) -> Iterator[str]:
    """Lines of a difference, each with an end."""
    for line in lines:
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
