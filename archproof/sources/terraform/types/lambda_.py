"""Lambda: functions, aliases, layers, permissions, event source mappings, URLs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archproof.sources.terraform.made import forget
from archproof.sources.terraform.mapping import Mapping, Merge, block, blocks, to, unless

if TYPE_CHECKING:
    from archproof.sources.terraform.made import Made

TYPES = (
    "aws_lambda_function", "aws_lambda_alias", "aws_lambda_layer_version", "aws_lambda_layer_version_permission",
    "aws_lambda_permission", "aws_lambda_event_source_mapping", "aws_lambda_function_url",
    "aws_lambda_function_event_invoke_config", "aws_lambda_provisioned_concurrency_config",
    "aws_lambda_code_signing_config", "aws_lambda_invocation",
)  # fmt: skip


def _package(made: Made, path: str = "Code") -> None:
    """A package that Terraform uploads from a file has to come from a bucket: parameters say from which."""
    file = made.item.values.get("filename")
    if made.resource.has(path) or not file or not isinstance(file, str):
        return
    for name in ("S3Bucket", "S3Key"):
        asked = f"{name} of the uploaded package {file}"
        parameter = made.translation.parameter(f"{made.resource.logical_id}{path}{name}", asked)
        made.set(f"{path}.{name}", parameter, "filename")


def _layer(made: Made) -> None:
    _package(made, "Content")


def _permission(made: Made) -> None:
    """A permission on a version or alias names it behind the function."""
    qualifier = made.value("qualifier")
    if qualifier is not None:
        name = made.joined(made.resource.get("FunctionName"), ":", qualifier)
        made.set("FunctionName", name, "function_name")


def _source(made: Made) -> None:
    """A state says 0 for what only streams have."""
    if not made.item.values.get("starting_position") and made.resource.get("MaximumRetryAttempts") == 0:
        forget(made.resource, ("MaximumRetryAttempts",))


def _qualified(made: Made) -> None:
    """CloudFormation wants the qualifier said."""
    if not made.resource.has("Qualifier"):
        made.set("Qualifier", "$LATEST")


def _concurrency(made: Made) -> None:
    """The alias has it in CloudFormation."""
    count = made.value("provisioned_concurrent_executions")
    made.set("ProvisionedConcurrencyConfig.ProvisionedConcurrentExecutions", count, "provisioned_concurrent_executions")


def _weights(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return [{"FunctionVersion": version, "FunctionWeight": weight} for version, weight in value.items()]


def _brokers(value: Any) -> Any:
    servers = value.get("KAFKA_BOOTSTRAP_SERVERS") if isinstance(value, dict) else None
    return {"KafkaBootstrapServers": servers.split(",")} if isinstance(servers, str) else None


_FAILURE = block("OnFailure", "destination_arn=Destination destination")
_SUCCESS = block("OnSuccess", "destination_arn=Destination destination")

MAPPINGS = {
    "aws_lambda_function": Mapping(
        "AWS::Lambda::Function",
        "function_name description handler memory_size package_type role runtime timeout kms_key_arn layers "
        "architectures code_signing_config_arn s3_bucket=Code.S3Bucket s3_key=Code.S3Key "
        "s3_object_version=Code.S3ObjectVersion image_uri=Code.ImageUri source_kms_key_arn=Code.SourceKMSKeyArn "
        "+filename -source_code_hash -publish -skip_destroy -replace_security_groups_on_destroy "
        "-replacement_security_group_ids",
        {
            "reserved_concurrent_executions": unless("ReservedConcurrentExecutions", -1),
            "vpc_config": block("VpcConfig", "subnet_ids security_group_ids ipv6_allowed_for_dual_stack:true"),
            "environment": block("Environment", "variables"),
            "dead_letter_config": block("DeadLetterConfig", "target_arn"),
            "tracing_config": block("TracingConfig", "mode"),
            "file_system_config": blocks("FileSystemConfigs", "arn local_mount_path"),
            "ephemeral_storage": block("EphemeralStorage", "size"),
            "image_config": block("ImageConfig", "command entry_point working_directory"),
            "snap_start": block("SnapStart", "apply_on"),
            "logging_config": block("LoggingConfig", "application_log_level log_format log_group system_log_level"),
        },
        attributes="id function_name=Ref arn=Arn qualified_arn=Arn invoke_arn=sub:arn:${AWS::Partition}:apigateway:"
        "${AWS::Region}:lambda:path/2015-03-31/functions/${.Arn}/invocations",
        wants={"role": "arn", "layers": "arn"},
        finish=_package,
    ),
    "aws_lambda_alias": Mapping(
        "AWS::Lambda::Alias",
        "name description function_name function_version",
        {
            "routing_config": block(
                "RoutingConfig", "", {"additional_version_weights": to("AdditionalVersionWeights", _weights)}
            )
        },
        attributes="id=Ref arn=Ref invoke_arn=sub:arn:${AWS::Partition}:apigateway:"
        "${AWS::Region}:lambda:path/2015-03-31/functions/${.}/invocations",
        tags="",
    ),
    "aws_lambda_layer_version": Mapping(
        "AWS::Lambda::LayerVersion",
        "layer_name description compatible_architectures compatible_runtimes license_info s3_bucket=Content.S3Bucket "
        "s3_key=Content.S3Key s3_object_version=Content.S3ObjectVersion +filename -source_code_hash -skip_destroy",
        attributes="id arn=Ref",
        tags="",
        finish=_layer,
    ),
    "aws_lambda_layer_version_permission": Mapping(
        "AWS::Lambda::LayerVersionPermission",
        "action principal organization_id layer_name=LayerVersionArn -statement_id -version_number -skip_destroy",
        tags="",
    ),
    "aws_lambda_permission": Mapping(
        "AWS::Lambda::Permission",
        "action function_name principal source_arn source_account event_source_token principal_org_id=PrincipalOrgID "
        "function_url_auth_type -statement_id -statement_id_prefix +qualifier",
        tags="",
        finish=_permission,
    ),
    "aws_lambda_event_source_mapping": Mapping(
        "AWS::Lambda::EventSourceMapping",
        "function_name event_source_arn enabled batch_size:nonzero bisect_batch_on_function_error:true "
        "function_response_types maximum_batching_window_in_seconds:nonzero maximum_record_age_in_seconds:nonzero "
        "maximum_retry_attempts parallelization_factor:nonzero queues topics starting_position "
        "tumbling_window_in_seconds:nonzero kms_key_arn -starting_position_timestamp",
        {
            "filter_criteria": block("FilterCriteria", "", {"filter": blocks("Filters", "pattern")}),
            "destination_config": block("DestinationConfig", "", {"on_failure": _FAILURE}),
            "scaling_config": block("ScalingConfig", "maximum_concurrency"),
            "metrics_config": block("MetricsConfig", "metrics"),
            "provisioned_poller_config": block("ProvisionedPollerConfig", "maximum_pollers minimum_pollers"),
            "source_access_configuration": blocks("SourceAccessConfigurations", "type uri=URI"),
            "self_managed_event_source": block("SelfManagedEventSource", "", {"endpoints": to("Endpoints", _brokers)}),
            "amazon_managed_kafka_event_source_config": block(
                "AmazonManagedKafkaEventSourceConfig", "consumer_group_id"
            ),
            "self_managed_kafka_event_source_config": block("SelfManagedKafkaEventSourceConfig", "consumer_group_id"),
            "document_db_event_source_config": block(
                "DocumentDBEventSourceConfig", "collection_name database_name full_document"
            ),
        },
        attributes="id uuid=Ref arn=EventSourceMappingArn",
        finish=_source,
    ),
    "aws_lambda_function_url": Mapping(
        "AWS::Lambda::Url",
        "function_name=TargetFunctionArn authorization_type=AuthType invoke_mode qualifier",
        {
            "cors": block(
                "Cors", "allow_credentials allow_headers allow_methods allow_origins expose_headers max_age:nonzero"
            )
        },
        attributes="function_url=FunctionUrl function_arn=Ref",
        tags="",
    ),
    "aws_lambda_function_event_invoke_config": Mapping(
        "AWS::Lambda::EventInvokeConfig",
        "function_name qualifier maximum_event_age_in_seconds:nonzero maximum_retry_attempts",
        {"destination_config": block("DestinationConfig", "", {"on_failure": _FAILURE, "on_success": _SUCCESS})},
        tags="",
        finish=_qualified,
    ),
    "aws_lambda_provisioned_concurrency_config": Mapping(
        None,
        tags="",
        merge=Merge("qualifier", "aws_lambda_alias"),
        finish=_concurrency,
        why="CloudFormation sets it on the alias or version, which is not in this configuration",
    ),
    "aws_lambda_code_signing_config": Mapping(
        "AWS::Lambda::CodeSigningConfig",
        "description",
        {
            "allowed_publishers": block("AllowedPublishers", "signing_profile_version_arns"),
            "policies": block("CodeSigningPolicies", "untrusted_artifact_on_deployment"),
        },
        attributes="id arn=Ref config_id=CodeSigningConfigId",
    ),
    "aws_lambda_invocation": Mapping(None, why="an invocation that Terraform makes, no AWS resource"),
}
