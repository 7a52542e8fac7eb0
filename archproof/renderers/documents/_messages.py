"""Guarantees of data and messages: what is kept how long, tried how often, and where it goes at last."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from archproof.renderers.documents._evidence import Evidence, Fact, derive, missing
from archproof.renderers.documents._flows import retries
from archproof.renderers.documents._parts import Parts, is_async
from archproof.renderers.documents._reader import Named, Reader
from archproof.renderers.documents._words import number_text


@dataclass(frozen=True, slots=True)
class Consumer:
    """Who takes messages from a queue, how many at once, and whether they stay hidden for long enough."""

    named: Named
    timeout: Fact
    batch: Fact
    concurrency: Fact
    needed: Fact
    enough: bool | None
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Queue:
    """A queue with its consumers and its last resort."""

    named: Named
    fifo: Fact
    visibility: Fact
    retention: Fact
    dead_letter: Fact
    receives: Fact
    dead_retention: Fact
    consumers: list[Consumer]
    producers: list[Named]
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Asynchronous:
    """A function whose caller does not wait: what becomes of an event that fails."""

    named: Named
    sources: list[Named]
    retries: Fact
    age: Fact
    dead_letter: Fact
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """How a store survives: copies, backups, versions, protection."""

    named: Named
    facts: list[tuple[str, Fact]]


KEEPING = {
    "rds": ("multi_az", "backup_days", "deletion_protection"),
    "aurora": ("instances", "backup_days", "deletion_protection"),
    "dynamodb_table": ("point_in_time_recovery", "deletion_protection"),
    "s3_bucket": ("versioned", "versioning", "expire_days", "replicate_to"),
    "elasticache": ("multi_az", "snapshot_days"),
    "efs": ("backup",),
}
WORDS = {
    "multi_az": "second zone",
    "backup_days": "backups kept",
    "deletion_protection": "protected from deletion",
    "point_in_time_recovery": "point-in-time recovery",
    "versioned": "old versions kept",
    "versioning": "old versions kept",
    "instances": "instances",
    "snapshot_days": "snapshots kept",
    "backup": "backed up",
    "expire_days": "objects expire after",
    "replicate_to": "replicated to",
}


def queues(reader: Reader, parts: Parts) -> list[Queue]:
    """The queues that do work, not those that take what failed."""
    return [_queue(reader, q) for q in parts.queues]


def _queue(reader: Reader, queue: Named) -> Queue:
    dead = getattr(reader.component(queue.id), "dead_letter", None)
    target = getattr(dead, "queue", None)
    producers = [k for k in reader.links(target=queue.id) if k.verb.verb not in ("dead_letter", "receive")]
    return Queue(
        queue,
        reader.field(queue.id, "fifo"),
        reader.field(queue.id, "visibility_s"),
        reader.field(queue.id, "retention_days"),
        reader.field(queue.id, "dead_letter", "queue"),
        reader.field(queue.id, "dead_letter", "max_receives"),
        reader.field(target, "retention_days") if target in reader.architecture.components else missing(),
        [consumer(reader, queue.id, k) for k in reader.links(source=queue.id) if k.verb.verb == "trigger"],
        list({k.source: reader.named(k.source) for k in producers}.values()),
        tuple(reader.link(k) for k in producers),
    )


def consumer(reader: Reader, queue: str, link: Any) -> Consumer:
    """The function that a queue triggers, and the rule for the queue's visibility."""
    timeout = reader.field(link.target, "timeout_s")
    times = reader.quota("sqs", "Visibility timeout as multiple of function timeout")
    visibility = reader.field(queue, "visibility_s")
    needed, enough = missing(*timeout.evidence), None
    if timeout.declared and times.declared:
        least = timeout.value * times.value
        needed = derive(least, f"{number_text(times.value)} × {timeout.text} = {number_text(least)} s", timeout, times)
        enough = visibility.value >= least if visibility.declared else None
    return Consumer(
        reader.named(link.target), timeout, option(reader, link, "batch"), option(reader, link, "max_concurrency"),
        needed, enough, reader.link(link),
    )  # fmt: skip


def option(reader: Reader, link: Any, name: str) -> Fact:
    """A figure of a link's entry."""
    value = getattr(link.options, name, None)
    path = (*link.path, name)
    if value is None:
        return missing(reader.place(path, f"{link.source} → {link.target}, {name}: not declared"))
    return Fact(value, number_text(value), (reader.place(path, f"{link.source} → {link.target}, {name}: {value}"),))


def asynchronous(reader: Reader, parts: Parts) -> list[Asynchronous]:
    """The functions that events reach without a queue in between."""
    found = []
    for function in parts.functions:
        links = [
            k
            for k in reader.links(target=function.id)
            if k.verb.mode == "async"
            and reader.component(k.source).kind not in ("sqs_queue", "kinesis_stream", "dynamodb_table")
        ]
        if links and is_async(reader, function.id):
            found.append(
                Asynchronous(
                    function,
                    [reader.named(k.source) for k in links],
                    retries(reader, function.id),
                    _age(reader, function.id),
                    reader.field(function.id, "dead_letter", "to"),
                    tuple(reader.link(k) for k in links),
                )
            )
    return found


def _age(reader: Reader, name: str) -> Fact:
    own = reader.field(name, "max_event_age_s")
    return own if own.declared else reader.quota("lambda", "Async event age")


def stores(reader: Reader) -> list[Kept]:
    """How each store of data survives."""
    found = []
    for name, component in reader.architecture.components.items():
        facts = [(WORDS[f], reader.field(name, f)) for f in KEEPING.get(component.kind, ()) if reader.has(name, f)]
        if facts:
            found.append(Kept(reader.named(name), facts))
    return found
