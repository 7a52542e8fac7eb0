"""People and systems outside AWS."""

from typing import ClassVar, Literal

from archproof.model.base import Component

KINDS = {"person": "Person", "external_system": "ExternalSystem"}


class Person(Component):
    """Someone who uses the system: a role, not an individual."""

    kind: Literal["person"]
    scope: ClassVar[str] = "outside"
    tier: ClassVar[str] = "client"

    email: str | None = None
    """The address that topics mail to, where they are subscribed."""


class ExternalSystem(Component):
    """A system outside this model: a partner, an on-premises network, another account."""

    kind: Literal["external_system"]
    scope: ClassVar[str] = "outside"
    tier: ClassVar[str] = "client"

    cidr: str | None = None
    """Its addresses, where they are known."""
    url: str | None = None
    """Where it is reached."""
