"""Secrets and parameters."""

from __future__ import annotations

import json

from archproof.resources.template import template

from .lowered import complaints, lowered, place

DB = """\
  db: {kind: rds, engine: postgres, instance_class: db.m7g.large, in: {subnets: data, security_groups: [data_sg]}}
"""


def test_a_secrets_value_is_made_up_and_stands_nowhere() -> None:
    resources = lowered("  token: {kind: secret}\n")
    assert resources["Token"].get("GenerateSecretString") == {"PasswordLength": 32, "ExcludeCharacters": "\"@/\\'` "}
    assert resources["Token"].attributes["DeletionPolicy"] == "Retain"
    assert complaints(resources) == []


def test_the_secret_of_a_proxy_is_attached_to_its_database_and_rotated_beside_it() -> None:
    resources = lowered(
        DB
        + """\
  creds: {kind: secret, rotation_days: 30}
  px: {kind: rds_proxy, target: db, secret: creds, in: {subnets: app, security_groups: [app_sg]}}
"""
    )
    made = resources["Creds"].get("GenerateSecretString")
    assert json.loads(made["SecretStringTemplate"]) == {"username": "app"}
    assert made["GenerateStringKey"] == "password"
    rotation = resources["CredsRotation"]
    assert rotation.attributes == {"DependsOn": ["CredsAttachment"]}
    assert rotation.get("RotationRules") == {"AutomaticallyAfterDays": 30}
    assert rotation.get("HostedRotationLambda", "RotationType") == "PostgreSQLSingleUser"
    assert template(resources)["Transform"] == "AWS::SecretsManager-2024-09-16"
    let_in = resources["CredsRotationToDatabase1"]
    assert let_in.get("GroupId") == {"Fn::GetAtt": ["DataSg", "GroupId"]}
    assert let_in.get("FromPort") == 5432
    assert place(resources, "CredsRotation", "RotationRules", "AutomaticallyAfterDays") == "2:25"
    assert complaints(resources) == []


def test_a_group_with_rules_of_its_own_is_not_opened_for_the_rotation() -> None:
    head_with_rule = DB.replace("data_sg", "strict")
    resources = lowered(
        head_with_rule + "  creds: {kind: secret, for: db, rotation_days: 30}\n"
        "  strict: {kind: security_group, vpc: vpc, ingress: [{port: 5432, from: 10.0.16.0/20}]}\n"
    )
    assert "CredsRotationToDatabase1" not in resources
    assert complaints(resources) == []


def test_a_function_of_the_model_rotates_with_exactly_the_rights_it_needs() -> None:
    resources = lowered("""\
  token: {kind: secret, rotation_days: 7, rotation_function: rotate_fn}
  rotate_fn: {kind: lambda, runtime: python3.13}
""")
    rotation = resources["TokenRotation"]
    assert rotation.get("RotationLambdaARN") == {"Fn::GetAtt": ["RotateFn", "Arn"]}
    assert rotation.attributes == {"DependsOn": ["TokenRotationPermission"]}
    assert "Transform" not in template(resources)
    actions = [a for p in _statements(resources, "RotateFn") for a in p["Action"]]
    assert "secretsmanager:PutSecretValue" in actions
    assert complaints(resources) == []


def _statements(resources, name):  # type: ignore[no-untyped-def]
    policies = [p["PolicyDocument"] for p in resources[f"{name}Role"].get("Policies", default=[])]
    policies += [r.get("PolicyDocument") for r in resources.of_type("AWS::IAM::Policy")]
    return [s for p in policies for s in p["Statement"]]


def test_a_parameter_is_text_or_a_list() -> None:
    resources = lowered("""\
  flags: {kind: ssm_parameter, value: "on", physical_name: /shop/flags}
  zones: {kind: ssm_parameter, value: [a, b], advanced: true}
""")
    assert resources["Flags"].get("Type") == "String"
    assert (resources["Zones"].get("Type"), resources["Zones"].get("Value")) == ("StringList", "a,b")
    assert resources["Zones"].get("Tier") == "Advanced"
    assert complaints(resources) == []


def test_the_arn_of_a_parameter_with_a_path_has_one_slash() -> None:
    resources = lowered("""\
  flags: {kind: ssm_parameter, value: "on", physical_name: /shop/flags}
  fn: {kind: lambda, runtime: python3.13}
links:
  - {from: fn, to: flags, verb: read}
""")
    resource = _statements(resources, "Fn")[0]["Resource"]
    assert resource["Fn::Sub"].endswith(":parameter${Flags}")
