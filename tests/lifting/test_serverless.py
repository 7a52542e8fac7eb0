"""What serverless systems are made of: APIs, triggers, rules, pipes and state machines in the words of the language."""

from __future__ import annotations

from typing import Any

import pytest

from lifting.lifted import imported

_FUNCTION = "Fn: {Type: AWS::Lambda::Function, Properties: {Runtime: python3.13, Handler: app.handler}}\n"
_GATEWAY = "arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Fn.Arn}/invocations"
_HASH = "0123456789abcdef0123456789abcdef01234567"


def _rest(operation: str = "", permission: str = "POST/orders") -> str:
    return (
        _FUNCTION
        + f"""
Api:
  Type: AWS::ApiGateway::RestApi
  Properties:
    Body:
      swagger: "2.0"
      info: {{version: "1.0", title: {{Ref: "AWS::StackName"}}}}
      paths:
        /orders:
          post:
            x-amazon-apigateway-integration: {{type: aws_proxy, httpMethod: POST, uri: {{"Fn::Sub": "{_GATEWAY}"}}}}
            responses: {{}}
            {operation}
ApiDeployment0123456789:
  Type: AWS::ApiGateway::Deployment
  Properties: {{RestApiId: {{Ref: Api}}, Description: "RestApi deployment id: {_HASH}", StageName: Stage}}
ApiProdStage:
  Type: AWS::ApiGateway::Stage
  Properties: {{RestApiId: {{Ref: Api}}, DeploymentId: {{Ref: ApiDeployment0123456789}}, StageName: Prod}}
FnPostPermissionProd:
  Type: AWS::Lambda::Permission
  Properties:
    Action: lambda:InvokeFunction
    FunctionName: {{Ref: Fn}}
    Principal: apigateway.amazonaws.com
    SourceArn:
      Fn::Sub:
        - arn:aws:execute-api:${{AWS::Region}}:${{AWS::AccountId}}:${{Id}}/${{Stage}}/{permission}
        - {{Id: {{Ref: Api}}, Stage: "*"}}
"""
    )


def test_a_rest_api_with_a_body_says_routes_stage_and_deployment_in_one_component() -> None:
    assert (
        imported(_rest())
        == f"""\
components:
  fn: {{kind: lambda, runtime: python3.13, handler: app.handler}}
  api: {{kind: rest_api, routes: {{POST /orders: {{to: fn, auth: open, permission: FnPostPermissionProd}}}},
    definition: swagger, stage: Prod, deployment: {_HASH}}}
"""
    )


def test_what_more_an_operation_says_stays_in_the_body() -> None:
    text = imported(_rest("security: [{api_key: []}]\n            tags: [a]"))
    assert "api_key: true, permission: FnPostPermissionProd" in text
    assert "POST /orders" in text and "x-amazon-apigateway-integration" not in text


def test_a_permission_of_another_path_is_no_route_s() -> None:
    text = imported(_rest(permission="POST/others"))
    assert "POST /orders: {to: fn, auth: open}" in text and "others" in text


def test_an_http_api_with_a_body_has_routes() -> None:
    uri = _GATEWAY.replace("arn:aws:", "arn:${AWS::Partition}:")
    text = imported(
        _FUNCTION
        + f"""
Api:
  Type: AWS::ApiGatewayV2::Api
  Properties:
    Body:
      openapi: 3.0.1
      info: {{version: "1.0", title: {{Ref: "AWS::StackName"}}}}
      paths:
        $default:
          x-amazon-apigateway-any-method:
            x-amazon-apigateway-integration:
              {{type: aws_proxy, httpMethod: POST, payloadFormatVersion: "2.0", uri: {{"Fn::Sub": "{uri}"}}}}
            isDefaultRoute: true
            responses: {{}}
ApiApiGatewayDefaultStage:
  Type: AWS::ApiGatewayV2::Stage
  Properties: {{ApiId: {{Ref: Api}}, StageName: $default, AutoDeploy: true}}
"""
    )
    assert text.endswith(
        "  api: {kind: http_api, routes: {$default: {to: fn, auth: open}}, definition: openapi, stage: $default}\n"
    )


