"""The zones: every availability zone of every VPC, of the section `network` and of explicit parts."""

from __future__ import annotations

import pytest

from .scenes import arrows, homes, ids, node, scene

DB = "db: {kind: rds, engine: postgres, instance_class: db.m7g.large%s, in: {subnets: data}}\n"
FN = "fn: {kind: lambda, runtime: python3.13, in: {subnets: app}}\n"
PARTS = """\
users: {kind: person}
lan: {kind: vpc, cidr: 10.0.0.0/16}
front: {kind: subnet, vpc: lan, cidr: 10.0.0.0/24, zone: a}
back: {kind: subnet, vpc: lan, cidr: 10.0.1.0/24, zone: a}
far: {kind: subnet, vpc: lan, cidr: 10.0.2.0/24, zone: eu-west-1b}
door: {kind: internet_gateway, vpc: lan}
nat: {kind: nat_gateway, subnet: front}
front_routes: {kind: route_table, vpc: lan, subnets: front, routes: [{to: internet, via: door}]}
back_routes: {kind: route_table, vpc: lan, subnets: back, routes: [{to: internet, via: nat}]}
fn: {kind: lambda, runtime: nodejs22.x, in: {subnets: [back, far]}}
"""


def test_each_tier_is_a_subnet_in_every_zone_with_its_part_of_the_addresses() -> None:
    drawn = scene(FN, "zones")
    titles = {g.id: (g.title, g.kind, g.parent) for g in drawn.groups}
    assert titles["zone:vpc:b"] == ("Zone eu-west-1b", "zone", "vpc:vpc")
    assert titles["tier:app@a"] == ("app · 10.0.16.0/21 · private, NAT", "subnet_private", "zone:vpc:a")
    assert titles["tier:data@b"] == ("data · 10.0.40.0/21 · isolated", "subnet_isolated", "zone:vpc:b")


def test_a_component_stands_in_each_zone_and_a_databases_standby_says_so() -> None:
    drawn = scene(FN + DB % "", "zones")
    assert homes(drawn)["fn@b"] == "tier:app@b"
    assert node(drawn, "db@a").subtitle == "RDS · postgres · primary"
    assert node(drawn, "db@b").subtitle == "RDS · postgres · standby"


def test_what_stands_in_one_zone_is_drawn_once() -> None:
    drawn = scene(
        DB % ", multi_az: false" + "host: {kind: ec2_instance, instance_type: t4g.small, in: {subnets: app}}\n"
        "web: {kind: ecs_service, image: public.ecr.aws/a/b:1, tasks: 1, in: {subnets: app}}\n", "zones",
    )  # fmt: skip
    assert [n for n in ids(drawn) if ":" not in n] == ["db@a", "host@a", "web@a"]


def test_only_the_primary_takes_connections() -> None:
    drawn = scene(FN + DB % "", "zones", rest="links:\n  - {from: fn, to: db}\n")
    assert [a for a in arrows(drawn) if "queries" in a] == ["fn@a -> db@a: queries · 5432 (data)"]


def test_private_tiers_leave_through_the_nat_gateway_of_their_zone() -> None:
    assert [a for a in arrows(scene(FN, "zones")) if "network" in a] == [
        "nat:vpc@a -> internet_gateway:vpc:  (network)",
        "nat:vpc@b -> internet_gateway:vpc:  (network)",
        "tier:app@a -> nat:vpc@a:  (network)",
        "tier:app@b -> nat:vpc@b:  (network)",
    ]


def test_one_nat_gateway_serves_all_zones() -> None:
    from .scenes import NETWORK

    drawn = scene(FN, "zones", network=NETWORK.replace("10.0.0.0/16}", "10.0.0.0/16, nat: single}"))
    assert [a for a in arrows(drawn) if a.startswith("tier")] == [
        "tier:app@a -> nat:vpc@a:  (network)", "tier:app@b -> nat:vpc@a:  (network)",
    ]  # fmt: skip


def test_what_opens_connections_from_outside_is_drawn_too() -> None:
    drawn = scene(
        "users: {kind: person}\nbalancer: {kind: alb, to: web, certificate: cert, in: {subnets: public}}\n"
        "cert: {kind: certificate, domain: a.example.com}\n"
        "web: {kind: ecs_service, image: public.ecr.aws/a/b:1, port: 80, in: {subnets: app}}\n", "zones",
        rest="links:\n  - {from: users, to: balancer}\n",
    )  # fmt: skip
    assert homes(drawn)["users"] is None
    assert "users -> balancer@b: HTTPS (data)" in arrows(drawn)
    assert "cert" not in ids(drawn)


def test_subnets_that_are_components_have_zones_and_are_what_their_routes_make_them() -> None:
    drawn = scene(PARTS, "zones", network="")
    assert [(g.id, g.kind, g.title, g.parent) for g in drawn.groups] == [
        ("region", "region", "Region eu-west-1", None),
        ("vpc:lan", "vpc", "VPC Lan 10.0.0.0/16", "region"),
        ("zone:lan:a", "zone", "Zone eu-west-1a", "vpc:lan"),
        ("subnet:front", "subnet_public", "Front · 10.0.0.0/24 · public", "zone:lan:a"),
        ("subnet:back", "subnet_private", "Back · 10.0.1.0/24 · private", "zone:lan:a"),
        ("zone:lan:b", "zone", "Zone eu-west-1b", "vpc:lan"),
        ("subnet:far", "subnet_isolated", "Far · 10.0.2.0/24 · isolated", "zone:lan:b"),
    ]
    assert homes(drawn) == {
        "door": "vpc:lan", "nat": "subnet:front", "fn@a": "subnet:back", "fn@b": "subnet:far",
    }  # fmt: skip
    assert arrows(drawn) == ["nat -> door:  (network)", "subnet:back -> nat:  (network)"]


def test_the_overview_draws_them_in_their_vpc() -> None:
    drawn = scene(PARTS + "one: {kind: lambda, runtime: nodejs22.x, in: {subnets: back}}\n", network="")
    assert homes(drawn)["one"] == "subnet:back"
    assert {g.id: g.parent for g in drawn.groups}["subnet:back"] == "vpc:lan"


@pytest.mark.parametrize("zone", ["a", "eu-west-1a", "euw1-az1"])
def test_a_zone_is_a_letter_a_name_or_an_id(zone: str) -> None:
    drawn = scene(
        f"lan: {{kind: vpc, cidr: 10.0.0.0/16}}\nnet: {{kind: subnet, vpc: lan, cidr: 10.0.0.0/24, zone: {zone}}}\n",
        "zones", network="",
    )  # fmt: skip
    expected = {"euw1-az1": "Zone euw1-az1"}.get(zone, "Zone eu-west-1a")
    assert [g.title for g in drawn.groups if g.kind == "zone"] == [expected]


def test_an_explicit_subnet_of_a_vpc_of_the_network_stands_in_that_vpcs_zone() -> None:
    drawn = scene("net: {kind: subnet, vpc: vpc, cidr: 10.0.200.0/24, zone: b}\n" + FN, "zones")
    assert {g.id: g.parent for g in drawn.groups}["subnet:net"] == "zone:vpc:b"
