"""State machines, Kinesis streams, Firehose."""

from __future__ import annotations

from .cfn import findings, lowered, problems

MACHINES = """
short: {kind: state_machine, steps: [fn, {wait_s: 5}, jobs, {call: ops, input: {Message: done}, on_error: Fn}]}
long:
  kind: state_machine
  type: express
  logging: all
  definition:
    StartAt: A
    States:
      A: {Type: Task, Resource: "arn:aws:states:::lambda:invoke", Parameters: {FunctionName: "${fn}"}, Next: B}
      B:
        Type: Task
        Resource: arn:aws:states:::sqs:sendMessage
        Parameters: {QueueUrl: "${jobs.QueueUrl}"}
        End: true
fn: {kind: lambda, runtime: python3.13}
jobs: {kind: sqs_queue}
ops: {kind: sns_topic}
"""


def test_steps_follow_one_another() -> None:
    definition = lowered(MACHINES)["Short"].get("Definition")
    assert definition["StartAt"] == "Fn"
    assert list(definition["States"]) == ["Fn", "Wait 5 s", "Jobs", "Ops"]
    assert definition["States"]["Wait 5 s"] == {"Type": "Wait", "Seconds": 5, "Next": "Jobs"}
    assert definition["States"]["Ops"]["Parameters"] == {"TopicArn": "${ops}", "Message": "done"}
    assert definition["States"]["Ops"]["End"] is True


def test_components_of_a_definition_are_filled_in() -> None:
    machine = lowered(MACHINES)["Long"]
    assert machine.get("DefinitionSubstitutions") == {
        "fn": {"Fn::GetAtt": ["Fn", "Arn"]},
        "jobs_QueueUrl": {"Fn::GetAtt": ["Jobs", "QueueUrl"]},
    }
    assert machine.get("Definition", "States", "B", "Parameters") == {"QueueUrl": "${jobs_QueueUrl}"}


def test_the_role_of_a_machine_may_call_what_the_definition_names() -> None:
    statements = lowered(MACHINES)["LongRole"].get("Policies", 0, "PolicyDocument", "Statement")
    invoke = {"Effect": "Allow", "Action": ["lambda:InvokeFunction"], "Resource": {"Fn::GetAtt": ["Fn", "Arn"]}}
    assert invoke in statements
    assert statements[1]["Action"] == ["sqs:SendMessage", "sqs:GetQueueAttributes"]


def test_a_machine_is_logged_and_traced() -> None:
    machine = lowered(MACHINES)["Long"]
    assert machine.get("LoggingConfiguration", "Level") == "ALL"
    assert machine.get("LoggingConfiguration", "IncludeExecutionData") is False
    assert machine.get("TracingConfiguration") == {"Enabled": True}


def test_a_definition_that_names_nobody_is_an_error() -> None:
    assert problems("m: {kind: state_machine, definition: {A: '${fnn}'}}\nfn: {kind: lambda, runtime: x}") == [
        "architecture.yaml:3:6: no component is called 'fnn'; did you mean 'fn'?"
    ]


STREAMS = """
clicks: {kind: kinesis_stream}
fixed: {kind: kinesis_stream, shards: 2, retention_h: 48}
archive: {kind: firehose, source: clicks, to: lake, transform: fn, prefix: clicks/}
direct: {kind: firehose, to: lake}
lake: {kind: s3_bucket}
fn: {kind: lambda, runtime: python3.13}
"""


def test_a_stream_is_encrypted_and_scales_unless_it_counts_its_shards() -> None:
    resources = lowered(STREAMS)
    assert resources["Clicks"].get("StreamModeDetails") == {"StreamMode": "ON_DEMAND"}
    assert resources["Clicks"].get("StreamEncryption") == {"EncryptionType": "KMS", "KeyId": "alias/aws/kinesis"}
    assert resources["Fixed"].get("ShardCount") == 2
    assert resources["Fixed"].get("RetentionPeriodHours") == 48


def test_firehose_reads_its_stream_and_delivers_to_its_bucket() -> None:
    resources = lowered(STREAMS)
    stream = resources["Archive"]
    assert stream.get("DeliveryStreamType") == "KinesisStreamAsSource"
    assert not stream.has("DeliveryStreamEncryptionConfigurationInput")
    destination = stream.get("ExtendedS3DestinationConfiguration")
    assert destination["CompressionFormat"] == "GZIP"
    assert destination["ProcessingConfiguration"]["Enabled"] is True
    actions = [
        a for s in resources["ArchiveRole"].get("Policies", 0, "PolicyDocument", "Statement") for a in s["Action"]
    ]
    assert {"kinesis:GetRecords", "s3:PutObject", "lambda:InvokeFunction", "logs:PutLogEvents"} <= set(actions)
    assert resources["Direct"].get("DeliveryStreamEncryptionConfigurationInput") == {"KeyType": "AWS_OWNED_CMK"}


def test_the_templates_are_valid() -> None:
    assert findings(lowered(MACHINES)) == []
    assert findings(lowered(STREAMS)) == []


def test_a_stream_delivers_to_a_bucket() -> None:
    assert problems("f: {kind: firehose, to: q}\nq: {kind: sqs_queue}") == [
        "architecture.yaml:3:27: 'q' is a sqs queue; expected a s3 bucket"
    ]


def test_a_definition_may_name_components_in_intrinsics_too() -> None:
    resources = lowered(
        "fn: {kind: lambda, runtime: python3.13}\n"
        "flow: {kind: state_machine, definition: {StartAt: A, States: {A: {Type: Task, End: true, "
        "Resource: {Fn::GetAtt: [fn, Arn]}}}}}\n"
    )
    assert resources["Flow"].get("Definition", "States", "A", "Resource") == {"Fn::GetAtt": ["Fn", "Arn"]}
