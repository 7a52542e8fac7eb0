"""Write the system as another tool reads it: CloudFormation templates, the resource graph as JSON or GraphML."""

from __future__ import annotations

import argparse
import os

from archproof.cli import options as shared
from archproof.discovery import constants

COMMAND = "export"
HELP = "write CloudFormation, or the resource graph as JSON or GraphML"


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `export`."""
    shared.add_file(parser)
    names = sorted(constants("archproof.resources.exports", "FORMAT").values())
    about = "; ".join(f"{name}: {text}" for name, text in _formats().items())
    parser.add_argument("--to", required=True, choices=names, help=about.replace("%", "%%"))
    parser.add_argument(
        "-o", "--output", metavar="OUT",
        help="a file (.json: JSON), a folder (`stacks/`) or an archive (.zip); standard output when left out",
    )  # fmt: skip


def _formats() -> dict[str, str]:
    from archproof.resources.exports import formats

    return formats()


def run(options: argparse.Namespace) -> int:
    """Export the system."""
    from archproof.cli import _outputs
    from archproof.resources import exports
    from archproof.resources.lowering import lower

    architecture = shared.load(options)
    system = architecture.system
    output = _outputs.Output(options.output, several=exports.several(options.to))
    wanted = exports.Wanted(
        description=system.summary or system.title or "",
        beside=os.path.dirname(os.path.abspath(options.file)),
        json=output.json,
        folder=output.many,
    )
    files = exports.export(lower(architecture), options.to, wanted)
    output.write(files, "template" if options.to == "cloudformation" else "system", options.to)
    return 0
