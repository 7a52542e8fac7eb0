"""The role that a component runs with: one of the model, or one of its own that is exactly what it says."""

import re
from typing import Annotated, Any

from pydantic import Field

from archproof.model.base import OneOrMany, Part, Verbatim, refers
from archproof.model.kinds._words import Statement, Words, is_intrinsic


class Managed(Part):
    """A managed policy."""

    policy: Annotated[str, refers("iam_policy")] | None = None
    """A policy of the model."""
    arn: str | Verbatim | None = None
    """A policy by its ARN; an intrinsic (`!Ref POLICY_ARN`) is one too."""
    aws: str | None = None
    """A policy of AWS, by its path: `service-role/AWSLambdaBasicExecutionRole`."""


def managed_words(word: str | dict[str, Any]) -> dict[str, Any]:
    """What one word means: an ARN, a policy of the model, or one of AWS."""
    if isinstance(word, dict):
        return {"arn": word} if is_intrinsic(word) else word
    if word.startswith("arn:"):
        return {"arn": word}
    return {"policy": word} if re.fullmatch(r"[a-z][a-z0-9_]*", word) else {"aws": word}


ManagedPolicy = Annotated[Managed, Words(managed_words, maps=True)]


class OwnRole(Part):
    """A role of the component's own, for its service alone, that holds exactly what is said here."""

    managed: Annotated[list[ManagedPolicy], OneOrMany()] = []
    """Managed policies: AWS's by name (`ReadOnlyAccess`), the model's by id, any by ARN."""
    policies: dict[str, Annotated[list[Statement], OneOrMany()]] | list[Annotated[list[Statement], OneOrMany()]] = {}
    """Statements by policy name; `${…}` in a name is that of `Fn::Sub`. Policies in a list are called after the role:
    `OrdersRolePolicy0`, `OrdersRolePolicy1`, …"""
    permissions_boundary: ManagedPolicy | None = None
    """A managed policy that it can never exceed."""
    physical_name: str | None = None
    """The name it has in the account."""
    description: str | None = None
    """What it is for."""
    max_session_h: Annotated[int, Field(ge=1)] | None = None
    """The longest session, in hours."""
    path: str | None = None
    """Its path in the account."""


RunsWith = Annotated[str, refers("iam_role")] | OwnRole
