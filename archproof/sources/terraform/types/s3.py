"""S3: buckets with the settings that are resources of their own in Terraform, bucket policies, access points."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from archproof.resources.resource import is_symbolic
from archproof.sources.terraform import convert
from archproof.sources.terraform.made import is_absent
from archproof.sources.terraform.mapping import Mapping, Merge, Rule, block, blocks, choose, to

if TYPE_CHECKING:
    from archproof.sources.terraform.made import Made

TYPES = (
    "aws_s3_bucket", "aws_s3_bucket_versioning", "aws_s3_bucket_server_side_encryption_configuration",
    "aws_s3_bucket_public_access_block", "aws_s3_bucket_acl", "aws_s3_bucket_ownership_controls",
    "aws_s3_bucket_cors_configuration", "aws_s3_bucket_lifecycle_configuration", "aws_s3_bucket_logging",
    "aws_s3_bucket_notification", "aws_s3_bucket_website_configuration", "aws_s3_bucket_accelerate_configuration",
    "aws_s3_bucket_object_lock_configuration", "aws_s3_bucket_replication_configuration", "aws_s3_bucket_inventory",
    "aws_s3_bucket_analytics_configuration", "aws_s3_bucket_metric",
    "aws_s3_bucket_intelligent_tiering_configuration", "aws_s3_object_copy",
    "aws_s3_bucket_request_payment_configuration", "aws_s3_bucket_policy", "aws_s3_access_point",
    "aws_s3_bucket_object",
    "aws_s3_object", "aws_s3_account_public_access_block",
)  # fmt: skip

_ACLS = {
    "private": None, "public-read": "PublicRead",
     "public-read-write": "PublicReadWrite", "aws-exec-read": "AwsExecRead",
    "authenticated-read": "AuthenticatedRead", "bucket-owner-read": "BucketOwnerRead",
    "bucket-owner-full-control": "BucketOwnerFullControl", "log-delivery-write": "LogDeliveryWrite",
}  # fmt: skip


def _lifecycle(rules: Any) -> Any:
    """A rule without a filter is for all objects; CloudFormation wants its state said."""
    for rule in rules:
        if isinstance(rule, dict):
            rule.setdefault("Status", "Enabled")
            for transition in rule.get("Transitions", []):
                if "TransitionInDays" not in transition and "TransitionDate" not in transition:
                    transition["TransitionInDays"] = 0
    return rules


def _tag(value: Any) -> Any:
    """The one tag of a filter."""
    entry = value[0] if isinstance(value, list) and value else value
    return [{"Key": entry.get("key"), "Value": entry.get("value")}] if isinstance(entry, dict) else None


def _state(value: Any) -> Any:
    return {True: "Enabled", False: "Disabled"}.get(value, value) if isinstance(value, bool) else value


def _versioned(value: Any) -> Any:
    return "Enabled" if value is True else None


_STORAGE = "storage_class days=TransitionInDays:nonzero date=TransitionDate"
_OLD = "storage_class noncurrent_days=TransitionInDays days=TransitionInDays:nonzero newer_noncurrent_versions:integer"
_EXPIRY = "days=ExpirationInDays:nonzero date=ExpirationDate expired_object_delete_marker:true"
_SIZES = "object_size_greater_than:text object_size_less_than:text"
_LIFECYCLE: dict[str, Rule] = {
    "expiration": block("", _EXPIRY),
    "transition": blocks("Transitions", _STORAGE),
    "noncurrent_version_expiration": block(
        "NoncurrentVersionExpiration",
        "noncurrent_days days=NoncurrentDays:nonzero newer_noncurrent_versions:integer",
    ),
    "noncurrent_version_transition": blocks("NoncurrentVersionTransitions", _OLD),
    "abort_incomplete_multipart_upload": block("AbortIncompleteMultipartUpload", "days_after_initiation"),
    "filter": block(
        "",
        f"prefix {_SIZES}",
        {"tag": to("TagFilters", _tag), "and": block("", f"prefix tags=TagFilters:pairs {_SIZES}")},
    ),
    "enabled": to("Status", _state),
}
_LIFECYCLE_RULE = (
    "id prefix status tags=TagFilters:pairs "
    "abort_incomplete_multipart_upload_days=AbortIncompleteMultipartUpload.DaysAfterInitiation:nonzero"
)
_CORS = blocks(
    "CorsConfiguration.CorsRules",
    "id allowed_headers allowed_methods allowed_origins expose_headers=ExposedHeaders max_age_seconds=MaxAge:nonzero",
)
_ENCRYPTION = blocks(
    "BucketEncryption.ServerSideEncryptionConfiguration",
    "bucket_key_enabled:true",
    {
        "apply_server_side_encryption_by_default": block(
            "ServerSideEncryptionByDefault", "sse_algorithm=SSEAlgorithm kms_master_key_id=KMSMasterKeyID"
        ),
        "blocked_encryption_types": to("BlockedEncryptionTypes.EncryptionType"),
    },
)
_LOCK = block(
    "ObjectLockConfiguration.Rule",
    table={"default_retention": block("DefaultRetention", "mode days:nonzero years:nonzero")},
)
_REPLICATED = {
    "destination": block(
        "Destination",
        "bucket storage_class account=Account account_id=Account "
        "replica_kms_key_id=EncryptionConfiguration.ReplicaKmsKeyID",
        {
            "access_control_translation": block("AccessControlTranslation", "owner"),
            "encryption_configuration": block("EncryptionConfiguration", "replica_kms_key_id=ReplicaKmsKeyID"),
            "metrics": block("Metrics", "status", {"event_threshold": block("EventThreshold", "minutes")}),
            "replication_time": block("ReplicationTime", "status", {"time": block("Time", "minutes")}),
        },
    ),
    "source_selection_criteria": block(
        "SourceSelectionCriteria",
        table={
            "sse_kms_encrypted_objects": block(
                "SseKmsEncryptedObjects", "status", {"enabled": to("Status", convert.enabled)}
            ),
            "replica_modifications": block("ReplicaModifications", "status"),
        },
    ),
    "filter": block(
        "Filter",
        "prefix",
        {
            "tag": block("TagFilter", "key value"),
            "tags": to("And.TagFilters", convert.pairs),
            "and": block("And", "prefix tags=TagFilters:pairs"),
        },
        keep=True,
    ),
    "delete_marker_replication": block("DeleteMarkerReplication", "status"),
    "existing_object_replication": block("", "-status"),
}
_REPLICATION_RULE = "id priority status prefix delete_marker_replication_status=DeleteMarkerReplication.Status"
_REDIRECT = block("RedirectAllRequestsTo", "host_name protocol")
_BUCKET = "+bucket -expected_bucket_owner"
_OF_BUCKET = Merge("bucket", "aws_s3_bucket")


def _bucket(made: Made) -> None:
    """The policy that older versions say in the bucket."""
    policy = made.value("policy")
    if policy is None:
        return
    for other in made.translation.made.values():
        if other.item.type == "aws_s3_bucket_policy":
            target = made.translation.target(other.item, "bucket", ("aws_s3_bucket",))
            if target is made:
                return  # a state repeats it here
    document = convert.json(policy)
    made.extra("Policy", "AWS::S3::BucketPolicy", {"Bucket": made.ref(), "PolicyDocument": document}, "policy")


def _notifications(made: Made) -> None:
    """CloudFormation has one entry for every event."""
    for argument, list_, target, name in (
        ("lambda_function", "LambdaConfigurations", "lambda_function_arn", "Function"),
        ("queue", "QueueConfigurations", "queue_arn", "Queue"),
        ("topic", "TopicConfigurations", "topic_arn", "Topic"),
    ):
        entries = made.item.values.get(argument)
        for position, said in enumerate(entries if isinstance(entries, list) else []):
            events = made.value(argument, position, "events")
            for number, event in enumerate(events if isinstance(events, list) else [events] if events else []):
                entry = {"Event": event, name: made.value(argument, position, target)}
                rules = [
                    {"Name": kind, "Value": made.value(argument, position, f"filter_{kind}")}
                    for kind in ("prefix", "suffix")
                    if not is_absent(said.get(f"filter_{kind}"))
                ]
                if rules:
                    entry["Filter"] = {"S3Key": {"Rules": rules}}
                made.add(f"NotificationConfiguration.{list_}", entry, argument, position, "events", number)
    if made.item.values.get("eventbridge") is True:
        path = "NotificationConfiguration.EventBridgeConfiguration.EventBridgeEnabled"
        made.set(path, True, "eventbridge")


def _routing(value: Any) -> Any:
    """The rules of redirection, from their JSON text."""
    found = json.loads(value) if isinstance(value, str) and value.startswith("[") else value
    return found if isinstance(found, list) else None


def _flag(path: str) -> Rule:
    return to(path, lambda value: True if value is True else None)


def _part(words: str = "", table: dict[str, Rule] | None = None, **more: Any) -> Mapping:
    """A setting of a bucket."""
    return Mapping(
        None, f"{words} {_BUCKET}", table, attributes="id==bucket bucket==bucket", tags="", merge=_OF_BUCKET, **more
    )


def _identified(path: str, words: str, table: dict[str, Rule]) -> Mapping:
    """A setting of which a bucket may have several, each with an id."""

    def finish(made: Made) -> None:
        scratch = made.on(made)
        scratch.resource = type(made.resource)(made.resource.logical_id, made.resource.type, {})
        scratch.nested(Mapping(None, words, table, tags="").rules, made.item.values, (), ())
        if not is_symbolic(scratch.resource.properties) and scratch.resource.properties:
            made.add(path, scratch.resource.properties, "name")

    return Mapping(None, " ".join(f"+{w.partition('=')[0].partition(':')[0]}" for w in words.split()) + " +bucket "
                   + " ".join(f"+{t}" for t in table), tags="", merge=_OF_BUCKET, finish=finish)  # fmt: skip


_FILTER = block("", "prefix access_point=AccessPointArn tags=TagFilters:pairs")

MAPPINGS = {
    "aws_s3_bucket": Mapping(
        "AWS::S3::Bucket",
        "bucket=BucketName acceleration_status=AccelerateConfiguration.AccelerationStatus "
        "-bucket_prefix -force_destroy +policy -grant -request_payer",
        {
            "object_lock_enabled": _flag("ObjectLockEnabled"),
            "acl": choose("AccessControl", _ACLS),
            "cors_rule": _CORS,
            "lifecycle_rule": blocks("LifecycleConfiguration.Rules", _LIFECYCLE_RULE, _LIFECYCLE, _lifecycle),
            "logging": block("LoggingConfiguration", "target_bucket=DestinationBucketName target_prefix=LogFilePrefix"),
            "object_lock_configuration": block(
                "", "object_lock_enabled=ObjectLockConfiguration.ObjectLockEnabled", {"rule": _LOCK}
            ),
            "replication_configuration": block(
                "ReplicationConfiguration", "role", {"rules": blocks("Rules", _REPLICATION_RULE, _REPLICATED)}
            ),
            "server_side_encryption_configuration": block("", "", {"rule": _ENCRYPTION}),
            "versioning": block("VersioningConfiguration", "", {"enabled": to("Status", _versioned)}),
            "website": block(
                "WebsiteConfiguration",
                "index_document error_document",
                {
                    "redirect_all_requests_to": to(
                        "RedirectAllRequestsTo.HostName",
                        lambda v: v.rpartition("://")[2] if isinstance(v, str) else v,
                    ),
                    "routing_rules": to("RoutingRules", _routing),
                },
            ),
        },
        attributes="id bucket=Ref arn=Arn bucket_domain_name=DomainName website_endpoint=WebsiteURL "
        "bucket_regional_domain_name=RegionalDomainName",
        wants={"role": "arn"},
        finish=_bucket,
    ),
    "aws_s3_bucket_versioning": _part(
        "-mfa",
        {
            "versioning_configuration": block(
                "VersioningConfiguration", "-mfa_delete", {"status": choose("Status", {"Disabled": None})}
            )
        },
    ),
    "aws_s3_bucket_server_side_encryption_configuration": _part("", {"rule": _ENCRYPTION}),
    "aws_s3_bucket_public_access_block": _part(
        " ".join(
            f"{a}=PublicAccessBlockConfiguration.{p}"
            for a, p in (
                ("block_public_acls", "BlockPublicAcls"),
                ("block_public_policy", "BlockPublicPolicy"),
                ("ignore_public_acls", "IgnorePublicAcls"),
                ("restrict_public_buckets", "RestrictPublicBuckets"),
            )
        )
        + " -skip_destroy"
    ),
    "aws_s3_bucket_acl": _part("-access_control_policy", {"acl": choose("AccessControl", _ACLS)}),
    "aws_s3_bucket_ownership_controls": _part("", {"rule": blocks("OwnershipControls.Rules", "object_ownership")}),
    "aws_s3_bucket_cors_configuration": _part("", {"cors_rule": _CORS}),
    "aws_s3_bucket_lifecycle_configuration": _part(
        "transition_default_minimum_object_size=LifecycleConfiguration.TransitionDefaultMinimumObjectSize",
        {"rule": blocks("LifecycleConfiguration.Rules", _LIFECYCLE_RULE, _LIFECYCLE, _lifecycle)},
    ),
    "aws_s3_bucket_logging": _part(
        "target_bucket=LoggingConfiguration.DestinationBucketName target_prefix=LoggingConfiguration.LogFilePrefix "
        "-target_grant -target_object_key_format"
    ),
    "aws_s3_bucket_notification": _part("+lambda_function +queue +topic +eventbridge", finish=_notifications),
    "aws_s3_bucket_website_configuration": _part(
        "",
        {
            "index_document": block("WebsiteConfiguration", "suffix=IndexDocument"),
            "error_document": block("WebsiteConfiguration", "key=ErrorDocument"),
            "redirect_all_requests_to": block(
                "WebsiteConfiguration",
                "",
                {"host_name": to("RedirectAllRequestsTo.HostName"), "protocol": to("RedirectAllRequestsTo.Protocol")},
            ),
            "routing_rule": blocks(
                "WebsiteConfiguration.RoutingRules",
                "",
                {
                    "condition": block("RoutingRuleCondition", "http_error_code_returned_equals key_prefix_equals"),
                    "redirect": block(
                        "RedirectRule", "host_name http_redirect_code protocol replace_key_prefix_with replace_key_with"
                    ),
                },
            ),
            "routing_rules": to("WebsiteConfiguration.RoutingRules", _routing),
        },
    ),
    "aws_s3_bucket_accelerate_configuration": _part("status=AccelerateConfiguration.AccelerationStatus"),
    "aws_s3_bucket_object_lock_configuration": _part(
        "object_lock_enabled=ObjectLockConfiguration.ObjectLockEnabled -token", {"rule": _LOCK}
    ),
    "aws_s3_bucket_replication_configuration": _part(
        "role=ReplicationConfiguration.Role -token",
        {"rule": blocks("ReplicationConfiguration.Rules", _REPLICATION_RULE, _REPLICATED)},
        wants={"role": "arn", "bucket": "id"},
    ),
    "aws_s3_bucket_inventory": _identified(
        "InventoryConfigurations",
        "name=Id enabled included_object_versions optional_fields",
        {
            "schedule": block("", "frequency=ScheduleFrequency"),
            "filter": block("", "prefix"),
            "destination": block(
                "Destination", "", {"bucket": block("", "bucket_arn format prefix account_id=BucketAccountId")}
            ),
        },
    ),
    "aws_s3_bucket_analytics_configuration": _identified(
        "AnalyticsConfigurations",
        "name=Id",
        {
            "filter": _FILTER,
            "storage_class_analysis": block(
                "StorageClassAnalysis",
                "",
                {
                    "data_export": block(
                        "DataExport",
                        "output_schema_version",
                        {
                            "destination": block(
                                "Destination",
                                "",
                                {"s3_bucket_destination": block("", "bucket_arn format prefix bucket_account_id")},
                            )
                        },
                    )
                },
                keep=True,
            ),
        },
    ),
    "aws_s3_bucket_metric": _identified("MetricsConfigurations", "name=Id", {"filter": _FILTER}),
    "aws_s3_bucket_intelligent_tiering_configuration": _identified(
        "IntelligentTieringConfigurations",
        "name=Id status",
        {"filter": _FILTER, "tiering": blocks("Tierings", "access_tier days")},
    ),
    "aws_s3_bucket_request_payment_configuration": _part("-payer"),
    "aws_s3_bucket_policy": Mapping(
        "AWS::S3::BucketPolicy", "bucket policy=PolicyDocument:json", attributes="id==bucket bucket==bucket", tags=""
    ),
    "aws_s3_access_point": Mapping(
        "AWS::S3::AccessPoint",
        "bucket name policy=Policy:json bucket_account_id -account_id",
        {
            "public_access_block_configuration": block(
                "PublicAccessBlockConfiguration",
                "block_public_acls block_public_policy ignore_public_acls restrict_public_buckets",
            ),
            "vpc_configuration": block("VpcConfiguration", "vpc_id"),
        },
        attributes="name=Ref arn=Arn alias=Alias",
    ),
    "aws_s3_bucket_object": Mapping(None, why="an object in a bucket, which no CloudFormation type makes"),
    "aws_s3_object": Mapping(None, why="an object in a bucket, which no CloudFormation type makes"),
    "aws_s3_object_copy": Mapping(None, why="an object in a bucket, which no CloudFormation type makes"),
    "aws_s3_account_public_access_block": Mapping(
        None, why="a setting of the account, which no CloudFormation type has"
    ),
}
