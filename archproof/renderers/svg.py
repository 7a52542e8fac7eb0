"""SVG: the picture that all others are made from. One file with icons and font inside."""

from __future__ import annotations

from archproof.renderers.options import DEFAULT, Options
from archproof.renderers.placed import LaidOut
from archproof.renderers.scene import Drawing, Scene
from archproof.renderers.sequence import LaidOutSequence

EXTENSIONS = ("svg",)


def write(drawing: Drawing | LaidOut | LaidOutSequence, options: Options = DEFAULT) -> bytes:
    """The SVG of a scene or of a flow, laid out here if it is not yet."""
    from archproof.renderers import svg_scene, svg_sequence
    from archproof.renderers.sequence import layout_sequence

    if isinstance(drawing, Scene):
        from archproof.renderers.layout import layout

        drawing = layout(drawing)
    if isinstance(drawing, LaidOut):
        return svg_scene.paint(drawing, options)
    if not isinstance(drawing, LaidOutSequence):
        drawing = layout_sequence(drawing)
    return svg_sequence.paint(drawing, options)
