"""The doubles hold what a template says: what the other tests of this folder compare with."""

from __future__ import annotations

from tests.live.deploying import Deployment


def test_every_resource_of_the_reference_system_is_made_in_the_doubles(deployed: Deployment) -> None:
    assert deployed.physical.keys() == deployed.resources.keys()
    groups = deployed.cloud.client("ec2").describe_security_groups()["SecurityGroups"]
    made = {deployed.physical[k] for k, r in deployed.resources.items() if r["Type"] == "AWS::EC2::SecurityGroup"}
    assert made <= {group["GroupId"] for group in groups}
    functions = deployed.cloud.client("lambda").list_functions()["Functions"]
    assert {f["FunctionName"] for f in functions} == {
        deployed.physical[k] for k, r in deployed.resources.items() if r["Type"] == "AWS::Lambda::Function"
    }
