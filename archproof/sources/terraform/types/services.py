"""Service discovery, mail, transfer, budgets, tracing, systems management, sharing and other small services."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archproof.sources.terraform.convert import number
from archproof.sources.terraform.mapping import Mapping, block, blocks, camel, to

if TYPE_CHECKING:
    from archproof.sources.terraform.made import Made

TYPES = (
    "aws_service_discovery_private_dns_namespace", "aws_service_discovery_public_dns_namespace",
    "aws_service_discovery_http_namespace", "aws_service_discovery_service", "aws_sesv2_email_identity",
    "aws_ses_domain_identity", "aws_ses_email_identity", "aws_sesv2_configuration_set", "aws_ses_configuration_set",
    "aws_ses_template", "aws_transfer_server", "aws_transfer_user", "aws_xray_sampling_rule", "aws_xray_group",
    "aws_resourcegroups_group", "aws_ram_resource_share", "aws_ssm_document", "aws_ssm_association",
    "aws_ssm_maintenance_window", "aws_ssm_maintenance_window_target", "aws_ssm_maintenance_window_task",
    "aws_ssm_patch_baseline", "aws_ssm_resource_data_sync", "aws_budgets_budget", "aws_cloudformation_stack",
    "aws_iot_thing", "aws_iot_policy", "aws_iot_certificate", "aws_shield_protection", "aws_organizations_account",
    "aws_organizations_organizational_unit", "aws_organizations_policy", "aws_ssoadmin_permission_set",
    "aws_ssoadmin_account_assignment", "aws_bedrockagent_agent", "aws_networkfirewall_firewall",
)  # fmt: skip


def _task(made: Made) -> None:
    made.set("TaskArn", made.value("task_arn"), "task_arn")


def _budget(made: Made) -> None:
    """What may be spent, and who is told of it."""
    limit = {"Amount": number(made.value("limit_amount")), "Unit": made.value("limit_unit")}
    if limit["Amount"] is not None:
        made.set("Budget.BudgetLimit", limit, "limit_amount")
    for at, said in enumerate(made.value("notification") or []):
        mails = [{"SubscriptionType": "EMAIL", "Address": a} for a in said.get("subscriber_email_addresses") or []]
        topics = [{"SubscriptionType": "SNS", "Address": a} for a in said.get("subscriber_sns_topic_arns") or []]
        told = ("comparison_operator", "notification_type", "threshold", "threshold_type")
        entry = {"Notification": {camel(k): said[k] for k in told if said.get(k) is not None},
                 "Subscribers": mails + topics}  # fmt: skip
        made.add("NotificationsWithSubscribers", entry, "notification", at)


def _active(made: Made) -> None:
    made.set("Status", "INACTIVE" if made.item.values.get("active") is False else "ACTIVE", "active")


def _lists(value: Any) -> Any:
    """Every value as a list."""
    return {k: v if isinstance(v, list) else [v] for k, v in value.items()} if isinstance(value, dict) else value


MAPPINGS = {
    "aws_service_discovery_private_dns_namespace": Mapping(
        "AWS::ServiceDiscovery::PrivateDnsNamespace",
        "name vpc description",
        attributes="id=Id arn=Arn hosted_zone=HostedZoneId",
    ),
    "aws_service_discovery_public_dns_namespace": Mapping(
        "AWS::ServiceDiscovery::PublicDnsNamespace",
        "name description",
        attributes="id=Id arn=Arn hosted_zone=HostedZoneId",
    ),
    "aws_service_discovery_http_namespace": Mapping(
        "AWS::ServiceDiscovery::HttpNamespace",
        "name description",
        attributes="id=Id arn=Arn",
    ),
    "aws_service_discovery_service": Mapping(
        "AWS::ServiceDiscovery::Service",
        "name description -force_destroy namespace_id type",
        {
            "dns_config": block(
                "DnsConfig", "namespace_id routing_policy", {"dns_records": blocks("DnsRecords", "ttl=TTL type")}
            ),
            "health_check_config": block("HealthCheckConfig", "failure_threshold resource_path type"),
            "health_check_custom_config": block("HealthCheckCustomConfig", "failure_threshold"),
        },
        attributes="id=Id arn=Arn name=Name",
    ),
    "aws_sesv2_email_identity": Mapping(
        "AWS::SES::EmailIdentity",
        "email_identity configuration_set_name=ConfigurationSetAttributes.ConfigurationSetName",
        {
            "dkim_signing_attributes": block(
                "DkimSigningAttributes", "domain_signing_private_key domain_signing_selector next_signing_key_length"
            )
        },
        attributes="id=Ref",
        secret="dkim_signing_attributes.domain_signing_private_key",
    ),
    "aws_ses_domain_identity": Mapping(
        "AWS::SES::EmailIdentity",
        "domain=EmailIdentity",
        attributes="id=Ref domain=Ref",
        tags="",
    ),
    "aws_ses_email_identity": Mapping(
        "AWS::SES::EmailIdentity",
        "email=EmailIdentity",
        attributes="id=Ref email=Ref",
        tags="",
    ),
    "aws_sesv2_configuration_set": Mapping(
        "AWS::SES::ConfigurationSet",
        "configuration_set_name=Name",
        {
            "delivery_options": block("DeliveryOptions", "max_delivery_seconds sending_pool_name tls_policy"),
            "reputation_options": block("ReputationOptions", "reputation_metrics_enabled"),
            "sending_options": block("SendingOptions", "sending_enabled"),
            "suppression_options": block("SuppressionOptions", "suppressed_reasons"),
            "tracking_options": block("TrackingOptions", "custom_redirect_domain https_policy"),
            "vdm_options": block(
                "VdmOptions",
                "",
                {
                    "dashboard_options": block("DashboardOptions", "engagement_metrics"),
                    "guardian_options": block("GuardianOptions", "optimized_shared_delivery"),
                },
            ),
        },
        attributes="id=Ref configuration_set_name=Ref",
    ),
    "aws_ses_configuration_set": Mapping(
        "AWS::SES::ConfigurationSet",
        "name -delivery_options -reputation_metrics_enabled -sending_enabled -tracking_options",
        attributes="id=Ref name=Ref",
        tags="",
    ),
    "aws_ses_template": Mapping(
        "AWS::SES::Template",
        "name=Template.TemplateName html=Template.HtmlPart subject=Template.SubjectPart text=Template.TextPart",
        attributes="id=Ref name==name",
        tags="",
    ),
    "aws_transfer_server": Mapping(
        "AWS::Transfer::Server",
        "certificate directory_id=IdentityProviderDetails.DirectoryId "
        "domain endpoint_type -force_destroy "
        "function=IdentityProviderDetails.Function -host_key "
        "identity_provider_type "
        "invocation_role=IdentityProviderDetails.InvocationRole "
        "logging_role post_authentication_login_banner "
        "pre_authentication_login_banner protocols security_policy_name "
        "sftp_authentication_methods=IdentityProviderDetails.SftpAuthenticationMethods "
        "structured_log_destinations url=IdentityProviderDetails.Url",
        {
            "endpoint_details": block(
                "EndpointDetails", "address_allocation_ids security_group_ids subnet_ids vpc_endpoint_id vpc_id"
            ),
            "protocol_details": block(
                "ProtocolDetails", "as2_transports passive_ip set_stat_option tls_session_resumption_mode"
            ),
            "s3_storage_options": block("S3StorageOptions", "directory_listing_optimization"),
            "workflow_details": block(
                "WorkflowDetails",
                "",
                {
                    "on_partial_upload": blocks("OnPartialUpload", "execution_role workflow_id"),
                    "on_upload": blocks("OnUpload", "execution_role workflow_id"),
                },
            ),
        },
        attributes="id=ServerId arn=Arn",
    ),
    "aws_transfer_user": Mapping(
        "AWS::Transfer::User",
        "role server_id user_name home_directory home_directory_type policy",
        {
            "home_directory_mappings": blocks("HomeDirectoryMappings", "entry target"),
            "posix_profile": block("PosixProfile", "gid uid secondary_gids"),
        },
        attributes="id=Ref arn=Arn",
    ),
    "aws_xray_sampling_rule": Mapping(
        "AWS::XRay::SamplingRule",
        "fixed_rate=SamplingRule.FixedRate host=SamplingRule.Host "
        "http_method=SamplingRule.HTTPMethod "
        "priority=SamplingRule.Priority "
        "reservoir_size=SamplingRule.ReservoirSize "
        "resource_arn=SamplingRule.ResourceARN "
        "service_name=SamplingRule.ServiceName "
        "service_type=SamplingRule.ServiceType "
        "url_path=SamplingRule.URLPath version=SamplingRule.Version "
        "-attributes rule_name=SamplingRule.RuleName",
        attributes="id=Ref arn=RuleARN",
    ),
    "aws_xray_group": Mapping(
        "AWS::XRay::Group",
        "filter_expression group_name",
        {"insights_configuration": block("InsightsConfiguration", "insights_enabled notifications_enabled")},
        attributes="id=Ref arn=GroupARN",
    ),
    "aws_resourcegroups_group": Mapping(
        "AWS::ResourceGroups::Group",
        "name -configuration description",
        {"resource_query": block("ResourceQuery", "query:json type")},
        attributes="id=Ref name=Ref arn=Arn",
    ),
    "aws_ram_resource_share": Mapping(
        "AWS::RAM::ResourceShare",
        "name allow_external_principals permission_arns",
        attributes="id=Arn arn=Arn",
    ),
    "aws_ssm_document": Mapping(
        "AWS::SSM::Document",
        "content:json document_type name document_format -permissions target_type version_name",
        {"attachments_source": blocks("Attachments", "key values name")},
        attributes="id=Ref name=Ref",
    ),
    "aws_ssm_association": Mapping(
        "AWS::SSM::Association",
        "name apply_only_at_cron_interval association_name "
        "-automation_target_parameter_name calendar_names "
        "compliance_severity document_version max_concurrency max_errors "
        "schedule_expression sync_compliance "
        "wait_for_success_timeout_seconds",
        {
            "output_location": block(
                "OutputLocation.S3Location",
                "s3_bucket_name=OutputS3BucketName s3_key_prefix=OutputS3KeyPrefix s3_region=OutputS3Region",
            ),
            "parameters": to("Parameters", _lists),
            "targets": blocks("Targets", "key values"),
        },
        attributes="id=Ref association_id=AssociationId",
    ),
    "aws_ssm_maintenance_window": Mapping(
        "AWS::SSM::MaintenanceWindow",
        "cutoff duration name schedule allow_unassociated_targets "
        "description -enabled end_date schedule_offset schedule_timezone "
        "start_date",
        attributes="id=Ref",
        defaults={"allow_unassociated_targets": False},
    ),
    "aws_ssm_maintenance_window_target": Mapping(
        "AWS::SSM::MaintenanceWindowTarget",
        "resource_type window_id description name owner_information",
        {"targets": blocks("Targets", "key values")},
        attributes="id=Ref",
        tags="",
    ),
    "aws_ssm_maintenance_window_task": Mapping(
        "AWS::SSM::MaintenanceWindowTask",
        "task_arn task_type window_id cutoff_behavior description "
        "max_concurrency max_errors name priority service_role_arn "
        "-task_invocation_parameters",
        {"targets": blocks("Targets", "key values")},
        attributes="id=Ref",
        tags="",
        finish=_task,
    ),
    "aws_ssm_patch_baseline": Mapping(
        "AWS::SSM::PatchBaseline",
        "name -approval_rule approved_patches "
        "approved_patches_compliance_level "
        "approved_patches_enable_non_security "
        "available_security_updates_compliance_status description "
        "-global_filter operating_system rejected_patches "
        "rejected_patches_action",
        {"source": blocks("Sources", "configuration name products")},
        attributes="id=Ref",
    ),
    "aws_ssm_resource_data_sync": Mapping(
        "AWS::SSM::ResourceDataSync",
        "name=SyncName",
        {
            "s3_destination": block(
                "S3Destination", "bucket_name region=BucketRegion kms_key_arn=KMSKeyArn prefix=BucketPrefix sync_format"
            )
        },
        attributes="id=Ref",
        tags="",
        defaults={"sync_type": "SyncToDestination"},
    ),
    "aws_budgets_budget": Mapping(
        "AWS::Budgets::Budget",
        "budget_type=Budget.BudgetType time_unit=Budget.TimeUnit "
        "-account_id -auto_adjust_data -billing_view_arn -cost_filter "
        "-cost_types +limit_amount +limit_unit name=Budget.BudgetName "
        "-name_prefix +notification -planned_limit -time_period_end "
        "-time_period_start",
        attributes="id=Ref",
        tags="",
        finish=_budget,
    ),
    "aws_cloudformation_stack": Mapping(
        "AWS::CloudFormation::Stack",
        "-name -capabilities -disable_rollback -iam_role_arn "
        "notification_arns=NotificationARNs -on_failure parameters "
        "-policy_body -policy_url -template_body "
        "template_url=TemplateURL timeout_in_minutes",
        attributes="id=Ref",
    ),
    "aws_iot_thing": Mapping(
        "AWS::IoT::Thing",
        "name=ThingName attributes=AttributePayload.Attributes -thing_type_name",
        attributes="id=Ref name=Ref arn=Arn",
        tags="",
    ),
    "aws_iot_policy": Mapping(
        "AWS::IoT::Policy",
        "name=PolicyName policy=PolicyDocument:json",
        attributes="id=Ref name=Ref arn=Arn",
    ),
    "aws_iot_certificate": Mapping(
        "AWS::IoT::Certificate",
        "+active certificate_pem csr=CertificateSigningRequest",
        attributes="id=Ref arn=Arn",
        tags="",
        finish=_active,
    ),
    "aws_shield_protection": Mapping(
        "AWS::Shield::Protection",
        "name resource_arn",
        attributes="id=Ref arn=ProtectionArn",
    ),
    "aws_organizations_account": Mapping(
        "AWS::Organizations::Account",
        "email name=AccountName -close_on_deletion -create_govcloud "
        "-iam_user_access_to_billing parent_id=ParentIds:listed "
        "role_name",
        attributes="id=AccountId arn=Arn",
    ),
    "aws_organizations_organizational_unit": Mapping(
        "AWS::Organizations::OrganizationalUnit",
        "name parent_id",
        attributes="id=Id arn=Arn",
    ),
    "aws_organizations_policy": Mapping(
        "AWS::Organizations::Policy",
        "content:json name description -skip_destroy type",
        attributes="id=Id arn=Arn",
        defaults={"type": "SERVICE_CONTROL_POLICY"},
    ),
    "aws_ssoadmin_permission_set": Mapping(
        "AWS::SSO::PermissionSet",
        "instance_arn name description relay_state=RelayStateType session_duration",
        attributes="id=PermissionSetArn arn=PermissionSetArn",
    ),
    "aws_ssoadmin_account_assignment": Mapping(
        "AWS::SSO::Assignment",
        "instance_arn permission_set_arn principal_id principal_type target_id target_type",
        attributes="id",
        tags="",
    ),
    "aws_bedrockagent_agent": Mapping(
        "AWS::Bedrock::Agent",
        "agent_name agent_resource_role_arn foundation_model "
        "-agent_collaboration customer_encryption_key_arn description "
        "idle_session_ttl_in_seconds=IdleSessionTTLInSeconds instruction "
        "-prepare_agent -skip_resource_in_use_check",
        {
            "guardrail_configuration": block("GuardrailConfiguration", "guardrail_identifier guardrail_version"),
            "memory_configuration": block("MemoryConfiguration", "enabled_memory_types storage_days"),
            "prompt_override_configuration": block(
                "PromptOverrideConfiguration",
                "override_lambda",
                {
                    "prompt_configurations": blocks(
                        "PromptConfigurations",
                        "base_prompt_template parser_mode prompt_creation_mode prompt_state prompt_type",
                        {
                            "inference_configuration": block(
                                "InferenceConfiguration", "stop_sequences temperature top_k top_p"
                            )
                        },
                    )
                },
            ),
        },
        attributes="id=AgentId agent_id=AgentId agent_arn=AgentArn",
        tags="map",
    ),
    "aws_networkfirewall_firewall": Mapping(
        "AWS::NetworkFirewall::Firewall",
        "firewall_policy_arn name=FirewallName "
        "availability_zone_change_protection delete_protection "
        "description enabled_analysis_types -encryption_configuration "
        "firewall_policy_change_protection subnet_change_protection "
        "transit_gateway_id vpc_id",
        {
            "availability_zone_mapping": blocks("AvailabilityZoneMappings"),
            "subnet_mapping": blocks("SubnetMappings", "subnet_id ip_address_type=IPAddressType"),
        },
        attributes="id=Ref arn=FirewallArn",
    ),
}
