"""A request as IAM sees it: who, what, on which resource, and what is known of its context."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal, NamedTuple


class _Missing:
    """What a context says of a key that it has no value for."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return self.name

    def __bool__(self) -> bool:
        return False


ABSENT: Final = _Missing("ABSENT")
"""The request has no such key."""
UNKNOWN: Final = _Missing("UNKNOWN")
"""Nobody can say whether the request has it, or with which value."""

Values = tuple[str, ...]


class Context(NamedTuple):
    """Condition keys and their values. A key that is not named is unknown, unless `complete`."""

    values: Mapping[str, Values] = MappingProxyType({})
    """Values by key in lower case; an empty tuple says that the request has no such key."""
    complete: bool = False
    """Whether every key that the request has is named."""

    def get(self, key: str) -> Values | _Missing:
        """The values of a condition key (upper and lower case do not count), ABSENT or UNKNOWN."""
        found = self.values.get(key.lower())
        if found is None:
            return ABSENT if self.complete else UNKNOWN
        return found or ABSENT


NOTHING_KNOWN: Final = Context()
"""The context of a call of which nothing is known."""
PrincipalKind = Literal["role", "user", "root", "service", "federated", "anonymous"]


class Principal(NamedTuple):
    """Who asks."""

    kind: PrincipalKind
    arn: str = ""
    """Of a role or a user; of a federated identity its provider; the name of a service (`sqs.amazonaws.com`)."""
    account: str = ""
    """The twelve digits of its account; a hole where they are not known."""
    session: str = ""
    """The ARN of the role's session, where it is known."""


class Request(NamedTuple):
    """One call."""

    principal: Principal
    action: str
    """`sqs:SendMessage`"""
    resource: str
    """The ARN of what it is done to, or `*`."""
    account: str
    """The account of that resource."""
    context: Context = NOTHING_KNOWN
    logical_id: str = ""
    """The resource's logical id where it is one of the system: a name made for another is not its name."""

    @property
    def cross_account(self) -> bool:
        """Whether the caller belongs to another account than the resource."""
        return self.principal.account != self.account
