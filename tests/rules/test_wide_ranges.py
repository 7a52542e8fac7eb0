"""A range wider than any network counts as the internet, however it is written."""

from __future__ import annotations

import datetime

import pytest

from archproof.model.architecture import loads
from archproof.validators.engine import check

TODAY = datetime.date(2026, 11, 22)
GROUP = """\
archproof: 1
components:
  group:
    type: AWS::EC2::SecurityGroup
    properties:
      GroupDescription: admin
      SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 22, ToPort: 22, %s}]
"""
ACL = """\
archproof: 1
components:
  acl: {type: AWS::EC2::NetworkAcl, properties: {VpcId: vpc-1}}
  ssh:
    type: AWS::EC2::NetworkAclEntry
    properties:
      {NetworkAclId: {Ref: acl}, RuleNumber: 10, RuleAction: allow, Protocol: 6, %s, PortRange: {From: 22, To: 22}}
"""


def messages(text: str, rule: str) -> list[str]:
    return [f.message for f in check(loads(text), TODAY, only=[rule]).findings]


@pytest.mark.parametrize("block", ["0.0.0.0/0", "0.0.0.0/1", "128.0.0.0/1", "64.0.0.0/7"])
def test_half_of_the_internet_is_the_internet(block: str) -> None:
    assert messages(GROUP % f"CidrIp: {block}", "sg-admin-port-open") == [f"group opens SSH (22) to {block}"]
    assert messages(ACL % f"CidrBlock: {block}", "nacl-admin-port-open") == [f"acl lets in {block} on tcp 22"]


@pytest.mark.parametrize("said", ["CidrIp: 10.0.0.0/8", "CidrIp: 52.0.0.0/8", "CidrIpv6: 'fc00::/7'"])
def test_a_network_is_not(said: str) -> None:
    assert messages(GROUP % said, "sg-admin-port-open") == []


def test_the_same_holds_for_ipv6() -> None:
    assert messages(GROUP % "CidrIpv6: '2000::/3'", "sg-admin-port-open") == ["group opens SSH (22) to 2000::/3"]
    assert messages(ACL % "Ipv6CidrBlock: '2000::/3'", "nacl-admin-port-open") == ["acl lets in 2000::/3 on tcp 22"]
