"""EFS file systems."""

from __future__ import annotations

from .lowered import complaints, lowered, place


def test_a_file_system_has_a_target_in_each_zone_and_is_encrypted_and_backed_up() -> None:
    resources = lowered("  files: {kind: efs, in: {subnets: data, security_groups: [data_sg]}}\n")
    system = resources["Files"]
    assert system.get("Encrypted") is True
    assert system.get("BackupPolicy") == {"Status": "ENABLED"}
    assert system.get("ThroughputMode") == "elastic"
    assert [s["Sid"] for s in system.get("FileSystemPolicy", "Statement")] == ["TlsOnly"]
    assert [t.get("SubnetId") for t in resources.of_type("AWS::EFS::MountTarget")] == [
        {"Ref": "DataSubnetA"}, {"Ref": "DataSubnetB"},
    ]  # fmt: skip
    assert complaints(resources) == []


def test_a_container_mounts_it_through_an_access_point_with_an_iam_right() -> None:
    resources = lowered("""\
  files:
    kind: efs
    access_points: {web: {path: /web, uid: 33, gid: 33}}
    anonymous: true
    archive_after_days: null
    in: {subnets: data, security_groups: [data_sg]}
  web: {kind: ecs_service, image: nginx:1, mounts: {/www: {efs: files, access_point: web}}, in: {subnets: app}}
""")
    assert resources["FilesWebAccessPoint"].get("PosixUser") == {"Uid": "33", "Gid": "33"}
    assert not resources["Files"].has("LifecyclePolicies")
    volume = resources["WebTaskDefinition"].get("Volumes", 1)
    assert volume["EFSVolumeConfiguration"] == {
        "FilesystemId": {"Ref": "Files"},
        "TransitEncryption": "ENABLED",
        "AuthorizationConfig": {"IAM": "ENABLED", "AccessPointId": {"Ref": "FilesWebAccessPoint"}},
    }
    statement = resources["WebRole"].get("Policies", 0, "PolicyDocument", "Statement", 0)
    assert statement["Action"] == ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"]
    assert [r.get("FromPort") for r in resources.of_type("AWS::EC2::SecurityGroupIngress")] == [2049]
    assert place(resources, "FilesWebAccessPoint", "PosixUser") == "3:21"
    assert complaints(resources) == []
