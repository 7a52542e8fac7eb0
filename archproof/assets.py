"""The files that the build brought in from npm: layout engine, icons, fonts and their widths."""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Any

from archproof.errors import ArchproofError

FOLDER = Path(__file__).parent / "_assets"
FONT_FILES = ("Inter-Regular.ttf", "Inter-SemiBold.ttf")


class AssetsMissing(ArchproofError):
    """The package was run from a checkout that was never built."""


def path(name: str) -> Path:
    """The path of an asset."""
    found = FOLDER / name
    if not found.is_file():
        raise AssetsMissing(f"the built file {name} is missing: install the package (pip install -e .) to build it")
    return found


@functools.cache
def read_json(name: str) -> Any:
    """The content of a JSON asset, read once."""
    return json.loads(path(name).read_text(encoding="ascii"))


def read_text(name: str) -> str:
    """The content of a text asset."""
    return path(name).read_text(encoding="utf-8")


def font_paths() -> list[str]:
    """The font files, for programs that paint text from files."""
    return [str(path(name)) for name in FONT_FILES]
