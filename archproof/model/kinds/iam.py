"""AWS IAM: roles and policies beside those that links imply."""

import re
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, model_validator

from archproof.model.base import Component, OneOrMany, Part, Verbatim, refers
from archproof.model.kinds._roles import ManagedPolicy
from archproof.model.kinds._words import Statement, Words

KINDS = {"iam_role": "IamRole", "iam_policy": "IamPolicy"}


class Trust(Part):
    """Who may assume a role: exactly one of its fields, with conditions beside it."""

    service: str | list[str] | None = None
    """An AWS service (`ec2.amazonaws.com`), or several; `${…}` in it is that of `Fn::Sub`."""
    account: str | None = None
    """An AWS account: twelve digits."""
    external_id: str | None = None
    """For an account of somebody else: the id that it must show."""
    arn: str | None = None
    """A role or user of another account, by its ARN."""
    identity_pool: Annotated[str, refers("cognito_identity_pool", "iam_role", "lambda")] | None = None
    """An identity pool, for its signed-in users; a role, or a function with its own."""
    guests: bool = False
    """For an identity pool: whether the role is for those who did not sign in."""
    oidc_provider: str | None = None
    """An OpenID Connect provider, by its host: `token.actions.githubusercontent.com`."""
    subjects: Annotated[list[str], OneOrMany()] = []
    """For an OpenID Connect provider: the subjects it must name (`repo:owner/name:ref:refs/heads/main`)."""
    audience: str = "sts.amazonaws.com"
    """For an OpenID Connect provider: whom its tokens must be meant for."""
    when: Verbatim = {}
    """More conditions, in IAM's words."""
    verbatim: Verbatim | None = None
    """A statement in IAM's own words, for what the fields above cannot say."""

    @model_validator(mode="after")
    def _one(self) -> "Trust":
        given = (self.service, self.account, self.arn, self.identity_pool, self.oidc_provider, self.verbatim)
        if sum(x is not None for x in given) != 1:
            raise ValueError("exactly one of service, account, arn, identity_pool, oidc_provider, verbatim")
        if self.oidc_provider and not self.subjects:
            raise ValueError("an OpenID Connect provider needs 'subjects': else anyone it knows may assume the role")
        return self


def _principal(word: str) -> dict[str, Any]:
    if re.fullmatch(r"[0-9]{12}", word):
        return {"account": word}
    if word.startswith("arn:"):
        return {"arn": word}
    return {"service": word} if "." in word else {"identity_pool": word}


class IamRole(Component):
    """An IAM role. With no policies of its own it holds exactly what its links need."""

    kind: Literal["iam_role"]
    cfn: ClassVar[str] = "AWS::IAM::Role"
    service: ClassVar[str] = "iam"
    scope: ClassVar[str] = "global"
    tier: ClassVar[str] = "identity"
    detail: ClassVar[bool] = True

    trust: Annotated[list[Annotated[Trust, Words(_principal)]], OneOrMany(), Field(min_length=1)]
    """Who may assume it: a service (`ec2.amazonaws.com`), an account, an ARN, an identity pool, or maps."""
    policies: dict[str, Annotated[list[Statement], OneOrMany()]] = {}
    """Statements by policy name; left out: what the links need. `${…}` in a name is that of `Fn::Sub`."""
    managed: Annotated[list[ManagedPolicy], OneOrMany()] = []
    """Managed policies: AWS's by name (`ReadOnlyAccess`), the model's by id, any by ARN."""
    permissions_boundary: ManagedPolicy | None = None
    """A managed policy that it can never exceed."""
    max_session_h: Annotated[int, Field(ge=1)] = 1
    """The longest session, in hours."""
    path: str = "/"
    """Its path in the account."""


class IamPolicy(Component):
    """A managed policy of the account."""

    kind: Literal["iam_policy"]
    cfn: ClassVar[str] = "AWS::IAM::ManagedPolicy"
    service: ClassVar[str] = "iam"
    scope: ClassVar[str] = "global"
    tier: ClassVar[str] = "identity"
    detail: ClassVar[bool] = True

    statements: Annotated[list[Statement], OneOrMany(), Field(min_length=1)]
    """What it allows and denies."""
    roles: Annotated[list[Annotated[str, refers("iam_role")]], OneOrMany()] = []
    """Roles that it is attached to."""
    path: str = "/"
    """Its path in the account."""
