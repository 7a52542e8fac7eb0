"""Data that is copied to other regions, and patterns of events that nothing can match."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from archproof.resources.resource import Resource
from archproof.suggest import did_you_mean
from archproof.validators.context import Context, listed
from archproof.validators.policies import as_list
from archproof.validators.rule import Hit, rule

TYPES = (
    "AWS::SecretsManager::Secret", "AWS::DynamoDB::GlobalTable", "AWS::ECR::ReplicationConfiguration",
    "AWS::RDS::DBInstance", "AWS::Backup::BackupPlan", "AWS::Events::Rule",
)  # fmt: skip
SECRET, TABLE, IMAGES, DATABASE, PLAN, RULE = TYPES
BUCKET = "AWS::S3::Bucket"
_COPIES = {
    SECRET: ("ReplicaRegions",),
    TABLE: ("Replicas",),
    IMAGES: ("ReplicationConfiguration", "Rules"),
    DATABASE: ("AutomaticBackupReplicationRegion",),
    PLAN: ("BackupPlan", "BackupPlanRule"),
}
"""The property that names other regions."""


@rule(
    "data-leaves-region", "info", SECRET, TABLE, IMAGES, DATABASE, PLAN, wa="SEC",
    title="Data is copied to another region",
    why="Where data may lie is often a matter of law and of contract; a copy elsewhere should be a decision.",
    fix="Keep it where it may lie there, and say so in `decisions`; else take the other region away.",
)  # fmt: skip
def leaves(r: Resource, ctx: Context) -> Iterator[Hit]:
    path = _COPIES[r.type]
    regions = [region for region in _regions(r.get(*path)) if region != ctx.resources.region]
    if regions:
        yield Hit(f"{r.title} is copied from {ctx.resources.region} to {listed(regions)}", *path)


def _regions(value: Any) -> list[str]:
    """Every region that a value names: as `Region`, alone, or within an ARN."""
    if isinstance(value, str):
        if value.startswith("arn:"):
            return [value.split(":")[3]] if value.count(":") >= 5 and value.split(":")[3] else []
        return [value]
    if isinstance(value, list):
        return [region for item in value for region in _regions(item)]
    if isinstance(value, dict):
        named = [value[k] for k in ("Region", "DestinationBackupVaultArn") if isinstance(value.get(k), str)]
        inner = [value[k] for k in ("Destinations", "CopyActions") if k in value]
        return [region for item in (*named, *inner) for region in _regions(item)]
    return []


@rule(
    "event-pattern-unmatched", "medium", RULE, wa="REL",
    title="A rule waits for events that nothing in the model sends",
    why="A pattern that matches nothing fails in silence: the targets of the rule never run.",
    fix="Correct the pattern: name the bucket of the model in `bucket`, and leave `bus` out for events of AWS.",
)  # fmt: skip
def unmatched(r: Resource, ctx: Context) -> Iterator[Hit]:
    pattern = r.get("EventPattern")
    if not isinstance(pattern, dict):
        return
    sources = [s for s in as_list(pattern.get("source")) if isinstance(s, str)]
    bus = ctx.resources.target(r.get("EventBusName"))
    if sources and bus is not None and all(s.startswith("aws.") for s in sources) and not _forwarded(bus, ctx):
        yield Hit(
            f"{r.title} waits on {bus.title} for events of {listed(sources)}, which AWS sends to the default bus only",
            "EventBusName",
        )
    if sources == ["aws.s3"]:
        yield from _buckets(r, pattern, ctx)


def _forwarded(bus: Resource, ctx: Context) -> bool:
    """Whether a rule of the model sends events on to the bus, or others may put theirs on it."""
    forwarding = [u for u in ctx.resources.users(bus, RULE) if ctx.resources.target(u.get("EventBusName")) is not bus]
    return bool(forwarding or ctx.resources.users(bus, "AWS::Events::EventBusPolicy"))


def _buckets(r: Resource, pattern: dict[str, Any], ctx: Context) -> Iterator[Hit]:
    """Names of buckets that no bucket of the model has."""
    detail = pattern.get("detail")
    bucket = detail.get("bucket") if isinstance(detail, dict) else None
    named = [n for n in as_list(bucket.get("name") if isinstance(bucket, dict) else None) if isinstance(n, str)]
    known = {str(b.get("BucketName")): b for b in ctx.resources.of_type(BUCKET) if isinstance(b.get("BucketName"), str)}
    for name in named:
        if name not in known:
            meant = did_you_mean(name, [*known, *(str(b.component) for b in ctx.resources.of_type(BUCKET))])
            message = f"{r.title} waits for events of the bucket '{name}', which is not in the model{meant}"
            yield Hit(message, "EventPattern", "detail")
