"""EventBridge: buses, rules and their targets, schedules, pipes; Step Functions; streams of Kinesis."""

from __future__ import annotations

from archproof.sources.responses._item import Item, Props, document
from archproof.sources.responses._snapshot import Snapshot, plain

KEYS = {
    "EventBuses": "Arn", "Rules": "EventBusName", "Targets": "Arn", "stateMachines": "stateMachineArn",
    ".stateMachineArn": "stateMachineArn", "StreamDescription": "StreamARN", "StreamDescriptionSummary": "StreamARN",
    "DeliveryStreamDescription": "DeliveryStreamARN", "Pipes": "Arn", "Schedules": "GroupName",
    ".ScheduleExpression": "ScheduleExpression",
}  # fmt: skip
LATER = ("Targets", "stateMachines", "Schedules")

_RULE = "AWS::Events::Rule"


def _bus(item: Item, snapshot: Snapshot) -> None:
    name = item.text("Name")
    made_by = "aws" if name == "default" else None
    snapshot.add(
        item, "AWS::Events::EventBus", name, item.props("Name"), arn=item.text("Arn"), name=name, made_by=made_by
    )


def _rule(item: Item, snapshot: Snapshot) -> None:
    name = item.text("Name")
    props = item.props("Name", "Description", "ScheduleExpression", "State", "RoleArn")
    props.document("EventPattern", "EventPattern")
    if item.get("EventBusName") not in (None, "default"):
        props.take("EventBusName", "EventBusName")
    made_by = "aws" if item.get("ManagedBy") else None
    snapshot.add(item, _RULE, item.text("Arn"), props, ref=name, arn=item.text("Arn"), name=name, made_by=made_by)


def _target(item: Item, snapshot: Snapshot) -> None:
    rule = snapshot.told_by_path(item, _RULE)
    if rule is None:
        found = snapshot.resources.of_type(_RULE)
        rule = found[0] if len(found) == 1 else None
    if rule is None:
        snapshot.unreadable(item, "whose target it is stands in no field: name the file after the rule")
        return
    snapshot.append(rule, "Targets", item.value, item)


def _machine(item: Item, snapshot: Snapshot) -> None:
    props = item.props(
        StateMachineName="Name", RoleArn="RoleArn", StateMachineType="Type", TracingConfiguration="TracingConfiguration"
    )
    definition = document(item.get("definition"))
    if isinstance(definition, dict):
        props.set("Definition", definition, "definition")
    logging = props.item.get("loggingConfiguration")
    if isinstance(logging, dict) and logging.get("level") != "OFF":
        props.take("LoggingConfiguration", "LoggingConfiguration")
    arn = item.text("stateMachineArn")
    snapshot.add(item, "AWS::StepFunctions::StateMachine", arn, props, arn=arn, name=item.text("name"))


def _stream(item: Item, snapshot: Snapshot) -> None:
    props = item.props(Name="StreamName", RetentionPeriodHours="RetentionPeriodHours")
    mode = item.text("StreamModeDetails.StreamMode")
    if mode:
        props.set("StreamModeDetails", {"StreamMode": mode}, "StreamModeDetails")
    shards = item.get("Shards")
    count = item.get("OpenShardCount") or (len(shards) if isinstance(shards, list) else None)
    if count and mode != "ON_DEMAND":
        props.set("ShardCount", count, "OpenShardCount")
    if item.get("EncryptionType") == "KMS":
        said = {"EncryptionType": "KMS", "KeyId": item.get("KeyId")}
        props.set("StreamEncryption", said, "EncryptionType")
    name = item.text("StreamName")
    snapshot.add(item, "AWS::Kinesis::Stream", name, props, arn=item.text("StreamARN"), name=name)


def _delivery(item: Item, snapshot: Snapshot) -> None:
    props = item.props("DeliveryStreamName", "DeliveryStreamType")
    source = item.get("Source.KinesisStreamSourceDescription")
    if isinstance(source, dict):
        said = {"KinesisStreamARN": source.get("KinesisStreamARN"), "RoleARN": source.get("RoleARN")}
        props.set("KinesisStreamSourceConfiguration", said, "Source", "KinesisStreamSourceDescription")
    for path, destination in item.entries("Destinations")[:1]:
        bucket = destination.get("ExtendedS3DestinationDescription")
        if isinstance(bucket, dict):
            kept = ("RoleARN", "BucketARN", "Prefix", "ErrorOutputPrefix", "BufferingHints", "CompressionFormat")
            said = {k: bucket[k] for k in kept if bucket.get(k)}
            props.set("ExtendedS3DestinationConfiguration", said, *path, "ExtendedS3DestinationDescription")
    name = item.text("DeliveryStreamName")
    snapshot.add(
        item, "AWS::KinesisFirehose::DeliveryStream", name, props, arn=item.text("DeliveryStreamARN"), name=name
    )


def _schedule(item: Item, snapshot: Snapshot) -> None:
    props = item.props(
        "Name",
        "GroupName",
        "ScheduleExpression",
        "ScheduleExpressionTimezone",
        "State",
        "FlexibleTimeWindow",
        "Target",
        "KmsKeyArn",
        "Description",
    )
    snapshot.add(item, "AWS::Scheduler::Schedule", item.text("Name"), props, arn=item.text("Arn"))


def _pipe(item: Item, props: Props) -> None:
    if props.values.get("DesiredState") == "RUNNING":
        props.values.pop("DesiredState")


READERS = {
    "EventBuses": _bus,
    "Rules": _rule,
    "Targets": _target,
    "stateMachines": _machine,
    ".stateMachineArn": _machine,
    "StreamDescription": _stream,
    "StreamDescriptionSummary": _stream,
    "DeliveryStreamDescription": _delivery,
    "Schedules": _schedule,
    ".ScheduleExpression": _schedule,
    "Pipes": plain("AWS::Pipes::Pipe", "Name", "Name", "Source", "Target", "Enrichment", "DesiredState", arn="Arn",
                   also=_pipe),
}  # fmt: skip
