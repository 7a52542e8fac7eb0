"""The parts of a network as reachability sees them: subnets, tables, ACLs, groups, interfaces, gateways.

Nothing here knows where it was read from. Addresses are spans, `None` stands for what is not known, and each part
keeps the resource that says it, for the words and the places of an answer.
"""

from __future__ import annotations

import functools
from dataclasses import field
from typing import Any, Literal, NamedTuple

from archproof.errors import Location
from archproof.fields import Fields
from archproof.network.addresses import Span
from archproof.resources.network_types import Rule
from archproof.resources.resource import Resource

Truth = bool | None
_ENDPOINT = "Endpoint of "
"""What the description of the group that is made for an endpoint begins with."""
Via = Literal[
    "local", "internet_gateway", "nat_gateway", "egress_only_gateway", "peering", "transit_gateway", "vpn_gateway",
    "vpc_endpoint", "interface", "instance", "blackhole", "other", "unknown",
]  # fmt: skip


class Entry(NamedTuple):
    """One route of a table."""

    span: Span | None
    """Where it leads; None for a prefix list whose addresses are not known, and where it is unknown."""
    via: Via
    target: str | None
    resource: Resource | None = None
    """None for the `local` routes that every table has."""
    prefix_list: str | None = None
    service: str | None = None
    """The service whose addresses it leads to, for the route of a gateway endpoint."""
    propagated: bool = False
    sure: bool = True
    """Whether it is there for sure: a condition that is not known may leave it out."""

    @property
    def location(self) -> Location | None:
        """The place that says it."""
        return self.resource.location() if self.resource is not None else None


class Table(Fields):
    """A route table."""

    id: str
    resource: Resource | None
    """None for the main table of a VPC, of which no resource speaks."""
    entries: list[Entry] = field(default_factory=list)
    complete: bool = True
    """Whether every route of it is known."""
    chosen: dict[Any, Any] = field(default_factory=dict)
    """The routes that won so far, by what decides it."""


class AclEntry(NamedTuple):
    """One numbered rule of a network ACL."""

    number: int
    allow: bool
    protocol: str
    """`tcp`, `udp`, `icmp`, `all`, a number, or `unknown`."""
    ports: tuple[int, int] | None
    span: Span | None
    resource: Resource
    sure: bool = True
    """Whether it is there for sure: a condition that is not known may leave it out."""


class Acl(Fields):
    """A network ACL; the default one of a VPC lets everything through."""

    id: str
    resource: Resource | None
    ingress: list[AclEntry] = field(default_factory=list)
    egress: list[AclEntry] = field(default_factory=list)
    complete: bool = True
    open: bool = False
    """Whether it is a default ACL of which no resource speaks: everything passes."""


class Group(Fields):
    """A security group."""

    id: str
    resource: Resource | None
    vpc: str | None = None
    ingress: list[Rule] = field(default_factory=list)
    egress: list[Rule] = field(default_factory=list)
    complete: bool = True
    """Whether its rules are known: not those of a group that is only named."""
    egress_open: bool = False
    """Whether it has AWS's own egress rule: everything may leave."""
    self_open: bool = False
    """Whether it is a VPC's default group as AWS makes it: its members reach each other."""

    @functools.cached_property
    def title(self) -> str:
        """What a message calls it."""
        if self.resource is None:
            return f"the default group of {self.vpc}" if self.id.startswith("default:") else self.id
        said = self.resource.get("GroupDescription")
        if isinstance(said, str) and said.startswith(_ENDPOINT) and not self.resource.component:
            return f"the group of the {said.removeprefix(_ENDPOINT)} endpoint"
        made = self.resource.implied and self.resource.component
        return f"the group of {made}" if made else self.resource.title


class Subnet(Fields):
    """A subnet with its table and its ACL."""

    id: str
    resource: Resource
    vpc: str | None
    spans: tuple[Span, ...]
    zone: str | None
    table: Table
    acl: Acl

    @functools.cached_property
    def title(self) -> str:
        """What a message calls it: its tier with its zone, else its own name."""
        if self.resource.place and self.zone:
            return f"{self.resource.place} (zone {self.zone[-1:]})"
        return self.resource.address or self.resource.logical_id


class Interface(Fields):
    """A network interface, or what stands for all the interfaces of one owner in one subnet."""

    owner: Resource
    subnet: Subnet
    spans: tuple[Span, ...]
    """Its private addresses; the subnet's blocks where they are not known yet."""
    groups: tuple[str, ...]
    """Its security groups."""
    filtered: bool = True
    """Whether security groups apply at all: not for a NAT gateway, nor a network load balancer without groups."""
    groups_known: bool = True
    public: Truth = False
    """Whether it has a public IPv4 address."""
    public_spans: tuple[Span, ...] = ()
    """Its public addresses, where they are known."""
    exact: bool = False
    """Whether `spans` are its very addresses."""
    proxy: bool = False
    """Whether it is part of a gateway or a load balancer, whose sessions are its own."""
    six: Truth = True
    """Whether it has the IPv6 addresses among `spans`."""

    @property
    def vpc(self) -> str | None:
        """Its VPC."""
        return self.subnet.vpc

    @property
    def title(self) -> str:
        """What a message calls it."""
        return self.owner.title


