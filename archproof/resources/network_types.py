"""The parts of a network as the topology reads them: routes, tables, VPCs, subnets, rules, interfaces."""

from __future__ import annotations

import ipaddress
from dataclasses import field
from typing import Literal, NamedTuple

from archproof.errors import Location
from archproof.fields import Fields
from archproof.resources.resource import Path, Resource

Block = ipaddress.IPv4Network | ipaddress.IPv6Network
SubnetKind = Literal["public", "private", "isolated", "unknown"]
LAST_PORT = 65535
_ALL = ipaddress.ip_network("0.0.0.0/0"), ipaddress.ip_network("::/0")


class Route(NamedTuple):
    """One route: where it leads and what takes it there."""

    resource: Resource
    """The `AWS::EC2::Route`, or the gateway endpoint that writes it."""
    destination: Block | None
    """None for a prefix list and where it is unknown."""
    prefix_list: str | None
    """A prefix list's id, or the service of a gateway endpoint."""
    via: str
    """`internet_gateway`, `nat_gateway`, `egress_only_gateway`, `peering`, `transit_gateway`, `vpc_endpoint`,
    `interface`, `instance`, `vpn_gateway`, `other` or `unknown`."""
    target: str | None
    """The gateway, by logical or physical id."""
    sure: bool = True
    """Whether it is a route of this very table: of one of several, where a condition decides that is not known."""

    @property
    def default(self) -> bool:
        """Whether it takes everything that no other route does."""
        return self.destination in _ALL


class RouteTable(Fields):
    """A route table, without the `local` route that each has."""

    id: str
    resource: Resource
    vpc: str | None
    routes: list[Route] = field(default_factory=list)


class Vpc(Fields):
    """A VPC and its blocks."""

    id: str
    resource: Resource
    blocks: list[Block]
    """Those that are known."""
    complete: bool
    """Whether all are."""


class Subnet(Fields):
    """A subnet with the routes it has."""

    id: str
    resource: Resource
    vpc: str | None
    cidr: ipaddress.IPv4Network | None
    """None where it is unknown or malformed."""
    zone: str | None
    """The zone's name or id; a position among `Fn::GetAZs` as the name that zone usually has."""
    route_table: RouteTable | None
    """None: the VPC's main table, of which no resource speaks."""
    kind: SubnetKind
    """`public`: its default route is an internet gateway; `private`: something else; `isolated`: it has none."""
    acl: str | None
    """Its network ACL; None for the VPC's default, and where it is unknown."""
    public_ips: bool
    acl_known: bool = True
    """Whether its network ACL is known; where it is and none is named, it is the VPC's default."""


class Rule(NamedTuple):
    """One rule of a security group, wherever it is written."""

    group: str
    direction: Literal["ingress", "egress"]
    protocol: str
    """`tcp`, `udp`, `icmp`, `icmpv6`, `all`, another protocol's number, or `unknown`."""
    ports: tuple[int, int] | None
    """First and last port, both included; all of them where the protocol has none. None where unknown."""
    cidr: Block | None
    peer_group: str | None
    prefix_list: str | None
    unknown: bool
    """Whether the other side cannot be known."""
    description: str
    resource: Resource
    path: Path
    """Where it stands in the resource: empty for a rule of its own."""
    sure: bool = True
    """Whether it is there for sure: a condition that is not known may leave it out."""

    def location(self, *property: str) -> Location:
        """The place that says the rule, or one property of it."""
        return self.resource.location(*self.path, *property)

    @property
    def open(self) -> bool:
        """Whether the other side is the whole internet."""
        return self.cidr in _ALL


class Interfaces(Fields):
    """The network interfaces of one resource: where they stand, and the groups they have."""

    resource: Resource
    subnets: list[str]
    groups: list[str]
    complete: bool
    """Whether all subnets and groups are known."""
    subnet_path: Path = ()
    """The property that says the subnets."""
    group_path: Path = ()
