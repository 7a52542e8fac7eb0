"""A VPC by tiers: subnets by zone, routes, gateways, endpoints, flow logs, ACLs, IPv6."""

from __future__ import annotations

import pytest

from archproof.resources.resource import Resources

from .network import TIERS, complaints, lowered, place, routes


@pytest.fixture(scope="module")
def tiers() -> Resources:
    return lowered(TIERS + "  endpoints: [s3, {service: ecr, subnets: data}]\n")


def test_a_tier_has_a_subnet_in_each_zone_with_an_equal_part_of_its_block(tiers: Resources) -> None:
    subnets = {r.logical_id: r.get("CidrBlock") for r in tiers.of_type("AWS::EC2::Subnet")}
    assert subnets == {
        "PublicSubnetA": "10.20.0.0/23",
        "PublicSubnetB": "10.20.2.0/23",
        "AppSubnetA": "10.20.16.0/21",
        "AppSubnetB": "10.20.24.0/21",
        "DataSubnetA": "10.20.48.0/23",
        "DataSubnetB": "10.20.50.0/23",
    }
    assert tiers["AppSubnetB"].properties == {
        "VpcId": {"Ref": "Vpc"},
        "CidrBlock": "10.20.24.0/21",
        "AvailabilityZone": {"Fn::Select": [1, {"Fn::GetAZs": ""}]},
        "MapPublicIpOnLaunch": False,
        "Tags": [{"Key": "Name", "Value": "shop-app-b"}],
    }


def test_three_zones_take_three_quarters_of_the_tier() -> None:
    resources = lowered(TIERS.replace("10.20.0.0/16}", "10.20.0.0/16, availability_zones: 3}"))
    blocks = [r.get("CidrBlock") for r in resources.of_type("AWS::EC2::Subnet")][3:6]
    assert blocks == ["10.20.16.0/22", "10.20.20.0/22", "10.20.24.0/22"]


def test_each_zone_leaves_by_its_own_nat_gateway_and_an_isolated_tier_by_none(tiers: Resources) -> None:
    assert routes(tiers) == [
        "PublicRouteTable 0.0.0.0/0 InternetGateway",
        "AppRouteTableA 0.0.0.0/0 NatGatewayA",
        "AppRouteTableB 0.0.0.0/0 NatGatewayB",
    ]
    assert tiers["NatGatewayB"].get("SubnetId") == {"Ref": "PublicSubnetB"}
    assert tiers["NatGatewayB"].get("AllocationId") == {"Fn::GetAtt": ["NatAddressB", "AllocationId"]}
    assert tiers["PublicDefaultRoute"].attributes == {"DependsOn": ["InternetGatewayAttachment"]}
    assert tiers["AppSubnetBRouteTable"].properties == {
        "SubnetId": {"Ref": "AppSubnetB"},
        "RouteTableId": {"Ref": "AppRouteTableB"},
    }


def test_a_single_nat_gateway_serves_one_table() -> None:
    resources = lowered(TIERS.replace("10.20.0.0/16}", "10.20.0.0/16, nat: single}"))
    assert [r.logical_id for r in resources.of_type("AWS::EC2::NatGateway")] == ["NatGateway"]
    assert "AppRouteTable 0.0.0.0/0 NatGateway" in routes(resources)


def test_no_gateway_is_made_that_no_tier_needs() -> None:
    text = "archproof: 1\nnetwork: {vpc: {cidr: 10.0.0.0/24}, subnets: {data: {cidr: 10.0.0.0/25}}}\n"
    resources = lowered(text)
    unneeded = ("InternetGateway", "NatGateway", "EIP", "Route")
    assert not resources.of_type(*(f"AWS::EC2::{kind}" for kind in unneeded))


def test_a_property_points_at_the_field_that_says_it(tiers: Resources) -> None:
    assert place(tiers, "AppSubnetB", "CidrBlock") == "7:11"
    assert place(tiers, "AppDefaultRouteA", "NatGatewayId") == "7:32"
    assert place(tiers, "Vpc", "CidrBlock") == "4:9"
    assert place(tiers, "S3Endpoint") == "9:15"
    assert place(tiers, "EcrApiEndpoint", "SubnetIds") == "9:34"
    assert tiers["AppSubnetA"].place == "app"
    assert tiers["AppSubnetA"].title == "app"


def test_a_gateway_endpoint_is_in_every_table(tiers: Resources) -> None:
    assert tiers["S3Endpoint"].get("RouteTableIds") == [
        {"Ref": t} for t in ("PublicRouteTable", "AppRouteTableA", "AppRouteTableB", "DataRouteTable")
    ]


