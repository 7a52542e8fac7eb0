"""RDS Proxy."""

from __future__ import annotations

import pytest

from archproof.errors import InputError
from archproof.model.architecture import loads

from .lowered import HEAD, complaints, lowered, place

DB = """\
  db: {kind: rds, engine: postgres, instance_class: db.m7g.large, in: {subnets: data, security_groups: [data_sg]}}
"""


def test_a_proxy_signs_in_with_the_databases_own_secret_and_takes_tls_only() -> None:
    resources = lowered(DB + "  px: {kind: rds_proxy, target: db, in: {subnets: app, security_groups: [app_sg]}}\n")
    secret = {"Fn::GetAtt": ["Db", "MasterUserSecret.SecretArn"]}
    proxy = resources["Px"]
    assert proxy.get("DBProxyName") == "shop-px"
    assert proxy.get("EngineFamily") == "POSTGRESQL"
    assert proxy.get("Auth") == [{"AuthScheme": "SECRETS", "IAMAuth": "DISABLED", "SecretArn": secret}]
    assert proxy.get("RequireTLS") is True
    assert proxy.get("RoleArn") == {"Fn::GetAtt": ["PxRole", "Arn"]}
    assert resources["PxTargetGroup"].get("DBInstanceIdentifiers") == [{"Ref": "Db"}]
    statement = resources["PxRole"].get("Policies", 0, "PolicyDocument", "Statement", 0)
    assert statement["Resource"] == secret
    assert complaints(resources) == []


def test_a_proxy_reads_the_secret_that_it_names_and_reaches_its_database() -> None:
    resources = lowered(
        DB
        + """\
  px:
    kind: rds_proxy
    target: db
    secret: creds
    iam_auth: true
    max_connections_percent: 80
    borrow_timeout_s: 30
    in: {subnets: app, security_groups: [app_sg]}
  creds: {kind: secret, kms_key: key}
  key: {kind: kms_key}
"""
    )
    assert resources["Px"].get("Auth", 0) == {
        "AuthScheme": "SECRETS", "IAMAuth": "REQUIRED", "SecretArn": {"Ref": "Creds"},
    }  # fmt: skip
    statements = resources["PxRole"].get("Policies", 0, "PolicyDocument", "Statement")
    assert [s["Resource"] for s in statements] == [{"Ref": "Creds"}, {"Fn::GetAtt": ["Key", "Arn"]}]
    pool = resources["PxTargetGroup"].get("ConnectionPoolConfigurationInfo")
    assert pool == {"MaxConnectionsPercent": 80, "ConnectionBorrowTimeout": 30}
    assert resources["CredsAttachment"].get("TargetId") == {"Ref": "Db"}
    rule = resources["DataSgIngressFromAppSg5432"]
    assert rule.get("FromPort") == 5432
    assert place(resources, "PxTargetGroup", "ConnectionPoolConfigurationInfo", "MaxConnectionsPercent") == "7:5"
    assert complaints(resources) == []


def test_a_proxy_of_a_cluster_waits_for_its_writer() -> None:
    resources = lowered("""\
  au: {kind: aurora, engine: aurora-mysql, instance_class: db.r7g.large, in: {subnets: data}}
  px: {kind: rds_proxy, target: au, in: {subnets: app}}
""")
    group = resources["PxTargetGroup"]
    assert group.get("DBClusterIdentifiers") == [{"Ref": "Au"}]
    assert group.attributes == {"DependsOn": ["AuInstance1"]}
    assert complaints(resources) == []


def test_its_target_is_a_database() -> None:
    with pytest.raises(InputError) as caught:
        loads(f"{HEAD}  px: {{kind: rds_proxy, target: q}}\n  q: {{kind: sqs_queue}}\n")
    assert [p.message for p in caught.value.problems] == ["'q' is a sqs queue; expected a rds or aurora"]


def test_it_listens_on_the_engines_port_whatever_the_databases() -> None:
    text = DB.replace("kind: rds,", "kind: rds, port: 6000,") + "  px: {kind: rds_proxy, target: db}\n"
    architecture = loads(HEAD + text)
    assert architecture.components["px"].listens(architecture) == (5432,)
