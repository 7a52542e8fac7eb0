"""Transit gateways and load balancers, whose responses are spread over many commands."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from archproof.sources.reading import read

TGW, TABLE, ATTACHMENT = "tgw-0a1b2c3d", "tgw-rtb-0a1b2c3d", "tgw-attach-0a1b2c3d"
ARN = "arn:aws:elasticloadbalancing:us-east-1:444455556666:"
LB, GROUP = f"{ARN}loadbalancer/net/n/1", f"{ARN}targetgroup/t/1"
ASSOCIATED = {"TransitGatewayRouteTableId": TABLE, "State": "associated"}
TRANSIT: dict[str, Any] = {
    "TransitGatewayAttachments": [
        {"TransitGatewayAttachmentId": ATTACHMENT, "TransitGatewayId": TGW, "ResourceType": "vpc",
         "ResourceId": "vpc-0a1b2c3d", "Association": ASSOCIATED},
        {"TransitGatewayAttachmentId": "tgw-attach-1", "ResourceType": "direct-connect-gateway"},
    ],
    "TransitGatewayVpcAttachments": [
        {"TransitGatewayAttachmentId": ATTACHMENT, "TransitGatewayId": TGW, "VpcId": "vpc-0a1b2c3d",
         "Tags": [{"Key": "Name", "Value": "hub to shop"}]}],
    "TransitGateways": [{"TransitGatewayId": TGW, "Options": {"DefaultRouteTableAssociation": "enable"}}],
    "TransitGatewayRouteTables": [
        {"TransitGatewayRouteTableId": TABLE, "TransitGatewayId": TGW, "DefaultAssociationRouteTable": True}],
    "TransitGatewayStaticRoutes": [
        {"TransitGatewayRouteTableId": TABLE, "Routes": [
            {"DestinationCidrBlock": "10.1.0.0/16", "Type": "static",
             "TransitGatewayAttachments": [{"TransitGatewayAttachmentId": ATTACHMENT}]},
            {"DestinationCidrBlock": "192.168.0.0/16", "Type": "static", "State": "blackhole"}]}],
    "TransitGatewayPropagations": [
        {"TransitGatewayRouteTableId": TABLE, "TransitGatewayRouteTablePropagations": [
            {"TransitGatewayAttachmentId": ATTACHMENT, "State": "enabled"},
            {"TransitGatewayAttachmentId": "tgw-attach-1", "State": "not-enabled"}]}],
}  # fmt: skip
FORWARD = {
    "Type": "forward", "TargetGroupArn": GROUP, "ForwardConfig": {"TargetGroups": [{"TargetGroupArn": GROUP}]},
}  # fmt: skip
BALANCERS: dict[str, Any] = {
    "LoadBalancerListeners": [{"LoadBalancerArn": LB, "Listeners": [
        {"ListenerArn": f"{ARN}listener/net/n/1/2", "LoadBalancerArn": LB, "Port": 80, "Protocol": "TCP",
         "DefaultActions": [FORWARD]}]}],
    "LoadBalancerTargetHealth": [{"TargetGroupArn": GROUP, "TargetHealthDescriptions": [
        {"Target": {"Id": "10.0.0.5", "Port": 80}, "TargetHealth": {"State": "healthy"}}]}],
    "LoadBalancerAttributes": [{"LoadBalancerArn": LB, "Attributes": [
        {"Key": "deletion_protection.enabled", "Value": "true"}]}],
    "LoadBalancers": [{"LoadBalancerArn": LB, "LoadBalancerName": "n", "Type": "network"}],
    "TargetGroups": [{"TargetGroupArn": GROUP, "TargetGroupName": "t", "Port": 80, "Protocol": "TCP"}],
}  # fmt: skip


def test_a_transit_gateway_has_its_attachments_routes_associations_and_propagations(tmp_path: Path) -> None:
    (tmp_path / "t.json").write_text(json.dumps(TRANSIT), encoding="utf-8")
    resources = read(tmp_path)
    table, attachment = {"Ref": "TransitGatewayRouteTable2c3d"}, {"Ref": "HubToShopTransitGatewayAttachment"}
    both = {"TransitGatewayAttachmentId": attachment, "TransitGatewayRouteTableId": table}
    routes = [r.properties for r in resources.of_type("AWS::EC2::TransitGatewayRoute")]
    assert routes == [
        {"DestinationCidrBlock": "10.1.0.0/16", **both},
        {"DestinationCidrBlock": "192.168.0.0/16", "TransitGatewayRouteTableId": table, "Blackhole": True},
    ]
    association = resources["HubToShopTransitGatewayAttachmentRouteTableAssociation"]
    assert (association.properties, association.made_by) == (both, "aws")
    assert resources["HubToShopTransitGatewayAttachmentRouteTablePropagation"].properties == both
    assert len(resources.of_type("AWS::EC2::TransitGatewayRouteTablePropagation")) == 1
    why = "the attachment tgw-attach-1 of a direct-connect-gateway, which no file describes"
    assert [(u.what, u.why) for u in resources.unknown] == [("TransitGatewayAttachments", why)]


def test_a_load_balancer_has_its_listeners_attributes_and_targets(tmp_path: Path) -> None:
    (tmp_path / "b.json").write_text(json.dumps(BALANCERS), encoding="utf-8")
    resources = read(tmp_path)
    assert resources["NLoadBalancerTCP80Listener"].properties == {
        "LoadBalancerArn": {"Ref": "NLoadBalancer"}, "Port": 80, "Protocol": "TCP",
        "DefaultActions": [{"Type": "forward", "TargetGroupArn": {"Ref": "TTargetGroup"}}],
    }  # fmt: skip
    assert resources["NLoadBalancer"].get("LoadBalancerAttributes") == [
        {"Key": "deletion_protection.enabled", "Value": "true"}
    ]
    assert resources["TTargetGroup"].get("Targets") == [{"Id": "10.0.0.5", "Port": 80}]
    assert (resources.region, resources.account) == ("us-east-1", "444455556666")
