"""What an entry of `links` says of the resource that it implies: its name, and properties laid over it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from archproof.model.architecture import Link
from archproof.resources.lowering._context import Lowering, merge


def called(link: Link, usual: str) -> str:
    """The logical id of the resource that a link implies."""
    return (link.options.logical_id if link.options else None) or usual


def said(
    link: Link, properties: dict[str, Any], origins: Mapping[str, str], always: tuple[str, ...], ctx: Lowering
) -> dict[str, Any]:
    """The properties of what a link implies, with those that the link says verbatim over them.

    In an exact system only those are made that are `always` there, or that an option of the link says.
    """
    options = link.options
    if ctx.exact:
        given = options.model_fields_set if options else set()
        fields = {path.partition(".")[0]: field for path, field in origins.items()}
        properties = {k: v for k, v in properties.items() if k in always or fields.get(k) in given}
    return merge(properties, ctx.translate(options.properties)) if options else properties
