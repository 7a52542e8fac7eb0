"""Names of resources that must have one, made from the system's prefix and the component's id."""

from __future__ import annotations

import re

from archproof.resources.lowering._context import Lowering


def dashed(name: str, ctx: Lowering, longest: int = 63) -> str:
    """Return `prefix-component` in letters, digits and single hyphens, at most `longest` characters."""
    text = re.sub(r"[^A-Za-z0-9]+", "-", f"{ctx.architecture.name_prefix}-{name}").strip("-")
    if len(text) > longest:
        # the end tells components apart, the prefix is shared
        text = text[-longest:].lstrip("-")
    return text if text[:1].isalpha() else f"a{text}"[:longest]
