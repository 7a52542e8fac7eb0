"""The Python face: load, check, draw, explain."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from archproof.model.architecture import Architecture

if TYPE_CHECKING:
    from archproof.renderers.scene import Drawing
    from archproof.validators.findings import Report


def load(
    path: str | Path, environment: str | None = None, *, parameters: Mapping[str, str] | None = None
) -> Architecture:
    """Read, validate and resolve the model at `path`, or lift one from any other source there.

    `parameters`: values of a template's parameters or of Terraform's variables. Raises InputError with every
    problem in it.
    """
    from archproof.sources.reading import Request
    from archproof.sources.reading import load as load_any

    return load_any(path, Request(parameters or {}, environment=environment))


def check(
    architecture: Architecture,
    today: datetime.date | None = None,
    *,
    only: Sequence[str] = (),
    skip: Sequence[str] = (),
    engines: Sequence[str] = (),
    rules: Sequence[str] = (),
) -> Report:
    """Check an architecture against every rule (or `only` some, without `skip`), judged on `today` (UTC).

    `engines`: policy engines beside those of every check (`checkov`). `rules`: files of rules of your own, or
    folders of them.
    """
    from archproof.validators.engine import check as run
    from archproof.validators.engines.request import Options

    day = today or datetime.datetime.now(datetime.UTC).date()
    return run(architecture, day, only=only, skip=skip, engines=Options(engines, rules))


def draw(architecture: Architecture, view: str = "overview", report: Report | None = None) -> Drawing:
    """Return the scene of a view; `archproof.renderers.formats` writes it in any format."""
    from archproof.renderers import views

    return views.build(view, architecture, report.findings if report else ())


def explain(architecture: Architecture, document: str = "interview", *, today: datetime.date | None = None) -> str:
    """Return a document as Markdown."""
    from archproof.renderers import publishing

    return publishing.document(architecture, document, "md", today or datetime.datetime.now(datetime.UTC).date())
