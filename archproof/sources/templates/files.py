"""Files beside a template that it names by path: found, and never outside the folder of the main template."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

REMOTE = ("http:", "https:", "s3:", "S3:", "HTTP:", "HTTPS:")
MAX_FILES = 500
"""The most files that one template may bring in."""


class OutsideError(Exception):
    """A path leaves the folder of the main template."""


@dataclass
class Files:
    """The folder of the main template, and what was read from it."""

    root: Path
    home: str = ""
    """The folder of the main template as messages name it."""
    texts: dict[str, str] = field(default_factory=dict)
    """The text of every file, by the name it has in messages."""
    count: int = 0

    def find(self, name: str, base: Path) -> Path | None:
        """The file that `name` is in the folder `base`; None where there is none. Raises OutsideError."""
        said = name.removeprefix("file://")
        if "\0" in said:
            return None
        try:
            path = (base / said).resolve()
            root = self.root.resolve()
            if path != root and root not in path.parents:
                raise OutsideError
            return path if path.is_file() else None
        except (OSError, RuntimeError, ValueError):
            return None

    def shown(self, path: Path) -> str:
        """The name that messages give to `path`: beside that of the main template, however deep its own stands."""
        relative = os.path.relpath(path, self.root.resolve())
        return os.path.normpath(os.path.join(self.home, relative)).replace(os.sep, "/")


def is_remote(name: str) -> bool:
    """Whether a name is an address and no path."""
    return name.startswith(REMOTE)
