"""The gate: what is wrong with a picture, measured on its final geometry.

It knows nothing of the layouter: titles, labels, cards and lines are taken from the `LaidOut` that the
writers paint. Crossings are reported; everything else must be zero for a picture to pass.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields

from archproof.renderers.placed import Box, LaidOut, PlacedEdge, Point
from archproof.renderers.scene import ancestors

SMALLEST_TEXT_PX = 9.0
CELL = 160.0
Segment = tuple[Point, Point]


@dataclass(frozen=True, slots=True)
class Quality:
    """Counts of faults, the smallest text and the number of crossings."""

    node_overlaps: int = 0
    edges_through_nodes: int = 0
    edges_through_groups: int = 0
    edges_on_edges: int = 0
    labels_on_nodes: int = 0
    labels_on_edges: int = 0
    labels_on_titles: int = 0
    labels_on_labels: int = 0
    edges_through_titles: int = 0
    texts_outside: int = 0
    loose_ends: int = 0
    smallest_text_px: float = 99.0
    crossings: int = 0

    @property
    def faults(self) -> int:
        """How much is wrong."""
        counts = (getattr(self, f.name) for f in fields(self) if f.name not in ("smallest_text_px", "crossings"))
        return int(sum(counts)) + (self.smallest_text_px < SMALLEST_TEXT_PX)

    @property
    def passed(self) -> bool:
        """Tell whether the picture may be shipped."""
        return self.faults == 0

    def report(self) -> str:
        """One line per measure."""
        lines = []
        for f in fields(self):
            value = getattr(self, f.name)
            if f.name == "crossings":
                mark = "info"
            elif f.name == "smallest_text_px":
                mark = "ok" if value >= SMALLEST_TEXT_PX else "FAULT"
            else:
                mark = "ok" if not value else "FAULT"
            lines.append(f"{f.name.replace('_', ' '):<22}{value:>6g}  {mark}")
        return "\n".join([*lines, "passed" if self.passed else "failed"])


class Grid:
    """Things by the square cells that they touch, so that only neighbours are compared."""

    def __init__(self) -> None:
        self._cells: dict[tuple[int, int], list[int]] = {}
        self._boxes: list[Box] = []

    def add(self, box: Box) -> int:
        """Put a box in; return its number."""
        self._boxes.append(box)
        for cell in self._touched(box):
            self._cells.setdefault(cell, []).append(len(self._boxes) - 1)
        return len(self._boxes) - 1

    def near(self, box: Box) -> list[int]:
        """The numbers of the boxes in the cells that this one touches, in order."""
        return sorted({i for cell in self._touched(box) for i in self._cells.get(cell, ())})

    @staticmethod
    def _touched(box: Box) -> Iterator[tuple[int, int]]:
        for cx in range(int(box.x // CELL), int(box.right // CELL) + 1):
            for cy in range(int(box.y // CELL), int(box.bottom // CELL) + 1):
                yield cx, cy


def grid(boxes: Iterable[Box]) -> Grid:
    """A grid of these boxes, numbered as they come."""
    made = Grid()
    for box in boxes:
        made.add(box)
    return made


def segments(edge: PlacedEdge) -> list[Segment]:
    """The straight pieces of an edge."""
    return list(zip(edge.points, edge.points[1:], strict=False))


def span(segment: Segment) -> Box:
    """The box around a segment."""
    (x1, y1), (x2, y2) = segment
    return Box(min(x1, x2), min(y1, y2), abs(x1 - x2), abs(y1 - y2))


def cuts(segment: Segment, box: Box) -> bool:
    """Tell whether a segment enters the inside of a box (Liang–Barsky; any slope)."""
    box = box.grown(-0.75)
    if box.width <= 0 or box.height <= 0:
        return False
    (x1, y1), (x2, y2) = segment
    low, high = 0.0, 1.0
    for p, q in (
        (x1 - x2, x1 - box.x),
        (x2 - x1, box.right - x1),
        (y1 - y2, y1 - box.y),
        (y2 - y1, box.bottom - y1),
    ):
        if p == 0:
            if q < 0:
                return False
        elif p < 0:
            low = max(low, q / p)
        else:
            high = min(high, q / p)
    return low <= high


def measure(laid_out: LaidOut) -> Quality:
    """Measure a picture."""
    pieces = [(i, s) for i, edge in enumerate(laid_out.edges) for s in segments(edge)]
    lines = grid(span(s) for _, s in pieces)
    crossings, overlays = crossed(pieces, lines)
    return Quality(
        node_overlaps=node_overlaps(laid_out),
        edges_through_nodes=edges_through_nodes(laid_out, pieces, lines),
        edges_through_groups=edges_through_groups(laid_out, pieces, lines),
        edges_on_edges=overlays,
        labels_on_nodes=labels_on_nodes(laid_out),
        labels_on_edges=labels_on_edges(laid_out, pieces, lines),
        labels_on_titles=labels_on_titles(laid_out),
        labels_on_labels=overlapping([e.label for e in laid_out.edges if e.label]),
        edges_through_titles=edges_through_titles(laid_out, pieces, lines),
        texts_outside=texts_outside(laid_out),
        loose_ends=loose_ends(laid_out),
        smallest_text_px=smallest_text(laid_out),
        crossings=crossings,
    )


def overlapping(boxes: list[Box]) -> int:
    """How many pairs of boxes overlap."""
    index = grid(boxes)
    return sum(1 for i, a in enumerate(boxes) for j in index.near(a) if j < i and a.overlaps(boxes[j]))


def node_overlaps(laid_out: LaidOut) -> int:
    """Cards on cards, cards out of their container or in a foreign one, containers on containers."""
    groups = {g.group.id: g for g in laid_out.groups}
    scene_groups = {name: g.group for name, g in groups.items()}
    count = overlapping([n.box for n in laid_out.nodes])
    for node in laid_out.nodes:
        home = set(ancestors(scene_groups, node.node.group))
        for name, group in groups.items():
            count += not group.box.contains(node.box) if name in home else group.box.overlaps(node.box)
    ordered = list(groups.values())
    for i, a in enumerate(ordered):
        for b in ordered[:i]:
            around_a = ancestors(scene_groups, a.group.parent)
            around_b = ancestors(scene_groups, b.group.parent)
            if b.group.id in around_a:
                count += not b.box.contains(a.box)
            elif a.group.id in around_b:
                count += not a.box.contains(b.box)
            else:
                count += a.box.overlaps(b.box)
    return count


def edges_through_nodes(laid_out: LaidOut, pieces: list[tuple[int, Segment]], lines: Grid) -> int:
    """Edges that run over a card, be it their own."""
    hits = {
        (pieces[k][0], n)
        for n, node in enumerate(laid_out.nodes)
        for k in lines.near(node.box)
        if cuts(pieces[k][1], node.box)
    }
    return len(hits)


def edges_through_groups(laid_out: LaidOut, pieces: list[tuple[int, Segment]], lines: Grid) -> int:
    """Edges that run through a container that neither of their ends is in."""
    groups = {g.group.id: g.group for g in laid_out.groups}
    home: dict[str, str | None] = {n.node.id: n.node.group for n in laid_out.nodes}
    home |= {g.group.id: g.group.id for g in laid_out.groups}
    own = [
        {*ancestors(groups, home.get(e.edge.source)), *ancestors(groups, home.get(e.edge.target))}
        for e in laid_out.edges
    ]
    hits = {
        (pieces[k][0], group.group.id)
        for group in laid_out.groups
        for k in lines.near(group.box)
        if group.group.id not in own[pieces[k][0]] and cuts(pieces[k][1], group.box)
    }
    return len(hits)


def labels_on_nodes(laid_out: LaidOut) -> int:
    """Edge labels and container titles on cards or on their findings' marks."""
    solid = [n.box for n in laid_out.nodes] + [n.badge.box for n in laid_out.nodes if n.badge]
    index = grid(solid)
    texts = [e.label for e in laid_out.edges if e.label] + [g.title_box for g in laid_out.groups]
    return sum(1 for text in texts for i in index.near(text) if text.overlaps(solid[i]))


