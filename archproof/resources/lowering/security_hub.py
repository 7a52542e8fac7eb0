"""AWS Security Hub: the hub and its standards."""

from __future__ import annotations

from archproof.facts import managed_id
from archproof.model.kinds.security_hub import SecurityHub
from archproof.resources.lowering._context import Lowering, logical_id

KINDS = ("security_hub",)


def lower_security_hub(name: str, hub: SecurityHub, ctx: Lowering) -> None:
    """The hub, then each standard: they are asked for one by one, and the default ones are not."""
    ctx.add(
        name,
        "AWS::SecurityHub::Hub",
        {
            "EnableDefaultStandards": False,
            "AutoEnableControls": hub.new_controls,
            "ControlFindingGenerator": "SECURITY_CONTROL" if hub.consolidated else "STANDARD_CONTROL",
            "Tags": {tag["Key"]: tag["Value"] for tag in ctx.tags(name)},
        },
        origins={"AutoEnableControls": "new_controls", "ControlFindingGenerator": "consolidated"},
    )
    after = [ctx.id(name)]
    for position, standard in enumerate(hub.standards):
        path = managed_id("securityhub", "standard", standard)
        suffix = logical_id(standard)
        ctx.add(
            name,
            "AWS::SecurityHub::Standard",
            {"StandardsArn": {"Fn::Sub": f"arn:${{AWS::Partition}}:securityhub:${{AWS::Region}}::{path}"}},
            suffix=suffix,
            origins={"StandardsArn": ("standards", position)},
            attributes={"DependsOn": after},
        )
        after = [ctx.id(name, suffix)]  # the service takes one change at a time
