"""Questions about one system: who reaches whom, who else does, and what a guarantee comes to."""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterator
from typing import Any
from weakref import WeakKeyDictionary

from archproof.network import filters
from archproof.network.addresses import is_public
from archproof.network.answers import Answer, Paths
from archproof.network.ends import FUNCTION, INTERNET, Naming, Party
from archproof.network.fabric import Fabric, Interface
from archproof.network.filters import End, Pass
from archproof.network.listening import listens
from archproof.network.owners import NAT
from archproof.network.placing import homeless
from archproof.network.reading import fabric
from archproof.network.trace import Step
from archproof.resources.network_types import LAST_PORT
from archproof.resources.resource import Resources

_OFTEN = (80, 443)
"""Ports that nearly every system is asked about: the sets of ports are made with them from the start."""
_KEPT = 4096
"""Answers that are kept for who asks again."""
_PASSIVE = (NAT, "AWS::EC2::VPCEndpoint", "AWS::EFS::MountTarget")
"""Types whose interfaces begin no session of their own."""


class Network:
    """The network of a set of resources, and answers about it."""

    def __init__(self, resources: Resources, outside: Collection[str] = ()) -> None:
        """`outside`: names of people and systems that are met over the internet."""
        self.resources = resources
        self.outside = tuple(outside)
        self._paths: dict[str, tuple[set[int], Paths]] = {}
        self._answers: dict[Any, Answer] = {}
        self._open: set[Any] = set()

    @functools.cached_property
    def fabric(self) -> Fabric:
        """Its parts."""
        return fabric(self.resources)

    @functools.cached_property
    def naming(self) -> Naming:
        """What its names mean."""
        return Naming(self.resources, self.fabric, filters.atoms(self.fabric), self.outside)

    def paths(self, protocol: str, ports: Collection[int] = ()) -> Paths:
        """Questions of one protocol; `ports`: those that will be asked about."""
        held = self._paths.get(protocol)
        if held is None or not set(ports) <= held[0]:
            wanted = {*ports, *(held[0] if held is not None else {*_OFTEN, *self._listened()})}
            atoms = filters.ports(self.fabric, protocol, [(p, p) for p in wanted])
            held = self._paths[protocol] = wanted, Paths(self.fabric, filters.Filters(self.fabric, protocol, atoms))
        return held[1]

    def _listened(self) -> set[int]:
        owners = [held[0].owner for held in self.fabric.interfaces.values()]
        return {port for owner in owners for port in listens(self.resources, [owner])}

    def ask(self, source: str, target: str, port: int | None = None, protocol: str = "tcp") -> Answer:
        """Whether `source` reaches `target`. Raises UsageError where nothing has one of the names."""
        first = self.naming.party(source)
        second = self.naming.party(target, first)
        return self.between(first, second, port, protocol)

    def between(self, source: Party, target: Party, port: int | None = None, protocol: str = "tcp") -> Answer:
        """Whether one party reaches another."""
        if (
            target.resources
            and all(r.type in FUNCTION for r in target.resources)
            and not any(e.interface for e in target.ends)
            and not target.unplaced
        ):
            because = (
                f"{target.name} takes no connections: a function outside a VPC is invoked through Lambda's own API"
            )
            step = Step(target.name, "function", because, Pass(0, 0), "NO_PATH", target.resources[0].location())
            return Answer(source.name, target.name, protocol, "blocked", [], blockers=[step], back="none")
        if target.doubt is not None:
            because = f"whether the names of {target.service} lead to {target.doubt.title} is not known"
            step = Step(target.doubt.title, "vpc_endpoint", because, Pass(0, -1), "UNKNOWN_DESTINATION",
                        target.doubt.location())  # fmt: skip
            return Answer(source.name, target.name, protocol, "unknown", [], blockers=[step], back="unknown")
        if _outside(source) and target.ends and not any(e.interface for e in target.ends):
            return _over_the_internet(source, target, port, protocol)
        key = source.name, tuple(source.ends), target.name, tuple(target.ends), target.listens, port, protocol
        found = self._answers.get(key)
        if found is None:
            asked = [port] if port is not None else []
            paths = self.paths(protocol, [*asked, *target.listens])
            heard = target.listens if protocol == "tcp" else ()
            found = paths.answer(source.name, target.name, source.ends, target.ends, port, heard)
            found = _open(found, source, target)
            if len(self._answers) < _KEPT:
                self._answers[key] = found
        return found

    def passes(self, source: Party, target: Party, port: int) -> bool:
        """Whether one party reaches another on a port of TCP: the same for all whose ends nothing tells apart."""
        key = tuple(map(_alike, source.ends)), tuple(target.ends), target.listens, port
        if key in self._open:
            return True
        if self.between(source, target, port).verdict != "reachable":
            return False
        self._open.add(key)
        return True

    def others(self, target: Party, except_for: Collection[Party]) -> Iterator[Party]:
        """Everyone who could begin a session, but for some: the internet, other networks, all owners of interfaces."""
        named = {id(r) for party in (target, *except_for) for r in party.resources}
        inside = {id(e.interface) for party in (target, *except_for) for e in party.ends if e.interface is not None}
        if not any(p.name == INTERNET for p in except_for):
            yield self.naming.party(INTERNET)
        for held in self.fabric.interfaces.values():
            owner = held[0].owner
            if owner.type in _PASSIVE or id(owner) in named or all(id(i) in inside for i in held):
                continue
            yield Party(owner.title, [e for i in held if id(i) not in inside for e in _ends(i)], resources=[owner])
        for resource in homeless(self.resources, self.fabric.interfaces):
            if id(resource) not in named:
                yield Party(resource.title, [], resources=[resource], unplaced=True)
        yield from self._behind_vpns()

    def _behind_vpns(self) -> Iterator[Party]:
        """The networks behind VPNs, as far as routes name them."""
        routes = [*(t.entries for t in self.fabric.tables.values())]
        routes += [t.entries for t in self.fabric.transit_tables.values()]
        spans = {
            entry.span: None
            for entries in routes
            for entry in entries
            if entry.span is not None
            and (entry.via == "vpn_gateway" or self.fabric.attachments.get(entry.target or "") is not None)
            and not any(vpc_span.meets(entry.span) for vpc in self.fabric.vpcs.values() for vpc_span in vpc.spans)
        }
        for span in spans:
            yield self.naming.party(str(span))


