"""Redshift, DocumentDB, Neptune, Timestream, Keyspaces, DMS."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archproof.sources.terraform.made import forget
from archproof.sources.terraform.mapping import Mapping, block, blocks, to
from archproof.sources.terraform.types._shapes import parameters

if TYPE_CHECKING:
    from archproof.sources.terraform.made import Made

TYPES = (
    "aws_redshift_cluster", "aws_redshift_subnet_group", "aws_redshift_parameter_group",
    "aws_redshiftserverless_namespace", "aws_redshiftserverless_workgroup", "aws_docdb_cluster",
    "aws_docdb_cluster_instance", "aws_docdb_subnet_group", "aws_docdb_cluster_parameter_group",
    "aws_neptune_cluster", "aws_neptune_cluster_instance", "aws_neptune_subnet_group",
    "aws_neptune_cluster_parameter_group", "aws_neptune_parameter_group", "aws_timestreamwrite_database",
    "aws_timestreamwrite_table", "aws_keyspaces_keyspace", "aws_dms_replication_instance",
    "aws_dms_replication_subnet_group", "aws_dms_endpoint", "aws_dms_replication_task",
)  # fmt: skip


def _redshift(made: Made) -> None:
    nodes = made.item.values.get("number_of_nodes")
    many = isinstance(nodes, int) and nodes > 1
    if not made.resource.has("ClusterType"):
        made.set("ClusterType", "multi-node" if many else "single-node", "number_of_nodes")
    if not many and nodes == 1:
        forget(made.resource, ("NumberOfNodes",))


def _roles(value: Any) -> Any:
    return [{"RoleArn": v} for v in value] if isinstance(value, list) else value


MAPPINGS = {
    "aws_redshift_cluster": Mapping(
        "AWS::Redshift::Cluster",
        "cluster_identifier node_type allow_version_upgrade "
        "-apply_immediately aqua_configuration_status "
        "automated_snapshot_retention_period availability_zone "
        "cluster_parameter_group_name cluster_subnet_group_name "
        "cluster_type cluster_version database_name=DBName "
        "-default_iam_role_arn elastic_ip encrypted:flag "
        "enhanced_vpc_routing -final_snapshot_identifier iam_roles "
        "kms_key_id maintenance_track_name manage_master_password "
        "manual_snapshot_retention_period "
        "master_password=MasterUserPassword "
        "master_password_secret_kms_key_id -master_password_wo "
        "-master_password_wo_version master_username multi_az=MultiAZ "
        "number_of_nodes owner_account port preferred_maintenance_window "
        "publicly_accessible -skip_final_snapshot "
        "snapshot_cluster_identifier snapshot_identifier "
        "vpc_security_group_ids",
        attributes="id=Ref cluster_identifier=Ref endpoint=Endpoint.Address "
        "dns_name=Endpoint.Address "
        "arn=sub:arn:${AWS::Partition}:redshift:${AWS::Region}:${AWS::AccountId}:cluster:${.}",
        secret="master_password",
        finish=_redshift,
    ),
    "aws_redshift_subnet_group": Mapping(
        "AWS::Redshift::ClusterSubnetGroup",
        "-name subnet_ids description",
        attributes="id=Ref name=Ref",
        defaults={"description": "Managed by Terraform"},
    ),
    "aws_redshift_parameter_group": Mapping(
        "AWS::Redshift::ClusterParameterGroup",
        "family=ParameterGroupFamily description",
        {"parameter": blocks("Parameters", "name=ParameterName value=ParameterValue")},
        attributes="id=Ref name=Ref",
        defaults={"description": "Managed by Terraform"},
    ),
    "aws_redshiftserverless_namespace": Mapping(
        "AWS::RedshiftServerless::Namespace",
        "namespace_name admin_password_secret_kms_key_id admin_username "
        "admin_user_password -admin_user_password_wo "
        "-admin_user_password_wo_version db_name default_iam_role_arn "
        "iam_roles kms_key_id log_exports manage_admin_password",
        attributes="id=Ref namespace_name=Ref arn=Namespace.NamespaceArn",
        secret="admin_user_password",
    ),
    "aws_redshiftserverless_workgroup": Mapping(
        "AWS::RedshiftServerless::Workgroup",
        "namespace_name workgroup_name base_capacity "
        "enhanced_vpc_routing max_capacity port publicly_accessible "
        "security_group_ids subnet_ids track_name",
        {
            "config_parameter": blocks("ConfigParameters", "parameter_key parameter_value"),
            "price_performance_target": block("PricePerformanceTarget", "level"),
        },
        attributes="id=Ref workgroup_name=Ref arn=Workgroup.WorkgroupArn",
    ),
    "aws_docdb_cluster": Mapping(
        "AWS::DocDB::DBCluster",
        "-apply_immediately availability_zones backup_retention_period "
        "cluster_identifier=DBClusterIdentifier "
        "-cluster_identifier_prefix "
        "db_cluster_parameter_group_name=DBClusterParameterGroupName "
        "db_subnet_group_name=DBSubnetGroupName deletion_protection "
        "enabled_cloudwatch_logs_exports=EnableCloudwatchLogsExports "
        "-engine engine_version global_cluster_identifier kms_key_id "
        "manage_master_user_password master_password=MasterUserPassword "
        "-master_password_wo -master_password_wo_version master_username "
        "network_type port preferred_backup_window "
        "preferred_maintenance_window -skip_final_snapshot "
        "snapshot_identifier storage_encrypted storage_type "
        "vpc_security_group_ids",
        {"serverless_v2_scaling_configuration": block("ServerlessV2ScalingConfiguration", "max_capacity min_capacity")},
        attributes="id=Ref cluster_identifier=Ref endpoint=Endpoint "
        "reader_endpoint=ReadEndpoint port=Port "
        "cluster_resource_id=ClusterResourceId",
        secret="master_password",
    ),
    "aws_docdb_cluster_instance": Mapping(
        "AWS::DocDB::DBInstance",
        "cluster_identifier=DBClusterIdentifier "
        "instance_class=DBInstanceClass -apply_immediately "
        "auto_minor_version_upgrade availability_zone "
        "ca_cert_identifier=CACertificateIdentifier "
        "enable_performance_insights -engine "
        "identifier=DBInstanceIdentifier -identifier_prefix "
        "preferred_maintenance_window -promotion_tier",
        attributes="id=Ref identifier=Ref endpoint=Endpoint port=Port",
    ),
    "aws_docdb_subnet_group": Mapping(
        "AWS::DocDB::DBSubnetGroup",
        "subnet_ids description=DBSubnetGroupDescription name=DBSubnetGroupName -name_prefix",
        attributes="id=Ref name=Ref",
        defaults={"description": "Managed by Terraform"},
    ),
    "aws_docdb_cluster_parameter_group": Mapping(
        "AWS::DocDB::DBClusterParameterGroup",
        "family description name -name_prefix",
        {"parameter": to("Parameters", parameters)},
        attributes="id=Ref name=Ref",
        defaults={"description": "Managed by Terraform"},
    ),
    "aws_neptune_cluster": Mapping(
        "AWS::Neptune::DBCluster",
        "-apply_immediately availability_zones backup_retention_period "
        "cluster_identifier=DBClusterIdentifier "
        "-cluster_identifier_prefix copy_tags_to_snapshot "
        "deletion_protection enable_cloudwatch_logs_exports -engine "
        "engine_version global_cluster_identifier "
        "iam_database_authentication_enabled=IamAuthEnabled "
        "kms_key_arn=KmsKeyId "
        "neptune_cluster_parameter_group_name=DBClusterParameterGroupName "
        "neptune_subnet_group_name=DBSubnetGroupName port=DBPort "
        "preferred_backup_window preferred_maintenance_window "
        "-skip_final_snapshot snapshot_identifier storage_encrypted "
        "vpc_security_group_ids",
        {
            "iam_roles": to("AssociatedRoles", _roles),
            "serverless_v2_scaling_configuration": block("ServerlessScalingConfiguration", "max_capacity min_capacity"),
        },
        attributes="id=Ref cluster_identifier=Ref endpoint=Endpoint reader_endpoint=ReadEndpoint port=Port",
    ),
    "aws_neptune_cluster_instance": Mapping(
        "AWS::Neptune::DBInstance",
        "cluster_identifier=DBClusterIdentifier "
        "instance_class=DBInstanceClass -apply_immediately "
        "auto_minor_version_upgrade availability_zone -engine "
        "identifier=DBInstanceIdentifier -identifier_prefix "
        "neptune_parameter_group_name=DBParameterGroupName "
        "preferred_maintenance_window -promotion_tier "
        "publicly_accessible -skip_final_snapshot",
        attributes="id=Ref identifier=Ref endpoint=Endpoint port=Port",
    ),
    "aws_neptune_subnet_group": Mapping(
        "AWS::Neptune::DBSubnetGroup",
        "subnet_ids description=DBSubnetGroupDescription name=DBSubnetGroupName -name_prefix",
        attributes="id=Ref name=Ref",
        defaults={"description": "Managed by Terraform"},
    ),
    "aws_neptune_cluster_parameter_group": Mapping(
        "AWS::Neptune::DBClusterParameterGroup",
        "family description name -name_prefix",
        {"parameter": to("Parameters", parameters)},
        attributes="id=Ref name=Ref",
        defaults={"description": "Managed by Terraform"},
    ),
    "aws_neptune_parameter_group": Mapping(
        "AWS::Neptune::DBParameterGroup",
        "family description name -name_prefix",
        {"parameter": to("Parameters", parameters)},
        attributes="id=Ref name=Ref",
        defaults={"description": "Managed by Terraform"},
    ),
    "aws_timestreamwrite_database": Mapping(
        "AWS::Timestream::Database",
        "database_name kms_key_id",
        attributes="id=Ref arn=Arn database_name==database_name",
    ),
    "aws_timestreamwrite_table": Mapping(
        "AWS::Timestream::Table",
        "database_name table_name",
        {
            "magnetic_store_write_properties": block(
                "MagneticStoreWriteProperties",
                "enable_magnetic_store_writes",
                {
                    "magnetic_store_rejected_data_location": block(
                        "MagneticStoreRejectedDataLocation",
                        "",
                        {
                            "s3_configuration": block(
                                "S3Configuration", "bucket_name encryption_option kms_key_id object_key_prefix"
                            )
                        },
                    )
                },
            ),
            "retention_properties": block(
                "RetentionProperties",
                "magnetic_store_retention_period_in_days:text memory_store_retention_period_in_hours:text",
            ),
            "schema": block(
                "Schema",
                "",
                {"composite_partition_key": blocks("CompositePartitionKey", "type enforcement_in_record name")},
            ),
        },
        attributes="id=Ref arn=Arn table_name=Name",
    ),
    "aws_keyspaces_keyspace": Mapping(
        "AWS::Cassandra::Keyspace",
        "name=KeyspaceName",
        {"replication_specification": block("ReplicationSpecification", "region_list replication_strategy")},
        attributes="id=Ref name=Ref",
    ),
    "aws_dms_replication_instance": Mapping(
        "AWS::DMS::ReplicationInstance",
        "replication_instance_class "
        "replication_instance_id=ReplicationInstanceIdentifier "
        "allocated_storage allow_major_version_upgrade "
        "-apply_immediately auto_minor_version_upgrade availability_zone "
        "dns_name_servers engine_version kms_key_arn=KmsKeyId "
        "multi_az=MultiAZ network_type preferred_maintenance_window "
        "publicly_accessible "
        "replication_subnet_group_id=ReplicationSubnetGroupIdentifier "
        "vpc_security_group_ids",
        attributes="id=Ref replication_instance_arn=Ref",
    ),
    "aws_dms_replication_subnet_group": Mapping(
        "AWS::DMS::ReplicationSubnetGroup",
        "replication_subnet_group_description replication_subnet_group_id=ReplicationSubnetGroupIdentifier subnet_ids",
        attributes="id=Ref",
    ),
    "aws_dms_endpoint": Mapping(
        "AWS::DMS::Endpoint",
        "endpoint_id=EndpointIdentifier endpoint_type engine_name "
        "certificate_arn database_name extra_connection_attributes "
        "kms_key_arn=KmsKeyId password -pause_replication_tasks port "
        "-secrets_manager_access_role_arn -secrets_manager_arn "
        "server_name ssl_mode username",
        {
            "elasticsearch_settings": block(
                "ElasticsearchSettings",
                "endpoint_uri service_access_role_arn error_retry_duration full_load_error_percentage",
            ),
            "kafka_settings": block(
                "KafkaSettings",
                "broker include_control_details include_null_and_empty "
                "include_partition_value include_table_alter_operations "
                "include_transaction_details message_format message_max_bytes "
                "no_hex_prefix partition_include_schema_table sasl_password "
                "sasl_username=SaslUserName security_protocol "
                "ssl_ca_certificate_arn ssl_client_certificate_arn "
                "ssl_client_key_arn ssl_client_key_password topic",
            ),
            "kinesis_settings": block(
                "KinesisSettings",
                "include_control_details include_null_and_empty "
                "include_partition_value include_table_alter_operations "
                "include_transaction_details message_format "
                "partition_include_schema_table service_access_role_arn "
                "stream_arn",
            ),
            "mongodb_settings": block(
                "MongoDbSettings",
                "auth_mechanism auth_source auth_type docs_to_investigate extract_doc_id nesting_level",
            ),
            "mysql_settings": block(
                "MySqlSettings",
                "after_connect_script clean_source_metadata_on_mismatch "
                "events_poll_interval max_file_size parallel_load_threads "
                "server_timezone target_db_type",
            ),
            "oracle_settings": block("OracleSettings"),
            "postgres_settings": block(
                "PostgreSqlSettings",
                "after_connect_script babelfish_database_name capture_ddls "
                "database_mode ddl_artifacts_schema execute_timeout "
                "fail_tasks_on_lob_truncation heartbeat_enable "
                "heartbeat_frequency heartbeat_schema map_boolean_as_boolean "
                "max_file_size plugin_name slot_name",
            ),
            "redis_settings": block(
                "RedisSettings",
                "auth_type port server_name auth_password auth_user_name ssl_ca_certificate_arn ssl_security_protocol",
            ),
            "redshift_settings": block(
                "RedshiftSettings",
                "bucket_folder bucket_name encryption_mode server_side_encryption_kms_key_id service_access_role_arn",
            ),
        },
        attributes="id=Ref endpoint_arn=Ref",
        secret="password",
    ),
    "aws_dms_replication_task": Mapping(
        "AWS::DMS::ReplicationTask",
        "migration_type replication_instance_arn "
        "replication_task_id=ReplicationTaskIdentifier "
        "source_endpoint_arn table_mappings target_endpoint_arn "
        "cdc_start_position cdc_start_time:number "
        "replication_task_settings resource_identifier "
        "-start_replication_task",
        attributes="id=Ref replication_task_arn=Ref",
    ),
}
