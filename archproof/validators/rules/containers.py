"""Containers: ECS services and task definitions, ECR repositories."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from archproof.resources.resource import Resource
from archproof.resources.secrets import looks_secret
from archproof.validators.context import Context
from archproof.validators.policies import as_list
from archproof.validators.rule import Hit, rule

TYPES = ("AWS::ECS::Service", "AWS::ECS::TaskDefinition", "AWS::ECS::Cluster", "AWS::ECR::Repository")
SERVICE, TASK, CLUSTER, REPOSITORY = TYPES


def _containers(r: Resource) -> list[tuple[int, dict[str, Any]]]:
    return [(n, c) for n, c in enumerate(as_list(r.get("ContainerDefinitions"))) if isinstance(c, dict)]


@rule(
    "ecs-public-ip", "high", SERVICE, wa="SEC", fsbp="ECS.2",
    title="A service's tasks get public addresses",
    why="Each task can then be reached past the load balancer, as far as its group allows.",
    fix="Place it in a tier with `egress: nat` and leave `public_ip` out.",
)  # fmt: skip
def public_ip(r: Resource, ctx: Context) -> Iterator[Hit]:
    path = ("NetworkConfiguration", "AwsvpcConfiguration", "AssignPublicIp")
    if ctx.text(r, *path, default="DISABLED") == "ENABLED":
        yield Hit(f"the tasks of {r.title} get public addresses", *path)


@rule(
    "ecs-single-task", "medium", SERVICE, wa="REL",
    title="A service runs one task",
    why="When the task or its zone fails, or while it is replaced, the service is away.",
    fix="Set `tasks` to 2 or more.",
)  # fmt: skip
def single_task(r: Resource, ctx: Context) -> Iterator[Hit]:
    if r.get("SchedulingStrategy") != "DAEMON" and ctx.number(r, "DesiredCount", default=1) == 1:
        yield Hit(f"{r.title} runs one task", "DesiredCount")


@rule(
    "ecs-privileged", "high", TASK, wa="SEC", fsbp="ECS.4",
    title="A container is privileged",
    why="A privileged container is root on its host: who breaks into it has every container there.",
    fix="Remove `Privileged`, and add the one capability that is needed.",
)  # fmt: skip
def privileged(r: Resource, ctx: Context) -> Iterator[Hit]:
    for position, container in _containers(r):
        if container.get("Privileged") in (True, "true"):
            yield Hit(f"the container {container.get('Name')} of {r.title} is privileged",
                      "ContainerDefinitions", position, "Privileged")  # fmt: skip


@rule(
    "ecs-secret-in-environment", "high", TASK, wa="SEC", fsbp="ECS.8",
    title="A container gets a secret in plain text",
    why="Whoever may describe the task definition reads it, and so does everyone with the file.",
    fix="Keep it in a secret and name that in `secrets`.",
)  # fmt: skip
def plain_secret(r: Resource, ctx: Context) -> Iterator[Hit]:
    for position, container in _containers(r):
        for number, entry in enumerate(as_list(container.get("Environment"))):
            if isinstance(entry, dict) and looks_secret(str(entry.get("Name")), entry.get("Value")):
                yield Hit(f"{entry['Name']} of {r.title} looks like a secret in plain text",
                          "ContainerDefinitions", position, "Environment", number, "Value")  # fmt: skip


@rule(
    "ecs-root-writable", "low", TASK, wa="SEC", fsbp="ECS.5",
    title="A container may write to its root file system",
    why="Who breaks in can then change the program that runs.",
    fix="Set `read_only_root` to true, with a volume for what is written.",
)  # fmt: skip
def root_writable(r: Resource, ctx: Context) -> Iterator[Hit]:
    for position, container in _containers(r):
        if container.get("ReadonlyRootFilesystem") not in (True, "true"):
            yield Hit(f"the container {container.get('Name')} of {r.title} may write to its root file system",
                      "ContainerDefinitions", position, "ReadonlyRootFilesystem")  # fmt: skip


@rule(
    "ecs-logs-missing", "medium", TASK, wa="OPS", fsbp="ECS.9",
    title="A container's output is not kept",
    why="When the task ends, what it said is gone with it.",
    fix="Leave the log configuration to the kind, which writes to a log group.",
)  # fmt: skip
def logs(r: Resource, ctx: Context) -> Iterator[Hit]:
    for position, container in _containers(r):
        if "LogConfiguration" not in container:
            message = f"the container {container.get('Name')} of {r.title} keeps no logs"
            yield Hit(message, "ContainerDefinitions", position)


@rule(
    "ecs-host-namespace", "high", TASK, wa="SEC", fsbp="ECS.3",
    title="A task shares the process namespace of its host",
    why="Its containers see, and may stop, the processes of every other task on the host.",
    fix="Remove `PidMode: host`.",
)  # fmt: skip
def host_namespace(r: Resource, ctx: Context) -> Iterator[Hit]:
    if ctx.text(r, "PidMode") == "host":
        yield Hit(f"{r.title} shares the process namespace of its host", "PidMode")


@rule(
    "ecs-insights-off", "info", CLUSTER, wa="OPS", fsbp="ECS.12",
    title="A cluster has no Container Insights",
    why="Without it CPU, memory and restarts by task are not seen.",
    fix="Leave `insights` at its default.",
)  # fmt: skip
def insights(r: Resource, ctx: Context) -> Iterator[Hit]:
    settings = {s.get("Name"): s.get("Value") for s in ctx.items(r, "ClusterSettings") if isinstance(s, dict)}
    if settings.get("containerInsights", "disabled") == "disabled":
        yield Hit(f"{r.title} has no Container Insights", "ClusterSettings")


@rule(
    "ecr-scan-off", "medium", REPOSITORY, wa="SEC", fsbp="ECR.1",
    title="Images are not scanned",
    why="Known holes in the base image and its packages then go live unseen.",
    fix="Set `scan_on_push` to true (or leave it out).",
)  # fmt: skip
def scan(r: Resource, ctx: Context) -> Iterator[Hit]:
    if ctx.flag(r, "ImageScanningConfiguration", "ScanOnPush", default=False) is False:
        yield Hit(f"{r.title} does not scan images when they are pushed", "ImageScanningConfiguration", "ScanOnPush")


@rule(
    "ecr-tags-mutable", "low", REPOSITORY, wa="SEC OPS", fsbp="ECR.2",
    title="Tags of images can be moved",
    why="The image behind a tag that was tested can be exchanged for another one.",
    fix="Set `immutable_tags` to true (or leave it out).",
)  # fmt: skip
def mutable(r: Resource, ctx: Context) -> Iterator[Hit]:
    tags = ctx.text(r, "ImageTagMutability", default="MUTABLE")
    if tags is not None and tags.startswith("MUTABLE"):
        yield Hit(f"the tags of {r.title} can be moved to other images", "ImageTagMutability")


@rule(
    "ecr-lifecycle-missing", "info", REPOSITORY, wa="COST", fsbp="ECR.3",
    title="Old images are never removed",
    why="Every build stays, and is paid for.",
    fix="Set `keep_images` to the number that you may want to go back to.",
)  # fmt: skip
def lifecycle(r: Resource, ctx: Context) -> Iterator[Hit]:
    if not r.has("LifecyclePolicy"):
        yield Hit(f"{r.title} never removes old images")


@rule(
    "ecr-without-consumer", "medium", REPOSITORY, wa="OPS",
    title="An image repository with nothing that runs it",
    why="A registry keeps images and runs nothing: 'deployed to ECR' needs an ECS service, a function or a cluster "
    "beside it.",
    fix="Add what runs the image: `kind: ecs_service` with `image:` this repository, or a function with `package: "
    "image`.",
)  # fmt: skip
def consumer(r: Resource, ctx: Context) -> Iterator[Hit]:
    runs = ("AWS::ECS::TaskDefinition", "AWS::Lambda::Function", "AWS::AppRunner::Service", "AWS::Batch::JobDefinition",
            "AWS::SageMaker::Model", "AWS::CodeBuild::Project", "AWS::BedrockAgentCore::Runtime")  # fmt: skip
    if ctx.resources.users(r, *runs):
        return
    name = r.get("RepositoryName")
    elsewhere = [u for u in ctx.resources.of_type(*runs) if isinstance(name, str) and f"/{name}:" in str(u.properties)]
    if not elsewhere:
        yield Hit(f"{r.title} holds images, but nothing in the model runs them")
