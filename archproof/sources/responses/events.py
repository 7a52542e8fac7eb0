"""EventBridge: buses, rules and their targets, schedules, pipes; Step Functions; streams of Kinesis."""

from __future__ import annotations

from archproof.sources.responses._call import ALL, Call, Per, listing
from archproof.sources.responses._item import Item, Props, document
from archproof.sources.responses._snapshot import Snapshot, plain, tagged

KEYS = {
    "EventBuses": "Arn", "Rules": "EventBusName", "Targets": "Arn", "stateMachines": "stateMachineArn",
    ".stateMachineArn": "stateMachineArn", "StreamDescription": "StreamARN", "StreamDescriptionSummary": "StreamARN",
    "DeliveryStreamDescription": "DeliveryStreamARN", "Pipes": "Arn", "Schedules": "GroupName",
    ".ScheduleExpression": "ScheduleExpression", "Archives": "ArchiveName", "StreamSummaries": "StreamARN",
    "Connections": "ConnectionArn", "ApiDestinations": "ApiDestinationArn", "ScheduleGroups": "Arn",
    "activities": "activityArn",
}  # fmt: skip
LATER = (
    "Rules", "Targets", "events:DescribeEventBus", "stateMachines", "Pipes", "StreamSummaries", "Archives", "Schedules",
    "events:ListTagsForResource", "stepfunctions:ListTagsForResource", "firehose:ListTagsForDeliveryStream",
    "kinesis:ListTagsForStream", "events:DescribeArchive",
)  # fmt: skip
_MACHINE, _SCHEDULE = "AWS::StepFunctions::StateMachine", "AWS::Scheduler::Schedule"
_STREAM, _DELIVERY = "AWS::Kinesis::Stream", "AWS::KinesisFirehose::DeliveryStream"
_BUS, _ARCHIVE = "AWS::Events::EventBus", "AWS::Events::Archive"
_BUSES = Per("ListEventBuses", "EventBuses[]", {"EventBusName": "Name"})
_OF_RULE = Per("ListRules", "Rules[]", {"Rule": "Name", "EventBusName": "EventBusName"})
CALLS = (
    Call("events", "ListEventBuses", "EventBuses", (_BUS, "AWS::Events::EventBusPolicy"),
         gives={_BUS: ("Name", "Description", "Policy"), "AWS::Events::EventBusPolicy": (ALL, "Statement")}),
    Call("events", "DescribeEventBus", ".Arn", per=Per("ListEventBuses", "EventBuses[]", {"Name": "Name"}),
         gives={_BUS: ("KmsKeyIdentifier", "DeadLetterConfig", "LogConfig")}),
    Call("events", "ListRules", "Rules", ("AWS::Events::Rule",), per=_BUSES,
         gives={"AWS::Events::Rule": ("Name", "Description", "ScheduleExpression", "State", "RoleArn", "EventPattern",
                                      "EventBusName")}),
    Call("events", "ListTargetsByRule", "Targets", gives={"AWS::Events::Rule": ("Targets",)}, per=_OF_RULE),
    Call("events", "ListTagsForResource", ".Tags", gives={_BUS: ("Tags",)},
         per=Per("ListEventBuses", "EventBuses[]", {"ResourceARN": "Arn"})),
    Call("events", "ListTagsForResource", ".Tags", gives={"AWS::Events::Rule": ("Tags",)},
         per=Per("ListRules", "Rules[]", {"ResourceARN": "Arn"})),
    Call("events", "ListArchives", "Archives", (_ARCHIVE,),
         gives={_ARCHIVE: ("ArchiveName", "SourceArn", "RetentionDays")}),
    Call("events", "DescribeArchive", ".ArchiveArn", gives={_ARCHIVE: ("Description", "EventPattern",
                                                                       "KmsKeyIdentifier")},
         per=Per("ListArchives", "Archives[]", {"ArchiveName": "ArchiveName"})),
    listing("events", "ListConnections", "Connections", "AWS::Events::Connection",
            gives={"AWS::Events::Connection": ("Name", "AuthorizationType")}),
    listing("events", "ListApiDestinations", "ApiDestinations", "AWS::Events::ApiDestination",
            gives={"AWS::Events::ApiDestination": ("Name", "ConnectionArn", "HttpMethod", "InvocationEndpoint",
                                                   "InvocationRateLimitPerSecond")}),
    Call("pipes", "ListPipes", "Pipes", ("AWS::Pipes::Pipe",),
         gives={"AWS::Pipes::Pipe": ("Name", "Source", "Target", "Enrichment", "DesiredState")}),
    Call("pipes", "DescribePipe", ".Arn", per=Per("ListPipes", "Pipes[]", {"Name": "Name"}),
         gives={"AWS::Pipes::Pipe": ("Description", "RoleArn", "SourceParameters", "TargetParameters",
                                     "EnrichmentParameters", "LogConfiguration", "KmsKeyIdentifier", "Tags")}),
    Call("scheduler", "ListSchedules", "Schedules", (_SCHEDULE,), gives={_SCHEDULE: ("Name", "GroupName", "State")}),
    Call("scheduler", "GetSchedule", ".ScheduleExpression",
         gives={_SCHEDULE: ("ScheduleExpression", "ScheduleExpressionTimezone", "FlexibleTimeWindow", "Target",
                            "KmsKeyArn", "Description", "StartDate", "EndDate")},
         per=Per("ListSchedules", "Schedules[]", {"Name": "Name", "GroupName": "GroupName"})),
    Call("scheduler", "ListScheduleGroups", "ScheduleGroups", ("AWS::Scheduler::ScheduleGroup",),
         gives={"AWS::Scheduler::ScheduleGroup": ("Name",)}),
    Call("stepfunctions", "ListStateMachines", "stateMachines", (_MACHINE,),
         gives={_MACHINE: ("StateMachineName", "StateMachineType")}),
    Call("stepfunctions", "DescribeStateMachine", ".stateMachineArn",
         gives={_MACHINE: ("RoleArn", "Definition", "DefinitionString", "LoggingConfiguration", "TracingConfiguration",
                           "EncryptionConfiguration")},
         per=Per("ListStateMachines", "stateMachines[]", {"stateMachineArn": "stateMachineArn"})),
    Call("stepfunctions", "ListTagsForResource", ".tags", gives={_MACHINE: ("Tags",)},
         per=Per("ListStateMachines", "stateMachines[]", {"resourceArn": "stateMachineArn"})),
    Call("stepfunctions", "ListActivities", "activities", ("AWS::StepFunctions::Activity",),
         gives={"AWS::StepFunctions::Activity": ("Name",)}),
    Call("kinesis", "ListStreams", "StreamSummaries", (_STREAM,), gives={_STREAM: ("Name", "StreamModeDetails")}),
    Call("kinesis", "DescribeStreamSummary", "StreamDescriptionSummary",
         gives={_STREAM: ("RetentionPeriodHours", "ShardCount", "StreamEncryption", "DesiredShardLevelMetrics",
                          "MaxRecordSizeInKiB")},
         per=Per("ListStreams", "StreamSummaries[]", {"StreamName": "StreamName"})),
    Call("kinesis", "ListTagsForStream", ".Tags", gives={_STREAM: ("Tags",)},
         per=Per("ListStreams", "StreamSummaries[]", {"StreamName": "StreamName"})),
    Call("firehose", "ListDeliveryStreams", "", (_DELIVERY,)),
    Call("firehose", "DescribeDeliveryStream", "DeliveryStreamDescription", (_DELIVERY,),
         gives={_DELIVERY: ("DeliveryStreamName", "DeliveryStreamType", "KinesisStreamSourceConfiguration",
                            "ExtendedS3DestinationConfiguration", "DeliveryStreamEncryptionConfigurationInput")},
         per=Per("ListDeliveryStreams", "DeliveryStreamNames[]", {"DeliveryStreamName": "@"})),
    Call("firehose", "ListTagsForDeliveryStream", ".Tags", gives={_DELIVERY: ("Tags",)},
         per=Per("ListDeliveryStreams", "DeliveryStreamNames[]", {"DeliveryStreamName": "@"})),
)  # fmt: skip

