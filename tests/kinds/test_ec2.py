"""EC2 instances and Auto Scaling groups."""

from __future__ import annotations

import pytest

from archproof.errors import InputError
from archproof.model.architecture import loads

from .lowered import HEAD, complaints, lowered, place


def test_an_instance_has_no_public_address_and_answers_metadata_by_token_only() -> None:
    where = "in: {subnets: app, security_groups: [app_sg]}"
    resources = lowered(f"  vm: {{kind: ec2_instance, instance_type: m7g.large, {where}}}\n")
    machine = resources["Vm"]
    latest = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64"
    assert machine.get("ImageId") == "{{resolve:ssm:" + latest + "}}"
    assert machine.get("MetadataOptions") == {
        "HttpEndpoint": "enabled", "HttpTokens": "required", "HttpPutResponseHopLimit": 1,
    }  # fmt: skip
    assert machine.get("NetworkInterfaces") == [
        {
            "DeviceIndex": "0",
            "SubnetId": {"Ref": "AppSubnetA"},
            "GroupSet": [{"Fn::GetAtt": ["AppSg", "GroupId"]}],
            "AssociatePublicIpAddress": False,
        }
    ]
    assert machine.get("BlockDeviceMappings", 0, "Ebs", "Encrypted") is True
    assert machine.get("DisableApiTermination") is True
    assert resources["VmInstanceProfile"].get("Roles") == [{"Ref": "VmRole"}]
    assert "AmazonSSMManagedInstanceCore" in str(resources["VmRole"].get("ManagedPolicyArns"))
    assert complaints(resources) == []


def test_exceptions_point_at_the_field_that_says_them() -> None:
    resources = lowered("""\
  vm:
    kind: ec2_instance
    instance_type: t3.micro
    ami: ami-0123456789abcdef0
    public_ip: true
    imds_v1: true
    encrypted: false
    root_gb: 8
    volumes_gb: {/dev/sdf: 100}
    zone: 2
    user_data: echo hello
    session_manager: false
    in: {subnets: public, security_groups: [web_sg]}
""")
    machine = resources["Vm"]
    assert machine.get("NetworkInterfaces", 0, "AssociatePublicIpAddress") is True
    assert machine.get("NetworkInterfaces", 0, "SubnetId") == {"Ref": "PublicSubnetB"}
    assert machine.get("UserData") == {"Fn::Base64": "echo hello"}
    assert place(resources, "Vm", "NetworkInterfaces", 0, "AssociatePublicIpAddress") == "5:5"
    assert place(resources, "Vm", "MetadataOptions", "HttpTokens") == "6:5"
    assert place(resources, "Vm", "BlockDeviceMappings", 1, "Ebs", "Encrypted") == "7:5"
    assert place(resources, "Vm", "BlockDeviceMappings", 0, "Ebs", "VolumeSize") == "8:5"
    assert place(resources, "Vm", "BlockDeviceMappings", 1, "Ebs", "VolumeSize") == "9:18"
    assert complaints(resources) == []


def test_a_group_spans_its_zones_and_follows_the_load() -> None:
    resources = lowered("""\
  web: {kind: auto_scaling_group, instance_type: t3.micro, min: 2, max: 6, target_cpu_percent: 50, in: {subnets: app}}
""")
    group = resources["Web"]
    assert (group.get("MinSize"), group.get("MaxSize")) == ("2", "6")
    assert group.get("VPCZoneIdentifier") == [{"Ref": "AppSubnetA"}, {"Ref": "AppSubnetB"}]
    data = resources["WebLaunchTemplate"].get("LaunchTemplateData")
    assert data["MetadataOptions"]["HttpTokens"] == "required"
    assert data["BlockDeviceMappings"][0]["Ebs"]["Encrypted"] is True
    assert data["NetworkInterfaces"][0]["AssociatePublicIpAddress"] is False
    policy = resources["WebScalingPolicy"]
    assert policy.get("TargetTrackingConfiguration", "TargetValue") == 50
    assert place(resources, "WebScalingPolicy", "TargetTrackingConfiguration", "TargetValue") == "1:76"
    assert place(resources, "WebLaunchTemplate", "LaunchTemplateData", "InstanceType") == "1:35"
    assert complaints(resources) == []


def test_a_role_of_the_model_takes_the_place_of_its_own() -> None:
    resources = lowered("""\
  vm: {kind: ec2_instance, instance_type: m7g.large, role: shared, in: {subnets: app}}
  shared: {kind: iam_role, trust: ec2.amazonaws.com}
""")
    assert resources["VmInstanceProfile"].get("Roles") == [{"Ref": "Shared"}]
    assert "VmRole" not in resources


def test_the_most_instances_are_not_fewer_than_the_fewest() -> None:
    with pytest.raises(InputError) as caught:
        loads(f"{HEAD}  web: {{kind: auto_scaling_group, instance_type: t3.micro, min: 5, max: 2}}\n")
    assert [p.message for p in caught.value.problems] == ["'web': 'max' (2) is below 'min' (5)"]
