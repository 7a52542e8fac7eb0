"""Write a model to start from: imported from the one source that lies here, or a commented small API."""

from __future__ import annotations

import argparse
import os
import sys
from importlib.resources import files as resources
from pathlib import Path

from archproof import files
from archproof.cli import options as shared
from archproof.errors import UsageError

COMMAND = "init"
HELP = "write a file to start from: imported from what lies here, or a commented example"


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `init`."""
    parser.add_argument(
        "file", nargs="?", default=shared.DEFAULT_FILE, metavar="FILE",
        help=f"the file to write ({shared.DEFAULT_FILE}); - prints it",
    )  # fmt: skip
    parser.add_argument("--starter", action="store_true", help="the commented example, whatever lies here")
    parser.add_argument("--force", action="store_true", help="replace a file that is there")


def run(options: argparse.Namespace) -> int:
    """Write the starter, or the import of the one source beside it."""
    found = _source(options)
    if found is not None:
        from archproof.sources.lifting.importing import imported, summary

        architecture, text = imported(found)
        _check(options)
        files.write(Path(options.file), text)
        for line in summary(architecture):
            shared.note(line)
        shared.note(f"wrote {options.file} from {found}; `archproof check {options.file}` checks it")
        return 0
    text = resources("archproof").joinpath("templates", "starter.yaml").read_text(encoding="utf-8")
    if options.file == "-":
        sys.stdout.write(text)
        return 0
    _check(options)
    files.write(Path(options.file), text)
    shared.note(f"wrote {options.file}; `archproof check {options.file}` checks it")
    return 0


def _source(options: argparse.Namespace) -> str | None:
    """The one source beside the file to write, unless the starter is asked for."""
    if options.starter or options.file in ("", "-"):
        return None
    from archproof.sources.lifting.importing import beside

    found = beside(Path(options.file).parent)
    if len(found) > 1:
        listed = ", ".join(found[:3]) + (", …" if len(found) > 3 else "")
        shared.note(f"several sources lie here ({listed}): `archproof import SOURCE` makes a model of one")
    return found[0] if len(found) == 1 else None


def _check(options: argparse.Namespace) -> None:
    """Raise UsageError where the file cannot be written."""
    if not options.file:
        raise UsageError("the name of the file is empty")
    if Path(options.file).is_dir():
        raise UsageError(f"{options.file} is a folder; name a file in it, such as {shared.DEFAULT_FILE}")
    if os.path.lexists(options.file) and not options.force:
        raise UsageError(f"{options.file} is there already; --force replaces it, `archproof init -` prints the starter")
