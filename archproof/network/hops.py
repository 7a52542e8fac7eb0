"""One hop of a flow and the whole of it, and what every kind of hop is told with: routes, groups, ACLs, answers."""

from __future__ import annotations

import functools
from collections.abc import Callable

from archproof.errors import Location
from archproof.network import ports, words
from archproof.network.fabric import Acl, Fabric, Interface, Subnet, Table
from archproof.network.filters import End, Filters, Pass
from archproof.network.owners import NAT
from archproof.network.routing import Choice, choose
from archproof.resources.network_types import Rule
from archproof.resources.resource import Resource


class Step:
    """One hop: what stands there, what it lets through, and why."""

    __slots__ = ("_because", "_location", "code", "kind", "passes", "resource", "segment", "title")

    def __init__(
        self, title: str, kind: str, because: str | Callable[[], str], passes: Pass, code: str = "",
        location: Location | Callable[[], Location] | None = None, resource: Resource | None = None, segment: int = 0,
    ) -> None:  # fmt: skip
        """`because` and `location` may be what tells them: most hops are followed, and never told.

        `code`: why it stops what it stops, in the words of AWS's Reachability Analyzer. `segment`: of answers, which
        part of the way; a NAT gateway takes other ports for answers than its client.
        """
        self.title = title
        self.kind = kind
        self._because = because
        self.passes = passes
        self.code = code
        self._location = location
        self.resource = resource
        self.segment = segment

    @property
    def because(self) -> str:
        """What it does with the flow, and why."""
        held = self._because
        if not isinstance(held, str):
            held = self._because = held()
        return held

    @property
    def location(self) -> Location | None:
        """The place that says so."""
        held = self._location
        if callable(held):
            held = self._location = held()
        return held

    def changed(
        self, *, because: str | None = None, code: str | None = None, segment: int | None = None,
        passes: Pass | None = None,
    ) -> Step:  # fmt: skip
        """A copy that says something else."""
        return Step(
            self.title, self.kind, self._because if because is None else because, passes or self.passes,
            self.code if code is None else code, self._location, self.resource,
            self.segment if segment is None else segment,
        )  # fmt: skip


class Trace:
    """A flow from one end to the other."""

    __slots__ = ("back", "one_way", "protocol", "seen", "segment", "source", "steps", "target")

    def __init__(self, source: End, target: End, protocol: str, *, one_way: bool = False) -> None:
        """`one_way`: whether it is of answers alone, which are not answered again."""
        self.source = source
        self.target = target
        self.protocol = protocol
        self.steps: list[Step] = []
        self.back: list[Step] = []
        """The way back: routes, and ACLs on ephemeral ports."""
        self.segment = 0
        """The part of the way that answers are told of."""
        self.seen: End | None = None
        """Who the target takes the source for: a gateway on the way may give it an address of its own."""
        self.one_way = one_way

    def copy(self) -> Trace:
        """The same flow, to be gone on with."""
        made = Trace(self.source, self.target, self.protocol, one_way=self.one_way)
        made.steps, made.back, made.segment, made.seen = [*self.steps], [*self.back], self.segment, self.seen
        return made

    def passes(self, everything: int) -> Pass:
        """The ports that get through, for sure and at most."""
        yes = maybe = everything
        for step in self.steps:
            yes &= step.passes.yes
            maybe &= step.passes.maybe
        return Pass(yes, maybe)


ELSEWHERE = ("peering", "transit_gateway", "vpn_gateway", "interface", "instance", "other", "unknown")
"""Ways that answers may take although their session came by another."""
CARRIED = ("peering", "transit_gateway")
"""Those of them that are followed to their end."""


