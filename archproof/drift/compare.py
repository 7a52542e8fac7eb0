"""One resource compared property by property."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from archproof.drift.differences import PropertyDrift, ResourceDrift


def compare(resource_type: str, declared: Mapping[str, Any], live: Mapping[str, Any]) -> ResourceDrift:
    """Compare two sets of properties of a type."""
    drift = ResourceDrift()
    for name, value in declared.items():
        if live.get(name) != value:
            drift.declared.append(PropertyDrift((name,), value, live.get(name)))
    for name, value in live.items():
        if name not in declared:
            drift.undeclared.append(PropertyDrift((name,), None, value))
    return drift
