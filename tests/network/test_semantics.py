"""What AWS does where scanners guess: each case a small network and the question that tells."""

from __future__ import annotations

from typing import Any

import pytest

from archproof.network.system import Network
from archproof.resources.resource import Resource, Resources
from tests.network.test_codes import ALL, Lab, acl, balanced, joined, open_web, ref, route, rule, vpc


def verdict(lab: Lab, *question: Any) -> str:
    return lab.ask(*question).verdict


def _two_zones_database() -> Lab:
    lab = vpc(Lab(), "V", 0, "ab")
    lab.add("Subnets", "AWS::RDS::DBSubnetGroup", SubnetIds=[ref("Va"), ref("Vb")])
    lab.add(
        "DbGroup",
        "SecurityGroup",
        VpcId=ref("V"),
        SecurityGroupEgress=[],
        SecurityGroupIngress=[rule(ALL, "tcp", 5432)],
    )
    return lab.add("Db", "AWS::RDS::DBInstance", Engine="postgres", DBSubnetGroupName=ref("Subnets"),
                   PubliclyAccessible=True, VPCSecurityGroups=[ref("DbGroup")])  # fmt: skip


def test_a_database_is_met_from_the_internet_where_one_of_its_subnets_leads_there() -> None:
    lab = _two_zones_database()
    assert verdict(lab, "internet", "Db", 5432) == "blocked"
    assert verdict(route(lab, "VbTable", ALL, GatewayId=ref("VGate")), "internet", "Db", 5432) == "reachable"
    assert verdict(lab.say("Db", PubliclyAccessible=False), "internet", "Db", 5432) == "blocked"


def test_the_default_group_that_terraform_takes_over_is_the_one_of_what_names_none() -> None:
    lab = vpc(Lab(), "V", 0, "a").add("Bare", "Instance", SubnetId=ref("Va"))
    assert verdict(lab, "VaServer", "Bare", 22) == "blocked"
    lab.add("D", "SecurityGroup", VpcId=ref("V"), GroupDescription="default VPC security group",
            SecurityGroupIngress=[rule(ALL, "tcp", 22)])  # fmt: skip
    assert verdict(lab, "VaServer", "Bare", 22) == "reachable"


@pytest.mark.parametrize(("others", "expected"), [(0, "blocked"), (1, "unknown")])
def test_the_default_acl_that_terraform_takes_over_is_that_of_subnets_that_name_none(
    others: int, expected: str
) -> None:
    resources = Resources()
    lab = vpc(Lab(), "V", 0, "ab")
    for number in range(others):
        vpc(lab, f"W{number}", 1 + number)
    for id, (type, said) in lab.parts.items():
        resources.add(Resource(id, type, said))
    assert Network(resources).ask("VaServer", "VbServer", 443).verdict == "reachable"
    resources.add(Resource("N", "AWS::EC2::NetworkAcl", {}, address="aws_default_network_acl.n"))
    assert Network(resources).ask("VaServer", "VbServer", 443).verdict == expected


def test_a_balancer_with_an_internal_scheme_is_no_way_in() -> None:
    lab = balanced()
    for subnet in ("Va", "Vb"):
        route(lab, f"{subnet}Table", ALL, GatewayId=ref("VGate"))
    assert verdict(lab, "internet", "VbServer", 443) == "blocked"
    assert verdict(lab.say("B", Scheme="internet-facing"), "internet", "VbServer", 443) == "reachable"


def test_a_balancer_needs_a_way_to_its_targets_of_its_own() -> None:
    lab = balanced()
    assert verdict(lab, "Client", "VbServer", 443) == "reachable"
    assert (
        verdict(lab.say("BGroup", SecurityGroupEgress=[rule(ALL, "tcp", 9090)]), "Client", "VbServer", 443) == "blocked"
    )


def test_the_targets_of_a_network_balancer_without_groups_see_its_addresses() -> None:
    lab = balanced("network").say("B", SecurityGroups=None)
    lab.say("G", TargetGroupAttributes=[{"Key": "preserve_client_ip.enabled", "Value": "false"}])
    assert verdict(lab, "Client", "VbServer", 443) == "blocked"
    assert (
        verdict(lab.say("Inner", SecurityGroupIngress=[rule("10.0.0.0/24", "tcp", 8080)]), "Client", "VbServer", 443)
        == "reachable"
    )


def test_a_function_in_a_public_subnet_has_no_way_out() -> None:
    lab = open_web().add("F", "AWS::Lambda::Function",
                         VpcConfig={"SubnetIds": [ref("Va")], "SecurityGroupIds": [ref("VGroup")]})  # fmt: skip
    assert [s.code for s in lab.ask("F", "8.8.8.8", 443).blockers] == ["LAMBDA_HAS_NO_PUBLIC_IP"]


