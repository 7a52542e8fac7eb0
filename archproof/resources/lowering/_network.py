"""The section `network`: VPCs, tiers by zone, ways out, endpoints, flow logs."""

from __future__ import annotations

from typing import Any

from archproof.resources.lowering._context import Lowering


def lower(ctx: Lowering) -> None:
    """Lower the VPCs of the section `network`, before the components that stand in them."""


def subnets_of(ctx: Lowering, name: str) -> list[dict[str, Any]]:
    """The subnets a component stands in."""
    return []


def groups_of(ctx: Lowering, name: str) -> list[dict[str, Any]]:
    """The security groups of a component."""
    return []


def vpc_of(ctx: Lowering, name: str) -> dict[str, Any] | None:
    """The VPC a component stands in."""
    return None
