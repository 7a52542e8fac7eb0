"""All pairs at once: interfaces with the same facts are one class, and sets of ports are bits of integers.

For every pair of classes the masks of groups, ACLs and routes are put together; what no table decides (peering,
transit gateways) is traced once for each pair of places. Addresses are private ones, of one version.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from archproof.network.addresses import Span
from archproof.network.answers import Paths
from archproof.network.fabric import Fabric, Group, Interface, Subnet
from archproof.network.filters import EPHEMERAL, End, Filters, Pass, atoms, peer_fits
from archproof.network.owners import NAT
from archproof.network.routing import choose
from archproof.resources.network_types import Rule

_Way = tuple[int, bool, bool]
"""The ports that a way passes, and whether it keeps groups for rules of egress and of ingress."""
_NEVER_INSIDE = ("internet_gateway", "nat_gateway", "egress_only_gateway", "vpc_endpoint", "blackhole")


class _Place(NamedTuple):
    subnet: Subnet
    span: Span


@dataclass(slots=True)
class Kind:
    """Interfaces that no rule tells apart."""

    interfaces: list[Interface] = field(default_factory=list)
    place: int = 0
    held: int = 0
    """Their groups, by number."""
    span: int = 0


class Matrix:
    """Who reaches whom on which ports, for one protocol and version of addresses."""

    def __init__(self, fabric: Fabric, filters: Filters, version: int = 4) -> None:
        self.fabric = fabric
        self.filters = filters
        self.paths = Paths(fabric, filters)
        self.kinds: list[Kind] = []
        self.places: list[_Place] = []
        self.spans: list[Span] = []
        self.holdings: list[Interface] = []
        """One interface for each set of groups."""
        self._heard: dict[int, Pass] = {}
        """What load balancers listen on, by the number of their class."""
        self._ways: dict[tuple[int, int, int], _Way] = {}
        self._local: dict[tuple[str, int], str] = {}
        self._classify(version)

    def _classify(self, version: int) -> None:
        cuts = atoms(self.fabric, interfaces=False)
        kinds: dict[tuple[object, ...], Kind] = {}
        places: dict[tuple[str, Span], int] = {}
        holdings: dict[tuple[object, ...], int] = {}
        spans: dict[Span, int] = {}
        for interface in (i for held in self.fabric.interfaces.values() for i in held):
            own = next((s for s in interface.spans if s.version == version), None)
            if own is None:
                continue
            where = cuts.around(own) if own.single else own
            groups = interface.groups, interface.groups_known, interface.filtered
            balancer = self.fabric.balancers.get(interface.owner.logical_id) if interface.proxy else None
            nat = interface.owner.type == NAT
            part = balancer.id if balancer is not None else interface.proxy and not nat, nat
            key = interface.subnet.id, where, *groups, interface.six if version == 6 else True, part
            if key not in kinds:
                place = places.setdefault((interface.subnet.id, where), len(places))
                if place == len(self.places):
                    self.places.append(_Place(interface.subnet, where))
                held = holdings.setdefault(groups, len(holdings))
                if held == len(self.holdings):
                    self.holdings.append(interface)
                if nat:
                    self._heard[len(kinds)] = Pass(0, 0)
                if balancer is not None and balancer.kind != "gateway":
                    self._heard[len(kinds)] = self.filters.heard(balancer)
                kinds[key] = Kind([], place, held, spans.setdefault(where, len(spans)))
            kinds[key].interfaces.append(interface)
        self.kinds, self.spans = list(kinds.values()), list(spans)

    # -- groups

    @functools.cached_property
    def _known(self) -> tuple[_Tables, _Tables]:
        return _Tables(self, 0), _Tables(self, 1)

    # -- ways between places

    def _way(self, first: int, second: int, level: int) -> _Way:
        """The ports that get from one place to another but for groups; `level`: 0 for sure, 1 at most."""
        key = first, second, level
        found = self._ways.get(key)
        if found is None:
            found = self._ways[key] = self._find_way(self.places[first], self.places[second], first, second, level)
        return found

    def _find_way(self, here: _Place, there: _Place, first: int, second: int, level: int) -> _Way:
        every = self.filters.ports.all
        if here.subnet is there.subnet:
            return every, True, True
        out, back = self._route(here, second), self._route(there, first)
        if out == "local" and back == "local" and here.subnet.vpc == there.subnet.vpc:
            if here.subnet.acl.open and there.subnet.acl.open:
                return every, True, True
            return self._acls(here, there, level), True, True
        if out in ("none", *_NEVER_INSIDE):
            return 0, False, False
        return self._traced(here, there, level)

    def _route(self, here: _Place, there: int) -> str:
        """Where the table of a place leads for another: the kind of the route, `none`, or `unsure`."""
        key = here.subnet.table.id, there
        found = self._local.get(key)
        if found is None:
            place = self.places[there]
            choice = choose(here.subnet.table, End(place.span, _bare(self.holdings[0], place)))
            found = "unsure" if not choice.sure else choice.entry.via if choice.entry is not None else "none"
            self._local[key] = found
        return found

    def _acls(self, here: _Place, there: _Place, level: int) -> int:
        filters = self.filters
        mask = filters.acl(here.subnet.acl, "egress", there.span)[0][level]
        mask &= filters.acl(there.subnet.acl, "ingress", here.span)[0][level]
        answers = filters.answers(there.subnet.acl, "egress", here.span)[level]
        answers &= filters.answers(here.subnet.acl, "ingress", there.span)[level]
        return mask if answers else 0

    def _traced(self, here: _Place, there: _Place, level: int) -> _Way:
        """By one trace between interfaces that have no groups; what it keeps is the route's matter."""
        source, target = (_bare(self.holdings[0], place) for place in (here, there))
        trace = self.paths.tracer.trace(End(here.span, source), End(there.span, target))
        mask = trace.passes(self.filters.ports.all)[level]
        every = self.filters.ports.mask(*EPHEMERAL)
        if any(not masks[level] & wanted & (every if self.filters.protocol in ("tcp", "udp") else wanted)
               for masks, wanted in self.paths.back_masks(trace)):  # fmt: skip
            mask = 0
        via = choose(here.subnet.table, End(there.span, target)).entry
        peered = self.paths.tracer.peered(via)
        kept = peered or (via is not None and via.via == "transit_gateway" and self.paths.tracer.keeps(via.target))
        return mask, peered, kept

    # -- answers

    def row(self, number: int, level: int = 0) -> list[int]:
        """The ports on which a class reaches every other, as sets: for sure (0), or at most (1)."""
        tables, kind = self._known[level], self.kinds[number]
        out, out_named = tables.egress[kind.held], tables.egress_named[kind.held]
        into, into_named = tables.ingress_at(kind.span), tables.ingress_from(kind.held)
        ways = [self._way(kind.place, place, level) for place in range(len(self.places))]
        if all(kept_out and kept_in for mask, kept_out, kept_in in ways if mask):
            masks = [mask for mask, _, _ in ways]
            found = [
                masks[k.place]
                and (out[k.span] | out_named[k.held]) & (into[k.held] | into_named[k.held]) & masks[k.place]
                for k in self.kinds
            ]
        else:
            found = []
            for k in self.kinds:
                mask, kept_out, kept_in = ways[k.place]
                if mask:
                    mask &= out[k.span] | out_named[k.held] if kept_out else out[k.span]
                    mask &= into[k.held] | into_named[k.held] if kept_in else into[k.held]
                found.append(mask)
        for position, heard in self._heard.items():
            found[position] &= heard[level]
        return found

    def rows(self, level: int = 0) -> Iterator[list[int]]:
        """Every row: all pairs of classes."""
        return (self.row(number, level) for number in range(len(self.kinds)))

    def column(self, number: int, level: int = 0) -> list[int]:
        """The ports on which every class reaches one."""
        tables, kind = self._known[level], self.kinds[number]
        every = self._heard[number][level] if number in self._heard else self.filters.ports.all
        found = []
        for k in self.kinds:
            mask, kept_out, kept_in = self._way(k.place, kind.place, level)
            mask &= every
            if mask:
                mask &= tables.egress[k.held][kind.span] | (tables.egress_named[k.held][kind.held] if kept_out else 0)
                mask &= tables.ingress[kind.held][k.span] | (tables.ingress_named[kind.held][k.held] if kept_in else 0)
            found.append(mask)
        return found

    def sources(self, interface: Interface) -> list[tuple[Interface, int]]:
        """Who reaches an interface, with the ports as a set."""
        number = next(n for n, k in enumerate(self.kinds) if any(i is interface for i in k.interfaces))
        masks = self.column(number)
        return [(i, mask) for k, mask in zip(self.kinds, masks, strict=True) if mask for i in k.interfaces
                if i is not interface]  # fmt: skip


