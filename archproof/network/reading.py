"""Reading a network from resources: every part that `archproof.network.fabric` knows.

Resources alone are read, so that a model, a template and a live account look the same. What cannot be known before
deployment is None there, and never taken for absent.
"""

from __future__ import annotations

import re
from typing import Any
from weakref import WeakKeyDictionary

from archproof.network import balancers, owners, transit
from archproof.network.addresses import ALL_IPV4, ALL_IPV6, Span, parse, span
from archproof.network.fabric import (
    Acl,
    AclEntry,
    Endpoint,
    Entry,
    Fabric,
    Group,
    Peering,
    Subnet,
    Table,
    Truth,
    Via,
    Vpc,
)
from archproof.resources.network_types import LAST_PORT, Route
from archproof.resources.resource import Resource, Resources
from archproof.resources.topology import Topology, default_of, service_of, topology
from archproof.resources.values import UNKNOWN, items, known, name_of, sure

_DOCUMENTATION = (0x20010DB8 << 96, 56, 64)
"""Addresses that stand for the IPv6 blocks that AWS will assign: 2001:db8::/32, a /56 each VPC, a /64 each subnet."""


def fabric(resources: Resources) -> Fabric:
    """The network of `resources`, read once; again only where resources were added since."""
    held = _CACHE.get(resources)
    if held is None or held[0] != len(resources):
        held = _CACHE[resources] = (len(resources), _Reader(resources).read())
    return held[1]


_CACHE: WeakKeyDictionary[Resources, tuple[int, Fabric]] = WeakKeyDictionary()


