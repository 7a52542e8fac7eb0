"""Network ACLs: the numbered rules of each, and the subnets that have it."""

from __future__ import annotations

from typing import Any

from archproof.model import network_checks
from archproof.model.network import AclRule
from archproof.resources.lowering._context import Lowering
from archproof.resources.lowering._places import (
    Adder,
    VpcPlace,
    id_prefix,
    letter,
    more,
    named,
    own_name,
    section_adder,
)

# the numbers that the internet protocol gives its protocols; -1 is AWS's word for all of them
NUMBERS = {"tcp": 6, "udp": 17, "icmp": 1, "icmpv6": 58, "all": -1}


def lower(ctx: Lowering, place: VpcPlace) -> None:
    """The ACLs of one VPC, and the tiers that name them."""
    ids: dict[str, str] = {}
    for name, acl in place.network.network_acls.items():
        path = (*place.base, "network_acls", name)
        add = section_adder(ctx, path, id_prefix(place, name), name, acl)
        tags = named(ctx, own_name(place, name), name)
        ids[name] = add("", "AWS::EC2::NetworkAcl", {"VpcId": {"Ref": place.id}, "Tags": tags})
        entries(add, ids[name], acl)
        more(ctx, path, id_prefix(place, name), name, acl)
    for tier, value in place.network.subnets.items():
        if value.network_acl:
            path = (*place.base, "subnets", tier)
            add = section_adder(ctx, path, f"{id_prefix(place, tier)}Subnet", tier, value, "Subnet")
            for zone, subnet in enumerate(place.subnets[tier]):
                associate(add, f"{letter(zone)}NetworkAcl", subnet, ids[value.network_acl])


def associate(add: Adder, suffix: str, subnet: str, acl: str) -> None:
    """Put a subnet under an ACL."""
    add(
        suffix,
        "AWS::EC2::SubnetNetworkAclAssociation",
        {"SubnetId": {"Ref": subnet}, "NetworkAclId": {"Ref": acl}},
        origins={"NetworkAclId": "network_acl"},
    )


def entries(add: Adder, acl: str, rules: Any) -> None:
    """One entry for each rule of `ingress` and `egress`; what no rule matches, AWS denies."""
    for direction in ("ingress", "egress"):
        for position, rule in enumerate(getattr(rules, direction)):
            at = (direction, position)
            add(
                f"{direction.capitalize()}{rule.number}",
                "AWS::EC2::NetworkAclEntry",
                {"NetworkAclId": {"Ref": acl}, "Egress": direction == "egress", **_entry(rule)},
                origins={
                    "NetworkAclId": at,
                    "RuleNumber": (*at, "number"),
                    "RuleAction": (*at, "action"),
                    "Protocol": (*at, "protocol"),
                    "CidrBlock": (*at, "cidr"),
                    "Ipv6CidrBlock": (*at, "cidr"),
                    "PortRange": (*at, "port"),
                    "Icmp": (*at, "protocol"),
                },
            )


def _entry(rule: AclRule) -> dict[str, Any]:
    six = ":" in rule.cidr
    protocol = "icmpv6" if rule.protocol == "icmp" and six else rule.protocol
    properties: dict[str, Any] = {
        "RuleNumber": rule.number,
        "RuleAction": rule.action,
        "Protocol": NUMBERS[protocol],
        "Ipv6CidrBlock" if six else "CidrBlock": rule.cidr,
    }
    if rule.protocol in ("tcp", "udp"):
        first, last = network_checks.ports(rule.port) or (0, 0)
        properties["PortRange"] = {"From": first, "To": last}
    if rule.protocol == "icmp":
        properties["Icmp"] = {"Type": -1, "Code": -1}
    return properties
