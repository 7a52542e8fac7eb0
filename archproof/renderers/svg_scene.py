"""A laid-out scene as SVG: containers, lines, labels, cards, marks, legend, in this order from the bottom."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from archproof.renderers import svg_edges
from archproof.renderers.options import Options
from archproof.renderers.placed import Box, Chip, LaidOut, PlacedBadge, PlacedEdge, PlacedGroup, PlacedNode, Text
from archproof.renderers.scene import Scene
from archproof.renderers.svg_parts import Canvas, esc, num, rect, safe_href

SIGNS = {
    "security_group": "M4 0l4 1.400v3c0 2.600-1.600 4.400-4 5.400-2.400-1-4-2.800-4-5.400v-3z",
    "waf": "M0 1h8v3.500h-8zM0 4.500h8v3.500h-8zM4 1v3.500M2 4.500v3.500M6 4.500v3.500",
    "dead_letter": "M0 2h5.500a2.500 2.500 0 0 1 0 5h-5.500m2.500-2.500l-2.500 2.500l2.500 2.500",
}
DASHED = {"region": "6 4", "auto_scaling_group": "6 4", "security_group": "5 3", "zone": "4 4", "generic": "4 4"}
ROUND = frozenset({"zone", "generic"})
CHANGES = {
    "missing": "M-4.500 0H4.500", "extra": "M-4.500 0H4.500M0 -4.500V4.500",
    "changed": "M-4.500 -2H4.500M-4.500 2H4.500M2 -5L-2 5",
}  # fmt: skip
"""The signs of differences: less, more, not equal."""
_UNCHANGED: Mapping[str, str] = MappingProxyType({})


def paint(laid_out: LaidOut, options: Options) -> bytes:
    """The SVG file of a laid-out scene."""
    canvas = Canvas(laid_out.scene.id, options)
    for group in laid_out.groups:
        paint_group(canvas, group)
    jumps = svg_edges.hops(laid_out.edges)
    for i, edge in enumerate(laid_out.edges):
        paint_edge(canvas, edge, {k: xs for (j, k), xs in jumps.items() if j == i})
    for group in laid_out.groups:
        paint_title(canvas, group)
    for edge in laid_out.edges:
        paint_label(canvas, edge)
    changed = {overlay.id: overlay.change for overlay in laid_out.scene.overlays}
    for node in laid_out.nodes:
        paint_node(canvas, node, changed)
    for item in laid_out.header:
        canvas.text(item, "ink" if item.role == "heading" else "muted")
    paint_legend(canvas, laid_out)
    scene = laid_out.scene
    return canvas.document(laid_out.width, laid_out.height, scene.title, scene.description or describe(scene))


def describe(scene: Scene) -> str:
    """The picture in words, for those who cannot see it."""
    names = {n.id: n.title or n.id for n in scene.nodes} | {g.id: g.title or g.id for g in scene.groups}
    told = [f"{names[e.source]} to {names[e.target]}{f' ({e.label})' if e.label else ''}" for e in scene.edges[:60]]
    more = f", and {len(scene.edges) - 60} more" if len(scene.edges) > 60 else ""
    count = f"{len(scene.nodes)} components, {len(scene.edges)} connections"
    return f"{count}{': ' if told else ''}{'; '.join(told)}{more}."


def paint_group(canvas: Canvas, placed: PlacedGroup) -> None:
    """The area of a container."""
    kind, colours = placed.group.kind, canvas.palette
    dash = {"stroke_dasharray": DASHED[kind]} if kind in DASHED else {}
    change = placed.group.change
    line = colours.get(change or kind, "generic")
    fill = colours.get(f"fill_{kind}", "fill_generic")
    radius = 10 if kind in ROUND or placed.icon is None else 2
    width = "2.4" if change else "1" if kind in ROUND else "1.4"
    canvas.add(f'<g class="group" data-id="{esc(placed.group.id)}">')
    if placed.group.tooltip:
        canvas.add(f"<title>{esc(placed.group.tooltip)}</title>")
    canvas.add(rect(placed.box, radius, fill=fill, stroke=line, stroke_width=width, **dash), "</g>")


def paint_title(canvas: Canvas, placed: PlacedGroup) -> None:
    """Icon and title of a container."""
    kind = placed.group.kind
    if placed.icon is not None:
        canvas.icon(placed.group.icon or f"group:{kind}", placed.icon, plate=False)
    canvas.text(placed.title, placed.group.change or (kind if kind not in ("cloud",) else "ink"))


def edge_colour(placed: PlacedEdge) -> str:
    """The name of an edge's colour: a difference or a verdict speaks louder than the kind."""
    return placed.edge.change or placed.edge.emphasis or placed.edge.kind


