"""Templates to Markdown: every value printed is escaped, every fact printed is cited.

The environment's autoescape knows HTML only, so `finalize` writes each value in Markdown first and marks it
as done. A template's own text is Markdown; what it prints never is.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING, Any

from archproof.renderers.documents import Document
from archproof.renderers.documents._evidence import Citations, Evidence, Fact, join
from archproof.renderers.documents._words import spoken, the

if TYPE_CHECKING:
    import jinja2

TEMPLATES = Path(__file__).parents[2] / "templates"
LONGEST = 600
"""Characters of one value that a document prints; more is cut, so that no name can fill a page."""
_HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")
_MARKUP = re.compile(r"[\\`*\[\]<>|~$]|&(?=[#\w])|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])")
_BLOCK = re.compile(r"^(#{1,6}(?= |$)|[-+=:](?=[\s-]|$)|={2,}|\d{1,9}(?=[.)](\s|$)))")


def plain(value: object) -> str:
    """A value on one line, without what no reader can see, cut where it is too long."""
    text = " ".join(_HIDDEN.sub("", str(value)).split())
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def escape(value: object) -> str:
    """Text as Markdown that shows it letter by letter and does nothing else; a space at either end stays."""
    raw = str(value)
    text = _MARKUP.sub(lambda m: "\\" + m[0], plain(raw))
    head = _BLOCK.match(text)
    if head is not None:
        text = f"{head[0]}\\{text[head.end() :]}" if head[0][0].isdigit() else f"\\{text}"
    return " " * raw[:1].isspace() + text + " " * (raw[-1:].isspace() and bool(text))


def bare(value: object) -> str:
    """A sentence without the full stop at its end, for a place that sets its own."""
    return str(value).rstrip().rstrip(".")


def capital(value: object) -> str:
    """A sentence with a capital at its beginning and without its full stop."""
    text = bare(value)
    return text[:1].upper() + text[1:]


def code(value: object) -> str:
    """Text in the type of code; in plain type where it holds what would end the code."""
    text = plain(value)
    return escape(text) if not text or set(text) & set("`|\\") else f"`{text}`"


def prose(value: object) -> str:
    """Text in which a word between backticks is code, as messages of the check write it."""
    parts = re.split(r"`([^`\n]{1,120})`", plain(value))
    return "".join(code(part) if position % 2 else escape(part) for position, part in enumerate(parts))


def _the(value: object) -> object:
    """A component or a fact as a sentence calls it within; its evidence stays."""
    if isinstance(value, Fact):
        return Fact(value.value, the(value.text), value.evidence, value.note)
    return the(str(value))


def _spoken(value: object) -> object:
    """A time or a size in the unit that one would say; its evidence stays."""
    if isinstance(value, Fact):
        return Fact(value.value, spoken(value.text), value.evidence, value.note)
    return spoken(str(value))


def _begin(value: object) -> object:
    """The same at the beginning of a sentence."""
    found = _the(value)
    if isinstance(found, Fact):
        return Fact(found.value, found.text[:1].upper() + found.text[1:], found.evidence, found.note)
    return str(found)[:1].upper() + str(found)[1:]


class Writer:
    """What the templates of one document call: values are escaped and their evidence gathered here."""

    def __init__(self, links: dict[str, str]) -> None:
        self.citations = Citations()
        self.links = links

    def finalize(self, value: Any) -> Any:
        """Write one value that a template prints."""
        from markupsafe import Markup

        if isinstance(value, Markup):
            return value
        if isinstance(value, Fact):
            self.citations.note(value.evidence)
        return Markup(escape("" if value is None else value))

    def cite(self, *grounds: Any) -> Any:
        """The numbers of all facts printed since the last call, and of `grounds`."""
        from markupsafe import Markup

        for ground in grounds:
            self.citations.note(_evidence(ground))
        return Markup("".join(f" {shown}" for shown in runs(self.citations.flush())))

    def because(self, *grounds: Any) -> str:
        """Note grounds for the sentence that is being written; prints nothing."""
        for ground in grounds:
            self.citations.note(_evidence(ground))
        return ""

    def code(self, value: Any) -> Any:
        """A value in the type of code."""
        from markupsafe import Markup

        if isinstance(value, Fact):
            self.citations.note(value.evidence)
            if not value.declared:
                return Markup(escape(value))
        return Markup(code(value))

    def prose(self, value: Any) -> Any:
        """A message of the check, with its code in the type of code."""
        from markupsafe import Markup

        return Markup(prose(value))

    def listing(self, values: Iterable[Any], last: str = "and", empty: str = "none") -> Any:
        """Values as a sentence lists them: `a, b and c`."""
        from markupsafe import Markup

        words = [str(self.finalize(v)) for v in values]
        if not words:
            return Markup(empty)
        return Markup(", ".join(words[:-1]) + f" {last} " + words[-1] if len(words) > 1 else words[0])

    def picture(self, name: str, title: str) -> Any:
        """The picture of a view, or how to draw it where the document has no file beside it."""
        from markupsafe import Markup

        address = self.links.get(name)
        if address is None:
            view = re.sub(r"[^A-Za-z0-9_:-]", "", name)
            return Markup(f"*Picture: {escape(title)}; `archproof draw --view {view}` draws it.*")
        target = re.sub(r"[<>\\\s]", "", address)
        return Markup(f"![{escape(title)}](<{target}>)")

    def index(self) -> list[tuple[int, Evidence]]:
        """All evidence cited so far, by number."""
        return self.citations.listed()


def runs(numbers: list[int]) -> list[str]:
    """Numbers in brackets, four and more in a row as their ends: `[3]–[9]`."""
    found: list[list[int]] = []
    for number in numbers:
        if found and number == found[-1][-1] + 1:
            found[-1].append(number)
        else:
            found.append([number])
    return [
        shown for run in found
        for shown in ([f"[{run[0]}]–[{run[-1]}]"] if len(run) > 3 else [f"[{n}]" for n in run])
    ]  # fmt: skip


def _evidence(ground: Any) -> tuple[Evidence, ...]:
    """The evidence of a fact, of a piece of evidence, or of a list of either."""
    if isinstance(ground, list | tuple):
        return tuple(e for g in ground for e in _evidence(g))
    return join([ground])


@functools.cache
def loader() -> jinja2.FileSystemLoader:
    """Where all templates are."""
    import jinja2

    return jinja2.FileSystemLoader(TEMPLATES)


_WRITER: ContextVar[Writer] = ContextVar("writer")
"""The writer of the document that is being written: the compiled templates are shared by all documents."""


@functools.cache
def environment() -> jinja2.Environment:
    """The templates' environment: strict about names, with values escaped by the writer at work."""
    import jinja2

    def call(name: str) -> Callable[..., Any]:
        def method(*arguments: Any, **options: Any) -> Any:
            return getattr(_WRITER.get(), name)(*arguments, **options)

        return method

    found = jinja2.Environment(
        loader=loader(),
        undefined=jinja2.StrictUndefined,
        autoescape=True,
        finalize=call("finalize"),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        optimized=False,  # nothing may be written before there is a writer
    )
    found.filters.update(code=call("code"), prose=call("prose"), listing=call("listing"), bare=bare, capital=capital)
    found.filters.update(the=_the, The=_begin, spoken=_spoken)
    found.globals.update({name: call(name) for name in ("cite", "because", "picture", "index")})
    return found


def render(document: Document, links: dict[str, str]) -> str:
    """The document as Markdown."""
    return write(document, Writer(links))


def write(document: Document, writer: Writer) -> str:
    """The document as Markdown, by this writer: afterwards it holds the evidence that was cited."""
    token = _WRITER.set(writer)
    try:
        text = environment().get_template(document.template).render(document=document, **document.context)
    finally:
        _WRITER.reset(token)
    return tidy(text) + "\n" + "".join(f"[{n}]: #e{n}\n" for n, _ in writer.index())


def tidy(text: str) -> str:
    """Lines without spaces at their ends or two in a row, never two empty lines in a row."""
    lines = "\n".join(re.sub(r"(?<=\S) {2,}", " ", line.rstrip()) for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", lines).strip() + "\n"
