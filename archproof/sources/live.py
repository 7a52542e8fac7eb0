"""What was read of one or more accounts: the resources as they are, and exactly how much of them was seen.

A live account and a snapshot of one (a folder of AWS's answers) both end here. Nothing is bound: values are the
literals that AWS returned. What was not read is told, so that nothing is ever called missing, deleted or in sync that
nobody saw.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from archproof.resources.resource import Resource, Resources


class Unread(NamedTuple):
    """Something that could not be read, and why."""

    why: str
    """A sentence for people: what AWS said, or what the reader lacks."""
    code: str
    """One of `denied`, `throttled`, `expired`, `unreachable`, `unavailable` (the service is not in the region),
    `partial` (a page failed), `vanished`, `malformed`, `unsupported` (nothing here reads it)."""
    account: str | None = None
    region: str | None = None
    operation: str | None = None
    """The call, as `service:Operation`."""
    types: tuple[str, ...] = ()
    """The CloudFormation types of which something may be unread."""
    id: str | None = None
    """The physical id of the one resource that it is about; None where it is a whole list."""
    properties: tuple[str, ...] = ()
    """The properties of that resource, or of all of these types, which are unread; empty for all of it."""

    def as_dict(self) -> dict[str, Any]:
        """The shape of the JSON contract."""
        return {k: list(v) if isinstance(v, tuple) else v for k, v in self._asdict().items()}


@dataclass(slots=True)
class Live:
    """The resources of the accounts and regions that were read."""

    resources: Resources
    attributes: dict[str, dict[str, str]] = field(default_factory=dict)
    """By live logical id: what `Fn::GetAtt` returns for an attribute, and under the empty name what `Ref` does."""
    looked: dict[str, frozenset[str]] = field(default_factory=dict)
    """By live logical id: the top-level properties that were looked for, whether or not AWS had them."""
    listed: set[tuple[str | None, str | None, str]] = field(default_factory=set)
    """(account, region, type): every resource of the type was listed there, so one that is not here does not exist.

    The region of a global service, and what a snapshot does not tell, is None, which stands for any.
    """
    stack_of: dict[str, tuple[str, str]] = field(default_factory=dict)
    """By live logical id: the CloudFormation stack that made it, by name, and the logical id that it has there, as the
    tags `aws:cloudformation:stack-name` and `…:logical-id` or the list of the stack's resources say."""
    stack_ids: dict[str, list[str]] = field(default_factory=dict)
    """By the name of a stack: the ARNs of those that are called so, a region each."""
    unread: list[Unread] = field(default_factory=list)
    calls: int = 0
    """The requests that were sent; 0 for a snapshot."""

    def was_listed(self, account: str | None, region: str | None, type: str) -> bool:
        """Say whether all resources of a type were listed in a place; None stands for any."""
        return any((a, r, type) in self.listed for a in {account, None} for r in {region, None})

    def saw(self, resource: Resource, property: str) -> bool:
        """Say whether a top-level property of a live resource was looked for, so that its absence says something."""
        return property in resource.properties or property in self.looked.get(resource.logical_id, ())
