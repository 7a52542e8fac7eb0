"""What templates leave open is never proved: parameters, conditions, what stands elsewhere, what AWS makes itself."""

# ruff: noqa: E501 (a case is a line)

from __future__ import annotations

from pathlib import Path

import pytest

import archproof
from archproof.proofs.connection import Prover
from archproof.resources.evaluation import evaluate
from archproof.resources.lowering import lower

PARAMETERS = """
Parameters: {Subnet: {Type: String}, Subnets: {Type: CommaDelimitedList}, Block: {Type: String}, Acl: {Type: String}, Env: {Type: String}}
Conditions: {Prod: !Equals [!Ref Env, prod]}
"""
BASE = """
Resources:
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  Gw: {Type: AWS::EC2::InternetGateway}
  Att: {Type: AWS::EC2::VPCGatewayAttachment, Properties: {VpcId: !Ref Vpc, InternetGatewayId: !Ref Gw}}
  SubA: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24, AvailabilityZone: us-east-1a, MapPublicIpOnLaunch: true}}
  SubB: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.1.0/24, AvailabilityZone: us-east-1a}}
  RtA: {Type: AWS::EC2::RouteTable, Properties: {VpcId: !Ref Vpc}}
  RA: {Type: AWS::EC2::Route, Properties: {RouteTableId: !Ref RtA, DestinationCidrBlock: 0.0.0.0/0, GatewayId: !Ref Gw}}
  AsA: {Type: AWS::EC2::SubnetRouteTableAssociation, Properties: {SubnetId: !Ref SubA, RouteTableId: !Ref RtA}}
  Open: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: x, VpcId: !Ref Vpc, SecurityGroupIngress: [{IpProtocol: -1, CidrIp: 0.0.0.0/0}]}}
  Shut: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: x, VpcId: !Ref Vpc}}
"""
ACL = """
  Na: {Type: AWS::EC2::NetworkAcl, Properties: {VpcId: !Ref Vpc}}
  NaIn: {Type: AWS::EC2::NetworkAclEntry, Properties: {NetworkAclId: !Ref Na, RuleNumber: 100, Protocol: -1, RuleAction: allow, CidrBlock: 0.0.0.0/0}}
  NaOut: {Type: AWS::EC2::NetworkAclEntry, Properties: {NetworkAclId: !Ref Na, RuleNumber: 100, Egress: true, Protocol: -1, RuleAction: allow, CidrBlock: 0.0.0.0/0}}
  NaOf: {Type: AWS::EC2::SubnetNetworkAclAssociation, Properties: {SubnetId: !Ref SubA, NetworkAclId: !Ref Na}}
"""


def server(id: str, subnet: str, group: str = "!Ref Open") -> str:
    return f"  {id}: {{Type: AWS::EC2::Instance, Properties: {{ImageId: ami-1, SubnetId: {subnet}, SecurityGroupIds: [{group}]}}}}\n"


TWO = server("I", "!Ref SubA") + server("J", "!Ref SubB")


def part(id: str, type: str, said: str, condition: str = "") -> str:
    return f"  {id}: {{{condition}Type: AWS::{type}, Properties: {{{said}}}}}\n"


def prover(folder: Path, text: str) -> Prover:
    (folder / "template.yaml").write_text(text, encoding="utf-8")
    architecture = archproof.load(str(folder / "template.yaml"))
    return Prover(evaluate(lower(architecture)), architecture)


def verdict(folder: Path, text: str, source: str, target: str, port: int | None = 22) -> str:
    return prover(folder, text).ask(source, target, port).verdict


HOST = part("T", "EC2::LaunchTemplate", "LaunchTemplateData: {ImageId: ami-1, SecurityGroupIds: [!Ref Open]}")
WHOLE = part(
    "T",
    "EC2::LaunchTemplate",
    "LaunchTemplateData: {NetworkInterfaces: [{DeviceIndex: 0, SubnetId: !Ref SubA, AssociatePublicIpAddress: true, Groups: [!Ref Open]}]}",
)
STARTED = "LaunchTemplate: {LaunchTemplateId: !Ref T, Version: '1'}"
ENI = (
    part("Eni", "EC2::NetworkInterface", "SubnetId: !Ref SubA, GroupSet: [!Ref Open]")
    + part("Ip", "EC2::EIP", "Domain: vpc")
    + part("IpOf", "EC2::EIPAssociation", "AllocationId: !GetAtt Ip.AllocationId, NetworkInterfaceId: !Ref Eni")
)


