"""Templates to Markdown: every value printed is escaped, every fact printed is cited.

The environment's autoescape knows HTML only, so `finalize` writes each value in Markdown first and marks it
as done. A template's own text is Markdown; what it prints never is.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from archproof.pages import cache, loader
from archproof.renderers.documents import Document
from archproof.renderers.documents._evidence import Citations, Evidence, Fact, join
from archproof.renderers.documents._words import spoken, the

if TYPE_CHECKING:
    import jinja2

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


def _upper_first(value: str) -> str:
    """Text that is written already, with a capital at its beginning."""
    return type(value)(value[:1].upper() + value[1:])


def _begin(value: object) -> object:
    """The same at the beginning of a sentence."""
    found = _the(value)
    if isinstance(found, Fact):
        return Fact(found.value, found.text[:1].upper() + found.text[1:], found.evidence, found.note)
    return str(found)[:1].upper() + str(found)[1:]


class Writer:
    """What the templates of one document call: values are escaped and their evidence gathered here."""

    def __init__(self, pictures: list[str]) -> None:
        self.citations = Citations()
        self.pictures = pictures

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
        """The picture of a view, by its place among the pictures: each form of the document puts its own there."""
        from markupsafe import Markup

        return Markup(f"![{escape(title)}](picture:{self.pictures.index(name)})")

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
        bytecode_cache=cache(),
    )
    found.filters.update(code=call("code"), prose=call("prose"), listing=call("listing"), bare=bare, capital=capital)
    found.filters.update(the=_the, The=_begin, spoken=_spoken, upper_first=_upper_first)
    found.globals.update({name: call(name) for name in ("cite", "because", "picture", "index")})
    return found


def render(document: Document, links: dict[str, str]) -> str:
    """The document as Markdown, with its pictures where `links` says, or with how to draw them."""
    text, evidence = write(document)
    names = list(document.pictures)

    def show(match: re.Match[str]) -> str:
        name = names[int(match[2])]
        if name not in links:
            view = re.sub(r"[^A-Za-z0-9_:-]", "", name)
            return f"*Picture: {match[1]}; `archproof draw --view {view}` draws it.*"
        target = re.sub(r"[<>\\\s]", "", links[name])
        return f"![{match[1]}](<{target}>)"

    text = PICTURE.sub(show, text)
    return text + "\n" + "".join(f"[{n}]: #e{n}\n" for n, _ in evidence)


PICTURE = re.compile(r"^!\[(.*)\]\(picture:(\d+)\)$", re.M)
"""A picture in a document's text, before it is known where it lies."""


def write(document: Document) -> tuple[str, list[tuple[int, Evidence]]]:
    """The document's text in Markdown, its pictures as `picture:<position>`, and the evidence that it cites."""
    if not document.written:
        writer = Writer(list(document.pictures))
        token = _WRITER.set(writer)
        try:
            text = environment().get_template(document.template).render(document=document, **document.context)
        finally:
            _WRITER.reset(token)
        document.written.append((tidy(text), writer.index()))
    text, evidence = document.written[0]
    return text, evidence


def tidy(text: str) -> str:
    """Lines without spaces at their ends or two in a row, never two empty lines in a row."""
    lines = "\n".join(re.sub(r"(?<=\S) {2,}", " ", line.rstrip()) for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", lines).strip() + "\n"
