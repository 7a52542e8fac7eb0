"""EventBridge: buses, rules and their targets, archives, connections, API destinations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archproof.sources.terraform.convert import pairs
from archproof.sources.terraform.item import logical_id
from archproof.sources.terraform.mapping import Mapping, Merge, block, blocks, compiled, to
from archproof.sources.terraform.types._shapes import public

if TYPE_CHECKING:
    from archproof.sources.terraform.made import Made

TYPES = (
    "aws_cloudwatch_event_bus", "aws_cloudwatch_event_bus_policy", "aws_cloudwatch_event_permission",
    "aws_cloudwatch_event_archive", "aws_cloudwatch_event_rule", "aws_cloudwatch_event_target",
    "aws_cloudwatch_event_connection", "aws_cloudwatch_event_api_destination", "aws_cloudwatch_event_endpoint",
)  # fmt: skip


_NETWORK = block(
    "NetworkConfiguration.AwsVpcConfiguration",
    "subnets=Subnets security_groups=SecurityGroups",
    {"assign_public_ip": to("AssignPublicIp", public)},
)
_TARGET = compiled(
    "target_id=Id arn role_arn input input_path",
    {
        "dead_letter_config": block("DeadLetterConfig", "arn"),
        "retry_policy": block("RetryPolicy", "maximum_event_age_in_seconds maximum_retry_attempts"),
        "input_transformer": block("InputTransformer", "input_paths=InputPathsMap input_template"),
        "sqs_target": block("SqsParameters", "message_group_id"),
        "kinesis_target": block("KinesisParameters", "partition_key_path"),
        "http_target": block("HttpParameters", "header_parameters path_parameter_values query_string_parameters"),
        "appsync_target": block("AppSyncParameters", "graphql_operation=GraphQLOperation"),
        "batch_target": block(
            "BatchParameters",
            "job_definition job_name array_size=ArrayProperties.Size job_attempts=RetryStrategy.Attempts",
        ),
        "run_command_targets": blocks("RunCommandParameters.RunCommandTargets", "key values"),
        "sagemaker_pipeline_target": block(
            "SageMakerPipelineParameters",
            "",
            {"pipeline_parameter_list": blocks("PipelineParameterList", "name value")},
        ),
        "redshift_target": block(
            "RedshiftDataParameters",
            "database db_user secrets_manager_arn=SecretManagerArn sql statement_name with_event",
        ),
        "ecs_target": block(
            "EcsParameters",
            "group launch_type platform_version propagate_tags task_count task_definition_arn "
            "enable_ecs_managed_tags=EnableECSManagedTags enable_execute_command",
            {
                "tags": to("TagList", pairs),
                "network_configuration": _NETWORK,
                "capacity_provider_strategy": blocks("CapacityProviderStrategy", "base capacity_provider weight"),
                "placement_constraint": blocks("PlacementConstraints", "type expression"),
                "ordered_placement_strategy": blocks("PlacementStrategies", "type field"),
            },
        ),
    },
)


def _target(made: Made) -> None:
    """A target is an entry of its rule; one without an id has that of its resource."""
    held = made.resource.get("Targets")
    base = ("Targets", len(held) if isinstance(held, list) else 0)
    made.nested(_TARGET, made.item.values, (), base)
    if not made.resource.has(*base, "Id"):
        made.set((*base, "Id"), logical_id(made.item.address)[-64:])


def _state(made: Made) -> None:
    """Older versions say `is_enabled` in place of `state`."""
    if made.item.values.get("is_enabled") is False and not made.resource.has("State"):
        made.set("State", "DISABLED", "is_enabled")


def _statements(made: Made) -> None:
    """CloudFormation has a policy for each statement."""
    document = made.resource.get("Statement")
    found = document.get("Statement") if isinstance(document, dict) else None
    for number, statement in enumerate(found if isinstance(found, list) else [found] if found else []):
        if not isinstance(statement, dict):
            continue
        name = str(statement.get("Sid") or f"{made.resource.logical_id}{number or ''}")[:64]
        said = {"EventBusName": made.value("event_bus_name"), "Statement": statement, "StatementId": name}
        if number:
            made.extra(f"Statement{number}", "AWS::Events::EventBusPolicy", said, "policy")
        else:
            made.fill(made.resource, said, "policy")


MAPPINGS = {
    "aws_cloudwatch_event_bus": Mapping(
        "AWS::Events::EventBus",
        "name description event_source_name kms_key_identifier",
        {
            "dead_letter_config": block("DeadLetterConfig", "arn"),
            "log_config": block("LogConfig", "include_detail level"),
        },
        attributes="id=Name name=Name arn=Arn",
    ),
    "aws_cloudwatch_event_bus_policy": Mapping(
        "AWS::Events::EventBusPolicy",
        "policy=Statement:json event_bus_name",
        attributes="id",
        tags="",
        finish=_statements,
    ),
    "aws_cloudwatch_event_permission": Mapping(
        "AWS::Events::EventBusPolicy",
        "principal statement_id action event_bus_name",
        {"condition": block("Condition", "key type value")},
        attributes="id",
        tags="",
    ),
    "aws_cloudwatch_event_archive": Mapping(
        "AWS::Events::Archive",
        "event_source_arn=SourceArn name=ArchiveName description event_pattern:json kms_key_identifier retention_days",
        attributes="id=Ref name=Ref arn=Arn",
        tags="",
    ),
    "aws_cloudwatch_event_rule": Mapping(
        "AWS::Events::Rule",
        "description event_bus_name event_pattern:json -force_destroy "
        "+is_enabled name -name_prefix role_arn schedule_expression "
        "state",
        attributes="id=Ref name=Ref arn=Arn",
        finish=_state,
    ),
    "aws_cloudwatch_event_target": Mapping(
        None,
        "-rule -appsync_target -batch_target -dead_letter_config "
        "-ecs_target -event_bus_name -force_destroy -http_target -input "
        "-input_path -input_transformer -kinesis_target -redshift_target "
        "-retry_policy -role_arn -run_command_targets "
        "-sagemaker_pipeline_target -sqs_target -target_id",
        attributes="id==target_id",
        tags="",
        merge=Merge("rule", "aws_cloudwatch_event_rule"),
        finish=_target,
    ),
    "aws_cloudwatch_event_connection": Mapping(
        "AWS::Events::Connection",
        "authorization_type name description -kms_key_identifier",
        {
            "auth_parameters": block(
                "AuthParameters",
                "",
                {
                    "api_key": block("ApiKeyAuthParameters", "key=ApiKeyName value=ApiKeyValue"),
                    "basic": block("BasicAuthParameters", "password username"),
                    "invocation_http_parameters": block(
                        "InvocationHttpParameters",
                        "",
                        {
                            "body": blocks("BodyParameters", "is_value_secret key value"),
                            "header": blocks("HeaderParameters", "is_value_secret key value"),
                            "query_string": blocks("QueryStringParameters", "is_value_secret key value"),
                        },
                    ),
                    "oauth": block(
                        "OAuthParameters",
                        "authorization_endpoint http_method",
                        {
                            "oauth_http_parameters": block(
                                "OAuthHttpParameters",
                                "",
                                {
                                    "body": blocks("BodyParameters", "is_value_secret key value"),
                                    "header": blocks("HeaderParameters", "is_value_secret key value"),
                                    "query_string": blocks("QueryStringParameters", "is_value_secret key value"),
                                },
                            ),
                            "client_parameters": block("ClientParameters", "client_id=ClientID client_secret"),
                        },
                    ),
                },
            ),
            "invocation_connectivity_parameters": block(
                "InvocationConnectivityParameters",
                "",
                {"resource_parameters": block("ResourceParameters", "resource_configuration_arn")},
            ),
        },
        attributes="id=Ref name=Ref arn=Arn secret_arn=SecretArn",
        tags="",
        secret="auth_parameters",
    ),
    "aws_cloudwatch_event_api_destination": Mapping(
        "AWS::Events::ApiDestination",
        "connection_arn http_method invocation_endpoint name description invocation_rate_limit_per_second",
        attributes="id=Ref name=Ref arn=Arn",
        tags="",
    ),
    "aws_cloudwatch_event_endpoint": Mapping(
        "AWS::Events::Endpoint",
        "name description role_arn",
        {
            "event_bus": blocks("EventBuses", "event_bus_arn"),
            "routing_config": block(
                "RoutingConfig",
                "",
                {
                    "failover_config": block(
                        "FailoverConfig",
                        "",
                        {"primary": block("Primary", "health_check"), "secondary": block("Secondary", "route")},
                    )
                },
            ),
            "replication_config": block("ReplicationConfig", "state"),
        },
        attributes="id=Ref name=Ref arn=Arn",
        tags="",
    ),
}
