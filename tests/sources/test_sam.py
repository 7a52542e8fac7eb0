"""SAM templates become what CloudFormation makes of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from archproof.model.yaml import parse
from archproof.sources import _sam
from archproof.sources.reading import Request, read
from tests.sources.sam_templates import Transformed

FUNCTION = """
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: src/
      Handler: app.handler
      Runtime: python3.13
"""


def test_a_function_becomes_a_function_and_its_role() -> None:
    assert Transformed(FUNCTION).types == {"Orders": "AWS::Lambda::Function", "OrdersRole": "AWS::IAM::Role"}


def test_local_code_lies_in_the_bucket_of_a_parameter_under_the_path_that_the_template_says() -> None:
    made = Transformed(FUNCTION)
    assert made.properties("Orders")["Code"] == {"S3Bucket": {"Ref": "CodeBucket"}, "S3Key": "src/"}
    assert made.outcome.value["Parameters"]["CodeBucket"]["Type"] == "String"


def test_code_in_s3_stays_where_it_is_and_needs_no_parameter() -> None:
    made = Transformed(FUNCTION.replace("src/", "s3://bucket/code.zip"))
    assert made.properties("Orders")["Code"] == {"S3Bucket": "bucket", "S3Key": "code.zip"}
    assert "Parameters" not in made.outcome.value


def test_a_function_that_says_no_code_takes_the_folder_of_the_template() -> None:
    made = Transformed(FUNCTION.replace("      CodeUri: src/\n", ""))
    assert made.properties("Orders")["Code"]["S3Key"] == "."


def test_a_parameter_of_the_template_called_codebucket_is_left_alone() -> None:
    made = Transformed("Parameters:\n  CodeBucket: {Type: Number}\n" + FUNCTION.lstrip())
    assert made.properties("Orders")["Code"]["S3Bucket"] == {"Ref": "SamCodeBucket"}
    assert made.outcome.value["Parameters"]["CodeBucket"] == {"Type": "Number"}


def test_an_image_that_a_build_makes_is_a_parameter() -> None:
    made = Transformed("""
        Resources:
          Picture: {Type: AWS::Serverless::Function, Properties: {PackageType: Image}}
        """)
    assert made.properties("Picture")["Code"] == {"ImageUri": {"Ref": "PictureImageUri"}}
    assert list(made.outcome.value["Parameters"]) == ["PictureImageUri"]


def test_globals_stand_in_every_function() -> None:
    made = Transformed("Globals:\n  Function: {MemorySize: 512, Timeout: 9, CodeUri: all/}\n" + FUNCTION.lstrip())
    assert made.properties("Orders")["MemorySize"] == 512
    assert made.properties("Orders")["Timeout"] == 9
    assert made.properties("Orders")["Code"]["S3Key"] == "src/"
    assert "Globals" not in made.outcome.value


def test_references_to_parameters_stay_references() -> None:
    made = Transformed(
        """
        Parameters:
          Stage: {Type: String, Default: live}
          Memory: {Type: Number, Default: 256}
        Resources:
          Orders:
            Type: AWS::Serverless::Function
            Properties:
              CodeUri: src/
              Handler: app.handler
              Runtime: python3.13
              FunctionName: !Sub orders-${Stage}
              MemorySize: !Ref Memory
              AutoPublishAlias: !Ref Stage
          Api:
            Type: AWS::Serverless::Api
            Properties:
              StageName: !Ref Stage
              Auth: {DefaultAuthorizer: Pool, Authorizers: {Pool: {UserPoolArn: !Ref Stage}}}
        """
    )
    assert made.properties("Orders")["MemorySize"] == {"Ref": "Memory"}
    assert made.properties("Orders")["FunctionName"] == {"Fn::Sub": "orders-${Stage}"}
    assert made.properties("OrdersAliaslive")["Name"] == {"Ref": "Stage"}
    body = made.properties("Api")["Body"]["securityDefinitions"]["Pool"]["x-amazon-apigateway-authorizer"]
    assert body["providerARNs"] == [{"Ref": "Stage"}]


def test_a_value_given_on_the_command_line_decides_and_stays_a_reference() -> None:
    text = "Parameters:\n  Alias: {Type: String}\n" + FUNCTION.lstrip() + "      AutoPublishAlias: !Ref Alias\n"
    made = Transformed(text, Alias="blue")
    assert made.properties("OrdersAliasblue")["Name"] == {"Ref": "Alias"}
    assert made.outcome.unknown == []


def test_a_parameter_without_a_value_is_assumed_only_where_sam_asks_for_one_and_told() -> None:
    text = "Parameters:\n  Alias: {Type: String, AllowedValues: [blue, green]}\n  Other: {Type: String}\n"
    made = Transformed(text + FUNCTION.lstrip() + "      AutoPublishAlias: !Ref Alias\n")
    assert made.properties("OrdersAliasblue")["Name"] == {"Ref": "Alias"}
    (unknown,) = made.outcome.unknown
    assert unknown.what == "the parameter Alias"
    assert unknown.why == "SAM asks for a value of it, and it has none: 'blue' was taken (--parameter Alias=…)"
    assert (unknown.location.line, unknown.location.column) == (3, 3)


def test_names_of_managed_policies_become_arns_offline_and_unknown_ones_stay() -> None:
    made = Transformed(FUNCTION + "      Policies: [AWSLambdaExecute, OurOwn, 'arn:aws:iam::123456789012:policy/p']\n")
    assert made.properties("OrdersRole")["ManagedPolicyArns"] == [
        "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole",
        "arn:aws:iam::aws:policy/AWSLambdaExecute",
        "OurOwn",
        "arn:aws:iam::123456789012:policy/p",
    ]


def test_the_partition_is_that_of_the_region() -> None:
    made = Transformed(FUNCTION, region="cn-north-1")
    (arn,) = made.properties("OrdersRole")["ManagedPolicyArns"]
    assert arn == "arn:aws-cn:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"


def test_a_policy_template_becomes_its_statements() -> None:
    made = Transformed(FUNCTION + "      Policies: [{SQSPollerPolicy: {QueueName: jobs}}]\n")
    statement = made.properties("OrdersRole")["Policies"][0]["PolicyDocument"]["Statement"][0]
    assert "sqs:ReceiveMessage" in statement["Action"]
    assert statement["Resource"]["Fn::Sub"][1] == {"queueName": "jobs"}


EVENTS = [
    ("{Type: Api, Properties: {Path: /a, Method: get}}", "AWS::Lambda::Permission"),
    ("{Type: HttpApi, Properties: {Path: /a, Method: get}}", "AWS::Lambda::Permission"),
    ("{Type: Schedule, Properties: {Schedule: rate(1 day)}}", "AWS::Events::Rule"),
    ("{Type: ScheduleV2, Properties: {ScheduleExpression: rate(1 day)}}", "AWS::Scheduler::Schedule"),
    ("{Type: SQS, Properties: {Queue: 'arn:aws:sqs:eu-west-1:1:q'}}", "AWS::Lambda::EventSourceMapping"),
    ("{Type: Kinesis, Properties: {Stream: s, StartingPosition: LATEST}}", "AWS::Lambda::EventSourceMapping"),
    ("{Type: SNS, Properties: {Topic: 'arn:aws:sns:eu-west-1:1:t'}}", "AWS::SNS::Subscription"),
    ("{Type: EventBridgeRule, Properties: {Pattern: {source: [a]}}}", "AWS::Events::Rule"),
    ("{Type: CloudWatchLogs, Properties: {LogGroupName: g, FilterPattern: ''}}", "AWS::Logs::SubscriptionFilter"),
    ("{Type: IoTRule, Properties: {Sql: select}}", "AWS::IoT::TopicRule"),
    ("{Type: AlexaSkill}", "AWS::Lambda::Permission"),
]


@pytest.mark.parametrize(("event", "expected"), EVENTS)
def test_what_an_event_becomes_points_at_the_event(event: str, expected: str) -> None:
    made = Transformed(FUNCTION + f"      Events:\n        Came: {event}\n")
    found = [i for i, kind in made.types.items() if kind == expected and i.startswith("OrdersCame")]
    assert found
    assert {made.line(i) for i in found} == {f"Came: {event}"}


def test_a_state_machine_keeps_the_definition_that_the_template_says() -> None:
    made = Transformed("""
        Resources:
          Flow:
            Type: AWS::Serverless::StateMachine
            Properties:
              Definition: {StartAt: A, States: {A: {Type: Task, Resource: !Ref Queue, End: true}}}
              DefinitionSubstitutions: {Name: value}
          Queue: {Type: AWS::SQS::Queue}
        """)
    assert made.properties("Flow")["Definition"] == {
        "StartAt": "A",
        "States": {"A": {"Type": "Task", "Resource": {"Ref": "Queue"}, "End": True}},
    }
    assert made.properties("Flow")["DefinitionSubstitutions"] == {"Name": "value"}
    assert "DefinitionString" not in made.properties("Flow")
    assert made.line("Flow", "Properties", "Definition", "States", "A", "End").startswith("Definition: {StartAt")


def test_a_definition_beside_the_template_stands_in_the_outcome_with_its_own_places(tmp_path: Path) -> None:
    (tmp_path / "flow.asl.json").write_text(
        '{"StartAt": "A",\n "States": {"A": {"Type": "Succeed"}}}', encoding="utf-8"
    )
    (tmp_path / "api.yaml").write_text("openapi: 3.0.1\npaths:\n  /a: {}\n", encoding="utf-8")
    made = Transformed(
        """
        Resources:
          Flow: {Type: AWS::Serverless::StateMachine, Properties: {DefinitionUri: flow.asl.json}}
          Api: {Type: AWS::Serverless::Api, Properties: {StageName: p, DefinitionUri: ./api.yaml}}
        """,
        tmp_path,
    )
    assert made.properties("Flow")["Definition"] == {"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}
    assert made.properties("Api")["Body"] == {"openapi": "3.0.1", "paths": {"/a": {}}}
    place = made.place("Flow", "Properties", "Definition", "States")
    assert (Path(place.file), place.line) == (tmp_path / "flow.asl.json", 2)
    assert list(made.outcome.sources) == [str(tmp_path / "flow.asl.json"), str(tmp_path / "api.yaml")]
    assert made.outcome.unknown == []


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("gone.json", "no such file"),
        ("../outside.json", "it lies outside the folder of the template"),
        ("/etc/hostname", "it lies outside the folder of the template"),
        ("link.json", "it lies outside the folder of the template"),
        ("list.json", "it holds no map"),
        ("broken.json", "not YAML: did not find expected ',' or ']'"),
    ],
)
def test_a_definition_that_cannot_be_read_is_unknown_and_stays_in_the_bucket(
    tmp_path: Path, said: str, why: str
) -> None:
    folder = tmp_path / "app"
    folder.mkdir()
    (tmp_path / "outside.json").write_text("{}", encoding="utf-8")
    (folder / "link.json").symlink_to(tmp_path / "outside.json")
    (folder / "list.json").write_text("[]", encoding="utf-8")
    (folder / "broken.json").write_text("{a: [b", encoding="utf-8")
    made = Transformed(
        f"Resources:\n  Api: {{Type: AWS::Serverless::HttpApi, Properties: {{DefinitionUri: {said}}}}}\n", folder
    )
    assert made.properties("Api")["BodyS3Location"] == {"Bucket": {"Ref": "CodeBucket"}, "Key": said}
    (unknown,) = made.outcome.unknown
    assert unknown.what == f"the definition in {said}"
    assert unknown.why.startswith(why)
    assert unknown.location.line == 3


def test_a_nested_application_is_a_stack_and_one_of_the_repository_has_a_parameter_for_its_template() -> None:
    made = Transformed("""
        Resources:
          Local: {Type: AWS::Serverless::Application, Properties: {Location: app/template.yaml}}
          Remote:
            Type: AWS::Serverless::Application
            Properties:
              Location: {ApplicationId: 'arn:aws:serverlessrepo:us-east-1:1:applications/x', SemanticVersion: 1.2.3}
        """)
    assert made.types == {"Local": "AWS::CloudFormation::Stack", "Remote": "AWS::CloudFormation::Stack"}
    assert made.properties("Local")["TemplateURL"] == "app/template.yaml"
    assert made.properties("Remote")["TemplateURL"] == {"Ref": "RemoteTemplateUrl"}
    assert made.outcome.value["Parameters"]["RemoteTemplateUrl"]["Description"] == (
        "The template of the application arn:aws:serverlessrepo:us-east-1:1:applications/x 1.2.3"
        " of the Serverless Application Repository"
    )
    (unknown,) = made.outcome.unknown
    assert unknown.what == "the application Remote"


def test_connectors_layers_tables_and_graphql_become_resources() -> None:
    made = Transformed("""
        Resources:
          Orders:
            Type: AWS::Serverless::Function
            Connectors: {Table: {Properties: {Destination: {Id: Items}, Permissions: [Read]}}}
            Properties: {Handler: a.b, Runtime: python3.13, Layers: [!Ref Shared]}
          Shared: {Type: AWS::Serverless::LayerVersion, Properties: {ContentUri: layer/}}
          Items: {Type: AWS::Serverless::SimpleTable}
          Graph:
            Type: AWS::Serverless::GraphQLApi
            Properties: {SchemaUri: graph/schema.graphql, Auth: {Type: AWS_IAM}}
        """)
    (layer,) = [i for i, kind in made.types.items() if kind == "AWS::Lambda::LayerVersion"]
    assert made.types["Items"] == "AWS::DynamoDB::Table"
    assert made.types["OrdersTablePolicy"] == "AWS::IAM::ManagedPolicy"
    assert made.properties(layer)["Content"] == {"S3Bucket": {"Ref": "CodeBucket"}, "S3Key": "layer/"}
    assert made.properties("Orders")["Layers"] == [{"Ref": layer}]
    assert made.properties("GraphSchema")["DefinitionS3Location"] == {
        "Fn::Sub": "s3://${CodeBucket}/graph/schema.graphql"
    }


def test_what_a_resource_becomes_stands_where_it_stood() -> None:
    made = Transformed("""
        Resources:
          First: {Type: AWS::SQS::Queue}
          Orders: {Type: AWS::Serverless::Function, Properties: {Handler: a.b, Runtime: python3.13}}
          Last: {Type: AWS::SQS::Queue}
        """)
    assert list(made.types) == ["First", "Orders", "OrdersRole", "Last"]


def test_conditions_and_policies_of_deletion_hold_for_all_that_a_resource_becomes() -> None:
    made = Transformed("""
        Conditions: {Live: !Equals [a, a]}
        Resources:
          Orders:
            Type: AWS::Serverless::Function
            Condition: Live
            DeletionPolicy: Retain
            Properties: {Handler: a.b, Runtime: python3.13}
        """)
    for resource in made.resources.values():
        assert (resource["Condition"], resource["DeletionPolicy"]) == ("Live", "Retain")


def test_references_to_what_sam_makes_are_followed() -> None:
    made = Transformed(FUNCTION + "      AutoPublishAlias: live\nOutputs:\n  Alias: {Value: !Ref Orders.Alias}\n")
    assert made.outcome.value["Outputs"] == {"Alias": {"Value": {"Ref": "OrdersAliaslive"}}}


def test_a_type_that_sam_does_not_have_stays_and_is_unknown() -> None:
    made = Transformed("Resources:\n  Orders: {Type: AWS::Serverless::Fonction}\n")
    assert made.types == {"Orders": "AWS::Serverless::Fonction"}
    (unknown,) = made.outcome.unknown
    assert unknown.what == "Orders"
    assert unknown.why == (
        "the SAM transform has no type AWS::Serverless::Fonction; did you mean 'AWS::Serverless::Function'?"
    )


def test_other_transforms_stay_in_the_template() -> None:
    text = "Transform: [AWS::LanguageExtensions, AWS::Serverless-2016-10-31]\n" + FUNCTION.lstrip()
    parsed = parse(text, "t.yaml")
    assert _sam.applies(parsed.value)
    outcome = _sam.transform(parsed.value, parsed.mark, Request(), Path("."))
    assert outcome.value["Transform"] == ["AWS::LanguageExtensions"]


def test_a_transform_may_be_named_in_a_map() -> None:
    assert _sam.applies({"Transform": {"Name": "AWS::Serverless-2016-10-31"}})
    assert _sam.applies({"Transform": [{"Name": "AWS::Serverless-2016-10-31"}]})
    assert not _sam.applies({"Transform": "AWS::LanguageExtensions"})
    assert not _sam.applies({})


def test_a_template_without_any_resource_of_sam_is_left_as_it_is() -> None:
    made = Transformed("Resources:\n  Queue: {Type: AWS::SQS::Queue, Properties: {DelaySeconds: 5}}\n")
    assert made.outcome.value == {
        "Resources": {"Queue": {"Type": "AWS::SQS::Queue", "Properties": {"DelaySeconds": 5}}}
    }


def test_the_outcome_is_the_same_in_every_run_and_plain() -> None:
    text = (
        FUNCTION
        + "      AutoPublishAlias: live\n      Events: {Get: {Type: Api, Properties: {Path: /, Method: get}}}\n"
    )
    first, second = Transformed(text).outcome.value, Transformed(text).outcome.value
    assert json.dumps(first) == json.dumps(second)
    assert _types(first) <= {dict, list, str, int, float, bool, type(None)}


def _types(value: Any) -> set[type]:
    found = {type(value)}
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in inside:
        found |= {type(key)} | _types(item)
    return found


def test_a_reader_of_templates_reads_sam(tmp_path: Path) -> None:
    path = tmp_path / "template.yaml"
    path.write_text("Transform: AWS::Serverless-2016-10-31\n" + FUNCTION.lstrip(), encoding="utf-8")
    resources = read(path)
    assert [r.type for r in resources] == ["AWS::Lambda::Function", "AWS::IAM::Role"]
    place = resources["Orders"].location("Runtime")
    assert (place.file, place.line, place.column) == (str(path), 8, 7)
