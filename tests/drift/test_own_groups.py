"""Default security groups, which AWS attaches where none is declared."""

from __future__ import annotations

from pathlib import Path

from archproof.drift import own_groups
from tests.drift.accounts import ACCOUNT, compare, group, told, write

MODEL = """
components:
  door:
    type: AWS::EC2::VPCEndpoint
    properties: {VpcId: vpc-11111111, ServiceName: com.amazonaws.eu-west-1.sqs, VpcEndpointType: Interface}
"""


def endpoint(folder: Path, *groups: str) -> Path:
    held = {
        "VpcEndpointId": "vpce-11111111", "VpcEndpointType": "Interface", "VpcId": "vpc-11111111", "OwnerId": ACCOUNT,
        "ServiceName": "com.amazonaws.eu-west-1.sqs", "Groups": [{"GroupId": id} for id in groups],
    }  # fmt: skip
    groups_ = [group("sg-11111111", "default", []), group("sg-22222222", "office", [])]
    return write(folder, endpoints={"VpcEndpoints": [held]}, groups={"SecurityGroups": groups_})


def undeclared(folder: Path) -> list[str]:
    return [line for line in told(compare(MODEL, folder)) if line.startswith("undeclared")]


def test_the_default_group_of_a_network_is_the_default(tmp_path: Path) -> None:
    assert undeclared(endpoint(tmp_path / "own", "sg-11111111")) == []
    assert undeclared(endpoint(tmp_path / "ours", "sg-22222222")) == [
        "undeclared Door SecurityGroupIds: None -> ['sg-22222222']"
    ]


def test_a_group_more_than_those_that_are_declared_is_told() -> None:
    live = {"VpcConfig": {"SecurityGroupIds": ["sg-1", "sg-2"]}, "SecurityGroups": ["sg-1"]}
    assert own_groups.without(live, {"VpcConfig": {"SecurityGroupIds": ["sg-2"]}}, lambda id: id == "sg-1") == {
        "VpcConfig": {"SecurityGroupIds": ["sg-1", "sg-2"]}
    }
