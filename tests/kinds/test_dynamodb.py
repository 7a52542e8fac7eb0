"""DynamoDB tables."""

from __future__ import annotations

import pytest

from archproof.errors import InputError
from archproof.model.architecture import loads

from .lowered import HEAD, complaints, lowered, place


def test_a_table_is_paid_by_use_restorable_and_protected() -> None:
    resources = lowered("  orders: {kind: dynamodb_table, keys: {id: string, at: number}}\n")
    table = resources["Orders"]
    properties = dict(table.properties)
    del properties["Tags"]
    assert properties == {
        "AttributeDefinitions": [
            {"AttributeName": "id", "AttributeType": "S"}, {"AttributeName": "at", "AttributeType": "N"},
        ],
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}, {"AttributeName": "at", "KeyType": "RANGE"}],
        "BillingMode": "PAY_PER_REQUEST",
        "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True},
        "DeletionProtectionEnabled": True,
    }  # fmt: skip
    assert table.attributes == {"DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"}
    assert complaints(resources) == []


def test_indexes_capacity_key_and_ttl_reach_their_properties() -> None:
    resources = lowered("""\
  orders:
    kind: dynamodb_table
    keys: {id: string}
    billing: provisioned
    read_units: 10
    write_units: 20
    indexes: {by_owner: {keys: {owner: string, id: string}, projection: [total], read_units: 1}}
    point_in_time_recovery: false
    ttl: expires
    kms_key: key
    physical_name: shop-orders
  key: {kind: kms_key}
""")
    table = resources["Orders"]
    assert table.get("GlobalSecondaryIndexes") == [
        {
            "IndexName": "by_owner",
            "KeySchema": [{"AttributeName": "owner", "KeyType": "HASH"}, {"AttributeName": "id", "KeyType": "RANGE"}],
            "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["total"]},
            "ProvisionedThroughput": {"ReadCapacityUnits": 1, "WriteCapacityUnits": 20},
        }
    ]
    assert [a["AttributeName"] for a in table.get("AttributeDefinitions")] == ["id", "owner"]
    assert table.get("ProvisionedThroughput") == {"ReadCapacityUnits": 10, "WriteCapacityUnits": 20}
    assert table.get("TimeToLiveSpecification") == {"AttributeName": "expires", "Enabled": True}
    assert table.get("SSESpecification", "KMSMasterKeyId") == {"Fn::GetAtt": ["Key", "Arn"]}
    assert place(resources, "Orders", "PointInTimeRecoverySpecification", "PointInTimeRecoveryEnabled") == "8:5"
    assert place(resources, "Orders", "ProvisionedThroughput", "ReadCapacityUnits") == "5:5"
    assert complaints(resources) == []


def test_a_function_that_reads_the_stream_gives_the_table_one() -> None:
    resources = lowered("""\
  orders: {kind: dynamodb_table, keys: {id: string}}
  fn: {kind: lambda, runtime: python3.13}
links:
  - {from: orders, to: fn, verb: trigger}
""")
    assert resources["Orders"].get("StreamSpecification") == {"StreamViewType": "NEW_AND_OLD_IMAGES"}
    assert complaints(resources) == []


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ("keys: {}", "'keys' has at least 1 entry; found none"),
        ("keys: {a: string, b: string, c: string}", "'keys' has at most 2 entries; found 3"),
        ("keys: {a: text}", "'a' is one of string, number, binary; found the text 'text'"),
    ],
)
def test_keys_are_one_or_two_attributes_with_their_types(fields: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        loads(f"{HEAD}  t: {{kind: dynamodb_table, {fields}}}\n")
    assert [p.message for p in caught.value.problems] == [message]
