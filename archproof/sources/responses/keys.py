"""Keys, secrets and parameters; no value of a secret is ever taken."""

from __future__ import annotations

import json

from archproof.sources.responses._call import ALL, Call, Per, listing
from archproof.sources.responses._item import Item, Props, document
from archproof.sources.responses._snapshot import Snapshot, tagged

KEYS = {
    "KeyMetadata": "KeyId",
    "Keys": "KeyId",
    "Aliases": "AliasName",
    "SecretList": "ARN",
    ".SecretString": "SecretString",
    "Parameters": "Type",
    "Parameter": "Type",
    ".KeyRotationEnabled KeyId RotationPeriodInDays NextRotationDate": "KeyRotationEnabled",
}
LATER = (
    "kms:ListResourceTags",
    "kms:GetKeyPolicy",
    "ssm:ListTagsForResource",
    "secretsmanager:GetResourcePolicy",
    "ssm:DescribeParameters",
    "Keys",
    "Aliases",
    ".KeyRotationEnabled KeyId RotationPeriodInDays NextRotationDate",
)
_KEY, _SECRET, _PARAMETER = "AWS::KMS::Key", "AWS::SecretsManager::Secret", "AWS::SSM::Parameter"
_ROTATION, _POLICY = "AWS::SecretsManager::RotationSchedule", "AWS::SecretsManager::ResourcePolicy"
_KEYS = Per("ListKeys", "Keys[]", {"KeyId": "KeyId"})
_OWN_KEYS = Per("DescribeKey", "[KeyMetadata][?KeyManager=='CUSTOMER']", {"KeyId": "KeyId"})
CALLS = (
    Call("kms", "ListKeys", "Keys", (_KEY,)),
    Call("kms", "DescribeKey", "KeyMetadata", per=_KEYS, whose=True,
         gives={_KEY: ("Description", "KeyUsage", "KeySpec", "MultiRegion", "Enabled", "Origin")}),
    Call("kms", "GetKeyRotationStatus", ".KeyRotationEnabled KeyId RotationPeriodInDays NextRotationDate",
         gives={_KEY: ("EnableKeyRotation", "RotationPeriodInDays")}, per=_OWN_KEYS),
    Call("kms", "GetKeyPolicy", ".Policy", gives={_KEY: ("KeyPolicy",)}, parameters={"PolicyName": "default"},
         per=_OWN_KEYS),
    Call("kms", "ListResourceTags", ".Tags", gives={_KEY: ("Tags",)}, per=_OWN_KEYS),
    listing("kms", "ListAliases", "Aliases", "AWS::KMS::Alias", gives={"AWS::KMS::Alias": (ALL,)}),
    Call("secretsmanager", "ListSecrets", "SecretList", (_SECRET, _ROTATION),
         gives={_SECRET: ("Name", "Description", "KmsKeyId", "Tags"), _ROTATION: (ALL,)}),
    Call("secretsmanager", "GetResourcePolicy", ".ResourcePolicy", (_POLICY,),
         gives={_POLICY: ("SecretId", "ResourcePolicy")},
         per=Per("ListSecrets", "SecretList[]", {"SecretId": "ARN"})),
    Call("ssm", "DescribeParameters", "Parameters", (_PARAMETER,),
         gives={_PARAMETER: ("Name", "Type", "Description", "Tier", "AllowedPattern", "DataType", "Policies")}),
    Call("ssm", "GetParameters", "Parameters", gives={_PARAMETER: ("Value",)},
         per=Per("DescribeParameters", "Parameters[?Type!='SecureString']", {"Names": "Name"}, batch=10)),
    Call("ssm", "ListTagsForResource", ".TagList", gives={_PARAMETER: ("Tags",)},
         parameters={"ResourceType": "Parameter"},
         per=Per("DescribeParameters", "Parameters[]", {"ResourceId": "Name"})),
)  # fmt: skip


