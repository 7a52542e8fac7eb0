"""What watches an account: Security Hub, GuardDuty, Config, CloudTrail, Inspector, Macie, Access Analyzer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archproof.sources.terraform.convert import number
from archproof.sources.terraform.mapping import Mapping, Merge, block, blocks, camel

if TYPE_CHECKING:
    from archproof.sources.terraform.made import Made

TYPES = (
    "aws_securityhub_account", "aws_securityhub_standards_subscription", "aws_securityhub_product_subscription",
    "aws_securityhub_finding_aggregator", "aws_guardduty_detector", "aws_guardduty_detector_feature",
    "aws_guardduty_filter", "aws_guardduty_ipset", "aws_guardduty_threatintelset", "aws_guardduty_member",
    "aws_guardduty_publishing_destination", "aws_config_configuration_recorder",
    "aws_config_configuration_recorder_status", "aws_config_delivery_channel", "aws_config_config_rule",
    "aws_config_conformance_pack", "aws_config_configuration_aggregator", "aws_config_remediation_configuration",
    "aws_config_aggregate_authorization", "aws_cloudtrail", "aws_cloudtrail_event_data_store", "aws_macie2_account",
    "aws_accessanalyzer_analyzer", "aws_detective_graph",
)  # fmt: skip


def _feature(made: Made) -> None:
    """A feature is an entry of its detector."""
    more = [
        {"Name": a.get("name"), "Status": a.get("status")}
        for a in made.value("additional_configuration") or [] if isinstance(a, dict)
    ]  # fmt: skip
    entry = {"Name": made.value("name"), "Status": made.value("status")}
    made.add("Features", {**entry, "AdditionalConfiguration": more} if more else entry, "name")


def _criteria(made: Made) -> None:
    """Conditions by the field that they look at."""
    for at, said in enumerate(made.value("finding_criteria", 0, "criterion") or []):
        words = {
            camel(k): v if isinstance(v, list) else number(v)
            for k, v in said.items() if k != "field" and v not in (None, [], "")
        }  # fmt: skip
        path = ("FindingCriteria", "Criterion", str(said.get("field")))
        made.set(path, words, "finding_criteria", 0, "criterion", at)


MAPPINGS = {
    "aws_securityhub_account": Mapping(
        "AWS::SecurityHub::Hub",
        "auto_enable_controls control_finding_generator enable_default_standards",
        attributes="id=Ref arn=Ref",
        tags="map",
    ),
    "aws_securityhub_standards_subscription": Mapping(
        "AWS::SecurityHub::Standard",
        "standards_arn",
        attributes="id=Ref",
        tags="",
    ),
    "aws_securityhub_product_subscription": Mapping(
        "AWS::SecurityHub::ProductSubscription",
        "product_arn",
        attributes="id=Ref arn=Ref",
        tags="",
    ),
    "aws_securityhub_finding_aggregator": Mapping(
        "AWS::SecurityHub::FindingAggregator",
        "linking_mode=RegionLinkingMode specified_regions=Regions",
        attributes="id=Ref",
        tags="",
    ),
    "aws_guardduty_detector": Mapping(
        "AWS::GuardDuty::Detector",
        "enable finding_publishing_frequency",
        {
            "datasources": block(
                "DataSources",
                "",
                {
                    "kubernetes": block("Kubernetes", "", {"audit_logs": block("AuditLogs", "enable")}),
                    "malware_protection": block(
                        "MalwareProtection",
                        "",
                        {
                            "scan_ec2_instance_with_findings": block(
                                "ScanEc2InstanceWithFindings", "", {"ebs_volumes": block("", "enable=EbsVolumes")}
                            )
                        },
                    ),
                    "s3_logs": block("S3Logs", "enable"),
                },
            )
        },
        attributes="id=Ref arn=sub:arn:${AWS::Partition}:guardduty:${AWS::Region}:${AWS::AccountId}:detector/${.}",
        defaults={"enable": True},
    ),
    "aws_guardduty_detector_feature": Mapping(
        None,
        "-detector_id -name -status -additional_configuration",
        attributes="id",
        tags="",
        merge=Merge("detector_id", "aws_guardduty_detector"),
        finish=_feature,
    ),
    "aws_guardduty_filter": Mapping(
        "AWS::GuardDuty::Filter",
        "action detector_id +finding_criteria name rank description",
        attributes="id=Ref name=Ref",
        finish=_criteria,
    ),
    "aws_guardduty_ipset": Mapping(
        "AWS::GuardDuty::IPSet",
        "activate detector_id format location name",
        attributes="id=Ref",
    ),
    "aws_guardduty_threatintelset": Mapping(
        "AWS::GuardDuty::ThreatIntelSet",
        "activate detector_id format location name",
        attributes="id=Ref",
    ),
    "aws_guardduty_member": Mapping(
        "AWS::GuardDuty::Member",
        "account_id=MemberId detector_id email disable_email_notification -invitation_message -invite",
        attributes="id=Ref",
        tags="",
    ),
    "aws_guardduty_publishing_destination": Mapping(
        "AWS::GuardDuty::PublishingDestination",
        "destination_arn=DestinationProperties.DestinationArn "
        "detector_id kms_key_arn=DestinationProperties.KmsKeyArn "
        "destination_type",
        attributes="id=Ref",
        tags="",
        defaults={"destination_type": "S3"},
    ),
    "aws_config_configuration_recorder": Mapping(
        "AWS::Config::ConfigurationRecorder",
        "role_arn=RoleARN name",
        {
            "recording_group": block(
                "RecordingGroup",
                "all_supported include_global_resource_types resource_types",
                {
                    "exclusion_by_resource_types": block("ExclusionByResourceTypes", "resource_types"),
                    "recording_strategy": block("RecordingStrategy", "use_only"),
                },
            ),
            "recording_mode": block(
                "RecordingMode",
                "recording_frequency",
                {
                    "recording_mode_override": blocks(
                        "RecordingModeOverrides", "recording_frequency resource_types description"
                    )
                },
            ),
        },
        attributes="id=Ref name=Ref",
        tags="",
    ),
    "aws_config_configuration_recorder_status": Mapping(
        None,
        "-is_enabled -name",
        attributes="id==name",
        tags="",
        merge=Merge("name", "aws_config_configuration_recorder"),
    ),
    "aws_config_delivery_channel": Mapping(
        "AWS::Config::DeliveryChannel",
        "s3_bucket_name name s3_key_prefix s3_kms_key_arn sns_topic_arn=SnsTopicARN",
        {"snapshot_delivery_properties": block("ConfigSnapshotDeliveryProperties", "delivery_frequency")},
        attributes="id=Ref name=Ref",
        tags="",
    ),
    "aws_config_config_rule": Mapping(
        "AWS::Config::ConfigRule",
        "name=ConfigRuleName description input_parameters:json maximum_execution_frequency",
        {
            "source": block(
                "Source",
                "owner source_identifier",
                {
                    "custom_policy_details": block(
                        "CustomPolicyDetails", "policy_runtime policy_text enable_debug_log_delivery"
                    ),
                    "source_detail": blocks("SourceDetails", "event_source maximum_execution_frequency message_type"),
                },
            ),
            "evaluation_mode": blocks("EvaluationModes", "mode"),
            "scope": block("Scope", "compliance_resource_id compliance_resource_types tag_key tag_value"),
        },
        attributes="id=Ref name=Ref arn=Arn rule_id=ConfigRuleId",
        tags="",
    ),
    "aws_config_conformance_pack": Mapping(
        "AWS::Config::ConformancePack",
        "name=ConformancePackName delivery_s3_bucket delivery_s3_key_prefix template_body template_s3_uri",
        {"input_parameter": blocks("ConformancePackInputParameters", "parameter_name parameter_value")},
        attributes="id=Ref name=Ref",
        tags="",
    ),
    "aws_config_configuration_aggregator": Mapping(
        "AWS::Config::ConfigurationAggregator",
        "name=ConfigurationAggregatorName",
        {
            "account_aggregation_source": blocks(
                "AccountAggregationSources", "account_ids all_regions=AllAwsRegions regions=AwsRegions"
            ),
            "organization_aggregation_source": block(
                "OrganizationAggregationSource", "role_arn all_regions=AllAwsRegions regions=AwsRegions"
            ),
        },
        attributes="id=Ref arn=ConfigurationAggregatorArn",
    ),
    "aws_config_remediation_configuration": Mapping(
        "AWS::Config::RemediationConfiguration",
        "config_rule_name target_id target_type automatic "
        "-execution_controls maximum_automatic_attempts -parameter "
        "resource_type retry_attempt_seconds target_version",
        attributes="id",
        tags="",
    ),
    "aws_config_aggregate_authorization": Mapping(
        "AWS::Config::AggregationAuthorization",
        "account_id=AuthorizedAccountId authorized_aws_region -region",
        attributes="id",
    ),
    "aws_cloudtrail": Mapping(
        "AWS::CloudTrail::Trail",
        "name=TrailName s3_bucket_name "
        "cloud_watch_logs_group_arn=CloudWatchLogsLogGroupArn "
        "cloud_watch_logs_role_arn enable_log_file_validation "
        "enable_logging=IsLogging include_global_service_events "
        "is_multi_region_trail is_organization_trail kms_key_id=KMSKeyId "
        "s3_key_prefix sns_topic_name",
        {
            "advanced_event_selector": blocks(
                "AdvancedEventSelectors",
                "name",
                {
                    "field_selector": blocks(
                        "FieldSelectors", "field ends_with equals not_ends_with not_equals not_starts_with starts_with"
                    )
                },
            ),
            "event_selector": blocks(
                "EventSelectors",
                "exclude_management_event_sources include_management_events read_write_type",
                {"data_resource": blocks("DataResources", "type values")},
            ),
            "insight_selector": blocks("InsightSelectors", "insight_type"),
        },
        attributes="id=Ref name=Ref arn=Arn",
        defaults={"enable_logging": True, "include_global_service_events": True},
    ),
    "aws_cloudtrail_event_data_store": Mapping(
        "AWS::CloudTrail::EventDataStore",
        "name billing_mode kms_key_id multi_region_enabled "
        "organization_enabled retention_period -suspend "
        "termination_protection_enabled",
        {
            "advanced_event_selector": blocks(
                "AdvancedEventSelectors",
                "name",
                {
                    "field_selector": blocks(
                        "FieldSelectors", "ends_with equals field not_ends_with not_equals not_starts_with starts_with"
                    )
                },
            )
        },
        attributes="id=Ref arn=Ref",
    ),
    "aws_macie2_account": Mapping(
        "AWS::Macie::Session",
        "finding_publishing_frequency status",
        attributes="id=Ref",
        tags="",
    ),
    "aws_accessanalyzer_analyzer": Mapping(
        "AWS::AccessAnalyzer::Analyzer",
        "analyzer_name -configuration type",
        attributes="id arn=Ref",
    ),
    "aws_detective_graph": Mapping(
        "AWS::Detective::Graph",
        "",
        attributes="id arn=Arn",
    ),
}
