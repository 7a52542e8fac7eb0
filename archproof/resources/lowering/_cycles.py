"""Circles of references, which CloudFormation refuses: the inline policies of a role leave the role.

A bucket that notifies a function, whose role may read the bucket, is a circle through the role's inline
policy alone. A policy of its own names the role and the bucket, and nothing waits for it.
"""

from __future__ import annotations

from typing import Any

from archproof.resources.circles import strongly_connected
from archproof.resources.lowering._context import Lowering
from archproof.resources.resource import Resource, Resources, referenced


def lower(ctx: Lowering) -> None:
    """Move the inline policies of every role on a circle to an `AWS::IAM::Policy`."""
    roles = [r for r in ctx.resources.of_type("AWS::IAM::Role") if r.properties.get("Policies")]
    on_circle = circles(ctx.resources, [role.logical_id for role in roles])
    for role in roles:
        members = on_circle.get(role.logical_id)
        policies = role.properties.get("Policies")
        if not members or not isinstance(policies, list) or not role.component:
            continue
        if not any(target in members for target, _ in referenced(policies)):
            continue
        del role.properties["Policies"]
        for position, policy in enumerate(policies):
            _policy(ctx, role, policy, position)


def _policy(ctx: Lowering, role: Resource, policy: dict[str, Any], position: int) -> None:
    assert role.component is not None
    own = role.logical_id == ctx.id(role.component)
    suffix = ("Policy" if own else "RolePolicy") + (str(position + 1) if position else "")
    properties = {**policy, "Roles": [{"Ref": role.logical_id}]}
    ctx.add(role.component, "AWS::IAM::Policy", properties, suffix=suffix, implied=role.implied)


def circles(resources: Resources, starts: list[str]) -> dict[str, set[str]]:
    """Return, for every resource on a circle of references that is reached from `starts`, all that are on
    the same circles (Tarjan). Only what is reached is looked at."""
    following = _Following(resources)
    found: dict[str, set[str]] = {}
    for members in strongly_connected(starts, following.__getitem__):
        if len(members) > 1 or members[0] in following[members[0]]:  # one alone is no circle
            circle = set(members)
            found |= dict.fromkeys(members, circle)
    return found


class _Following(dict[str, list[str]]):
    """The resources that must exist before each, read when they are asked for."""

    def __init__(self, resources: Resources) -> None:
        super().__init__()
        self._resources = resources

    def __missing__(self, logical_id: str) -> list[str]:
        resource = self._resources[logical_id]
        named = [target for target, _ in referenced(resource.properties)]
        after = resource.attributes.get("DependsOn", [])
        named += [after] if isinstance(after, str) else after
        self[logical_id] = list(dict.fromkeys(n for n in named if n in self._resources))
        return self[logical_id]