def labels_on_edges(laid_out: LaidOut, pieces: list[tuple[int, Segment]], lines: Grid) -> int:
    """Labels on a line that is not theirs."""
    hits = {
        (i, pieces[k][0])
        for i, edge in enumerate(laid_out.edges)
        if edge.label
        for k in lines.near(edge.label)
        if pieces[k][0] != i and cuts(pieces[k][1], edge.label)
    }
    return len(hits)


def labels_on_titles(laid_out: LaidOut) -> int:
    """Labels on titles, and titles on titles."""
    titles = [g.title_box for g in laid_out.groups] + [t.box for t in laid_out.header]
    labels = [e.label for e in laid_out.edges if e.label]
    return overlapping(titles) + sum(1 for a in labels for b in titles if a.overlaps(b))


def edges_through_titles(laid_out: LaidOut, pieces: list[tuple[int, Segment]], lines: Grid) -> int:
    """Edges that strike through the title of a container or of the picture."""
    titles = [g.title_box for g in laid_out.groups] + [t.box for t in laid_out.header]
    titles += [entry.text.box for entry in laid_out.legend]
    hits = {(pieces[k][0], t) for t, box in enumerate(titles) for k in lines.near(box) if cuts(pieces[k][1], box)}
    return len(hits)


def texts_outside(laid_out: LaidOut) -> int:
    """Texts that stick out of what they stand in: card, chip, label, container or picture."""
    page = Box(0, 0, laid_out.width, laid_out.height)
    count = sum(not n.box.contains(t.box) for n in laid_out.nodes for t in n.texts)
    count += sum(not (n.box.contains(c.box) and c.box.contains(c.text.box)) for n in laid_out.nodes for c in n.chips)
    count += sum(not e.label.contains(t.box) for e in laid_out.edges if e.label for t in e.texts)
    count += sum(not g.box.contains(g.title_box) for g in laid_out.groups)
    outer = [n.box for n in laid_out.nodes] + [g.box for g in laid_out.groups]
    outer += [e.label for e in laid_out.edges if e.label]
    outer += [t.box for t in laid_out.header] + [entry.text.box for entry in laid_out.legend]
    outer += [span(s) for e in laid_out.edges for s in segments(e)]
    return count + sum(not page.contains(box) for box in outer)


