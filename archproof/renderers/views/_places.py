"""The containers of a picture: cloud, region, VPC, tiers, and the areas for what lives outside a VPC."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from archproof.model.architecture import Architecture
from archproof.model.network import ZONES, SubnetTier, VpcNetwork
from archproof.renderers.scene import Edge, Group, Node, ancestors
from archproof.renderers.views._explicit import subnet_group, vpc_title

_TIER_KINDS = {"internet_gateway": "subnet_public", "nat": "subnet_private", "none": "subnet_isolated"}
_AREAS = {"identity": "Identity", "operations": "Security and operations", "messaging": "Events and messages"}
_ALONG_THE_WAY = frozenset({"kinesis_stream", "firehose"})
"""What other things lie before and behind: in an area, its arrows would all lead out and back in."""
_WAYS_OUT = {
    "internet_gateway": "public", "nat": "private, NAT", "none": "isolated",
    "egress_only": "private, IPv6 out", "transit_gateway": "private, transit gateway",
}  # fmt: skip


class Frame:
    """Says in which container each component stands, and which containers are needed."""

    def __init__(self, architecture: Architecture) -> None:
        self.architecture = architecture
        self.groups: dict[str, Group] = {}
        linked = {end for link in architecture.links for end in (link.source, link.target)}
        named = {r.target for r in architecture.references if r.path[2:3] == ("access_logs",)}
        self.log_targets = named - linked
        """Buckets that only take access logs: they belong with operations."""
        self._add(Group("cloud", "AWS Cloud", "cloud"))
        self._add(Group("region", architecture.region_title, "region", "cloud"))
        for name, network in architecture.places.vpcs.items():
            if network.vpc:
                zones = len(zones_of(network))
                title = network.vpc.title or ("VPC" if name == "vpc" else f"VPC {name}")
                text = f"{title}{known(network.vpc.cidr)} · {zones} zone{'s' if zones != 1 else ''}"
                self._add(Group(f"vpc:{name}", text, "vpc", "region"))
        for name, tier in architecture.places.tiers.items():
            vpc = architecture.places.vpc_of[f"tier:{name}"]
            self._add(Group(f"tier:{name}", tier_title(name, tier), tier_kind(tier), f"vpc:{vpc}"))
        for tier_name, title in _AREAS.items():
            self._add(Group(f"area:{tier_name}", title, "generic", "region"))

    def _add(self, group: Group) -> None:
        self.groups[group.id] = group

    def group_of(self, name: str) -> str | None:
        """The container of a component; None stands outside of AWS."""
        component = self.architecture.components[name]
        if component.scope == "outside":
            return None
        placement = component.stands_in
        if placement is not None and placement.subnets:
            return self._subnet(placement.subnets)
        if placement is not None and placement.vpc and f"vpc:{placement.vpc}" in self.groups:
            return f"vpc:{placement.vpc}"
        if component.scope == "global":
            return "cloud"
        if name in self.log_targets:
            return "area:operations"
        apart = component.tier in _AREAS and component.kind not in _ALONG_THE_WAY
        return f"area:{component.tier}" if apart else "region"

    def _subnet(self, subnets: list[str]) -> str:
        """One tier; the VPC where a component spans several."""
        tiers = [s for s in subnets if f"tier:{s}" in self.groups]
        if len(tiers) == 1:
            return f"tier:{tiers[0]}"
        if tiers:
            return f"vpc:{self.architecture.places.vpc_of[f'tier:{tiers[0]}']}"
        return self._explicit(subnets[0])

    def _explicit(self, name: str) -> str:
        """The container of an explicit `subnet` component, within its `vpc` component."""
        subnet = self.architecture.components[name]
        vpc = getattr(subnet, "vpc", None)
        parent = "region"
        if isinstance(vpc, str) and vpc in self.architecture.components:
            parent = f"vpc:{vpc}"
            self._add(Group(parent, vpc_title(self.architecture, vpc), "vpc", "region"))
        elif isinstance(vpc, str) and f"vpc:{vpc}" in self.groups:
            parent = f"vpc:{vpc}"
        self._add(subnet_group(self.architecture, name, parent))
        return f"subnet:{name}"

    def overlays_of(self, name: str) -> tuple[str, ...]:
        """The security groups of a component, as chips."""
        placement = self.architecture.components[name].stands_in
        return tuple(f"group:{g}" for g in (placement.security_groups or ())) if placement else ()

    def finish(self, nodes: list[Node], edges: Iterable[Edge]) -> tuple[list[Node], list[Group]]:
        """Drop the containers that hold nothing, and areas of one node that would only frame it."""
        held: dict[str, int] = {}
        for node in nodes:
            if node.group:
                held[node.group] = held.get(node.group, 0) + 1
        lone = {g for g, count in held.items() if count < 2 and g.startswith("area:")}
        nodes = [replace(n, group="region") if n.group in lone else n for n in nodes]
        used = {a for n in nodes for a in ancestors(self.groups, n.group)}
        return nodes, [g for g in self.groups.values() if g.id in used]


def tier_kind(tier: SubnetTier) -> str:
    """How a tier is drawn: public, private or isolated, by its way out."""
    return _TIER_KINDS.get(tier.egress, "subnet_private")


def tier_title(name: str, tier: SubnetTier, cidr: str | None = None) -> str:
    """What a tier's frame says."""
    parts = tier.title or name, cidr if cidr is not None else tier.blocks, _WAYS_OUT[tier.egress]
    return " · ".join(dict.fromkeys(p for p in parts if p))


def known(cidr: object) -> str:
    """A block in a title; nothing where it is known only after deployment."""
    return f" {cidr}" if isinstance(cidr, str) else ""


def zones_of(network: VpcNetwork) -> list[str]:
    """The zones of a VPC's tiers: letters, names or ids, in their order."""
    assert network.vpc is not None
    whole = not network.subnets or any(tier.said is None for tier in network.subnets.values())
    found = dict.fromkeys(ZONES[: network.vpc.availability_zones] if whole else "")
    found |= dict.fromkeys(zone for tier in network.subnets.values() for zone, _ in tier.said or ())
    return sorted(found)
