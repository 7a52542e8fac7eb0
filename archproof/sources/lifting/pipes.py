"""Pipes of EventBridge: their two ends, how the source is read, what the target gets."""

from __future__ import annotations

from typing import Any

from archproof.model.kinds.pipes import ENRICHMENTS, SOURCES, TARGETS
from archproof.resources.lowering.pipes import SHAPES
from archproof.resources.resource import is_symbolic
from archproof.sources.lifting import _guess
from archproof.sources.lifting.drafts import Draft, Lifting
from archproof.sources.lifting.triggers import patterns

SUBJECT = "pipes"
ORDER = 50

_POSITIONS = {"LATEST": "latest", "TRIM_HORIZON": "trim_horizon"}


def lift(lifting: Lifting) -> None:
    """Every pipe; where the language has not both its ends, links say what it joins."""
    for drafted in list(lifting.of_type("AWS::Pipes::Pipe")):
        source, target = (lifting.named(drafted.resource.get(key)) for key in ("Source", "Target"))
        known = source is not None and source.kind in SOURCES and target is not None and target.kind in TARGETS
        if known and source is not None and target is not None:
            _pipe(lifting, drafted, source, target)
        else:
            _joined(lifting, drafted, source, target)


def _joined(lifting: Lifting, drafted: Draft, source: Draft | None, target: Draft | None) -> None:
    drafted.become_plain()
    resource = drafted.resource
    if source is not None:
        lifting.link(source, drafted, "connect", (resource, ("Source",)), title="feeds", wired=True)
    enrichment = lifting.named(resource.get("Enrichment"))
    if enrichment is not None:
        lifting.link(drafted, enrichment, "connect", (resource, ("Enrichment",)), title="asks", wired=True)
    if target is not None:
        lifting.link(drafted, target, "connect", (resource, ("Target",)), title="sends", wired=True)


def _pipe(lifting: Lifting, drafted: Draft, source: Draft, target: Draft) -> None:
    pipe = drafted.resource
    drafted.kind = "event_pipe"
    drafted.fields.clear()
    drafted.places.clear()
    drafted.firm = frozenset({"Source", "Target", "SourceParameters", "TargetParameters", "Enrichment"})
    drafted.say("from", source.name, "Source")
    drafted.say("to", target.name, "Target")
    enrichment = lifting.named(pipe.get("Enrichment"))
    if enrichment is not None and enrichment.kind in ENRICHMENTS:
        drafted.say("enrich", enrichment.name, "Enrichment")
    _read(drafted, source)
    for key, property in (("enrich_template", "EnrichmentParameters"), ("input_template", "TargetParameters")):
        template = pipe.get(property, "InputTemplate")
        if isinstance(template, str):
            drafted.say(key, template, property)
    options = pipe.get("TargetParameters")
    if isinstance(options, dict) and not is_symbolic(options):
        rest = {k: v for k, v in options.items() if k != "InputTemplate" or not isinstance(v, str)}
        if rest:
            drafted.say("options", rest, "TargetParameters")
    filtered = "filter" in drafted.fields
    _guess.fill(lifting, drafted)
    if not filtered:
        drafted.unsay("filter")


def _read(drafted: Draft, source: Draft) -> None:
    """How the source is read."""
    held: Any = drafted.resource.get("SourceParameters")
    if not isinstance(held, dict) or is_symbolic(held):
        return
    found = patterns(held.get("FilterCriteria"))
    if found:
        drafted.say("filter", found, "SourceParameters", "FilterCriteria")
    shape = SHAPES[source.kind]
    read = held.get(shape)
    if not isinstance(read, dict):
        return
    for key, field, least in (("BatchSize", "batch", 1), ("MaximumBatchingWindowInSeconds", "batch_window_s", 0)):
        if type(read.get(key)) is int and read[key] >= least:
            drafted.say(field, read[key], "SourceParameters", shape, key)
    position = str(read.get("StartingPosition"))
    if position in _POSITIONS:
        drafted.say("starting_position", _POSITIONS[position], "SourceParameters", shape)
