"""CIDR arithmetic of tiers: the equal parts that the zones of a tier get."""

from __future__ import annotations

import functools
import ipaddress


@functools.cache
def split_tier(cidr: str, zones: int) -> list[str]:
    """Split a tier's block into equal blocks, one a zone, in order (the rest of a power of two stays free).

    Raises ValueError where the block is malformed or too small.
    """
    network = ipaddress.ip_network(cidr)
    bits = (zones - 1).bit_length()
    return [str(block) for block, _ in zip(network.subnets(prefixlen_diff=bits), range(zones), strict=False)]
