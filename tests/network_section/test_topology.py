"""The topology: the same from a lowered model and from a template, and honest about what is unknown."""

from __future__ import annotations

from typing import Any

from archproof.resources.resource import Resource, Resources
from archproof.resources.topology import Topology, topology

from .network import TIERS, lowered

MODEL = (
    TIERS
    + """  endpoints: [s3, sqs]
  security_groups: {web: {ingress: [{port: 443, from: internet}]}}
components:
  fn: {kind: lambda, runtime: nodejs22.x, in: {subnets: app, security_groups: web}}
  db: {kind: rds, engine: postgres, instance_class: db.m7g.large, in: {subnets: data}}
links:
  - {from: fn, to: db}
"""
)


def template(parameters: dict[str, Any] | None = None, **resources: tuple[str, dict[str, Any]]) -> Topology:
    """The topology of a hand-written template."""
    made = Resources("eu-west-1")
    made.parameters = parameters or {}
    for name, (type, properties) in resources.items():
        made.add(Resource(name, type, properties))
    return topology(made)


def test_subnets_of_a_model_have_zone_block_table_and_kind() -> None:
    subnets = topology(lowered(MODEL)).subnets
    found = {s.id: (str(s.cidr), s.zone, s.route_table.id if s.route_table else None, s.kind) for s in subnets.values()}
    assert found["PublicSubnetA"] == ("10.20.0.0/23", "eu-west-1a", "PublicRouteTable", "public")
    assert found["AppSubnetB"] == ("10.20.24.0/21", "eu-west-1b", "AppRouteTableB", "private")
    assert found["DataSubnetA"] == ("10.20.48.0/23", "eu-west-1a", "DataRouteTable", "isolated")
    assert subnets["DataSubnetA"].vpc == "Vpc"


def test_rules_of_a_group_and_of_their_own_are_read_alike() -> None:
    rules = topology(lowered(MODEL)).rules
    web = rules["Web"]
    assert [(r.direction, r.protocol, r.ports, str(r.cidr), r.peer_group, r.open) for r in web] == [
        ("ingress", "tcp", (443, 443), "0.0.0.0/0", None, True),
        ("egress", "all", (0, 65535), "127.0.0.1/32", None, False),
        ("egress", "tcp", (5432, 5432), "None", "DbSecurityGroup", False),
    ]
    assert str(web[0].location("CidrIp")) == "architecture.yaml:10:49"
    assert str(web[2].location()) == "architecture.yaml:15:5"
    assert [r.peer_group for r in rules["DbSecurityGroup"] if r.direction == "ingress"] == ["Web"]


def test_interfaces_are_found_through_subnet_groups_too() -> None:
    found = topology(lowered(MODEL))
    assert found.interfaces["Fn"].subnets == ["AppSubnetA", "AppSubnetB"]
    assert found.interfaces["Fn"].groups == ["Web"]
    assert found.interfaces["Db"].subnets == ["DataSubnetA", "DataSubnetB"]
    assert found.interfaces["Db"].complete
    assert [i.resource.logical_id for i in found.members["Web"]] == ["Fn"]
    assert list(found.endpoints["Vpc"]) == ["s3", "sqs"]


def test_a_gateway_endpoint_is_a_route_of_its_tables() -> None:
    table = topology(lowered(MODEL)).route_tables["DataRouteTable"]
    assert [(r.via, r.prefix_list, r.target) for r in table.routes] == [("vpc_endpoint", "s3", "S3Endpoint")]


