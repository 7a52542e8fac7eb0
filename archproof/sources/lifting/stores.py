"""Tables and queues: keys with their types, streams, capacity, dead letters."""

from __future__ import annotations

from typing import Any

from archproof.resources.resource import is_symbolic
from archproof.sources.lifting import _guess
from archproof.sources.lifting.drafts import PLAIN, Draft, Lifting

SUBJECT = "stores"
ORDER = 30

_TYPES = {"S": "string", "N": "number", "B": "binary"}
_VIEWS = {"NEW_AND_OLD_IMAGES": "new_and_old", "NEW_IMAGE": "new", "OLD_IMAGE": "old", "KEYS_ONLY": "keys"}
_BILLING = {"PAY_PER_REQUEST": "on_demand", "PROVISIONED": "provisioned"}
_PROJECTIONS = {"ALL": "all", "KEYS_ONLY": "keys"}


def lift(lifting: Lifting) -> None:
    """Every table and every queue."""
    for drafted in list(lifting.of_type("AWS::DynamoDB::Table")):
        _table(lifting, drafted)
    for drafted in lifting.of_type("AWS::SQS::Queue"):
        _dead_letter(lifting, drafted)


def _table(lifting: Lifting, drafted: Draft) -> None:
    table = drafted.resource
    types = _attribute_types(table.get("AttributeDefinitions"))
    keys = _keys(table.get("KeySchema"), types)
    if keys is None:
        drafted.become_plain()
        return
    drafted.kind = "dynamodb_table"
    drafted.say("keys", keys, "KeySchema")
    if (billing := str(table.get("BillingMode"))) in _BILLING:
        drafted.say("billing", _BILLING[billing], "BillingMode")
    units = table.get("ProvisionedThroughput")
    if isinstance(units, dict) and all(type(v) is int for v in units.values()) and len(units) == 2:
        drafted.say("read_units", units.get("ReadCapacityUnits"), "ProvisionedThroughput", "ReadCapacityUnits")
        drafted.say("write_units", units.get("WriteCapacityUnits"), "ProvisionedThroughput", "WriteCapacityUnits")
    view = table.get("StreamSpecification", "StreamViewType")
    if isinstance(view, str) and view in _VIEWS:
        drafted.say("stream", _VIEWS[view], "StreamSpecification")
    ttl = table.get("TimeToLiveSpecification")
    if isinstance(ttl, dict) and ttl.get("Enabled") in (True, "true") and isinstance(ttl.get("AttributeName"), str):
        drafted.say("ttl", ttl["AttributeName"], "TimeToLiveSpecification")
    indexes = _indexes(table.get("GlobalSecondaryIndexes"), types)
    if indexes:
        drafted.say("indexes", indexes, "GlobalSecondaryIndexes")
    recovery = table.get("PointInTimeRecoverySpecification", "PointInTimeRecoveryEnabled")
    if isinstance(recovery, bool):
        drafted.say("point_in_time_recovery", recovery, "PointInTimeRecoverySpecification")
    _guess.fill(lifting, drafted)
    if not _guess.sound(drafted):
        drafted.become_plain()


def _attribute_types(listed: Any) -> dict[str, str]:
    """The types of a table's key attributes, in the words of the language."""
    found: dict[str, str] = {}
    for item in listed if isinstance(listed, list) else ():
        if isinstance(item, dict) and isinstance(item.get("AttributeName"), str):
            kind = _TYPES.get(str(item.get("AttributeType")))
            if kind is not None:
                found[item["AttributeName"]] = kind
    return found


def _keys(listed: Any, types: dict[str, str]) -> dict[str, str] | None:
    """The partition key and the sort key with their types."""
    found: dict[str, str] = {}
    for item, role in zip(listed if isinstance(listed, list) else (), ("HASH", "RANGE"), strict=False):
        name = item.get("AttributeName") if isinstance(item, dict) and item.get("KeyType") == role else None
        if not isinstance(name, str) or name not in types:
            return None
        found[name] = types[name]
    return found if found and len(found) == len(listed) else None


def _indexes(listed: Any, types: dict[str, str]) -> dict[str, Any] | None:
    found: dict[str, Any] = {}
    for item in listed if isinstance(listed, list) else ():
        if not isinstance(item, dict) or not isinstance(item.get("IndexName"), str):
            return None
        keys, projection = _keys(item.get("KeySchema"), types), item.get("Projection")
        kind = projection.get("ProjectionType") if isinstance(projection, dict) else None
        if keys is None or set(item) - {"IndexName", "KeySchema", "Projection"} or not isinstance(projection, dict):
            return None
        if kind == "INCLUDE" and isinstance(projection.get("NonKeyAttributes"), list):
            found[item["IndexName"]] = {"keys": keys, "projection": projection["NonKeyAttributes"]}
        elif isinstance(kind, str) and kind in _PROJECTIONS:
            found[item["IndexName"]] = {"keys": keys, **({} if kind == "ALL" else {"projection": _PROJECTIONS[kind]})}
        else:
            return None
    return found or None


def _dead_letter(lifting: Lifting, drafted: Draft) -> None:
    """Where a queue's messages go that were received too often."""
    policy = drafted.resource.get("RedrivePolicy")
    if drafted.kind == PLAIN or not isinstance(policy, dict) or is_symbolic(policy):
        return
    drafted.unsay("dead_letter")
    target = lifting.named(policy.get("deadLetterTargetArn"), "Arn")
    received = _guess.number(int, "max_receives", policy.get("maxReceiveCount"))
    if target is not None and target is not drafted and target.kind == "sqs_queue" and received is not _guess.NONE:
        drafted.say("dead_letter", {"queue": target.name, "max_receives": received}, "RedrivePolicy")