@pytest.mark.parametrize(
    ("more", "source", "target", "expected"),
    [
        # what stands in subnets, or with groups, that the template does not have
        (server("X", "!Ref Subnet"), "internet", "X", "unknown"),
        (server("X", "!Ref Subnet"), "X", "internet", "unknown"),
        (part("X", "EC2::Instance", "ImageId: ami-1"), "internet", "X", "unknown"),
        (part("X", "ECS::Service", "NetworkConfiguration: {AwsvpcConfiguration: {Subnets: !Ref Subnets}}"), "internet", "X", "unknown"),
        (part("X", "SageMaker::NotebookInstance", "SubnetId: !Ref SubB"), "internet", "X", "unknown"),
        (part("X", "AutoScaling::AutoScalingGroup", "VPCZoneIdentifier: [!Ref SubB, !Ref Subnet], " + STARTED) + WHOLE, "internet", "X", "unknown"),
        (server("X", "!Ref SubB", "!Ref Shut, !Ref Block"), "I", "X", "unknown"),
        (part("F", "Lambda::Function", "Role: r, VpcConfig: {SubnetIds: !Ref Subnets, SecurityGroupIds: [!Ref Open]}"), "F", "internet", "unknown"),
        (part("F", "Lambda::Function", "Role: r"), "F", "internet", "reachable"),
        (part("F", "Lambda::Function", "Role: r"), "F", "10.0.0.7", "blocked"),
        # instances and their interfaces
        (ENI + part("X", "EC2::Instance", "NetworkInterfaces: [{DeviceIndex: '0', NetworkInterfaceId: !Ref Eni}]"), "internet", "X", "reachable"),
        (ENI + server("X", "!Ref SubB") + part("At", "EC2::NetworkInterfaceAttachment", "InstanceId: !Ref X, NetworkInterfaceId: !Ref Eni, DeviceIndex: '1'"), "internet", "X", "reachable"),
        (HOST + part("X", "EC2::Instance", "SubnetId: !Ref SubA, " + STARTED), "internet", "X", "reachable"),
        (WHOLE + part("X", "EC2::Instance", STARTED), "internet", "X", "reachable"),
        # conditions that nobody knows
        (part("R", "EC2::SecurityGroupIngress", "GroupId: !Ref Shut, IpProtocol: -1, CidrIp: 10.0.0.0/8", "Condition: Prod, ") + server("X", "!Ref SubB", "!Ref Shut"), "I", "X", "unknown"),
        (part("R", "EC2::SecurityGroupIngress", "GroupId: !If [Prod, !Ref Shut, !Ref Open], IpProtocol: -1, CidrIp: 10.0.0.0/8") + server("X", "!Ref SubB", "!Ref Shut"), "I", "X", "unknown"),
        (ACL + part("R", "EC2::NetworkAclEntry", "NetworkAclId: !Ref Na, RuleNumber: 1, Protocol: -1, RuleAction: deny, CidrBlock: 0.0.0.0/0", "Condition: Prod, "), "J", "I", "unknown"),
        (part("R", "EC2::SubnetNetworkAclAssociation", "SubnetId: !Ref SubB, NetworkAclId: !Ref Acl"), "I", "J", "unknown"),
        (ENI.replace("IpOf: {Type", "IpOf: {Condition: Prod, Type"), "internet", "Eni", "unknown"),
        # what AWS makes with a VPC
        (part("X", "EC2::Instance", "ImageId: ami-1, SubnetId: !Ref SubB"), "I", "X", "blocked"),
        (part("X", "EC2::Instance", "ImageId: ami-1, SubnetId: !Ref SubB") + part("R", "EC2::SecurityGroupIngress", "GroupId: !GetAtt Vpc.DefaultSecurityGroup, IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 10.0.0.0/16"), "I", "X", "reachable"),
        (server("X", "!Ref SubB", "!GetAtt Vpc.DefaultSecurityGroup") + server("Y", "!Ref SubA", "!GetAtt Vpc.DefaultSecurityGroup"), "Y", "X", "reachable"),
        (server("X", "!Ref SubB", "!GetAtt Vpc.DefaultSecurityGroup"), "I", "X", "blocked"),
        (part("R", "EC2::NetworkAclEntry", "NetworkAclId: !GetAtt Vpc.DefaultNetworkAcl, RuleNumber: 10, Protocol: 6, RuleAction: deny, CidrBlock: 0.0.0.0/0, PortRange: {From: 22, To: 22}"), "I", "J", "blocked"),
        (part("R", "EC2::NetworkAclEntry", "NetworkAclId: !GetAtt Vpc.DefaultNetworkAcl, RuleNumber: 10, Protocol: 6, RuleAction: deny, CidrBlock: 0.0.0.0/0, PortRange: {From: 23, To: 23}"), "I", "J", "reachable"),
        # an empty list is no rule, and CloudFormation leaves AWS's own where there is none
        (part("N", "EC2::SecurityGroup", "GroupDescription: x, VpcId: !Ref Vpc, SecurityGroupEgress: []") + server("X", "!Ref SubA", "!Ref N"), "X", "J", "reachable"),
        (part("N", "EC2::SecurityGroup", "GroupDescription: x, VpcId: !Ref Vpc, SecurityGroupEgress: [{IpProtocol: -1, CidrIp: 127.0.0.1/32}]") + server("X", "!Ref SubA", "!Ref N"), "X", "J", "blocked"),
        # groups by their names
        (part("N", "EC2::SecurityGroup", "GroupName: web, GroupDescription: x, VpcId: !Ref Vpc, SecurityGroupIngress: [{IpProtocol: -1, SourceSecurityGroupName: web}]") + server("X", "!Ref SubA", "!Ref N") + server("Y", "!Ref SubB", "!Ref N"), "X", "Y", "reachable"),
        (part("N", "EC2::SecurityGroup", "GroupDescription: x, VpcId: !Ref Vpc, SecurityGroupIngress: [{IpProtocol: -1, SourceSecurityGroupName: theirs}]") + server("Y", "!Ref SubB", "!Ref N"), "I", "Y", "unknown"),
    ],
)  # fmt: skip
def test_only_what_is_surely_there_is_proved(
    more: str, source: str, target: str, expected: str, tmp_path: Path
) -> None:
    assert verdict(tmp_path, PARAMETERS + BASE + TWO + more, source, target) == expected


