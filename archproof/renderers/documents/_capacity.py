"""Capacity by arithmetic: what the load needs, what there is, and how often the load could grow.

Each figure is a `Sum`: its formula with the numbers in it, the use, the limit. Nothing is computed from a
number that nobody declared; the sum then says what is missing.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from archproof.renderers.documents._components import percent
from archproof.renderers.documents._evidence import Evidence, Fact, derive, join, missing
from archproof.renderers.documents._flows import integration_limit
from archproof.renderers.documents._messages import option
from archproof.renderers.documents._parts import Parts
from archproof.renderers.documents._reader import Named, Reader
from archproof.renderers.documents._words import amount, number_text

if TYPE_CHECKING:
    from archproof.model.architecture import Link


@dataclass(frozen=True, slots=True)
class Sum:
    """One piece of arithmetic. `growth` is how many times the load fits into the limit, None where the load
    does not move it or a figure is missing."""

    kind: str
    about: Named | None
    formula: str
    used: str
    limit: str
    share: float | None
    growth: float | None
    evidence: tuple[Evidence, ...]
    lacks: tuple[str, ...] = ()
    limit_is: str = ""
    """Who sets the limit: `a setting of the model`, or AWS: `an adjustable quota`, `a fixed quota`."""
    assumes: str = ""
    """What the sum takes for granted, where the model does not say."""

    @property
    def fits(self) -> bool | None:
        """Whether the use stays within the limit; None where it cannot be said."""
        return None if self.share is None else self.share <= 1

    @property
    def headroom(self) -> str:
        """What is left, in words."""
        if self.share is None:
            return "unknown"
        if self.share == 1:
            return "exactly enough"
        return f"{percent(1 - self.share)} free" if self.share <= 1 else f"{percent(self.share - 1)} too much"


LIMITS = dict.fromkeys(("connections", "proxied", "proxy_share"), "the number of connections that it accepts")
"""What a limit is called where it is missing."""


def sums(reader: Reader, parts: Parts) -> list[Sum]:
    """Every sum that the model has a place for."""
    found = [
        *_concurrency(reader, parts), *_throttle(reader, parts), *_connections(reader, parts), *_jobs(reader, parts),
        *_visibility(reader, parts), *_api_time(reader, parts), *upload(reader, parts),
    ]  # fmt: skip
    return found


def load_fact(reader: Reader, name: str) -> Fact:
    """A figure of the section `load`."""
    units = {"peak_rps": "rps", "average_rps": "rps", "reports_per_hour": "", "db_pool_per_function": ""}
    return reader.section("load", name, value=getattr(reader.architecture.load, name), unit=units.get(name, name))


def build(
    kind: str, about: Named | None, needs: dict[str, Fact], formula: str, used: float | None, limit: Fact,
    unit: str = "", grows: bool = True,
) -> Sum:  # fmt: skip
    """A sum from its parts, or one that says which of them is missing."""
    against = {**needs, LIMITS.get(kind, "the limit of it"): limit}
    lacks = tuple(name for name, fact in against.items() if not fact.declared)
    evidence = join([*needs.values(), limit, about.title if about else None])
    if lacks or used is None:
        return Sum(kind, about, formula, "", limit.text if limit.declared else "", None, None, evidence, lacks)
    share = used / limit.value if limit.value else math.inf
    growth = limit.value / used if grows and used else None
    return Sum(
        kind, about, formula, amount(round(used, 2), unit), limit.text, share, growth, evidence,
        limit_is=set_by(limit),
    )  # fmt: skip


def set_by(limit: Fact) -> str:
    """Who sets a limit, from the evidence of it."""
    facts = [e for e in limit.evidence if e.checked]
    if not facts:
        return "a setting of the model"
    return "an adjustable quota" if any("(adjustable)" in e.what for e in facts) else "a fixed quota"


def behind_apis(reader: Reader, parts: Parts) -> list[Named]:
    """The functions that API routes lead to."""
    fronts = {a.id for a in [*parts.apis, *parts.balancers]}
    return [f for f in parts.functions if any(k.source in fronts for k in reader.links(target=f.id))]


def _concurrency(reader: Reader, parts: Parts) -> list[Sum]:
    """Requests a second times their duration is how many run at once (Little's law)."""
    rate, time = load_fact(reader, "peak_rps"), load_fact(reader, "p95_ms")
    served = behind_apis(reader, parts)
    if not served:
        return []
    used = rate.value * time.value / 1000 if rate.declared and time.declared else None
    formula = (
        f"{number_text(rate.value)} requests/s × {number_text(time.value / 1000)} s = {number_text(used)} at once"
        if used is not None else "peak requests/s × seconds each = functions at once"
    )  # fmt: skip
    reserved = [reader.field(f.id, "reserved_concurrency") for f in served]
    needs = {"load.peak_rps": rate, "load.p95_ms": time}
    if not all(r.declared for r in reserved):
        return [build("account", None, needs, formula, used, account_limit(reader))]
    if len(served) == 1:
        return [build("concurrency", served[0], needs, formula, used, reserved[0])]
    total = sum(r.value for r in reserved)
    return [build("shared", None, needs, formula, used, derive(total, number_text(total), *reserved))]


def account_limit(reader: Reader) -> Fact:
    """How many functions the account runs at once: what the model says, else AWS's default."""
    own = load_fact(reader, "account_concurrency")
    return own if own.declared else reader.quota("lambda", "Concurrent executions per Region")


def _throttle(reader: Reader, parts: Parts) -> list[Sum]:
    rate, found = load_fact(reader, "peak_rps"), []
    for api in parts.apis:
        own = next((f for p in (("throttle", "rate"), ("throttle_rps",), ("throttle", "rps"))
                    if (f := reader.field(api.id, *p)).declared), None)  # fmt: skip
        limit = own or reader.quota("apigateway", "Account throttle rate")
        formula = f"{number_text(rate.value)} requests/s at the peak" if rate.declared else "peak requests/s"
        found.append(build("throttle", api, {"load.peak_rps": rate}, formula, rate.value, limit, "requests/s"))
    return found


def database_limit(reader: Reader, name: str) -> Fact:
    """How many connections a database accepts: declared, else the engine's formula at the class's memory."""
    own = reader.field(name, "max_connections")
    if own.declared:
        return Fact(own.value, number_text(own.value), own.evidence)
    from archproof import facts

    engine, size = reader.field(name, "engine"), reader.field(name, "instance_class")
    if not engine.declared or not size.declared:
        return missing(*join([engine, size]))
    found = facts.instance_class(size.value)
    try:
        most = facts.max_connections(engine.value, found.memory_gib) if found else None
    except facts.UnknownFactError:
        most = None
    if most is None or found is None:
        return missing(*join([engine, size]))
    memory = f"{size.value} has {number_text(found.memory_gib)} GiB"
    what = f"{memory}: max_connections {most:,} by {engine.value}'s default formula"
    return Fact(most, f"{most:,}", (*join([engine, size]), reader.row(found, what)))


def _clients_of(reader: Reader, name: str) -> list[tuple[Named, Fact]]:
    """Who queries a database or its proxy, with how many at once."""
    found = []
    for link in reader.links(target=name):
        component = reader.component(link.source)
        if link.verb.verb != "query" or component.kind == "rds_proxy":
            continue
        found.append((reader.named(link.source), ceiling(reader, link.source)))
    return found


def ceiling(reader: Reader, name: str) -> Fact:
    """The most of a component that runs at once: reserved concurrency, its triggers' limits, its tasks."""
    component = reader.component(name)
    if component.kind == "ec2_instance":
        return Fact(1, "1", reader.named(name).title.evidence)
    if component.kind == "auto_scaling_group":
        return next(
            (f for a in ("max_size", "max") if (f := reader.field(name, a)).declared), reader.field(name, "max")
        )
    if component.kind == "ecs_service":
        most = reader.field(name, "max_tasks")
        return most if most.declared else reader.field(name, "tasks")
    own = reader.field(name, "reserved_concurrency")
    if component.kind != "lambda":
        return own
    limits = [option(reader, k, "max_concurrency") for k in reader.links(target=name)]
    if limits and all(f.declared for f in limits):
        total = sum(f.value for f in limits)
        if not own.declared or total < own.value:
            return Fact(total, number_text(total), join([*limits, own]))
    return own if own.declared else account_limit(reader)


def _connections(reader: Reader, parts: Parts) -> list[Sum]:
    """Connections that all clients can open at once, against what the database accepts."""
    pool, found = load_fact(reader, "db_pool_per_function"), []
    proxied = {getattr(reader.component(p.id), "target", None): p for p in parts.proxies}
    for database in parts.databases:
        if database.kind not in ("rds", "aurora"):
            continue
        proxy = proxied.get(database.id)
        clients = [*_clients_of(reader, database.id), *(_clients_of(reader, proxy.id) if proxy else [])]
        if not clients:
            continue
        used = (
            sum(c.value * pool.value for _, c in clients)
            if pool.declared and all(c.declared for _, c in clients)
            else None
        )
        total = " + ".join(f"{n.title.text} {c.text}" for n, c in clients)
        formula = f"({total}) × {pool.text} each" + (f" = {number_text(used)}" if used is not None else "")
        needs = {"load.db_pool_per_function": pool, **{f"the concurrency of {n}": c for n, c in clients}}
        limit = database_limit(reader, database.id)
        found.append(build("proxied" if proxy else "connections", database, needs, formula, used, limit, grows=False))
        if proxy:
            found.append(_proxy(reader, proxy, limit))
    return found


def _proxy(reader: Reader, proxy: Named, limit: Fact) -> Sum:
    """What the proxy may take of the database's connections."""
    share = reader.field(proxy.id, "max_connections_percent")
    if not share.declared:
        share = Fact(100, "100 %", share.evidence)
    most = math.floor(limit.value * share.value / 100) if limit.declared else None
    formula = f"{limit.text} × {share.text}" + (f" = {number_text(most)}" if most is not None else "")
    return build(
        "proxy_share", proxy, {"max_connections": limit, "the proxy's share": share}, formula, most, limit, grows=False
    )


def _jobs(reader: Reader, parts: Parts) -> list[Sum]:
    """Jobs an hour times the longest that one may take, against how many may run at once."""
    rate = load_fact(reader, "reports_per_hour")
    if not rate.declared:
        return []
    found = []
    taken, assumes = _job_queues(reader, parts)
    for link in taken:
        timeout = reader.field(link.target, "timeout_s")
        limit = option(reader, link, "max_concurrency")
        if not limit.declared:
            limit = ceiling(reader, link.target)
        used = rate.value * timeout.value / 3600 if timeout.declared else None
        formula = (
            f"{number_text(rate.value)} jobs/h × {timeout.text} ÷ 3,600 s = {number_text(used)} at once"
            if used is not None else "jobs an hour × seconds each ÷ 3,600 s = functions at once"
        )  # fmt: skip
        needs = {"load.reports_per_hour": rate, "the timeout": timeout}
        one = build("jobs", reader.named(link.target), needs, formula, used, limit)
        found.append(replace(one, assumes=assumes))
    return found


def _job_queues(reader: Reader, parts: Parts) -> tuple[list[Link], str]:
    """The triggers of the jobs that `load.reports_per_hour` counts, and what is taken for granted about them.

    One queue alone is the one; among several, those that speak of reports; else each is counted as if all
    jobs were its own.
    """
    workers = {k.target for q in parts.queues for k in reader.links(source=q.id) if k.verb.verb == "trigger"}
    found = [
        k
        for q in parts.queues if not any(k.source in workers for k in reader.links(target=q.id))
        for k in reader.links(source=q.id) if k.verb.verb == "trigger" and reader.component(k.target).kind == "lambda"
    ]  # fmt: skip
    if len(found) < 2:
        return found, ""
    named = [k for k in found if any("report" in _words(reader, n) for n in (k.source, k.target))]
    if len(named) == 1:
        return named, ""
    return named or found, "as if every job were one of its own, because the load does not say which queue they go to"


def _words(reader: Reader, name: str) -> str:
    return f"{name} {reader.named(name)}".lower()


def longest_job(sum_: Sum, rate: Fact) -> str:
    """How long one job may take on average before the queue grows: the limit's time shared by the jobs."""
    most = float(sum_.limit.replace(",", "")) * 3600 / rate.value
    return f"{sum_.limit} × 3,600 s ÷ {number_text(rate.value)} = {number_text(math.floor(most))} s"


def _visibility(reader: Reader, parts: Parts) -> list[Sum]:
    found: list[Sum] = []
    times = reader.quota("sqs", "Visibility timeout as multiple of function timeout")
    for queue in parts.queues:
        limit = reader.field(queue.id, "visibility_s")
        for link in reader.links(source=queue.id):
            if link.verb.verb != "trigger" or reader.component(link.target).kind != "lambda":
                continue
            timeout = reader.field(link.target, "timeout_s")
            used = timeout.value * times.value if timeout.declared and times.declared else None
            formula = f"{times.text.replace(' x', '')} × {timeout.text}" + (
                f" = {number_text(used)} s" if used is not None else ""
            )
            found.append(
                build(
                    "visibility", queue, {"the timeout": timeout, "the factor": times}, formula, used, limit, "s", False
                )
            )
    return found


def _api_time(reader: Reader, parts: Parts) -> list[Sum]:
    """The function's time against the API's patience."""
    found: list[Sum] = []
    for api in parts.apis:
        limit = integration_limit(reader, api.kind)
        for link in reader.links(source=api.id):
            if reader.component(link.target).kind == "lambda":
                timeout = reader.field(link.target, "timeout_s")
                about = reader.named(link.target)
                one = build(
                    "api_time",
                    about,
                    {"the timeout": timeout},
                    f"{timeout.text} at most",
                    timeout.value,
                    limit,
                    "s",
                    False,
                )
                if not any(s.about == about for s in found):
                    found.append(one)
    return found


def upload_limits(reader: Reader, api: Named) -> tuple[Fact, Fact]:
    """The largest request that an API takes and that a function behind it takes, in MB."""
    own = ("apigatewayv2", "HTTP API payload") if api.kind == "http_api" else ("apigateway", "REST payload")
    return reader.quota(*own), reader.quota("lambda", "Synchronous payload request")


def upload(reader: Reader, parts: Parts) -> list[Sum]:
    """The largest upload against the smaller of both limits on its way through the API."""
    size, found = load_fact(reader, "upload_mb"), []
    for api in parts.apis[:1]:
        gate, function = upload_limits(reader, api)
        if gate.declared and function.declared:
            least = min(gate.value, function.value)
            limit = Fact(least, f"min({gate.text}, {function.text}) = {number_text(least)} MB", join([gate, function]))
            formula = f"{size.text} in one request" if size.declared else "the largest upload"
            found.append(build("upload", api, {"load.upload_mb": size}, formula, size.value, limit, "MB", False))
    return found
