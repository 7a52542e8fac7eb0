"""The file of an estate: which accounts and regions there are, how each is read, and which model each has."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field

from archproof.errors import InputError, Problem
from archproof.model.base import Part
from archproof.model.document import Document, parse_file
from archproof.model.validation import validate
from archproof.suggest import did_you_mean

ACCOUNT = r"^[0-9]{12}$"
REGION = r"^[a-z]{2}(-[a-z]+){1,2}-[0-9]$"
Region = Annotated[str, Field(pattern=REGION)]
NAME = r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$"


class ModelEntry(Part):
    """A model that accounts are compared with."""

    file: str
    """The model, or any other source, beside this file."""
    env: str | None = None
    """The environment whose values are laid over it."""


class Access(Part):
    """How an account is read; what an account does not say itself is taken from `defaults`."""

    profile: str | None = None
    """A profile of the AWS configuration."""
    assume_role: str | None = None
    """The ARN of a role to assume, or its name, which is then a role of the account itself."""
    external_id: str | None = None
    """The external id that the role asks for."""
    regions: list[Region] | None = None
    """The regions to read."""
    model: str | None = None
    """The model (of `models`) that it is compared with; without one it is only checked."""


class AccountEntry(Access):
    """One account."""

    id: Annotated[str, Field(pattern=ACCOUNT)]
    """Its number."""
    name: str | None = None
    """What people call it."""
    live: str | None = None
    """A snapshot of the account beside this file, which is read in place of AWS; `{account}` and `{region}` stand for
    its own."""


class OrganizationEntry(Access):
    """Every active account of the organization that the caller is in, but those that `accounts` names itself."""

    skip: list[Annotated[str, Field(pattern=ACCOUNT)]] = Field(default_factory=list)
    """Accounts to leave out."""


class Estate(Part):
    """All accounts."""

    estate: Literal[1]
    """The version of this form."""
    name: str = "estate"
    """What reports call it."""
    models: dict[Annotated[str, Field(pattern=NAME)], ModelEntry] = Field(default_factory=dict)
    """Models by name."""
    defaults: Access = Field(default_factory=Access)
    """What accounts have that say nothing else."""
    accounts: list[AccountEntry] = Field(default_factory=list)
    """The accounts."""
    organization: OrganizationEntry | None = None
    """Accounts that AWS Organizations lists."""


def read(path: str | Path) -> Estate:
    """Read the file of an estate. Raises InputError with all that is wrong with it."""
    shown = str(path)
    parsed, text = parse_file(Path(path), shown)
    document = Document(shown, parsed.value, parsed.mark, list(parsed.problems), sources={shown: text})
    if not isinstance(parsed.value, dict) or "estate" not in parsed.value:
        message = "no estate: expected a map that begins with 'estate: 1'"
        raise InputError([*parsed.problems, Problem(parsed.mark.at(), message)])
    estate = validate(Estate, parsed.value, (), document)
    if estate is not None:
        _cross_check(estate, document, os.path.dirname(shown))
    if document.problems or estate is None:
        raise InputError(document.problems)
    return estate


def _cross_check(estate: Estate, document: Document, folder: str) -> None:
    """Note what only shows across the parts: models and files that are not there, accounts twice, no region."""
    for name, model in estate.models.items():
        if not os.path.exists(os.path.join(folder, model.file)):
            document.problem(("models", name, "file"), f"no such file: '{model.file}'", at="value")
    parts: list[tuple[tuple[Any, ...], Access]] = [(("defaults",), estate.defaults)]
    parts += [(("accounts", n), account) for n, account in enumerate(estate.accounts)]
    if estate.organization is not None:
        parts.append((("organization",), estate.organization))
    for path, part in parts:
        if part.model is not None and part.model not in estate.models:
            near = did_you_mean(part.model, list(estate.models))
            document.problem((*path, "model"), f"no model is called '{part.model[:60]}'{near}", at="value")
        if path != ("defaults",) and not (part.regions or estate.defaults.regions):
            document.problem(path, "no regions: say them here or in 'defaults'")
    _accounts(estate, document, folder)


def _accounts(estate: Estate, document: Document, folder: str) -> None:
    seen: dict[str, int] = {}
    for number, account in enumerate(estate.accounts):
        if account.id in seen:
            place = document.locate(("accounts", seen[account.id], "id"))
            document.problem(("accounts", number, "id"), f"account {account.id} stands here twice; first at {place}")
        seen.setdefault(account.id, number)
        live = (account.live or "").replace("{account}", account.id)
        if live and "{region}" not in live and not os.path.exists(os.path.join(folder, live)):
            document.problem(("accounts", number, "live"), f"nothing there: '{live}'", at="value")
    if not estate.accounts and estate.organization is None:
        document.problem((), "no accounts: name some in 'accounts', or have them listed by 'organization'")
