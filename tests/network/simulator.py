"""A network that carries one packet at a time, written apart from the engine: what AWS does, step by step.

Addresses, ports and protocols are concrete; nothing is a set. A session stands where the first packet arrives and the
answer, sent back by whoever got it, comes home. Sources: the VPC, Transit Gateway and NAT gateway guides.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field, replace

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Block = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True)
class Packet:
    source: Address
    destination: Address
    protocol: str
    source_port: int = 0
    port: int = 0

    def answer(self) -> Packet:
        return Packet(self.destination, self.source, self.protocol, self.port, self.source_port)


@dataclass(frozen=True)
class Rule:
    """Of a security group: a block or the name of a group."""

    protocol: str
    first: int
    last: int
    peer: Block | str


@dataclass
class Group:
    ingress: list[Rule] = field(default_factory=list)
    egress: list[Rule] = field(default_factory=list)


@dataclass(frozen=True)
class AclRule:
    number: int
    allow: bool
    protocol: str
    first: int
    last: int
    block: Block


@dataclass
class Acl:
    ingress: list[AclRule] = field(default_factory=list)
    egress: list[AclRule] = field(default_factory=list)


@dataclass(frozen=True)
class Route:
    blocks: tuple[Block, ...]
    kind: str
    """`igw`, `nat`, `eigw`, `pcx`, `tgw`, `s3`, `blackhole`."""
    target: str = ""


@dataclass
class Subnet:
    vpc: str
    blocks: list[Block]
    zone: str
    table: list[Route]
    acl: Acl | None


@dataclass
class Interface:
    subnet: str
    addresses: list[Address]
    public: Address | None
    groups: list[str]
    filtered: bool = True
    """Whether groups judge it at all."""


@dataclass
class TargetGroup:
    """Targets by name (an interface or a balancer) with the port that each is met on."""

    targets: list[tuple[str, int]]
    keeps: bool = False
    """Whether a target sees the client's address."""
    cross: bool | None = None
    """Whether it is sent to from other zones; None: as the balancer says."""


@dataclass
class Balancer:
    nodes: list[str]
    """Its interfaces, one a zone."""
    cross: bool
    listeners: dict[tuple[str, int], list[str]] = field(default_factory=dict)
    """Target groups by protocol and port."""


@dataclass
class Nat:
    subnet: str
    address: Address
    public: Address


@dataclass
class Attachment:
    vpc: str
    subnets: list[str]
    table: str


@dataclass
class Vpc:
    blocks: list[Block]
    gateway: bool = False
    egress_only: bool = False


@dataclass
class World:
    vpcs: dict[str, Vpc] = field(default_factory=dict)
    subnets: dict[str, Subnet] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    interfaces: dict[str, Interface] = field(default_factory=dict)
    nats: dict[str, Nat] = field(default_factory=dict)
    peerings: dict[str, tuple[str, str]] = field(default_factory=dict)
    attachments: dict[str, Attachment] = field(default_factory=dict)
    transit_tables: dict[str, list[Route]] = field(default_factory=dict)
    balancers: dict[str, Balancer] = field(default_factory=dict)
    target_groups: dict[str, TargetGroup] = field(default_factory=dict)
    references: bool = False
    """Whether the transit gateway keeps groups."""


class Dropped(Exception):
    """The packet is gone; the words say where."""


_PRIVATE = [
    ipaddress.ip_network(b) for b in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7")
]


@dataclass
class _Journey:
    """Where a packet got to, and how it looks there."""

    packet: Packet
    reached: str
    """An interface, a NAT gateway, or `internet`."""
    keeps: str | None
    """The interface whose groups the way kept."""
    endpoint: str | None = None
    """The VPC whose gateway endpoint took it out."""


