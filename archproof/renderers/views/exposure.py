"""The exposure: what the internet reaches, by which proven ways, what is open to anyone, and what lies behind."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from archproof.model.architecture import Architecture
from archproof.network.ends import INTERNET
from archproof.renderers.scene import Node, Scene
from archproof.renderers.views._doors import Door, doors
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
            node = self._door(door)
            self.nodes[node.id] = node
            self.open += door.open
            self.add(INTERNET, node.id, f"443 · {door.says}", "undeclared" if door.open else "network")
            for link in architecture.links:
                if link.source == door.resource.component and link.verb.verb in _LEADS:
                    self._lead(node.id, link.target, link.title)
            if not door.resource.component or architecture.given is not None:
                for target in self._invoked(door.resource):
                    self._lead(node.id, target.component or target.logical_id, "invokes")

    def _invoked(self, door: Resource) -> list[Resource]:
        """The functions that the parts of a service name."""
        parts = [door, *self.reach.resources.users(door)]
        held = [f for part in parts for f in self.reach.resources.targets(part.properties)]
        return list({f.logical_id: f for f in held if f.type == "AWS::Lambda::Function"}.values())

    def _door(self, door: Door) -> Node:
        name = door.resource.component
        component = self.reach.architecture.components.get(name or "")
        if name is None or component is None or name in self.nodes:
            text = door.resource.type.removeprefix("AWS::").replace("::", " ")
            return Node(door.resource.logical_id, door.resource.title, door.resource.type, door.resource.type, text)
        icon = door.resource.type if component.kind == "resource" else component.kind
        return Node(name, self.reach.architecture.title(name), component.kind, icon, kind_label(component))

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
        said = f"The internet enters at {len(entered)} place{'s' if len(entered) != 1 else ''}"
        said += f": {len(inside)} in a VPC" if inside else ""
        services = len(entered) - len(inside)
        said += (
            f"{' and' if inside else ':'} {services} public service{'s' if services != 1 else ''} of AWS"
            if services
            else ""
        )
        said += f", {self.open} open without authorization" if self.open else ""
        return self.scene("exposure", title, said, _MEANINGS)
