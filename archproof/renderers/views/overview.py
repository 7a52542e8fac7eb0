"""The overview: everything that matters, by tier, with the zones of a VPC merged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archproof.model.architecture import Architecture
from archproof.renderers.scene import Edge, Node, Overlay, Scene
from archproof.renderers.views._joins import joins, vpns
from archproof.renderers.views._parts import badges, edge_kind, folded, join, kind_label, label, node
from archproof.renderers.views._places import Frame

if TYPE_CHECKING:
    from archproof.validators.findings import Finding

VIEW = "overview"
TITLE = "Overview"

_NETWORK_ONLY = frozenset({
    "vpc", "subnet", "route_table", "network_acl", "security_group", "flow_log", "internet_gateway", "nat_gateway",
    "egress_only_gateway", "vpc_endpoint",
})  # fmt: skip


def build(architecture: Architecture, findings: list[Finding]) -> Scene:
    """Build the overview of an architecture."""
    fold = folded(architecture)
    drawn = {n: n for n in architecture.components}
    gathered: dict[str, list[str]] = {}
    for name, component in architecture.components.items():
        if name in fold:
            drawn[name] = fold[name] or ""
        elif component.kind in _NETWORK_ONLY or _is_chip(architecture, name):
            drawn[name] = ""
        elif component.gathered:
            gathered.setdefault(component.gathered, []).append(name)
            drawn[name] = f"all:{component.gathered}"
    frame = Frame(architecture)
    marks = badges(findings)
    extra = _chips(architecture, drawn)
    chips = {n: (*frame.overlays_of(n), *extra.get(n, ())) for n in architecture.components}
    nodes = [
        node(architecture, n, group=frame.group_of(n), overlays=chips[n], badges=marks.get(n, ()))
        for n in architecture.components
        if drawn[n] == n
    ]
    nodes += [_gathering(architecture, title, members, frame) for title, members in gathered.items()]
    joining, attached = joins(architecture, "region")
    nodes += joining
    edges = join([*_edges(architecture, drawn), *attached, *vpns(architecture)])
    nodes, groups = frame.finish(nodes, edges)
    shown = {n.id for n in nodes} | {g.id for g in groups}  # a VPC that holds nothing is not drawn
    edges = tuple(e for e in edges if e.source in shown and e.target in shown)
    used = {o for n in nodes for o in n.overlays}
    return Scene(
        "overview",
        architecture.system.title or architecture.system.name,
        tuple(nodes),
        tuple(groups),
        edges,
        subtitle=architecture.system.summary or "",
        overlays=tuple(_overlay(architecture, o) for o in sorted(used)),
        description=_description(architecture, nodes),
    )


def _is_chip(architecture: Architecture, name: str) -> bool:
    """Whether a component is drawn on what names it: its kind says so, and something does name it."""
    return bool(architecture.components[name].chip) and any(r.target == name for r in architecture.references)


def _chips(architecture: Architecture, drawn: dict[str, str]) -> dict[str, tuple[str, ...]]:
    """What is drawn on a node and not beside it: its web ACL, and where it sends dead letters.

    As arrows the dead letters would all cross the picture to one queue.
    """
    found: dict[str, dict[str, None]] = {}
    for reference in architecture.references:
        target = architecture.components.get(reference.target)
        if target is not None and target.chip and drawn[reference.source] == reference.source:
            found.setdefault(reference.source, {}).setdefault(f"{target.chip}:{reference.target}")
    for link in architecture.links:
        if link.verb.verb == "dead_letter" and drawn[link.source] == link.source and drawn[link.target]:
            found.setdefault(link.source, {}).setdefault(f"dead_letter:{drawn[link.target]}")
    return {name: tuple(chips) for name, chips in found.items()}


def _overlay(architecture: Architecture, name: str) -> Overlay:
    kind, _, what = name.partition(":")
    if kind == "group":
        return Overlay(name, what)
    title = architecture.title(what) if kind == "dead_letter" else kind_label(architecture.components[what])
    return Overlay(name, title, kind)


def _gathering(architecture: Architecture, title: str, members: list[str], frame: Frame) -> Node:
    """One node for all components of a gathered service."""
    counts: dict[str, int] = {}
    for member in members:
        kind = architecture.components[member].kind.replace("_", " ")
        counts[kind] = counts.get(kind, 0) + 1
    told = ", ".join(f"{count} {kind}{'s' if count != 1 else ''}" for kind, count in sorted(counts.items()))
    first = architecture.components[members[0]]
    return Node(f"all:{title}", title, first.kind, first.kind, subtitle=told, group=frame.group_of(members[0]))


def _edges(architecture: Architecture, drawn: dict[str, str]) -> list[Edge]:
    edges = []
    for number, link in enumerate(architecture.links):
        source, target = drawn[link.source], drawn[link.target]
        if not source or not target or source == target or link.verb.verb == "dead_letter":
            continue
        watching = source.startswith("all:") or target.startswith("all:")
        if target.startswith("all:"):
            continue
        text = label(architecture, link)
        edges.append(Edge(f"link{number}", source, target, text, "reference" if watching else edge_kind(link)))
    linked = {(e.source, e.target) for e in edges} | {(e.target, e.source) for e in edges}
    parts = {(r.source, r.target) for r in architecture.references}
    for number, reference in enumerate(architecture.references):
        holder = drawn.get(reference.target)
        if holder != reference.target and (reference.target, holder) not in parts:
            continue  # a shared key is drawn as part of one that names it: the others do not name that one
        if reference.meaning.edge != "reference" or reference.target not in drawn or reference.path[2:3] == ("in",):
            continue
        if reference.path[2:3] == ("access_logs",):
            continue  # everything logs there: as arrows they would say nothing and cross all others
        source, target = drawn[reference.source], drawn[reference.target]
        if not source or not target or source == target or ":" in source + target or (source, target) in linked:
            continue
        linked |= {(source, target), (target, source)}
        edges.append(Edge(f"reference{number}", source, target, str(reference.path[2]).replace("_", " "), "reference"))
    return edges


def _description(architecture: Architecture, nodes: list[Node]) -> str:
    count = f"{len(nodes)} component{'s' if len(nodes) != 1 else ''}"
    return f"{architecture.system.title or architecture.system.name}: {count} in {architecture.region}"
