"""A laid-out flow as SVG, in the look of the scenes."""

from __future__ import annotations

from archproof.renderers import svg_edges
from archproof.renderers.options import Options
from archproof.renderers.placed import Box
from archproof.renderers.scene import SequenceScene
from archproof.renderers.sequence import LaidOutSequence, PlacedMessage, PlacedNote
from archproof.renderers.svg_parts import Canvas, num, rect
from archproof.renderers.svg_scene import paint_node

COLOURS = {"call": "data", "self": "data", "async": "async", "return": "muted"}


def paint(laid_out: LaidOutSequence, options: Options) -> bytes:
    """The SVG file of a laid-out flow."""
    canvas = Canvas(laid_out.scene.id, options)
    for x, top, bottom in laid_out.lifelines:
        canvas.add(
            f'<path d="M{num(x)} {num(top)}V{num(bottom)}" stroke="{canvas.palette["faint"]}" '
            'stroke-width="1" stroke-dasharray="2 4" fill="none"/>'
        )
    for bar in laid_out.bars:
        canvas.add(rect(bar, 3, fill=canvas.palette["card"], stroke=canvas.palette["faint"], stroke_width="1"))
    for note in laid_out.notes:
        paint_note(canvas, note)
    for message in laid_out.messages:
        paint_message(canvas, message)
    for head in laid_out.heads:
        paint_node(canvas, head)
    for item in laid_out.header:
        canvas.text(item, "ink" if item.role == "heading" else "muted")
    scene = laid_out.scene
    return canvas.document(laid_out.width, laid_out.height, scene.title, scene.description or describe(scene))


def describe(scene: SequenceScene) -> str:
    """The flow in words, for those who cannot see it."""
    names = {p.id: p.title or p.id for p in scene.participants}
    steps = [f"{n}. {names[m.source]} to {names[m.target]}: {m.text}" for n, m in enumerate(scene.messages, 1)]
    return " ".join(steps)


def paint_message(canvas: Canvas, placed: PlacedMessage) -> None:
    """An arrow: full for a call, dashed for its answer, with an open head where nobody waits."""
    colour = canvas.palette[COLOURS[placed.look]]
    dash = ' stroke-dasharray="5 4"' if placed.look == "return" else ""
    is_open = placed.look in ("async", "return")
    path = svg_edges.line(placed.points, {}, (0, 1.5 if is_open else svg_edges.HEAD - 1))
    canvas.add(f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="1.6"{dash}/>')
    canvas.add(svg_edges.head(placed.points[-1], placed.points[-2], colour, is_open))
    if placed.pill:
        canvas.add(rect(placed.pill, 4, fill=canvas.palette["page"], fill_opacity="0.94"))
    for item in placed.texts:
        canvas.text(item, "muted" if placed.look == "return" else "ink")
    if placed.number:
        x, y = placed.number.x, placed.number.y - 3.4
        canvas.add(f'<circle cx="{num(x)}" cy="{num(y)}" r="9" fill="{colour}"/>')
        canvas.text(placed.number, "page")


def paint_note(canvas: Canvas, placed: PlacedNote) -> None:
    """A failure: a red note with its code in bold."""
    colours, box = canvas.palette, placed.box
    canvas.add(rect(box, 6, fill=colours["fill_failure"], stroke=colours["failure"], stroke_width="1"))
    canvas.add(rect(Box(box.x, box.y + 6, 3, box.height - 12), 1.5, fill=colours["failure"]))
    canvas.text(placed.code, "failure")
    for item in placed.texts:
        canvas.text(item, "failure")