def test_groups_of_a_peered_vpc_are_known_and_those_behind_a_transit_gateway_with_its_option() -> None:
    named = [rule("VGroup")]
    assert (
        verdict(joined("peering").say("WGroup", SecurityGroupIngress=named), "VaServer", "WaServer", 443) == "reachable"
    )
    lab = joined("transit").say("WGroup", SecurityGroupIngress=named)
    assert verdict(lab, "VaServer", "WaServer", 443) == "blocked"
    lab.say("T", SecurityGroupReferencingSupport="enable")
    assert verdict(lab, "VaServer", "WaServer", 443) == "reachable"
    # rules of egress may not name them
    lab.say("VGroup", SecurityGroupEgress=[rule("WGroup", side="Destination")])
    assert verdict(lab, "VaServer", "WaServer", 443) == "blocked"


def test_secondary_blocks_are_reached_by_peering_where_they_are_routed() -> None:
    lab = joined("peering").add("WMore", "VPCCidrBlock", VpcId=ref("W"), CidrBlock="10.50.0.0/16")
    lab.say("Wa", CidrBlock="10.50.0.0/24").say("WaServer", PrivateIpAddress="10.50.0.10")
    assert verdict(lab, "VaServer", "WaServer", 443) == "blocked"
    route(lab, "VaTable", "10.50.0.0/16", VpcPeeringConnectionId=ref("P"))
    assert verdict(lab, "VaServer", "WaServer", 443) == "reachable"


def test_a_route_more_specific_than_the_vpc_is_followed() -> None:
    lab = vpc(Lab(), "V", 0, "ab")
    assert verdict(lab, "VaServer", "VbServer", 443) == "reachable"
    route(lab, "VaTable", "10.0.1.0/24", NetworkInterfaceId="eni-firewall")
    assert verdict(lab, "VaServer", "VbServer", 443) == "unknown"
    lab.states["VaTable1001024"] = "blackhole"
    assert verdict(lab, "VaServer", "VbServer", 443) == "blocked"


def test_an_endpoint_of_a_gateway_balancer_is_not_followed() -> None:
    lab = open_web().say("VaTable00000", GatewayId=None, VpcEndpointId=ref("E"))
    lab.add(
        "E",
        "VPCEndpoint",
        VpcEndpointType="GatewayLoadBalancer",
        VpcId=ref("V"),
        ServiceName="com.amazonaws.vpce.us-east-1.vpce-svc-1",
    )
    assert verdict(lab, "VaServer", "8.8.8.8", 443) == "unknown"


def test_what_only_deployment_tells_is_unknown() -> None:
    unknown = {"Fn::ImportValue": "theirs"}
    assert verdict(open_web().say("VGroup", SecurityGroupEgress=unknown), "VaServer", "8.8.8.8", 443) == "unknown"
    assert verdict(open_web().say("VaIn", RouteTableId=unknown), "VaServer", "8.8.8.8", 443) == "unknown"
    assert (
        verdict(open_web().say("VaTable00000", DestinationCidrBlock=unknown), "VaServer", "8.8.8.8", 443) == "unknown"
    )
    assert verdict(acl(open_web(), "Va").say("AclTrue", RuleAction=unknown), "VaServer", "8.8.8.8", 443) == "unknown"
    assert (
        verdict(
            open_web().say("VGroup", SecurityGroupEgress=[rule(ALL) | {"CidrIp": unknown}]), "VaServer", "8.8.8.8", 443
        )
        == "unknown"
    )


def test_an_account_may_shut_the_internet_out_and_exempt_a_subnet() -> None:
    lab = open_web().add("Bpa", "VPCBlockPublicAccessOptions", InternetGatewayBlockMode="block-bidirectional")
    assert verdict(lab, "VaServer", "8.8.8.8", 443) == "blocked"
    lab.add("Ex", "VPCBlockPublicAccessExclusion", SubnetId=ref("Va"), InternetGatewayExclusionMode="allow-egress")
    assert verdict(lab, "VaServer", "8.8.8.8", 443) == "reachable"
    assert verdict(lab, "internet", "VaServer", 443) == "blocked"


