"""Amazon EventBridge Pipes."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from archproof.model.base import Component, Verbatim, refers
from archproof.model.kinds._roles import RunsWith

KINDS = {"event_pipe": "EventPipe"}

SOURCES = ("sqs_queue", "kinesis_stream", "dynamodb_table")
ENRICHMENTS = ("lambda", "state_machine", "rest_api")
TARGETS = (
    "lambda", "sqs_queue", "sns_topic", "state_machine", "event_bus", "kinesis_stream", "firehose",
)  # fmt: skip


class EventPipe(Component):
    """A pipe: what a queue, a stream or a table's stream holds goes to one target, filtered and enriched on the way."""

    kind: Literal["event_pipe"]
    cfn: ClassVar[str] = "AWS::Pipes::Pipe"
    service: ClassVar[str] = "pipes"
    principal: ClassVar[str] = "pipes.amazonaws.com"
    tier: ClassVar[str] = "messaging"

    from_: Annotated[str, refers(*SOURCES, verb="feed", reverse=True)] = Field(alias="from")
    """What it reads: a queue, a stream, or a table's stream."""
    filter: list[dict[str, Any]] = []
    """Event patterns; what matches none is dropped."""
    enrich: Annotated[str, refers(*ENRICHMENTS, verb="enrich")] | None = None
    """What adds to each event: a function, an express state machine, an API."""
    to: Annotated[str, refers(*TARGETS, verb="target")]
    """Where events go."""
    batch: Annotated[int, Field(ge=1)] | None = None
    """The most records read at once."""
    batch_window_s: Annotated[int, Field(ge=0)] | None = None
    """How long records are gathered, in seconds."""
    starting_position: Literal["latest", "trim_horizon"] | None = None
    """Of a stream: where it begins, with new records (`latest`, if left out) or the oldest kept."""
    enrich_template: str | None = None
    """What the enrichment gets; `<$.body>` stands for a part of the event. The event when left out."""
    input_template: str | None = None
    """What the target gets; the event, or the enrichment's answer, when left out."""
    options: Verbatim = {}
    """What the target needs beside, in CloudFormation's words (`TargetParameters`)."""
    enabled: bool = True
    """Whether it runs."""
    kms_key: Annotated[str, refers("kms_key")] | None = None
    """The key that encrypts what it is told; EventBridge's own when left out."""
    role: RunsWith | None = None
    """A role of the model, or a map that says one of its own; left out: one for exactly its ends."""
