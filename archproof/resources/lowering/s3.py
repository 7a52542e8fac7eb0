"""Amazon S3: buckets. What buckets notify is made by their links; their policies by `resource_policies`."""

from __future__ import annotations

from typing import Any

from archproof.model.kinds.cloudfront import CloudFront
from archproof.model.kinds.s3 import LifecycleRule, S3Bucket
from archproof.resources.lowering._context import Lowering
from archproof.resources.lowering._grants import may, service_role, use_key
from archproof.resources.lowering._roles import as_sub
from archproof.resources.lowering.resource_policies import add_statement, allow_service

KINDS = ("s3_bucket",)

_LOG_BUCKETS = "s3_log_buckets"


def lower_s3_bucket(name: str, bucket: S3Bucket, ctx: Lowering) -> None:
    """The bucket with everything that keeps it private."""
    keep = "Retain" if bucket.retain else "Delete"
    ctx.add(
        name,
        "AWS::S3::Bucket",
        {
            "BucketName": ctx.name(name),
            "BucketEncryption": {"ServerSideEncryptionConfiguration": [_encryption(bucket, ctx)]},
            "PublicAccessBlockConfiguration": {
                "BlockPublicAcls": True,
                "BlockPublicPolicy": not bucket.public,
                "IgnorePublicAcls": True,
                "RestrictPublicBuckets": not bucket.public,
            },
            "OwnershipControls": {"Rules": [{"ObjectOwnership": _ownership(name, ctx)}]},
            "VersioningConfiguration": {"Status": "Enabled" if bucket.versioned else "Suspended"},
            "LifecycleConfiguration": {"Rules": _lifecycle(bucket)},
            "LoggingConfiguration": _logging(name, bucket, ctx),
            "NotificationConfiguration": {"EventBridgeConfiguration": {"EventBridgeEnabled": True}}
            if bucket.eventbridge
            else None,
            "CorsConfiguration": _cors(bucket),
            "ObjectLockEnabled": True if bucket.object_lock else None,
            "ObjectLockConfiguration": _lock(bucket),
            "ReplicationConfiguration": _replication(name, bucket, ctx),
            "Tags": ctx.tags(name),
        },
        origins={
            "BucketName": "physical_name",
            "BucketEncryption": "kms_key",
            "PublicAccessBlockConfiguration": "public",
            "VersioningConfiguration": "versioned",
            "LifecycleConfiguration": "lifecycle",
            "LoggingConfiguration": "access_logs",
            "NotificationConfiguration.EventBridgeConfiguration": "eventbridge",
            "CorsConfiguration": "cors",
            "ObjectLockEnabled": "object_lock",
            "ObjectLockConfiguration": "object_lock",
            "ReplicationConfiguration": "replicate",
        },
        attributes={"DeletionPolicy": keep, "UpdateReplacePolicy": keep},
    )
    if bucket.public:
        everything = {"Fn::Sub": as_sub(ctx.arn(name)) + "/*"}
        add_statement(ctx, name, {"Sid": "PublicRead", "Principal": "*", **may(["s3:GetObject"], everything)})


def _encryption(bucket: S3Bucket, ctx: Lowering) -> dict[str, Any]:
    if bucket.kms_key is None:
        return {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
    return {
        "BucketKeyEnabled": True,
        "ServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": ctx.arn(bucket.kms_key)},
    }


def _ownership(name: str, ctx: Lowering) -> str:
    """CloudFront's standard logs come with an ACL, which only `BucketOwnerPreferred` accepts."""
    if _LOG_BUCKETS not in ctx.extra:
        distributions = ctx.architecture.of_kind("cloudfront").values()
        ctx.extra[_LOG_BUCKETS] = {
            d.access_logs.bucket for d in distributions if isinstance(d, CloudFront) and d.access_logs
        }
    return "BucketOwnerPreferred" if name in ctx.extra[_LOG_BUCKETS] else "BucketOwnerEnforced"