def test_private_addresses_of_another_vpc_are_not_met_over_the_internet() -> None:
    lab = open_web()
    vpc(lab, "W", 1)
    route(lab, "WaTable", ALL, GatewayId=ref("WGate"))
    lab.add("WaEip", "EIP", InstanceId=ref("WaServer"), Address="44.0.0.2")
    assert verdict(lab, "VaServer", "10.1.0.10", 443) == "blocked"
    assert verdict(lab, "VaServer", "44.0.0.2", 443) == "reachable"
    assert verdict(lab, "VaServer", "WaServer", 443) == "reachable"  # by its public address
    # what comes over the internet comes from the public address
    lab.say("WGroup", SecurityGroupIngress=[rule("10.0.0.0/8")])
    assert verdict(lab, "VaServer", "44.0.0.2", 443) == "blocked"
    assert (
        verdict(lab.say("WGroup", SecurityGroupIngress=[rule("44.0.0.1/32")]), "VaServer", "44.0.0.2", 443)
        == "reachable"
    )


def test_an_endpoint_of_another_zone_serves_and_one_without_private_names_does_not() -> None:
    lab = vpc(Lab(), "V", 0, "ab")
    lab.add("E", "VPCEndpoint", VpcEndpointType="Interface", VpcId=ref("V"), ServiceName="com.amazonaws.us-east-1.sqs",
            SubnetIds=[ref("Vb")], SecurityGroupIds=[ref("VGroup")], PrivateDnsEnabled=True)  # fmt: skip
    assert verdict(lab, "VaServer", "sqs", 443) == "reachable"
    assert verdict(lab.say("E", PrivateDnsEnabled=False), "VaServer", "sqs", 443) == "blocked"


def test_groups_of_another_region_are_not_known_across_peering() -> None:
    lab = joined("peering").say("WGroup", SecurityGroupIngress=[rule("VGroup")])
    lab.say("P", PeerRegion="eu-west-1")
    assert [s.code for s in lab.ask("VaServer", "WaServer", 443).blockers] == ["SG_REFERENCES_NOT_PRESERVED"]


def test_networks_of_the_same_addresses_do_not_meet() -> None:
    lab = vpc(Lab(), "V", 0)
    vpc(lab, "W", 0)
    assert verdict(lab, "VaServer", "WaServer", 443) == "blocked"
    lab.add("Other", "Instance", SubnetId=ref("Va"), PrivateIpAddress="10.0.0.11", SecurityGroupIds=[ref("VGroup")])
    assert verdict(lab, "Other", "10.0.0.10", 443) == "reachable"
    lab.say("VGroup", SecurityGroupIngress=[])
    assert verdict(lab, "Other", "10.0.0.10", 443) == "blocked"


def test_a_rule_for_some_messages_of_icmp_lets_no_ping_be_proved() -> None:
    lab = vpc(Lab(), "V", 0, "ab").add("Pinged", "SecurityGroup", VpcId=ref("V"))
    lab.say("VbServer", SecurityGroupIds=[ref("Pinged")])
    for type, expected in ((8, "reachable"), (-1, "reachable"), (3, "unknown")):
        lab.say("Pinged", SecurityGroupIngress=[rule("10.0.0.0/8", "icmp", type)])
        assert verdict(lab, "VaServer", "VbServer", None, "icmp") == expected


def _both_ways() -> Lab:
    """Two VPCs with a peering connection and a transit gateway: there by the one, back by the other."""
    lab = joined("transit").add("P", "VPCPeeringConnection", VpcId=ref("V"), PeerVpcId=ref("W"))
    return lab.say("VaTable1010016", TransitGatewayId=None, VpcPeeringConnectionId=ref("P"))


def test_answers_may_come_home_by_another_connection_than_their_session_took() -> None:
    lab = _both_ways()
    answer = lab.ask("VaServer", "WaServer", 443)
    assert (answer.verdict, answer.back) == ("reachable", "all")
    assert verdict(lab, "WaServer", "VaServer", 443) == "reachable"
    # where the other connection loses them, that is the reason
    del lab.parts["VFill"]
    assert [s.code for s in lab.ask("VaServer", "WaServer", 443).blockers] == ["TGW_RTB_NO_ROUTE_TO_TGW_ATTACHMENT"]


def test_answers_that_take_another_connection_are_judged_by_its_acls() -> None:
    # the attachment stands in a subnet of its own: in one with its servers, no ACL judges what comes out of the gateway
    lab = _both_ways().add("Vx", "Subnet", VpcId=ref("V"), CidrBlock="10.0.9.0/28", AvailabilityZone="us-east-1a")
    acl(lab.say("VAtt", SubnetIds=[ref("Vx")]), "Va").say(
        "AclFalse", PortRange={"From": 32768, "To": 65535}, Protocol=6
    )
    answer = lab.ask("VaServer", "WaServer", 443)
    assert (answer.verdict, answer.back) == ("reachable", "some")
    assert answer.notes == ["answers get through on some of the ports that clients use (32768-65535), not on all"]
    assert lab.say("AclFalse", PortRange={"From": 0, "To": 1023}).ask("VaServer", "WaServer", 443).back == "none"


