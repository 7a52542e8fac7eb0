"""Every code that can block: a network in which it alone does, and which opens when what it names is changed.

Walked code by code through the list of AWS's VPC Reachability Analyzer; `LISTED` holds that list, and a test finds every
code of it in a case below. Two of them only leave a question open: UNSUPPORTED_COMPONENT (a part that is not followed)
and UNKNOWN_DESTINATION (an address that nobody is known to have), tested in `OPEN`. Those of permission
(IAM_IMPLICIT_DENY, IAM_EXPLICIT_DENY, RESOURCE_POLICY_DENY, ENDPOINT_POLICY_DENY, KMS_KEY_POLICY_DENY) have their cases
in tests/iam and tests/proofs: no network blocks with them.
"""

# ruff: noqa: E501 (a case is a line)

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from archproof.network.answers import Answer
from archproof.network.system import Network
from archproof.resources.resource import Resource, Resources

Parts = dict[str, tuple[str, dict[str, Any]]]
ALL = "0.0.0.0/0"


class Lab:
    """Parts of a network, which a test spoils and mends."""

    def __init__(self) -> None:
        self.parts: Parts = {}
        self.states: dict[str, str] = {}

    def add(self, id: str, type: str, **said: Any) -> Lab:
        self.parts[id] = (type if "::" in type else f"AWS::EC2::{type}", said)
        return self

    def say(self, id: str, **said: Any) -> Lab:
        self.parts[id][1].update(said)
        return self

    def ask(self, source: str, target: str, port: int | None = None, protocol: str = "tcp") -> Answer:
        resources = Resources()
        for id, (type, said) in self.parts.items():
            state = {key: self.states[id] for key in ("State", "Status") if id in self.states}
            resources.add(Resource(id, type, {k: v for k, v in said.items() if v is not None}, attributes=state))
        return Network(resources).ask(source, target, port, protocol)


def ref(id: str) -> dict[str, str]:
    return {"Ref": id}


def rule(peer: str, protocol: str = "-1", port: int | None = None, side: str = "Source") -> dict[str, Any]:
    held: dict[str, Any] = {"IpProtocol": protocol}
    if port is not None:
        held |= {"FromPort": port, "ToPort": port}
    if "/" in peer:
        return held | {"CidrIp": peer}
    return held | {f"{side}SecurityGroupId": {"Fn::GetAtt": [peer, "GroupId"]}}


def vpc(lab: Lab, name: str, number: int, zones: str = "a") -> Lab:
    """A VPC with an internet gateway, one subnet a zone with a table of its own, and a server in each."""
    lab.add(name, "VPC", CidrBlock=f"10.{number}.0.0/16")
    lab.add(f"{name}Gate", "InternetGateway")
    lab.add(f"{name}Joined", "VPCGatewayAttachment", VpcId=ref(name), InternetGatewayId=ref(f"{name}Gate"))
    lab.add(f"{name}Group", "SecurityGroup", VpcId=ref(name), SecurityGroupIngress=[rule(ALL)],
            SecurityGroupEgress=[rule(ALL)])  # fmt: skip
    for position, zone in enumerate(zones):
        subnet = f"{name}{zone}"
        lab.add(
            subnet,
            "Subnet",
            VpcId=ref(name),
            CidrBlock=f"10.{number}.{position}.0/24",
            AvailabilityZone=f"us-east-1{zone}",
        )
        lab.add(f"{subnet}Table", "RouteTable", VpcId=ref(name))
        lab.add(f"{subnet}In", "SubnetRouteTableAssociation", SubnetId=ref(subnet), RouteTableId=ref(f"{subnet}Table"))
        lab.add(f"{subnet}Server", "Instance", SubnetId=ref(subnet), PrivateIpAddress=f"10.{number}.{position}.10",
                SecurityGroupIds=[ref(f"{name}Group")])  # fmt: skip
    return lab


def route(lab: Lab, table: str, to: str, **via: Any) -> Lab:
    return lab.add(f"{table}{to.replace('.', '').replace('/', '')}", "Route", RouteTableId=ref(table),
                   DestinationCidrBlock=to, **via)  # fmt: skip


