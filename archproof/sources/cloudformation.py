"""CloudFormation templates, YAML and JSON: every resource as it stands, with the place of every property."""

from __future__ import annotations

import functools
from typing import Any

from archproof.errors import InputError, Location, Problem
from archproof.model.yaml import Mark
from archproof.resources.resource import Path, Resource, Resources
from archproof.sources import _sam
from archproof.sources.reading import Probe, Request

FORMAT = "cloudformation"


def recognises(probe: Probe) -> bool:
    """Say whether the input is a template."""
    return "Resources" in probe.keys or "AWSTemplateFormatVersion" in probe.keys


def read(probe: Probe, request: Request) -> Resources:
    """Read a template. Raises InputError with every problem of it."""
    parsed = probe.parsed
    problems = list(parsed.problems)
    resources = Resources(request.region or "us-east-1")
    resources.sources[probe.name] = probe.text
    value: dict[str, Any] = parsed.value
    mark = parsed.mark
    if _sam.applies(value):
        expansion = _sam.transform(value, mark, request, probe.path.parent)
        value, mark = expansion.value, expansion.mark
        resources.unknown += expansion.unknown
        resources.sources |= expansion.sources
        resources.format = "sam"
    resources.parameters = value.get("Parameters") or {}
    resources.conditions = value.get("Conditions") or {}
    resources.mappings = value.get("Mappings") or {}
    resources.outputs = value.get("Outputs") or {}
    resources.given = dict(request.parameters)
    marks = mark.children.get("Resources")
    for logical_id, entry in (value.get("Resources") or {}).items():
        mark = marks.children[logical_id]
        if not isinstance(entry, dict) or not isinstance(entry.get("Type"), str):
            problems.append(Problem(mark.at(), f"the resource '{logical_id[:60]}' needs a Type"))
            continue
        attributes = {k: v for k, v in entry.items() if k not in ("Type", "Properties")}
        resources.add(
            Resource(
                logical_id, entry["Type"], entry.get("Properties") or {}, attributes=attributes,
                origins={(): ()}, locate=functools.partial(_locate, mark),
            )
        )  # fmt: skip
    if problems:
        raise InputError(problems)
    return resources


def _locate(mark: Mark, path: Path | None) -> Location:
    if path is None:
        return mark.key()
    properties = mark.children.get("Properties")
    if properties is None:
        return mark.key()
    for step in path:
        try:
            properties = properties.children[step]
        except (KeyError, IndexError, TypeError):
            break
    return properties.entry()  # type: ignore[no-any-return]
