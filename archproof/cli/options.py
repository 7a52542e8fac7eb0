"""Options that several commands share."""

from __future__ import annotations

import argparse
import datetime
import os
import sys
from typing import TYPE_CHECKING

from archproof.errors import UsageError

if TYPE_CHECKING:
    from archproof.model.architecture import Architecture

DEFAULT_FILE = "architecture.yaml"


def add_file(parser: argparse.ArgumentParser) -> None:
    """`FILE` and `--env`."""
    parser.add_argument("file", nargs="?", default=DEFAULT_FILE, metavar="FILE", help=f"the model ({DEFAULT_FILE})")
    parser.add_argument("--env", metavar="E", help="the environment whose values are laid over the model")


def add_today(parser: argparse.ArgumentParser) -> None:
    """`--today`, for checks whose answer changes with the day."""
    parser.add_argument("--today", type=_day, metavar="DAY", help="the day to judge by, as 2026-12-31 (now)")


def _day(text: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text[:40]}' is not a day such as 2026-12-31") from None


def today(options: argparse.Namespace) -> datetime.date:
    """The day to judge by: `--today`, else SOURCE_DATE_EPOCH, else the clock's."""
    if options.today:
        given: datetime.date = options.today
        return given
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if epoch.isdigit():
        return datetime.datetime.fromtimestamp(int(epoch), datetime.UTC).date()
    return datetime.datetime.now(datetime.UTC).date()


def load(options: argparse.Namespace) -> Architecture:
    """Load the model that the options name, or that lies in the folder that they name. Raises InputError."""
    from archproof.model.architecture import load as load_architecture

    if not options.file:
        raise UsageError("the name of the file is empty")
    folder = os.path.isdir(options.file)
    return load_architecture(os.path.join(options.file, DEFAULT_FILE) if folder else options.file, options.env)


def colour() -> bool:
    """Whether results may be coloured: on a terminal, unless NO_COLOR is set."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def note(message: str) -> None:
    """Tell progress, on standard error."""
    print(message, file=sys.stderr)


def emit(text: str, output: str | None) -> None:
    """Write a result to the file that was named, or to standard output."""
    if output is None:
        sys.stdout.write(text)
        return
    from pathlib import Path

    from archproof import files

    files.write(Path(output), text)
    note(f"wrote {output}")
