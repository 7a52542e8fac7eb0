"""The network of a document: tiers, who may talk to whom, and the statements about paths with their verdicts."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import Any

from archproof.errors import Location
from archproof.model.network import SubnetTier
from archproof.network import telling
from archproof.renderers.documents._evidence import Evidence, Fact, derive
from archproof.renderers.documents._parts import placed_in
from archproof.renderers.documents._reader import Named, Reader
from archproof.renderers.documents._words import number_text
from archproof.resources.resource import Resource

ENDPOINT = "Endpoint of "
"""What the description of an endpoint's group begins with."""
_LATER = "known after deployment"
INTERNET = ("0.0.0.0/0", "::/0")


@dataclass(frozen=True, slots=True)
class TierRow:
    """A tier of a VPC: its addresses, its way out and who stands there."""

    name: str
    cidr: Fact
    addresses: Fact
    egress: Fact
    members: list[Named]
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class VpcRow:
    """A VPC and its tiers."""

    name: str
    cidr: Fact
    zones: Fact
    nat: Fact
    flow_logs: Fact
    flow_log_days: Fact
    tiers: list[TierRow]
    endpoints: list[Fact]
    acls: list[str]
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Admission:
    """One line of the matrix: a group admits someone on some ports."""

    group: str
    source: str
    ports: str
    open: bool
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Statement:
    """A guarantee with its verdict; `unchecked` where no check was run."""

    text: str
    verdict: str
    because: str | None
    lead: str
    """What leads in to the steps: `It does get there, and this is how:`."""
    steps: list[Fact]
    """The hops of a witness, or the blockers, each with its place."""
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class NetworkPart:
    """Everything that the section says."""

    vpcs: list[VpcRow]
    admissions: list[Admission]
    statements: list[Statement]
    outside: list[Named]
    joins: list[Fact]


def network(reader: Reader) -> NetworkPart:
    """Gather the section."""
    outside = [
        reader.named(n)
        for n, c in reader.architecture.components.items()
        if c.cfn
        and reader.linked(n)
        and not c.kind.startswith("iam_")
        and c.tier in ("edge", "identity", "api", "data", "messaging")
        and c.scope in ("regional", "global")
        and placed_in(reader, n) is None
    ]
    return NetworkPart(_vpcs(reader), admissions(reader), statements(reader), outside, _joins(reader))


def _joins(reader: Reader) -> list[Fact]:
    """What joins the VPCs: peerings and a transit gateway."""
    section, found = reader.architecture.network, []
    for position, peering in enumerate(section.peerings):
        ends = " and ".join(peering.between)
        place = reader.place(("network", "peerings", position), f"peering of {ends}")
        found.append(Fact(ends, f"A peering joins {ends}, with routes on both sides", (place,)))
    if section.transit_gateway is not None:
        attached = [a.vpc for a in section.transit_gateway.attach]
        isolated = section.transit_gateway.isolated
        said = f"A transit gateway joins {', '.join(attached)}"
        said += f"; {' and '.join(isolated)} cannot reach each other through it" if len(isolated) > 1 else ""
        way_out = section.transit_gateway.egress_vpc
        said += f"; the way out to the internet is in {way_out}" if way_out else ""
        found.append(Fact(attached, said, (reader.place(("network", "transit_gateway"), "transit_gateway"),)))
    return found


def _vpcs(reader: Reader) -> list[VpcRow]:
    found = []
    for name, vpc in reader.architecture.places.vpcs.items():
        path = reader.architecture.places.paths[name]
        held = vpc.vpc
        if held is None:
            continue
        zones = max((len(t.said or ()) for t in vpc.subnets.values()), default=0) or held.availability_zones
        tiers = [_tier(reader, n, t, held.availability_zones) for n, t in vpc.subnets.items()]
        endpoints = [
            Fact(e.service, e.service, (reader.place((*path[:-1], "endpoints", i), f"endpoint {e.service}"),))
            for i, e in enumerate(vpc.endpoints)
        ]
        found.append(
            VpcRow(
                name,
                reader.section(*path, "cidr", value=_text(held.cidr)),
                reader.section(*path, "availability_zones", value=zones),
                reader.section(*path, "nat", value=held.nat),
                reader.section(*path, "flow_logs", value=held.flow_logs),
                reader.section(*path, "flow_log_retention_days", value=held.flow_log_retention_days, unit="days"),
                tiers, endpoints, sorted(vpc.network_acls),
                reader.place(path, f"{'.'.join(str(p) for p in path)}: {_text(held.cidr)}"),
            )
        )  # fmt: skip
    return found


def _tier(reader: Reader, name: str, tier: SubnetTier, zones: int) -> TierRow:
    path = reader.architecture.places.paths[f"tier:{name}"]
    members = [
        reader.named(n)
        for n in reader.architecture.components
        if (placed := placed_in(reader, n)) is not None and name in placed[0]
    ]
    cidr = reader.section(*path, "cidr", value=tier.blocks or _LATER)
    reserved = reader.quota("vpc", "Reserved addresses per subnet")
    return TierRow(
        name, cidr, _addresses(cidr, tier, zones, reserved), reader.section(*path, "egress", value=tier.egress),
        members, (reader.place(path, f"subnets.{name}: {tier.blocks or _LATER}"),),
    )  # fmt: skip


def _text(cidr: object) -> str:
    """A block, or that it is known only after deployment."""
    return cidr if isinstance(cidr, str) else _LATER


