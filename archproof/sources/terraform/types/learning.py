"""SageMaker and EMR."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archproof.sources.terraform.mapping import Mapping, block, blocks, to
from archproof.sources.terraform.types._shapes import names

if TYPE_CHECKING:
    from archproof.sources.terraform.made import Made

TYPES = (
    "aws_sagemaker_notebook_instance", "aws_sagemaker_model", "aws_sagemaker_endpoint_configuration",
    "aws_sagemaker_endpoint", "aws_emr_cluster",
)  # fmt: skip


def _emr(made: Made) -> None:
    profile = made.value("ec2_attributes", 0, "instance_profile")
    made.set("JobFlowRole", profile, "ec2_attributes", 0, "instance_profile")


MAPPINGS = {
    "aws_sagemaker_notebook_instance": Mapping(
        "AWS::SageMaker::NotebookInstance",
        "instance_type name=NotebookInstanceName role_arn "
        "additional_code_repositories default_code_repository "
        "direct_internet_access kms_key_id lifecycle_config_name "
        "platform_identifier root_access "
        "security_groups=SecurityGroupIds subnet_id "
        "volume_size=VolumeSizeInGB",
        {
            "instance_metadata_service_configuration": block(
                "InstanceMetadataServiceConfiguration", "minimum_instance_metadata_service_version"
            )
        },
        attributes="id=Ref arn=Ref name=NotebookInstanceName",
    ),
    "aws_sagemaker_model": Mapping(
        "AWS::SageMaker::Model",
        "execution_role_arn enable_network_isolation name=ModelName",
        {
            "container": blocks(
                "Containers",
                "container_hostname environment image "
                "inference_specification_name mode model_data_url "
                "model_package_name",
                {
                    "image_config": block(
                        "ImageConfig",
                        "repository_access_mode",
                        {
                            "repository_auth_config": block(
                                "RepositoryAuthConfig", "repository_credentials_provider_arn"
                            )
                        },
                    ),
                    "model_data_source": block(
                        "ModelDataSource",
                        "",
                        {
                            "s3_data_source": block(
                                "S3DataSource",
                                "compression_type s3_data_type s3_uri",
                                {"model_access_config": block("ModelAccessConfig", "accept_eula")},
                            )
                        },
                    ),
                    "multi_model_config": block("MultiModelConfig", "model_cache_setting"),
                },
            ),
            "inference_execution_config": block("InferenceExecutionConfig", "mode"),
            "primary_container": block(
                "PrimaryContainer",
                "container_hostname environment image "
                "inference_specification_name mode model_data_url "
                "model_package_name",
                {
                    "image_config": block(
                        "ImageConfig",
                        "repository_access_mode",
                        {
                            "repository_auth_config": block(
                                "RepositoryAuthConfig", "repository_credentials_provider_arn"
                            )
                        },
                    ),
                    "model_data_source": block(
                        "ModelDataSource",
                        "",
                        {
                            "s3_data_source": block(
                                "S3DataSource",
                                "compression_type s3_data_type s3_uri",
                                {"model_access_config": block("ModelAccessConfig", "accept_eula")},
                            )
                        },
                    ),
                    "multi_model_config": block("MultiModelConfig", "model_cache_setting"),
                },
            ),
            "vpc_config": block("VpcConfig", "security_group_ids subnets"),
        },
        attributes="id=Ref arn=Ref name=ModelName",
    ),
    "aws_sagemaker_endpoint_configuration": Mapping(
        "AWS::SageMaker::EndpointConfig",
        "execution_role_arn kms_key_arn=KmsKeyId name=EndpointConfigName -name_prefix",
        {
            "production_variants": blocks(
                "ProductionVariants",
                "container_startup_health_check_timeout_in_seconds "
                "enable_ssm_access=EnableSSMAccess inference_ami_version "
                "initial_instance_count initial_variant_weight instance_type "
                "model_data_download_timeout_in_seconds model_name variant_name "
                "volume_size_in_gb=VolumeSizeInGB",
                {
                    "core_dump_config": block("CoreDumpConfig", "destination_s3_uri kms_key_id"),
                    "managed_instance_scaling": block(
                        "ManagedInstanceScaling", "max_instance_count min_instance_count status"
                    ),
                    "routing_config": block("RoutingConfig", "routing_strategy"),
                    "serverless_config": block(
                        "ServerlessConfig", "max_concurrency memory_size_in_mb=MemorySizeInMB provisioned_concurrency"
                    ),
                },
            ),
            "async_inference_config": block(
                "AsyncInferenceConfig",
                "",
                {
                    "output_config": block(
                        "OutputConfig",
                        "s3_output_path kms_key_id s3_failure_path",
                        {
                            "notification_config": block(
                                "NotificationConfig", "error_topic include_inference_response_in success_topic"
                            )
                        },
                    ),
                    "client_config": block("ClientConfig", "max_concurrent_invocations_per_instance"),
                },
            ),
            "data_capture_config": block(
                "DataCaptureConfig",
                "destination_s3_uri initial_sampling_percentage enable_capture kms_key_id",
                {
                    "capture_options": blocks("CaptureOptions", "capture_mode"),
                    "capture_content_type_header": block(
                        "CaptureContentTypeHeader", "csv_content_types json_content_types"
                    ),
                },
            ),
            "shadow_production_variants": blocks(
                "ShadowProductionVariants",
                "container_startup_health_check_timeout_in_seconds "
                "enable_ssm_access=EnableSSMAccess inference_ami_version "
                "initial_instance_count initial_variant_weight instance_type "
                "model_data_download_timeout_in_seconds model_name variant_name "
                "volume_size_in_gb=VolumeSizeInGB",
                {
                    "core_dump_config": block("CoreDumpConfig", "destination_s3_uri kms_key_id"),
                    "managed_instance_scaling": block(
                        "ManagedInstanceScaling", "max_instance_count min_instance_count status"
                    ),
                    "routing_config": block("RoutingConfig", "routing_strategy"),
                    "serverless_config": block(
                        "ServerlessConfig", "max_concurrency memory_size_in_mb=MemorySizeInMB provisioned_concurrency"
                    ),
                },
            ),
        },
        attributes="id=Ref arn=Ref name=EndpointConfigName",
    ),
    "aws_sagemaker_endpoint": Mapping(
        "AWS::SageMaker::Endpoint",
        "endpoint_config_name name=EndpointName",
        {
            "deployment_config": block(
                "DeploymentConfig",
                "",
                {
                    "auto_rollback_configuration": block(
                        "AutoRollbackConfiguration", "", {"alarms": blocks("Alarms", "alarm_name")}
                    ),
                    "blue_green_update_policy": block(
                        "BlueGreenUpdatePolicy",
                        "maximum_execution_timeout_in_seconds termination_wait_in_seconds",
                        {
                            "traffic_routing_configuration": block(
                                "TrafficRoutingConfiguration",
                                "type wait_interval_in_seconds",
                                {
                                    "canary_size": block("CanarySize", "type value"),
                                    "linear_step_size": block("LinearStepSize", "type value"),
                                },
                            )
                        },
                    ),
                    "rolling_update_policy": block(
                        "RollingUpdatePolicy",
                        "wait_interval_in_seconds maximum_execution_timeout_in_seconds",
                        {
                            "maximum_batch_size": block("MaximumBatchSize", "type value"),
                            "rollback_maximum_batch_size": block("RollbackMaximumBatchSize", "type value"),
                        },
                    ),
                },
            )
        },
        attributes="id=Ref arn=Ref name=EndpointName",
    ),
    "aws_emr_cluster": Mapping(
        "AWS::EMR::Cluster",
        "name release_label service_role additional_info:json "
        "autoscaling_role=AutoScalingRole -configurations "
        "configurations_json=Configurations:json custom_ami_id "
        "ebs_root_volume_size "
        "keep_job_flow_alive_when_no_steps=Instances.KeepJobFlowAliveWhenNoSteps "
        "-list_steps_states log_encryption_kms_key_id log_uri "
        "os_release_label=OSReleaseLabel scale_down_behavior "
        "security_configuration step_concurrency_level "
        "termination_protection=Instances.TerminationProtected "
        "visible_to_all_users",
        {
            "applications": to("Applications", names),
            "auto_termination_policy": block("AutoTerminationPolicy", "idle_timeout"),
            "bootstrap_action": blocks(
                "BootstrapActions", "name path=ScriptBootstrapAction.Path args=ScriptBootstrapAction.Args"
            ),
            "core_instance_fleet": block(
                "Instances.CoreInstanceFleet",
                "name target_on_demand_capacity target_spot_capacity",
                {
                    "instance_type_configs": blocks(
                        "InstanceTypeConfigs",
                        "instance_type bid_price bid_price_as_percentage_of_on_demand_price weighted_capacity",
                        {
                            "configurations": blocks("Configurations", "classification"),
                            "ebs_config": block("EbsConfiguration"),
                        },
                    ),
                    "launch_specifications": block(
                        "LaunchSpecifications",
                        "",
                        {
                            "on_demand_specification": block("OnDemandSpecification", "allocation_strategy"),
                            "spot_specification": block(
                                "SpotSpecification",
                                "allocation_strategy timeout_action timeout_duration_minutes block_duration_minutes",
                            ),
                        },
                    ),
                },
            ),
            "core_instance_group": block(
                "Instances.CoreInstanceGroup",
                "instance_type autoscaling_policy=AutoScalingPolicy:json bid_price instance_count name",
                {"ebs_config": block("EbsConfiguration")},
            ),
            "ec2_attributes": block(
                "Instances",
                "-instance_profile -additional_master_security_groups "
                "-additional_slave_security_groups "
                "emr_managed_master_security_group "
                "emr_managed_slave_security_group key_name=Ec2KeyName "
                "service_access_security_group subnet_id=Ec2SubnetId "
                "subnet_ids=Ec2SubnetIds",
            ),
            "kerberos_attributes": block(
                "KerberosAttributes",
                "kdc_admin_password realm "
                "ad_domain_join_password=ADDomainJoinPassword "
                "ad_domain_join_user=ADDomainJoinUser "
                "cross_realm_trust_principal_password",
            ),
            "master_instance_fleet": block(
                "Instances.MasterInstanceFleet",
                "name target_on_demand_capacity target_spot_capacity",
                {
                    "instance_type_configs": blocks(
                        "InstanceTypeConfigs",
                        "instance_type bid_price bid_price_as_percentage_of_on_demand_price weighted_capacity",
                        {
                            "configurations": blocks("Configurations", "classification"),
                            "ebs_config": block("EbsConfiguration"),
                        },
                    ),
                    "launch_specifications": block(
                        "LaunchSpecifications",
                        "",
                        {
                            "on_demand_specification": block("OnDemandSpecification", "allocation_strategy"),
                            "spot_specification": block(
                                "SpotSpecification",
                                "allocation_strategy timeout_action timeout_duration_minutes block_duration_minutes",
                            ),
                        },
                    ),
                },
            ),
            "master_instance_group": block(
                "Instances.MasterInstanceGroup",
                "instance_type bid_price instance_count name",
                {"ebs_config": block("EbsConfiguration")},
            ),
            "placement_group_config": blocks("PlacementGroupConfigs", "instance_role placement_strategy"),
            "step": blocks(
                "Steps", "action_on_failure name", {"hadoop_jar_step": block("HadoopJarStep", "args jar main_class")}
            ),
        },
        attributes="id=Ref master_public_dns=MasterPublicDNS",
        finish=_emr,
    ),
}