class _Tables:
    """What sets of groups let through: to spans, and to sets of groups; for sure (0), or at most (1)."""

    def __init__(self, matrix: Matrix, level: int) -> None:
        self.matrix = matrix
        self.level = level
        self.all = matrix.filters.ports.all
        self._fits: dict[object, list[int]] = {}
        self._by_group: dict[tuple[str, str], tuple[list[int], dict[str, int]]] = {}
        self._members: dict[str, list[int]] = {}
        for number, held in enumerate(matrix.holdings):
            for group in held.groups:
                self._members.setdefault(group, []).append(number)
        self._vague = [n for n, held in enumerate(matrix.holdings) if not held.groups_known] if level else []
        self.egress, self.egress_named = self._side("egress")
        self.ingress, self.ingress_named = self._side("ingress")
        self._at: dict[int, list[int]] = {}
        self._from: dict[int, list[int]] = {}

    def ingress_at(self, span: int) -> list[int]:
        """What every set of groups lets in from a span."""
        if span not in self._at:
            self._at[span] = [held[span] for held in self.ingress]
        return self._at[span]

    def ingress_from(self, held: int) -> list[int]:
        """What every set of groups lets in from a set of groups."""
        if held not in self._from:
            self._from[held] = [named[held] for named in self.ingress_named]
        return self._from[held]

    def _side(self, direction: str) -> tuple[list[list[int]], list[list[int]]]:
        by_span, by_group = [], []
        count, spans = len(self.matrix.holdings), len(self.matrix.spans)
        for held in self.matrix.holdings:
            if not held.filtered or (self.level and not held.groups_known):
                by_span.append([self.all] * spans)
                by_group.append([0] * count)
                continue
            masks, named = [0] * spans, [0] * count
            for id in held.groups:
                own, references = self._group(self.matrix.fabric.groups[id], direction)
                masks = [a | b for a, b in zip(masks, own, strict=True)] if any(masks) else list(own)
                for name, mask in references.items():
                    for number in (*self._members.get(name, ()), *self._vague):
                        named[number] |= mask
            by_span.append(masks)
            by_group.append(named)
        return by_span, by_group

    def _group(self, group: Group, direction: str) -> tuple[list[int], dict[str, int]]:
        key = group.id, direction
        if key not in self._by_group:
            self._by_group[key] = self._read(group, direction)
        return self._by_group[key]

    def _read(self, group: Group, direction: str) -> tuple[list[int], dict[str, int]]:
        spans = [0] * len(self.matrix.spans)
        named: dict[str, int] = {}
        if (direction == "egress" and group.egress_open) or (self.level and not group.complete):
            spans = [self.all] * len(spans)
        if direction == "ingress" and group.self_open:
            named[group.id] = self.all
        for rule in group.ingress if direction == "ingress" else group.egress:
            mask = self.matrix.filters.mask(rule.protocol, rule.ports)[self.level]
            if not mask:
                continue
            if rule.peer_group is not None and rule.cidr is None:
                named[rule.peer_group] = named.get(rule.peer_group, 0) | mask
                continue
            for number in self._met(rule):
                spans[number] |= mask
        return spans, named

    def _met(self, rule: Rule) -> list[int]:
        """The spans that a rule speaks of."""
        key = rule.cidr if rule.cidr is not None else rule.prefix_list
        if key not in self._fits:
            matrix = self.matrix
            found = []
            for number, where in enumerate(matrix.spans):
                fits = peer_fits(matrix.fabric, rule, End(where, matrix.holdings[0]), None)
                if fits or (self.level and fits is None):
                    found.append(number)
            self._fits[key] = found
        return self._fits[key]


def _bare(interface: Interface, place: _Place) -> Interface:
    """An interface at a place that no group filters."""
    return interface.changed(subnet=place.subnet, spans=(place.span,), groups=(), filtered=False, proxy=False)


def matrix(fabric: Fabric, filters: Filters, version: int = 4) -> Matrix:
    """All pairs of a network's interfaces, for the protocol of `filters`."""
    return Matrix(fabric, filters, version)
