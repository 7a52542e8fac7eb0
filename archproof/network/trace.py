"""One flow through a network, hop by hop: what lets it pass, what stops it, and whether answers come back.

A trace goes on behind what stops it, as far as the way is known, so that every blocker is found at once: changing
all of them opens the path. Security groups are stateful; ACLs and routes are asked for the way back as well.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from archproof.errors import Location
from archproof.network import words
from archproof.network.addresses import is_public
from archproof.network.fabric import Acl, Fabric, Interface, Subnet, Table, Truth
from archproof.network.filters import End, Filters, Pass
from archproof.network.routing import Choice, choose
from archproof.resources.network_types import Rule
from archproof.resources.resource import Resource

_LAMBDA = ("AWS::Lambda::Function", "AWS::Serverless::Function")


@dataclass(frozen=True, slots=True)
class Step:
    """One hop: what stands there, what it lets through, and why."""

    title: str
    kind: str
    because: str
    passes: Pass
    code: str = ""
    """Why it stops what it stops, in the words of AWS's Reachability Analyzer."""
    location: Location | None = None
    resource: Resource | None = None


@dataclass(slots=True)
class Trace:
    """A flow from one end to the other."""

    source: End
    target: End
    protocol: str
    steps: list[Step] = field(default_factory=list)
    back: list[Step] = field(default_factory=list)
    """The way back: routes, and ACLs on ephemeral ports."""

    def passes(self, everything: int) -> Pass:
        """The ports that get through, for sure and at most."""
        yes = maybe = everything
        for step in self.steps:
            yes &= step.passes.yes
            maybe &= step.passes.maybe
        return Pass(yes, maybe)


