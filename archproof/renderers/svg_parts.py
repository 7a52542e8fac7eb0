"""Pieces that every SVG of ours is made of: escaping, numbers, texts, icons, cards, the document around them."""

from __future__ import annotations

import hashlib
import re
from html import escape

from archproof.pages import clean, font_faces
from archproof.renderers.icons import Icon, icon
from archproof.renderers.options import Options
from archproof.renderers.palette import Palette
from archproof.renderers.placed import Box, Text

# The measured font first; Helvetica and Arial are narrower, so no text leaves its box where it is absent.
FAMILY = "Inter,'Helvetica Neue',Helvetica,Arial,sans-serif"


def esc(value: str) -> str:
    """Text for an element or a double-quoted attribute: cleaned of what no reader should get, then escaped."""
    return escape(clean(value)).replace("&#x27;", "&#39;")


def num(value: float) -> str:
    """A number in as few characters as it needs."""
    short = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if short in ("-0", "") else short


def rect(box: Box, radius: float = 0, **attributes: str) -> str:
    """A rectangle."""
    corner = f' rx="{num(radius)}"' if radius else ""
    more = "".join(f' {k.replace("_", "-")}="{v}"' for k, v in attributes.items())
    return (
        f'<rect x="{num(box.x)}" y="{num(box.y)}" width="{num(box.width)}" height="{num(box.height)}"{corner}{more}/>'
    )


def safe_href(value: str) -> str:
    """A link that can do nothing but lead somewhere: relative, a fragment, http(s) or mailto; else nothing."""
    link = "".join(clean(value).split())
    scheme = re.match(r"([a-zA-Z][a-zA-Z0-9+.-]*):", link)
    return link if not scheme or scheme[1].lower() in ("http", "https", "mailto") else ""


class Canvas:
    """Collects the pieces of one SVG, with the icons that it uses."""

    def __init__(self, drawing_id: str, options: Options) -> None:
        self.palette = Palette(options.theme)
        self.options = options
        digest = hashlib.sha256(f"{drawing_id}\0{options.theme}".encode(errors="replace")).hexdigest()[:8]
        self.namespace = re.sub(r"[^A-Za-z0-9_-]", "-", options.namespace) or f"ap{digest}"
        self._icons: dict[str, Icon] = {}
        self._body: list[str] = []

    def add(self, *pieces: str) -> None:
        """Paint pieces on top of what is there."""
        self._body += pieces

    def text(self, item: Text, colour: str, **attributes: str) -> None:
        """Paint a line of text."""
        anchor = f' text-anchor="{item.anchor}"' if item.anchor != "start" else ""
        weight = ' font-weight="600"' if item.bold else ""
        more = "".join(f' {k.replace("_", "-")}="{v}"' for k, v in attributes.items())
        self.add(
            f'<text x="{num(item.x)}" y="{num(item.y)}" font-size="{num(item.size)}"{weight}{anchor} '
            f'fill="{self.palette.get(colour, "ink")}"{more}>{esc(item.content)}</text>'
        )

    def icon(self, key: str, box: Box, plate: bool = True) -> None:
        """Paint an icon; line icons get a light plate of their colour so that all icons weigh the same."""
        found = icon(key)
        name = f"{self.namespace}-{re.sub(r'[^A-Za-z0-9]', '-', found.name)}"
        self._icons[name] = found
        own = found.name.startswith("own/")
        colour = self.palette["icon"] if own else found.colour
        if not found.tile and plate:
            # AWS's line icons keep their colours, so in the dark they need a light ground
            ground = [] if own else [rect(box, 8, fill=self.palette["plate"])]
            self.add(*ground, rect(box, 8, fill=colour, fill_opacity="0.11"))
            box = box.grown(-box.width * 0.07)
        self.add(
            f'<use href="#{name}" x="{num(box.x)}" y="{num(box.y)}" width="{num(box.width)}" '
            f'height="{num(box.height)}" color="{colour}"/>'
        )

    def document(self, width: float, height: float, title: str, description: str) -> bytes:
        """The whole file."""
        ns, size = self.namespace, f"{num(width)} {num(height)}"
        style = self.palette.css(f".{ns}") + (font_faces() if self.options.embed_font else "")
        symbols = "".join(self._symbol(name, found) for name, found in sorted(self._icons.items()))
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="{ns}" viewBox="0 0 {size}" width="{num(width)}" '
            f'height="{num(height)}" role="img" aria-labelledby="{ns}-t {ns}-d" font-family="{FAMILY}">'
            f'<title id="{ns}-t">{esc(title) or "diagram"}</title><desc id="{ns}-d">{esc(description)}</desc>'
        )
        defs = f'<clipPath id="{ns}-tile"><rect width="64" height="64" rx="11"/></clipPath>{symbols}'
        sheet = f"<style>{style}</style>" if style else ""
        page = f'<rect width="{num(width)}" height="{num(height)}" fill="{self.palette["page"]}"/>'
        return "\n".join([head, f"{sheet}<defs>{defs}</defs>", page, *self._body, "</svg>\n"]).encode("utf-8")

    def _symbol(self, name: str, found: Icon) -> str:
        rounded = found.name.startswith("architecture-service/")
        markup = f'<g clip-path="url(#{self.namespace}-tile)">{found.markup}</g>' if rounded else found.markup
        return f'<symbol id="{name}" viewBox="{found.view_box}">{markup}</symbol>'