def _lifecycle(bucket: S3Bucket) -> list[dict[str, Any]]:
    abort = {
        "Id": "incomplete-uploads",
        "Status": "Enabled",
        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": bucket.incomplete_uploads_days},
    }
    return [abort, *(_rule(rule, place) for place, rule in enumerate(bucket.lifecycle, 1))]


def _rule(rule: LifecycleRule, place: int) -> dict[str, Any]:
    written: dict[str, Any] = {"Id": f"rule-{place}", "Status": "Enabled"}
    if rule.prefix:
        written["Prefix"] = rule.prefix
    if rule.expire_days:
        written["ExpirationInDays"] = rule.expire_days
    if rule.transitions:
        written["Transitions"] = [{"StorageClass": t.to, "TransitionInDays": t.days} for t in rule.transitions]
    if rule.old_versions_days:
        written["NoncurrentVersionExpiration"] = {"NoncurrentDays": rule.old_versions_days}
    return written


def _logging(name: str, bucket: S3Bucket, ctx: Lowering) -> dict[str, Any] | None:
    """Where access logs go; the bucket there lets the log service write for this account."""
    if bucket.access_logs is None:
        return None
    prefix = bucket.access_logs.prefix or f"{name}/"
    allow_service(ctx, bucket.access_logs.bucket, "logging.s3.amazonaws.com", ["s3:PutObject"], path=f"/{prefix}*")
    return {"DestinationBucketName": ctx.ref(bucket.access_logs.bucket), "LogFilePrefix": prefix}


def _cors(bucket: S3Bucket) -> dict[str, Any] | None:
    rules = [
        {
            "AllowedOrigins": rule.origins,
            "AllowedMethods": rule.methods,
            "AllowedHeaders": rule.headers,
            "ExposedHeaders": rule.expose,
            "MaxAge": rule.max_age_s,
        }
        for rule in bucket.cors
    ]
    return {"CorsRules": rules} if rules else None


def _lock(bucket: S3Bucket) -> dict[str, Any] | None:
    if bucket.object_lock is None:
        return None
    retention = {"Mode": bucket.object_lock.mode.upper(), "Days": bucket.object_lock.days}
    return {"ObjectLockEnabled": "Enabled", "Rule": {"DefaultRetention": retention}}


def _replication(name: str, bucket: S3Bucket, ctx: Lowering) -> dict[str, Any] | None:
    """The copies, and the role that S3 makes them with. The role names this bucket by its declared name:
    the bucket names the role, and CloudFormation allows no circle."""
    if bucket.replicate is None:
        return None
    other = ctx.arn(bucket.replicate.to)
    own = {"Fn::Sub": f"arn:${{AWS::Partition}}:s3:::{bucket.physical_name}"} if bucket.physical_name else None
    objects = {"Fn::Sub": as_sub(own) + "/*"} if own else "*"
    statements = [
        may(["s3:GetReplicationConfiguration", "s3:ListBucket"], own or "*"),
        may(["s3:GetObjectVersionForReplication", "s3:GetObjectVersionAcl", "s3:GetObjectVersionTagging"], objects),
        may(
            ["s3:ReplicateObject", "s3:ReplicateDelete", "s3:ReplicateTags", "s3:ObjectOwnerOverrideToBucketOwner"],
            {"Fn::Sub": as_sub(other) + "/*"},
        ),
        *use_key(ctx, name),
        *use_key(ctx, bucket.replicate.to),
    ]
    destination: dict[str, Any] = {"Bucket": other}
    if bucket.replicate.storage_class:
        destination["StorageClass"] = bucket.replicate.storage_class
    return {
        "Role": service_role(ctx, name, "s3.amazonaws.com", statements, "ReplicationRole", "replication"),
        "Rules": [
            {
                "Id": "all",
                "Status": "Enabled",
                "Priority": 1,
                "Filter": {"Prefix": ""},
                "DeleteMarkerReplication": {"Status": "Enabled"},
                "Destination": destination,
            }
        ],
    }