def public(lab: Lab, subnet: str, name: str) -> Lab:
    route(lab, f"{subnet}Table", ALL, GatewayId=ref(f"{name}Gate"))
    return lab.add(f"{subnet}Eip", "EIP", InstanceId=ref(f"{subnet}Server"), Address="44.0.0.1")


def open_web() -> Lab:
    return public(vpc(Lab(), "V", 0), "Va", "V")


def joined(kind: str) -> Lab:
    """Two VPCs that reach each other by peering or a transit gateway."""
    lab = vpc(vpc(Lab(), "V", 0), "W", 1)
    if kind == "peering":
        lab.add("P", "VPCPeeringConnection", VpcId=ref("V"), PeerVpcId=ref("W"))
        via: dict[str, Any] = {"VpcPeeringConnectionId": ref("P")}
    else:
        lab.add("T", "TransitGateway", DefaultRouteTableAssociation="disable", DefaultRouteTablePropagation="disable")
        lab.add("TTable", "TransitGatewayRouteTable", TransitGatewayId=ref("T"))
        for name in ("V", "W"):
            lab.add(
                f"{name}Att",
                "TransitGatewayAttachment",
                TransitGatewayId=ref("T"),
                VpcId=ref(name),
                SubnetIds=[ref(f"{name}a")],
            )
            lab.add(f"{name}Assoc", "TransitGatewayRouteTableAssociation", TransitGatewayAttachmentId=ref(f"{name}Att"),
                    TransitGatewayRouteTableId=ref("TTable"))  # fmt: skip
            lab.add(f"{name}Fill", "TransitGatewayRouteTablePropagation", TransitGatewayAttachmentId=ref(f"{name}Att"),
                    TransitGatewayRouteTableId=ref("TTable"))  # fmt: skip
        via = {"TransitGatewayId": ref("T")}
    route(lab, "VaTable", "10.1.0.0/16", **via)
    return route(lab, "WaTable", "10.0.0.0/16", **via)


def balanced(kind: str = "application") -> Lab:
    """A load balancer in two zones before the server of one."""
    lab = vpc(Lab(), "V", 0, "ab")
    lab.add("Client", "Instance", SubnetId=ref("Va"), PrivateIpAddress="10.0.0.20", SecurityGroupIds=[ref("VGroup")])
    # the client may speak to the balancer alone, so that straight ways need two changes
    lab.add("CGroup", "SecurityGroup", VpcId=ref("V"), SecurityGroupEgress=[rule("10.0.0.0/24", side="Destination")])
    lab.say("Client", SecurityGroupIds=[ref("CGroup")])
    lab.add("Inner", "SecurityGroup", VpcId=ref("V"), SecurityGroupEgress=[rule(ALL)],
            SecurityGroupIngress=[rule("BGroup", "tcp", 8080)])  # fmt: skip
    lab.say("VbServer", SecurityGroupIds=[ref("Inner")])
    lab.add(
        "BGroup", "SecurityGroup", VpcId=ref("V"), SecurityGroupIngress=[rule(ALL)], SecurityGroupEgress=[rule(ALL)]
    )
    elb = "AWS::ElasticLoadBalancingV2::"
    lab.add("B", f"{elb}LoadBalancer", Type=kind, Scheme="internal", Subnets=[ref("Va"), ref("Vb")],
            SecurityGroups=[ref("BGroup")],
            LoadBalancerAttributes=[{"Key": "load_balancing.cross_zone.enabled", "Value": "true"}])  # fmt: skip
    protocol = "HTTP" if kind == "application" else "TCP"
    lab.add("L", f"{elb}Listener", LoadBalancerArn=ref("B"), Port=443, Protocol=protocol,
            DefaultActions=[{"Type": "forward", "TargetGroupArn": ref("G")}])  # fmt: skip
    lab.add(
        "G", f"{elb}TargetGroup", Port=8080, Protocol=protocol, TargetType="instance", Targets=[{"Id": ref("VbServer")}]
    )
    return lab


