"""ElastiCache and MemoryDB."""

from __future__ import annotations

from typing import Any

from archproof.sources.terraform.mapping import Mapping, block, blocks, to
from archproof.sources.terraform.types._shapes import parameters

TYPES = (
    "aws_elasticache_cluster", "aws_elasticache_replication_group", "aws_elasticache_subnet_group",
    "aws_elasticache_parameter_group", "aws_elasticache_user", "aws_elasticache_user_group",
    "aws_elasticache_serverless_cache", "aws_elasticache_global_replication_group", "aws_memorydb_cluster",
    "aws_memorydb_subnet_group", "aws_memorydb_parameter_group", "aws_memorydb_acl", "aws_memorydb_user",
)  # fmt: skip


def _logs(value: Any) -> Any:
    """Where logs go: a log group or a stream, by its name."""
    if not isinstance(value, list):
        return value
    found = []
    for said in value:
        to_group = said.get("destination_type") == "cloudwatch-logs"
        details = (
            {"CloudWatchLogsDetails": {"LogGroup": said.get("destination")}} if to_group
            else {"KinesisFirehoseDetails": {"DeliveryStream": said.get("destination")}}
        )  # fmt: skip
        found.append({
            "DestinationDetails": details, "DestinationType": said.get("destination_type"),
            "LogFormat": said.get("log_format"), "LogType": said.get("log_type"),
        })  # fmt: skip
    return found


