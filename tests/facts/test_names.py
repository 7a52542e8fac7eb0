"""Services, Regions, ports, instance classes, prefix lists and controls."""

from __future__ import annotations

import pytest

from archproof import facts


@pytest.mark.parametrize(
    ("type", "key"),
    [
        ("AWS::SQS::Queue", "sqs"),
        ("AWS::Lambda::Function", "lambda"),
        ("AWS::EC2::VPC", "vpc"),
        ("AWS::EC2::Subnet", "vpc"),
        ("AWS::EC2::Instance", "ec2"),
        ("AWS::Cognito::UserPool", "cognito-idp"),
        ("AWS::Cognito::IdentityPool", "cognito-identity"),
        ("AWS::Serverless::Function", "lambda"),
    ],
)
def test_a_resource_type_belongs_to_a_service(type: str, key: str) -> None:
    service = facts.service_of(type)
    assert service is not None
    assert service.key == key


def test_a_type_of_no_known_service_is_none() -> None:
    assert facts.service_of("Custom::Thing") is None


def test_services_say_how_a_vpc_reaches_them() -> None:
    assert facts.service("ecr").interface_endpoints == ("ecr.api", "ecr.dkr")
    assert {s.key for s in facts.services() if s.gateway_endpoint} == {"s3", "dynamodb"}
    assert facts.service("cloudfront").scope == "global"
    assert {s.scope for s in facts.services()} == {"global", "regional", "zonal", "vpc"}
    with pytest.raises(facts.UnknownFactError, match="did you mean 'secretsmanager'"):
        facts.service("secretmanager")


def test_regions_have_zones_to_place_subnets_in() -> None:
    assert facts.region("ap-southeast-1").zone_names(2) == ("ap-southeast-1a", "ap-southeast-1b")
    assert facts.region("us-east-1").opt_in is False
    assert facts.region("me-central-1").opt_in is True
    assert all(len(region.zones) >= 2 for region in facts.regions())
    with pytest.raises(facts.UnknownFactError, match="did you mean 'eu-west-1'"):
        facts.region("eu-west-11")


def test_a_prefix_list_is_known_by_region_and_id() -> None:
    found = facts.prefix_list("pl-6fa54006", "eu-west-1")
    assert found is not None
    assert found.service == "dynamodb"
    other = facts.prefix_list("pl-6fa54006", "ap-southeast-1")
    assert other is not None
    assert other.service == "s3"
    assert facts.prefix_list("pl-00000000", "eu-west-1") is None
    for prefix_list in facts.prefix_lists():
        assert facts.region(prefix_list.region)


def test_ports_say_what_opening_them_means() -> None:
    ssh, postgres, telnet = facts.port(22), facts.port(5432), facts.port(23)
    assert ssh and ssh.admin and not ssh.cleartext
    assert postgres and postgres.data and not postgres.admin
    assert telnet and telnet.cleartext
    assert facts.port(5432, "udp") is None
    for engine in facts.engines():
        known = facts.port(engine.port)
        assert known and known.data


@pytest.mark.parametrize(
    ("name", "memory_gib", "vcpus", "architecture", "burstable"),
    [
        ("db.m7g.large", 8, 2, "arm64", False),
        ("db.t3.micro", 1, 2, "x86_64", True),
        ("db.r6g.xlarge", 32, 4, "arm64", False),
        ("cache.r6g.large", 13.07, 2, "arm64", False),
        ("t3.nano", 0.5, 2, "x86_64", True),
        ("m5.large", 8, 2, "x86_64", False),
    ],
)
def test_instance_classes_have_memory_and_processors(
    name: str, memory_gib: float, vcpus: int, architecture: str, burstable: bool
) -> None:
    found = facts.instance_class(name)
    assert found is not None
    assert (found.memory_gib, found.vcpus, found.burstable) == (memory_gib, vcpus, burstable)
    assert architecture in found.architectures


def test_an_instance_class_that_nobody_knows_is_none() -> None:
    assert facts.instance_class("db.z99.nano") is None
    assert len(facts.instance_classes("rds")) > 100
    assert all(c.memory_gib > 0 and c.vcpus > 0 for c in facts.instance_classes())


def test_controls_have_ids_and_titles() -> None:
    assert facts.control("fsbp", "Lambda.2").title == "Lambda functions should use supported runtimes"
    assert facts.control("cis-5.0", "3.7").title == "Ensure VPC flow logging is enabled in all VPCs"
    assert {c.id for c in facts.controls("fsbp", "sqs")} == {"SQS.1", "SQS.3"}
    with pytest.raises(facts.UnknownFactError, match=r"did you mean 'Lambda\.\d'"):
        facts.control("fsbp", "Lambda.22")
    with pytest.raises(facts.UnknownFactError, match="did you mean 'fsbp'"):
        facts.control("fsb", "Lambda.2")
