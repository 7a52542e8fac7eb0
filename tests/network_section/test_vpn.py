"""Site-to-Site VPN: the gateway of a VPC, a transit gateway, and the routes to what lies behind it."""

from __future__ import annotations

import pytest

from archproof.resources.template import template

from .network import complaints, lowered, place, problems, routes

ONE = """archproof: 1
system: {name: net, region: eu-west-1}
network:
  vpc: {cidr: 10.0.0.0/16, nat: none}
  subnets: {app: {cidr: 10.0.0.0/20}, data: {cidr: 10.0.16.0/20}}
components:
  office: {kind: vpn_connection, to: vpc, address: 198.51.100.7, cidrs: 192.168.0.0/16%s}
"""
HUB = """archproof: 1
system: {name: net, region: eu-west-1}
network:
  vpcs:
    one: {vpc: {cidr: 10.1.0.0/16, nat: none}, subnets: {app1: {cidr: 10.1.0.0/20}}}
    two: {vpc: {cidr: 10.2.0.0/16, nat: none}, subnets: {app2: {cidr: 10.2.0.0/20}}}
  transit_gateway: {attach: [one, two], isolated: [two]}
components:
  office: {kind: vpn_connection, to: transit_gateway, address: 198.51.100.7, cidrs: [192.168.0.0/16, 172.16.0.0/12]}
"""


def test_a_vpc_gets_a_gateway_and_every_table_a_route() -> None:
    found = lowered(ONE % "")
    assert routes(found) == [
        "AppRouteTable 192.168.0.0/16 OfficeGateway",
        "DataRouteTable 192.168.0.0/16 OfficeGateway",
    ]
    assert found["OfficeAppRouteTableRoute"].attributes == {"DependsOn": ["OfficeAttachment"]}
    assert found["OfficeCustomerGateway"].get("IpAddress") == "198.51.100.7"
    assert found["OfficeAttachment"].get("VpnGatewayId") == {"Ref": "OfficeGateway"}
    assert complaints(found) == []


def test_its_routes_are_written_down_unless_bgp_tells_them() -> None:
    static, told = lowered(ONE % ""), lowered(ONE % ", asn: 65010")
    assert static["Office"].get("StaticRoutesOnly") is True
    assert static["OfficeRoute1"].get("DestinationCidrBlock") == "192.168.0.0/16"
    assert place(static, "OfficeRoute1", "DestinationCidrBlock") == "7:66"
    assert told["Office"].get("StaticRoutesOnly") is False
    assert told["OfficeCustomerGateway"].get("BgpAsn") == 65010
    assert "OfficeRoute1" not in told
    assert complaints(told) == []


def test_both_tunnels_are_logged() -> None:
    found = lowered(ONE % "")
    logs = [t["LogOptions"]["CloudwatchLogOptions"] for t in found["Office"].get("VpnTunnelOptionsSpecifications")]
    assert [(log["LogEnabled"], log["LogGroupArn"]) for log in logs] == [
        (True, {"Fn::GetAtt": ["OfficeLogGroup", "Arn"]})
    ] * 2


def test_tiers_may_be_named() -> None:
    assert routes(lowered(ONE % ", subnets: data")) == ["DataRouteTable 192.168.0.0/16 OfficeGateway"]


def test_two_connections_share_the_one_gateway_that_a_vpc_can_have() -> None:
    second = "  branch: {kind: vpn_connection, to: vpc, address: 198.51.100.8, cidrs: 172.16.0.0/12}\n"
    found = lowered(ONE % "" + second)
    assert [r.logical_id for r in found.of_type("AWS::EC2::VPNGateway")] == ["OfficeGateway"]
    assert found["Branch"].get("VpnGatewayId") == {"Ref": "OfficeGateway"}
    assert complaints(found) == []


def test_the_route_tables_of_a_vpc_that_is_a_component_say_it_themselves() -> None:
    found = lowered("""archproof: 1
system: {name: net, region: eu-west-1}
components:
  lan: {kind: vpc, cidr: 10.0.0.0/16}
  back: {kind: subnet, vpc: lan, cidr: 10.0.1.0/24, zone: a}
  table: {kind: route_table, vpc: lan, subnets: back, routes: [{to: 192.168.0.0/16, via: office}]}
  office: {kind: vpn_connection, to: lan, address: 198.51.100.7, cidrs: 192.168.0.0/16}
""")
    assert routes(found) == ["Table 192.168.0.0/16 OfficeGateway"]
    assert found["TableRoute1"].attributes == {"DependsOn": ["OfficeAttachment"]}
    assert complaints(found) == []


def test_through_a_transit_gateway_every_vpc_has_the_way_there() -> None:
    found = lowered(HUB)
    assert found["Office"].get("TransitGatewayId") == {"Ref": "TransitGateway"}
    assert [r for r in routes(found) if "192.168" in r] == [
        "OneApp1RouteTable 192.168.0.0/16 TransitGateway", "TwoApp2RouteTable 192.168.0.0/16 TransitGateway",
    ]  # fmt: skip
    assert found.of_type("AWS::EC2::VPNGateway") == []
    assert complaints(found) == []


def test_the_gateways_own_routes_wait_for_the_attachment_that_only_aws_knows() -> None:
    found = lowered(HUB)
    waiting = [r.logical_id for r in found if r.attributes.get("Condition") == "OfficeIsAttached"]
    assert waiting == [
        "OfficeAssociation", "OfficeTransitGatewayRouteTableRoute", "OfficeTransitGatewayRouteTableRoute2",
        "OfficeTransitGatewayIsolatedRouteTableRoute", "OfficeTransitGatewayIsolatedRouteTableRoute2",
    ]  # fmt: skip
    written = template(found)
    assert written["Conditions"] == {
        "OfficeIsAttached": {"Fn::Not": [{"Fn::Equals": [{"Ref": "OfficeAttachmentId"}, ""]}]}
    }
    assert written["Parameters"]["OfficeAttachmentId"]["Default"] == ""


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ("to: transit_gateway", "'network' has no 'transit_gateway': name a VPC, or a transit gateway among the"),
        ("to: vpc, subnets: [other]", "no subnet is called 'other'"),
        ("to: lan", "no vpc or transit gateway is called 'lan'"),
    ],
)
def test_what_it_cannot_end_at_is_said(said: str, message: str) -> None:
    (found,) = problems(ONE.replace("to: vpc", said) % "")
    assert message in found


def test_a_system_behind_it_is_let_out_to_and_one_elsewhere_is_not() -> None:
    outside = (
        "  plant: {kind: external_system, cidr: 192.168.7.0/24}\n"
        "  shop: {kind: external_system, cidr: 203.0.113.0/24}\n"
        "  fn: {kind: lambda, runtime: python3.13, in: {subnets: app}}\nlinks:\n  - {from: fn, to: [plant, shop]}\n"
    )
    out = [r.get("CidrIp") for r in lowered(ONE % "" + outside).of_type("AWS::EC2::SecurityGroupEgress")]
    assert out == ["192.168.7.0/24"]
