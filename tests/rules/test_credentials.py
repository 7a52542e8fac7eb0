"""Who may sign in to a database, and whose secrets nobody can rotate."""

from __future__ import annotations

import datetime

import pytest

from archproof.model.architecture import loads
from archproof.validators.engine import check

HEAD = """archproof: 1
system: {name: shop, region: eu-west-1}
network: {vpc: {cidr: 10.0.0.0/16, nat: none}, subnets: {data: {cidr: 10.0.0.0/20}}}
components:
  db: {kind: rds, engine: postgres, instance_class: db.m7g.large, in: {subnets: data}}
"""
FN = "  fn: {kind: lambda, runtime: python3.13, in: {subnets: data}}\n"
QUERY = "links:\n  - {from: fn, to: db, verb: query}\n"


def found(text: str, rule: str) -> list[str]:
    return [f.message for f in check(loads(text), datetime.date(2026, 11, 22)).findings if f.rule == rule]


WITH = {
    "the secret of the database": HEAD + "  key: {kind: secret, for: db}\n" + FN + QUERY
    + "  - {from: fn, to: key, verb: read}\n",
    "a secret that is nobody else's": HEAD + "  key: {kind: secret}\n" + FN + QUERY
    + "  - {from: fn, to: key, verb: read}\n",
    "a role of the model that reads it": HEAD + "  key: {kind: secret, for: db}\n  reader: {kind: iam_role, "
    "trust: lambda.amazonaws.com}\n" + FN.replace("python3.13,", "python3.13, role: reader,") + QUERY
    + "  - {from: reader, to: key, verb: read}\n",
    "IAM": HEAD.replace("engine: postgres,", "engine: postgres, iam_auth: true,") + FN + QUERY,
}  # fmt: skip


@pytest.mark.parametrize("text", WITH.values(), ids=list(WITH))
def test_whoever_has_credentials_is_not_complained_of(text: str) -> None:
    assert found(text, "database-without-credentials") == []


def test_the_secret_of_another_database_does_not_help() -> None:
    other = "  other: {kind: rds, engine: postgres, instance_class: db.m7g.large, in: {subnets: data}}\n"
    text = HEAD + other + "  key: {kind: secret, for: other}\n" + FN + QUERY + "  - {from: fn, to: key, verb: read}\n"
    message = "fn queries db, but reads no secret of it and does not sign in with IAM"
    assert found(text, "database-without-credentials") == [message]


def test_the_token_that_a_cache_makes_for_itself_is_nothing_to_rotate() -> None:
    cache = "  cache: {kind: elasticache, engine: valkey, node_type: cache.m7g.large, in: {subnets: data}}\n"
    assert found(HEAD + cache, "secret-not-rotated") == []
    assert found(HEAD + cache + "  key: {kind: secret}\n", "secret-not-rotated") == ["key is not rotated"]


def test_a_role_that_a_resource_names_may_hold_the_rights_of_its_link() -> None:
    text = """archproof: 1
components:
  lake: {kind: s3_bucket}
  reader: {kind: iam_role, trust: glue.amazonaws.com%s}
  crawler: {type: AWS::Glue::Crawler, properties: {Targets: {}, Role: {"Fn::GetAtt": [reader, Arn]}}}
links:
  - {from: crawler, to: lake, verb: read}
"""
    assert found(text % ", policies: {lake: [{allow: s3:GetObject, on: lake/*}]}", "link-grants-nothing") == []
    assert found(text % "", "link-grants-nothing") != []


def test_events_of_aws_do_not_come_to_a_bus_of_ones_own() -> None:
    text = """archproof: 1
components:
  bus: {kind: event_bus}
  files: {kind: s3_bucket, eventbridge: true}
  fn: {kind: lambda, runtime: python3.13}
  on_file: {kind: event_rule, bus: bus, pattern: {bucket: files}, to: fn}
"""
    message = "on_file waits on bus for events of aws.s3, which AWS sends to the default bus only"
    assert found(text, "event-pattern-unmatched") == [message]
    assert (
        found(text + "  on: {kind: event_rule, pattern: {bucket: files}, to: bus}\n", "event-pattern-unmatched") == []
    )


def test_a_quota_that_is_kept_with_room_is_not_spoken_of() -> None:
    text = "archproof: 1\ncomponents:\n  fn: {kind: lambda, runtime: python3.13, timeout_s: %s}\n"
    assert found(text % 700, "quota-headroom") == []
    assert found(text % 901, "quota-headroom") == []
    message = "fn uses 89 % of Lambda's quota 'Function timeout maximum': 800 s of 900 s"
    assert found(text % 800, "quota-headroom") == [message]