def _addresses(cidr: Fact, tier: SubnetTier, zones: int, reserved: Fact) -> Fact:
    """The addresses of one subnet of a tier (the smallest), less those that AWS keeps."""
    said = tier.said or ()
    blocks = [b for _, b in said if isinstance(b, str)]
    if len(blocks) < len(said):
        return derive(None, _LATER, cidr, reserved)
    if blocks:
        each = min(ipaddress.ip_network(b, strict=False).num_addresses for b in blocks) - int(reserved.value or 0)
        return derive(each, number_text(each), cidr, reserved)
    total = ipaddress.ip_network(cidr.value, strict=False).num_addresses
    part = 1
    while part < zones:
        part *= 2
    each = total // part - int(reserved.value or 0)
    return derive(each, number_text(each), cidr, reserved)


def group_name(reader: Reader, resource: Resource | None, fallback: str) -> str:
    """What the model calls a security group: its name in `network`, or what it was made for."""
    if resource is None:
        return fallback
    if resource.place in reader.architecture.places.groups:
        return str(resource.place)
    if resource.component is not None:
        return f"rotation of {resource.component}" if _rotates(reader, resource) else resource.component
    said = str(resource.get("GroupDescription", default=""))
    return f"endpoint {said.removeprefix(ENDPOINT)}" if said.startswith(ENDPOINT) else resource.logical_id


def _rotates(reader: Reader, resource: Resource) -> bool:
    """Whether a group was made for the function that rotates a secret."""
    return resource.implied and reader.component(str(resource.component)).kind == "secret"


def _tier_of(reader: Reader, cidr: str) -> str:
    """The tier that has exactly these addresses, for a rule that names them; empty where none has."""
    found = next((n for n, t in reader.architecture.places.tiers.items() if getattr(t, "cidr", None) == cidr), None)
    return f" (tier {found})" if found else ""


def admissions(reader: Reader) -> list[Admission]:
    """Who may talk to whom on which port: every ingress rule of every security group."""
    resources, found = reader.resources, []
    for group in resources.of_type("AWS::EC2::SecurityGroup"):
        name = group_name(reader, group, group.logical_id)
        for position, rule in enumerate(group.get("SecurityGroupIngress", default=[]) or []):
            if isinstance(rule, dict):
                where = reader.where(group.location("SecurityGroupIngress", position))
                found.append(_admission(reader, name, rule, where))
    for resource in resources.of_type("AWS::EC2::SecurityGroupIngress"):
        target = resources.target(resource.get("GroupId"))
        name = group_name(reader, target, str(resource.get("GroupId")))
        found.append(_admission(reader, name, resource.properties, reader.where(resource.location())))
    return sorted(found, key=lambda a: (a.group, a.source, a.ports))


def _admission(reader: Reader, group: str, rule: dict[str, Any], where: str) -> Admission:
    cidr = rule.get("CidrIp") or rule.get("CidrIpv6")
    if cidr in INTERNET:
        source = "internet"
    elif cidr is not None:
        source = f"{cidr}{_tier_of(reader, cidr)}" if isinstance(cidr, str) else "an address known after deployment"
    elif "SourceSecurityGroupId" in rule:
        source = group_name(
            reader, reader.resources.target(rule["SourceSecurityGroupId"]), str(rule["SourceSecurityGroupId"])
        )
    else:
        source = str(rule.get("SourcePrefixListId", "unknown"))
    ports = _ports(rule)
    return Admission(group, source, ports, source == "internet", Evidence(where, f"{group} admits {source} on {ports}"))


def _ports(rule: dict[str, Any]) -> str:
    protocol, first, last = str(rule.get("IpProtocol", "tcp")), rule.get("FromPort"), rule.get("ToPort")
    if protocol == "-1" or first is None:
        return "everything" if protocol == "-1" else f"{protocol}, all ports"
    return f"{protocol} {first}" if first == last else f"{protocol} {first} to {last}"


def statements(reader: Reader) -> list[Statement]:
    """Every guarantee with what the check says about it."""
    found = []
    for position, guarantee in enumerate(reader.architecture.guarantees):
        result = reader.guarantees[position] if position < len(reader.guarantees) else None
        evidence = reader.guarantee(position)
        if result is None:
            text = next(f"{w}: {', '.join(e.from_)} → {', '.join(e.to)}" + (f", port {e.port}" if e.port else "")
                        for w in ("never", "always", "only") if (e := getattr(guarantee, w)))  # fmt: skip
            found.append(Statement(text, "unchecked", guarantee.because, "", [], evidence))
        else:
            lead, steps = telling.guarantee(result.text, result.verdict, result.witness, result.blockers)
            told = [_step(reader, step, evidence) for step in steps]
            found.append(Statement(result.text, result.verdict, guarantee.because, lead, told, evidence))
    return found


def _step(reader: Reader, step: Any, evidence: Evidence) -> Fact:
    """A hop or a blocker with the place that says it; the guarantee's own where nothing does."""
    said = hop_text(step)
    place = step.get("location") if isinstance(step, dict) else None
    if not isinstance(place, dict) or "line" not in place:
        return Fact(said, said, (evidence,))
    where = reader.where(Location(place["file"], place["line"], place["column"]))
    return Fact(said, said, (Evidence(where, said),))


def hop_text(hop: Any) -> str:
    """A hop or a blocker in words, whatever shape the proof gives it."""
    if isinstance(hop, dict) and hop.get("because"):
        return telling.said(hop)
    read = hop.get if isinstance(hop, dict) else lambda key, default=None: getattr(hop, key, default)
    name, because, code = read("component"), read("because"), read("code")
    if name is None and because is None:
        return str(hop)
    return " ".join(str(p) for p in (name, f"({code})" if code else None, f": {because}" if because else None) if p)
