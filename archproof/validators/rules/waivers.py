"""Waivers: rules about `accepted` itself. The findings are made where waivers are applied."""

from __future__ import annotations

from collections.abc import Iterator

from archproof.validators.context import Context
from archproof.validators.rule import Hit, system_rule

TYPES = ("*",)


@system_rule(
    "waiver-expired", "medium", wa="OPS",
    title="A waiver has ended",
    why="A finding is accepted for a time. After its last day the finding counts again, and the waiver only misleads.",
    fix="Mend what the waiver accepted and remove it from `accepted`, or set a new `until` with a new reason.",
)  # fmt: skip
def expired(ctx: Context) -> Iterator[Hit]:
    """Told by `archproof.validators.waivers`."""
    return iter(())


@system_rule(
    "waiver-unused", "low", wa="OPS",
    title="A waiver fits no finding",
    why="A waiver that fits nothing hides the finding that may come later, and a misspelt rule accepts nothing.",
    fix="Remove it from `accepted`, or correct its `rule` or `component`.",
)  # fmt: skip
def unused(ctx: Context) -> Iterator[Hit]:
    """Told by `archproof.validators.waivers`."""
    return iter(())


@system_rule(
    "waiver-long", "info", wa="OPS",
    title="A waiver lasts more than a year",
    why="An accepted risk should be looked at again at least once a year.",
    fix="Set `until` to a day within a year.",
)  # fmt: skip
def long_lasting(ctx: Context) -> Iterator[Hit]:
    """Told by `archproof.validators.waivers`."""
    return iter(())
