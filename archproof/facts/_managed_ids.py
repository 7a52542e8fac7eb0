"""Identifiers of what AWS itself keeps for everyone: managed CloudFront policies, standards, rule groups."""

from __future__ import annotations

import functools

from archproof.facts._table import UnknownFactError, rows


@functools.cache
def managed_ids(service: str, kind: str) -> dict[str, str]:
    """Return the identifiers of one kind (`cloudfront`, `cache_policy`) by their short names."""
    return {row["name"]: row["id"] for row in rows("managed_ids") if (row["service"], row["kind"]) == (service, kind)}


def managed_id(service: str, kind: str, name: str) -> str:
    """Return one identifier. Raises UnknownFactError, which names the nearest."""
    known = managed_ids(service, kind)
    if name not in known:
        raise UnknownFactError("managed_ids", name, known)
    return known[name]
