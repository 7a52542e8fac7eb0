"""The engine and a packet simulator written apart from it agree: the law behind every proof."""

from __future__ import annotations

import itertools
import random

import pytest

from archproof.network.system import Network
from tests.network.flows import CLIENTS, Tally, compare
from tests.network.simulator import Packet, Simulator
from tests.network.worlds import PORTS, Generated, make


def test_engine_and_simulator_agree_on_what_gets_through_and_what_does_not() -> None:
    tally = Tally()
    for seed in range(24):
        compare(seed, 250, tally, looks=6)
    assert tally.different == []
    tried = tally.agreed.total() + tally.unknown
    assert tried > 4000
    assert 0.4 < tally.agreed["open"] / tally.agreed.total() < 0.6
    assert tally.unknown < tried * 0.005


def _carried(generated: Generated, simulator: Simulator, source: str, target: str, port: int) -> bool:
    """Whether some packet of an interface gets to another on a port, by whatever address and client's port."""
    world = generated.world
    for begin in world.interfaces[source].addresses:
        held = world.interfaces[target]
        ends = [a for a in (*held.addresses, held.public) if a is not None and a.version == begin.version]
        doors = [a for b in world.balancers.values() for n in b.nodes
                 for a in (*world.interfaces[n].addresses, world.interfaces[n].public)
                 if a is not None and a.version == begin.version]  # fmt: skip
        for client, own in itertools.product(CLIENTS, CLIENTS):
            if any(simulator.session(source, Packet(begin, e, "tcp", client, port), own) == "open" for e in ends):
                return True
            flows = (Packet(begin, door, "tcp", client, port) for door in doors)
            if any(simulator.relayed(source, flow, own, target, own) == "open" for flow in flows):
                return True
    return False


@pytest.mark.parametrize("seed", range(100, 108))
def test_an_answer_is_what_some_packet_does(seed: int) -> None:
    generated = make(seed)
    simulator, network, chosen = Simulator(generated.world), Network(generated.resources), random.Random(seed)
    nodes = {n for b in generated.world.balancers.values() for n in b.nodes}
    names = [n for n in generated.world.interfaces if n not in nodes]
    listened = [p for b in generated.world.balancers.values() for _, p in b.listeners]
    for _ in range(30):
        source, target = chosen.sample(names, 2)
        port = chosen.choice([*listened, *PORTS[1:-1]])
        verdict = network.ask(source, target, port).verdict
        if verdict != "unknown":
            assert (verdict == "reachable") == _carried(generated, simulator, source, target, port), (
                source,
                target,
                port,
            )
