"""The exposure: what the internet reaches, by which proven ways, what is open to anyone, and what lies behind."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from archproof.model.architecture import Architecture
from archproof.network.ends import INTERNET
from archproof.proofs.needs import KINDS
from archproof.renderers.scene import Node, Scene
from archproof.renderers.views._doors import doors
from archproof.renderers.views._ground import INTERNET_NODE
from archproof.renderers.views._parts import kind_label
from archproof.renderers.views._reach import ENDPOINT, Reach, Reached
from archproof.renderers.views.network import Drawing
from archproof.resources.resource import Resource

if TYPE_CHECKING:
    from archproof.validators.findings import Finding

VIEW = "exposure"
TITLE = "Exposure: what the internet reaches"
PROVES = True

_NOTHING = (
    "Nothing here is reached from the internet: no interface has a way in, and no public service stands before one"
)
_MEANINGS = (
    ("network", "a way in"), ("undeclared", "a way in, open to anyone"), ("data", "what lies behind, proved"),
    ("reference", "passes calls on"),
)  # fmt: skip
_LEADS = ("route", "origin", "forward", "invoke", "target")
"""Verbs by which a public service passes a call on."""
_PASSED = {
    "AWS::Lambda::Function": "invokes", "AWS::S3::Bucket": "reads", "AWS::SQS::Queue": "sends",
    "AWS::StepFunctions::StateMachine": "starts", "AWS::ElasticLoadBalancingV2::LoadBalancer": "forwards",
    "AWS::ElasticLoadBalancing::LoadBalancer": "forwards", "AWS::ApiGatewayV2::Api": "forwards",
    "AWS::ApiGateway::RestApi": "forwards", "AWS::Lambda::Url": "forwards", "AWS::EC2::Instance": "forwards",
}  # fmt: skip
"""What a public service may pass calls on to, where its own resources say so, and what it does there."""
_PARTS = ("AWS::ApiGateway", "AWS::AppSync", "AWS::Lambda::Permission", "AWS::GlobalAccelerator")
_ASIDE = ("Logging", "AccessLogSettings", "LoggingConfiguration")
"""Properties that name where a service writes of itself, and not where calls go."""


def build(architecture: Architecture, findings: list[Finding]) -> Scene:
    """Build the view of what the internet reaches, hop by hop."""
    reach = Reach(architecture)
    picture = _Exposure(reach)
    picture.ways_in()
    picture.services()
    picture.behind()
    return picture.finished()


class _Exposure(Drawing):
    """Ways in, and what lies behind them."""

    def __init__(self, reach: Reach) -> None:
        super().__init__(reach)
        self.nodes[INTERNET] = INTERNET_NODE
        self.inward: dict[str, list[Reached]] = {}
        for way in reach.inside():
            self.inward.setdefault(way.source, []).append(way)
        self.entered: list[str] = []
        """What was reached, in the order in which it was."""
        self.open = 0
        self.main: dict[str, Resource] = {}
        """What a component is first of all: the resource of its kind, else its first."""
        components = reach.architecture.components
        for resource in reach.resources:
            if resource.component is not None and not resource.implied:
                held = self.main.setdefault(resource.component, resource)
                own = components[resource.component].kind if resource.component in components else ""
                if KINDS.get(resource.type) == own != KINDS.get(held.type):
                    self.main[resource.component] = resource

    def ways_in(self) -> None:
        """Interfaces that the internet reaches."""
        for way in self.reach.incoming():
            self._enter(way.target)
            text = way.ports if way.sure else f"{way.ports} ?"
            why = "" if way.sure else "known only after deployment"
            self.add(INTERNET, way.target, text, "network" if way.sure else "doubtful", why)

    def _enter(self, id: str) -> None:
        if id not in self.nodes:
            self.nodes[id] = self.ground.card(self.reach.spots[id])
        if id not in self.entered:
            self.entered.append(id)

    def services(self) -> None:
        """Public services: what a call needs there, and what they pass it on to."""
        architecture = self.reach.architecture
        for door in doors(architecture, self.reach.resources):
            node = self._door(door.resource)
            self.nodes[node.id] = node
            self.open += door.open
            self.add(INTERNET, node.id, f"{door.port} · {door.says}", "undeclared" if door.open else "network")
            for link in architecture.links:
                if link.source == door.resource.component and link.verb.verb in _LEADS:
                    self._lead(node.id, link.target, link.title)
            if not door.resource.component or architecture.given is not None:
                for target, said in self._passed(door.resource):
                    self._onward(node.id, target, said)

    def _passed(self, door: Resource) -> list[tuple[Resource, str]]:
        """What the parts of a service name to pass calls on to, each with what is done there."""
        found: dict[str, tuple[Resource, str]] = {}
        for part in (door, *(u for u in self.reach.resources.users(door) if u.type.startswith(_PARTS))):
            for use in self.reach.resources.uses(part):
                target = self.reach.resources[use.target]
                said = _PASSED.get(target.type)
                if said and target is not door and not any(str(step) in _ASIDE for step in use.path):
                    found.setdefault(target.logical_id, (target, said))
        return list(found.values())

    def _door(self, resource: Resource) -> Node:
        """The card of a public service, or of what it passes calls on to."""
        name = resource.component
        component = self.reach.architecture.components.get(name or "")
        text = resource.type.removeprefix("AWS::").replace("::", " ")
        if name is None or component is None:
            return Node(resource.logical_id, resource.title, resource.type, resource.type, text)
        if self.main.get(name) is not resource:  # a part of a component has its own card
            return Node(resource.logical_id, text, resource.type, resource.type, self.reach.architecture.title(name))
        icon = resource.type if component.kind == "resource" else component.kind
        return Node(name, self.reach.architecture.title(name), component.kind, icon, kind_label(component))

    def _onward(self, door: str, target: Resource, text: str) -> None:
        """An arrow to a resource that a public service names."""
        spot = self.reach.spot_of.get(target.logical_id)
        if spot is None:
            card = self._door(target)
            self.nodes.setdefault(card.id, card)
        self._lead(door, spot or card.id, text)

    def _lead(self, door: str, target: str, text: str) -> None:
        if target in self.reach.spots:
            self._enter(target)
        elif target in self.reach.architecture.components and target not in self.nodes:
            component = self.reach.architecture.components[target]
            title = self.reach.architecture.title(target)
            icon = str(getattr(component, "type", component.kind)) if component.kind == "resource" else component.kind
            self.nodes[target] = Node(target, title, component.kind, icon, kind_label(component))
        if target in self.nodes:
            self.add(door, target, text, "reference")

    def behind(self) -> None:
        """What everything that was reached can reach in turn."""
        position = 0
        while position < len(self.entered):
            source = self.entered[position]
            for way in self.inward.get(source, ()):
                target = self.reach.spots[way.target]
                if target.owners[0].type != ENDPOINT and way.sure and way.target not in self._public():
                    self._enter(way.target)
                    self.add(source, way.target, way.ports, "data")
            position += 1

    def _public(self) -> set[str]:
        return {e.target for e in self.edges.values() if e.source == INTERNET}

    def finished(self) -> Scene:
        """The scene, with what it shows in words."""
        system = self.reach.architecture.system
        title = f"{system.title or system.name}: what the internet reaches"
        entered = [e for e in self.edges.values() if e.source == INTERNET]
        if not entered:
            frames = [f for f in (self.ground.vpc(v) for v in self.reach.fabric.vpcs) if f is not None]
            scene = self.scene("exposure", title, _NOTHING)
            return replace(scene, groups=self.ground.used(list(scene.nodes), frames), description=_NOTHING)
        inside = [e for e in entered if e.target in self.reach.spots]
        services = len(entered) - len(inside)
        counts = [f"{len(inside)} in a VPC"] if inside else []
        counts += [f"{services} public service{'s' if services != 1 else ''} of AWS"] if services else []
        said = f"The internet enters at {len(entered)} place{'s' if len(entered) != 1 else ''}: {' and '.join(counts)}"
        if len(entered) == 1:
            said = f"The internet enters at one place, {'in a VPC' if inside else 'a public service of AWS'}"
        said += f", {self.open} open without authorization" if self.open else ""
        return self.scene("exposure", title, said, _MEANINGS)
