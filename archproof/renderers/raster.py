"""PNG, painted from the SVG with the bundled font, so that it is the same everywhere.

The system's fonts are asked only where a text has characters that the bundled one has not.
"""

from __future__ import annotations

from dataclasses import replace

from archproof.assets import font_paths
from archproof.errors import ArchproofError, UsageError
from archproof.renderers import svg
from archproof.renderers.options import DEFAULT, Options
from archproof.renderers.placed import LaidOut
from archproof.renderers.scene import Drawing
from archproof.renderers.sequence import LaidOutSequence
from archproof.renderers.text import covered

EXTENSIONS = ("png",)
MAX_SIDE = 16000.0


def write(drawing: Drawing | LaidOut | LaidOutSequence, options: Options = DEFAULT) -> bytes:
    """The PNG of a scene or of a flow; `auto` has no meaning in pixels and is light."""
    theme = "light" if options.theme == "auto" else options.theme
    return from_svg(svg.write(drawing, replace(options, theme=theme, embed_font=False)), options.scale)


def from_svg(data: bytes, scale: float = 2.0) -> bytes:
    """Pixels of one of our SVGs."""
    import re

    try:
        import resvg_py
    except ImportError as missing:
        message = "a PNG needs the package resvg-py, which is not installed here: pip install resvg-py, or draw an .svg"
        raise ArchproofError(message) from missing
    if not 0 < scale <= 16:
        raise UsageError(f"scale {scale:g} is not between 0 and 16")
    text = data.decode("utf-8")
    size = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', text)
    longest = max(float(size[1]), float(size[2])) if size else 1000.0
    # a picture too large for memory is worth less than a smaller one
    zoom = min(scale, MAX_SIDE / longest)
    width = round(float(size[1]) * zoom) if size else None
    painted = resvg_py.svg_to_bytes(
        svg_string=text, font_files=font_paths(), skip_system_fonts=covered(texts(text)), width=width,
        font_family="Inter",
    )  # fmt: skip
    return bytes(painted)


def texts(svg_text: str) -> str:
    """Everything that a picture's text elements say."""
    import html
    import re

    return html.unescape("".join(re.findall(r"<text[^>]*>([^<]*)", svg_text)))
