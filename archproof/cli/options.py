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
    from archproof.sources.reading import Request

DEFAULT_FILE = "architecture.yaml"
NOTES = 10
"""How much of what a reader left out is told."""


def add_file(parser: argparse.ArgumentParser) -> None:
    """`FILE` and `--env`."""
    parser.add_argument(
        "file", nargs="?", default=DEFAULT_FILE, metavar="FILE",
        help=f"the model ({DEFAULT_FILE}), or a template, a plan, a state, a folder of Terraform or of AWS's output",
    )  # fmt: skip
    parser.add_argument("--env", metavar="E", help="the environment whose values are laid over the model")
    add_source(parser)


def add_source(parser: argparse.ArgumentParser) -> None:
    """What may be said about a source that is no model."""
    parser.add_argument(
        "--parameter", action="append", default=[], metavar="K=V|@FILE",
        help="the value of a template's parameter or of Terraform's variable, or a JSON file of them; may be repeated",
    )  # fmt: skip
    parser.add_argument(
        "--region", metavar="R", action=_Regions,
        help="the region of a source that does not say its own; of a live account those to read, `all` for all",
    )  # fmt: skip


class _Regions(argparse.Action):
    """`--region`: the last one said, and all of them as `regions`."""

    def __call__(self, parser: object, namespace: argparse.Namespace, values: object, option: object = None) -> None:
        namespace.regions = [*(getattr(namespace, "regions", None) or ()), values]
        namespace.region = values


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
    """Load what the options name: a model (of a file or its folder) or any other source. Raises InputError."""
    from archproof.sources.reading import load as load_any

    if not options.file:
        raise UsageError("the name of the file is empty")
    architecture = load_any(options.file, request(options))
    notes = architecture.given.notes if architecture.given is not None else []
    for line in notes[:NOTES]:
        note(line)
    if len(notes) > NOTES:
        note(f"and {len(notes) - NOTES:,} more notes")
    return architecture


def request(options: argparse.Namespace) -> Request:
    """What the options say about the source beside its path.

    Raises UsageError for a `--parameter` without `=`, InputError for a file of parameters that is none.
    """
    from archproof.sources.reading import Request

    parameters: dict[str, str] = {}
    for said in options.parameter:
        if said.startswith("@"):
            from archproof.sources.parameter_files import read

            parameters.update(read(said[1:]))
            continue
        key, equals, value = said.partition("=")
        if not equals or not key:
            raise UsageError(f"--parameter is written NAME=VALUE; found '{said[:60]}'")
        parameters[key] = value
    return Request(parameters, options.region, options.env)


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
