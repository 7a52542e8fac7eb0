"""Security groups in the words of the language: those of a VPC of the section, and those among the components."""

from __future__ import annotations

import functools
import ipaddress
from typing import Any

from archproof.model.network_checks import is_prefix_list
from archproof.resources.lowering._context import logical_id as lowered
from archproof.resources.lowering._groups import described
from archproof.resources.resource import Resource, is_symbolic
from archproof.sources.lifting import _compare
from archproof.sources.lifting._vpc_parts import refers_to, whole
from archproof.sources.lifting.drafts import Draft, Lifting

GROUP = "AWS::EC2::SecurityGroup"
DIRECTIONS = {
    "ingress": ("SecurityGroupIngress", "from", "Source"),
    "egress": ("SecurityGroupEgress", "to", "Destination"),
}
_PROTOCOLS = {"tcp": "tcp", "udp": "udp", "icmp": "icmp", "-1": "all"}
_LAST = 65535


def absorb(lifting: Lifting) -> None:
    """Take the groups of the VPCs of the section into it."""
    network = lifting.sections["network"]
    for draft in list(lifting.of_type(GROUP)):
        vpc = whole(lifting.resources, draft.resource.get("VpcId"), "AWS::EC2::VPC")
        stand_in = lifting.stand_ins.get(vpc.logical_id) if vpc is not None else None
        if stand_in is None:
            continue
        single = "vpcs" not in network
        held = network if single else network["vpcs"][stand_in.name]
        base = ("network",) if single else ("network", "vpcs", stand_in.name)
        path = (*base, "security_groups", draft.name)
        prefix = lowered(draft.name)
        if not single and not f"{draft.name}_".startswith(f"{stand_in.name}_"):
            prefix = lowered(stand_in.name) + prefix
        resource = draft.resource
        if lifting.absorb("network", resource, path):
            held.setdefault("security_groups", {})[draft.name] = _group(lifting, resource, prefix, path)
            lifting.call(prefix, resource.logical_id)
            lifting.stand_in(resource, draft.name, "security_group")


def _group(lifting: Lifting, group: Resource, prefix: str, path: tuple[str | int, ...]) -> dict[str, Any]:
    value: dict[str, Any] = {}
    description, name = group.get("GroupDescription"), group.get("GroupName")
    if isinstance(description, str) and description and described(description) == description:
        value["description"] = description
    if isinstance(name, str) and name:
        value["physical_name"] = name
    for direction in DIRECTIONS:
        said = inline(lifting, group, direction)
        for resource in separate(lifting, group, direction):
            rule = separate_rule(lifting, resource, direction)
            if rule is not None and lifting.absorb("network", resource, path):
                said.append(rule)
            elif resource.logical_id in lifting.drafts and lifting.absorb("network", resource, path):
                rest = resource.logical_id.removeprefix(prefix) or resource.logical_id
                laid = {"type": resource.type, **resource.properties}
                laid |= {"attributes": dict(resource.attributes)} if resource.attributes else {}
                value.setdefault("resources", {})[rest] = laid
                lifting.call(prefix + rest, resource.logical_id)
        if said:
            value[direction] = said
    return value


def say(lifting: Lifting, draft: Draft) -> None:
    """Say the rules of a group that is a component."""
    group = draft.resource
    for direction, (property, _, _) in DIRECTIONS.items():
        rules = inline(lifting, group, direction)
        path = (property,) if rules else ()
        for resource in separate(lifting, group, direction):
            rule = separate_rule(lifting, resource, direction)
            if rule is not None and lifting.entrust(resource, draft, functools.partial(_remove, rules, rule)):
                rules.append(rule)
        if rules:
            draft.say(direction, rules, *path)


def _remove(rules: list[dict[str, Any]], rule: dict[str, Any]) -> None:
    rules[:] = [r for r in rules if r is not rule]


def separate(lifting: Lifting, group: Resource, direction: str) -> list[Resource]:
    """The rules of a group that are resources of their own."""
    found = lifting.users(group, f"AWS::EC2::{DIRECTIONS[direction][0]}")
    return [r for r in found if refers_to(r.get("GroupId"), group)]


def separate_rule(lifting: Lifting, resource: Resource, direction: str) -> dict[str, Any] | None:
    """A rule of its own resource; None where the language has no words for it."""
    if resource.attributes:
        return None
    held = {k: v for k, v in resource.properties.items() if k != "GroupId"}
    rule = _rule(lifting, held, direction)
    return None if rule is None else {**rule, "logical_id": resource.logical_id}


def inline(lifting: Lifting, group: Resource, direction: str) -> list[dict[str, Any]]:
    """The rules that stand in a group; nothing where one of them has no words: they are then said verbatim."""
    property, side, _ = DIRECTIONS[direction]
    held = group.get(property)
    rules: list[dict[str, Any]] = []
    for entry in held if isinstance(held, list) else ():
        rule = _rule(lifting, entry, direction) if isinstance(entry, dict) else None
        if rule is None:
            return []
        last = rules[-1] if rules else {}
        if last and {**last, side: None} == {**rule, side: None}:
            last[side] += rule[side]
        else:
            rules.append(rule)
    return rules


def _rule(lifting: Lifting, held: dict[str, Any], direction: str) -> dict[str, Any] | None:
    _, side, word = DIRECTIONS[direction]
    rest = dict(held)
    protocol = _PROTOCOLS.get(str(rest.pop("IpProtocol", None)))
    first, last = rest.pop("FromPort", None), rest.pop("ToPort", None)
    description = rest.pop("Description", None)
    if protocol is None or len(rest) != 1:
        return None
    peer = _peer(lifting, *next(iter(rest.items())), word)
    port = _port(protocol, first, last)
    if peer is None or port is False:
        return None
    rule: dict[str, Any] = {} if port is None else {"port": port}
    if protocol != "tcp":
        rule["protocol"] = protocol
    rule[side] = [peer]
    if description is not None:
        if not isinstance(description, str) or not description or described(description) != description:
            return None
        rule["description"] = description
    return rule


def _port(protocol: str, first: Any, last: Any) -> Any:
    """The port of a rule; None where it has none, False where there are no words for it."""
    if protocol == "all":
        return None if first is None and last is None else False
    if protocol == "icmp":
        return None if str(first) == "-1" and str(last) == "-1" else False
    if isinstance(first, dict):
        return first if is_symbolic(first) and _compare.same(first, last) else False
    if not (str(first).isdigit() and str(last).isdigit()) or isinstance(first, bool):
        return False
    low, high = int(first), int(last)
    if not low <= high <= _LAST:
        return False
    return low if low == high else "all" if (low, high) == (0, _LAST) else f"{low}-{high}"


def _peer(lifting: Lifting, key: str, value: Any, word: str) -> Any:
    """The other side of a rule as the language calls it; None where it cannot."""
    if key == f"{word}SecurityGroupId":
        group = whole(lifting.resources, value, GROUP)
        return lifting.name_of(group) if group is not None else None
    if key == f"{word}PrefixListId":
        return value if isinstance(value, str) and is_prefix_list(value) else None
    if key == "CidrIp" and isinstance(value, dict):
        return value if is_symbolic(value) else None
    if key not in ("CidrIp", "CidrIpv6") or not isinstance(value, str):
        return None
    try:
        block = ipaddress.ip_network(value)
    except ValueError:
        return None
    if str(block) != value or block.version != (4 if key == "CidrIp" else 6):
        return None
    return "internet" if value == "0.0.0.0/0" else value
