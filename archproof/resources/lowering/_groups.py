"""Security groups: those of the section, those among the components, and one of its own for who names none."""

from __future__ import annotations

import re
from typing import Any

from archproof.model import network_checks
from archproof.resources.lowering._context import Lowering
from archproof.resources.lowering._places import Group, id_prefix, more, named, own_name, section_adder, state, vpc_ref

_NOT_ALLOWED = re.compile(r"[^A-Za-z0-9 ._\-:/()#,@\[\]+=&;{}!$*]")
_LONGEST_DESCRIPTION = 255


def described(text: str) -> str:
    """`text` in the characters and the length that EC2 takes in a description."""
    return _NOT_ALLOWED.sub("", text.replace("\n", " ").replace("’", "").strip())[:_LONGEST_DESCRIPTION]


def declare(ctx: Lowering) -> None:
    """The groups of the section `network`; their rules follow when all components are lowered."""
    for vpc, place in state(ctx).vpcs.items():
        for name, group in place.network.security_groups.items():
            path = (*place.base, "security_groups", name)
            add = section_adder(ctx, path, id_prefix(place, name), name, group)
            properties = {
                "GroupName": group.physical_name,
                "GroupDescription": described(group.description or f"{name} of {ctx.architecture.system.name}"),
                "VpcId": {"Ref": place.id},
                "Tags": named(ctx, own_name(place, name), name),
            }
            origins = {"GroupName": "physical_name", "GroupDescription": "description"}
            id = add("", "AWS::EC2::SecurityGroup", properties, origins=origins)
            _note(ctx, name, Group(id, name, vpc, path, group.ingress, group.egress, place=name, part=group))
            more(ctx, path, id_prefix(place, name), name, group)


def _note(ctx: Lowering, name: str, group: Group) -> Group:
    state(ctx).groups[name] = group
    state(ctx).all_groups.append(group)
    return group


def find(ctx: Lowering, name: str) -> Group:
    """The group of this name: of the section, or a component (a `security_group`, or a resource as it stands)."""
    if found := state(ctx).groups.get(name):
        return found
    component: Any = ctx.component(name)
    path = ("components", name)
    if component.kind == "security_group":
        rules = component.ingress, component.egress
        return _note(ctx, name, Group(ctx.id(name), name, component.vpc, path, *rules, component=name))
    return _note(ctx, name, Group(ctx.id(name), name, None, path, [], [], component=name, verbatim=True))


def of(ctx: Lowering, name: str, *, make: bool = False) -> list[Group]:
    """The groups of a component.

    With `make`, one of its own is made where it stands in a VPC and names none: never the VPC's default group,
    which everything without a group would share.
    """
    component = ctx.component(name)
    if component.kind == "security_group":
        return [find(ctx, name)]
    placement = component.placement
    if placement is None:
        return []
    if placement.security_groups:
        return [find(ctx, group) for group in placement.security_groups]
    if name in state(ctx).own:
        return [state(ctx).own[name]]
    if not make or ctx.exact or not (placement.subnets or placement.vpc):
        return []
    vpc = vpc_name(ctx, name)
    resource = ctx.add(
        name,
        "AWS::EC2::SecurityGroup",
        {
            "GroupDescription": described(f"{ctx.title(name)} of {ctx.architecture.system.name}"),
            "VpcId": vpc_ref(ctx, vpc),
            "Tags": ctx.tags(name),
        },
        suffix="SecurityGroup",
        origins={"GroupDescription": "title", "VpcId": "in"},
        implied=True,
    )
    group = Group(resource.logical_id, name, vpc, ("components", name), component=name)
    state(ctx).own[name] = group
    state(ctx).all_groups.append(group)
    return [group]


def for_endpoint(ctx: Lowering, id: str, name: str, vpc: str, place: str, path: tuple[str | int, ...]) -> Group:
    """The group of an interface endpoint of the section: whoever calls the service through it may come in."""
    prefix = state(ctx).vpcs[vpc].id
    add = section_adder(ctx, path, id, place)
    properties = {
        "GroupDescription": described(f"Endpoint of {name}"),
        "VpcId": {"Ref": prefix},
        "Tags": named(ctx, own_name(state(ctx).vpcs[vpc]), name.replace(".", "-"), "endpoint"),
    }
    made = add("SecurityGroup", "AWS::EC2::SecurityGroup", properties, implied=True)
    group = Group(made, f"{name} endpoint", vpc, path, None, [], place=place)
    state(ctx).all_groups.append(group)
    return group


def reference(ctx: Lowering, group: Group) -> dict[str, Any]:
    """A group's id, as a resource names it."""
    return group.ref


def vpc_name(ctx: Lowering, name: str) -> str | None:
    """The VPC a component stands in: of its subnets, of its groups, or as it says; None outside a VPC."""
    placement = ctx.component(name).placement
    if placement is None:
        return getattr(ctx.component(name), "vpc", None)
    if placement.vpc:
        return placement.vpc
    for what, places in (("tier", placement.subnets), ("group", placement.security_groups or [])):
        for place in places:
            if vpc := network_checks.vpc_of(ctx.architecture, what, place):
                return vpc
    return None
