"""Secrets Manager secrets, with what attaches and rotates them, and Systems Manager parameters."""

from __future__ import annotations

import json
from typing import Any

from archproof.model.kinds.secrets import Secret, SsmParameter
from archproof.resources.lowering import _rotation_function
from archproof.resources.lowering._context import Lowering

KINDS = ("secret", "ssm_parameter")

_ATTACHED = {"rds": "AWS::RDS::DBInstance", "aurora": "AWS::RDS::DBCluster"}
_USER = "app"


def lower_secret(name: str, secret: Secret, ctx: Lowering) -> None:
    """The secret, its attachment to a database, its rotation."""
    database = database_of(name, ctx)
    ctx.add(
        name,
        "AWS::SecretsManager::Secret",
        {
            "Name": ctx.name(name),
            "Description": secret.description,
            "GenerateSecretString": _generated(name, secret, database, ctx),
            "KmsKeyId": ctx.arn(secret.kms_key) if secret.kms_key else None,
            "ReplicaRegions": [{"Region": region} for region in secret.replicas] or None,
            "Tags": ctx.tags(name),
        },
        origins={
            "Name": "physical_name",
            "Description": "description",
            "GenerateSecretString.PasswordLength": "length",
            "GenerateSecretString.ExcludeCharacters": "exclude_characters",
            "GenerateSecretString.ExcludePunctuation": "exclude_punctuation",
            "GenerateSecretString.SecretStringTemplate": "template",
            "GenerateSecretString.GenerateStringKey": "generate_key",
            "KmsKeyId": "kms_key",
            "ReplicaRegions": "replicas",
        },
        attributes={"DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"},
    )
    if database:
        ctx.add(
            name,
            "AWS::SecretsManager::SecretTargetAttachment",
            {
                "SecretId": ctx.ref(name),
                "TargetId": ctx.ref(database),
                "TargetType": _ATTACHED[ctx.component(database).kind],
            },
            suffix="Attachment",
            origins={"TargetId": "for"},
        )
    if secret.rotation_days:
        _rotation(name, secret, database, ctx)


def database_of(name: str, ctx: Lowering) -> str | None:
    """The database that a secret is of: the one it says, or that of the database or proxy that names it."""
    said = getattr(ctx.component(name), "for_", None)
    if said:
        return str(said)
    for reference in ctx.architecture.references:
        if reference.target == name and reference.field == "secret":
            source = ctx.component(reference.source)
            if source.kind in _ATTACHED:
                return reference.source
            if source.kind == "rds_proxy":
                return str(getattr(source, "target", "")) or None
    return None


def username_of(name: str, ctx: Lowering) -> str:
    """The user in a database's secret: the one said, the administrator's, or that of the application."""
    secret: Any = ctx.component(name)
    said = secret.template.get("username") if isinstance(secret, Secret) else None
    if said or getattr(secret, "username", None):
        return str(said or secret.username)
    owner = ctx.component(database_of(name, ctx) or name)
    return str(getattr(owner, "master_username", _USER) if getattr(owner, "secret", None) == name else _USER)


def _generated(name: str, secret: Secret, database: str | None, ctx: Lowering) -> dict[str, Any]:
    """How the value is made up: for a database a user name and a password as JSON."""
    content: dict[str, Any] = dict(secret.template)
    key = secret.generate_key
    if database:
        content = {"username": username_of(name, ctx)} | content
        key = key or "password"
    elif secret.username:
        content = {"username": secret.username} | content
        key = key or "password"
    made: dict[str, Any] = {"PasswordLength": secret.length}
    if secret.exclude_punctuation:
        made["ExcludePunctuation"] = True
    elif secret.exclude_characters:
        made["ExcludeCharacters"] = secret.exclude_characters
    if content or key:
        made |= {"SecretStringTemplate": json.dumps(content), "GenerateStringKey": key or "value"}
    return made


def _rotation(name: str, secret: Secret, database: str | None, ctx: Lowering) -> None:
    function = secret.rotation_function
    properties: dict[str, Any] = {
        "SecretId": ctx.ref(name),
        "RotationRules": {"AutomaticallyAfterDays": secret.rotation_days},
    }
    depends = []
    if function:
        ctx.add(
            name,
            "AWS::Lambda::Permission",
            {
                "FunctionName": ctx.ref(function),
                "Action": "lambda:InvokeFunction",
                "Principal": "secretsmanager.amazonaws.com",
                "SourceAccount": {"Ref": "AWS::AccountId"},
                "SourceArn": ctx.ref(name),
            },
            suffix="RotationPermission",
            origins={"FunctionName": "rotation_function"},
        )
        properties["RotationLambdaARN"] = ctx.arn(function)
        depends.append(ctx.id(name, "RotationPermission"))
    elif database:
        properties["HostedRotationLambda"] = _rotation_function.hosted(name, secret, database, ctx)
    if database:
        # before it is attached, the secret does not say where the database is
        depends.append(ctx.id(name, "Attachment"))
    ctx.add(
        name,
        "AWS::SecretsManager::RotationSchedule",
        properties,
        suffix="Rotation",
        origins={
            "RotationRules.AutomaticallyAfterDays": "rotation_days",
            "RotationLambdaARN": "rotation_function",
            "HostedRotationLambda": "rotation_days",
        },
        attributes={"DependsOn": depends} if depends else None,
    )


def lower_ssm_parameter(name: str, parameter: SsmParameter, ctx: Lowering) -> None:
    """A parameter."""
    several = isinstance(parameter.value, list)
    ctx.add(
        name,
        "AWS::SSM::Parameter",
        {
            "Name": ctx.name(name),
            "Description": parameter.description,
            "Type": "StringList" if several else "String",
            "Value": ",".join(parameter.value) if isinstance(parameter.value, list) else parameter.value,
            "Tier": "Advanced" if parameter.advanced else None,
            "AllowedPattern": parameter.allowed_pattern,
            # unlike everywhere else, tags are a map here
            "Tags": {tag["Key"]: tag["Value"] for tag in ctx.tags(name)},
        },
        origins={
            "Name": "physical_name",
            "Description": "description",
            "Type": "value",
            "Value": "value",
            "Tier": "advanced",
            "AllowedPattern": "allowed_pattern",
        },
    )
