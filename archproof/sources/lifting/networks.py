"""VPCs by tiers: subnets by their way out and zone, tables, gateways and security groups become `network`."""

from __future__ import annotations

from typing import Any

from archproof.model import endpoint_names
from archproof.model.document import KeyPath
from archproof.model.network import SINGLE
from archproof.resources.lowering._context import logical_id as lowered
from archproof.resources.resource import Resource
from archproof.sources.lifting import _group_words
from archproof.sources.lifting._services import endpoint_of
from archproof.sources.lifting._tiers import Tier, tiers
from archproof.sources.lifting._vpc_parts import VpcParts, gather, known_block, refers_to, whole
from archproof.sources.lifting.drafts import Lifting

SUBJECT = "networks"
ORDER = 5

_SECTION = "network"


def prepare(lifting: Lifting) -> None:
    """Take every VPC that can be said by tiers into the section."""
    resources = lifting.resources
    taken = {d.name for d in lifting.drafts.values()} | lifting.reserved
    found: list[tuple[VpcParts, list[Tier], str]] = []
    vpcs = list(resources.of_type("AWS::EC2::VPC"))
    for vpc in vpcs:
        name = SINGLE if len(vpcs) == 1 else lifting.drafts[vpc.logical_id].name
        parts = gather(resources, vpc)
        held = _held(parts, taken, "" if len(vpcs) == 1 else f"{name}_")
        if held is not None:
            found.append((parts, held, name))
            taken |= {tier.name for tier in held}
    if not found:
        return
    single = len(vpcs) == 1
    network: dict[str, Any] = {}
    for parts, held, name in found:
        own = _Vpc(lifting, parts, held, name, (_SECTION,) if single else (_SECTION, "vpcs", name))
        value = own.written()
        if single:
            network = value
        else:
            network.setdefault("vpcs", {})[name] = value
    lifting.sections[_SECTION] = network
    _group_words.absorb(lifting)


def lift(lifting: Lifting) -> None:
    """All is done in `prepare`, before the other resources are looked at."""


def _held(parts: VpcParts, taken: set[str], prefix: str) -> list[Tier] | None:
    """The tiers of a VPC; None where it has none, or something of it fits no tier."""
    if not parts.subnets or not known_block(parts.resource.get("CidrBlock")):
        return None
    if not all(known_block(s.cidr) for s in parts.subnets):
        return None
    held = tiers(parts, taken, prefix)
    if held is None:
        return None
    public = next((t for t in held if t.egress == "internet_gateway"), None)
    places = [s.resource for s in public.subnets] if public else []
    spots = [next((i for i, s in enumerate(places) if refers_to(n.get("SubnetId"), s)), None) for n in parts.nats]
    if None in spots or len(set(spots)) < len(spots):
        if any(t.egress == "nat" for t in held):
            return None
        parts.nats = []  # they stand where no route leads to them: components of their own
    return held


