"""`index.html` of a build: one page that opens every picture, document and finding."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from archproof.network import telling
from archproof.pages import render_page
from archproof.renderers.documents._html import inline_svg
from archproof.renderers.documents._markdown import plain
from archproof.renderers.documents._network import hop_text
from archproof.renderers.documents._reader import Reader
from archproof.renderers.documents._words import sentence
from archproof.resources.resource import Resources

if TYPE_CHECKING:
    import datetime

    from archproof.model.architecture import Architecture

SEVERITIES = ("critical", "high", "medium", "low", "info")
VERDICTS = {"proved": "good", "refuted": "critical", "unknown": "unknown"}


@dataclass(frozen=True, slots=True)
class File:
    """A file beside the page: what it is, where it lies (relative to the page), and a word about it."""

    title: str
    address: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture in the page, with the files that hold it."""

    name: str
    title: str
    svg: Any
    files: tuple[File, ...]


def index(
    architecture: Architecture,
    report: Any,
    pictures: Mapping[str, tuple[str, str]],
    picture_files: Mapping[str, Sequence[File]],
    documents: Sequence[File],
    today: datetime.date,
) -> str:
    """The page.

    `pictures` are title and SVG by view, shown in the page; `picture_files` the files of each view;
    `documents` every other file of the build. `report` is what `check` found, or None.
    """
    from markupsafe import Markup

    reader = Reader(architecture, Resources(), report, today)
    shown = [
        Shown(name, title, Markup(inline_svg(svg)), tuple(_safe(f) for f in picture_files.get(name, ())))
        for name, (title, svg) in pictures.items()
    ]
    findings = sorted(reader.findings, key=lambda f: (f.waived is not None, SEVERITIES.index(f.severity)))
    open_ = [f for f in findings if f.waived is None]
    system = architecture.system
    return render_page(
        "index.html.j2",
        "index",
        title=sentence(system.title or system.name),
        summary=system.summary or "",
        checked=reader.checked,
        region=architecture.region,
        environment=architecture.environment or "",
        components=len(architecture.components),
        today=today.isoformat(),
        pictures=shown,
        documents=[_safe(f) for f in documents],
        findings=[(f, reader.where(f.location), prose(f.message), prose(f.remediation or "")) for f in findings],
        waived=len(findings) - len(open_),
        counts=[(s, sum(1 for f in open_ if f.severity == s)) for s in SEVERITIES],
        guarantees=[(g, VERDICTS.get(g.verdict, "unknown"), *_told(g)) for g in reader.guarantees],
        unknown=[(prose(u.what), prose(u.why), reader.where(u.location)) for u in reader.unknown],
    )


def _told(result: Any) -> tuple[str, list[str]]:
    """What leads in to the steps of a proof, and the steps."""
    lead, steps = telling.guarantee(result.text, result.verdict, result.witness, result.blockers)
    return lead, [hop_text(step) for step in steps]


def prose(text: str) -> Any:
    """A message of the check as HTML, with what stands between backticks in the type of code."""
    from markupsafe import Markup, escape

    parts = re.split(r"`([^`\n]{1,120})`", plain(text))
    shown = (Markup("<code>{}</code>").format(part) if n % 2 else escape(part) for n, part in enumerate(parts))
    return Markup("").join(shown)


def _safe(file: File) -> File:
    """A file whose address can do nothing but lead to a file beside the page."""
    from archproof.renderers.svg_parts import safe_href

    address = safe_href(file.address)
    return File(file.title, "" if ":" in address.split("/")[0] or address.startswith("//") else address, file.note)