def acl(lab: Lab, subnet: str) -> Lab:
    lab.add("Acl", "NetworkAcl", VpcId=ref("V"))
    lab.add("AclIn", "SubnetNetworkAclAssociation", SubnetId=ref(subnet), NetworkAclId=ref("Acl"))
    for egress in (True, False):
        lab.add(f"Acl{egress}", "NetworkAclEntry", NetworkAclId=ref("Acl"), RuleNumber=100, Egress=egress, Protocol=-1,
                RuleAction="allow", CidrBlock=ALL)  # fmt: skip
    return lab


def endpoint() -> Lab:
    """A server with a gateway endpoint of S3 in its table."""
    lab = vpc(Lab(), "V", 0)
    lab.add("List", "PrefixList", PrefixListName="com.amazonaws.us-east-1.s3", Entries=[{"Cidr": "52.216.0.0/15"}])
    return lab.add("E", "VPCEndpoint", VpcId=ref("V"), VpcEndpointType="Gateway", ServiceName="com.amazonaws.us-east-1.s3",
                   RouteTableIds=[ref("VaTable")])  # fmt: skip


def _drop(lab: Lab, id: str) -> None:
    del lab.parts[id]


def _peered_web() -> Lab:
    lab = vpc(open_web(), "W", 1)
    return lab.add("P", "VPCPeeringConnection", VpcId=ref("V"), PeerVpcId=ref("W"))


def _vpn() -> Lab:
    lab = vpc(vpc(Lab(), "V", 0), "W", 1).add("P", "VPCPeeringConnection", VpcId=ref("V"), PeerVpcId=ref("W"))
    lab.add("Vgw", "VPNGateway", Type="ipsec.1")
    lab.add("VgwIn", "VPCGatewayAttachment", VpcId=ref("V"), VpnGatewayId=ref("Vgw"))
    lab.add(
        "Vpn",
        "VPNConnection",
        VpnGatewayId=ref("Vgw"),
        CustomerGatewayId="cgw-1",
        Type="ipsec.1",
        StaticRoutesOnly=True,
    )
    lab.add("VpnRoute", "VPNConnectionRoute", VpnConnectionId=ref("Vpn"), DestinationCidrBlock="172.20.0.0/16")
    return lab.add("Spread", "VPNGatewayRoutePropagation", RouteTableIds=[ref("VaTable")], VpnGatewayId=ref("Vgw"))


def _central() -> Lab:
    lab = joined("transit")
    route(lab, "VaTable", ALL, TransitGatewayId=ref("T"))
    lab.add("Fall", "TransitGatewayRoute", DestinationCidrBlock=ALL, TransitGatewayAttachmentId=ref("WAtt"),
            TransitGatewayRouteTableId=ref("TTable"))  # fmt: skip
    lab.add("List", "PrefixList", PrefixListName="com.amazonaws.us-east-1.s3", Entries=[{"Cidr": "52.216.0.0/15"}])
    return lab.add("E", "VPCEndpoint", VpcId=ref("W"), VpcEndpointType="Gateway", ServiceName="com.amazonaws.us-east-1.s3",
                   RouteTableIds=[ref("WaTable")])  # fmt: skip


def _kept() -> Lab:
    """A network load balancer whose target lets in the balancer's subnet, and the client from another."""
    lab = balanced("network").add(
        "Vc", "Subnet", VpcId=ref("V"), CidrBlock="10.0.5.0/24", AvailabilityZone="us-east-1a"
    )
    lab.say("Client", SubnetId=ref("Vc"), PrivateIpAddress="10.0.5.20")
    lab.say("Inner", SecurityGroupIngress=[rule("10.0.0.0/23", "tcp", 8080)])
    lab.say("B", SecurityGroups=None)
    return lab.say("G", TargetGroupAttributes=[{"Key": "preserve_client_ip.enabled", "Value": "false"}])


def _function() -> Lab:
    """A function in a subnet that has a NAT gateway, which stands in another."""
    lab = vpc(Lab(), "V", 0)
    lab.add("Out", "Subnet", VpcId=ref("V"), CidrBlock="10.0.8.0/24", AvailabilityZone="us-east-1a")
    lab.add("OutTable", "RouteTable", VpcId=ref("V"))
    lab.add("OutIn", "SubnetRouteTableAssociation", SubnetId=ref("Out"), RouteTableId=ref("OutTable"))
    route(lab, "OutTable", ALL, GatewayId=ref("VGate"))
    lab.add("N", "NatGateway", SubnetId=ref("Out"), AllocationId="eipalloc-1", PrivateIpAddress="10.0.8.5")
    route(lab, "VaTable", ALL, NatGatewayId=ref("N"))
    return lab.add("F", "AWS::Lambda::Function",
                   VpcConfig={"SubnetIds": [ref("Va")], "SecurityGroupIds": [ref("VGroup")]})  # fmt: skip