class _Reader:
    def __init__(self, resources: Resources) -> None:
        self.resources = resources
        self.topology: Topology = topology(resources)
        self.fabric = Fabric()

    def read(self) -> Fabric:
        if self.resources.lists is not None:
            self.fabric.absent = frozenset(_LISTS) - self.resources.lists
            self.fabric.whole = {"Subnets", "NetworkInterfaces"} <= self.resources.lists
        self._prefix_lists()
        self._vpcs()
        self._tables()
        self._acls()
        self._subnets()
        self._groups()
        self._endpoints()
        self._peerings()
        transit.read(self.resources, self.fabric)
        owners.read(self.resources, self.topology, self.fabric)
        balancers.read(self.resources, self.fabric)
        self.fabric.others = {r.logical_id: r for r in self.resources.of_type(*_GATEWAYS)}
        return self.fabric

    def name(self, value: Any) -> str | None:
        return name_of(self.resources, value)

    # -- VPCs

    def _prefix_lists(self) -> None:
        for resource in self.resources.of_type("AWS::EC2::PrefixList"):
            entries = items(self.resources, resource.get("Entries"))
            found = [parse(str(known(self.resources, e.get("Cidr")))) for e in entries or () if isinstance(e, dict)]
            if entries is not None and None not in found:
                spans = tuple(s for s in found if s is not None)
                self.fabric.prefix_lists[resource.logical_id] = spans
                if resource.physical_id:
                    self.fabric.prefix_lists[resource.physical_id] = spans
                called = known(self.resources, resource.get("PrefixListName"))
                if isinstance(called, str) and called.startswith("com.amazonaws."):
                    self.fabric.prefix_lists[called.split(".", 3)[-1]] = spans
        self._service_lists()

    def _service_lists(self) -> None:
        """The lists that AWS keeps: by the ids that the facts know, and by the parameters that will hold an id."""
        from archproof import facts

        known_lists = facts.prefix_lists()
        for row in known_lists:
            self.fabric.service_lists[row.id] = row.service
        parameters = {name.removesuffix("PrefixListId").lower(): name for name in self.resources.parameters}
        for service in sorted({row.service for row in known_lists}):
            name = parameters.get(service.replace("-", "").replace("_", "").replace(".", ""))
            if name is not None:
                self.fabric.service_lists[name] = service

    def _vpcs(self) -> None:
        for position, (id, read) in enumerate(self.topology.vpcs.items()):
            spans = [span(block) for block in read.blocks]
            self.fabric.vpcs[id] = Vpc(id, read.resource, tuple(spans), read.complete)
            if self._assigned_ipv6(id) and not any(s.version == 6 for s in spans):
                base, size, _ = _DOCUMENTATION
                first = base + (position << (128 - size))
                self.fabric.vpcs[id].spans += (Span(6, first, first + (1 << (128 - size)) - 1),)
        for resource in self.resources.of_type("AWS::EC2::VPCGatewayAttachment"):
            vpc = self.fabric.vpcs.get(self.name(resource.get("VpcId")) or "")
            if vpc is None:
                continue
            if not sure(self.resources, resource, vpc.resource):
                vpc.attached = False
                continue
            for key, held in (("InternetGatewayId", vpc.internet_gateways), ("VpnGatewayId", vpc.vpn_gateways)):
                target = self.name(resource.get(key))
                if target is not None:
                    held.append(target)
        self._public_access()
        only = self.resources.of_type("AWS::EC2::EgressOnlyInternetGateway")
        self.fabric.egress_only = {r.logical_id: self.name(r.get("VpcId")) for r in only}
        edges = self.resources.of_type("AWS::EC2::GatewayRouteTableAssociation")
        named = ((self.name(r.get("GatewayId")), self.name(r.get("RouteTableId"))) for r in edges)
        self.fabric.edge = {gateway: table or "" for gateway, table in named if gateway is not None}

    def _public_access(self) -> None:
        """VPC Block Public Access, which holds for every VPC of a region, and what is exempt from it."""
        for resource in self.resources.of_type("AWS::EC2::VPCBlockPublicAccessOptions"):
            mode = known(self.resources, resource.get("InternetGatewayBlockMode"))
            if mode in ("block-bidirectional", "block-ingress"):
                self.fabric.public_access = resource
                for vpc in self.fabric.vpcs.values():
                    if vpc.resource is None or _together(vpc.resource, resource):
                        vpc.blocked = mode
        for resource in self.resources.of_type("AWS::EC2::VPCBlockPublicAccessExclusion"):
            mode = known(self.resources, resource.get("InternetGatewayExclusionMode"))
            subnet, vpc_id = self.name(resource.get("SubnetId")), self.name(resource.get("VpcId"))
            holder = self.topology.subnets[subnet].vpc if subnet in self.topology.subnets else vpc_id
            held = self.fabric.vpcs.get(holder or "")
            if held is not None and isinstance(mode, str):
                held.exempt[subnet or held.id] = mode

    def _assigned_ipv6(self, vpc: str) -> bool:
        blocks = self.resources.of_type("AWS::EC2::VPCCidrBlock")
        return any(
            self.name(b.get("VpcId")) == vpc
            and known(self.resources, b.get("AmazonProvidedIpv6CidrBlock")) in (True, "true")
            for b in blocks
        )

    # -- routes

    def _tables(self) -> None:
        for id, read in self.topology.route_tables.items():
            table = self.fabric.tables[id] = Table(id, read.resource)
            table.entries += self._local(read.vpc)
            for route in read.routes:
                table.entries += self._entries(route, read.resource)
            vpc = self.fabric.vpcs.get(read.vpc or "")
            table.complete = vpc is not None and vpc.complete
        for resource in self.resources.of_type("AWS::EC2::VPNGatewayRoutePropagation"):
            gateway = self.name(resource.get("VpnGatewayId"))
            for reference in items(self.resources, resource.get("RouteTableIds")) or ():
                held = self.fabric.tables.get(self.name(reference) or "")
                if held is not None and gateway is not None:
                    held.entries += transit.propagated(self.resources, gateway, resource)
                    held.complete = held.complete and not transit.learns(self.resources, gateway)

    def _local(self, vpc: str | None) -> list[Entry]:
        held = self.fabric.vpcs.get(vpc or "")
        return [Entry(s, "local", None) for s in held.spans] if held else []

    def _entries(self, route: Route, table: Resource) -> list[Entry]:
        """A route of a table as entries; none for the `local` ones that a live account tells, which every table has."""
        resource = route.resource
        if known(self.resources, resource.get("GatewayId")) == "local":
            return []
        service = route.prefix_list if resource.type == "AWS::EC2::VPCEndpoint" else None
        if service is not None and self._elsewhere(resource):
            return []
        via: Via = "blackhole" if resource.attributes.get("State") == "blackhole" else route.via  # type: ignore[assignment]
        there = route.sure and sure(self.resources, resource, table)
        if route.destination is not None:
            return [Entry(span(route.destination), via, route.target, resource, sure=there)]
        spans = self.fabric.prefix_lists.get(service or route.prefix_list or "")
        found = [Entry(s, via, route.target, resource, route.prefix_list, service, sure=there) for s in spans or ()]
        return found or [Entry(None, via, route.target, resource, route.prefix_list, service, sure=there)]

    def _elsewhere(self, endpoint: Resource) -> bool:
        """Whether an endpoint is of a service of another region: the names and addresses here are not its."""
        said, here = known(self.resources, endpoint.get("ServiceName")), endpoint.region or self.resources.region
        if self.resources.format in _TEMPLATES and not endpoint.has("ServiceRegion"):
            return False  # AWS makes none for another region; which one a template is for nobody has to say
        parts = said.split(".") if isinstance(said, str) else []
        return len(parts) > 3 and bool(_REGION.match(parts[2])) and here is not None and parts[2] != here

    # -- subnets

    def _acls(self) -> None:
        for resource in self.resources.of_type("AWS::EC2::NetworkAcl"):
            made = self.fabric.acls[resource.logical_id] = Acl(resource.logical_id, resource)
            if _TAKEN_OVER in (resource.address or ""):
                # the default ACL of a VPC, which every subnet has that names none; of which one is not always said
                vpc = self.name(resource.get("VpcId"))
                either = [vpc] if vpc is not None else list(self.fabric.vpcs)
                for id in either:
                    open_ = Acl(resource.logical_id, resource, complete=False)
                    self.fabric.acls[f"default:{id}"] = made if len(either) == 1 else open_
        for resource in self.resources.of_type("AWS::EC2::NetworkAclEntry"):
            acl = self._of_acl(resource.get("NetworkAclId"))
            if acl is None:
                continue
            entry = self._acl_entry(resource, acl)
            egress = known(self.resources, resource.get("Egress"))
            if entry is None or egress is UNKNOWN:
                acl.complete = False
            else:
                (acl.egress if egress in (True, "true") else acl.ingress).append(entry)
        for acl in self.fabric.acls.values():
            acl.ingress.sort(key=lambda e: e.number)
            acl.egress.sort(key=lambda e: e.number)

    def _of_acl(self, said: Any) -> Acl | None:
        """The ACL that an entry is of: the default one of a VPC begins with what AWS gives it."""
        default = default_of(self.resources, said, "DefaultNetworkAcl")
        if default is None:
            either = self.resources.targets(said) if self.name(said) is None else []
            for held in either:  # one of several, as a condition decides that is not known
                if held.logical_id in self.fabric.acls:
                    self.fabric.acls[held.logical_id].complete = False
            return self.fabric.acls.get(self.name(said) or "")
        if default not in self.fabric.acls:
            vpc = self.resources[default.removeprefix("default:")]
            everything = [AclEntry(_OWN, True, "all", (0, LAST_PORT), s, vpc) for s in (ALL_IPV4, ALL_IPV6)]
            self.fabric.acls[default] = Acl(default, vpc, [*everything], [*everything])
        return self.fabric.acls[default]

    def _acl_entry(self, resource: Resource, acl: Acl) -> AclEntry | None:
        def value(*path: str) -> Any:
            return known(self.resources, resource.get(*path))

        number, action = value("RuleNumber"), value("RuleAction")
        if number in (None, UNKNOWN) or action not in ("allow", "deny"):
            return None
        protocol = _PROTOCOLS.get(str(value("Protocol")), str(value("Protocol")))
        block = value("CidrBlock") or value("Ipv6CidrBlock")
        ports: tuple[int, int] | None = (0, LAST_PORT)
        if protocol in ("tcp", "udp") and resource.has("PortRange"):
            first, last = value("PortRange", "From"), value("PortRange", "To")
            ports = None if UNKNOWN in (first, last) or None in (first, last) else (int(first), int(last))
        if protocol in ("icmp", "icmpv6") and str(value("Icmp", "Type")) not in ("None", "-1"):
            ports = None  # one type of its messages, and an answer is of another
        where = parse(block) if isinstance(block, str) else None
        unknown = value("Protocol") is UNKNOWN
        return AclEntry(
            int(number), action == "allow", "unknown" if unknown else protocol, ports, where, resource,
            sure(self.resources, resource, acl.resource),
        )  # fmt: skip

    def _subnets(self) -> None:
        counts: dict[str | None, int] = {}
        for id, read in self.topology.subnets.items():
            spans = [span(read.cidr)] if read.cidr is not None else []
            six = self._ipv6(read.resource, read.vpc, counts)
            if six is not None:
                spans.append(six)
            table = self.fabric.tables.get(read.route_table.id) if read.route_table is not None else None
            if table is None:
                table = self._main(read.vpc, read.kind == "unknown" or "RouteTables" in self.fabric.absent)
            acl = self.fabric.acls.get(read.acl or "")
            if acl is None and read.acl is None and read.acl_known:
                acl = self.fabric.acls.get(f"default:{read.vpc}")
            if acl is None:
                default = read.acl is None and read.acl_known and "NetworkAcls" not in self.fabric.absent
                acl = Acl(read.acl or f"default:{read.vpc}", None, open=default, complete=default)
            self.fabric.subnets[id] = Subnet(id, read.resource, read.vpc, tuple(spans), read.zone, table, acl)

    def _ipv6(self, resource: Resource, vpc: str | None, counts: dict[str | None, int]) -> Span | None:
        """The IPv6 block of a subnet, or the one that stands for what AWS will assign."""
        said = resource.get("Ipv6CidrBlock")
        found = known(self.resources, said)
        if said is None or isinstance(found, str):
            return parse(found) if isinstance(found, str) else None
        whole = (
            next((s for s in self.fabric.vpcs[vpc].spans if s.version == 6), None) if vpc in self.fabric.vpcs else None
        )
        if whole is None:
            return None
        size = 1 << (128 - _DOCUMENTATION[2])
        first = whole.first + counts.get(vpc, 0) * size
        counts[vpc] = counts.get(vpc, 0) + 1
        return Span(6, first, first + size - 1)

    def _main(self, vpc: str | None, unclear: bool) -> Table:
        """The main table of a VPC: nobody's routes but the local ones, or a table that is not known."""
        id = f"{'unknown' if unclear else 'main'}:{vpc}"
        if id not in self.fabric.tables:
            held = self.fabric.vpcs.get(vpc or "")
            complete = not unclear and (held is None or held.complete)
            self.fabric.tables[id] = Table(id, None, self._local(vpc), complete=complete)
        return self.fabric.tables[id]

    # -- groups

    def _groups(self) -> None:
        self._default_groups()
        for resource in self.resources.of_type("AWS::EC2::SecurityGroup"):
            id = resource.logical_id
            rules = self.topology.rules.get(id, [])
            complete = all(
                items(self.resources, resource.get(key)) is not None
                for key in ("SecurityGroupIngress", "SecurityGroupEgress")
            )
            group = self.fabric.groups[id] = Group(
                id, resource, self.name(resource.get("VpcId")),
                [r for r in rules if r.direction == "ingress"], [r for r in rules if r.direction == "egress"], complete,
            )  # fmt: skip
            # CloudFormation leaves AWS's own rule, which lets everything out, where a template says none: an empty list
            # is none as well, where it is a template's and not an account's
            none = self.resources.format in _TEMPLATES and resource.get("SecurityGroupEgress") == []
            said = (resource.has("SecurityGroupEgress") and not none) or any(
                r.type == "AWS::EC2::SecurityGroupEgress" and self.name(r.get("GroupId")) == id
                for r in self.resources.users(resource, "AWS::EC2::SecurityGroupEgress")
            )
            group.egress_open = not said

    def _default_groups(self) -> None:
        """The default group of a VPC, with the rules that are added to it by its attribute."""
        for vpc in self.fabric.vpcs.values():
            rules = self.topology.rules.get(f"default:{vpc.id}", [])
            if rules:
                self.fabric.groups[f"default:{vpc.id}"] = Group(
                    f"default:{vpc.id}", None, vpc.id,
                    [r for r in rules if r.direction == "ingress"], [r for r in rules if r.direction == "egress"],
                    egress_open=True, self_open=True,
                )  # fmt: skip

    # -- ways to other networks and services

    def _endpoints(self) -> None:
        for resource in self.resources.of_type("AWS::EC2::VPCEndpoint"):
            kind = known(self.resources, resource.get("VpcEndpointType"))
            word: Any = {"Gateway": "gateway", "Interface": "interface", None: "gateway"}.get(kind, "unknown")
            private = self._private_names(resource)
            service = None if self._elsewhere(resource) else service_of(resource)
            self.fabric.endpoints[resource.logical_id] = Endpoint(
                resource.logical_id, resource, word, service, self.name(resource.get("VpcId")),
                private if private is False or sure(self.resources, resource, self._vpc_of(resource)) else None,
            )  # fmt: skip

    def _vpc_of(self, endpoint: Resource) -> Resource | None:
        vpc = self.fabric.vpcs.get(self.name(endpoint.get("VpcId")) or "")
        return vpc.resource if vpc is not None else None

    def _private_names(self, endpoint: Resource) -> Truth:
        """Whether the names of a service lead to its endpoint: that takes both DNS attributes of the VPC."""
        said = [known(self.resources, endpoint.get("PrivateDnsEnabled"))]
        vpc = self._vpc_of(endpoint)
        if vpc is not None:
            # what an account does not tell is on, as AWS has let the endpoint have its names
            whole = self.resources.format in _DECLARING and vpc.physical_id is None
            for key, default in (("EnableDnsSupport", True), ("EnableDnsHostnames", not whole)):
                held = known(self.resources, vpc.get(key, default=default))
                said.append(default if held is None else held)
        if any(s is not UNKNOWN and s not in (True, "true") for s in said):
            return False
        return None if UNKNOWN in said else True

    def _peerings(self) -> None:
        for resource in self.resources.of_type("AWS::EC2::VPCPeeringConnection"):
            ends = self.name(resource.get("VpcId")), self.name(resource.get("PeerVpcId"))
            state = resource.attributes.get("Status")
            self.fabric.peerings[resource.logical_id] = Peering(
                resource.logical_id, resource, ends, state in (None, "active"), self._regional(resource, ends)
            )

    def _regional(self, peering: Resource, ends: tuple[str | None, str | None]) -> bool:
        held = [self.fabric.vpcs[e].resource for e in ends if e in self.fabric.vpcs]
        regions = {r.region for r in held if r is not None and r.region is not None}
        said = known(self.resources, peering.get("PeerRegion"))
        if isinstance(said, str):
            regions.add(said)
            regions.add(peering.region or self.resources.region)
        return len(regions) < 2


