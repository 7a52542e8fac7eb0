"""The gate: what is no read never leaves.

Every client of a session passes its requests here twice: when the call is made, with its parameters, and again at the
last moment before the bytes are sent. What is refused raises `RefusedCall`, and nothing is sent.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from archproof import facts
from archproof.errors import ArchproofError

_READS = re.compile(r"(?:Describe|List|Get|BatchGet|BatchDescribe|SearchTransitGateway)[A-Z0-9]")
SIGN_IN = frozenset(
    [
        "sts:AssumeRole",
        "sts:AssumeRoleWithSAML",
        "sts:AssumeRoleWithWebIdentity",
        "sts:GetCallerIdentity",
        "sso:GetRoleCredentials",
        "sso-oidc:CreateToken",
        "signin:CreateOAuth2Token",
    ]
)
"""What signing in itself takes, whoever the credentials are for."""
ROUTINE = frozenset(["ec2:DescribeRegions", "organizations:ListAccounts", "s3:HeadBucket"])
"""What finding the accounts, the regions and the region of a bucket takes."""


class RefusedCall(ArchproofError):
    """A call that is no read, or reads a secret, or was never declared; it was not sent."""

    def __init__(self, title: str, why: str) -> None:
        self.title = title
        self.why = why
        super().__init__(f"{title} was refused before it was sent: {why}")


def verdict(service: str, operation: str, parameters: Mapping[str, Any] | None = None) -> str | None:
    """Return why an operation may not be sent, or None where it may.

    `service` is boto3's name of it. Without `parameters` what is withheld only with some passes.
    """
    title = f"{service}:{operation}"
    if title in SIGN_IN or title in ROUTINE:
        return None
    if not _READS.match(operation):
        return "it is no read"
    said = facts.withheld(service, operation)
    if said is None:
        return None
    if not said.when:
        return said.why
    if parameters is None:
        return None
    wanted = not said.when.startswith("!")
    return said.why if bool(parameters.get(said.when.removeprefix("!"))) is wanted else None


class Gate:
    """The gate of one session: lets reads through, of those only the ones that are declared."""

    def __init__(self, declared: Iterable[str] | None = None) -> None:
        self.declared = None if declared is None else frozenset(declared) | SIGN_IN | ROUTINE
        """The calls (`ec2:DescribeVpcs`) that may be sent; None for every read."""
        self._services: dict[str, str] = {}
        """Services as events call them, and as boto3 does."""

    def guard(self, session: Any) -> None:
        """Stand before everything that the clients of a botocore session send."""
        session.register("before-parameter-build", self.made, "archproof-gate-made")
        session.register("before-send", self.sent, "archproof-gate-sent")

    def made(self, params: Mapping[str, Any], model: Any, **more: Any) -> None:
        """Judge a call when it is made. Raises RefusedCall."""
        service = model.service_model
        self._services[service.service_id.hyphenize()] = service.service_name
        self._judge(service.service_name, model.name, params)

    def sent(self, event_name: str, **more: Any) -> None:
        """Judge a request that is about to be sent, by the name of its event. Raises RefusedCall."""
        id, _, operation = event_name.partition(".")[2].rpartition(".")
        service = self._services.get(id)
        if service is None:
            raise RefusedCall(f"{id}:{operation}", "nobody made this call")
        self._judge(service, operation, None)

    def _judge(self, service: str, operation: str, parameters: Mapping[str, Any] | None) -> None:
        title = f"{service}:{operation}"
        why = verdict(service, operation, parameters)
        if why is None and self.declared is not None and title not in self.declared:
            why = "nothing here declares that it is needed"
        if why is not None:
            raise RefusedCall(title, why)