def test_an_interface_endpoint_has_private_dns_and_a_group_of_its_own(tiers: Resources) -> None:
    endpoint = tiers["EcrDkrEndpoint"]
    assert endpoint.get("ServiceName") == {"Fn::Sub": "com.amazonaws.${AWS::Region}.ecr.dkr"}
    assert endpoint.get("PrivateDnsEnabled") is True
    assert endpoint.get("SubnetIds") == [{"Ref": "DataSubnetA"}, {"Ref": "DataSubnetB"}]
    assert endpoint.get("SecurityGroupIds") == [{"Fn::GetAtt": ["EcrDkrEndpointSecurityGroup", "GroupId"]}]


def test_a_group_without_rules_lets_nothing_out(tiers: Resources) -> None:
    egress = tiers["EcrDkrEndpointSecurityGroup"].get("SecurityGroupEgress")
    assert [(rule["IpProtocol"], rule["CidrIp"]) for rule in egress] == [("-1", "127.0.0.1/32")]


def test_flow_logs_go_to_a_log_group_with_a_role_for_this_account_only(tiers: Resources) -> None:
    assert tiers["VpcFlowLog"].get("LogDestination") == {"Fn::GetAtt": ["VpcFlowLogGroup", "Arn"]}
    assert tiers["VpcFlowLog"].get("TrafficType") == "ALL"
    assert tiers["VpcFlowLogGroup"].get("RetentionInDays") == 365
    trust = tiers["VpcFlowLogRole"].get("AssumeRolePolicyDocument", "Statement", 0)
    assert trust["Principal"] == {"Service": "vpc-flow-logs.amazonaws.com"}
    assert trust["Condition"] == {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}


def test_flow_logs_to_s3_make_a_private_bucket_and_none_must_be_said() -> None:
    bucket = lowered(TIERS.replace("10.20.0.0/16}", "10.20.0.0/16, flow_logs: s3, flow_log_retention_days: 90}"))
    assert bucket["VpcFlowLog"].get("LogDestinationType") == "s3"
    assert bucket["VpcFlowLogBucket"].get("LifecycleConfiguration", "Rules", 0, "ExpirationInDays") == 90
    assert bucket["VpcFlowLogBucket"].attributes["DeletionPolicy"] == "Retain"
    assert complaints(bucket) == []
    none = lowered(TIERS.replace("10.20.0.0/16}", "10.20.0.0/16, flow_logs: none}"))
    assert not none.of_type("AWS::EC2::FlowLog")


def test_ipv6_gives_each_subnet_a_part_and_private_tiers_a_way_out_only() -> None:
    resources = lowered(TIERS.replace("10.20.0.0/16}", "10.20.0.0/16, ipv6: true}"))
    blocks = {"Fn::Cidr": [{"Fn::Select": [0, {"Fn::GetAtt": ["Vpc", "Ipv6CidrBlocks"]}]}, 6, 64]}
    assert resources["AppSubnetA"].get("Ipv6CidrBlock") == {"Fn::Select": [2, blocks]}
    assert resources["AppSubnetA"].attributes == {"DependsOn": ["VpcIpv6Cidr"]}
    assert [r for r in routes(resources) if "::/0" in r] == [
        "PublicRouteTable ::/0 InternetGateway",
        "AppRouteTableA ::/0 EgressOnlyGateway",
        "AppRouteTableB ::/0 EgressOnlyGateway",
    ]
    assert complaints(resources) == []


def test_network_acls_are_numbered_entries_on_the_subnets_of_the_tier() -> None:
    acl = "  network_acls: {strict: {ingress: [{number: 100, action: allow, port: 1024-65535}], egress: [{number: 5, action: deny, protocol: icmp}]}}\n"  # noqa: E501
    resources = lowered(TIERS.replace("10.20.48.0/22}", "10.20.48.0/22, network_acl: strict}") + acl)
    assert resources["StrictIngress100"].properties == {
        "NetworkAclId": {"Ref": "Strict"},
        "Egress": False,
        "RuleNumber": 100,
        "RuleAction": "allow",
        "Protocol": 6,
        "CidrBlock": "0.0.0.0/0",
        "PortRange": {"From": 1024, "To": 65535},
    }
    assert resources["StrictEgress5"].get("Icmp") == {"Type": -1, "Code": -1}
    assert place(resources, "StrictIngress100", "PortRange") == "9:66"
    associated = [r.get("SubnetId", "Ref") for r in resources.of_type("AWS::EC2::SubnetNetworkAclAssociation")]
    assert associated == ["DataSubnetA", "DataSubnetB"]
    assert complaints(resources) == []


def test_the_template_of_a_vpc_passes_the_validator(tiers: Resources) -> None:
    assert complaints(tiers) == []


def test_an_id_that_a_component_has_is_not_taken_twice() -> None:
    resources = lowered(TIERS + "components: {vpc_flow_log: {kind: sqs_queue}}\n")
    assert resources["VpcFlowLog"].type == "AWS::SQS::Queue"
    assert resources["VpcFlowLog2"].type == "AWS::EC2::FlowLog"
