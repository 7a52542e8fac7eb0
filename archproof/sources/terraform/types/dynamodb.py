"""DynamoDB: tables and what belongs to them, DAX."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archproof.sources.terraform.mapping import Mapping, Merge, Rule, block, blocks, to
from archproof.sources.terraform.types._shapes import parameters

if TYPE_CHECKING:
    from archproof.sources.terraform.made import Made

TYPES = (
    "aws_dynamodb_table", "aws_dynamodb_kinesis_streaming_destination", "aws_dynamodb_resource_policy",
    "aws_dynamodb_contributor_insights", "aws_dax_cluster", "aws_dax_subnet_group", "aws_dax_parameter_group",
)  # fmt: skip


def _index(path: str) -> Rule:
    return blocks(
        path,
        "name=IndexName non_key_attributes=Projection.NonKeyAttributes projection_type=Projection.ProjectionType "
        "+hash_key +range_key +read_capacity +write_capacity",
        {"on_demand_throughput": block("OnDemandThroughput", "max_read_request_units max_write_request_units")},
    )


def _keys(made: Made) -> None:
    """Keys and capacities of a table and of its indexes."""
    by_request = made.item.literal("billing_mode") == "PAY_PER_REQUEST"
    _key(made, (), (), by_request)
    for argument, name in (("global_secondary_index", "Global"), ("local_secondary_index", "Local")):
        for at in range(len(made.item.values.get(argument) or [])):
            _key(made, (argument, at), (f"{name}SecondaryIndexes", at), by_request or name == "Local")


def _key(made: Made, said: tuple[str | int, ...], path: tuple[str | int, ...], by_request: bool) -> None:
    hash_key = made.value(*said, "hash_key") or (
        made.value("hash_key") if said[:1] == ("local_secondary_index",) else None
    )
    for kind, argument, value in (
        ("HASH", "hash_key", hash_key),
        ("RANGE", "range_key", made.value(*said, "range_key")),
    ):
        if value is not None:
            made.add((*path, "KeySchema"), {"AttributeName": value, "KeyType": kind}, *said, argument)
    if by_request:
        return
    for argument, name in (("read_capacity", "ReadCapacityUnits"), ("write_capacity", "WriteCapacityUnits")):
        made.set((*path, "ProvisionedThroughput", name), made.value(*said, argument), *said, argument)


def _insights(made: Made) -> None:
    index = made.value("index_name")
    if index is None:
        made.set("ContributorInsightsSpecification.Enabled", True, "table_name")
        return
    for at, entry in enumerate(made.resource.get("GlobalSecondaryIndexes") or []):
        if entry.get("IndexName") == index:
            path = ("GlobalSecondaryIndexes", at, "ContributorInsightsSpecification", "Enabled")
            made.set(path, True, "index_name")


MAPPINGS = {
    "aws_dynamodb_table": Mapping(
        "AWS::DynamoDB::Table",
        "name=TableName billing_mode deletion_protection_enabled "
        "+hash_key +range_key +read_capacity -replica -restore_date_time "
        "-restore_source_name -restore_source_table_arn "
        "-restore_to_latest_time -stream_enabled "
        "stream_view_type=StreamSpecification.StreamViewType table_class "
        "+write_capacity",
        {
            "attribute": blocks("AttributeDefinitions", "name=AttributeName type=AttributeType"),
            "global_secondary_index": _index("GlobalSecondaryIndexes"),
            "import_table": block(
                "ImportSourceSpecification",
                "input_format input_compression_type",
                {
                    "s3_bucket_source": block(
                        "S3BucketSource", "bucket=S3Bucket bucket_owner=S3BucketOwner key_prefix=S3KeyPrefix"
                    ),
                    "input_format_options": block(
                        "InputFormatOptions", "", {"csv": block("Csv", "delimiter header_list")}
                    ),
                },
            ),
            "local_secondary_index": _index("LocalSecondaryIndexes"),
            "on_demand_throughput": block("OnDemandThroughput", "max_read_request_units max_write_request_units"),
            "point_in_time_recovery": block(
                "PointInTimeRecoverySpecification", "enabled=PointInTimeRecoveryEnabled recovery_period_in_days"
            ),
            "server_side_encryption": block("SSESpecification", "enabled=SSEEnabled kms_key_arn=KMSMasterKeyId"),
            "ttl": block("TimeToLiveSpecification", "attribute_name enabled"),
            "warm_throughput": block("WarmThroughput", "read_units_per_second write_units_per_second"),
        },
        attributes="id=Ref name=Ref arn=Arn stream_arn=StreamArn",
        finish=_keys,
    ),
    "aws_dynamodb_kinesis_streaming_destination": Mapping(
        None,
        "stream_arn=KinesisStreamSpecification.StreamArn -table_name "
        "approximate_creation_date_time_precision=KinesisStreamSpecification.ApproximateCreationDateTimePrecision",
        attributes="id",
        tags="",
        merge=Merge("table_name", "aws_dynamodb_table"),
    ),
    "aws_dynamodb_resource_policy": Mapping(
        None,
        "policy=ResourcePolicy.PolicyDocument:json -resource_arn -confirm_remove_self_resource_access",
        attributes="id",
        tags="",
        merge=Merge("resource_arn", "aws_dynamodb_table"),
    ),
    "aws_dynamodb_contributor_insights": Mapping(
        None,
        "-table_name -index_name -mode",
        attributes="id",
        tags="",
        merge=Merge("table_name", "aws_dynamodb_table"),
        finish=_insights,
    ),
    "aws_dax_cluster": Mapping(
        "AWS::DAX::Cluster",
        "cluster_name iam_role_arn=IAMRoleARN node_type "
        "replication_factor availability_zones "
        "cluster_endpoint_encryption_type description "
        "maintenance_window=PreferredMaintenanceWindow "
        "notification_topic_arn=NotificationTopicARN "
        "parameter_group_name security_group_ids subnet_group_name",
        {"server_side_encryption": block("SSESpecification", "enabled=SSEEnabled")},
        attributes="id=Ref cluster_name=Ref arn=Arn cluster_address=ClusterDiscoveryEndpoint",
        tags="map",
    ),
    "aws_dax_subnet_group": Mapping(
        "AWS::DAX::SubnetGroup",
        "name=SubnetGroupName subnet_ids description",
        attributes="id=Ref name=Ref",
        tags="",
    ),
    "aws_dax_parameter_group": Mapping(
        "AWS::DAX::ParameterGroup",
        "name=ParameterGroupName description",
        {"parameters": to("ParameterNameValues", parameters)},
        attributes="id=Ref name=Ref",
        tags="",
    ),
}
