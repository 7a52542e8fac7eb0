"""The network as the resources say it: subnets with their routes, interfaces, and rules of groups, all typed.

Read from resources alone, so that a model, a template and a live account look the same. A part is named by its
logical id where it is among the resources, else by its physical id. What cannot be known before deployment is
None or `unknown`, and never taken for absent. Everything is computed once, on first use, in one pass.
"""

from __future__ import annotations

import functools
import ipaddress
from typing import Any
from weakref import WeakKeyDictionary

from archproof.resources import _interfaces
from archproof.resources.network_types import (
    LAST_PORT,
    Block,
    Interfaces,
    Route,
    RouteTable,
    Rule,
    Subnet,
    SubnetKind,
    Vpc,
)
from archproof.resources.resource import Path, Resource, Resources, referenced
from archproof.resources.values import UNKNOWN, items, known, name_of, sure

__all__ = ["Block", "Interfaces", "Route", "RouteTable", "Rule", "Subnet", "SubnetKind", "Topology", "Vpc", "topology"]


class Topology:
    """The typed network of a set of resources."""

    def __init__(self, resources: Resources) -> None:
        self.resources = resources

    @functools.cached_property
    def vpcs(self) -> dict[str, Vpc]:
        """Every VPC."""
        found = {}
        for resource in self.resources.of_type("AWS::EC2::VPC"):
            block = self._block(resource.get("CidrBlock"))
            found[resource.logical_id] = Vpc(resource.logical_id, resource, [block] if block else [], block is not None)
        for resource in self.resources.of_type("AWS::EC2::VPCCidrBlock"):
            vpc = found.get(self._name(resource.get("VpcId")) or "")
            if vpc is None:
                continue
            block = self._block(resource.get("CidrBlock") or resource.get("Ipv6CidrBlock"))
            assigned = known(self.resources, resource.get("AmazonProvidedIpv6CidrBlock")) in (True, "true")
            if block is not None:
                vpc.blocks.append(block)
            elif not assigned:
                vpc.complete = False
        return found

    @functools.cached_property
    def route_tables(self) -> dict[str, RouteTable]:
        """Every route table with its routes, those that gateway endpoints write included."""
        tables = {
            r.logical_id: RouteTable(r.logical_id, r, self._name(r.get("VpcId")))
            for r in self.resources.of_type("AWS::EC2::RouteTable")
        }
        for resource in self.resources.of_type("AWS::EC2::Route"):
            said = resource.get("RouteTableId")
            table = tables.get(self._name(said) or "")
            if table is not None:
                table.routes.append(self._route(resource))
            elif self._name(said) is None:
                for held in self.resources.targets(said):
                    if held.logical_id in tables:
                        tables[held.logical_id].routes.append(self._route(resource)._replace(sure=False))
        for resource in self.resources.of_type("AWS::EC2::VPCEndpoint"):
            for reference in items(self.resources, resource.get("RouteTableIds")) or ():
                table = tables.get(self._name(reference) or "")
                if table is not None:
                    service = service_of(resource)
                    table.routes.append(Route(resource, None, service, "vpc_endpoint", resource.logical_id))
        return tables

    @functools.cached_property
    def subnets(self) -> dict[str, Subnet]:
        """Every subnet."""
        tables, lost = self._associated("AWS::EC2::SubnetRouteTableAssociation", "RouteTableId")
        acls, strange = self._associated("AWS::EC2::SubnetNetworkAclAssociation", "NetworkAclId")
        found = {}
        for resource in self.resources.of_type("AWS::EC2::Subnet"):
            id = resource.logical_id
            table = self.route_tables.get(tables.get(id) or "")
            # an association that names an unknown subnet may be this one's; a table from outside is unknown too
            unclear = (id in tables and table is None) or (id not in tables and lost)
            block = self._block(resource.get("CidrBlock"))
            found[id] = Subnet(
                id,
                resource,
                self._name(resource.get("VpcId")),
                block if isinstance(block, ipaddress.IPv4Network) else None,
                self._zone(resource),
                table,
                "unknown" if unclear else _kind(table),
                acls.get(id),
                known(self.resources, resource.get("MapPublicIpOnLaunch")) in (True, "true"),
                acls.get(id) is not None if id in acls else not strange,
            )
        return found

    @functools.cached_property
    def interfaces(self) -> dict[str, Interfaces]:
        """Every resource that has interfaces in subnets, by its logical id."""
        found = {}
        for type in self.resources.by_type:
            shape = _interfaces.SHAPES.get(type)
            for resource in self.resources.of_type(type) if shape else ():
                entry = self._interfaces_of(resource, shape) if shape else None
                if entry is not None:
                    found[resource.logical_id] = entry
        return found

    @functools.cached_property
    def rules(self) -> dict[str, list[Rule]]:
        """The rules of every security group, by its id: those in the group, then those of their own."""
        rules: dict[str, list[Rule]] = {}
        for resource in self.resources.of_type("AWS::EC2::SecurityGroup"):
            held = rules.setdefault(resource.logical_id, [])
            for direction in ("ingress", "egress"):
                key = f"SecurityGroup{direction.capitalize()}"
                for position, _ in enumerate(items(self.resources, resource.get(key)) or ()):
                    held.append(self._rule(resource, resource.logical_id, direction, (key, position)))
        for direction in ("ingress", "egress"):
            for resource in self.resources.of_type(f"AWS::EC2::SecurityGroup{direction.capitalize()}"):
                for group, one in self._ruled(resource):
                    rule = self._rule(resource, group, direction, ())
                    holder = self.resources.all.get(group)
                    if not (one and sure(self.resources, resource, holder)):
                        rule = rule._replace(sure=False)
                    rules.setdefault(group, []).append(rule)
        return rules

    def _ruled(self, resource: Resource) -> list[tuple[str, bool]]:
        """The groups that a rule of its own may be of, and whether it is for sure."""
        said = resource.get("GroupId")
        group = self._name(said)
        if group is not None:
            return [(default_of(self.resources, said, "DefaultSecurityGroup") or group, True)]
        return [(r.logical_id, False) for r in self.resources.targets(said) if r.type == "AWS::EC2::SecurityGroup"]

    @functools.cached_property
    def members(self) -> dict[str, list[Interfaces]]:
        """The interfaces that have a security group, by the group."""
        members: dict[str, list[Interfaces]] = {}
        for entry in self.interfaces.values():
            for group in entry.groups:
                members.setdefault(group, []).append(entry)
        return members

    @functools.cached_property
    def endpoints(self) -> dict[str, dict[str, list[Resource]]]:
        """The VPC endpoints by VPC and by the service's endpoint name (`s3`, `ecr.api`)."""
        found: dict[str, dict[str, list[Resource]]] = {}
        for resource in self.resources.of_type("AWS::EC2::VPCEndpoint"):
            vpc, service = self._name(resource.get("VpcId")), service_of(resource)
            if vpc and service:
                found.setdefault(vpc, {}).setdefault(service, []).append(resource)
        return found

    def kind_of(self, subnet: str) -> SubnetKind:
        """The kind of a subnet; `unknown` for one that is not among the resources."""
        found = self.subnets.get(subnet)
        return found.kind if found else "unknown"

    # -- reading one value

    def _name(self, value: Any) -> str | None:
        return name_of(self.resources, value)

    def _block(self, value: Any) -> Block | None:
        found = known(self.resources, value)
        try:
            return ipaddress.ip_network(found) if isinstance(found, str) else None
        except ValueError:
            return None

    def _zone(self, resource: Resource) -> str | None:
        for key in ("AvailabilityZone", "AvailabilityZoneId"):
            found = known(self.resources, resource.get(key))
            if isinstance(found, str):
                return found
        return None

    def _associated(self, type: str, key: str) -> tuple[dict[str, str | None], bool]:
        """What each subnet is associated with, and whether an association names a subnet that is unknown."""
        found: dict[str, str | None] = {}
        lost = False
        for resource in self.resources.of_type(type):
            subnet = self._name(resource.get("SubnetId"))
            if subnet is None:
                lost = True
            else:
                held = sure(self.resources, resource, self.resources.all.get(subnet))
                found[subnet] = self._name(resource.get(key)) if held else None
        return found, lost

    def _route(self, resource: Resource) -> Route:
        destination = self._block(resource.get("DestinationCidrBlock") or resource.get("DestinationIpv6CidrBlock"))
        prefix_list = self._name(resource.get("DestinationPrefixListId"))
        for key, via in _TARGETS.items():
            if resource.has(key):
                target = self._name(resource.get(key))
                if key == "GatewayId":
                    via = self._gateway(target)
                return Route(resource, destination, prefix_list, via, target)
        return Route(resource, destination, prefix_list, "unknown", None)

    def _gateway(self, target: str | None) -> str:
        """What a `GatewayId` is: an internet gateway, or one of the others that share the property."""
        if target is None:
            return "unknown"
        kind = self.resources[target].type if target in self.resources else target.partition("-")[0]
        return _GATEWAYS.get(kind, "other")

    def _interfaces_of(self, resource: Resource, shape: _interfaces.Shape) -> Interfaces | None:
        subnets, subnet_path, sure = self._ids(resource, shape.subnets)
        for reference, path in shape.via:
            if not resource.has(*reference):
                continue
            subnet_path = reference
            holder = self.resources.target(resource.get(*reference))
            if holder is None:
                sure = False
                continue
            found, _, all_known = self._ids(holder, (path,))
            subnets += found
            sure = sure and all_known
        groups, group_path, sure_groups = self._ids(resource, shape.groups)
        if not (subnet_path or group_path):
            return None
        return Interfaces(resource, subnets, groups, sure and sure_groups, subnet_path, group_path)

    def _ids(self, resource: Resource, paths: tuple[Path, ...]) -> tuple[list[str], Path, bool]:
        """The ids at the first of `paths` that is there; where; and whether all are known."""
        found: list[str] = []
        where: Path = ()
        sure = True
        for path in paths:
            for at in _expand(resource, path):
                where = where or at
                entries = items(self.resources, resource.get(*at))
                names = [self._group(entry) for entry in entries or ()]
                found += [name for name in names if name]
                sure = sure and entries is not None and None not in names
        return list(dict.fromkeys(found)), where, sure

    def _rule(self, resource: Resource, group: str, direction: Any, path: Path) -> Rule:
        def value(key: str) -> Any:
            return known(self.resources, resource.get(*path, key))

        protocol = _protocol(value("IpProtocol"))
        side = "Source" if direction == "ingress" else "Destination"
        block = self._block(resource.get(*path, "CidrIp")) or self._block(resource.get(*path, "CidrIpv6"))
        peer = self._group(resource.get(*path, f"{side}SecurityGroupId"))
        peer = peer or self._called(resource.get(*path, f"{side}SecurityGroupName"))
        prefix = self._prefix(resource.get(*path, f"{side}PrefixListId"))
        description = value("Description")
        return Rule(
            group, direction, protocol, _ports(protocol, value("FromPort"), value("ToPort")), block, peer, prefix,
            block is None and peer is None and prefix is None,
            description if isinstance(description, str) else "", resource, path,
        )  # fmt: skip

    def _group(self, value: Any) -> str | None:
        """What `value` names: of a VPC's attribute, the default group that AWS makes for it."""
        return default_of(self.resources, value, "DefaultSecurityGroup") or self._name(value)

    def _called(self, value: Any) -> str | None:
        """A group by its name, as rules of a default VPC say it; None for one that is not among the resources."""
        name = known(self.resources, value)
        if not isinstance(name, str):
            return self._name(value)
        groups = self.resources.of_type("AWS::EC2::SecurityGroup")
        held = [g.logical_id for g in groups if known(self.resources, g.get("GroupName")) == name]
        return held[0] if len(held) == 1 else None

    def _prefix(self, value: Any) -> str | None:
        """A prefix list by its id, or by the parameter that will hold it."""
        if value is None:
            return None
        name = self._name(value)
        return name or (value["Ref"] if isinstance(value, dict) and isinstance(value.get("Ref"), str) else None)


