"""What a caller may choose about a picture file; every format takes from it what it knows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Theme = Literal["light", "dark", "auto"]


@dataclass(frozen=True, slots=True)
class Options:
    """`auto` follows the reader's colour scheme (for HTML); `embed_font` makes an SVG stand on its own.

    `namespace` leads every id in an SVG; left empty, it is made from the scene's id and the theme.
    `scale` is for pixels: 2 gives two for each unit of the picture.
    """

    theme: Theme = "light"
    scale: float = 2.0
    embed_font: bool = True
    namespace: str = ""


DEFAULT = Options()
