"""Amazon EFS: file systems with their mount targets and access points."""

from __future__ import annotations

from typing import Any

from archproof.model.kinds.efs import EfsFileSystem
from archproof.resources.lowering._context import Lowering, logical_id

KINDS = ("efs",)

_MODES = {"general": "generalPurpose", "max_io": "maxIO"}
_MOUNT = ("elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite", "elasticfilesystem:ClientRootAccess")


def lower_efs(name: str, system: EfsFileSystem, ctx: Lowering) -> None:
    """The file system, a mount target in each of its subnets, its access points."""
    days = system.archive_after_days
    after = f"AFTER_{days}_DAY{'S' if days != 1 else ''}"
    ctx.add(
        name,
        "AWS::EFS::FileSystem",
        {
            "Encrypted": system.encrypted,
            "KmsKeyId": ctx.arn(system.kms_key) if system.kms_key else None,
            "BackupPolicy": {"Status": "ENABLED" if system.backup else "DISABLED"},
            "PerformanceMode": _MODES[system.performance],
            "ThroughputMode": system.throughput,
            "ProvisionedThroughputInMibps": system.throughput_mibps,
            "LifecyclePolicies": [
                {"TransitionToIA": after}, {"TransitionToPrimaryStorageClass": "AFTER_1_ACCESS"},
            ] if days else None,
            "FileSystemPolicy": _policy(system),
            "FileSystemTags": ctx.tags(name),
        },
        origins={
            "Encrypted": "encrypted",
            "KmsKeyId": "kms_key",
            "BackupPolicy": "backup",
            "PerformanceMode": "performance",
            "ThroughputMode": "throughput",
            "ProvisionedThroughputInMibps": "throughput_mibps",
            "LifecyclePolicies": "archive_after_days",
            "FileSystemPolicy": "require_tls",
        },
        attributes={"DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"},
    )  # fmt: skip
    for number, subnet in enumerate(ctx.subnets(name), 1):
        ctx.add(
            name,
            "AWS::EFS::MountTarget",
            {"FileSystemId": ctx.ref(name), "SubnetId": subnet, "SecurityGroups": ctx.groups(name)},
            suffix=f"MountTarget{number}",
            origins={"SubnetId": "in.subnets", "SecurityGroups": "in.security_groups"},
        )
    for key, point in system.access_points.items():
        owner = {"Uid": str(point.uid), "Gid": str(point.gid)}
        created = {"OwnerUid": owner["Uid"], "OwnerGid": owner["Gid"], "Permissions": point.permissions}
        ctx.add(
            name,
            "AWS::EFS::AccessPoint",
            {
                "FileSystemId": ctx.ref(name),
                "PosixUser": owner,
                "RootDirectory": {"Path": point.path, "CreationInfo": created},
                "AccessPointTags": ctx.tags(name, title=key),
            },
            suffix=logical_id(key, "AccessPoint"),
            origins={"PosixUser": f"access_points.{key}", "RootDirectory": f"access_points.{key}"},
        )


def _policy(system: EfsFileSystem) -> dict[str, Any] | None:
    """Refuse clear text; with a policy, nobody may mount without an IAM right unless the policy says so."""
    statements: list[dict[str, Any]] = []
    if system.anonymous:
        statements.append(
            {
                "Sid": "AnyClientOfTheMountTargets",
                "Effect": "Allow",
                "Principal": {"AWS": "*"},
                "Action": list(_MOUNT),
                "Condition": {"Bool": {"elasticfilesystem:AccessedViaMountTarget": "true"}},
            }
        )
    if system.require_tls:
        statements.append(
            {
                "Sid": "TlsOnly",
                "Effect": "Deny",
                "Principal": {"AWS": "*"},
                "Action": "*",
                "Condition": {"Bool": {"aws:SecureTransport": "false"}},
            }
        )
    return {"Version": "2012-10-17", "Statement": statements} if statements else None