def _classic() -> Lab:
    lab = balanced()
    for id in ("L", "G"):
        _drop(lab, id)
    listeners = [{"LoadBalancerPort": "443", "InstancePort": "8080", "Protocol": "TCP", "InstanceProtocol": "TCP"}]
    return lab.add("B", "AWS::ElasticLoadBalancing::LoadBalancer", Scheme="internal", Listeners=listeners, CrossZone=True,
                   Subnets=[ref("Va"), ref("Vb")], SecurityGroups=[ref("BGroup")], Instances=[ref("VbServer")])  # fmt: skip


def _database_behind() -> Lab:
    """A database that is met through a network load balancer."""
    lab = balanced("network")
    lab.add("Subnets", "AWS::RDS::DBSubnetGroup", SubnetIds=[ref("Vb")])
    lab.add("Db", "AWS::RDS::DBInstance", Engine="postgres", DBSubnetGroupName=ref("Subnets"),
            PubliclyAccessible=False, VPCSecurityGroups=[ref("DbGroup")])  # fmt: skip
    lab.add("DbGroup", "SecurityGroup", VpcId=ref("V"), SecurityGroupIngress=[rule("BGroup")], SecurityGroupEgress=[])
    return lab.say("G", TargetType="ip", Port=5432, Targets=[{"Id": ref("Db")}])


def _edged() -> Lab:
    """A server on the internet behind a gateway that has a table of its own."""
    lab = open_web().add("Edge", "RouteTable", VpcId=ref("V"))
    return lab.add("EdgeIn", "GatewayRouteTableAssociation", GatewayId=ref("VGate"), RouteTableId=ref("Edge"))


def _private_link() -> Lab:
    """A service behind a network load balancer, met from another VPC by an endpoint, and by nothing else."""
    lab = vpc(balanced("network"), "W", 1)
    lab.say("B", Subnets=[ref("Vb")])
    lab.add("Service", "VPCEndpointService", NetworkLoadBalancerArns=[ref("B")])
    lab.add("WaEnd", "Subnet", VpcId=ref("W"), CidrBlock="10.1.5.0/24", AvailabilityZone="us-east-1b")
    name = {"Fn::Sub": "com.amazonaws.vpce.us-east-1.${Service}"}
    return lab.add("E", "VPCEndpoint", VpcId=ref("W"), VpcEndpointType="Interface", ServiceName=name,
                   SubnetIds=[ref("WaEnd")], SecurityGroupIds=[ref("WGroup")])  # fmt: skip


