"""Amazon S3: buckets."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from archproof.model.base import Component, OneOrMany, Part, Shorthand, refers

KINDS = {"s3_bucket": "S3Bucket"}

StorageClass = Literal[
    "STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "GLACIER_IR", "GLACIER", "DEEP_ARCHIVE"
]  # fmt: skip


class Transition(Part):
    """A move to a cheaper storage class."""

    days: Annotated[int, Field(ge=0)]
    """Days after which objects move."""
    to: StorageClass
    """The storage class."""


class LifecycleRule(Part):
    """What happens to objects with time."""

    prefix: str = ""
    """The keys it is about; all when left out."""
    expire_days: Annotated[int, Field(ge=1)] | None = None
    """Days after which objects are deleted."""
    transitions: Annotated[list[Transition], OneOrMany()] = []
    """Moves to cheaper storage classes."""
    old_versions_days: Annotated[int, Field(ge=1)] | None = None
    """Days after which versions that were replaced are deleted."""


class CorsRule(Part):
    """Which web pages may use the bucket from a browser (presigned uploads and downloads)."""

    origins: Annotated[list[str], OneOrMany(), Field(min_length=1)]
    """Origins: `https://app.example.com`."""
    methods: Annotated[list[Literal["GET", "PUT", "POST", "HEAD", "DELETE"]], OneOrMany()] = ["GET", "PUT"]
    """Methods they may use."""
    headers: Annotated[list[str], OneOrMany()] = ["*"]
    """Headers they may send."""
    expose: Annotated[list[str], OneOrMany()] = ["ETag"]
    """Headers they may read."""
    max_age_s: Annotated[int, Field(ge=0)] = 3000
    """Seconds that a browser remembers the answer."""


class ObjectLock(Part):
    """Objects that nobody can change or delete for some time."""

    days: Annotated[int, Field(ge=1)]
    """Days that an object stays locked."""
    mode: Literal["governance", "compliance"] = "governance"
    """`compliance` binds the account's root too."""


class Replication(Part):
    """A copy of every object in another bucket."""

    to: Annotated[str, refers("s3_bucket", verb="replicate", acyclic=True)]
    """The other bucket; it is versioned too."""
    storage_class: StorageClass | None = None
    """The storage class of the copies; the original's when left out."""


class AccessLogs(Part):
    """Server access logs."""

    bucket: Annotated[str, refers("s3_bucket", acyclic=True)]
    """The bucket that holds them."""
    prefix: str | None = None
    """What their keys begin with; the id of the bucket when left out."""


class S3Bucket(Component):
    """A bucket: private, encrypted, versioned, its objects owned by the account, over TLS only."""

    kind: Literal["s3_bucket"]
    cfn: ClassVar[str] = "AWS::S3::Bucket"
    service: ClassVar[str] = "s3"
    tier: ClassVar[str] = "data"

    versioned: bool = True
    """Whether replaced and deleted objects are kept."""
    kms_key: Annotated[str, refers("kms_key")] | None = None
    """The key that encrypts it; S3's own when left out."""
    public: bool = False
    """Whether anyone may read its objects; must be said. Behind CloudFront it need not be."""
    eventbridge: bool = False
    """Whether it tells EventBridge what happens to its objects; rules on them need it."""
    lifecycle: Annotated[list[LifecycleRule], OneOrMany()] = []
    """What happens to objects with time. Parts of broken uploads are removed in any case."""
    incomplete_uploads_days: Annotated[int, Field(ge=1)] = 7
    """Days after which the parts of an upload that was not finished are removed."""
    access_logs: Annotated[AccessLogs, Shorthand("bucket")] | None = None
    """The bucket that its access logs go to."""
    cors: Annotated[list[Annotated[CorsRule, Shorthand("origins", str, list)]], OneOrMany()] = []
    """Web pages that may use it from a browser."""
    object_lock: Annotated[ObjectLock, Shorthand("days", int)] | None = None
    """Days for which objects cannot be deleted."""
    replicate: Annotated[Replication, Shorthand("to")] | None = None
    """Another bucket that gets a copy of every object."""
    retain: bool = True
    """Whether the bucket stays when it is taken out of the model."""

    @model_validator(mode="after")
    def _versions(self) -> "S3Bucket":
        for field in ("object_lock", "replicate"):
            if getattr(self, field) and not self.versioned:
                raise ValueError(f"'{field}' needs 'versioned: true'")
        return self
