"""The engine against the packet simulator of the tests, over as many flows as asked: `flows.py 1000000`.

Flows are tried network by network, open and blocked ones in equal numbers as far as a network has both. Prints the
figures; ends with 1 where the two differ.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.network.flows import Tally, compare

EACH = 2000


def main() -> int:
    """Try the flows and print what came of them."""
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    first = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    tally, began, seed = Tally(), time.perf_counter(), first
    while (done := tally.agreed.total() + tally.unknown + len(tally.different)) < wanted:
        compare(seed, min(EACH, wanted - done + 1), tally, looks=3)
        seed += 1
        if (seed - first) % 50 == 0:
            print(f"{done:,} flows, {len(tally.different)} different", file=sys.stderr)
    took = time.perf_counter() - began
    print(f"{done:,} flows through {seed - first} networks in {took:.0f} s")
    print(f"agreed: {tally.agreed['open']:,} open, {tally.agreed['blocked']:,} blocked")
    print(", ".join(f"{kind}: {count:,}" for kind, count in sorted(tally.kinds.items())))
    print(f"unknown to the engine: {tally.unknown:,}; different: {len(tally.different):,}")
    for line in tally.different[:10]:
        print(f"  {line}")
    return 1 if tally.different else 0


if __name__ == "__main__":
    sys.exit(main())
