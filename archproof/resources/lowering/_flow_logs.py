"""Flow logs: to a log group with a role that may write it, or to a bucket of their own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from archproof.resources.lowering._context import Lowering
from archproof.resources.lowering._places import Adder
from archproof.resources.lowering._roles import trust

_VERSION = "2012-10-17"
_DELIVERY = "delivery.logs.amazonaws.com"


def lower(
    ctx: Lowering,
    add: Adder,
    of: tuple[str, Any],
    to: str,
    retention_days: int,
    *,
    origins: Mapping[str, str],
    traffic: str = "ALL",
    destination: Any = None,
) -> str:
    """Record the flows of `of` (`VPC`, `Subnet` …, and its id); return the flow log's logical id.

    `to`: `cloudwatch` or `s3`. `destination`: the ARN of a log group or bucket of the model; one of its
    own, which keeps `retention_days` days, when None. `origins` names the field of `RetentionInDays` too.
    """
    tags = ctx.tags(None, title=f"{ctx.architecture.name_prefix}-flow-logs")
    properties: dict[str, Any] = {
        "ResourceType": of[0],
        "ResourceId": of[1],
        "TrafficType": traffic,
        "LogDestinationType": "s3" if to == "s3" else "cloud-watch-logs",
        "Tags": tags,
    }
    after = None
    if to == "s3":
        if destination is None:
            bucket, policy = _bucket(add, retention_days, origins, tags)
            destination, after = {"Fn::GetAtt": [bucket, "Arn"]}, {"DependsOn": [policy]}
        properties["LogDestination"] = destination
    else:
        if destination is None:
            group = add(
                "Group", "AWS::Logs::LogGroup", {"RetentionInDays": retention_days, "Tags": tags},
                origins={"RetentionInDays": origins["RetentionInDays"]},
                attributes={"DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"}, implied=True,
            )  # fmt: skip
            destination = {"Fn::GetAtt": [group, "Arn"]}
        role = _role(add, destination, tags)
        properties |= {"LogDestination": destination, "DeliverLogsPermissionArn": {"Fn::GetAtt": [role, "Arn"]}}
    kept = {k: v for k, v in origins.items() if k != "RetentionInDays"}
    return add("", "AWS::EC2::FlowLog", properties, origins=kept, attributes=after)


def _role(add: Adder, destination: Any, tags: list[dict[str, Any]]) -> str:
    """The role that the flow-log service writes with, for this account's flow logs only."""
    from archproof import facts

    condition = {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}
    actions = ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogGroups", "logs:DescribeLogStreams"]
    statement = {"Effect": "Allow", "Action": actions, "Resource": destination}
    return add(
        "Role",
        "AWS::IAM::Role",
        {
            "AssumeRolePolicyDocument": trust(facts.service("vpc").principal, **condition),
            "Policies": [
                {"PolicyName": "flow-logs", "PolicyDocument": {"Version": _VERSION, "Statement": [statement]}}
            ],
            "Tags": tags,
        },
        implied=True,
    )


def _bucket(add: Adder, retention_days: int, origins: Mapping[str, str], tags: list[dict[str, Any]]) -> tuple[str, str]:
    """A private, encrypted bucket that flows are delivered to and expire in, with its policy."""
    keep = {"Id": "expire", "Status": "Enabled", "ExpirationInDays": retention_days}
    bucket = add(
        "Bucket",
        "AWS::S3::Bucket",
        {
            "BucketEncryption": {
                "ServerSideEncryptionConfiguration": [{"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]
            },
            "PublicAccessBlockConfiguration": dict.fromkeys(
                ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"), True
            ),
            "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
            "VersioningConfiguration": {"Status": "Enabled"},
            "LifecycleConfiguration": {
                "Rules": [{**keep, "NoncurrentVersionExpiration": {"NoncurrentDays": retention_days}}]
            },
            "Tags": tags,
        },
        origins={"LifecycleConfiguration": origins["RetentionInDays"]},
        attributes={"DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"},
        implied=True,
    )
    policy = add(
        "BucketPolicy",
        "AWS::S3::BucketPolicy",
        {"Bucket": {"Ref": bucket}, "PolicyDocument": {"Version": _VERSION, "Statement": _statements(bucket)}},
        implied=True,
    )
    return bucket, policy


def _statements(bucket: str) -> list[dict[str, Any]]:
    """TLS only; and the log delivery service, for this account, may write and look at the bucket."""
    arn = {"Fn::GetAtt": [bucket, "Arn"]}
    objects = {"Fn::Sub": "${" + bucket + ".Arn}/*"}
    own = {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}
    service = {"Service": _DELIVERY}
    return [
        {
            "Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": [arn, objects],
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        },
        {
            "Effect": "Allow", "Principal": service, "Action": "s3:PutObject", "Resource": objects,
            "Condition": {"StringEquals": own},
        },
        {
            "Effect": "Allow", "Principal": service, "Action": ["s3:GetBucketAcl", "s3:ListBucket"], "Resource": arn,
            "Condition": {"StringEquals": own},
        },
    ]  # fmt: skip
