"""A document as one HTML file: the Markdown's tokens, with pictures, contents, cards and notes put in place.

Nothing that the model says is taken for HTML: the Markdown is escaped where it is written, and the reader of
it knows no HTML but the anchors of the evidence index.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING

from archproof.pages import render_page
from archproof.renderers.documents import Document, Picture, _markdown
from archproof.renderers.documents._evidence import Evidence
from archproof.renderers.documents._markdown import plain

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

TABLE = "\n| No. | Where | What it says | Checked |\n"
"""The head of the evidence index, the last table of a document."""
CITATION = re.compile(r"\[(\d+)\]")
ANCHOR = re.compile(r'<a id="e(\d+)"></a>')
MARKS = {
    "critical": "critical", "high": "high", "medium": "medium", "low": "low", "info": "info", "Proved": "good",
    "Refuted": "critical", "Not proved yet": "unknown", "Not checked": "unknown",
}  # fmt: skip
"""Bold words that become coloured marks."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the table of contents."""

    level: int
    id: str
    text: str


@dataclass(slots=True)
class Body:
    """What is gathered while the body is written."""

    evidence: dict[int, Evidence]
    pictures: list[Picture]
    contents: list[Entry] = field(default_factory=list)
    ids: dict[str, int] = field(default_factory=dict)


def page(document: Document) -> str:
    """The whole file."""
    text, evidence = _markdown.write(document)
    body = Body(dict(evidence), list(document.pictures.values()))
    told, found, _ = text.partition(TABLE)
    markup = write(told, body)
    if found:
        end = markup.rindex("</section>")
        markup = markup[:end] + _evidence_table(evidence) + markup[end:]
    return render_page("document.html.j2", "document", title=document.title, body=markup, contents=body.contents)


def _evidence_table(evidence: Sequence[tuple[int, Evidence]]) -> str:
    """The evidence index, which needs no reading as Markdown: it is as long as the rest of the document."""
    rows = "".join(
        f'<tr><td style="text-align:right"><a id="e{number}"></a>{number}</td><td><code>{escape(plain(e.where))}</code>'
        f"</td><td>{escape(plain(e.what))}</td><td>{escape(e.checked)}</td></tr>\n"
        for number, e in evidence
    )
    head = "".join(f"<th>{word}</th>" for word in TABLE.strip("|\n ").split(" | "))
    return f'<div class="table"><table><thead><tr>{head}</tr></thead><tbody>\n{rows}</tbody></table></div>\n'


def write(text: str, body: Body) -> str:
    """Markdown of ours as HTML."""
    parser = _parser()
    tokens = parser.parse(text)
    return "".join(_blocks(parser, tokens, body))


def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    parser.inline.ruler.before("html_inline", "anchor", _anchor)
    parser.inline.ruler.before("link", "citation", _citation)
    return parser


def _citation(state: StateInline, silent: bool) -> bool:
    """Read a number in brackets as the link to its line of evidence; what the model says has its brackets escaped."""
    found = CITATION.match(state.src, state.pos)
    if found is None:
        return False
    if not silent:
        state.push("link_open", "a", 1).attrs = {"href": f"#e{found[1]}"}
        state.push("text", "", 0).content = found[1]
        state.push("link_close", "a", -1)
    state.pos = found.end()
    return True


def _anchor(state: StateInline, silent: bool) -> bool:
    """Read the anchor of a line of evidence, the only HTML that our Markdown holds."""
    found = ANCHOR.match(state.src, state.pos)
    if found is None:
        return False
    if not silent:
        state.push("html_inline", "", 0).content = found[0]
    state.pos = found.end()
    return True