Case = tuple[str, Callable[[], Lab], Callable[[Lab], object], tuple[Any, ...]]
OUT = ("VaServer", "8.8.8.8", 443)
OVER = ("VaServer", "WaServer", 443)
CASES: dict[str, Case] = {
    # code: a network that is open, what spoils it, the question
    "no route": ("NO_ROUTE_TO_DESTINATION", open_web, lambda net: _drop(net, "VaTable00000"), OUT),
    "no route back": ("NO_ROUTE_TO_DESTINATION", lambda: joined("peering"), lambda net: _drop(net, "WaTable1000016"), OVER),
    "gateway not attached": ("CANNOT_ROUTE", open_web, lambda net: net.say("VJoined", InternetGatewayId=ref("Other")).add("Other", "InternetGateway"), OUT),
    "a more specific route": ("MORE_SPECIFIC_ROUTE", lambda: _peered_web(), lambda net: route(net, "VaTable", "8.8.8.0/24", VpcPeeringConnectionId=ref("P")), OUT),
    "a route of higher priority": ("HIGHER_PRIORITY_ROUTE", lambda: _vpn(), lambda net: route(net, "VaTable", "172.20.0.0/16", VpcPeeringConnectionId=ref("P")), ("VaServer", "172.20.1.1", 443)),
    "a blackhole": ("BAD_STATE_ROUTE", open_web, lambda net: (route(net, "VaTable", "8.8.8.0/24", NetworkInterfaceId="eni-x"), net.states.update({"VaTable888024": "blackhole"})), OUT),
    "rules do not fit": ("ENI_SG_RULES_MISMATCH", lambda: joined("peering"), lambda net: net.say("WGroup", SecurityGroupIngress=[rule(ALL, "tcp", 22)]), OVER),
    "no rules at all": ("SG_HAS_NO_RULES", lambda: joined("peering"), lambda net: net.say("WGroup", SecurityGroupIngress=[]), OVER),
    "a group that the way does not keep": ("SG_REFERENCES_NOT_PRESERVED", lambda: joined("transit"), lambda net: net.say("WGroup", SecurityGroupIngress=[rule("VGroup")]), OVER),
    "an ACL": ("SUBNET_ACL_RESTRICTION", lambda: acl(open_web(), "Va"), lambda net: net.say("AclTrue", RuleAction="deny"), OUT),
    "an ACL on the way back": ("SUBNET_ACL_RESTRICTION", lambda: acl(open_web(), "Va"), lambda net: net.say("AclFalse", PortRange={"From": 0, "To": 1023}, Protocol=6), OUT),
    "no public address, out": ("IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS", open_web, lambda net: _drop(net, "VaEip"), OUT),
    "no public address, in": ("IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS", open_web, lambda net: _drop(net, "VaEip"), ("internet", "VaServer", 443)),
    "a private address over the internet": ("IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS", open_web, lambda net: None, ("VaServer", "10.77.0.1", 443)),
    "block public access": ("VPC_BLOCK_PUBLIC_ACCESS_ENABLED", open_web, lambda net: net.add("Bpa", "VPCBlockPublicAccessOptions", InternetGatewayBlockMode="block-bidirectional"), OUT),
    "block public access, in": ("VPC_BLOCK_PUBLIC_ACCESS_ENABLED", open_web, lambda net: net.add("Bpa", "VPCBlockPublicAccessOptions", InternetGatewayBlockMode="block-ingress"), ("internet", "VaServer", 443)),
    "peering is not transitive": ("PCX_REQUIRES_ADDRESS_IN_VPC_CIDR", lambda: joined("peering"), lambda net: route(net, "VaTable", "10.77.0.0/16", VpcPeeringConnectionId=ref("P")), ("VaServer", "10.77.0.1", 443)),
    "no route at the transit gateway": ("TGW_RTB_NO_ROUTE_TO_TGW_ATTACHMENT", lambda: joined("transit"), lambda net: _drop(net, "WFill"), OVER),
    "no association": ("TGW_ATTACH_MISSING_TGW_RTB_ASSOCIATION", lambda: joined("transit"), lambda net: _drop(net, "VAssoc"), OVER),
    "no attachment in the zone": ("TGW_ATTACH_VPC_AZ_RESTRICTION", lambda: joined("transit"), lambda net: net.say("Va", AvailabilityZone="us-east-1b").add("Vx", "Subnet", VpcId=ref("V"), CidrBlock="10.0.9.0/24", AvailabilityZone="us-east-1a").say("VAtt", SubnetIds=[ref("Vx")]), OVER),
    "an endpoint without UDP": ("VPCE_GATEWAY_PROTOCOL_RESTRICTION", endpoint, lambda net: None, ("VaServer", "s3", 443, "udp")),
    "an endpoint of another VPC": ("VPCE_GATEWAY_EGRESS_SOURCE_ADDRESS_RESTRICTION", lambda: _central(), lambda net: None, ("VaServer", "52.216.1.1", 443)),
    "no listener on the port": ("ELBV2_LISTENER_PORT_RESTRICTION", balanced, lambda net: net.say("L", Port=80), ("Client", "VbServer", 443)),
    "a target that sees the client's address": ("ELBV2_SOURCE_ADDRESS_PRESERVATION", lambda: _kept(), lambda net: net.say("G", TargetGroupAttributes=[{"Key": "preserve_client_ip.enabled", "Value": "true"}]), ("Client", "VbServer", 443)),
    "a function has no public address": ("LAMBDA_HAS_NO_PUBLIC_IP", lambda: _function(), lambda net: net.say("VaTable00000", NatGatewayId=None, GatewayId=ref("VGate")), ("F", "8.8.8.8", 443)),
    "a NAT gateway of another VPC": ("NGW_REQUIRES_SOURCE_IN_VPC", lambda: _function(), lambda net: net.say("Out", VpcId=ref("W")).add("W", "VPC", CidrBlock="10.1.0.0/16").add("WGate", "VPCGatewayAttachment", VpcId=ref("W"), InternetGatewayId=ref("VGate")), ("F", "8.8.8.8", 443)),
    "no gateway to the internet": ("NO_PATH", open_web, lambda net: _drop(net, "VJoined"), ("internet", "VaServer", 443)),
    "nothing joins them": ("DISCONNECTED_VPCS", _vpn, lambda net: _drop(net, "Spread"), ("172.20.1.1", "VaServer", 443)),
    "a classic balancer without the zone": ("ELB_NOT_CROSSZONE", lambda: _classic(), lambda net: net.say("B", Subnets=[ref("Va")]), ("Client", "VbServer", 443)),
    "a listener that forwards to nobody": ("ELBV2_LISTENER_HAS_NO_TG", balanced, lambda net: net.say("L", DefaultActions=[{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "503"}}]), ("Client", "VbServer", 443)),
    "a part without targets in its zone": ("ELBV2_NO_TARGETS_IN_AZ", lambda: balanced("network"), lambda net: net.say("B", LoadBalancerAttributes=[]), ("Client", "VbServer", 443)),
    "a target group that keeps to its zone": ("ELBV2_NO_TARGETS_IN_AZ", balanced, lambda net: net.say("G", TargetGroupAttributes=[{"Key": "load_balancing.cross_zone.enabled", "Value": "false"}]), ("Client", "VbServer", 443)),
    "a classic balancer that keeps to its zone": ("ELB_NOT_CROSSZONE", lambda: _classic(), lambda net: net.say("B", CrossZone=False), ("Client", "VbServer", 443)),
    "a port that the target does not listen on": ("TARGET_PORT_RESTRICTION", lambda: _database_behind(), lambda net: net.say("G", Port=3306), ("Client", "Db", 443)),
    "a group that nobody knows": ("UNKNOWN_PEERED_SGS", lambda: joined("peering"), lambda net: net.say("WGroup", SecurityGroupIngress=[{"IpProtocol": "-1", "SourceSecurityGroupId": "sg-0gone"}]), OVER),
    "a gateway's own table and no public address": ("INGRESS_RTB_NO_PUBLIC_IP", lambda: _edged(), lambda net: _drop(net, "VaEip"), ("internet", "VaServer", 443)),
    "a NAT gateway as a way in": ("NGW_DEST_ADDRESS_PRESERVATION", lambda: _function(), lambda net: None, ("internet", "N", 443)),
    "a service without a part in the zone": ("VPCE_SERVICE_NOT_INSTALLED_IN_AZ", lambda: _private_link(), lambda net: net.say("WaEnd", AvailabilityZone="us-east-1c"), ("WaServer", "VbServer", 443)),
    "a balancer without the zone": ("ELBV2_NO_TARGETS_IN_AZ", lambda: balanced("network"), lambda net: net.say("B", Subnets=[ref("Va")]), ("Client", "VbServer", 443)),
}  # fmt: skip
MENDED: dict[str, tuple[Callable[[Lab], object], tuple[Any, ...]]] = {
    # what AWS never carries is not mended by undoing: another way is built, or another question asked
    "a private address over the internet": (lambda net: (vpc(net, "X", 77), net.add("P", "VPCPeeringConnection", VpcId=ref("V"), PeerVpcId=ref("X")), route(net, "VaTable", "10.77.0.0/16", VpcPeeringConnectionId=ref("P")), route(net, "XaTable", "10.0.0.0/16", VpcPeeringConnectionId=ref("P"))), ("VaServer", "XaServer", 443)),
    "peering is not transitive": (lambda net: (vpc(net, "X", 77), net.add("Q", "VPCPeeringConnection", VpcId=ref("V"), PeerVpcId=ref("X")), net.say("VaTable10770016", VpcPeeringConnectionId=ref("Q")), route(net, "XaTable", "10.0.0.0/16", VpcPeeringConnectionId=ref("Q"))), ("VaServer", "XaServer", 443)),
    "an endpoint without UDP": (lambda net: None, ("VaServer", "s3", 443, "tcp")),
    "an endpoint of another VPC": (lambda net: net.say("E", VpcId=ref("V"), RouteTableIds=[ref("VaTable")]), ("VaServer", "52.216.1.1", 443)),
    "a NAT gateway as a way in": (lambda net: public(net, "Va", "V") if net.parts.pop("VaTable00000") else None, ("internet", "VaServer", 443)),
}  # fmt: skip
"""How what a case asks for comes about after all, where taking the change back does not do it."""


