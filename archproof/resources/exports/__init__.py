"""What resources are written as for other tools: one module a format.

Each names its format in the literal constant `FORMAT`, says in `ABOUT` what it is, and has
`export(resources, wanted) -> files`: texts by their names, the only one under `""`. A format that may need
several files says `SEVERAL = True`, and writes them only where `wanted.folder` says that there is a place for them.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archproof.discovery import constants

if TYPE_CHECKING:
    from archproof.resources.resource import Resources

PACKAGE = "archproof.resources.exports"


@dataclass(frozen=True)
class Wanted:
    """How an export is wanted."""

    description: str = ""
    """What the system is, in a line."""
    beside: str = ""
    """The folder that places in the source are told relative to."""
    json: bool = False
    """JSON and not YAML, where a format has both."""
    folder: bool = False
    """Whether several files can be written."""


def formats() -> dict[str, str]:
    """Every format, with what it is."""
    about = constants(PACKAGE, "ABOUT")
    return {name: about[module] for module, name in sorted(constants(PACKAGE, "FORMAT").items(), key=lambda m: m[1])}


def several(format: str) -> bool:
    """Whether a format may need several files."""
    names = constants(PACKAGE, "FORMAT")
    return format in [names[module] for module, may in constants(PACKAGE, "SEVERAL").items() if may]


def export(resources: Resources, format: str, wanted: Wanted | None = None) -> dict[str, str]:
    """The files of `resources` in `format`, by name; `""` names the only one.

    Raises KeyError for an unknown format, UsageError where the format cannot hold the system as it is wanted.
    """
    modules = {name: module for module, name in constants(PACKAGE, "FORMAT").items()}
    module = importlib.import_module(modules[format])
    files: dict[str, str] = module.export(resources, wanted or Wanted())
    return files
