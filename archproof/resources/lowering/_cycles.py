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
    ctx.resources.changed()  # statements were added to what is there already
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
        ctx.resources.changed()
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
        resources = self._resources
        resource = resources[logical_id]
        # the check asks for these references as well
        named = dict.fromkeys([use.target for use in resources.uses(resource)])
        after = resource.attributes.get("DependsOn", [])
        named.update(dict.fromkeys(n for n in ([after] if isinstance(after, str) else after) if n in resources))
        found = self[logical_id] = list(named)
        return found
