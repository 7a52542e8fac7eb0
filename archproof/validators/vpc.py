"""Subnets, routes and security groups as rules need them: which subnet is public, what a group lets in."""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from archproof.resources.resource import Resource, is_symbolic
from archproof.validators.context import Context
from archproof.validators.policies import as_list

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_DEFAULTS = ("0.0.0.0/0", "::/0")
ALL = (0, 65535)


@dataclass(slots=True)
class Subnet:
    """A subnet with its way out. `public` and `nat` are None where no route table of the model says."""

    resource: Resource
    vpc: Resource | None
    zone: str
    table: Resource | None
    routes: list[Resource] = field(default_factory=list)
    public: bool | None = None
    """A default route to an internet gateway."""
    nat: bool | None = None
    """A default route to a NAT gateway, an instance, or another network's way out."""


def network(value: Any) -> Network | None:
    """A CIDR block, or None for what is none (or not known)."""
    if not isinstance(value, str):
        return None
    try:
        return ipaddress.ip_network(value, strict=False)
    except ValueError:
        return None


def subnets(ctx: Context) -> dict[str, Subnet]:
    """Every subnet of the model by logical id."""
    return ctx.cached("subnets", lambda: {r.logical_id: _subnet(ctx, r) for r in ctx.resources.of_type("AWS::EC2::Subnet")})


def _subnet(ctx: Context, resource: Resource) -> Subnet:
    vpc = ctx.resources.target(resource.get("VpcId"))
    zone = resource.get("AvailabilityZone", default=resource.get("AvailabilityZoneId"))
    found = Subnet(resource, vpc, "" if zone is None else json.dumps(zone, sort_keys=True, default=str), None)
    for association in ctx.resources.users(resource, "AWS::EC2::SubnetRouteTableAssociation"):
        found.table = ctx.resources.target(association.get("RouteTableId"))
    if found.table is None:
        return found
    found.routes = ctx.resources.users(found.table, "AWS::EC2::Route")
    found.public, found.nat = False, False
    for route in found.routes:
        if route.get("DestinationCidrBlock", default=route.get("DestinationIpv6CidrBlock")) not in _DEFAULTS:
            continue
        gateway = route.get("GatewayId")
        target = ctx.resources.target(gateway)
        if (target is not None and target.type == "AWS::EC2::InternetGateway") or str(gateway).startswith("igw-"):
            found.public = True
        else:
            found.nat = True
    return found


def subnets_at(ctx: Context, resource: Resource, *path: str) -> list[Subnet]:
    """The subnets of the model that the property at `path` names."""
    known = subnets(ctx)
    return [known[r.logical_id] for r in ctx.resources.targets(resource.get(*path)) if r.logical_id in known]


def zones(found: list[Subnet]) -> list[str]:
    """The zones of subnets, each once; empty where one is not known."""
    names = list(dict.fromkeys(s.zone for s in found))
    return [] if "" in names else names


@dataclass(slots=True)
class GroupRule:
    """One rule of a security group, with the resource and the property that say it."""

    holder: Resource
    path: tuple[str | int, ...]
    group: Resource
    first: int
    last: int
    """Ports; 0 to 65535 for all."""
    protocol: str
    """`tcp`, `udp`, `icmp`, `-1` for all."""
    cidr: Network | None
    peer: Resource | None
    """The group on the other side."""

    @property
    def world(self) -> bool:
        """Whether the other side is everyone."""
        return self.cidr is not None and self.cidr.prefixlen == 0

    def covers(self, port: int, protocol: str = "tcp") -> bool:
        """Whether it lets `port` through."""
        return self.protocol in (protocol, "-1") and self.first <= port <= self.last


_NUMBERS = {"6": "tcp", "17": "udp", "1": "icmp", "58": "icmpv6", "all": "-1"}


def ingress(ctx: Context, group: Resource) -> list[GroupRule]:
    """What a group lets in: its own list, then the rules that stand alone."""

    def gather() -> list[GroupRule]:
        found: list[GroupRule] = []
        for position, entry in enumerate(as_list(group.get("SecurityGroupIngress"))):
            if isinstance(entry, dict) and not is_symbolic(entry):
                found += _rules(ctx, group, group, entry, ("SecurityGroupIngress", position))
        for alone in ctx.resources.users(group, "AWS::EC2::SecurityGroupIngress"):
            if ctx.resources.target(alone.get("GroupId")) is group:
                found += _rules(ctx, alone, group, alone.properties, ())
        return found

    return ctx.cached(("ingress", group.logical_id), gather)


def _rules(
    ctx: Context, holder: Resource, group: Resource, entry: dict[str, Any], path: tuple[str | int, ...]
) -> Iterator[GroupRule]:
    protocol = str(entry.get("IpProtocol", "-1")).lower()
    protocol = _NUMBERS.get(protocol, protocol)
    first, last = _port(entry.get("FromPort")), _port(entry.get("ToPort"))
    if protocol not in ("tcp", "udp") or first in (None, -1):
        first, last = ALL
    peer = ctx.resources.target(entry.get("SourceSecurityGroupId"))
    for key in ("CidrIp", "CidrIpv6"):
        if key in entry:
            block = network(entry[key])
            if block is None:
                ctx.undecided(holder, *path, key)
                continue
            yield GroupRule(holder, (*path, key), group, first or 0, ALL[1] if last is None else last, protocol, block, None)
    if "SourceSecurityGroupId" in entry:
        yield GroupRule(
            holder, (*path, "SourceSecurityGroupId"), group, first or 0, ALL[1] if last is None else last, protocol, None, peer
        )


def _port(value: Any) -> int | None:
    try:
        return int(value)
    except (TypeError, ValueError):
        return None


def groups_at(ctx: Context, resource: Resource, *path: str) -> list[Resource]:
    """The security groups of the model that the property at `path` names."""
    return [r for r in ctx.resources.targets(resource.get(*path)) if r.type == "AWS::EC2::SecurityGroup"]


def endpoints(ctx: Context, vpc: Resource | None) -> dict[str, Resource]:
    """The endpoints of a VPC by the suffix of their service (`s3`, `ecr.api`)."""
    found: dict[str, Resource] = {}
    for endpoint in ctx.resources.of_type("AWS::EC2::VPCEndpoint"):
        if vpc is None or ctx.resources.target(endpoint.get("VpcId")) is not vpc:
            continue
        name = endpoint.get("ServiceName")
        text = name.get("Fn::Sub") if isinstance(name, dict) else name
        if isinstance(text, list):
            text = text[0]
        if isinstance(text, str):
            found[_suffix(text)] = endpoint
        elif isinstance(name, dict) and isinstance(name.get("Fn::Join"), list):
            found[_suffix("".join(p if isinstance(p, str) else "x" for p in name["Fn::Join"][1]))] = endpoint
    return found


def _suffix(name: str) -> str:
    """`com.amazonaws.eu-west-1.ecr.api` as `ecr.api`; `${AWS::Region}` counts as one part."""
    parts = name.replace("${AWS::Region}", "region").split(".")
    return ".".join(parts[3:]) if len(parts) > 3 else name
