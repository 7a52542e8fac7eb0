"""The network view: only what is proved. Who reaches whom on which ports, and which declared links do not work."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from archproof.model.architecture import Architecture
from archproof.network.ends import INTERNET
from archproof.network.owners import BALANCER, CLASSIC
from archproof.network.ports import told
from archproof.renderers.scene import Edge, EdgeKind, Node, Scene
from archproof.renderers.views._ground import INTERNET_NODE, Ground
from archproof.renderers.views._parts import kind_label
from archproof.renderers.views._reach import ENDPOINT, Reach, reasons

if TYPE_CHECKING:
    from archproof.validators.findings import Finding

VIEW = "network"
TITLE = "Network: what is proved"
PROVES = True
MEANINGS = (("network", "proved, with its ports"),)


def build(architecture: Architecture, findings: list[Finding]) -> Scene:
    """Build the view of every proven connection."""
    reach = Reach(architecture)
    drawing = Drawing(reach)
    drawing.inside()
    drawing.out()
    drawing.failing()
    return drawing.scene("network", f"{architecture.system.title or architecture.system.name}: network")


class Drawing:
    """The nodes and arrows of proofs, gathered step by step."""

    def __init__(self, reach: Reach) -> None:
        self.reach = reach
        self.ground = Ground(reach)
        self.nodes: dict[str, Node] = {}
        self.edges: dict[tuple[str, str, EdgeKind], Edge] = {}

    # -- what there is

    def inside(self) -> None:
        """Everything with interfaces, and what reaches what."""
        for spot in self.reach.spots.values():
            self.nodes[spot.id] = self.ground.card(spot)
        for way in [*self.reach.incoming(), *self.reach.inside()]:
            if way.source == INTERNET:
                self.nodes.setdefault(INTERNET, INTERNET_NODE)
            undeclared = way.sure and self.reach.undeclared(way.source, way.target)
            kind: EdgeKind = "undeclared" if undeclared else "network" if way.sure else "doubtful"
            text = f"{way.ports} · undeclared" if undeclared else way.ports if way.sure else f"{way.ports} ?"
            why = "" if way.sure else "known only after deployment"
            self.add(way.source, way.target, text, kind, why, reverse=self._against(way.source, way.target))
        self._fold_endpoints()

    def _against(self, source: str, target: str) -> bool:
        """Whether an arrow leads from inside to a door: it is laid out the other way round, as doors come first."""
        doors = (BALANCER, CLASSIC)
        return source in self.reach.spots and self.reach.spots[target].owners[0].type in doors

    def _fold_endpoints(self) -> None:
        """Interface endpoints that the same things reach on the same ports are one card."""
        ends = [n for n in self.nodes if n in self.reach.spots and self.reach.spots[n].owners[0].type == ENDPOINT]
        alike: dict[object, list[str]] = {}
        for name in ends:
            met = frozenset((e.source, e.label, e.kind) for e in self.edges.values() if e.target == name)
            alike.setdefault((self.nodes[name].group, met), []).append(name)
        for members in alike.values():
            if len(members) < 2:
                continue
            first, services = members[0], [self.nodes[m].title.removesuffix(" endpoint") for m in members]
            count = f"{len(members)} interface endpoints"
            self.nodes[first] = replace(self.nodes[first], title=count, subtitle=", ".join(services))
            for other in members[1:]:
                del self.nodes[other]
                self.edges = {k: e for k, e in self.edges.items() if e.target != other}

    def out(self) -> None:
        """What leaves: to the internet, by NAT gateways or straight, and to services by gateway endpoints."""
        for source, answer in self.reach.outgoing():
            self.nodes.setdefault(INTERNET, INTERNET_NODE)
            nat = next((h.resource for h in answer.hops if h.kind == "nat_gateway"), None)
            held = self.reach.fabric.nats.get(nat.logical_id) if nat is not None else None
            card = self.ground.way_out(nat, held.interface if held is not None else None)
            ports = told(answer.ports)
            if card is None:
                self.add(source, INTERNET, ports, "network", reverse=True)
                continue
            self.nodes.setdefault(card.id, card)
            self.add(source, card.id, ports, "network", reverse=True)
            self.add(card.id, INTERNET, "", "network", reverse=True)
        for source, endpoint, _ in self.reach.services():
            self.nodes.setdefault(endpoint, self.ground.gateway_endpoint(endpoint))
            self.add(source, endpoint, "443", "network")

    def failing(self) -> None:
        """Declared links that are not proved."""
        for link in self.reach.failing():
            source, target = self.end(link.source), self.end(link.target)
            blocked = link.answer.verdict == "blocked"
            text = f"{link.port} · {'blocked' if blocked else 'not known'}"
            self.add(source, target, text, "broken" if blocked else "doubtful", reasons(link.answer))

    def end(self, name: str) -> str:
        """The node of a component that a link names: its spot, the internet, or a card of its own beside the VPC."""
        spot = self.reach.spot(self.reach.network.naming.party(name))
        if spot is not None:
            if spot == INTERNET:
                self.nodes.setdefault(INTERNET, INTERNET_NODE)
            return next((n for n in self.nodes if n == spot), spot)
        component = self.reach.architecture.components[name]
        title = self.reach.architecture.title(name)
        self.nodes.setdefault(name, Node(name, title, component.kind, component.kind, kind_label(component)))
        return name

    def add(
        self, source: str, target: str, text: str, kind: EdgeKind, tooltip: str = "", *, reverse: bool = False
    ) -> None:
        """One arrow for all that passes the same way between the same two."""
        key = (source, target, kind)
        held = self.edges.get(key)
        if source == target or (held is not None and text in held.label.split(", ")):
            return
        if held is not None:
            text, tooltip = f"{held.label}, {text}", "; ".join(t for t in (held.tooltip, tooltip) if t)
        self.edges[key] = Edge(
            f"{kind}:{source}:{target}", source, target, text, kind, reverse_for_layout=reverse, tooltip=tooltip
        )

    # -- the picture

    def scene(self, id: str, title: str, said: str = "", meanings: tuple[tuple[str, str], ...] = MEANINGS) -> Scene:
        """The scene of all that was gathered."""
        nodes = list(self.nodes.values())
        edges = tuple(e for e in self.edges.values() if e.source in self.nodes and e.target in self.nodes)
        return Scene(
            id, title, tuple(nodes), self.ground.used(nodes, []), edges, said or self._said(edges),
            direction="RIGHT", overlays=self.ground.overlays(nodes), description=self._description(edges),
            meanings=meanings,
        )  # fmt: skip

    def _said(self, edges: Iterable[Edge]) -> str:
        kinds = [e.kind for e in edges]
        parts = ["Every arrow is proved from routes, network ACLs and security groups"]
        for kind, text in (("broken", "declared and blocked"), ("doubtful", "not known"), ("undeclared", "undeclared")):
            if kind in kinds:
                parts.append(f"{kinds.count(kind)} {text}")
        return "; ".join(parts) if kinds else "Nothing here reaches anything: no connection is proved"

    def _description(self, edges: Iterable[Edge]) -> str:
        names = {n.id: n.title for n in self.nodes.values()}
        said = [f"{names[e.source]} to {names[e.target]}{f' ({e.label})' if e.label else ''}" for e in edges]
        return "Proven connections: " + "; ".join(said[:80]) if said else "No connection is proved"
