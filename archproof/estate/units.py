"""The units of an estate: one account in one region, with all that a worker anywhere needs to do it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from archproof import facts
from archproof.errors import UsageError
from archproof.estate.file import Access, AccountEntry, Estate

if TYPE_CHECKING:
    from archproof.sources.aws.sessions import Member


class Unit(NamedTuple):
    """One account in one region. Plain data: it travels to other processes and machines."""

    account: str
    region: str
    name: str | None = None
    """What people call the account."""
    model: str | None = None
    """The name of the model that it is compared with."""
    profile: str | None = None
    assume_role: str | None = None
    """The ARN of the role to assume."""
    external_id: str | None = None
    live: str | None = None
    """The snapshot that is read in place of AWS, as an absolute path."""
    home: bool = True
    """Whether this unit answers for the services that are the same in every region."""

    @property
    def key(self) -> str:
        """What tells it from all others."""
        return f"{self.account}/{self.region}"


@dataclass(slots=True)
class Outcome:
    """What came of one unit: all plain data."""

    account: str
    region: str
    name: str | None = None
    model: str | None = None
    status: str = "ok"
    """`ok`; `partial` where something was not read; `failed` where nothing came of it."""
    error: str | None = None
    """Why it failed."""
    findings: list[dict[str, Any]] = field(default_factory=list)
    differences: list[dict[str, Any]] = field(default_factory=list)
    missing: list[dict[str, Any]] = field(default_factory=list)
    unmanaged: list[dict[str, Any]] = field(default_factory=list)
    unread: list[dict[str, Any]] = field(default_factory=list)
    unknown: list[dict[str, Any]] = field(default_factory=list)
    resources: int = 0
    """How many live resources were looked at."""
    calls: int = 0
    seconds: float = 0.0

    @property
    def key(self) -> str:
        """The key of its unit."""
        return f"{self.account}/{self.region}"


def units(estate: Estate, folder: str, listed: Iterable[Member] = ()) -> list[Unit]:
    """Every unit, in the order of the file; `listed` are the accounts of the organization.

    `folder` is that of the file. Raises UsageError where a role is named and not said in full for a profile.
    """
    found: list[Unit] = []
    for account in estate.accounts:
        found += _of(account.id, account.name, account, estate.defaults, folder, account)
    named = {account.id for account in estate.accounts}
    organization = estate.organization
    if organization is not None:
        for member in sorted(listed):
            if member.id not in named and member.id not in organization.skip:
                units = _of(member.id, member.name, organization, estate.defaults, folder, None)
                # the account that lists them has no role of its own to assume
                found += [u._replace(assume_role=None) if member.own else u for u in units]
    return found


def _of(
    id: str, name: str | None, access: Access, defaults: Access, folder: str, entry: AccountEntry | None
) -> list[Unit]:
    def said(field: str) -> Any:
        own = getattr(access, field)
        return getattr(defaults, field) if own is None else own

    role = said("assume_role")
    named = role is not None and not role.startswith("arn:")
    if named and ("/" in role[:1] or ":" in role):
        raise UsageError(f"assume_role is an ARN or the name of a role; found '{role[:80]}'")
    live = entry.live if entry is not None else None
    units = []
    for number, region in enumerate(said("regions") or []):
        snapshot = (
            os.path.abspath(os.path.join(folder, live.replace("{account}", id).replace("{region}", region)))
            if live
            else None
        )
        whole = f"arn:{facts.partition_of(region)}:iam::{id}:role/{role}" if named else role
        units.append(
            Unit(
                id, region, name, said("model"), said("profile"), whole, said("external_id"), snapshot, home=number == 0
            )
        )
    return units


def chosen(units: list[Unit], accounts: Iterable[str], regions: Iterable[str]) -> list[Unit]:
    """The units of these accounts and regions; of all where none is named. Raises UsageError for one that is not."""
    by: Mapping[str, set[str]] = {"account": {u.account for u in units} | {u.name or "" for u in units} - {""},
                                  "region": {u.region for u in units}}  # fmt: skip
    wanted_accounts, wanted_regions = set(accounts), set(regions)
    for what, wanted in (("account", wanted_accounts), ("region", wanted_regions)):
        for name in sorted(wanted - by[what]):
            raise UsageError(f"the estate has no {what} '{name[:60]}'")
    return [
        u
        for u in units
        if (not wanted_accounts or {u.account, u.name} & wanted_accounts)
        and (not wanted_regions or u.region in wanted_regions)
    ]
