"""Security groups and network ACLs: what is open to the world, by port, and how many rules there are."""

from __future__ import annotations

import ipaddress
from collections import Counter
from collections.abc import Iterator
from typing import Any

from archproof.resources.resource import Resource
from archproof.validators import vpc
from archproof.validators.context import Context, amount, listed
from archproof.validators.rule import Hit, rule

TYPES = ("AWS::EC2::SecurityGroup", "AWS::EC2::NetworkAcl")
GROUP = "AWS::EC2::SecurityGroup"
ACL = "AWS::EC2::NetworkAcl"
_WEB = (80, 443)
_MANY = 100
"""A range of more ports than this is treated as open altogether."""


def _title(ctx: Context, group: Resource) -> str:
    return group.title


def _span(rule: vpc.GroupRule) -> str:
    if rule.protocol == "all":
        return "every port"
    if (rule.first, rule.last) == vpc.ALL:
        return f"every {rule.protocol} port"
    return f"{rule.protocol} {rule.first}" if rule.first == rule.last else f"{rule.protocol} {rule.first}-{rule.last}"


def _wide(rule: vpc.GroupRule) -> bool:
    return rule.last - rule.first > _MANY and rule.protocol in ("tcp", "udp", "all")


def _known(rule: vpc.GroupRule, kind: str) -> list[str]:
    """The well-known ports of a kind (`admin`, `data`) that a rule covers, as `SSH (22)`."""
    from archproof.facts import ports

    return [f"{p.title} ({p.number})" for p in ports() if getattr(p, kind) and rule.covers(p.number, p.protocol)]


@rule(
    "sg-all-ports-open", "critical", GROUP, wa="SEC", fsbp="EC2.18 EC2.19", hub="EC2.13 EC2.14", cis="5.3 5.4",
    title="A security group opens all ports to the world",
    why="Every service that listens, wanted or not, can be reached by everyone whom the routes let through.",
    fix="Name the one port in `port`, and the clients in `from`; best leave `ingress` out and write the links.",
)  # fmt: skip
def all_ports(r: Resource, ctx: Context) -> Iterator[Hit]:
    for opened in vpc.ingress(ctx, r):
        if opened.world and _wide(opened):
            yield Hit(f"{_title(ctx, r)} opens {_span(opened)} to {opened.cidr}", *opened.path, on=opened.holder)


@rule(
    "sg-admin-port-open", "critical", GROUP, wa="SEC", fsbp="EC2.19", hub="EC2.13 EC2.14", cis="5.3 5.4",
    title="A security group opens an administration port to the world",
    why="SSH, Remote Desktop and their like are tried by robots within minutes of being reachable.",
    fix="Remove the rule and use Session Manager, or name the network of the office in `from`.",
)  # fmt: skip
def admin_port(r: Resource, ctx: Context) -> Iterator[Hit]:
    for opened in vpc.ingress(ctx, r):
        if opened.world and not _wide(opened) and (names := _known(opened, "admin")):
            yield Hit(f"{_title(ctx, r)} opens {listed(names)} to {opened.cidr}", *opened.path, on=opened.holder)


@rule(
    "sg-data-port-open", "high", GROUP, wa="SEC", fsbp="EC2.19",
    title="A security group opens a data store's port to the world",
    why="Data stores belong behind the application; their protocols were not made for the internet.",
    fix="Let in the security group of the clients: leave `ingress` out and write the links.",
)  # fmt: skip
def data_port(r: Resource, ctx: Context) -> Iterator[Hit]:
    for opened in vpc.ingress(ctx, r):
        if opened.world and not _wide(opened) and not _known(opened, "admin") and (names := _known(opened, "data")):
            yield Hit(f"{_title(ctx, r)} opens {listed(names)} to {opened.cidr}", *opened.path, on=opened.holder)


@rule(
    "sg-port-open", "medium", GROUP, wa="SEC", fsbp="EC2.18",
    title="A security group opens another port to the world",
    why="What is not the public door of the system should let in only its known clients.",
    fix="Name the clients in `from`, or put a load balancer before the service.",
)  # fmt: skip
def other_port(r: Resource, ctx: Context) -> Iterator[Hit]:
    for opened in vpc.ingress(ctx, r):
        single = opened.first == opened.last and opened.first in _WEB and opened.protocol == "tcp"
        special = _known(opened, "admin") or _known(opened, "data") or _wide(opened)
        if opened.world and not single and not special and opened.protocol in ("tcp", "udp"):
            yield Hit(f"{_title(ctx, r)} opens {_span(opened)} to {opened.cidr}", *opened.path, on=opened.holder)


