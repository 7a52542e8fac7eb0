"""Documents: what a model says, in words, each sentence with the places that say it.

A document is one module of this package: it names itself in `DOCUMENT` and has a function of that name,
`interview(architecture, resources, report, pictures, today) -> Document`, which gathers typed data; its
sentences stand in the template `templates/<name>.md.j2`. `explain` finds the module, `markdown` and `html`
write what it returns. Nothing heavy is imported before it is used.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from archproof import discovery
from archproof.errors import UsageError
from archproof.suggest import did_you_mean

if TYPE_CHECKING:
    import datetime
    from collections.abc import Mapping

    from archproof.model.architecture import Architecture
    from archproof.resources.resource import Resources

PACKAGE = "archproof.renderers.documents"


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of the document: the view it shows, its title and its SVG."""

    name: str
    title: str
    svg: str


@dataclass(frozen=True, slots=True)
class Document:
    """A document before it is written: the template that words it and the data that the template reads."""

    name: str
    title: str
    context: dict[str, Any]
    pictures: dict[str, Picture] = field(default_factory=dict)
    written: list[Any] = field(default_factory=list, repr=False, compare=False)
    """Its text and evidence once it was written; every form of the document is made of the same text."""

    @property
    def template(self) -> str:
        """The template that words it."""
        return f"{self.name}.md.j2"


def documents() -> list[str]:
    """Every kind of document, sorted."""
    return sorted(discovery.index(PACKAGE, "DOCUMENT"))


def explain(
    name: str,
    architecture: Architecture,
    resources: Resources,
    report: Any,
    pictures: Mapping[str, tuple[str, str]],
    today: datetime.date,
) -> Document:
    """Gather the document `name`. Raises UsageError where there is none of that name.

    `report` has what `check` found (`findings`, `guarantees`, `unknown`), or is None where nothing was
    checked. `pictures` are title and SVG by view; a flow's is named `flow:<id>` or by the flow's id alone.
    """
    module = discovery.module_for(PACKAGE, "DOCUMENT", name)
    if module is None:
        known = documents()
        raise UsageError(
            f"no document is called '{name[:60]}'{did_you_mean(name, known)} (documents: {', '.join(known)})"
        )
    found = {key: Picture(key, title, svg) for key, (title, svg) in pictures.items()}
    document: Document = getattr(module, name)(architecture, resources, report, found, today)
    return document


def prepare() -> None:
    """Load what documents are written with, for a thread that has time while pictures are laid out."""
    import markdown_it  # noqa: F401

    from archproof.renderers.documents._markdown import environment

    templates = environment()
    for name in templates.list_templates(extensions=["j2"]):
        if name.endswith(".md.j2"):
            templates.get_template(name)


def markdown(document: Document, links: Mapping[str, str] | None = None) -> str:
    """The document as Markdown. `links` are the addresses of its pictures by view; without one, the text
    says how to draw it."""
    from archproof.renderers.documents._markdown import render

    return render(document, dict(links or {}))


def html(document: Document) -> str:
    """The document as one HTML file with everything inside."""
    from archproof.renderers.documents._html import page

    return page(document)
