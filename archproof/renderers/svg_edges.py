"""Lines with rounded corners that hop over the lines they cross, and the arrowheads at their ends."""

from __future__ import annotations

from collections.abc import Sequence

from archproof.renderers.placed import PlacedEdge, Point
from archproof.renderers.svg_parts import num

RADIUS, HOP, HEAD = 8.0, 4.0, 8.0
STYLES = {
    "data": ("1.6", ""),
    "network": ("1.8", ""),
    "async": ("1.6", "6 4"),
    "permission": ("1.6", "1.5 3.5"),
    "reference": ("1.3", "3 3"),
    "broken": ("2", "7 5"),
    "doubtful": ("1.8", "1.5 4"),
    "undeclared": ("2.2", ""),
    "way": ("2.6", ""),
}


def hops(edges: Sequence[PlacedEdge]) -> dict[tuple[int, int], list[float]]:
    """Where each level piece of an edge hops over upright pieces of others: {(edge, piece): [x, …]}."""
    upright = sorted(
        (p[0], min(p[1], q[1]), max(p[1], q[1]), i)
        for i, e in enumerate(edges)
        for p, q in zip(e.points, e.points[1:], strict=False)
        if abs(p[0] - q[0]) < 0.01 and abs(p[1] - q[1]) > 0.01
    )
    found: dict[tuple[int, int], list[float]] = {}
    for i, edge in enumerate(edges):
        for k, (p, q) in enumerate(zip(edge.points, edge.points[1:], strict=False)):
            if abs(p[1] - q[1]) > 0.01:
                continue
            left, right, room = min(p[0], q[0]), max(p[0], q[0]), RADIUS + HOP
            xs = [
                x for x, top, bottom, j in upright if j != i and left + room < x < right - room and top < p[1] < bottom
            ]
            # hops too close to one another would run together: one does for both
            kept = [x for n, x in enumerate(xs) if n == 0 or x - xs[n - 1] > 2 * HOP + 1]
            if kept:
                found[i, k] = kept
    return found


def line(points: Sequence[Point], jumps: dict[int, list[float]], cut: tuple[float, float]) -> str:
    """The path of an edge, shortened by `cut` at its ends so that it does not show beneath the heads."""
    pts = [shortened(points[0], points[1], cut[0]), *points[1:-1], shortened(points[-1], points[-2], cut[1])]
    path = [f"M{num(pts[0][0])} {num(pts[0][1])}"]
    for k in range(len(pts) - 1):
        p, q = pts[k], pts[k + 1]
        forward = q[0] > p[0]
        for x in sorted(jumps.get(k, []), reverse=not forward):
            step = HOP if forward else -HOP
            path.append(f"H{num(x - step)}A{num(HOP)} {num(HOP)} 0 0 {int(forward)} {num(x + step)} {num(q[1])}")
        if k == len(pts) - 2:
            path.append(f"L{num(q[0])} {num(q[1])}")
            break
        after = pts[k + 2]
        radius = min(RADIUS, distance(p, q) / 2, distance(q, after) / 2)
        a, b = shortened(q, p, radius), shortened(q, after, radius)
        path.append(f"L{num(a[0])} {num(a[1])}Q{num(q[0])} {num(q[1])} {num(b[0])} {num(b[1])}")
    return "".join(path)


def distance(a: Point, b: Point) -> float:
    """How far apart two points of an orthogonal line are."""
    return abs(a[0] - b[0]) + abs(a[1] - b[1])


def shortened(end: Point, towards: Point, by: float) -> Point:
    """The point `by` away from `end` in the direction of `towards`."""
    size = distance(end, towards)
    if size == 0:
        return end
    by = min(by, size)
    return end[0] + (towards[0] - end[0]) * by / size, end[1] + (towards[1] - end[1]) * by / size


def head(tip: Point, before: Point, colour: str, is_open: bool) -> str:
    """An arrowhead with its tip at `tip`: a filled triangle, or an open one for what nobody waits for."""
    size = distance(tip, before) or 1.0
    ux, uy = (tip[0] - before[0]) / size, (tip[1] - before[1]) / size
    bx, by, half = tip[0] - ux * HEAD, tip[1] - uy * HEAD, HEAD * 0.5
    a, b = (bx - uy * half, by + ux * half), (bx + uy * half, by - ux * half)
    corners = f"M{num(a[0])} {num(a[1])}L{num(tip[0])} {num(tip[1])}L{num(b[0])} {num(b[1])}"
    if is_open:
        return f'<path d="{corners}" fill="none" stroke="{colour}" stroke-width="1.6" stroke-linejoin="round"/>'
    return f'<path d="{corners}Z" fill="{colour}"/>'
