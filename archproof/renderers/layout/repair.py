"""Mend what the gate dislikes and a layouter cannot know: titles that a line strikes through, labels in the way.

Titles slide along the upper or lower border of their container; labels slide along their own line. Each
takes the first free place in a fixed order, so the result is the same in every run.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from archproof.renderers.layout.reading import label_at
from archproof.renderers.placed import Box, LaidOut, PlacedEdge, PlacedGroup
from archproof.renderers.quality import cuts, segments


def mend(laid_out: LaidOut) -> LaidOut:
    """The picture with titles and labels moved to free places where there are any."""
    laid_out = replace(laid_out, groups=titles(laid_out))
    return replace(laid_out, edges=labels(laid_out))


def titles(laid_out: LaidOut) -> tuple[PlacedGroup, ...]:
    """Every container, its title where no line, card or label is."""
    lines = [s for e in laid_out.edges for s in segments(e)]
    solid = [n.box for n in laid_out.nodes] + [e.label for e in laid_out.edges if e.label]
    placed: list[PlacedGroup] = []
    for i, group in enumerate(laid_out.groups):
        taken = solid + [g.title_box for g in placed] + [g.title_box for g in laid_out.groups[i + 1 :]]
        inner = [g.box for g in laid_out.groups if g.group.parent == group.group.id]
        for dx, dy in title_moves(group):
            spot = group.title_box.moved(dx, dy)
            roomy = Box(spot.x - 4, spot.y - 2, spot.width + 8, spot.height + 4)
            if not any(cuts(s, roomy) for s in lines) and not any(spot.overlaps(b) for b in taken + inner):
                icon = group.icon.moved(dx, dy) if group.icon else None
                placed.append(replace(group, title=group.title.moved(dx, dy), icon=icon))
                break
        else:
            placed.append(group)
    return tuple(placed)


def title_moves(group: PlacedGroup) -> Iterator[tuple[float, float]]:
    """Places for a title: as it is, then along the upper border, then along the lower one."""
    spot, box = group.title_box, group.box
    # a title with an icon is flush with the corner, and so stays on the border wherever it slides to
    below = box.bottom - spot.bottom - (0 if group.icon else spot.y - box.y)
    room = int(box.right - spot.right - 6)
    for dy in (0.0, below):
        for dx in range(0, max(room, 0) + 1, 8):
            yield float(dx), dy


def labels(laid_out: LaidOut) -> tuple[PlacedEdge, ...]:
    """Every edge, its label on a free stretch of its own line."""
    solid = [n.box for n in laid_out.nodes] + [g.title_box for g in laid_out.groups]
    solid += [n.badge.box for n in laid_out.nodes if n.badge]
    borders = [side for g in laid_out.groups for side in sides(g.box)]
    edges = list(laid_out.edges)
    for i, edge in enumerate(edges):
        if edge.label is None or len(edge.points) < 2:
            continue
        lines = [s for j, other in enumerate(edges) if j != i for s in segments(other)]
        others = solid + [e.label for j, e in enumerate(edges) if j != i and e.label]
        for spot in (edge.label, *spots(edge)):
            free = not any(cuts(s, spot) for s in lines) and not any(spot.overlaps(b) for b in others)
            if free and (spot is not edge.label or not any(cuts(s, spot) for s in borders)):
                edges[i] = label_at(edge, spot) if spot is not edge.label else edge
                break
        else:
            continue
    return tuple(edges)


def sides(box: Box) -> list[tuple[tuple[float, float], tuple[float, float]]]:
    """The four border lines of a box."""
    a, b, c, d = (box.x, box.y), (box.right, box.y), (box.right, box.bottom), (box.x, box.bottom)
    return [(a, b), (b, c), (c, d), (d, a)]


def spots(edge: PlacedEdge) -> Iterator[Box]:
    """Places for a label: on the longest pieces of its line first, from the middle outwards."""
    assert edge.label is not None
    width, height = edge.label.width, edge.label.height
    ordered = sorted(segments(edge), key=lambda s: -(abs(s[0][0] - s[1][0]) + abs(s[0][1] - s[1][1])))
    for (x1, y1), (x2, y2) in ordered:
        need = width if abs(x2 - x1) > abs(y2 - y1) else height
        size = abs(x2 - x1) + abs(y2 - y1)
        if size < need + 16:
            continue
        for at in (0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8, 0.1, 0.9):
            if min(at, 1 - at) * size >= need / 2 + 8:
                x, y = x1 + at * (x2 - x1), y1 + at * (y2 - y1)
                yield Box(round(x - width / 2, 2), round(y - height / 2, 2), width, height)