def test_a_mapping_is_a_trigger() -> None:
    text = imported(
        _FUNCTION
        + """
Jobs: {Type: AWS::SQS::Queue}
FnJobs:
  Type: AWS::Lambda::EventSourceMapping
  Properties: {BatchSize: 5, EventSourceArn: {"Fn::GetAtt": [Jobs, Arn]}, FunctionName: {Ref: Fn}, Enabled: true}
"""
    )
    assert text.endswith(
        "links: [{from: jobs, to: fn, verb: trigger, batch: 5, logical_id: FnJobs, properties: {Enabled: true}}]\n"
    )


def test_a_subscription_and_its_permission_are_one_link() -> None:
    text = imported(
        _FUNCTION
        + """
News: {Type: AWS::SNS::Topic}
FnNews:
  Type: AWS::SNS::Subscription
  Properties: {Protocol: lambda, TopicArn: {Ref: News}, Endpoint: {"Fn::GetAtt": [Fn, Arn]}}
FnNewsPermission:
  Type: AWS::Lambda::Permission
  Properties:
    {Action: lambda:InvokeFunction, FunctionName: {Ref: Fn}, Principal: sns.amazonaws.com, SourceArn: {Ref: News}}
"""
    )
    link = "{from: news, to: fn, verb: subscribe, logical_id: FnNews, permission: FnNewsPermission}"
    assert text.endswith(f"links: [{link}]\n")


def test_a_rule_says_its_pattern_and_targets() -> None:
    text = imported(
        _FUNCTION
        + """
Uploads: {Type: AWS::S3::Bucket}
Rule:
  Type: AWS::Events::Rule
  Properties:
    EventPattern: {source: [aws.s3], detail-type: [Object Created], detail: {bucket: {name: [{Ref: Uploads}]}}}
    Targets: [{Arn: {"Fn::GetAtt": [Fn, Arn]}, Id: Target0, InputPath: $.detail}]
"""
    )
    assert text.endswith(
        """\
  rule: {kind: event_rule, pattern: {detail-type: Object Created, bucket: uploads},
    to: {target: fn, id: Target0, input_path: $.detail}}
"""
    )


def test_a_pipe_says_its_ends() -> None:
    text = imported(
        _FUNCTION
        + """
Jobs: {Type: AWS::SQS::Queue}
Role:
  Type: AWS::IAM::Role
  Properties:
    AssumeRolePolicyDocument:
      Version: "2012-10-17"
      Statement: [{Effect: Allow, Principal: {Service: pipes.amazonaws.com}, Action: sts:AssumeRole}]
    ManagedPolicyArns: ["arn:aws:iam::aws:policy/ReadOnlyAccess"]
Pipe:
  Type: AWS::Pipes::Pipe
  Properties:
    RoleArn: {"Fn::GetAtt": [Role, Arn]}
    Source: {"Fn::GetAtt": [Jobs, Arn]}
    SourceParameters:
      SqsQueueParameters: {BatchSize: 1}
      FilterCriteria: {Filters: [{Pattern: '{"body": {"type":["a"]}}'}]}
    Target: {"Fn::GetAtt": [Fn, Arn]}
"""
    )
    ends = "from: jobs, filter: [{body: {type: [a]}}], to: fn, batch: 1"
    assert f"  pipe: {{kind: event_pipe, {ends}, role: {{managed: ReadOnlyAccess}}}}\n" in text


