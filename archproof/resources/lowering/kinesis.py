"""Amazon Kinesis Data Streams and Amazon Data Firehose."""

from __future__ import annotations

from typing import Any

from archproof.model.kinds.kinesis import Firehose, KinesisStream
from archproof.resources.lowering._context import Lowering
from archproof.resources.lowering._roles import as_sub

KINDS = ("kinesis_stream", "firehose")

_COMPRESSION = {"gzip": "GZIP", "snappy": "Snappy", "zip": "ZIP", "none": "UNCOMPRESSED"}
_OWN_KEY = "alias/aws/kinesis"


def lower_kinesis_stream(name: str, stream: KinesisStream, ctx: Lowering) -> None:
    """The data stream."""
    key = ctx.arn(stream.kms_key) if stream.kms_key else _OWN_KEY
    ctx.add(
        name,
        "AWS::Kinesis::Stream",
        {
            "Name": ctx.name(name),
            "RetentionPeriodHours": stream.retention_h,
            "ShardCount": stream.shards,
            "StreamModeDetails": {"StreamMode": "PROVISIONED" if stream.shards else "ON_DEMAND"},
            "StreamEncryption": {"EncryptionType": "KMS", "KeyId": key} if stream.encrypted else None,
            "Tags": ctx.tags(name),
        },
        origins={
            "Name": "physical_name",
            "RetentionPeriodHours": "retention_h",
            "ShardCount": "shards",
            "StreamModeDetails": "shards",
            "StreamEncryption": "kms_key" if stream.kms_key else "encrypted",
        },
        attributes={"DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"},
    )


def lower_firehose(name: str, firehose: Firehose, ctx: Lowering) -> None:
    """The delivery stream with its error log."""
    _log(name, firehose, ctx)
    own_key = {"KeyType": "CUSTOMER_MANAGED_CMK", "KeyARN": ctx.arn(firehose.kms_key)} if firehose.kms_key else None
    ctx.add(
        name,
        "AWS::KinesisFirehose::DeliveryStream",
        {
            "DeliveryStreamName": ctx.name(name),
            "DeliveryStreamType": "KinesisStreamAsSource" if firehose.source else "DirectPut",
            "DeliveryStreamEncryptionConfigurationInput": None
            if firehose.source
            else own_key or {"KeyType": "AWS_OWNED_CMK"},
            "KinesisStreamSourceConfiguration": {
                "KinesisStreamARN": ctx.arn(firehose.source),
                "RoleARN": ctx.role_arn(name),
            }
            if firehose.source
            else None,
            "ExtendedS3DestinationConfiguration": _destination(name, firehose, ctx),
            "Tags": ctx.tags(name),
        },
        origins={
            "DeliveryStreamName": "physical_name",
            "DeliveryStreamEncryptionConfigurationInput": "kms_key",
            "KinesisStreamSourceConfiguration": "source",
            "ExtendedS3DestinationConfiguration": "to",
            "ExtendedS3DestinationConfiguration.BufferingHints.IntervalInSeconds": "buffer_s",
            "ExtendedS3DestinationConfiguration.BufferingHints.SizeInMBs": "buffer_mb",
            "ExtendedS3DestinationConfiguration.CompressionFormat": "compression",
            "ExtendedS3DestinationConfiguration.Prefix": "prefix",
            "ExtendedS3DestinationConfiguration.ErrorOutputPrefix": "error_prefix",
            "ExtendedS3DestinationConfiguration.ProcessingConfiguration": "transform",
        },
    )


def _log(name: str, firehose: Firehose, ctx: Lowering) -> None:
    group = {"RetentionInDays": firehose.log_retention_days, "Tags": ctx.tags(name)}
    origins = {"RetentionInDays": "log_retention_days"}
    ctx.add(name, "AWS::Logs::LogGroup", group, suffix="LogGroup", origins=origins)
    stream = {"LogGroupName": ctx.ref(name, "LogGroup")}
    ctx.add(name, "AWS::Logs::LogStream", stream, suffix="LogStream", implied=True)
    ctx.allow(name, ["logs:PutLogEvents"], ctx.att(name, "Arn", "LogGroup"))


def _destination(name: str, firehose: Firehose, ctx: Lowering) -> dict[str, Any]:
    key = getattr(ctx.component(firehose.to), "kms_key", None)
    written: dict[str, Any] = {
        "BucketARN": ctx.arn(firehose.to),
        "RoleARN": ctx.role_arn(name),
        "BufferingHints": {"IntervalInSeconds": firehose.buffer_s, "SizeInMBs": firehose.buffer_mb},
        "CompressionFormat": _COMPRESSION[firehose.compression],
        "ErrorOutputPrefix": firehose.error_prefix,
        "CloudWatchLoggingOptions": {
            "Enabled": True,
            "LogGroupName": ctx.ref(name, "LogGroup"),
            "LogStreamName": ctx.ref(name, "LogStream"),
        },
    }
    if firehose.prefix:
        written["Prefix"] = firehose.prefix
    if key:
        written["EncryptionConfiguration"] = {"KMSEncryptionConfig": {"AWSKMSKeyARN": ctx.arn(key)}}
    if firehose.transform:
        function = ctx.arn(firehose.transform)
        ctx.allow(name, ["lambda:InvokeFunction", "lambda:GetFunctionConfiguration"], function)
        parameter = {"ParameterName": "LambdaArn", "ParameterValue": {"Fn::Sub": as_sub(function)}}
        processor = {"Type": "Lambda", "Parameters": [parameter]}
        written["ProcessingConfiguration"] = {"Enabled": True, "Processors": [processor]}
    return written
