"""How large a card is: its icon, the lines of its texts and its chips, from the corner (0, 0).

Two styles: `tall` (icon above the text) keeps pictures that flow to the right narrow, `wide` (icon left
of the text) keeps those that flow down low.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from archproof.renderers import text
from archproof.renderers.placed import Box, Chip, Text
from archproof.renderers.scene import Node, Overlay

Style = Literal["tall", "wide"]
TITLE, SUBTITLE, CHIP, LABEL, GROUP_TITLE = 14.0, 11.5, 10.5, 11.5, 13.0
LINE = 1.25
ICON = 44.0
PAD = 9.0
TOLD = 10.5
WIDER = 44.0
"""By so much a card is wider that tells what changed."""
WIDTH = {"tall": 136.0, "wide": 192.0}
# Where the bundled font is absent and cannot be embedded, a fallback font is up to this much wider.
SLACK = 1.04


@dataclass(frozen=True, slots=True)
class Card:
    """A measured card."""

    width: float
    height: float
    icon: Box
    texts: tuple[Text, ...]
    chips: tuple[Chip, ...]


def line(content: str, x: float, y: float, size: float, role: str, anchor: str = "start", bold: bool = False) -> Text:
    """A line of text whose upper edge is at y."""
    width = text.width(content, size, bold)
    return Text(content, x, round(y + 0.95 * size, 2), size, round(width, 2), anchor, bold, role)


def paragraph(node: Node, x: float, y: float, room: float, anchor: str) -> tuple[list[Text], float]:
    """Title and subtitle lines below y, and where they end."""
    texts = []
    for content in text.wrap(node.title or node.id, room / SLACK, TITLE, bold=True, lines=2):
        texts.append(line(content, x, y, TITLE, "title", anchor, bold=True))
        y += TITLE * LINE
    if clean := text.clean(node.subtitle):
        y += 1
        for content in text.wrap(clean, room / SLACK, SUBTITLE, lines=2):
            texts.append(line(content, x, y, SUBTITLE, "subtitle", anchor))
            y += SUBTITLE * LINE
    return texts, y


def chips(overlays: list[Overlay], x: float, y: float, room: float, centred: bool) -> tuple[tuple[Chip, ...], float]:
    """One pill per overlay, one under the other, and where they end."""
    made = []
    for overlay in overlays:
        label = text.shorten(text.clean(overlay.title), (room - 26) / SLACK, CHIP)
        width = round(text.width(label, CHIP) * SLACK + 25, 1)
        left = x + (room - width) / 2 if centred else x
        box = Box(round(left, 1), y, width, 16.0)
        made.append(Chip(box, line(label, box.x + 18, y + 2.6, CHIP, "chip"), overlay.kind, overlay.id))
        y += 19.0
    return tuple(made), y


def told(node: Node, x: float, y: float, room: float, anchor: str) -> tuple[list[Text], float]:
    """What changed, below y: a few lines, each broken where it is long."""
    texts: list[Text] = []
    roles = [(said, "alarm") for said in node.alarms] + [(said, "change") for said in node.told]
    y += 4 if roles else 0
    for said, role in roles:
        for content in text.wrap(said, room / SLACK, TOLD, lines=3):
            texts.append(line(content, x, y, TOLD, role, anchor, bold=True))
            y += TOLD * LINE
        y += 2
    return texts, y


def card(node: Node, overlays: list[Overlay], style: Style) -> Card:
    """Measure a node."""
    width = WIDTH[style] + (WIDER if node.told or node.alarms else 0)
    if style == "tall":
        icon = Box((width - ICON) / 2, PAD, ICON, ICON)
        room = width - 2 * PAD + 4
        texts, y = paragraph(node, width / 2, PAD + ICON + 6, room, "middle")
        pills, y = chips(overlays, (width - room) / 2, y + 3, room, centred=True) if overlays else ((), y)
        said, y = told(node, width / 2, y, room, "middle")
        texts += said
        return Card(width, round(y + PAD - 3), icon, tuple(texts), pills)
    left = PAD + ICON + 10
    room = width - left - PAD + 4
    texts, y = paragraph(node, left, 0, room, "start")
    pills, y = chips(overlays, left, y + 3, room, centred=False) if overlays else ((), y)
    said, y = told(node, left, y, room, "start")
    texts += said
    height = round(max(y + 2 * PAD, ICON + 2 * PAD))
    top = round((height - y) / 2, 2)
    moved = tuple(Chip(c.box.moved(0, top), c.text.moved(0, top), c.kind, c.id) for c in pills)
    icon = Box(PAD, (height - ICON) / 2, ICON, ICON)
    return Card(width, height, icon, tuple(t.moved(0, top) for t in texts), moved)


def edge_label(content: str) -> tuple[float, float, list[str]]:
    """Width and height of the pill of an edge's label, and its lines."""
    lines = text.wrap(content, 112, LABEL, lines=3)
    width = max(text.width(t, LABEL) for t in lines) * SLACK + 12
    return round(width, 1), round(len(lines) * LABEL * LINE + 4, 1), lines
