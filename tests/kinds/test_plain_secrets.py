"""A secret that the model holds in plain text reaches no output."""

from __future__ import annotations

import json

from archproof.model.architecture import loads
from archproof.resources.lowering import lower
from archproof.resources.secrets import masked
from archproof.resources.template import template

MODEL = """archproof: 1
components:
  fn: {kind: lambda, environment: {DB_PASSWORD: hunter2-fn, DB_NAME: orders, URL: "postgres://u:hunter2-url@db/x"}}
  task:
    type: AWS::ECS::TaskDefinition
    properties:
      ContainerDefinitions:
        - Name: app
          Image: app
          Environment: [{Name: API_KEY, Value: hunter2-ecs}, {Name: MODE, Value: fast}]
  copy:
    type: AWS::RDS::DBInstance
    properties:
      DBInstanceClass: db.t4g.micro
      MasterUserPassword: {"Fn::If": [Big, hunter2-rds, {Ref: "AWS::NoValue"}]}
  host:
    type: AWS::EC2::Instance
    properties:
      UserData: {"Fn::Base64": {"Fn::Sub": "connect postgres://u:hunter2-ec2@db/${AWS::Region}"}}
  api_token:
    type: AWS::SSM::Parameter
    properties: {Type: String, Value: hunter2-ssm}
  pool: {kind: cognito_user_pool}
  web: {kind: cognito_app_client, pool: pool, access_token_min: 60}
"""


def test_a_template_asks_for_each_secret_and_the_resources_keep_it() -> None:
    resources = lower(loads(MODEL))
    written = template(resources)
    assert "hunter2" not in json.dumps(written)
    asked = {name: said for name, said in written["Parameters"].items() if said.get("NoEcho")}
    assert list(asked) == [
        "FnDbPassword", "FnUrl", "TaskApiKey", "CopyMasterUserPassword", "HostUserData", "ApiTokenValue",
    ]  # fmt: skip
    assert asked["FnDbPassword"] == {
        "Type": "String",
        "NoEcho": True,
        "Description": "a secret that the model holds in plain text at architecture.yaml:3; "
        "pass it at deployment or move it to Secrets Manager",
    }
    assert "architecture.yaml:10;" in asked["TaskApiKey"]["Description"]
    variables = written["Resources"]["Fn"]["Properties"]["Environment"]["Variables"]
    assert variables["DB_PASSWORD"] == {"Ref": "FnDbPassword"} and variables["DB_NAME"] == "orders"
    assert written["Resources"]["Host"]["Properties"]["UserData"] == {"Fn::Base64": {"Ref": "HostUserData"}}
    assert resources["Fn"].get("Environment", "Variables", "DB_PASSWORD") == "hunter2-fn"
    assert set(asked).isdisjoint(resources.parameters)


def test_words_about_tokens_and_references_to_secrets_stay() -> None:
    written = template(lower(loads(MODEL)))
    assert written["Resources"]["Web"]["Properties"]["TokenValidityUnits"]["AccessToken"] == "minutes"
    held = {
        "GenerateSecretString": {"SecretStringTemplate": '{"username": "app"}'},
        "EnvironmentVariables": [{"Name": "TOKEN", "Type": "SECRETS_MANAGER", "Value": "app/token"}],
        "Parameters": {"Token.$": "$$.Task.Token"},
        "MasterUserPassword": {"Fn::Sub": "{{resolve:secretsmanager:${S}::password}}"},
    }
    assert masked("", held) == held


def test_people_see_a_secret_hidden_wherever_its_name_stands() -> None:
    held = {"Environment": [{"Name": "API_KEY", "Value": "x"}], "Password": {"Value": "x"}, "HeaderValue": "x"}
    assert masked("", held) == {
        "Environment": [{"Name": "API_KEY", "Value": "(hidden)"}],
        "Password": {"Value": "(hidden)"},
        "HeaderValue": "x",
    }


def test_two_secrets_of_one_name_are_two_parameters() -> None:
    one = "{Name: %s, Image: i, Environment: [{Name: API_KEY, Value: v}]}"
    text = f"""archproof: 1
components:
  t: {{type: AWS::ECS::TaskDefinition, properties: {{ContainerDefinitions: [{one % "a"}, {one % "b"}]}}}}
"""
    assert list(template(lower(loads(text)))["Parameters"]) == ["TApiKey", "TApiKey2"]
