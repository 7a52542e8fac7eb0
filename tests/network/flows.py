"""The engine against the simulator: the same flows through the same networks, one answer each."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address

from archproof.network.addresses import SOMEWHERE, Span
from archproof.network.answers import Paths
from archproof.network.filters import End, Pass
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
    behind: str = ""
    """The interface behind a load balancer that it is for, where the target is a part of one."""


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
        self.nodes = {node: name for name, b in generated.world.balancers.items() for node in b.nodes}
        self.world = generated.world
        near = {p for port in PORTS for p in (port - 1, port, port + 1)}
        self.ports = sorted(p for p in near | set(CLIENTS) if 0 <= p < 65536)
        self.traces: dict[tuple[object, ...], tuple[list[tuple[Pass, list[Trace]]], Paths]] = {}

    def end(self, name: str | Address, address: Address) -> End:
        if name in self.nodes:
            return self.node(str(name), address)
        held = self.network.fabric.interfaces.get(name) if isinstance(name, str) else None
        span = Span(address.version, int(address), int(address))
        if held is None:
            return End(span, None)
        return End(span, held[0], public=span not in held[0].spans)

    def node(self, name: str, address: Address) -> End:
        """A part of a load balancer; the engine knows some of its addresses only as far as its subnet's."""
        held = self.network.fabric.interfaces[self.nodes[name]]
        interface = next(i for i in held if i.subnet.id == self.world.interfaces[name].subnet)
        span = Span(address.version, int(address), int(address))
        if address == self.world.interfaces[name].public:
            known = interface.public_spans[0] if interface.public_spans else SOMEWHERE
            return End(known, interface, public=True, service=None if interface.public_spans else "internet")
        return End(next(s for s in interface.spans if s.covers(span)), interface)

    def found(self, flow: Flow) -> tuple[list[tuple[Pass, list[Trace]]], Paths]:
        """The ways that the engine sees for a flow."""
        packet = flow.packet
        paths = self.network.paths(packet.protocol, self.ports)
        source, door = self.end(flow.source, packet.source), self.end(flow.target, packet.destination)
        atoms = paths.filters.ports
        if not flow.behind:
            trace = paths.tracer.trace(source, door)
            return [(trace.passes(atoms.all), [trace])], paths
        held = self.world.interfaces[flow.behind]
        ways = paths.balancing.ways([source], self.end(flow.behind, held.addresses[0]))
        return [(w.passes, w.traces) for w in ways if w.traces[0].target == door], paths

    def verdict(self, flow: Flow) -> str:
        packet = flow.packet
        key = flow.source, flow.target, packet.source, packet.destination, packet.protocol, flow.behind
        if key not in self.traces:
            self.traces[key] = self.found(flow)
        ways, paths = self.traces[key]
        atoms = paths.filters.ports
        port = atoms.mask(packet.port, packet.port)
        said = {self.one(flow, paths, passes, traces, port) for passes, traces in ways}
        return next((word for word in ("open", "unknown") if word in said), "blocked")

    def one(self, flow: Flow, paths: Paths, passes: Pass, traces: list[Trace], port: int) -> str:
        atoms = paths.filters.ports
        backs = []
        for position, trace in enumerate(traces):
            masks = [m for m, _ in paths.back_masks(trace)]
            segments = sorted({s.segment for s in trace.back})
            for segment, mask in zip(segments, masks, strict=True):
                client = flow.nat_port if segment or (position and self.own(traces, position)) else None
                if client is None:
                    client = flow.nat_port if any(t.segment for t in traces[:position]) else flow.packet.source_port
                bit = atoms.all if flow.packet.protocol == "icmp" else atoms.mask(client, client)
                backs.append((bool(mask.yes & bit), bool(mask.maybe & bit)))
        if passes.yes & port and all(yes for yes, _ in backs):
            return "open"
        return "unknown" if passes.maybe & port and all(maybe for _, maybe in backs) else "blocked"

    def own(self, traces: list[Trace], position: int) -> bool:
        """Whether a balancer sends with an address of its own, and a port of its own with it."""
        source = traces[position].source
        assert source.interface is not None
        return source.span in source.interface.spans


def candidates(generated: Generated, seed: int) -> Iterator[Flow]:
    """Flows between what the network has, on ports that its rules know and on their neighbours."""
    chosen = random.Random(seed)
    world = generated.world
    nodes = {node: name for name, b in world.balancers.items() for node in b.nodes}
    names = [n for n in world.interfaces if n not in nodes]
    while True:
        if nodes and chosen.random() < 0.3:
            flow = _balanced(generated, chosen, names, list(nodes), nodes)
            if flow is not None:
                yield flow
            continue
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


def _balanced(
    generated: Generated, chosen: random.Random, names: list[str], doors: list[str], nodes: dict[str, str]
) -> Flow | None:
    """A flow to a part of a load balancer, most of them for one of its targets."""
    world = generated.world
    door = chosen.choice(doors)
    held, balancer = world.interfaces[door], world.balancers[nodes[door]]
    source = chosen.choice(names) if chosen.random() < 0.7 else chosen.choice(HOSTS)
    begin = chosen.choice(world.interfaces[source].addresses) if isinstance(source, str) else source
    end = next((a for a in held.addresses if a.version == begin.version), None)
    if begin.version == 4 and (not isinstance(source, str) or chosen.random() < 0.3):
        end = held.public
    if end is None:
        return None
    protocol, port = chosen.choice(list(balancer.listeners)) if chosen.random() < 0.9 else ("tcp", chosen.choice(PORTS))
    packet = Packet(begin, end, protocol, chosen.choice(CLIENTS), port)
    behind = ""
    if chosen.random() < 0.85:
        groups = [world.target_groups[g] for g in balancer.listeners.get((protocol, port), [])]
        targets = [t for g in groups for t, _ in g.targets]
        while targets and targets[0] in world.balancers:
            inner = world.balancers[chosen.choice(targets)]
            targets = [
                t for names in inner.listeners.values() for g in names for t, _ in world.target_groups[g].targets
            ]
        behind = chosen.choice(targets) if targets and chosen.random() < 0.9 else chosen.choice(names)
        if behind == source:
            return None
    return Flow(source, door, packet, chosen.choice(CLIENTS), behind)


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
        if flow.behind:
            said = simulator.relayed(flow.source, flow.packet, flow.nat_port, flow.behind, flow.nat_port)
        else:
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
        kind = "through a balancer, " if flow.behind else ""
        tally.kinds[f"{kind}IPv{flow.packet.source.version} {word}"] += 1
        if counts.total() >= 2 * half:
            break
