"""The guarantees of a model, and their verdicts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archproof.errors import Unknown
from archproof.validators.context import listed
from archproof.validators.findings import GuaranteeResult

if TYPE_CHECKING:
    from archproof.model.architecture import Architecture
    from archproof.model.sections import Endpoints, Guarantee

_WHY = "reachability proofs are not available in this version"


def judge(architecture: Architecture) -> tuple[list[GuaranteeResult], list[Unknown]]:
    """Return the verdict of every guarantee, and what stayed unknown.

    No path is searched here, so every verdict is `unknown`: a guarantee is never said to hold unproved.
    """
    results: list[GuaranteeResult] = []
    unknown: list[Unknown] = []
    for position, guarantee in enumerate(architecture.guarantees):
        place = architecture.document.locate(("guarantees", position))
        result = GuaranteeResult(sentence(guarantee), "unknown", location=place)
        results.append(result)
        unknown.append(Unknown(f"guarantee '{result.text}'", _WHY, place))
    return results, unknown


def sentence(guarantee: Guarantee) -> str:
    """A guarantee in words: `internet never reaches db`."""
    if guarantee.never is not None:
        return f"{listed(guarantee.never.from_)} never reaches {_target(guarantee.never)}"
    if guarantee.only is not None:
        return f"only {listed(guarantee.only.from_)} reaches {_target(guarantee.only)}"
    if guarantee.always is not None:
        return f"{listed(guarantee.always.from_)} always reaches {_target(guarantee.always)}"
    return "nothing"


def _target(ends: Endpoints) -> str:
    port = f" on {ends.protocol} {ends.port}" if ends.port else ""
    return listed(ends.to) + port
