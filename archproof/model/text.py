"""Reading a text file that anybody may have named: never hangs, never fails without a place and a reason."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from archproof.errors import InputError, Location, Problem

MAX_BYTES = 64 * 1024 * 1024
_MARKS = (
    (b"\xff\xfe\x00\x00", "UTF-32"), (b"\x00\x00\xfe\xff", "UTF-32"), (b"\xff\xfe", "UTF-16"), (b"\xfe\xff", "UTF-16"),
)  # fmt: skip


class UnreadableError(InputError):
    """A file of which no character could be read: it is missing, a folder, a device, forbidden, too large."""

    def __init__(self, shown: str, message: str) -> None:
        super().__init__([Problem(Location(shown), message)])
        self.message = message


def read_text(path: Path, shown: str) -> str:
    """Read a UTF-8 text file; `shown` is its name in messages. Raises InputError."""
    return decode(read_bytes(path, shown), shown)


def decode(raw: bytes, shown: str) -> str:
    """Return UTF-8 bytes as text. Raises InputError with the place of the first byte that is none."""
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            raise UnreadableError(shown, f"the file is {encoding}; expected UTF-8: save it as UTF-8")
    if b"\0" in raw[:4] and len(raw) > 1:
        raise UnreadableError(shown, "the file is UTF-16 or no text at all; expected UTF-8: save it as UTF-8")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # the codec's own bytes: without the byte order mark
        line, column = position(error.object[: error.start].decode("utf-8", "replace"))
        message = f"byte 0x{error.object[error.start]:02x} is not UTF-8: save the file as UTF-8"
        raise InputError([Problem(Location(shown, line, column, line, column + 1), message)]) from None


def position(before: str) -> tuple[int, int]:
    """Return line and column, from 1, of what follows `before`."""
    lines = before.replace("\r\n", "\n").replace("\r", "\n")
    return lines.count("\n") + 1, len(lines) - lines.rfind("\n")


def read_bytes(path: Path, shown: str) -> bytes:
    """Read a regular file; `shown` is its name in messages. Raises UnreadableError."""
    try:
        # a pipe or a device must not be waited for, so it is opened without blocking and looked at first
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except FileNotFoundError:
        if path.is_symlink():
            raise UnreadableError(shown, f"a link to '{os.readlink(path)}', which does not exist") from None
        raise UnreadableError(shown, f"no such file{_sibling(path)}") from None
    except (OSError, ValueError) as error:
        if _is_folder(path):
            raise UnreadableError(shown, "this is a folder, not a file") from None
        raise UnreadableError(shown, f"cannot be read: {getattr(error, 'strerror', None) or error}") from None
    mode = os.fstat(descriptor).st_mode
    if not stat.S_ISREG(mode):
        os.close(descriptor)
        what = "a folder" if stat.S_ISDIR(mode) else "a pipe or a device"
        raise UnreadableError(shown, f"this is {what}, not a file")
    with os.fdopen(descriptor, "rb") as file:
        try:
            raw = file.read(MAX_BYTES + 1)
        except OSError as error:
            raise UnreadableError(shown, f"cannot be read: {error.strerror or error}") from None
    if len(raw) > MAX_BYTES:
        raise UnreadableError(shown, f"the file is larger than {MAX_BYTES // 1024 // 1024} MiB, the most that is read")
    return raw


def _is_folder(path: Path) -> bool:
    """Say whether `path` is a folder; a name that no system could hold is none."""
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


def _sibling(path: Path) -> str:
    from archproof.suggest import did_you_mean

    try:
        return did_you_mean(path.name, sorted(os.listdir(path.parent))[:5000])
    except (OSError, ValueError):
        return ""
