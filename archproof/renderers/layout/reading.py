"""ELK's answer turned into a `LaidOut` picture: absolute places, titles, header and legend."""

from __future__ import annotations

from typing import Any

from archproof.renderers import text
from archproof.renderers.layout import boxes
from archproof.renderers.layout.graph import GROUP_ICON, TITLE_HEIGHT, TITLE_WIDTH, Variant, has_icon
from archproof.renderers.placed import (
    Box,
    Chip,
    LaidOut,
    LegendEntry,
    PlacedBadge,
    PlacedEdge,
    PlacedGroup,
    PlacedNode,
    Point,
    Text,
)
from archproof.renderers.scene import Badge, Edge, Group, Node, Scene

MARGIN = 28.0
SEVERITIES = ("info", "low", "medium", "high", "critical")
LEGEND_WORDS = {
    "data": "data or call",
    "network": "network path",
    "async": "asynchronous",
    "permission": "permission",
    "reference": "reference",
    "broken": "declared, and blocked",
    "doubtful": "not known",
    "undeclared": "open, though no link says so",
    "way": "the way that was found",
    "security_group": "security group",
    "dead_letter": "sends what fails to a dead-letter queue",
    "waf": "behind a web ACL",
    "missing": "declared, and not there",
    "extra": "there, and not declared",
    "changed": "there, and otherwise",
}


def read(scene: Scene, graph: dict[str, Any], variant: Variant) -> LaidOut:
    """The picture with its content at ELK's places, below a header and above a legend."""
    shapes = {entry["id"]: entry for entry in flat(graph.get("children", []))}
    lines = {entry["id"]: entry for entry in graph.get("edges", [])}
    header, top = heading(scene)
    extent = extents(graph, lines)
    dx, dy = MARGIN - extent.x, top - extent.y
    groups = tuple(sorted((group(g, shapes, scene, dx, dy) for g in scene.groups), key=lambda g: g.depth))
    nodes = tuple(node(n, scene, shapes, variant, dx, dy) for n in scene.nodes)
    edges = tuple(edge(e, lines[f"e:{e.id}"], variant.reverses(e), dx, dy) for e in scene.edges)
    width = max([extent.width + 2 * MARGIN, *(t.box.right + MARGIN for t in header)])
    told, below = notes(scene, top + extent.height + 26)
    width = max([width, *(t.box.right + MARGIN for t in told)])
    legend, bottom = legend_line(scene, below - 4, width)
    return LaidOut(scene, round(width), round(bottom), nodes, groups, edges, (*header, *told), legend)


def flat(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """All shapes of the hierarchy; their coordinates are from the root already."""
    return [shape for entry in entries for shape in (entry, *flat(entry.get("children", [])))]


def extents(graph: dict[str, Any], lines: dict[str, dict[str, Any]]) -> Box:
    """What nodes, edges and labels cover."""
    xs, ys = [0.0], [0.0]
    shapes = graph.get("children", []) + [label for line in lines.values() for label in line.get("labels", [])]
    for shape in shapes:
        xs += [shape["x"], shape["x"] + shape["width"]]
        ys += [shape["y"], shape["y"] + shape["height"]]
    for line in lines.values():
        for x, y in points(line):
            xs.append(x)
            ys.append(y)
    if shapes:
        del xs[0], ys[0]
    return Box(min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys))


def points(line: dict[str, Any]) -> list[Point]:
    """The corners of an edge."""
    found: list[Point] = []
    for section in line.get("sections", []):
        for p in (section["startPoint"], *section.get("bendPoints", []), section["endPoint"]):
            found.append((p["x"], p["y"]))
    return found


def heading(scene: Scene) -> tuple[tuple[Text, ...], float]:
    """Title and subtitle of the picture and where the content begins."""
    if not text.clean(scene.title):
        return (), MARGIN
    title = text.shorten(text.clean(scene.title), 900, 24, bold=True)
    texts, y = [boxes.line(title, MARGIN, MARGIN, 24, "heading", bold=True)], MARGIN + 32.0
    for content in text.wrap(scene.subtitle, 900, 13.5, lines=2) if text.clean(scene.subtitle) else []:
        texts.append(boxes.line(content, MARGIN, y, 13.5, "subheading"))
        y += 19
    return tuple(texts), y + 14


def notes(scene: Scene, y: float) -> tuple[tuple[Text, ...], float]:
    """The lines below the picture, and where what follows begins."""
    texts: list[Text] = []
    for note in scene.notes:
        for position, content in enumerate(text.wrap(text.clean(note), 860, 13, lines=3)):
            texts.append(boxes.line(content, MARGIN + (18 if position else 0), y, 13, "note"))
            y += 19
    return tuple(texts), y + (16 if texts else 0)


