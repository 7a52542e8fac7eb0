"""The zones view: each VPC with every availability zone, and what stands in each of them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from archproof.model.architecture import Architecture
from archproof.model.base import Component
from archproof.model.network import VpcNetwork
from archproof.renderers.scene import Edge, Group, Node, Overlay, Scene
from archproof.renderers.views._explicit import frames, gateways, zone_of
from archproof.renderers.views._joins import joins
from archproof.renderers.views._parts import badges, edge_kind, folded, join, label, node
from archproof.renderers.views._places import known, tier_kind, tier_title, zones_of
from archproof.resources.cidr import subnets_of

if TYPE_CHECKING:
    from archproof.validators.findings import Finding

VIEW = "zones"
TITLE = "Availability zones"


def build(architecture: Architecture, findings: list[Finding]) -> Scene:
    """Build the view of all zones."""
    nodes: list[Node] = []
    groups: dict[str, Group] = {}
    edges: list[Edge] = []
    _add(groups, Group("region", architecture.region_title, "region"))
    copies: dict[str, dict[str, str]] = {}
    marks = badges(findings)
    fold = folded(architecture)
    for vpc, network in architecture.places.vpcs.items():
        if network.vpc is None:
            continue
        _add(groups, Group(f"vpc:{vpc}", f"{network.vpc.title or 'VPC'}{known(network.vpc.cidr)}", "vpc", "region"))
        _tiers(architecture, vpc, network, groups)
        _ways_out(vpc, network, nodes, edges)
    for frame in frames(architecture):
        _add(groups, groups.get(frame.id, frame))
    doors, out = gateways(architecture, groups)
    nodes += doors
    edges += out
    for name, component in architecture.components.items():
        placement = component.stands_in
        if placement is None or not placement.subnets or name in fold:
            continue
        zones = _zones(architecture, name, placement.subnets, groups)
        for zone, group in zones.items():
            overlays = tuple(f"group:{g}" for g in placement.security_groups or ())
            title = _role(architecture, name, zone, zones)
            copy = node(
                architecture, name, id=f"{name}@{zone}", group=group, overlays=overlays, badges=marks.get(name, ())
            )
            nodes.append(replace(copy, subtitle=f"{copy.subtitle} · {title}" if title else copy.subtitle))
            copies.setdefault(name, {})[zone] = f"{name}@{zone}"
    joining, attached = joins(architecture, "region")
    nodes += joining
    edges += attached
    nodes += _outside(architecture, copies, fold)
    edges += _links(architecture, copies, {n.id for n in nodes}, fold)
    kept = [g for g in groups.values() if g.id.startswith(("region", "vpc:", "zone:", "tier:", "subnet:"))]
    overlays_used = sorted({o for n in nodes for o in n.overlays})
    return Scene(
        "zones",
        f"{architecture.system.title or architecture.system.name}: availability zones",
        tuple(nodes),
        tuple(kept),
        join(edges),
        direction="RIGHT",
        subtitle="Every subnet and what stands in it; connections across zones are left out",
        overlays=tuple(Overlay(o, o.removeprefix("group:")) for o in overlays_used),
        description=f"{len(groups)} places and {len(nodes)} resources in them",
    )


def _add(groups: dict[str, Group], group: Group) -> None:
    groups[group.id] = group


def _tiers(architecture: Architecture, vpc: str, network: VpcNetwork, groups: dict[str, Group]) -> None:
    assert network.vpc is not None
    for zone in zones_of(network):
        title = f"Zone {architecture.region if len(zone) == 1 else ''}{zone}"
        _add(groups, Group(f"zone:{vpc}:{zone}", title, "zone", f"vpc:{vpc}"))
    for name, tier in network.subnets.items():
        for zone, block in subnets_of(tier, network.vpc.availability_zones):
            title = tier_title(name, tier, block if isinstance(block, str) else "")
            _add(groups, Group(f"tier:{name}@{zone}", title, tier_kind(tier), f"zone:{vpc}:{zone}"))


def _ways_out(vpc: str, network: VpcNetwork, nodes: list[Node], edges: list[Edge]) -> None:
    """Internet and NAT gateways, and the arrows of the tiers that leave through them."""
    assert network.vpc is not None
    public = [n for n, t in network.subnets.items() if t.egress == "internet_gateway"]
    if not public:
        return
    gateway = f"internet_gateway:{vpc}"
    nodes.append(Node(gateway, "Internet gateway", "internet_gateway", "internet_gateway", group=f"vpc:{vpc}"))
    zones = _zones_of(network, public[0])
    uses_nat = any(t.egress == "nat" for t in network.subnets.values()) and network.vpc.nat != "none"
    for zone in zones if network.vpc.nat == "per_az" else zones[:1]:
        if uses_nat:
            name = f"nat:{vpc}@{zone}"
            nodes.append(Node(name, "NAT gateway", "nat_gateway", "nat_gateway", group=f"tier:{public[0]}@{zone}"))
            edges.append(Edge(f"out:{name}", name, gateway, "", "network", reverse_for_layout=True))
    for name, tier in network.subnets.items():
        for zone in _zones_of(network, name):
            if tier.egress == "nat" and uses_nat:
                nat = f"nat:{vpc}@{zone if network.vpc.nat == 'per_az' and zone in zones else zones[0]}"
                edges.append(
                    Edge(f"out:{name}@{zone}", f"tier:{name}@{zone}", nat, "", "network", reverse_for_layout=True)
                )


def _zones(architecture: Architecture, name: str, subnets: list[str], groups: dict[str, Group]) -> dict[str, str]:
    """The zones a component stands in, each with the subnet's frame (the first tier named)."""
    tiers = [s for s in subnets if s in architecture.places.tiers]
    component = architecture.components[name]
    if not tiers:
        held = {zone_of(architecture, s): f"subnet:{s}" for s in reversed(subnets) if f"subnet:{s}" in groups}
        kept = _count(component, len(held))
        return dict(sorted(held.items())[:kept])
    zones = _zones_of(architecture.places.vpcs[architecture.places.vpc_of[f"tier:{tiers[0]}"]], tiers[0])
    return {zone: f"tier:{tiers[0]}@{zone}" for zone in zones[: _count(component, len(zones))]}


