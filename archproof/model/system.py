"""The section `system`: what the whole is, where it runs, and what its environments change."""

from typing import Annotated, Any

from pydantic import Field

from archproof.model.base import Part

Account = Annotated[str, Field(pattern=r"^[0-9]{12}$")]
Region = Annotated[str, Field(pattern=r"^[a-z]{2}(-[a-z]+)+-[0-9]$")]


class Environment(Part):
    """One environment: another account, another prefix, some values set differently."""

    account: Account | None = None
    """The AWS account it lives in: twelve digits, in quotes."""
    region: Region | None = None
    """Its region, where it differs from the system's."""
    name_prefix: str | None = None
    """What the physical names of its resources begin with."""
    set: dict[str, Any] = {}
    """Values that differ, by dotted path: `{db.multi_az: true}`."""


class System(Part):
    """What the whole is called, what it is for and where it runs."""

    name: str = "system"
    """A short name, which stack and resource names begin with."""
    exact: bool = False
    """Whether components are exactly what they say: what they leave out is left to AWS, and not filled with the
    defaults of their kind; no log group, policy, tag or rule is made that is not said. An import is exact."""
    title: str | None = None
    """Its name in pictures and documents."""
    summary: str | None = None
    """What it is, in one sentence."""
    purpose: str | None = None
    """What it does for its users, in a sentence or two."""
    owner: str | None = None
    """The team that answers for it."""
    region: Region = "us-east-1"
    """The region of everything that does not say otherwise."""
    account: Account | None = None
    """The account of everything that does not say otherwise."""
    name_prefix: str | None = None
    """What the physical names of its resources begin with; the name when left out."""
    tags: dict[str, str] = {}
    """Tags that every resource carries."""
    requirements: list[str] = []
    """What the system has to do and how well, a sentence each."""
    environments: dict[str, Environment] = {}
    """The places it is deployed to; `--env` chooses one."""
