"""Everything that SAM makes points at what asks for it in the template."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from archproof.errors import InputError
from archproof.model.yaml import Mark
from tests.sources.sam_templates import Transformed

TEMPLATE = """
Globals:
  Function:
    Runtime: python3.13
    MemorySize: 512
    Environment:
      Variables: {STAGE: live}
    Tracing: Active
  Api:
    TracingEnabled: true
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: src/
      Handler: app.handler
      Timeout: 7
      AutoPublishAlias: live
      DeploymentPreference: {Type: AllAtOnce}
      FunctionUrlConfig: {AuthType: NONE}
      EventInvokeConfig:
        DestinationConfig: {OnFailure: {Type: SQS}}
      DeadLetterQueue:
        Type: SQS
        TargetArn: !GetAtt Dead.Arn
      Policies:
        - AWSLambdaExecute
        - SQSPollerPolicy:
            QueueName: jobs
        - Statement:
            - Effect: Allow
              Action: s3:*
              Resource: '*'
      Events:
        Get:
          Type: Api
          Properties: {Path: /orders, Method: get}
        GetAll:
          Type: Schedule
          Properties:
            Schedule: rate(1 day)
        Queue:
          Type: SQS
          Properties:
            Queue: !GetAtt Dead.Arn
            BatchSize: 5
            Enabled: true
  Api:
    Type: AWS::Serverless::Api
    Properties:
      StageName: prod
      Domain: {DomainName: a.example.com, CertificateArn: arn, Route53: {HostedZoneId: Z1}}
      Auth: {ApiKeyRequired: true, UsagePlan: {CreateUsagePlan: PER_API}}
  Dead:
    Type: AWS::SQS::Queue
    Properties: {KmsMasterKeyId: alias/aws/sqs}
