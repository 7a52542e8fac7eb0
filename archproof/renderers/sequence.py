"""Sequence diagrams laid out: participants side by side, messages from top to bottom, nothing overlapping.

Rows are as high as what they hold, columns are one width, so every box has its place by construction;
`measure_sequence` proves it with the same kind of gate that scenes pass.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from archproof.errors import UsageError
from archproof.renderers import text
from archproof.renderers.layout import boxes
from archproof.renderers.placed import Box, PlacedNode, Point, Text
from archproof.renderers.quality import Quality, overlapping
from archproof.renderers.scene import Message, Node, Participant, SequenceScene

MARGIN, COLUMN, TEXT, NOTE = 30.0, 206.0, 12.0, 11.0
LOOP = 26.0
Look = Literal["call", "async", "return", "self"]


@dataclass(frozen=True, slots=True)
class PlacedMessage:
    """An arrow with its text on a pill; `number` stands in a disc at its start."""

    message: Message
    look: Look
    points: tuple[Point, ...]
    pill: Box | None
    texts: tuple[Text, ...]
    number: Text | None = None


@dataclass(frozen=True, slots=True)
class PlacedNote:
    """A failure: what goes wrong on the lifeline that it lies on, led by its code."""

    box: Box
    code: Text
    texts: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class LaidOutSequence:
    """A sequence diagram, ready to be painted."""

    scene: SequenceScene
    width: float
    height: float
    heads: tuple[PlacedNode, ...]
    lifelines: tuple[tuple[float, float, float], ...]
    bars: tuple[Box, ...]
    messages: tuple[PlacedMessage, ...]
    notes: tuple[PlacedNote, ...]
    header: tuple[Text, ...]


class _Rows:
    """Places messages one under the other."""

    def __init__(self, columns: dict[str, float], top: float) -> None:
        self.columns, self.y = columns, top
        self.messages: list[PlacedMessage] = []
        self.notes: list[PlacedNote] = []
        self.bars: list[Box] = []
        self.right = max(columns.values(), default=0.0) + COLUMN / 2

    def add(self, message: Message, number: str) -> None:
        """A message with its answer and its failures."""
        start, end = self.columns[message.source], self.columns[message.target]
        if start == end:
            self._loop(message, start, number)
        else:
            self._arrow(message, start, end, message.text, "async" if message.mode == "async" else "call", number)
        called = self.messages[-1].points[-1][1]
        for code, why in message.failures:
            self._note(end, code, why)
        if text.clean(message.returns):
            self.y += 6
            if start == end:
                self._loop(message, start, "", text.clean(message.returns))
            else:
                self._arrow(message, end, start, message.returns, "return", "")
            self.bars.append(Box(end - 5, called, 10, self.messages[-1].points[0][1] - called))
        self.y += 16

    def _arrow(self, message: Message, start: float, end: float, content: str, look: Look, number: str) -> None:
        left, room = min(start, end), abs(end - start) - (56 if number else 36)
        lines = text.wrap(content, min(room, 300.0) / boxes.SLACK, TEXT, lines=4)
        height = len(lines) * TEXT * boxes.LINE
        middle = left + abs(end - start) / 2 + (9 if start < end else -9 if number else 0) * bool(number)
        width = max((text.width(t, TEXT) for t in lines), default=0.0) * boxes.SLACK + 8
        pill = Box(middle - width / 2, self.y, width, height + 2) if lines else None
        texts = tuple(
            boxes.line(t, middle, self.y + 1 + i * TEXT * boxes.LINE, TEXT, "message", "middle")
            for i, t in enumerate(lines)
        )
        self.y += height + 9
        placed = self._number(number, start + (16 if start < end else -16), self.y)
        self.messages.append(PlacedMessage(message, look, ((start, self.y), (end, self.y)), pill, texts, placed))
        self.y += 10

    def _loop(self, message: Message, x: float, number: str, answer: str = "") -> None:
        left = x + LOOP + 12
        room = COLUMN - LOOP - 40
        lines = text.wrap(answer or message.text, room / boxes.SLACK, TEXT, lines=4)
        height = max(30.0, len(lines) * TEXT * boxes.LINE + 4)
        top = self.y + 4
        offset = (height - len(lines) * TEXT * boxes.LINE) / 2
        texts = tuple(
            boxes.line(t, left, top + offset + i * TEXT * boxes.LINE, TEXT, "message") for i, t in enumerate(lines)
        )
        width = max((text.width(t, TEXT) for t in lines), default=0.0) * boxes.SLACK + 8
        pill = Box(left - 4, top, width, height) if lines else None
        points = ((x, top), (x + LOOP, top), (x + LOOP, top + height), (x, top + height))
        look: Look = "return" if answer else "self"
        self.messages.append(
            PlacedMessage(message, look, points, pill, texts, self._number(number, x - 16, top + height / 2))
        )
        self.right = max(self.right, left + width + 6)
        self.y = top + height + 12

    def _number(self, number: str, x: float, y: float) -> Text | None:
        if not number:
            return None
        shown = text.shorten(number, 16, 9.5, bold=True)
        return Text(shown, x, y + 3.4, 9.5, round(text.width(shown, 9.5, bold=True), 2), "middle", True, "number")

    def _note(self, x: float, code: str, why: str) -> None:
        room = COLUMN - 60.0
        label = text.shorten(text.clean(code), room / boxes.SLACK, NOTE, bold=True)
        lines = text.wrap(why, room / boxes.SLACK, NOTE, lines=4) if text.clean(why) else []
        width = max([text.width(label, NOTE, True), *(text.width(t, NOTE) for t in lines)]) * boxes.SLACK + 22
        height = (1 + len(lines)) * NOTE * boxes.LINE + 12
        box = Box(x - width / 2, self.y + 2, width, height)
        head = boxes.line(label, x, box.y + 6, NOTE, "code", "middle", bold=True)
        texts = tuple(
            boxes.line(t, x, box.y + 6 + (i + 1) * NOTE * boxes.LINE, NOTE, "failure", "middle")
            for i, t in enumerate(lines)
        )
        self.notes.append(PlacedNote(box, head, texts))
        self.y = box.bottom + 8


def layout_sequence(scene: SequenceScene) -> LaidOutSequence:
    """Lay out a flow."""
    if problems := scene.problems():
        raise UsageError(f"flow {scene.id!r}: " + "; ".join(problems))
    header, top = heading(scene)
    heads, bottom = participants(scene, top)
    columns = {p.node.id: p.box.centre[0] for p in heads}
    rows = _Rows(columns, bottom + 26)
    for n, message in enumerate(scene.messages, 1):
        rows.add(message, text.clean(message.number) or str(n))
    end = rows.y + 10
    lifelines = tuple((x, bottom, end) for x in columns.values())
    width = max([rows.right + MARGIN, *(t.box.right + MARGIN for t in header), *(p.box.right + MARGIN for p in heads)])
    return LaidOutSequence(
        scene, round(width), round(end + MARGIN), heads, lifelines,
        tuple(rows.bars), tuple(rows.messages), tuple(rows.notes), header,
    )  # fmt: skip


def heading(scene: SequenceScene) -> tuple[tuple[Text, ...], float]:
    """Title and subtitle, and where the participants begin."""
    texts, y = [], MARGIN
    if title := text.clean(scene.title):
        texts.append(boxes.line(text.shorten(title, 900, 24, bold=True), MARGIN, y, 24, "heading", bold=True))
        y += 32
    for content in text.wrap(scene.subtitle, 900, 13.5, lines=2) if text.clean(scene.subtitle) else []:
        texts.append(boxes.line(content, MARGIN, y, 13.5, "subheading"))
        y += 19
    return tuple(texts), y + (14 if texts else 0)


def participants(scene: SequenceScene, top: float) -> tuple[tuple[PlacedNode, ...], float]:
    """The cards in one row, all of the height of the highest, and where they end."""
    nodes = [as_node(p) for p in scene.participants]
    cards = [boxes.card(n, [], "tall") for n in nodes]
    height = max((c.height for c in cards), default=0.0)
    placed = []
    for i, (node, card) in enumerate(zip(nodes, cards, strict=True)):
        x = MARGIN + i * COLUMN
        box = Box(x, top, card.width, height)
        placed.append(PlacedNode(node, box, card.icon.moved(x, top), tuple(t.moved(x, top) for t in card.texts)))
    return tuple(placed), top + height


def as_node(participant: Participant) -> Node:
    """A participant looks like the card of its component."""
    p = participant
    return Node(p.id, p.title, p.kind, p.icon, p.subtitle, href=p.href, tooltip=p.tooltip)


def measure_sequence(laid_out: LaidOutSequence) -> Quality:
    """The gate for flows: cards, pills and notes apart from each other, arrows over none of them."""
    pills = [m.pill for m in laid_out.messages if m.pill]
    notes = [n.box for n in laid_out.notes]
    heads = [h.box for h in laid_out.heads]
    rows = [
        Box(min(x for x, _ in m.points), y, max(x for x, _ in m.points) - min(x for x, _ in m.points), 0.02)
        for m in laid_out.messages
        for y in {y for _, y in m.points}
    ]
    page = Box(0, 0, laid_out.width, laid_out.height)
    texts = [t for m in laid_out.messages for t in m.texts] + [t for n in laid_out.notes for t in (n.code, *n.texts)]
    texts += [t for h in laid_out.heads for t in h.texts] + list(laid_out.header)
    inside = [m.pill.contains(t.box) for m in laid_out.messages if m.pill for t in m.texts]
    inside += [n.box.contains(t.box) for n in laid_out.notes for t in (n.code, *n.texts)]
    inside += [h.box.contains(t.box) for h in laid_out.heads for t in h.texts]
    return Quality(
        node_overlaps=overlapping(heads),
        edges_through_nodes=sum(r.overlaps(h, 0) for r in rows for h in heads),
        labels_on_nodes=sum(p.overlaps(h) for p in pills + notes for h in heads),
        labels_on_edges=sum(r.overlaps(p, 0.001) for r in rows for p in pills + notes),
        labels_on_labels=overlapping(pills + notes),
        texts_outside=sum(not ok for ok in inside) + sum(not page.contains(t.box) for t in texts),
        smallest_text_px=min((t.size for t in texts), default=99.0),
    )
