"""ECS task definitions: of a service, or on their own."""

from __future__ import annotations

import re
from typing import Any

from archproof.model.kinds.ecs import ContainerTask
from archproof.resources.lowering._context import Lowering, logical_id
from archproof.resources.lowering._database import administrator_secret
from archproof.resources.lowering._roles import as_sub, trust

_URI = re.compile(r"([0-9]{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?/([^:@]+)")
_PULL = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer", "ecr:BatchCheckLayerAvailability"]
_CONTAINER_ORIGINS = {
    "Image": "image",
    "PortMappings": "port",
    "Command": "command",
    "User": "user",
    "Environment": "environment",
    "Secrets": "secrets",
    "ReadonlyRootFilesystem": "read_only_root",
    "MountPoints": "writable",
    "HealthCheck": "health_command",
}


def container_name(name: str) -> str:
    """What a component's container is called."""
    return name.replace("_", "-")


def lower(name: str, task: ContainerTask, ctx: Lowering, suffix: str) -> None:
    """The task definition with its log group and its execution role."""
    ctx.add(
        name,
        "AWS::Logs::LogGroup",
        {
            "RetentionInDays": task.log_retention_days,
            "KmsKeyId": ctx.arn(task.log_key) if task.log_key else None,
            "Tags": ctx.tags(name),
        },
        suffix="LogGroup",
        origins={"RetentionInDays": "log_retention_days", "KmsKeyId": "log_key"},
    )
    _execution_role(name, task, ctx)
    fargate = task.launch != "ec2"
    resource = ctx.add(
        name,
        "AWS::ECS::TaskDefinition",
        {
            "Family": ctx.name(name) if not suffix else None,
            "NetworkMode": "awsvpc",
            "RequiresCompatibilities": ["FARGATE" if fargate else "EC2"],
            "Cpu": str(task.cpu),
            "Memory": str(task.memory_mb),
            "EphemeralStorage": {"SizeInGiB": task.ephemeral_storage_gb} if task.ephemeral_storage_gb else None,
            "RuntimePlatform": {
                "CpuArchitecture": "ARM64" if task.architecture == "arm64" else "X86_64",
                "OperatingSystemFamily": "LINUX",
            },
            "ExecutionRoleArn": ctx.att(name, "Arn", "ExecutionRole"),
            "TaskRoleArn": ctx.role_arn(name),
            "ContainerDefinitions": [_container(name, task, ctx), *_sidecars(name, task, ctx)],
            "Volumes": _volumes(task, ctx) or None,
            "Tags": ctx.tags(name),
        },
        suffix=suffix,
        origins={
            "Family": "physical_name",
            "RequiresCompatibilities": "launch",
            "Cpu": "cpu",
            "Memory": "memory_mb",
            "EphemeralStorage": "ephemeral_storage_gb",
            "RuntimePlatform.CpuArchitecture": "architecture",
            "TaskRoleArn": "role",
            "Volumes": "mounts",
        },
    )
    for key, field in _CONTAINER_ORIGINS.items():
        resource.origins[("ContainerDefinitions", 0, key)] = (field,)


def _container(name: str, task: ContainerTask, ctx: Lowering) -> dict[str, Any]:
    port = task.port
    container: dict[str, Any] = {
        "Name": container_name(name),
        "Image": _image(name, task, ctx),
        "Essential": True,
        "PortMappings": [{"ContainerPort": port, "Protocol": "tcp"}] if port else None,
        "Command": task.command or None,
        "User": task.user,
        "Environment": [{"Name": key, "Value": value} for key, value in task.environment.items()] or None,
        "Secrets": [
            {"Name": key, "ValueFrom": _secret(said.secret, said.key, ctx)} for key, said in task.secrets.items()
        ]
        or None,
        "ReadonlyRootFilesystem": task.read_only_root,
        "MountPoints": _mount_points(task) or None,
        "HealthCheck": {"Command": ["CMD-SHELL", task.health_command]} if task.health_command else None,
        "LinuxParameters": {"InitProcessEnabled": True},
        "LogConfiguration": _logs(name, container_name(name), ctx),
    }
    return {key: value for key, value in container.items() if value is not None}


def _sidecars(name: str, task: ContainerTask, ctx: Lowering) -> list[dict[str, Any]]:
    if not task.tracing:
        return []
    ctx.allow(name, ["xray:PutTraceSegments", "xray:PutTelemetryRecords", "xray:GetSamplingRules",
                     "xray:GetSamplingTargets"], "*")  # fmt: skip
    return [
        {
            "Name": "xray",
            "Image": "public.ecr.aws/xray/aws-xray-daemon:3.x",
            "Essential": False,
            "ReadonlyRootFilesystem": True,
            "LogConfiguration": _logs(name, "xray", ctx),
        }
    ]


def _logs(name: str, prefix: str, ctx: Lowering) -> dict[str, Any]:
    options = {
        "awslogs-group": ctx.ref(name, "LogGroup"),
        "awslogs-region": {"Ref": "AWS::Region"},
        "awslogs-stream-prefix": prefix,
    }
    return {"LogDriver": "awslogs", "Options": options}


