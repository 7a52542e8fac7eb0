"""AWS KMS: keys."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from archproof.model.base import Component

KINDS = {"kms_key": "KmsKey"}


class KmsKey(Component):
    """A key of one's own: rotated every year, usable through IAM, and by the services that its links need.

    The account administers it. Services that act on their own (CloudWatch Logs, EventBridge before an
    encrypted queue) are let in by its policy where the model has them use it.
    """

    kind: Literal["kms_key"]
    cfn: ClassVar[str] = "AWS::KMS::Key"
    service: ClassVar[str] = "kms"
    tier: ClassVar[str] = "operations"
    detail: ClassVar[bool] = True

    rotation: bool = True
    """Whether its material is renewed by itself."""
    rotation_days: Annotated[int, Field(ge=1)] | None = None
    """Days between renewals; a year when left out."""
    usage: Literal["encrypt", "sign", "mac"] = "encrypt"
    """What it is for."""
    spec: str | None = None
    """The key spec, e.g. `RSA_3072` for signing; symmetric when left out."""
    multi_region: bool = False
    """Whether it can be replicated to other regions."""
    pending_days: Annotated[int, Field(ge=1)] | None = None
    """Days that a deletion can be called back; KMS's default, the longest, when left out."""
    alias: str | None = None
    """Its alias, without `alias/`; prefix and id when left out."""
    policy: dict[str, Any] | None = None
    """Its policy document, verbatim, in place of the one made from the links."""
