"""Database engines of RDS and Aurora, the support dates of their major versions, and max_connections."""

from __future__ import annotations

import functools
from datetime import date
from typing import Literal, NamedTuple

from archproof.facts._quotas import evaluate, quota, scale
from archproof.facts._table import UnknownFactError, day, flag, names, rows

Support = Literal["standard", "extended", "ended", "unknown"]


class Engine(NamedTuple):
    """One engine as RDS names it (`postgres`, `aurora-mysql`, `sqlserver-se`).

    `tls_parameter` is the parameter that forces TLS and `tls_values` the values that switch it on; both
    are empty where the engine has none. `tls_default_from` is the first major version whose default
    already forces it, or None. `parameter_group_family` has `{major}` where the version goes.
    `log_exports` are the values that EnableCloudwatchLogsExports accepts. `proxy_family` is the
    EngineFamily of RDS Proxy, None where it does not serve the engine.
    """

    id: str
    title: str
    family: str
    aurora: bool
    port: int
    tls_parameter: str
    tls_values: tuple[str, ...]
    tls_default_from: str | None
    parameter_group_family: str
    log_exports: tuple[str, ...]
    iam_auth: bool
    proxy_family: str | None
    max_connections_quota: str | None
    source: str
    checked: date
    evidence: str


class EngineVersion(NamedTuple):
    """One major version of an engine. Days are None where AWS or the vendor names none."""

    engine: str
    major: str
    standard_until: date | None
    extended_until: date | None
    note: str
    source: str
    checked: date
    evidence: str

    def support(self, today: date) -> Support:
        """Return the support that the version has on the day `today`; the last day still counts."""
        if self.standard_until is None:
            return "unknown"
        if today <= self.standard_until:
            return "standard"
        if self.extended_until is not None and today <= self.extended_until:
            return "extended"
        return "ended"


@functools.cache
def _index() -> dict[str, Engine]:
    """Every engine under its identifier."""
    return {
        row["engine"]: Engine(
            id=row["engine"],
            title=row["title"],
            family=row["family"],
            aurora=flag(row["aurora"]),
            port=int(row["port"]),
            tls_parameter=row["tls_parameter"],
            tls_values=names(row["tls_values"]),
            tls_default_from=row["tls_default_from"] or None,
            parameter_group_family=row["parameter_group_family"],
            log_exports=names(row["log_exports"]),
            iam_auth=flag(row["iam_auth"]),
            proxy_family=row["proxy_family"] or None,
            max_connections_quota=row["max_connections_quota"] or None,
            source=row["source"],
            checked=date.fromisoformat(row["checked"]),
            evidence=row["evidence"],
        )
        for row in rows("engines")
    }


def engines() -> tuple[Engine, ...]:
    """Return every engine."""
    return tuple(_index().values())


def engine(id: str) -> Engine:
    """Return the engine `id` (`postgres`). Raises UnknownFactError, which names the nearest."""
    if id not in _index():
        raise UnknownFactError("engines", id, _index())
    return _index()[id]


@functools.cache
def _versions() -> tuple[EngineVersion, ...]:
    """Every major version of every engine."""
    return tuple(
        EngineVersion(
            engine=row["engine"],
            major=row["major"],
            standard_until=day(row["standard_until"]),
            extended_until=day(row["extended_until"]),
            note=row["note"],
            source=row["source"],
            checked=date.fromisoformat(row["checked"]),
            evidence=row["evidence"],
        )
        for row in rows("engine_versions")
    )


def engine_versions(engine: str | None = None) -> tuple[EngineVersion, ...]:
    """Return the major versions of every engine or of one, oldest first."""
    return tuple(version for version in _versions() if engine in (None, version.engine))


def engine_version(engine: str, version: str) -> EngineVersion | None:
    """Return the major version that the full `version` belongs to (`postgres` `16.4` → 16), or None."""
    for known in _versions():
        if known.engine == engine and (version == known.major or version.startswith(known.major + ".")):
            return known
    return None


def max_connections(engine: str, memory_gib: float) -> int:
    """Return the default max_connections of `engine` on an instance with `memory_gib` GiB of memory.

    The real number is a little smaller: RDS takes its own share of the memory first. Raises
    UnknownFactError for an engine that no row knows and for one that has no such formula.
    """
    name = _engine(engine).max_connections_quota
    if name is None:
        known = (found.id for found in engines() if found.max_connections_quota)
        why = f"no max_connections formula for the engine '{engine}'"
        raise UnknownFactError("max_connections", engine, known, why)
    memory = memory_gib * scale("GiB")
    return int(evaluate(str(quota("rds", name).value), {"DBInstanceClassMemory": memory}))


_engine = engine