def _open(answer: Answer, source: Party, target: Party) -> Answer:
    """An answer about what stands, with a part of it at least, where nobody here can say: blocked is not proved."""
    lost = next((p for p in (source, target) if p.unplaced), None)
    if lost is None or answer.verdict == "reachable":
        return answer
    what = "a subnet that is" if lost.ends else "subnets that are"
    because = f"{lost.name} stands in {what} not among the resources, so what filters and routes there is not known"
    place = lost.resources[0].location() if lost.resources else None
    step = Step(lost.name, "interface", because, Pass(0, -1), "UNKNOWN_DESTINATION", place)
    return Answer(
        answer.source, answer.target, answer.protocol, "unknown", [], blockers=[step], back="unknown",
    )  # fmt: skip


def _outside(party: Party) -> bool:
    """Whether it is code outside every VPC: a function without one."""
    return bool(party.resources) and not party.unplaced and all(
        r.type in FUNCTION for r in party.resources if not r.implied
    ) and any(r.type in FUNCTION for r in party.resources) and not any(e.interface for e in party.ends)  # fmt: skip


def _over_the_internet(source: Party, target: Party, port: int | None, protocol: str) -> Answer:
    """What code outside every VPC reaches that has no interface here: public addresses, and no private one."""
    place = source.resources[0].location()
    public = [e for e in target.ends if e.service is not None or is_public(e.span)]
    if not public:
        because = f"{source.name} runs outside every VPC, and {target.name} is a private address"
        step = Step(target.name, "address", because, Pass(0, 0), "IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS", place)
        return Answer(source.name, target.name, protocol, "blocked", [], blockers=[step], back="none")
    hops = [
        Step(source.name, "source", "begins outside every VPC", Pass(-1, -1), "", place),
        Step(target.name, "target", "arrives at public addresses", Pass(-1, -1)),
    ]
    ports = [(port, port)] if port is not None else [] if protocol == "icmp" else [(0, LAST_PORT)]
    return Answer(source.name, target.name, protocol, "reachable", ports, hops)


def _alike(end: End) -> tuple[Any, ...]:
    """What tells the beginnings of flows apart: where they stand and what filters them, but not who they are."""
    held = end.interface
    if held is None or held.proxy:
        return (end,)
    return (
        end.span, end.public, end.service, end.via, held.owner.type, id(held.subnet), held.spans, held.groups,
        held.filtered, held.groups_known, held.public, held.public_spans, held.exact, held.six,
    )  # fmt: skip


def _ends(interface: Interface) -> Iterator[End]:
    for addresses in interface.spans:
        yield End(addresses, interface)


_CACHE: WeakKeyDictionary[Resources, Network] = WeakKeyDictionary()


def network(resources: Resources, outside: Collection[str] = ()) -> Network:
    """The network of `resources`, made once."""
    held = _CACHE.get(resources)
    if held is None or held.outside != tuple(outside):
        held = _CACHE[resources] = Network(resources, outside)
    return held
