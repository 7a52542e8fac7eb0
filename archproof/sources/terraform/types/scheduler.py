"""EventBridge Scheduler and Pipes, registries of schemas."""

from __future__ import annotations

from archproof.sources.terraform.mapping import Mapping, block, blocks, to
from archproof.sources.terraform.types._shapes import public

TYPES = (
    "aws_scheduler_schedule", "aws_scheduler_schedule_group", "aws_pipes_pipe", "aws_schemas_registry",
    "aws_schemas_discoverer", "aws_schemas_schema",
)  # fmt: skip


MAPPINGS = {
    "aws_scheduler_schedule": Mapping(
        "AWS::Scheduler::Schedule",
        "schedule_expression -action_after_completion description "
        "end_date group_name kms_key_arn name -name_prefix "
        "schedule_expression_timezone start_date state",
        {
            "flexible_time_window": block("FlexibleTimeWindow", "mode maximum_window_in_minutes"),
            "target": block(
                "Target",
                "arn role_arn input",
                {
                    "dead_letter_config": block("DeadLetterConfig", "arn"),
                    "ecs_parameters": block(
                        "EcsParameters",
                        "task_definition_arn "
                        "enable_ecs_managed_tags=EnableECSManagedTags "
                        "enable_execute_command group launch_type platform_version "
                        "propagate_tags reference_id task_count",
                        {
                            "capacity_provider_strategy": blocks(
                                "CapacityProviderStrategy", "capacity_provider base weight"
                            ),
                            "network_configuration": block(
                                "NetworkConfiguration.AwsvpcConfiguration",
                                "subnets security_groups",
                                {"assign_public_ip": to("AssignPublicIp", public)},
                            ),
                            "placement_constraints": blocks("PlacementConstraints", "type expression"),
                            "placement_strategy": blocks("PlacementStrategy", "type field"),
                        },
                    ),
                    "eventbridge_parameters": block("EventBridgeParameters", "detail_type source"),
                    "kinesis_parameters": block("KinesisParameters", "partition_key"),
                    "retry_policy": block("RetryPolicy", "maximum_event_age_in_seconds maximum_retry_attempts"),
                    "sagemaker_pipeline_parameters": block(
                        "SageMakerPipelineParameters",
                        "",
                        {"pipeline_parameter": blocks("PipelineParameterList", "name value")},
                    ),
                    "sqs_parameters": block("SqsParameters", "message_group_id"),
                },
            ),
        },
        attributes="id=Ref name=Ref arn=Arn",
        tags="",
    ),
    "aws_scheduler_schedule_group": Mapping(
        "AWS::Scheduler::ScheduleGroup",
        "name -name_prefix",
        attributes="id=Ref name=Ref arn=Arn",
    ),
    "aws_pipes_pipe": Mapping(
        "AWS::Pipes::Pipe",
        "role_arn source target description desired_state enrichment kms_key_identifier name -name_prefix",
        {
            "enrichment_parameters": block(
                "EnrichmentParameters",
                "input_template",
                {
                    "http_parameters": block(
                        "HttpParameters", "header_parameters path_parameter_values query_string_parameters"
                    )
                },
            ),
            "log_configuration": block(
                "LogConfiguration",
                "level include_execution_data",
                {
                    "cloudwatch_logs_log_destination": block("CloudwatchLogsLogDestination", "log_group_arn"),
                    "firehose_log_destination": block("FirehoseLogDestination", "delivery_stream_arn"),
                    "s3_log_destination": block("S3LogDestination", "bucket_name bucket_owner output_format prefix"),
                },
            ),
            "source_parameters": block(
                "SourceParameters",
                "",
                {
                    "activemq_broker_parameters": block(
                        "ActiveMQBrokerParameters",
                        "queue_name batch_size maximum_batching_window_in_seconds",
                        {"credentials": block("Credentials", "basic_auth")},
                    ),
                    "dynamodb_stream_parameters": block(
                        "DynamoDBStreamParameters",
                        "starting_position batch_size maximum_batching_window_in_seconds "
                        "maximum_record_age_in_seconds maximum_retry_attempts "
                        "on_partial_batch_item_failure parallelization_factor",
                        {"dead_letter_config": block("DeadLetterConfig", "arn")},
                    ),
                    "filter_criteria": block("FilterCriteria", "", {"filter": blocks("Filters", "pattern")}),
                    "kinesis_stream_parameters": block(
                        "KinesisStreamParameters",
                        "starting_position batch_size maximum_batching_window_in_seconds "
                        "maximum_record_age_in_seconds maximum_retry_attempts "
                        "on_partial_batch_item_failure parallelization_factor "
                        "starting_position_timestamp",
                        {"dead_letter_config": block("DeadLetterConfig", "arn")},
                    ),
                    "managed_streaming_kafka_parameters": block(
                        "ManagedStreamingKafkaParameters",
                        "topic_name batch_size consumer_group_id=ConsumerGroupID "
                        "maximum_batching_window_in_seconds starting_position",
                        {"credentials": block("Credentials", "sasl_scram_512_auth")},
                    ),
                    "rabbitmq_broker_parameters": block(
                        "RabbitMQBrokerParameters",
                        "queue_name batch_size maximum_batching_window_in_seconds virtual_host",
                        {"credentials": block("Credentials", "basic_auth")},
                    ),
                    "self_managed_kafka_parameters": block(
                        "SelfManagedKafkaParameters",
                        "topic_name additional_bootstrap_servers batch_size "
                        "consumer_group_id=ConsumerGroupID "
                        "maximum_batching_window_in_seconds server_root_ca_certificate "
                        "starting_position",
                        {
                            "credentials": block("Credentials", "basic_auth"),
                            "vpc": block("Vpc", "security_groups=SecurityGroup subnets"),
                        },
                    ),
                    "sqs_queue_parameters": block(
                        "SqsQueueParameters", "batch_size maximum_batching_window_in_seconds"
                    ),
                },
            ),
            "target_parameters": block(
                "TargetParameters",
                "input_template",
                {
                    "batch_job_parameters": block(
                        "BatchJobParameters",
                        "job_definition job_name parameters",
                        {
                            "array_properties": block("ArrayProperties", "size"),
                            "container_overrides": block(
                                "ContainerOverrides",
                                "command instance_type",
                                {
                                    "environment": blocks("Environment", "name value"),
                                    "resource_requirement": blocks("ResourceRequirements", "type value"),
                                },
                            ),
                            "depends_on": blocks("DependsOn", "job_id type"),
                            "retry_strategy": block("RetryStrategy", "attempts"),
                        },
                    ),
                    "cloudwatch_logs_parameters": block("CloudWatchLogsParameters", "log_stream_name timestamp"),
                    "ecs_task_parameters": block(
                        "EcsTaskParameters",
                        "task_definition_arn "
                        "enable_ecs_managed_tags=EnableECSManagedTags "
                        "enable_execute_command group launch_type platform_version "
                        "propagate_tags reference_id task_count",
                        {
                            "capacity_provider_strategy": blocks(
                                "CapacityProviderStrategy", "capacity_provider base weight"
                            ),
                            "network_configuration": block(
                                "NetworkConfiguration",
                                "",
                                {
                                    "aws_vpc_configuration": block(
                                        "AwsvpcConfiguration", "assign_public_ip security_groups subnets"
                                    )
                                },
                            ),
                            "overrides": block(
                                "Overrides",
                                "cpu execution_role_arn memory task_role_arn",
                                {
                                    "container_override": blocks(
                                        "ContainerOverrides",
                                        "command cpu memory memory_reservation name",
                                        {
                                            "environment": blocks("Environment", "name value"),
                                            "environment_file": blocks("EnvironmentFiles", "type value"),
                                            "resource_requirement": blocks("ResourceRequirements", "type value"),
                                        },
                                    ),
                                    "ephemeral_storage": block("EphemeralStorage", "size_in_gib=SizeInGiB"),
                                    "inference_accelerator_override": blocks(
                                        "InferenceAcceleratorOverrides", "device_name device_type"
                                    ),
                                },
                            ),
                            "placement_constraint": blocks("PlacementConstraints", "expression type"),
                            "placement_strategy": blocks("PlacementStrategy", "field type"),
                        },
                    ),
                    "eventbridge_event_bus_parameters": block(
                        "EventBridgeEventBusParameters", "detail_type endpoint_id resources source time"
                    ),
                    "http_parameters": block(
                        "HttpParameters", "header_parameters path_parameter_values query_string_parameters"
                    ),
                    "kinesis_stream_parameters": block("KinesisStreamParameters", "partition_key"),
                    "lambda_function_parameters": block("LambdaFunctionParameters", "invocation_type"),
                    "redshift_data_parameters": block(
                        "RedshiftDataParameters", "database sqls db_user secret_manager_arn statement_name with_event"
                    ),
                    "sagemaker_pipeline_parameters": block(
                        "SageMakerPipelineParameters",
                        "",
                        {"pipeline_parameter": blocks("PipelineParameterList", "name value")},
                    ),
                    "sqs_queue_parameters": block("SqsQueueParameters", "message_deduplication_id message_group_id"),
                    "step_function_state_machine_parameters": block(
                        "StepFunctionStateMachineParameters", "invocation_type"
                    ),
                },
            ),
        },
        attributes="id=Ref name=Ref arn=Arn",
        tags="map",
    ),
    "aws_schemas_registry": Mapping(
        "AWS::EventSchemas::Registry",
        "name=RegistryName description",
        attributes="id=RegistryName name=RegistryName arn=RegistryArn",
    ),
    "aws_schemas_discoverer": Mapping(
        "AWS::EventSchemas::Discoverer",
        "source_arn description",
        attributes="id=DiscovererId arn=DiscovererArn",
    ),
    "aws_schemas_schema": Mapping(
        "AWS::EventSchemas::Schema",
        "content name=SchemaName registry_name type description",
        attributes="id name=SchemaName arn=SchemaArn",
    ),
}
