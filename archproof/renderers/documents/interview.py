"""The interview document: a system told so that one can answer for it, from the pitch to the last question."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from archproof.renderers.documents import Document, Picture
from archproof.renderers.documents._capacity import (
    Sum,
    database_limit,
    load_fact,
    longest_job,
    sums,
    upload_limits,
)  # fmt: skip
from archproof.renderers.documents._components import LIMITS, Doing, does, services, tiers, triggers, uses
from archproof.renderers.documents._evidence import Evidence, Fact, derive
from archproof.renderers.documents._failures import alarms, gaps, logs, modes, unwatched
from archproof.renderers.documents._flows import integration_limit, stories
from archproof.renderers.documents._matrices import Matrix, groups, permissions
from archproof.renderers.documents._messages import asynchronous, queues, stores
from archproof.renderers.documents._network import network
from archproof.renderers.documents._parts import parts, placed_in
from archproof.renderers.documents._reader import Named, Reader, count_fact
from archproof.renderers.documents._security import security
from archproof.renderers.documents._stands import comparisons, here
from archproof.renderers.documents._words import article, noun, number_text, plural, sentence

if TYPE_CHECKING:
    import datetime

    from archproof.model.architecture import Architecture
    from archproof.resources.resource import Resources

DOCUMENT = "interview"


@dataclass(frozen=True, slots=True)
class Whole:
    """The system as one."""

    title: Fact
    summary: Fact
    purpose: Fact
    owner: Fact
    region: Fact
    requirements: list[Fact]
    environments: list[tuple[str, list[tuple[str, Fact]]]]
    environment: str | None
    size: Fact
    file: str
    today: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A decision."""

    id: str
    title: str
    because: str
    instead_of: list[str]
    affects: list[Named]
    status: str
    date: str | None
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Said:
    """A row of the facts: a term, a comparison or a correction, with how this model stands."""

    row: Any
    here: list[Fact]
    evidence: Evidence

    @property
    def number(self) -> bool:
        """Whether it corrects nothing but a number of AWS's that has changed."""
        return self.row.id in NUMBERS

    @property
    def asked(self) -> bool:
        """Whether it makes a card of its own: it says something of this model that no other card says."""
        return bool(self.here) and self.row.id not in ELSEWHERE


NUMBERS = {
    "async-payload", "sqs-message-size", "eventbridge-entry-size", "sns-message-size", "s3-object-size",
    "route-table-size", "lambda-interfaces",
}  # fmt: skip
"""Corrections of numbers, which one card holds together."""
ELSEWHERE = {"rds-highly-available", "sqs-exactly-once", "unlimited-lambda", "pooling-in-functions", "parts-left-out"}
"""Corrections that a card of another family asks about."""


def interview(
    architecture: Architecture, resources: Resources, report: Any, pictures: dict[str, Picture], today: datetime.date
) -> Document:
    """Gather everything that the interview document says."""
    reader = Reader(architecture, resources, report, today)
    roles = parts(reader)
    found_modes = modes(reader)
    whole = _whole(reader)
    network_part = network(reader)
    context: dict[str, Any] = {
        "system": whole,
        "parts": roles,
        "loads": _loads(reader),
        "views": [p for name, p in pictures.items() if name not in architecture.flows and not name.startswith("flow")],
        "tiers": tiers(reader),
        "uses": uses(reader),
        "lambda_limits": _limits(reader) if roles.functions else [],
        "flows": stories(reader, pictures),
        "network": network_part,
        "reached": groups(architecture) if network_part.vpcs else Matrix(),
        "permitted": permissions(resources),
        "security": security(reader, roles),
        "queues": queues(reader, roles),
        "asynchronous": asynchronous(reader, roles),
        "stores": stores(reader),
        "sums": sums(reader, roles),
        "alarms": alarms(reader, roles),
        "watched": list({a.of.id: a.of for a in alarms(reader, roles) if a.of}.values()),
        "logs": logs(reader, roles),
        "modes": found_modes,
        "unwatched": unwatched(found_modes),
        "decisions": _decisions(reader),
        "gaps": gaps(reader),
        "claims": [
            Said(c, here(reader, c.id, roles), reader.row(c, f"correction {c.id}")) for c in reader.rows("claims")
        ],
        "services": services(reader),
        "triggers": triggers(reader, roles),
        "comparisons": comparisons(reader),
        "glossary": [Said(t, [], reader.row(t, f"term {t.term}")) for t in reader.rows("glossary")],
        **_helpers(reader),
    }
    return Document("interview", f"{whole.title.text}: interview", context, pictures)