"""

LINES = {
    ("Orders",): "Orders:",
    ("Orders", "Type"): "Type: AWS::Serverless::Function",
    ("Orders", "Properties", "Timeout"): "Timeout: 7",
    ("Orders", "Properties", "MemorySize"): "MemorySize: 512",
    ("Orders", "Properties", "Environment"): "Environment:",
    ("Orders", "Properties", "Environment", "Variables", "STAGE"): "Variables: {STAGE: live}",
    ("Orders", "Properties", "TracingConfig", "Mode"): "Tracing: Active",
    ("Orders", "Properties", "Code", "S3Key"): "CodeUri: src/",
    ("Orders", "Properties", "DeadLetterConfig"): "DeadLetterQueue:",
    ("Orders", "Properties", "DeadLetterConfig", "TargetArn"): "TargetArn: !GetAtt Dead.Arn",
    ("Orders", "Properties", "Role"): "Orders:",
    ("Orders", "Properties", "Tags"): "Orders:",
    ("OrdersRole",): "Policies:",
    ("OrdersRole", "Properties", "ManagedPolicyArns", 0): "Policies:",
    ("OrdersRole", "Properties", "ManagedPolicyArns", 2): "- AWSLambdaExecute",
    ("OrdersRole", "Properties", "Policies", 2, "PolicyDocument", "Statement", 0, "Resource"): "QueueName: jobs",
    ("OrdersRole", "Properties", "Policies", 3, "PolicyDocument", "Statement", 0, "Action"): "Action: s3:*",
    ("OrdersAliaslive",): "AutoPublishAlias: live",
    ("OrdersDeploymentGroup",): "DeploymentPreference: {Type: AllAtOnce}",
    ("CodeDeployServiceRole",): "DeploymentPreference: {Type: AllAtOnce}",
    ("OrdersUrl", "Properties", "AuthType"): "FunctionUrlConfig: {AuthType: NONE}",
    ("OrdersUrlPublicPermissions",): "FunctionUrlConfig: {AuthType: NONE}",
    ("OrdersEventInvokeConfigOnFailureQueue",): "EventInvokeConfig:",
    ("OrdersGetPermissionProd",): "Get:",
    ("OrdersGetPermissionProd", "Properties", "Principal"): "Get:",
    ("ServerlessRestApi",): "Get:",
    ("ServerlessRestApiProdStage", "Properties", "TracingEnabled"): "TracingEnabled: true",
    ("ServerlessRestApi", "Properties", "Body", "paths", "/orders", "get"): "Get:",
    ("OrdersGetAll",): "GetAll:",
    ("OrdersGetAll", "Properties", "ScheduleExpression"): "Schedule: rate(1 day)",
    ("OrdersGetAllPermission",): "GetAll:",
    ("OrdersQueue", "Properties", "BatchSize"): "BatchSize: 5",
    ("OrdersQueue", "Properties", "Enabled"): "Enabled: true",
    ("OrdersQueue", "Properties", "EventSourceArn"): "Queue: !GetAtt Dead.Arn",
    ("ApiUsagePlan",): "Auth: {ApiKeyRequired: true, UsagePlan: {CreateUsagePlan: PER_API}}",
    ("ApiBasePathMapping",): "Domain: {DomainName: a.example.com, CertificateArn: arn, Route53: {HostedZoneId: Z1}}",
    ("Dead", "Properties", "KmsMasterKeyId"): "Properties: {KmsMasterKeyId: alias/aws/sqs}",
}


@pytest.fixture(scope="module")
def made() -> Transformed:
    return Transformed(TEMPLATE)


@pytest.mark.parametrize("path", LINES, ids=lambda path: ".".join(map(str, path)))
def test_a_part_points_at_its_line(made: Transformed, path: tuple[Any, ...]) -> None:
    assert made.line(*path) == LINES[path]


def test_what_has_no_name_of_its_maker_is_found_by_what_it_says(made: Transformed) -> None:
    found = {made.line(i) for i, kind in made.types.items() if kind.endswith(("::DomainName", "::RecordSetGroup"))}
    assert found == {
        "Domain: {DomainName: a.example.com, CertificateArn: arn, Route53: {HostedZoneId: Z1}}",
    }


def test_the_place_of_a_value_is_exact(made: Transformed) -> None:
    place = made.place("Orders", "Properties", "MemorySize")
    assert (place.file, place.line, place.column, place.end_line, place.end_column) == ("t.yaml", 6, 5, 6, 20)


def test_every_value_of_the_outcome_has_a_mark(made: Transformed) -> None:
    outcome = made.outcome
    assert _marked(outcome.value, outcome.mark) > 300


def _marked(value: Any, mark: Mark) -> int:
    """How many values there are, each with a mark."""
    assert mark.at().line >= 1
    if isinstance(value, dict):
        assert list(mark.children) == list(value)
        return 1 + sum(_marked(item, mark.children[key]) for key, item in value.items())
    if isinstance(value, list):
        assert len(mark.children) == len(value)
        return 1 + sum(_marked(item, mark.children[index]) for index, item in enumerate(value))
    return 1


NAMES = st.sampled_from(["Orders", "OrdersGet", "Get", "A", "Api"])
EVENTS = st.dictionaries(
    NAMES,
    st.sampled_from(
        [
            {"Type": "Api", "Properties": {"Path": "/a", "Method": "get"}},
            {"Type": "Schedule", "Properties": {"Schedule": "rate(1 day)"}},
            {"Type": "SQS", "Properties": {"Queue": "arn:aws:sqs:eu-west-1:1:q", "BatchSize": 3}},
        ]
    ),
    max_size=3,
)
FUNCTIONS = st.fixed_dictionaries(
    {"Handler": st.just("a.b"), "Runtime": st.just("python3.13")},
    optional={
        "MemorySize": st.sampled_from([128, {"Ref": "Memory"}]),
        "Events": EVENTS,
        "Policies": st.sampled_from(["AWSLambdaExecute", [{"SQSPollerPolicy": {"QueueName": {"Ref": "Dead"}}}]]),
        "AutoPublishAlias": st.sampled_from(["live", {"Ref": "Memory"}]),
    },
)


@settings(max_examples=30, deadline=None)
@given(st.dictionaries(NAMES, FUNCTIONS, min_size=1, max_size=3))
def test_every_resource_becomes_one_of_its_own_name_and_all_have_places(functions: dict[str, Any]) -> None:
    resources = {name: {"Type": "AWS::Serverless::Function", "Properties": f} for name, f in functions.items()}
    template = {"Parameters": {"Memory": {"Type": "String"}}, "Resources": resources}
    try:
        made = Transformed(yaml.safe_dump(template, sort_keys=False))
    except InputError as error:  # two functions may make resources of one name, or say one route
        assert "already exists" in str(error) or "defined multiple times" in str(error)
        return
    assert set(functions) <= set(made.resources)
    _marked(made.outcome.value["Resources"], made.outcome.mark.children["Resources"])
