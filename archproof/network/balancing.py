"""Ways through load balancers: from a client to a listener, from the balancer to its target, each a flow of its own.

The part of a balancer that a client meets is the part that sends on. A network load balancer may keep the address of
its client, may send to an application load balancer, and is met from other VPCs by the endpoints of its service.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from dataclasses import field
from typing import NamedTuple

from archproof.fields import Fields
from archproof.network.addresses import SOMEWHERE, Span, parse
from archproof.network.fabric import Fabric, Interface, Listener, LoadBalancer, TargetGroup, Truth
from archproof.network.filters import End, Filters, Pass
from archproof.network.hops import Step, Trace
from archproof.network.trace import Tracer

_FUNCTIONS = ("AWS::Lambda::Function", "AWS::Serverless::Function")
_LISTENS = "ELBV2_LISTENER_PORT_RESTRICTION"


class Line(NamedTuple):
    """What takes a port of a balancer to one target."""

    listener: Listener
    port: int
    """Of the listener."""
    group: TargetGroup
    arrives: int | None
    """The port that the target is met on."""
    sure: bool
    """Whether it is known that the target is one."""
    forwarded: bool = True
    """Whether the listener forwards to the group at all."""


class Door(NamedTuple):
    """Where a balancer is met, and its part that sends on from there."""

    end: End
    node: Interface | None
    """None where a service has no part in the zone of its endpoint."""
    private: bool = False
    """Whether it is an endpoint of a service."""


class Relayed(Fields):
    """A way through balancers: its flows, and between each two of them what the balancer does."""

    traces: list[Trace]
    passes: Pass
    """The ports at its beginning that get through to its end."""
    relays: list[Step] = field(default_factory=list)


class Balancing:
    """The ways through the load balancers of one network, for one protocol."""

    def __init__(self, fabric: Fabric, filters: Filters, tracer: Tracer) -> None:
        self.fabric = fabric
        self.filters = filters
        self.tracer = tracer
        self._onward: dict[tuple[object, ...], Trace] = {}
        self._nodes: dict[str, list[Door]] = {}
        self._leads: dict[End, list[tuple[LoadBalancer, list[Line]]]] = {}

    def ways(
        self, sources: Sequence[End], target: End, listens: Sequence[int] = (), past: tuple[str, ...] = ()
    ) -> Iterator[Relayed]:
        """Every way from one of `sources` through balancers to a target.

        `listens`: the ports that the target is known to listen on; `past`: the balancers that the way goes on with.
        """
        for balancer, lines in self._leading(target):
            if balancer.id in past:
                continue
            for line in lines:
                for door in self._doors(balancer):
                    yield from self._through(sources, balancer, line, door, target, listens, past)

    def _through(
        self, sources: Sequence[End], balancer: LoadBalancer, line: Line, door: Door, target: End,
        listens: Sequence[int], past: tuple[str, ...],
    ) -> Iterator[Relayed]:  # fmt: skip
        for source in sources:
            if source.interface is not None and source.interface.owner is balancer.resource:
                continue
            head = self._head(source, balancer, door, line)
            seen = head.traces[0].seen or source
            for onward, sure in self._sent(seen, balancer, line, door, target, listens):
                yield self._joined(head, onward, balancer, line, target, sure)
        if balancer.kind == "application" and not door.private and not door.end.public and door.end.span.version == 4:
            # a network load balancer may send to this one
            for first in self.ways(sources, door.end, (line.port,), (*past, balancer.id)):
                for onward, sure in self._sent(first.traces[0].source, balancer, line, door, target, listens):
                    yield self._joined(first, onward, balancer, line, target, sure)

    def _joined(
        self, head: Relayed, onward: Trace, balancer: LoadBalancer, line: Line, target: End, sure: bool
    ) -> Relayed:
        arrives = onward.passes(self.filters.ports.all)
        if len(head.traces) > 1:  # what the balancer before it sends has to be what this one listens on
            sent = head.traces[-1].passes(self.filters.ports.mask(line.port, line.port))
            head = head.changed(passes=head.passes if sent.yes else Pass(0, head.passes.maybe if sent.maybe else 0))
        passes = Pass(
            head.passes.yes if sure and line.sure and arrives.yes else 0, head.passes.maybe if arrives.maybe else 0
        )
        if not line.forwarded:
            passes = Pass(0, 0)
        return Relayed([*head.traces, onward], passes, [*head.relays, self._relay(balancer, line, target)])

    def _relay(self, balancer: LoadBalancer, line: Line, target: End) -> Step:
        """What the balancer does between two flows."""
        mask = self.filters.ports.mask(line.port, line.port)
        resource = balancer.resource
        if not line.forwarded:
            because = f"the listener on port {line.port} of {resource.title} forwards to no target group"
            return Step(resource.title, "load_balancer", because, Pass(0, 0), "ELBV2_LISTENER_HAS_NO_TG",
                        line.listener.resource.location(), line.listener.resource)  # fmt: skip
        because = f"takes port {line.port} and sends it on to {target.title}"
        if not line.sure:
            because = f"takes port {line.port}, and whether {target.title} is among its targets is not known"
        return Step(resource.title, "load_balancer", because, Pass(mask if line.sure else 0, mask), _LISTENS,
                    resource.location(), resource)  # fmt: skip

    # -- the first flow

    def _head(self, source: End, balancer: LoadBalancer, door: Door, line: Line) -> Relayed:
        """From a client to a listener."""
        trace = self.tracer.trace(source, door.end)
        if door.private:
            trace = trace.copy()
            self._private(trace, source, balancer, door)
        return Relayed([trace], trace.passes(self.filters.ports.mask(line.port, line.port)))

    def _private(self, trace: Trace, source: End, balancer: LoadBalancer, door: Door) -> None:
        """Through an endpoint of PrivateLink: in zones where the service has a part, past the balancer's groups."""
        interface = door.end.interface
        assert interface is not None
        if door.node is None:
            because = f"{balancer.resource.title} has no part in {interface.subnet.zone}, where the endpoint stands"
            self.tracer._add(trace, interface.title, "vpc_endpoint", because, Pass(0, 0),
                             "VPCE_SERVICE_NOT_INSTALLED_IN_AZ", interface.owner)  # fmt: skip
            return
        if balancer.filters_private and door.node.filtered:
            seen = End(source.span, None, name=source.title)
            self.tracer._group(trace, door.node, "ingress", seen, preserved=False)

    def _doors(self, balancer: LoadBalancer) -> list[Door]:
        """Where a balancer is met: its own addresses, the private and the public, and endpoints of its service."""
        held = self._nodes.get(balancer.id)
        if held is None:
            held = self._nodes[balancer.id] = list(self._find_doors(balancer))
        return held

    def _find_doors(self, balancer: LoadBalancer) -> Iterator[Door]:
        nodes = self.fabric.interfaces.get(balancer.id, [])
        for node in nodes:
            for addresses in node.spans:
                yield Door(End(addresses, node), node)
        for node in nodes:
            if node.public is not False:
                for span in node.public_spans or (SOMEWHERE,):
                    # addresses that nobody knows are at least none of those in the lists of services
                    service = None if node.public_spans else "internet"
                    yield Door(End(span, node, public=True, service=service), node)
        for endpoint in balancer.endpoints:
            for interface in self.fabric.interfaces.get(endpoint, ()):
                zone = interface.subnet.zone
                part = next((n for n in nodes if n.subnet.zone == zone or None in (n.subnet.zone, zone)), None)
                for addresses in interface.spans:
                    yield Door(End(addresses, interface), part, private=True)

    def opened(
        self, balancer: LoadBalancer, node: Interface, target: End, listens: Sequence[int] = ()
    ) -> Iterator[tuple[Trace, Pass]]:
        """The flows that a balancer's part opens to a target by itself: checks of health, and what it proxies."""
        for line in self._lines(balancer, target):
            if line.forwarded:
                trace = self._flow(balancer, line, node, target, None, listens)
                passes = trace.passes(self.filters.ports.all)
                yield trace, passes if line.sure else Pass(0, passes.maybe)

    # -- the second flow

    def _sent(
        self, client: End, balancer: LoadBalancer, line: Line, door: Door, target: End, listens: Sequence[int]
    ) -> Iterator[tuple[Trace, bool]]:
        """From the part of a balancer to a target, and whether it is sure that it sends so."""
        if door.node is None:
            nodes = self.fabric.interfaces.get(balancer.id, ())
            if nodes:
                yield self._flow(balancer, line, nodes[0], target, None, listens), True
            return
        preserves = line.group.preserves if balancer.kind == "network" and not door.private else False
        if door.private or client.span.version != target.span.version:
            preserves = False
        if preserves is not False:
            yield self._flow(balancer, line, door.node, target, client, listens), bool(preserves)
        if preserves is not True:
            yield self._flow(balancer, line, door.node, target, None, listens), preserves is False

    def _flow(
        self, balancer: LoadBalancer, line: Line, node: Interface, target: End, client: End | None,
        listens: Sequence[int],
    ) -> Trace:  # fmt: skip
        """From a balancer's part to a target. `client`: whose address the target sees, where the balancer keeps it."""
        address = client.span if client is not None else _first(node, target)
        key = (id(node), address, target, line.group.id, line.arrives, tuple(listens))
        held = self._onward.get(key)
        if held is not None:
            return held
        trace = self.tracer.trace(End(address, node), target)
        if client is not None:
            self._kept(trace, balancer, node, target)
        self._zones(trace, balancer, line.group, node, target)
        if line.arrives is not None:
            only = self.filters.ports.mask(line.arrives, line.arrives)
            because = f"is met on port {line.arrives}"
            heard = 0
            for port in listens:
                heard |= self.filters.ports.mask(port, port)
            if listens and not heard & only:
                because = f"{line.group.resource.title} sends to port {line.arrives} of {target.title}, which listens "
                because += f"on {', '.join(map(str, listens))}"
                only = 0
            owner = target.interface.owner if target.interface is not None else None
            place = (line.group.resource if not only else owner or line.group.resource).location()
            trace.steps.append(
                Step(target.title, "target", because, Pass(only, only), "TARGET_PORT_RESTRICTION", place)
            )
        self._onward[key] = trace
        return trace

    def _kept(self, trace: Trace, balancer: LoadBalancer, node: Interface, target: End) -> None:
        """Name the reason where a target's groups would let the balancer in, but see its client's address."""
        if target.interface is None:
            return
        own, _ = self.filters.groups(target.interface, "ingress", End(_first(node, target), node), True)
        for position, step in enumerate(trace.steps):
            if step.code == "ENI_SG_RULES_MISMATCH" and not step.passes.maybe and own.yes:
                because = f"{balancer.resource.title} keeps the address of its client, and {step.because}"
                trace.steps[position] = step.changed(code="ELBV2_SOURCE_ADDRESS_PRESERVATION", because=because)

    def _zones(self, trace: Trace, balancer: LoadBalancer, group: TargetGroup, node: Interface, target: End) -> None:
        """Targets of a zone that the balancer does not serve get nothing; without cross-zone, each part its own."""
        assert target.interface is not None
        subnet = target.interface.subnet
        if subnet.vpc != node.vpc or subnet.zone == node.subnet.zone is not None:
            return  # addresses of other VPCs are targets of every zone
        title, classic = balancer.resource.title, balancer.kind == "classic"
        code = "ELB_NOT_CROSSZONE" if classic else "ELBV2_NO_TARGETS_IN_AZ"
        zones = {i.subnet.zone for i in self.fabric.interfaces.get(balancer.id, ())}
        crosses: Truth = balancer.cross_zone if group.cross_zone == "inherited" else group.cross_zone
        if None in (*zones, subnet.zone):
            if crosses is True:
                return
            because = f"whether {target.title} stands in a zone that {title} sends to is not known"
            self.tracer._add(trace, title, "load_balancer", because, Pass(0, self.filters.ports.all), code,
                             balancer.resource)  # fmt: skip
        elif subnet.zone not in zones:
            because = f"{title} has no subnet in {subnet.zone}, where {target.title} stands"
            self.tracer._add(trace, title, "load_balancer", because, Pass(0, 0), code, balancer.resource)
        elif crosses is not True:
            because = f"the part of {title} in {node.subnet.zone} sends to its own zone, not to {target.title} in "
            because += f"{subnet.zone}{'' if crosses is False else ', unless cross-zone is on'}"
            self.tracer._add(trace, title, "load_balancer", because,
                             Pass(0, 0 if crosses is False else self.filters.ports.all), code,
                             balancer.resource)  # fmt: skip

    # -- who is a target

    def _leading(self, target: End) -> list[tuple[LoadBalancer, list[Line]]]:
        """The balancers that lead to a target."""
        held = self._leads.get(target)
        if held is None:
            every = ((b, list(self._lines(b, target))) for b in self.fabric.balancers.values())
            held = self._leads[target] = [(balancer, lines) for balancer, lines in every if lines]
        return held

    def _lines(self, balancer: LoadBalancer, target: End) -> Iterator[Line]:
        """The ports of a balancer that lead to a target, and the ports that they arrive on."""
        interface = target.interface
        if interface is None or target.public or interface.owner is balancer.resource:
            return
        if interface.owner.type in _FUNCTIONS:
            return  # a function is invoked, not connected to
        for listener in balancer.listeners:
            if listener.port is None or listener.protocol != self.filters.protocol:
                continue
            for id in listener.targets:
                group = self.fabric.target_groups.get(id)
                if group is not None and group.kind != "lambda":
                    yield from self._of_group(listener, group, target)
            if not listener.targets:
                yield from self._idle(listener, target)

    def _of_group(self, listener: Listener, group: TargetGroup, target: End) -> Iterator[Line]:
        assert target.interface is not None and listener.port is not None
        if target.span.version != (6 if group.six else 4):
            return
        found = False
        for name in group.owners:
            is_one = self._is_target(group, name, target)
            if is_one is not False:
                found = True
                for port in group.ports.get(name, (group.port,)):
                    yield Line(listener, listener.port, group, port, is_one is True)
        if not found and not group.known and group.vpc in (target.interface.vpc, None) and group.kind != "alb":
            yield Line(listener, listener.port, group, group.port, sure=False)

    def _is_target(self, group: TargetGroup, name: str, target: End) -> Truth:
        """Whether a target of a group is the one that is asked about: by its name, or by its address."""
        interface = target.interface
        assert interface is not None
        if name == interface.owner.logical_id:
            return True
        where = parse(name) if group.kind in ("ip", None) else None
        if where is None or not target.span.covers(where) or not self._within(group, interface, where):
            return False
        if interface.exact:
            return True
        # whoever else has the address for sure is the one that is meant
        return False if interface.proxy or (interface.vpc, where) in self._exact else None

    @functools.cached_property
    def _exact(self) -> set[tuple[str | None, Span]]:
        """The addresses that interfaces are known to have."""
        every = (i for held in self.fabric.interfaces.values() for i in held)
        return {(i.vpc, s) for i in every if i.exact for s in i.spans}

    def _within(self, group: TargetGroup, interface: Interface, where: Span) -> bool:
        """Whether an address is meant in the VPC of an interface: its own VPC's first, else that of another."""
        own = self.fabric.vpcs.get(group.vpc or "")
        if own is None or interface.vpc == own.id:
            return True
        return not any(s.covers(where) for s in own.spans)

    def _idle(self, listener: Listener, target: End) -> Iterator[Line]:
        """A listener that forwards to nobody, for targets of a group that no listener forwards to."""
        for group in self._unused:
            for line in self._of_group(listener, group, target):
                yield line._replace(forwarded=False, sure=True)

    @functools.cached_property
    def _unused(self) -> list[TargetGroup]:
        """Target groups that no listener forwards to."""
        used = {t for b in self.fabric.balancers.values() for x in b.listeners for t in x.targets}
        return [group for id, group in self.fabric.target_groups.items() if id not in used]


def _first(interface: Interface, other: End) -> Span:
    """The addresses of an interface of the version that the other end has."""
    return next((s for s in interface.spans if s.version == other.span.version), interface.spans[0])
