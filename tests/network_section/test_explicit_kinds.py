"""The explicit parts of a network among the components."""
# ruff: noqa: E501

from __future__ import annotations

import pytest

from archproof.resources.resource import Resources

from .network import TIERS, complaints, lowered, place, problems, routes, rules

PARTS = """archproof: 1
system: {name: net, region: eu-west-1}
components:
  lan: {kind: vpc, cidr: 10.0.0.0/16, ipv6: true}
  front: {kind: subnet, vpc: lan, cidr: 10.0.0.0/24, zone: a, public_ips: true}
  back: {kind: subnet, vpc: lan, cidr: 10.0.1.0/24, zone: b, ipv6_index: 1}
  door: {kind: internet_gateway, vpc: lan}
  nat: {kind: nat_gateway, subnet: front}
  out6: {kind: egress_only_gateway, vpc: lan}
  front_routes: {kind: route_table, vpc: lan, subnets: front, routes: [{to: internet, via: door}]}
  back_routes:
    kind: route_table
    vpc: lan
    subnets: back
    routes: [{to: internet, via: nat}, {to: internet, via: out6}, {to: s3, via: s3_door}, {to: far, via: peer}]
  s3_door: {kind: vpc_endpoint, to: s3, in: {vpc: lan}}
  sqs_door: {kind: vpc_endpoint, to: sqs, in: {subnets: back}}
  far: {kind: vpc, cidr: 10.9.0.0/16}
  peer: {kind: vpc_peering, vpc: lan, peer: far}
  guard: {kind: network_acl, vpc: lan, subnets: back, ingress: [{number: 100, action: allow, port: 443}]}
  seen: {kind: flow_log, of: lan, traffic: reject, retention_days: 30}
  apps: {kind: security_group, vpc: lan, ingress: [{port: 443, from: 10.0.0.0/16}]}
  fn: {kind: lambda, runtime: nodejs22.x, in: {subnets: back, security_groups: apps}}
  files: {kind: s3_bucket}
  jobs: {kind: sqs_queue}
  topic: {kind: sns_topic}
links:
  - {from: fn, to: [files, jobs, topic]}
"""


@pytest.fixture(scope="module")
def parts() -> Resources:
    return lowered(PARTS)


def test_each_part_becomes_its_resource_and_the_template_passes_the_validator(parts: Resources) -> None:
    assert parts["Back"].get("AvailabilityZone") == {"Fn::Select": [1, {"Fn::GetAZs": ""}]}
    assert parts["Back"].attributes == {"DependsOn": ["LanIpv6Cidr"]}
    assert parts["Front"].get("MapPublicIpOnLaunch") is True
    assert parts["Nat"].get("AllocationId") == {"Fn::GetAtt": ["NatAddress", "AllocationId"]}
    assert parts["DoorAttachment"].get("VpcId") == {"Ref": "Lan"}
    assert parts["GuardIngress100"].get("PortRange") == {"From": 443, "To": 443}
    assert parts["Seen"].get("TrafficType") == "REJECT"
    assert parts["SeenGroup"].get("RetentionInDays") == 30
    assert complaints(parts) == []


def test_routes_lead_where_they_are_said_to(parts: Resources) -> None:
    assert routes(parts) == [
        "FrontRoutes 0.0.0.0/0 Door",
        "FrontRoutes ::/0 Door",
        "BackRoutes 0.0.0.0/0 Nat",
        "BackRoutes ::/0 Out6",
        "BackRoutes 10.9.0.0/16 Peer",
    ]
    assert parts["FrontRoutesRoute1"].attributes == {"DependsOn": ["DoorAttachment"]}
    assert place(parts, "BackRoutesRoute3", "VpcPeeringConnectionId") == "15:101"


def test_a_route_via_a_gateway_endpoint_puts_the_table_into_the_endpoint(parts: Resources) -> None:
    assert parts["S3Door"].get("RouteTableIds") == [{"Ref": "BackRoutes"}]