class Tracer:
    """Follows flows of one protocol through one network."""

    def __init__(self, fabric: Fabric, filters: Filters) -> None:
        self.fabric = fabric
        self.filters = filters
        self.all = Pass(filters.ports.all, filters.ports.all)

    def trace(self, source: End, target: End) -> Trace:
        """Follow a flow from `source` to `target`."""
        trace = Trace(source, target, self.filters.protocol)
        if source.interface is None:
            self._from_outside(trace, source, target)
        else:
            self._leave(trace, source, source.interface, target)
        return trace

    # -- leaving an interface

    def _leave(self, trace: Trace, source: End, interface: Interface, target: End) -> None:
        subnet = interface.subnet
        neighbour = target.interface is not None and not target.public and target.interface.subnet is subnet
        if neighbour:
            self._group(trace, interface, "egress", target, preserved=True)
            assert target.interface is not None
            self._group(trace, target.interface, "ingress", source, preserved=True)
            return
        choice = choose(subnet.table, target)
        preserved = self._keeps_groups(choice)
        self._group(trace, interface, "egress", target, preserved)
        self._acl(trace, subnet, "egress", target)
        self._follow(trace, source, interface, subnet.table, choice, target)

    def _keeps_groups(self, choice: Choice) -> bool:
        """Whether rules that name a group work along a route."""
        via = choice.entry.via if choice.entry is not None else None
        if via == "transit_gateway":
            gateway = self._transit(choice)
            return gateway is not None and gateway.get("SecurityGroupReferencingSupport") == "enable"
        return via in ("local", "peering")

    def _transit(self, choice: Choice) -> Resource | None:
        return self._of(choice.entry.target if choice.entry is not None else None)

    def _follow(
        self, trace: Trace, source: End, interface: Interface, table: Table, choice: Choice, target: End
    ) -> None:
        """Go where a route leads."""
        entry = choice.entry
        self._route(trace, table, choice, target)
        if entry is None:
            self._no_route(trace, source, interface, target)
        elif entry.via == "local":
            self._local(trace, source, interface, target)
        elif entry.via == "internet_gateway":
            self._internet_gateway(trace, source, interface, entry.target, target)
        elif entry.via == "nat_gateway":
            self._nat(trace, source, interface, entry.target, target)
        elif entry.via == "egress_only_gateway":
            self._egress_only(trace, target)
        elif entry.via == "peering":
            self._peering(trace, source, interface, entry.target, target)
        elif entry.via == "transit_gateway":
            self._transit_gateway(trace, source, interface, entry.target, target)
        elif entry.via == "vpc_endpoint":
            self._gateway_endpoint(trace, entry.target, target)
        elif entry.via == "vpn_gateway":
            self._vpn(trace, entry.target, target)
        elif entry.via == "blackhole":
            self._arrive(trace, source, target, preserved=False)
        else:
            self._unsupported(trace, entry.target or table.id, f"a route through {entry.via.replace('_', ' ')}s")

    def _no_route(self, trace: Trace, source: End, interface: Interface, target: End) -> None:
        """Nothing leads there: what else would stand in the way, once something does."""
        vpc = self.fabric.vpcs.get(interface.vpc or "")
        if target.interface is not None and not target.public:
            self._arrive(trace, source, target, preserved=False)
            self._back_route(trace, target.interface.subnet, source)
        elif target.interface is not None:
            self._enter(trace, source, target)
        elif vpc is not None and is_public(target.span) and not self._nats(interface.vpc):
            self._public_address(trace, interface, target, vpc.internet_gateways)

    def _nats(self, vpc: str | None) -> bool:
        return any(nat.interface.vpc == vpc and nat.public for nat in self.fabric.nats.values())

    # -- inside a VPC

    def _local(self, trace: Trace, source: End, interface: Interface, target: End) -> None:
        if target.interface is None or target.public or target.interface.vpc != interface.vpc:
            because = (
                f"no interface of {words.vpc(self.fabric, interface.vpc)} is known to have the address {target.span}"
            )
            self._add(trace, target.title, "address", because, Pass(0, self.all.maybe), "UNKNOWN_DESTINATION")
            return
        self._arrive(trace, source, target, preserved=True)
        self._answer_acl(trace, target.interface.subnet, "egress", source)
        self._answer_acl(trace, interface.subnet, "ingress", target)

    def _arrive(self, trace: Trace, source: End, target: End, preserved: bool) -> None:
        """The last hop: into the subnet of the target and through its groups."""
        if target.interface is not None:
            self._acl(trace, target.interface.subnet, "ingress", source)
            self._group(trace, target.interface, "ingress", source, preserved)

    # -- the internet

    def _internet_gateway(
        self, trace: Trace, source: End, interface: Interface, gateway: str | None, target: End
    ) -> None:
        vpc = self.fabric.vpcs.get(interface.vpc or "")
        if vpc is None or gateway not in vpc.internet_gateways:
            because = f"the internet gateway is not attached to {words.vpc(self.fabric, interface.vpc)}"
            self._add(trace, gateway or "internet gateway", "internet_gateway", because, Pass(0, 0), "CANNOT_ROUTE")
        elif target.interface is None and target.service is None and not is_public(target.span):
            because = f"an internet gateway carries public addresses only, and {target.span} is none"
            code = "IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS"
            self._add(trace, gateway, "internet_gateway", because, Pass(0, 0), code, self._of(gateway))
        self._public_address(trace, interface, target, [gateway] if gateway else [])
        self._answer_acl(trace, interface.subnet, "ingress", target)
        if target.interface is not None:
            outside = End(source.span, None, name=source.title)
            self._enter(trace, outside, target)

    def _public_address(self, trace: Trace, interface: Interface, target: End, gateways: list[str]) -> None:
        """Whether an interface has the public address that an internet gateway needs."""
        six = target.span.version == 6
        has: Truth = (any(s.version == 6 for s in interface.spans) or None) if six else interface.public
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

    def _enter(self, trace: Trace, source: End, target: End) -> None:
        """From the internet to the public address of an interface."""
        interface = target.interface
        assert interface is not None
        vpc = self.fabric.vpcs.get(interface.vpc or "")
        if vpc is not None and vpc.blocked:
            because = f"VPC Block Public Access keeps the internet out of {vpc.title}"
            self._add(trace, vpc.title, "vpc", because, Pass(0, 0), "VPC_BLOCK_PUBLIC_ACCESS_ENABLED", vpc.resource)
        if vpc is None or not vpc.internet_gateways:
            because = f"no internet gateway is attached to {words.vpc(self.fabric, interface.vpc)}"
            self._add(trace, words.vpc(self.fabric, interface.vpc), "vpc", because, Pass(0, 0), "NO_PATH",
                      vpc.resource if vpc else None)  # fmt: skip
        six = any(s.version == 6 for s in interface.spans) if target.span.version == 6 else None
        has = six if target.span.version == 6 else interface.public
        if has is not True:
            because = words.no_public_address(interface, False, has)
            passes = Pass(0, self.all.maybe) if has is None else Pass(0, 0)
            code = "IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS"
            self._add(trace, interface.title, "interface", because, passes, code, interface.owner)
        elif vpc is not None and vpc.internet_gateways:
            gateway = vpc.internet_gateways[0]
            because = f"{interface.title} has a public address"
            self._add(trace, gateway, "internet_gateway", because, self.all, resource=self._of(gateway))
        self._internet_back(trace, interface.subnet, source)
        self._acl(trace, interface.subnet, "ingress", source)
        self._group(trace, interface, "ingress", source, preserved=False)
        self._answer_acl(trace, interface.subnet, "egress", source)

    def _internet_back(self, trace: Trace, subnet: Subnet, source: End) -> None:
        """Answers to the internet need a route to the internet gateway: no session stands without it."""
        choice = choose(subnet.table, source)
        entry = choice.entry
        good = entry is not None and entry.via == "internet_gateway"
        passes = self.all if good and choice.sure else Pass(0, 0 if choice.sure else self.all.maybe)
        if good:
            because = f"{words.table(subnet.table)} leads back to {source.title} by the internet gateway"
            self._step_back(trace, subnet.title, "route_table", because, self.all, entry.location if entry else None)
            return
        other = f" (its way there is {words.via(entry)})" if entry is not None else ""
        because = f"{words.table(subnet.table)} of {subnet.title} has no route to the internet gateway{other}"
        place = subnet.table.resource or subnet.resource
        self._add(trace, subnet.title, "route_table", because, passes, "NO_ROUTE_TO_DESTINATION", place)

    def _nat(self, trace: Trace, source: End, interface: Interface, id: str | None, target: End) -> None:
        nat = self.fabric.nats.get(id or "")
        if nat is None:
            self._unsupported(trace, id or "NAT gateway", "a NAT gateway that is not among the resources")
            return
        gate = nat.interface
        if self.filters.protocol not in ("tcp", "udp", "icmp"):
            because = f"a NAT gateway passes TCP, UDP and ICMP, not {self.filters.protocol}"
            self._add(trace, nat.resource.title, "nat_gateway", because, Pass(0, 0), "NO_PATH", nat.resource)
        if gate.vpc != interface.vpc:
            because = "a NAT gateway serves the VPC that it stands in"
            code = "NGW_REQUIRES_SOURCE_IN_VPC"
            self._add(trace, nat.resource.title, "nat_gateway", because, Pass(0, 0), code, nat.resource)
        if gate.subnet is not interface.subnet:
            self._acl(trace, gate.subnet, "ingress", source, target)
            self._answer_acl(trace, gate.subnet, "egress", source)
        self._answer_acl(trace, interface.subnet, "ingress", target)
        self._add(trace, nat.resource.title, "nat_gateway", "sends it on with an address of its own", self.all,
                  resource=nat.resource)  # fmt: skip
        onward = End(gate.spans[0] if gate.spans else source.span, gate)
        choice = choose(gate.subnet.table, target)
        self._acl(trace, gate.subnet, "egress", target)
        if nat.public and choice.entry is not None and choice.entry.via not in ("internet_gateway", "vpc_endpoint"):
            self._route(trace, gate.subnet.table, choice, target)
            because = f"a public NAT gateway needs a route to an internet gateway; {words.via(choice.entry)} is none"
            self._add(trace, gate.subnet.title, "route_table", because, Pass(0, 0), "NO_ROUTE_TO_DESTINATION",
                      choice.entry.resource)  # fmt: skip
            return
        self._follow(trace, onward, gate, gate.subnet.table, choice, target)

    def _egress_only(self, trace: Trace, target: End) -> None:
        if target.span.version == 6 and is_public(target.span):
            self._add(
                trace, "egress-only gateway", "egress_only_gateway", "lets IPv6 out and only answers in", self.all
            )
        else:
            self._add(trace, "egress-only gateway", "egress_only_gateway", "an egress-only gateway carries IPv6 only",
                      Pass(0, 0), "CANNOT_ROUTE")  # fmt: skip

    # -- other networks

    def _peering(self, trace: Trace, source: End, interface: Interface, id: str | None, target: End) -> None:
        peering = self.fabric.peerings.get(id or "")
        if peering is None:
            self._unsupported(trace, id or "peering", "a peering connection that is not among the resources")
            return
        title, resource = peering.resource.title, peering.resource
        if peering.active is not True:
            self._add(trace, title, "peering", "the peering connection is not active",
                      Pass(0, 0 if peering.active is False else self.all.maybe), "CANNOT_ROUTE", resource)  # fmt: skip
        other = peering.vpcs[1] if peering.vpcs[0] == interface.vpc else peering.vpcs[0]
        inside = target.interface is not None and not target.public and target.interface.vpc == other
        if interface.vpc not in peering.vpcs or not inside:
            because = (
                f"a peering connection reaches the addresses of {words.vpc(self.fabric, other)} and nothing behind it"
            )
            self._add(trace, title, "peering", because, Pass(0, 0), "PCX_REQUIRES_ADDRESS_IN_VPC_CIDR", resource)
            return
        assert target.interface is not None
        self._add(trace, title, "peering", f"joins it to {words.vpc(self.fabric, other)}", self.all, resource=resource)
        self._arrive(trace, source, target, preserved=True)
        self._back_route(trace, target.interface.subnet, source, "peering", id)
        self._answer_acl(trace, target.interface.subnet, "egress", source)
        self._answer_acl(trace, interface.subnet, "ingress", target)

    def _transit_gateway(self, trace: Trace, source: End, interface: Interface, id: str | None, target: End) -> None:
        mine = [a for a in self.fabric.attachments.values() if a.gateway == id and a.vpc == interface.vpc]
        if not mine:
            because = f"{words.vpc(self.fabric, interface.vpc)} is not attached to the transit gateway"
            self._add(
                trace, id or "transit gateway", "transit_gateway", because, Pass(0, 0), "CANNOT_ROUTE", self._of(id)
            )
            self._arrive(trace, source, target, preserved=False)
            return
        attachment = mine[0]
        self._zone(trace, attachment.resource, attachment.subnets, interface.subnet)
        self._through_table(trace, source, interface, attachment.table, attachment.table_known, id, target)

    def _zone(self, trace: Trace, resource: Resource, subnets: tuple[str, ...], subnet: Subnet) -> None:
        """An attachment serves the zones that it has a subnet in."""
        zones = [self.fabric.subnets[s].zone for s in subnets if s in self.fabric.subnets]
        if subnet.zone in zones or (not zones and not subnets):
            return
        sure = subnet.zone is not None and None not in zones and len(zones) == len(subnets)
        because = f"the attachment has no subnet in {subnet.zone or 'the zone'} of {subnet.title}"
        passes = Pass(0, 0 if sure else self.all.maybe)
        self._add(
            trace,
            resource.title,
            "transit_gateway_attachment",
            because,
            passes,
            "TGW_ATTACH_VPC_AZ_RESTRICTION",
            resource,
        )

    def _through_table(
        self, trace: Trace, source: End, interface: Interface, table_id: str | None, known: bool, id: str | None,
        target: End,
    ) -> None:  # fmt: skip
        table = self.fabric.transit_tables.get(table_id or "")
        if table is None:
            passes = Pass(0, 0 if table_id is None and known else self.all.maybe)
            because = f"the attachment of {words.vpc(self.fabric, interface.vpc)} is associated with no route table"
            code = "TGW_ATTACH_MISSING_TGW_RTB_ASSOCIATION"
            self._add(trace, id or "transit gateway", "transit_gateway", because, passes, code, self._of(id))
            self._arrive(trace, source, target, preserved=False)
            return
        choice = choose(table, target)
        entry = choice.entry
        attachment = self.fabric.attachments.get(entry.target or "") if entry is not None else None
        title = words.table(table)
        if entry is None or attachment is None:
            blackhole = entry is not None and entry.via == "blackhole"
            because = f"{title} {'drops' if blackhole else 'has no route for'} {words.party(target)}"
            code = "BAD_STATE_ROUTE" if blackhole else "TGW_RTB_NO_ROUTE_TO_TGW_ATTACHMENT"
            passes = Pass(0, 0 if choice.sure else self.all.maybe)
            self._add(trace, table.id, "transit_gateway_route_table", because, passes, code, table.resource)
            self._arrive(trace, source, target, preserved=False)
            return
        because = f"{title} leads to {attachment.resource.title}"
        passes = self.all if choice.sure else Pass(0, self.all.maybe)
        self._add(trace, table.id, "transit_gateway_route_table", because, passes, resource=entry.resource)
        if attachment.vpn is not None:
            self._vpn(trace, attachment.vpn, target)
            return
        self._out_of_transit(trace, source, interface, attachment.vpc, attachment.subnets, target)

    def _out_of_transit(
        self, trace: Trace, source: End, interface: Interface, vpc: str | None, subnets: tuple[str, ...], target: End
    ) -> None:
        """From the attachment into its VPC: to the target, or on by the table of the attachment's subnet."""
        if target.interface is not None and not target.public and target.interface.vpc == vpc:
            preserved = self._referencing(interface)
            self._zone(trace, target.interface.owner, subnets, target.interface.subnet)
            self._arrive(trace, source, target, preserved)
            self._back_route(trace, target.interface.subnet, source, "transit_gateway")
            self._answer_acl(trace, target.interface.subnet, "egress", source)
            self._answer_acl(trace, interface.subnet, "ingress", target)
            return
        held = [self.fabric.subnets[s] for s in subnets if s in self.fabric.subnets]
        if not held:
            self._unsupported(trace, vpc or "VPC", "an attachment whose subnets are not known")
            return
        subnet = next((s for s in held if s.zone == interface.subnet.zone), held[0])
        choice = choose(subnet.table, target)
        relay = Interface(interface.owner, subnet, interface.spans, (), filtered=False)
        if choice.entry is not None and choice.entry.via == "transit_gateway":
            because = f"{words.table(subnet.table)} sends it back to the transit gateway"
            self._add(trace, subnet.title, "route_table", because, Pass(0, 0), "CANNOT_ROUTE", choice.entry.resource)
            return
        self._follow(trace, source, relay, subnet.table, choice, target)

    def _referencing(self, interface: Interface) -> bool:
        gateways = {a.gateway for a in self.fabric.attachments.values() if a.vpc == interface.vpc}
        return any(
            r is not None and r.get("SecurityGroupReferencingSupport") == "enable"
            for r in (self._of(g) for g in gateways if g is not None)
        )

    def _vpn(self, trace: Trace, id: str | None, target: End) -> None:
        if target.interface is not None:
            because = f"{target.title} does not lie behind the VPN"
            self._add(trace, id or "VPN", "vpn", because, Pass(0, 0), "CANNOT_ROUTE", self._of(id))
            return
        self._add(trace, id or "VPN", "vpn", f"leads to {target.title} behind it", self.all, resource=self._of(id))

    def _gateway_endpoint(self, trace: Trace, id: str | None, target: End) -> None:
        endpoint = self.fabric.endpoints.get(id or "")
        title = endpoint.resource.title if endpoint is not None else id or "endpoint"
        resource = endpoint.resource if endpoint is not None else None
        if self.filters.protocol == "udp":
            because = "a gateway endpoint passes TCP and ICMP only"
            self._add(trace, title, "vpc_endpoint", because, Pass(0, 0), "VPCE_GATEWAY_PROTOCOL_RESTRICTION", resource)
        service = endpoint.service if endpoint is not None else target.service
        self._add(trace, title, "vpc_endpoint", f"leads to {service or 'the service'}", self.all, resource=resource)

    # -- from outside

    def _from_outside(self, trace: Trace, source: End, target: End) -> None:
        """From addresses that no interface of the network has."""
        interface = target.interface
        if interface is None:
            self._add(trace, target.title, "address", "neither end is part of this network", Pass(0, 0), "NO_PATH")
            return
        choice = choose(interface.subnet.table, source)
        entry = choice.entry
        if entry is not None and entry.via == "vpn_gateway":
            self._vpn(trace, entry.target, source)
            self._arrive(trace, source, target, preserved=False)
            self._answer_acl(trace, interface.subnet, "egress", source)
        elif entry is not None and entry.via == "transit_gateway" and not is_public(source.span):
            self._from_transit(trace, source, interface, entry.target, target)
        elif is_public(source.span):
            self._enter(trace, source, target)
        else:
            because = f"nothing joins {words.party(source)} to {words.vpc(self.fabric, interface.vpc)}"
            passes = Pass(0, 0 if choice.sure else self.all.maybe)
            self._add(trace, source.title, "address", because, passes, "DISCONNECTED_VPCS")
            self._arrive(trace, source, target, preserved=False)

    def _from_transit(self, trace: Trace, source: End, interface: Interface, gateway: str | None, target: End) -> None:
        """From behind a VPN of a transit gateway."""
        vpns = [a for a in self.fabric.attachments.values() if a.gateway == gateway and a.vpn is not None]
        for attachment in vpns:
            table = self.fabric.transit_tables.get(attachment.table or "")
            there = choose(table, target) if table is not None else None
            held = self.fabric.attachments.get(there.entry.target or "") if there and there.entry else None
            if held is not None and held.vpc == interface.vpc:
                self._vpn(trace, attachment.vpn, source)
                self._zone(trace, held.resource, held.subnets, interface.subnet)
                break
        else:
            because = (
                f"no VPN of the transit gateway leads from {source.title} to {words.vpc(self.fabric, interface.vpc)}"
            )
            self._add(trace, gateway or "transit gateway", "transit_gateway", because, Pass(0, 0),
                      "TGW_RTB_NO_ROUTE_TO_TGW_ATTACHMENT", self._of(gateway))  # fmt: skip
        self._arrive(trace, source, target, preserved=False)
        self._answer_acl(trace, interface.subnet, "egress", source)

    # -- steps

    def _of(self, id: str | None) -> Resource | None:
        """The resource of a gateway, where it is among the resources."""
        return self.fabric.others.get(id or "")

    def _add(
        self, trace: Trace, title: str, kind: str, because: str, passes: Pass, code: str = "",
        resource: Resource | None = None, location: Location | None = None,
    ) -> None:  # fmt: skip
        named = resource.title if resource is not None and kind not in ("route_table", "network_acl") else title
        place = location or (resource.location() if resource is not None else None)
        code = code if passes.yes != self.filters.ports.all else ""
        trace.steps.append(Step(named, kind, because, passes, code, place, resource))

    def _step_back(
        self, trace: Trace, title: str, kind: str, because: str, passes: Pass, location: Location | None,
    ) -> None:  # fmt: skip
        trace.back.append(Step(title, kind, because, passes, "", location))

    def _group(self, trace: Trace, interface: Interface, direction: str, peer: End, preserved: bool) -> None:
        if not interface.filtered:
            return
        passes, hits = self.filters.groups(interface, direction, peer, preserved)
        groups = [self.fabric.groups[g] for g in interface.groups]
        told = words.group(groups, direction, peer, hits, self.filters, preserved)
        code = ""
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
        held = next((g.resource for g in groups if g.resource is not None), None)
        rule = hits[0].rule if hits else None
        place = rule.location() if isinstance(rule, Rule) else None
        title = " and ".join(g.title for g in groups) or "its groups"
        trace.steps.append(
            Step(title, "security_group", told, passes, code, place or (held.location() if held else None), held)
        )

    def _acl(self, trace: Trace, subnet: Subnet, direction: str, peer: End, beyond: End | None = None) -> None:
        """An ACL on the border of a subnet; one that lets everything through is no step."""
        acl = subnet.acl
        if acl.open:
            return
        passes, hits = self.filters.acl(acl, direction, peer.span)
        because = words.acl(acl, subnet, direction, peer, hits, self.filters)
        place = hits[0].rule.resource.location() if hits and hits[0].rule is not None else None
        trace.steps.append(
            Step(
                self._acl_title(acl),
                "network_acl",
                because,
                passes,
                "SUBNET_ACL_RESTRICTION",
                place or self._acl_place(acl),
                acl.resource,
            )
        )

    def _acl_title(self, acl: Acl) -> str:
        return acl.resource.title if acl.resource is not None else acl.id

    def _acl_place(self, acl: Acl) -> Location | None:
        return acl.resource.location() if acl.resource is not None else None

    def _answer_acl(self, trace: Trace, subnet: Subnet, direction: str, peer: End) -> None:
        """Answers through an ACL, on ephemeral ports."""
        acl = subnet.acl
        if acl.open:
            return
        passes = self.filters.answers(acl, direction, peer.span)
        because = words.answers(acl, subnet, direction, peer, passes, self.filters)
        trace.back.append(
            Step(
                self._acl_title(acl),
                "network_acl",
                because,
                passes,
                "SUBNET_ACL_RESTRICTION",
                self._acl_place(acl),
                acl.resource,
            )
        )

    def _route(self, trace: Trace, table: Table, choice: Choice, target: End) -> None:
        entry = choice.entry
        passes = self.all if choice.sure else Pass(0, self.all.maybe)
        if entry is None:
            passes = Pass(0, 0 if choice.sure else self.all.maybe)
            because = f"{words.table(table)} has no route for {words.party(target)}"
            self._add(
                trace, words.table(table), "route_table", because, passes, "NO_ROUTE_TO_DESTINATION", table.resource
            )
        elif entry.via == "blackhole":
            because = f"the route for {words.where(entry)} in {words.table(table)} drops it (blackhole)"
            self._add(trace, words.table(table), "route_table", because, Pass(0, 0), "BAD_STATE_ROUTE", entry.resource)
        else:
            because = words.leads(entry)
            self._add(
                trace, words.table(table), "route_table", because, passes, resource=entry.resource or table.resource
            )

    def _back_route(
        self, trace: Trace, subnet: Subnet, source: End, via: str | None = None, id: str | None = None
    ) -> None:
        """Answers need a route of their own, by the same connection."""
        choice = choose(subnet.table, source)
        entry = choice.entry
        good = entry is not None and (via is None or entry.via == via) and (id is None or entry.target == id)
        if good and entry is not None:
            because = f"{words.table(subnet.table)} leads back: {words.leads(entry)}"
            passes = self.all if choice.sure else Pass(0, self.all.maybe)
            trace.back.append(Step(subnet.title, "route_table", because, passes, "", entry.location, entry.resource))
            return
        because = f"{words.table(subnet.table)} of {subnet.title} has no route back to {words.party(source)}"
        passes = Pass(0, 0 if choice.sure else self.all.maybe)
        place = subnet.table.resource or subnet.resource
        trace.back.append(
            Step(subnet.title, "route_table", because, passes, "NO_ROUTE_TO_DESTINATION", place.location(), place)
        )

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
