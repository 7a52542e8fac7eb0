"""Queues of SQS."""

from __future__ import annotations

from archproof.sources.responses._call import ALL, Call, Per
from archproof.sources.responses._item import Item, Props
from archproof.sources.responses._snapshot import Snapshot, tagged

KEYS = {"QueueUrls": "", "Attributes": "QueueArn"}
LATER = ("QueueUrls", "sqs:ListQueueTags")
_QUEUES = Per("ListQueues", "QueueUrls[]", {"QueueUrl": "@"})
CALLS = (
    Call("sqs", "ListQueues", "QueueUrls", ("AWS::SQS::Queue",), page=1000),
    Call("sqs", "GetQueueAttributes", "Attributes", ("AWS::SQS::QueuePolicy",), per=_QUEUES,
         gives={"AWS::SQS::Queue": ("QueueName", "VisibilityTimeout", "MessageRetentionPeriod", "DelaySeconds",
                                    "MaximumMessageSize", "ReceiveMessageWaitTimeSeconds", "KmsMasterKeyId",
                                    "KmsDataKeyReusePeriodSeconds", "FifoQueue", "ContentBasedDeduplication",
                                    "SqsManagedSseEnabled", "DeduplicationScope", "FifoThroughputLimit",
                                    "RedrivePolicy", "RedriveAllowPolicy"),
                "AWS::SQS::QueuePolicy": (ALL, "Queues", "PolicyDocument")},
         parameters={"AttributeNames": ["All"]}),
    Call("sqs", "ListQueueTags", ".Tags", gives={"AWS::SQS::Queue": ("Tags",)}, per=_QUEUES),
)  # fmt: skip

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
    asked = item.asked.get("QueueUrl")
    url = asked if isinstance(asked, str) else f"https://sqs.{item.region}.amazonaws.com/{item.account}/{name}"
    queue = snapshot.add(item, _QUEUE, arn, props, ref=url, arn=arn, name=name)
    if queue is not None and snapshot.live:
        snapshot.returned[queue.logical_id] |= {"QueueName": name, "QueueUrl": url}
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


READERS = {"sqs:ListQueueTags": tagged(_QUEUE), "Attributes": _queue, "QueueUrls": _url}
