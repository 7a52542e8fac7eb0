"""AWS KMS: keys, with a policy that lets in the account and exactly the services that need them."""

from __future__ import annotations

from typing import Any

from archproof.model.kinds.kms import KmsKey
from archproof.resources.lowering._context import Lowering
from archproof.resources.lowering._names import dashed

KINDS = ("kms_key",)
FINISH = "key_policies"

_USAGES = {"encrypt": None, "sign": "SIGN_VERIFY", "mac": "GENERATE_VERIFY_MAC"}
_SPECS = {"encrypt": None, "sign": "RSA_3072", "mac": "HMAC_256"}
_EVENTS = "events.amazonaws.com"
_LOGS = "logs.${AWS::Region}.amazonaws.com"


def lower_kms_key(name: str, key: KmsKey, ctx: Lowering) -> None:
    """The key and its alias."""
    symmetric = key.usage == "encrypt" and not key.spec
    ctx.add(
        name,
        "AWS::KMS::Key",
        {
            "Description": key.description or ctx.title(name),
            # only symmetric keys can be rotated by KMS
            "EnableKeyRotation": key.rotation if symmetric else None,
            "RotationPeriodInDays": key.rotation_days if symmetric and key.rotation else None,
            "KeyUsage": _USAGES[key.usage],
            "KeySpec": key.spec or _SPECS[key.usage],
            "MultiRegion": True if key.multi_region else None,
            "PendingWindowInDays": key.pending_days,
            "KeyPolicy": ctx.translate(key.policy) if key.policy else _policy(),
            "Tags": ctx.tags(name),
        },
        origins={
            "Description": "description",
            "EnableKeyRotation": "rotation",
            "RotationPeriodInDays": "rotation_days",
            "KeyUsage": "usage",
            "KeySpec": "spec",
            "MultiRegion": "multi_region",
            "PendingWindowInDays": "pending_days",
            "KeyPolicy": "policy",
        },
        attributes={"DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"},
    )
    alias = key.alias or ctx.name(name) or dashed(name, ctx)
    ctx.add(
        name,
        "AWS::KMS::Alias",
        {"AliasName": f"alias/{alias.removeprefix('alias/')}", "TargetKeyId": ctx.ref(name)},
        suffix="Alias",
        origins={"AliasName": "alias"},
    )


def finish(ctx: Lowering) -> None:
    """Let into each key's policy the services that turned out to need the key."""
    for name, key in ctx.architecture.of_kind("kms_key").items():
        resource = ctx.resources[ctx.id(name)]
        if getattr(key, "policy", None) or "KeyPolicy" in key.properties or "KeyPolicy" not in resource.properties:
            continue
        statements = resource.properties["KeyPolicy"]["Statement"]
        users = [user for user in ctx.key_users.get(name, ()) if not user.startswith("logs.")]
        # EventBridge tells the key of a topic neither account nor rule: a condition would keep it out
        nameless = [user for user in users if user == _EVENTS and _rule_publishes(name, ctx)]
        if known := [user for user in users if user not in nameless]:
            statements.append(_senders(known))
        if nameless:
            statements.append({k: v for k, v in _senders(nameless).items() if k not in ("Sid", "Condition")})
        if _encrypts_logs(name, ctx):
            statements.append(_logs())
        groups = ctx.architecture.of_kind("auto_scaling_group").values()
        if any(getattr(group, "kms_key", None) == name for group in groups):
            statements += _scaling()


def _policy() -> dict[str, Any]:
    """The policy that every key has: the account administers it and lends it through IAM."""
    account = {"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"}
    administers = {
        "Sid": "AccountAdministersAndDelegatesToIam",
        "Effect": "Allow",
        "Principal": {"AWS": account},
        "Action": "kms:*",
        "Resource": "*",
    }
    return {"Version": "2012-10-17", "Statement": [administers]}


def _senders(users: list[str]) -> dict[str, Any]:
    return {
        "Sid": "ServicesThatReachWhatItEncrypts",
        "Effect": "Allow",
        "Principal": {"Service": users if len(users) > 1 else users[0]},
        "Action": ["kms:Decrypt", "kms:GenerateDataKey*"],
        "Resource": "*",
        "Condition": {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}},
    }


def _rule_publishes(name: str, ctx: Lowering) -> bool:
    """Whether a rule of EventBridge publishes to a topic that the key encrypts."""
    components = ctx.architecture.components
    return any(
        components[link.source].kind == "event_rule"
        for topic, component in ctx.architecture.of_kind("sns_topic").items()
        if getattr(component, "kms_key", None) == name
        for link in ctx.architecture.links_to.get(topic, ())
    )


def _logs() -> dict[str, Any]:
    arn = {"Fn::Sub": "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:*"}
    return {
        "Sid": "CloudWatchLogs",
        "Effect": "Allow",
        "Principal": {"Service": {"Fn::Sub": _LOGS}},
        "Action": ["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"],
        "Resource": "*",
        "Condition": {"ArnLike": {"kms:EncryptionContext:aws:logs:arn": arn}},
    }


def _scaling() -> list[dict[str, Any]]:
    """Volumes of an Auto Scaling group: its service-linked role has no IAM right to any key."""
    role = "role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling"
    principal = {"AWS": {"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:" + role}}
    use = ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"]
    common = {"Effect": "Allow", "Principal": principal, "Resource": "*"}
    granted = {"Bool": {"kms:GrantIsForAWSResource": "true"}}
    return [
        {"Sid": "VolumesOfAutoScalingGroups", **common, "Action": use},
        {"Sid": "GrantsForVolumes", **common, "Action": "kms:CreateGrant", "Condition": granted},
    ]


def _encrypts_logs(name: str, ctx: Lowering) -> bool:
    """Whether a log group of the model is encrypted with the key."""
    components = ctx.architecture.components
    return any(
        reference.field == "log_key" or components[reference.source].kind == "log_group"
        for reference in ctx.architecture.references
        if reference.target == name
    )
