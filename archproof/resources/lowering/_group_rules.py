"""The rules of every security group: those that are written, and those that the links need.

What a group says stands in the group, but for rules that name another group: those, and all that links need,
are resources of their own, because two groups that name each other would be a circle.
"""

from __future__ import annotations

from typing import Any

from archproof.model import network_checks
from archproof.model.network import GroupRule
from archproof.resources.lowering import _group_needs, _groups
from archproof.resources.lowering._context import Lowering
from archproof.resources.lowering._group_needs import Need, Peer
from archproof.resources.lowering._places import Group, state

# CloudFormation's own idiom: EC2 gives a new group a rule that lets everything out, and takes it away only when
# the group itself says one; rules of their own resources do not count. Nothing leaves for the loopback address.
_NOTHING = {
    "IpProtocol": "-1",
    "CidrIp": "127.0.0.1/32",
    "Description": "Nothing else: takes the place of the rule that lets everything out",
}
_PROTOCOLS = {"all": "-1"}


def lower(ctx: Lowering) -> None:
    """Write every group's rules; all components are lowered by now, and so every group is known."""
    needs = _group_needs.gather(ctx)
    for group in list(state(ctx).all_groups):
        if not group.verbatim:
            _written(ctx, group)
    for need in needs:
        _separate(ctx, need, need.path, {})


def _written(ctx: Lowering, group: Group) -> None:
    """The rules that a group says."""
    resource = ctx.resources.all.get(group.id)
    if resource is None:
        return
    said = ctx.component(group.component).properties if group.component else group.part.properties if group.part else {}
    for direction in ("ingress", "egress"):
        key = f"SecurityGroup{direction.capitalize()}"
        inline: list[dict[str, Any]] = []
        for position, rule in enumerate(getattr(group, direction) or []):
            for number, peer, field in _peers(ctx, group, rule, direction):
                at = (direction, position)
                if rule.logical_id or (peer.kind == "group" and not ctx.exact):
                    need = _need(group, direction, rule, peer, (*group.path, *at))
                    _separate(ctx, need, need.path, {"FromPort": "port", "ToPort": "port", "IpProtocol": "protocol"})
                    continue
                place = (key, len(inline))
                inline.append(_properties(direction, rule.protocol, _ports(rule), peer, rule.description))
                if key not in said:
                    resource.origins[place] = at
                    for name in ("FromPort", "ToPort"):
                        resource.origins[(*place, name)] = (*at, "port")
                    resource.origins[(*place, peer.field(direction))] = (*at, field, number)
        if direction == "egress" and not inline and not ctx.exact:
            inline = [dict(_NOTHING)]
        if inline and key not in said:
            resource.properties[key] = inline


def _ports(rule: GroupRule) -> tuple[Any, Any]:
    """First and last port; ICMP counts types in their place, where -1 is all."""
    if isinstance(rule.port, dict):
        return rule.port, rule.port
    if rule.protocol in ("tcp", "udp"):
        return network_checks.ports(rule.port) or (0, 0)
    return (-1, -1)


def _need(group: Group, direction: str, rule: GroupRule, peer: Peer, path: tuple[str | int, ...]) -> Need:
    name = rule.logical_id
    return Need(group, direction, peer, rule.protocol, _ports(rule), rule.description or "", path, said=True, name=name)


def _peers(ctx: Lowering, group: Group, rule: GroupRule, direction: str) -> list[tuple[int, Peer, str]]:
    """The other sides of a rule, each with its position in the field that names it."""
    names, field = (rule.from_, "from") if direction == "ingress" else (rule.to, "to")
    return [(number, peer, field) for number, name in enumerate(names) for peer in _peer(ctx, group, name)]


def _peer(ctx: Lowering, group: Group, name: str | dict[str, Any]) -> list[Peer]:
    if isinstance(name, dict):
        return [Peer("cidr", ctx.translate(name))]
    if name == "internet":
        return [Peer("cidr", cidr) for cidr in _group_needs.everywhere(ctx, group.vpc)]
    if name in state(ctx).groups and name not in ctx.architecture.components:
        return [Peer.of(state(ctx).groups[name])]
    if name in ctx.architecture.components:
        groups = _groups.of(ctx, name) or ([_groups.find(ctx, name)] if ctx.component(name).kind == "resource" else [])
        cidr = getattr(ctx.component(name), "cidr", None)
        return [Peer.of(g) for g in groups] or ([Peer("cidr", cidr)] if isinstance(cidr, str) else [])
    return [Peer("prefix", name)] if name.startswith("pl-") else [Peer("cidr", name)]


def _properties(
    direction: str, protocol: str, ports: tuple[int, int], peer: Peer, description: str | None
) -> dict[str, Any]:
    properties: dict[str, Any] = {"IpProtocol": _PROTOCOLS.get(protocol, protocol)}
    if protocol == "icmp" and peer.kind == "cidr" and ":" in str(peer.value):
        properties["IpProtocol"] = "icmpv6"
    if protocol != "all":
        properties |= {"FromPort": ports[0], "ToPort": ports[1]}
    properties[peer.field(direction)] = peer.written()
    if description:
        properties["Description"] = _groups.described(description)
    return properties


def _separate(ctx: Lowering, need: Need, path: tuple[str | int, ...], origins: dict[str, str]) -> None:
    """A rule as a resource of its own."""
    group, direction = need.group, need.direction
    word = "From" if direction == "ingress" else "To"
    first, last = need.ports
    if need.protocol == "all":
        ports = "All"
    elif need.protocol == "icmp":
        ports = "Icmp"
    else:
        ports = str(first) if first == last else f"{first}To{last}"
        ports += "Udp" if need.protocol == "udp" else ""
    if need.peer.label[-1].isdigit() and ports[0].isdigit():
        ports = f"Port{ports}"
    properties = _properties(direction, need.protocol, need.ports, need.peer, need.description)
    ctx.add_for(
        path,
        need.name or f"{group.id.removesuffix('SecurityGroup')}{direction.capitalize()}{word}{need.peer.label}{ports}",
        f"AWS::EC2::SecurityGroup{direction.capitalize()}",
        {"GroupId": group.ref, **properties},
        component=group.component,
        origins={**origins, **({} if need.said else dict.fromkeys(("FromPort", "ToPort"), "port"))},
        implied=not need.said,
        place=group.place,
    )
