"""Secrets Manager and the parameters of Systems Manager."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archproof.sources.terraform.mapping import Mapping, Merge, block, blocks

if TYPE_CHECKING:
    from archproof.sources.terraform.item import Item

TYPES = (
    "aws_secretsmanager_secret", "aws_secretsmanager_secret_version", "aws_secretsmanager_secret_policy",
    "aws_secretsmanager_secret_rotation", "aws_ssm_parameter",
)  # fmt: skip


def _parameter(item: Item) -> str | None:
    return None if item.values.get("type") == "SecureString" else "AWS::SSM::Parameter"


MAPPINGS = {
    "aws_secretsmanager_secret": Mapping(
        "AWS::SecretsManager::Secret",
        "description -force_overwrite_replica_secret kms_key_id name -name_prefix -policy -recovery_window_in_days",
        {"replica": blocks("ReplicaRegions", "region kms_key_id")},
        attributes="id=Ref arn=Ref name==name",
    ),
    "aws_secretsmanager_secret_version": Mapping(
        None,
        "-secret_id -secret_binary secret_string -secret_string_wo -secret_string_wo_version -version_stages",
        attributes="id arn==secret_id secret_id==secret_id",
        tags="",
        merge=Merge("secret_id", "aws_secretsmanager_secret"),
        secret="secret_string secret_binary",
    ),
    "aws_secretsmanager_secret_policy": Mapping(
        "AWS::SecretsManager::ResourcePolicy",
        "policy=ResourcePolicy:json secret_arn=SecretId block_public_policy",
        attributes="id",
        tags="",
    ),
    "aws_secretsmanager_secret_rotation": Mapping(
        "AWS::SecretsManager::RotationSchedule",
        "secret_id rotate_immediately=RotateImmediatelyOnUpdate rotation_lambda_arn=RotationLambdaARN",
        {"rotation_rules": block("RotationRules", "automatically_after_days duration schedule_expression")},
        attributes="id",
        tags="",
    ),
    "aws_ssm_parameter": Mapping(
        _parameter,
        "name type allowed_pattern data_type description "
        "insecure_value=Value -key_id -overwrite tier value -value_wo "
        "-value_wo_version",
        attributes="id=Ref name=Ref "
        "arn=sub:arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter${.} "
        "value=Value type=Type",
        tags="map",
        secret="value insecure_value_wo",
        why="CloudFormation makes no parameters of the type SecureString",
    ),
}
