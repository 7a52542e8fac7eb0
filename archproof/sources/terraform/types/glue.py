"""Glue, Athena, Lake Formation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archproof.sources.terraform.mapping import Mapping, block, blocks

if TYPE_CHECKING:
    from archproof.sources.terraform.made import Made

TYPES = (
    "aws_glue_catalog_database", "aws_glue_catalog_table", "aws_glue_crawler", "aws_glue_job", "aws_glue_trigger",
    "aws_glue_workflow", "aws_glue_connection", "aws_glue_registry", "aws_glue_schema",
    "aws_glue_security_configuration", "aws_athena_workgroup", "aws_athena_named_query", "aws_athena_data_catalog",
    "aws_athena_prepared_statement", "aws_lakeformation_resource",
)  # fmt: skip


def _catalog(made: Made) -> None:
    """The catalog is that of the account where nothing else is said."""
    if not made.resource.has("CatalogId"):
        made.set("CatalogId", made.value("catalog_id") or {"Ref": "AWS::AccountId"})


MAPPINGS = {
    "aws_glue_catalog_database": Mapping(
        "AWS::Glue::Database",
        "name=DatabaseInput.Name catalog_id "
        "-create_table_default_permission "
        "description=DatabaseInput.Description -federated_database "
        "location_uri=DatabaseInput.LocationUri "
        "parameters=DatabaseInput.Parameters",
        {"target_database": block("DatabaseInput.TargetDatabase", "catalog_id database_name region")},
        attributes="id=Ref name=Ref",
        tags="",
        finish=_catalog,
    ),
    "aws_glue_catalog_table": Mapping(
        "AWS::Glue::Table",
        "database_name name=TableInput.Name catalog_id "
        "description=TableInput.Description owner=TableInput.Owner "
        "parameters=TableInput.Parameters -partition_index "
        "retention=TableInput.Retention table_type=TableInput.TableType "
        "view_expanded_text=TableInput.ViewExpandedText "
        "view_original_text=TableInput.ViewOriginalText",
        {
            "open_table_format_input": block(
                "OpenTableFormatInput", "", {"iceberg_input": block("IcebergInput", "metadata_operation version")}
            ),
            "partition_keys": blocks("TableInput.PartitionKeys", "name comment -parameters type"),
            "storage_descriptor": block(
                "TableInput.StorageDescriptor",
                "bucket_columns compressed input_format location "
                "number_of_buckets output_format parameters "
                "stored_as_sub_directories",
                {
                    "columns": blocks("Columns", "name comment -parameters type"),
                    "schema_reference": block(
                        "SchemaReference",
                        "schema_version_number schema_version_id",
                        {"schema_id": block("SchemaId", "registry_name schema_arn schema_name")},
                    ),
                    "ser_de_info": block("SerdeInfo", "name parameters serialization_library"),
                    "skewed_info": block(
                        "SkewedInfo", "skewed_column_names skewed_column_value_location_maps skewed_column_values"
                    ),
                    "sort_columns": blocks("SortColumns", "column sort_order"),
                },
            ),
            "target_table": block("TableInput.TargetTable", "catalog_id database_name name region"),
        },
        attributes="id=Ref name=Ref",
        tags="",
        finish=_catalog,
    ),
    "aws_glue_crawler": Mapping(
        "AWS::Glue::Crawler",
        "database_name name role classifiers configuration description "
        "schedule=Schedule.ScheduleExpression "
        "security_configuration=CrawlerSecurityConfiguration "
        "table_prefix",
        {
            "catalog_target": blocks(
                "Targets.CatalogTargets", "database_name tables connection_name dlq_event_queue_arn event_queue_arn"
            ),
            "delta_target": blocks(
                "Targets.DeltaTargets", "delta_tables write_manifest connection_name create_native_delta_table"
            ),
            "dynamodb_target": blocks("Targets.DynamoDBTargets", "path scan_all scan_rate"),
            "hudi_target": blocks("Targets.HudiTargets", "maximum_traversal_depth paths connection_name exclusions"),
            "iceberg_target": blocks(
                "Targets.IcebergTargets", "maximum_traversal_depth paths connection_name exclusions"
            ),
            "jdbc_target": blocks("Targets.JdbcTargets", "connection_name path enable_additional_metadata exclusions"),
            "lake_formation_configuration": block(
                "LakeFormationConfiguration", "account_id use_lake_formation_credentials"
            ),
            "mongodb_target": blocks("Targets.MongoDBTargets", "connection_name path"),
            "recrawl_policy": block("RecrawlPolicy", "recrawl_behavior"),
            "s3_target": blocks(
                "Targets.S3Targets", "path connection_name dlq_event_queue_arn event_queue_arn exclusions sample_size"
            ),
            "schema_change_policy": block("SchemaChangePolicy", "delete_behavior update_behavior"),
        },
        attributes="id=Ref name=Ref",
        tags="map",
    ),
    "aws_glue_job": Mapping(
        "AWS::Glue::Job",
        "name role_arn=Role connections=Connections.Connections "
        "default_arguments description execution_class glue_version "
        "job_mode job_run_queuing_enabled maintenance_window "
        "max_capacity max_retries non_overridable_arguments "
        "number_of_workers security_configuration timeout worker_type",
        {
            "command": block("Command", "script_location name python_version runtime"),
            "execution_property": block("ExecutionProperty", "max_concurrent_runs"),
            "notification_property": block("NotificationProperty", "notify_delay_after"),
        },
        attributes="id=Ref name=Ref",
        tags="map",
    ),
    "aws_glue_trigger": Mapping(
        "AWS::Glue::Trigger",
        "name type description -enabled schedule start_on_creation workflow_name",
        {
            "actions": blocks(
                "Actions",
                "arguments crawler_name job_name security_configuration timeout",
                {"notification_property": block("NotificationProperty", "notify_delay_after")},
            ),
            "event_batching_condition": block("EventBatchingCondition", "batch_size batch_window"),
            "predicate": block(
                "Predicate",
                "logical",
                {"conditions": blocks("Conditions", "crawler_name crawl_state job_name logical_operator state")},
            ),
        },
        attributes="id=Ref name=Ref",
        tags="map",
    ),
    "aws_glue_workflow": Mapping(
        "AWS::Glue::Workflow",
        "default_run_properties description max_concurrent_runs name",
        attributes="id=Ref name=Ref",
        tags="map",
    ),
    "aws_glue_connection": Mapping(
        "AWS::Glue::Connection",
        "name=ConnectionInput.Name "
        "athena_properties=ConnectionInput.AthenaProperties +catalog_id "
        "connection_properties=ConnectionInput.ConnectionProperties "
        "connection_type=ConnectionInput.ConnectionType "
        "description=ConnectionInput.Description "
        "match_criteria=ConnectionInput.MatchCriteria",
        {
            "physical_connection_requirements": block(
                "ConnectionInput.PhysicalConnectionRequirements", "availability_zone security_group_id_list subnet_id"
            )
        },
        attributes="id=Ref name=Ref",
        tags="",
        secret="connection_properties.PASSWORD",
        finish=_catalog,
    ),
    "aws_glue_registry": Mapping(
        "AWS::Glue::Registry",
        "registry_name=Name description",
        attributes="id=Ref arn=Arn",
    ),
    "aws_glue_schema": Mapping(
        "AWS::Glue::Schema",
        "compatibility data_format schema_definition schema_name=Name description registry_arn=Registry.Arn",
        attributes="id=Ref arn=Arn",
    ),
    "aws_glue_security_configuration": Mapping(
        "AWS::Glue::SecurityConfiguration",
        "name",
        {
            "encryption_configuration": block(
                "EncryptionConfiguration",
                "",
                {
                    "cloudwatch_encryption": block(
                        "CloudWatchEncryption", "cloudwatch_encryption_mode=CloudWatchEncryptionMode kms_key_arn"
                    ),
                    "job_bookmarks_encryption": block(
                        "JobBookmarksEncryption", "job_bookmarks_encryption_mode kms_key_arn"
                    ),
                    "s3_encryption": blocks("S3Encryptions", "kms_key_arn s3_encryption_mode"),
                },
            )
        },
        attributes="id=Ref name=Ref",
        tags="",
    ),
    "aws_athena_workgroup": Mapping(
        "AWS::Athena::WorkGroup",
        "name description -force_destroy state",
        {
            "configuration": block(
                "WorkGroupConfiguration",
                "bytes_scanned_cutoff_per_query "
                "enforce_workgroup_configuration=EnforceWorkGroupConfiguration "
                "execution_role "
                "publish_cloudwatch_metrics_enabled=PublishCloudWatchMetricsEnabled "
                "requester_pays_enabled",
                {
                    "engine_version": block("EngineVersion", "selected_engine_version"),
                    "managed_query_results_configuration": block(
                        "ManagedQueryResultsConfiguration",
                        "enabled",
                        {"encryption_configuration": block("EncryptionConfiguration", "kms_key")},
                    ),
                    "result_configuration": block(
                        "ResultConfiguration",
                        "expected_bucket_owner output_location",
                        {
                            "acl_configuration": block("AclConfiguration", "s3_acl_option"),
                            "encryption_configuration": block(
                                "EncryptionConfiguration", "encryption_option kms_key_arn=KmsKey"
                            ),
                        },
                    ),
                },
            )
        },
        attributes="id=Ref name=Ref",
    ),
    "aws_athena_named_query": Mapping(
        "AWS::Athena::NamedQuery",
        "database name query=QueryString description workgroup=WorkGroup",
        attributes="id=NamedQueryId",
        tags="",
    ),
    "aws_athena_data_catalog": Mapping(
        "AWS::Athena::DataCatalog",
        "description name parameters type",
        attributes="id=Ref name=Ref",
    ),
    "aws_athena_prepared_statement": Mapping(
        "AWS::Athena::PreparedStatement",
        "name=StatementName query_statement workgroup=WorkGroup description",
        attributes="id=Ref",
        tags="",
    ),
    "aws_lakeformation_resource": Mapping(
        "AWS::LakeFormation::Resource",
        "arn=ResourceArn hybrid_access_enabled role_arn use_service_linked_role with_federation",
        attributes="id==arn arn==arn",
        tags="",
        defaults={"use_service_linked_role": False},
    ),
}
