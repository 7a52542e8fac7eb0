"""The answer to one question as a picture: the way numbered hop by hop, or what stands in it where it stands.

The ground is the network view, pale; the sentences below carry the numbers of the picture, which are those of the text.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from archproof.model.architecture import Architecture
from archproof.network import telling
from archproof.network.ends import INTERNET, Party
from archproof.network.ports import told
from archproof.renderers.scene import Badge, Edge, EdgeKind, Node, Scene
from archproof.renderers.views._ground import INTERNET_NODE
from archproof.renderers.views._parts import kind_label
from archproof.renderers.views._reach import Reach
from archproof.renderers.views.network import Drawing
from archproof.resources.resource import Resource

if TYPE_CHECKING:
    from archproof.network.trace import Step
    from archproof.proofs.connection import Proof
    from archproof.proofs.permission import Permission

MOST = 12
"""Cards that a picture may have with what surrounds the way; with more, or with several VPCs, it is the way alone."""
_STATIONS = ("load_balancer", "nat_gateway", "vpc_endpoint", "peering", "transit_gateway_route_table", "vpn")
_TITLES = {
    "route_table": "Route table", "network_acl": "Network ACL", "vpc": "VPC", "peering": "Peering",
    "internet_gateway": "Internet gateway", "nat_gateway": "NAT gateway", "vpn": "VPN",
    "transit_gateway": "Transit gateway", "transit_gateway_route_table": "Transit gateway",
    "transit_gateway_attachment": "Transit gateway attachment", "vpc_endpoint": "VPC endpoint",
}  # fmt: skip
_WORST = ("allowed", "conditional", "unknown", "denied")
_PERMITTED: dict[str, tuple[str, EdgeKind]] = {
    "allowed": ("permitted", "way"), "conditional": ("permitted on conditions", "doubtful"),
    "unknown": ("not known to be permitted", "doubtful"), "denied": ("not permitted", "broken"),
}  # fmt: skip
"""What policies come to, as an arrow says it."""
_MEANINGS = (("reference", "other proven connections"), ("way", "the way"), ("broken", "blocked"))


def build(architecture: Architecture, proof: Proof) -> Scene:
    """Build the picture of an answer: what the network says, and what policies say at its end."""
    picture = _Path(Reach(architecture), proof)
    if proof.answer.verdict == "reachable":
        picture.way()
    else:
        picture.blocked()
    picture.permitted()
    return picture.finished()


@dataclass(slots=True)
class _Station:
    """Something that a way passes, and what is told until there."""

    node: str
    said: list[str] = field(default_factory=list)


class _Path(Drawing):
    """The picture of one answer."""

    def __init__(self, reach: Reach, proof: Proof) -> None:
        super().__init__(reach)
        self.proof = proof
        self.answer = answer = proof.answer
        naming = reach.network.naming
        self.first = naming.party(answer.source)
        self.second = naming.party(answer.target, self.first)
        self.inside()
        self.out()
        self.edges = {k: replace(e, kind="reference", label="") for k, e in self.edges.items()}
        self.ends = self._end(self.first, answer.source), self._end(self.second, answer.target)
        self.touched = set(self.ends)
        self.notes: list[str] = []

    def _end(self, party: Party, name: str) -> str:
        """The node of one side of the question."""
        id = self.reach.spot(party)
        if id is None:
            held = next((e for e in party.ends if e.service not in (None, INTERNET)), None)
            gates = self.reach.fabric.endpoints.values()
            gate = next((g.id for g in gates if held and g.kind == "gateway" and g.service == held.service), None)
            id = gate if gate in self.nodes else name
        if id == INTERNET:
            self.nodes.setdefault(INTERNET, INTERNET_NODE)
        elif id not in self.nodes and id in self.reach.spots:
            self.nodes[id] = self.ground.card(self.reach.spots[id])
        elif id not in self.nodes:
            self.nodes[id] = self._outside(id, name)
        return id

    def _outside(self, id: str, name: str) -> Node:
        """A card for what stands in no network of the picture."""
        component = self.reach.architecture.components.get(name)
        if component is not None:
            icon = str(getattr(component, "type", "")) if component.kind == "resource" else component.kind
            return Node(id, self.reach.architecture.title(name), component.kind, icon, kind_label(component))
        resource = next(iter(self.reach.network.naming.party(name).resources), None)
        if resource is None:
            return Node(id, name, "internet", "internet")
        return Node(
            id, resource.title, resource.type, resource.type, resource.type.removeprefix("AWS::").replace("::", " ")
        )

    # -- a way

    def way(self) -> None:
        """The hops of a way, from one thing that it passes to the next."""
        stations = self._stations()
        ports = told(self.answer.ports) if self.answer.ports else ""
        for number, (before, after) in enumerate(itertools.pairwise(stations), 1):
            self.touched |= {before.node, after.node}
            self._clear(before.node, after.node)
            text = f"{number} · {ports}" if number == 1 and ports else str(number)
            self.edges[before.node, after.node, "way"] = Edge(
                f"way{number}", before.node, after.node, text, "way", tooltip="; ".join(after.said)
            )
            self.notes.append(f"{number}. {'; '.join(after.said)}")

    def _stations(self) -> list[_Station]:
        """What the way passes, each with the sentences of what lets it get there."""
        found = [_Station(self.ends[0])]
        said: list[str] = []
        for step in self.answer.hops[1:]:
            sentence = telling.hop({"component": step.title, "kind": step.kind, "because": step.because})
            said.append(sentence)
            node = self._station(step) if step.kind in _STATIONS else None
            if node is not None and node != found[-1].node:
                found.append(_Station(node, said))
                said = []
        if found[-1].node != self.ends[1]:
            found.append(_Station(self.ends[1], said))
        elif said:
            found[-1].said += said
        return found

    def _station(self, step: Step) -> str | None:
        """The node of something that a way passes."""
        resource = step.resource
        if step.kind == "nat_gateway" and resource is not None:
            nat = self.reach.fabric.nats.get(resource.logical_id)
            card = self.ground.way_out(resource, nat.interface if nat is not None else None)
            if card is not None:
                self.nodes.setdefault(card.id, card)
                return card.id
        if resource is not None and resource.logical_id in self.reach.spot_of:
            return self.reach.spot_of[resource.logical_id]
        if resource is not None and resource.logical_id in self.nodes:
            return resource.logical_id
        id = f"station:{step.kind}"
        kind = (
            "AWS::EC2::TransitGateway" if step.kind.startswith("transit") else resource.type if resource else step.kind
        )
        self.nodes.setdefault(id, Node(id, _TITLES.get(step.kind, step.title), step.kind, kind))
        return id

    def _clear(self, source: str, target: str) -> None:
        """Take the pale arrows between two things away."""
        self.edges = {k: e for k, e in self.edges.items() if {e.source, e.target} != {source, target}}

    # -- what blocks

    def blocked(self) -> None:
        """The blockers where they stand, numbered as in the text."""
        marks: dict[str, list[Badge]] = {}
        for number, step in enumerate(self.answer.blockers, 1):
            node = self._stands(step)
            self.touched.add(node)
            marks.setdefault(node, []).append(Badge("critical", step.because, step.code, str(number)))
            self.notes.append(f"{number}. {step.because}")
        for id, badges in marks.items():
            self.nodes[id] = replace(self.nodes[id], badges=tuple(badges))
        source, target = self.ends
        self._clear(source, target)
        blocked = self.answer.verdict == "blocked"
        text = "blocked" if blocked else "not known"
        self.edges[source, target, "broken"] = Edge("asked", source, target, text, "broken" if blocked else "doubtful")

    def _stands(self, step: Step) -> str:
        """The node that a blocker stands at: the end whose group or address it is, or a card in its subnet."""
        resource = step.resource
        held = resource.logical_id if resource is not None else ""
        if step.kind == "security_group":
            inward = " in" in step.because and " out" not in step.because
            order = (1, 0) if inward else (0, 1)
            for side in order:
                party = (self.first, self.second)[side]
                if any(e.interface is not None and held in e.interface.groups for e in party.ends):
                    return self.ends[side]
            return self.ends[order[0]]
        if held in self.reach.spot_of:
            return self.reach.spot_of[held]
        if step.kind in ("interface", "address", "function", "target") or resource is None:
            return self.ends[0] if step.title in (self.answer.source, self.ends[0]) else self.ends[1]
        return self._card(step, resource)

    def _card(self, step: Step, resource: Resource) -> str:
        """A card for a table, an ACL or a gateway, in the tier that it serves."""
        id = f"blocker:{resource.logical_id}"
        if id not in self.nodes:
            interfaces = [e.interface for p in (self.second, self.first) for e in p.ends if e.interface is not None]
            parts = ((i.subnet, p) for i in interfaces for p in (i.subnet.table.resource, i.subnet.acl.resource))
            subnet = next((s for s, p in parts if p is not None and p.logical_id == resource.logical_id), None)
            group = self.ground.tier(subnet) if subnet is not None else None
            if group is None and resource.type in ("AWS::EC2::VPC", "AWS::EC2::InternetGateway") and interfaces:
                group = self.ground.vpc(interfaces[0].vpc)
            name = resource.address or (resource.place if step.kind == "network_acl" else None) or resource.logical_id
            title = _TITLES.get(step.kind, step.title)
            self.nodes[id] = Node(id, title, resource.type, resource.type, name, group=group)
        return id

    # -- what policies say

    def permitted(self) -> None:
        """The last step of a call of a service: from where it is met to what is used there, with what policies say."""
        needed = self.proof.needed
        if not needed:
            return
        met, used = self.ends[1], f"used:{self.answer.target}"
        if self.nodes[met].title == self._outside(used, self.answer.target).title:
            used = met
        else:
            self.nodes[used] = self._outside(used, self.answer.target)
            self.touched.add(used)
        number = len(self.notes) + 1
        worst = max((p.verdict for p in needed), key=_WORST.index)
        text, kind = _PERMITTED[worst]
        allowed = [p for p in needed if p.verdict == "allowed"]
        self.notes += [f"{number + n}. {p.sentence}" for n, p in enumerate(_denied_first(needed))]
        if used != met:
            label = f"{number} · {text}" if worst != "allowed" or len(needed) > 1 else f"{number} · {allowed[0].action}"
            passes = self.answer.verdict == "reachable" or kind != "way"
            self.edges[met, used, kind] = Edge(
                "permission", met, used, label, kind if passes else "reference",
                tooltip="; ".join(p.sentence for p in needed),
            )  # fmt: skip
        elif worst != "allowed":
            marks = [
                Badge("critical" if p.verdict == "denied" else "medium", p.sentence, p.verdict, str(number + n))
                for n, p in enumerate(_denied_first(needed)) if p.verdict != "allowed"
            ]  # fmt: skip
            self.nodes[used] = replace(self.nodes[used], badges=(*self.nodes[used].badges, *marks))

    # -- the picture

    def _keep(self) -> None:
        """Keep what the way touches, and pale around it what the two ends reach or are reached by."""
        ends = set(self.ends) & set(self.reach.spots)
        pale = {k: e for k, e in self.edges.items() if e.kind == "reference" and {e.source, e.target} & ends}
        kept = self.touched | {n for e in pale.values() for n in (e.source, e.target)}
        if len(kept) > MOST or len(self.reach.fabric.vpcs) > 1:
            kept, pale = self.touched, {}
        self.edges = {k: e for k, e in self.edges.items() if e.kind != "reference" or k in pale or e.id == "permission"}
        self.nodes = {n: held for n, held in self.nodes.items() if n in kept}

    def finished(self) -> Scene:
        """The scene, with the sentences below it."""
        if not any({e.source, e.target} == set(self.ends) for e in self.edges.values() if e.kind != "reference"):
            self._clear(*self.ends)  # a pale arrow beside the way would tell the same twice
        self._keep()
        answer = self.answer
        ports = f" on {told(answer.ports)}" if answer.ports else ""
        verdict = {"reachable": f"reachable{ports}", "blocked": "blocked", "unknown": "not known"}[answer.verdict]
        said = f"{answer.protocol}: {verdict}"
        if self.proof.needed:
            worst = max((p.verdict for p in self.proof.needed), key=_WORST.index)
            but = "but " if worst != "allowed" and answer.verdict == "reachable" else "and "
            said += f", {but}{_PERMITTED[worst][0]}"
        if answer.verdict == "blocked" and answer.blockers:
            said += f"; {telling.obstacles(len(answer.blockers), [s.code for s in answer.blockers])}"
        if answer.verdict == "reachable" and answer.back_blockers:
            said += "; answers get through in part"
        title = f"{_called(self.reach.architecture, answer.source)} → {_called(self.reach.architecture, answer.target)}"
        scene = self.scene("path", title, said, _MEANINGS)
        return replace(scene, notes=tuple(self.notes), description="; ".join([said, *self.notes]))


def _denied_first(permissions: list[Permission]) -> list[Permission]:
    return sorted(permissions, key=lambda p: -_WORST.index(p.verdict))


def _called(architecture: Architecture, name: str) -> str:
    if name == INTERNET:
        return "Internet"
    return architecture.title(name) if name in architecture.components else name
