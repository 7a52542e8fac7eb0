"""Compare a system with what is really there: an account, a snapshot of one, or any other description of it.

Exit status: 0 as declared; 1 something declared is otherwise or missing; 3 something could not be told (with --strict).
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from archproof.cli import comparing
from archproof.cli import options as shared

if TYPE_CHECKING:
    from archproof.model.architecture import Architecture

COMMAND = "drift"
HELP = "compare the model with what is really there"


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `drift`."""
    from archproof.drift import formats
    from archproof.drift.differences import THRESHOLDS

    shared.add_file(parser)
    shared.add_today(parser)
    comparing.add(parser, "aws")
    names = formats.formats()
    parser.add_argument("--format", default="text", choices=names, metavar="FORMAT", help=", ".join(names) + " (text)")
    parser.add_argument(
        "--fail-on", default="declared", choices=THRESHOLDS, metavar="TIER",
        help=f"from what on it fails: {', '.join(THRESHOLDS)} (declared)",
    )  # fmt: skip
    parser.add_argument("--strict", action="store_true", help="exit with 3 where something could not be told")
    parser.add_argument(
        "--ignore", action="append", default=[], metavar="RULE",
        help="a resource, a component or a type, and after ':' a property; may be repeated",
    )  # fmt: skip
    parser.add_argument("--write-lock", action="store_true", help="write what was bound to the lock")
    parser.add_argument("--print-policy", action="store_true", help="print the least IAM policy that reading needs")
    parser.add_argument("-o", "--output", metavar="OUT", help="a file for the report; standard output when left out")


def run(options: argparse.Namespace) -> int:
    """Compare, and print the report."""
    from archproof.drift import formats, ignores, system
    from archproof.drift import lock as locks

    architecture = shared.load(options)
    if options.print_policy:
        return _policy(options, architecture)
    rules = [ignores.parse(text) for text in options.ignore]
    path, lock = comparing.lock(options, writing=options.write_lock)
    live = comparing.live(options, architecture)
    comparison = system.compare(
        architecture, live, today=shared.today(options), lock=lock, stack=options.stack, region=options.region,
        ignore=rules,
    )  # fmt: skip
    terminal = shared.colour() and not options.output
    title = architecture.system.title or architecture.system.name
    text = formats.render(comparison, options.format, title=title, live=options.live, colour=terminal)
    shared.emit(text, options.output)
    if options.write_lock:
        held = system.locked(comparison, live, lock, architecture)
        locks.write(path, held)
        shared.note(f"wrote {path}: {len(held)} binding{'' if len(held) == 1 else 's'}")
    if comparison.fails(options.fail_on):
        return 1
    return 3 if options.strict and comparison.uncertain else 0


def _policy(options: argparse.Namespace, architecture: Architecture) -> int:
    """Print the least policy that reading for this comparison needs."""
    from archproof.sources.aws import policy

    shared.emit("\n".join(policy.texts(comparing.scope(options, architecture))) + "\n", options.output)
    return 0
