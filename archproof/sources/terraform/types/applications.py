"""App Runner, Amplify, Elastic Beanstalk."""

from __future__ import annotations

from archproof.sources.terraform.mapping import Mapping, block, blocks, to
from archproof.sources.terraform.types._shapes import named

TYPES = (
    "aws_apprunner_service", "aws_apprunner_vpc_connector", "aws_apprunner_auto_scaling_configuration_version",
    "aws_amplify_app", "aws_amplify_branch", "aws_amplify_domain_association", "aws_elastic_beanstalk_application",
    "aws_elastic_beanstalk_environment",
)  # fmt: skip


MAPPINGS = {
    "aws_apprunner_service": Mapping(
        "AWS::AppRunner::Service",
        "service_name auto_scaling_configuration_arn",
        {
            "source_configuration": block(
                "SourceConfiguration",
                "auto_deployments_enabled",
                {
                    "authentication_configuration": block(
                        "AuthenticationConfiguration", "access_role_arn connection_arn"
                    ),
                    "code_repository": block(
                        "CodeRepository",
                        "repository_url source_directory",
                        {
                            "source_code_version": block("SourceCodeVersion", "type value"),
                            "code_configuration": block(
                                "CodeConfiguration",
                                "configuration_source",
                                {
                                    "code_configuration_values": block(
                                        "CodeConfigurationValues",
                                        "runtime build_command port start_command",
                                        {
                                            "runtime_environment_secrets": to("RuntimeEnvironmentSecrets", named),
                                            "runtime_environment_variables": to("RuntimeEnvironmentVariables", named),
                                        },
                                    )
                                },
                            ),
                        },
                    ),
                    "image_repository": block(
                        "ImageRepository",
                        "image_identifier image_repository_type",
                        {
                            "image_configuration": block(
                                "ImageConfiguration",
                                "port start_command",
                                {
                                    "runtime_environment_secrets": to("RuntimeEnvironmentSecrets", named),
                                    "runtime_environment_variables": to("RuntimeEnvironmentVariables", named),
                                },
                            )
                        },
                    ),
                },
            ),
            "encryption_configuration": block("EncryptionConfiguration", "kms_key"),
            "health_check_configuration": block(
                "HealthCheckConfiguration", "healthy_threshold interval path protocol timeout unhealthy_threshold"
            ),
            "instance_configuration": block("InstanceConfiguration", "cpu instance_role_arn memory"),
            "network_configuration": block(
                "NetworkConfiguration",
                "ip_address_type",
                {
                    "egress_configuration": block("EgressConfiguration", "egress_type vpc_connector_arn"),
                    "ingress_configuration": block("IngressConfiguration", "is_publicly_accessible"),
                },
            ),
            "observability_configuration": block(
                "ObservabilityConfiguration", "observability_enabled observability_configuration_arn"
            ),
        },
        attributes="id=Ref arn=Ref service_id=ServiceId service_url=ServiceUrl",
    ),
    "aws_apprunner_vpc_connector": Mapping(
        "AWS::AppRunner::VpcConnector",
        "security_groups subnets vpc_connector_name",
        attributes="id=Ref arn=Ref",
    ),
    "aws_apprunner_auto_scaling_configuration_version": Mapping(
        "AWS::AppRunner::AutoScalingConfiguration",
        "auto_scaling_configuration_name max_concurrency max_size min_size",
        attributes="id=Ref arn=Ref",
    ),
    "aws_amplify_app": Mapping(
        "AWS::Amplify::App",
        "name access_token "
        "auto_branch_creation_patterns=AutoBranchCreationConfig.AutoBranchCreationPatterns "
        "-basic_auth_credentials build_spec -cache_config "
        "compute_role_arn custom_headers description "
        "-enable_auto_branch_creation -enable_basic_auth "
        "-enable_branch_auto_build enable_branch_auto_deletion "
        "iam_service_role_arn=IAMServiceRole -job_config oauth_token "
        "platform repository",
        {
            "auto_branch_creation_config": block(
                "AutoBranchCreationConfig",
                "build_spec enable_auto_build enable_performance_mode "
                "enable_pull_request_preview framework "
                "pull_request_environment_name stage",
                {"environment_variables": to("EnvironmentVariables", named)},
            ),
            "custom_rule": blocks("CustomRules", "source target condition status"),
            "environment_variables": to("EnvironmentVariables", named),
        },
        attributes="id=AppId arn=Arn default_domain=DefaultDomain",
        secret="oauth_token access_token",
    ),
    "aws_amplify_branch": Mapping(
        "AWS::Amplify::Branch",
        "app_id branch_name -basic_auth_credentials description "
        "-display_name enable_auto_build -enable_basic_auth "
        "-enable_notification enable_performance_mode "
        "enable_pull_request_preview enable_skew_protection framework "
        "pull_request_environment_name stage -ttl",
        {"environment_variables": to("EnvironmentVariables", named)},
        attributes="id=Ref arn=Arn branch_name=BranchName",
    ),
    "aws_amplify_domain_association": Mapping(
        "AWS::Amplify::Domain",
        "app_id domain_name enable_auto_sub_domain -wait_for_verification",
        {
            "sub_domain": blocks("SubDomainSettings", "branch_name prefix"),
            "certificate_settings": block("CertificateSettings", "custom_certificate_arn"),
        },
        attributes="id=Ref arn=Arn",
        tags="",
    ),
    "aws_elastic_beanstalk_application": Mapping(
        "AWS::ElasticBeanstalk::Application",
        "name=ApplicationName description",
        {
            "appversion_lifecycle": block(
                "ResourceLifecycleConfig", "service_role -delete_source_from_s3 -max_age_in_days -max_count"
            )
        },
        attributes="id=Ref name=Ref",
        tags="",
    ),
    "aws_elastic_beanstalk_environment": Mapping(
        "AWS::ElasticBeanstalk::Environment",
        "application=ApplicationName name=EnvironmentName "
        "cname_prefix=CNAMEPrefix description platform_arn "
        "-poll_interval solution_stack_name template_name -tier "
        "version_label -wait_for_ready_timeout",
        {"setting": blocks("OptionSettings", "name=OptionName namespace value resource=ResourceName")},
        attributes="id=Ref name=Ref",
    ),
}
