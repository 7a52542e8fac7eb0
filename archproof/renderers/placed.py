"""A laid-out scene: every box, line and text with its final place. Stage types Scene → LaidOut.

Writers paint exactly this and the gate (`quality.py`) measures exactly this, so a picture cannot pass
with a geometry other than the one that is shown.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from archproof.renderers.scene import Badge, Edge, Group, Node, Scene

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Box:
    """An axis-parallel rectangle."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """The x of the right side."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """The y of the lower side."""
        return self.y + self.height

    @property
    def centre(self) -> Point:
        """The middle."""
        return self.x + self.width / 2, self.y + self.height / 2

    def moved(self, dx: float, dy: float) -> Box:
        """The same box elsewhere."""
        return Box(self.x + dx, self.y + dy, self.width, self.height)

    def grown(self, by: float) -> Box:
        """The box with `by` more on every side (less, if negative)."""
        return Box(self.x - by, self.y - by, max(0.0, self.width + 2 * by), max(0.0, self.height + 2 * by))

    def overlaps(self, other: Box, slack: float = 0.01) -> bool:
        """Tell whether the two share an area (touching is not sharing)."""
        return (
            self.x < other.right - slack
            and other.x < self.right - slack
            and self.y < other.bottom - slack
            and other.y < self.bottom - slack
        )

    def contains(self, other: Box, slack: float = 0.01) -> bool:
        """Tell whether the other box is wholly inside."""
        return (
            self.x <= other.x + slack
            and self.y <= other.y + slack
            and self.right >= other.right - slack
            and self.bottom >= other.bottom - slack
        )


@dataclass(frozen=True, slots=True)
class Text:
    """One line of text: `x` is its left edge, middle or end by `anchor`; `y` its baseline."""

    content: str
    x: float
    y: float
    size: float
    width: float
    anchor: str = "start"
    bold: bool = False
    role: str = "text"

    @property
    def box(self) -> Box:
        """What the line covers, from ascender to descender."""
        left = self.x - {"start": 0.0, "middle": self.width / 2, "end": self.width}[self.anchor]
        return Box(left, self.y - 0.78 * self.size, self.width, self.size)

    def moved(self, dx: float, dy: float) -> Text:
        """The same line elsewhere."""
        return Text(self.content, self.x + dx, self.y + dy, self.size, self.width, self.anchor, self.bold, self.role)


@dataclass(frozen=True, slots=True)
class Chip:
    """A small labelled pill: an overlay on a node, or the label of a note."""

    box: Box
    text: Text
    kind: str
    id: str = ""


@dataclass(frozen=True, slots=True)
class PlacedBadge:
    """The mark of one node's findings of the worst severity, with how many there are."""

    box: Box
    badges: tuple[Badge, ...]


@dataclass(frozen=True, slots=True)
class PlacedNode:
    """A card."""

    node: Node
    box: Box
    icon: Box
    texts: tuple[Text, ...] = ()
    chips: tuple[Chip, ...] = ()
    badge: PlacedBadge | None = None


@dataclass(frozen=True, slots=True)
class PlacedGroup:
    """A container with its title; `icon` is None where the kind has none."""

    group: Group
    box: Box
    title: Text
    icon: Box | None = None
    depth: int = 0

    @property
    def title_box(self) -> Box:
        """What the title and its icon cover."""
        text = self.title.box
        if self.icon is None:
            return text
        top, bottom = min(self.icon.y, text.y), max(self.icon.bottom, text.bottom)
        return Box(self.icon.x, top, text.right - self.icon.x, bottom - top)


@dataclass(frozen=True, slots=True)
class PlacedEdge:
    """An orthogonal line from source to target, as declared, with its label (if any) on a pill."""

    edge: Edge
    points: tuple[Point, ...]
    label: Box | None = None
    texts: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """One line sample (or mark) with its meaning."""

    kind: str
    sample: Box
    text: Text


@dataclass(frozen=True, slots=True)
class LaidOut:
    """A picture, ready to be painted."""

    scene: Scene
    width: float
    height: float
    nodes: tuple[PlacedNode, ...]
    groups: tuple[PlacedGroup, ...]
    edges: tuple[PlacedEdge, ...]
    header: tuple[Text, ...] = ()
    legend: tuple[LegendEntry, ...] = ()
    notes: tuple[str, ...] = field(default=())
