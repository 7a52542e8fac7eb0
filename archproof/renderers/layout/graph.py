"""A scene in ELK's terms: nested boxes, edges and the options of the layered algorithm."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from archproof.renderers import text
from archproof.renderers.layout import boxes
from archproof.renderers.scene import Edge, Group, Scene, ancestors

TITLE_HEIGHT = 34.0
GROUP_ICON = 24.0
TITLE_WIDTH = 360.0
"""The longest title that a container is made wide enough for."""
# Kinds whose corner carries AWS's icon for the container
ICON_KINDS = frozenset(
    {"cloud", "account", "region", "vpc", "subnet_public", "subnet_private", "subnet_isolated", "auto_scaling_group"}
)


@dataclass(frozen=True, slots=True)
class Variant:
    """One way to ask for a layout; `choose` tries several."""

    direction: str
    options: tuple[tuple[str, str], ...] = ()
    turned: frozenset[str] = frozenset()

    @property
    def style(self) -> boxes.Style:
        """The card style that suits the direction."""
        return "tall" if self.direction == "RIGHT" else "wide"

    def reverses(self, edge: Edge) -> bool:
        """Tell whether the layouter sees the edge the other way round."""
        return edge.reverse_for_layout != (edge.id in self.turned)


def has_icon(group: Group) -> bool:
    """Tell whether the group's title is led by an icon."""
    return bool(group.icon) or group.kind in ICON_KINDS


def title_width(group: Group) -> float:
    """The width that a container needs for its title."""
    shown = text.shorten(text.clean(group.title), TITLE_WIDTH, boxes.GROUP_TITLE, bold=True)
    return text.width(shown, boxes.GROUP_TITLE, bold=True) * boxes.SLACK + (GROUP_ICON + 8 if has_icon(group) else 0)


def elk_graph(scene: Scene, variant: Variant) -> dict[str, Any]:
    """The whole scene as one ELK graph; edges are at the root, with coordinates from the root."""
    overlays = {o.id: o for o in scene.overlays}
    children: dict[str | None, list[dict[str, Any]]] = {}
    busy = linked_groups(scene)
    for group in scene.groups:
        children.setdefault(group.parent, []).append({"id": f"g:{group.id}", "group": group})
    for node in scene.nodes:
        card = boxes.card(node, [overlays[o] for o in node.overlays], variant.style)
        entry = {"id": f"n:{node.id}", "width": card.width, "height": card.height}
        children.setdefault(node.group, []).append(entry)
    root = {"id": "root", "layoutOptions": root_options(variant), "children": nest(None, children, busy, variant)}
    ends = {n.id: f"n:{n.id}" for n in scene.nodes} | {g.id: f"g:{g.id}" for g in scene.groups}
    root["edges"] = [elk_edge(edge, ends, variant) for edge in scene.edges]
    return root


def linked_groups(scene: Scene) -> set[str]:
    """The groups that an edge starts at, ends at or passes into."""
    home: dict[str, str | None] = {n.id: n.group for n in scene.nodes} | {g.id: g.id for g in scene.groups}
    groups = {g.id: g for g in scene.groups}
    return {a for e in scene.edges for end in (e.source, e.target) for a in ancestors(groups, home[end])}


def nest(
    parent: str | None, children: dict[str | None, list[dict[str, Any]]], busy: set[str], variant: Variant
) -> list[dict[str, Any]]:
    """The entries of a container with the containers in it."""
    entries = []
    for entry in children.get(parent, []):
        group = entry.pop("group", None)
        if isinstance(group, Group):
            entry["children"] = nest(group.id, children, busy, variant)
            entry["layoutOptions"] = group_options(group, group.id in busy, len(entry["children"]), variant)
            if not entry["children"]:
                entry["width"], entry["height"] = max(140.0, title_width(group) + 28), TITLE_HEIGHT + 30
        entries.append(entry)
    return entries


def root_options(variant: Variant) -> dict[str, str]:
    """Options of the layered algorithm for a whole picture."""
    return {
        "elk.algorithm": "layered",
        "elk.direction": variant.direction,
        "elk.hierarchyHandling": "INCLUDE_CHILDREN",
        "elk.edgeRouting": "ORTHOGONAL",
        "elk.json.edgeCoords": "ROOT",
        "elk.json.shapeCoords": "ROOT",
        "elk.padding": "[top=0,left=0,bottom=0,right=0]",
        **spacing(),
        **dict(variant.options),
    }


def spacing() -> dict[str, str]:
    """Distances; ELK does not inherit them, so that every container gets them too."""
    return {
        "elk.spacing.nodeNode": "18",
        "elk.spacing.edgeNode": "13",
        "elk.spacing.edgeEdge": "10",
        "elk.spacing.edgeLabel": "4",
        "elk.spacing.labelNode": "8",
        "elk.spacing.componentComponent": "24",
        "elk.layered.spacing.nodeNodeBetweenLayers": "18",
        "elk.layered.spacing.edgeNodeBetweenLayers": "12",
        "elk.layered.spacing.edgeEdgeBetweenLayers": "10",
        "elk.layered.thoroughness": "20",
        "elk.randomSeed": "7",
    }


def group_options(group: Group, busy: bool, count: int, variant: Variant) -> dict[str, str]:
    """Options of one container: room for its title; members without edges are packed in a block."""
    options = {
        "elk.padding": f"[top={TITLE_HEIGHT + 4:g},left=15,bottom=15,right=15]",
        "elk.nodeSize.constraints": "MINIMUM_SIZE",
        "elk.nodeSize.minimum": f"({title_width(group) + 28:.0f},{TITLE_HEIGHT + 30:.0f})",
        **spacing(),
        **dict(variant.options),
    }
    if not busy and count:
        options |= {
            "elk.hierarchyHandling": "SEPARATE_CHILDREN",
            "elk.algorithm": "rectpacking",
            "elk.aspectRatio": "3.2" if variant.direction == "DOWN" else "0.75",
        }
    return options


def elk_edge(edge: Edge, ends: dict[str, str], variant: Variant) -> dict[str, Any]:
    """One edge, its label inline (on the line)."""
    source, target = ends[edge.source], ends[edge.target]
    if variant.reverses(edge):
        source, target = target, source
    entry: dict[str, Any] = {"id": f"e:{edge.id}", "sources": [source], "targets": [target]}
    if text.clean(edge.label):
        width, height, _ = boxes.edge_label(edge.label)
        options = {"elk.edgeLabels.inline": "true", "elk.edgeLabels.placement": "CENTER"}
        entry["labels"] = [
            {"id": f"l:{edge.id}", "text": "x", "width": width, "height": height, "layoutOptions": options}
        ]
    return entry
