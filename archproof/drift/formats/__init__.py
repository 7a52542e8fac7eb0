"""The formats of a comparison: one module each, with its name in `FORMAT` and `render(comparison, **options)`."""

from __future__ import annotations

import re

from archproof.discovery import index, module_for
from archproof.drift.differences import Comparison
from archproof.drift.masking import masked
from archproof.errors import UsageError
from archproof.suggest import did_you_mean

PACKAGE = "archproof.drift.formats"
_CONTROL = re.compile("[\x7f-\x9f]")
"""What some terminals act on, and JSON and XML leave as it is."""


def formats() -> list[str]:
    """Return the names of every format, sorted."""
    return sorted(index(PACKAGE, "FORMAT"))


def render(comparison: Comparison, format: str, *, title: str = "", live: str = "", colour: bool = False) -> str:
    """Write `comparison` in `format`. `title` is the system's name, `live` what it was compared with.

    The text ends with a newline. Raises UsageError for a format that does not exist.
    """
    module = module_for(PACKAGE, "FORMAT", format)
    if module is None:
        raise UsageError(f"no format '{format}'{did_you_mean(format, formats())} (formats: {', '.join(formats())})")
    text: str = module.render(masked(comparison), title=title, live=live, colour=colour)
    text = _CONTROL.sub(_escaped if text.startswith("{") else "�", text)
    return text if text.endswith("\n") else text + "\n"


def _escaped(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"
