"""Tiers that list their subnets, share tables, and lay properties over what they make."""

from __future__ import annotations

import pytest

from archproof.errors import InputError
from archproof.model.architecture import loads

from .network import lowered, problems, routes

LISTED = """archproof: 1
network:
  vpc: {cidr: !Ref VpcCidr, nat: single, flow_logs: none, properties: {InstanceTenancy: dedicated}}
  subnets:
    public: {cidr: {a: 10.0.0.0/24, c: !Ref Third}, egress: internet_gateway}
    app:
      cidr: [10.0.2.0/24, 10.0.3.0/24]
      egress: nat
      route_tables: per_az
      properties: {EnableDns64: true}
      resources: {SubnetB: {attributes: {Condition: Two}}, RouteTableB: {Tags: []}}
    jobs: {cidr: [10.0.4.0/24], egress: nat, route_tables: app}
    data: {cidr: {eu-west-1a: 10.0.5.0/24, euw1-az2: 10.0.6.0/24}, route_tables: main}
stack:
  parameters: {VpcCidr: {Type: String}, Third: {Type: String}}
  conditions: {Two: !Equals [a, a]}
  logical_ids: {PublicSubnetA: FrontOne, AppRouteTableA: AppTable}
"""


def test_subnets_have_the_blocks_and_zones_that_are_said() -> None:
    found = {
        r.logical_id: (r.get("CidrBlock"), r.get("AvailabilityZone") or r.get("AvailabilityZoneId"))
        for r in lowered(LISTED).of_type("AWS::EC2::Subnet")
    }

    def zone(number: int) -> dict[str, object]:
        return {"Fn::Select": [number, {"Fn::GetAZs": ""}]}

    assert found == {
        "FrontOne": ("10.0.0.0/24", zone(0)),
        "PublicSubnetB": ({"Ref": "Third"}, zone(2)),
        "AppSubnetA": ("10.0.2.0/24", zone(0)),
        "AppSubnetB": ("10.0.3.0/24", zone(1)),
        "JobsSubnetA": ("10.0.4.0/24", zone(0)),
        "DataSubnetA": ("10.0.5.0/24", "eu-west-1a"),
        "DataSubnetB": ("10.0.6.0/24", "euw1-az2"),
    }


def test_tables_are_one_for_each_zone_those_of_another_tier_or_the_vpcs() -> None:
    resources = lowered(LISTED)
    tables = {
        r.get("SubnetId", "Ref"): r.get("RouteTableId", "Ref")
        for r in resources.of_type("AWS::EC2::SubnetRouteTableAssociation")
    }
    assert tables == {
        "FrontOne": "PublicRouteTable", "PublicSubnetB": "PublicRouteTable", "AppSubnetA": "AppTable",
        "AppSubnetB": "AppRouteTableB", "JobsSubnetA": "AppTable",
    }  # fmt: skip
    assert [line.split()[0] for line in routes(resources)] == ["PublicRouteTable", "AppTable", "AppRouteTableB"]


def test_properties_are_laid_over_a_part_and_over_one_of_its_resources() -> None:
    resources = lowered(LISTED)
    assert resources["Vpc"].get("InstanceTenancy") == "dedicated"
    assert [resources[f"AppSubnet{z}"].get("EnableDns64") for z in "AB"] == [True, True]
    assert [resources[f"AppSubnet{z}"].attributes.get("Condition") for z in "AB"] == [None, "Two"]
    assert resources["AppRouteTableB"].get("Tags") == []
    assert resources["Vpc"].location("InstanceTenancy").line == 3


def test_an_exact_network_makes_only_what_it_says() -> None:
    text = LISTED.replace("network:\n", "system: {exact: true}\nnetwork:\n", 1)
    resources = lowered(text)
    assert resources["AppSubnetA"].properties == {
        "VpcId": {"Ref": "Vpc"}, "CidrBlock": "10.0.2.0/24", "EnableDns64": True,
    }  # fmt: skip
    assert resources["Vpc"].properties == {"CidrBlock": {"Ref": "VpcCidr"}, "InstanceTenancy": "dedicated"}
    assert not list(resources.of_type("AWS::EC2::FlowLog"))


def test_one_more_resource_belongs_to_a_part_under_its_type() -> None:
    more = (
        "resources: {DnsOptions: {type: AWS::EC2::VPCDHCPOptionsAssociation, VpcId: !Ref Vpc, DhcpOptionsId: dopt-1}}"
    )
    resources = lowered(f"archproof: 1\nnetwork: {{vpc: {{cidr: 10.0.0.0/16, {more}}}}}\n")
    assert resources["DnsOptions"].properties == {"VpcId": {"Ref": "Vpc"}, "DhcpOptionsId": "dopt-1"}


def test_rules_take_intrinsics_and_have_names_where_they_stand_alone() -> None:
    text = """archproof: 1
system: {exact: true}
network:
  vpc: {cidr: 10.0.0.0/16}
  security_groups:
    web: {ingress: [{port: !Ref Port, from: !Ref Office}, {port: 443, from: web}]}
    app: {ingress: [{port: 80, from: web, logical_id: AppFromWeb}]}
stack: {parameters: {Port: {Type: Number}, Office: {Type: String}}}
"""
    resources = lowered(text)
    web = {"Fn::GetAtt": ["Web", "GroupId"]}
    assert resources["Web"].get("SecurityGroupIngress") == [
        {"IpProtocol": "tcp", "FromPort": {"Ref": "Port"}, "ToPort": {"Ref": "Port"}, "CidrIp": {"Ref": "Office"}},
        {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "SourceSecurityGroupId": web},
    ]  # fmt: skip
    assert "SecurityGroupEgress" not in resources["Web"].properties
    assert resources["AppFromWeb"].get("GroupId") == {"Fn::GetAtt": ["App", "GroupId"]}


@pytest.mark.parametrize(
    ("tier", "message"),
    [
        ("{cidr: hello}", "'cidr' does not have the right form: found the text 'hello', expected a CIDR block such as "
         "10.0.0.0/16"),
        ("{cidr: [10.0.0.0/8]}", "'10.0.0.0/8' is a /8; AWS takes /16 to /28"),
        ("{cidr: {a: 10.0.0.1/24}}", "'10.0.0.1/24' has host bits set; the network is 10.0.0.0/24"),
        ("{cidr: [10.0.0.0/24], route_tables: on}",
         "'route_tables' is one, per_az, main or a tier before this one; found the text 'on'; did you mean 'one'?"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_tier_is_told_in_its_place(tier: str, message: str) -> None:
    text = f"archproof: 1\nnetwork:\n  vpc: {{cidr: 10.0.0.0/16}}\n  subnets: {{t: {tier}}}\n"
    assert [p.split(": ", 1)[1] for p in problems(text)] == [message]


def test_a_name_that_a_part_does_not_make_is_told_with_those_that_it_makes() -> None:
    text = "archproof: 1\nnetwork:\n  vpc: {cidr: 10.0.0.0/16}\n" + (
        "  subnets: {t: {cidr: [10.0.0.0/24], resources: {RuteTable: {Tags: []}}}}\n"
    )
    with pytest.raises(InputError) as caught:
        lowered(text)
    assert [p.message for p in caught.value.problems] == [
        "nothing that 't' makes is called 'RuteTable'; did you mean 'RouteTable'?; made are: SubnetA, RouteTable,"
        " SubnetARouteTable"
    ]
    assert loads(text).network.subnets["t"].blocks == "10.0.0.0/24"
