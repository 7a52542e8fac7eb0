"""HTML pages: one file each, with style, script and font inside, that loads nothing and may load nothing."""

from __future__ import annotations

import base64
import functools
import hashlib
import re
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from archproof.assets import path

if TYPE_CHECKING:
    import jinja2

TEMPLATES = Path(__file__).parent / "templates"
# Directional overrides and isolates can make a name read as another one (CVE-2021-42574); soft hyphens,
# zero-width characters and variation selectors break measuring. None carries meaning in a title.
_INVISIBLE = frozenset("\u00ad\u034f\u061c\u180e\ufeff\ufffe\uffff") | {
    chr(c) for a, b in ((0x200B, 0x200F), (0x2028, 0x202F), (0x2060, 0x206F), (0xFFF0, 0xFFFB)) for c in range(a, b)
}


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
    return re.sub(r"font-family:Inter", "font-display:block;font-family:Inter", font_faces()) + "\n"


@functools.cache
def font_faces() -> str:
    """The two weights that pictures use, Latin only: 48 kB together.

    Worth it: with them every browser shows the text at exactly the measured widths, offline and inside
    <img>; a page that holds many pictures inline leaves them out and carries them once.
    """
    rules = []
    for weight in (400, 600):
        data = base64.b64encode(path(f"inter-latin-{weight}.woff2").read_bytes()).decode("ascii")
        source = f"url(data:font/woff2;base64,{data}) format('woff2')"
        rules.append(f"@font-face{{font-family:Inter;font-weight:{weight};src:{source}}}")
    return "".join(rules)


def clean(text: str) -> str:
    """Text that is safe to show: no control, bidi or invisible characters, spaces collapsed to one."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    kept = []
    for char in text:
        if char in _INVISIBLE or 0xFE00 <= ord(char) <= 0xFE0F or ord(char) >= 0xE0000:
            continue
        category = unicodedata.category(char)
        kept.append(" " if category in ("Cc", "Zl", "Zp", "Zs") else "" if category in ("Cs", "Co", "Cn") else char)
    return " ".join("".join(kept).split())


@functools.cache
def loader() -> jinja2.FileSystemLoader:
    """Where all templates are."""
    import jinja2

    return jinja2.FileSystemLoader(TEMPLATES)


def cache() -> jinja2.BytecodeCache | None:
    """Compiled templates, kept where Python keeps its own; none where Python may keep none."""
    import sys

    import jinja2

    class Kept(jinja2.BytecodeCache):
        """The cache of templates: what cannot be read or written is compiled again."""

        def _file(self, bucket: jinja2.bccache.Bucket) -> Path:
            name = f"{bucket.key}.{sys.implementation.cache_tag}.jinja2-{jinja2.__version__}"
            return TEMPLATES / "__pycache__" / name

        def load_bytecode(self, bucket: jinja2.bccache.Bucket) -> None:
            """Read it; its checksum tells whether the template is still the same."""
            try:
                with self._file(bucket).open("rb") as file:
                    bucket.load_bytecode(file)
            except (OSError, EOFError, ValueError, TypeError):
                bucket.reset()

        def dump_bytecode(self, bucket: jinja2.bccache.Bucket) -> None:
            """Write it whole or not at all."""
            import contextlib
            import os
            import tempfile

            target = self._file(bucket)
            with contextlib.suppress(OSError):
                target.parent.mkdir(exist_ok=True)
                handle, name = tempfile.mkstemp(dir=target.parent)
                try:
                    with os.fdopen(handle, "wb") as file:
                        bucket.write_bytecode(file)
                    os.replace(name, target)
                except BaseException:
                    os.unlink(name)
                    raise

    return None if sys.dont_write_bytecode else Kept()
