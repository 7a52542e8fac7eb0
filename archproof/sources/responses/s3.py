"""Buckets and what the `get-bucket-…` commands say of each; those do not name the bucket, so that the file must."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from archproof.resources.resource import Resource
from archproof.sources.responses._call import Call, Per
from archproof.sources.responses._item import Item, Props, document, only, stack_of, tag_list
from archproof.sources.responses._snapshot import Snapshot

KEYS = {
    "Buckets": "Name",
    "ServerSideEncryptionConfiguration": "Rules",
    "PublicAccessBlockConfiguration": "BlockPublicAcls",
    "LoggingEnabled": "TargetBucket",
    "Rules": "Status",
    "TagSet": "Key",
    "CORSRules": "AllowedMethods",
    "OwnershipControls": "Rules",
    "ReplicationConfiguration": "Rules",
    ".Status MFADelete": "Status",
    ".Policy RevisionId PolicyName": "Policy",
    ".LocationConstraint BucketName": "LocationConstraint",
    "Grants": "Grantee",
    ".IndexDocument ErrorDocument RedirectAllRequestsTo RoutingRules": "IndexDocument",
    "QueueConfigurations": "QueueArn",
    "TopicConfigurations": "TopicArn",
    "LambdaFunctionConfigurations": "LambdaFunctionArn",
    "EventBridgeConfiguration": "",
    "ObjectLockConfiguration": "ObjectLockEnabled",
}
_BUCKET = "AWS::S3::Bucket"
_EACH = Per("ListBuckets", "Buckets[]", {"Bucket": "Name"}, place="BucketRegion")


def _detail(operation: str, key: str, *gives: str, absent: str = "") -> Call:
    said = {_BUCKET: gives}
    return Call("s3", operation, key, gives=said, per=_EACH, once=True, absent=(absent,) if absent else ())


CALLS = (
    Call("s3", "ListBuckets", "Buckets", (_BUCKET,), gives={_BUCKET: ("BucketName",)}, once=True),
    _detail("GetBucketEncryption", "ServerSideEncryptionConfiguration", "BucketEncryption",
            absent="ServerSideEncryptionConfigurationNotFoundError"),
    _detail("GetPublicAccessBlock", "PublicAccessBlockConfiguration", "PublicAccessBlockConfiguration",
            absent="NoSuchPublicAccessBlockConfiguration"),
    _detail("GetBucketVersioning", ".Status MFADelete", "VersioningConfiguration"),
    _detail("GetBucketLogging", "LoggingEnabled", "LoggingConfiguration"),
    _detail("GetBucketOwnershipControls", "OwnershipControls", "OwnershipControls",
            absent="OwnershipControlsNotFoundError"),
    _detail("GetBucketLifecycleConfiguration", "Rules", "LifecycleConfiguration",
            absent="NoSuchLifecycleConfiguration"),
    _detail("GetBucketTagging", "TagSet", "Tags", absent="NoSuchTagSet"),
    _detail("GetBucketCors", "CORSRules", "CorsConfiguration", absent="NoSuchCORSConfiguration"),
    _detail("GetBucketNotificationConfiguration", ".", "NotificationConfiguration"),
    _detail("GetObjectLockConfiguration", "ObjectLockConfiguration", "ObjectLockConfiguration", "ObjectLockEnabled",
            absent="ObjectLockConfigurationNotFoundError"),
    _detail("GetBucketReplication", "ReplicationConfiguration", "ReplicationConfiguration",
            absent="ReplicationConfigurationNotFoundError"),
    _detail("GetBucketWebsite", ".", "WebsiteConfiguration", absent="NoSuchWebsiteConfiguration"),
    _detail("GetBucketAccelerateConfiguration", ".Status", "AccelerateConfiguration"),
    Call("s3", "GetBucketPolicy", ".Policy RevisionId PolicyName", ("AWS::S3::BucketPolicy",),
         gives={"AWS::S3::BucketPolicy": ("Bucket", "PolicyDocument")}, per=_EACH, once=True,
         absent=("NoSuchBucketPolicy",)),
    Call("s3", "GetBucketLocation", ".LocationConstraint BucketName", gives={_BUCKET: ("BucketName",)}, once=True,
         per=Per("ListBuckets", "Buckets[?!BucketRegion]", {"Bucket": "Name"})),
)  # fmt: skip
LATER = (
    "s3:GetBucketNotificationConfiguration", "s3:GetBucketWebsite", "s3:GetBucketAccelerateConfiguration",
    "ObjectLockConfiguration",
    "ServerSideEncryptionConfiguration", "PublicAccessBlockConfiguration", "LoggingEnabled", "Rules", "TagSet",
    "CORSRules", "OwnershipControls", "ReplicationConfiguration", ".Status MFADelete", "QueueConfigurations",
    ".Policy RevisionId PolicyName", ".LocationConstraint BucketName", "Grants", "TopicConfigurations",
    "LambdaFunctionConfigurations", "EventBridgeConfiguration",
    ".IndexDocument ErrorDocument RedirectAllRequestsTo RoutingRules",
)  # fmt: skip


def _bucket(item: Item, snapshot: Snapshot) -> None:
    name = item.text("Name")
    props = Props(item)
    props.set("BucketName", name, "Name")
    item.region = item.text("BucketRegion") or item.region
    partition = "aws-cn" if str(item.region).startswith("cn-") else "aws"
    more: dict[str, str | None] = {"DomainName": f"{name}.s3.amazonaws.com"}
    if item.region or not snapshot.live:
        more["RegionalDomainName"] = f"{name}.s3.{item.region}.amazonaws.com"
    if snapshot.live:
        more |= _websites(str(name), item.region)
    snapshot.add(
        item, _BUCKET, name, props, arn=f"arn:{partition}:s3:::{name}", name=name, attributes=more
    )  # fmt: skip


def _websites(name: str, region: str | None) -> dict[str, str | None]:
    """Further names of a bucket that templates ask for."""
    if region is None:
        return {}
    return {
        "DualStackDomainName": f"{name}.s3.dualstack.{region}.amazonaws.com",
        "WebsiteURL": f"http://{name}.s3-website-{region}.amazonaws.com",
    }


def _of(item: Item, snapshot: Snapshot) -> Resource | None:
    buckets = snapshot.resources.of_type(_BUCKET)
    found = snapshot.told_by_path(item, _BUCKET) or (buckets[0] if len(buckets) == 1 else None)
    if found is None:
        snapshot.unreadable(item, "whose bucket it is stands in no field: name the file or its folder after the bucket")
    return found


def _setting(say: Callable[[Item, Props], None]) -> Callable[[Item, Snapshot], None]:
    """A reader that adds to the bucket of the file what `say` takes from the response."""

    def read(item: Item, snapshot: Snapshot) -> None:
        bucket = _of(item, snapshot)
        if bucket is not None:
            props = Props(item)
            say(item, props)
            snapshot.extend(bucket, item, props)

    return read


def _encryption(item: Item, props: Props) -> None:
    rules = []
    for _, rule in item.entries("Rules"):
        default = rule.get("ApplyServerSideEncryptionByDefault") or {}
        said: dict[str, Any] = {
            "ServerSideEncryptionByDefault": {
                k: default[v] for k, v in (("SSEAlgorithm", "SSEAlgorithm"), ("KMSMasterKeyID", "KMSMasterKeyID"))
                if default.get(v)
            }
        }  # fmt: skip
        if "BucketKeyEnabled" in rule:
            said["BucketKeyEnabled"] = rule["BucketKeyEnabled"]
        rules.append(said)
    props.set("BucketEncryption", {"ServerSideEncryptionConfiguration": rules}, "Rules")


def _public(item: Item, props: Props) -> None:
    names = ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")
    props.set("PublicAccessBlockConfiguration", {n: item.get(n) for n in names if item.get(n) is not None})


def _versioning(item: Item, props: Props) -> None:
    props.set("VersioningConfiguration", {"Status": item.get("Status")}, "Status")


def _logging(item: Item, props: Props) -> None:
    said = {"DestinationBucketName": item.get("TargetBucket"), "LogFilePrefix": item.get("TargetPrefix")}
    props.set("LoggingConfiguration", {k: v for k, v in said.items() if v})


def _ownership(item: Item, props: Props) -> None:
    props.set("OwnershipControls", {"Rules": item.get("Rules")}, "Rules")


def _replication(item: Item, props: Props) -> None:
    rules = []
    for _, rule in item.entries("Rules"):
        rules.append({("Id" if k == "ID" else k): v for k, v in rule.items()})
    props.set("ReplicationConfiguration", {"Role": item.get("Role"), "Rules": rules})


def _website(item: Item, props: Props) -> None:
    if not item.value:
        return
    said = {
        "IndexDocument": item.get("IndexDocument.Suffix"), "ErrorDocument": item.get("ErrorDocument.Key"),
        "RedirectAllRequestsTo": item.get("RedirectAllRequestsTo"),
    }  # fmt: skip
    props.set("WebsiteConfiguration", {k: v for k, v in said.items() if v})


def _lifecycle(item: Item, snapshot: Snapshot) -> None:
    """One rule of a bucket's life cycle, in CloudFormation's flatter shape."""
    bucket = _of(item, snapshot)
    if bucket is None:
        return
    rule: dict[str, Any] = {"Id": item.get("ID"), "Status": item.get("Status")}
    chosen = item.get("Filter") or {}
    chosen = chosen.get("And") or chosen if isinstance(chosen, dict) else {}
    rule["Prefix"] = chosen.get("Prefix") or item.get("Prefix") or None
    tags = chosen.get("Tags") or ([chosen["Tag"]] if chosen.get("Tag") else None)
    rule["TagFilters"] = tags
    expiration = item.get("Expiration") or {}
    rule["ExpirationInDays"] = expiration.get("Days")
    rule["ExpirationDate"] = expiration.get("Date")
    rule["ExpiredObjectDeleteMarker"] = expiration.get("ExpiredObjectDeleteMarker")
    rule["NoncurrentVersionExpiration"] = item.get("NoncurrentVersionExpiration")
    rule["NoncurrentVersionTransitions"] = item.get("NoncurrentVersionTransitions")
    rule["AbortIncompleteMultipartUpload"] = item.get("AbortIncompleteMultipartUpload")
    rule["Transitions"] = [
        {{"Days": "TransitionInDays", "Date": "TransitionDate"}.get(k, k): v for k, v in t.items()}
        for _, t in item.entries("Transitions")
    ] or None
    held = bucket.properties.setdefault("LifecycleConfiguration", {"Rules": []})["Rules"]
    snapshot.point(bucket, ("LifecycleConfiguration", "Rules", len(held)), item)
    held.append({k: v for k, v in rule.items() if v not in (None, "", [], {})})


def _cors(item: Item, snapshot: Snapshot) -> None:
    bucket = _of(item, snapshot)
    if bucket is not None:
        names = {"AllowedOrigins": 0, "AllowedMethods": 0, "AllowedHeaders": 0, "MaxAgeSeconds": "MaxAge",
                 "ExposeHeaders": "ExposedHeaders", "ID": "Id"}  # fmt: skip
        rule = {(names[k] or k): v for k, v in item.value.items() if k in names}
        snapshot.point(bucket, ("CorsConfiguration",), item)
        bucket.properties.setdefault("CorsConfiguration", {"CorsRules": []})["CorsRules"].append(rule)


def _tags(item: Item, snapshot: Snapshot) -> None:
    bucket = _of(item, snapshot)
    if bucket is not None and snapshot.live:
        _stack(bucket, item, snapshot)
    for tag in tag_list([item.value]) if bucket is not None else ():
        snapshot.append(bucket, "Tags", tag, item)  # type: ignore[arg-type]


def _stack(bucket: Resource, item: Item, snapshot: Snapshot) -> None:
    """The stack of a bucket, which its tags tell one by one."""
    if str(item.get("Key")).startswith("aws:cloudformation:"):
        told = stack_of(item.around.get("TagSet"))
        if told is not None:
            snapshot.stacks.setdefault(bucket.logical_id, told)


def _policy(item: Item, snapshot: Snapshot) -> None:
    """`{"Policy": "…"}` of a bucket, a function, a key or a repository: its own statements tell of which."""
    from archproof.sources.responses import lambda_

    policy = document(item.get("Policy"))
    if not isinstance(policy, dict):
        snapshot.unreadable(item, "the policy is no JSON")
        return
    statements = policy.get("Statement")
    resources = [
        r
        for s in (statements if isinstance(statements, list) else [statements])
        if isinstance(s, dict)
        for r in ([s.get("Resource")] if isinstance(s.get("Resource"), str) else s.get("Resource") or ())
    ]
    named = next((str(r) for r in resources if str(r).startswith("arn:")), "")
    if ":lambda:" in named:
        lambda_.permissions(item, policy, snapshot)
        return
    key = snapshot.told_by_path(item, "AWS::KMS::Key")
    if ":s3:::" not in named and key is not None:
        props = Props(item)
        props.set("KeyPolicy", policy, "Policy")
        snapshot.extend(key, item, props)
        return
    name = named.partition(":s3:::")[2].partition("/")[0]
    bucket = snapshot.find(_BUCKET, name) or _of(item, snapshot)
    if bucket is not None:
        props = Props(item)
        props.set("Bucket", bucket.physical_id, "Policy")
        props.set("PolicyDocument", policy, "Policy")
        snapshot.add(
            item, "AWS::S3::BucketPolicy", f"{bucket.physical_id}|policy", props, call=f"{bucket.logical_id} Policy"
        )


def _object_lock(item: Item, snapshot: Snapshot) -> None:
    bucket = _of(item, snapshot)
    if bucket is not None:
        props = Props(item)
        props.set("ObjectLockConfiguration", dict(item.value))
        props.set("ObjectLockEnabled", item.get("ObjectLockEnabled") == "Enabled", "ObjectLockEnabled")
        snapshot.extend(bucket, item, props)


def _accelerate(item: Item, props: Props) -> None:
    props.set("AccelerateConfiguration", {"AccelerationStatus": item.get("Status")}, "Status")


def _notifications(item: Item, snapshot: Snapshot) -> None:
    """All that a bucket notifies of, in one answer."""
    for key in ("QueueConfigurations", "TopicConfigurations", "LambdaFunctionConfigurations"):
        for entry in item.each(key):
            READERS[key](entry, snapshot)
    bucket = _of(item, snapshot)
    if bucket is not None and isinstance(item.get("EventBridgeConfiguration"), dict):
        held = bucket.properties.setdefault("NotificationConfiguration", {})
        held["EventBridgeConfiguration"] = {"EventBridgeEnabled": True}


def _notification(name: str, kind: str, field: str) -> Callable[[Item, Snapshot], None]:
    def read(item: Item, snapshot: Snapshot) -> None:
        bucket = _of(item, snapshot)
        events = item.get("Events")
        for event in events if bucket is not None and isinstance(events, list) else ():
            said: dict[str, Any] = {"Event": event, kind: item.get(field)}
            rules = item.get("Filter.Key.FilterRules")
            if rules:
                said["Filter"] = {"S3Key": {"Rules": [only(r, "Name", "Value") for r in rules]}}
            assert bucket is not None
            snapshot.point(bucket, ("NotificationConfiguration",), item)
            held = bucket.properties.setdefault("NotificationConfiguration", {})
            held.setdefault(name, []).append(said)

    return read


def _nothing(item: Item, snapshot: Snapshot) -> None:
    """Nothing that CloudFormation says of a bucket."""


def _location(item: Item, snapshot: Snapshot) -> None:
    bucket = _of(item, snapshot)
    if bucket is not None:
        bucket.region = item.text("LocationConstraint") or "us-east-1"
        if snapshot.live:
            told = snapshot.returned[bucket.logical_id]
            for name, value in _websites(str(bucket.physical_id), bucket.region).items():
                told.setdefault(name, str(value))
            told.setdefault("RegionalDomainName", f"{bucket.physical_id}.s3.{bucket.region}.amazonaws.com")


READERS: dict[str, Callable[[Item, Snapshot], None]] = {
    "s3:GetBucketNotificationConfiguration": _notifications,
    "s3:GetBucketWebsite": _setting(_website),
    "s3:GetBucketAccelerateConfiguration": _setting(_accelerate),
    "ObjectLockConfiguration": _object_lock,
    "Buckets": _bucket,
    "ServerSideEncryptionConfiguration": _setting(_encryption),
    "PublicAccessBlockConfiguration": _setting(_public),
    ".Status MFADelete": _setting(_versioning),
    "LoggingEnabled": _setting(_logging),
    "OwnershipControls": _setting(_ownership),
    "ReplicationConfiguration": _setting(_replication),
    ".IndexDocument ErrorDocument RedirectAllRequestsTo RoutingRules": _setting(_website),
    "Rules": _lifecycle,
    "CORSRules": _cors,
    "TagSet": _tags,
    ".Policy RevisionId PolicyName": _policy,
    "QueueConfigurations": _notification("QueueConfigurations", "Queue", "QueueArn"),
    "TopicConfigurations": _notification("TopicConfigurations", "Topic", "TopicArn"),
    "LambdaFunctionConfigurations": _notification("LambdaConfigurations", "Function", "LambdaFunctionArn"),
    "EventBridgeConfiguration": _nothing,
    "Grants": _nothing,
    ".LocationConstraint BucketName": _location,
}
