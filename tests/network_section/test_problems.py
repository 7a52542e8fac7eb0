"""What a model gets wrong about its network: the place, what is wrong, what was perhaps meant."""

from __future__ import annotations

import pytest

from .network import TIERS, lowered, problems


def test_every_problem_is_told_at_once_with_its_place() -> None:
    text = """archproof: 1
network:
  vpc: {cidr: 10.20.0.1/16, nat: single}
  subnets:
    app: {cidr: 10.20.0.0/28, egress: nat}
    data: {cidr: fe80::/64, network_acl: strct}
  endpoints: [secretmanager, sqs, sqs, {service: sns, type: gateway}]
  security_groups:
    web: {ingress: [{port: 99999, from: internet}, {port: 443, from: [wbe, 10.0.0.1/8]}, {from: web}, {port: 1, to: web}]}
  network_acls:
    strict: {ingress: [{number: 1, action: allow, port: 20-10}, {number: 1, action: deny, cidr: 10.0.0.0/99}]}
  peerings: [{between: [vpc, other]}]
"""  # noqa: E501
    assert problems(text) == [
        "3:15: '10.20.0.1/16' has host bits set; the network is 10.20.0.0/16",
        "3:34: a NAT gateway stands in a public tier, and no tier has 'egress: internet_gateway'",
        "5:17: '10.20.0.0/28' cannot be split over 2 availability zones: each subnet would be a /29;"
        " AWS takes /16 to /28",
        "6:18: 'fe80::/64' is IPv6; expected IPv4 (with 'ipv6: true' the VPC gets Amazon's IPv6 addresses)",
        "6:42: no network ACL is called 'strct'; did you mean 'strict'?",
        "7:15: unknown endpoint 'secretmanager'; did you mean 'secretsmanager'?",
        "7:35: 'sqs' has an endpoint in this VPC already: 'sqs'",
        "7:61: 'sns' has no gateway endpoint; only dynamodb, s3 have",
        "9:28: 'port' is a port from 0 to 65535, a range such as 8000-8100, or all; found the number 99999",
        "9:71: no security group or component is called 'wbe'; did you mean 'web'?",
        "9:76: '10.0.0.1/8' has host bits set; the network is 10.0.0.0/8",
        "9:90: the rule needs 'port': a port, a range such as 8000-8100, or all",
        "9:113: 'to' has no meaning here; this direction has 'from'",
        "11:57: 'port' is a port from 0 to 65535, a range such as 8000-8100, or all; found the text '20-10'",
        "11:74: ingress has a rule 1 already",
        "11:97: '10.0.0.0/99' is no CIDR block; expected one such as 203.0.113.0/24",
        "12:3: 'peerings' joins VPCs, and there is one at most: write them under 'vpcs'",
    ]


@pytest.mark.parametrize(
    ("cidr", "message"),
    [
        ("10.0.0.0/8", "'10.0.0.0/8' is a /8; AWS takes /16 to /28"),
        ("10.0.0.0/29", "'10.0.0.0/29' is a /29; AWS takes /16 to /28"),
        ("10.0.0.999/24", "'10.0.0.999/24' is no CIDR block; expected one such as 10.0.0.0/16"),
    ],
)
def test_a_vpc_has_a_block_of_its_size(cidr: str, message: str) -> None:
    assert problems(f"archproof: 1\nnetwork: {{vpc: {{cidr: {cidr}}}}}\n") == [f"2:23: {message}"]


def test_a_tier_behind_nat_needs_a_nat_gateway_and_that_a_public_tier() -> None:
    alone = "archproof: 1\nnetwork: {vpc: {cidr: 10.0.0.0/16}, subnets: {app: {cidr: 10.0.0.0/20, egress: nat}}}\n"
    message = "a NAT gateway stands in a public tier, and no tier has 'egress: internet_gateway'"
    assert problems(alone) == [f"2:80: {message}"]
    none = TIERS.replace("10.20.0.0/16}", "10.20.0.0/16, nat: none}")
    assert problems(none) == ["7:40: 'app' leaves by NAT, and the VPC has 'nat: none'"]


def test_ways_out_need_what_they_lead_to() -> None:
    text = TIERS.replace("egress: nat", "egress: egress_only").replace("48.0/22}", "48.0/22, egress: transit_gateway}")
    assert problems(text) == [
        "7:40: an egress-only gateway is for IPv6; the VPC needs 'ipv6: true'",
        "8:41: no 'transit_gateway' of 'network' attaches the VPC 'vpc'",
    ]


def test_the_transit_gateway_names_vpcs_that_it_attaches() -> None:
    text = """archproof: 1
network:
  vpcs:
    one: {vpc: {cidr: 10.0.0.0/16}, subnets: {a: {cidr: 10.0.0.0/20}}}
    two: {vpc: {cidr: 10.1.0.0/16}, subnets: {b: {cidr: 10.1.0.0/20}}}
    three: {subnets: {c: {cidr: 10.2.0.0/20}}}
  transit_gateway: {attach: [one, too, {vpc: two, subnets: a}, one], isolated: [three], egress_vpc: thre}
  peerings: [{between: [one, two]}, {between: [two, one]}, {between: [one, one]}, {between: [one, tow]}]
"""
    assert problems(text) == [
        "6:5: 'three' needs 'vpc': the VPC itself, with its 'cidr'",
        "7:35: no VPC is called 'too'; did you mean 'two'?",
        "7:60: no tier of this VPC is called 'a'",
        "7:64: 'one' is attached already",
        "7:81: no attached VPC is called 'three'",
        "7:101: no attached VPC is called 'thre'",
        "8:47: these two VPCs are peered already",
        "8:70: a VPC is not peered with itself",
        "8:99: no VPC is called 'tow'; did you mean 'two'?",
    ]


def test_a_component_stands_in_one_vpc() -> None:
    text = """archproof: 1
network:
  vpcs:
    one: {vpc: {cidr: 10.0.0.0/16}, subnets: {a: {cidr: 10.0.0.0/20}}}
    two: {vpc: {cidr: 10.1.0.0/16}, subnets: {b: {cidr: 10.1.0.0/20}}, security_groups: {g: {}}}
components:
  fn: {kind: lambda, runtime: nodejs22.x, in: {subnets: [a, b], security_groups: g}}
  typo: {kind: lambda, runtime: nodejs22.x, in: {subnets: [aa]}}
"""
    assert problems(text) == [
        "7:61: 'b' is in the VPC 'two'; 'fn' stands in 'one'",
        "7:82: 'g' is in the VPC 'two'; 'fn' stands in 'one'",
        "8:60: no subnet is called 'aa'; did you mean 'a'?",
    ]


def test_a_rule_cannot_name_a_component_without_groups() -> None:
    text = TIERS + "  security_groups: {g: {ingress: [{port: 1, from: q}]}}\ncomponents: {q: {kind: sqs_queue}}\n"
    assert problems(text) == ["9:51: 'q' stands in no subnets: it has no security group to name"]


def test_a_component_is_not_called_like_a_part_of_the_section() -> None:
    text = TIERS + "components: {app: {kind: subnet, vpc: vpc, cidr: 10.20.64.0/24, zone: a}}\n"
    assert problems(text) == ["9:14: 'app' is the name of a tier of 'network' already"]


def test_what_overlaps_is_left_to_the_rules() -> None:
    assert lowered(TIERS.replace("10.20.48.0/22", "10.99.48.0/22")).of_type("AWS::EC2::Subnet")