def group(item: Group, shapes: dict[str, dict[str, Any]], scene: Scene, dx: float, dy: float) -> PlacedGroup:
    """A container with its title in the upper left corner."""
    shape = shapes[f"g:{item.id}"]
    box = place(shape, dx, dy)
    parents = {g.id: g.parent for g in scene.groups}
    depth, parent = 0, item.parent
    while parent is not None:
        depth, parent = depth + 1, parents[parent]
    icon = Box(box.x, box.y, GROUP_ICON, GROUP_ICON) if has_icon(item) else None
    left = box.x + (GROUP_ICON + 8 if icon else 12)
    room = min(TITLE_WIDTH, box.right - left - 8)
    shown = text.shorten(text.clean(item.title), room, boxes.GROUP_TITLE, bold=True)
    y = box.y + (GROUP_ICON - boxes.GROUP_TITLE) / 2 - 1 if icon else box.y + (TITLE_HEIGHT - boxes.GROUP_TITLE) / 2 - 3
    return PlacedGroup(item, box, boxes.line(shown, left, y, boxes.GROUP_TITLE, "group", bold=True), icon, depth)


def place(shape: dict[str, Any], dx: float, dy: float) -> Box:
    """The box of an ELK shape in the picture."""
    return Box(
        round(shape["x"] + dx, 2), round(shape["y"] + dy, 2), round(shape["width"], 2), round(shape["height"], 2)
    )


def node(
    item: Node, scene: Scene, shapes: dict[str, dict[str, Any]], variant: Variant, dx: float, dy: float
) -> PlacedNode:
    """A card at its place."""
    overlays = {o.id: o for o in scene.overlays}
    box = place(shapes[f"n:{item.id}"], dx, dy)
    card = boxes.card(item, [overlays[o] for o in item.overlays], variant.style)
    texts = tuple(t.moved(box.x, box.y) for t in card.texts)
    chips = tuple(Chip(c.box.moved(box.x, box.y), c.text.moved(box.x, box.y), c.kind, c.id) for c in card.chips)
    return PlacedNode(item, box, card.icon.moved(box.x, box.y), texts, chips, badge(item.badges, box))


def badge(badges: tuple[Badge, ...], box: Box) -> PlacedBadge | None:
    """One mark on the card's upper right corner, the worst finding first."""
    if not badges:
        return None
    ordered = sorted(badges, key=lambda b: (-SEVERITIES.index(b.severity), b.id, b.text))
    marks = ", ".join(b.mark for b in badges if b.mark)
    width = max(22.0, text.width(marks, 11.5, bold=True) + 14) if marks else 22.0
    return PlacedBadge(Box(box.right + 9 - width, box.y - 9, width, 22), tuple(badges if marks else ordered))


def edge(item: Edge, line: dict[str, Any], reverse: bool, dx: float, dy: float) -> PlacedEdge:
    """A line, turned round again if the layout saw it reversed."""
    corners = tuple((round(x + dx, 2), round(y + dy, 2)) for x, y in points(line))
    if reverse:
        corners = corners[::-1]
    labels = line.get("labels", [])
    if not labels:
        return PlacedEdge(item, corners)
    return label_at(PlacedEdge(item, corners), place(labels[0], dx, dy))


def label_at(placed: PlacedEdge, box: Box) -> PlacedEdge:
    """The edge with its label on this box."""
    _, _, lines = boxes.edge_label(placed.edge.label)
    texts = []
    for i, content in enumerate(lines):
        y = box.y + 2 + i * boxes.LABEL * boxes.LINE + 0.8
        texts.append(boxes.line(content, box.centre[0], y, boxes.LABEL, "label", "middle"))
    return PlacedEdge(placed.edge, placed.points, box, tuple(texts))


def legend_line(scene: Scene, y: float, width: float) -> tuple[tuple[LegendEntry, ...], float]:
    """What the kinds of lines mean, if there is more than one kind; and where the picture ends."""
    kinds = [k for k in LEGEND_WORDS if any(e.kind == k for e in scene.edges)]
    chips = {o.kind for o in scene.overlays}
    kinds += [k for k in ("security_group", "waf", "dead_letter") if k in chips]
    there = {n.change for n in scene.nodes} | {e.change for e in scene.edges}
    there |= {g.change for g in scene.groups} | {o.change for o in scene.overlays}
    changes = [c for c in ("missing", "extra", "changed") if c in there]
    if not scene.legend or len(kinds) + len(changes) < 2:
        return (), y - 22 + MARGIN
    entries, x = [], MARGIN
    meanings = LEGEND_WORDS | dict(scene.meanings)
    for kind in kinds + changes:
        label = boxes.line(meanings.get(kind, kind), x + 38, y, 11.0, "legend")
        if x > MARGIN and label.box.right + MARGIN > width:
            x, y = MARGIN, y + 20
            label = boxes.line(meanings.get(kind, kind), x + 38, y, 11.0, "legend")
        entries.append(LegendEntry(kind, Box(x, y - 2, 30, 16), label))
        x = label.box.right + 26
    return tuple(entries), y + 16 + MARGIN * 0.8