@pytest.mark.parametrize("name", CASES)
def test_it_alone_blocks_and_its_change_opens(name: str) -> None:
    code, make, spoil, question = CASES[name]
    spoilt = make()
    spoil(spoilt)
    answer = spoilt.ask(*question)
    assert (answer.verdict, {step.code for step in answer.blockers}) == ("blocked", {code})
    assert all(step.because for step in answer.blockers)
    mend, again = MENDED.get(name, (None, question))
    mended = make()
    if mend is not None:
        spoil(mended)
        mend(mended)
    assert mended.ask(*again).verdict == "reachable"


OPEN: dict[str, tuple[str, Callable[[], Lab], tuple[Any, ...]]] = {
    "a way through an appliance": ("UNSUPPORTED_COMPONENT", lambda: open_web().say("VaTable00000", GatewayId=None, NetworkInterfaceId="eni-firewall"), OUT),
    "an address that nobody is known to have": ("UNKNOWN_DESTINATION", lambda: vpc(Lab(), "V", 0), ("VaServer", "10.0.0.99", 443)),
}  # fmt: skip


@pytest.mark.parametrize("name", OPEN)
def test_what_is_not_known_is_neither_proved_nor_refuted(name: str) -> None:
    code, make, question = OPEN[name]
    answer = make().ask(*question)
    assert (answer.verdict, {step.code for step in answer.blockers}) == ("unknown", {code})