_RULE = "AWS::Events::Rule"


def _bus(item: Item, snapshot: Snapshot) -> None:
    name = item.text("Name")
    made_by = "aws" if name == "default" else None
    props = item.props("Name")
    if snapshot.live:
        props.document("Policy", "Policy")
    snapshot.add(item, _BUS, name, props, arn=item.text("Arn"), name=name, made_by=made_by)
    policy = document(item.get("Policy"))
    if snapshot.live and isinstance(policy, dict):
        for statement in policy.get("Statement") or ():
            more = Props(item)
            more.set("EventBusName", name)
            more.set("StatementId", statement.get("Sid"), "Policy")
            more.set("Statement", statement, "Policy")
            snapshot.add(item, "AWS::Events::EventBusPolicy", f"{name}|{statement.get('Sid')}", more)


def _rule(item: Item, snapshot: Snapshot) -> None:
    name = item.text("Name")
    props = item.props("Name", "Description", "ScheduleExpression", "State", "RoleArn")
    props.document("EventPattern", "EventPattern")
    if item.get("EventBusName") not in (None, "default") or snapshot.live:
        props.take("EventBusName", "EventBusName")
    made_by = "aws" if item.get("ManagedBy") else None
    bus = item.text("EventBusName")
    ref = f"{bus}|{name}" if snapshot.live and bus not in (None, "default") else name
    rule = snapshot.add(item, _RULE, item.text("Arn"), props, ref=ref, arn=item.text("Arn"), name=name, made_by=made_by)
    if rule is not None:
        snapshot.names.setdefault((_RULE, f"{bus}|{name}"), rule)


