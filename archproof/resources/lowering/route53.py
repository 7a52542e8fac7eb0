"""Amazon Route 53: hosted zones and records."""

from __future__ import annotations

from typing import Any

from archproof.facts import managed_id
from archproof.model.kinds.route53 import DnsRecord, DnsZone
from archproof.resources.lowering._context import Lowering

KINDS = ("dns_zone", "dns_record")


def lower_dns_zone(name: str, zone: DnsZone, ctx: Lowering) -> None:
    """The hosted zone."""
    vpcs = [{"VPCId": ctx.ref(v), "VPCRegion": {"Ref": "AWS::Region"}} for v in zone.vpcs]
    tags = ctx.tags(name)
    properties = {"Name": zone.domain, "VPCs": vpcs or None, "HostedZoneTags": tags}
    keep = {"DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"}
    origins = {"Name": "domain", "VPCs": "vpcs"}
    ctx.add(name, "AWS::Route53::HostedZone", properties, origins=origins, attributes=keep)


def lower_dns_record(name: str, record: DnsRecord, ctx: Lowering) -> None:
    """The record; one that stands for a component is an alias, which costs nothing and needs no TTL."""
    zone = record.zone
    properties: dict[str, Any] = {
        "HostedZoneId": ctx.ref(zone.zone) if zone.zone else None,
        "HostedZoneName": f"{zone.domain.rstrip('.')}." if zone.domain else None,
        "Name": record.name,
        "Type": "A" if record.to else record.record,
    }
    if record.to:
        properties["AliasTarget"] = _alias(record.to, ctx)
    else:
        quoted = [f'"{v}"' if record.record == "TXT" and not v.startswith('"') else v for v in record.values]
        properties |= {"ResourceRecords": quoted, "TTL": str(record.ttl_s)}
    origins = {
        "HostedZoneId": "zone", "HostedZoneName": "zone", "Name": "name", "Type": "record", "AliasTarget": "to",
        "ResourceRecords": "values", "TTL": "ttl_s",
    }  # fmt: skip
    ctx.add(name, "AWS::Route53::RecordSet", properties, origins=origins)


def _alias(target: str, ctx: Lowering) -> dict[str, Any]:
    """The name and the zone of what the record stands for."""
    kind = ctx.component(target).kind
    if kind == "cloudfront":
        zone = managed_id("cloudfront", "hosted_zone", "alias")
        return {"DNSName": ctx.att(target, "DomainName"), "HostedZoneId": zone}
    if kind in ("alb", "nlb"):
        return {
            "DNSName": ctx.att(target, "DNSName"),
            "HostedZoneId": ctx.att(target, "CanonicalHostedZoneID"),
            "EvaluateTargetHealth": True,
        }
    edge = getattr(ctx.component(target), "endpoint", "") == "edge"
    where = "Distribution" if edge else "Regional"
    return {
        "DNSName": ctx.att(target, f"{where}DomainName", "Domain"),
        "HostedZoneId": ctx.att(target, f"{where}HostedZoneId", "Domain"),
    }
