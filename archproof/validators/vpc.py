"""Subnets, routes and security groups in the words of the rules; the topology itself is of the resources."""

from __future__ import annotations

import ipaddress
from dataclasses import field

from archproof.fields import Fields
from archproof.resources.network_types import LAST_PORT
from archproof.resources.resource import Path, Resource
from archproof.resources.topology import Block, Route, Topology, topology
from archproof.resources.topology import Rule as TopologyRule
from archproof.resources.topology import Subnet as TopologySubnet
from archproof.validators.context import Context

ALL = (0, LAST_PORT)
_WORLD_BITS = 8
"""A block of a shorter prefix than this is no network of anyone's: it is the internet, or half of it."""
_LOCAL_IPV6 = ipaddress.ip_network("fc00::/7")


class Subnet(Fields):
    """A subnet with its way out. `public` and `nat` are None where that is not known."""

    resource: Resource
    vpc: Resource | None
    zone: str | None
    table: Resource | None
    cidr: Block | None
    routes: list[Route] = field(default_factory=list)
    public: bool | None = None
    """A default route to an internet gateway."""
    nat: bool | None = None
    """A default route to something else: a NAT gateway, a transit gateway."""


def _network(ctx: Context) -> Topology:
    return topology(ctx.resources)


def subnets(ctx: Context) -> dict[str, Subnet]:
    """Every subnet of the model by logical id."""
    return ctx.cached("subnets", lambda: {id: _subnet(ctx, s) for id, s in _network(ctx).subnets.items()})


def _subnet(ctx: Context, held: TopologySubnet) -> Subnet:
    table, sure = held.route_table, held.kind != "unknown"
    return Subnet(
        held.resource,
        ctx.resources.all.get(held.vpc or ""),
        held.zone,
        table.resource if table else None,
        held.cidr,
        table.routes if table else [],
        held.kind == "public" if sure else None,
        held.kind == "private" if sure else None,
    )


def subnets_at(ctx: Context, resource: Resource, *path: str) -> list[Subnet]:
    """The subnets of the model that the property at `path` names."""
    known = subnets(ctx)
    return [known[r.logical_id] for r in ctx.resources.targets(resource.get(*path)) if r.logical_id in known]


def zones(found: list[Subnet]) -> list[str]:
    """The zones of subnets, each once; empty where one is not known."""
    names = list(dict.fromkeys(s.zone for s in found))
    return [] if None in names else [name for name in names if name]


def blocks(ctx: Context, vpc: Resource) -> tuple[list[Block], bool]:
    """The address blocks of a VPC, and whether they are all known."""
    held = _network(ctx).vpcs.get(vpc.logical_id)
    return (held.blocks, held.complete) if held else ([], False)


class GroupRule(Fields):
    """One rule of a security group, with the resource and the property that say it."""

    holder: Resource
    path: Path
    group: Resource
    first: int
    last: int
    """Ports; 0 to 65535 for all."""
    protocol: str
    """`tcp`, `udp`, `icmp`, …, `all`."""
    cidr: Block | None
    peer: str | None
    """The group on the other side."""

    @property
    def world(self) -> bool:
        """Whether the other side is everyone, or so large a part of the internet that it makes no difference."""
        return self.cidr is not None and worldwide(self.cidr)

    def covers(self, port: int, protocol: str = "tcp") -> bool:
        """Whether it lets `port` through."""
        return self.protocol in (protocol, "all") and self.first <= port <= self.last


def ingress(ctx: Context, group: Resource) -> list[GroupRule]:
    """What a group lets in; what cannot be known is noted as unknown."""

    def gather() -> list[GroupRule]:
        held = _network(ctx).rules.get(group.logical_id, [])
        return [_rule(group, r) for r in held if r.direction == "ingress" and _sure(ctx, r)]

    return ctx.cached(("ingress", group.logical_id), gather)


def _sure(ctx: Context, rule: TopologyRule) -> bool:
    if rule.unknown or rule.ports is None or rule.protocol == "unknown":
        ctx.undecided(rule.resource, *rule.path)
        return False
    return True


def _rule(group: Resource, rule: TopologyRule) -> GroupRule:
    first, last = rule.ports or ALL
    key = "SourceSecurityGroupId"
    if rule.cidr is not None:
        key = "CidrIp" if rule.cidr.version == 4 else "CidrIpv6"
    path = (*rule.path, key) if rule.resource.has(*rule.path, key) else rule.path
    return GroupRule(rule.resource, path, group, first, last, rule.protocol, rule.cidr, rule.peer_group)


def worldwide(block: Block) -> bool:
    """Whether a block is the internet, or a part of it wider than any network (0.0.0.0/1)."""
    return block.prefixlen < _WORLD_BITS and block != _LOCAL_IPV6


def admits(ctx: Context, groups: list[Resource], port: int) -> bool | None:
    """Whether one of the groups lets somebody in at a port of TCP; None where that is not known."""
    if any(rule.covers(port) for group in groups for rule in ingress(ctx, group)):
        return True
    held = [rule for group in groups for rule in _network(ctx).rules.get(group.logical_id, [])]
    return None if any(rule.ports is None or rule.protocol == "unknown" for rule in held) else False


def groups_at(ctx: Context, resource: Resource, *path: str) -> list[Resource]:
    """The security groups of the model that the property at `path` names."""
    return [r for r in ctx.resources.targets(resource.get(*path)) if r.type == "AWS::EC2::SecurityGroup"]


def endpoints(ctx: Context, vpc: Resource | None) -> dict[str, list[Resource]]:
    """The endpoints of a VPC by the suffix of their service (`s3`, `ecr.api`)."""
    return _network(ctx).endpoints.get(vpc.logical_id, {}) if vpc is not None else {}


def overlap(first: Block | None, second: Block | None) -> bool:
    """Whether two blocks share an address; those that are not known do not."""
    return first is not None and second is not None and first.version == second.version and first.overlaps(second)


def inside(inner: Block, outer: Block) -> bool:
    """Whether a block lies within another one."""
    if isinstance(inner, ipaddress.IPv4Network) and isinstance(outer, ipaddress.IPv4Network):
        return inner.subnet_of(outer)
    if isinstance(inner, ipaddress.IPv6Network) and isinstance(outer, ipaddress.IPv6Network):
        return inner.subnet_of(outer)
    return False
