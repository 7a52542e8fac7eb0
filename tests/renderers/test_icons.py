"""Every row of the icon table leads to an icon that exists and is harmless."""

from __future__ import annotations

import importlib
import re

import pytest

from archproof.renderers import icons
from archproof.renderers.layout.graph import ICON_KINDS

KINDS = """person external_system cognito_user_pool cognito_app_client cognito_identity_pool rest_api http_api
lambda lambda_layer event_bus event_rule schedule sqs_queue sns_topic s3_bucket cloudfront certificate
waf dns_record rds aurora db_parameter_group db_subnet_group rds_proxy dynamodb_table elasticache efs vpc
subnet route_table internet_gateway nat_gateway network_acl vpc_endpoint vpc_peering transit_gateway
flow_log security_group alb nlb listener target_group ec2_instance auto_scaling_group ecs_cluster
ecs_service ecs_task_definition ecr_repository iam_role iam_policy kms_key secret ssm_parameter alarm
log_group dashboard security_hub state_machine kinesis_stream firehose""".split()  # noqa: SIM905


@pytest.mark.parametrize("key", sorted(icons.table()))
def test_every_icon_of_the_table_is_there(key: str) -> None:
    found = icons.icon(key)
    assert re.fullmatch(r"[\d. ]+", found.view_box)
    assert found.markup.startswith("<")
    assert re.fullmatch(r"#[0-9a-f]{6}", found.colour)


@pytest.mark.parametrize("kind", KINDS)
def test_every_component_kind_has_an_icon_of_its_own(kind: str) -> None:
    assert icons.known(kind)


@pytest.mark.parametrize("kind", sorted(ICON_KINDS))
def test_every_container_that_shows_an_icon_has_one(kind: str) -> None:
    assert icons.known(f"group:{kind}")


def test_a_type_without_a_row_looks_like_its_service_and_an_unknown_one_generic() -> None:
    assert icons.icon("AWS::Lambda::Url").name == icons.icon("lambda").name
    assert icons.icon("AWS::Nonsense::Thing").name == "own/generic"
    assert icons.icon("../../etc/passwd").name == "own/generic"


def test_every_class_named_for_the_diagrams_package_exists() -> None:
    pytest.importorskip("diagrams", reason="the diagrams package is an extra")
    for row in icons.table().values():
        if row["diagrams_class"]:
            module, _, name = row["diagrams_class"].rpartition(".")
            assert hasattr(importlib.import_module(module), name), row["key"]