class Simulator:
    """Carries sessions through a world."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.private: dict[tuple[str, Address], str] = {}
        self.public: dict[Address, str] = {}
        for name, interface in world.interfaces.items():
            vpc = world.subnets[interface.subnet].vpc
            self.private.update({(vpc, a): name for a in interface.addresses})
            if interface.public is not None:
                self.public[interface.public] = name
        self.nodes = {node: name for name, balancer in world.balancers.items() for node in balancer.nodes}
        for name, nat in world.nats.items():
            self.private[world.subnets[nat.subnet].vpc, nat.address] = name
            self.public[nat.public] = name

    # -- sessions

    def session(self, source: str | Address, packet: Packet, nat_port: int) -> str:
        """Whether a session works: `open`, or why not. `source`: an interface or an address of the internet."""
        try:
            self._session(source, packet, nat_port)
        except Dropped as why:
            return str(why)
        return "open"

    def relayed(self, source: str | Address, packet: Packet, nat_port: int, target: str, port: int) -> str:
        """Whether a session through a load balancer works up to a target; `port`: the balancer's own."""
        try:
            there = self._session(source, packet, nat_port)
            return self._forward(there, target, port)
        except Dropped as why:
            return str(why)

    def _session(self, source: str | Address, packet: Packet, nat_port: int) -> _Journey:
        self.nat_port = nat_port
        self.translations: dict[tuple[str, Packet], Packet] = {}
        self.begun: set[Packet] = set()
        self.first = True
        there = self._first(source, packet)
        home = self._home(there)
        wanted = source if isinstance(source, str) else "internet"
        if home.reached != wanted or home.packet != packet.answer():
            raise Dropped(f"back: ends at {home.reached}")
        return there

    # -- load balancers

    def _forward(self, there: _Journey, target: str, port: int) -> str:
        """What the part of a balancer that was met does with a session."""
        node = there.reached
        balancer = self.world.balancers[self.nodes[node]]
        why = "no such target"
        for name in balancer.listeners[there.packet.protocol, there.packet.port]:
            group = self.world.target_groups[name]
            for held, arrives in group.targets:
                behind = self.world.balancers.get(held)
                for end in behind.nodes if behind is not None else [held]:
                    if end != target and behind is None:
                        continue
                    try:
                        self._served(balancer, group, node, end)
                        onward = self._onward(there, group, node, end, arrives, port)
                    except Dropped as dropped:
                        why = str(dropped)
                        continue
                    why = self._forward(onward, target, port) if behind is not None else "open"
                    if why == "open":
                        return why
        return why

    def _served(self, balancer: Balancer, group: TargetGroup, node: str, end: str) -> None:
        def place(name: str) -> Subnet:
            return self.world.subnets[self.world.interfaces[name].subnet]

        if place(end).vpc != place(node).vpc:
            return
        if place(end).zone not in [place(n).zone for n in balancer.nodes]:
            raise Dropped("a zone that the balancer does not serve")
        crosses = balancer.cross if group.cross is None else group.cross
        if not crosses and place(end).zone != place(node).zone:
            raise Dropped("no cross-zone")

    def _onward(self, there: _Journey, group: TargetGroup, node: str, end: str, arrives: int, port: int) -> _Journey:
        """From a balancer to a target, and the answer back to the balancer."""
        own, to = (next(a for a in self.world.interfaces[n].addresses if a.version == 4) for n in (node, end))
        kept = group.keeps and there.packet.source.version == 4
        protocol = there.packet.protocol
        if not kept:
            return self._session(node, Packet(own, to, protocol, port, arrives), self.nat_port)
        packet = Packet(there.packet.source, to, protocol, there.packet.source_port, arrives)
        self.first = True
        onward = self._first(node, packet)
        if onward.reached != end:
            raise Dropped(f"ends at {onward.reached}")
        # the answer is the client's by its address, and the balancer takes it
        here, back = (self.world.interfaces[n].subnet for n in (end, node))
        if here != back:
            self._acl(here, "egress", packet.answer())
            self._acl(back, "ingress", packet.answer())
        return onward

    def _first(self, source: str | Address, packet: Packet) -> _Journey:
        if not isinstance(source, str):
            return self._accepted(self._from_internet(packet))
        interface = self.world.interfaces[source]
        journey = self._send(packet, interface.subnet, source, leaving=source)
        return self._accepted(journey)

    def _accepted(self, journey: _Journey) -> _Journey:
        """Groups of whom it reaches."""
        if journey.reached in self.world.interfaces:
            interface = self.world.interfaces[journey.reached]
            rules = [r for g in interface.groups for r in self.world.groups[g].ingress]
            asked = interface.filtered
            if asked and not self._matches(rules, journey.packet, journey.packet.source, journey.keeps):
                raise Dropped(f"ingress of {journey.reached}")
            balancer = self.world.balancers.get(self.nodes.get(journey.reached, ""))
            if balancer is not None and (journey.packet.protocol, journey.packet.port) not in balancer.listeners:
                raise Dropped("no listener")
        elif journey.reached != "internet":
            raise Dropped(f"{journey.reached} takes no sessions")
        return journey

    def _home(self, there: _Journey) -> _Journey:
        back = there.packet.answer()
        self.first = False
        if there.reached == "internet" and there.endpoint is not None:
            name, subnet = self._owner(there.endpoint, back.destination)
            self._acl(subnet, "ingress", back)
            return self._into(name, back, None)
        if there.reached == "internet":
            return self._from_internet(back)
        subnet = self.world.interfaces[there.reached].subnet
        return self._send(back, subnet, there.reached, leaving=None)

    def _matches(self, rules: list[Rule], packet: Packet, other: Address, keeps: str | None) -> bool:
        for rule in rules:
            if rule.protocol not in ("all", packet.protocol):
                continue
            if rule.protocol in ("tcp", "udp") and not rule.first <= packet.port <= rule.last:
                continue
            if isinstance(rule.peer, str):
                if keeps is not None and rule.peer in self.world.interfaces[keeps].groups:
                    return True
            elif other.version == rule.peer.version and other in rule.peer:
                return True
        return False

    # -- inside

    def _acl(self, subnet: str, direction: str, packet: Packet) -> None:
        acl = self.world.subnets[subnet].acl
        if acl is None:
            return
        other = packet.source if direction == "ingress" else packet.destination
        for rule in sorted(acl.ingress if direction == "ingress" else acl.egress, key=lambda r: r.number):
            if rule.protocol not in ("all", packet.protocol) or other.version != rule.block.version:
                continue
            if rule.protocol in ("tcp", "udp") and not rule.first <= packet.port <= rule.last:
                continue
            if other in rule.block:
                if rule.allow:
                    return
                raise Dropped(f"entry {rule.number} of the ACL of {subnet}, {direction}")
        raise Dropped(f"ACL of {subnet}, {direction}")

    def _lookup(self, subnet: str, to: Address) -> Route:
        held = self.world.subnets[subnet]
        routes = [Route((b,), "local") for b in self.world.vpcs[held.vpc].blocks] + held.table
        return self._longest(routes, to, subnet)

    def _longest(self, routes: list[Route], to: Address, where: str) -> Route:
        best: tuple[int, Route] | None = None
        for route in routes:
            for block in route.blocks:
                if block.version == to.version and to in block and (best is None or block.prefixlen > best[0]):
                    best = block.prefixlen, route
        if best is None:
            raise Dropped(f"no route at {where} to {to}")
        return best[1]

    def _owner(self, vpc: str, to: Address) -> tuple[str, str]:
        """Who has an address in a VPC, and its subnet."""
        name = self.private.get((vpc, to))
        if name is None:
            raise Dropped(f"nobody has {to} in {vpc}")
        held = self.world.interfaces.get(name) or self.world.nats[name]
        return name, held.subnet

    def _send(self, packet: Packet, subnet: str, sender: str | None, *, leaving: str | None) -> _Journey:
        """From a sender in a subnet. `leaving`: the interface whose egress rules are asked, for first packets."""
        here = self.world.subnets[subnet]
        if any(packet.destination.version == b.version and packet.destination in b for b in here.blocks):
            name, _ = self._owner(here.vpc, packet.destination)
            self._egress(leaving, packet, name)
            return self._into(name, packet, sender)
        route = self._lookup(subnet, packet.destination)
        self._egress(leaving, packet, self._named(route, here.vpc, packet.destination))
        gate = self.world.nats.get(route.target) if route.kind == "nat" else None
        if gate is None or gate.subnet != subnet:
            self._acl(subnet, "egress", packet)
        return self._along(route, packet, subnet, sender)

    def _named(self, route: Route, vpc: str, to: Address) -> str | None:
        """The interface that rules of egress may know by its group: in the VPC, or across peering."""
        if route.kind == "local":
            return self.private.get((vpc, to))
        if route.kind == "pcx" and vpc in self.world.peerings[route.target]:
            ends = self.world.peerings[route.target]
            return self.private.get((ends[1] if ends[0] == vpc else ends[0], to))
        return None

    def _egress(self, leaving: str | None, packet: Packet, other: str | None) -> None:
        if leaving is None or not self.world.interfaces[leaving].filtered:
            return
        rules = [r for g in self.world.interfaces[leaving].groups for r in self.world.groups[g].egress]
        known = other if other in self.world.interfaces else None
        if not self._matches(rules, packet, packet.destination, known):
            raise Dropped(f"egress of {leaving}")

    def _along(self, route: Route, packet: Packet, subnet: str, sender: str | None) -> _Journey:
        """Over a route. `sender`: who sent it, where that is an interface or NAT gateway of this very VPC."""
        here = self.world.subnets[subnet]
        if route.kind == "local":
            name, into = self._owner(here.vpc, packet.destination)
            if into != subnet:
                self._acl(into, "ingress", packet)
            return self._into(name, packet, sender)
        if route.kind == "igw":
            return self._internet_gateway(packet, here.vpc, sender)
        if route.kind == "nat":
            return self._nat(route.target, packet, subnet)
        if route.kind == "pcx":
            return self._peering(route.target, packet, here.vpc, sender)
        if route.kind == "tgw":
            return self._transit(packet, subnet, sender)
        if route.kind == "eigw":
            self._own(sender, here.vpc)
            if packet.destination.version != 6 or not self.world.vpcs[here.vpc].egress_only:
                raise Dropped("egress-only gateway")
            if self._is_private(packet.destination):
                raise Dropped("egress-only gateway carries public addresses")
            if not self.first:
                raise Dropped("egress-only gateway: no session of its own")
            self.begun.add(packet)
            return self._out(packet)
        if route.kind == "s3":
            self._own(sender, here.vpc)
            if packet.protocol == "udp":
                raise Dropped("gateway endpoint passes no UDP")
            return _Journey(packet, "internet", None, here.vpc)
        raise Dropped("blackhole")

    def _into(self, name: str, packet: Packet, sender: str | None) -> _Journey:
        if name in self.world.nats:
            return self._untranslated(name, packet)
        return _Journey(packet, name, sender if sender in self.world.interfaces else None)

    def _own(self, sender: str | None, vpc: str) -> None:
        """Gateways of a VPC serve what stands in it."""
        held = self.world.interfaces.get(sender or "") or self.world.nats.get(sender or "")
        if held is None or self.world.subnets[held.subnet].vpc != vpc:
            raise Dropped("a gateway serves its own VPC")

    # -- the internet

    def _is_private(self, address: Address) -> bool:
        return any(address.version == b.version and address in b for b in _PRIVATE)

    def _internet_gateway(self, packet: Packet, vpc: str, sender: str | None) -> _Journey:
        self._own(sender, vpc)
        if not self.world.vpcs[vpc].gateway:
            raise Dropped("no internet gateway")
        if self._is_private(packet.destination):
            raise Dropped("internet gateway: private destination")
        if packet.source.version == 4:
            held = self.world.interfaces.get(sender or "") or self.world.nats[sender or ""]
            if held.public is None:
                raise Dropped(f"{sender} has no public address")
            packet = replace(packet, source=held.public)
        return self._out(packet)

    def _out(self, packet: Packet) -> _Journey:
        """Out on the internet: to a host of its own, or in again."""
        inside = packet.destination in self.public or any(
            packet.destination.version == b.version and packet.destination in b
            for v in self.world.vpcs.values() for b in v.blocks
        )  # fmt: skip
        return self._from_internet(packet) if inside else _Journey(packet, "internet", None)

    def _from_internet(self, packet: Packet) -> _Journey:
        if packet.destination.version == 4:
            name = self.public.get(packet.destination)
            if name is None:
                return _Journey(packet, "internet", None)
            held = self.world.interfaces.get(name) or self.world.nats[name]
            own = next(a for a in getattr(held, "addresses", [getattr(held, "address", None)]) if a.version == 4)
            packet, vpc = replace(packet, destination=own), self.world.subnets[held.subnet].vpc
        else:
            found = [
                v
                for v, w in self.world.vpcs.items()
                if any(b.version == 6 and packet.destination in b for b in w.blocks)
            ]
            if not found:
                return _Journey(packet, "internet", None)
            vpc = found[0]
        name, subnet = self._owner(vpc, packet.destination)
        if packet.answer() not in self.begun and not self.world.vpcs[vpc].gateway:
            raise Dropped(f"{vpc} has no internet gateway")
        self._acl(subnet, "ingress", packet)
        return self._into(name, packet, None)

    # -- NAT

    def _nat(self, name: str, packet: Packet, subnet: str) -> _Journey:
        nat = self.world.nats[name]
        if packet.destination.version != 4 or packet.protocol not in ("tcp", "udp", "icmp"):
            raise Dropped("NAT gateway: IPv4, and TCP, UDP and ICMP only")
        if nat.subnet != subnet:
            self._acl(nat.subnet, "ingress", packet)
        port = self.nat_port if packet.protocol != "icmp" else 0
        sent = replace(packet, source=nat.address, source_port=port)
        self.translations[name, replace(sent, source=ipaddress.ip_address("0.0.0.0"))] = packet
        here = self.world.subnets[nat.subnet]
        if any(b.version == 4 and sent.destination in b for b in here.blocks):
            reached, _ = self._owner(here.vpc, sent.destination)
            return self._into(reached, sent, name)
        route = self._lookup(nat.subnet, sent.destination)
        if route.kind == "nat":
            raise Dropped("NAT gateway behind a NAT gateway")
        self._acl(nat.subnet, "egress", sent)
        return self._along(route, sent, nat.subnet, name)

    def _untranslated(self, name: str, packet: Packet) -> _Journey:
        """An answer at a NAT gateway: on to whom it belongs."""
        nat = self.world.nats[name]
        asked = Packet(ipaddress.ip_address("0.0.0.0"), packet.source, packet.protocol, packet.port, packet.source_port)
        first = self.translations.get((name, asked))
        if first is None:
            raise Dropped(f"{name} knows no such session")
        return self._send(first.answer(), nat.subnet, name, leaving=None)

    # -- other VPCs

    def _peering(self, name: str, packet: Packet, vpc: str, sender: str | None) -> _Journey:
        ends = self.world.peerings[name]
        if vpc not in ends:
            raise Dropped("peering of other VPCs")
        self._own(sender, vpc)
        other = ends[1] if ends[0] == vpc else ends[0]
        if not any(
            packet.destination.version == b.version and packet.destination in b for b in self.world.vpcs[other].blocks
        ):
            raise Dropped("peering is not transitive")
        reached, into = self._owner(other, packet.destination)
        self._acl(into, "ingress", packet)
        return self._into(reached, packet, sender)

    def _transit(self, packet: Packet, subnet: str, sender: str | None) -> _Journey:
        here = self.world.subnets[subnet]
        mine = next((a for a in self.world.attachments.values() if a.vpc == here.vpc), None)
        if mine is None:
            raise Dropped(f"{here.vpc} is not attached")
        door = self._door(mine, here.zone)
        if door is None:
            raise Dropped(f"no attachment in {here.zone}")
        self._acl(door, "ingress", packet)
        if mine.table not in self.world.transit_tables:
            raise Dropped("no table of the transit gateway")
        route = self._longest(self.world.transit_tables[mine.table], packet.destination, mine.table)
        if route.kind == "blackhole":
            raise Dropped("blackhole at the transit gateway")
        there = self.world.attachments[route.target]
        target = self.private.get((there.vpc, packet.destination))
        held = (self.world.interfaces.get(target) or self.world.nats.get(target)) if target else None
        zones = [here.zone] + ([self.world.subnets[held.subnet].zone] if held else [])
        exit_ = next((d for d in (self._door(there, z) for z in zones) if d is not None), there.subnets[0])
        return self._out_of_transit(packet, exit_, there, sender)

    def _out_of_transit(self, packet: Packet, door: str, there: Attachment, sender: str | None) -> _Journey:
        route = self._lookup(door, packet.destination)
        if route.kind == "tgw":
            raise Dropped("back to the transit gateway")
        if route.kind == "local":
            name, into = self._owner(there.vpc, packet.destination)
            if into != door:
                self._acl(door, "egress", packet)
                self._acl(into, "ingress", packet)
            journey = self._into(name, packet, sender)
            kept = journey.keeps if self.world.references else None
            return replace(journey, keeps=kept)
        gate = self.world.nats.get(route.target)
        if gate is None or gate.subnet != door:
            self._acl(door, "egress", packet)
        # of what comes by a transit gateway, no gateway but NAT knows the sender
        return self._along(route, packet, door, None)

    def _door(self, attachment: Attachment, zone: str) -> str | None:
        return next((s for s in attachment.subnets if self.world.subnets[s].zone == zone), None)
