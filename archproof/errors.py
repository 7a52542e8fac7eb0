"""Where something stands in a file, and what is wrong there.

Every stage reports its errors as `Problem`s and raises them together as one `InputError`, so that a
reader of the message sees all that is wrong with the input at once.
"""

from __future__ import annotations

from typing import Any, NamedTuple


class Location(NamedTuple):
    """A span of a source file. Lines and columns count from 1; the end column is exclusive."""

    file: str
    line: int = 1
    column: int = 1
    end_line: int = 1
    end_column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"

    def as_dict(self) -> dict[str, Any]:
        """The shape that the JSON contract gives a location."""
        return {
            "file": self.file,
            "line": self.line,
            "column": self.column,
            "end_line": self.end_line,
            "end_column": self.end_column,
        }


class Problem(NamedTuple):
    """One thing that is wrong with the input: what was found, what was expected, what was perhaps meant."""

    location: Location
    message: str

    def __str__(self) -> str:
        return f"{self.location}: {self.message}"


class Unknown(NamedTuple):
    """Something that could not be read or decided, and why: a verdict of its own, never a silent pass."""

    what: str
    why: str
    location: Location

    def as_dict(self) -> dict[str, Any]:
        """The shape of the JSON contract."""
        return {"what": self.what, "why": self.why, "location": self.location.as_dict()}


class ArchproofError(Exception):
    """Anything that archproof itself raises on purpose: the message is meant for the user."""


class InputError(ArchproofError):
    """The input or the call is wrong; carries every problem found, in the order of the file."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = sorted(set(problems))
        super().__init__("\n".join(str(p) for p in self.problems))


class UsageError(ArchproofError):
    """The call is wrong in a way that no place in a file shows (a missing file, an unknown view)."""
