"""States of Terraform: version 4 and `terraform show -json`, ids and ARNs as references, secrets."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from archproof.errors import InputError
from tests.sources.terraform import resources, state

VPC = {"type": "aws_vpc", "name": "main", "attributes": {
    "id": "vpc-0123456789abcdef0", "cidr_block": "10.0.0.0/16", "enable_dns_support": True,
    "arn": "arn:aws:ec2:eu-west-1:123456789012:vpc/vpc-0123456789abcdef0", "owner_id": "123456789012"}}  # fmt: skip
GROUP = {"type": "aws_security_group", "name": "web", "attributes": {
    "id": "sg-0123456789abcdef0", "name": "web", "description": "web", "vpc_id": "vpc-0123456789abcdef0",
    "ingress": [{"protocol": "tcp", "from_port": 443, "to_port": 443, "cidr_blocks": ["0.0.0.0/0"],
                 "ipv6_cidr_blocks": [], "security_groups": [], "self": False, "description": ""}],
    "egress": []}}  # fmt: skip


def test_ids_of_other_resources_are_references_to_them(tmp_path: Path) -> None:
    found = resources(state(tmp_path, VPC, GROUP))
    assert found.region == "eu-west-1"
    assert found.account == "123456789012"
    assert found["SecurityGroupWeb"].get("VpcId") == {"Ref": "VpcMain"}
    assert found["VpcMain"].physical_id == "vpc-0123456789abcdef0"
    assert found["VpcMain"].properties == {"CidrBlock": "10.0.0.0/16", "EnableDnsSupport": True}


def test_a_group_without_a_rule_on_the_way_out_lets_nothing_out(tmp_path: Path) -> None:
    group = resources(state(tmp_path, VPC, GROUP))["SecurityGroupWeb"]
    assert group.get("SecurityGroupEgress", 0, "CidrIp") == "127.0.0.1/32"


def test_rules_that_the_group_repeats_stand_once(tmp_path: Path) -> None:
    rule = {"type": "aws_security_group_rule", "name": "https", "attributes": {
        "id": "sgrule-1", "type": "ingress", "protocol": "tcp", "from_port": 443, "to_port": 443,
        "cidr_blocks": ["0.0.0.0/0"], "security_group_id": "sg-0123456789abcdef0"}}  # fmt: skip
    found = resources(state(tmp_path, VPC, GROUP, rule))
    assert not found["SecurityGroupWeb"].has("SecurityGroupIngress")
    assert found["SecurityGroupRuleHttps"].properties == {
        "GroupId": {"Fn::GetAtt": ["SecurityGroupWeb", "GroupId"]},
        "IpProtocol": "tcp",
        "FromPort": 443,
        "ToPort": 443,
        "CidrIp": "0.0.0.0/0",
    }


def test_names_refer_where_the_state_says_that_one_depends_on_the_other(tmp_path: Path) -> None:
    function = {"type": "aws_lambda_function", "name": "f", "attributes": {"id": "f", "function_name": "f"}}
    permission = {"action": "lambda:InvokeFunction", "function_name": "f", "principal": "f"}
    apart = {"type": "aws_lambda_permission", "name": "apart", "attributes": permission}
    joined = {**apart, "name": "joined", "dependencies": ["aws_lambda_function.f"]}
    found = resources(state(tmp_path, function, apart, joined))
    assert found["LambdaPermissionApart"].get("FunctionName") == "f"
    assert found["LambdaPermissionJoined"].get("FunctionName") == {"Ref": "LambdaFunctionF"}


def test_settings_of_a_bucket_are_its_properties_with_places_of_their_own(tmp_path: Path) -> None:
    bucket = {"type": "aws_s3_bucket", "name": "b", "attributes": {
        "id": "orders", "bucket": "orders", "versioning": [{"enabled": False, "mfa_delete": False}]}}  # fmt: skip
    versioning = {"type": "aws_s3_bucket_versioning", "name": "v", "attributes": {
        "id": "orders", "bucket": "orders", "versioning_configuration": [{"status": "Enabled"}]}}  # fmt: skip
    block = {"type": "aws_s3_bucket_public_access_block", "name": "p", "attributes": {
        "id": "orders", "bucket": "orders", "block_public_acls": True, "restrict_public_buckets": False}}  # fmt: skip
    path = state(tmp_path, bucket, versioning, block)
    found = resources(path)
    assert len(found) == 1
    assert found["S3BucketB"].properties == {
        "BucketName": "orders",
        "VersioningConfiguration": {"Status": "Enabled"},
        "PublicAccessBlockConfiguration": {"BlockPublicAcls": True, "RestrictPublicBuckets": False},
    }
    line = path.read_text().splitlines()[found["S3BucketB"].location("VersioningConfiguration", "Status").line - 1]
    assert '"status": "Enabled"' in line


def test_a_part_of_a_bucket_that_is_elsewhere_is_a_node_with_the_reason(tmp_path: Path) -> None:
    part = {"type": "aws_s3_bucket_versioning", "name": "v", "attributes": {"bucket": "elsewhere"}}
    found = resources(state(tmp_path, part))
    assert [u.why for u in found.unknown] == ["it is a part of another resource (bucket: elsewhere)"]
    assert found["S3BucketVersioningV"].type == "aws_s3_bucket_versioning"


def test_policies_attached_to_a_role_name_it(tmp_path: Path) -> None:
    role = {"type": "aws_iam_role", "name": "r", "attributes": {
        "id": "r", "name": "r", "assume_role_policy": "[1]", "managed_policy_arns": ["arn:aws:iam::1:policy/own"],
        "inline_policy": [{"name": "inline", "policy": "{}"}]}}  # fmt: skip
    own = {"type": "aws_iam_policy", "name": "own", "attributes": {
        "id": "arn:aws:iam::1:policy/own", "arn": "arn:aws:iam::1:policy/own", "policy": "{}"}}  # fmt: skip
    inline = {"type": "aws_iam_role_policy", "name": "inline", "dependencies": ["aws_iam_role.r"], "attributes": {
        "name": "inline", "role": "r", "policy": '{"Statement":[]}'}}  # fmt: skip
    attached = {"type": "aws_iam_role_policy_attachment", "name": "own", "dependencies": ["aws_iam_role.r"],
                "attributes": {"role": "r", "policy_arn": "arn:aws:iam::1:policy/own"}}  # fmt: skip
    managed = {"type": "aws_iam_role_policy_attachment", "name": "aws", "dependencies": ["aws_iam_role.r"],
               "attributes": {"role": "r", "policy_arn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}}  # fmt: skip
    found = resources(state(tmp_path, role, own, inline, attached, managed))
    assert found["IamRoleR"].properties == {
        "RoleName": "r",
        "AssumeRolePolicyDocument": [1],
        "ManagedPolicyArns": ["arn:aws:iam::aws:policy/ReadOnlyAccess"],
    }
    assert found["IamPolicyOwn"].get("Roles") == [{"Ref": "IamRoleR"}]
    assert found["IamRolePolicyInline"].type == "AWS::IAM::Policy"
    assert found["IamRolePolicyInline"].get("Roles") == [{"Ref": "IamRoleR"}]


def test_secrets_that_a_state_holds_are_parameters(tmp_path: Path) -> None:
    database = {"type": "aws_db_instance", "name": "db", "attributes": {"identifier": "db", "password": "s3cr3t-Wört"}}
    key = {"type": "aws_iam_access_key", "name": "k", "attributes": {"user": "u", "secret": "topsecret"},
           "sensitive": [[{"type": "get_attr", "value": "user"}]]}  # fmt: skip
    found = resources(state(tmp_path, database, key))
    assert found["DbInstanceDb"].get("MasterUserPassword") == {"Ref": "DbInstanceDbPassword"}
    assert found["IamAccessKeyK"].properties == {"UserName": {"Ref": "IamAccessKeyKUser"}}
    text = next(iter(found.sources.values()))
    assert "s3cr3t" not in text
    assert "topsecret" not in text


def test_instances_of_modules_have_their_addresses(tmp_path: Path) -> None:
    instances = [{"index_key": key, "attributes": {"cidr_block": "10.0.0.0/24"}} for key in ("a", 1)]
    found = resources(
        state(tmp_path, {"module": 'module.net["x"]', "type": "aws_subnet", "name": "s", "instances": instances})
    )
    assert [r.address for r in found] == ['module.net["x"].aws_subnet.s["a"]', 'module.net["x"].aws_subnet.s[1]']
    assert [r.logical_id for r in found] == ["NetXSubnetSA", "NetXSubnetS1"]


def test_a_deposed_object_is_unknown_and_no_resource(tmp_path: Path) -> None:
    found = resources(state(tmp_path, {"type": "aws_vpc", "instances": [{"deposed": "1a2b", "attributes": {}}]}))
    assert len(found) == 0
    assert [(u.what, u.why) for u in found.unknown] == [
        ("aws_vpc.this (aws_vpc)", "an object that Terraform has replaced and not destroyed yet")
    ]


def test_data_sources_are_no_resources(tmp_path: Path) -> None:
    found = resources(state(tmp_path, {"mode": "data", "type": "aws_ami", "attributes": {"id": "ami-1"}}))
    assert (len(found), found.unknown) == (0, [])


def test_a_shown_state_is_read_too(tmp_path: Path) -> None:
    path = tmp_path / "show.json"
    entry = {"address": "aws_vpc.main", "mode": "managed", "type": "aws_vpc", "name": "main",
             "values": {"cidr_block": "10.0.0.0/16"}}  # fmt: skip
    path.write_text(json.dumps({"format_version": "1.0", "values": {"root_module": {"resources": [entry]}}}))
    found = resources(path)
    assert found["VpcMain"].properties == {"CidrBlock": "10.0.0.0/16"}
    assert found.format == "terraform-state"


def test_flat_attributes_of_old_states_get_their_shape(tmp_path: Path) -> None:
    flat = {"name": "g", "description": "d", "tags.%": "1", "tags.Team": "a", "ingress.#": "1",
            "ingress.7.from_port": "22", "ingress.7.to_port": "22", "ingress.7.protocol": "tcp",
            "ingress.7.cidr_blocks.#": "1", "ingress.7.cidr_blocks.0": "10.0.0.0/8"}  # fmt: skip
    found = resources(state(tmp_path, {"type": "aws_security_group", "instances": [{"attributes_flat": flat}]}))
    group = found["SecurityGroupThis"]
    assert group.get("Tags") == [{"Key": "Team", "Value": "a"}]
    assert group.get("SecurityGroupIngress") == [
        {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIp": "10.0.0.0/8"}
    ]


def test_a_state_of_another_version_is_an_error_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "old.tfstate"
    path.write_text('{"version": 3, "lineage": "x", "modules": []}')
    with pytest.raises(InputError) as error:
        resources(path)
    assert str(error.value) == (
        f"{path}:1:2: a state of version 3; version 4 is read (Terraform 0.12 and later write it)"
    )


def test_the_name_of_a_state_tells_what_an_old_or_empty_one_is(tmp_path: Path) -> None:
    path = tmp_path / "terraform.tfstate"
    path.write_text('{"version": 4, "resources": []}', encoding="utf-8")
    assert len(resources(path)) == 0
    path.write_text('{"version": 3, "modules": []}', encoding="utf-8")
    with pytest.raises(InputError) as error:
        resources(path)
    assert "a state of version 3; version 4 is read" in str(error.value)