def _together(one: Resource, other: Resource) -> bool:
    """Whether two resources are in one region of one account, as far as that is known."""
    pairs = (one.region, other.region), (one.account, other.account)
    return all(left == right or None in (left, right) for left, right in pairs)


_OWN = 32766
"""The last number that an entry of an ACL may have: AWS's own of a default ACL are asked after those of others."""
_TAKEN_OVER = "aws_default_network_acl."
"""What Terraform calls the default ACL of a VPC."""
_TEMPLATES = ("cloudformation",)
_DECLARING = (*_TEMPLATES, "terraform", "terraform-plan")
"""Formats in which what is not said is AWS's default."""
_GATEWAYS = (
    "AWS::EC2::InternetGateway", "AWS::EC2::EgressOnlyInternetGateway", "AWS::EC2::VPNGateway",
    "AWS::EC2::TransitGateway", "AWS::EC2::VPNConnection", "AWS::EC2::CarrierGateway",
    "AWS::EC2::NatGateway", "AWS::EC2::VPCEndpoint",
)  # fmt: skip
_LISTS = (
    "Vpcs", "Subnets", "RouteTables", "NetworkAcls", "InternetGateways", "TransitGatewayVpcAttachments",
    "TransitGatewayRouteTables", "VpnConnections", "VpnGateways", "SecurityGroups", "Listeners",
    "LoadBalancerListeners", "TargetHealthDescriptions", "LoadBalancerTargetHealth",
)  # fmt: skip
"""Lists of an account that a network is read from."""
_REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-\d$")
_PROTOCOLS = {"-1": "all", "6": "tcp", "17": "udp", "1": "icmp", "58": "icmpv6"}