def test_parameters_with_a_default_and_functions_of_known_values_are_worked_out() -> None:
    zones = {"Type": "CommaDelimitedList", "Default": "x, y"}
    found = template(
        {"Block": {"Type": "String", "Default": "10.0.0.0/16"}, "Zones": zones},
        V=("AWS::EC2::VPC", {"CidrBlock": {"Ref": "Block"}}),
        S=(
            "AWS::EC2::Subnet",
            {
                "VpcId": {"Ref": "V"},
                "CidrBlock": {"Fn::Select": [2, {"Fn::Cidr": [{"Ref": "Block"}, 4, 8]}]},
                "AvailabilityZone": {"Fn::Select": ["1", {"Ref": "Zones"}]},
                "MapPublicIpOnLaunch": "true",
            },
        ),
    )
    assert str(found.vpcs["V"].blocks[0]) == "10.0.0.0/16"
    subnet = found.subnets["S"]
    assert (str(subnet.cidr), subnet.zone, subnet.public_ips, subnet.kind) == ("10.0.2.0/24", "y", True, "isolated")


def test_what_cannot_be_known_is_unknown_and_not_isolated_or_closed() -> None:
    placed = {"SubnetIds": {"Ref": "Subnets"}, "SecurityGroupIds": [{"Ref": "G"}]}
    found = template(
        V=("AWS::EC2::VPC", {"CidrBlock": {"Fn::ImportValue": "block"}}),
        S=("AWS::EC2::Subnet", {"VpcId": {"Ref": "V"}, "CidrBlock": {"Fn::ImportValue": "part"}}),
        A=(
            "AWS::EC2::SubnetRouteTableAssociation",
            {"SubnetId": {"Ref": "S"}, "RouteTableId": {"Fn::ImportValue": "table"}},
        ),
        G=(
            "AWS::EC2::SecurityGroup",
            {"SecurityGroupIngress": [{"IpProtocol": "tcp", "FromPort": {"Ref": "P"}, "CidrIp": {"Ref": "Who"}}]},
        ),
        F=("AWS::Lambda::Function", {"VpcConfig": placed}),
    )
    assert not found.vpcs["V"].complete
    assert found.subnets["S"].kind == "unknown"
    assert found.subnets["S"].cidr is None
    (rule,) = found.rules["G"]
    assert (rule.unknown, rule.ports, rule.cidr) == (True, None, None)
    assert (found.interfaces["F"].groups, found.interfaces["F"].complete) == (["G"], False)


def test_gateways_are_told_apart_and_physical_ids_stand_for_themselves() -> None:
    table = {"RouteTableId": {"Ref": "T"}}
    found = template(
        T=("AWS::EC2::RouteTable", {"VpcId": "vpc-1"}),
        R1=("AWS::EC2::Route", {**table, "DestinationCidrBlock": "0.0.0.0/0", "GatewayId": "igw-1"}),
        R2=("AWS::EC2::Route", {**table, "DestinationCidrBlock": "10.0.0.0/8", "GatewayId": {"Ref": "W"}}),
        R3=("AWS::EC2::Route", {**table, "DestinationIpv6CidrBlock": "::/0", "NatGatewayId": {"Ref": "Elsewhere"}}),
        W=("AWS::EC2::VPNGateway", {}),
        S=("AWS::EC2::Subnet", {"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/24"}),
        A=("AWS::EC2::SubnetRouteTableAssociation", {"SubnetId": {"Ref": "S"}, **table}),
        I=("AWS::EC2::Instance", {"NetworkInterfaces": [{"SubnetId": "subnet-1", "GroupSet": ["sg-1", {"Ref": "X"}]}]}),
    )
    assert [(r.via, r.target) for r in found.route_tables["T"].routes] == [
        ("internet_gateway", "igw-1"),
        ("vpn_gateway", "W"),
        ("nat_gateway", None),
    ]
    assert found.subnets["S"].kind == "public"
    assert found.kind_of("subnet-1") == "unknown"
    entry = found.interfaces["I"]
    assert (entry.subnets, entry.groups, entry.complete) == (["subnet-1"], ["sg-1"], False)


def test_it_is_computed_once_until_a_resource_is_added() -> None:
    resources = lowered(MODEL)
    first = topology(resources)
    assert topology(resources) is first
    resources.add(Resource("Another", "AWS::EC2::VPC", {"CidrBlock": "10.1.0.0/16"}))
    assert "Another" in topology(resources).vpcs
