"""Who acts for a resource: the roles that it holds, or the service of AWS that delivers for it."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from archproof.iam.globs import hole
from archproof.iam.names import Names
from archproof.iam.requests import NOTHING_KNOWN, Context, Principal
from archproof.resources.resource import Resource, Resources

ROLE = "AWS::IAM::Role"
_IDENTITIES = (ROLE, "AWS::IAM::User")
_ON_THE_WAY = (
    "AWS::ECS::TaskDefinition", "AWS::IAM::InstanceProfile", "AWS::EC2::LaunchTemplate",
    "AWS::AutoScaling::LaunchConfiguration", "AWS::KinesisFirehose::DeliveryStream",
)  # fmt: skip
"""Types that hold the role for what names them."""
_OTHERS = ("ExecutionRoleArn", "MonitoringRoleArn", "AutoScalingRole")
"""Properties of roles that AWS acts with, and not the code of the resource."""


class Caller(NamedTuple):
    """Someone who asks."""

    title: str
    who: Resource | Principal
    """A role or user of the resources, or anyone else."""
    context: Context = NOTHING_KNOWN
    """What is known of the calls that it makes."""
    known: bool = True
    """Whether its own policies are among the resources."""


class Delivery(NamedTuple):
    """What a service of AWS itself does for a resource: a row of facts/deliveries.csv."""

    principal: str
    action: str
    source_account: bool
    """Whether the service tells the account that it acts for."""
    properties: tuple[str, ...]
    """The properties of the source that name what it delivers to."""
    through: str
    """The type that names both, or empty."""


@functools.cache
def deliveries() -> dict[tuple[str, str], Delivery]:
    """The rows by the types of source and target."""
    from archproof.facts import rows

    return {
        (r["source_type"], r["target_type"]): Delivery(
            r["principal"], r["action"], r["source_account"] == "yes", tuple(r["properties"].split(";")), r["through"]
        )
        for r in rows("deliveries")
    }


def holders(resources: Resources, named: Iterable[Resource]) -> list[Caller]:
    """The identities that the code of some resources acts with: their roles, each once."""
    found: dict[str, Caller] = {}
    for resource in named:
        for caller in _of(resources, resource, set()):
            found.setdefault(caller.title, caller)
    return list(found.values())


def _of(resources: Resources, resource: Resource, seen: set[str]) -> Iterator[Caller]:
    if resource.logical_id in seen:
        return
    seen.add(resource.logical_id)
    if resource.type in _IDENTITIES:
        yield Caller(resource.title, resource, calling())
        return
    for use in resources.uses(resource):
        target = resources[use.target]
        if target.type == ROLE and _holds(resource, use.path):
            yield Caller(target.title, target, calling())
        elif target.type in _ON_THE_WAY and not resource.type.startswith("AWS::Events::"):
            yield from _of(resources, target, seen)
    if resource.type == "AWS::Lambda::Function" and isinstance(text := resource.get("Role"), str):
        yield _outside(text)


def _holds(resource: Resource, path: tuple[str | int, ...]) -> bool:
    """Whether a property is that of the role which a resource acts with."""
    words = [str(part) for part in path]
    if any(word in _OTHERS for word in words) or "Environment" in words:
        return False
    if resource.type == "AWS::IAM::InstanceProfile":
        return words[0] == "Roles"
    return any("role" in word.lower() or "credentials" in word.lower() for word in words)


def _outside(arn: str) -> Caller:
    """A role that is no resource of the system: nobody here knows its policies."""
    account = arn.split(":")[4] if arn.count(":") >= 5 else hole("account")
    return Caller(arn.rpartition("/")[2], Principal("role", arn, account), calling(), known=False)


@functools.cache
def calling() -> Context:
    """What is known of every call that code makes with a role, through an SDK."""
    absent = (
        "aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid", "aws:calledvia", "aws:username",
        "aws:multifactorauthpresent", "aws:multifactorauthage", "aws:federatedprovider", "aws:principalservicename",
    )  # fmt: skip
    return Context(
        {**dict.fromkeys(absent, ()), "aws:viaawsservice": ("false",), "aws:principaltype": ("AssumedRole",)}
    )


def service(names: Names, source: Resource, delivery: Delivery, source_arn: str | None = None) -> Caller:
    """The service of AWS that delivers for `source`, as the target's policy sees it."""
    account = names.account(source)
    known = {
        "aws:sourcearn": (source_arn or names.arn(source),),
        "aws:principalservicename": (delivery.principal,),
        "aws:viaawsservice": ("false",),
        "aws:sourcevpc": (),
        "aws:sourcevpce": (),
    }
    if delivery.source_account:
        known["aws:sourceaccount"] = (account,)
    if delivery.principal.endswith("cloudwatch.amazonaws.com"):
        known["aws:sourceowner"] = (account,)  # what the policy asks that AWS gives a topic
    return Caller(delivery.principal, Principal("service", delivery.principal), Context(known))
