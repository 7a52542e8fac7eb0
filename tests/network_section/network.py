"""Helpers of the tests of the network: lower a text, show rules and routes in a line each, validate the template."""

from __future__ import annotations

import functools
import json
from typing import Any

import pytest

from archproof.errors import InputError
from archproof.model.architecture import loads
from archproof.resources.lowering import lower
from archproof.resources.resource import Resources
from archproof.resources.template import template

TIERS = """archproof: 1
system: {name: shop, region: eu-west-1}
network:
  vpc: {cidr: 10.20.0.0/16}
  subnets:
    public: {cidr: 10.20.0.0/22, egress: internet_gateway}
    app: {cidr: 10.20.16.0/20, egress: nat}
    data: {cidr: 10.20.48.0/22}
"""


def lowered(text: str) -> Resources:
    """Lower a whole architecture."""
    return lower(loads(text))


def problems(text: str) -> list[str]:
    """The errors of an architecture: `line:column: message`."""
    with pytest.raises(InputError) as caught:
        loads(text)
    return [f"{p.location.line}:{p.location.column}: {p.message}" for p in caught.value.problems]


def rules(resources: Resources) -> list[str]:
    """The rules that are resources of their own: `id: description @line`."""
    kinds = ("AWS::EC2::SecurityGroupIngress", "AWS::EC2::SecurityGroupEgress")
    return [
        f"{r.logical_id}: {r.get('Description', default='')} @{r.location().line}" for r in resources.of_type(*kinds)
    ]


def place(resources: Resources, logical_id: str, *path: str | int) -> str:
    """Where a property is said: `line:column`."""
    location = resources[logical_id].location(*path)
    return f"{location.line}:{location.column}"


def routes(resources: Resources) -> list[str]:
    """Every route in a line: `table destination target`."""
    found = []
    for route in resources.of_type("AWS::EC2::Route"):
        rest = {k: v for k, v in route.properties.items() if k != "RouteTableId"}
        to = next(v for k, v in rest.items() if k.startswith("Destination"))
        via = next(v for k, v in rest.items() if not k.startswith("Destination"))
        found.append(f"{route.get('RouteTableId', 'Ref')} {to} {via['Ref']}")
    return found


@functools.cache
def _engine() -> Any:
    from cloudformation_validate import CompositeEngine

    return CompositeEngine()


def complaints(resources: Resources) -> list[str]:
    """What AWS's validator says of the template, from warnings up."""
    report = _engine().validate_template(json.dumps(template(resources)).encode())
    return [
        f"{d.severity.name} {d.rule_id} {d.entity.logical_id if d.entity else ''} {d.property_path}: {d.message}"
        for d in report.diagnostics
        if d.severity.name in ("FATAL", "ERROR", "WARN")
    ]
