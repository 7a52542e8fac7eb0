"""KMS: keys, aliases."""

from __future__ import annotations

from archproof.sources.terraform.mapping import Mapping, Merge

TYPES = (
    "aws_kms_key", "aws_kms_replica_key", "aws_kms_alias", "aws_kms_key_policy",
)  # fmt: skip


MAPPINGS = {
    "aws_kms_key": Mapping(
        "AWS::KMS::Key",
        "bypass_policy_lockout_safety_check "
        "customer_master_key_spec=KeySpec -custom_key_store_id "
        "deletion_window_in_days=PendingWindowInDays description "
        "enable_key_rotation is_enabled=Enabled key_usage multi_region "
        "policy=KeyPolicy:json rotation_period_in_days -xks_key_id",
        attributes="id=Ref key_id=Ref arn=Arn",
    ),
    "aws_kms_replica_key": Mapping(
        "AWS::KMS::ReplicaKey",
        "primary_key_arn -bypass_policy_lockout_safety_check "
        "deletion_window_in_days=PendingWindowInDays description enabled "
        "policy=KeyPolicy:json",
        attributes="id=Ref key_id=Ref arn=Arn",
    ),
    "aws_kms_alias": Mapping(
        "AWS::KMS::Alias",
        "target_key_id name=AliasName -name_prefix",
        attributes="id=Ref name=Ref "
        "arn=sub:arn:${AWS::Partition}:kms:${AWS::Region}:${AWS::AccountId}:${.} "
        "target_key_arn==target_key_id",
        tags="",
    ),
    "aws_kms_key_policy": Mapping(
        None,
        "-key_id policy=KeyPolicy:json -bypass_policy_lockout_safety_check",
        attributes="id==key_id",
        tags="",
        merge=Merge("key_id", "aws_kms_key"),
    ),
}
