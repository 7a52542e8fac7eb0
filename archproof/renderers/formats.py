"""Every picture format by its file extension, found without importing any of them.

A format is a module of this package with a literal `EXTENSIONS` and
`write(drawing, options) -> bytes`; a new one needs no line anywhere else.
"""

from __future__ import annotations

from pathlib import Path

from archproof import files
from archproof.discovery import index, module_for
from archproof.errors import UsageError
from archproof.renderers.options import DEFAULT, Options
from archproof.renderers.placed import LaidOut
from archproof.renderers.scene import Drawing
from archproof.renderers.sequence import LaidOutSequence

PACKAGE = "archproof.renderers"


def extensions() -> list[str]:
    """The file extensions that pictures can have."""
    return sorted(index(PACKAGE, "EXTENSIONS"))


def write(drawing: Drawing | LaidOut | LaidOutSequence, extension: str, options: Options = DEFAULT) -> bytes:
    """The drawing in the format of a file extension."""
    module = module_for(PACKAGE, "EXTENSIONS", extension.lower().lstrip("."))
    if module is None:
        raise UsageError(f"no picture format {extension!r}: there are {', '.join(extensions())}")
    data: bytes = module.write(drawing, options)
    return data


def save(drawing: Drawing | LaidOut | LaidOutSequence, path: Path, options: Options = DEFAULT) -> None:
    """Write the drawing to a file in the format of its name; nothing is written if that fails.

    Raises UsageError where there is no such format or the file cannot be written.
    """
    files.write(path, write(drawing, path.suffix, options))
