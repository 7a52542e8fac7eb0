"""Amazon ECS: clusters, services and task definitions."""

import re
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field, model_validator

from archproof.model.base import ID_PATTERN, Component, OneOrMany, Part, Placed, Shorthand, refers
from archproof.model.kinds._roles import RunsWith

if TYPE_CHECKING:
    from archproof.model.architecture import Architecture

KINDS = {"ecs_cluster": "EcsCluster", "ecs_service": "EcsService", "ecs_task_definition": "EcsTaskDefinition"}

Port = Annotated[int, Field(ge=1, le=65535)]


class Image(Part):
    """The image of a container: of a repository of the model, or by its URI."""

    repository: Annotated[str, refers("ecr_repository", verb="pull")] | None = None
    """The repository."""
    tag: str | None = None
    """The tag, or a digest (`sha256:…`); a parameter of the template when left out, for each deployment to say."""
    uri: str | None = None
    """The whole URI of an image that is in no repository of the model."""

    @model_validator(mode="after")
    def _one(self) -> "Image":
        if (self.repository is None) == (self.uri is None):
            raise ValueError("needs either a 'repository' of the model or a 'uri'")
        return self


def _image(value: Any) -> Any:
    """A text is the id of a repository, or the URI of an image (which holds a dot, a slash or a colon)."""
    if isinstance(value, str):
        return {"repository" if re.match(ID_PATTERN, value) else "uri": value}
    return value


class SecretValue(Part):
    """What a container gets as an environment variable from Secrets Manager or a parameter."""

    secret: Annotated[str, refers("secret", "ssm_parameter", "rds", "aurora", verb="inject")]
    """The secret, the parameter, or the database whose administrator's secret RDS makes."""
    key: str | None = None
    """The key of a secret's JSON; the whole secret when left out."""


class Scaling(Part):
    """How the number of tasks follows the load."""

    min: Annotated[int, Field(ge=0)]
    """The fewest tasks."""
    max: Annotated[int, Field(ge=1)]
    """The most tasks."""
    target_cpu_percent: Annotated[float, Field(gt=0, le=100)] | None = 60
    """Average CPU use that tasks are added or removed for."""
    target_memory_percent: Annotated[float, Field(gt=0, le=100)] | None = None
    """Average memory use that tasks are added or removed for."""

    @model_validator(mode="after")
    def _bounds(self) -> "Scaling":
        if self.max < self.min:
            raise ValueError(f"'max' ({self.max}) is below 'min' ({self.min})")
        return self


class Mount(Part):
    """A file system inside a container."""

    efs: Annotated[str, refers("efs", verb="mount")]
    """The file system."""
    access_point: str | None = None
    """The name of one of its access points."""
    read_only: bool = False
    """Whether it can only be read."""


class ContainerTask(Placed):
    """What runs in a container, once or as a service."""

    image: Annotated[Image, BeforeValidator(_image, json_schema_input_type=str | Image)]
    """The image: a repository of the model, or a URI."""
    launch: Literal["fargate", "fargate_spot", "ec2"] = "fargate"
    """On what it runs; spot capacity may be taken back."""
    cpu: Annotated[int, Field(ge=1)] = 512
    """CPU units; 1024 are one vCPU."""
    memory_mb: Annotated[int, Field(ge=1)] = 1024
    """Memory in MB."""
    ephemeral_storage_gb: Annotated[int, Field(ge=1)] | None = None
    """Scratch storage in GB; Fargate's own when left out."""
    architecture: Literal["x86_64", "arm64"] = "x86_64"
    """The processor that the image is built for."""
    port: Port | None = None
    """The port that it serves on."""
    command: list[str] = []
    """The command, in place of the image's."""
    user: str | None = None
    """The user it runs as, in place of the image's."""
    environment: dict[str, str] = {}
    """Environment variables; never a secret."""
    secrets: dict[str, Annotated[SecretValue, Shorthand("secret")]] = {}
    """Environment variables from secrets and parameters: `{DB_SECRET: db_secret}`, or with a `key`. A database
    stands for its administrator's secret."""
    read_only_root: bool = True
    """Whether the image's file system is read-only; `false` must be said."""
    writable: Annotated[list[str], OneOrMany()] = ["/tmp"]
    """Directories that can be written all the same: scratch space that is gone with the task."""
    mounts: dict[str, Annotated[Mount, Shorthand("efs")]] = {}
    """File systems by the directory they appear at: `{/data: files}`."""
    health_command: str | None = None
    """The command inside the container that tells whether it works."""
    tracing: bool = False
    """Whether an X-Ray sidecar runs beside it."""
    role: RunsWith | None = None
    """A role of the model, or a map that says one of its own; left out: one with exactly what its links need."""
    log_retention_days: Annotated[int, Field(ge=1)] = 30
    """Days its log group keeps the logs."""
    log_key: Annotated[str, refers("kms_key")] | None = None
    """The key that encrypts the logs; AWS's own when left out."""

    def listens(self, architecture: "Architecture") -> tuple[int, ...]:
        """Its port."""
        return (self.port,) if self.port else ()

    def calls_services(self) -> tuple[str, ...]:
        """What a task needs: its image from ECR, whose layers lie in S3, its logs and its traces."""
        own = self.image.repository is not None or ".dkr.ecr." in (self.image.uri or "")
        image = ("ecr.api", "ecr.dkr", "s3") if own else ()
        return (*image, "logs", *(("xray",) if self.tracing else ()))