MAPPINGS = {
    "aws_elasticache_cluster": Mapping(
        "AWS::ElastiCache::CacheCluster",
        "cluster_id=ClusterName -apply_immediately "
        "auto_minor_version_upgrade:flag "
        "availability_zone=PreferredAvailabilityZone az_mode=AZMode "
        "engine engine_version -final_snapshot_identifier ip_discovery "
        "maintenance_window=PreferredMaintenanceWindow network_type "
        "node_type=CacheNodeType notification_topic_arn num_cache_nodes "
        "-outpost_mode parameter_group_name=CacheParameterGroupName port "
        "preferred_availability_zones -preferred_outpost_arn "
        "-replication_group_id security_group_ids=VpcSecurityGroupIds "
        "snapshot_arns snapshot_name snapshot_retention_limit "
        "snapshot_window subnet_group_name=CacheSubnetGroupName "
        "transit_encryption_enabled",
        {"log_delivery_configuration": to("LogDeliveryConfigurations", _logs)},
        attributes="id=Ref cluster_id=Ref arn=Arn",
    ),
    "aws_elasticache_replication_group": Mapping(
        "AWS::ElastiCache::ReplicationGroup",
        "description=ReplicationGroupDescription replication_group_id "
        "-apply_immediately at_rest_encryption_enabled:flag auth_token "
        "-auth_token_update_strategy automatic_failover_enabled "
        "auto_minor_version_upgrade:flag cluster_mode "
        "data_tiering_enabled engine engine_version "
        "-final_snapshot_identifier global_replication_group_id "
        "ip_discovery kms_key_id "
        "maintenance_window=PreferredMaintenanceWindow "
        "multi_az_enabled=MultiAZEnabled network_type "
        "node_type=CacheNodeType notification_topic_arn "
        "num_cache_clusters num_node_groups "
        "parameter_group_name=CacheParameterGroupName port "
        "preferred_cache_cluster_azs=PreferredCacheClusterAZs "
        "replicas_per_node_group security_group_ids "
        "-security_group_names snapshot_arns snapshot_name "
        "snapshot_retention_limit snapshot_window "
        "subnet_group_name=CacheSubnetGroupName "
        "transit_encryption_enabled transit_encryption_mode "
        "user_group_ids",
        {
            "log_delivery_configuration": to("LogDeliveryConfigurations", _logs),
            "node_group_configuration": blocks(
                "NodeGroupConfiguration",
                "node_group_id primary_availability_zone replica_availability_zones replica_count slots",
            ),
        },
        attributes="id=Ref arn=Arn replication_group_id=Ref "
        "primary_endpoint_address=PrimaryEndPoint.Address "
        "reader_endpoint_address=ReaderEndPoint.Address "
        "configuration_endpoint_address=ConfigurationEndPoint.Address",
        secret="auth_token",
    ),
    "aws_elasticache_subnet_group": Mapping(
        "AWS::ElastiCache::SubnetGroup",
        "name=CacheSubnetGroupName subnet_ids description",
        attributes="id=Ref name=Ref arn=Arn",
        defaults={"description": "Managed by Terraform"},
    ),
    "aws_elasticache_parameter_group": Mapping(
        "AWS::ElastiCache::ParameterGroup",
        "family=CacheParameterGroupFamily -name description",
        {"parameter": to("Properties", parameters)},
        attributes="id=Ref name=Ref",
        defaults={"description": "Managed by Terraform"},
    ),
    "aws_elasticache_user": Mapping(
        "AWS::ElastiCache::User",
        "access_string engine user_id user_name -authentication_mode no_password_required passwords",
        attributes="id=Ref user_id=Ref arn=Arn",
        secret="passwords",
    ),
    "aws_elasticache_user_group": Mapping(
        "AWS::ElastiCache::UserGroup",
        "engine user_group_id user_ids",
        attributes="id=Ref user_group_id=Ref arn=Arn",
    ),
    "aws_elasticache_serverless_cache": Mapping(
        "AWS::ElastiCache::ServerlessCache",
        "engine name=ServerlessCacheName daily_snapshot_time description "
        "kms_key_id major_engine_version security_group_ids "
        "snapshot_arns_to_restore snapshot_retention_limit subnet_ids "
        "user_group_id",
        {
            "cache_usage_limits": block(
                "CacheUsageLimits",
                "",
                {
                    "data_storage": block("DataStorage", "unit maximum minimum"),
                    "ecpu_per_second": block("ECPUPerSecond", "maximum minimum"),
                },
            )
        },
        attributes="id=Ref arn=ARN",
    ),
    "aws_elasticache_global_replication_group": Mapping(
        "AWS::ElastiCache::GlobalReplicationGroup",
        "global_replication_group_id_suffix "
        "-primary_replication_group_id automatic_failover_enabled "
        "cache_node_type engine engine_version "
        "global_replication_group_description "
        "num_node_groups=GlobalNodeGroupCount "
        "parameter_group_name=CacheParameterGroupName",
        attributes="id=Ref global_replication_group_id=Ref",
        tags="",
    ),
    "aws_memorydb_cluster": Mapping(
        "AWS::MemoryDB::Cluster",
        "acl_name=ACLName node_type auto_minor_version_upgrade "
        "data_tiering:text description engine engine_version "
        "final_snapshot_name kms_key_arn=KmsKeyId maintenance_window "
        "multi_region_cluster_name name=ClusterName -name_prefix "
        "num_replicas_per_shard num_shards parameter_group_name port "
        "security_group_ids snapshot_arns snapshot_name "
        "snapshot_retention_limit snapshot_window sns_topic_arn "
        "subnet_group_name tls_enabled=TLSEnabled",
        attributes="id=Ref name=Ref arn=ARN",
    ),
    "aws_memorydb_subnet_group": Mapping(
        "AWS::MemoryDB::SubnetGroup",
        "subnet_ids description name=SubnetGroupName -name_prefix",
        attributes="id=Ref name=Ref arn=ARN",
    ),
    "aws_memorydb_parameter_group": Mapping(
        "AWS::MemoryDB::ParameterGroup",
        "family description name=ParameterGroupName -name_prefix",
        {"parameter": to("Parameters", parameters)},
        attributes="id=Ref name=Ref arn=ARN",
    ),
    "aws_memorydb_acl": Mapping(
        "AWS::MemoryDB::ACL",
        "name=ACLName -name_prefix user_names",
        attributes="id=Ref name=Ref arn=Arn",
    ),
    "aws_memorydb_user": Mapping(
        "AWS::MemoryDB::User",
        "access_string user_name",
        {"authentication_mode": block("AuthenticationMode", "type passwords")},
        attributes="id=Ref user_name=Ref arn=Arn",
    ),
}