class Vpc(Fields):
    """A VPC and the gateways attached to it."""

    id: str
    resource: Resource | None
    spans: tuple[Span, ...]
    complete: bool
    """Whether all its blocks are known."""
    internet_gateways: list[str] = field(default_factory=list)
    vpn_gateways: list[str] = field(default_factory=list)
    attached: bool = True
    """Whether all gateways that are attached to it are known."""
    blocked: str = ""
    """What VPC Block Public Access does to it: `block-ingress`, `block-bidirectional`, or nothing."""
    exempt: dict[str, str] = field(default_factory=dict)
    """What is exempt from it, itself or one of its subnets: `allow-bidirectional` or `allow-egress`."""

    @property
    def title(self) -> str:
        """What a message calls it."""
        return self.resource.title if self.resource is not None else self.id


class Nat(Fields):
    """A NAT gateway."""

    id: str
    resource: Resource
    interface: Interface
    public: bool


class Peering(Fields):
    """A peering connection between two VPCs."""

    id: str
    resource: Resource
    vpcs: tuple[str | None, str | None]
    active: Truth = True
    regional: bool = True
    """Whether both VPCs are in one region: only then may rules name the groups of the other."""


class Attachment(Fields):
    """What a transit gateway is joined to: a VPC in some subnets, or a VPN."""

    id: str
    resource: Resource
    gateway: str | None
    vpc: str | None = None
    subnets: tuple[str, ...] = ()
    vpn: str | None = None
    table: str | None = None
    """The table that its traffic is looked up in; None where it is associated with none."""
    table_known: bool = True


class TransitTable(Fields):
    """A route table of a transit gateway: entries lead to attachments."""

    id: str
    resource: Resource | None
    entries: list[Entry] = field(default_factory=list)
    complete: bool = True
    chosen: dict[Any, Any] = field(default_factory=dict)
    """The routes that won so far, by what decides it."""


class Endpoint(Fields):
    """A VPC endpoint."""

    id: str
    resource: Resource
    kind: Literal["gateway", "interface", "unknown"]
    service: str | None
    vpc: str | None
    private_dns: Truth = True


class Listener(NamedTuple):
    """A port of a load balancer, and the target groups that it forwards to."""

    resource: Resource
    port: int | None
    protocol: str
    targets: tuple[str, ...]


class TargetGroup(Fields):
    """Where a load balancer sends."""

    id: str
    resource: Resource
    port: int | None
    protocol: str
    owners: tuple[str, ...]
    """What its targets are: resources by logical id, or addresses."""
    ports: dict[str, tuple[int, ...]] = field(default_factory=dict)
    """Ports of single targets, where they are registered with some of their own."""
    preserves: Truth = False
    """Whether targets see the address of the client, not the balancer's."""
    known: bool = True
    kind: str | None = "instance"
    """What it holds: `instance`, `ip`, `lambda`, `alb`; None where that is not known."""
    vpc: str | None = None
    six: bool = False
    """Whether its targets are met by IPv6."""
    cross_zone: Truth | Literal["inherited"] = "inherited"
    """Whether targets of other zones than the balancer's part get something; else as the balancer says."""


class LoadBalancer(Fields):
    """A load balancer."""

    id: str
    resource: Resource
    kind: Literal["application", "network", "gateway", "classic"]
    listeners: list[Listener] = field(default_factory=list)
    cross_zone: Truth = True
    complete: bool = True
    """Whether every listener is known."""
    endpoints: list[str] = field(default_factory=list)
    """Interface endpoints that lead to it from other VPCs (PrivateLink)."""
    filters_private: bool = True
    """Whether its groups judge what comes by those endpoints."""


class Fabric(Fields):
    """A whole network."""

    vpcs: dict[str, Vpc] = field(default_factory=dict)
    subnets: dict[str, Subnet] = field(default_factory=dict)
    tables: dict[str, Table] = field(default_factory=dict)
    acls: dict[str, Acl] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    interfaces: dict[str, list[Interface]] = field(default_factory=dict)
    """By the logical id of their owner."""
    nats: dict[str, Nat] = field(default_factory=dict)
    peerings: dict[str, Peering] = field(default_factory=dict)
    attachments: dict[str, Attachment] = field(default_factory=dict)
    transit_tables: dict[str, TransitTable] = field(default_factory=dict)
    endpoints: dict[str, Endpoint] = field(default_factory=dict)
    balancers: dict[str, LoadBalancer] = field(default_factory=dict)
    target_groups: dict[str, TargetGroup] = field(default_factory=dict)
    prefix_lists: dict[str, tuple[Span, ...]] = field(default_factory=dict)
    """Prefix lists whose addresses are known."""
    service_lists: dict[str, str] = field(default_factory=dict)
    """Prefix lists of AWS by id: the service whose addresses they hold."""
    egress_only: dict[str, str | None] = field(default_factory=dict)
    """Egress-only gateways with their VPCs."""
    edge: dict[str, str] = field(default_factory=dict)
    """Gateways that have a route table of their own, with its id."""
    behind: dict[str, tuple[Span, ...]] = field(default_factory=dict)
    """What lies behind VPN gateways and connections whose routes are static."""
    parts: dict[str, list[Interface]] = field(default_factory=dict)
    """Interfaces of a live account by their own logical ids, where another resource owns them."""
    absent: frozenset[str] = frozenset()
    """Lists that a snapshot of an account does not hold: what they would say is unknown."""
    whole: bool = False
    """Whether it is all that there is: a model, or a snapshot that lists every subnet and interface."""
    public_access: Resource | None = None
    """What says Block Public Access."""
    others: dict[str, Resource] = field(default_factory=dict)
    """Gateways and the like by their ids, for the words and places of an answer."""