def _target(item: Item, snapshot: Snapshot) -> None:
    asked = item.asked.get("Rule")
    rule = snapshot.find(_RULE, f"{item.asked.get('EventBusName', 'default')}|{asked}") if asked else None
    rule = rule or snapshot.told_by_path(item, _RULE)
    if rule is None:
        found = snapshot.resources.of_type(_RULE)
        rule = found[0] if len(found) == 1 else None
    if rule is None:
        snapshot.unreadable(item, "whose target it is stands in no field: name the file after the rule")
        return
    snapshot.append(rule, "Targets", item.value, item)


def _archive(item: Item, snapshot: Snapshot) -> None:
    props = item.props("ArchiveName", "Description", "RetentionDays", SourceArn="EventSourceArn")
    props.document("EventPattern", "EventPattern")
    name = item.text("ArchiveName")
    snapshot.add(item, _ARCHIVE, name, props, arn=item.text("ArchiveArn"), name=name)


def _machine(item: Item, snapshot: Snapshot) -> None:
    props = item.props(
        StateMachineName="Name", RoleArn="RoleArn", StateMachineType="Type", TracingConfiguration="TracingConfiguration"
    )
    definition = document(item.get("definition"))
    if isinstance(definition, dict):
        props.set("Definition", definition, "definition")
        if snapshot.live:
            props.set("DefinitionString", item.get("definition"), "definition")
    logging = props.item.get("loggingConfiguration")
    if isinstance(logging, dict) and (logging.get("level") != "OFF" or snapshot.live):
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
    metrics = [m for _, e in item.entries("EnhancedMonitoring") for m in e.get("ShardLevelMetrics") or ()]
    if snapshot.live and metrics:
        props.set("DesiredShardLevelMetrics", metrics, "EnhancedMonitoring")
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
            said = {k: v for k, v in bucket.items() if v and (snapshot.live or k in kept)}
            if snapshot.live and isinstance(said.get("S3BackupDescription"), dict):
                said["S3BackupConfiguration"] = said["S3BackupDescription"]
            props.set("ExtendedS3DestinationConfiguration", said, *path, "ExtendedS3DestinationDescription")
    encryption = item.get("DeliveryStreamEncryptionConfiguration")
    if snapshot.live and isinstance(encryption, dict) and encryption.get("Status") in ("ENABLED", "ENABLING"):
        own = {k: encryption[k] for k in ("KeyARN", "KeyType") if encryption.get(k)}
        props.set("DeliveryStreamEncryptionConfigurationInput", own, "DeliveryStreamEncryptionConfiguration")
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
    name = item.text("Name")
    id = f"{item.get('GroupName', 'default')}|{name}" if snapshot.live else name
    snapshot.add(item, "AWS::Scheduler::Schedule", id, props, ref=name, arn=item.text("Arn"), name=id)


def _schedule_group(item: Item, snapshot: Snapshot) -> None:
    name = item.text("Name")
    made_by = "aws" if name == "default" else None
    snapshot.add(
        item, "AWS::Scheduler::ScheduleGroup", name, item.props("Name"), arn=item.text("Arn"), name=name,
        made_by=made_by,
    )  # fmt: skip


def _whole_pipe(item: Item, snapshot: Snapshot) -> None:
    props = item.props("Name", "Description", "RoleArn", "Source", "SourceParameters", "Enrichment",
                       "EnrichmentParameters", "Target", "TargetParameters", "LogConfiguration", "DesiredState",
                       "KmsKeyIdentifier")  # fmt: skip
    snapshot.add(item, "AWS::Pipes::Pipe", item.text("Name"), props, arn=item.text("Arn"))


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
    "Archives": _archive,
    "events:DescribeArchive": _archive,
    "events:DescribeEventBus": _bus,
    "events:ListTagsForResource": tagged(_RULE, _BUS),
    "Connections": plain("AWS::Events::Connection", "Name", "Name", "AuthorizationType", arn="ConnectionArn",
                         name="Name"),
    "ApiDestinations": plain(
        "AWS::Events::ApiDestination", "Name", "Name", "ConnectionArn", "HttpMethod", "InvocationEndpoint",
        "InvocationRateLimitPerSecond", arn="ApiDestinationArn", name="Name",
    ),
    "pipes:DescribePipe": _whole_pipe,
    "ScheduleGroups": _schedule_group,
    "activities": plain("AWS::StepFunctions::Activity", "activityArn", "Name", arn="activityArn", name="name"),
    "stepfunctions:ListTagsForResource": tagged(_MACHINE),
    "StreamSummaries": _stream,
    "kinesis:ListTagsForStream": tagged(_STREAM),
    "firehose:ListTagsForDeliveryStream": tagged(_DELIVERY),
    "Pipes": plain("AWS::Pipes::Pipe", "Name", "Name", "Source", "Target", "Enrichment", "DesiredState", arn="Arn",
                   also=_pipe),
}  # fmt: skip
