"""AWS Secrets Manager secrets and Systems Manager parameters."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from archproof.model.base import Component, Placement, refers

KINDS = {"secret": "Secret", "ssm_parameter": "SsmParameter"}


class Secret(Component):
    """A secret whose value Secrets Manager makes up: it stands in no file and no template.

    A secret of a database (`for`, or the one that a proxy or the database names) holds user name and
    password and, attached to the database, where it is; `rotation_days` then needs no function of one's own.
    """

    kind: Literal["secret"]
    cfn: ClassVar[str] = "AWS::SecretsManager::Secret"
    service: ClassVar[str] = "secretsmanager"
    tier: ClassVar[str] = "operations"

    for_: Annotated[str, refers("rds", "aurora")] | None = Field(default=None, alias="for")
    """The database whose user it holds; left out: that of the database or the proxy that names it."""
    username: str | None = None
    """The user; for a database's administrator its `master_username`, else `app`."""
    length: Annotated[int, Field(ge=1)] = 32
    """Characters of the password that is made up."""
    exclude_characters: str = "\"@/\\'` "
    """Characters that it has none of; databases reject some."""
    exclude_punctuation: bool = False
    """Whether it is letters and digits only."""
    template: dict[str, Any] = {}
    """What the secret's JSON holds beside the made-up value."""
    generate_key: str | None = None
    """The key of the made-up value in that JSON; `password` for a database."""
    rotation_days: Annotated[int, Field(ge=1)] | None = None
    """Days between rotations; it is not rotated when left out."""
    rotation_function: Annotated[str, refers("lambda", verb="rotate", reverse=True)] | None = None
    """The function that rotates it; for a database, one that AWS provides when left out."""
    in_: Placement | None = Field(default=None, alias="in")
    """Where the rotation function that AWS provides runs; beside the database when left out."""
    kms_key: Annotated[str, refers("kms_key")] | None = None
    """The key that encrypts it; Secrets Manager's own when left out."""
    replicas: list[str] = []
    """Other regions that hold a copy."""
    physical_name: str | None = None
    """Its name in the account."""

    @property
    def stands_in(self) -> Placement | None:
        """Nowhere: `in` places the function that rotates it, and a secret stands in no network."""
        return None


class SsmParameter(Component):
    """A parameter of Systems Manager: configuration in clear text. What must stay hidden is a `secret`."""

    kind: Literal["ssm_parameter"]
    cfn: ClassVar[str] = "AWS::SSM::Parameter"
    service: ClassVar[str] = "ssm"
    tier: ClassVar[str] = "operations"

    value: str | list[str]
    """Its value; a list becomes a StringList."""
    advanced: bool = False
    """Whether it is of the advanced tier (larger values, policies, a price)."""
    allowed_pattern: str | None = None
    """A regular expression that values must match."""
    physical_name: str | None = None
    """Its name in the account, e.g. `/shop/prod/flags`."""
