"""What the tests of the kinds share: a small model lowered, and AWS's own validator over the template."""

from __future__ import annotations

import functools
import json
from typing import Any

from archproof.model.architecture import loads
from archproof.resources.lowering import lower
from archproof.resources.resource import Resources
from archproof.resources.template import template

HEAD = """archproof: 1
system: {name: shop, region: eu-west-1}
network:
  vpc: {cidr: 10.0.0.0/16}
  subnets:
    public: {cidr: 10.0.0.0/20, egress: internet_gateway}
    app: {cidr: 10.0.16.0/20, egress: nat}
    data: {cidr: 10.0.32.0/20}
  security_groups:
    web_sg: {}
    app_sg: {}
    data_sg: {}
components:
"""
FIRST_LINE = HEAD.count("\n") + 1
"""The line on which the components begin."""


def lowered(components: str, head: str = HEAD) -> Resources:
    """Lower a model with these components (indented by two)."""
    return lower(loads(head + components))


def place(resources: Resources, logical_id: str, *path: str | int) -> str:
    """The line and column that say a property, counted from the first component's line."""
    location = resources[logical_id].location(*path)
    return f"{location.line - FIRST_LINE + 1}:{location.column}"


@functools.cache
def _engine() -> Any:
    from cloudformation_validate import CompositeEngine

    return CompositeEngine()


def complaints(resources: Resources, *levels: str) -> list[str]:
    """What AWS's validator says about the template, of these severities (errors when none is named)."""
    report = _engine().validate_template(json.dumps(template(resources)).encode())
    wanted = levels or ("ERROR", "FATAL")
    return [
        f"{d.severity.name} {d.rule_id} {d.entity.logical_id if d.entity else ''} {d.property_path}: {d.message}"
        for d in report.diagnostics
        if d.severity.name in wanted
    ]
