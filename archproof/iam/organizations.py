"""The policies of AWS Organizations that limit a request: service control policies of its caller, resource control
policies of what it is done to.

Semantics of the Organizations User Guide, "SCP evaluation" and "Resource control policies": they never grant; a deny
on any level ends it, and every level from the root down to the account must allow. They limit neither the
management account nor service-linked roles; resource control policies those services that know them
(facts/resource_controls.csv). They are given with a model, or stand among the resources as
`AWS::Organizations::Policy`; where those do not tell which units the account is in, a policy of a unit limits it
perhaps, and `aws:PrincipalOrgPaths` (`aws:ResourceOrgPaths`) is what it hangs on.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import Any, NamedTuple

from archproof.errors import Location
from archproof.iam.evaluation import Policy
from archproof.iam.names import Names
from archproof.iam.policies import Statement, statements
from archproof.iam.requests import Principal
from archproof.resources.organization import FULL_ACCESS, POLICY, RESOURCE_CONTROL, SERVICE_CONTROL
from archproof.resources.resource import Resource

_ACCOUNT, _UNIT, _WHOLE = "AWS::Organizations::Account", "AWS::Organizations::OrganizationalUnit", \
    "AWS::Organizations::Organization"  # fmt: skip
_ROOT = "root"
_LINKED = ":role/aws-service-role/"
_PATHS = {SERVICE_CONTROL: "aws:PrincipalOrgPaths", RESOURCE_CONTROL: "aws:ResourceOrgPaths"}


@functools.cache
def _limited() -> frozenset[str]:
    """The services that know resource control policies, by the prefix of their actions."""
    from archproof.facts import rows

    return frozenset(row["service"] for row in rows("resource_controls"))


class _Attachment(NamedTuple):
    """A policy among the resources, and what it is attached to."""

    policy: Resource
    targets: frozenset[str]
    """Logical and physical ids of units and accounts, and `root`."""
    known: bool
    """Whether these are all."""


class Controls:
    """The policies of the organization in one set of resources."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self.resources = names.resources
        self.given = self.resources.organization
        self._held: dict[tuple[str, str], list[list[Policy]]] = {}

    @functools.cached_property
    def any(self) -> bool:
        """Whether there are policies of an organization at all."""
        return self.given is not None or bool(self.resources.of_type(POLICY))

    @property
    def id(self) -> str | None:
        """The id of the organization that the account of the resources belongs to."""
        return self.given.id if self.given is not None else None

    def of_caller(self, principal: Principal) -> list[list[Policy]]:
        """The service control policies that limit a caller, by level; nothing where none does."""
        if not self.any or principal.kind not in ("role", "user", "root") or _LINKED in principal.arn:
            return []
        return self._levels(SERVICE_CONTROL, principal.account)

    def of_resource(self, principal: Principal, action: str, account: str) -> list[list[Policy]]:
        """The resource control policies that limit an action on what belongs to an account, by level."""
        if not self.any or action.partition(":")[0].lower() not in _limited() or _LINKED in principal.arn:
            return []
        return self._levels(RESOURCE_CONTROL, account)

    # -- levels

    def _levels(self, type: str, account: str) -> list[list[Policy]]:
        key = (type, account)
        if key not in self._held:
            manages = self.given is not None and self.given.management_account == account
            self._held[key] = [] if manages else [*self._given(type, account), *self._found(type, account)]
        return self._held[key]

    def _given(self, type: str, account: str) -> Iterator[list[Policy]]:
        """The levels that the model gives, for the account of the model."""
        if self.given is None or account != self.names.account():
            return
        for policies in self.given.controls.get(type, {}).values():
            found: list[Policy] = [self._statements(p) for p in policies]
            if not any(s.effect == "Allow" for policy in found for s in policy):
                found.append(_everything(policies[0].location()))
            yield found

    def _statements(self, policy: Resource) -> list[Statement]:
        return list(statements(policy.get("Content"), lambda *p: policy.location("Content", *p), self.names.text))

    # -- policies among the resources

    def _found(self, type: str, account: str) -> Iterator[list[Policy]]:
        """The levels above an account, as far as the resources tell them."""
        attached = [a for a in self._attachments if a.policy.get("Type") == type]
        if not attached or self._manages(account):
            return
        chain, whole = self._chain(account)
        above = {name for node in chain for name in node}
        for node in chain:
            here = [a.policy for a in attached if a.targets & node]
            if here:
                yield self._level(type, here, whole or account in node)
        for attachment in attached:
            elsewhere = not whole and any(self._may_hold(t) for t in attachment.targets - above)
            if elsewhere or not attachment.known:
                yield self._level(type, [attachment.policy], False)

    def _level(self, type: str, policies: list[Resource], sure: bool) -> list[Policy]:
        """One level; `sure`: whether the account is known to be below it."""
        found: list[Policy] = [self._statements(p) for p in policies]
        everything = _everything(policies[0].location())
        if not any(a.policy.get("Name") == FULL_ACCESS[type] and a.targets for a in self._attachments):
            found.append(everything)  # AWS attaches it, and nothing says that it was taken away
        if sure:
            return found
        key = _PATHS[type]
        unsure = [[s if s.effect == "Allow" else _perhaps(s, key) for s in policy] for policy in found]
        return [*unsure, [_perhaps(s, key) for s in everything]]

    def _may_hold(self, target: str) -> bool:
        """Whether a target may be above an account that nobody places: a unit, and no other account."""
        resource = self.resources.all.get(target)
        return (resource is not None and resource.type == _UNIT) or target.startswith("ou-") or target == _ROOT

    @functools.cached_property
    def _attachments(self) -> list[_Attachment]:
        return [self._attachment(p) for p in self.resources.of_type(POLICY)]

    def _attachment(self, policy: Resource) -> _Attachment:
        said = policy.get("TargetIds", default=[])
        names: set[str] = set()
        # a snapshot tells targets one policy at a time: what it does not tell is unknown, and not none
        known = isinstance(said, list) and (bool(said) or self.resources.lists is None)
        for value in said if isinstance(said, list) else [said]:
            found = self._node(value)
            known = known and bool(found)
            names |= found
        return _Attachment(policy, frozenset(names), known)

    def _node(self, value: Any) -> set[str]:
        """The names of a root, a unit or an account; nothing where it is not known."""
        if isinstance(value, str):
            return {_ROOT} if value.startswith("r-") else {value, *self._same(value)}
        target = self.resources.target(value)
        if target is None:
            return set()
        if target.type == _WHOLE:
            return {_ROOT}
        return {target.logical_id, *([target.physical_id] if target.physical_id else [])}

    def _same(self, id: str) -> set[str]:
        """The logical ids of the units and accounts that have an id."""
        return {
            r.logical_id for r in self.resources.of_type(_ACCOUNT, _UNIT)
            if id in (r.physical_id, r.get("AccountId"), r.attributes.get("AccountId"))
        }  # fmt: skip

    def _chain(self, account: str) -> tuple[list[set[str]], bool]:
        """The names from the root down to an account, and whether these are all levels."""
        chain = [{account, *self._same(account)}]
        held = next((self.resources[n] for n in chain[0] if n in self.resources), None)
        seen: set[str] = set()
        while held is not None and held.logical_id not in seen:
            seen.add(held.logical_id)
            said = held.get("ParentId", default=held.get("ParentIds"))
            names = self._node(said[0] if isinstance(said, list) and said else said)
            if not names:
                return [{_ROOT}, *chain], False
            chain.insert(0, names)
            if _ROOT in names:
                return chain, True
            held = next((self.resources[n] for n in sorted(names) if n in self.resources), None)
        return [{_ROOT}, *chain], False

    def _manages(self, account: str) -> bool:
        wholes = self.resources.of_type(_WHOLE)
        return any(account in (w.get("ManagementAccountId"), w.attributes.get("ManagementAccountId")) for w in wholes)


def _everything(place: Location) -> list[Statement]:
    return [Statement("Allow", ("*",), location=place)]


def _perhaps(statement: Statement, key: str) -> Statement:
    """A statement that holds only where the account is below what its policy is attached to."""
    held = statement.condition if isinstance(statement.condition, dict) else {}
    operator = "ForAnyValue:StringLike"
    if statement.condition is not None and not isinstance(statement.condition, dict):
        return statement  # nobody can read it anyway
    tests = {**(held.get(operator) or {}), key: ["*"]}
    return statement._replace(condition={**held, operator: tests})
