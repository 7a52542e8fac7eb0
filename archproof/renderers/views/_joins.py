"""What joins VPCs of the section `network`: the transit gateway as a node, peerings as arrows between frames."""

from __future__ import annotations

from archproof.model.architecture import Architecture
from archproof.renderers.scene import Edge, Node

TRANSIT_GATEWAY = "transit_gateway:network"


def joins(architecture: Architecture, group: str | None) -> tuple[list[Node], list[Edge]]:
    """The transit gateway, standing in `group`, with an arrow from each VPC attached; and every peering."""
    nodes: list[Node] = []
    edges: list[Edge] = []
    gateway = architecture.network.transit_gateway
    if gateway is not None:
        title, kind = "Transit gateway", "transit_gateway"
        apart = "keeps apart " + " and ".join(_title(architecture, v) for v in gateway.isolated)
        nodes.append(Node(TRANSIT_GATEWAY, title, kind, kind, subtitle=apart if gateway.isolated else "", group=group))
        for attachment in gateway.attach:
            # those that are kept apart stand behind the gateway, the others before it
            ends = (f"vpc:{attachment.vpc}", TRANSIT_GATEWAY)
            source, target = reversed(ends) if attachment.vpc in gateway.isolated else ends
            text = "way to the internet" if attachment.vpc == gateway.egress_vpc else ""
            edges.append(Edge(f"attached:{attachment.vpc}", source, target, text, "network", bidirectional=True))
    for number, peering in enumerate(architecture.network.peerings):
        first, second = (f"vpc:{v}" for v in peering.between)
        edges.append(Edge(f"peering{number}", first, second, "peering", "network", bidirectional=True))
    return nodes, edges


def vpns(architecture: Architecture) -> list[Edge]:
    """An arrow between each VPN connection and the VPC or the transit gateway that it ends at."""
    edges = []
    for name, component in architecture.of_kind("vpn_connection").items():
        to = str(getattr(component, "to", ""))
        own = TRANSIT_GATEWAY if to == "transit_gateway" else f"vpc:{to}"
        end = to if to in architecture.components and architecture.components[to].kind != "vpc" else own
        edges.append(Edge(f"vpn:{name}", name, end, "VPN", "network", bidirectional=True))
    return edges


def _title(architecture: Architecture, vpc: str) -> str:
    network = architecture.places.vpcs[vpc]
    return (network.vpc.title if network.vpc else None) or vpc
