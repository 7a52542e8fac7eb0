"""Amazon VPC: a security group on its own, beside those of the section `network`."""

from typing import Annotated, ClassVar, Literal

from archproof.model.base import Component, refers
from archproof.model.network import GroupRule

KINDS = {"security_group": "SecurityGroupComponent"}


class SecurityGroupComponent(Component):
    """A security group. With no rules of its own it gets exactly those that the links need.

    `description` is what EC2 shows for it, and cannot be changed later without replacing the group.
    """

    kind: Literal["security_group"]
    cfn: ClassVar[str] = "AWS::EC2::SecurityGroup"
    service: ClassVar[str] = "vpc"
    tier: ClassVar[str] = "network"

    vpc: Annotated[str, refers("vpc")] | None = None
    """Its VPC; the account's default one when left out (or that of `properties`)."""
    ingress: list[GroupRule] | None = None
    """What may come in; left out: what the links need."""
    egress: list[GroupRule] | None = None
    """What may go out; left out: what the links need."""