LISTED = """
    NO_ROUTE_TO_DESTINATION CANNOT_ROUTE HIGHER_PRIORITY_ROUTE MORE_SPECIFIC_ROUTE BAD_STATE_ROUTE ENI_SG_RULES_MISMATCH
    SG_HAS_NO_RULES UNKNOWN_PEERED_SGS SG_REFERENCES_NOT_PRESERVED SUBNET_ACL_RESTRICTION
    IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS
    IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS INGRESS_RTB_NO_PUBLIC_IP VPC_BLOCK_PUBLIC_ACCESS_ENABLED
    NGW_REQUIRES_SOURCE_IN_VPC NGW_DEST_ADDRESS_PRESERVATION PCX_REQUIRES_ADDRESS_IN_VPC_CIDR
    TGW_RTB_NO_ROUTE_TO_TGW_ATTACHMENT TGW_ATTACH_MISSING_TGW_RTB_ASSOCIATION TGW_ATTACH_VPC_AZ_RESTRICTION
    VPCE_GATEWAY_PROTOCOL_RESTRICTION VPCE_GATEWAY_EGRESS_SOURCE_ADDRESS_RESTRICTION VPCE_SERVICE_NOT_INSTALLED_IN_AZ
    ELBV2_LISTENER_PORT_RESTRICTION ELBV2_LISTENER_HAS_NO_TG ELBV2_NO_TARGETS_IN_AZ ELBV2_SOURCE_ADDRESS_PRESERVATION
    ELB_NOT_CROSSZONE TARGET_PORT_RESTRICTION DISCONNECTED_VPCS NO_PATH UNKNOWN_DESTINATION UNSUPPORTED_COMPONENT
    LAMBDA_HAS_NO_PUBLIC_IP
"""


def test_every_code_has_a_case() -> None:
    assert {case[0] for case in (*CASES.values(), *OPEN.values())} == set(LISTED.split())