_TARGETS = {
    "GatewayId": "internet_gateway",
    "NatGatewayId": "nat_gateway",
    "EgressOnlyInternetGatewayId": "egress_only_gateway",
    "VpcPeeringConnectionId": "peering",
    "TransitGatewayId": "transit_gateway",
    "VpcEndpointId": "vpc_endpoint",
    "NetworkInterfaceId": "interface",
    "InstanceId": "instance",
    "CarrierGatewayId": "other",
    "LocalGatewayId": "other",
    "CoreNetworkArn": "other",
}
_GATEWAYS = {
    "AWS::EC2::InternetGateway": "internet_gateway",
    "AWS::EC2::VPNGateway": "vpn_gateway",
    "AWS::EC2::VPCEndpoint": "vpc_endpoint",
    "igw": "internet_gateway",
    "vgw": "vpn_gateway",
    "vpce": "vpc_endpoint",
}
_PROTOCOLS = {"-1": "all", "6": "tcp", "17": "udp", "1": "icmp", "58": "icmpv6"}


def _kind(table: RouteTable | None) -> SubnetKind:
    """What a subnet is by its table: the main table, of which no resource speaks, has no way out."""
    if table is None:
        return "isolated"
    defaults = [route.via for route in table.routes if route.default]
    if "internet_gateway" in defaults:
        return "public"
    if defaults:
        return "unknown" if set(defaults) == {"unknown"} else "private"
    unclear = any(r.destination is None and r.prefix_list is None for r in table.routes)
    return "unknown" if unclear else "isolated"


