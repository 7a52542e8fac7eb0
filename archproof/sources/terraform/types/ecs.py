"""ECS: clusters, capacity providers, task definitions, services."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archproof.sources.terraform.mapping import Mapping, block, blocks, to
from archproof.sources.terraform.types._shapes import named, pascal, public

if TYPE_CHECKING:
    from archproof.sources.terraform.made import Made

TYPES = (
    "aws_ecs_cluster", "aws_ecs_cluster_capacity_providers", "aws_ecs_capacity_provider", "aws_ecs_task_definition",
    "aws_ecs_service", "aws_ecs_task_set",
)  # fmt: skip


def _containers(made: Made) -> None:
    """Containers are JSON of ECS's own spelling."""
    held = made.resource.get("ContainerDefinitions")
    if isinstance(held, list):
        made.set("ContainerDefinitions", pascal(held), "container_definitions")


MAPPINGS = {
    "aws_ecs_cluster": Mapping(
        "AWS::ECS::Cluster",
        "name=ClusterName",
        {
            "configuration": block(
                "Configuration",
                "",
                {
                    "execute_command_configuration": block(
                        "ExecuteCommandConfiguration",
                        "kms_key_id logging",
                        {
                            "log_configuration": block(
                                "LogConfiguration",
                                "cloud_watch_encryption_enabled cloud_watch_log_group_name "
                                "s3_bucket_name s3_key_prefix",
                            )
                        },
                    ),
                    "managed_storage_configuration": block(
                        "ManagedStorageConfiguration", "fargate_ephemeral_storage_kms_key_id kms_key_id"
                    ),
                },
            ),
            "service_connect_defaults": block("ServiceConnectDefaults", "namespace"),
            "setting": blocks("ClusterSettings", "name value"),
        },
        attributes="id=Ref name=Ref arn=Arn",
    ),
    "aws_ecs_cluster_capacity_providers": Mapping(
        "AWS::ECS::ClusterCapacityProviderAssociations",
        "cluster_name=Cluster capacity_providers",
        {
            "default_capacity_provider_strategy": blocks(
                "DefaultCapacityProviderStrategy", "capacity_provider base weight"
            )
        },
        attributes="id",
        tags="",
    ),
    "aws_ecs_capacity_provider": Mapping(
        "AWS::ECS::CapacityProvider",
        "name",
        {
            "auto_scaling_group_provider": block(
                "AutoScalingGroupProvider",
                "auto_scaling_group_arn managed_draining managed_termination_protection",
                {
                    "managed_scaling": block(
                        "ManagedScaling",
                        "instance_warmup_period maximum_scaling_step_size "
                        "minimum_scaling_step_size status target_capacity",
                    )
                },
            ),
            "managed_instances_provider": block(
                "ManagedInstancesProvider",
                "infrastructure_role_arn propagate_tags",
                {
                    "instance_launch_template": block(
                        "InstanceLaunchTemplate",
                        "ec2_instance_profile_arn monitoring",
                        {
                            "network_configuration": block("NetworkConfiguration", "subnets security_groups"),
                            "instance_requirements": block(
                                "InstanceRequirements",
                                "accelerator_manufacturers accelerator_names accelerator_types "
                                "allowed_instance_types bare_metal burstable_performance "
                                "cpu_manufacturers excluded_instance_types instance_generations "
                                "local_storage local_storage_types "
                                "max_spot_price_as_percentage_of_optimal_on_demand_price "
                                "on_demand_max_price_percentage_over_lowest_price "
                                "require_hibernate_support "
                                "spot_max_price_percentage_over_lowest_price",
                                {
                                    "memory_mib": block("MemoryMiB", "min max"),
                                    "vcpu_count": block("VCpuCount", "min max"),
                                    "accelerator_count": block("AcceleratorCount", "max min"),
                                    "accelerator_total_memory_mib": block("AcceleratorTotalMemoryMiB", "max min"),
                                    "baseline_ebs_bandwidth_mbps": block("BaselineEbsBandwidthMbps", "max min"),
                                    "memory_gib_per_vcpu": block("MemoryGiBPerVCpu", "max min"),
                                    "network_bandwidth_gbps": block("NetworkBandwidthGbps", "max min"),
                                    "network_interface_count": block("NetworkInterfaceCount", "max min"),
                                    "total_local_storage_gb": block("TotalLocalStorageGB", "max min"),
                                },
                            ),
                            "storage_configuration": block("StorageConfiguration", "storage_size_gib=StorageSizeGiB"),
                        },
                    ),
                    "infrastructure_optimization": block("InfrastructureOptimization", "scale_in_after"),
                },
            ),
        },
        attributes="id=Ref name=Ref",
    ),
    "aws_ecs_task_definition": Mapping(
        "AWS::ECS::TaskDefinition",
        "container_definitions:json family cpu enable_fault_injection "
        "execution_role_arn ipc_mode memory network_mode pid_mode "
        "requires_compatibilities -skip_destroy task_role_arn "
        "-track_latest",
        {
            "ephemeral_storage": block("EphemeralStorage", "size_in_gib=SizeInGiB"),
            "placement_constraints": blocks("PlacementConstraints", "type expression"),
            "proxy_configuration": block(
                "ProxyConfiguration", "container_name type", {"properties": to("ProxyConfigurationProperties", named)}
            ),
            "runtime_platform": block("RuntimePlatform", "cpu_architecture operating_system_family"),
            "volume": blocks(
                "Volumes",
                "name host_path=Host.SourcePath",
                {
                    "docker_volume_configuration": block(
                        "DockerVolumeConfiguration", "autoprovision driver driver_opts labels scope"
                    ),
                    "efs_volume_configuration": block(
                        "EFSVolumeConfiguration",
                        "file_system_id=FilesystemId root_directory transit_encryption transit_encryption_port",
                        {"authorization_config": block("AuthorizationConfig", "access_point_id iam=IAM")},
                    ),
                    "fsx_windows_file_server_volume_configuration": block(
                        "FSxWindowsFileServerVolumeConfiguration",
                        "file_system_id root_directory",
                        {"authorization_config": block("AuthorizationConfig", "credentials_parameter domain")},
                    ),
                },
            ),
        },
        attributes="id==family arn=Ref arn_without_revision==family family==family",
        finish=_containers,
    ),
    "aws_ecs_service": Mapping(
        "AWS::ECS::Service",
        "name=ServiceName availability_zone_rebalancing cluster "
        "deployment_maximum_percent=DeploymentConfiguration.MaximumPercent "
        "deployment_minimum_healthy_percent=DeploymentConfiguration.MinimumHealthyPercent "
        "desired_count enable_ecs_managed_tags=EnableECSManagedTags "
        "enable_execute_command -force_delete -force_new_deployment "
        "health_check_grace_period_seconds -iam_role launch_type "
        "platform_version propagate_tags scheduling_strategy "
        "-sigint_rollback task_definition -triggers "
        "-wait_for_steady_state",
        {
            "alarms": block("DeploymentConfiguration.Alarms", "alarm_names enable rollback"),
            "capacity_provider_strategy": blocks("CapacityProviderStrategy", "capacity_provider base weight"),
            "deployment_circuit_breaker": block("DeploymentConfiguration.DeploymentCircuitBreaker", "enable rollback"),
            "deployment_configuration": block(
                "DeploymentConfiguration",
                "bake_time_in_minutes:number strategy",
                {
                    "canary_configuration": block(
                        "CanaryConfiguration", "canary_bake_time_in_minutes:number canary_percent"
                    ),
                    "lifecycle_hook": blocks(
                        "LifecycleHooks", "hook_target_arn lifecycle_stages role_arn hook_details:json"
                    ),
                    "linear_configuration": block(
                        "LinearConfiguration", "step_bake_time_in_minutes:number step_percent"
                    ),
                },
            ),
            "deployment_controller": block("DeploymentController", "type"),
            "load_balancer": blocks(
                "LoadBalancers",
                "container_name container_port elb_name=LoadBalancerName target_group_arn",
                {
                    "advanced_configuration": block(
                        "AdvancedConfiguration",
                        "alternate_target_group_arn production_listener_rule role_arn test_listener_rule",
                    )
                },
            ),
            "network_configuration": block(
                "NetworkConfiguration.AwsvpcConfiguration",
                "subnets security_groups",
                {"assign_public_ip": to("AssignPublicIp", public)},
            ),
            "ordered_placement_strategy": blocks("PlacementStrategies", "type field"),
            "placement_constraints": blocks("PlacementConstraints", "type expression"),
            "service_connect_configuration": block(
                "ServiceConnectConfiguration",
                "enabled namespace",
                {
                    "log_configuration": block(
                        "LogConfiguration",
                        "log_driver options",
                        {"secret_option": blocks("SecretOptions", "name value_from")},
                    ),
                    "service": blocks(
                        "Services",
                        "port_name discovery_name ingress_port_override",
                        {
                            "client_alias": blocks(
                                "ClientAliases",
                                "port dns_name",
                                {
                                    "test_traffic_rules": block(
                                        "TestTrafficRules",
                                        "",
                                        {"header": block("Header", "name", {"value": block("Value", "exact")})},
                                    )
                                },
                            ),
                            "timeout": block("Timeout", "idle_timeout_seconds per_request_timeout_seconds"),
                            "tls": block(
                                "Tls",
                                "kms_key role_arn",
                                {"issuer_cert_authority": block("IssuerCertificateAuthority", "aws_pca_authority_arn")},
                            ),
                        },
                    ),
                },
            ),
            "service_registries": blocks("ServiceRegistries", "registry_arn container_name container_port port"),
            "volume_configuration": blocks(
                "VolumeConfigurations",
                "name",
                {
                    "managed_ebs_volume": block(
                        "ManagedEBSVolume",
                        "role_arn encrypted file_system_type=FilesystemType iops "
                        "kms_key_id size_in_gb=SizeInGiB snapshot_id throughput "
                        "volume_initialization_rate volume_type",
                        {"tag_specifications": blocks("TagSpecifications", "resource_type propagate_tags")},
                    )
                },
            ),
            "vpc_lattice_configurations": blocks("VpcLatticeConfigurations", "port_name role_arn target_group_arn"),
        },
        attributes="id=Ref arn=Ref name=Name",
        wants={"cluster": "arn", "task_definition": "arn"},
    ),
    "aws_ecs_task_set": Mapping(
        "AWS::ECS::TaskSet",
        "cluster service task_definition external_id -force_delete "
        "launch_type platform_version -wait_until_stable "
        "-wait_until_stable_timeout",
        {
            "capacity_provider_strategy": blocks("CapacityProviderStrategy", "capacity_provider weight base"),
            "load_balancer": blocks("LoadBalancers", "container_name container_port target_group_arn"),
            "network_configuration": block(
                "NetworkConfiguration.AwsVpcConfiguration",
                "subnets security_groups",
                {"assign_public_ip": to("AssignPublicIp", public)},
            ),
            "scale": block("Scale", "unit value"),
            "service_registries": blocks("ServiceRegistries", "registry_arn container_name container_port port"),
        },
        attributes="id",
    ),
}
