"""Several VPCs: peering, transit gateway, and rules across them."""

from __future__ import annotations

import pytest

from archproof.resources.resource import Resources

from .network import complaints, lowered, place, routes, rules

HUB = """archproof: 1
system: {name: net, region: eu-west-1}
network:
  vpcs:
    hub:
      vpc: {cidr: 10.0.0.0/16, nat: single}
      subnets:
        hub_public: {cidr: 10.0.0.0/20, egress: internet_gateway}
        hub_private: {cidr: 10.0.16.0/20, egress: nat}
    prod:
      vpc: {cidr: 10.1.0.0/16, flow_logs: none}
      subnets: {apps: {cidr: 10.1.0.0/20, egress: transit_gateway}}
    dev:
      vpc: {cidr: 10.2.0.0/16, flow_logs: none}
      subnets: {labs: {cidr: 10.2.0.0/20, egress: transit_gateway}}
  transit_gateway: {attach: [hub, prod, dev], isolated: [prod, dev], egress_vpc: hub}
components:
  caller: {kind: lambda, runtime: nodejs22.x, in: {subnets: apps}}
  db: {kind: rds, engine: postgres, instance_class: db.m7g.large, in: {subnets: hub_private}}
links:
  - {from: caller, to: db}
"""


@pytest.fixture(scope="module")
def hub() -> Resources:
    return lowered(HUB)


def test_ids_begin_with_the_vpc_and_say_it_once(hub: Resources) -> None:
    assert [r.logical_id for r in hub.of_type("AWS::EC2::VPC")] == ["HubVpc", "ProdVpc", "DevVpc"]
    subnets = [r.logical_id for r in hub.of_type("AWS::EC2::Subnet")]
    assert subnets[0] == "HubPublicSubnetA"
    assert subnets[4] == "ProdAppsSubnetA"
    assert hub["ProdAppsSubnetA"].get("Tags") == [{"Key": "Name", "Value": "net-prod-apps-a"}]


def test_isolated_spokes_reach_the_hub_and_not_each_other(hub: Resources) -> None:
    found = [r for r in routes(hub) if r.endswith("TransitGateway")]
    assert found == [
        "HubPublicRouteTable 10.1.0.0/16 TransitGateway",
        "HubPublicRouteTable 10.2.0.0/16 TransitGateway",
        "HubPrivateRouteTable 10.1.0.0/16 TransitGateway",
        "HubPrivateRouteTable 10.2.0.0/16 TransitGateway",
        "ProdAppsRouteTable 10.0.0.0/16 TransitGateway",
        "ProdAppsRouteTable 0.0.0.0/0 TransitGateway",
        "DevLabsRouteTable 10.0.0.0/16 TransitGateway",
        "DevLabsRouteTable 0.0.0.0/0 TransitGateway",
    ]
    known = {
        (r.get("TransitGatewayRouteTableId", "Ref"), r.get("TransitGatewayAttachmentId", "Ref"))
        for r in hub.of_type("AWS::EC2::TransitGatewayRouteTablePropagation")
    }
    assert known == {
        ("TransitGatewayRouteTable", "TransitGatewayHubAttachment"),
        ("TransitGatewayRouteTable", "TransitGatewayProdAttachment"),
        ("TransitGatewayRouteTable", "TransitGatewayDevAttachment"),
        ("TransitGatewayIsolatedRouteTable", "TransitGatewayHubAttachment"),
    }
    assert hub["TransitGatewayProdAssociation"].get("TransitGatewayRouteTableId") == {
        "Ref": "TransitGatewayIsolatedRouteTable"
    }


def test_awss_own_table_is_off_and_spokes_leave_through_the_hub(hub: Resources) -> None:
    assert hub["TransitGateway"].get("DefaultRouteTableAssociation") == "disable"
    default = hub["TransitGatewayIsolatedRouteTableDefault"]
    assert default.get("TransitGatewayAttachmentId") == {"Ref": "TransitGatewayHubAttachment"}
    assert place(hub, "TransitGatewayIsolatedRouteTableDefault", "DestinationCidrBlock") == "16:70"


def test_across_a_transit_gateway_rules_name_addresses(hub: Resources) -> None:
    assert rules(hub) == [
        "DbIngressFrom10x1x0x0x20Port5432: caller queries db @21",
        "CallerEgressTo10x0x16x0x20Port5432: caller queries db @21",
    ]


def test_a_peering_has_routes_on_both_sides_and_rules_name_groups() -> None:
    text = HUB.replace(
        "  transit_gateway: {attach: [hub, prod, dev], isolated: [prod, dev], egress_vpc: hub}\n",
        "  peerings: [{between: [prod, hub], subnets: [apps, hub_private]}]\n",
    ).replace(", egress: transit_gateway", "")
    resources = lowered(text)
    assert [r for r in routes(resources) if r.endswith("ProdHubPeering")] == [
        "ProdAppsRouteTable 10.0.0.0/16 ProdHubPeering",
        "HubPrivateRouteTable 10.1.0.0/16 ProdHubPeering",
    ]
    assert rules(resources)[1] == "CallerEgressToDb5432: caller queries db @21"
    assert complaints(resources) == []


def test_the_template_passes_the_validator(hub: Resources) -> None:
    assert complaints(hub) == []
