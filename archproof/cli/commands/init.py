"""Write a commented model to start from: a small API without servers, to change into one's own system."""

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
HELP = "write a commented file to start from"


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `init`."""
    parser.add_argument(
        "file", nargs="?", default=shared.DEFAULT_FILE, metavar="FILE",
        help=f"the file to write ({shared.DEFAULT_FILE}); - prints it",
    )  # fmt: skip
    parser.add_argument("--force", action="store_true", help="replace a file that is there")


def run(options: argparse.Namespace) -> int:
    """Write the starter."""
    text = resources("archproof").joinpath("templates", "starter.yaml").read_text(encoding="utf-8")
    if options.file == "-":
        sys.stdout.write(text)
        return 0
    if not options.file:
        raise UsageError("the name of the file is empty")
    if Path(options.file).is_dir():
        raise UsageError(f"{options.file} is a folder; name a file in it, such as {shared.DEFAULT_FILE}")
    if os.path.lexists(options.file) and not options.force:
        raise UsageError(f"{options.file} is there already; --force replaces it, `archproof init -` prints the starter")
    files.write(Path(options.file), text)
    shared.note(f"wrote {options.file}; `archproof check {options.file}` checks it")
    return 0
