"""Amazon DynamoDB: tables."""

from __future__ import annotations

from typing import Any

from archproof.model.kinds.dynamodb import DynamoDbTable, Index, LocalIndex
from archproof.resources.lowering._context import Lowering

KINDS = ("dynamodb_table",)

_TYPES = {"string": "S", "number": "N", "binary": "B"}
_VIEWS = {"new_and_old": "NEW_AND_OLD_IMAGES", "new": "NEW_IMAGE", "old": "OLD_IMAGE", "keys": "KEYS_ONLY"}


def lower_dynamodb_table(name: str, table: DynamoDbTable, ctx: Lowering) -> None:
    """The table with its indexes."""
    origins = {
        "TableName": "physical_name",
        "AttributeDefinitions": "keys",
        "KeySchema": "keys",
        "BillingMode": "billing",
        "ProvisionedThroughput.ReadCapacityUnits": "read_units",
        "ProvisionedThroughput.WriteCapacityUnits": "write_units",
        "OnDemandThroughput.MaxReadRequestUnits": "max_read_units",
        "OnDemandThroughput.MaxWriteRequestUnits": "max_write_units",
        "GlobalSecondaryIndexes": "indexes",
        "LocalSecondaryIndexes": "local_indexes",
        "PointInTimeRecoverySpecification": "point_in_time_recovery",
        "DeletionProtectionEnabled": "deletion_protection",
        "TimeToLiveSpecification": "ttl",
        "StreamSpecification": "stream",
        "SSESpecification": "kms_key",
        "TableClass": "infrequent_access",
        "ContributorInsightsSpecification": "contributor_insights",
    }
    ctx.add(
        name,
        "AWS::DynamoDB::Table",
        {
            "TableName": ctx.name(name),
            "AttributeDefinitions": _attributes(table),
            "KeySchema": _schema(table.keys),
            **_billing(table, units=ctx.exact and "read_units" in ctx.said(name)),
            "GlobalSecondaryIndexes": [_global(n, i, table) for n, i in table.indexes.items()] or None,
            "LocalSecondaryIndexes": [_local(n, i, table) for n, i in table.local_indexes.items()] or None,
            "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": table.point_in_time_recovery},
            "DeletionProtectionEnabled": table.deletion_protection,
            "TimeToLiveSpecification": {"AttributeName": table.ttl, "Enabled": True} if table.ttl else None,
            "StreamSpecification": _stream(name, table, ctx),
            "SSESpecification": {"SSEEnabled": True, "SSEType": "KMS", "KMSMasterKeyId": ctx.arn(table.kms_key)}
            if table.kms_key
            else None,
            "TableClass": "STANDARD_INFREQUENT_ACCESS" if table.infrequent_access else None,
            "ContributorInsightsSpecification": {"Enabled": True} if table.contributor_insights else None,
            "Tags": ctx.tags(name),
        },
        origins=origins,
        attributes={"DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"},
    )


def _attributes(table: DynamoDbTable) -> list[dict[str, str]]:
    """Every key attribute of the table and its indexes, each once."""
    types: dict[str, str] = dict(table.keys)
    for index in table.indexes.values():
        types |= {k: v for k, v in index.keys.items() if k not in types}
    for local in table.local_indexes.values():
        types |= {k: v for k, v in local.sort.items() if k not in types}
    return [{"AttributeName": name, "AttributeType": _TYPES[kind]} for name, kind in types.items()]


def _schema(keys: Any) -> list[dict[str, str]]:
    return [{"AttributeName": k, "KeyType": t} for k, t in zip(keys, ("HASH", "RANGE"), strict=False)]


def _billing(table: DynamoDbTable, *, units: bool) -> dict[str, Any]:
    """How it is paid for; `units` says whether capacity is said, which alone means that it is provisioned."""
    if table.billing == "provisioned" or units:
        provisioned = {"ReadCapacityUnits": table.read_units, "WriteCapacityUnits": table.write_units}
        return {"BillingMode": "PROVISIONED", "ProvisionedThroughput": provisioned}
    limits = {"MaxReadRequestUnits": table.max_read_units, "MaxWriteRequestUnits": table.max_write_units}
    kept = {k: v for k, v in limits.items() if v is not None}
    return {"BillingMode": "PAY_PER_REQUEST", "OnDemandThroughput": kept or None}


def _projection(projection: str | list[str]) -> dict[str, Any]:
    if isinstance(projection, list):
        return {"ProjectionType": "INCLUDE", "NonKeyAttributes": projection}
    return {"ProjectionType": "ALL" if projection == "all" else "KEYS_ONLY"}


def _global(name: str, index: Index, table: DynamoDbTable) -> dict[str, Any]:
    result = {"IndexName": name, "KeySchema": _schema(index.keys), "Projection": _projection(index.projection)}
    if table.billing == "provisioned":
        result["ProvisionedThroughput"] = {
            "ReadCapacityUnits": index.read_units or table.read_units,
            "WriteCapacityUnits": index.write_units or table.write_units,
        }
    return result


def _local(name: str, index: LocalIndex, table: DynamoDbTable) -> dict[str, Any]:
    keys = [next(iter(table.keys)), *index.sort]
    return {"IndexName": name, "KeySchema": _schema(keys), "Projection": _projection(index.projection)}


def _stream(name: str, table: DynamoDbTable, ctx: Lowering) -> dict[str, Any] | None:
    """The stream that is asked for, or that a link from the table reads."""
    if table.stream:
        return {"StreamViewType": _VIEWS[table.stream]}
    read = any(link.verb.verb == "trigger" for link in ctx.architecture.links_from.get(name, ()))
    return {"StreamViewType": _VIEWS["new_and_old"]} if read else None
