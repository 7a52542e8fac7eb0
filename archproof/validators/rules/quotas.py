"""Quotas that one property can break: one rule for each row of quotas.csv beside this; the numbers are facts.

A row names the property, how it is measured and the quota. `*` in a path stands for every item of a list.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from archproof.resources.resource import Resource, is_symbolic
from archproof.validators.context import Context, amount
from archproof.validators.rule import Check, Hit, Rule, metadata

if TYPE_CHECKING:
    from archproof.facts import Quota

TYPES = (
    "AWS::ApiGateway::Method", "AWS::ApiGatewayV2::Authorizer", "AWS::ApiGatewayV2::Integration",
    "AWS::ApiGatewayV2::Route", "AWS::CloudFront::Distribution", "AWS::CloudFront::Function", "AWS::CloudWatch::Alarm",
    "AWS::Cognito::UserPool", "AWS::Cognito::UserPoolClient", "AWS::EC2::Instance", "AWS::EC2::NetworkInterface",
    "AWS::ECR::Repository", "AWS::ECS::Service", "AWS::ECS::TaskDefinition",
    "AWS::ElasticLoadBalancingV2::LoadBalancer", "AWS::Events::Rule", "AWS::IAM::ManagedPolicy", "AWS::IAM::Role",
    "AWS::Lambda::EventInvokeConfig", "AWS::Lambda::EventSourceMapping", "AWS::Lambda::Function",
    "AWS::RDS::DBInstance",
    "AWS::RDS::DBProxy", "AWS::RDS::DBSubnetGroup", "AWS::SQS::Queue", "AWS::SecretsManager::Secret",
    "AWS::StepFunctions::StateMachine",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One quota: a row of quotas.csv.

    `unit` is the property's (empty for a count, `x` for a bare number). `measure`: `value`, `count` (items
    of the list), `length` (of the text) or `json` (of a document without whitespace). `bound`: whether the
    quota is the `most` or the `least` that is allowed.
    """

    rule: str
    type: str
    path: str
    measure: str
    unit: str
    bound: str
    service: str
    quota: str
    noun: str
    remediation: str

    @property
    def least(self) -> bool:
        """Whether the quota is a minimum."""
        return self.bound == "least"


_SERVICES = {
    "apigateway": "API Gateway", "apigatewayv2": "API Gateway", "cloudfront": "CloudFront", "cloudwatch": "CloudWatch",
    "cognito-idp": "Cognito", "ecr": "ECR", "ecs": "ECS", "events": "EventBridge", "iam": "IAM", "lambda": "Lambda",
    "rds": "RDS", "secretsmanager": "Secrets Manager", "sqs": "SQS", "states": "Step Functions", "vpc": "the VPC",
}  # fmt: skip
_DAY_S = 24 * 60 * 60
_PLAIN = ("", "x", "characters")
"""Units that no conversion applies to."""


def limit_in(quota: Quota, unit: str) -> float:
    """A quota's value in the unit of a property."""
    if unit in _PLAIN:
        return quota.number
    from archproof.facts import rows

    found = next(row for row in rows("units") if row["unit"] == unit)
    base = quota.bytes if found["dimension"] == "size" else quota.seconds
    return base / float(found["factor"])


def quantity(number: float, unit: str) -> str:
    """A number with its unit: `1,000 s`, `5`, `2,100 characters`."""
    days = number / _DAY_S
    long = f" ({amount(days)} days)" if unit == "s" and days > 1 and days.is_integer() else ""
    return amount(number) + (f" {unit}" if unit not in ("", "x") else "") + long


def _check(row: Row) -> Check:
    steps = tuple(row.path.split("."))
    head, _, tail = (steps, None, None) if "*" not in steps else (steps[: steps.index("*")], None, steps)
    limit: list[float] = []

    def check(resource: Resource, ctx: Context) -> Iterator[Hit]:
        if head[0] not in resource.properties:
            return
        if not limit:
            limit.append(limit_in(ctx.quota(row.service, row.quota), row.unit))
        for path in _paths(resource, ctx, tail) if tail else (head,):
            found = _measure(row, resource, ctx, path)
            if found is not None and (found < limit[0] if row.least else found > limit[0]):
                yield Hit(_message(row, resource, ctx, found, limit[0]), *path)

    return check


def _paths(resource: Resource, ctx: Context, steps: tuple[str, ...]) -> Iterator[tuple[str | int, ...]]:
    """The paths that a path with one `*` stands for."""
    star = steps.index("*")
    for position in range(len(ctx.items(resource, *steps[:star]))):
        yield (*steps[:star], position, *steps[star + 1 :])


