"""Decisions: those that are still open."""

from __future__ import annotations

from collections.abc import Iterator

from archproof.validators.context import Context, listed
from archproof.validators.rule import Hit, model_rule

TYPES = ("*",)


@model_rule(
    "decision-open", "medium", wa="OPS",
    title="A choice is left open",
    why="'A or B' cannot be built, proved or compared with an account; what the model takes meanwhile is a guess.",
    fix="Choose: set `status: accepted`, name what was rejected in `instead_of`, and let the components follow.",
)  # fmt: skip
def decision_open(ctx: Context) -> Iterator[Hit]:
    architecture = ctx.architecture
    if architecture is None:
        return
    for position, decision in enumerate(architecture.decisions):
        if decision.status == "open":
            between = f" between {listed(decision.between)}" if decision.between else ""
            component = decision.affects[0] if decision.affects else None
            place = architecture.document.locate(("decisions", position))
            yield Hit(f"the decision '{decision.title}' is open{between}", location=place, component=component)
