"""Topics of SNS and their subscriptions."""

from __future__ import annotations

from archproof.sources.responses._item import Item, Props
from archproof.sources.responses._snapshot import Snapshot

KEYS = {"Topics": "TopicArn", "Attributes": "TopicArn", "Subscriptions": "SubscriptionArn"}
LATER = ("Topics", "Subscriptions")


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
    topic = snapshot.add(item, "AWS::SNS::Topic", arn, props, arn=arn, name=name, attributes={"TopicName": None})
    if topic is not None and item.text("Policy") and not _is_default(item):
        more = Props(item)
        more.set("Topics", [arn], "TopicArn")
        more.document("PolicyDocument", "Policy")
        snapshot.add(item, "AWS::SNS::TopicPolicy", f"{arn}|policy", more, call=f"{topic.logical_id} Policy")


def _is_default(item: Item) -> bool:
    """Whether the policy is the one that every topic has from the start: for its own account alone."""
    return '"__default_statement_ID"' in str(item.get("Policy")) and str(item.get("Policy")).count('"Sid"') == 1


def _subscription(item: Item, snapshot: Snapshot) -> None:
    arn = str(item.get("SubscriptionArn"))
    props = item.props("TopicArn", "Protocol", "Endpoint")
    for key in ("FilterPolicy", "RedrivePolicy", "DeliveryPolicy"):
        props.document(key, key)
    props.take("FilterPolicyScope", "FilterPolicyScope")
    if item.get("RawMessageDelivery") is not None:
        props.set("RawMessageDelivery", str(item.get("RawMessageDelivery")).lower() == "true", "RawMessageDelivery")
    topic = str(item.get("TopicArn")).rpartition(":")[2]
    id = arn if arn.startswith("arn:") else f"{item.get('TopicArn')}|{item.get('Endpoint')}"
    snapshot.add(item, "AWS::SNS::Subscription", id, props, call=f"{topic} {item.get('Protocol')} Subscription")


READERS = {"Topics": _topic, "Attributes": _topic, "Subscriptions": _subscription}
