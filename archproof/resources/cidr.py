"""CIDR arithmetic of tiers: the equal parts that the zones of a tier get."""

from __future__ import annotations

import functools
import ipaddress
from typing import TYPE_CHECKING, Any

from archproof.model.network import ZONES

if TYPE_CHECKING:
    from archproof.model.network import SubnetTier


@functools.cache
def split_tier(cidr: str, zones: int) -> list[str]:
    """Split a tier's block into equal blocks, one a zone, in order (the rest of a power of two stays free).

    Raises ValueError where the block is malformed or too small.
    """
    network = ipaddress.ip_network(cidr)
    bits = (zones - 1).bit_length()
    return [str(block) for block, _ in zip(network.subnets(prefixlen_diff=bits), range(zones), strict=False)]


def subnets_of(tier: SubnetTier, zones: int) -> list[tuple[str, Any]]:
    """The zone and the block of each subnet of a tier: those it says, or equal parts of its block over the zones."""
    said = tier.said
    return list(zip(ZONES, split_tier(tier.addresses or "", zones), strict=False)) if said is None else said
