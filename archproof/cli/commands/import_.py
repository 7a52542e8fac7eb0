"""Make a concise model of any source: a template, a Terraform plan, state or folder, a folder of AWS's output."""

from __future__ import annotations

import argparse
import os
import sys

from archproof.cli import options as shared
from archproof.errors import UsageError

COMMAND = "import"
HELP = "make a concise model of a template, a plan, a state, or a folder of AWS's output"


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `import`."""
    parser.add_argument(
        "source", metavar="SOURCE", help="a template, a plan, a state, a folder of Terraform or of AWS's output"
    )
    parser.add_argument(
        "-o", "--output", metavar="FILE", help="the model to write (architecture.yaml); standard output when left out"
    )
    parser.add_argument("--force", action="store_true", help="replace a file that is there")
    shared.add_source(parser)


def run(options: argparse.Namespace) -> int:
    """Import the source."""
    from archproof.sources.lifting.importing import imported, summary
    from archproof.sources.reading import is_model

    options.env = None
    if not options.source:
        raise UsageError("the name of the source is empty")
    if options.output == "":
        raise UsageError("the name of the file is empty")
    if os.path.exists(options.source) and is_model(options.source):
        raise UsageError(f"{options.source} is a model already")
    if options.output and os.path.lexists(options.output) and not options.force:
        raise UsageError(f"{options.output} is there already; --force replaces it")
    architecture, text = imported(options.source, shared.request(options))
    if options.output:
        shared.emit(text, options.output)
    else:
        sys.stdout.write(text)
    for line in summary(architecture):
        shared.note(line)
    return 0
