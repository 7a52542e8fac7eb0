"""Topics of SNS and their subscriptions."""

from __future__ import annotations

from archproof.sources.responses._call import Call, Per
from archproof.sources.responses._item import Item, Props
from archproof.sources.responses._snapshot import Snapshot, tagged

KEYS = {"Topics": "TopicArn", "Attributes": "TopicArn", "Subscriptions": "SubscriptionArn"}
LATER = ("Topics", "Subscriptions", "sns:ListTagsForResource", "sns:GetSubscriptionAttributes")
_TOPIC, _SUBSCRIPTION = "AWS::SNS::Topic", "AWS::SNS::Subscription"
_TOPICS = Per("ListTopics", "Topics[]", {"TopicArn": "TopicArn"})
CALLS = (
    Call("sns", "ListTopics", "Topics", (_TOPIC,)),
    Call("sns", "GetTopicAttributes", "Attributes", ("AWS::SNS::TopicPolicy",), per=_TOPICS,
         gives={_TOPIC: ("TopicName", "DisplayName", "KmsMasterKeyId", "SignatureVersion", "TracingConfig", "FifoTopic",
                         "ContentBasedDeduplication", "ArchivePolicy", "FifoThroughputScope"),
                "AWS::SNS::TopicPolicy": ("Topics", "PolicyDocument")}),
    Call("sns", "ListTagsForResource", ".Tags", gives={_TOPIC: ("Tags",)},
         per=Per("ListTopics", "Topics[]", {"ResourceArn": "TopicArn"})),
    Call("sns", "ListSubscriptions", "Subscriptions", (_SUBSCRIPTION,),
         gives={_SUBSCRIPTION: ("TopicArn", "Protocol", "Endpoint")}),
    Call("sns", "GetSubscriptionAttributes", "Attributes",
         gives={_SUBSCRIPTION: ("FilterPolicy", "FilterPolicyScope", "RedrivePolicy", "DeliveryPolicy",
                                "RawMessageDelivery", "SubscriptionRoleArn", "ReplayPolicy")},
         per=Per("ListSubscriptions", "Subscriptions[?starts_with(SubscriptionArn, 'arn:')]",
                 {"SubscriptionArn": "SubscriptionArn"})),
)  # fmt: skip


def _topic(item: Item, snapshot: Snapshot) -> None:
    arn = str(item.get("TopicArn"))
    name = arn.rpartition(":")[2]
    if item.get("SubscriptionArn"):
        _subscription(item, snapshot)
        return
    props = item.props("DisplayName", "KmsMasterKeyId", "SignatureVersion", "TracingConfig")
    props.set("TopicName", name, "TopicArn")
    for key in ("FifoTopic", "ContentBasedDeduplication"):
        if item.get(key) is not None:
            props.set(key, str(item.get(key)).lower() == "true", key)
    if item.text("ArchivePolicy"):
        props.document("ArchivePolicy", "ArchivePolicy")
    topic = snapshot.add(item, "AWS::SNS::Topic", arn, props, arn=arn, name=name)
    if topic is not None:
        snapshot.returned[topic.logical_id]["TopicName"] = name
    if topic is not None and item.text("Policy") and not _is_default(item):
        more = Props(item)
        more.set("Topics", [arn], "TopicArn")
        more.document("PolicyDocument", "Policy")
        snapshot.add(item, "AWS::SNS::TopicPolicy", f"{arn}|policy", more, call=f"{topic.logical_id} Policy")


def _is_default(item: Item) -> bool:
    """Whether the policy is the one that every topic has from the start: for its own account alone."""
    return '"__default_statement_ID"' in str(item.get("Policy")) and str(item.get("Policy")).count('"Sid"') == 1


def _subscription(item: Item, snapshot: Snapshot) -> None:
    arn = str(item.get("SubscriptionArn") or item.asked.get("SubscriptionArn"))
    props = item.props("TopicArn", "Protocol", "Endpoint")
    for key in ("FilterPolicy", "RedrivePolicy", "DeliveryPolicy"):
        props.document(key, key)
    props.take("FilterPolicyScope", "FilterPolicyScope")
    if item.get("RawMessageDelivery") is not None:
        props.set("RawMessageDelivery", str(item.get("RawMessageDelivery")).lower() == "true", "RawMessageDelivery")
    topic = str(item.get("TopicArn")).rpartition(":")[2]
    id = arn if arn.startswith("arn:") else f"{item.get('TopicArn')}|{item.get('Endpoint')}"
    snapshot.add(item, "AWS::SNS::Subscription", id, props, call=f"{topic} {item.get('Protocol')} Subscription")


READERS = {
    "sns:ListTagsForResource": tagged(_TOPIC),
    "sns:GetSubscriptionAttributes": _subscription,
    "Topics": _topic,
    "Attributes": _topic,
    "Subscriptions": _subscription,
}