def _key(item: Item, snapshot: Snapshot) -> None:
    props = item.props("Description", "KeyUsage", "KeySpec", "MultiRegion", "Enabled")
    if "Origin" in item.value and item.get("Origin") != "AWS_KMS":
        props.take("Origin", "Origin")
    made_by = "aws" if item.get("KeyManager") == "AWS" else None
    arn = item.text("Arn") or item.text("KeyArn")
    id = item.text("KeyId")
    snapshot.add(item, _KEY, id, props, arn=arn, name=id, made_by=made_by, call=f"Key {str(id)[-4:]}")


def _key_listed(item: Item, snapshot: Snapshot) -> None:
    if snapshot.find(_KEY, item.text("KeyId")) is None:
        _key(item, snapshot)


def _rotation(item: Item, snapshot: Snapshot) -> None:
    key = snapshot.find(_KEY, item.text("KeyId")) or snapshot.told_by_path(item, _KEY)
    if key is not None:
        props = Props(item)
        props.set("EnableKeyRotation", item.get("KeyRotationEnabled"), "KeyRotationEnabled")
        if snapshot.live:
            props.take("RotationPeriodInDays", "RotationPeriodInDays")
        snapshot.extend(key, item, props)


def _key_policy(item: Item, snapshot: Snapshot) -> None:
    key = snapshot.told_by_path(item, _KEY)
    if key is not None:
        props = Props(item)
        props.document("KeyPolicy", "Policy")
        snapshot.extend(key, item, props)


def _alias(item: Item, snapshot: Snapshot) -> None:
    name = str(item.get("AliasName"))
    if not item.get("TargetKeyId"):
        return
    props = item.props("AliasName", "TargetKeyId")
    made_by = "aws" if name.startswith("alias/aws/") else None
    snapshot.add(item, "AWS::KMS::Alias", name, props, call=f"{name[6:]} KeyAlias", made_by=made_by)


def _secret(item: Item, snapshot: Snapshot) -> None:
    """A secret by its name; its value is never taken."""
    arn = item.text("ARN")
    props = item.props("Name", "Description", "KmsKeyId")
    secret = snapshot.add(item, _SECRET, arn, props, arn=arn, name=item.text("Name"))
    if secret is not None and snapshot.live and item.get("RotationEnabled") is True:
        more = Props(item)
        more.set("SecretId", arn, "ARN")
        more.take("RotationLambdaARN", "RotationLambdaARN")
        more.take("RotationRules", "RotationRules")
        snapshot.add(item, _ROTATION, f"{arn}|rotation", more, ref=arn, call=f"{secret.logical_id} Rotation")


def _secret_policy(item: Item, snapshot: Snapshot) -> None:
    """The policy of a secret, where it has one."""
    if item.text("ResourcePolicy"):
        props = Props(item)
        props.set("SecretId", item.text("ARN"), "ARN")
        props.document("ResourcePolicy", "ResourcePolicy")
        snapshot.add(item, _POLICY, f"{item.text('ARN')}|policy", props, ref=item.text("ARN"),
                     call=f"{item.text('Name')} SecretPolicy")  # fmt: skip


def _parameter(item: Item, snapshot: Snapshot) -> None:
    """A parameter; the value of a secure one is never taken."""
    name = item.text("Name")
    props = item.props("Name", "Type", "Description", "Tier", "AllowedPattern", "DataType")
    if item.get("Type") != "SecureString":
        props.take("Value", "Value")
    if snapshot.live:
        policies = [document(p.get("PolicyText")) for _, p in item.entries("Policies") if p.get("PolicyText")]
        props.values.pop("Policies", None)
        if policies:
            props.set("Policies", json.dumps(policies), "Policies")
    snapshot.add(item, "AWS::SSM::Parameter", name, props, name=name)


READERS = {
    "kms:ListResourceTags": tagged(_KEY),
    "kms:GetKeyPolicy": _key_policy,
    "secretsmanager:GetResourcePolicy": _secret_policy,
    "ssm:ListTagsForResource": tagged(_PARAMETER),
    "ssm:DescribeParameters": _parameter,
    "KeyMetadata": _key,
    "Keys": _key_listed,
    ".KeyRotationEnabled KeyId RotationPeriodInDays NextRotationDate": _rotation,
    "Aliases": _alias,
    "SecretList": _secret,
    ".SecretString": _secret,
    "Parameters": _parameter,
    "Parameter": _parameter,
}
