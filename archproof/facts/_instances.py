"""Instance classes of EC2 (`m7g.large`), RDS (`db.m7g.large`) and ElastiCache (`cache.m7g.large`)."""

from __future__ import annotations

import functools
from datetime import date
from typing import NamedTuple

from archproof.facts._table import find, flag, names, rows


class InstanceClass(NamedTuple):
    """One instance class: memory in GiB, vCPUs, processor architectures (`x86_64`, `arm64`, `i386`)."""

    name: str
    service: str
    memory_gib: float
    vcpus: int
    architectures: tuple[str, ...]
    burstable: bool
    source: str
    checked: date
    evidence: str


@functools.cache
def instance_class(name: str) -> InstanceClass | None:
    """Return the instance class `name`, or None where no row knows it."""
    row = find("instance_classes", name)
    if row is None:
        return None
    return InstanceClass(
        name=row["name"],
        service=row["service"],
        memory_gib=float(row["memory_gib"]),
        vcpus=int(row["vcpus"]),
        architectures=names(row["architectures"]),
        burstable=flag(row["burstable"]),
        source=row["source"],
        checked=date.fromisoformat(row["checked"]),
        evidence=row["evidence"],
    )


def instance_classes(service: str | None = None) -> tuple[InstanceClass, ...]:
    """Return every instance class, or those of one service (`ec2`, `rds`, `elasticache`)."""
    known = (instance_class(row["name"]) for row in rows("instance_classes") if service in (None, row["service"]))
    return tuple(found for found in known if found is not None)
