"""A security group among the components; its rules follow when all components are lowered."""

from __future__ import annotations

from archproof.model.kinds.security_group import SecurityGroupComponent
from archproof.resources.lowering import _groups
from archproof.resources.lowering._context import Lowering
from archproof.resources.lowering._places import vpc_ref

KINDS = ("security_group",)


def lower_security_group(name: str, group: SecurityGroupComponent, ctx: Lowering) -> None:
    """The group itself."""
    ctx.add(
        name,
        "AWS::EC2::SecurityGroup",
        {
            "GroupName": ctx.name(name),
            "GroupDescription": _groups.described(group.description or f"{name} of {ctx.architecture.system.name}"),
            "VpcId": vpc_ref(ctx, group.vpc),
            "Tags": ctx.tags(name),
        },
        origins={"GroupName": "physical_name", "GroupDescription": "description", "VpcId": "vpc"},
    )
    _groups.find(ctx, name)
