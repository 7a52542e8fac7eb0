"""Subnets as tiers: those with the same way out and the same word in their names, one in each zone."""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import dataclass, field

from archproof.model.network import ZONES
from archproof.resources.resource import Resource
from archproof.sources.lifting._vpc_parts import SubnetParts, VpcParts
from archproof.sources.lifting.names import identifier

_ORDINALS = frozenset((
    "a", "b", "c", "d", "e", "f", "one", "two", "three", "four", "five", "six", "first", "second", "third", "primary",
    "secondary", "az", "zone", "availability", "i", "ii", "iii", "in",
))  # fmt: skip
_NOTHING = frozenset(("subnet", "subnets", "net", "sn", "vpc", "my", "aws", "the", "id"))
_WAYS = {"internet_gateway": "public", "nat": "private", "none": "isolated"}
_SHORT = {"pub": "public", "priv": "private", "pri": "private", "prv": "private", "db": "database"}


@dataclass(slots=True, eq=False)
class Tier:
    """A tier to be."""

    name: str
    egress: str
    subnets: list[SubnetParts]
    route_tables: str | None = None
    """As the language says it; None where it is what is meant when nothing is said."""
    tables: list[Resource] = field(default_factory=list)
    """The tables that are its own."""


def tiers(parts: VpcParts, taken: Container[str], prefix: str = "") -> list[Tier] | None:
    """The tiers of a VPC; None where its tables fit none. `taken`: names that no tier may have."""
    groups: dict[tuple[str, str, str], list[SubnetParts]] = {}
    for subnet in parts.subnets:
        egress = parts.tables[subnet.table.logical_id].egress if subnet.table else "none"
        acl = subnet.acl.logical_id if subnet.acl else ""
        groups.setdefault((egress, stem(subnet.resource), acl), []).append(subnet)
    held = [(egress, word, bucket) for (egress, word, _), group in groups.items() for bucket in _buckets(group)]
    held.sort(key=lambda entry: not any(n.get("SubnetId") == {"Ref": s.resource.logical_id}
                                        for s in entry[2] for n in parts.nats))  # fmt: skip
    found: list[Tier] = []
    names: set[str] = set()
    for egress, word, bucket in held:
        word = _SHORT.get(word, word)
        name = _free(prefix + (word or _WAYS[egress]), names, taken)
        names.add(name)
        found.append(Tier(name, egress, bucket))
    return found if _tables(found, per_az=len(parts.nats) > 1) else None


def _free(wanted: str, names: set[str], taken: Container[str]) -> str:
    name, number = wanted, 1
    while name in names or name in taken:
        number += 1
        name = f"{wanted}{number}"
    return name


def stem(subnet: Resource) -> str:
    """The word in a subnet's name that its tier has: neither its number or zone, nor that it is a subnet."""
    words = re.split(r"_+", identifier(_called(subnet)))
    kept = []
    for word in words:
        bare = re.sub(r"^(az|zone)?[0-9]+[a-f]?$|(?<=[a-z])[0-9]+[a-f]?$", "", word)
        if bare and bare not in _ORDINALS and bare not in _NOTHING:
            kept.append(bare)
    return "_".join(kept)[:40].strip("_")


def _called(subnet: Resource) -> str:
    """What a subnet is called: its name in Terraform, or its Name tag where it comes from an account."""
    match = re.search(r"aws_subnet\.([\w-]+)", subnet.address or "")
    if match:
        return match[1]
    tags = subnet.get("Tags") if subnet.physical_id else None
    for tag in tags if isinstance(tags, list) else ():
        if isinstance(tag, dict) and tag.get("Key") == "Name" and isinstance(tag.get("Value"), str):
            return str(tag["Value"])
    return subnet.logical_id


def _buckets(group: list[SubnetParts]) -> list[list[SubnetParts]]:
    """A group in parts with each zone once, and with one table for all or one for each."""
    if all(s.zone is not None for s in group):
        group = sorted(group, key=lambda s: s.zone or "")
    buckets: list[list[SubnetParts]] = []
    for subnet in group:
        for bucket in buckets:
            zones = [s.zone for s in bucket]
            if len(bucket) < len(ZONES) and (subnet.zone is None or subnet.zone not in zones):
                bucket.append(subnet)
                break
        else:
            buckets.append([subnet])
    found: list[list[SubnetParts]] = []
    for bucket in buckets:
        tables = [s.table.logical_id if s.table else None for s in bucket]
        if len(set(tables)) in (1, len(tables)) and (None not in tables or len(set(tables)) == 1):
            found.append(bucket)
            continue
        for table in dict.fromkeys(tables):
            found.append([s for s, t in zip(bucket, tables, strict=True) if t == table])
    return found


def _tables(found: list[Tier], *, per_az: bool) -> bool:
    """Say for every tier whose tables it uses; False where a table is part of two different sets."""
    owners: dict[str, Tier] = {}
    for tier in found:
        tables = list({s.table.logical_id: s.table for s in tier.subnets if s.table}.values())
        usual = "per_az" if tier.egress == "nat" and per_az else "one"
        if not tables:
            tier.route_tables = "main"
            continue
        held = {owners[t.logical_id].name: owners[t.logical_id] for t in tables if t.logical_id in owners}
        if held:
            owner = next(iter(held.values()))
            if len(held) > 1 or owner.tables != tables:
                return False
            tier.route_tables = owner.name
            continue
        own = "per_az" if len(tables) > 1 else "one"
        if len(tier.subnets) == 1:
            own = usual  # the only table is both
        tier.route_tables = own if own != usual else None
        tier.tables = tables
        owners.update({t.logical_id: tier for t in tables})
    return True
