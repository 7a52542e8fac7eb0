"""`archproof import aws` against a moto server: a model, a snapshot for every command, and no secret in either."""

from __future__ import annotations

import io
import json
import re
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("boto3")

import boto3

from archproof.cli.main import main
from archproof.sources.aws import account
from archproof.sources.aws.scope import Scope

SECRET = "hunter2-and-more"
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}
OWNER = "123456789012"


def client(url: str, service: str, **more: str) -> Any:
    return boto3.client(service, endpoint_url=url, **{"region_name": "eu-west-1", **more})


def code() -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("a.py", "x = 1")
    return held.getvalue()


@pytest.fixture
def shop(moto: str) -> str:
    """An account with a network, a function, a queue, a table, a bucket, a parameter and a secret."""
    ec2 = client(moto, "ec2")
    vpc = ec2.create_vpc(CidrBlock="10.7.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.7.1.0/24")["Subnet"]["SubnetId"]
    ec2.create_security_group(GroupName="web", Description="the web", VpcId=vpc)
    ec2.run_instances(ImageId="ami-12c6146b", MinCount=1, MaxCount=1, SubnetId=subnet, UserData=f"#!/bin/sh {SECRET}")
    role = client(moto, "iam").create_role(RoleName="worker", AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]
    client(moto, "lambda").create_function(
        FunctionName="worker", Runtime="python3.12", Role=role, Handler="a.h", Code={"ZipFile": code()},
        Environment={"Variables": {"DB_PASSWORD": SECRET, "MODE": "fast"}},
    )  # fmt: skip
    client(moto, "sqs").create_queue(QueueName="orders", Attributes={"DelaySeconds": "7"})
    client(moto, "dynamodb").create_table(
        TableName="orders", KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}], BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
    )  # fmt: skip
    place = {"LocationConstraint": "eu-west-1"}
    client(moto, "s3").create_bucket(Bucket="orders-archive", CreateBucketConfiguration=place)
    client(moto, "ssm").put_parameter(Name="/orders/key", Value=SECRET, Type="SecureString")
    client(moto, "secretsmanager").create_secret(Name="orders", SecretString=SECRET)
    return moto


KINDS = frozenset([
    "AWS::EC2::VPC", "AWS::EC2::Subnet", "AWS::EC2::SecurityGroup", "AWS::EC2::Instance", "AWS::IAM::Role",
    "AWS::Lambda::Function", "AWS::SQS::Queue", "AWS::DynamoDB::Table", "AWS::S3::Bucket", "AWS::SSM::Parameter",
    "AWS::SecretsManager::Secret",
])  # fmt: skip


def scope(url: str, **more: Any) -> Scope:
    return Scope(**{"regions": ("eu-west-1",), "endpoint_url": url, "types": KINDS, **more})


