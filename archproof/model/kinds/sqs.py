"""Amazon SQS: queues."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from archproof.model.base import Component, Part, Shorthand, refers

KINDS = {"sqs_queue": "SqsQueue"}


class DeadLetter(Part):
    """Where a message goes that was received too often."""

    queue: Annotated[str, refers("sqs_queue", verb="dead_letter", acyclic=True)]
    """The dead-letter queue."""
    max_receives: Annotated[int, Field(ge=1)] = 5
    """Receives before a message is moved."""


class SqsQueue(Component):
    """An SQS queue, encrypted, that only TLS connections may use."""

    kind: Literal["sqs_queue"]
    cfn: ClassVar[str] = "AWS::SQS::Queue"
    service: ClassVar[str] = "sqs"
    tier: ClassVar[str] = "messaging"

    fifo: bool = False
    """First in, first out, exactly once."""
    content_deduplication: bool = False
    """For FIFO: duplicates are told by the body."""
    visibility_s: Annotated[int, Field(ge=0)] = 30
    """Seconds a received message stays hidden; six times the consumer's timeout or more."""
    retention_days: Annotated[float, Field(gt=0)] = 4
    """Days a message is kept."""
    delay_s: Annotated[int, Field(ge=0)] = 0
    """Seconds before a new message can be received."""
    long_poll_s: Annotated[int, Field(ge=0)] = 20
    """Seconds that a receive waits for a message."""
    max_message_kb: Annotated[float, Field(gt=0)] | None = None
    """The largest message, in KiB; the quota when left out."""
    dead_letter: Annotated[DeadLetter, Shorthand("queue")] | None = None
    """The dead-letter queue, alone or with `max_receives`."""
    kms_key: Annotated[str, refers("kms_key")] | None = None
    """The key that encrypts it; SQS's own when left out."""
