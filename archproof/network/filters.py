"""What security groups and network ACLs let through, as sets of ports: for sure, and perhaps."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import field
from typing import NamedTuple

from archproof.fields import Fields
from archproof.network.addresses import ALL_IPV4, ALL_IPV6, Atoms, Span, fits
from archproof.network.fabric import Acl, AclEntry, Fabric, Group, Interface, LoadBalancer, Truth
from archproof.network.ports import Ports
from archproof.resources.network_types import LAST_PORT, Rule

EPHEMERAL = (1024, LAST_PORT)
"""Ports that a client, a NAT gateway or a load balancer may take answers on (reference: network ACLs)."""
_EVERYTHING = (ALL_IPV4, ALL_IPV6)


class End(NamedTuple):
    """One end of a flow: an interface, or addresses out there. No rule of the network splits its span."""

    span: Span
    interface: Interface | None = None
    public: bool = False
    """Whether the interface is met by its public address."""
    service: str | None = None
    """The service of AWS whose public addresses it stands for, by endpoint name (`s3`); `internet` for addresses
    that are no service's."""
    name: str = ""
    """What to call it in words, where it is no interface."""
    via: str | None = None
    """The VPN gateway that it comes by, where it is one that was named."""
    literal: bool = False
    """Whether it was named by this very address, not by what has it."""

    @property
    def title(self) -> str:
        """What a message calls it."""
        if self.interface is not None:
            return self.interface.title
        return self.name or str(self.span)


class Pass(NamedTuple):
    """Ports that get through: for sure, and at most."""

    yes: int
    maybe: int


class Hit(NamedTuple):
    """A rule and what it lets through."""

    rule: Rule | AclEntry | None
    """None for a rule that no resource says (the default group's, AWS's own egress rule)."""
    group: Group | None
    passes: Pass


class Filters(Fields):
    """Groups and ACLs of one network, for one protocol."""

    fabric: Fabric
    protocol: str
    ports: Ports
    _held: dict[object, tuple[Pass, tuple[Hit, ...]]] = field(default_factory=dict)

    # -- security groups

    def groups(self, interface: Interface, direction: str, peer: End, preserved: bool) -> tuple[Pass, tuple[Hit, ...]]:
        """What the groups of an interface let in from (out to) a peer, and the rules that do.

        `preserved`: whether the way keeps the groups of the peer, for rules that name a group.
        """
        if not interface.filtered:
            return Pass(self.ports.all, self.ports.all), ()
        other = peer.interface if preserved and not peer.public else None
        known = other.groups_known if other is not None else True
        key = (
            interface.groups, interface.groups_known, direction, peer.span, peer.service,
            other.groups if other is not None else None, known,
        )  # fmt: skip
        found = self._held.get(key)
        if found is None:
            found = self._held[key] = self._groups(interface, direction, peer, other)
        return found

    def _groups(
        self, interface: Interface, direction: str, peer: End, other: Interface | None
    ) -> tuple[Pass, tuple[Hit, ...]]:
        yes = maybe = 0
        hits: list[Hit] = []
        for id in interface.groups:
            group = self.fabric.groups[id]
            for hit in self._of_group(group, direction, peer, other):
                hits.append(hit)
                yes |= hit.passes.yes
                maybe |= hit.passes.maybe
            if not group.complete:
                maybe = self.ports.all
        if not interface.groups_known:
            maybe = self.ports.all
        return Pass(yes, maybe), tuple(hits)

    def _of_group(self, group: Group, direction: str, peer: End, other: Interface | None) -> Iterable[Hit]:
        everything = Pass(self.ports.all, self.ports.all)
        if direction == "egress" and group.egress_open:
            yield Hit(None, group, everything)
        if direction == "ingress" and group.self_open and other is not None and group.id in other.groups:
            yield Hit(None, group, everything)
        for rule in group.ingress if direction == "ingress" else group.egress:
            passes = self._rule(rule, peer, other)
            if passes.maybe:
                yield Hit(rule, group, passes)

    def _rule(self, rule: Rule, peer: End, other: Interface | None) -> Pass:
        mask = self.mask(rule.protocol, rule.ports)
        fits_ = peer_fits(self.fabric, rule, peer, other)
        return _passes(mask, fits_ if rule.sure or not fits_ else None)

    def mask(self, protocol: str, ports: tuple[int, int] | None) -> Pass:
        """The ports of this protocol that a rule speaks of."""
        if protocol == "unknown":
            return Pass(0, self.ports.all)
        if protocol == "all":
            return Pass(self.ports.all, self.ports.all)
        if protocol != self.protocol:
            return Pass(0, 0)
        if ports is None:
            return Pass(0, self.ports.all)
        if self.protocol not in ("tcp", "udp"):
            return Pass(self.ports.all, self.ports.all)
        mask = self.ports.mask(*ports)
        return Pass(mask, mask)

    def heard(self, balancer: LoadBalancer) -> Pass:
        """The ports that a load balancer listens on."""
        mask, perhaps = 0, 0 if balancer.complete else self.ports.all
        for listener in balancer.listeners:
            if listener.port is None:
                perhaps = self.ports.all
            elif listener.protocol == self.protocol:
                mask |= self.ports.mask(listener.port, listener.port)
        return Pass(mask, mask | perhaps)

    # -- network ACLs

    def acl(self, acl: Acl, direction: str, peer: Span) -> tuple[Pass, tuple[Hit, ...]]:
        """What an ACL lets in from (out to) an address: entries in order, the first that speaks decides."""
        if acl.open:
            return Pass(self.ports.all, self.ports.all), ()
        key = (acl.id, direction, peer)
        found = self._held.get(key)
        if found is None:
            found = self._held[key] = self._acl(acl, direction, peer)
        return found

    def _acl(self, acl: Acl, direction: str, peer: Span) -> tuple[Pass, tuple[Hit, ...]]:
        if not acl.complete:
            return Pass(0, self.ports.all), ()
        sure, perhaps = self.ports.all, self.ports.all  # what is undecided for sure, and at most
        yes = maybe = 0
        hits: list[Hit] = []
        for entry in acl.ingress if direction == "ingress" else acl.egress:
            spoken = _passes(self.mask(entry.protocol, entry.ports), _span_fits(entry.span, peer))
            if not entry.sure:
                spoken = Pass(0, spoken.maybe)
            decided = Pass(spoken.yes & sure, spoken.maybe & perhaps)
            if decided.maybe:
                hits.append(Hit(entry, None, decided))
            if entry.allow:
                yes |= decided.yes
                maybe |= decided.maybe
            sure &= ~spoken.maybe
            perhaps &= ~spoken.yes
        return Pass(yes, maybe), tuple(hits)

    def answers(self, acl: Acl, direction: str, peer: Span) -> Pass:
        """The ephemeral ports that an ACL lets answers take."""
        passes, _ = self.acl(acl, direction, peer)
        if self.protocol not in ("tcp", "udp"):
            return passes
        mask = self.ports.mask(*EPHEMERAL)
        return Pass(passes.yes & mask, passes.maybe & mask)


