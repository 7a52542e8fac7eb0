"""Helpers of the tests of kinds: lower a text, read its resources, and validate them with AWS's own rules."""

from __future__ import annotations

import functools
import json
from typing import Any

import pytest

from archproof.errors import InputError
from archproof.model.architecture import loads
from archproof.resources.lowering import lower
from archproof.resources.resource import Resources


def lowered(components: str, *, head: str = "") -> Resources:
    """Lower components, written as the body of `components:`."""
    indented = "\n".join("  " + line for line in components.strip("\n").splitlines())
    return lower(loads(f"archproof: 1\n{head}components:\n{indented}\n"))


def problems(components: str) -> list[str]:
    """The messages of the errors of components, with their positions."""
    with pytest.raises(InputError) as caught:
        lowered(components)
    return [str(p) for p in caught.value.problems]


def template(resources: Resources) -> dict[str, Any]:
    """The resources as a CloudFormation template."""
    return {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Resources": {
            r.logical_id: {"Type": r.type, "Properties": r.properties, **r.attributes} for r in resources
        },
    }


@functools.cache
def _engine() -> Any:
    from cloudformation_validate import CompositeEngine

    return CompositeEngine()


# Advice that does not fit: tags that the type shares with its group, names that are left to CloudFormation.
_IGNORED = {"I4010", "I9040", "I9001", "I3013", "I3011"}


def findings(resources: Resources, *, least: str = "ERROR") -> list[str]:
    """What AWS's validator says of the resources, at `ERROR` (fatal too), `WARN` or `INFO` and above."""
    order = ("FATAL", "ERROR", "WARN", "INFO")
    levels = order[: order.index(least) + 1]
    report = _engine().validate_template(json.dumps(template(resources)).encode())
    return [
        f"{d.severity.name} {d.rule_id} {d.property_path}: {d.message}"
        for d in report.diagnostics
        if d.severity.name in levels and d.rule_id not in _IGNORED
    ]
