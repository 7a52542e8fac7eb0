"""The section `organization`: the policies of AWS Organizations that limit the account, and who is outside of them."""

import re
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from archproof.model.base import OneOrMany, Part, Verbatim
from archproof.model.kinds._words import Words
from archproof.model.system import Account

FULL_ACCESS = "FullAWSAccess"


def _control(word: str) -> dict[str, Any]:
    """What one word means: a policy of AWS's own, or a file."""
    return {"aws": word} if re.fullmatch(r"(RCP)?FullAWSAccess", word) else {"file": word}


class Control(Part):
    """A policy of an organization: a file, AWS's own `FullAWSAccess`, or one statement."""

    file: str | None = None
    """A file with the policy as IAM writes it, relative to the folder of the model."""
    aws: Literal["FullAWSAccess", "RCPFullAWSAccess"] | None = None
    """A policy of AWS's own."""
    allow: Annotated[list[str], OneOrMany()] = []
    """Actions that it allows: all others are then denied on this level."""
    deny: Annotated[list[str], OneOrMany()] = []
    """Actions that it denies."""
    deny_all_but: Annotated[list[str], OneOrMany()] = []
    """Actions that it leaves alone: it denies all others."""
    on: Annotated[list[str], OneOrMany()] = ["*"]
    """What it is about: ARNs, or `*`."""
    when: Verbatim = {}
    """Conditions, in IAM's words: `{StringNotEquals: {aws:RequestedRegion: eu-west-1}}`."""
    sid: str | None = None
    """Its name in messages."""

    @model_validator(mode="after")
    def _one(self) -> "Control":
        said = [k for k in ("file", "aws", "allow", "deny", "deny_all_but") if getattr(self, k)]
        if len(said) != 1:
            raise ValueError("a policy is exactly one of file, aws, allow, deny, deny_all_but")
        if said[0] in ("file", "aws") and self.model_fields_set - {said[0]}:
            raise ValueError(f"a policy by '{said[0]}' says nothing beside it")
        return self


Level = Annotated[list[Annotated[Control, Words(_control)]], OneOrMany()]


class Organization(Part):
    """The organization that the account belongs to, as far as its policies limit what is permitted there.

    Nothing is made of it: its policies belong to whoever runs the organization.
    """

    id: Annotated[str, Field(pattern=r"^o-[a-z0-9]{10,32}$")] | None = None
    """Its id (`o-…`), which conditions on `aws:PrincipalOrgID` ask for."""
    management_account: Account | None = None
    """The account that runs it, which no policy of it limits: twelve digits, in quotes."""
    service_controls: dict[str, Level] = {}
    """Service control policies by level, from the root down to the account: each level must allow. A level that
    only denies keeps AWS's `FullAWSAccess`."""
    resource_controls: dict[str, Level] = {}
    """Resource control policies by level. They only deny."""

    @model_validator(mode="after")
    def _denies(self) -> "Organization":
        for level, policies in self.resource_controls.items():
            if any(p.allow or p.aws == FULL_ACCESS for p in policies):
                raise ValueError(f"'{level[:60]}': a resource control policy only denies")
        return self