def test_links_find_explicit_endpoints_groups_and_ways_out(parts: Resources) -> None:
    assert rules(parts) == [
        "SqsDoorIngressFromApps443: fn sends jobs @28",
        "AppsEgressToS3Port443: fn reads files @28",
        "AppsEgressToSqsDoor443: fn sends jobs @28",
        "AppsEgressToAnywhere443: fn publishes topic @28",
        "AppsEgressToAnywhereIpv6Port443: fn publishes topic @28",
    ]
    assert parts["Apps"].get("SecurityGroupIngress") == [
        {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": "10.0.0.0/16"}
    ]
    assert place(parts, "Apps", "SecurityGroupIngress", 0, "CidrIp") == "22:64"


def test_parts_join_a_vpc_of_the_section_by_the_words_of_its_tiers() -> None:
    text = (
        TIERS
        + """components:
  extra: {kind: subnet, vpc: vpc, cidr: 10.20.100.0/24, zone: a}
  extra_routes: {kind: route_table, vpc: vpc, subnets: extra, routes: [{to: internet, via: nat}]}
"""
    )
    resources = lowered(text)
    assert "ExtraRoutes 0.0.0.0/0 NatGatewayA" in routes(resources)
    assert problems(text.replace("via: nat", "via: egress_only")) == ["11:92: the VPC 'vpc' has no egress only"]


def test_a_transit_gateway_attaches_vpcs_of_both_forms() -> None:
    text = (
        TIERS
        + """components:
  lan: {kind: vpc, cidr: 10.0.0.0/16}
  back: {kind: subnet, vpc: lan, cidr: 10.0.1.0/24, zone: b}
  hub: {kind: transit_gateway, attach: [vpc, {vpc: lan, subnets: back}]}
  way: {kind: route_table, vpc: lan, subnets: back, routes: [{to: vpc, via: hub}]}
"""
    )
    resources = lowered(text)
    assert resources["HubVpcAttachment"].get("SubnetIds") == [{"Ref": "AppSubnetA"}, {"Ref": "AppSubnetB"}]
    assert resources["WayRoute1"].properties == {
        "RouteTableId": {"Ref": "Way"},
        "DestinationCidrBlock": "10.20.0.0/16",
        "TransitGatewayId": {"Ref": "Hub"},
    }
    assert resources["WayRoute1"].attributes == {"DependsOn": ["HubLanAttachment"]}
    assert complaints(resources) == []


def test_verbatim_properties_win() -> None:
    resources = lowered(
        "archproof: 1\ncomponents:\n  lan: {kind: vpc, cidr: 10.0.0.0/16, properties: {InstanceTenancy: dedicated}}\n"
        "  g: {kind: security_group, vpc: lan, egress: [], properties: {SecurityGroupEgress: []}}\n"
    )
    assert resources["Lan"].get("InstanceTenancy") == "dedicated"
    assert resources["G"].get("SecurityGroupEgress") == []


def test_what_does_not_fit_together_is_refused() -> None:
    text = (
        TIERS
        + """components:
  lan: {kind: vpc, cidr: 10.0.0.0/16}
  odd: {kind: subnet, vpc: lan, cidr: 10.0.1.1/24, zone: b}
  t: {kind: route_table, vpc: lan, subnets: app, routes: [{to: lann, via: nat}, {to: 10.0.0.0/33, via: door}, {to: s3, via: door}]}
  door: {kind: internet_gateway, vpc: lan}
  e: {kind: vpc_endpoint, to: sqss, in: {subnets: odd}}
  g: {kind: vpc_endpoint, to: s3}
  i: {kind: vpc_endpoint, to: sqs, in: {vpc: lan}}
  p: {kind: vpc_peering, vpc: lan}
  h: {kind: transit_gateway, attach: [lan], isolated: vpc}
"""
    )
    assert problems(text) == [
        "11:39: '10.0.1.1/24' has host bits set; the network is 10.0.1.0/24",
        "12:45: 'app' is a tier of 'network', which has route tables of its own",
        "12:45: 'app' is in the VPC 'vpc', not in 'lan'",
        "12:64: 'lann' is no CIDR, VPC, prefix list or 'internet'; did you mean 'lan'?",
        "12:75: 'nat' is a way out of a VPC of 'network', and 'lan' is not one: name the gateway",
        "12:86: '10.0.0.0/33' is no CIDR block; expected one such as 203.0.113.0/24",
        "12:116: a route to 's3' goes via a 'vpc_endpoint' of that service",
        "14:31: unknown endpoint 'sqss'; did you mean 'sqs'?",
        "15:3: 'g' needs its VPC: 'in: {vpc: …}'",
        "16:3: 'i' needs the subnets of its interfaces: 'in: {subnets: …}'",
        "17:6: 'p': a peering has exactly one of 'peer' and 'peer_vpc_id'",
        "18:39: the attachment of 'lan' needs 'subnets': one in each zone",
        "18:55: 'vpc' is not attached",
    ]
