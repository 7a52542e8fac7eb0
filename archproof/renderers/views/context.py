"""The context: the system as one box, who uses it and what it depends on outside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archproof.model.architecture import Architecture
from archproof.renderers.scene import Edge, EdgeKind, Group, Node, Scene
from archproof.renderers.views._parts import edge_kind, join, kind_label, node

if TYPE_CHECKING:
    from archproof.validators.findings import Finding

VIEW = "context"
TITLE = "Context"


def build(architecture: Architecture, findings: list[Finding]) -> Scene:
    """Build the context: outside parties, the doors they use, and what the system keeps and runs on."""
    outside = [n for n, c in architecture.components.items() if c.scope == "outside"]
    doors: dict[str, None] = {}
    edges: list[Edge] = []
    for number, link in enumerate(architecture.links):
        ends = (link.source in outside, link.target in outside)
        if ends == (True, False):
            doors.setdefault(link.target)
        elif ends == (False, True):
            doors.setdefault(link.source)
        if any(ends) and link.source != link.target:
            edges.append(Edge(f"link{number}", link.source, link.target, link.title, edge_kind(link)))
    system = architecture.system
    title = system.title or system.name
    groups = (Group("system", title, "generic"),)
    nodes = [node(architecture, n) for n in outside]
    nodes += [node(architecture, n, group="system") for n in doors]
    rest = [n for n in architecture.components if n not in outside and n not in doors]
    if rest:
        nodes.append(_inside(architecture, rest))
        edges += _inward(architecture, list(doors), set(rest))
    return Scene(
        "context", f"{title}: context", tuple(nodes), groups, join(edges), direction="RIGHT",
        subtitle=system.summary or "", description=f"{len(outside)} parties outside use {len(doors)} ways in",
    )  # fmt: skip


def _inside(architecture: Architecture, rest: list[str]) -> Node:
    """Everything behind the doors as one node, named by what it computes with and where it keeps data."""
    kinds: dict[str, int] = {}
    for name in rest:
        component = architecture.components[name]
        if component.tier in ("compute", "data"):
            label = kind_label(component).split(" · ")[0]
            kinds[label] = kinds.get(label, 0) + 1
    names = [label for label, _ in sorted(kinds.items(), key=lambda item: (-item[1], item[0]))]
    told = ", ".join(names if len(names) <= 3 else names[:2])
    told += f" and {len(names) - 2} more kinds" if len(names) > 3 else ""
    first = next((n for n in rest if architecture.components[n].tier == "compute"), rest[0])
    kind = architecture.components[first].kind
    return Node("inside", "Services and data", kind, kind, subtitle=told, group="system")


def _inward(architecture: Architecture, doors: list[str], rest: set[str]) -> list[Edge]:
    """From each door that leads further inside, one arrow."""
    edges = []
    for door in doors:
        onward = [link for link in architecture.links if link.source == door and link.target in rest]
        if onward:
            verbs = dict.fromkeys(link.title for link in onward)
            kind: EdgeKind = "async" if all(edge_kind(link) == "async" for link in onward) else "data"
            edges.append(Edge(f"in:{door}", door, "inside", ", ".join(verbs), kind))
    return edges
