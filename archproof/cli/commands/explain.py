"""Explain a system: a document made of the model, every sentence with the lines behind it."""

from __future__ import annotations

import argparse
from pathlib import Path

from archproof.cli import options as shared
from archproof.errors import UsageError

COMMAND = "explain"
HELP = "write a document, such as the one for an interview"


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `explain`."""
    shared.add_file(parser)
    shared.add_today(parser)
    parser.add_argument("--document", default="interview", metavar="D", help="the document (interview)")
    parser.add_argument(
        "-o", "--output", metavar="OUT", help="a .md or .html file; Markdown to standard output without"
    )


def run(options: argparse.Namespace) -> int:
    """Write the document."""
    from archproof.renderers.publishing import document

    ending = Path(options.output).suffix.lstrip(".").lower() if options.output else "md"
    form = {"md": "md", "markdown": "md", "html": "html", "htm": "html"}.get(ending)
    if form is None:
        raise UsageError(f"'{options.output}' does not end in .md or .html")
    text = document(shared.load(options), options.document, form, shared.today(options))
    shared.emit(text, options.output)
    return 0