def test_a_state_machine_of_a_file_calls_what_its_substitutions_name() -> None:
    text = imported(
        _FUNCTION
        + """
Flow:
  Type: AWS::StepFunctions::StateMachine
  Properties:
    RoleArn: arn:aws:iam::123456789012:role/flow
    DefinitionS3Location: {Bucket: code, Key: flow.asl.json}
    DefinitionSubstitutions: {FnArn: {"Fn::GetAtt": [Fn, Arn]}}
"""
    )
    assert "file: s3://code/flow.asl.json, substitutions: {FnArn: !GetAtt fn.Arn},\n" in text
    assert text.endswith("links: [{from: flow, to: fn, verb: invoke}]\n")


def test_a_policy_of_a_template_of_sam_is_that_template() -> None:
    arn = "arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:${queueName}"
    text = imported(
        f"""
Jobs: {{Type: AWS::SQS::Queue}}
Role:
  Type: AWS::IAM::Role
  Properties:
    AssumeRolePolicyDocument:
      Version: "2012-10-17"
      Statement: [{{Effect: Allow, Principal: {{Service: lambda.amazonaws.com}}, Action: sts:AssumeRole}}]
    Policies:
      - PolicyName: send
        PolicyDocument:
          Statement:
            - Effect: Allow
              Action: ["sqs:SendMessage*"]
              Resource: {{"Fn::Sub": ["{arn}", {{queueName: {{"Fn::GetAtt": [Jobs, QueueName]}}}}]}}
"""
    )
    assert "policies: {send: {template: SQSSendMessagePolicy, with: {QueueName: !GetAtt jobs.QueueName}}}" in text


def test_a_notification_of_a_bucket_is_a_link_that_makes_nothing() -> None:
    text = imported(
        _FUNCTION
        + """
Uploads:
  Type: AWS::S3::Bucket
  Properties:
    NotificationConfiguration:
      LambdaConfigurations: [{Event: "s3:ObjectCreated:*", Function: {"Fn::GetAtt": [Fn, Arn]}}]
"""
    )
    assert text.endswith("links: [{from: uploads, to: fn, verb: trigger, wired: true}]\n")


@pytest.mark.parametrize("odd", [None, 1, "x", [], {}, {"Ref": "Fn"}, [{"a": 1}], {"Fn::Sub": ["${a}", {"a": 1}]}])
@pytest.mark.parametrize(
    ("type", "properties", "path"),
    [
        ("AWS::Events::Rule", {"EventPattern": {"source": ["a"]}, "Targets": [{"Arn": "x", "Id": "y"}]}, "Targets"),
        ("AWS::Events::Rule", {"EventPattern": {"source": ["a"]}}, "EventPattern"),
        ("AWS::Pipes::Pipe", {"Source": {"Fn::GetAtt": ["Jobs", "Arn"]}, "Target": {"Fn::GetAtt": ["Fn", "Arn"]}},
         "SourceParameters"),
        ("AWS::Lambda::EventSourceMapping",
         {"EventSourceArn": {"Fn::GetAtt": ["Jobs", "Arn"]}, "FunctionName": {"Ref": "Fn"}}, "FilterCriteria"),
        ("AWS::StepFunctions::StateMachine", {"RoleArn": "r"}, "DefinitionS3Location"),
        ("AWS::ApiGateway::RestApi", {"Name": "a"}, "Body"),
        ("AWS::S3::Bucket", {}, "NotificationConfiguration"),
        ("AWS::Lambda::EventInvokeConfig", {"FunctionName": {"Ref": "Fn"}, "Qualifier": "1"}, "DestinationConfig"),
    ],
)  # fmt: skip
def test_properties_of_any_shape_stay_as_they_are(type: str, properties: dict[str, Any], path: str, odd: Any) -> None:
    function = {"Type": "AWS::Lambda::Function", "Properties": {"Runtime": "python3.13", "Handler": "a.b"}}
    odd_one = {"Type": type, "Properties": {**properties, path: odd}}
    imported({"Fn": function, "Jobs": {"Type": "AWS::SQS::Queue"}, "Odd": odd_one})
