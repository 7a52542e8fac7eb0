"""Amazon ECR: repositories of container images."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from archproof.model.base import Component, refers

KINDS = {"ecr_repository": "EcrRepository"}


class EcrRepository(Component):
    """A repository of images: scanned when they are pushed, tags that never move, encrypted."""

    kind: Literal["ecr_repository"]
    cfn: ClassVar[str] = "AWS::ECR::Repository"
    service: ClassVar[str] = "ecr"
    tier: ClassVar[str] = "compute"

    scan_on_push: bool = True
    """Whether images are scanned for known weaknesses when they are pushed; `false` must be said."""
    immutable_tags: bool = True
    """Whether a tag, once given, stays with its image; `false` must be said."""
    kms_key: Annotated[str, refers("kms_key")] | None = None
    """The key that encrypts it; ECR's own when left out."""
    untagged_days: Annotated[int, Field(ge=1)] | None = 14
    """Days after which images without a tag are deleted; `null` keeps them."""
    keep_images: Annotated[int, Field(ge=1)] | None = None
    """How many images are kept, newest first; all when left out."""
    policy: dict[str, Any] | None = None
    """Its repository policy, verbatim: who outside this account may pull."""
    physical_name: str | None = None
    """Its name in the account."""
