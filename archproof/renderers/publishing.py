"""The whole set that `build` writes: every picture, the documents, the report, and an index of them all.

Everything is made in memory first; files are written when nothing can go wrong any more.
"""

from __future__ import annotations

import datetime
import os
import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from archproof.model.architecture import Architecture
from archproof.renderers import documents, views
from archproof.renderers.documents.index import File, index
from archproof.renderers.options import Options
from archproof.renderers.scene import Drawing, Scene, SequenceScene

if TYPE_CHECKING:
    from archproof.renderers.placed import LaidOut
    from archproof.renderers.sequence import LaidOutSequence
    from archproof.resources.resource import Resources
    from archproof.validators.engines.request import Options as EngineOptions
    from archproof.validators.findings import Report

INLINE = Options(theme="auto", embed_font=False)
ALONE = Options(theme="light")
DARK = Options(theme="dark")
WIDEST_PNG = 1920.0
"""Pixels: what a screen shows of a picture at once."""


@dataclass
class Publication:
    """What is published of one architecture: made once, read by every document."""

    architecture: Architecture
    resources: Resources
    report: Report
    today: datetime.date

    @cached_property
    def drawings(self) -> dict[str, Drawing]:
        """The scene of every view."""
        names = views.names(self.architecture)
        return {name: views.build(name, self.architecture, self.report.findings) for name in names}

    @cached_property
    def placed(self) -> dict[str, LaidOut | LaidOutSequence]:
        """Every picture by its view, laid out."""
        # the layout engine computes outside of Python, which meanwhile has time to load the templates
        loading = threading.Thread(target=documents.prepare, daemon=True)
        loading.start()
        placed = _lay_out(self.drawings)
        loading.join()
        return placed

    @cached_property
    def inline(self) -> dict[str, tuple[str, str]]:
        """The title and the SVG of every picture, as pages hold it."""
        painted = _paint(self, INLINE)
        return {name: (self.drawings[name].title, data.decode("utf-8")) for name, data in painted.items()}


def publish(
    architecture: Architecture, today: datetime.date, *, pictures: bool = True, engines: EngineOptions | None = None
) -> Publication:
    """Lower and check an architecture, with those engines that every check runs where `engines` says nothing else.

    `pictures`: whether they will be wanted, so that their engine is loaded.
    """
    from archproof.renderers.layout import engine
    from archproof.resources.lowering import lower
    from archproof.validators.engine import check
    from archproof.validators.engines.request import Options as EngineOptions

    # what is native or computes outside of Python is loaded beside what is not
    starting = threading.Thread(target=engine.prepare, daemon=True)
    if pictures:
        starting.start()
    resources = lower(architecture)
    report = check(architecture, today, resources=resources, engines=engines or EngineOptions())
    if pictures:
        starting.join()
    return Publication(architecture, resources, report, today)


def _lay_out(drawings: dict[str, Drawing]) -> dict[str, LaidOut | LaidOutSequence]:
    from archproof.renderers.layout import layout_many
    from archproof.renderers.sequence import layout_sequence

    scenes = {n: d for n, d in drawings.items() if isinstance(d, Scene)}
    placed = dict(zip(scenes, layout_many(scenes.values()), strict=True))
    return {n: layout_sequence(d) if isinstance(d, SequenceScene) else placed[n] for n, d in drawings.items()}


def _paint(publication: Publication, options: Options) -> dict[str, bytes]:
    from archproof.renderers import svg

    return {name: svg.write(placed, options) for name, placed in publication.placed.items()}


def explain(publication: Publication, name: str, pictures: Mapping[str, tuple[str, str]]) -> documents.Document:
    """Gather a document of a publication with these pictures (title and SVG by view)."""
    return documents.explain(
        name, publication.architecture, publication.resources, publication.report, pictures, publication.today
    )


def document(architecture: Architecture, name: str, form: str, today: datetime.date) -> str:
    """A document as `md` or `html`."""
    publication = publish(architecture, today, pictures=form == "html")
    if form == "html":
        return documents.html(explain(publication, name, publication.inline))
    # Markdown names its pictures and how to draw them: nothing has to be laid out for that
    titles = {view: (drawing.title, "") for view, drawing in publication.drawings.items()}
    return documents.markdown(explain(publication, name, titles))


def files(publication: Publication) -> dict[str, bytes]:
    """Every file of a build by its path within the folder, `index.html` last."""
    made, beside = _pictures(publication)
    others = [*_documents(publication, made), *_data(publication, made)]
    page = index(publication.architecture, publication.report, publication.inline, beside, others, publication.today)
    made["index.html"] = page.encode("utf-8")
    return made


def _pictures(publication: Publication) -> tuple[dict[str, bytes], dict[str, list[File]]]:
    """Every picture as SVG for light and dark pages, the first as PNG too, and where each lies.

    Pixels take longer than all the rest of a picture: `draw -o VIEW.png` makes those of any other view.
    """
    from archproof.renderers import raster

    made: dict[str, bytes] = {}
    beside: dict[str, list[File]] = {}
    light, dark = _paint(publication, ALONE), _paint(publication, DARK)
    for name, placed in publication.placed.items():
        forms = {"SVG": ("svg", light[name]), "SVG, dark": ("dark.svg", dark[name])}
        if not made:
            scale = min(1.0, WIDEST_PNG / placed.width)
            forms["PNG"] = ("png", raster.write(placed, replace(ALONE, scale=scale)))
        for title, (ending, data) in forms.items():
            made[f"pictures/{name}.{ending}"] = data
            beside.setdefault(name, []).append(File(title, f"pictures/{name}.{ending}"))
    return made, beside


def _documents(publication: Publication, made: dict[str, bytes]) -> list[File]:
    links = {name: f"../pictures/{name}.svg" for name in publication.placed}
    found = []
    for kind in documents.documents():
        gathered = explain(publication, kind, publication.inline)
        made[f"documents/{kind}.html"] = documents.html(gathered).encode("utf-8")
        made[f"documents/{kind}.md"] = documents.markdown(gathered, links).encode("utf-8")
        title = f"{kind.capitalize()} document"
        found.append(File(title, f"documents/{kind}.html", "one page with everything inside"))
        found.append(File(f"{title}, Markdown", f"documents/{kind}.md", "for a repository or a wiki"))
    return found


def _data(publication: Publication, made: dict[str, bytes]) -> list[File]:
    """The report and the template: what other programs read."""
    from archproof.resources.template import template, to_yaml
    from archproof.validators import formats

    # the same bytes from whatever folder it was called
    report = publication.report.beside(os.path.dirname(publication.architecture.document.file))
    made["report/check.json"] = formats.render(report, "json").encode("utf-8")
    made["report/check.txt"] = formats.render(report, "text").encode("utf-8")
    system = publication.architecture.system
    folder = os.path.dirname(os.path.abspath(publication.architecture.document.file))
    stack = template(publication.resources, system.summary or system.title or "", folder)
    made["cloudformation/template.yaml"] = to_yaml(stack).encode("utf-8")
    return [
        File("Findings", "report/check.txt", "every finding with its remedy"),
        File("Findings, JSON", "report/check.json", "for other programs"),
        File("CloudFormation template", "cloudformation/template.yaml", f"{len(publication.resources)} resources"),
    ]