def test_an_account_becomes_a_model_and_a_snapshot_without_a_secret(
    shop: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model, snapshot = tmp_path / "architecture.yaml", tmp_path / "snapshot"
    said = ["import", "aws", "--endpoint-url", shop, "--region", "eu-west-1", "--attempts", "1"]
    assert main([*said, "-o", str(model), "--snapshot", str(snapshot)]) == 0
    told = capsys.readouterr().err
    assert re.search(r"read 1 account with \d+ calls", told) and "Traceback" not in told
    text = model.read_text()
    assert "orders" in text and "lambda" in text and SECRET not in text
    assert not [path for path in snapshot.rglob("*.json") if SECRET in path.read_text()]
    assert main(["check", str(model), "--format", "json"]) in (0, 1)
    of_model = json.loads(capsys.readouterr().out)["findings"]
    assert main(["check", str(snapshot), "--format", "json"]) in (0, 1)
    of_snapshot = json.loads(capsys.readouterr().out)["findings"]
    assert {"ebs-unencrypted"} <= {f["rule"] for f in of_model} & {f["rule"] for f in of_snapshot}
    assert "cfn/E3001" not in {f["rule"] for f in of_model}  # what an account tells and no template has


def test_every_kind_of_the_account_is_there(shop: str) -> None:
    live = account.read(scope(shop))
    found = {resource.type for resource in live.resources}
    assert found >= KINDS
    assert {type for type in KINDS if not live.was_listed(OWNER, "eu-west-1", type)} == set()
    [queue] = live.resources.of_type("AWS::SQS::Queue")
    assert queue.properties["DelaySeconds"] == 7
    assert SECRET not in repr([resource.properties for resource in live.resources])


def test_memory_and_a_snapshot_say_the_same(shop: str, tmp_path: Path) -> None:
    from archproof.sources.reading import Probe
    from archproof.sources.responses import live_of
    from archproof.sources.responses._files import files_of

    account.snapshot(scope(shop), tmp_path / "s")
    held = live_of(files_of(Probe(tmp_path / "s"), []), "eu-west-1")
    live = account.read(scope(shop))
    assert {(r.type, r.physical_id): r.properties for r in held.resources} == {
        (r.type, r.physical_id): r.properties for r in live.resources
    }
    assert held.listed == live.listed
    assert {(u.operation, u.code, u.id) for u in held.unread} == {(u.operation, u.code, u.id) for u in live.unread}


def test_roles_lead_into_other_accounts_and_regions_are_read_each(moto: str) -> None:
    other = "444455556666"
    trust = json.dumps({"Version": "2012-10-17", "Statement": []})
    client(moto, "iam").create_role(RoleName="Audit", AssumeRolePolicyDocument=trust)
    role = f"arn:aws:iam::{other}:role/Audit"
    keys = client(moto, "sts").assume_role(RoleArn=role, RoleSessionName="seed")["Credentials"]
    there = {"aws_access_key_id": keys["AccessKeyId"], "aws_secret_access_key": keys["SecretAccessKey"],
             "aws_session_token": keys["SessionToken"], "region_name": "eu-north-1"}  # fmt: skip
    client(moto, "sqs", **there).create_queue(QueueName="far")
    types = frozenset({"AWS::SQS::Queue"})
    live = account.read(scope(moto, roles=(role,), regions=("eu-west-1", "eu-north-1"), types=types))
    assert [(r.account, r.region, r.properties["QueueName"]) for r in live.resources] == [(other, "eu-north-1", "far")]
    assert live.was_listed(other, "eu-west-1", "AWS::SQS::Queue") and not live.was_listed(
        OWNER, None, "AWS::SQS::Queue"
    )


def permit(url: str, count: str) -> None:
    """Let so many calls through, and deny the others."""
    plain = {"Content-Type": "text/plain"}
    request = urllib.request.Request(f"{url}/moto-api/reset-auth", data=count.encode(), headers=plain, method="POST")
    urllib.request.urlopen(request, timeout=10).close()


@pytest.fixture
def nobody(shop: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The same account, to a user who may do nothing."""
    iam = client(shop, "iam")
    iam.create_user(UserName="nobody")
    key = iam.create_access_key(UserName="nobody")["AccessKey"]
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", key["AccessKeyId"])
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", key["SecretAccessKey"])
    permit(shop, "0")
    yield shop
    permit(shop, "inf")


def test_denied_calls_are_unread_and_nothing_is_listed(nobody: str) -> None:
    live = account.read(scope(nobody, types=frozenset({"AWS::SQS::Queue", "AWS::EC2::VPC", "AWS::S3::Bucket"})))
    assert len(live.resources) == 0 and live.listed == set()
    assert {u.code for u in live.unread} == {"denied"}
    assert {"sqs:ListQueues", "ec2:DescribeVpcs", "s3:ListBuckets"} <= {u.operation for u in live.unread}


def test_credentials_that_nobody_knows_sign_in_to_nothing(shop: str) -> None:
    permit(shop, "0")
    try:
        live = account.read(scope(shop))
    finally:
        permit(shop, "inf")
    assert [(u.code, u.operation) for u in live.unread] == [("denied", "sts:GetCallerIdentity")]


def test_the_wrong_options_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", "template.yaml", "--profile", "a"]) == 2
    assert "--profile is for the live account: `archproof import aws`" in capsys.readouterr().err
    assert main(["import", "template.yaml", "--snapshot", "a"]) == 2
    assert "--snapshot is for the live account" in capsys.readouterr().err
    assert main(["import", "aws", "--resume"]) == 2
    assert "--resume goes on with a --snapshot FOLDER" in capsys.readouterr().err
    assert main(["import", "aws", "--region", "eu-wset-1"]) == 2
    assert "did you mean 'eu-west-1'" in capsys.readouterr().err


def test_an_account_that_cannot_be_reached_is_an_error_and_no_empty_model(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = tmp_path / "a.yaml"
    said = ["import", "aws", "--endpoint-url", "http://127.0.0.1:1", "--region", "eu-west-1", "--attempts", "1"]
    assert main([*said, "-o", str(model)]) == 2
    assert "no account was read" in capsys.readouterr().err
    assert not model.exists()
