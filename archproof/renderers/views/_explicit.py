"""VPCs and subnets that are components: their frames, what kind of subnet each is, and their gateways."""

from __future__ import annotations

import re
from typing import Any

from archproof.model.architecture import Architecture
from archproof.renderers.scene import Edge, Group, Node

_KINDS = {"subnet_public": "public", "subnet_private": "private", "subnet_isolated": "isolated"}
_PUBLIC = "internet_gateway"


def subnet_kind(architecture: Architecture, subnet: str) -> str:
    """How a subnet is drawn, by where the tables that it uses lead: out, out behind something, or nowhere."""
    ways = [
        getattr(architecture.components.get(route.via), "kind", route.via)
        for table in architecture.of_kind("route_table").values()
        if subnet in getattr(table, "subnets", ())
        for route in getattr(table, "routes", ())
        if route.to in ("internet", "0.0.0.0/0", "::/0")
    ]
    return "subnet_public" if _PUBLIC in ways else "subnet_private" if ways else "subnet_isolated"


def vpc_title(architecture: Architecture, vpc: str) -> str:
    """What the frame of a VPC that is a component says."""
    cidr = _text(getattr(architecture.components[vpc], "cidr", ""))
    return f"VPC {architecture.title(vpc)} {cidr}".strip()


def subnet_group(architecture: Architecture, subnet: str, parent: str) -> Group:
    """The frame of a subnet that is a component."""
    kind = subnet_kind(architecture, subnet)
    cidr = _text(getattr(architecture.components[subnet], "cidr", ""))
    parts = (architecture.title(subnet), cidr, _KINDS[kind])
    return Group(f"subnet:{subnet}", " · ".join(p for p in parts if p), kind, parent)


def _text(cidr: object) -> str:
    """A block; nothing where it is known only after deployment."""
    return cidr if isinstance(cidr, str) else ""


def zone_of(architecture: Architecture, subnet: str) -> str:
    """The zone of a subnet: its letter, or its id where that is what is said."""
    said = str(getattr(architecture.components[subnet], "zone", None) or "")
    return said[-1:] if re.fullmatch(r"[a-f]|[a-z]{2}(-[a-z]+)+-[0-9][a-z]", said) else said


def frames(architecture: Architecture) -> list[Group]:
    """The frames of all VPCs and subnets that are components, by zones."""
    vpcs = {n: Group(f"vpc:{n}", vpc_title(architecture, n), "vpc", "region") for n in architecture.of_kind("vpc")}
    found: dict[str, Group] = {g.id: g for g in vpcs.values()}
    for name, component in architecture.of_kind("subnet").items():
        vpc = str(getattr(component, "vpc", ""))
        if vpc not in vpcs and vpc not in architecture.places.vpcs:
            continue  # a VPC written as a resource is no frame
        zone = zone_of(architecture, name)
        region = "" if "-" in zone else architecture.region
        group = Group(f"zone:{vpc}:{zone}", f"Zone {region}{zone}", "zone", f"vpc:{vpc}")
        found.setdefault(group.id, group)
        found[f"subnet:{name}"] = subnet_group(architecture, name, group.id)
    return list(found.values())


def gateways(architecture: Architecture, groups: dict[str, Group]) -> tuple[list[Node], list[Edge]]:
    """The gateways that are components, with the arrows of the subnets and NAT gateways that leave through them."""
    nodes: list[Node] = []
    doors: dict[str, str] = {}
    for name, component in architecture.of_kind("internet_gateway", "nat_gateway", "egress_only_gateway").items():
        subnet = getattr(component, "subnet", None)
        group = f"subnet:{subnet}" if subnet else f"vpc:{getattr(component, 'vpc', '')}"
        if subnet in architecture.places.tiers:
            group = f"tier:{subnet}@a"
        if group in groups:
            kind = component.kind
            nodes.append(Node(name, architecture.title(name), kind, kind, group=group))
            doors[name] = group
    edges: dict[tuple[str, str], None] = {}
    for table in architecture.of_kind("route_table").values():
        held: Any = table
        for route in held.routes:
            for subnet in held.subnets:
                source = f"subnet:{subnet}"
                if route.via in doors and source in groups and doors[route.via] != source:
                    if architecture.components[route.via].kind == _PUBLIC:
                        edges.update(dict.fromkeys((n, route.via) for n, g in doors.items() if g == source))
                    else:
                        edges[source, route.via] = None
    return nodes, [Edge(f"out:{a}:{b}", a, b, "", "network", reverse_for_layout=True) for a, b in edges]
