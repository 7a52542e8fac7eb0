"""One flow through a network, hop by hop: what lets it pass, what stops it, and whether answers come back.

A trace goes on behind what stops it, as far as the way is known, so that every blocker is found at once: changing
all of them opens the path. Security groups are stateful; ACLs and routes are asked for the way back as well.
"""

from __future__ import annotations

from archproof.network import words
from archproof.network.addresses import NAT64, SOMEWHERE, is_public
from archproof.network.crossing import Crossing, Leg
from archproof.network.fabric import Interface, Subnet, Truth
from archproof.network.filters import End, Pass
from archproof.network.hops import CARRIED, ELSEWHERE, Step, Trace
from archproof.network.owners import NAT
from archproof.network.routing import Choice, choose

__all__ = ["Step", "Trace", "Tracer"]
_LAMBDA = ("AWS::Lambda::Function", "AWS::Serverless::Function")
_ANSWERING = ("AWS::EC2::VPCEndpoint", "AWS::EFS::MountTarget")
"""Types whose interfaces never open sessions into the VPC."""
_INTERNET = "internet"


class Tracer(Crossing):
    """Follows flows of one protocol through one network."""

    def trace(self, source: End, target: End) -> Trace:
        """Follow a flow from `source` to `target`."""
        trace = Trace(source, target, self.filters.protocol)
        if source.interface is None:
            self._from_outside(trace, source, target)
        else:
            self._leave(trace, source, source.interface, target)
        for end in (source, target):
            self._six(trace, end)
        self._listener(trace, target)
        return trace

    # -- leaving an interface

    def _leave(self, trace: Trace, source: End, interface: Interface, target: End) -> None:
        subnet = interface.subnet
        if interface.owner.type in _ANSWERING:
            because = f"{interface.title} only answers: it begins no sessions of its own"
            self._add(trace, interface.title, "interface", because, Pass(0, 0), "NO_PATH", interface.owner)
        if source.span.version != target.span.version:
            because = f"{words.called(source)} is met by IPv{source.span.version}, "
            because += f"{words.called(target)} by IPv{target.span.version}"
            self._add(trace, target.title, "address", because, Pass(0, 0), "CANNOT_ROUTE")
            return
        neighbour = target.interface is not None and not target.public and target.interface.subnet is subnet
        if neighbour:
            self._group(trace, interface, "egress", target, preserved=True)
            assert target.interface is not None
            self._group(trace, target.interface, "ingress", source, preserved=True)
            return
        choice = choose(subnet.table, target)
        # rules of egress that name a group do not work through a transit gateway, with its option on either
        self._group(trace, interface, "egress", target, preserved=self.peered(choice.entry))
        self._acl(trace, subnet, "egress", target)
        self._route(trace, subnet.table, choice, target)
        self._follow(trace, Leg(source, interface, choice, target))

    def _follow(self, trace: Trace, leg: Leg) -> None:
        """Go where a route leads; of one that is not sure to win, nothing that is met behind it is for sure."""
        start, back = len(trace.steps), len(trace.back)
        self._go(trace, leg)
        if not leg.choice.sure:
            for steps, first in ((trace.steps, start), (trace.back, back)):
                steps[first:] = [self._loosened(step) for step in steps[first:]]

    def _loosened(self, step: Step) -> Step:
        """A step behind a route that perhaps another one wins over: groups and ACLs are the same on every way."""
        own = step.kind in ("security_group", "network_acl") and step.code != "SG_REFERENCES_NOT_PRESERVED"
        if own or step.passes.maybe == self.all.maybe:
            return step
        return step.changed(passes=Pass(step.passes.yes, self.all.maybe))

    def _go(self, trace: Trace, leg: Leg) -> None:
        entry = leg.choice.entry
        if entry is None:
            self._no_route(trace, leg)
        elif entry.via == "local":
            self._local(trace, leg)
        elif entry.via == "internet_gateway":
            self._internet_gateway(trace, leg)
        elif entry.via == "nat_gateway":
            self._nat(trace, leg)
        elif entry.via == "egress_only_gateway":
            self._egress_only(trace, leg)
        elif entry.via == "peering":
            self._peering(trace, leg)
        elif entry.via == "transit_gateway":
            self._transit_gateway(trace, leg)
        elif entry.via == "vpc_endpoint":
            self._endpoint(trace, leg, entry)
        elif entry.via == "vpn_gateway":
            self._vpn(trace, leg, entry.target)
        elif entry.via == "blackhole":
            self._arrive(trace, leg.source, leg.target, preserved=False)
        else:
            name = entry.target or words.table(leg.interface.subnet.table)
            self._unsupported(trace, name, f"a route through {words.via(entry)}")

    def _no_route(self, trace: Trace, leg: Leg) -> None:
        """Nothing leads there: what else would stand in the way, once something does."""
        target, interface = leg.target, leg.interface
        vpc = self.fabric.vpcs.get(interface.vpc or "")
        if leg.arrives and target.interface is not None:
            self._arrive(trace, leg.source, target, preserved=False)
            self._back_route(trace, target.interface.subnet, leg.source)
        elif target.interface is not None:
            self._enter(trace, self._outside(leg), target, ours=True)
        elif vpc is not None and vpc.internet_gateways and is_public(target.span) and not self._nats(interface.vpc):
            self._public_address(trace, leg, vpc.internet_gateways)

    def _nats(self, vpc: str | None) -> bool:
        return any(nat.interface.vpc == vpc and nat.public for nat in self.fabric.nats.values())

    # -- inside a VPC

    def _local(self, trace: Trace, leg: Leg) -> None:
        target, interface = leg.target, leg.interface
        name = words.vpc(self.fabric, interface.vpc)
        if target.interface is None:
            self._nobody(trace, interface.vpc, target)
            return
        if target.public or target.interface.vpc != interface.vpc:
            because = f"{target.span} is an address of {name} itself, so nothing of it reaches {target.title} elsewhere"
            self._add(trace, target.title, "address", because, Pass(0, 0), "DISCONNECTED_VPCS")
            return
        self._arrive(trace, leg.source, target, preserved=True)
        self._answer_acl(trace, target.interface.subnet, "egress", leg.source)
        self._answer_acl(trace, interface.subnet, "ingress", target)
        # answers to a client whose address a balancer keeps go to the balancer
        if not interface.proxy or any(s.covers(leg.source.span) for s in interface.spans):
            self._back_route(trace, target.interface.subnet, leg.source, "local")

    # -- the internet

    def _outside(self, leg: Leg) -> End:
        """The beginning of a flow as the internet sees it: by a public address."""
        source, interface = leg.source, leg.interface
        span = source.span
        if span.version == 4:
            span = next((s for s in interface.public_spans if s.version == 4), SOMEWHERE)
        return End(span, None, service=_INTERNET, name=source.title)

    def _internet_gateway(self, trace: Trace, leg: Leg) -> None:
        interface, target, gateway = leg.interface, leg.target, leg.gateway
        vpc = self.fabric.vpcs.get(interface.vpc or "")
        title = gateway or "internet gateway"
        if not leg.native:
            because = f"an internet gateway serves {words.vpc(self.fabric, interface.vpc)} and nothing behind it"
            self._add(trace, title, "internet_gateway", because, Pass(0, 0), "CANNOT_ROUTE", self._of(gateway))
            return
        if vpc is None or gateway not in vpc.internet_gateways:
            because = f"the internet gateway is not attached to {words.vpc(self.fabric, interface.vpc)}"
            unsure = "InternetGateways" in self.fabric.absent or (gateway or "") not in self.fabric.others
            unsure = unsure or (vpc is not None and not vpc.attached)
            self._add(trace, title, "internet_gateway", because, Pass(0, self.all.maybe if unsure else 0),
                      "CANNOT_ROUTE", self._of(gateway))  # fmt: skip
        elif target.service is None and not is_public(target.span):
            because = f"an internet gateway carries public addresses only, and {target.span} is none"
            code = "IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS"
            self._dead_end(trace, leg, title, "internet_gateway", because, code, self._of(gateway))
            return
        self._shut(trace, interface.subnet, inbound=False, nat=interface.owner.type == NAT)
        self._public_address(trace, leg, [gateway] if gateway else [])
        self._answer_acl(trace, interface.subnet, "ingress", target)
        if target.interface is not None:
            self._enter(trace, self._outside(leg), target, ours=True)

    def _shut(self, trace: Trace, subnet: Subnet, *, inbound: bool, nat: bool) -> None:
        """VPC Block Public Access: off, or nothing but what begins inside behind a NAT, or nothing at all."""
        vpc = self.fabric.vpcs.get(subnet.vpc or "")
        if vpc is None or not vpc.blocked:
            return
        exempt = vpc.exempt.get(subnet.id) or vpc.exempt.get(vpc.id)
        if exempt == "allow-bidirectional" or (exempt == "allow-egress" and not inbound):
            return
        if vpc.blocked == "block-ingress" and nat and not inbound:
            return
        because = f"VPC Block Public Access keeps the internet {'out of' if inbound else 'from'} {vpc.title}"
        holder = self.fabric.public_access or vpc.resource
        self._add(trace, vpc.title, "vpc", because, Pass(0, 0), "VPC_BLOCK_PUBLIC_ACCESS_ENABLED", holder)

    def _public_address(self, trace: Trace, leg: Leg, gateways: list[str]) -> None:
        """Whether an interface has the public address that an internet gateway needs."""
        interface = leg.interface
        has: Truth = True if leg.target.span.version == 6 else interface.public
        name = gateways[0] if gateways else "internet gateway"
        if has:
            because = f"{interface.title} has a public address"
            self._add(trace, name, "internet_gateway", because, self.all, resource=self._of(name))
            return
        function = interface.owner.type in _LAMBDA
        code = "LAMBDA_HAS_NO_PUBLIC_IP" if function else "IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS"
        because = words.no_public_address(interface, function, has)
        passes = Pass(0, self.all.maybe) if has is None else Pass(0, 0)
        self._add(trace, interface.title, "interface", because, passes, code, interface.owner)

    def _enter(self, trace: Trace, source: End, target: End, *, ours: bool = False) -> None:
        """From the internet to the public address of an interface; `ours`: it began in this network."""
        interface = target.interface
        assert interface is not None
        vpc = self.fabric.vpcs.get(interface.vpc or "")
        self._shut(trace, interface.subnet, inbound=True, nat=False)
        has: Truth = interface.public if target.span.version == 4 else is_public(target.span)
        if vpc is None or not vpc.internet_gateways:
            because = f"no internet gateway is attached to {words.vpc(self.fabric, interface.vpc)}"
            unsure = vpc is None or not vpc.attached or "InternetGateways" in self.fabric.absent
            passes = Pass(0, self.all.maybe if unsure else 0)
            self._add(trace, words.vpc(self.fabric, interface.vpc), "vpc", because, passes, "NO_PATH",
                      vpc.resource if vpc else None)  # fmt: skip
        if has is not True:
            because = words.no_public_address(interface, False, has)
            passes = Pass(0, self.all.maybe) if has is None else Pass(0, 0)
            edged = vpc is not None and any(g in self.fabric.edge for g in vpc.internet_gateways)
            code = "INGRESS_RTB_NO_PUBLIC_IP" if edged else "IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS"
            self._add(trace, interface.title, "interface", because, passes, code, interface.owner)
        elif vpc is not None and vpc.internet_gateways:
            gateway = vpc.internet_gateways[0]
            because = f"{interface.title} has a public address"
            self._add(trace, gateway, "internet_gateway", because, self.all, resource=self._of(gateway))
            self._edge(trace, gateway, End(interface.spans[0], interface))
        self._internet_back(trace, interface.subnet, source, vpc.internet_gateways if vpc is not None else [],
                            ours and source.span.version == 6)  # fmt: skip
        self._acl(trace, interface.subnet, "ingress", source)
        self._group(trace, interface, "ingress", source, preserved=False)
        self._answer_acl(trace, interface.subnet, "egress", source)

    def _internet_back(self, trace: Trace, subnet: Subnet, source: End, gateways: list[str], ours: bool) -> None:
        """Answers to the internet need a route to the internet gateway: no session stands without it.

        Those to an address of IPv6 of this very network may come home by another connection.
        """
        if trace.one_way:
            return
        choice = choose(subnet.table, source)
        entry = choice.entry
        good = entry is not None and entry.via == "internet_gateway" and (not gateways or entry.target in gateways)
        if good and choice.sure:
            because = f"{words.table(subnet.table)} leads back to {words.called(source)} by the internet gateway"
            self._step_back(trace, subnet.title, "route_table", because, self.all, entry.location if entry else None)
            return
        if ours and choice.sure and entry is not None and entry.via in CARRIED and trace.target.interface is not None:
            origin = trace.source if trace.source.span == source.span else source
            self._answered(trace, subnet, origin)
            return
        other = f" (its way there is {words.via(entry)})" if entry is not None and not good else ""
        because = f"{words.table(subnet.table)} of {subnet.title} has no route to the internet gateway{other}"
        if good:
            because = f"whether another route of {words.table(subnet.table)} takes answers elsewhere is not known"
        code = "NO_ROUTE_TO_DESTINATION"
        if entry is not None and entry.via == "blackhole":
            code = "BAD_STATE_ROUTE"
        place = (entry.resource if entry is not None else None) or subnet.table.resource or subnet.resource
        unsure = not choice.sure or (ours and entry is not None and entry.via in ELSEWHERE)
        self._add(trace, subnet.title, "route_table", because, Pass(0, self.all.maybe if unsure else 0), code, place)

    def _nat(self, trace: Trace, leg: Leg) -> None:
        source, interface, target = leg.source, leg.interface, leg.target
        nat = self.fabric.nats.get(leg.gateway or "")
        if nat is None:
            self._unsupported(trace, leg.gateway or "NAT gateway", "a NAT gateway that is not among the resources")
            return
        gate = nat.interface
        if target.span.version == 6:
            if NAT64.covers(target.span):
                self._unsupported(trace, nat.id, "NAT64")
                return
            because = "a NAT gateway passes IPv4 only"
            self._dead_end(trace, leg, nat.resource.title, "nat_gateway", because, "CANNOT_ROUTE", nat.resource)
            return
        if self.filters.protocol not in ("tcp", "udp", "icmp"):
            because = f"a NAT gateway passes TCP, UDP and ICMP, not {self.filters.protocol}"
            self._add(trace, nat.resource.title, "nat_gateway", because, Pass(0, 0), "CANNOT_ROUTE", nat.resource)
        if gate.vpc != interface.vpc:
            because = "a NAT gateway serves the VPC that it stands in"
            code = "NGW_REQUIRES_SOURCE_IN_VPC"
            self._add(trace, nat.resource.title, "nat_gateway", because, Pass(0, 0), code, nat.resource)
        if gate.subnet is not interface.subnet:
            self._acl(trace, gate.subnet, "ingress", source, target)
            if leg.native:
                self._answer_acl(trace, gate.subnet, "egress", source)
                self._answer_acl(trace, interface.subnet, "ingress", target)
        if leg.native:
            self._back_route(trace, gate.subnet, source, "local")
        self._add(trace, nat.resource.title, "nat_gateway", "sends it on with an address of its own", self.all,
                  resource=nat.resource)  # fmt: skip
        trace.segment += 1
        onward = End(next((s for s in gate.spans if s.version == 4), source.span), gate)
        choice = choose(gate.subnet.table, target)
        if target.interface is not None and not target.public and target.interface.subnet is gate.subnet:
            self._group(trace, target.interface, "ingress", onward, preserved=False)
            return
        self._acl(trace, gate.subnet, "egress", target)
        self._route(trace, gate.subnet.table, choice, target)
        if choice.entry is not None and choice.entry.target == nat.id:
            because = f"{words.table(gate.subnet.table)} sends it back to the NAT gateway that stands there"
            self._add(trace, gate.subnet.title, "route_table", because, Pass(0, 0), "NO_ROUTE_TO_DESTINATION",
                      choice.entry.resource)  # fmt: skip
            return
        self._follow(trace, Leg(onward, gate, choice, target))

    def _egress_only(self, trace: Trace, leg: Leg) -> None:
        target, gateway = leg.target, leg.gateway
        title, resource = gateway or "egress-only gateway", self._of(gateway)
        vpc = self.fabric.egress_only.get(gateway or "")
        if not leg.native or vpc != leg.interface.vpc:
            because = f"the egress-only gateway does not serve the VPC of {leg.source.title}"
            sure = gateway in self.fabric.egress_only
            self._add(trace, title, "egress_only_gateway", because, Pass(0, 0 if sure else self.all.maybe),
                      "CANNOT_ROUTE", resource)  # fmt: skip
            return
        if target.span.version != 6 or not is_public(target.span):
            because = "an egress-only gateway carries public IPv6 addresses only"
            self._dead_end(trace, leg, title, "egress_only_gateway", because, "CANNOT_ROUTE", resource)
            return
        self._shut(trace, leg.interface.subnet, inbound=False, nat=True)
        because = "lets IPv6 out and only answers in"
        self._add(trace, title, "egress_only_gateway", because, self.all, resource=resource)
        self._answer_acl(trace, leg.interface.subnet, "ingress", target)
        if target.interface is not None:
            self._enter(trace, self._outside(leg), target, ours=True)

    # -- from outside

    def _from_outside(self, trace: Trace, source: End, target: End) -> None:
        """From addresses that no interface of the network has."""
        interface = target.interface
        if interface is None:
            self._add(trace, target.title, "address", "neither end is part of this network", Pass(0, 0), "NO_PATH")
            return
        if source.span.version != target.span.version:
            because = f"{words.called(source)} is met by IPv{source.span.version}, "
            because += f"{words.called(target)} by IPv{target.span.version}"
            self._add(trace, target.title, "address", because, Pass(0, 0), "CANNOT_ROUTE")
            return
        choice = choose(interface.subnet.table, source)
        entry = choice.entry
        if source.via is not None:
            self._from_vpn(trace, source, target, interface)
        elif target.public and is_public(source.span):
            self._enter(trace, source, target)
        elif entry is not None and entry.via == "vpn_gateway":
            self._vpn(trace, Leg(End(interface.spans[0], interface), interface, choice, source), entry.target)
            self._arrive(trace, source, target, preserved=False)
            self._answer_acl(trace, interface.subnet, "egress", source)
        elif entry is not None and entry.via == "transit_gateway" and not is_public(source.span):
            self._from_transit(trace, source, interface, entry.target, target)
        elif is_public(source.span) and target.literal and not is_public(target.span):
            because = f"{target.span} is a private address, which the internet does not carry"
            self._add(trace, target.title, "address", because, Pass(0, 0), "IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS",
                      interface.owner)  # fmt: skip
            self._arrive(trace, source, target, preserved=False)
        elif is_public(source.span):
            self._enter(trace, source, target)
        elif entry is not None and entry.via == "local":
            self._nobody(trace, interface.vpc, source)
            self._arrive(trace, source, target, preserved=False)
        else:
            self._unjoined(trace, source, target, interface, choice)

    def _from_vpn(self, trace: Trace, source: End, target: End, interface: Interface) -> None:
        """From a VPN gateway itself: attached to the VPC, and led back to by the subnet's table."""
        vpc = self.fabric.vpcs.get(interface.vpc or "")
        attached = vpc is not None and source.via in vpc.vpn_gateways
        name = words.vpc(self.fabric, interface.vpc)
        because = f"is attached to {name}" if attached else f"the VPN gateway is not attached to {name}"
        passes = self.all if attached else Pass(0, 0)
        self._add(trace, source.title, "vpn", because, passes, "DISCONNECTED_VPCS", self._of(source.via))
        self._edge(trace, source.via or "", target)
        self._arrive(trace, source, target, preserved=False)
        self._answer_acl(trace, interface.subnet, "egress", source)
        self._back_route(trace, interface.subnet, source, "vpn_gateway", source.via)

    def _unjoined(self, trace: Trace, source: End, target: End, interface: Interface, choice: Choice) -> None:
        because = f"nothing joins {words.party(source)} to {words.vpc(self.fabric, interface.vpc)}"
        passes = Pass(0, 0 if choice.sure else self.all.maybe)
        place = interface.subnet.table.resource
        self._add(trace, source.title, "address", because, passes, "DISCONNECTED_VPCS", place)
        self._arrive(trace, source, target, preserved=False)

    def _from_transit(self, trace: Trace, source: End, interface: Interface, gateway: str | None, target: End) -> None:
        """From behind a VPN of a transit gateway."""
        vpns = [a for a in self.fabric.attachments.values() if a.gateway == gateway and a.vpn is not None]
        for attachment in vpns:
            table = self.fabric.transit_tables.get(attachment.table or "")
            there = choose(table, target) if table is not None else None
            held = self.fabric.attachments.get(there.entry.target or "") if there and there.entry else None
            if held is not None and held.vpc == interface.vpc:
                self._add(trace, attachment.id, "vpn", f"leads from {source.title}", self.all,
                          resource=attachment.resource)  # fmt: skip
                self._zone(trace, held, interface.subnet)
                break
        else:
            because = (
                f"no VPN of the transit gateway leads from {source.title} to {words.vpc(self.fabric, interface.vpc)}"
            )
            self._add(trace, gateway or "transit gateway", "transit_gateway", because, Pass(0, 0),
                      "TGW_RTB_NO_ROUTE_TO_TGW_ATTACHMENT", self._of(gateway))  # fmt: skip
        self._arrive(trace, source, target, preserved=False)
        self._answer_acl(trace, interface.subnet, "egress", source)
