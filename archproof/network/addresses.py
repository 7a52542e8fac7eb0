"""Sets of addresses as spans of integers, IPv4 and IPv6 apart, and the atoms that a network's rules cut them into."""

from __future__ import annotations

import bisect
import functools
import ipaddress
from collections.abc import Iterable
from typing import NamedTuple

Block = ipaddress.IPv4Network | ipaddress.IPv6Network


class Span(NamedTuple):
    """Addresses of one version (4 or 6), from the first to the last, both included."""

    version: int
    first: int
    last: int

    def covers(self, other: Span) -> bool:
        """Whether every address of another span is one of these."""
        return self.version == other.version and self.first <= other.first and other.last <= self.last

    def meets(self, other: Span) -> bool:
        """Whether an address is in both."""
        return self.version == other.version and self.first <= other.last and other.first <= self.last

    @property
    def single(self) -> bool:
        """Whether it is one address."""
        return self.first == self.last

    def __str__(self) -> str:
        """As people write it: an address, a block, or the blocks that make it up."""
        return _written(self)


@functools.lru_cache(maxsize=16384)
def _written(held: Span) -> str:
    make = ipaddress.IPv4Address if held.version == 4 else ipaddress.IPv6Address
    if held.single:
        return str(make(held.first))
    blocks = list(ipaddress.summarize_address_range(make(held.first), make(held.last)))
    return str(blocks[0]) if len(blocks) == 1 else f"{make(held.first)}-{make(held.last)}"


def span(block: Block) -> Span:
    """The span of a block."""
    return Span(block.version, int(block.network_address), int(block.broadcast_address))


@functools.lru_cache(maxsize=16384)
def parse(text: str) -> Span | None:
    """The span of a CIDR or an address; None for what is neither."""
    try:
        return span(ipaddress.ip_network(text, strict=False))
    except ValueError:
        return None


ALL_IPV4 = Span(4, 0, 2**32 - 1)
ALL_IPV6 = Span(6, 0, 2**128 - 1)
PRIVATE: tuple[Span, ...] = tuple(
    span(ipaddress.ip_network(text))
    for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16", "127.0.0.0/8",
                 "0.0.0.0/8", "224.0.0.0/4", "240.0.0.0/4", "fc00::/7", "fe80::/10", "ff00::/8", "::/127")
)  # fmt: skip
"""Addresses that the internet does not carry (RFC 1918, 6598, 3927, 1122, 5771, 4193, 4291)."""

NAT64 = span(ipaddress.ip_network("64:ff9b::/96"))
"""The addresses that a NAT gateway translates to IPv4 (RFC 6052)."""
SOMEWHERE = Span(4, 11 << 24, (100 << 24) + (63 << 16) + 65535)
"""Stands for a public IPv4 address that nobody knows: the widest run of public ones."""


_PUBLIC = Span(4, 1 << 24, (224 << 24) - 1)
"""All that a public IPv4 address may be."""


def fits(held: Span, wanted: Span) -> bool | None:
    """Whether addresses hold all of others (True), none (False), or a part or nobody knows what (None)."""
    if wanted is SOMEWHERE or wanted == SOMEWHERE:
        if held.version != 4 or any(private.covers(held) for private in PRIVATE):
            return False
        return True if held.covers(_PUBLIC) else None
    if held.version != wanted.version or held.first > wanted.last or wanted.first > held.last:
        return False
    return True if held.first <= wanted.first and wanted.last <= held.last else None


def is_public(addresses: Span) -> bool:
    """Whether the internet carries all of these addresses."""
    return not any(private.meets(addresses) for private in PRIVATE)


class Atoms:
    """The finest spans that the boundaries of a network tell apart: no rule splits one."""

    def __init__(self, spans: Iterable[Span]) -> None:
        cuts: dict[int, set[int]] = {4: set(), 6: set()}
        for each in spans:
            cuts[each.version].update((each.first, each.last + 1))
        self._cuts = {version: sorted(found) for version, found in cuts.items()}

    def of(self, whole: Span) -> list[Span]:
        """The atoms that `whole` consists of, in order."""
        cuts = self._cuts[whole.version]
        inner = cuts[bisect.bisect_right(cuts, whole.first) : bisect.bisect_right(cuts, whole.last)]
        firsts = [whole.first, *inner]
        lasts = [cut - 1 for cut in inner] + [whole.last]
        return [Span(whole.version, first, last) for first, last in zip(firsts, lasts, strict=True)]

    def around(self, inner: Span) -> Span:
        """The atom that an address is in."""
        cuts = self._cuts[inner.version]
        position = bisect.bisect_right(cuts, inner.first)
        first = cuts[position - 1] if position else 0
        last = cuts[position] - 1 if position < len(cuts) else inner.last
        return Span(inner.version, first, last)

    def count(self, whole: Span) -> int:
        """How many atoms `whole` consists of."""
        cuts = self._cuts[whole.version]
        return bisect.bisect_right(cuts, whole.last) - bisect.bisect_right(cuts, whole.first) + 1