def _blocks(parser: MarkdownIt, tokens: Sequence[Token], body: Body) -> Iterator[str]:
    """The blocks: headings open sections and cards, a lone picture becomes a figure, tables can scroll."""
    opened: list[str] = []
    position = 0
    while position < len(tokens):
        token = tokens[position]
        if token.type == "heading_open" and token.tag in ("h2", "h3", "h4"):
            while opened and opened[-1] >= token.tag:
                yield "</article>" if opened.pop() == "h4" else "</section>"
            opened.append(token.tag)
            yield _heading(parser, token.tag, tokens[position + 1], body)
            position += 3
            continue
        lone = _picture(tokens, position, body)
        if lone is not None:
            yield lone
            position += 3
            continue
        if token.type == "inline":
            yield _inline(parser, token.children or [], body)
        elif token.type in ("table_open", "table_close"):
            yield '<div class="table"><table>' if token.nesting == 1 else "</table></div>\n"
        else:
            yield parser.renderer.render([token], parser.options, {})
        position += 1
    yield from ("</article>" if tag == "h4" else "</section>" for tag in reversed(opened))


def _heading(parser: MarkdownIt, tag: str, inline: Token, body: Body) -> str:
    """A heading with an id of its own, at the head of the section or card that it opens."""
    text = "".join(c.content for c in inline.children or [] if c.type in ("text", "code_inline"))
    words = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:60] or "part"
    body.ids[words] = body.ids.get(words, 0) + 1
    name = f"s-{words}" + (f"-{body.ids[words]}" if body.ids[words] > 1 else "")
    shown = _inline(parser, inline.children or [], body)
    if tag == "h4":
        family, dot, question = shown.partition(" · ")
        label = f'<span class="family">{family}</span>{question}' if dot else shown
        return f'<article class="card" id="{name}"><h4>{label}</h4>\n'
    body.contents.append(Entry(int(tag[1]), name, text))
    return f'<section class="{tag}" id="{name}"><{tag}>{shown}</{tag}>\n'


def _picture(tokens: Sequence[Token], position: int, body: Body) -> str | None:
    """The figure for a paragraph that holds a picture and nothing else."""
    if tokens[position].type != "paragraph_open":
        return None
    children = tokens[position + 1].children or []
    if len(children) != 1 or children[0].type != "image":
        return None
    found = re.fullmatch(r"picture:(\d+)", str(children[0].attrs.get("src", "")))
    if found is None or int(found[1]) >= len(body.pictures):
        return None
    picture = body.pictures[int(found[1])]
    caption = f"<figcaption>{escape(children[0].content)}</figcaption>"
    return f'<figure tabindex="0">{inline_svg(picture.svg)}{caption}</figure>\n'


def inline_svg(svg: str) -> str:
    """An SVG to stand inside a page: without prologue, and without the fonts that the page has itself."""
    return re.sub(r"@font-face\{[^{}]*\}", "", re.sub(r"^\s*(<\?xml[^>]*\?>|<!DOCTYPE[^>]*>|\s)*", "", svg))


def _inline(parser: MarkdownIt, children: Sequence[Token], body: Body) -> str:
    """A line of text, with its numbers as notes and its marks coloured."""
    said: list[str] = []
    for position, token in enumerate(children):
        following = children[position + 1] if position + 1 < len(children) else None
        if token.type == "link_open" and (number := _number(token)):
            said.append(_note(number, body.evidence.get(number)))
        elif token.type == "text" and following is not None and following.type == "link_open" and _number(following):
            said.append(_text(token.content.rstrip()))
        elif token.type == "text":
            said.append(_text(token.content))
        elif token.type == "strong_open" and following is not None and following.content in MARKS:
            said.append(f'<strong class="mark {MARKS[following.content]}">')
        else:
            said.append(parser.renderer.render([token], parser.options, {}))
    return "".join(said)


def _number(token: Token) -> int:
    found = re.fullmatch(r"#e(\d+)", str(token.attrs.get("href", "")))
    return int(found[1]) if found else 0


def _note(number: int, evidence: Evidence | None) -> str:
    """The opening of the link to a line of evidence; it says the line where the pointer rests."""
    told = "" if evidence is None else f"{evidence.where} — {evidence.what}"
    return f'<a class="note" href="#e{number}" title="{escape(told)}">'


def _text(text: str) -> str:
    return escape(text, quote=False).replace("not declared", '<span class="missing">not declared</span>')