def loose_ends(laid_out: LaidOut) -> int:
    """Edges that are not drawn, or whose ends do not touch the border of what they connect."""
    boxes = {n.node.id: n.box for n in laid_out.nodes} | {g.group.id: g.box for g in laid_out.groups}
    count = 0
    for edge in laid_out.edges:
        if len(edge.points) < 2:
            count += 1
            continue
        ends = ((edge.edge.source, edge.points[0]), (edge.edge.target, edge.points[-1]))
        count += sum(not on_border(boxes[name], point) for name, point in ends)
    return count


def on_border(box: Box, point: Point, slack: float = 1.0) -> bool:
    """Tell whether a point is on the border of a box."""
    touch = Box(point[0], point[1], 0, 0)
    return box.grown(slack).contains(touch) and not box.grown(-slack).contains(touch, -0.01)


def smallest_text(laid_out: LaidOut) -> float:
    """The size of the smallest text in the picture."""
    sizes = [t.size for n in laid_out.nodes for t in (*n.texts, *(c.text for c in n.chips))]
    sizes += [t.size for e in laid_out.edges for t in e.texts] + [g.title.size for g in laid_out.groups]
    sizes += [t.size for t in laid_out.header] + [entry.text.size for entry in laid_out.legend]
    return min(sizes, default=99.0)


def crossed(pieces: list[tuple[int, Segment]], lines: Grid) -> tuple[int, int]:
    """How often edges cross, and how many pairs of edges run on one another."""
    crossings, together = 0, set()
    for i, (a, first) in enumerate(pieces):
        for j in lines.near(span(first)):
            b, second = pieces[j]
            if j >= i or a == b:
                continue
            crossings += crosses(first, second)
            if runs_along(first, second):
                together.add((b, a))
    return crossings, len(together)


def crosses(first: Segment, second: Segment) -> bool:
    """Tell whether two segments cross in a point inside both."""

    def side(p: Point, q: Point, r: Point) -> float:
        return (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0])

    (a, b), (c, d) = first, second
    return side(a, b, c) * side(a, b, d) < -1e-6 and side(c, d, a) * side(c, d, b) < -1e-6


def runs_along(first: Segment, second: Segment) -> bool:
    """Tell whether two axis-parallel segments share more than 2 px of the same line."""
    a, b = span(first), span(second)
    if a.height < 0.5 and b.height < 0.5 and abs(a.y - b.y) < 1.0:
        return min(a.right, b.right) - max(a.x, b.x) > 2
    if a.width < 0.5 and b.width < 0.5 and abs(a.x - b.x) < 1.0:
        return min(a.bottom, b.bottom) - max(a.y, b.y) > 2
    return False


def length(laid_out: LaidOut) -> float:
    """The length of all lines together."""
    return sum(b.width + b.height for e in laid_out.edges for b in map(span, segments(e)))