def _helpers(reader: Reader) -> dict[str, Any]:
    """What templates call: facts by name, and words. None of it takes text of the model for a template."""

    def field(name: str, *path: str | int) -> Fact:
        return reader.field(name, *path)

    def of(name: str) -> list[Doing]:
        return does(reader, name)

    def placed(name: str) -> Any:
        return placed_in(reader, name)

    return {
        "field": field,
        "does": of,
        "placed": placed,
        "quota": reader.quota,
        "named": reader.named,
        "load": lambda n: load_fact(reader, n),
        "article": article,
        "noun": noun,
        "plural": plural,
        "number": number_text,
        "longest_job": longest_job,
        "growth": growth_order,
        "integration_limit": lambda api: integration_limit(reader, api.kind),
        "upload_limits": lambda api: upload_limits(reader, api),
        "engine": lambda n: _engine(reader, n),
        "hardware": lambda n: _hardware(reader, n),
        "runtimes": _runtimes(reader),
        "lower_first": lower_first,
        "first_sentence": first_sentence,
        "has_field": reader.has,
        "bucket_users": lambda n: _callers(reader, n),
        "callers": lambda n: _callers(reader, n, ("sync",)),
        "sent_logs": lambda n: _sent_logs(reader, n),
        "parameters": lambda n: [f"{k} = {v}" for k, v in (reader.field(n, "parameters").value or {}).items()],
        "direct_uploads": lambda: _direct_uploads(reader),
        "database_limit": lambda n: database_limit(reader, n),
        "called": lambda found: [n for n in found if _callers(reader, n.id)],
        "groups": lambda n: _names(reader, n, "groups"),
        "providers": lambda n: _names(reader, n, "identity_providers"),
        "targets": lambda value: [reader.named(n) for n in dict.fromkeys(reader.ids(value))],
        "environment_place": lambda name: reader.place(("system", "environments", name), f"system.environments.{name}"),
        **{f"missing_{s}": reader.place(at, f"{s}: not declared") for s, at in MISSING.items()},
    }


MISSING = {"requirements": ("system", "requirements"), "guarantees": ("guarantees",), "decisions": ("decisions",)}


def _direct_uploads(reader: Reader) -> list[tuple[Named, Evidence]]:
    """The buckets that people put files into without an API between, with the lines that say so."""
    return [
        (reader.named(k.target), reader.link(k))
        for k in reader.architecture.links
        if reader.component(k.source).kind == "person"
        and reader.component(k.target).kind == "s3_bucket"
        and k.verb.verb in ("upload", "write", "read_write")
    ]


def _callers(reader: Reader, name: str, modes_: tuple[str, ...] = ("sync", "async")) -> list[tuple[Named, Evidence]]:
    """Who links to a component, each once, with the line that says so."""
    found: dict[str, tuple[Named, Evidence]] = {}
    for link in reader.links(target=name):
        if link.verb.mode in modes_ and link.verb.verb != "dead_letter":
            found.setdefault(link.source, (reader.named(link.source), reader.link(link)))
    return list(found.values())


def _names(reader: Reader, name: str, attribute: str) -> Fact:
    """The names in a field that holds maps or things with a name."""
    fact = reader.field(name, attribute)
    if not fact:
        return Fact(None, "none declared", fact.evidence)
    said = ", ".join(str(getattr(v, "name", v)) for v in fact.value)
    return Fact(fact.value, said, fact.evidence)


def lower_first(text: Any) -> str:
    """A title or a summary within a sentence: its first letter small, unless it is a name or an acronym."""
    words = str(text)
    first = words.split(" ")[0]
    own = first[1:] != first[1:].lower() or (len(first) == 1 and first not in ("A", "I")) or first == "I"
    return words if own else words[:1].lower() + words[1:]


def first_sentence(text: Any) -> str:
    """The first sentence of a text: up to a full stop before a capital."""
    words = str(text)
    found = re.match(r".{20,}?[.!?](?= [A-Z])", words)
    return found[0] if found else words


def growth_order(found: list[Sum]) -> list[Sum]:
    """The sums that the load moves, what breaks first at the head."""
    return sorted((s for s in found if s.growth is not None), key=lambda s: (s.growth or 0, s.kind))


def _whole(reader: Reader) -> Whole:
    architecture = reader.architecture
    system = architecture.system
    title = sentence(system.title or system.name)
    region = reader.section("system", "region", value=architecture.region)
    environments = [
        (
            name,
            [
                (word, reader.section("system", "environments", name, key, value=getattr(settings, key)))
                for word, key in (("account", "account"), ("region", "region"), ("names begin with", "name_prefix"))
                if getattr(settings, key)
            ]
            + [
                (path, reader.section("system", "environments", name, "set", path, value=value))
                for path, value in settings.set.items()
            ],
        )
        for name, settings in system.environments.items()
    ]
    components = reader.place(("components",), f"components: {len(architecture.components)}")
    return Whole(
        Fact(title, title, (reader.place(("system",), "system"),)),
        reader.section("system", "summary", value=system.summary),
        reader.section("system", "purpose", value=system.purpose),
        reader.section("system", "owner", value=system.owner),
        region,
        [reader.section("system", "requirements", i, value=r) for i, r in enumerate(system.requirements)],
        environments,
        architecture.environment,
        count_fact(len(architecture.components), "component", [components]),
        reader.where(architecture.document.mark.at()).rpartition(":")[0],
        reader.today.isoformat(),
    )