_ECHO = ("-1", "8", "128")
"""The types of ICMP that let a ping pass: all of them, and the echo request of IPv4 and IPv6."""


def _protocol(value: Any) -> str:
    if value is UNKNOWN or value is None:
        return "unknown"
    return _PROTOCOLS.get(str(value).lower(), str(value).lower())


def _ports(protocol: str, first: Any, last: Any) -> tuple[int, int] | None:
    """The ports of a rule; a protocol without ports, and -1, mean all of them."""
    if protocol in ("icmp", "icmpv6") and first not in (None, UNKNOWN) and str(first) not in _ECHO:
        return None  # one type of its messages: not what a ping needs
    if protocol not in ("tcp", "udp"):
        return None if protocol == "unknown" else (0, LAST_PORT)
    if UNKNOWN in (first, last):
        return None
    try:
        begin, end = int(first), int(last if last is not None else first)
    except (TypeError, ValueError):
        return None
    return (0, LAST_PORT) if begin == -1 else (begin, end)


def _expand(resource: Resource, path: Path) -> list[Path]:
    """The paths that `path` means in this resource, with every `*` replaced by positions; those that exist."""
    if "*" not in path:
        return [path] if resource.has(*path) else []
    at = path.index("*")
    held = resource.get(*path[:at])
    count = len(held) if isinstance(held, list) else 0
    return [p for i in range(count) for p in _expand(resource, (*path[:at], i, *path[at + 1 :]))]