def _zones_of(network: VpcNetwork, tier: str) -> list[str]:
    """The zones of the subnets of a tier."""
    assert network.vpc is not None
    return [zone for zone, _ in subnets_of(network.subnets[tier], network.vpc.availability_zones)]


def _count(component: Component, zones: int) -> int:
    """In how many of these zones a component stands."""
    count = zones
    if getattr(component, "multi_az", None) is False or component.kind == "ec2_instance":
        count = 1
    tasks = getattr(component, "tasks", None)
    if isinstance(tasks, int):
        count = min(count, max(tasks, 1))
    return count


def _role(architecture: Architecture, name: str, zone: str, zones: dict[str, str]) -> str:
    """What a replica is: the primary or the standby of a database."""
    if architecture.components[name].kind == "rds" and len(zones) > 1:
        return "primary" if zone == next(iter(zones)) else "standby"
    return ""


def _outside(architecture: Architecture, copies: dict[str, dict[str, str]], fold: dict[str, str | None]) -> list[Node]:
    """What stands in no subnet and opens connections to what does: people, gateways, queues that trigger."""
    found: dict[str, None] = {}
    for link in architecture.links:
        if link.target in copies and link.source not in copies and link.source not in fold:
            found.setdefault(link.source)
    return [
        node(architecture, n, group=None if architecture.components[n].scope in ("outside", "global") else "region")
        for n in found
    ]


def _links(
    architecture: Architecture, copies: dict[str, dict[str, str]], nodes: set[str], fold: dict[str, str | None]
) -> list[Edge]:
    """Arrows between replicas of one zone, and from outside to each zone.

    Arrows across zones are left out: they would make one zone follow the other instead of standing beside it.
    """
    edges = []
    for number, link in enumerate(architecture.links):
        sources = copies.get(link.source) or ({"": link.source} if link.source in nodes else {})
        targets = copies.get(link.target)
        if not sources or not targets or link.source in fold:
            continue
        # only the primary of a database takes connections
        open_zones = [next(iter(targets))] if architecture.components[link.target].kind == "rds" else list(targets)
        for zone, source in sources.items():
            for to in open_zones:
                if zone in ("", to):
                    edge_id = f"link{number}:{zone}:{to}"
                    edges.append(Edge(edge_id, source, targets[to], label(architecture, link), edge_kind(link)))
    return edges