def test_all_some_or_none_of_the_ports_of_clients_get_answers() -> None:
    lab = acl(open_web(), "Va")
    for ports, share, expected in (
        (None, "all", "reachable"), ((1024, 65535), "all", "reachable"), ((49152, 65535), "some", "reachable"),
        ((0, 1023), "none", "blocked"),
    ):  # fmt: skip
        lab.say(
            "AclFalse", Protocol=6 if ports else -1, PortRange={"From": ports[0], "To": ports[1]} if ports else None
        )
        answer = lab.ask("VaServer", "8.8.8.8", 443)
        assert (answer.back, answer.verdict) == (share, expected)
        assert answer.as_dict()["return"]["ephemeral_ports"] == share


def test_a_public_address_that_nobody_knows_yet_may_be_any() -> None:
    lab = open_web()
    vpc(lab, "W", 1)
    route(lab, "WaTable", ALL, GatewayId=ref("WGate"))
    lab.add("WaEip", "EIP", InstanceId=ref("WaServer"))
    for block, expected in (
        (ALL, "reachable"),
        ("3.0.0.0/8", "unknown"),
        ("0.0.0.0/1", "unknown"),
        ("10.0.0.0/8", "blocked"),
    ):
        lab.say("VGroup", SecurityGroupIngress=[rule(block)])
        assert verdict(lab, "WaServer", "44.0.0.1", 443) == expected


def test_a_balancer_that_faces_the_internet_is_met_from_another_vpc_by_its_public_address() -> None:
    lab = vpc(balanced(), "W", 1)
    lab.say("B", Scheme="internet-facing")
    for table, gate in (("VaTable", "VGate"), ("VbTable", "VGate"), ("WaTable", "WGate")):
        route(lab, table, ALL, GatewayId=ref(gate))
    assert verdict(lab, "WaServer", "VbServer", 443) == "blocked"
    lab.add("WaEip", "EIP", InstanceId=ref("WaServer"), Address="44.0.0.2")
    assert verdict(lab, "WaServer", "VbServer", 443) == "reachable"
    assert verdict(lab.say("B", Scheme="internal"), "WaServer", "VbServer", 443) == "blocked"


def test_the_target_of_a_balancer_that_keeps_addresses_sees_the_public_one_of_who_came_by_a_gateway() -> None:
    lab = vpc(balanced("network"), "W", 1)
    lab.say("B", Scheme="internet-facing")
    for table, gate in (("VaTable", "VGate"), ("VbTable", "VGate"), ("WaTable", "WGate")):
        route(lab, table, ALL, GatewayId=ref(gate))
    lab.add("WaEip", "EIP", InstanceId=ref("WaServer"), Address="44.0.0.2")
    lab.say("B", SecurityGroups=None).say("Inner", SecurityGroupIngress=[rule("44.0.0.2/32", "tcp", 8080)])
    assert verdict(lab, "WaServer", "VbServer", 443) == "reachable"
    assert verdict(
        lab.say("Inner", SecurityGroupIngress=[rule("10.1.0.0/16", "tcp", 8080)]), "WaServer", "VbServer"
    ) == ("blocked")


def test_a_client_whose_address_is_kept_gets_answers_on_one_port_from_both_parts_of_its_way() -> None:
    lab = balanced("network").add(
        "Vc", "Subnet", VpcId=ref("V"), CidrBlock="10.0.5.0/24", AvailabilityZone="us-east-1a"
    )
    lab.say("Client", SubnetId=ref("Vc"), PrivateIpAddress="10.0.5.20").say("B", SecurityGroups=None)
    lab.say("Inner", SecurityGroupIngress=[rule("10.0.5.0/24", "tcp", 8080)])
    acl(lab, "Vb").say("AclTrue", Protocol=6, PortRange={"From": 49152, "To": 65535})
    assert lab.ask("Client", "VbServer", 443).back == "some"
    lab.add("Near", "NetworkAcl", VpcId=ref("V"))
    lab.add("NearIn", "SubnetNetworkAclAssociation", SubnetId=ref("Vc"), NetworkAclId=ref("Near"))
    for egress, ports in ((True, None), (False, {"From": 1024, "To": 49151})):
        lab.add(f"Near{egress}", "NetworkAclEntry", NetworkAclId=ref("Near"), RuleNumber=100, Egress=egress,
                CidrBlock=ALL, RuleAction="allow", Protocol=6 if ports else -1, PortRange=ports)  # fmt: skip
    answer = lab.ask("Client", "VbServer", 443)
    assert (answer.verdict, {s.code for s in answer.blockers}) == ("blocked", {"SUBNET_ACL_RESTRICTION"})
