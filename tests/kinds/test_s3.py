"""S3 buckets, and what they notify."""

from __future__ import annotations

from .cfn import findings, lowered, problems
from .lowered import lowered as whole

FULL = """
uploads:
  kind: s3_bucket
  eventbridge: true
  cors: https://app.example.com
  access_logs: logs
  lifecycle: {prefix: tmp/, expire_days: 3, transitions: {days: 30, to: STANDARD_IA}}
  object_lock: 30
  replicate: copy
  properties: {AccelerateConfiguration: {AccelerationStatus: Enabled}}
logs: {kind: s3_bucket, versioned: false}
copy: {kind: s3_bucket}
"""


def test_a_bucket_is_private_encrypted_versioned_and_kept() -> None:
    bucket = lowered("files: {kind: s3_bucket}")["Files"]
    assert set(bucket.get("PublicAccessBlockConfiguration").values()) == {True}
    assert bucket.get("BucketEncryption", "ServerSideEncryptionConfiguration") == [
        {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
    ]
    assert bucket.get("VersioningConfiguration") == {"Status": "Enabled"}
    assert bucket.get("OwnershipControls") == {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
    assert bucket.attributes == {"DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"}
    assert not bucket.has("NotificationConfiguration")


def test_a_bucket_refuses_connections_without_tls() -> None:
    assert lowered("files: {kind: s3_bucket}")["FilesPolicy"].get("PolicyDocument", "Statement") == [
        {
            "Sid": "DenyWithoutTLS",
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:*",
            "Resource": [{"Fn::GetAtt": ["Files", "Arn"]}, {"Fn::Sub": "${Files.Arn}/*"}],
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        }
    ]


def test_what_a_bucket_says_is_what_it_gets() -> None:
    resources = lowered(FULL)
    bucket = resources["Uploads"]
    assert bucket.get("NotificationConfiguration") == {"EventBridgeConfiguration": {"EventBridgeEnabled": True}}
    assert bucket.get("CorsConfiguration", "CorsRules", 0, "AllowedOrigins") == ["https://app.example.com"]
    assert bucket.get("LifecycleConfiguration", "Rules", 1) == {
        "Id": "rule-1",
        "Status": "Enabled",
        "Prefix": "tmp/",
        "ExpirationInDays": 3,
        "Transitions": [{"StorageClass": "STANDARD_IA", "TransitionInDays": 30}],
    }
    assert bucket.get("ObjectLockConfiguration", "Rule", "DefaultRetention") == {"Mode": "GOVERNANCE", "Days": 30}
    assert bucket.get("ReplicationConfiguration", "Role") == {"Fn::GetAtt": ["UploadsReplicationRole", "Arn"]}
    assert bucket.get("LoggingConfiguration") == {"DestinationBucketName": {"Ref": "Logs"}, "LogFilePrefix": "uploads/"}
    assert bucket.get("AccelerateConfiguration") == {"AccelerationStatus": "Enabled"}
    assert str(bucket.location("CorsConfiguration")) == "architecture.yaml:6:5"
    assert str(bucket.location("LifecycleConfiguration")) == "architecture.yaml:8:5"


def test_the_bucket_of_access_logs_lets_the_log_service_write() -> None:
    statement = lowered(FULL)["LogsPolicy"].get("PolicyDocument", "Statement", 1)
    assert statement["Principal"] == {"Service": "logging.s3.amazonaws.com"}
    assert statement["Resource"] == {"Fn::Sub": "${Logs.Arn}/uploads/*"}


NOTIFIES = """
  inbox: {kind: s3_bucket, physical_name: the-inbox}
  other: {kind: s3_bucket}
  fn: {kind: lambda, runtime: python3.13}
  jobs: {kind: sqs_queue}
  ops: {kind: sns_topic}
links:
  - {from: [inbox, other], to: fn, prefix: in/}
  - {from: inbox, to: [jobs, ops]}
  - {from: fn, to: [inbox, other], verb: read_write}
"""


def test_a_bucket_notifies_functions_queues_and_topics_and_waits_for_their_leave() -> None:
    resources = whole(NOTIFIES)
    bucket = resources["Inbox"]
    assert bucket.get("NotificationConfiguration") == {
        "LambdaConfigurations": [
            {
                "Event": "s3:ObjectCreated:*",
                "Function": {"Fn::GetAtt": ["Fn", "Arn"]},
                "Filter": {"S3Key": {"Rules": [{"Name": "prefix", "Value": "in/"}]}},
            }
        ],
        "QueueConfigurations": [{"Event": "s3:ObjectCreated:*", "Queue": {"Fn::GetAtt": ["Jobs", "Arn"]}}],
        "TopicConfigurations": [{"Event": "s3:ObjectCreated:*", "Topic": {"Ref": "Ops"}}],
    }
    assert bucket.attributes["DependsOn"] == ["FnInboxPermission", "JobsPolicy", "OpsPolicy"]


def test_a_permission_names_a_bucket_by_its_declared_name_or_the_account() -> None:
    resources = whole(NOTIFIES)
    assert resources["FnInboxPermission"].get("SourceArn") == {"Fn::Sub": "arn:${AWS::Partition}:s3:::the-inbox"}
    assert resources["FnInboxPermission"].get("SourceAccount") == {"Ref": "AWS::AccountId"}
    assert not resources["FnOtherPermission"].has("SourceArn")
    assert resources["FnOtherPermission"].get("SourceAccount") == {"Ref": "AWS::AccountId"}


def test_a_function_may_read_the_bucket_that_notifies_it_without_a_circle() -> None:
    resources = whole(NOTIFIES)
    assert not resources["FnRole"].has("Policies")
    policy = resources["FnRolePolicy"]
    assert policy.type == "AWS::IAM::Policy"
    assert policy.get("Roles") == [{"Ref": "FnRole"}]
    assert findings(resources) == []


def test_the_templates_are_valid() -> None:
    assert findings(lowered(FULL)) == []
    assert findings(lowered("files: {kind: s3_bucket, public: true}")) == []


def test_a_lock_needs_versions() -> None:
    assert problems("b: {kind: s3_bucket, versioned: false, object_lock: 3}") == [
        "architecture.yaml:3:6: 'b': 'object_lock' needs 'versioned: true'"
    ]


def test_a_bucket_cannot_log_to_something_else_or_to_itself() -> None:
    assert problems("b: {kind: s3_bucket, access_logs: q}\nq: {kind: sqs_queue}") == [
        "architecture.yaml:3:37: 'q' is a sqs queue; expected a s3 bucket"
    ]
    assert problems("b: {kind: s3_bucket, access_logs: b}") == [
        "architecture.yaml:3:37: 'access_logs' goes in a circle: b → b"
    ]
