"""How much one CloudFormation template may hold."""

from __future__ import annotations

from typing import NamedTuple


class Limits(NamedTuple):
    """The quotas of one template."""

    resources: int
    parameters: int
    outputs: int
    size: int
    """Bytes of a template that CloudFormation reads from S3."""


def limits() -> Limits:
    """The quotas as the facts say them."""
    from archproof import facts

    def quota(name: str) -> facts.Quota:
        return facts.quota("cloudformation", name)

    return Limits(
        int(quota("Resources per template").number), int(quota("Parameters per template").number),
        int(quota("Outputs per template").number), quota("Template body in S3").bytes,
    )  # fmt: skip
