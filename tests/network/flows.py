"""The engine against the simulator: the same flows through the same networks, one answer each."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address

from archproof.network.addresses import Span
from archproof.network.answers import Paths
from archproof.network.filters import End
from archproof.network.hops import Trace
from archproof.network.system import Network
from tests.network.simulator import Address, Packet, Simulator
from tests.network.worlds import HOSTS, PORTS, Generated, make

CLIENTS = (1024, 8081, 32768, 49152, 65534)
"""Ports that clients and NAT gateways take."""
PROTOCOLS = ("tcp", "tcp", "tcp", "udp", "icmp")


@dataclass(frozen=True)
class Flow:
    """One session to try."""

    source: str | Address
    target: str
    """An interface, or empty for a host of the internet."""
    packet: Packet
    nat_port: int


@dataclass
class Tally:
    """What came of it."""

    agreed: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    unknown: int = 0
    different: list[str] = field(default_factory=list)


class Engine:
    """What the engine says of single flows."""

    def __init__(self, generated: Generated) -> None:
        self.network = Network(generated.resources)
        near = {p for port in PORTS for p in (port - 1, port, port + 1)}
        self.ports = sorted(p for p in near | set(CLIENTS) if 0 <= p < 65536)
        self.traces: dict[tuple[object, ...], tuple[Trace, Paths]] = {}

    def end(self, name: str | Address, address: Address) -> End:
        held = self.network.fabric.interfaces.get(name) if isinstance(name, str) else None
        span = Span(address.version, int(address), int(address))
        if held is None:
            return End(span, None)
        return End(span, held[0], public=span not in held[0].spans)

    def verdict(self, flow: Flow) -> str:
        packet = flow.packet
        key = flow.source, flow.target, packet.source, packet.destination, packet.protocol
        if key not in self.traces:
            paths = self.network.paths(packet.protocol, self.ports)
            ends = self.end(flow.source, packet.source), self.end(flow.target, packet.destination)
            self.traces[key] = paths.tracer.trace(*ends), paths
        trace, paths = self.traces[key]
        atoms = paths.filters.ports
        port = atoms.mask(packet.port, packet.port)
        passes = trace.passes(atoms.all)
        masks = [m for m, _ in paths.back_masks(trace)]
        backs = []
        segments = sorted({s.segment for s in trace.back})
        for segment, mask in zip(segments, masks, strict=True):
            client = flow.nat_port if segment else packet.source_port
            bit = atoms.all if packet.protocol == "icmp" else atoms.mask(client, client)
            backs.append((bool(mask.yes & bit), bool(mask.maybe & bit)))
        if passes.yes & port and all(yes for yes, _ in backs):
            return "open"
        return "unknown" if passes.maybe & port and all(maybe for _, maybe in backs) else "blocked"


def candidates(generated: Generated, seed: int) -> Iterator[Flow]:
    """Flows between what the network has, on ports that its rules know and on their neighbours."""
    chosen = random.Random(seed)
    world = generated.world
    names = list(world.interfaces)
    while True:
        packet_port = chosen.choice(PORTS)
        protocol = chosen.choice(PROTOCOLS)
        port = max(1, min(65534, packet_port + chosen.choice((-1, 0, 0, 1)))) if protocol != "icmp" else 0
        client, nat = (chosen.choice(CLIENTS), chosen.choice(CLIENTS)) if protocol != "icmp" else (0, 0)
        source = chosen.choice(names) if chosen.random() < 0.8 else chosen.choice(HOSTS)
        target = chosen.choice(names) if not isinstance(source, str) or chosen.random() < 0.7 else ""
        addresses = world.interfaces[source].addresses if isinstance(source, str) else [source]
        begin = chosen.choice(addresses)
        end = _destination(generated, chosen, source, target, begin)
        if end is None or source == target:
            continue
        yield Flow(source, target, Packet(begin, end, protocol, client, port), nat)


def _destination(
    generated: Generated, chosen: random.Random, source: str | Address, target: str, begin: Address
) -> Address | None:
    if not target:
        return chosen.choice([h for h in HOSTS if h.version == begin.version])
    held = generated.world.interfaces[target]
    if isinstance(begin, IPv6Address):
        return next((a for a in held.addresses if a.version == 6), None)
    if not isinstance(source, str) or chosen.random() < 0.15:
        return held.public
    assert isinstance(begin, IPv4Address)
    return held.addresses[0]


def compare(seed: int, wanted: int, tally: Tally, looks: int = 40) -> None:
    """Try `wanted` flows of one network, half of them open as far as it has such; `looks`: tries for each."""
    generated = make(seed)
    simulator, engine = Simulator(generated.world), Engine(generated)
    counts = Counter[str]()
    half, tries = wanted // 2, 0
    for flow in candidates(generated, seed):
        tries += 1
        said = simulator.session(flow.source, flow.packet, flow.nat_port)
        word = "open" if said == "open" else "blocked"
        if counts[word] >= half:
            if tries > wanted * looks or counts.total() >= 2 * half:
                break
            continue
        counts[word] += 1
        found = engine.verdict(flow)
        if found == "unknown":
            tally.unknown += 1
        elif found != word:
            tally.different.append(f"seed {seed}: {flow}: simulator {said}, engine {found}")
        else:
            tally.agreed[word] += 1
        tally.kinds[f"IPv{flow.packet.source.version} {word}"] += 1
        if counts.total() >= 2 * half:
            break
