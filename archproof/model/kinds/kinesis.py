"""Amazon Kinesis Data Streams and Amazon Data Firehose."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from archproof.model.base import Component, refers
from archproof.model.kinds._roles import RunsWith

KINDS = {"kinesis_stream": "KinesisStream", "firehose": "Firehose"}


class KinesisStream(Component):
    """A data stream, encrypted, that scales on demand unless it says how many shards it has."""

    kind: Literal["kinesis_stream"]
    cfn: ClassVar[str] = "AWS::Kinesis::Stream"
    service: ClassVar[str] = "kinesis"
    tier: ClassVar[str] = "messaging"

    shards: Annotated[int, Field(ge=1)] | None = None
    """Shards, for a stream of fixed size; on demand when left out."""
    retention_h: Annotated[int, Field(ge=1)] = 24
    """Hours that a record is kept."""
    kms_key: Annotated[str, refers("kms_key")] | None = None
    """The key that encrypts it; Kinesis's own when left out."""
    encrypted: bool = True
    """Whether it is encrypted at rest; `false` must be said."""


class Firehose(Component):
    """A Firehose stream: gathers records and delivers them to a bucket, compressed and encrypted."""

    kind: Literal["firehose"]
    cfn: ClassVar[str] = "AWS::KinesisFirehose::DeliveryStream"
    service: ClassVar[str] = "firehose"
    principal: ClassVar[str] = "firehose.amazonaws.com"
    tier: ClassVar[str] = "messaging"

    to: Annotated[str, refers("s3_bucket", verb="deliver")]
    """The bucket."""
    source: Annotated[str, refers("kinesis_stream", verb="feed", reverse=True)] | None = None
    """The stream it reads; records are put into it directly when left out."""
    transform: Annotated[str, refers("lambda", verb="invoke")] | None = None
    """A function that every batch passes through."""
    buffer_mb: Annotated[int, Field(ge=1)] = 5
    """Megabytes gathered before a delivery."""
    buffer_s: Annotated[int, Field(ge=0)] = 300
    """Seconds gathered before a delivery."""
    compression: Literal["gzip", "snappy", "zip", "none"] = "gzip"
    """How deliveries are compressed."""
    prefix: str | None = None
    """What the keys of deliveries begin with."""
    error_prefix: str = "errors/"
    """What the keys of records begin with that could not be delivered."""
    kms_key: Annotated[str, refers("kms_key")] | None = None
    """The key that encrypts records that were put directly; one of AWS's when left out."""
    log_retention_days: Annotated[int, Field(ge=1)] = 30
    """Days that its error log is kept."""
    role: RunsWith | None = None
    """A role of the model, or a map that says one of its own; left out: one with exactly what it needs."""

    @model_validator(mode="after")
    def _key(self) -> "Firehose":
        if self.kms_key and self.source:
            raise ValueError("with a 'source' the stream's own key encrypts: leave 'kms_key' out")
        return self