def paint_edge(canvas: Canvas, placed: PlacedEdge, jumps: dict[int, list[float]]) -> None:
    """The line of an edge with its heads."""
    edge, points = placed.edge, placed.points
    if len(points) < 2:
        return
    colour = canvas.palette.get(edge_colour(placed), "data")
    width, dash = svg_edges.STYLES[edge.kind]
    if edge.change == "missing":
        dash = "4 4"
    is_open = edge.kind == "async"
    inset = 1.5 if is_open else svg_edges.HEAD - 1
    path = svg_edges.line(points, jumps, (inset if edge.bidirectional else 0, inset))
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    caps = ' stroke-linecap="round"' if edge.kind == "permission" else ""
    canvas.add(
        f'<g class="edge" data-id="{esc(edge.id)}" data-source="{esc(edge.source)}" data-target="{esc(edge.target)}">'
    )
    if edge.tooltip or edge.label:
        canvas.add(f"<title>{esc(edge.tooltip or edge.label)}</title>")
    canvas.add(f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{width}"{dashed}{caps}/>')
    canvas.add(svg_edges.head(points[-1], points[-2], colour, is_open))
    if edge.bidirectional:
        canvas.add(svg_edges.head(points[0], points[1], colour, is_open))
    canvas.add("</g>")


def paint_label(canvas: Canvas, placed: PlacedEdge) -> None:
    """The label of an edge on a pill that hides the line beneath it."""
    if placed.label is None:
        return
    canvas.add(rect(placed.label, 5, fill=canvas.palette["pill"], fill_opacity="0.94"))
    for item in placed.texts:
        canvas.text(item, edge_colour(placed) if placed.edge.kind != "reference" else "muted")


def paint_node(canvas: Canvas, placed: PlacedNode, changed: Mapping[str, str] = _UNCHANGED) -> None:
    """A card with icon, texts, chips and the mark of its findings."""
    node, colours = placed.node, canvas.palette
    link = safe_href(node.href)
    canvas.add(
        f'<a href="{esc(link)}">' if link else "",
        f'<g class="node" data-id="{esc(node.id)}" data-kind="{esc(node.kind)}">',
    )
    told = [node.tooltip or " – ".join(p for p in (node.title, node.subtitle) if p)]
    told += [f"{b.severity}: {b.id} {b.text}".strip() for b in (placed.badge.badges if placed.badge else ())]
    canvas.add(f"<title>{esc('; '.join(told))}</title>")
    # two soft rectangles make a shadow without a filter, which not every viewer paints
    canvas.add(rect(placed.box.grown(1).moved(0, 1.5), 11, fill=colours["shadow"], fill_opacity="0.05"))
    line, fill, width, dash = colours["card_line"], colours["card"], "1", {}
    if node.change:
        line, fill, width = colours[node.change], colours[f"fill_{node.change}"], "2"
        dash = {"stroke_dasharray": "5 4"} if node.change == "missing" else {}
    canvas.add(rect(placed.box, 10, fill=fill, stroke=line, stroke_width=width, **dash))
    ghost = node.change == "missing"
    if ghost:  # what is not there is seen through
        canvas.add('<g opacity="0.55">')
    canvas.icon(node.icon or node.kind, placed.icon)
    for item in placed.texts:
        canvas.text(item, {"title": "ink", "change": node.change or "ink", "alarm": "missing"}.get(item.role, "muted"))
    for chip in placed.chips:
        paint_chip(canvas, chip, changed.get(chip.id, ""))
    if ghost:
        canvas.add("</g>")
    if placed.badge:
        paint_badge(canvas, placed.badge)
    if node.change:
        paint_change(canvas, node.change, placed.box)
    canvas.add("</g>", "</a>" if link else "")


def paint_change(canvas: Canvas, change: str, box: Box) -> None:
    """The sign of a difference on the card's upper left corner: colours alone do not reach everybody."""
    x, y = box.x + 1, box.y + 1
    canvas.add(
        f'<circle cx="{num(x)}" cy="{num(y)}" r="10.5" fill="{canvas.palette[change]}" '
        f'stroke="{canvas.palette["card"]}" stroke-width="2"/>'
        f'<path d="{CHANGES[change]}" transform="translate({num(x)} {num(y)})" fill="none" '
        f'stroke="{canvas.palette["on_mark"]}" stroke-width="2" stroke-linecap="round"/>'
    )


def paint_chip(canvas: Canvas, chip: Chip, change: str = "") -> None:
    """An overlay's pill with its sign: a shield for a security group, a turned-back arrow for dead letters."""
    colour = canvas.palette.get(change or chip.kind, "generic")
    look = {"stroke_width": "1.8"} if change else {"stroke_width": "1", "stroke_dasharray": "3 2"}
    canvas.add(
        f'<g class="chip" data-id="{esc(chip.id)}">',
        rect(chip.box, 8, fill=canvas.palette.get(f"fill_{change or chip.kind}", "fill_generic"), stroke=colour,
             **look),
    )  # fmt: skip
    x, y = chip.box.x + 6.5, chip.box.y + 3.2
    sign = SIGNS.get(chip.kind, SIGNS["security_group"])
    canvas.add(
        f'<path transform="translate({num(x)} {num(y)})" d="{sign}" fill="none" '
        f'stroke="{colour}" stroke-width="1.2" stroke-linejoin="round" stroke-linecap="round"/>'
    )
    canvas.text(chip.text, change or chip.kind)
    canvas.add("</g>")


def paint_badge(canvas: Canvas, placed: PlacedBadge) -> None:
    """The mark of a card's findings: the colour of the worst, and how many."""
    worst, (x, y) = placed.badges[0], placed.box.centre
    colour = canvas.palette.get(worst.severity, "info")
    ids = " ".join(b.id for b in placed.badges if b.id)
    marks = ", ".join(b.mark for b in placed.badges if b.mark)
    if marks:
        canvas.add(
            f'<g class="finding" data-findings="{esc(ids)}">',
            rect(placed.box, 11, fill=colour, stroke=canvas.palette["card"], stroke_width="2"),
        )
        canvas.text(Text(marks, x, y + 4.1, 11.5, 7, "middle", True), "on_mark")
        canvas.add("</g>")
        return
    canvas.add(
        f'<g class="finding" data-findings="{esc(ids)}">'
        f'<circle cx="{num(x)}" cy="{num(y)}" r="10.5" fill="{colour}" '
        f'stroke="{canvas.palette["card"]}" stroke-width="2"/>'
    )
    count = str(len(placed.badges)) if len(placed.badges) < 100 else "99+"
    content = count if len(placed.badges) > 1 else "!"
    canvas.text(Text(content, x, y + 4.1, 11.5 if len(content) < 3 else 9, 7, "middle", True), "on_mark")
    canvas.add("</g>")


def paint_legend(canvas: Canvas, laid_out: LaidOut) -> None:
    """Samples of the kinds of lines that are in the picture."""
    for entry in laid_out.legend:
        box, y = entry.sample, entry.sample.centre[1]
        colour = canvas.palette.get(entry.kind, "data")
        if entry.kind in svg_edges.STYLES:
            width, dash = svg_edges.STYLES[entry.kind]
            dashed = f' stroke-dasharray="{dash}"' if dash else ""
            canvas.add(
                f'<path d="M{num(box.x)} {num(y)}H{num(box.right - 7)}" fill="none" stroke="{colour}" '
                f'stroke-width="{width}"{dashed}/>',
                svg_edges.head((box.right, y), (box.x, y), colour, entry.kind == "async"),
            )
        elif entry.kind in CHANGES:
            paint_change(canvas, entry.kind, Box(box.x + box.width / 2 - 1, y - 1, 0, 0))
        else:
            sample = Box(box.x + 4, y - 6, box.width - 8, 12)
            dash = "3 2" if entry.kind in ("security_group", "dead_letter", "waf") else "none"
            canvas.add(rect(sample, 6, fill="none", stroke=colour, stroke_width="1.4", stroke_dasharray=dash))
        canvas.text(entry.text, "muted")