LOADS = (
    ("requests at the peak", "peak_rps"),
    ("requests on average", "average_rps"),
    ("time of one request (p95)", "p95_ms"),
    ("largest upload", "upload_mb"),
    ("background jobs an hour", "reports_per_hour"),
    ("database connections of one function", "db_pool_per_function"),
    ("users", "users"),
)


def _loads(reader: Reader) -> list[tuple[str, Fact]]:
    own = [(word, load_fact(reader, name)) for word, name in LOADS]
    extra = reader.architecture.load.extra
    return own + [(k.replace("_", " "), reader.section("load", "extra", k, value=v, unit=k)) for k, v in extra.items()]


LAMBDA_LIMITS = (
    ("Memory", "memory", "Function memory minimum", "Function memory maximum"),
    ("CPU: memory that equals one vCPU", "", "", "Memory equal to one vCPU"),
    ("Timeout", "timeout", "", "Function timeout maximum"),
    ("Payload, synchronous, each way", "payload of a synchronous call", "", "Synchronous payload request"),
    ("Payload, asynchronous", "", "", "Asynchronous payload"),
    ("Environment variables", "environment variables", "", "Environment variables aggregate"),
    ("Layers", "layers", "", "Layers per function"),
    ("Package, zipped, uploaded directly", "package, zipped, uploaded directly", "",
     "Deployment package zipped (direct upload)"),
    ("Package, unzipped with layers", "package, unzipped with layers", "", "Deployment package unzipped incl. layers"),
    ("Container image", "", "", "Container image size (uncompressed, all layers)"),
    ("Scratch space in /tmp", "scratch space in /tmp", "/tmp minimum", "/tmp maximum"),
    ("Concurrency in one Region", "reserved concurrency", "", "Concurrent executions per Region"),
)  # fmt: skip
"""The row's words, what `_components.LIMITS` calls it, the quota's lower and upper bound."""


def _limits(reader: Reader) -> list[tuple[str, str, Fact | None, Fact]]:
    """The limits of Lambda, from facts."""
    return [
        (word, key, reader.quota("lambda", low) if low else None, reader.quota("lambda", top))
        for word, key, low, top in LAMBDA_LIMITS
    ]


def _decisions(reader: Reader) -> list[Choice]:
    return [
        Choice(
            d.id, d.title, d.because, list(d.instead_of), [reader.named(n) for n in d.affects], d.status,
            d.date.isoformat() if d.date else None, reader.place(("decisions", i), f"decisions.{i}: {d.id}"),
        )
        for i, d in enumerate(reader.architecture.decisions)
    ]  # fmt: skip


def _engine(reader: Reader, name: str) -> Fact:
    """The engine of a database in the words of its vendor."""
    from archproof.facts import UnknownFactError, engine

    declared = reader.field(name, "engine")
    try:
        title = engine(declared.value).title.removeprefix("Amazon RDS for ").removeprefix("Amazon ")
    except (UnknownFactError, TypeError):
        return declared
    return Fact(declared.value, title, declared.evidence)


def _hardware(reader: Reader, name: str) -> Fact:
    """What a database runs on: its instance class, or between how many capacity units it is serverless."""
    if not reader.has(name, "capacity") or not reader.field(name, "capacity").declared:
        return reader.field(name, "instance_class")
    low, top = (reader.field(name, "capacity", key) for key in ("min_acu", "max_acu"))
    said = f"serverless capacity of {number_text(low.value)} to {number_text(top.value)} ACU"
    return derive(said, said, low, top)


def _sent_logs(reader: Reader, name: str) -> Fact:
    """The logs that a database sends to CloudWatch, as its resource says."""
    for resource in reader.resources:
        if resource.component == name and resource.has("EnableCloudwatchLogsExports"):
            return reader.property(resource, "EnableCloudwatchLogsExports")
    return reader.field(name, "log_exports")


def _runtimes(reader: Reader) -> list[tuple[Fact, list[Named], Any, Evidence | None]]:
    """The runtimes that functions run on, with how long AWS supports each."""
    from archproof.facts import runtime

    held: dict[str, tuple[list[Fact], list[Named]]] = {}
    for function in reader.of_kind("lambda"):
        fact = reader.field(function.id, "runtime")
        if fact.declared:
            facts, users = held.setdefault(fact.value, ([], []))
            facts.append(fact)
            users.append(function)
    found = []
    for key, (facts, users) in held.items():
        row = runtime(key)
        said = Fact(key, row.name if row else key, tuple(dict.fromkeys(e for f in facts for e in f.evidence)))
        found.append((said, users, row, reader.row(row, f"runtime {key}") if row else None))
    return found


__all__ = ["DOCUMENT", "LIMITS", "interview"]