def service_of(endpoint: Resource) -> str | None:
    """The endpoint name of the service behind a VPC endpoint: `s3`, `ecr.api`; None where it is not AWS's."""
    name = endpoint.get("ServiceName")
    if isinstance(name, dict):
        parts = name.get("Fn::Sub") or name.get("Fn::Join")
        if isinstance(parts, list) and len(parts) == 2 and isinstance(parts[1], list):
            parts = str(parts[0]).join(p if isinstance(p, str) else "region" for p in parts[1])
        name = parts[0] if isinstance(parts, list) and parts else parts
    if not isinstance(name, str) or not name.startswith("com.amazonaws."):
        return None
    # com.amazonaws.<region>.<service>; a pseudo parameter stands where the region does
    service = name.replace("${AWS::Region}", "region").split(".", 3)
    return service[3] if len(service) == 4 and service[2] != "vpce" else None


def default_of(resources: Resources, value: Any, attribute: str) -> str | None:
    """The id of the default group or ACL that AWS makes for a VPC, where `value` names it by `attribute`."""
    if not isinstance(value, dict) or "Fn::GetAtt" not in value:
        return None
    named = [(id, said) for id, said in referenced(value) if id in resources and resources[id].type == "AWS::EC2::VPC"]
    return next((f"default:{id}" for id, said in named if said == attribute), None)


_CACHE: WeakKeyDictionary[Resources, tuple[int, Topology]] = WeakKeyDictionary()


def topology(resources: Resources) -> Topology:
    """The topology of `resources`, computed once; again only where resources were added since."""
    held = _CACHE.get(resources)
    if held is None or held[0] != len(resources):
        held = _CACHE[resources] = (len(resources), Topology(resources))
    return held[1]
