"""ECS clusters, services and task definitions."""

from __future__ import annotations

from typing import Any

import pytest

from archproof.errors import InputError
from archproof.model.architecture import loads
from archproof.resources.resource import Resources
from archproof.resources.template import template

from .lowered import HEAD, complaints, lowered, place

IN = "in: {subnets: app, security_groups: [app_sg]}"
MINIMAL = f"  images: {{kind: ecr_repository}}\n  web: {{kind: ecs_service, image: images, port: 8080, {IN}}}\n"


def container(resources: Resources, name: str = "WebTaskDefinition") -> dict[str, Any]:
    return resources[name].get("ContainerDefinitions", 0)


def starts_with(resources: Resources) -> list[Any]:
    return [s["Action"] for s in resources["WebExecutionRole"].get("Policies", 0, "PolicyDocument", "Statement")]


def test_a_service_has_its_own_cluster_log_group_and_two_roles() -> None:
    resources = lowered(MINIMAL)
    service = resources["Web"]
    expected = {
        "Cluster": {"Ref": "WebCluster"}, "LaunchType": "FARGATE", "DesiredCount": 2,
        "TaskDefinition": {"Ref": "WebTaskDefinition"}, "EnableExecuteCommand": False,
    }  # fmt: skip
    assert {key: service.get(key) for key in expected} == expected
    assert service.get("NetworkConfiguration", "AwsvpcConfiguration") == {
        "Subnets": [{"Ref": "AppSubnetA"}, {"Ref": "AppSubnetB"}],
        "SecurityGroups": [{"Fn::GetAtt": ["AppSg", "GroupId"]}],
        "AssignPublicIp": "DISABLED",
    }
    breaker = service.get("DeploymentConfiguration", "DeploymentCircuitBreaker")
    assert breaker == {"Enable": True, "Rollback": True}
    assert resources["WebCluster"].get("ClusterSettings") == [{"Name": "containerInsights", "Value": "enabled"}]
    task = resources["WebTaskDefinition"]
    assert task.get("ExecutionRoleArn") == {"Fn::GetAtt": ["WebExecutionRole", "Arn"]}
    assert task.get("TaskRoleArn") == {"Fn::GetAtt": ["WebRole", "Arn"]}
    assert container(resources)["ReadonlyRootFilesystem"] is True
    assert container(resources)["MountPoints"] == [{"SourceVolume": "tmp", "ContainerPath": "/tmp", "ReadOnly": False}]
    assert not resources["WebRole"].has("Policies")
    assert starts_with(resources) == [
        ["logs:CreateLogStream", "logs:PutLogEvents"],
        ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer", "ecr:BatchCheckLayerAvailability"],
        ["ecr:GetAuthorizationToken"],
    ]
    assert complaints(resources) == []


def test_the_tag_of_an_image_is_a_parameter_unless_it_is_said() -> None:
    resources = lowered(MINIMAL)
    assert container(resources)["Image"] == {"Fn::Sub": "${Images.RepositoryUri}:${WebImageTag}"}
    assert template(resources)["Parameters"]["WebImageTag"]["Default"] == "latest"
    tagged = lowered(MINIMAL.replace("image: images", 'image: {repository: images, tag: "1.4"}'))
    assert container(tagged)["Image"] == {"Fn::Sub": "${Images.RepositoryUri}:1.4"}


def test_an_image_of_elsewhere_is_a_uri() -> None:
    resources = lowered(f"  web: {{kind: ecs_service, image: public.ecr.aws/nginx/nginx:1.27, {IN}}}\n")
    assert container(resources)["Image"] == "public.ecr.aws/nginx/nginx:1.27"
    assert starts_with(resources) == [["logs:CreateLogStream", "logs:PutLogEvents"]]


def test_secrets_reach_the_container_through_the_execution_role_alone() -> None:
    secrets = "secrets: {DB: creds, PASSWORD: {secret: creds, key: password}, FLAGS: flags}"
    resources = lowered(
        MINIMAL.replace("port: 8080", f"port: 8080, {secrets}")
        + """\
  creds: {kind: secret, kms_key: key}
  flags: {kind: ssm_parameter, value: x}
  key: {kind: kms_key}
"""
    )
    assert container(resources)["Secrets"] == [
        {"Name": "DB", "ValueFrom": {"Ref": "Creds"}},
        {"Name": "PASSWORD", "ValueFrom": {"Fn::Sub": "${Creds}:password::"}},
        {
            "Name": "FLAGS",
            "ValueFrom": {"Fn::Sub": "arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter/${Flags}"},
        },
    ]
    assert starts_with(resources)[3:] == [["secretsmanager:GetSecretValue"], ["ssm:GetParameters"], ["kms:Decrypt"]]
    assert not resources["WebRole"].has("Policies")
    assert complaints(resources) == []