def _passes(mask: Pass, speaks: Truth) -> Pass:
    if speaks is False:
        return Pass(0, 0)
    return mask if speaks else Pass(0, mask.maybe)


def _span_fits(rule: Span | None, peer: Span) -> Truth:
    """Whether a rule's addresses cover a peer: None where they cover a part of what it may be."""
    return None if rule is None else fits(rule, peer)


def peer_fits(fabric: Fabric, rule: Rule, peer: End, other: Interface | None) -> Truth:
    """Whether a group's rule speaks of a peer; `other`: the interface whose groups the way keeps."""
    if rule.cidr is not None:
        return _span_fits(
            Span(rule.cidr.version, int(rule.cidr.network_address), int(rule.cidr.broadcast_address)), peer.span
        )
    if rule.peer_group is not None:
        if other is None:
            return None if _may_be(fabric, rule.peer_group, peer) else False
        if rule.peer_group in other.groups:
            return True
        return False if other.groups_known else None
    if rule.prefix_list is not None:
        return _list_fits(fabric, rule.prefix_list, peer)
    return None


def _may_be(fabric: Fabric, group: str, peer: End) -> bool:
    """Whether an address may be that of a group's member: of members whose address is not known."""
    if peer.interface is not None or peer.service is not None or peer.via is not None:
        return False
    members = (i for held in fabric.interfaces.values() for i in held if not i.exact and group in i.groups)
    return any(span.meets(peer.span) for member in members for span in member.spans)


def _list_fits(fabric: Fabric, prefix_list: str, peer: End) -> Truth:
    spans = fabric.prefix_lists.get(prefix_list)
    if spans is not None:
        found = [_span_fits(s, peer.span) for s in spans]
        return True if True in found else None if None in found else False
    service = fabric.service_lists.get(prefix_list)
    if service is not None:
        if peer.service is not None:
            return peer.service == service
        # an address out there may be one of the service's; an interface of the network is none
        return False if peer.interface is not None and not peer.public else None
    return None


def atoms(fabric: Fabric, *, interfaces: bool = True) -> Atoms:
    """The atoms of addresses that the rules, routes and subnets of a network make, and its `interfaces`."""
    spans: list[Span] = list(_EVERYTHING)
    for group in fabric.groups.values():
        for rule in (*group.ingress, *group.egress):
            if rule.cidr is not None:
                spans.append(Span(rule.cidr.version, int(rule.cidr.network_address), int(rule.cidr.broadcast_address)))
    for acl in fabric.acls.values():
        spans += [e.span for e in (*acl.ingress, *acl.egress) if e.span is not None]
    routes = [*(t.entries for t in fabric.tables.values()), *(t.entries for t in fabric.transit_tables.values())]
    spans += [e.span for entries in routes for e in entries if e.span is not None]
    for listed in fabric.prefix_lists.values():
        spans += listed
    for subnet in fabric.subnets.values():
        spans += subnet.spans
    for vpc in fabric.vpcs.values():
        spans += vpc.spans
    for held in fabric.interfaces.values() if interfaces else ():
        for interface in held:
            spans += (*interface.spans, *interface.public_spans)
    return Atoms(spans)


def ports(fabric: Fabric, protocol: str, more: Iterable[tuple[int, int]] = ()) -> Ports:
    """The atoms of a protocol's ports that the rules of a network (and `more`) make."""
    found = [EPHEMERAL, *more]
    for group in fabric.groups.values():
        found += [r.ports for r in (*group.ingress, *group.egress) if r.ports is not None and r.protocol == protocol]
    for acl in fabric.acls.values():
        found += [e.ports for e in (*acl.ingress, *acl.egress) if e.ports is not None and e.protocol == protocol]
    for balancer in fabric.balancers.values():
        found += [(x.port, x.port) for x in balancer.listeners if x.port is not None]
    for group_ in fabric.target_groups.values():
        own = (p for listed in group_.ports.values() for p in listed)
        found += [(p, p) for p in (group_.port, *own) if p is not None]
    return Ports(found)
