"""Regions, their Availability Zones, and the prefix lists that AWS keeps in them."""

from __future__ import annotations

import functools
from datetime import date
from typing import NamedTuple

from archproof.facts._table import UnknownFactError, flag, rows


class Region(NamedTuple):
    """One Region. `zones` are the letters of the Availability Zones that an account usually sees there,
    in order; which ones depends on the account in the oldest Regions.
    """

    code: str
    name: str
    partition: str
    zones: tuple[str, ...]
    opt_in: bool
    source: str
    checked: date
    evidence: str

    def zone_names(self, count: int | None = None) -> tuple[str, ...]:
        """Return the first `count` zone names (`eu-west-1a`, …), or all."""
        return tuple(self.code + letter for letter in self.zones[:count])


class PrefixList(NamedTuple):
    """A prefix list that AWS manages: `service` is `s3`, `dynamodb` or `cloudfront-origin-facing`.

    An id is unique only within its Region.
    """

    id: str
    region: str
    service: str
    name: str
    source: str
    checked: date
    evidence: str


@functools.cache
def _index() -> dict[str, Region]:
    """Every Region under its code."""
    return {
        row["region"]: Region(
            code=row["region"],
            name=row["name"],
            partition=row["partition"],
            zones=tuple(row["zones"]),
            opt_in=flag(row["opt_in"]),
            source=row["source"],
            checked=date.fromisoformat(row["checked"]),
            evidence=row["evidence"],
        )
        for row in rows("regions")
    }


def regions() -> tuple[Region, ...]:
    """Return every Region."""
    return tuple(_index().values())


def region(code: str) -> Region:
    """Return the Region `code` (`eu-west-1`). Raises UnknownFactError, which names the nearest."""
    if code not in _index():
        raise UnknownFactError("regions", code, _index())
    return _index()[code]


def partition_of(code: str) -> str:
    """Return the partition of a Region, known or not: `aws` where nothing tells another."""
    known = _index().get(code)
    return known.partition if known else {"cn": "aws-cn", "us-gov": "aws-us-gov"}.get(code.rsplit("-", 2)[0], "aws")


@functools.cache
def _lists() -> dict[tuple[str, str], PrefixList]:
    """Every known managed prefix list under its Region and id."""
    return {
        (row["region"], row["id"]): PrefixList(
            id=row["id"],
            region=row["region"],
            service=row["service"],
            name=row["name"],
            source=row["source"],
            checked=date.fromisoformat(row["checked"]),
            evidence=row["evidence"],
        )
        for row in rows("prefix_lists")
    }


def prefix_lists(region: str | None = None) -> tuple[PrefixList, ...]:
    """Return every known AWS-managed prefix list, or those of one Region."""
    return tuple(found for found in _lists().values() if region in (None, found.region))


def prefix_list(id: str, region: str) -> PrefixList | None:
    """Return the AWS-managed prefix list `id` (`pl-…`) of a Region, or None where no row knows it: it may
    still exist.
    """
    return _lists().get((region, id))
