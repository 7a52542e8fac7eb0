"""Where a command puts what may be several files: standard output, one file, a folder, or a zip archive.

A folder is put in place whole: written beside it under another name first, and never over files of anybody else.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from archproof import files as file_system
from archproof.cli import options as shared
from archproof.errors import UsageError

_ENDINGS = {"cloudformation": "yaml", "json": "json", "graphml": "graphml"}
_STAMP = (1980, 1, 1, 0, 0, 0)
"""The time of every file in an archive, so that the same input gives the same bytes."""
_OURS = (".yaml", ".json", ".graphml")


class Output:
    """The place that `-o` names."""

    def __init__(self, said: str | None, *, several: bool) -> None:
        self.said = said
        path = Path(said or "")
        self.zip = path.suffix.lower() == ".zip"
        self.folder = said is not None and not self.zip and (said.endswith(("/", os.sep)) or path.is_dir())
        self.json = path.suffix.lower() == ".json"
        self.many = several and (self.zip or self.folder)

    def write(self, files: dict[str, str], name: str, format: str) -> None:
        """Write all files, or none. The only one is called `name` where it has no name of its own.

        Raises UsageError where that cannot be done.
        """
        if not self.many:
            shared.emit(files[""], self.said)
            return
        named = {key or f"{name}.{_ENDINGS.get(format, 'txt')}": text for key, text in files.items()}
        assert self.said is not None
        if self.zip:
            file_system.write(Path(self.said), _archive(named))
        else:
            _put(Path(self.said), named)
        parts = f" ({len(named)} files)" if len(named) > 1 else ""
        shared.note(f"wrote {self.said}{parts}")


def _archive(files: dict[str, str]) -> bytes:
    import io
    import zipfile

    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(zipfile.ZipInfo(name, _STAMP), text.encode("utf-8"), zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _put(folder: Path, files: dict[str, str]) -> None:
    """Put a folder in place: an empty one, a new one, or one that holds nothing but an earlier export."""
    _refuse_strangers(folder, files)
    old: Path | None = None
    waiting: Path | None = None
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        waiting = Path(tempfile.mkdtemp(prefix=f".{folder.name[:80]}.", dir=folder.parent))
        for name, text in files.items():
            path = waiting / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
        waiting.chmod(0o755)
        if folder.exists():
            old = Path(tempfile.mkdtemp(prefix=f".{folder.name[:80]}.old.", dir=folder.parent))
            os.replace(folder, old / folder.name)
        os.replace(waiting, folder)
    except OSError as error:
        if old is not None and not folder.exists():
            os.replace(old / folder.name, folder)
        raise UsageError(f"cannot write {folder}: {error.strerror or error}") from None
    finally:
        for left in (waiting, old):
            if left is not None:
                shutil.rmtree(left, ignore_errors=True)


def _refuse_strangers(folder: Path, files: dict[str, str]) -> None:
    if not folder.exists():
        return
    if folder.is_symlink() or not folder.is_dir():
        raise UsageError(f"{folder} is no folder of its own; name one that is empty or not there yet")
    names = {Path(name).parts[0] for name in files}
    for path in sorted(folder.iterdir()):
        ours = path.name in names or (path.name == "parts" and path.is_dir()) or path.stem == "template"
        inner = sorted(path.iterdir()) if path.is_dir() and not path.is_symlink() else [path]
        if not ours or any(p.suffix not in _OURS for p in inner):
            raise UsageError(f"{folder} holds '{path.name}', which no export wrote: name another folder")
