"""All pairs at once say what single traces say."""

from __future__ import annotations

import pytest

from archproof.network.filters import End
from archproof.network.matrix import matrix
from archproof.network.system import Network
from tests.network.worlds import make


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("protocol", ["tcp", "udp"])
def test_the_matrix_and_the_traces_agree(seed: int, protocol: str) -> None:
    network = Network(make(seed).resources)
    paths = network.paths(protocol)
    whole = matrix(network.fabric, paths.filters)
    assert sum(len(k.interfaces) for k in whole.kinds) == sum(len(v) for v in network.fabric.interfaces.values())
    for level in (0, 1):
        for number, row in enumerate(whole.rows(level)):
            source = whole.kinds[number].interfaces[0]
            for kind, mask in zip(whole.kinds, row, strict=True):
                target = kind.interfaces[-1]
                if target is source:
                    continue
                trace = paths.tracer.trace(End(source.spans[0], source), End(target.spans[0], target))
                passes = trace.passes(paths.filters.ports.all)[level]
                if any(not masks[level] & wanted for masks, wanted in paths.back_masks(trace)):
                    passes = 0
                assert mask == passes, (source.title, target.title)
    for number in range(len(whole.kinds)):
        assert whole.column(number) == [row[number] for row in whole.rows()]
