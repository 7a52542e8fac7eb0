"""Step Functions: state machines, activities."""

from __future__ import annotations

from typing import Any

from archproof.sources.terraform.mapping import Mapping, block, blocks, to

TYPES = (
    "aws_sfn_state_machine", "aws_sfn_activity", "aws_sfn_alias",
)  # fmt: skip


def _destinations(value: Any) -> Any:
    return [{"CloudWatchLogsLogGroup": {"LogGroupArn": value}}]


MAPPINGS = {
    "aws_sfn_state_machine": Mapping(
        "AWS::StepFunctions::StateMachine",
        "definition=DefinitionString role_arn name=StateMachineName -name_prefix -publish type=StateMachineType",
        {
            "encryption_configuration": block(
                "EncryptionConfiguration", "kms_data_key_reuse_period_seconds kms_key_id type"
            ),
            "logging_configuration": block(
                "LoggingConfiguration",
                "include_execution_data level",
                {"log_destination": to("Destinations", _destinations, symbolic=True)},
            ),
            "tracing_configuration": block("TracingConfiguration", "enabled"),
        },
        attributes="id=Ref arn=Ref name=Name",
    ),
    "aws_sfn_activity": Mapping(
        "AWS::StepFunctions::Activity",
        "name",
        {
            "encryption_configuration": block(
                "EncryptionConfiguration", "kms_data_key_reuse_period_seconds kms_key_id type"
            )
        },
        attributes="id=Ref arn=Ref name=Name",
    ),
    "aws_sfn_alias": Mapping(
        "AWS::StepFunctions::StateMachineAlias",
        "name description",
        {"routing_configuration": blocks("RoutingConfiguration", "state_machine_version_arn weight")},
        attributes="id=Ref arn=Ref",
        tags="",
    ),
}
