"""The formats of a report: one module each, with its name in `FORMAT` and `render(report, **options)`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archproof.discovery import index, module_for
from archproof.errors import UsageError
from archproof.suggest import did_you_mean

if TYPE_CHECKING:
    from archproof.validators.findings import Report

PACKAGE = "archproof.validators.formats"


def formats() -> list[str]:
    """Return the names of every format, sorted."""
    return sorted(index(PACKAGE, "FORMAT"))


def render(report: Report, format: str, *, colour: bool = False, excerpts: bool = False) -> str:
    """Write `report` in `format`. `colour` and `excerpts` (source lines with a caret) serve terminals only.

    The text ends with a newline. Raises UsageError for a format that does not exist.
    """
    module = module_for(PACKAGE, "FORMAT", format)
    if module is None:
        raise UsageError(f"no format '{format}'{did_you_mean(format, formats())} (formats: {', '.join(formats())})")
    text: str = module.render(report, colour=colour, excerpts=excerpts)
    return text if text.endswith("\n") else text + "\n"
