"""What is proved of a network, as nodes and arrows: who reaches whom on which ports, and which links fail.

Every pair of what has interfaces is asked; what has the same place, groups and listening ports is asked once.
Only straight ways count: what comes through a load balancer is the balancer's own arrow.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple
from weakref import ref

from archproof.model.architecture import Architecture
from archproof.network.ends import INTERNET, Party
from archproof.network.fabric import Interface
from archproof.network.filters import End
from archproof.network.owners import BALANCER, CLASSIC, NAT
from archproof.network.ports import Ports, Ranges, told
from archproof.network.system import Network, network
from archproof.resources.network_types import LAST_PORT
from archproof.resources.resource import Resource, Resources

if TYPE_CHECKING:
    from archproof.network.answers import Answer, Way

ENDPOINT = "AWS::EC2::VPCEndpoint"
FOLD = 6
"""From so many on, things of one kind that stand in one place behind the same groups are drawn as one."""
_PASSIVE = (NAT, ENDPOINT, "AWS::EFS::MountTarget")
_SHOWN = 3
"""Ranges of ports that an arrow tells."""


@dataclass(slots=True)
class Spot:
    """What stands somewhere: one owner of interfaces, several that are alike, the internet, a gateway."""

    id: str
    owners: list[Resource]
    interfaces: list[Interface] = field(default_factory=list)
    party: Party | None = None
    """What stands for it in questions: its first owner."""
    listens: tuple[int, ...] = ()


class Reached(NamedTuple):
    """An arrow: what gets from one spot to another."""

    source: str
    target: str
    ports: str
    sure: bool = True


class Failing(NamedTuple):
    """A declared link that is not proved."""

    source: str
    target: str
    port: int
    answer: Answer


class Reach:
    """The proofs of one system."""

    def __init__(self, architecture: Architecture) -> None:
        self.architecture = architecture
        self.network, self.resources = proved(architecture)
        self.fabric = self.network.fabric
        self.spots: dict[str, Spot] = {}
        self.spot_of: dict[str, str] = {}
        """The spot of each owner of interfaces, by logical id."""
        self._spots()

    # -- who is there

    def _spots(self) -> None:
        alike: dict[object, list[Resource]] = {}
        for id, held in self.fabric.interfaces.items():
            owner = held[0].owner
            if owner.type == NAT:
                continue
            heard = self.network.naming.party(id).listens
            key = (owner.type, held[0].groups, tuple(i.subnet.id for i in held), held[0].public, heard)
            alike.setdefault(key, []).append(owner)
        for (_, _, _, _, heard), owners in alike.items():  # type: ignore[misc]
            groups = [owners] if len(owners) >= FOLD else [[o] for o in owners]
            for members in groups:
                spot = Spot(self._id(members[0]), members, listens=heard)
                spot.interfaces = [i for m in members for i in self.fabric.interfaces[m.logical_id]]
                spot.party = self.network.naming.party(members[0].logical_id)
                self.spots[spot.id] = spot
                self.spot_of.update(dict.fromkeys((m.logical_id for m in members), spot.id))

    def _id(self, owner: Resource) -> str:
        """The id of a node: its component, where it is the main part of one."""
        named = owner.component if owner.component is not None and not owner.implied else None
        return named if named is not None and named not in self.spots else owner.logical_id

    def spot(self, party: Party) -> str | None:
        """The spot that a party stands at; None for what is in no picture of the network."""
        if party.name == INTERNET or party.name in self.network.outside:
            return INTERNET
        held = (e.interface.owner.logical_id for e in party.ends if e.interface is not None)
        return next((self.spot_of[o] for o in held if o in self.spot_of), None)

    # -- who reaches whom

    def inside(self) -> Iterator[Reached]:
        """What the interfaces of the network reach of one another."""
        for source in self.spots.values():
            if source.owners[0].type in _PASSIVE:
                continue
            only = self._sent_to(source)
            for target in self.spots.values():
                if target is source or (only is not None and not only & {o.logical_id for o in target.owners}):
                    continue
                yield from self._arrow(source.id, source.party, target)

    def incoming(self) -> Iterator[Reached]:
        """What the internet reaches."""
        internet = self.network.naming.party(INTERNET)
        for target in self.spots.values():
            if target.owners[0].type != ENDPOINT:
                yield from self._arrow(INTERNET, internet, target)

    def _sent_to(self, source: Spot) -> set[str] | None:
        """Whom a load balancer opens connections to: its targets, and nobody else."""
        if source.owners[0].type not in (BALANCER, CLASSIC):
            return None
        balancer = self.fabric.balancers.get(source.owners[0].logical_id)
        groups = (
            [self.fabric.target_groups.get(t) for line in balancer.listeners for t in line.targets] if balancer else []
        )
        return {o for g in groups if g is not None for o in g.owners}

    def _arrow(self, id: str, source: Party | None, target: Spot) -> Iterator[Reached]:
        assert source is not None and target.party is not None
        sure, perhaps = self.straight(source.ends, target.party.ends, target.listens)
        if sure or perhaps:
            yield Reached(id, target.id, sure or perhaps, bool(sure))

    def straight(self, sources: Sequence[End], targets: Sequence[End], listens: Sequence[int]) -> tuple[str, str]:
        """The ports that get through without a load balancer between, for sure and perhaps, as an arrow says them."""
        masks = self.masks(sources, targets, listens)
        sure = {protocol: ports.ranges(yes) for protocol, (ports, yes, _) in masks.items()}
        perhaps = {protocol: ports.ranges(maybe) for protocol, (ports, _, maybe) in masks.items()}
        return written(sure), written(perhaps)

    def masks(
        self, sources: Sequence[End], targets: Sequence[End], listens: Sequence[int]
    ) -> dict[str, tuple[Ports, int, int]]:
        """By protocol: its ports, those that get through without a load balancer for sure, and those at most."""
        found: dict[str, tuple[Ports, int, int]] = {}
        for protocol in ("tcp",) if listens else ("tcp", "udp"):
            paths = self.network.paths(protocol, listens)
            ports = paths.filters.ports
            wanted = ports.all
            if listens:
                wanted = 0
                for port in listens:
                    wanted |= ports.mask(port, port)
            yes = maybe = 0
            for way in paths.ways(sources, targets):
                if len(way.traces) > 1 or _around(way) or _private(way) or way.back == "none":
                    continue
                yes |= way.passes.yes & wanted if way.back in ("all", "some") else 0
                maybe |= way.passes.maybe & wanted
            found[protocol] = ports, yes, maybe
        return found

    def outgoing(self) -> Iterator[tuple[str, Answer]]:
        """What leaves to the internet, each with its answer."""
        internet = self.network.naming.party(INTERNET)
        for source in self.spots.values():
            if source.owners[0].type in (*_PASSIVE, BALANCER, CLASSIC) or source.party is None:
                continue
            answer = self.network.between(source.party, internet)
            if answer.verdict == "reachable":
                yield source.id, answer

    def services(self) -> Iterator[tuple[str, str, Answer]]:
        """What is reached through gateway endpoints: a spot, the endpoint and the answer."""
        gateways = {e.service: e for e in self.fabric.endpoints.values() if e.kind == "gateway" and e.service}
        for source in self.spots.values():
            if source.owners[0].type in (*_PASSIVE, BALANCER, CLASSIC) or source.party is None:
                continue
            for service in gateways:
                answer = self.network.between(source.party, self.network.naming.party(service, source.party), 443)
                through = next((h.resource for h in answer.hops if h.kind == "vpc_endpoint"), None)
                if answer.verdict == "reachable" and through is not None:
                    yield source.id, through.logical_id, answer

    # -- what the model says

    def failing(self) -> Iterator[Failing]:
        """Every declared link whose traffic is blocked, or not known to pass."""
        from archproof.validators.rules.proofs import flows

        for link in self.architecture.links:
            for port, answer in flows(self.network, self.architecture, link):
                if answer.verdict != "reachable":
                    yield Failing(link.source, link.target, port, answer)

    def undeclared(self, source: str, target: str) -> bool:
        """Whether a way leads to a data store that no link speaks of."""
        from archproof.validators.rules.proofs import STORES, declared

        store = self.spots[target].owners[0]
        if store.type not in STORES or not self.architecture.links or self.architecture.given is not None:
            return False
        pairs = declared(self.architecture)
        owners = self.spots[source].owners if source in self.spots else []
        names = [o.component for o in owners] or [source]
        if any(o.type == "AWS::SecretsManager::RotationSchedule" for o in owners):
            return False
        return not any((name, store.component) in pairs or name == store.component for name in names)


def _around(way: Way) -> bool:
    """Whether a way that begins inside leaves to the internet and comes back: two arrows tell it."""
    return way.source.interface is not None and any(s.kind == "internet_gateway" for s in way.traces[0].steps)


def _private(way: Way) -> bool:
    """Whether a way from public addresses comes over a VPN, which routes them: no part of the internet uses it."""
    return way.source.service == INTERNET and any(s.kind == "vpn" for s in way.traces[0].steps)


def written(ranges: dict[str, Ranges]) -> str:
    """Ports as an arrow tells them: `443`, `all ports`, `53, udp 53`; empty for none."""
    tcp, udp = ranges.get("tcp", []), ranges.get("udp", [])
    whole = [(0, LAST_PORT)]
    if tcp == whole:
        return (
            "all ports"
            if udp == whole or "udp" not in ranges
            else f"all TCP ports{f', udp {_few(udp)}' if udp else ''}"
        )
    parts = [_few(tcp)] if tcp else []
    if udp == whole:
        parts.append("all UDP ports")
    elif udp:
        parts.append(f"udp {_few(udp)}")
    return ", ".join(parts)


def _few(ranges: Ranges) -> str:
    more = f" and {len(ranges) - _SHOWN} more" if len(ranges) > _SHOWN else ""
    return told(ranges[:_SHOWN]) + more


_last: tuple[ref[Architecture], Network, Resources] | None = None


def proved(architecture: Architecture) -> tuple[Network, Resources]:
    """The network of an architecture and its resources, made once for all the pictures of it."""
    global _last
    if _last is not None and _last[0]() is architecture:
        return _last[1], _last[2]
    from archproof.resources.evaluation import evaluate
    from archproof.resources.lowering import lower

    resources = lower(architecture)
    if resources.format:
        resources = evaluate(resources)
    held = network(resources, tuple(architecture.of_kind("person", "external_system")))
    _last = ref(architecture), held, resources
    return held, resources


def reasons(answer: Answer) -> str:
    """Why a link fails, in one line."""
    return "; ".join(dict.fromkeys(step.because for step in answer.blockers))
