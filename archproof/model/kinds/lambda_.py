"""AWS Lambda: functions and layers."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from archproof.model.base import Component, OneOrMany, Part, Placed, Shorthand, Verbatim, refers
from archproof.model.kinds._roles import RunsWith

KINDS = {"lambda": "LambdaFunction", "lambda_layer": "LambdaLayer"}


class FunctionUrl(Part):
    """A URL of the function's own, without an API before it."""

    auth: Literal["iam", "open"] = "iam"
    """Who may call it; `open` must be said."""


class OnFailure(Part):
    """Where an asynchronous invocation goes that failed for good."""

    to: Annotated[str, refers("sqs_queue", "sns_topic", verb="dead_letter", acyclic=True)]
    """A queue or a topic."""


class LambdaFunction(Placed):
    """A Lambda function, with its execution role and its log group.

    The role holds exactly what the function's links need. Logs are kept for `log_retention_days`.
    """

    kind: Literal["lambda"]
    cfn: ClassVar[str] = "AWS::Lambda::Function"
    service: ClassVar[str] = "lambda"
    principal: ClassVar[str] = "lambda.amazonaws.com"
    tier: ClassVar[str] = "compute"

    runtime: str | None = None
    """The runtime, e.g. `dotnet10`; left out for an image."""
    handler: str = "index.handler"
    """The entry point of a zip package."""
    package: Literal["zip", "image"] = "zip"
    """How the code is packed."""
    image: Annotated[str, refers("ecr_repository")] | None = None
    """The repository of the image."""
    code: str | None = None
    """Where the zip lies: `s3://bucket/key`, or a path in the bucket of the parameter `CodeBucket`; `ID.zip` in it when
    left out."""
    architecture: Literal["arm64", "x86_64"] = "arm64"
    """The processor."""
    memory_mb: Annotated[int, Field(ge=1)] = 512
    """Memory in MB; the processor's share grows with it."""
    timeout_s: Annotated[int, Field(ge=1)] = 20
    """The longest that one invocation may run, in seconds."""
    ephemeral_storage_mb: Annotated[int, Field(ge=1)] = 512
    """Size of /tmp in MB."""
    package_mb: Annotated[float, Field(ge=0)] | None = None
    """Size of the zip in MB, for the quota."""
    unzipped_mb: Annotated[float, Field(ge=0)] | None = None
    """Size unpacked, layers included, in MB, for the quota."""
    payload_mb: Annotated[float, Field(ge=0)] | None = None
    """The largest request or response it must handle, in MB, for the quota."""
    environment: dict[str, str | Verbatim] = {}
    """Environment variables; never a secret. An intrinsic (`!Ref orders`) may stand for a value."""
    secrets: dict[str, Annotated[str, refers("secret", "ssm_parameter", "rds", "aurora", verb="fetch")]] = {}
    """Environment variables with the ARN of a secret (of a parameter the name) that it reads: `{DB_SECRET: db_secret}`.
    A database stands for its administrator's secret."""
    environment_key: Annotated[str, refers("kms_key")] | None = None
    """The key that encrypts the variables; AWS's own when left out."""
    layers: Annotated[list[Annotated[str, refers("lambda_layer")]], OneOrMany()] = []
    """Layers, in order."""
    reserved_concurrency: Annotated[int, Field(ge=0)] | None = None
    """Concurrency kept for it, which is also its ceiling."""
    provisioned_concurrency: Annotated[int, Field(ge=1)] | None = None
    """Environments kept warm."""
    dead_letter: Annotated[OnFailure, Shorthand("to")] | None = None
    """Where failed asynchronous invocations go: a queue or a topic."""
    retries: Annotated[int, Field(ge=0)] | None = None
    """Attempts again after an asynchronous failure."""
    max_event_age_s: Annotated[int, Field(ge=1)] | None = None
    """Seconds after which an asynchronous event is given up."""
    url: FunctionUrl | None = None
    """A URL of its own."""
    tracing: bool = True
    """Whether X-Ray traces it."""
    role: RunsWith | None = None
    """A role of the model, or a map that says one of its own; left out: one with exactly what its links need."""
    log_retention_days: Annotated[int, Field(ge=1)] = 30
    """Days its log group keeps the logs."""
    log_key: Annotated[str, refers("kms_key")] | None = None
    """The key that encrypts the logs; AWS's own when left out."""


class LambdaLayer(Component):
    """A layer: code or libraries that functions share."""

    kind: Literal["lambda_layer"]
    cfn: ClassVar[str] = "AWS::Lambda::LayerVersion"
    service: ClassVar[str] = "lambda"
    tier: ClassVar[str] = "compute"
    detail: ClassVar[bool] = True

    runtimes: Annotated[list[str], OneOrMany()] = []
    """Runtimes it works with."""
    code: str | None = None
    """Where the zip lies: `s3://bucket/key`, or a path in the bucket of the parameter `CodeBucket`; `ID.zip` in it when
    left out."""
    unzipped_mb: Annotated[float, Field(ge=0)] | None = None
    """Size unpacked in MB, for the quota."""
