"""An estate of several accounts behind roles, in two regions each, against a moto server."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from archproof.cli.main import main
from tests.estate.simulated import MODEL

boto3 = pytest.importorskip("boto3")

_ESTATE = """\
estate: 1
models: {shop: {file: model.yaml}}
defaults: {regions: [eu-west-1, eu-central-1], model: shop, assume_role: read}
accounts:
  - {id: "111111111111"}
  - {id: "222222222222"}
  - {id: "333333333333", assume_role: "arn:aws:iam::444444444444:role/other"}
  - {id: "555555555555", profile: nobody}
"""


def test_accounts_behind_roles_are_each_compared_and_what_fails_is_named(moto: str, tmp_path: Path) -> None:
    sts = boto3.client("sts", endpoint_url=moto)
    for account in ("111111111111", "222222222222"):
        role = f"arn:aws:iam::{account}:role/read"
        keys = sts.assume_role(RoleArn=role, RoleSessionName="seed")["Credentials"]
        there = {"aws_access_key_id": keys["AccessKeyId"], "aws_secret_access_key": keys["SecretAccessKey"],
                 "aws_session_token": keys["SessionToken"], "endpoint_url": moto}  # fmt: skip
        for region, seconds in (("eu-west-1", "60"), ("eu-central-1", "61")):
            queues = boto3.client("sqs", region_name=region, **there)
            queues.create_queue(QueueName="jobs", Attributes={"VisibilityTimeout": seconds})
    (tmp_path / "model.yaml").write_text(MODEL, encoding="utf-8")
    (tmp_path / "estate.yaml").write_text(_ESTATE, encoding="utf-8")
    output = tmp_path / "results.json"
    command = ["estate", str(tmp_path / "estate.yaml"), "--no-check", "--endpoint-url", moto, "-o", str(output)]
    assert main(command) == 1
    units = {(u["account"], u["region"]): u for u in json.loads(output.read_text())["units"]}
    assert len(units) == 8
    for account in ("111111111111", "222222222222"):
        for region, seconds in (("eu-west-1", None), ("eu-central-1", 61)):
            unit = units[account, region]
            assert unit["status"] == "ok" and unit["calls"] < 12
            found = [d["actual"] for d in unit["differences"] if d["property"] == "VisibilityTimeout"]
            assert found == ([seconds] if seconds else [])
    other = units["333333333333", "eu-west-1"]
    assert other["status"] == "failed" and other["error"].endswith("are those of account 444444444444")
    nobody = units["555555555555", "eu-west-1"]
    assert nobody["error"] == "there is no profile 'nobody' in AWS's configuration files"