@pytest.mark.parametrize(
    ("said", "instead", "expected"),
    [
        ("RA: {Type", "RA: {Condition: Prod, Type", "unknown"),
        ("AsA: {Type", "AsA: {Condition: Prod, Type", "unknown"),
        ("Att: {Type", "Att: {Condition: Prod, Type", "unknown"),
        ("MapPublicIpOnLaunch: true", "MapPublicIpOnLaunch: !If [Prod, true, false]", "unknown"),
        ("10.0.0.0/24", "!Ref Block", "unknown"),
        ("10.0.0.0/16", "!Ref Block", "unknown"),
        ("MapPublicIpOnLaunch: true", "MapPublicIpOnLaunch: false", "blocked"),
        ("none of it", "", "reachable"),
    ],
)
def test_a_way_in_that_a_condition_makes_is_none_that_is_proved(
    said: str, instead: str, expected: str, tmp_path: Path
) -> None:
    text = PARAMETERS + (BASE + TWO).replace(said, instead, 1)
    assert verdict(tmp_path, text, "internet", "I") == expected


ENDPOINT = part(
    "E",
    "EC2::VPCEndpoint",
    "VpcId: !Ref Vpc, VpcEndpointType: Interface, ServiceName: com.amazonaws.eu-west-1.sqs, SubnetIds: [!Ref SubB], SecurityGroupIds: [!Ref Open], PrivateDnsEnabled: true",
)
NAMES = "CidrBlock: 10.0.0.0/16, EnableDnsHostnames: "


@pytest.mark.parametrize(
    ("endpoint", "hostnames", "expected"),
    [
        (ENDPOINT, "true", "reachable"),
        (ENDPOINT, "false", "blocked"),
        (ENDPOINT, "true, EnableDnsSupport: false", "blocked"),
        (ENDPOINT, "!If [Prod, true, false]", "unknown"),
        (ENDPOINT.replace("PrivateDnsEnabled: true", "PrivateDnsEnabled: false"), "true", "blocked"),
        (ENDPOINT.replace("PrivateDnsEnabled: true", "PrivateDnsEnabled: !If [Prod, true, false]"), "true", "unknown"),
        (ENDPOINT.replace("{Type", "{Condition: Prod, Type"), "true", "unknown"),
    ],
)
def test_a_service_is_met_at_its_endpoint_where_its_names_surely_lead_there(
    endpoint: str, hostnames: str, expected: str, tmp_path: Path
) -> None:
    text = PARAMETERS + BASE.replace("CidrBlock: 10.0.0.0/16", NAMES + hostnames, 1) + TWO + endpoint
    assert verdict(tmp_path, text, "J", "sqs", 443) == expected


def test_an_endpoint_only_answers(tmp_path: Path) -> None:
    held = prover(tmp_path, PARAMETERS + BASE + TWO + ENDPOINT)
    assert held.ask("J", "E", 443).verdict == "reachable"
    answer = held.ask("E", "J", 22).answer
    assert [(s.code, s.because) for s in answer.blockers] == [
        ("NO_PATH", "e only answers: it begins no sessions of its own")
    ]


def test_what_is_under_one_condition_is_asked_about_together(tmp_path: Path) -> None:
    text = BASE.replace("{Type", "{Condition: Prod, Type") + TWO.replace("{Type", "{Condition: Prod, Type")
    assert verdict(tmp_path, PARAMETERS + text, "internet", "I") == "reachable"


def test_only_is_not_proved_past_what_stands_in_a_subnet_of_others(tmp_path: Path) -> None:
    text = PARAMETERS + BASE + TWO + server("X", "!Ref Subnet", "!Ref Shut")
    network = prover(tmp_path, text).network
    others = list(network.others(network.naming.party("J"), [network.naming.party("I")]))
    assert [p.name for p in others if p.unplaced] == ["x"]
