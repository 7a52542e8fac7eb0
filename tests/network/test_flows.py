"""The engine and a packet simulator written apart from it agree: the law behind every proof."""

from __future__ import annotations

from tests.network.flows import Tally, compare


def test_engine_and_simulator_agree_on_what_gets_through_and_what_does_not() -> None:
    tally = Tally()
    for seed in range(24):
        compare(seed, 250, tally, looks=6)
    assert tally.different == []
    tried = tally.agreed.total() + tally.unknown
    assert tried > 4000
    assert 0.4 < tally.agreed["open"] / tally.agreed.total() < 0.6
    assert tally.unknown < tried * 0.005