class EcsCluster(Component):
    """A cluster: where services and tasks run, with Container Insights."""

    kind: Literal["ecs_cluster"]
    cfn: ClassVar[str] = "AWS::ECS::Cluster"
    service: ClassVar[str] = "ecs"
    tier: ClassVar[str] = "compute"
    detail: ClassVar[bool] = True

    container_insights: Literal["enhanced", "enabled", "disabled"] = "enabled"
    """Whether metrics of services and tasks are kept; `disabled` must be said."""
    capacity: Annotated[list[Annotated[str, refers("auto_scaling_group")]], OneOrMany()] = []
    """Auto Scaling groups whose instances run its tasks; Fargate alone when left out."""
    exec_key: Annotated[str, refers("kms_key")] | None = None
    """The key that encrypts shells opened in containers."""
    physical_name: str | None = None
    """Its name in the account."""


class EcsService(ContainerTask):
    """A service: tasks that are kept running, in several zones, and replaced when a deployment fails.

    It has its own task definition, log group, execution role and, where `cluster` names none, cluster.
    """

    kind: Literal["ecs_service"]
    cfn: ClassVar[str] = "AWS::ECS::Service"
    service: ClassVar[str] = "ecs"
    principal: ClassVar[str] = "ecs-tasks.amazonaws.com"
    scope: ClassVar[str] = "vpc"
    tier: ClassVar[str] = "compute"

    cluster: Annotated[str, refers("ecs_cluster")] | None = None
    """The cluster; one of its own when left out."""
    tasks: Annotated[int, Field(ge=0)] = 2
    """Tasks that are kept running; where it scales, those it begins with."""
    scaling: Scaling | None = None
    """How the number of tasks follows the load: `{min: 2, max: 10, target_cpu_percent: 60}`."""
    circuit_breaker: bool = True
    """Whether a deployment that fails is rolled back."""
    min_healthy_percent: Annotated[int, Field(ge=0, le=100)] = 100
    """The share of tasks that stay up during a deployment."""
    max_percent: Annotated[int, Field(ge=100)] = 200
    """The share of tasks, old and new, during a deployment."""
    health_grace_s: Annotated[int, Field(ge=0)] | None = None
    """Seconds before a load balancer's checks of a new task count."""
    public_ip: bool = False
    """Whether tasks have public addresses; must be said."""
    shell: bool = False
    """Whether a shell can be opened in its containers (ECS Exec)."""
    physical_name: str | None = None
    """Its name in the account."""

    def faces_internet(self) -> bool:
        """Whether its tasks have public addresses."""
        return self.public_ip

    def calls_services(self) -> tuple[str, ...]:
        """What its tasks call, and the way for shells where they may be opened."""
        return (*super().calls_services(), *(("ssmmessages",) if self.shell else ()))


class EcsTaskDefinition(ContainerTask):
    """A task that something else starts: a schedule, a rule, a state machine.

    It has its own log group and execution role.
    """

    kind: Literal["ecs_task_definition"]
    cfn: ClassVar[str] = "AWS::ECS::TaskDefinition"
    service: ClassVar[str] = "ecs"
    principal: ClassVar[str] = "ecs-tasks.amazonaws.com"
    scope: ClassVar[str] = "vpc"
    tier: ClassVar[str] = "compute"
    detail: ClassVar[bool] = True

    cluster: Annotated[str, refers("ecs_cluster")] | None = None
    """The cluster that it is started in."""
    physical_name: str | None = None
    """Its family in the account."""
