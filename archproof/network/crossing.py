"""The ways to other networks: peering, transit gateways with their tables and zones, VPNs, gateway endpoints."""

from __future__ import annotations

from typing import NamedTuple

from archproof.network import words
from archproof.network.fabric import Attachment, Entry, Interface, Subnet
from archproof.network.filters import End, Pass
from archproof.network.hops import Hops, Trace
from archproof.network.routing import Choice, choose
from archproof.resources.resource import Resource

_REFERENCING = "SecurityGroupReferencingSupport"


class Leg(NamedTuple):
    """A flow where a route table sends it on."""

    source: End
    interface: Interface
    """What stands in the subnet of the table: where the flow begins, or a gateway's interface on its way."""
    choice: Choice
    target: End

    @property
    def gateway(self) -> str | None:
        """What the route leads to."""
        return self.choice.entry.target if self.choice.entry is not None else None

    @property
    def arrives(self) -> bool:
        """Whether the flow goes to the private address of an interface."""
        return self.target.interface is not None and not self.target.public

    @property
    def native(self) -> bool:
        """Whether the flow begins in the VPC of the table, not in one behind another connection."""
        return self.source.interface is not None and self.source.interface.vpc == self.interface.vpc


class Crossing(Hops):
    """Follows flows out of a VPC into others."""

    def _arrive(self, trace: Trace, source: End, target: End, preserved: bool) -> None:
        """The last hop: into the subnet of the target and through its groups."""
        if target.interface is not None:
            self._acl(trace, target.interface.subnet, "ingress", source)
            self._group(trace, target.interface, "ingress", source, preserved)

    def _follow(self, trace: Trace, leg: Leg) -> None:
        raise AssertionError("a tracer follows routes")

    def _edge(self, trace: Trace, gateway: str, target: End) -> None:
        """A gateway with a route table of its own: what comes in by it goes where that one leads."""
        id = self.fabric.edge.get(gateway)
        if id is None:
            return
        table = self.fabric.tables.get(id)
        choice = choose(table, target) if table is not None else None
        if choice is None or not choice.sure or choice.entry is None or choice.entry.via != "local":
            self._unsupported(trace, gateway, "a route of the gateway's own table that leads elsewhere")

    def _leave(self, trace: Trace, source: End, interface: Interface, target: End) -> None:
        raise AssertionError("a tracer follows flows")

    def _answered(self, trace: Trace, subnet: Subnet, source: End) -> None:
        """Answers that take another way than their session: carried hop by hop, past groups, to who asked."""
        sender, home = trace.target.interface, source.interface
        if sender is None or sender.subnet is not subnet:
            sender = next((n.interface for n in self.fabric.nats.values() if n.interface.subnet is subnet), None)
        if sender is None or home is None:
            because = f"the way that answers of {trace.target.title} take is not followed"
            self._back_step(trace, subnet.resource, because, Pass(0, self.all.maybe), "UNSUPPORTED_COMPONENT")
            return
        begin, end = (i.changed(groups=(), filtered=False) for i in (sender, home))
        way = Trace(End(trace.target.span, begin), End(source.span, end), trace.protocol, one_way=True)
        self._leave(way, way.source, begin, way.target)
        trace.back += [step.changed(segment=trace.segment) for step in way.steps]
        kinds = {step.kind for step in way.steps}
        if "nat_gateway" in kinds:
            because = f"answers of {trace.target.title} go through a NAT gateway, which gives them another address"
            self._back_step(trace, subnet.table.resource or subnet.resource, because, Pass(0, 0), "CANNOT_ROUTE")
        elif "egress_only_gateway" in kinds:
            because = f"the way that answers of {trace.target.title} take over the internet is not followed"
            self._back_step(trace, subnet.resource, because, Pass(0, self.all.maybe), "UNSUPPORTED_COMPONENT")

    def _dead_end(self, trace: Trace, leg: Leg, title: str, kind: str, because: str, code: str,
                  resource: Resource | None) -> None:  # fmt: skip
        """A route that leads where the flow cannot go; where another would have taken it, that is why."""
        over, entry = leg.choice.over, leg.choice.entry
        if over is not None and entry is not None and over.via not in (entry.via, "local", "blackhole"):
            same = over.span == entry.span
            code = "HIGHER_PRIORITY_ROUTE" if same else "MORE_SPECIFIC_ROUTE"
            because += f"; without this {'' if same else 'more specific '}route {words.leads(over)}"
        passes = Pass(0, 0) if leg.choice.sure else Pass(0, self.all.maybe)
        self._add(trace, title, kind, because, passes, code, resource)

    def peered(self, entry: Entry | None) -> bool:
        """Whether rules may name groups along a route: inside a VPC, and to one that is peered in the same region."""
        if entry is None or entry.via not in ("local", "peering"):
            return False
        held = self.fabric.peerings.get(entry.target or "")
        return held is None or held.regional

    # -- peering

    def _peering(self, trace: Trace, leg: Leg) -> None:
        interface, target = leg.interface, leg.target
        peering = self.fabric.peerings.get(leg.gateway or "")
        if peering is None:
            self._unsupported(trace, leg.gateway or "peering", "a peering connection that is not among the resources")
            return
        title, resource = peering.resource.title, peering.resource
        if peering.active is not True:
            self._add(trace, title, "peering", "the peering connection is not active",
                      Pass(0, 0 if peering.active is False else self.all.maybe), "CANNOT_ROUTE", resource)  # fmt: skip
        other = peering.vpcs[1] if peering.vpcs[0] == interface.vpc else peering.vpcs[0]
        if interface.vpc not in peering.vpcs or not leg.native:
            because = "a peering connection takes what begins in its own VPCs and nothing from behind them"
            self._dead_end(trace, leg, title, "peering", because, "PCX_REQUIRES_ADDRESS_IN_VPC_CIDR", resource)
            return
        if other not in self.fabric.vpcs and target.interface is None:
            self._unsupported(trace, leg.gateway or title, "a peered VPC that is not among the resources")
            return
        if not leg.arrives or target.interface is None or target.interface.vpc != other:
            because = (
                f"a peering connection reaches the addresses of {words.vpc(self.fabric, other)} and nothing behind it"
            )
            inside = self.fabric.vpcs[other].spans if other in self.fabric.vpcs else ()
            if target.interface is None and any(s.meets(target.span) for s in inside):
                self._nobody(trace, other, target)
                return
            self._dead_end(trace, leg, title, "peering", because, "PCX_REQUIRES_ADDRESS_IN_VPC_CIDR", resource)
            return
        self._add(trace, title, "peering", f"joins it to {words.vpc(self.fabric, other)}", self.all, resource=resource)
        self._arrive(trace, leg.source, target, preserved=peering.regional)
        self._answer_acl(trace, target.interface.subnet, "egress", leg.source)
        if self._back_route(trace, target.interface.subnet, leg.source, "peering", leg.gateway):
            self._answer_acl(trace, interface.subnet, "ingress", target)

    def _nobody(self, trace: Trace, vpc: str | None, target: End) -> None:
        """An address inside a VPC that no known interface has: something may have it."""
        held = self.fabric.vpcs.get(vpc or "")
        name = words.vpc(self.fabric, vpc)
        place = held.resource if held is not None else None
        subnets = [s for s in self.fabric.subnets.values() if s.vpc == vpc]
        perhaps = Pass(0, 0 if self.fabric.whole else self.all.maybe)
        if self.fabric.whole and not any(b.meets(target.span) for s in subnets for b in s.spans):
            because = f"no subnet of {name} holds {target.span}: nothing leads there"
            self._add(trace, target.title, "address", because, perhaps, "NO_ROUTE_TO_DESTINATION", place)
            return
        because = (
            f"no interface of {name} {'has' if self.fabric.whole else 'is known to have'} the address {target.span}"
        )
        self._add(trace, target.title, "address", because, perhaps, "UNKNOWN_DESTINATION", place)

    # -- transit gateways

    def _transit_gateway(self, trace: Trace, leg: Leg) -> None:
        interface, target = leg.interface, leg.target
        mine = self._attachment(leg.gateway, interface.vpc)
        if mine is None:
            because = f"{words.vpc(self.fabric, interface.vpc)} is not attached to the transit gateway"
            name = leg.gateway or "transit gateway"
            if "TransitGatewayVpcAttachments" in self.fabric.absent or name not in self.fabric.others:
                self._unsupported(trace, name, "a transit gateway whose attachments are not known")
            else:
                self._dead_end(trace, leg, name, "transit_gateway", because, "CANNOT_ROUTE", self._of(leg.gateway))
            self._arrive(trace, leg.source, target, preserved=False)
            return
        self._zone(trace, mine, interface.subnet)
        door = self._door(mine, interface.subnet.zone)
        if door is not None:
            self._acl(trace, door, "ingress", leg.source)
        self._through_table(trace, leg, mine)

    def _attachment(self, gateway: str | None, vpc: str | None) -> Attachment | None:
        found = (a for a in self.fabric.attachments.values() if a.gateway == gateway and a.vpc == vpc)
        return next(found, None) if vpc is not None else None

    def _door(self, attachment: Attachment, zone: str | None, *others: str | None) -> Subnet | None:
        """The subnet of an attachment that traffic takes: in the zone where it comes from, else where it goes."""
        held = [self.fabric.subnets[s] for s in attachment.subnets if s in self.fabric.subnets]
        for wanted in (zone, *others):
            for subnet in held:
                if subnet.zone == wanted and wanted is not None:
                    return subnet
        return None

    def _zone(self, trace: Trace, attachment: Attachment, subnet: Subnet) -> None:
        """An attachment serves the zones that it has a subnet in."""
        resource, subnets = attachment.resource, attachment.subnets
        zones = [self.fabric.subnets[s].zone for s in subnets if s in self.fabric.subnets]
        if subnet.zone in zones and subnet.zone is not None:
            return
        sure = bool(subnets) and subnet.zone is not None and None not in zones and len(zones) == len(subnets)
        because = f"the attachment has no subnet in {subnet.zone or 'the zone'} of {subnet.title}"
        if not sure:
            because = f"whether the attachment has a subnet in the zone of {subnet.title} is not known"
        self._add(trace, resource.title, "transit_gateway_attachment", because, Pass(0, 0 if sure else self.all.maybe),
                  "TGW_ATTACH_VPC_AZ_RESTRICTION", resource)  # fmt: skip

    def _through_table(self, trace: Trace, leg: Leg, mine: Attachment) -> None:
        table = self.fabric.transit_tables.get(mine.table or "")
        if table is None:
            passes = Pass(0, 0 if mine.table is None and mine.table_known else self.all.maybe)
            because = f"the attachment of {words.vpc(self.fabric, mine.vpc)} is associated with no route table"
            self._add(trace, leg.gateway or "transit gateway", "transit_gateway", because, passes,
                      "TGW_ATTACH_MISSING_TGW_RTB_ASSOCIATION", mine.resource)  # fmt: skip
            self._arrive(trace, leg.source, leg.target, preserved=False)
            return
        choice = choose(table, leg.target)
        entry = choice.entry
        attachment = self.fabric.attachments.get(entry.target or "") if entry is not None else None
        title = words.table(table)
        if entry is not None and entry.via != "blackhole" and attachment is None:
            self._unsupported(trace, title, f"a route of {title} to an attachment that is not among the resources")
            return
        if entry is None or attachment is None:
            blackhole = entry is not None and entry.via == "blackhole"
            because = f"{title} {'drops' if blackhole else 'has no route for'} {words.party(leg.target)}"
            code = "BAD_STATE_ROUTE" if blackhole else "TGW_RTB_NO_ROUTE_TO_TGW_ATTACHMENT"
            place = entry.resource if entry is not None else table.resource
            passes = Pass(0, 0 if choice.sure else self.all.maybe)
            self._add(trace, table.id, "transit_gateway_route_table", because, passes, code, place)
            self._arrive(trace, leg.source, leg.target, preserved=False)
            return
        because = f"{title} leads to {attachment.resource.title}"
        passes = self.all if choice.sure else Pass(0, self.all.maybe)
        self._add(trace, table.id, "transit_gateway_route_table", because, passes, resource=entry.resource)
        if attachment.vpn is not None:
            self._vpn(trace, leg, attachment.vpn)
        elif attachment.vpc is None:
            self._unsupported(trace, attachment.id, "an attachment of a transit gateway that is no VPC's")
        else:
            self._out_of_transit(trace, leg, mine, attachment)

    def _out_of_transit(self, trace: Trace, leg: Leg, mine: Attachment, there: Attachment) -> None:
        """From the attachment into its VPC: to the target, or on by the table of the attachment's subnet."""
        target, zone, segment = leg.target, leg.interface.subnet.zone, trace.segment
        inner = target.interface
        aim = inner.subnet.zone if inner is not None else None
        door = self._door(there, zone, aim)
        if door is None:
            held = [self.fabric.subnets[s] for s in there.subnets if s in self.fabric.subnets]
            if not held:
                self._unsupported(trace, there.vpc or "VPC", "an attachment whose subnets are not known")
                return
            door = held[0]
        choice = choose(door.table, target)
        onward = choice.entry is not None and choice.entry.via != "local"
        if leg.arrives and inner is not None and inner.vpc == there.vpc and not onward:
            if door is not inner.subnet:
                self._acl(trace, door, "egress", target)
                self._acl(trace, inner.subnet, "ingress", leg.source)
            self._group(trace, inner, "ingress", leg.source, self._keeps(leg.gateway, mine, there))
            if self._back_route(trace, inner.subnet, leg.source, "transit_gateway", leg.gateway):
                self._home(trace, leg, mine, there, inner.subnet, segment)
            return
        if choice.entry is not None and choice.entry.via == "transit_gateway":
            because = f"{words.table(door.table)} sends it back to the transit gateway"
            self._add(trace, door.title, "route_table", because, Pass(0, 0), "CANNOT_ROUTE", choice.entry.resource)
            return
        if choice.entry is not None and choice.entry.via == "local":
            self._nobody(trace, there.vpc, target)
            return
        if there is mine:
            self._unsupported(trace, door.title, "a way through a transit gateway back into the same VPC")
            return
        relay = Interface(leg.interface.owner, door, leg.source.interface.spans if leg.source.interface else (), (),
                          filtered=False)  # fmt: skip
        self._acl(trace, door, "egress", target)
        self._route(trace, door.table, choice, target)
        if choice.entry is None:
            return
        self._follow(trace, Leg(leg.source, relay, choice, target))
        if choice.entry.via == "nat_gateway":
            nat = self.fabric.nats.get(choice.entry.target or "")
            gate = nat.interface.subnet if nat is not None else None
            if gate is not None and self._back_route(trace, gate, leg.source, "transit_gateway", leg.gateway):
                self._home(trace, leg, mine, there, gate, segment)

    def _home(self, trace: Trace, leg: Leg, mine: Attachment, there: Attachment, subnet: Subnet, segment: int) -> None:
        """Answers through the gateway: the zone they begin in, their table, and the ACLs on both borders."""
        segment, trace.segment = trace.segment, segment
        self._zone(trace, there, subnet)
        table = self.fabric.transit_tables.get(there.table or "")
        choice = choose(table, leg.source) if table is not None else None
        entry = choice.entry if choice is not None else None
        good = entry is not None and entry.target == mine.id and entry.via != "blackhole"
        if table is None or choice is None or not good:
            name = words.table(table) if table is not None else f"no route table of {words.vpc(self.fabric, there.vpc)}"
            because = f"{name} leads answers back to {words.party(leg.source)}"
            because = because.replace(" leads", " does not lead") if table is not None else because
            unsure = (choice is not None and not choice.sure) or (table is None and not there.table_known)
            place = table.resource if table is not None and table.resource is not None else there.resource
            self._back_step(trace, place, because, Pass(0, self.all.maybe if unsure else 0),
                            "TGW_RTB_NO_ROUTE_TO_TGW_ATTACHMENT")  # fmt: skip
        home = leg.interface.subnet
        out = self._door(there, subnet.zone)
        back = self._door(mine, subnet.zone, home.zone)
        self._answer_acl(trace, subnet, "egress", leg.source)
        if out is not None:
            self._answer_acl(trace, out, "ingress", leg.target)
        if back is not None and back is not home:
            self._answer_acl(trace, back, "egress", leg.source)
            self._answer_acl(trace, home, "ingress", leg.target)
        if back is not None:
            self._local_back(trace, back, leg.source)
        trace.segment = segment

    def _local_back(self, trace: Trace, door: Subnet, source: End) -> None:
        """Answers come out of an attachment's subnet, whose table has to know the way home."""
        choice = choose(door.table, source)
        if choice.entry is not None and choice.entry.via == "local":
            return
        because = f"{words.table(door.table)} of {door.title} does not lead answers to {words.party(source)}"
        passes = Pass(0, 0 if choice.sure else self.all.maybe)
        self._back_step(trace, door.table.resource or door.resource, because, passes, "NO_ROUTE_TO_DESTINATION")

    def keeps(self, gateway: str | None) -> bool:
        """Whether a transit gateway keeps groups, with every attachment of it."""
        return self._keeps(gateway, *(a for a in self.fabric.attachments.values() if a.gateway == gateway))

    def _keeps(self, gateway: str | None, *attachments: Attachment) -> bool:
        """Whether a transit gateway and its attachments keep groups for rules of ingress that name one."""
        held = self._of(gateway)
        if held is None or held.get(_REFERENCING) != "enable":
            return False
        return all(a.resource.get("Options", _REFERENCING) != "disable" for a in attachments)

    # -- VPNs and gateway endpoints

    def _vpn(self, trace: Trace, leg: Leg, id: str | None) -> None:
        target = leg.target
        name = id or "VPN"
        vpc = self.fabric.vpcs.get(leg.interface.vpc or "")
        gateways = [g for v in self.fabric.vpcs.values() for g in v.vpn_gateways]
        if target.interface is not None and not target.public:
            because = f"{target.title} does not lie behind the VPN"
            self._dead_end(trace, leg, name, "vpn", because, "CANNOT_ROUTE", self._of(id))
            return
        if id in gateways and (vpc is None or id not in vpc.vpn_gateways or not leg.native):
            because = f"the VPN gateway is not attached to the VPC of {leg.source.title}"
            self._dead_end(trace, leg, name, "vpn", because, "CANNOT_ROUTE", self._of(id))
            return
        behind = self.fabric.behind.get(name)
        if behind is not None and not any(s.covers(target.span) for s in behind):
            because = f"nothing behind {self._called(id)} is known to have the address {target.span}: it has no route"
            self._dead_end(trace, leg, name, "vpn", because, "NO_ROUTE_TO_DESTINATION", self._of(id))
            return
        # a route of its own says that a network lies there; of one that takes everything, nobody can tell
        entry = leg.choice.entry
        told = behind is not None or (entry is not None and entry.span is not None and entry.span.first > 0)
        sure = self.all if told else Pass(0, self.all.maybe)
        because = f"leads to {words.called(target)} behind it" if told else "what lies behind it is not known"
        self._add(trace, name, "vpn", because, sure, "UNKNOWN_DESTINATION", resource=self._of(id))
        self._answer_acl(trace, leg.interface.subnet, "ingress", target)

    def _called(self, id: str | None) -> str:
        held = self._of(id)
        return held.title if held is not None else id or "the VPN"

    def _endpoint(self, trace: Trace, leg: Leg, entry: Entry) -> None:
        endpoint = self.fabric.endpoints.get(leg.gateway or "")
        title = endpoint.resource.title if endpoint is not None else leg.gateway or "endpoint"
        resource = endpoint.resource if endpoint is not None else None
        if entry.service is None or endpoint is None or endpoint.kind != "gateway":
            self._unsupported(trace, title, "a route through the endpoint of a gateway load balancer")
            return
        if self.filters.protocol == "udp":
            because = "a gateway endpoint passes TCP and ICMP only"
            self._add(trace, title, "vpc_endpoint", because, Pass(0, 0), "VPCE_GATEWAY_PROTOCOL_RESTRICTION", resource)
        if not leg.native:
            because = f"a gateway endpoint serves {words.vpc(self.fabric, leg.interface.vpc)} and nothing behind it"
            code = "VPCE_GATEWAY_EGRESS_SOURCE_ADDRESS_RESTRICTION"
            self._add(trace, title, "vpc_endpoint", because, Pass(0, 0), code, resource)
        service = endpoint.service or leg.target.service
        self._add(trace, title, "vpc_endpoint", f"leads to {service or 'the service'}", self.all, resource=resource)
        self._answer_acl(trace, leg.interface.subnet, "ingress", leg.target)
