"""EFS and FSx: file systems, mount targets, access points."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archproof.sources.terraform.mapping import Mapping, Merge, block, blocks

if TYPE_CHECKING:
    from archproof.sources.terraform.made import Made

TYPES = (
    "aws_efs_file_system", "aws_efs_mount_target", "aws_efs_access_point", "aws_efs_file_system_policy",
    "aws_efs_backup_policy", "aws_efs_replication_configuration", "aws_fsx_lustre_file_system",
)  # fmt: skip


def _lustre(made: Made) -> None:
    made.set("FileSystemType", "LUSTRE")


MAPPINGS = {
    "aws_efs_file_system": Mapping(
        "AWS::EFS::FileSystem",
        "availability_zone_name -creation_token encrypted kms_key_id "
        "performance_mode provisioned_throughput_in_mibps "
        "throughput_mode",
        {
            "lifecycle_policy": blocks(
                "LifecyclePolicies",
                "transition_to_archive transition_to_ia=TransitionToIA transition_to_primary_storage_class",
            ),
            "protection": block("FileSystemProtection", "replication_overwrite=ReplicationOverwriteProtection"),
        },
        attributes="id=Ref arn=Arn dns_name=sub:${.}.efs.${AWS::Region}.${AWS::URLSuffix}",
        tags="FileSystemTags",
    ),
    "aws_efs_mount_target": Mapping(
        "AWS::EFS::MountTarget",
        "file_system_id subnet_id ip_address ip_address_type ipv6_address security_groups",
        attributes="id=Ref ip_address=IpAddress",
        tags="",
    ),
    "aws_efs_access_point": Mapping(
        "AWS::EFS::AccessPoint",
        "file_system_id",
        {
            "posix_user": block("PosixUser", "gid:text uid:text secondary_gids"),
            "root_directory": block(
                "RootDirectory",
                "path",
                {"creation_info": block("CreationInfo", "owner_gid:text owner_uid:text permissions")},
            ),
        },
        attributes="id=Ref arn=Arn",
        tags="AccessPointTags",
    ),
    "aws_efs_file_system_policy": Mapping(
        None,
        "-file_system_id policy=FileSystemPolicy:json bypass_policy_lockout_safety_check",
        attributes="id==file_system_id",
        tags="",
        merge=Merge("file_system_id", "aws_efs_file_system"),
    ),
    "aws_efs_backup_policy": Mapping(
        None,
        "-file_system_id",
        {"backup_policy": block("BackupPolicy", "status")},
        attributes="id==file_system_id",
        tags="",
        merge=Merge("file_system_id", "aws_efs_file_system"),
    ),
    "aws_efs_replication_configuration": Mapping(
        None,
        "-source_file_system_id",
        {
            "destination": blocks(
                "ReplicationConfiguration.Destinations", "availability_zone_name file_system_id kms_key_id region"
            )
        },
        attributes="id",
        tags="",
        merge=Merge("source_file_system_id", "aws_efs_file_system"),
    ),
    "aws_fsx_lustre_file_system": Mapping(
        "AWS::FSx::FileSystem",
        "subnet_ids "
        "auto_import_policy=LustreConfiguration.AutoImportPolicy "
        "automatic_backup_retention_days=LustreConfiguration.AutomaticBackupRetentionDays "
        "-backup_id "
        "copy_tags_to_backups=LustreConfiguration.CopyTagsToBackups "
        "daily_automatic_backup_start_time=LustreConfiguration.DailyAutomaticBackupStartTime "
        "data_compression_type=LustreConfiguration.DataCompressionType "
        "deployment_type=LustreConfiguration.DeploymentType "
        "drive_cache_type=LustreConfiguration.DriveCacheType "
        "export_path=LustreConfiguration.ExportPath "
        "file_system_type_version "
        "imported_file_chunk_size=LustreConfiguration.ImportedFileChunkSize "
        "import_path=LustreConfiguration.ImportPath kms_key_id "
        "per_unit_storage_throughput=LustreConfiguration.PerUnitStorageThroughput "
        "security_group_ids -skip_final_backup storage_capacity "
        "storage_type "
        "weekly_maintenance_start_time=LustreConfiguration.WeeklyMaintenanceStartTime",
        attributes="id=Ref arn=ResourceARN dns_name=DNSName",
        finish=_lustre,
    ),
}