@rule(
    "sg-web-port-open", "low", GROUP, wa="SEC", fsbp="EC2.18",
    title="A web port is open to the world on something that is no load balancer",
    why="Behind a load balancer or a distribution the service itself needs to let in only that.",
    fix="Put a load balancer before the service, and let in only its security group.",
)  # fmt: skip
def web_port(r: Resource, ctx: Context) -> Iterator[Hit]:
    opened = [
        o for o in vpc.ingress(ctx, r) if o.world and o.first == o.last and o.first in _WEB and o.protocol == "tcp"
    ]
    if not opened:
        return
    users = [u for u in ctx.resources.users(r) if u.type not in (*_RULES, "AWS::ElasticLoadBalancingV2::LoadBalancer")]
    if users:
        for one in opened:
            message = f"{_title(ctx, r)} opens tcp {one.first} to {one.cidr} on {ctx.titles(users)}"
            yield Hit(message, *one.path, on=one.holder)


_RULES = ("AWS::EC2::SecurityGroupIngress", "AWS::EC2::SecurityGroupEgress", GROUP)


@rule(
    "sg-cidr-source", "low", GROUP, wa="SEC",
    title="A security group lets in addresses where it could name a group",
    why="A range lets in whatever will ever stand in it; a reference to the client's group lets in the client alone.",
    fix="Name the security group of the client in `from`, or leave `ingress` out and write the links.",
)  # fmt: skip
def cidr_source(r: Resource, ctx: Context) -> Iterator[Hit]:
    own_vpc = ctx.resources.target(r.get("VpcId"))  # across VPCs a range is the usual way to name a client
    blocks = vpc.blocks(ctx, own_vpc)[0] if own_vpc is not None else []
    for opened in vpc.ingress(ctx, r):
        block = opened.cidr
        if block is None or opened.world:
            continue
        if any(vpc.inside(block, own) for own in blocks):
            message = (
                f"{_title(ctx, r)} lets in the range {block} of its own VPC on {_span(opened)}, not the client's group"
            )
            yield Hit(message, *opened.path, on=opened.holder)


@rule(
    "sg-rules-quota", "high", GROUP, wa="REL",
    title="A security group has more rules than the quota",
    why="AWS counts rules by direction and by address family; a rule beyond the quota is rejected.",
    fix="Merge ranges, use a prefix list or groups as sources, or have the quota raised.",
)  # fmt: skip
def rules_quota(r: Resource, ctx: Context) -> Iterator[Hit]:
    counts = Counter(
        "IPv6" if rule.cidr is not None and rule.cidr.version == 6 else "IPv4" for rule in vpc.ingress(ctx, r)
    )
    quota = ctx.quota("vpc", "Inbound or outbound rules per security group")
    for family, number in sorted(counts.items()):
        if number > quota.number:
            message = (
                f"{_title(ctx, r)} has {amount(number)} inbound {family} rules, above the VPC's maximum of {quota.text}"
            )
            yield Hit(message, "SecurityGroupIngress")


@rule(
    "nacl-rules-quota", "high", ACL, wa="REL",
    title="A network ACL has more rules than the quota",
    why="AWS counts rules by direction; a rule beyond the quota is rejected.",
    fix="Merge ranges, or have the quota raised (40 at most).",
)  # fmt: skip
def acl_quota(r: Resource, ctx: Context) -> Iterator[Hit]:
    entries = ctx.resources.users(r, "AWS::EC2::NetworkAclEntry")
    counts = Counter("outbound" if ctx.flag(e, "Egress", default=False) else "inbound" for e in entries)
    quota = ctx.quota("vpc", "Rules per network ACL")
    for direction, number in sorted(counts.items()):
        if number > quota.number:
            yield Hit(f"{r.title} has {amount(number)} {direction} rules, above the VPC's maximum of {quota.text}")


@rule(
    "nacl-admin-port-open", "medium", ACL, wa="SEC", fsbp="EC2.21", cis="5.2",
    title="A network ACL lets the world in on an administration port",
    why="The ACL is the second wall behind the groups; open for SSH and Remote Desktop it is none.",
    fix="Name the network of the office as `cidr`, or the ports that are needed as `port`.",
)  # fmt: skip
def acl_admin(r: Resource, ctx: Context) -> Iterator[Hit]:
    for entry in ctx.resources.users(r, "AWS::EC2::NetworkAclEntry"):
        allows = entry.get("RuleAction") == "allow" and ctx.flag(entry, "Egress", default=False) is False
        block = entry.get("CidrBlock", default=entry.get("Ipv6CidrBlock"))
        if not allows or not _worldwide(block):
            continue
        first, last = (
            ctx.number(entry, "PortRange", "From", default=0),
            ctx.number(entry, "PortRange", "To", default=65535),
        )
        if first is None or last is None or last - first > _MANY:
            continue  # an ACL that filters nothing is the default; a range for replies is wide
        opened = [port for port in (22, 3389) if first <= port <= last]
        if opened:
            message = f"{r.title} lets in {block} on tcp {listed([str(p) for p in opened])}"
            yield Hit(message, "PortRange", on=entry)


def _worldwide(block: Any) -> bool:
    """Whether a block as it is written is the internet; what cannot be read is not."""
    try:
        return isinstance(block, str) and vpc.worldwide(ipaddress.ip_network(block, strict=False))
    except ValueError:
        return False
