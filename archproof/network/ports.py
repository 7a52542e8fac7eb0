"""Sets of ports as the bits of integers: one bit for each range that no rule of the network splits."""

from __future__ import annotations

import bisect
from collections.abc import Iterable

from archproof.resources.network_types import LAST_PORT

Ranges = list[tuple[int, int]]


class Ports:
    """The atoms of one protocol's ports, and sets of them.

    A set is an integer; `&`, `|` and `&~` work on it as on sets.
    """

    def __init__(self, ranges: Iterable[tuple[int, int]]) -> None:
        starts = {0}
        for first, last in ranges:
            starts.update((max(first, 0), min(last, LAST_PORT) + 1))
        self._starts = sorted(s for s in starts if s <= LAST_PORT)
        self.all = (1 << len(self._starts)) - 1
        """Every port."""

    def mask(self, first: int, last: int) -> int:
        """The set of the ports from `first` to `last`; both must be bounds that the atoms know."""
        if last < first:
            return 0
        begin = bisect.bisect_left(self._starts, first)
        end = bisect.bisect_right(self._starts, last)
        return ((1 << end) - 1) & ~((1 << begin) - 1)

    def ranges(self, mask: int) -> Ranges:
        """A set as ranges of ports, joined where they touch."""
        found: Ranges = []
        position, mask = 0, mask & self.all
        while mask:
            skipped = (mask & -mask).bit_length() - 1
            mask >>= skipped
            run = (~mask & (mask + 1)).bit_length() - 1
            mask >>= run
            begin = position + skipped
            position = begin + run
            last = self._starts[position] - 1 if position < len(self._starts) else LAST_PORT
            found.append((self._starts[begin], last))
        return found

    def __len__(self) -> int:
        return len(self._starts)


def told(ranges: Ranges) -> str:
    """Ranges as people write them: `443`, `1024-65535`, `all ports`."""
    if ranges == [(0, LAST_PORT)]:
        return "all ports"
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in ranges) or "no port"
