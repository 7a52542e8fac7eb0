"""Building and delivering: CodeBuild, CodePipeline, CodeDeploy, CodeCommit, CodeArtifact, connections."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archproof.sources.terraform.mapping import Mapping, Merge, block, blocks, camel, to
from archproof.sources.terraform.types._shapes import names

if TYPE_CHECKING:
    from archproof.sources.terraform.made import Made

TYPES = (
    "aws_codebuild_project", "aws_codebuild_report_group", "aws_codebuild_source_credential",
    "aws_codebuild_webhook", "aws_codepipeline", "aws_codepipeline_webhook", "aws_codecommit_repository",
    "aws_codecommit_trigger", "aws_codedeploy_app", "aws_codedeploy_deployment_config",
    "aws_codedeploy_deployment_group", "aws_codestarconnections_connection", "aws_codeconnections_connection",
    "aws_codestarnotifications_notification_rule", "aws_codeartifact_domain", "aws_codeartifact_repository",
)  # fmt: skip


def _store(made: Made) -> None:
    """One store of artifacts, or one for each region."""
    stores = made.value("artifact_store") or []
    for at, said in enumerate(stores):
        key = (said.get("encryption_key") or [None])[0]
        store = {"Location": said.get("location"), "Type": said.get("type")}
        if isinstance(key, dict):
            store["EncryptionKey"] = {"Id": key.get("id"), "Type": key.get("type")}
        if len(stores) > 1:
            made.add("ArtifactStores", {"ArtifactStore": store, "Region": said.get("region")}, "artifact_store", at)
        else:
            made.set("ArtifactStore", store, "artifact_store", at)


def _webhook(made: Made) -> None:
    """Groups of filters; all of a group have to fit."""
    made.set("Triggers.Webhook", True, "project_name")
    for at, group in enumerate(made.value("filter_group") or []):
        filters = [
            {camel(k): v for k, v in said.items() if v is not None} for said in group.get("filter") or []
        ]  # fmt: skip
        made.add("Triggers.FilterGroups", filters, "filter_group", at)


MAPPINGS = {
    "aws_codebuild_project": Mapping(
        "AWS::CodeBuild::Project",
        "name service_role auto_retry_limit badge_enabled "
        "build_timeout=TimeoutInMinutes concurrent_build_limit "
        "description encryption_key project_visibility=Visibility "
        "queued_timeout=QueuedTimeoutInMinutes resource_access_role "
        "source_version",
        {
            "artifacts": block(
                "Artifacts",
                "type artifact_identifier encryption_disabled location name "
                "namespace_type override_artifact_name packaging path",
            ),
            "environment": block(
                "Environment",
                "compute_type image type certificate image_pull_credentials_type privileged_mode",
                {
                    "docker_server": block("DockerServer", "compute_type security_group_ids"),
                    "environment_variable": blocks("EnvironmentVariables", "name value type"),
                    "fleet": block("Fleet", "fleet_arn"),
                    "registry_credential": block("RegistryCredential", "credential credential_provider"),
                },
            ),
            "source": block(
                "Source",
                "type buildspec=BuildSpec git_clone_depth insecure_ssl location report_build_status",
                {
                    "auth": block("Auth", "resource type"),
                    "build_status_config": block("BuildStatusConfig", "context target_url"),
                    "git_submodules_config": block("GitSubmodulesConfig", "fetch_submodules"),
                },
            ),
            "build_batch_config": block(
                "BuildBatchConfig",
                "service_role combine_artifacts timeout_in_mins",
                {"restrictions": block("Restrictions", "compute_types_allowed maximum_builds_allowed")},
            ),
            "cache": block("Cache", "location modes type"),
            "file_system_locations": blocks(
                "FileSystemLocations", "identifier location mount_options mount_point type"
            ),
            "logs_config": block(
                "LogsConfig",
                "",
                {
                    "cloudwatch_logs": block("CloudWatchLogs", "group_name status stream_name"),
                    "s3_logs": block("S3Logs", "encryption_disabled location status"),
                },
            ),
            "secondary_artifacts": blocks(
                "SecondaryArtifacts",
                "artifact_identifier type encryption_disabled location name "
                "namespace_type override_artifact_name packaging path",
            ),
            "secondary_sources": blocks(
                "SecondarySources",
                "source_identifier type buildspec=BuildSpec git_clone_depth insecure_ssl location report_build_status",
                {
                    "auth": block("Auth", "resource type"),
                    "build_status_config": block("BuildStatusConfig", "context target_url"),
                    "git_submodules_config": block("GitSubmodulesConfig", "fetch_submodules"),
                },
            ),
            "secondary_source_version": blocks("SecondarySourceVersions", "source_identifier source_version"),
            "vpc_config": block("VpcConfig", "security_group_ids subnets vpc_id"),
        },
        attributes="id=Ref name=Ref arn=Arn",
        wants={"service_role": "arn"},
    ),
    "aws_codebuild_report_group": Mapping(
        "AWS::CodeBuild::ReportGroup",
        "name type -delete_reports",
        {
            "export_config": block(
                "ExportConfig",
                "",
                {"s3_destination": block("S3Destination", "bucket encryption_key encryption_disabled packaging path")},
            )
        },
        attributes="id=Ref arn=Arn",
    ),
    "aws_codebuild_source_credential": Mapping(
        "AWS::CodeBuild::SourceCredential",
        "auth_type server_type token user_name=Username",
        attributes="id=Ref arn=Ref",
        tags="",
        secret="token",
    ),
    "aws_codebuild_webhook": Mapping(
        None,
        "-project_name -branch_filter build_type=Triggers.BuildType "
        "-filter_group -manual_creation -pull_request_build_policy "
        "-scope_configuration",
        attributes="id",
        tags="",
        merge=Merge("project_name", "aws_codebuild_project"),
        finish=_webhook,
    ),
    "aws_codepipeline": Mapping(
        "AWS::CodePipeline::Pipeline",
        "+artifact_store name role_arn execution_mode pipeline_type",
        {
            "stage": blocks(
                "Stages",
                "name -before_entry -on_failure -on_success",
                {
                    "action": blocks(
                        "Actions",
                        "category=ActionTypeId.Category name owner=ActionTypeId.Owner "
                        "provider=ActionTypeId.Provider version=ActionTypeId.Version "
                        "configuration namespace region role_arn run_order "
                        "timeout_in_minutes",
                        {
                            "input_artifacts": to("InputArtifacts", names),
                            "output_artifacts": to("OutputArtifacts", names),
                        },
                    )
                },
            ),
            "trigger": blocks(
                "Triggers",
                "provider_type",
                {
                    "git_configuration": block(
                        "GitConfiguration",
                        "source_action_name",
                        {
                            "pull_request": blocks(
                                "PullRequest",
                                "events",
                                {
                                    "branches": block("Branches", "excludes includes"),
                                    "file_paths": block("FilePaths", "excludes includes"),
                                },
                            ),
                            "push": blocks(
                                "Push",
                                "",
                                {
                                    "branches": block("Branches", "excludes includes"),
                                    "file_paths": block("FilePaths", "excludes includes"),
                                },
                            ),
                        },
                    )
                },
            ),
            "variable": blocks("Variables", "name default_value description"),
        },
        attributes="id=Ref name=Ref arn=sub:arn:${AWS::Partition}:codepipeline:${AWS::Region}:${AWS::AccountId}:${.}",
        finish=_store,
    ),
    "aws_codepipeline_webhook": Mapping(
        "AWS::CodePipeline::Webhook",
        "authentication name target_action target_pipeline",
        {
            "filter": blocks("Filters", "json_path match_equals"),
            "authentication_configuration": block(
                "AuthenticationConfiguration", "allowed_ip_range=AllowedIPRange secret_token"
            ),
        },
        attributes="id=Ref url=Url",
        tags="",
    ),
    "aws_codecommit_repository": Mapping(
        "AWS::CodeCommit::Repository",
        "repository_name -default_branch description=RepositoryDescription kms_key_id",
        attributes="id==repository_name arn=Arn clone_url_http=CloneUrlHttp "
        "clone_url_ssh=CloneUrlSsh repository_name==repository_name",
    ),
    "aws_codecommit_trigger": Mapping(
        None,
        "-repository_name",
        {"trigger": blocks("Triggers", "destination_arn events name branches custom_data")},
        attributes="id",
        tags="",
        merge=Merge("repository_name", "aws_codecommit_repository"),
    ),
    "aws_codedeploy_app": Mapping(
        "AWS::CodeDeploy::Application",
        "name=ApplicationName compute_platform",
        attributes="id=Ref name=Ref",
    ),
    "aws_codedeploy_deployment_config": Mapping(
        "AWS::CodeDeploy::DeploymentConfig",
        "deployment_config_name compute_platform",
        {
            "minimum_healthy_hosts": block("MinimumHealthyHosts", "type value"),
            "traffic_routing_config": block(
                "TrafficRoutingConfig",
                "type",
                {
                    "time_based_canary": block(
                        "TimeBasedCanary", "interval=CanaryInterval percentage=CanaryPercentage"
                    ),
                    "time_based_linear": block(
                        "TimeBasedLinear", "interval=LinearInterval percentage=LinearPercentage"
                    ),
                },
            ),
            "zonal_config": block(
                "ZonalConfig",
                "first_zone_monitor_duration_in_seconds monitor_duration_in_seconds",
                {"minimum_healthy_hosts_per_zone": block("MinimumHealthyHostsPerZone", "type value")},
            ),
        },
        attributes="id=Ref deployment_config_name=Ref",
        tags="",
    ),
    "aws_codedeploy_deployment_group": Mapping(
        "AWS::CodeDeploy::DeploymentGroup",
        "app_name=ApplicationName deployment_group_name service_role_arn "
        "autoscaling_groups=AutoScalingGroups deployment_config_name "
        "-ec2_tag_set -outdated_instances_strategy "
        "termination_hook_enabled",
        {
            "alarm_configuration": block(
                "AlarmConfiguration", "enabled ignore_poll_alarm_failure", {"alarms": to("Alarms", names)}
            ),
            "auto_rollback_configuration": block("AutoRollbackConfiguration", "enabled events"),
            "blue_green_deployment_config": block(
                "BlueGreenDeploymentConfiguration",
                "",
                {
                    "deployment_ready_option": block("DeploymentReadyOption", "action_on_timeout wait_time_in_minutes"),
                    "green_fleet_provisioning_option": block("GreenFleetProvisioningOption", "action"),
                    "terminate_blue_instances_on_deployment_success": block(
                        "TerminateBlueInstancesOnDeploymentSuccess", "action termination_wait_time_in_minutes"
                    ),
                },
            ),
            "deployment_style": block("DeploymentStyle", "deployment_option deployment_type"),
            "ec2_tag_filter": blocks("Ec2TagFilters", "key type value"),
            "ecs_service": blocks("ECSServices", "cluster_name service_name"),
            "load_balancer_info": block(
                "LoadBalancerInfo",
                "",
                {
                    "elb_info": blocks("ElbInfoList", "name"),
                    "target_group_info": blocks("TargetGroupInfoList", "name"),
                    "target_group_pair_info": blocks(
                        "TargetGroupPairInfoList",
                        "",
                        {
                            "prod_traffic_route": block("ProdTrafficRoute", "listener_arns"),
                            "target_group": blocks("TargetGroups", "name"),
                            "test_traffic_route": block("TestTrafficRoute", "listener_arns"),
                        },
                    ),
                },
            ),
            "on_premises_instance_tag_filter": blocks("OnPremisesInstanceTagFilters", "key type value"),
            "trigger_configuration": blocks("TriggerConfigurations", "trigger_events trigger_name trigger_target_arn"),
        },
        attributes="id=Ref",
    ),
    "aws_codestarconnections_connection": Mapping(
        "AWS::CodeStarConnections::Connection",
        "name=ConnectionName host_arn provider_type",
        attributes="id=Ref arn=Ref",
    ),
    "aws_codeconnections_connection": Mapping(
        "AWS::CodeConnections::Connection",
        "name=ConnectionName host_arn provider_type",
        attributes="id=Ref arn=Ref",
    ),
    "aws_codestarnotifications_notification_rule": Mapping(
        "AWS::CodeStarNotifications::NotificationRule",
        "detail_type event_type_ids name resource status",
        {"target": blocks("Targets", "address=TargetAddress type=TargetType")},
        attributes="id=Ref arn=Ref",
        tags="map",
    ),
    "aws_codeartifact_domain": Mapping(
        "AWS::CodeArtifact::Domain",
        "domain=DomainName encryption_key",
        attributes="id=Ref arn=Arn domain==domain",
    ),
    "aws_codeartifact_repository": Mapping(
        "AWS::CodeArtifact::Repository",
        "domain=DomainName repository=RepositoryName description -upstream",
        {"external_connections": block("", "external_connection_name=ExternalConnections:listed")},
        attributes="id=Ref arn=Arn",
    ),
}
