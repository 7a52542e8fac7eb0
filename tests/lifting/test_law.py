"""The law: what is lifted and written lowers to exactly the resources it was lifted from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archproof.model.architecture import load, loads
from archproof.model.formatting import canonical
from archproof.resources.lowering import lower_model
from archproof.sources.lifting import lift
from archproof.sources.lifting.writer import write
from lifting.lifted import faults, resources

ROOT = Path(__file__).resolve().parents[2]
SYSTEMS = ["architecture.yaml", *sorted(str(p.relative_to(ROOT)) for p in ROOT.glob("examples/*/architecture.yaml"))]


@pytest.mark.parametrize("system", SYSTEMS)
def test_what_a_system_lowers_to_is_lifted_and_lowers_to_the_same(system: str) -> None:
    wanted = lower_model(load(ROOT / system))
    text = write(lift(wanted))
    assert faults(wanted, loads(text)) == []
    assert canonical(text) == text


_IDS = ("Orders", "OrdersFn", "FnRole", "DeadLetters", "HTTPApi", "Key1", "WebDB", "orders")
_TEXTS = st.sampled_from(
    ["a", "", "10", "true", "on", "a: b", "x # y", "{{resolve:ssm:p}}", "${AWS::Region}", "ü\n b\n"]
)
_PLACES = {
    "AWS::Lambda::Function": (
        "FunctionName",
        "Runtime",
        "Handler",
        "MemorySize",
        "Timeout",
        "Environment",
        "Role",
        "TracingConfig",
        "Layers",
        "Architectures",
        "VpcConfig",
        "Code",
        "DeadLetterConfig",
        "EphemeralStorage",
        "Tags",
        "Description",
    ),
    "AWS::SQS::Queue": (
        "QueueName",
        "VisibilityTimeout",
        "MessageRetentionPeriod",
        "RedrivePolicy",
        "FifoQueue",
        "KmsMasterKeyId",
        "Tags",
    ),
    "AWS::IAM::Role": ("AssumeRolePolicyDocument", "Policies", "ManagedPolicyArns", "Path", "MaxSessionDuration"),
    "AWS::Logs::LogGroup": ("LogGroupName", "RetentionInDays", "KmsKeyId"),
    "AWS::S3::Bucket": ("BucketName", "VersioningConfiguration", "BucketEncryption", "PublicAccessBlockConfiguration"),
    "AWS::S3::BucketPolicy": ("Bucket", "PolicyDocument"),
    "AWS::SNS::Topic": ("TopicName", "KmsMasterKeyId", "Subscription", "DisplayName"),
    "AWS::KMS::Key": ("KeyPolicy", "EnableKeyRotation", "Description"),
    "AWS::Events::Rule": ("EventPattern", "ScheduleExpression", "Targets", "State", "EventBusName"),
    "AWS::Lambda::Permission": ("FunctionName", "Principal", "Action", "SourceArn"),
    "AWS::Lambda::EventSourceMapping": ("EventSourceArn", "FunctionName", "BatchSize"),
    "AWS::DynamoDB::Table": ("TableName", "KeySchema", "AttributeDefinitions", "BillingMode", "StreamSpecification"),
    "AWS::EC2::SecurityGroup": ("GroupDescription", "VpcId", "SecurityGroupIngress"),
    "AWS::EC2::Subnet": ("VpcId", "CidrBlock", "AvailabilityZone"),
    "AWS::EC2::VPC": ("CidrBlock", "EnableDnsSupport"),
    "AWS::RDS::DBInstance": ("Engine", "DBInstanceClass", "AllocatedStorage", "MultiAZ", "DBSubnetGroupName"),
    "AWS::ECS::Service": ("Cluster", "TaskDefinition", "DesiredCount", "LoadBalancers"),
    "AWS::StepFunctions::StateMachine": ("RoleArn", "DefinitionString", "LoggingConfiguration"),
    "AWS::ApiGatewayV2::Api": ("Name", "ProtocolType", "Body", "CorsConfiguration"),
    "AWS::CloudFront::Distribution": ("DistributionConfig",),
    "AWS::Scheduler::Schedule": ("ScheduleExpression", "Target", "FlexibleTimeWindow", "State"),
    "AWS::Nobody::Knows": ("This",),
    "Custom::Thing": ("ServiceToken",),
}


def _reference() -> st.SearchStrategy[Any]:
    name = st.sampled_from([*_IDS, "Stage", "AWS::Region"])
    return st.one_of(
        name.map(lambda n: {"Ref": n}),
        name.map(lambda n: {"Fn::GetAtt": [n, "Arn"]}),
        name.map(lambda n: {"Fn::Sub": "${" + n + "}"}),
        name.map(lambda n: {"Fn::Sub": "arn:${AWS::Partition}:x/${" + n + "}/*"}),
        name.map(lambda n: {"Fn::If": ["IsTest", {"Ref": n}, {"Ref": "AWS::NoValue"}]}),
    )


_STATEMENT = st.fixed_dictionaries(
    {"Effect": st.sampled_from(["Allow", "Deny"])},
    optional={
        "Action": st.sampled_from(["sqs:SendMessage", ["s3:GetObject", "s3:PutObject"], "sts:AssumeRole"]),
        "Resource": st.one_of(st.just("*"), _reference(), st.lists(_reference(), min_size=1, max_size=2)),
        "Principal": st.sampled_from(["*", {"Service": "lambda.amazonaws.com"}, {"Service": ["a.amazonaws.com"]}]),
        "Condition": st.just({"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}),
        "Sid": st.just("One"),
    },
)  # fmt: skip
_DOCUMENT = st.fixed_dictionaries(
    {"Statement": st.one_of(_STATEMENT, st.lists(_STATEMENT, min_size=1, max_size=2))},
    optional={"Version": st.sampled_from(["2012-10-17", "2008-10-17"])},
)
_LEAF = st.one_of(
    _TEXTS, st.integers(0, 100_000), st.sampled_from([256, 3600, 86400, 14, "14", 0.5]), st.booleans(), _reference(),
    _DOCUMENT,
)  # fmt: skip
_VALUE = st.recursive(
    _LEAF,
    lambda inner: st.one_of(
        st.lists(inner, max_size=2),
        st.dictionaries(
            st.sampled_from(
                ["Arn", "Key", "Value", "Variables", "TargetArn", "PolicyName", "PolicyDocument", "Size", "Mode",
                 "S3Bucket", "SubnetIds", "SecurityGroupIds", "Id", "a b", "Type", "deadLetterTargetArn"]
            ), inner, max_size=3,
        ),
    ), max_leaves=5,
)  # fmt: skip


@st.composite
def _templates(draw: st.DrawFn) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for logical_id in draw(st.lists(st.sampled_from(_IDS), unique=True, min_size=1, max_size=6)):
        type = draw(st.sampled_from(sorted(_PLACES)))
        keys = draw(st.lists(st.sampled_from(_PLACES[type]), unique=True, max_size=5))
        found[logical_id] = {"Type": type, "Properties": {key: draw(_property(key)) for key in keys}}
        if draw(st.booleans()):
            found[logical_id]["DependsOn"] = draw(st.sampled_from(_IDS))
        if draw(st.booleans()):
            found[logical_id] |= {"DeletionPolicy": "Retain", "Condition": "IsTest"}
    for entry in found.values():
        if entry.get("DependsOn") not in found:
            entry.pop("DependsOn", None)
    return found


def _property(key: str) -> st.SearchStrategy[Any]:
    if key.endswith(("PolicyDocument", "KeyPolicy")):
        return st.one_of(_DOCUMENT, _VALUE)
    if key == "Policies":
        return st.lists(st.fixed_dictionaries({"PolicyName": _TEXTS, "PolicyDocument": _DOCUMENT}), max_size=2)
    if key in ("Role", "RoleArn"):
        return st.one_of(st.sampled_from(_IDS).map(lambda n: {"Fn::GetAtt": [n, "Arn"]}), _VALUE)
    if key == "Tags":
        return st.lists(st.fixed_dictionaries({"Key": st.sampled_from("ab"), "Value": _LEAF}), max_size=2)
    return _VALUE


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(_templates())
def test_any_resources_are_lifted_and_lower_to_the_same(template: dict[str, Any]) -> None:
    wanted = resources(template)
    wanted.parameters = {"Stage": {"Type": "String"}} | {n: {"Type": "String"} for n in _IDS if n not in template}
    wanted.conditions = {"IsTest": {"Fn::Equals": [{"Ref": "Stage"}, "test"]}}
    text = write(lift(wanted))
    assert faults(wanted, loads(text)) == []
    assert canonical(text) == text
