"""Print the JSON Schema (2020-12) of architecture.yaml, for editors and other tools."""

from __future__ import annotations

import argparse
import json

COMMAND = "schema"
HELP = "print the JSON Schema of architecture.yaml"


def arguments(parser: argparse.ArgumentParser) -> None:
    """`schema` has no options."""


def run(options: argparse.Namespace) -> int:
    """Print the schema."""
    from archproof.model.schema import schema

    print(json.dumps(schema(), indent=2, ensure_ascii=False))
    return 0
