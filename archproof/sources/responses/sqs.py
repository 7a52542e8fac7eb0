"""Queues of SQS."""

from __future__ import annotations

from archproof.sources.responses._item import Item, Props
from archproof.sources.responses._snapshot import Snapshot

KEYS = {"QueueUrls": "", "Attributes": "QueueArn"}
LATER = ("QueueUrls",)

_QUEUE = "AWS::SQS::Queue"
_NUMBERS = ("VisibilityTimeout", "MessageRetentionPeriod", "DelaySeconds", "MaximumMessageSize",
            "ReceiveMessageWaitTimeSeconds", "KmsDataKeyReusePeriodSeconds")  # fmt: skip
_FLAGS = ("FifoQueue", "ContentBasedDeduplication", "SqsManagedSseEnabled")


def _queue(item: Item, snapshot: Snapshot) -> None:
    arn = str(item.get("QueueArn"))
    name = arn.rpartition(":")[2]
    props = item.props("KmsMasterKeyId", "DeduplicationScope", "FifoThroughputLimit")
    props.set("QueueName", name, "QueueArn")
    for key in _NUMBERS:
        if str(item.get(key) or "").isdigit():
            props.set(key, int(item.get(key)), key)
    for key in _FLAGS:
        if item.get(key) is not None:
            props.set(key, str(item.get(key)).lower() == "true", key)
    for key in ("RedrivePolicy", "RedriveAllowPolicy"):
        props.document(key, key)
    url = f"https://sqs.{item.region}.amazonaws.com/{item.account}/{name}"
    queue = snapshot.add(item, _QUEUE, arn, props, ref=url, arn=arn, name=name)
    if queue is not None and item.text("Policy"):
        more = Props(item)
        more.set("Queues", [url], "QueueArn")
        more.document("PolicyDocument", "Policy")
        snapshot.add(item, "AWS::SQS::QueuePolicy", f"{arn}|policy", more, call=f"{queue.logical_id} Policy")


def _url(item: Item, snapshot: Snapshot) -> None:
    """A queue of which only the URL is known."""
    url = str(item.value)
    name = url.rpartition("/")[2]
    if snapshot.find(_QUEUE, name) is None:
        props = Props(item)
        props.set("QueueName", name)
        arn = f"arn:aws:sqs:{item.region}:{url.split('/')[-2] if url.count('/') > 3 else item.account}:{name}"
        snapshot.add(item, _QUEUE, arn, props, ref=url, arn=arn, name=name)


READERS = {"Attributes": _queue, "QueueUrls": _url}
