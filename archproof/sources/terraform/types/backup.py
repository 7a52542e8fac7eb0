"""Backup, data lifecycle."""

from __future__ import annotations

from archproof.sources.terraform.mapping import Mapping, Merge, block, blocks

TYPES = (
    "aws_backup_vault", "aws_backup_vault_policy", "aws_backup_vault_lock_configuration",
    "aws_backup_vault_notifications", "aws_backup_plan", "aws_backup_selection", "aws_backup_framework",
    "aws_dlm_lifecycle_policy",
)  # fmt: skip


MAPPINGS = {
    "aws_backup_vault": Mapping(
        "AWS::Backup::BackupVault",
        "name=BackupVaultName -force_destroy kms_key_arn=EncryptionKeyArn",
        attributes="id=Ref name=Ref arn=BackupVaultArn",
        tags="map:BackupVaultTags",
    ),
    "aws_backup_vault_policy": Mapping(
        None,
        "-backup_vault_name policy=AccessPolicy:json",
        attributes="id",
        tags="",
        merge=Merge("backup_vault_name", "aws_backup_vault"),
    ),
    "aws_backup_vault_lock_configuration": Mapping(
        None,
        "-backup_vault_name "
        "changeable_for_days=LockConfiguration.ChangeableForDays "
        "max_retention_days=LockConfiguration.MaxRetentionDays "
        "min_retention_days=LockConfiguration.MinRetentionDays",
        attributes="id",
        tags="",
        merge=Merge("backup_vault_name", "aws_backup_vault"),
    ),
    "aws_backup_vault_notifications": Mapping(
        None,
        "backup_vault_events=Notifications.BackupVaultEvents "
        "-backup_vault_name sns_topic_arn=Notifications.SNSTopicArn",
        attributes="id",
        tags="",
        merge=Merge("backup_vault_name", "aws_backup_vault"),
    ),
    "aws_backup_plan": Mapping(
        "AWS::Backup::BackupPlan",
        "name=BackupPlan.BackupPlanName",
        {
            "rule": blocks(
                "BackupPlan.BackupPlanRule",
                "rule_name target_vault_name=TargetBackupVault "
                "completion_window=CompletionWindowMinutes "
                "enable_continuous_backup recovery_point_tags "
                "schedule=ScheduleExpression schedule_expression_timezone "
                "start_window=StartWindowMinutes "
                "target_logically_air_gapped_backup_vault_arn",
                {
                    "copy_action": blocks(
                        "CopyActions",
                        "destination_vault_arn=DestinationBackupVaultArn",
                        {
                            "lifecycle": block(
                                "Lifecycle",
                                "cold_storage_after=MoveToColdStorageAfterDays "
                                "delete_after=DeleteAfterDays "
                                "opt_in_to_archive_for_supported_resources",
                            )
                        },
                    ),
                    "lifecycle": block(
                        "Lifecycle",
                        "cold_storage_after=MoveToColdStorageAfterDays "
                        "delete_after=DeleteAfterDays "
                        "opt_in_to_archive_for_supported_resources",
                    ),
                    "scan_action": blocks("ScanActions", "malware_scanner scan_mode"),
                },
            ),
            "advanced_backup_setting": blocks("BackupPlan.AdvancedBackupSettings", "backup_options resource_type"),
            "scan_setting": blocks("BackupPlan.ScanSettings", "malware_scanner resource_types scanner_role_arn"),
        },
        attributes="id=Ref arn=BackupPlanArn version=VersionId",
        tags="map:BackupPlanTags",
    ),
    "aws_backup_selection": Mapping(
        "AWS::Backup::BackupSelection",
        "iam_role_arn=BackupSelection.IamRoleArn "
        "name=BackupSelection.SelectionName plan_id=BackupPlanId "
        "not_resources=BackupSelection.NotResources "
        "resources=BackupSelection.Resources",
        {
            "condition": block(
                "BackupSelection.Conditions",
                "",
                {
                    "string_equals": blocks("StringEquals", "key=ConditionKey value=ConditionValue"),
                    "string_like": blocks("StringLike", "key=ConditionKey value=ConditionValue"),
                    "string_not_equals": blocks("StringNotEquals", "key=ConditionKey value=ConditionValue"),
                    "string_not_like": blocks("StringNotLike", "key=ConditionKey value=ConditionValue"),
                },
            ),
            "selection_tag": blocks(
                "BackupSelection.ListOfTags", "key=ConditionKey type=ConditionType value=ConditionValue"
            ),
        },
        attributes="id=Ref",
        tags="",
    ),
    "aws_backup_framework": Mapping(
        "AWS::Backup::Framework",
        "name=FrameworkName description=FrameworkDescription",
        {
            "control": blocks(
                "FrameworkControls",
                "name=ControlName",
                {
                    "input_parameter": blocks("ControlInputParameters", "name=ParameterName value=ParameterValue"),
                    "scope": block("ControlScope", "compliance_resource_ids compliance_resource_types"),
                },
            )
        },
        attributes="id=Ref arn=FrameworkArn",
        tags="FrameworkTags",
    ),
    "aws_dlm_lifecycle_policy": Mapping(
        "AWS::DLM::LifecyclePolicy",
        "description execution_role_arn -default_policy state",
        {
            "policy_details": block(
                "PolicyDetails",
                "copy_tags create_interval extend_deletion policy_language "
                "policy_type resource_locations resource_type resource_types "
                "retain_interval target_tags:pairs",
                {
                    "action": blocks(
                        "Actions",
                        "name",
                        {
                            "cross_region_copy": blocks(
                                "CrossRegionCopy",
                                "target",
                                {
                                    "encryption_configuration": block("EncryptionConfiguration", "cmk_arn encrypted"),
                                    "retain_rule": block("RetainRule", "interval interval_unit"),
                                },
                            )
                        },
                    ),
                    "event_source": block(
                        "EventSource",
                        "type",
                        {"parameters": block("Parameters", "description_regex event_type snapshot_owner")},
                    ),
                    "exclusions": block("Exclusions", "exclude_boot_volumes exclude_tags:pairs exclude_volume_types"),
                    "parameters": block("Parameters", "exclude_boot_volume no_reboot"),
                    "schedule": blocks(
                        "Schedules",
                        "name copy_tags tags_to_add:pairs variable_tags:pairs",
                        {
                            "create_rule": block(
                                "CreateRule",
                                "cron_expression interval interval_unit location times",
                                {
                                    "scripts": blocks(
                                        "Scripts",
                                        "execution_handler execute_operation_on_script_failure "
                                        "execution_handler_service execution_timeout maximum_retry_count "
                                        "stages",
                                    )
                                },
                            ),
                            "retain_rule": block("RetainRule", "count interval interval_unit"),
                            "archive_rule": block("ArchiveRule"),
                            "cross_region_copy_rule": blocks(
                                "CrossRegionCopyRules",
                                "encrypted cmk_arn copy_tags target target_region",
                                {
                                    "deprecate_rule": block("DeprecateRule", "interval interval_unit"),
                                    "retain_rule": block("RetainRule", "interval interval_unit"),
                                },
                            ),
                            "deprecate_rule": block("DeprecateRule", "count interval interval_unit"),
                            "fast_restore_rule": block(
                                "FastRestoreRule", "availability_zones count interval interval_unit"
                            ),
                            "share_rule": blocks(
                                "ShareRules", "target_accounts unshare_interval unshare_interval_unit"
                            ),
                        },
                    ),
                },
            )
        },
        attributes="id=Ref arn=Arn",
    ),
}