def _measure(row: Row, resource: Resource, ctx: Context, path: tuple[str | int, ...]) -> float | None:
    if row.measure == "value":
        return ctx.number(resource, *path)
    found = ctx.value(resource, *path)
    if found is None:
        return None
    if row.measure == "count":
        if isinstance(found, list) and any(is_symbolic(i) and "Fn::If" in i for i in found):
            ctx.undecided(resource, *path)
        if not isinstance(found, list):
            ctx.undecided(resource, *path, why="it is no list")
            return None
        return len(found)
    if row.measure == "json":
        return compact_size(found)
    return len(found.encode() if row.unit == "bytes" else found) if isinstance(found, str) else None


_COMPACT = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False, default=str)


def compact_size(document: Any) -> int:
    """Characters of a JSON document without whitespace, as IAM and EventBridge count them."""
    if isinstance(document, str):
        try:
            document = json.loads(document)
        except ValueError:
            return len("".join(document.split()))
    return len(_COMPACT.encode(document))


def _message(row: Row, resource: Resource, ctx: Context, found: float, limit: float) -> str:
    word = "below" if row.least else "above"
    ends = "minimum" if row.least else "maximum"
    noun = row.noun.removesuffix("s") if found == 1 else row.noun
    has = f"{amount(found)} {noun}" if row.measure == "count" else f"{row.noun} of {quantity(found, row.unit)}"
    if row.measure in ("length", "json"):
        has = f"{row.noun} of {quantity(found, row.unit)}"
    raised = ", which AWS can raise" if ctx.quota(row.service, row.quota).adjustable else ""
    ends = f"{_SERVICES[row.service]}'s {ends} of {quantity(limit, row.unit)}"
    return f"{resource.title} has {has}, {word} {ends}{raised}"


def _rule(row: Row) -> Rule:
    word, verb = ("below", "least") if row.least else ("above", "most")
    noun = row.noun.removeprefix("a ").removeprefix("an ")
    service = _SERVICES[row.service]
    return metadata(
        row.rule, "high", (row.type,), _check(row), wa="REL", fix=row.remediation,
        title=f"{noun[:1].upper() + noun[1:]} {word} the quota of {service}",
        why=f"{service} allows at {verb} the quota '{row.quota}'; a deployment beyond it is rejected.",
    )  # fmt: skip


def _rows() -> list[Row]:
    with Path(__file__).with_suffix(".csv").open(encoding="utf-8", newline="") as file:
        return [Row(**row) for row in csv.DictReader(file, strict=True)]


_HEADROOM_PERCENT = 20
_ROOMY = ("MB", "", "characters", "bytes")
"""Units of what grows with a system; a time is often set to its maximum on purpose."""


def _headroom(rows: list[Row]) -> Rule:
    """One rule for all quotas of what grows: it is kept, with little room left."""
    by_type: dict[str, list[tuple[Row, tuple[str, ...]]]] = {}
    for row in rows:
        if not row.least and (row.unit in _ROOMY or row.rule == "lambda-timeout-quota"):
            by_type.setdefault(row.type, []).append((row, tuple(row.path.split("."))))
    limits: dict[Row, float] = {}

    def check(resource: Resource, ctx: Context) -> Iterator[Hit]:
        for row, steps in by_type[resource.type]:
            if steps[0] not in resource.properties:
                continue
            limit = limits.get(row)
            if limit is None:
                limit = limits[row] = limit_in(ctx.quota(row.service, row.quota), row.unit)
            for path in _paths(resource, ctx, steps) if "*" in steps else (steps,):
                found = _measure(row, resource, ctx, path)
                if found is not None and limit * (100 - _HEADROOM_PERCENT) < found * 100 <= limit * 100:
                    used = amount(round(100 * found / limit))
                    what = f"{resource.title} uses {used} % of {_SERVICES[row.service]}'s quota '{row.quota}'"
                    yield Hit(f"{what}: {quantity(found, row.unit)} of {quantity(limit, row.unit)}", *path)

    return metadata(
        "quota-headroom", "info", tuple(by_type), check, wa="REL",
        title="A quota is nearly used up",
        why="What grows reaches it at a time that nobody chose, and the deployment of that day is rejected.",
        fix="Plan for it: split the component, or have the quota raised where AWS does that.",
    )  # fmt: skip


_ROWS = _rows()
RULES = [*(_rule(row) for row in _ROWS), _headroom(_ROWS)]
