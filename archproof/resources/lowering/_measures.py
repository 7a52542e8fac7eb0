"""Where the metrics of components are: namespace and dimensions, from the table of metrics."""

from __future__ import annotations

from typing import Any

from archproof.facts import metrics
from archproof.resources.lowering._context import Lowering


def dimensions(name: str, ctx: Lowering) -> list[tuple[str, Any]] | None:
    """Return the dimensions of a component's metrics, or None where the table does not know its kind."""
    known = metrics(ctx.component(name).kind)
    if not known:
        return None
    return [(dimension, _value(name, source, ctx)) for dimension, source in known[0].dimensions]


def namespace(name: str, ctx: Lowering) -> str | None:
    """Return the namespace of a component's metrics, or None."""
    known = metrics(ctx.component(name).kind)
    return known[0].namespace if known else None


def _value(name: str, source: str, ctx: Lowering) -> Any:
    """What fills a dimension; see `archproof.facts.Metric`."""
    if source == "Ref":
        return ctx.ref(name)
    if source.startswith("'"):
        return source.strip("'")
    if source.startswith("AWS::"):
        return {"Ref": source}
    if source.startswith("@"):
        return ctx.resources[ctx.id(name)].get(*source[1:].split("."))
    return ctx.att(name, source)
