"""The organization of an account as a source gives it beside the resources: whom it limits, and by which policies."""

from __future__ import annotations

from dataclasses import dataclass, field

from archproof.resources.resource import Resource

POLICY = "AWS::Organizations::Policy"
SERVICE_CONTROL = "SERVICE_CONTROL_POLICY"
RESOURCE_CONTROL = "RESOURCE_CONTROL_POLICY"
FULL_ACCESS = {SERVICE_CONTROL: "FullAWSAccess", RESOURCE_CONTROL: "RCPFullAWSAccess"}
"""What AWS attaches to every root, unit and account from the start."""


@dataclass(slots=True)
class Organization:
    """What is given. Its policies are written as `AWS::Organizations::Policy`, and are no resources of the system."""

    id: str | None = None
    management_account: str | None = None
    controls: dict[str, dict[str, list[Resource]]] = field(default_factory=dict)
    """Policies by type and by level, from the root down to the account."""
