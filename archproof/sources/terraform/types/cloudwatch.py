"""CloudWatch: alarms, dashboards, log groups and what reads them, metric streams, canaries."""

from __future__ import annotations

from archproof.sources.terraform.convert import pairs
from archproof.sources.terraform.mapping import Mapping, Merge, block, blocks, to, unless
from archproof.sources.terraform.types._shapes import named

TYPES = (
    "aws_cloudwatch_metric_alarm", "aws_cloudwatch_composite_alarm", "aws_cloudwatch_dashboard",
    "aws_cloudwatch_log_group", "aws_cloudwatch_log_stream", "aws_cloudwatch_log_metric_filter",
    "aws_cloudwatch_log_subscription_filter", "aws_cloudwatch_log_resource_policy",
    "aws_cloudwatch_log_destination", "aws_cloudwatch_log_destination_policy",
    "aws_cloudwatch_log_data_protection_policy", "aws_cloudwatch_query_definition", "aws_cloudwatch_metric_stream",
    "aws_cloudwatch_log_anomaly_detector", "aws_synthetics_canary",
)  # fmt: skip


MAPPINGS = {
    "aws_cloudwatch_metric_alarm": Mapping(
        "AWS::CloudWatch::Alarm",
        "alarm_name comparison_operator evaluation_periods "
        "actions_enabled alarm_actions alarm_description "
        "datapoints_to_alarm "
        "evaluate_low_sample_count_percentiles=EvaluateLowSampleCountPercentile "
        "extended_statistic insufficient_data_actions metric_name "
        "namespace ok_actions=OKActions period statistic threshold "
        "threshold_metric_id treat_missing_data unit",
        {
            "dimensions": to("Dimensions", named),
            "metric_query": blocks(
                "Metrics",
                "id account_id expression label period return_data",
                {
                    "metric": block(
                        "MetricStat",
                        "metric_name=Metric.MetricName period stat namespace=Metric.Namespace unit",
                        {"dimensions": to("Metric.Dimensions", named)},
                    )
                },
            ),
        },
        attributes="id=Ref alarm_name=Ref arn=Arn",
    ),
    "aws_cloudwatch_composite_alarm": Mapping(
        "AWS::CloudWatch::CompositeAlarm",
        "alarm_name alarm_rule actions_enabled alarm_actions "
        "alarm_description insufficient_data_actions "
        "ok_actions=OKActions",
        {
            "actions_suppressor": block(
                "",
                "alarm=ActionsSuppressor "
                "extension_period=ActionsSuppressorExtensionPeriod "
                "wait_period=ActionsSuppressorWaitPeriod",
            )
        },
        attributes="id=Ref alarm_name=Ref arn=Arn",
    ),
    "aws_cloudwatch_dashboard": Mapping(
        "AWS::CloudWatch::Dashboard",
        "dashboard_body dashboard_name",
        attributes="id=Ref dashboard_name=Ref",
        tags="",
    ),
    "aws_cloudwatch_log_group": Mapping(
        "AWS::Logs::LogGroup",
        "deletion_protection_enabled kms_key_id log_group_class name=LogGroupName -name_prefix -skip_destroy",
        {"retention_in_days": unless("RetentionInDays", 0)},
        attributes="id=Ref name=Ref arn=sub:arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:${.}",
    ),
    "aws_cloudwatch_log_stream": Mapping(
        "AWS::Logs::LogStream",
        "log_group_name name=LogStreamName",
        attributes="id=Ref name=Ref",
        tags="",
    ),
    "aws_cloudwatch_log_metric_filter": Mapping(
        "AWS::Logs::MetricFilter",
        "log_group_name name=FilterName pattern=FilterPattern apply_on_transformed_logs",
        {
            "metric_transformation": blocks(
                "MetricTransformations",
                "name=MetricName namespace=MetricNamespace value=MetricValue default_value:number unit",
                {"dimensions": to("Dimensions", pairs)},
            )
        },
        attributes="id=Ref name=Ref",
        tags="",
    ),
    "aws_cloudwatch_log_subscription_filter": Mapping(
        "AWS::Logs::SubscriptionFilter",
        "destination_arn filter_pattern log_group_name name=FilterName distribution role_arn",
        attributes="id=Ref name=Ref",
        tags="",
    ),
    "aws_cloudwatch_log_resource_policy": Mapping(
        "AWS::Logs::ResourcePolicy",
        "policy_document:json policy_name",
        attributes="id=Ref policy_name=Ref",
        tags="",
    ),
    "aws_cloudwatch_log_destination": Mapping(
        "AWS::Logs::Destination",
        "name=DestinationName role_arn target_arn",
        attributes="id=Ref name=Ref arn=Arn",
    ),
    "aws_cloudwatch_log_destination_policy": Mapping(
        None,
        "access_policy=DestinationPolicy -destination_name -force_update",
        attributes="id==destination_name",
        tags="",
        merge=Merge("destination_name", "aws_cloudwatch_log_destination"),
    ),
    "aws_cloudwatch_log_data_protection_policy": Mapping(
        None,
        "-log_group_name policy_document=DataProtectionPolicy:json",
        attributes="id==log_group_name",
        tags="",
        merge=Merge("log_group_name", "aws_cloudwatch_log_group"),
    ),
    "aws_cloudwatch_query_definition": Mapping(
        "AWS::Logs::QueryDefinition",
        "name query_string log_group_names",
        attributes="id=Ref query_definition_id=Ref",
        tags="",
    ),
    "aws_cloudwatch_metric_stream": Mapping(
        "AWS::CloudWatch::MetricStream",
        "firehose_arn output_format role_arn include_linked_accounts_metrics name -name_prefix",
        {
            "exclude_filter": blocks("ExcludeFilters", "namespace metric_names"),
            "include_filter": blocks("IncludeFilters", "namespace metric_names"),
            "statistics_configuration": blocks(
                "StatisticsConfigurations",
                "additional_statistics",
                {"include_metric": blocks("IncludeMetrics", "metric_name namespace")},
            ),
        },
        attributes="id=Ref name=Ref arn=Arn",
    ),
    "aws_cloudwatch_log_anomaly_detector": Mapping(
        "AWS::Logs::LogAnomalyDetector",
        "-enabled log_group_arn_list anomaly_visibility_time "
        "detector_name evaluation_frequency filter_pattern kms_key_id",
        attributes="arn=Ref",
        tags="",
    ),
    "aws_synthetics_canary": Mapping(
        "AWS::Synthetics::Canary",
        "artifact_s3_location execution_role_arn handler=Code.Handler "
        "name runtime_version failure_retention_period "
        "s3_bucket=Code.S3Bucket s3_key=Code.S3Key "
        "s3_version=Code.S3ObjectVersion "
        "start_canary=StartCanaryAfterCreation success_retention_period "
        "-zip_file",
        {
            "schedule": block(
                "Schedule", "expression duration_in_seconds:text", {"retry_config": block("RetryConfig", "max_retries")}
            ),
            "artifact_config": block(
                "ArtifactConfig", "", {"s3_encryption": block("S3Encryption", "encryption_mode kms_key_arn")}
            ),
            "run_config": block(
                "RunConfig",
                "active_tracing environment_variables ephemeral_storage memory_in_mb=MemoryInMB timeout_in_seconds",
            ),
            "vpc_config": block("VPCConfig", "ipv6_allowed_for_dual_stack security_group_ids subnet_ids"),
        },
        attributes="id=Ref name=Ref",
    ),
}
