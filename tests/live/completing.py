"""What the double's CloudFormation leaves out of a type that it makes, said once more by AWS's own API."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.live.deploying import Cloud

Properties = dict[str, Any]


def _bucket(cloud: Cloud, name: str, props: Properties) -> None:
    """Tags, the life of objects, ownership and logging."""
    client = cloud.client("s3")
    if "Tags" in props:
        client.put_bucket_tagging(Bucket=name, Tagging={"TagSet": props["Tags"]})
    if "LifecycleConfiguration" in props:
        rules = [_lifecycle_rule(rule) for rule in props["LifecycleConfiguration"]["Rules"]]
        client.put_bucket_lifecycle_configuration(Bucket=name, LifecycleConfiguration={"Rules": rules})
    if "OwnershipControls" in props:
        client.put_bucket_ownership_controls(Bucket=name, OwnershipControls=props["OwnershipControls"])
    if "LoggingConfiguration" in props:
        said = props["LoggingConfiguration"]
        logging = {"TargetBucket": said["DestinationBucketName"], "TargetPrefix": said["LogFilePrefix"]}
        client.put_bucket_logging(Bucket=name, BucketLoggingStatus={"LoggingEnabled": logging})


def _lifecycle_rule(rule: Properties) -> Properties:
    same = {k: v for k, v in rule.items() if k in ("Status", "AbortIncompleteMultipartUpload")}
    said = {"ID": rule["Id"], "Filter": {"Prefix": rule.get("Prefix", "")}, **same}
    return said | ({"Expiration": {"Days": rule["ExpirationInDays"]}} if "ExpirationInDays" in rule else {})


def _function(cloud: Cloud, name: str, props: Properties) -> None:
    """Its subnets, what takes its failures, and how much of the account's concurrency is its own."""
    client = cloud.client("lambda")
    said = {k: props[k] for k in ("VpcConfig", "DeadLetterConfig", "KmsKeyArn") if k in props}
    if said:
        client.update_function_configuration(FunctionName=name, **said)
    if "ReservedConcurrentExecutions" in props:
        wanted = props["ReservedConcurrentExecutions"]
        client.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=wanted)


def _topic(cloud: Cloud, arn: str, props: Properties) -> None:
    if "KmsMasterKeyId" in props:
        said = {"AttributeName": "KmsMasterKeyId", "AttributeValue": props["KmsMasterKeyId"]}
        cloud.client("sns").set_topic_attributes(TopicArn=arn, **said)


def _stage(cloud: Cloud, name: str, props: Properties) -> None:
    if "DefaultRouteSettings" in props:
        said = {"StageName": name, "DefaultRouteSettings": props["DefaultRouteSettings"]}
        cloud.client("apigatewayv2").update_stage(ApiId=props["ApiId"], **said)


COMPLETIONS: dict[str, Callable[[Cloud, str, Properties], None]] = {
    "AWS::ApiGatewayV2::Stage": _stage,
    "AWS::Lambda::Function": _function,
    "AWS::S3::Bucket": _bucket,
    "AWS::SNS::Topic": _topic,
}
