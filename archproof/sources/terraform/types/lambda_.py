"""Lambda: functions, aliases, versions, layers, permissions, event source mappings, URLs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archproof.sources.terraform.mapping import Mapping, block, blocks, unless

if TYPE_CHECKING:
    from archproof.sources.terraform.made import Made

TYPES = (
    "aws_lambda_function", "aws_lambda_alias",
)  # fmt: skip


def _function(made: Made) -> None:
    """A package that Terraform uploads from a file has to come from a bucket: parameters say from which."""
    file = made.item.values.get("filename")
    if made.resource.has("Code") or not file or not isinstance(file, str):
        return
    for name in ("S3Bucket", "S3Key"):
        asked = f"{name} of the uploaded package {file}"
        made.set(f"Code.{name}", made.translation.parameter(f"{made.resource.logical_id}Code{name}", asked), "filename")


MAPPINGS = {
    "aws_lambda_function": Mapping(
        "AWS::Lambda::Function",
        "function_name description handler memory_size package_type role runtime timeout kms_key_arn layers "
        "architectures code_signing_config_arn s3_bucket=Code.S3Bucket s3_key=Code.S3Key "
        "s3_object_version=Code.S3ObjectVersion image_uri=Code.ImageUri source_kms_key_arn=Code.SourceKMSKeyArn "
        "-filename -source_code_hash -publish -skip_destroy -replace_security_groups_on_destroy "
        "-replacement_security_group_ids",
        {
            "reserved_concurrent_executions": unless("ReservedConcurrentExecutions", -1),
            "vpc_config": block(
                "VpcConfig", "subnet_ids security_group_ids ipv6_allowed_for_dual_stack=Ipv6AllowedForDualStack:true"
            ),
            "environment": block("Environment", "variables"),
            "dead_letter_config": block("DeadLetterConfig", "target_arn"),
            "tracing_config": block("TracingConfig", "mode"),
            "file_system_config": blocks("FileSystemConfigs", "arn local_mount_path"),
            "ephemeral_storage": block("EphemeralStorage", "size"),
            "image_config": block("ImageConfig", "command entry_point working_directory"),
            "snap_start": block("SnapStart", "apply_on"),
            "logging_config": block("LoggingConfig", "application_log_level log_format log_group system_log_level"),
        },
        attributes="id=Ref function_name=Ref arn=Arn qualified_arn=Arn invoke_arn=sub:arn:${AWS::Partition}:apigateway:"
        "${AWS::Region}:lambda:path/2015-03-31/functions/${.Arn}/invocations",
        defaults={"memory_size": 128, "timeout": 3},
        wants={"role": "arn", "layers": "arn"},
        finish=_function,
    ),
    "aws_lambda_alias": Mapping(
        "AWS::Lambda::Alias",
        "name description function_name function_version",
        {"routing_config": block("RoutingConfig")},
        attributes="id=Ref arn=Ref",
        tags="",
    ),
}
