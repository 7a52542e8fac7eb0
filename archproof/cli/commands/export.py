"""Write the system as another tool reads it: a CloudFormation template, or the resource graph as JSON."""

from __future__ import annotations

import argparse
import os

from archproof.cli import options as shared

COMMAND = "export"
HELP = "write a CloudFormation template, or the resource graph as JSON"


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `export`."""
    shared.add_file(parser)
    parser.add_argument(
        "--to",
        required=True,
        choices=("cloudformation", "json"),
        help="a CloudFormation template, or the graph of the resources as JSON",
    )
    parser.add_argument("-o", "--output", metavar="OUT", help="a file (.yaml or .json); standard output when left out")


def run(options: argparse.Namespace) -> int:
    """Export the model."""
    from archproof.resources.graph import graph
    from archproof.resources.lowering import lower
    from archproof.resources.template import template, to_json, to_yaml

    architecture = shared.load(options)
    resources = lower(architecture)
    if options.to == "json":
        text = to_json(graph(resources))
    else:
        system, folder = architecture.system, os.path.dirname(os.path.abspath(options.file))
        value = template(resources, system.summary or system.title or "", folder)
        text = to_json(value) if (options.output or "").endswith(".json") else to_yaml(value)
    shared.emit(text, options.output)
    return 0
