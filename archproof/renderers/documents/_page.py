"""HTML pages: one file each, with style, script and font inside, that loads nothing and may load nothing."""

from __future__ import annotations

import base64
import functools
import hashlib
import re
from typing import Any

from archproof.renderers.documents._markdown import TEMPLATES, cache, loader
from archproof.renderers.text import clean


def render_page(template: str, assets: str, **context: Any) -> str:
    """A page from its template with `<assets>.css` and `<assets>.js` inside.

    The page's own policy lets no script run but that one, known by its hash, and lets nothing be fetched.
    """
    import jinja2
    from markupsafe import Markup

    script = _asset(f"{assets}.js")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = (
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; "
        f"script-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    )
    pages = jinja2.Environment(
        loader=loader(), undefined=jinja2.StrictUndefined, autoescape=True, trim_blocks=True, lstrip_blocks=True,
        finalize=_clean, optimized=False, bytecode_cache=cache(),
    )  # fmt: skip
    safe = {k: Markup(context.pop(k)) for k in ("body",) if k in context}
    style = Markup(fonts() + _asset("base.css") + _asset(f"{assets}.css"))
    return pages.get_template(template).render(
        policy=Markup(policy), style=style, script=Markup(script), **safe, **context
    )


def _clean(value: Any) -> Any:
    return clean(value) if type(value) is str else value


def _asset(name: str) -> str:
    path = TEMPLATES / name
    return path.read_text(encoding="utf-8") if path.is_file() else ""


@functools.cache
def fonts() -> str:
    """The font of the pictures as style rules with the font inside; pictures in the page use it too."""
    from archproof.renderers.svg_parts import font_faces

    return re.sub(r"font-family:Inter", "font-display:block;font-family:Inter", font_faces()) + "\n"
