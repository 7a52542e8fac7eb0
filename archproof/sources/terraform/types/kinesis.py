"""Kinesis: data streams and their consumers, video streams, Firehose."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archproof.sources.terraform.mapping import Mapping, block, blocks

if TYPE_CHECKING:
    from archproof.sources.terraform.made import Made

TYPES = (
    "aws_kinesis_stream", "aws_kinesis_stream_consumer", "aws_kinesis_resource_policy", "aws_kinesis_video_stream",
    "aws_kinesis_firehose_delivery_stream",
)  # fmt: skip


def _encryption(made: Made) -> None:
    if made.item.values.get("encryption_type") == "KMS":
        made.set("StreamEncryption.EncryptionType", "KMS", "encryption_type")
        made.set("StreamEncryption.KeyId", made.value("kms_key_id") or "alias/aws/kinesis", "kms_key_id")


def _firehose(made: Made) -> None:
    source = next((a for a in ("kinesis_source_configuration", "msk_source_configuration") if made.value(a)), None)
    kinds = {"kinesis_source_configuration": "KinesisStreamAsSource", "msk_source_configuration": "MSKAsSource"}
    made.set("DeliveryStreamType", kinds.get(source or "", "DirectPut"), *([source] if source else []))


MAPPINGS = {
    "aws_kinesis_stream": Mapping(
        "AWS::Kinesis::Stream",
        "name +encryption_type -enforce_consumer_deletion +kms_key_id "
        "-max_record_size_in_kib retention_period=RetentionPeriodHours "
        "shard_count shard_level_metrics=DesiredShardLevelMetrics",
        {"stream_mode_details": block("StreamModeDetails", "stream_mode")},
        attributes="id=Ref name=Ref arn=Arn",
        finish=_encryption,
    ),
    "aws_kinesis_stream_consumer": Mapping(
        "AWS::Kinesis::StreamConsumer",
        "name=ConsumerName stream_arn=StreamARN",
        attributes="id=Ref arn=Ref name=ConsumerName",
        tags="",
    ),
    "aws_kinesis_resource_policy": Mapping(
        "AWS::Kinesis::ResourcePolicy",
        "policy=ResourcePolicy:json resource_arn",
        attributes="id",
        tags="",
    ),
    "aws_kinesis_video_stream": Mapping(
        "AWS::KinesisVideo::Stream",
        "name data_retention_in_hours device_name kms_key_id media_type",
        attributes="id arn=Arn name=Ref",
    ),
    "aws_kinesis_firehose_delivery_stream": Mapping(
        "AWS::KinesisFirehose::DeliveryStream",
        "-destination name=DeliveryStreamName -destination_id "
        "-iceberg_configuration -snowflake_configuration -version_id",
        {
            "elasticsearch_configuration": block(
                "ElasticsearchDestinationConfiguration",
                "index_name role_arn=RoleARN "
                "buffering_interval=BufferingHints.IntervalInSeconds "
                "buffering_size=BufferingHints.SizeInMBs cluster_endpoint "
                "domain_arn=DomainARN index_rotation_period "
                "retry_duration=RetryOptions.DurationInSeconds s3_backup_mode "
                "type_name",
                {
                    "s3_configuration": block(
                        "S3Configuration",
                        "bucket_arn=BucketARN role_arn=RoleARN "
                        "buffering_interval=BufferingHints.IntervalInSeconds "
                        "buffering_size=BufferingHints.SizeInMBs compression_format "
                        "error_output_prefix "
                        "kms_key_arn=EncryptionConfiguration.KMSEncryptionConfig.AWSKMSKeyARN "
                        "prefix",
                        {
                            "cloudwatch_logging_options": block(
                                "CloudWatchLoggingOptions", "enabled log_group_name log_stream_name"
                            )
                        },
                    ),
                    "cloudwatch_logging_options": block(
                        "CloudWatchLoggingOptions", "enabled log_group_name log_stream_name"
                    ),
                    "processing_configuration": block(
                        "ProcessingConfiguration",
                        "enabled",
                        {
                            "processors": blocks(
                                "Processors",
                                "type",
                                {"parameters": blocks("Parameters", "parameter_name parameter_value")},
                            )
                        },
                    ),
                    "vpc_config": block("VpcConfiguration", "role_arn=RoleARN security_group_ids subnet_ids"),
                },
            ),
            "extended_s3_configuration": block(
                "ExtendedS3DestinationConfiguration",
                "bucket_arn=BucketARN role_arn=RoleARN "
                "buffering_interval=BufferingHints.IntervalInSeconds "
                "buffering_size=BufferingHints.SizeInMBs compression_format "
                "custom_time_zone -data_format_conversion_configuration "
                "error_output_prefix file_extension "
                "kms_key_arn=EncryptionConfiguration.KMSEncryptionConfig.AWSKMSKeyARN "
                "prefix s3_backup_mode",
                {
                    "cloudwatch_logging_options": block(
                        "CloudWatchLoggingOptions", "enabled log_group_name log_stream_name"
                    ),
                    "dynamic_partitioning_configuration": block(
                        "DynamicPartitioningConfiguration", "enabled retry_duration=RetryOptions.DurationInSeconds"
                    ),
                    "processing_configuration": block(
                        "ProcessingConfiguration",
                        "enabled",
                        {
                            "processors": blocks(
                                "Processors",
                                "type",
                                {"parameters": blocks("Parameters", "parameter_name parameter_value")},
                            )
                        },
                    ),
                    "s3_backup_configuration": block(
                        "S3BackupConfiguration",
                        "bucket_arn=BucketARN role_arn=RoleARN "
                        "buffering_interval=BufferingHints.IntervalInSeconds "
                        "buffering_size=BufferingHints.SizeInMBs compression_format "
                        "error_output_prefix "
                        "kms_key_arn=EncryptionConfiguration.KMSEncryptionConfig.AWSKMSKeyARN "
                        "prefix",
                        {
                            "cloudwatch_logging_options": block(
                                "CloudWatchLoggingOptions", "enabled log_group_name log_stream_name"
                            )
                        },
                    ),
                },
            ),
            "http_endpoint_configuration": block(
                "HttpEndpointDestinationConfiguration",
                "url=EndpointConfiguration.Url "
                "access_key=EndpointConfiguration.AccessKey "
                "buffering_interval=BufferingHints.IntervalInSeconds "
                "buffering_size=BufferingHints.SizeInMBs "
                "name=EndpointConfiguration.Name "
                "retry_duration=RetryOptions.DurationInSeconds role_arn=RoleARN "
                "s3_backup_mode",
                {
                    "s3_configuration": block(
                        "S3Configuration",
                        "bucket_arn=BucketARN role_arn=RoleARN "
                        "buffering_interval=BufferingHints.IntervalInSeconds "
                        "buffering_size=BufferingHints.SizeInMBs compression_format "
                        "error_output_prefix "
                        "kms_key_arn=EncryptionConfiguration.KMSEncryptionConfig.AWSKMSKeyARN "
                        "prefix",
                        {
                            "cloudwatch_logging_options": block(
                                "CloudWatchLoggingOptions", "enabled log_group_name log_stream_name"
                            )
                        },
                    ),
                    "cloudwatch_logging_options": block(
                        "CloudWatchLoggingOptions", "enabled log_group_name log_stream_name"
                    ),
                    "processing_configuration": block(
                        "ProcessingConfiguration",
                        "enabled",
                        {
                            "processors": blocks(
                                "Processors",
                                "type",
                                {"parameters": blocks("Parameters", "parameter_name parameter_value")},
                            )
                        },
                    ),
                    "request_configuration": block(
                        "RequestConfiguration", "content_encoding", {"common_attributes": blocks("CommonAttributes")}
                    ),
                    "secrets_manager_configuration": block(
                        "SecretsManagerConfiguration", "enabled role_arn=RoleARN secret_arn=SecretARN"
                    ),
                },
            ),
            "kinesis_source_configuration": block(
                "KinesisStreamSourceConfiguration", "kinesis_stream_arn=KinesisStreamARN role_arn=RoleARN"
            ),
            "msk_source_configuration": block(
                "MSKSourceConfiguration",
                "msk_cluster_arn=MSKClusterARN topic_name read_from_timestamp",
                {"authentication_configuration": block("AuthenticationConfiguration", "connectivity role_arn=RoleARN")},
            ),
            "opensearch_configuration": block(
                "AmazonopensearchserviceDestinationConfiguration",
                "index_name role_arn=RoleARN "
                "buffering_interval=BufferingHints.IntervalInSeconds "
                "buffering_size=BufferingHints.SizeInMBs cluster_endpoint "
                "domain_arn=DomainARN index_rotation_period "
                "retry_duration=RetryOptions.DurationInSeconds s3_backup_mode "
                "type_name",
                {
                    "s3_configuration": block(
                        "S3Configuration",
                        "bucket_arn=BucketARN role_arn=RoleARN "
                        "buffering_interval=BufferingHints.IntervalInSeconds "
                        "buffering_size=BufferingHints.SizeInMBs compression_format "
                        "error_output_prefix "
                        "kms_key_arn=EncryptionConfiguration.KMSEncryptionConfig.AWSKMSKeyARN "
                        "prefix",
                        {
                            "cloudwatch_logging_options": block(
                                "CloudWatchLoggingOptions", "enabled log_group_name log_stream_name"
                            )
                        },
                    ),
                    "cloudwatch_logging_options": block(
                        "CloudWatchLoggingOptions", "enabled log_group_name log_stream_name"
                    ),
                    "document_id_options": block("DocumentIdOptions", "default_document_id_format"),
                    "processing_configuration": block(
                        "ProcessingConfiguration",
                        "enabled",
                        {
                            "processors": blocks(
                                "Processors",
                                "type",
                                {"parameters": blocks("Parameters", "parameter_name parameter_value")},
                            )
                        },
                    ),
                    "vpc_config": block("VpcConfiguration", "role_arn=RoleARN security_group_ids subnet_ids"),
                },
            ),
            "opensearchserverless_configuration": block(
                "AmazonOpenSearchServerlessDestinationConfiguration",
                "collection_endpoint index_name role_arn=RoleARN "
                "buffering_interval=BufferingHints.IntervalInSeconds "
                "buffering_size=BufferingHints.SizeInMBs "
                "retry_duration=RetryOptions.DurationInSeconds s3_backup_mode",
                {
                    "s3_configuration": block(
                        "S3Configuration",
                        "bucket_arn=BucketARN role_arn=RoleARN "
                        "buffering_interval=BufferingHints.IntervalInSeconds "
                        "buffering_size=BufferingHints.SizeInMBs compression_format "
                        "error_output_prefix "
                        "kms_key_arn=EncryptionConfiguration.KMSEncryptionConfig.AWSKMSKeyARN "
                        "prefix",
                        {
                            "cloudwatch_logging_options": block(
                                "CloudWatchLoggingOptions", "enabled log_group_name log_stream_name"
                            )
                        },
                    ),
                    "cloudwatch_logging_options": block(
                        "CloudWatchLoggingOptions", "enabled log_group_name log_stream_name"
                    ),
                    "processing_configuration": block(
                        "ProcessingConfiguration",
                        "enabled",
                        {
                            "processors": blocks(
                                "Processors",
                                "type",
                                {"parameters": blocks("Parameters", "parameter_name parameter_value")},
                            )
                        },
                    ),
                    "vpc_config": block("VpcConfiguration", "role_arn=RoleARN security_group_ids subnet_ids"),
                },
            ),
            "redshift_configuration": block(
                "RedshiftDestinationConfiguration",
                "cluster_jdbcurl=ClusterJDBCURL "
                "data_table_name=CopyCommand.DataTableName role_arn=RoleARN "
                "copy_options=CopyCommand.CopyOptions "
                "data_table_columns=CopyCommand.DataTableColumns password "
                "retry_duration=RetryOptions.DurationInSeconds s3_backup_mode "
                "username",
                {
                    "s3_configuration": block(
                        "S3Configuration",
                        "bucket_arn=BucketARN role_arn=RoleARN "
                        "buffering_interval=BufferingHints.IntervalInSeconds "
                        "buffering_size=BufferingHints.SizeInMBs compression_format "
                        "error_output_prefix "
                        "kms_key_arn=EncryptionConfiguration.KMSEncryptionConfig.AWSKMSKeyARN "
                        "prefix",
                        {
                            "cloudwatch_logging_options": block(
                                "CloudWatchLoggingOptions", "enabled log_group_name log_stream_name"
                            )
                        },
                    ),
                    "cloudwatch_logging_options": block(
                        "CloudWatchLoggingOptions", "enabled log_group_name log_stream_name"
                    ),
                    "processing_configuration": block(
                        "ProcessingConfiguration",
                        "enabled",
                        {
                            "processors": blocks(
                                "Processors",
                                "type",
                                {"parameters": blocks("Parameters", "parameter_name parameter_value")},
                            )
                        },
                    ),
                    "s3_backup_configuration": block(
                        "S3BackupConfiguration",
                        "bucket_arn=BucketARN role_arn=RoleARN "
                        "buffering_interval=BufferingHints.IntervalInSeconds "
                        "buffering_size=BufferingHints.SizeInMBs compression_format "
                        "error_output_prefix "
                        "kms_key_arn=EncryptionConfiguration.KMSEncryptionConfig.AWSKMSKeyARN "
                        "prefix",
                        {
                            "cloudwatch_logging_options": block(
                                "CloudWatchLoggingOptions", "enabled log_group_name log_stream_name"
                            )
                        },
                    ),
                    "secrets_manager_configuration": block(
                        "SecretsManagerConfiguration", "enabled role_arn=RoleARN secret_arn=SecretARN"
                    ),
                },
            ),
            "server_side_encryption": block(
                "DeliveryStreamEncryptionConfigurationInput", "-enabled key_arn=KeyARN key_type"
            ),
            "splunk_configuration": block(
                "SplunkDestinationConfiguration",
                "hec_endpoint=HECEndpoint "
                "buffering_interval=BufferingHints.IntervalInSeconds "
                "buffering_size=BufferingHints.SizeInMBs "
                "hec_endpoint_type=HECEndpointType hec_token=HECToken "
                "retry_duration=RetryOptions.DurationInSeconds s3_backup_mode",
                {
                    "s3_configuration": block(
                        "S3Configuration",
                        "bucket_arn=BucketARN role_arn=RoleARN "
                        "buffering_interval=BufferingHints.IntervalInSeconds "
                        "buffering_size=BufferingHints.SizeInMBs compression_format "
                        "error_output_prefix "
                        "kms_key_arn=EncryptionConfiguration.KMSEncryptionConfig.AWSKMSKeyARN "
                        "prefix",
                        {
                            "cloudwatch_logging_options": block(
                                "CloudWatchLoggingOptions", "enabled log_group_name log_stream_name"
                            )
                        },
                    ),
                    "cloudwatch_logging_options": block(
                        "CloudWatchLoggingOptions", "enabled log_group_name log_stream_name"
                    ),
                    "processing_configuration": block(
                        "ProcessingConfiguration",
                        "enabled",
                        {
                            "processors": blocks(
                                "Processors",
                                "type",
                                {"parameters": blocks("Parameters", "parameter_name parameter_value")},
                            )
                        },
                    ),
                    "secrets_manager_configuration": block(
                        "SecretsManagerConfiguration", "enabled role_arn=RoleARN secret_arn=SecretARN"
                    ),
                },
            ),
        },
        attributes="id name=Ref arn=Arn",
        finish=_firehose,
        secret="redshift_configuration.password http_endpoint_configuration.access_key splunk_configuration.hec_token",
    ),
}