def _image(name: str, task: ContainerTask, ctx: Lowering) -> Any:
    image = task.image
    if image.repository is None:
        return image.uri
    uri = "${" + ctx.id(image.repository) + ".RepositoryUri}"
    if image.tag:
        return {"Fn::Sub": uri + ("@" if ":" in image.tag else ":") + image.tag}
    parameter = ctx.id(name, "ImageTag")
    ctx.resources.parameters[parameter] = {
        "Type": "String",
        "Description": f"The tag of the image that {ctx.title(name)} runs",
        "Default": "latest",
    }
    return {"Fn::Sub": uri + ":${" + parameter + "}"}


def _secret(secret: str, key: str | None, ctx: Lowering) -> Any:
    """Where a value comes from; a key of a secret's JSON follows its ARN."""
    if ctx.component(secret).kind in ("rds", "aurora"):
        arn, _ = administrator_secret(secret, ctx)
        return {"Fn::Sub": as_sub(arn) + f":{key}::"} if key else arn
    if key and ctx.component(secret).kind == "secret":
        return {"Fn::Sub": "${" + ctx.id(secret) + "}:" + key + "::"}
    return ctx.arn(secret)


def _volumes(task: ContainerTask, ctx: Lowering) -> list[dict[str, Any]]:
    volumes: list[dict[str, Any]] = [{"Name": _volume(path)} for path in _scratch(task)]
    for path, mount in task.mounts.items():
        access: dict[str, Any] = {"IAM": "ENABLED"}
        if mount.access_point:
            access["AccessPointId"] = ctx.ref(mount.efs, logical_id(mount.access_point, "AccessPoint"))
        config = {
            "FilesystemId": ctx.ref(mount.efs), "TransitEncryption": "ENABLED", "AuthorizationConfig": access,
        }  # fmt: skip
        volumes.append({"Name": _volume(path), "EFSVolumeConfiguration": config})
    return volumes


def _mount_points(task: ContainerTask) -> list[dict[str, Any]]:
    scratch = [{"SourceVolume": _volume(p), "ContainerPath": p, "ReadOnly": False} for p in _scratch(task)]
    files = [
        {"SourceVolume": _volume(path), "ContainerPath": path, "ReadOnly": mount.read_only}
        for path, mount in task.mounts.items()
    ]
    return scratch + files


def _scratch(task: ContainerTask) -> list[str]:
    """The directories that need scratch space: none where all of the image can be written."""
    return list(task.writable) if task.read_only_root else []


def _volume(path: str) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "-", path).strip("-") or "root"


def _execution_role(name: str, task: ContainerTask, ctx: Lowering) -> None:
    """The role that ECS starts the task with: its image, its logs, its secrets, and nothing else."""
    statements: list[dict[str, Any]] = [
        _may(["logs:CreateLogStream", "logs:PutLogEvents"], ctx.att(name, "Arn", "LogGroup"))
    ]
    repository = _repository(task, ctx)
    if repository is not None:
        statements += [_may(_PULL, repository), _may(["ecr:GetAuthorizationToken"], "*")]
    secrets: dict[str, list[Any]] = {}
    keys: dict[str, Any] = {}
    for said in dict.fromkeys(s.secret for s in task.secrets.values()):
        if ctx.component(said).kind in ("rds", "aurora"):
            arn, key_arn = administrator_secret(said, ctx)
            secrets.setdefault("secretsmanager:GetSecretValue", []).append(arn)
            if key_arn:
                keys[f"of {said}"] = key_arn
            continue
        parameter = ctx.component(said).kind == "ssm_parameter"
        action = "ssm:GetParameters" if parameter else "secretsmanager:GetSecretValue"
        secrets.setdefault(action, []).append(ctx.arn(said))
        if key := getattr(ctx.component(said), "kms_key", None):
            keys[key] = ctx.arn(key)
    statements += [_may([action], arns if len(arns) > 1 else arns[0]) for action, arns in secrets.items()]
    statements += [_may(["kms:Decrypt"], arn) for arn in keys.values()]
    document = {"Version": "2012-10-17", "Statement": statements}
    ctx.add(
        name,
        "AWS::IAM::Role",
        {
            "AssumeRolePolicyDocument": trust("ecs-tasks.amazonaws.com"),
            "Policies": [{"PolicyName": "start", "PolicyDocument": document}],
            "Tags": ctx.tags(name),
        },
        suffix="ExecutionRole",
        implied=True,
    )


def _may(actions: list[str], resource: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": actions, "Resource": resource}


def _repository(task: ContainerTask, ctx: Lowering) -> Any:
    """The ARN of the repository that the image is pulled from, or None where that needs no right."""
    if task.image.repository:
        return ctx.arn(task.image.repository)
    if found := _URI.match(task.image.uri or ""):
        account, region, repository = found.groups()
        return {"Fn::Sub": "arn:${AWS::Partition}:ecr:" + f"{region}:{account}:repository/{repository}"}
    return None
