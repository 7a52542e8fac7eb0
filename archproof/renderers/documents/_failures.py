"""What happens when a part is down, and which alarm says so; what is known to be missing."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from archproof.renderers.documents._evidence import Evidence, Fact, derive, join
from archproof.renderers.documents._flows import Failure, failure
from archproof.renderers.documents._parts import Parts, alarms_of
from archproof.renderers.documents._reader import Named, Reader
from archproof.renderers.documents._words import amount, duration

TIERS = ("edge", "identity", "api", "compute", "data", "messaging")
WHOLE = "the whole system"
RANK = ("critical", "high", "medium", "low", "info")


@dataclass(frozen=True, slots=True)
class Alarm:
    """An alarm: what it watches, when it rings and whom it tells."""

    named: Named
    of: Named | None
    metric: Fact
    rings: Fact
    notify: Fact


@dataclass(frozen=True, slots=True)
class Effect:
    """What becomes of work that nobody waits for: `kind` is how it survives, `who` it comes from."""

    kind: str
    who: list[Named]


@dataclass(frozen=True, slots=True)
class Mode:
    """A part that is down."""

    named: Named
    waiting: list[Named]
    effects: list[Effect]
    seen: list[Failure]
    spare: list[tuple[str, Fact]]
    dead_letter: Fact | None
    alarms: list[Named]
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """A finding: open, or accepted until a day."""

    rule: str
    severity: str
    about: str
    message: str
    remediation: str
    reason: str | None
    until: str | None
    by: str | None
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Gaps:
    """What the check found, and what the model accepts."""

    checked: bool
    open: list[Gap]
    accepted: list[Gap]
    waivers: list[Gap]
    unknown: list[tuple[str, str, Evidence]]
    counts: list[tuple[str, int]]
    evidence: Evidence


SPARES = (("multi_az", "multi_az"), ("tasks", "tasks"), ("instances", "instances"), ("min_size", "instances"))
"""Fields that say that another one takes over."""


def alarms(reader: Reader, parts: Parts) -> list[Alarm]:
    """Every alarm."""
    found = []
    for alarm in parts.alarms:
        of = getattr(reader.component(alarm.id), "of", None)
        watched = reader.named(of) if isinstance(of, str) else None
        rings = _rings(reader, alarm.id, watched.kind if watched else "")
        found.append(Alarm(alarm, watched, reader.field(alarm.id, "metric"), rings, reader.field(alarm.id, "notify")))
    return found


THRESHOLDS = (("above", "above"), ("below", "below"), ("at_least", "at least"), ("at_most", "at most"))
UNITS = {"Bytes": "bytes", "Seconds": "s", "Milliseconds": "ms", "Percent": "%"}


def _rings(reader: Reader, name: str, kind: str) -> Fact:
    """When an alarm rings: `Sum over 5 min above 5`, with the usual statistic and period where none is said."""
    from archproof.facts import metric

    usual = metric(kind, str(reader.field(name, "metric").value))
    attribute, word = next(((a, w) for a, w in THRESHOLDS if reader.field(name, a).declared), ("above", "above"))
    limit, statistic, period = (reader.field(name, a) for a in (attribute, "statistic", "period_s"))
    stat = statistic.text if statistic.declared else usual.statistic if usual else ""
    seconds = period.value if period.declared else usual.period_s if usual else None
    unit = UNITS.get(usual.unit, "") if usual else ""
    said = " over ".join(p for p in (stat, duration(seconds) if seconds else "") if p)
    periods, breaching = reader.field(name, "periods"), reader.field(name, "breaching")
    often = ""
    if periods.declared and periods.value > 1:
        often = f", {breaching.value if breaching.declared else periods.value} of {periods.value} times"
    text = f"{said} {word} {amount(limit.value, unit) if limit.declared else limit.text}{often}".strip()
    grounds = [f for f in (limit, statistic, period) if f.declared]
    row = reader.row(usual, f"metric {usual.name} of {kind}: {usual.statistic}, {usual.unit}") if usual else None
    return derive(text, text, *grounds, row)


def modes(reader: Reader) -> list[Mode]:
    """Every part that something else depends on, and what happens without it."""
    found = []
    for name, component in reader.architecture.components.items():
        links = [k for k in reader.links(target=name) if k.verb.verb != "dead_letter"]
        if component.tier in TIERS and links and not component.kind.startswith(("iam_", "route53")):
            found.append(_mode(reader, name, links))
    return found


def _mode(reader: Reader, name: str, links: list[Any]) -> Mode:
    steps = [
        (step, reader.place(("flows", flow, "steps", i), f"flows.{flow}.steps.{i}"))
        for flow, told in reader.architecture.flows.items()
        for i, step in enumerate(told.steps)
        if step.to == name and step.fails
    ]
    dead = next(
        (f for p in (("dead_letter", "queue"), ("dead_letter", "to")) if (f := reader.field(name, *p)).declared), None
    )
    spare = [(word, fact) for a, word in SPARES if reader.has(name, a) and (fact := reader.field(name, a)).declared]
    seen = [failure(reader, code, seen) for step, _ in steps for code, seen in step.fails.items()]
    return Mode(
        reader.named(name),
        list({k.source: reader.named(k.source) for k in links if k.verb.mode == "sync"}.values()),
        _effects(reader, name, [k for k in links if k.verb.mode == "async"]),
        [f for f in seen if not (f.code.startswith("4") and f.code.isdigit())],  # what the caller did wrong
        spare, dead, alarms_of(reader, name), join([*(reader.link(k) for k in links), *(e for _, e in steps)]),
    )  # fmt: skip


STREAMS = ("kinesis_stream", "dynamodb_table")
SOURCES = ("event_rule", "schedule", "sns_topic", "s3_bucket", "event_bus")


def _effects(reader: Reader, name: str, links: list[Any]) -> list[Effect]:
    """What becomes of what each sender hands over while this part is down, by the kind of sender."""
    found: dict[str, dict[str, Named]] = {}
    for link in links:
        source = reader.named(link.source)
        if source.kind == "alarm":
            kind = "silent"
        elif source.kind == "sqs_queue":
            kind = "waits"
        elif source.kind in STREAMS:
            kind = "stream"
        elif source.kind in SOURCES:
            kind = "retried"
        else:
            kind = "refused"
        found.setdefault(kind, {})[link.source] = source
    return [Effect(kind, list(who.values())) for kind, who in found.items()]


WATCHABLE = {
    "lambda", "ecs_service", "ec2_instance", "auto_scaling_group", "http_api", "rest_api", "alb", "nlb", "cloudfront",
    "rds", "aurora", "rds_proxy", "dynamodb_table", "elasticache", "opensearch_domain", "redshift", "docdb", "neptune",
    "sqs_queue", "state_machine", "kinesis_stream", "firehose", "cognito_user_pool",
}  # fmt: skip
"""Kinds whose trouble a metric shows before a user does."""


def unwatched(found: list[Mode]) -> list[Named]:
    """The parts that no alarm watches, though one could."""
    return [m.named for m in found if not m.alarms and m.named.kind in WATCHABLE]


def gaps(reader: Reader) -> Gaps:
    """Open and accepted findings, waivers that nothing meets, and what could not be decided."""
    shown = [_gap(reader, f) for f in sorted(reader.findings, key=lambda f: RANK.index(f.severity))]
    met = {(g.rule, g.reason, g.until, g.by) for g in shown if g.until}
    counts = Counter(g.severity for g in shown if not g.until)
    document = reader.architecture.document
    return Gaps(
        reader.checked,
        [g for g in shown if not g.until],
        [g for g in shown if g.until],
        [w for w in waivers(reader) if not any(_meets(w, *m) for m in met)],
        [(u.what, u.why, Evidence(reader.where(u.location), "unknown")) for u in reader.unknown],
        [(s, counts[s]) for s in RANK if counts[s]],
        Evidence(
            f"check of {reader.where(document.mark.at()).rpartition(':')[0]}",
            f"{len(shown)} findings",
            reader.today.isoformat(),
        ),
    )


def _meets(waiver: Gap, rule: str, reason: str | None, until: str | None, by: str | None) -> bool:
    """Whether an accepted finding of this rule was accepted by this waiver."""
    return waiver.rule in ("*", rule) and (waiver.reason, waiver.until, waiver.by) == (reason, until, by)


def _gap(reader: Reader, finding: Any) -> Gap:
    waived = finding.waived
    return Gap(
        finding.rule, finding.severity, finding.component or finding.resource or WHOLE, finding.message,
        finding.remediation or "", waived.reason if waived else None, str(waived.until) if waived else None,
        waived.by if waived else None, (reader.finding(finding),),
    )  # fmt: skip


def waivers(reader: Reader) -> list[Gap]:
    """The section `accepted`."""
    return [
        Gap(w.rule, "", w.component or WHOLE, "", "", w.reason, w.until.isoformat(), w.by,
            (reader.place(("accepted", i), f"accepted.{i}: {w.rule}"),))
        for i, w in enumerate(reader.architecture.accepted)
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Logs:
    """What is recorded, and for how long."""

    functions: list[tuple[Named, Fact, Fact]]
    groups: list[tuple[Named, Fact]]
    databases: list[tuple[Named, Fact, Fact]]
    shortest: Fact


def logs(reader: Reader, parts: Parts) -> Logs:
    """Logs and traces: retention by function, the databases' own logs."""
    functions = [
        (f, reader.field(f.id, "log_retention_days"), reader.field(f.id, "tracing"))
        for f in [*parts.functions, *parts.containers]
        if reader.has(f.id, "log_retention_days")
    ]
    kept = [days for _, days, _ in functions if days.declared]
    least = min((d.value for d in kept), default=None)
    shortest = derive(least, f"{least} days", *kept) if least is not None else derive(None, "not declared")
    return Logs(
        functions,
        [(g, reader.field(g.id, "retention_days")) for g in reader.of_kind("log_group")],
        [
            (d, reader.field(d.id, "performance_insights"), reader.field(d.id, "log_exports"))
            for d in parts.databases if reader.has(d.id, "performance_insights")
        ],
        shortest,
    )  # fmt: skip
