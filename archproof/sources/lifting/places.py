"""Who stands where: every component with interfaces in subnets of the system says `in`."""

from __future__ import annotations

from archproof.model import registry
from archproof.resources.resource import Resource
from archproof.sources.lifting import _standing
from archproof.sources.lifting.drafts import Draft, Lifting

SUBJECT = "places"
ORDER = 35

_SUBNET_GROUPS = {
    "rds": ("DBSubnetGroupName", "AWS::RDS::DBSubnetGroup"),
    "aurora": ("DBSubnetGroupName", "AWS::RDS::DBSubnetGroup"),
    "elasticache": ("CacheSubnetGroupName", "AWS::ElastiCache::SubnetGroup"),
}
"""The property and the type of the subnet group that a kind makes for its own subnets."""


def lift(lifting: Lifting) -> None:
    """Every component that may stand somewhere and does not say where."""
    for drafted in list(lifting.drafts.values()):
        if "in" in drafted.fields or "in" not in registry.keys(drafted.kind):
            continue
        place = _standing.of(lifting, drafted.resource)
        if place is None and drafted.kind == "vpc_endpoint":
            vpc = lifting.named(drafted.resource.get("VpcId"))
            place = {"vpc": vpc.name} if vpc is not None and vpc.kind == "vpc" else None
        if place is None:
            continue
        group = _own_group(lifting, drafted)
        if group is not None:
            lifting.claim(drafted, "SubnetGroup", group)
        # what does not come out is laid over: the place is right all the same
        drafted.say("in", place)


def _own_group(lifting: Lifting, drafted: Draft) -> Resource | None:
    """The subnet group that nothing else uses."""
    property, type = _SUBNET_GROUPS.get(drafted.kind, ("", ""))
    held = lifting.named(drafted.resource.get(property), "") if property else None
    if held is None or held.resource.type != type or len(lifting.users(held.resource)) != 1:
        return None
    if "subnet_group" in drafted.fields:
        drafted.unsay("subnet_group")
    return held.resource
