"""A component that says only what it must is a sound one: its defaults raise nothing of weight."""

from __future__ import annotations

import datetime

import pytest

from archproof.model.architecture import loads
from archproof.validators.engine import check

TODAY = datetime.date(2026, 11, 22)
NETWORK = """\
archproof: 1
network:
  vpc: {cidr: 10.0.0.0/16, availability_zones: 2, nat: per_az, flow_logs: cloudwatch}
  subnets:
    public: {cidr: 10.0.0.0/22, egress: internet_gateway}
    app: {cidr: 10.0.4.0/22, egress: nat}
    data: {cidr: 10.0.8.0/22, egress: none}
components:
"""
COMPONENTS = {
    "function": "fn: {kind: lambda, runtime: python3.13}",
    "function in a VPC": "fn: {kind: lambda, runtime: python3.13, in: {subnets: app}}",
    "bucket": "files: {kind: s3_bucket}",
    "database": "db: {kind: rds, engine: postgres, instance_class: db.m7g.large, in: {subnets: data}}",
    "MySQL": "db: {kind: rds, engine: mysql, instance_class: db.m7g.large, in: {subnets: data}}",
    "cluster": "db: {kind: aurora, engine: aurora-postgresql, instance_class: db.r7g.large, in: {subnets: data}}",
    "secret": "secret: {kind: secret}",
    "key": "key: {kind: kms_key}",
    "user pool": "pool: {kind: cognito_user_pool}",
    "app client": "pool: {kind: cognito_user_pool}\n  client: {kind: cognito_app_client, pool: pool}",
    "topic": "ops: {kind: sns_topic}",
    "table": "orders: {kind: dynamodb_table, keys: {id: string}}",
    "file system": "files: {kind: efs, in: {subnets: data}}",
    "distribution": "site: {kind: cloudfront, origin: files}\n  files: {kind: s3_bucket}",
    "image repository with a service": (
        "images: {kind: ecr_repository}\n"
        "  web: {kind: ecs_service, image: images, tasks: 2, port: 8080, in: {subnets: app}}"
    ),
    "instance": "server: {kind: ec2_instance, instance_type: t4g.small, in: {subnets: app}}",
}


@pytest.mark.parametrize("component", COMPONENTS.values(), ids=list(COMPONENTS))
def test_the_defaults_of_a_kind_raise_nothing_above_low(component: str) -> None:
    report = check(loads(f"{NETWORK}  {component}\n"), TODAY)
    assert [(f.rule, f.message) for f in report.at_or_above("medium")] == []
    assert report.unknown == []