class Hops:
    """What a tracer adds hops with."""

    def __init__(self, fabric: Fabric, filters: Filters) -> None:
        self.fabric = fabric
        self.filters = filters
        self.all = Pass(filters.ports.all, filters.ports.all)

    def _of(self, id: str | None) -> Resource | None:
        """The resource of a gateway, where it is among the resources."""
        return self.fabric.others.get(id or "")

    def _add(
        self, trace: Trace, title: str, kind: str, because: str | Callable[[], str], passes: Pass, code: str = "",
        resource: Resource | None = None, location: Location | None = None,
    ) -> None:  # fmt: skip
        named = resource.title if resource is not None and kind not in ("route_table", "network_acl") else title
        place = location or (resource.location if resource is not None else None)
        code = code if passes.yes != self.filters.ports.all else ""
        trace.steps.append(Step(named, kind, because, passes, code, place, resource))

    def _step_back(
        self, trace: Trace, title: str, kind: str, because: str, passes: Pass,
        location: Location | Callable[[], Location] | None,
    ) -> None:  # fmt: skip
        trace.back.append(Step(title, kind, because, passes, "", location))

    def _back_step(self, trace: Trace, resource: Resource, because: str, passes: Pass, code: str) -> None:
        step = Step(resource.title, "route_table", because, passes, code, resource.location, resource, trace.segment)
        trace.back.append(step)

    def _six(self, trace: Trace, end: End) -> None:
        """A flow of IPv6 needs interfaces that have an address of it."""
        if end.interface is not None and end.span.version == 6 and end.interface.six is None:
            because = f"whether {end.title} has an IPv6 address is not known"
            owner = end.interface.owner
            self._add(trace, end.title, "interface", because, Pass(0, self.all.maybe), "CANNOT_ROUTE", owner)

    def _listener(self, trace: Trace, target: End) -> None:
        """A load balancer takes the ports that it has listeners on, and a NAT gateway none."""
        interface = target.interface
        if interface is not None and interface.proxy and interface.owner.type == NAT:
            because = (
                f"{interface.title} keeps the destinations of what it passes: nothing behind it is met by its address"
            )
            self._add(trace, interface.title, "nat_gateway", because, Pass(0, 0), "NGW_DEST_ADDRESS_PRESERVATION",
                      interface.owner)  # fmt: skip
        balancer = self.fabric.balancers.get(interface.owner.logical_id) if interface and interface.proxy else None
        if balancer is None or balancer.kind == "gateway":
            return
        passes = self.filters.heard(balancer)
        because = f"listens on {ports.told(self.filters.ports.ranges(passes.yes))}"
        if not balancer.listeners:
            because = "has no listener" if balancer.complete else "what it listens on is not known"
        self._add(trace, balancer.resource.title, "load_balancer", because, passes,
                  "ELBV2_LISTENER_PORT_RESTRICTION", balancer.resource)  # fmt: skip

    def _group(self, trace: Trace, interface: Interface, direction: str, peer: End, preserved: bool) -> None:
        if direction == "ingress":
            trace.seen = peer
        if not interface.filtered:
            return
        passes, hits = self.filters.groups(interface, direction, peer, preserved)
        groups = [self.fabric.groups[g] for g in interface.groups]
        code, more = "", ""
        if passes.yes != self.filters.ports.all:
            rules = [r for g in groups for r in (g.ingress if direction == "ingress" else g.egress)]
            open_ = any(g.egress_open and direction == "egress" for g in groups)
            code = "ENI_SG_RULES_MISMATCH" if rules or open_ else "SG_HAS_NO_RULES"
            if (
                not preserved
                and peer.interface is not None
                and any(r.peer_group in peer.interface.groups for r in rules)
            ):
                code = "SG_REFERENCES_NOT_PRESERVED"
            strange = [r.peer_group for r in rules if r.peer_group and r.peer_group not in self.fabric.groups]
            other = peer.interface.vpc if peer.interface is not None else interface.vpc
            if strange and other != interface.vpc and not passes.maybe and code == "ENI_SG_RULES_MISMATCH":
                code, more = "UNKNOWN_PEERED_SGS", f"; no group here is called {strange[0]}"
        held = next((g.resource for g in groups if g.resource is not None), None)
        rule = hits[0].rule if hits else None
        place = rule.location if isinstance(rule, Rule) else held.location if held is not None else None
        title = " and ".join(g.title for g in groups) or "its groups"

        def told() -> str:
            return words.group(groups, direction, peer, hits, self.filters, preserved) + more

        trace.steps.append(Step(title, "security_group", told, passes, code, place, held))

    def _acl(self, trace: Trace, subnet: Subnet, direction: str, peer: End, beyond: End | None = None) -> None:
        """An ACL on the border of a subnet; one that lets everything through is no step."""
        acl = subnet.acl
        if acl.open:
            return
        passes, hits = self.filters.acl(acl, direction, peer.span)
        said = hits[0].rule.resource if hits and hits[0].rule is not None else acl.resource

        def told() -> str:
            return words.acl(acl, subnet, direction, peer, hits, self.filters)

        trace.steps.append(self._at_acl(acl, told, passes, said))

    def _at_acl(
        self, acl: Acl, told: Callable[[], str], passes: Pass, said: Resource | None, segment: int = 0
    ) -> Step:  # fmt: skip
        title = acl.resource.title if acl.resource is not None else acl.id
        place = said.location if said is not None else None
        return Step(title, "network_acl", told, passes, "SUBNET_ACL_RESTRICTION", place, acl.resource, segment)

    def _answer_acl(self, trace: Trace, subnet: Subnet, direction: str, peer: End) -> None:
        """Answers through an ACL, on ephemeral ports."""
        acl = subnet.acl
        if acl.open or trace.one_way:
            return
        passes = self.filters.answers(acl, direction, peer.span)

        def told() -> str:
            return words.answers(acl, subnet, direction, peer, passes, self.filters)

        trace.back.append(self._at_acl(acl, told, passes, acl.resource, trace.segment))

    def _route(self, trace: Trace, table: Table, choice: Choice, target: End) -> None:
        entry = choice.entry
        passes = self.all if choice.sure else Pass(0, self.all.maybe)
        if entry is None:
            passes = Pass(0, 0 if choice.sure else self.all.maybe)

            def none() -> str:
                return f"{words.table(table)} has no route for {words.party(target)}"

            self._add(trace, words.table(table), "route_table", none, passes, "NO_ROUTE_TO_DESTINATION", table.resource)
        elif entry.via == "blackhole":
            because = f"the route for {words.where(entry)} in {words.table(table)} drops it (blackhole)"
            self._add(trace, words.table(table), "route_table", because, Pass(0, 0), "BAD_STATE_ROUTE", entry.resource)
        else:
            self._add(
                trace, words.table(table), "route_table", functools.partial(words.leads, entry), passes,
                resource=entry.resource or table.resource,
            )  # fmt: skip

    def _back_route(
        self, trace: Trace, subnet: Subnet, source: End, via: str | None = None, id: str | None = None
    ) -> bool:
        """Answers need a route of their own, by the same connection. Returns whether they have it."""
        if trace.one_way:
            return False
        choice = choose(subnet.table, source)
        entry = choice.entry
        good = entry is not None and (via is None or entry.via == via) and (id is None or entry.target == id)
        if good and choice.sure and via == "local":
            return True
        if good and entry is not None:
            passes = self.all if choice.sure else Pass(0, self.all.maybe)
            said = entry.resource

            def leads() -> str:
                return f"{words.table(subnet.table)} leads back: {words.leads(entry)}"

            trace.back.append(Step(subnet.title, "route_table", leads, passes, "",
                                   said.location if said is not None else None, said, trace.segment))  # fmt: skip
            return True
        public = entry is not None and entry.via == "internet_gateway" and source.span.version == 6
        if entry is not None and choice.sure and (entry.via in CARRIED or public):
            self._answered(trace, subnet, source)
            return False
        code, unsure = "NO_ROUTE_TO_DESTINATION", not choice.sure
        if entry is not None:
            code = "BAD_STATE_ROUTE" if entry.via == "blackhole" else "CANNOT_ROUTE"
            unsure = unsure or entry.via in ELSEWHERE
        passes = Pass(0, self.all.maybe if unsure else 0)
        place = subnet.table.resource or subnet.resource

        def told() -> str:
            name = f"{words.table(subnet.table)} of {subnet.title}"
            if entry is None:
                return f"{name} has no route back to {words.party(source)}"
            return f"{name} sends answers another way: {words.leads(entry)}"

        trace.back.append(Step(subnet.title, "route_table", told, passes, code, place.location, place, trace.segment))
        return False

    def _answered(self, trace: Trace, subnet: Subnet, source: End) -> None:
        raise AssertionError("a tracer follows answers")

    def _unsupported(self, trace: Trace, title: str, what: str) -> None:
        self._add(
            trace,
            title,
            "other",
            f"{what}: not followed",
            Pass(0, self.all.maybe),
            "UNSUPPORTED_COMPONENT",
            self._of(title),
        )
