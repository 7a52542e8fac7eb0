"""Batch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archproof.sources.terraform.mapping import Mapping, block, blocks
from archproof.sources.terraform.types._shapes import pascal

if TYPE_CHECKING:
    from archproof.sources.terraform.made import Made

TYPES = (
    "aws_batch_compute_environment", "aws_batch_job_queue", "aws_batch_job_definition",
    "aws_batch_scheduling_policy",
)  # fmt: skip


def _container(made: Made) -> None:
    """Containers are JSON of Batch's own spelling."""
    held = made.resource.get("ContainerProperties")
    if isinstance(held, dict):
        made.set("ContainerProperties", pascal(held), "container_properties")


MAPPINGS = {
    "aws_batch_compute_environment": Mapping(
        "AWS::Batch::ComputeEnvironment",
        "type name=ComputeEnvironmentName -name_prefix service_role state",
        {
            "compute_resources": block(
                "ComputeResources",
                "max_vcpus=MaxvCpus subnets type allocation_strategy "
                "bid_percentage desired_vcpus=DesiredvCpus ec2_key_pair image_id "
                "instance_role instance_type=InstanceTypes min_vcpus=MinvCpus "
                "placement_group security_group_ids spot_iam_fleet_role",
                {
                    "ec2_configuration": blocks(
                        "Ec2Configuration", "image_id_override image_kubernetes_version image_type"
                    ),
                    "launch_template": block("LaunchTemplate", "launch_template_id launch_template_name version"),
                },
            ),
            "eks_configuration": block("EksConfiguration", "eks_cluster_arn kubernetes_namespace"),
            "update_policy": block("UpdatePolicy", "job_execution_timeout_minutes terminate_jobs_on_update"),
        },
        attributes="id=Ref arn=Ref ecs_cluster_arn=EcsClusterArn",
        tags="map",
    ),
    "aws_batch_job_queue": Mapping(
        "AWS::Batch::JobQueue",
        "name=JobQueueName priority state scheduling_policy_arn",
        {
            "compute_environment_order": blocks("ComputeEnvironmentOrder", "compute_environment order"),
            "job_state_time_limit_action": blocks("JobStateTimeLimitActions", "action max_time_seconds reason state"),
        },
        attributes="id=Ref arn=Ref",
        tags="map",
    ),
    "aws_batch_job_definition": Mapping(
        "AWS::Batch::JobDefinition",
        "name=JobDefinitionName type container_properties:json "
        "-deregister_on_new_revision ecs_properties:json -eks_properties "
        "node_properties:json parameters platform_capabilities "
        "propagate_tags scheduling_priority",
        {
            "retry_strategy": block(
                "RetryStrategy",
                "attempts",
                {"evaluate_on_exit": blocks("EvaluateOnExit", "action on_exit_code on_reason on_status_reason")},
            ),
            "timeout": block("Timeout", "attempt_duration_seconds"),
        },
        attributes="id=Ref arn=Ref",
        tags="map",
        finish=_container,
    ),
    "aws_batch_scheduling_policy": Mapping(
        "AWS::Batch::SchedulingPolicy",
        "name",
        {
            "fair_share_policy": block(
                "FairsharePolicy",
                "compute_reservation share_decay_seconds",
                {"share_distribution": blocks("ShareDistribution", "share_identifier weight_factor")},
            )
        },
        attributes="id=Ref arn=Ref",
        tags="map",
    ),
}
