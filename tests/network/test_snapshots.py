"""Proofs over output of the AWS command line: the account's own words, and what it does not say."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from archproof.network.answers import Answer
from archproof.network.system import network
from archproof.sources.reading import load

VPC, WEB, APP = "vpc-0a", "i-0web", "i-0app"
_ID = re.compile(r"\b(vpc|subnet|sg|eni|i|rtb|igw|vgw|vpn|cgw|vpce|pl|acl|aclassoc|rtbassoc|r)-([0-9a-z]+)\b")
EVERYONE = [{"CidrIp": "0.0.0.0/0"}]
OUT = [{"IpProtocol": "-1", "IpRanges": EVERYONE}]


def _interface(
    id: str, instance: str, subnet: str, private: str, group: str, public: str | None = None
) -> dict[str, Any]:
    held: dict[str, Any] = {
        "NetworkInterfaceId": id, "SubnetId": subnet, "VpcId": VPC, "PrivateIpAddress": private,
        "Groups": [{"GroupId": group}], "Attachment": {"InstanceId": instance, "DeviceIndex": 0}, "Ipv6Addresses": [],
    }  # fmt: skip
    if public is not None:
        held["Association"] = {"PublicIp": public}
    return held


def _account() -> dict[str, Any]:
    """A public subnet with a web server, one behind a VPN gateway and an endpoint of S3."""
    web = _interface("eni-0web", WEB, "subnet-0public", "10.9.0.4", "sg-0web", "44.5.6.7")
    app = _interface("eni-0app", APP, "subnet-0inner", "10.9.1.4", "sg-0app")
    acl = {"NetworkAclId": "acl-0", "VpcId": VPC, "IsDefault": True, "Entries": [
        {"RuleNumber": 100, "RuleAction": "allow", "Protocol": "-1", "CidrBlock": "0.0.0.0/0", "Egress": out}
        for out in (True, False)
    ], "Associations": [
        {"NetworkAclAssociationId": f"aclassoc-{n}", "NetworkAclId": "acl-0", "SubnetId": s}
        for n, s in enumerate(("subnet-0public", "subnet-0inner"))
    ]}  # fmt: skip
    inner = [
        {"DestinationCidrBlock": "10.9.0.0/16", "GatewayId": "local", "Origin": "CreateRouteTable"},
        {"DestinationCidrBlock": "0.0.0.0/0", "GatewayId": "vgw-0a", "Origin": "CreateRoute", "State": "active"},
        {"DestinationPrefixListId": "pl-0s3", "GatewayId": "vpce-0a", "Origin": "CreateRoute", "State": "active"},
    ]
    outer = [inner[0], {**inner[1], "GatewayId": "igw-0a"}]
    return {
        "Vpcs": [{"VpcId": VPC, "CidrBlock": "10.9.0.0/16"}],
        "Subnets": [
            {"SubnetId": "subnet-0public", "VpcId": VPC, "CidrBlock": "10.9.0.0/24", "AvailabilityZone": "eu-west-1a"},
            {"SubnetId": "subnet-0inner", "VpcId": VPC, "CidrBlock": "10.9.1.0/24", "AvailabilityZone": "eu-west-1a"},
        ],
        "RouteTables": [
            {"RouteTableId": "rtb-0a", "VpcId": VPC, "Routes": outer,
             "Associations": [
                 {"RouteTableAssociationId": "rtbassoc-0a", "RouteTableId": "rtb-0a", "SubnetId": "subnet-0public"}
             ]},
            {"RouteTableId": "rtb-0b", "VpcId": VPC, "Routes": inner, "Associations": [{"Main": True}]},
        ],
        "InternetGateways": [{"InternetGatewayId": "igw-0a", "Attachments": [{"VpcId": VPC, "State": "available"}]}],
        "VpnGateways": [{"VpnGatewayId": "vgw-0a", "VpcAttachments": [{"VpcId": VPC, "State": "attached"}]}],
        "VpnConnections": [
            {"VpnConnectionId": "vpn-0a", "VpnGatewayId": "vgw-0a", "CustomerGatewayId": "cgw-0a", "Type": "ipsec.1",
             "Options": {"StaticRoutesOnly": True},
             "Routes": [{"DestinationCidrBlock": "172.20.0.0/16", "State": "available"}]}
        ],
        "VpcEndpoints": [
            {"VpcEndpointId": "vpce-0a", "VpcId": VPC, "VpcEndpointType": "Gateway", "RouteTableIds": ["rtb-0b"],
             "ServiceName": "com.amazonaws.eu-west-1.s3"}
        ],
        "PrefixLists": [
            {"PrefixListId": "pl-0s3", "PrefixListName": "com.amazonaws.eu-west-1.s3", "Cidrs": ["52.218.0.0/17"]}
        ],
        "NetworkAcls": [acl],
        "SecurityGroups": [
            {"GroupId": "sg-0web", "GroupName": "web", "VpcId": VPC, "IpPermissionsEgress": OUT,
             "IpPermissions": [{"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": EVERYONE}]},
            {"GroupId": "sg-0app", "GroupName": "app", "VpcId": VPC, "IpPermissionsEgress": OUT,
             "IpPermissions": [
                 {"IpProtocol": "tcp", "FromPort": 8080, "ToPort": 8080, "UserIdGroupPairs": [{"GroupId": "sg-0web"}]}
             ]},
        ],
        "NetworkInterfaces": [web, app],
        "Reservations": [
            {"ReservationId": "r-0a", "Instances": [
                {"InstanceId": i["Attachment"]["InstanceId"], "SubnetId": i["SubnetId"], "VpcId": VPC,
                 "PrivateIpAddress": i["PrivateIpAddress"], "SecurityGroups": i["Groups"], "NetworkInterfaces": [i]}
                for i in (web, app)
            ]}
        ],
    }  # fmt: skip


def real(text: str) -> str:
    """Ids as AWS writes them, in place of the short ones here."""
    return _ID.sub(lambda m: f"{m[1]}-{int.from_bytes(m[2].encode(), 'big') % 16**17:017x}", text)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for key, held in _account().items():
        (tmp_path / f"{key}.json").write_text(real(json.dumps({key: held})))
    return tmp_path


def ask(folder: Path, source: str, target: str, port: int | None = None) -> Answer:
    from archproof.resources.evaluation import evaluate
    from archproof.resources.lowering import lower

    return network(evaluate(lower(load(str(folder))))).ask(real(source), real(target), port)


def test_an_instance_has_the_public_address_that_its_interface_tells(folder: Path) -> None:
    assert ask(folder, WEB, "8.8.8.8", 443).verdict == "reachable"
    assert ask(folder, "internet", WEB).ports == [(443, 443)]
    assert ask(folder, "9.9.9.9", "44.5.6.7").ports == [(443, 443)]


def test_an_instance_is_counted_once_with_its_interface(folder: Path) -> None:
    from archproof.resources.lowering import lower

    held = network(lower(load(str(folder)))).fabric
    assert [len(found) for found in held.interfaces.values()] == [1, 1]


def test_interfaces_gateways_and_vpcs_are_named_by_their_ids(folder: Path) -> None:
    assert ask(folder, "eni-0web", "eni-0app", 8080).verdict == "reachable"
    assert ask(folder, "vgw-0a", APP, 8080).verdict == "blocked"
    assert ask(folder, VPC, APP, 8080).verdict == "reachable"
    assert ask(folder, WEB, "igw-0a", 443).verdict == "reachable"


def test_what_no_static_route_of_the_vpn_names_has_no_route_there(folder: Path) -> None:
    answer = ask(folder, APP, "44.5.6.7", 443)
    assert (answer.verdict, [s.code for s in answer.blockers]) == ("blocked", ["NO_ROUTE_TO_DESTINATION"])
    assert "behind vpn" in answer.blockers[0].because
    assert ask(folder, APP, "172.20.3.4", 443).verdict == "reachable"


def test_the_vpn_reaches_what_the_group_lets_in(folder: Path) -> None:
    answer = ask(folder, "vgw-0a", "10.9.1.4")
    assert (answer.verdict, [s.code for s in answer.blockers]) == ("blocked", ["ENI_SG_RULES_MISMATCH"])


def test_the_blocks_of_a_prefix_list_are_routes_of_the_endpoint(folder: Path) -> None:
    assert ask(folder, APP, "52.218.3.4", 443).verdict == "reachable"
    assert ask(folder, APP, "54.222.57.1", 443).verdict == "blocked"


def test_an_address_that_no_subnet_holds_has_no_route(folder: Path) -> None:
    answer = ask(folder, VPC, "10.9.200.1", 443)
    assert (answer.verdict, [s.code for s in answer.blockers]) == ("blocked", ["NO_ROUTE_TO_DESTINATION"])


@pytest.mark.parametrize(
    ("absent", "source", "target", "port"),
    [
        ("SecurityGroups", WEB, APP, 8080),
        ("NetworkAcls", WEB, APP, 8080),
        ("RouteTables", WEB, "8.8.8.8", 443),
        ("InternetGateways", WEB, "8.8.8.8", 443),
        ("VpnConnections", APP, "9.9.9.9", 443),
        ("PrefixLists", APP, "52.218.3.4", 443),
    ],
)
def test_what_a_list_that_is_absent_would_say_is_unknown(
    folder: Path, absent: str, source: str, target: str, port: int
) -> None:
    (folder / f"{absent}.json").unlink()
    answer = ask(folder, source, target, port)
    assert answer.verdict == "unknown"
    assert answer.blockers


def test_what_the_group_denies_comes_before_the_way_back(folder: Path) -> None:
    answer = ask(folder, "vgw-0a", "10.9.0.4")
    assert [s.code for s in answer.blockers] == ["ENI_SG_RULES_MISMATCH", "CANNOT_ROUTE"]
    assert answer.blockers[0].because.endswith(" lets in tcp 443 from anywhere, and nothing on any other port")
    assert [s.code for s in ask(folder, "vgw-0a", "10.9.0.4", 443).blockers] == ["CANNOT_ROUTE"]
    assert [s.code for s in ask(folder, "vgw-0a", "10.9.0.4", 22).blockers] == ["ENI_SG_RULES_MISMATCH", "CANNOT_ROUTE"]
