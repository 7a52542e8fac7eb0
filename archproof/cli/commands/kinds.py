"""List the kinds of components, or print the reference page of one as Markdown."""

from __future__ import annotations

import argparse
import sys

from archproof.errors import UsageError

COMMAND = "kinds"
HELP = "list the kinds of components, or show what one takes"


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `kinds`."""
    parser.add_argument("kind", nargs="?", metavar="KIND", help="a kind, e.g. sqs_queue; the list of all when left out")


def run(options: argparse.Namespace) -> int:
    """Print the list or the page."""
    from archproof.model import reference, registry
    from archproof.suggest import did_you_mean

    if options.kind is None:
        sys.stdout.write(reference.listing())
        return 0
    if options.kind not in registry.classes():
        hint = did_you_mean(options.kind, registry.kinds())
        raise UsageError(f"no kind is called '{options.kind[:60]}'{hint or ';'} `archproof kinds` lists them")
    sys.stdout.write(reference.page(options.kind))
    return 0
