"""Writing files whole or not at all.

Where the system can, a file has no name until all of its bytes are there, so that a process killed at
any moment leaves the old file or the new one and nothing between.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from pathlib import Path

from archproof.errors import UsageError


def write(path: Path, content: str | bytes) -> None:
    """Put `content` at `path`, making its folder. Raises UsageError where that cannot be done."""
    data = content.encode("utf-8") if isinstance(content, str) else content
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _replace(path, data)
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror or error}") from None


def _replace(path: Path, data: bytes) -> None:
    waiting = path.with_name(f".{path.name[:100]}.{os.getpid()}.new")
    try:
        _write_waiting(waiting, data)
        with contextlib.suppress(OSError):
            os.chmod(waiting, stat.S_IMODE(path.stat().st_mode))  # a file that others may not read stays so
        os.replace(waiting, path)
    except BaseException:
        with contextlib.suppress(OSError):
            waiting.unlink()
        raise


def _write_waiting(waiting: Path, data: bytes) -> None:
    """Write all of `data` under the waiting name; on Linux the name appears with the last byte there."""
    flag = getattr(os, "O_TMPFILE", None)
    if flag is not None and _write_nameless(waiting, data, flag):
        return
    waiting.write_bytes(data)


def _write_nameless(waiting: Path, data: bytes, flag: int) -> bool:
    """Write into a file without a name and then name it; False where the file system has no such files."""
    try:
        folder = os.open(waiting.parent, os.O_RDONLY | os.O_DIRECTORY)
    except OSError:
        return False
    try:
        descriptor = os.open(".", flag | os.O_WRONLY, 0o666, dir_fd=folder)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            # with a folder's descriptor Python calls linkat, which follows the link to the nameless file
            os.link(f"/proc/self/fd/{descriptor}", waiting.name, src_dir_fd=folder, dst_dir_fd=folder)
        return True
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise
        return False
    finally:
        os.close(folder)
