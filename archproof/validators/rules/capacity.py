"""Capacity: what the declared load needs against what the parts can carry."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from archproof.resources.resource import Resource
from archproof.validators.context import Context, amount, listed
from archproof.validators.rule import Hit, system_rule

if TYPE_CHECKING:
    from archproof.model.architecture import Architecture

TYPES = ("*",)
FUNCTION = "AWS::Lambda::Function"
DATABASES = ("AWS::RDS::DBInstance", "AWS::RDS::DBCluster")
_MB = 1024 * 1024


def _by_component(ctx: Context, *types: str) -> dict[str, Resource]:
    return {r.component: r for r in ctx.resources.of_type(*types) if r.component and not r.implied}


@system_rule(
    "rds-connections-exhausted", "high", wa="REL PERF",
    title="Functions can open more connections than a database takes",
    why="Each execution environment of a function holds connections of its own: a pool in the function pools nothing. "
    "When they are used up, every further function fails.",
    fix="Put `kind: rds_proxy` before the database, or set `reserved_concurrency` of the functions so that the "
    "product fits.",
)  # fmt: skip
def connections(ctx: Context) -> Iterator[Hit]:
    architecture = ctx.architecture
    if architecture is None:
        return
    functions, databases = _by_component(ctx, FUNCTION), _by_component(ctx, *DATABASES)
    each = architecture.load.db_pool_per_function
    each = 1 if each is None else each
    for name, database in databases.items():
        clients = [link.source for link in architecture.links_to.get(name, []) if link.source in functions]
        clients = list(dict.fromkeys(clients))
        if not clients:
            continue
        most = _limit(database, name, architecture, ctx)
        if most is None:
            continue
        concurrency = _concurrency([functions[c] for c in clients], architecture, ctx)
        if concurrency is not None and concurrency * each > most:
            per = "connection" if each == 1 else "connections"
            message = (
                f"{listed(clients)} may run {amount(concurrency)} times at once with {each} {per} each, "
                f"{amount(concurrency * each)} in all; {name} takes about {amount(most)}"
            )
            key = "DBInstanceClass" if database.has("DBInstanceClass") else "DBClusterInstanceClass"
            yield Hit(message, key, on=database)


def _concurrency(functions: list[Resource], architecture: Architecture, ctx: Context) -> float | None:
    """How often functions may run at once: their reservations; what the account leaves, for those without."""
    account = architecture.load.account_concurrency or ctx.quota("lambda", "Concurrent executions per Region").number
    reserved = 0.0
    for other in ctx.resources.of_type(FUNCTION):
        reserved += ctx.number(other, "ReservedConcurrentExecutions", default=0) or 0
    total, unreserved = 0.0, False
    for function in functions:
        if function.has("ReservedConcurrentExecutions"):
            number = ctx.number(function, "ReservedConcurrentExecutions")
            if number is None:
                return None
            total += number
        else:
            unreserved = True
    return total + max(0.0, account - reserved) if unreserved else total


def _limit(database: Resource, name: str, architecture: Architecture, ctx: Context) -> float | None:
    """The connections that a database takes: what is said, else the default of its class."""
    from archproof.facts import UnknownFactError, instance_class, max_connections

    group = ctx.resources.target(database.get("DBParameterGroupName"))
    said = group.get("Parameters", "max_connections") if group is not None else None
    if said is not None and str(said).isdigit():
        return int(said)
    engine, size = ctx.text(database, "Engine"), ctx.text(database, "DBInstanceClass")
    if size is None:
        instances = ctx.resources.users(database, "AWS::RDS::DBInstance")
        size = next((ctx.text(i, "DBInstanceClass") for i in instances), None)
    known = instance_class(size) if size else None
    if engine is None or known is None:
        ctx.undecided(database, "DBInstanceClass", why=f"the memory of {size or 'its class'} is not known")
        return None
    try:
        return max_connections(engine, known.memory_gib)
    except UnknownFactError:
        ctx.undecided(database, "Engine", why=f"the connections of {engine} do not follow from its memory")
        return None


@system_rule(
    "upload-through-api", "high", wa="REL",
    title="Uploads are larger than the path through the API takes",
    why="An upload through an API passes the API's limit and then the function's, which is smaller.",
    fix="Let clients upload straight to the bucket: a presigned URL, or credentials of an identity pool.",
)  # fmt: skip
def upload(ctx: Context) -> Iterator[Hit]:
    architecture = ctx.architecture
    if architecture is None or architecture.load.upload_mb is None:
        return
    size = architecture.load.upload_mb
    limit = ctx.quota("lambda", "Synchronous payload request")
    buckets = {n for n, c in architecture.components.items() if c.kind == "s3_bucket"}
    for name, component in architecture.components.items():
        if (
            component.kind not in ("rest_api", "http_api")
            or size * _MB <= limit.bytes
            or _direct(architecture, buckets)
        ):
            continue
        behind = [link.target for link in architecture.links_from.get(name, [])]
        writers = [f for f in behind if any(k.target in buckets for k in architecture.links_from.get(f, []))]
        if writers:
            writer = writers[0]
            message = (
                f"uploads of {amount(size)} MB pass {name} and {writer}, but Lambda takes at most {limit.text}, "
                "whatever the "
                "API takes"
            )
            yield Hit(message, location=architecture.document.locate(("load", "upload_mb")), component=name)


_WRITING = ("write", "read_write", "upload")


def _direct(architecture: Architecture, buckets: set[str]) -> bool:
    """Whether a person, or a role that people get, writes to a bucket past the API: by link or in a flow."""
    clients = {n for n, c in architecture.components.items() if c.kind in ("person", "iam_role", "external_system")}
    by_link = any(k.source in clients and k.target in buckets and k.verb.verb in _WRITING for k in architecture.links)
    steps = [step for flow in architecture.flows.values() for step in flow.steps]
    return by_link or any(step.from_ in clients and step.to in buckets for step in steps)


@system_rule(
    "load-above-concurrency", "high", wa="REL PERF",
    title="The peak needs more concurrency than the functions have",
    why="Requests a second times seconds a request are the invocations that run at once; beyond the limit callers "
    "get errors.",
    fix="Raise `reserved_concurrency` (or leave it out), make the functions faster, or have the account's quota "
    "raised.",
)  # fmt: skip
def peak(ctx: Context) -> Iterator[Hit]:
    architecture = ctx.architecture
    if architecture is None or not architecture.load.peak_rps or not architecture.load.p95_ms:
        return
    rate, slow = architecture.load.peak_rps, architecture.load.p95_ms
    needed = math.ceil(rate * slow / 1000)
    functions = _by_component(ctx, FUNCTION)
    for name, component in architecture.components.items():
        if component.kind not in ("rest_api", "http_api"):
            continue
        behind = [k.target for k in architecture.links_from.get(name, []) if k.target in functions]
        behind = list(dict.fromkeys(behind))
        have = _concurrency([functions[f] for f in behind], architecture, ctx) if behind else None
        if have is not None and needed > have:
            message = (
                f"{amount(rate)} requests a second at {amount(slow)} ms keep {amount(needed)} invocations busy; "
                f"{listed(behind)} "
                f"behind {name} may run {amount(have)}"
            )
            yield Hit(message, location=architecture.document.locate(("load", "peak_rps")), component=name)
