"""How what queries a database signs in: with its role, or with the secret that RDS made."""

from __future__ import annotations

from typing import Any

from archproof.resources.resource import Resources

from .lowered import complaints, lowered, place

DB = "  db: {kind: rds, engine: postgres, instance_class: db.m7g.large, in: {subnets: data}%s}\n"
FN = "  fn: {kind: lambda, runtime: python3.13, in: {subnets: app}%s}\n"
QUERY = "links:\n  - {from: fn, to: %s, verb: query}\n"
MASTER = {"Fn::GetAtt": ["Db", "MasterUserSecret.SecretArn"]}


def allowed(resources: Resources, action: str, role: str = "FnRole") -> list[Any]:
    """On what a role may do an action."""
    found = resources[role].get("Policies", 0, "PolicyDocument", "Statement")
    return [s["Resource"] for s in found if action in s["Action"]]


def test_a_function_signs_in_to_a_database_that_takes_iam_by_its_resource_id() -> None:
    resources = lowered(DB % ", iam_auth: true" + FN % "" + QUERY % "db")
    text = "arn:${AWS::Partition}:rds-db:${AWS::Region}:${AWS::AccountId}:dbuser:${Db.DbiResourceId}/*"
    assert allowed(resources, "rds-db:connect") == [{"Fn::Sub": text}]
    assert complaints(resources) == []


def test_a_link_may_say_the_user() -> None:
    links = "links:\n  - {from: fn, to: db, verb: query, user: reader}\n"
    resources = lowered(DB % ", iam_auth: true" + FN % "" + links)
    assert allowed(resources, "rds-db:connect")[0]["Fn::Sub"].endswith("${Db.DbiResourceId}/reader")


def test_a_cluster_is_named_by_its_own_resource_id() -> None:
    cluster = (
        "  db: {kind: aurora, engine: aurora-postgresql, instance_class: db.r7g.large, iam_auth: true, "
        "in: {subnets: data}}\n"
    )
    resources = lowered(cluster + FN % "" + QUERY % "db")
    assert "${Db.DBClusterResourceId}/*" in allowed(resources, "rds-db:connect")[0]["Fn::Sub"]
    assert complaints(resources) == []


def test_a_proxy_is_named_by_the_end_of_its_arn_and_has_the_users_of_its_secrets_alone() -> None:
    proxy = (
        "  proxy: {kind: rds_proxy, target: db, secret: [one, two], iam_auth: true, in: {subnets: app}}\n"
        "  one: {kind: secret}\n  two: {kind: secret, username: reader}\n"
    )
    resources = lowered(DB % "" + proxy + FN % "" + QUERY % "proxy")
    (found,) = allowed(resources, "rds-db:connect")
    id = {"Fn::Select": [6, {"Fn::Split": [":", {"Fn::GetAtt": ["Proxy", "DBProxyArn"]}]}]}
    assert [entry["Fn::Sub"][0].rpartition("/")[2] for entry in found] == ["app", "reader"]
    assert all(entry["Fn::Sub"][1] == {"Proxy": id} for entry in found)
    assert "rds-db:connect" not in str(resources["ProxyRole"].properties)
    assert complaints(resources) == []


def test_a_proxy_with_the_databases_own_secret_has_its_administrator() -> None:
    proxy = "  proxy: {kind: rds_proxy, target: db, iam_auth: true, in: {subnets: app}}\n"
    resources = lowered(DB % ", master_username: chief" + proxy + FN % "" + QUERY % "proxy")
    assert allowed(resources, "rds-db:connect")[0]["Fn::Sub"][0].endswith("dbuser:${Proxy}/chief")


def test_without_iam_nobody_may_sign_in_with_a_role() -> None:
    resources = lowered(DB % "" + FN % "" + QUERY % "db")
    assert allowed(resources, "rds-db:connect") == []


def test_a_function_gets_the_arn_of_the_secret_that_rds_made_and_may_read_it() -> None:
    components = DB % ", secret_key: key" + FN % ", secrets: {DB_SECRET: db}" + "  key: {kind: kms_key}\n"
    resources = lowered(components + QUERY % "db")
    assert resources["Fn"].get("Environment", "Variables") == {"DB_SECRET": MASTER}
    assert place(resources, "Fn", "Environment", "Variables", "DB_SECRET") == "2:73"
    assert allowed(resources, "secretsmanager:GetSecretValue") == [MASTER]
    assert allowed(resources, "kms:Decrypt") == [{"Fn::GetAtt": ["Key", "Arn"]}]
    assert complaints(resources) == []


def test_a_function_gets_the_arn_of_a_secret_and_the_name_of_a_parameter() -> None:
    rest = "  token: {kind: secret}\n  flags: {kind: ssm_parameter, value: on}\n"
    resources = lowered(FN % ", secrets: {TOKEN: token, FLAGS: flags}" + rest)
    assert resources["Fn"].get("Environment", "Variables") == {"TOKEN": {"Ref": "Token"}, "FLAGS": {"Ref": "Flags"}}
    assert allowed(resources, "secretsmanager:GetSecretValue") == [{"Ref": "Token"}]
    assert complaints(resources) == []


def test_a_container_starts_with_the_password_that_rds_made() -> None:
    web = (
        "  web: {kind: ecs_service, image: public.ecr.aws/shop/web:1, in: {subnets: app}, "
        "secrets: {ALL: db, PASSWORD: {secret: db, key: password}}}\n"
    )
    resources = lowered(DB % ", secret_key: key" + "  key: {kind: kms_key}\n" + web)
    container = resources["WebTaskDefinition"].get("ContainerDefinitions", 0)
    assert container["Secrets"] == [
        {"Name": "ALL", "ValueFrom": MASTER},
        {"Name": "PASSWORD", "ValueFrom": {"Fn::Sub": "${Db.MasterUserSecret.SecretArn}:password::"}},
    ]
    assert allowed(resources, "secretsmanager:GetSecretValue", "WebExecutionRole") == [MASTER]
    assert allowed(resources, "kms:Decrypt", "WebExecutionRole") == [{"Fn::GetAtt": ["Key", "Arn"]}]
    assert complaints(resources) == []


def test_the_password_is_asked_of_secrets_manager_and_not_of_the_database() -> None:
    head = (
        "archproof: 1\nsystem: {name: shop, region: eu-west-1}\nnetwork:\n  vpc: {cidr: 10.0.0.0/16, nat: none}\n"
        "  subnets: {app: {cidr: 10.0.0.0/20}, data: {cidr: 10.0.16.0/20}}\n  endpoints: [secretsmanager]\n"
        "components:\n"
    )
    resources = lowered(DB % "" + FN % ", secrets: {DB_SECRET: db}", head)
    rules = resources.of_type("AWS::EC2::SecurityGroupIngress", "AWS::EC2::SecurityGroupEgress")
    assert {r.get("FromPort") for r in rules} == {443}
    assert not any("DbSecurityGroup" in str(r.get("GroupId")) for r in rules)


def test_a_replica_has_the_administrator_of_its_original() -> None:
    copy = "  copy: {kind: rds, engine: postgres, instance_class: db.m7g.large, replica_of: db, in: {subnets: data}}\n"
    resources = lowered(DB % "" + copy + FN % ", secrets: {DB_SECRET: copy}")
    assert resources["Fn"].get("Environment", "Variables") == {"DB_SECRET": MASTER}