def test_every_exception_points_at_the_field_that_says_it() -> None:
    resources = lowered(f"""\
  web:
    kind: ecs_service
    image: nginx:1
    launch: fargate_spot
    tasks: 1
    cpu: 1024
    memory_mb: 2048
    public_ip: true
    read_only_root: false
    circuit_breaker: false
    shell: true
    scaling: {{min: 1, max: 5, target_cpu_percent: 70}}
    environment: {{LEVEL: info}}
    {IN}
""")
    assert resources["Web"].get("CapacityProviderStrategy", 0, "CapacityProvider") == "FARGATE_SPOT"
    assert place(resources, "Web", "DesiredCount") == "5:5"
    assert place(resources, "WebTaskDefinition", "Cpu") == "6:5"
    network = ("NetworkConfiguration", "AwsvpcConfiguration")
    assert place(resources, "Web", *network, "AssignPublicIp") == "8:5"
    assert place(resources, "WebTaskDefinition", "ContainerDefinitions", 0, "ReadonlyRootFilesystem") == "9:5"
    assert place(resources, "WebScalableTarget", "MaxCapacity") == "12:23"
    tracking = resources["WebCpuScaling"].get("TargetTrackingScalingPolicyConfiguration")
    assert tracking["TargetValue"] == 70
    assert complaints(resources) == []


def test_a_cluster_of_instances_runs_tasks_on_its_capacity_provider() -> None:
    resources = lowered(f"""\
  cl: {{kind: ecs_cluster, capacity: machines}}
  machines: {{kind: auto_scaling_group, instance_type: m7g.large, in: {{subnets: app}}}}
  web: {{kind: ecs_service, image: nginx:1, launch: ec2, cluster: cl, {IN}}}
""")
    strategy = resources["Web"].get("CapacityProviderStrategy", 0)
    assert strategy["CapacityProvider"] == {"Ref": "ClMachinesProvider"}
    assert resources["WebTaskDefinition"].get("RequiresCompatibilities") == ["EC2"]
    data = resources["MachinesLaunchTemplate"].get("LaunchTemplateData")
    assert "echo ECS_CLUSTER=${Cl}" in data["UserData"]["Fn::Base64"]["Fn::Sub"]
    assert resources["Machines"].get("NewInstancesProtectedFromScaleIn") is True
    assert complaints(resources) == []


def test_who_runs_a_task_may_pass_its_two_roles_and_no_others() -> None:
    resources = lowered(f"""\
  job: {{kind: ecs_task_definition, image: nginx:1, {IN}}}
  fn: {{kind: lambda, runtime: python3.13}}
links:
  - {{from: fn, to: job, verb: run}}
""")
    statements = resources["FnRole"].get("Policies", 0, "PolicyDocument", "Statement")
    passed = next(s for s in statements if s["Action"] == ["iam:PassRole"])
    assert passed["Resource"] == [{"Fn::GetAtt": ["JobRole", "Arn"]}, {"Fn::GetAtt": ["JobExecutionRole", "Arn"]}]
    assert complaints(resources) == []


def test_what_starting_a_task_calls() -> None:
    architecture = loads(HEAD + MINIMAL + f"  plain: {{kind: ecs_service, image: nginx:1, shell: true, {IN}}}\n")
    assert architecture.components["web"].calls_services() == ("ecr.api", "ecr.dkr", "s3", "logs")
    assert architecture.components["plain"].calls_services() == ("logs", "ssmmessages")


def test_an_image_that_is_no_repository_is_an_error() -> None:
    with pytest.raises(InputError) as caught:
        loads(HEAD + MINIMAL.replace("image: images", "image: imagse"))
    problem = caught.value.problems[0]
    assert problem.message == "no ecr repository is called 'imagse'; did you mean 'images'?"
    assert (problem.location.line, problem.location.column) == (HEAD.count("\n") + 2, 35)


def test_verbatim_properties_win() -> None:
    resources = lowered(MINIMAL.replace("port: 8080", "port: 8080, properties: {DesiredCount: 7}"))
    assert resources["Web"].get("DesiredCount") == 7
