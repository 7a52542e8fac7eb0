"""Amazon SNS: topics and who is subscribed to them."""

import re
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, model_validator

from archproof.model.base import Component, OneOrMany, Part, Shorthand, Verbatim, refers
from archproof.model.kinds._words import Failed, Words

KINDS = {"sns_topic": "SnsTopic"}


class Subscription(Part):
    """One subscriber: exactly one of the addresses."""

    email: str | None = None
    """A mail address; its owner must confirm."""
    https: str | None = None
    """A web address."""
    sms: str | None = None
    """A telephone number."""
    sqs: Annotated[str, refers("sqs_queue", verb="subscribe")] | None = None
    """A queue."""
    lambda_: Annotated[str, refers("lambda", verb="subscribe")] | None = Field(default=None, alias="lambda")
    """A function."""
    firehose: Annotated[str, refers("firehose", verb="subscribe")] | None = None
    """A Firehose stream."""
    filter: Verbatim | None = None
    """Which messages it gets: a filter policy."""
    filter_on: Literal["attributes", "body"] = "attributes"
    """What the filter looks at."""
    raw: bool = False
    """Whether messages arrive without SNS's envelope."""
    dead_letter: Annotated[Failed, Shorthand("to")] | None = None
    """The queue for messages that could not be delivered."""

    @model_validator(mode="after")
    def _one(self) -> "Subscription":
        given = (self.email, self.https, self.sms, self.sqs, self.lambda_, self.firehose)
        if sum(x is not None for x in given) != 1:
            raise ValueError("exactly one of email, https, sms, sqs, lambda, firehose")
        return self


def _address(word: str) -> dict[str, Any]:
    if word.startswith("https://"):
        return {"https": word}
    return {"sms": word} if re.fullmatch(r"\+[0-9]+", word) else {"email": word}


class SnsTopic(Component):
    """A topic: encrypted, over TLS only. What services publish to it gets a key that they can use."""

    kind: Literal["sns_topic"]
    cfn: ClassVar[str] = "AWS::SNS::Topic"
    service: ClassVar[str] = "sns"
    tier: ClassVar[str] = "messaging"

    subscriptions: Annotated[list[Annotated[Subscription, Words(_address)]], OneOrMany()] = []
    """Who gets its messages: mail and web addresses, or maps (`{sqs: jobs, filter: {…}}`)."""
    fifo: bool = False
    """First in, first out, exactly once."""
    content_deduplication: bool = False
    """For FIFO: duplicates are told by the body."""
    encrypted: bool = True
    """Whether messages are encrypted at rest; `false` must be said."""
    kms_key: Annotated[str, refers("kms_key")] | None = None
    """The key that encrypts it. Left out: SNS's own, or a key of the topic's where a service publishes to it."""
    tracing: bool = False
    """Whether X-Ray follows messages through it."""
    delivery_policy: Verbatim = {}
    """How often delivery to web addresses is tried again, in SNS's words."""
    display_name: str | None = None
    """The sender's name in text messages and mails."""
