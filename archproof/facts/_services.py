"""AWS services: their names in each of AWS's vocabularies, and how a VPC reaches them."""

from __future__ import annotations

import functools
from datetime import date
from typing import NamedTuple

from archproof.facts._table import UnknownFactError, flag, names, rows


class Service(NamedTuple):
    """One service.

    `scope`: where it lives: `global`, `regional`, `zonal` or `vpc` (inside the VPC of its user).
    `interface_endpoints`: the suffixes of its PrivateLink names (`com.amazonaws.<region>.<suffix>`),
    empty where it has none. `gateway_endpoint`: it has the free kind that a route table points to.
    `principal`: its service principal, empty where it never assumes a role or calls another service.
    `cloudformation`: its resource type prefixes (`AWS::SQS`).
    """

    key: str
    title: str
    scope: str
    interface_endpoints: tuple[str, ...]
    gateway_endpoint: bool
    iam_prefix: str
    principal: str
    cloudformation: tuple[str, ...]
    source: str
    checked: date
    evidence: str


@functools.cache
def _index() -> dict[str, Service]:
    """Every service under its key."""
    return {
        row["service"]: Service(
            key=row["service"],
            title=row["title"],
            scope=row["scope"],
            interface_endpoints=names(row["interface_endpoints"]),
            gateway_endpoint=flag(row["gateway_endpoint"]),
            iam_prefix=row["iam_prefix"],
            principal=row["principal"],
            cloudformation=names(row["cloudformation"]),
            source=row["source"],
            checked=date.fromisoformat(row["checked"]),
            evidence=row["evidence"],
        )
        for row in rows("services")
    }


def services() -> tuple[Service, ...]:
    """Return every service."""
    return tuple(_index().values())


def service(key: str) -> Service:
    """Return the service `key` (`sqs`, `cognito-idp`). Raises UnknownFactError, which names the nearest."""
    if key not in _index():
        raise UnknownFactError("services", key, _index())
    return _index()[key]


@functools.cache
def _by_prefix() -> dict[str, Service]:
    """CloudFormation prefix → service; where two share one, the first row."""
    table: dict[str, Service] = {}
    for found in _index().values():
        for prefix in found.cloudformation:
            table.setdefault(prefix, found)
    return table


def service_of(resource_type: str) -> Service | None:
    """Return the service of a CloudFormation type (`AWS::SQS::Queue` → sqs), or None. The longest prefix
    wins, so that `AWS::EC2::VPC` is vpc and `AWS::EC2::Instance` is ec2.
    """
    parts = resource_type.split("::")
    for length in range(len(parts), 1, -1):
        found = _by_prefix().get("::".join(parts[:length]))
        if found:
            return found
    return None
