"""AWS Lambda: functions with their log groups, layers, function URLs."""

from __future__ import annotations

from typing import Any

from archproof.model.kinds.lambda_ import LambdaFunction, LambdaLayer
from archproof.resources.lowering._context import Lowering
from archproof.resources.lowering._database import administrator_secret

KINDS = ("lambda", "lambda_layer")

_INTERFACES = (
    "ec2:CreateNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets", "ec2:DeleteNetworkInterface",
    "ec2:AssignPrivateIpAddresses", "ec2:UnassignPrivateIpAddresses",
)  # fmt: skip


def lower_lambda(name: str, function: LambdaFunction, ctx: Lowering) -> None:
    """The function, its log group, its URL, and what its role needs beside the links."""
    subnets = ctx.subnets(name)
    log_group = ctx.add(
        name,
        "AWS::Logs::LogGroup",
        {
            "RetentionInDays": function.log_retention_days,
            "KmsKeyId": ctx.arn(function.log_key) if function.log_key else None,
            "Tags": ctx.tags(name),
        },
        suffix="LogGroup",
        origins={"RetentionInDays": "log_retention_days", "KmsKeyId": "log_key"},
    )
    logs = log_group.logical_id in ctx.resources
    if logs:
        ctx.allow(name, ["logs:CreateLogStream", "logs:PutLogEvents"], ctx.att(name, "Arn", "LogGroup"))
    if subnets:
        ctx.allow(name, _INTERFACES, "*")
    if function.tracing:
        ctx.allow(name, ["xray:PutTraceSegments", "xray:PutTelemetryRecords"], "*")
    ctx.add(
        name,
        "AWS::Lambda::Function",
        {
            "FunctionName": ctx.name(name),
            "Description": function.description,
            "Runtime": None if function.package == "image" else function.runtime,
            "Handler": None if function.package == "image" else function.handler,
            "PackageType": "Image" if function.package == "image" else None,
            "Code": _code(name, function, ctx),
            "Architectures": [function.architecture],
            "MemorySize": function.memory_mb,
            "Timeout": function.timeout_s,
            "EphemeralStorage": {"Size": function.ephemeral_storage_mb},
            "Environment": {"Variables": variables} if (variables := _variables(function, ctx)) else None,
            "KmsKeyArn": ctx.arn(function.environment_key) if function.environment_key else None,
            "Layers": [ctx.arn(layer) for layer in function.layers] or None,
            "ReservedConcurrentExecutions": function.reserved_concurrency,
            "DeadLetterConfig": {"TargetArn": ctx.arn(function.dead_letter.to)} if function.dead_letter else None,
            "TracingConfig": {"Mode": "Active" if function.tracing else "PassThrough"},
            "LoggingConfig": {"LogGroup": {"Ref": log_group.logical_id}} if logs else None,
            "VpcConfig": {"SubnetIds": subnets, "SecurityGroupIds": ctx.groups(name)} if subnets else None,
            "Role": ctx.role_arn(name),
            "Tags": ctx.tags(name),
        },
        origins={
            "FunctionName": "physical_name",
            "Runtime": "runtime",
            "Handler": "handler",
            "PackageType": "package",
            "Code": "code",
            "Architectures": "architecture",
            "MemorySize": "memory_mb",
            "Timeout": "timeout_s",
            "EphemeralStorage": "ephemeral_storage_mb",
            "Environment.Variables": "environment",
            **{f"Environment.Variables.{key}": f"secrets.{key}" for key in function.secrets},
            "KmsKeyArn": "environment_key",
            "Layers": "layers",
            "ReservedConcurrentExecutions": "reserved_concurrency",
            "DeadLetterConfig": "dead_letter",
            "TracingConfig": "tracing",
            "VpcConfig": "in",
            "VpcConfig.SubnetIds": "in.subnets",
            "VpcConfig.SecurityGroupIds": "in.security_groups",
            "Role": "role",
        },
    )
    _asynchronous(name, function, ctx)
    _url(name, function, ctx)


def _variables(function: LambdaFunction, ctx: Lowering) -> dict[str, Any]:
    """Its environment: what is said, and where its secrets are; never what they are."""
    variables: dict[str, Any] = ctx.translate(function.environment)
    for key, said in function.secrets.items():
        kind = ctx.component(said).kind
        if kind in ("rds", "aurora"):
            variables[key] = administrator_secret(said, ctx)[0]
        else:
            variables[key] = ctx.ref(said) if kind == "ssm_parameter" else ctx.arn(said)
    return variables


def _code(name: str, function: LambdaFunction, ctx: Lowering) -> dict[str, Any] | None:
    if function.package == "image":
        uri = ctx.att(function.image, "RepositoryUri") if function.image else None
        return {"ImageUri": {"Fn::Sub": "${" + ".".join(uri["Fn::GetAtt"]) + "}:latest"} if uri else "scratch"}
    return package(function.code, name, ctx)


def package(code: str | None, name: str, ctx: Lowering) -> dict[str, Any] | None:
    """Where a zip lies; where the model does not say, in the bucket that a parameter of the stack names."""
    if ctx.exact and code is None:
        return None
    if code and code.startswith("s3://"):
        bucket, _, key = code[5:].partition("/")
        return {"S3Bucket": bucket, "S3Key": key}
    return {"S3Bucket": code_bucket(ctx), "S3Key": code or f"{name}.zip"}


def code_bucket(ctx: Lowering) -> dict[str, str]:
    """The bucket that holds the code of the system, which a parameter of the stack names."""
    ctx.resources.parameters["CodeBucket"] = {
        "Type": "String",
        "Description": "The bucket that holds the zip of every function and layer, each by its id",
    }
    return {"Ref": "CodeBucket"}


def _asynchronous(name: str, function: LambdaFunction, ctx: Lowering) -> None:
    if function.retries is None and function.max_event_age_s is None:
        return
    ctx.add(
        name,
        "AWS::Lambda::EventInvokeConfig",
        {
            "FunctionName": ctx.ref(name),
            "Qualifier": "$LATEST",
            "MaximumRetryAttempts": function.retries,
            "MaximumEventAgeInSeconds": function.max_event_age_s,
        },
        suffix="EventInvokeConfig",
        origins={"MaximumRetryAttempts": "retries", "MaximumEventAgeInSeconds": "max_event_age_s"},
    )


def _url(name: str, function: LambdaFunction, ctx: Lowering) -> None:
    if function.url is None:
        return
    auth = "NONE" if function.url.auth == "open" else "AWS_IAM"
    properties = {"TargetFunctionArn": ctx.att(name, "Arn"), "AuthType": auth}
    ctx.add(name, "AWS::Lambda::Url", properties, suffix="Url", origins={"AuthType": "url.auth"})
    if auth == "NONE":
        permission = {
            "FunctionName": ctx.ref(name),
            "Action": "lambda:InvokeFunctionUrl",
            "Principal": "*",
            "FunctionUrlAuthType": auth,
        }
        ctx.add(name, "AWS::Lambda::Permission", permission, suffix="UrlPermission", origins={"Principal": "url.auth"})


def lower_lambda_layer(name: str, layer: LambdaLayer, ctx: Lowering) -> None:
    """A layer version."""
    ctx.add(
        name,
        "AWS::Lambda::LayerVersion",
        {
            "LayerName": ctx.name(name),
            "Description": layer.description,
            "CompatibleRuntimes": layer.runtimes or None,
            "Content": package(layer.code, name, ctx),
        },
        origins={"LayerName": "physical_name", "CompatibleRuntimes": "runtimes", "Content": "code"},
    )