class _Vpc:
    """One VPC on its way into the section."""

    def __init__(self, lifting: Lifting, parts: VpcParts, held: list[Tier], name: str, base: KeyPath) -> None:
        self.lifting = lifting
        self.parts = parts
        self.tiers = held
        self.name = name
        self.base = base
        self.prefix = "" if name == SINGLE else lowered(name)
        self.vpc: dict[str, Any] = {}

    def written(self) -> dict[str, Any]:
        """The VPC as the section holds it; its resources are absorbed."""
        self._vpc()
        subnets = {tier.name: self._tier(tier) for tier in self.tiers}
        self._nats()
        for resource in self.parts.others:
            self._beside(self.vpc, self.prefix, resource, (*self.base, "vpc"))
        value: dict[str, Any] = {"vpc": self.vpc, "subnets": subnets}
        if endpoints := self._endpoints():
            value["endpoints"] = endpoints
        return value

    def _take(self, resource: Resource | None, made: str, path: KeyPath) -> None:
        if resource is not None and self.lifting.absorb(_SECTION, resource, path):
            self.lifting.call(made, resource.logical_id)

    def _vpc(self) -> None:
        vpc, path = self.parts.resource, (*self.base, "vpc")
        self.vpc["cidr"] = vpc.get("CidrBlock")
        for key, property in (("dns_hostnames", "EnableDnsHostnames"), ("dns_support", "EnableDnsSupport")):
            value = vpc.get(property)
            if value in (True, False, "true", "false"):
                self.vpc[key] = value in (True, "true")
        self._take(vpc, f"{self.prefix}Vpc", path)
        self.lifting.stand_in(vpc, self.name, "vpc")
        if any(t.egress == "internet_gateway" for t in self.tiers):
            self._take(self.parts.gateway, f"{self.prefix}InternetGateway", path)
            self._take(self.parts.attachment, f"{self.prefix}InternetGatewayAttachment", path)
        elif self.parts.attachment is not None:
            self.parts.others.append(self.parts.attachment)

    def _prefix(self, name: str) -> str:
        return lowered(name) if f"{name}_".startswith(f"{self.name}_") else self.prefix + lowered(name)

    def _tier(self, tier: Tier) -> dict[str, Any]:
        path, prefix = (*self.base, "subnets", tier.name), self._prefix(tier.name)
        zones = [s.zone for s in tier.subnets]
        blocks = [s.cidr for s in tier.subnets]
        named = all(zones) and len(set(zones)) == len(zones)
        value: dict[str, Any] = {"cidr": dict(zip(map(str, zones), blocks, strict=True)) if named else blocks}
        if tier.egress != "none":
            value["egress"] = tier.egress
        if all(s.resource.get("MapPublicIpOnLaunch") in (True, "true") for s in tier.subnets):
            value["public_ips"] = True
        elif all(s.resource.get("MapPublicIpOnLaunch") in (False, "false") for s in tier.subnets):
            value["public_ips"] = False
        if tier.route_tables:
            value["route_tables"] = tier.route_tables
        for zone, subnet in enumerate(tier.subnets):
            self._take(subnet.resource, f"{prefix}Subnet{_letter(zone)}", path)
            self._take(subnet.association, f"{prefix}Subnet{_letter(zone)}RouteTable", path)
            self.lifting.stand_in(subnet.resource, tier.name, "subnet")
        self.lifting.tiers[tier.name] = [s.resource.logical_id for s in tier.subnets]
        several = (tier.route_tables or self._usual(tier)) == "per_az"
        for zone, table in enumerate(tier.tables):
            held = self.parts.tables[table.logical_id]
            suffix = _letter(zone) if several else ""
            self._take(table, f"{prefix}RouteTable{suffix}", path)
            self._take(held.default, f"{prefix}DefaultRoute{suffix}", path)
            for route in held.others:
                self._beside(value, prefix, route, path)
        return value

    def _usual(self, tier: Tier) -> str:
        return "per_az" if tier.egress == "nat" and len(self.parts.nats) > 1 else "one"

    def _nats(self) -> None:
        """The NAT gateways with their addresses, one or one in each zone of the first public tier."""
        nats, path = self.parts.nats, (*self.base, "vpc")
        if not nats:
            return
        self.vpc["nat"] = "single" if len(nats) == 1 else "per_az"
        places = next(t for t in self.tiers if t.egress == "internet_gateway").subnets
        for nat in nats:
            zone = next(i for i, s in enumerate(places) if refers_to(nat.get("SubnetId"), s.resource))
            suffix = _letter(zone) if len(nats) > 1 else ""
            self._take(nat, f"{self.prefix}NatGateway{suffix}", path)
            address = whole(self.lifting.resources, nat.get("AllocationId"), "AWS::EC2::EIP")
            self._take(address, f"{self.prefix}NatAddress{suffix}", path)

    def _endpoints(self) -> list[dict[str, Any]]:
        """The gateway endpoints; those with interfaces are components, because they stand somewhere."""
        found: list[dict[str, Any]] = []
        resources = self.lifting.resources
        for resource in resources.users(self.parts.resource, "AWS::EC2::VPCEndpoint"):
            service = endpoint_of(resource.get("ServiceName"))
            gateway = resource.get("VpcEndpointType") in (None, "Gateway")
            known = service in endpoint_names.gateways() and service not in [e["service"] for e in found]
            if not gateway or service is None or not known or not refers_to(resource.get("VpcId"), self.parts.resource):
                continue
            value: dict[str, Any] = {"service": service}
            if resource.get("VpcEndpointType"):
                value["type"] = "gateway"
            if isinstance(resource.get("PolicyDocument"), dict):
                value["policy"] = resource.get("PolicyDocument")
            made = f"{self.prefix}{lowered(service)}Endpoint"
            self._take(resource, made, (*self.base, "endpoints", len(found)))
            found.append(value)
        return found

    def _beside(self, value: dict[str, Any], prefix: str, resource: Resource, path: KeyPath) -> None:
        """A resource that the section has no word for, under its type."""
        if self.lifting.drafts.get(resource.logical_id) is None:
            return
        rest = resource.logical_id.removeprefix(prefix)
        if not rest or (prefix and rest == resource.logical_id):
            value, prefix, path, rest = self.vpc, self.prefix, (*self.base, "vpc"), resource.logical_id
        laid: dict[str, Any] = {"type": resource.type, **resource.properties}
        if resource.attributes:
            laid["attributes"] = dict(resource.attributes)
        value.setdefault("resources", {})[rest] = laid
        self._take(resource, prefix + rest, path)


def _letter(zone: int) -> str:
    return "ABCDEF"[zone]
